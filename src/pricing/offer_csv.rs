//! The CSV form of AWS's offer files: a few lines of metadata, then a header, then one price a line.

use super::offer_file::{ImportedOffer, OfferContext, OfferError, OfferPrice};
use crate::domain::{RegionTable, UsageTypeCatalog};

const COLUMNS: [&str; 10] = [
    "RateCode",
    "TermType",
    "EffectiveDate",
    "StartingRange",
    "EndingRange",
    "Unit",
    "PricePerUnit",
    "Currency",
    "usageType",
    "serviceCode",
];

pub(super) fn import_csv(
    text: &str,
    regions: &RegionTable,
    catalog: &UsageTypeCatalog,
) -> Result<ImportedOffer, OfferError> {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
    let mut records = reader.records();
    let (mut published, mut version) = (String::new(), String::new());
    let header = loop {
        let Some(record) = records.next() else {
            return Err(OfferError::NotAnOffer {
                found: "it has no header line that starts with SKU".to_owned(),
            });
        };
        let record = record.map_err(|error| OfferError::Csv { reason: error.to_string() })?;
        let value = record.get(1).unwrap_or_default().to_owned();
        match record.get(0) {
            Some("SKU") => break record,
            Some("Publication Date") => published = value,
            Some("Version") => version = value,
            Some(_) if record.len() <= 2 => {}
            _ => {
                return Err(OfferError::NotAnOffer {
                    found: "its first lines are not those of an offer file".to_owned(),
                });
            }
        }
    };
    let position = |wanted: &str| header.iter().position(|name| name == wanted);
    let columns = COLUMNS.map(position);
    let missing: Vec<String> = COLUMNS
        .iter()
        .zip(columns)
        .filter(|(_, index)| index.is_none())
        .map(|(name, _)| (*name).to_owned())
        .collect();
    if !missing.is_empty() {
        return Err(OfferError::MissingColumns { columns: missing });
    }
    let region = position("Region Code").or_else(|| position("regionCode"));
    let description = position("PriceDescription");
    let mut context = OfferContext::new(&published, regions, catalog)?;
    let mut imported = ImportedOffer::default();
    for record in records {
        let record = record.map_err(|error| OfferError::Csv { reason: error.to_string() })?;
        let at = |index: Option<usize>| index.and_then(|index| record.get(index)).unwrap_or_default();
        let [rate_code, term, effective, begin, end, unit, price, currency, usage_type, service] =
            columns.map(at);
        if term != "OnDemand" {
            imported.skipped.push(format!("{rate_code}: not an OnDemand price"));
            continue;
        }
        context.source = format!("AWS price list {service} version {version}");
        imported.add(
            &context,
            &OfferPrice {
                service,
                usage_type,
                region: at(region),
                rate_code,
                unit,
                begin,
                end,
                price,
                currency,
                effective,
                description: at(description),
            },
        );
    }
    imported.sort();
    Ok(imported)
}
