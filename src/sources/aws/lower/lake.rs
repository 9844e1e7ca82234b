//! Event data stores, as CloudTrail's own metrics count them.

use super::arn::Arn;
use super::billed::Billed;
use super::reading::{Reading, answered, dimension};
use crate::domain::Certainty;
use std::collections::BTreeMap;

/// CloudTrail's metrics of a store, with what they are called here.
///
/// Source: CloudTrail user guide, "Supported CloudWatch metrics": HourlyDataIngested, TotalDataRetained, TotalPaidStorageBytes …
const INGESTED: &str = "HourlyDataIngested";

impl Reading<'_> {
    /// Takes note of what stores ingest and keep. Volumes of stores are derived from the events; these hold against them.
    pub(super) fn lake(&mut self, billed: &Billed) {
        let _ = billed;
        let Some(window) = self.window else {
            return;
        };
        let names: BTreeMap<String, String> = answered!(self, GetEventDataStore)
            .filter_map(|(_, own)| {
                let id = Arn::parse(&own.event_data_store_arn)?.last().to_owned();
                Some((id, own.name.clone()))
            })
            .collect();
        for (asked, series) in self.series("AWS/CloudTrail", INGESTED) {
            let Some(id) = series.metric.dimensions.first().map(|own| own.value.clone()) else {
                continue;
            };
            let id = dimension(&series.metric, "EventDataStoreId").map_or(id, str::to_owned);
            let name = names.get(&id).cloned().unwrap_or(id);
            if let Some((daily, month)) =
                window.daily(series).and_then(|own| Some((own, window.month_of(&own)?)))
            {
                self.found(
                    format!(
                        "event data store {name} ({}, {}): bytes ingested in a month",
                        asked.account, asked.region
                    ),
                    format!("{} bytes", month.rounded(0)),
                    format!("CloudWatch AWS/CloudTrail {INGESTED}, {}", window.words(&daily)),
                    Certainty::Close,
                );
            }
        }
    }
}
