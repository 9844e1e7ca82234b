//! Products as the Price List API's `GetProducts` answers them: one JSON text each, with its terms.
//!
//! Source: AWS Price List API reference, `GetProducts`; only `OnDemand` terms are taken.

use super::offer_file::{ImportedOffer, OfferContext, OfferError, OfferPrice, OfferTerm};
use crate::domain::{Date, RegionTable, UsageTypeCatalog};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Listed {
    #[serde(default)]
    product: ListedProduct,
    service_code: String,
    #[serde(default)]
    terms: ListedTerms,
    #[serde(default)]
    version: String,
}

#[derive(Deserialize, Default)]
struct ListedProduct {
    #[serde(default)]
    attributes: BTreeMap<String, String>,
}

#[derive(Deserialize, Default)]
struct ListedTerms {
    #[serde(rename = "OnDemand", default)]
    on_demand: BTreeMap<String, OfferTerm>,
}

impl ImportedOffer {
    /// Adds the prices of one product of `GetProducts`, as far as `catalog` knows its usage type in the same unit.
    ///
    /// `today` is the day of retrieval. Usage types that the catalog does not know are passed over without a word.
    ///
    /// # Errors
    /// [`OfferError::Json`] when the text is not a product.
    pub fn add_product(
        &mut self,
        text: &str,
        regions: &RegionTable,
        catalog: &UsageTypeCatalog,
        today: Date,
    ) -> Result<(), OfferError> {
        let listed: Listed = serde_json::from_str(text).map_err(|error| OfferError::Json {
            line: error.line(),
            column: error.column(),
            reason: error.to_string(),
        })?;
        let attribute =
            |name: &str| listed.product.attributes.get(name).map(String::as_str).unwrap_or_default();
        let (_, bare) = regions.split_usage_type(attribute("usagetype"));
        let bare = bare
            .strip_prefix(attribute("regionCode"))
            .and_then(|rest| rest.strip_prefix('-'))
            .unwrap_or(bare);
        let Some(entry) = catalog.get(&listed.service_code, bare) else {
            // A Region that the tables do not know has a prefix that they do not know.
            let (usage_type, region) = (attribute("usagetype"), attribute("regionCode"));
            let known =
                usage_type.split_once('-').and_then(|(_, rest)| catalog.get(&listed.service_code, rest));
            if known.is_some() && regions.get(region).is_none() {
                self.skipped.push(format!("{usage_type}: unknown Region {region}"));
            }
            return Ok(());
        };
        let context = OfferContext {
            source: format!("AWS Price List API, {} version {}", listed.service_code, listed.version),
            published: today,
            regions,
            catalog,
        };
        for term in listed.terms.on_demand.values() {
            for (rate_code, dimension) in &term.price_dimensions {
                if dimension.unit != entry.unit.name() {
                    self.skipped.push(format!(
                        "{rate_code}: {} is priced per {}, and billed per {} in our tables",
                        attribute("usagetype"),
                        dimension.unit,
                        entry.unit.name()
                    ));
                    continue;
                }
                for (currency, price) in &dimension.price_per_unit {
                    self.add(
                        &context,
                        &OfferPrice {
                            service: &listed.service_code,
                            usage_type: attribute("usagetype"),
                            region: attribute("regionCode"),
                            rate_code,
                            unit: &dimension.unit,
                            begin: &dimension.begin_range,
                            end: &dimension.end_range,
                            price,
                            currency,
                            effective: &term.effective_date,
                            description: &dimension.description,
                        },
                    );
                }
            }
        }
        Ok(())
    }

