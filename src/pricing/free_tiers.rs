//! Free tiers: what is free each month, by usage type.
//!
//! A payer's accounts share a free tier across Regions (AWS Billing user guide, consolidated billing), and usage types
//! that name the same allowance draw on it together.

use super::csv_rows::{Fields, Layout, Table, confidence, date};
use super::csv_table::Confidence;
use super::rate_card::Layer;
use crate::domain::{Date, Diagnostic, Meter, Quantity, Unit, UsageTypeCatalog, parse_decimal};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

/// The columns of a free tier table, in the order they are written. Any order is read.
pub const FREE_TIER_COLUMNS: [&str; 9] = [
    "allowance",
    "service",
    "usage_type",
    "unit",
    "free_quantity",
    "source",
    "retrieved_on",
    "confidence",
    "description",
];

const LAYOUT: Layout =
    Layout { kind: "free tier table", columns: &FREE_TIER_COLUMNS, optional: &["description"] };

/// One row of a free tier table: a usage type and the allowance it draws on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FreeTierRow {
    /// The allowance; usage types with the same one share its quantity.
    pub allowance: String,
    /// The service's code.
    pub service: String,
    /// The usage type, without Region prefix.
    pub usage_type: String,
    /// The unit it is billed in.
    pub unit: Unit,
    /// What is free of the whole allowance each month, in that unit; zero takes the free tier away.
    pub free_quantity: Quantity,
    /// Where it was read.
    pub source: String,
    /// When it was read.
    pub retrieved_on: Date,
    /// How sure it is.
    pub confidence: Confidence,
    /// What it is for.
    pub description: String,
    /// The bytes of the row in its table.
    span: Range<usize>,
    /// The bytes of its usage type.
    usage_type_span: Range<usize>,
}

impl FreeTierRow {
    fn key(&self) -> (&str, &str) {
        (&self.service, &self.usage_type)
    }
}

/// A free tier table with its text.
pub type FreeTierTable = Table<FreeTierRow>;

impl FreeTierTable {
    /// Reads a table. Every bad field becomes a finding; good rows are kept.
    pub fn parse(name: &str, text: &str) -> Self {
        Self::read(&LAYOUT, name, text, row)
    }
}

/// Reads one row; nothing when a field is bad.
fn row(fields: &mut Fields<'_>) -> Option<FreeTierRow> {
    let allowance = fields.required("allowance");
    let service = fields.required("service");
    let usage_type = fields.required("usage_type");
    let unit = fields.required("unit");
    let free_quantity = fields.parsed("free_quantity", free_quantity);
    let source = fields.required("source");
    let retrieved_on = fields.parsed("retrieved_on", date);
    let confidence = fields.parsed("confidence", confidence);
    Some(FreeTierRow {
        allowance: allowance?.to_owned(),
        service: service?.to_owned(),
        usage_type: usage_type?.to_owned(),
        unit: Unit::new(unit?),
        free_quantity: free_quantity?,
        source: source?.to_owned(),
        retrieved_on: retrieved_on?,
        confidence: confidence?,
        description: fields.value("description").to_owned(),
        span: fields.span(),
        usage_type_span: fields.span_of("usage_type"),
    })
}

fn free_quantity(value: &str) -> Result<Quantity, String> {
    match parse_decimal(value).and_then(Quantity::from_decimal) {
        Ok(quantity) if !quantity.is_negative() => Ok(quantity),
        Ok(_) => Err("a free quantity cannot be below zero".to_owned()),
        Err(error) => Err(error.to_string()),
    }
}

/// Checks free tier tables by themselves, against each other and against the usage types that price tables know.
///
/// Finds usage types that no price table knows or that stand twice in one layer, units that are not those of the
/// prices, and allowances that are not one quantity.
pub fn check_free_tiers(tables: &[(Layer, FreeTierTable)], catalog: &UsageTypeCatalog) -> Vec<Diagnostic> {
    let mut findings: Vec<Diagnostic> =
        tables.iter().flat_map(|(_, table)| table.findings.iter().cloned()).collect();
    let mut seen: BTreeSet<(Layer, &str, &str)> = BTreeSet::new();
    for (layer, table) in tables {
        for row in &table.rows {
            if let Some(finding) = unknown_usage_type(table, row, catalog) {
                findings.push(finding);
            } else if let Some(entry) =
                catalog.get(&row.service, &row.usage_type).filter(|entry| entry.unit != row.unit)
            {
                let message = format!(
                    "mixed units: {} is billed in {}, its free tier is in {}",
                    row.usage_type, entry.unit, row.unit
                );
                findings.push(Diagnostic::error(&table.name, message).at(row.span.clone()));
            }
            if !seen.insert((*layer, &row.service, &row.usage_type)) {
                let message = format!("two free tiers of {} {}", row.service, row.usage_type);
                let finding = Diagnostic::error(&table.name, message).at(row.usage_type_span.clone());
                findings.push(finding.hint("a usage type draws on one allowance; leave one row"));
            }
        }
    }
    one_quantity(tables, &mut findings);
    findings
}

