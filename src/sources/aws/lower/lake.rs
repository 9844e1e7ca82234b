//! Event data stores, as CloudTrail's own metrics count them.
//!
//! Source: CloudTrail user guide, "Supported CloudWatch metrics": HourlyDataIngested, TotalDataRetained,
//! TotalStorageBytes, TotalPaidStorageBytes, all of a store.

use super::arn::Arn;
use super::billed::Billed;
use super::reading::{Reading, answered, measured};
use super::window::{bytes_text, day_of, figure};
use crate::domain::{
    AccountId, BYTES_PER_GB, BillingMode, Certainty, Component, Quantity, RegionCode, Volume,
};
use crate::sources::aws::answers::MetricSeries;
use std::collections::BTreeMap;

const INGESTED: &str = "HourlyDataIngested";
const KEPT: [&str; 3] = ["TotalDataRetained", "TotalStorageBytes", "TotalPaidStorageBytes"];
const SERVICE: &str = "AWSCloudTrail";

/// Where a store is charged, and by which usage type its ingestion.
type Meter = (AccountId, RegionCode, &'static str);

impl Reading<'_> {
    /// Takes what stores ingest as volumes, where every store of a pricing option in a place was measured and the bill
    /// does not have it; and notes what they keep.
    pub(super) fn lake(&mut self, billed: &Billed) {
        let Some(window) = self.window else {
            return;
        };
        let mut sums: BTreeMap<Meter, (Option<Quantity>, usize)> = BTreeMap::new();
        for (id, at) in self.store_ids() {
            let store = &self.model.inventory.event_data_stores[at];
            let place = format!("event data store {} ({}, {})", store.name, store.account, store.home_region);
            let usage_type = match (store.billing_mode, store.selectors.is_empty()) {
                (BillingMode::SevenYear, _) => "Ingestion-Bytes",
                (BillingMode::OneYearExtendable, false) => "Ingestion-Bytes-1yearstore-Live-CloudTrail-Logs",
                (BillingMode::OneYearExtendable, true) => "Ingestion-Bytes-1yearstore-Other-data-sources",
            };
            let key = (store.account.clone(), store.home_region.clone(), usage_type);
            let series = self.series("AWS/CloudTrail", INGESTED);
            let own = series.into_iter().map(|(_, own)| own).find(|own| is_of(own, &id));
            let month = own
                .and_then(|own| window.daily(own))
                .and_then(|daily| Some((daily, window.month_of(&daily)?)));
            let sum = sums.entry(key).or_insert((Some(Quantity::ZERO), 0));
            sum.0 = match (&month, sum.0) {
                (Some((_, month)), Some(sum)) => sum.plus(*month).ok(),
                _ => None,
            };
            sum.1 += 1;
            if let Some((daily, month)) = month {
                self.found(
                    format!("{place}: bytes ingested in a month"),
                    bytes_text(month.rounded(0)),
                    format!("CloudWatch AWS/CloudTrail {INGESTED}, {}", window.words(&daily)),
                    Certainty::Close,
                );
            }
            for metric in KEPT {
                self.kept(metric, &id, &place);
            }
        }
        for ((account, region, usage_type), (sum, _)) in sums {
            let Some(bytes) = sum.filter(|_| !billed.usage_types.contains(usage_type)) else {
                continue;
            };
            let gb = bytes.to_count().and_then(|own| Quantity::gb_from_bytes(own.into(), BYTES_PER_GB).ok());
            let (Some(gb), Some(entry)) = (gb, self.context.catalog.get(SERVICE, usage_type)) else {
                continue;
            };
            self.model.observations.volumes.push(Volume {
                account,
                region,
                service: SERVICE.to_owned(),
                usage_type: usage_type.to_owned(),
                unit: entry.unit.clone(),
                component: Component::LakeIngestion,
                amount: measured(gb),
            });
        }
    }

    /// Returns the stores of the inventory by the id that CloudWatch knows them by.
    fn store_ids(&self) -> Vec<(String, usize)> {
        let stores = &self.model.inventory.event_data_stores;
        let mut ids = BTreeMap::new();
        for (_, own) in answered!(self, GetEventDataStore) {
            let Some(arn) = Arn::parse(&own.event_data_store_arn) else {
                continue;
            };
            let at = stores.iter().position(|store| {
                store.name == own.name
                    && store.account.as_str() == arn.account
                    && store.home_region.as_str() == arn.region
            });
            if let Some(at) = at {
                ids.insert(arn.last().to_owned(), at);
            }
        }
        ids.into_iter().collect()
    }

    fn kept(&mut self, metric: &str, id: &str, place: &str) {
        let series = self.series("AWS/CloudTrail", metric);
        let last = series.into_iter().map(|(_, own)| own).filter(|own| is_of(own, id)).find_map(|own| {
            let value = own.values.last()?;
            Some((day_of(&value.timestamp)?, figure(&value.value)?))
        });
        if let Some((day, bytes)) = last {
            self.found(
                format!("{place}: {metric}"),
                bytes_text(bytes),
                format!("CloudWatch AWS/CloudTrail {metric}, {}", day.long()),
                Certainty::Exact,
            );
        }
    }
}

/// Tells whether a series is of a store; its id stands in a dimension, alone or at the end of its ARN.
fn is_of(series: &MetricSeries, id: &str) -> bool {
    series.metric.dimensions.iter().any(|own| own.value.rsplit('/').next() == Some(id))
}
