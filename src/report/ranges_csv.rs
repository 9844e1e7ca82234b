//! CSV files of ranges: full precision.

use super::clean::csv_field;
use super::csv::finish;
use super::ranges_view::RangesView;

/// Writes what each component and the total may cost over the horizon and in the first month.
///
/// # Errors
/// Passes on what the CSV writer says, which does not happen in memory.
pub fn ranges_csv(ranges: &RangesView) -> Result<String, csv::Error> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record([
        "component",
        "label",
        "likely",
        "p10",
        "p50",
        "p90",
        "first_month_p10",
        "first_month_p50",
        "first_month_p90",
        "complete",
    ])?;
    for row in ranges.rows.iter().chain([&ranges.total]) {
        writer.write_record([
            row.id.clone(),
            csv_field(&row.label),
            row.likely.to_string(),
            row.total.p10.to_string(),
            row.total.p50.to_string(),
            row.total.p90.to_string(),
            row.first_month.p10.to_string(),
            row.first_month.p50.to_string(),
            row.first_month.p90.to_string(),
            (!row.incomplete).to_string(),
        ])?;
    }
    Ok(finish(writer))
}

/// Writes the total with each input at its low and its high, all others likely.
///
/// # Errors
/// Passes on what the CSV writer says, which does not happen in memory.
pub fn tornado_csv(ranges: &RangesView) -> Result<String, csv::Error> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(["input", "unit", "low", "likely", "high", "total_at_low", "total_at_high"])?;
    for own in &ranges.tornado {
        writer.write_record([
            csv_field(&own.label),
            csv_field(&own.unit),
            own.low.to_string(),
            own.likely.to_string(),
            own.high.to_string(),
            own.at_low.to_string(),
            own.at_high.to_string(),
        ])?;
    }
    Ok(finish(writer))
}
