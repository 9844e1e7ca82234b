//! Reads what Cost Explorer's "Download as CSV" gives: a row for each month or day, a column for each usage type or service.
//!
//! The first column holds the day; a row `Usage type total` or `Service total` and a column `Total costs($)` repeat sums. A
//! column's name ends with its unit: `($)` for costs, `(Events)` for quantities.

use super::calendar::{Seen, day_of, month_of};
use super::csv_rows::too_large;
use super::fault::Fault;
use super::line::LineKey;
use super::odd::Odd;
use super::options::Options;
use super::place::place;
use super::service::{CLOUDTRAIL, service_of};
use super::tally::Totals;
use super::wide::Wide;
use crate::domain::{ChargeCategory, Month, RegionCode};

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

/// Sums a download.
pub(super) fn sum(
    header: &[String],
    text: &str,
    first_line: u64,
    options: &Options<'_>,
) -> Result<Totals, Fault> {
    let by_type = header.first().is_some_and(|own| own.eq_ignore_ascii_case("usage type"));
    let columns: Vec<Option<Column>> = header.iter().map(|name| column(name, by_type, options)).collect();
    let mut totals = Totals::default();
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
    let mut rows: Vec<(u64, csv::StringRecord)> = Vec::new();
    for record in reader.records() {
        let record =
            record.map_err(|error| Fault::new(format!("it is no CSV: {error}")).hint("download it again"))?;
        let line = record.position().map_or(0, csv::Position::line) + first_line - 1;
        rows.push((line, record));
    }
    let days: Vec<_> = rows.iter().filter_map(|(_, record)| day_of(record.get(0)?.as_bytes())).collect();
    let is_monthly = days.iter().all(|day| day.ends_with(b"01"));
    for (line, record) in &rows {
        let first = record.get(0).unwrap_or_default();
        if first.to_ascii_lowercase().ends_with("total") {
            continue;
        }
        let (Some(day), Some(month)) = (day_of(first.as_bytes()), month_of(first.as_bytes())) else {
            return Err(Fault::new(format!("`{first}` is no day"))
                .note("each row of the download begins with a day as YYYY-MM-DD, or is a total")
                .hint("download it again, by month or by day")
                .at_line(*line));
        };
        if record.len() != header.len() {
            let message = format!("the row has {} fields, the header has {}", record.len(), header.len());
            return Err(Fault::new(message).hint("download it again").at_line(*line));
        }
        totals.rows += 1;
        let seen = totals.months.entry(month).or_default();
        if is_monthly {
            *seen = whole(month);
        } else {
            seen.add(&day[..7], day, None);
        }
        for (field, column) in record.iter().zip(&columns) {
            if let Some(column) = column {
                add(field, column, month, *line, &mut totals)?;
            }
        }
    }
    let has_quantity = columns.iter().flatten().any(|own| matches!(own.unit, Unit::Things(_)));
    if !has_quantity && columns.iter().flatten().any(|own| own.service == CLOUDTRAIL) {
        totals.odds.add(Odd::CostExplorerQuantity, 1, "");
    }
    totals.odds.add(Odd::CostExplorerAccount, 1, "");
    if is_monthly && totals.rows > 0 {
        totals.odds.add(Odd::CostExplorerMonths, 1, "");
    }
    Ok(totals)
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

fn add(field: &str, column: &Column, month: Month, line: u64, totals: &mut Totals) -> Result<(), Fault> {
    if field.trim().is_empty() {
        return Ok(());
    }
    let amount = Wide::parse(field.as_bytes()).map_err(|_| {
        Fault::new(format!("bad number `{field}`"))
            .note("a number is plain, such as 0.000113")
            .hint("use the file as AWS wrote it: spreadsheets write numbers in their own way")
            .at_line(line)
    })?;
    let key = |unit: &str| LineKey {
        month,
        account: None,
        region: column.region.clone(),
        service: column.service.clone(),
        usage_type: column.usage_type.clone(),
        resource: None,
        category: ChargeCategory::Usage,
        unit: unit.to_owned(),
        is_own: column.service == CLOUDTRAIL,
    };
    let sums = match &column.unit {
        Unit::Money(currency) => {
            totals.currencies.entry(currency.clone()).or_insert(1);
            let sums = totals.lines.entry(key("")).or_default();
            sums.billed.add(amount).map_err(|_| too_large())?;
            sums
        }
        Unit::Things(unit) => {
            let sums = totals.lines.entry(key(unit)).or_default();
            sums.quantity.add(amount).map_err(|_| too_large())?;
            sums
        }
    };
    for cost in [&mut sums.list, &mut sums.contracted, &mut sums.effective] {
        cost.add(b"").map_err(|_| too_large())?;
    }
    sums.rows += 1;
    Ok(())
}

/// Reads a column's name; what is not wanted gives nothing.
fn column(name: &str, by_type: bool, options: &Options<'_>) -> Option<Column> {
    let (written, unit) = name.strip_suffix(')')?.rsplit_once('(')?;
    let written = written.trim();
    let unit = match unit {
        "$" => Unit::Money("USD".to_owned()),
        "¥" => Unit::Money("CNY".to_owned()),
        code if code.len() == 3 && code.bytes().all(|byte| byte.is_ascii_uppercase()) => {
            Unit::Money(code.to_owned())
        }
        other => Unit::Things(other.to_owned()),
    };
    if written.to_ascii_lowercase().starts_with("total ") {
        return None;
    }
    if !by_type {
        let service = service_of(b"", written.as_bytes(), options.catalog)?.into_owned();
        let (usage_type, region) = (String::new(), None);
        return Some(Column { service, usage_type, region, unit });
    }
    let placed = place("", written, "", options.regions, options.catalog);
    let services = options.catalog.services_of(&placed.usage_type);
    // A name that several services bill tells nothing; CloudTrail's own are no other service's.
    let service = match services.as_slice() {
        [one] => (*one).to_owned(),
        _ => return None,
    };
    Some(Column { service, usage_type: placed.usage_type, region: placed.region, unit })
}
