//! Our price tables: one CSV per service, one row per tier of a price.

use crate::domain::{
    Component, Currency, Date, Diagnostic, Quantity, RegionCode, Unit, UnitPrice, field_span, nearest,
    open_quote, parse_decimal,
};
use std::ops::Range;

/// The columns of a price table, in the order they are written. Any order is read.
pub const COLUMNS: [&str; 16] = [
    "service",
    "region",
    "usage_type",
    "component",
    "unit",
    "tier_begin",
    "tier_end",
    "price_per_unit",
    "currency",
    "sku_price_id",
    "effective_from",
    "effective_to",
    "source",
    "retrieved_on",
    "confidence",
    "description",
];

/// How sure a price is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Confidence {
    /// The provider's own text, price list or bill.
    A,
    /// A third party that quotes the price list, or another Region's price where all sampled Regions are the same.
    B,
    /// A third party, not verified.
    C,
    /// Nobody says.
    Gap,
}

impl Confidence {
    /// Returns the value as it stands in a table.
    pub fn name(self) -> &'static str {
        match self {
            Self::A => "A",
            Self::B => "B",
            Self::C => "C",
            Self::Gap => "gap",
        }
    }
}

/// The part of a quantity that a price is for, in the unit billed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PriceTier {
    /// Where the tier begins.
    pub begin: Quantity,
    /// Where it ends; `None` is nowhere.
    pub end: Option<Quantity>,
}

/// One row of a price table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PriceRow {
    /// The service's code, such as `AWSCloudTrail`.
    pub service: String,
    /// The Region.
    pub region: RegionCode,
    /// The usage type, without Region prefix.
    pub usage_type: String,
    /// The component it is shown under.
    pub component: Component,
    /// The unit it is billed in.
    pub unit: Unit,
    /// The tier.
    pub tier: PriceTier,
    /// The price for one unit; `None` is unknown.
    pub price: Option<UnitPrice>,
    /// The currency.
    pub currency: Currency,
    /// The provider's id of the price, if known.
    pub sku_price_id: Option<String>,
    /// The first day it holds.
    pub effective_from: Date,
    /// The first day it no longer holds; `None` is until a later row.
    pub effective_to: Option<Date>,
    /// Where the price was read.
    pub source: String,
    /// When it was read.
    pub retrieved_on: Date,
    /// How sure it is.
    pub confidence: Confidence,
    /// What it is for.
    pub description: String,
    /// The bytes of the row in its table.
    pub span: Range<usize>,
}

impl PriceRow {
    /// Returns what a rate is looked up by: service, usage type, Region.
    pub fn key(&self) -> (&str, &str, &str) {
        (&self.service, &self.usage_type, self.region.as_str())
    }
}

/// A table with its text.
#[derive(Debug, Clone)]
pub struct PriceTable {
    /// The name shown in messages: a file's name, or `built-in AWSCloudTrail.csv`.
    pub name: String,
    /// The text, for excerpts.
    pub text: String,
    /// The rows that could be read.
    pub rows: Vec<PriceRow>,
    /// What is wrong with the others.
    pub findings: Vec<Diagnostic>,
}

impl PriceTable {
    /// Reads a table. Every bad field becomes a finding; good rows are kept.
    pub fn parse(name: &str, text: &str) -> Self {
        let mut table = Self {
            name: name.to_owned(),
            text: text.trim_start_matches('\u{feff}').to_owned(),
            rows: Vec::new(),
            findings: Vec::new(),
        };
        let text = std::mem::take(&mut table.text);
        table.read(&text);
        table.text = text;
        table
    }

    fn read(&mut self, text: &str) {
        if text.trim().is_empty() {
            let finding = Diagnostic::error(&self.name, "the price table is empty");
            self.findings.push(finding.hint(format!("the first line is {}", COLUMNS.join(","))));
            return;
        }
        if let Some(at) = open_quote(text) {
            let finding = Diagnostic::error(&self.name, "a quote is opened and never closed").at(at..at + 1);
            self.findings
                .push(finding.hint("close it; to the end of the file everything would be one field"));
            return;
        }
        let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(text.as_bytes());
        let Some(columns) = self.columns(&mut reader, text) else {
            return;
        };
        for record in reader.records() {
            match record {
                Ok(record) => {
                    if record.iter().all(|field| field.trim().is_empty()) {
                        continue;
                    }
                    self.row(&record, &columns, text);
                }
                Err(error) => {
                    let finding = Diagnostic::error(&self.name, format!("not a CSV file: {error}"));
                    self.findings.push(finding);
                    return;
                }
            }
        }
    }

