//! The table of volumes beside a scenario: the columns that the loader of such tables knows.

use super::error::WriteError;
use super::volumes::PlaceVolumes;
use crate::domain::{Access, Amount, AmountValue, EventCategory, EventClass, Quantity, Volume};
use crate::sources::scenario::bill_names::{BILL_NAMES, SERVICE};
use crate::sources::scenario::lower_accounts::expected_in;
use crate::sources::scenario::quantity_text::{ABSURD, Expected};
use crate::sources::scenario::volumes_csv::MANAGEMENT;
use std::collections::BTreeMap;

/// Returns the name that a volume has in `[[volume]]`, if it has one of its own.
pub(super) fn bill_name(volume: &Volume) -> Option<&'static str> {
    BILL_NAMES
        .iter()
        .find(|own| {
            volume.service == SERVICE
                && own.usage_type == volume.usage_type
                && own.component == volume.component
        })
        .map(|own| own.name)
}

/// Returns how a scenario calls a usage type: with its service, unless it is CloudTrail's.
pub(super) fn usage_name(volume: &Volume) -> String {
    if volume.service == SERVICE {
        volume.usage_type.clone()
    } else {
        format!("{}:{}", volume.service, volume.usage_type)
    }
}

/// Returns the column of a volume.
pub(super) fn volume_column(volume: &Volume) -> Option<String> {
    match bill_name(volume) {
        Some(name) => Some(name.to_owned()),
        None => Some(format!("usage:{}", usage_name(volume))).filter(|name| is_plain(name)),
    }
}

/// Returns the column of a class of events.
pub(super) fn class_column(class: &EventClass) -> Option<String> {
    match class.category {
        EventCategory::Management => management_name(class).map(|name| format!("management_{name}")),
        EventCategory::Data => {
            let resource_type = class.resource_type()?;
            let access = match class.access {
                Access::Read => "read",
                Access::Write => "write",
                Access::Mixed => "events",
            };
            let name = format!("data:{resource_type}:{access}");
            (class.fields.len() == 1 && resource_type.starts_with("AWS::") && is_plain(&name)).then_some(name)
        }
        EventCategory::NetworkActivity => None,
    }
}

/// Returns the key that a class of management events has under `management`.
pub(super) fn management_name(class: &EventClass) -> Option<&'static str> {
    MANAGEMENT
        .iter()
        .find(|(_, access, source)| *class == EventClass::management(*access, *source))
        .and_then(|(name, _, _)| name.strip_prefix("management_"))
}

/// Tells whether a text may head a column: the loader cuts blanks off, and nobody looks for quotes there.
fn is_plain(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'"' && byte != b',')
}

/// The order of columns: those with names first, as `[[volume]]` has them, then activity, then usage types.
fn rank(column: &str) -> (usize, &str) {
    let named = BILL_NAMES.iter().position(|own| own.name == column);
    let management = MANAGEMENT.iter().position(|own| own.0 == column);
    match (named, management) {
        (Some(at), _) => (at, ""),
        (None, Some(at)) => (BILL_NAMES.len() + at, ""),
        (None, None) => {
            (BILL_NAMES.len() + MANAGEMENT.len() + usize::from(column.starts_with("usage:")), column)
        }
    }
}

/// Writes the rows.
pub(super) fn write(rows: &[&PlaceVolumes<'_>], said: &[Option<EventClass>]) -> Result<String, WriteError> {
    let of_class: Vec<Option<String>> = said.iter().map(|own| class_column(own.as_ref()?)).collect();
    let mut columns: Vec<String> = Vec::new();
    let mut at: BTreeMap<String, usize> = BTreeMap::new();
    for place in rows {
        let volumes = place.volumes.iter().filter_map(|own| volume_column(own));
        let counts = place.activity.iter().flat_map(|own| &own.counts);
        let counts = counts.filter_map(|own| of_class.get(own.class as usize).cloned().flatten());
        for column in volumes.chain(counts) {
            if !at.contains_key(&column) {
                at.insert(column.clone(), columns.len());
                columns.push(column);
            }
        }
    }
    columns.sort_by(|left, right| rank(left).cmp(&rank(right)));
    for (position, column) in columns.iter().enumerate() {
        at.insert(column.clone(), position);
    }
    let mut writer = csv::Writer::from_writer(Vec::new());
    let failed = |error: &dyn std::fmt::Display| WriteError::new("the table of volumes", error.to_string());
    let header = ["account", "region"].into_iter().chain(columns.iter().map(String::as_str));
    writer.write_record(header).map_err(|error| failed(&error))?;
    for place in rows {
        let mut fields = vec![String::new(); columns.len()];
        let what = || format!("a volume of {} in {}", place.account, place.region);
        let mut set = |column: Option<String>, text: String| -> Result<(), WriteError> {
            let field =
                column.and_then(|column| at.get(&column).copied()).map(|position| &mut fields[position]);
            match field {
                Some(field) if field.is_empty() => *field = text,
                Some(_) => return Err(WriteError::new(what(), "two of them describe the same events")),
                None => return Err(WriteError::new(what(), "the table has no column for it")),
            }
            Ok(())
        };
        for volume in &place.volumes {
            set(volume_column(volume), field(&volume.amount, expected_in(&volume.unit), &what())?)?;
        }
        for count in place.activity.iter().flat_map(|own| &own.counts) {
            let column = of_class.get(count.class as usize).cloned().flatten();
            set(column, field(&count.amount, Expected::Count, &what())?)?;
        }
        let start = [place.account.as_str(), place.region.as_str()];
        let record = start.into_iter().chain(fields.iter().map(String::as_str));
        writer.write_record(record).map_err(|error| failed(&error))?;
    }
    let bytes = writer.into_inner().map_err(|error| failed(&error))?;
    String::from_utf8(bytes).map_err(|error| failed(&error))
}

fn field(amount: &Amount, expected: Expected, what: &str) -> Result<String, WriteError> {
    let quantity = match &amount.value {
        AmountValue::Known(quantity) => *quantity,
        AmountValue::Range(range) => range.likely,
        AmountValue::Unknown => return Ok("unknown".to_owned()),
    };
    let whole = quantity.to_count().is_some() || !matches!(expected, Expected::Count | Expected::Bytes);
    if quantity.is_negative() || !whole || quantity > Quantity::from_count(ABSURD) {
        return Err(WriteError::new(what, format!("{quantity} is no possible number of them")));
    }
    Ok(quantity.to_string())
}
