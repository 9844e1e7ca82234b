//! What kind of thing a charged resource is.

use crate::domain::{Component, Inventory};
use std::collections::BTreeMap;

const TRAIL: &str = "Trail";
const STORE: &str = "Event Data Store";
const CHANNEL: &str = "Channel";
const BUCKET: &str = "Bucket";
const KEY: &str = "Key";
const READER: &str = "Reader";
const LOG_GROUP: &str = "Log Group";
const ALARM: &str = "Alarm";
const TOPIC: &str = "Topic";
const BUS: &str = "Event Bus";
const RULE: &str = "Event Rule";

/// The kinds of things that bear each name of an inventory.
#[derive(Debug, Default)]
pub(super) struct ResourceTypes<'a> {
    of: BTreeMap<&'a str, Vec<&'static str>>,
}

impl<'a> ResourceTypes<'a> {
    pub(super) fn new(inventory: &'a Inventory) -> Self {
        let mut own = Self::default();
        inventory.trails.iter().for_each(|thing| own.add(&thing.name, TRAIL));
        inventory.event_data_stores.iter().for_each(|thing| own.add(&thing.name, STORE));
        inventory.direct_deliveries.iter().for_each(|thing| own.add(&thing.name, CHANNEL));
        inventory.buckets.iter().for_each(|thing| own.add(&thing.name, BUCKET));
        inventory.kms_keys.iter().for_each(|thing| own.add(&thing.name, KEY));
        inventory.readers.iter().for_each(|thing| own.add(&thing.name, READER));
        inventory.log_groups.iter().for_each(|thing| own.add(&thing.name, LOG_GROUP));
        inventory.alarms.iter().for_each(|thing| own.add(&thing.name, ALARM));
        inventory.topics.iter().for_each(|thing| own.add(&thing.name, TOPIC));
        inventory.event_buses.iter().for_each(|thing| own.add(&thing.name, BUS));
        inventory.event_rules.iter().for_each(|thing| own.add(&thing.name, RULE));
        own
    }

    fn add(&mut self, name: &'a str, kind: &'static str) {
        self.of.entry(name).or_default().push(kind);
    }

    /// Returns the kind of a thing: of several with one name, the one that charges of this component are usually for.
    pub(super) fn find(&self, name: &str, component: Component) -> &'static str {
        let usual = usual(component);
        match self.of.get(name).map_or(&[][..], Vec::as_slice) {
            [only] => only,
            several if several.contains(&usual) => usual,
            [first, ..] => first,
            // A trail that shares its name with others is told apart by its Region, and so is none of these names.
            [] => usual,
        }
    }
}

/// Returns what charges of a component are usually for.
pub(super) fn usual(component: Component) -> &'static str {
    match component {
        Component::LakeIngestion | Component::LakeRetention | Component::LakeQuery => STORE,
        Component::CloudwatchDelivery => CHANNEL,
        Component::S3Storage
        | Component::S3Requests
        | Component::S3Transitions
        | Component::Kms
        | Component::Replication => BUCKET,
        Component::CloudwatchLogs => LOG_GROUP,
        Component::CloudwatchMetricsAlarms => ALARM,
        Component::Sns => TOPIC,
        Component::Eventbridge | Component::Lambda => RULE,
        Component::Athena => READER,
        Component::ManagementCopies
        | Component::DataEventsS3
        | Component::DataEventsLambda
        | Component::DataEventsOther
        | Component::NetworkActivity
        | Component::InsightsManagement
        | Component::InsightsData
        | Component::Aggregation
        | Component::Other => TRAIL,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn things_of_one_name_are_told_apart_by_what_is_charged() {
        let mut types = ResourceTypes::default();
        for (name, kind) in [("audit", TRAIL), ("audit", BUCKET), ("store", STORE), ("logs", LOG_GROUP)] {
            types.add(name, kind);
        }
        for (name, component, expected) in [
            ("audit", Component::ManagementCopies, TRAIL),
            ("audit", Component::S3Storage, BUCKET),
            ("audit", Component::Kms, BUCKET),
            ("audit", Component::Sns, TRAIL),
            ("store", Component::InsightsManagement, STORE),
            ("logs", Component::CloudwatchLogs, LOG_GROUP),
            ("audit (us-east-1)", Component::DataEventsS3, TRAIL),
        ] {
            assert_eq!(types.find(name, component), expected, "{name} {component:?}");
        }
    }
}
