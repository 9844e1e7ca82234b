//! Reads what Cost Explorer's "Download as CSV" gives: a row for each month or day, a column for each usage type or service.
//!
//! The first column holds the day; a row `Usage type total` or `Service total` and a column `Total costs($)` repeat sums. A
//! column's name ends with its unit: `($)` for costs, `(Events)` for quantities.

use super::calendar::{Seen, day_of, month_of};
use super::claims::CellKind;
use super::csv_rows::{second_header, too_large};
use super::fault::Fault;
use super::format::Format;
use super::line::LineKey;
use super::odd::Odd;
use super::options::Options;
use super::place::{OddPlace, place};
use super::service::{CLOUDTRAIL, service_of};
use super::tally::Totals;
use super::wide::{NumberFault, Wide};
use crate::domain::{ChargeCategory, Month, RegionCode};
use std::collections::{BTreeMap, BTreeSet};

/// What a column holds.
struct Column {
    service: String,
    usage_type: String,
    region: Option<RegionCode>,
    unit: Unit,
}

enum Unit {
    /// A cost, in this currency.
    Money(String),
    /// A quantity.
    Things(String),
}

/// A row that is no total.
struct Period {
    /// The month, day or hour, as the claims have it.
    time: String,
    month: Month,
    line: u64,
}

/// Signs that stand for a currency in a column's name.
const SIGNS: [(&str, &str); 7] =
    [("$", "USD"), ("¥", "CNY"), ("€", "EUR"), ("£", "GBP"), ("₹", "INR"), ("₩", "KRW"), ("R$", "BRL")];

/// Currencies that a column may be in by their code. Source: AWS Billing user guide, "Supported currencies".
const CODES: &str = "AED AUD BRL CAD CHF CLP CNY COP CZK DKK EGP EUR GBP HKD HUF IDR ILS INR JPY KES KRW MXN MYR NGN NOK NZD \
    PEN PHP PKR PLN QAR RON SAR SEK SGD THB TRY TWD UAH USD UYU VND ZAR";

/// Sums a download.
pub(super) fn sum(
    header: &[String],
    text: &str,
    first_line: u64,
    options: &Options<'_>,
) -> Result<Totals, Fault> {
    let mut totals = Totals::default();
    let columns = columns(header, options, &mut totals)?;
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
    let mut rows: Vec<(u64, csv::StringRecord)> = Vec::new();
    for record in reader.records() {
        let record =
            record.map_err(|error| Fault::new(format!("it is no CSV: {error}")).hint("download it again"))?;
        let line = record.position().map_or(0, csv::Position::line) + first_line - 1;
        rows.push((line, record));
    }
    let is_day = |text: &str| text.len() > 10 || !text.ends_with("01");
    let by_month = rows
        .iter()
        .filter_map(|(_, record)| record.get(0).filter(|first| day_of(first.as_bytes()).is_some()))
        .all(|first| !is_day(first));
    let mut seen = BTreeSet::new();
    for (line, record) in &rows {
        let first = record.get(0).unwrap_or_default();
        if first.to_ascii_lowercase().ends_with("total") {
            continue;
        }
        let (Some(day), Some(month)) = (day_of(first.as_bytes()), month_of(first.as_bytes())) else {
            if Format::of(&record.iter().map(str::to_owned).collect::<Vec<_>>()).is_some() {
                return Err(second_header(*line));
            }
            return Err(Fault::new(format!("`{first}` is no day"))
                .note("each row of the download begins with a day as YYYY-MM-DD, or is a total")
                .hint("download it again, by month or by day")
                .at_line(*line));
        };
        if record.len() != header.len() {
            let message = format!("the row has {} fields, the header has {}", record.len(), header.len());
            return Err(Fault::new(message).hint("download it again").at_line(*line));
        }
        if !seen.insert(first) {
            return Err(Fault::new(format!("a second row of `{first}`"))
                .note("its charges would be counted twice")
                .hint("download it again; two downloads are given as two files")
                .at_line(*line));
        }
        totals.rows += 1;
        let seen = totals.months.entry(month).or_default();
        if by_month {
            *seen = whole(month);
        } else {
            seen.add(&day[..7], day, None);
        }
        let time = if by_month { month.to_string() } else { first.to_owned() };
        let period = Period { time, month, line: *line };
        for (field, column) in record.iter().zip(&columns) {
            if let Some(column) = column {
                add(field, column, &period, &mut totals)?;
            }
        }
    }
    totals.odds.add(Odd::CostExplorerAccount, 1, "");
    if by_month && totals.rows > 0 {
        totals.odds.add(Odd::CostExplorerMonths, 1, "");
    }
    Ok(totals)
}

