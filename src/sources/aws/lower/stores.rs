//! Event data stores and channels.

use super::arn::Arn;
use super::reading::{Reading, answered, answered_about};
use super::selectors;
use crate::domain::{AccountId, BillingMode, Certainty, DirectDelivery, EventDataStore};
use crate::sources::aws::answers::{Asked, ChannelInfo, EventDataStoreInfo, Operation};
use std::collections::{BTreeMap, BTreeSet};

impl<'a> Reading<'a> {
    /// Fills the event data stores.
    pub(super) fn event_data_stores(&mut self) {
        let mut stores: BTreeMap<&'a str, (&'a Asked, &'a EventDataStoreInfo, bool)> = BTreeMap::new();
        for (asked, list) in answered!(self, ListEventDataStores) {
            for own in &list.event_data_stores {
                stores.insert(&own.event_data_store_arn, (asked, own, false));
            }
        }
        for (asked, own) in answered!(self, GetEventDataStore) {
            stores.insert(&own.event_data_store_arn, (asked, own, true));
        }
        for (asked, info, detailed) in stores.into_values() {
            self.store(asked, info, detailed);
        }
    }

    fn store(&mut self, asked: &Asked, info: &EventDataStoreInfo, detailed: bool) {
        let arn = info.event_data_store_arn.as_str();
        let parsed = Arn::parse(arn);
        let account: &str = parsed.map_or(&asked.account, |own| own.account);
        let Ok(account) = account.parse::<AccountId>() else {
            return;
        };
        let region = parsed.map_or(asked.region.as_str(), |own| own.region);
        let Some(home_region) = self.known_region(region, arn) else {
            return;
        };
        let name = if info.name.is_empty() { arn.to_owned() } else { info.name.clone() };
        if !detailed {
            let remedy = self.remedy(Operation::GetEventDataStore, "");
            self.unseen.setting("the settings of event data stores", &name, "left out", &remedy);
            return;
        }
        let status = info.status.as_deref().unwrap_or("ENABLED");
        if status == "PENDING_DELETION" {
            self.found(
                format!("event data store {name} ({account}, {home_region}): status"),
                "pending deletion; left out",
                "cloudtrail:GetEventDataStore",
                Certainty::Exact,
            );
            return;
        }
        let billing_mode = match info.billing_mode.as_deref() {
            Some("FIXED_RETENTION_PRICING") => BillingMode::SevenYear,
            Some("EXTENDABLE_RETENTION_PRICING") => BillingMode::OneYearExtendable,
            _ => {
                self.assume("event_data_store_billing_mode");
                BillingMode::OneYearExtendable
            }
        };
        let retention_days = info
            .retention_period
            .and_then(|days| u16::try_from(days).ok())
            .filter(|days| (7..=billing_mode.maximum_days()).contains(days))
            .unwrap_or_else(|| {
                self.unseen.setting(
                    "the retention of event data stores",
                    &name,
                    "taken as long as ingestion includes",
                    "look at the event data store",
                );
                billing_mode.included_days()
            });
        let all = if info.advanced_event_selectors.is_empty() {
            selectors::unset()
        } else {
            selectors::advanced(&info.advanced_event_selectors, &name, &mut self.unseen)
        };
        let mut insights: BTreeSet<_> = selectors::insights(&info.insight_selectors, &name, &mut self.unseen);
        let asked_apart = answered_about!(self, GetInsightSelectors, arn).last();
        if let Some((_, own)) = asked_apart {
            insights.extend(selectors::insights(&own.insight_selectors, &name, &mut self.unseen));
        }
        self.model.inventory.event_data_stores.push(EventDataStore {
            name,
            account,
            organization: info.organization_enabled.unwrap_or(false),
            home_region,
            multi_region: info.multi_region_enabled.unwrap_or(true),
            ingesting: !matches!(status, "STOPPED_INGESTION" | "STOPPING_INGESTION"),
            billing_mode,
            retention_days,
            selectors: all,
            insights: insights.into_iter().collect(),
            other_sources_bytes: None,
            scanned_bytes: None,
        });
    }

    /// Fills the deliveries to CloudWatch Logs, and takes note of every other channel.
    pub(super) fn channels(&mut self) {
        let mut seen = BTreeSet::new();
        for (asked, own) in answered!(self, GetChannel) {
            if seen.insert(own.channel_arn.as_str()) {
                self.channel(asked, own);
            }
        }
        for (asked, list) in answered!(self, ListChannels) {
            for own in list.channels.iter().filter(|own| !seen.contains(own.channel_arn.as_str())) {
                let name = format!("{} ({}, {})", own.name, asked.account, asked.region);
                let remedy = self.remedy(Operation::GetChannel, "");
                self.unseen.setting("what channels deliver", &name, "left out", &remedy);
            }
        }
    }

    fn channel(&mut self, asked: &Asked, info: &ChannelInfo) {
        let parsed = Arn::parse(&info.channel_arn);
        let account = parsed.map_or(asked.account.as_str(), |own| own.account);
        let region = parsed.map_or(asked.region.as_str(), |own| own.region);
        let to: Vec<&str> = info.destinations.iter().map(|own| own.location.as_str()).collect();
        let to = to.join(", ");
        if !is_cloudwatch(info) {
            self.found(
                format!("channel {} ({account}, {region})", info.name),
                format!("delivers to {to}; not charged as an event copy"),
                "cloudtrail:GetChannel",
                Certainty::Exact,
            );
            return;
        }
        let Some(region) = self.known_region(region, &info.channel_arn) else {
            return;
        };
        let config = info.source_config.clone().unwrap_or_default();
        let everywhere = config.apply_to_all_regions.unwrap_or(false);
        let all = selectors::advanced(&config.advanced_event_selectors, &info.name, &mut self.unseen);
        let mut name = info.name.clone();
        if self.model.inventory.direct_deliveries.iter().any(|own| own.name == name) {
            name = format!("{name} ({account} {region})");
        }
        self.model.inventory.direct_deliveries.push(DirectDelivery {
            name,
            account: account.parse().ok(),
            region: (!everywhere).then_some(region),
            selectors: if all.is_empty() { selectors::unset() } else { all },
        });
    }
}

/// Tells whether a service-linked channel delivers to CloudWatch: its name is `aws-service-channel/SERVICE/SUFFIX`.
fn is_cloudwatch(info: &ChannelInfo) -> bool {
    let service = info.name.strip_prefix("aws-service-channel/").and_then(|rest| rest.split('/').next());
    let is = |name: &str| {
        let name = name.to_ascii_lowercase();
        name.contains("cloudwatch")
            || name.contains("observabilityadmin")
            || name == "logs"
            || name == "logs.amazonaws.com"
    };
    service.is_some_and(is)
        || info.destinations.iter().any(|own| own.destination_type == "AWS_SERVICE" && is(&own.location))
}