    /// Sorts the rows, drops what is there twice, and leaves out every key for which the list states two prices.
    ///
    /// One usage type can be sold under several operations. Where their prices differ, our tables, which know no
    /// operations, cannot hold them: the key is skipped, and what a table says of it stays.
    pub fn settle(&mut self) {
        self.sort();
        self.rows.dedup_by(|later, earlier| {
            later.key() == earlier.key()
                && (later.tier, later.price, &later.currency, later.effective_from)
                    == (earlier.tier, earlier.price, &earlier.currency, earlier.effective_from)
        });
        let mut clashing: BTreeSet<(String, String, String)> = BTreeSet::new();
        for pair in self.rows.windows(2) {
            let [one, two] = pair else { continue };
            let overlap = one.tier.end.is_none_or(|end| end > two.tier.begin);
            if one.key() == two.key() && one.effective_from == two.effective_from && overlap {
                let (service, usage_type, region) = one.key();
                clashing.insert((service.to_owned(), usage_type.to_owned(), region.to_owned()));
            }
        }
        self.rows.retain(|row| {
            let (service, usage_type, region) = row.key();
            !clashing.contains(&(service.to_owned(), usage_type.to_owned(), region.to_owned()))
        });
        self.skipped.extend(clashing.into_iter().map(|(service, usage_type, region)| {
            format!("{service} {usage_type} {region}: the list has several prices that our tables cannot tell apart")
        }));
        self.skipped.sort();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{CatalogEntry, Component, Unit};
    use crate::pricing::{REGIONS_CSV, parse_regions};

    fn product(usage_type: &str, region: &str, operation: &str, price: &str, unit: &str) -> String {
        serde_json::json!({
            "product": {
                "productFamily": "Management Tools - AWS CloudTrail Paid Events Recorded",
                "attributes": {
                    "usagetype": usage_type, "regionCode": region, "operation": operation,
                    "servicecode": "AWSCloudTrail"
                },
                "sku": format!("SKU{operation}")
            },
            "serviceCode": "AWSCloudTrail",
            "terms": {
                "OnDemand": { "SKU.JRTCKXETXF": {
                    "effectiveDate": "2026-11-01T00:00:00Z",
                    "priceDimensions": { format!("SKU{operation}.JRTCKXETXF.6YS6EN2CT7"): {
                        "unit": unit, "beginRange": "0", "endRange": "Inf",
                        "description": "a price", "pricePerUnit": { "USD": price }
                    } }
                } },
                "Reserved": {}
            },
            "version": "20261115000000",
            "publicationDate": "2026-11-15T00:00:00Z"
        })
        .to_string()
    }

    fn import(products: &[String]) -> ImportedOffer {
        let mut regions = RegionTable::default();
        assert!(parse_regions("regions.csv", REGIONS_CSV, &mut regions).is_empty());
        let mut catalog = UsageTypeCatalog::default();
        let entry = CatalogEntry { unit: Unit::new("Events"), component: Component::ManagementCopies };
        catalog.insert("AWSCloudTrail", "PaidEventsRecorded", entry);
        let mut imported = ImportedOffer::default();
        for text in products {
            imported.add_product(text, &regions, &catalog, "2026-11-21".parse().unwrap()).unwrap();
        }
        imported.settle();
        imported
    }

    #[test]
    fn a_product_becomes_a_row_of_our_table() {
        let imported =
            import(&[product("EU-PaidEventsRecorded", "eu-west-1", "None", "0.0000200000", "Events")]);
        let [row] = imported.rows.as_slice() else { panic!("{imported:?}") };
        assert_eq!(row.key(), ("AWSCloudTrail", "PaidEventsRecorded", "eu-west-1"));
        assert_eq!(row.price.unwrap().to_string(), "0.00002");
        assert_eq!(row.component, Component::ManagementCopies);
        assert_eq!(row.retrieved_on.to_string(), "2026-11-21");
        assert_eq!(row.effective_from.to_string(), "2026-11-01");
        assert_eq!(row.source, "AWS Price List API, AWSCloudTrail version 20261115000000");
        assert!(imported.skipped.is_empty());
    }

    #[test]
    fn what_our_tables_do_not_know_is_passed_over() {
        let imported = import(&[product("EU-SomethingElse", "eu-west-1", "None", "1", "Events")]);
        assert!(imported.rows.is_empty() && imported.skipped.is_empty());
    }

    #[test]
    fn another_unit_is_skipped_and_said() {
        let imported = import(&[product("EU-PaidEventsRecorded", "eu-west-1", "None", "2", "100K Events")]);
        assert!(imported.rows.is_empty());
        let said = "EU-PaidEventsRecorded is priced per 100K Events, and billed per Events in our tables";
        assert!(imported.skipped[0].ends_with(said), "{:?}", imported.skipped);
    }

    #[test]
    fn equal_prices_of_two_operations_are_one_and_different_ones_none() {
        let one = product("EU-PaidEventsRecorded", "eu-west-1", "A", "0.00002", "Events");
        let same = product("EU-PaidEventsRecorded", "eu-west-1", "B", "0.0000200", "Events");
        let other = product("EU-PaidEventsRecorded", "eu-west-1", "C", "0.00003", "Events");
        assert_eq!(import(&[one.clone(), same]).rows.len(), 1);
        let imported = import(&[one, other]);
        assert!(imported.rows.is_empty());
        assert_eq!(
            imported.skipped,
            [
                "AWSCloudTrail PaidEventsRecorded eu-west-1: the list has several prices that our tables cannot tell apart"
            ]
        );
    }

    #[test]
    fn what_is_no_product_is_refused() {
        let mut imported = ImportedOffer::default();
        let (regions, catalog) = (RegionTable::default(), UsageTypeCatalog::default());
        let today = "2026-11-21".parse().unwrap();
        assert!(matches!(
            imported.add_product("[]", &regions, &catalog, today),
            Err(OfferError::Json { line: 1, .. })
        ));
    }
}
