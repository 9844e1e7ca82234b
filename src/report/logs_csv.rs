//! CSV of what is stored, month by month.

use super::clean::csv_field;
use crate::domain::StorageHistory;

/// Writes a row for each month, bucket and storage class: what is left when the month ends. The month's arrivals and
/// deletions stand in the first row of each month and bucket, so that a column adds up.
///
/// # Errors
/// Passes on what the CSV writer says, which does not happen in memory.
pub fn storage_csv(history: &StorageHistory) -> Result<String, csv::Error> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record([
        "month",
        "bucket",
        "storage_class",
        "objects",
        "bytes",
        "arrived_objects",
        "arrived_bytes",
        "deleted_objects",
        "deleted_bytes",
    ])?;
    for (at, month) in history.months.iter().enumerate() {
        for own in &history.buckets {
            let Some(stored) = own.months.get(at) else {
                continue;
            };
            let flows =
                [stored.arrived_objects, stored.arrived_bytes, stored.deleted_objects, stored.deleted_bytes];
            let mut flows = flows.map(|own| own.to_string());
            let mut write = |class: &str, objects: u128, bytes: u128| {
                let mut fields = vec![
                    month.to_string(),
                    csv_field(&own.bucket),
                    class.to_owned(),
                    objects.to_string(),
                    bytes.to_string(),
                ];
                fields.extend(flows.iter_mut().map(std::mem::take));
                writer.write_record(&fields)
            };
            if stored.classes.is_empty() {
                write("", 0, 0)?;
            }
            for (class, objects, bytes) in &stored.classes {
                write(class.name(), *objects, *bytes)?;
            }
        }
    }
    Ok(String::from_utf8(writer.into_inner().unwrap_or_default()).unwrap_or_default())
}