    fn columns(
        &mut self,
        reader: &mut csv::Reader<&[u8]>,
        text: &str,
    ) -> Option<[Option<usize>; COLUMNS.len()]> {
        let headers = reader.headers().cloned().unwrap_or_default();
        let mut columns = [None; COLUMNS.len()];
        let mut complete = true;
        for (index, header) in headers.iter().enumerate() {
            let span = field_span(text, 0, index);
            match COLUMNS.iter().position(|column| *column == header.trim()) {
                None => {
                    let mut finding =
                        Diagnostic::error(&self.name, format!("unknown column `{header}`")).at(span);
                    if let Some(near) = nearest(header, COLUMNS) {
                        finding = finding.label(format!("did you mean `{near}`?"));
                    }
                    self.findings.push(finding);
                    complete = false;
                }
                Some(column) if columns[column].is_some() => {
                    let finding =
                        Diagnostic::error(&self.name, format!("the column `{header}` occurs twice"));
                    self.findings.push(finding.at(span));
                    complete = false;
                }
                Some(column) => columns[column] = Some(index),
            }
        }
        let optional = ["sku_price_id", "effective_to", "description"];
        let missing: Vec<&str> = COLUMNS
            .iter()
            .zip(columns)
            .filter(|(name, index)| index.is_none() && !optional.contains(name))
            .map(|(name, _)| *name)
            .collect();
        if !missing.is_empty() {
            let finding = Diagnostic::error(
                &self.name,
                format!("the price table has no column {}", missing.join(", ")),
            );
            self.findings.push(finding.hint(format!("the columns are {}", COLUMNS.join(","))));
            complete = false;
        }
        complete.then_some(columns)
    }

    fn row(&mut self, record: &csv::StringRecord, columns: &[Option<usize>; COLUMNS.len()], text: &str) {
        let start =
            record.position().and_then(|position| usize::try_from(position.byte()).ok()).unwrap_or_default();
        // A blank line before the record belongs to nobody.
        let start = start + text[start..].len() - text[start..].trim_start_matches(['\r', '\n']).len();
        let end = text[start..].find('\n').map_or(text.len(), |length| start + length);
        let mut fields =
            Fields { record, columns, text, start, table: &self.name, findings: &mut self.findings };
        let expected = columns.iter().flatten().count();
        if record.len() > expected {
            fields.refuse_record(format!("{} fields where {expected} are expected", record.len()));
            return;
        }
        let service = fields.required("service");
        let region = fields.required("region");
        let usage_type = fields.required("usage_type");
        let component = fields.component();
        let unit = fields.required("unit");
        let begin = fields.parsed("tier_begin", quantity);
        let tier_end = fields.optional("tier_end", quantity);
        let price = fields.parsed("price_per_unit", price);
        let currency = fields.parsed("currency", |value| {
            Currency::new(value).ok_or_else(|| "a currency is three capital letters, such as USD".to_owned())
        });
        let effective_from = fields.parsed("effective_from", date);
        let effective_to = fields.optional("effective_to", date);
        let source = fields.required("source");
        let retrieved_on = fields.parsed("retrieved_on", date);
        let confidence = fields.parsed("confidence", confidence);
        let sku_price_id = fields.value("sku_price_id").to_owned();
        let description = fields.value("description").to_owned();
        let (
            Some(service),
            Some(region),
            Some(usage_type),
            Some(component),
            Some(unit),
            Some(begin),
            Some(tier_end),
            Some(price),
            Some(currency),
            Some(effective_from),
            Some(effective_to),
            Some(source),
            Some(retrieved_on),
            Some(confidence),
        ) = (
            service,
            region,
            usage_type,
            component,
            unit,
            begin,
            tier_end,
            price,
            currency,
            effective_from,
            effective_to,
            source,
            retrieved_on,
            confidence,
        )
        else {
            return;
        };
        self.rows.push(PriceRow {
            service,
            region: RegionCode::new(&region),
            usage_type,
            component,
            unit: Unit::new(&unit),
            tier: PriceTier { begin, end: tier_end },
            price,
            currency,
            sku_price_id: (!sku_price_id.is_empty()).then_some(sku_price_id),
            effective_from,
            effective_to,
            source,
            retrieved_on,
            confidence,
            description,
            span: start..end,
        });
    }
}

struct Fields<'a> {
    record: &'a csv::StringRecord,
    columns: &'a [Option<usize>; COLUMNS.len()],
    text: &'a str,
    start: usize,
    table: &'a str,
    findings: &'a mut Vec<Diagnostic>,
}

impl<'a> Fields<'a> {
    fn index(&self, column: &str) -> Option<usize> {
        let position = COLUMNS.iter().position(|name| *name == column)?;
        self.columns[position]
    }