/// The usage types of an allowance state the same quantity; an allowance that is more than one is told once.
fn one_quantity(tables: &[(Layer, FreeTierTable)], findings: &mut Vec<Diagnostic>) {
    let mut first_of_allowance: BTreeMap<&str, (&FreeTierTable, &FreeTierRow)> = BTreeMap::new();
    let mut told: BTreeSet<&str> = BTreeSet::new();
    for (layer, table, row) in holding(tables) {
        let (first_table, first) = *first_of_allowance.entry(&row.allowance).or_insert((table, row));
        let is_same = (first.free_quantity, &first.unit) == (row.free_quantity, &row.unit);
        if is_same || !told.insert(&row.allowance) {
            continue;
        }
        let message = format!(
            "the allowance `{}` is {} {} for {} and {} {} for {}",
            row.allowance,
            first.free_quantity,
            first.unit,
            first.usage_type,
            row.free_quantity,
            row.unit,
            row.usage_type
        );
        // The user's rows come first; where one contradicts a built-in row, it is the one to change.
        let (table, span) =
            if layer == Layer::BuiltIn { (first_table, &first.span) } else { (table, &row.span) };
        let finding = Diagnostic::error(&table.name, message).at(span.clone());
        findings.push(finding.hint(
            "usage types of one allowance share one quantity: state it for each, or name another allowance",
        ));
    }
}

fn unknown_usage_type(
    table: &FreeTierTable,
    row: &FreeTierRow,
    catalog: &UsageTypeCatalog,
) -> Option<Diagnostic> {
    let services = catalog.services_of(&row.usage_type);
    if services.contains(&row.service.as_str()) {
        return None;
    }
    let message = if services.is_empty() {
        format!("no price table knows the usage type `{}`", row.usage_type)
    } else {
        format!("{} has no usage type `{}` in any table", row.service, row.usage_type)
    };
    let finding = Diagnostic::error(&table.name, message).at(row.usage_type_span.clone());
    Some(match (services.first(), catalog.nearest(&row.usage_type)) {
        (Some(service), _) => finding.label(format!("{service} has it")),
        (None, Some(near)) => finding.label(format!("did you mean `{near}`?")),
        (None, None) => finding.hint("a price for it in a table given with --pricing makes it known"),
    })
}

/// Returns the rows that hold, the user's first: a user's row hides the built-in one of its usage type.
fn holding(tables: &[(Layer, FreeTierTable)]) -> Vec<(Layer, &FreeTierTable, &FreeTierRow)> {
    let of_layer = |wanted: Layer| {
        tables
            .iter()
            .filter(move |(layer, _)| *layer == wanted)
            .flat_map(|(layer, table)| table.rows.iter().map(move |row| (*layer, table, row)))
    };
    let own: BTreeSet<(&str, &str)> = of_layer(Layer::User).map(|(_, _, row)| row.key()).collect();
    let built_in = of_layer(Layer::BuiltIn).filter(|(_, _, row)| !own.contains(&row.key()));
    of_layer(Layer::User).chain(built_in).collect()
}

/// A usage type's free tier, as it holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FreeTier {
    /// The row.
    pub row: FreeTierRow,
    /// The table it stands in.
    pub table: String,
    /// The position of its allowance; free tiers with the same one share its quantity.
    pub allowance: u16,
}

/// The free tiers that hold, by service and usage type. None at all by default.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FreeTiers {
    by_usage_type: BTreeMap<(String, String), FreeTier>,
}

impl FreeTiers {
    /// Takes the rows that hold: a user's row hides the built-in one of the same service and usage type.
    pub fn new(tables: &[(Layer, FreeTierTable)]) -> Self {
        let rows = holding(tables);
        let names: BTreeSet<&str> = rows.iter().map(|(_, _, row)| row.allowance.as_str()).collect();
        let numbers: BTreeMap<&str, u16> = names.into_iter().zip(0..).collect();
        let tier = |table: &FreeTierTable, row: &FreeTierRow| FreeTier {
            allowance: numbers.get(row.allowance.as_str()).copied().unwrap_or_default(),
            row: row.clone(),
            table: table.name.clone(),
        };
        Self {
            by_usage_type: rows
                .into_iter()
                .map(|(_, table, row)| ((row.service.clone(), row.usage_type.clone()), tier(table, row)))
                .collect(),
        }
    }

    /// Returns the free tier that a meter's usage draws on, if there is one in its unit.
    pub fn of(&self, meter: &Meter) -> Option<&FreeTier> {
        let key = (meter.service.clone(), meter.usage_type.clone());
        self.by_usage_type
            .get(&key)
            .filter(|tier| tier.row.unit == meter.unit && !tier.row.free_quantity.is_zero())
    }

    /// Returns every free tier by service and usage type.
    pub fn iter(&self) -> impl Iterator<Item = &FreeTier> {
        self.by_usage_type.values()
    }
}

