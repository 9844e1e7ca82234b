//! From the fields of a row to the key that it is summed under.

use super::account::{Mending, account};
use super::calendar::month_of;
use super::columns::{Field, Layout};
use super::fault::Fault;
use super::kind;
use super::line::LineKey;
use super::odd::Odd;
use super::options::Options;
use super::place::{OddPlace, place};
use super::record::Row;
use super::service::CLOUDTRAIL;
use crate::domain::{ChargeCategory, Month};

/// A key with what was odd on the way to it.
pub(super) struct Resolved {
    pub(super) key: LineKey,
    pub(super) odds: Vec<(Odd, String)>,
}

/// Resolves a row of a service that is taken. `resource` is set where the row becomes a line of its own.
pub(super) fn resolve(
    row: &Row<'_>,
    layout: &Layout,
    service: &str,
    is_own: bool,
    options: &Options<'_>,
) -> Result<Resolved, Fault> {
    let mut odds = Vec::new();
    let month = month(row, layout, &mut odds)?;
    let written_kind = row.text(Field::Kind);
    let (category, is_known) = if layout.format.is_focus() {
        kind::of_focus(&written_kind, &row.text(Field::Class))
    } else {
        kind::of_cur(&written_kind)
    };
    if !is_known {
        odds.push((Odd::UnknownKind, written_kind.clone()));
    }
    if written_kind == "SavingsPlanNegation" {
        odds.push((Odd::Negation, String::new()));
    }
    let account = match row.text(Field::Account) {
        text if text.trim().is_empty() => None,
        text => {
            let mended = account(&text)?;
            let odd = mended.how.map(|how| match how {
                Mending::Zeros => Odd::AccountZeros,
                Mending::Number => Odd::AccountNumber,
                Mending::Exponent => Odd::AccountExponent,
            });
            odds.extend(odd.map(|odd| (odd, text)));
            Some(mended.id)
        }
    };
    let written = usage_type(row, layout, service, category, options, &mut odds);
    let mut region = region(row);
    if region.is_empty() && layout.is_our_own() {
        // No Region is none there, and not that of older rows without prefix.
        "global".clone_into(&mut region);
    }
    let placed = place(service, &written, &region, options.regions, options.catalog);
    odds.extend(placed.odd.map(|odd| match odd {
        OddPlace::NoPrefix => (Odd::NoPrefix, written.clone()),
        OddPlace::UnknownPrefix => (Odd::UnknownPrefix, written.clone()),
        OddPlace::Disagree => (Odd::Disagree, format!("{written} in {region}")),
        OddPlace::Unknown => (Odd::UnknownRegion, region.clone()),
    }));
    let is_usage = category == ChargeCategory::Usage;
    let has_type = !placed.usage_type.is_empty();
    let unit = if !is_usage || !has_type {
        String::new()
    } else if row.get(Field::Quantity).is_empty() {
        row.text(Field::PricedUnit)
    } else if layout.has(Field::Unit) {
        row.text(Field::Unit)
    } else {
        catalog_unit(service, &placed.usage_type, options)
    };
    // CloudTrail's rows name none, and nothing of them is told apart by one.
    let resource = (is_own && service != CLOUDTRAIL).then(|| row.text(Field::Resource));
    let key = LineKey {
        month,
        account,
        region: placed.region,
        service: service.to_owned(),
        usage_type: placed.usage_type,
        resource,
        category,
        unit,
        is_own,
    };
    Ok(Resolved { key, odds })
}

fn catalog_unit(service: &str, usage_type: &str, options: &Options<'_>) -> String {
    options.catalog.get(service, usage_type).map(|entry| entry.unit.name().to_owned()).unwrap_or_default()
}

/// Says that a time begins with no day.
pub(super) fn bad_time(row: &Row<'_>, layout: &Layout, field: Field) -> Fault {
    Fault::new(format!("bad time `{}` in column {}", row.text(field), layout.name(field)))
        .note("a time begins with the day as YYYY-MM-DD")
        .hint("use the file as AWS wrote it: spreadsheets write days in their own way")
}

fn month(row: &Row<'_>, layout: &Layout, odds: &mut Vec<(Odd, String)>) -> Result<Month, Fault> {
    let bad = |field: Field| bad_time(row, layout, field);
    let started = month_of(row.get(Field::Start));
    let period = row.get(Field::Period);
    if period.is_empty() {
        return started.ok_or_else(|| bad(Field::Start));
    }
    let month = month_of(period).ok_or_else(|| bad(Field::Period))?;
    if let Some(own) = started
        && own != month
        && kind::is_usage(row.get(Field::Kind))
    {
        odds.push((Odd::OtherPeriod, format!("{own} on the bill of {month}")));
    }
    Ok(month)
}