    fn value(&self, column: &str) -> &'a str {
        self.index(column).and_then(|index| self.record.get(index)).unwrap_or_default().trim()
    }

    fn refuse_record(&mut self, message: String) {
        let end = self.text[self.start..].find('\n').map_or(self.text.len(), |length| self.start + length);
        let finding = Diagnostic::error(self.table, message).at(self.start..end);
        self.findings.push(finding.hint("a field with a comma in it stands in quotes"));
    }

    fn refuse(&mut self, column: &str, message: String, label: String) {
        let index = self.index(column).unwrap_or_default();
        let span = field_span(self.text, self.start, index);
        let finding = Diagnostic::error(self.table, message).at(span);
        self.findings.push(if label.is_empty() { finding } else { finding.label(label) });
    }

    fn required(&mut self, column: &str) -> Option<String> {
        let value = self.value(column);
        if value.is_empty() {
            let label =
                if column == "price_per_unit" { "a price, or `unknown`" } else { "must not be empty" };
            self.refuse(column, format!("missing {column}"), label.to_owned());
            return None;
        }
        Some(value.to_owned())
    }

    fn parsed<T>(&mut self, column: &str, parse: impl Fn(&str) -> Result<T, String>) -> Option<T> {
        let value = self.required(column)?;
        match parse(&value) {
            Ok(parsed) => Some(parsed),
            Err(reason) => {
                self.refuse(column, format!("bad {column} `{value}`"), reason);
                None
            }
        }
    }

    /// Returns nothing when the field is bad, and `Some(None)` when it is empty.
    #[expect(clippy::option_option, reason = "bad, empty and present are three things")]
    fn optional<T>(&mut self, column: &str, parse: impl Fn(&str) -> Result<T, String>) -> Option<Option<T>> {
        if self.value(column).is_empty() {
            return Some(None);
        }
        self.parsed(column, parse).map(Some)
    }

    fn component(&mut self) -> Option<Component> {
        self.parsed("component", |value| {
            Component::from_id(value).ok_or_else(|| {
                let ids = Component::ALL.iter().map(|component| component.id());
                nearest(value, ids).map_or_else(
                    || "not a component; `other` takes everything else".to_owned(),
                    |near| format!("did you mean `{near}`?"),
                )
            })
        })
    }
}

fn quantity(value: &str) -> Result<Quantity, String> {
    let parsed = parse_decimal(value).and_then(Quantity::from_decimal);
    match parsed {
        Ok(quantity) if !quantity.is_negative() => Ok(quantity),
        Ok(_) => Err("a tier cannot begin or end below zero".to_owned()),
        Err(error) => Err(error.to_string()),
    }
}

fn price(value: &str) -> Result<Option<UnitPrice>, String> {
    if value == "unknown" {
        return Ok(None);
    }
    let parsed = parse_decimal(value).map_err(|error| format!("{error}; or write `unknown`"))?;
    if parsed.is_sign_negative() && !parsed.is_zero() {
        return Err("a price cannot be negative; discounts belong into the scenario's terms".to_owned());
    }
    if parsed.scale() > UnitPrice::MAX_SCALE {
        return Err("a price has at most 12 digits after the point".to_owned());
    }
    Ok(Some(UnitPrice::new(parsed)))
}

fn date(value: &str) -> Result<Date, String> {
    value.parse().map_err(|error: crate::domain::PeriodError| error.to_string())
}

fn confidence(value: &str) -> Result<Confidence, String> {
    [Confidence::A, Confidence::B, Confidence::C, Confidence::Gap]
        .into_iter()
        .find(|confidence| confidence.name() == value)
        .ok_or_else(|| "one of A, B, C, gap".to_owned())
}

/// Writes rows as a table that [`PriceTable::parse`] reads back.
///
/// # Errors
/// Passes on what the CSV writer says, which does not happen in memory.
pub fn to_csv(rows: &[PriceRow]) -> Result<String, csv::Error> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(COLUMNS)?;
    for row in rows {
        writer.write_record([
            row.service.clone(),
            row.region.to_string(),
            row.usage_type.clone(),
            row.component.id().to_owned(),
            row.unit.to_string(),
            row.tier.begin.to_string(),
            row.tier.end.map(|end| end.to_string()).unwrap_or_default(),
            row.price.map_or_else(|| "unknown".to_owned(), |price| price.to_string()),
            row.currency.to_string(),
            row.sku_price_id.clone().unwrap_or_default(),
            row.effective_from.to_string(),
            row.effective_to.map(|date| date.to_string()).unwrap_or_default(),
            row.source.clone(),
            row.retrieved_on.to_string(),
            row.confidence.name().to_owned(),
            row.description.clone(),
        ])?;
    }
    let bytes = writer.into_inner().map_err(csv::IntoInnerError::into_error)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}
