//! A measurement's evidence as CSV.

use super::clean::csv_field;
use super::csv::finish;
use crate::domain::Evidence;

/// Writes how each figure was come by, a row for each.
///
/// # Errors
/// Passes on what the CSV writer says, which does not happen in memory.
pub fn evidence_csv(evidence: &[Evidence]) -> Result<String, csv::Error> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(["what", "value", "certainty", "how"])?;
    for own in evidence {
        let fields = [
            csv_field(&own.what),
            csv_field(&own.value),
            own.certainty.name().to_owned(),
            csv_field(&own.how),
        ];
        writer.write_record(&fields)?;
    }
    Ok(finish(writer))
}