/// Writes free tiers as a table that [`FreeTierTable::parse`] reads back.
///
/// # Errors
/// Passes on what the CSV writer says, which does not happen in memory.
pub fn free_tiers_csv<'a>(rows: impl IntoIterator<Item = &'a FreeTierRow>) -> Result<String, csv::Error> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(FREE_TIER_COLUMNS)?;
    for row in rows {
        writer.write_record([
            row.allowance.as_str(),
            &row.service,
            &row.usage_type,
            row.unit.name(),
            &row.free_quantity.to_string(),
            &row.source,
            &row.retrieved_on.to_string(),
            row.confidence.name(),
            &row.description,
        ])?;
    }
    let bytes = writer.into_inner().map_err(csv::IntoInnerError::into_error)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pricing::{FREE_TIERS_CSV, PriceTable, RateCard, TABLES};

    const HEADER: &str = "allowance,service,usage_type,unit,free_quantity,source,retrieved_on,confidence\n";

    fn catalog() -> UsageTypeCatalog {
        let tables: Vec<(Layer, PriceTable)> =
            TABLES.iter().map(|(name, text)| (Layer::BuiltIn, PriceTable::parse(name, text))).collect();
        RateCard::new(&tables, "2026-10-31".parse().unwrap()).catalog().clone()
    }

    fn tables(own: &str) -> Vec<(Layer, FreeTierTable)> {
        vec![
            (Layer::BuiltIn, FreeTierTable::parse("built-in", FREE_TIERS_CSV)),
            (Layer::User, FreeTierTable::parse("own", &format!("{HEADER}{own}"))),
        ]
    }

    fn meter(service: &str, usage_type: &str, unit: &str) -> Meter {
        Meter { service: service.to_owned(), usage_type: usage_type.to_owned(), unit: Unit::new(unit) }
    }

    #[test]
    fn the_built_in_table_is_right_and_can_be_read_back() {
        let built_in = &tables("")[..1];
        assert_eq!(check_free_tiers(built_in, &catalog()), vec![]);
        let written = free_tiers_csv(&built_in[0].1.rows).unwrap();
        assert_eq!(written, FREE_TIERS_CSV);
    }

    #[test]
    fn usage_types_of_one_allowance_share_it() {
        let tiers = FreeTiers::new(&tables("")[..1]);
        let number = |usage_type: &str| {
            tiers.of(&meter("AmazonCloudWatch", usage_type, "GB")).map(|tier| tier.allowance)
        };
        assert!(number("DataProcessing-Bytes").is_some());
        assert_eq!(number("DataProcessing-Bytes"), number("VendedLogIA-Bytes"));
        assert_ne!(number("DataProcessing-Bytes"), number("DataScanned-Bytes"));
        assert_eq!(number("S3-Egress-Bytes"), None);
        assert_eq!(tiers.of(&meter("AmazonS3", "Requests-Tier1", "Requests")), None);
        assert_eq!(tiers.of(&meter("AmazonSNS", "Requests-Tier1", "GB")), None, "another unit");
    }

    #[test]
    fn a_row_of_ones_own_hides_the_built_in_one() {
        for (free, expected) in [("7", Some("7")), ("0", None)] {
            let row = format!("mine,AmazonSNS,Requests-Tier1,Requests,{free},contract,2026-01-01,A\n");
            let tables = tables(&row);
            assert_eq!(check_free_tiers(&tables, &catalog()), vec![]);
            let tiers = FreeTiers::new(&tables);
            let found = tiers.of(&meter("AmazonSNS", "Requests-Tier1", "Requests"));
            assert_eq!(found.map(|tier| tier.row.free_quantity.to_string()).as_deref(), expected);
        }
    }

    #[test]
    fn every_kind_of_mistake_is_found() {
        for (rows, expected) in [
            (
                "a,AmazonSNS,Requests-Tier11,Requests,1,s,2026-01-01,A\n",
                "no price table knows the usage type `Requests-Tier11`",
            ),
            (
                "a,AmazonS3,KMS-Requests,Requests,1,s,2026-01-01,A\n",
                "AmazonS3 has no usage type `KMS-Requests` in any table",
            ),
            (
                "a,AmazonSNS,Requests-Tier1,GB,1,s,2026-01-01,A\n",
                "mixed units: Requests-Tier1 is billed in Requests, its free tier is in GB",
            ),
            (
                "a,AmazonSNS,Requests-Tier1,Requests,1,s,2026-01-01,A\nb,AmazonSNS,Requests-Tier1,Requests,1,s,2026-01-01,A\n",
                "two free tiers of AmazonSNS Requests-Tier1",
            ),
            (
                "cloudwatch_logs_ingestion,AmazonCloudWatch,DataProcessing-Bytes,GB,9,s,2026-01-01,A\n",
                "the allowance `cloudwatch_logs_ingestion` is 9 GB for DataProcessing-Bytes and 5 GB for DataProcessingIA-Bytes",
            ),
            ("a,AmazonSNS,Requests-Tier1,Requests,-1,s,2026-01-01,A\n", "bad free_quantity `-1`"),
            ("a,AmazonSNS,Requests-Tier1,Requests,1,,2026-01-01,A\n", "missing source"),
        ] {
            let found = check_free_tiers(&tables(rows), &catalog());
            assert_eq!(found.first().map(|finding| finding.message.as_str()), Some(expected), "{rows}");
        }
    }
}