/// Joins the costs and the quantities of each usage type, Region and month, where downloads of both are at hand, and says
/// what is missing where one is not.
pub(super) fn join(totals: &mut Totals) -> Result<(), NumberFault> {
    let mut twins: BTreeMap<LineKey, Vec<LineKey>> = BTreeMap::new();
    for key in totals.lines.keys().filter(|key| !key.unit.is_empty()) {
        twins.entry(LineKey { unit: String::new(), ..key.clone() }).or_default().push(key.clone());
    }
    for (cost, quantities) in twins {
        // Between several units, nothing tells which of them the cost is of.
        if let [quantity] = quantities.as_slice()
            && let Some(cost) = totals.lines.remove(&cost)
            && let Some(own) = totals.lines.get_mut(quantity)
        {
            own.merge(&cost)?;
        }
    }
    // A month whose costs are at hand has no others.
    let priced: BTreeSet<(Month, String)> = totals
        .lines
        .iter()
        .filter(|(key, sums)| sums.rows > 0 && !key.usage_type.is_empty())
        .map(|(key, _)| (key.month, key.service.clone()))
        .collect();
    for (key, sums) in &mut totals.lines {
        if sums.rows == 0 && priced.contains(&(key.month, key.service.clone())) {
            sums.rows = 1;
        }
        if key.service != CLOUDTRAIL {
            continue;
        }
        if key.unit.is_empty() {
            totals.odds.add(Odd::CostExplorerQuantity, 1, &key.month.to_string());
        }
        if sums.rows == 0 {
            totals.odds.add(Odd::CostExplorerCost, 1, &key.month.to_string());
        }
    }
    Ok(())
}

fn whole(month: Month) -> Seen {
    let mut seen = Seen::default();
    let text = month.to_string();
    let next = month.plus(1).map(|next| next.first_day().to_string()).unwrap_or_default();
    if let Some(start) = day_of(format!("{text}-01").as_bytes()) {
        seen.add(text.as_bytes(), start, day_of(next.as_bytes()));
    }
    seen
}

fn add(field: &str, column: &Column, period: &Period, totals: &mut Totals) -> Result<(), Fault> {
    if field.trim().is_empty() {
        return Ok(());
    }
    let amount = Wide::parse(field.as_bytes()).map_err(|_| {
        Fault::new(format!("bad number `{field}`"))
            .note("a number is plain, such as 0.000113")
            .hint("use the file as AWS wrote it: spreadsheets write numbers in their own way")
            .at_line(period.line)
    })?;
    let key = |unit: &str| LineKey {
        month: period.month,
        account: None,
        region: column.region.clone(),
        service: column.service.clone(),
        usage_type: column.usage_type.clone(),
        resource: None,
        category: ChargeCategory::Usage,
        unit: unit.to_owned(),
        is_own: column.service == CLOUDTRAIL,
    };
    let (kind, sums) = match &column.unit {
        Unit::Money(currency) => {
            totals.currencies.entry(currency.clone()).or_insert(1);
            let sums = totals.lines.entry(key("")).or_default();
            sums.billed.add(amount).map_err(|_| too_large())?;
            // Only costs count: without any, none is known.
            sums.rows += 1;
            (CellKind::Cost, sums)
        }
        Unit::Things(unit) => {
            let sums = totals.lines.entry(key(unit)).or_default();
            sums.quantity.add(amount).map_err(|_| too_large())?;
            (CellKind::Quantity, sums)
        }
    };
    for cost in [&mut sums.list, &mut sums.contracted, &mut sums.effective] {
        cost.add(b"").map_err(|_| too_large())?;
    }
    let claimed = (column.usage_type.clone(), column.region.clone());
    totals.claims.add(kind, &column.service, claimed, &period.time);
    Ok(())
}