fn region(row: &Row<'_>) -> String {
    for field in [Field::Region, Field::OtherRegion] {
        let text = row.text(field);
        if !text.trim().is_empty() {
            return text.trim().to_owned();
        }
    }
    let map = row.text(Field::ProductMap);
    let attributes: std::collections::BTreeMap<String, serde_json::Value> =
        serde_json::from_str(&map).unwrap_or_default();
    ["region_code", "regionCode", "region"]
        .iter()
        .find_map(|name| attributes.get(*name).and_then(serde_json::Value::as_str))
        .unwrap_or_default()
        .to_owned()
}

/// Returns the usage type as written, or where the export has none what the price's id or the text of the charge tell.
fn usage_type(
    row: &Row<'_>,
    layout: &Layout,
    service: &str,
    category: ChargeCategory,
    options: &Options<'_>,
    odds: &mut Vec<(Odd, String)>,
) -> String {
    let written = row.text(Field::UsageType).trim().to_owned();
    if !layout.format.is_focus() {
        return written;
    }
    // `SkuMeter` is free text by the standard: only what a table knows is a usage type.
    let is_named = layout.name(Field::UsageType) == "x_UsageType" && !written.is_empty();
    let (_, rest) = options.regions.split_usage_type(&written);
    if is_named || (!written.is_empty() && options.catalog.get(service, rest).is_some()) {
        return written;
    }
    if category != ChargeCategory::Usage {
        return String::new();
    }
    let sku = row.text(Field::Sku);
    if let Some(known) = options.skus.get(&sku).filter(|known| known.service == service) {
        if service == CLOUDTRAIL {
            odds.push((Odd::TypeFromSku, sku));
        }
        return known.usage_type.clone();
    }
    let text = row.text(Field::Description);
    if let Some(found) = from_text(&text, service, options) {
        if service == CLOUDTRAIL {
            odds.push((Odd::TypeFromText, text));
        }
        return found;
    }
    // Of the other services' rows, nothing but the cost is wanted.
    if service == CLOUDTRAIL {
        odds.push((Odd::NoType, text));
    }
    String::new()
}

/// Phrases of CloudTrail's charges. Source: `LineItemDescription` of CUR rows, `ChargeDescription` of FOCUS rows.
const PHRASES: [(&str, &str); 5] = [
    ("per free event recorded", "FreeEventsRecorded"),
    ("per paid event recorded", "PaidEventsRecorded"),
    ("per data event recorded", "DataEventsRecorded"),
    ("per network event recorded", "NetworkEventsRecorded"),
    ("per network activity event recorded", "NetworkEventsRecorded"),
];

/// Finds a usage type in the text of a charge: by its own name as a word, or by CloudTrail's phrases.
fn from_text(text: &str, service: &str, options: &Options<'_>) -> Option<String> {
    let words = text.split(|own: char| own.is_whitespace() || matches!(own, ',' | ';' | '(' | ')'));
    let named = words
        .map(|word| options.regions.split_usage_type(word).1)
        .find(|word| word.len() > 8 && options.catalog.get(service, word).is_some());
    if let Some(named) = named {
        return Some(named.to_owned());
    }
    if service != CLOUDTRAIL {
        return None;
    }
    PHRASES.iter().find(|(phrase, _)| text.contains(phrase)).map(|(_, usage_type)| (*usage_type).to_owned())
}

/// Tells whether a row's resource is one of those that the user named: by its id, its ARN, or its name within the ARN.
pub(crate) fn is_named(resource: &str, names: &[String]) -> bool {
    let bare = |text: &'_ str| text.strip_suffix(":*").unwrap_or(text).to_owned();
    let resource = bare(resource);
    names.iter().any(|name| {
        let name = bare(name);
        resource == name
            || resource.split(':').any(|part| {
                part == name || part.split_once('/').is_some_and(|(kind, id)| kind == "key" && id == name)
            })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn resources_are_named_by_name_or_arn() {
        let names = |text: &str| vec![text.to_owned()];
        for (resource, name, expected) in [
            ("log-archive", "log-archive", true),
            ("arn:aws:s3:::log-archive", "log-archive", true),
            ("log-archive", "log", false),
            ("arn:aws:logs:us-east-1:111122223333:log-group:/aws/trail:*", "/aws/trail", true),
            (
                "arn:aws:logs:us-east-1:111122223333:log-group:/aws/trail",
                "arn:aws:logs:us-east-1:111122223333:log-group:/aws/trail:*",
                true,
            ),
            ("arn:aws:kms:us-east-1:111122223333:key/1234-abcd", "1234-abcd", true),
            ("arn:aws:sns:us-east-1:111122223333:alerts", "alerts", true),
            ("", "x", false),
        ] {
            assert_eq!(is_named(resource, &names(name)), expected, "{resource} {name}");
        }
    }
}
