//! CSV of what is stored, month by month.

use super::clean::csv_field;
use crate::domain::StorageHistory;

/// Writes for each month and bucket a row `all` with what is left when the month ends, what arrived and what was deleted,
/// and a row for each storage class with what is left there.
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
            let all = stored.classes.iter().fold((0_u128, 0_u128), |sum, own| {
                (sum.0.saturating_add(own.1), sum.1.saturating_add(own.2))
            });
            let flows =
                [stored.arrived_objects, stored.arrived_bytes, stored.deleted_objects, stored.deleted_bytes];
            let mut write = |class: &str, objects: u128, bytes: u128, flows: [String; 4]| {
                let mut fields = vec![
                    month.to_string(),
                    csv_field(&own.bucket),
                    class.to_owned(),
                    objects.to_string(),
                    bytes.to_string(),
                ];
                fields.extend(flows);
                writer.write_record(&fields)
            };
            write("all", all.0, all.1, flows.map(|own| own.to_string()))?;
            for (class, objects, bytes) in &stored.classes {
                write(class.name(), *objects, *bytes, Default::default())?;
            }
        }
    }
    Ok(String::from_utf8(writer.into_inner().unwrap_or_default()).unwrap_or_default())
}