/// Reads the header; of what is not wanted there is nothing.
fn columns(
    header: &[String],
    options: &Options<'_>,
    totals: &mut Totals,
) -> Result<Vec<Option<Column>>, Fault> {
    let by_type = header.first().is_some_and(|own| own.eq_ignore_ascii_case("usage type"));
    let mut names = BTreeSet::new();
    let mut columns = Vec::new();
    for name in header {
        let own = column(name, by_type, options, totals)?;
        if own.is_some() && !names.insert(name) {
            totals.odds.add(Odd::DoubledColumn, 1, name);
            columns.push(None);
        } else {
            columns.push(own);
        }
    }
    Ok(columns)
}

/// Reads a column's name; what is not wanted gives nothing.
fn column(
    name: &str,
    by_type: bool,
    options: &Options<'_>,
    totals: &mut Totals,
) -> Result<Option<Column>, Fault> {
    let Some((written, unit)) = name.strip_suffix(')').and_then(|name| name.rsplit_once('(')) else {
        return Ok(None);
    };
    let written = written.trim();
    if written.to_ascii_lowercase().starts_with("total ") {
        return Ok(None);
    }
    if !by_type {
        let Some(service) = service_of(b"", written.as_bytes(), options.catalog) else { return Ok(None) };
        let (usage_type, region) = (String::new(), None);
        let (service, unit) = (service.into_owned(), unit_of(unit, name)?);
        return Ok(Some(Column { service, usage_type, region, unit }));
    }
    let placed = place("", written, "", options.regions, options.catalog);
    let services = options.catalog.services_of(&placed.usage_type);
    // A name that several services bill tells nothing; CloudTrail's own are no other service's.
    let [service] = services.as_slice() else { return Ok(None) };
    if placed.odd == Some(OddPlace::UnknownPrefix) {
        totals.odds.add(Odd::UnknownPrefix, 1, written);
    }
    let (service, unit) = ((*service).to_owned(), unit_of(unit, name)?);
    Ok(Some(Column { service, usage_type: placed.usage_type, region: placed.region, unit }))
}

/// Tells a currency from a unit.
fn unit_of(unit: &str, name: &str) -> Result<Unit, Fault> {
    let unit = unit.trim();
    if let Some((_, code)) = SIGNS.iter().find(|(sign, _)| *sign == unit) {
        return Ok(Unit::Money((*code).to_owned()));
    }
    if CODES.split_ascii_whitespace().any(|code| code == unit) {
        return Ok(Unit::Money(unit.to_owned()));
    }
    if !unit.is_ascii() || unit.contains('$') {
        return Err(Fault::new(format!("column `{name}` is in a currency that is not known"))
            .note(
                "a column of costs ends with a currency, such as ($) or (EUR), one of quantities with a unit",
            )
            .hint("download it with costs in USD")
            .at_line(1));
    }
    Ok(Unit::Things(unit.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn currencies_and_units_are_told_apart() {
        for (text, currency, unit) in [
            ("$", "USD", ""),
            ("€", "EUR", ""),
            ("JPY", "JPY", ""),
            ("R$", "BRL", ""),
            ("Events", "", "Events"),
            ("GB-Mo", "", "GB-Mo"),
            ("DPU", "", "DPU"),
        ] {
            match unit_of(text, "x").unwrap() {
                Unit::Money(own) => assert_eq!((own.as_str(), unit), (currency, ""), "{text}"),
                Unit::Things(own) => assert_eq!(("", own.as_str()), (currency, unit), "{text}"),
            }
        }
        assert!(unit_of("₿", "x").is_err());
        assert!(unit_of("XY$", "x").is_err());
    }
}
