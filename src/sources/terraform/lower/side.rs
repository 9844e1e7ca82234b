//! One side, before or after: everything that is configured there.

use super::findings::Findings;
use super::led::Led;
use super::links::{Links, own_name};
use super::places::{Places, region_setting};
use super::trails::SeenTrail;
use crate::domain::{
    AccountId, Amount, AmountValue, Gap, GapKind, Inventory, Place, Provenance, ProvenanceKind,
    ProviderSettings, RegionCode, Settings, Subject, parse_decimal,
};
use crate::sources::scenario::Context;
use crate::sources::terraform::kind::{
    self, ALARM, BUCKET, COMPOSITE, KEY, LOG_GROUP, RULE, TOPIC, WORKGROUP,
};
use crate::sources::terraform::resource::{Provider, Resource};
use std::collections::{BTreeMap, BTreeSet};

/// What is configured on one side. Everything that Terraform manages is named by its address.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Side {
    /// Trails and everything that they lead to.
    pub inventory: Inventory,
    /// How it is set.
    pub settings: Settings,
    /// The own name of each resource by its address, where it is known.
    pub names: BTreeMap<String, String>,
    /// What is not known.
    pub gaps: Vec<Gap>,
    /// Whether nobody tells in which account some resource is.
    pub lacks_account: bool,
    /// Things that resources of this side name and Terraform does not manage: buckets, log groups, topics and keys.
    pub unmanaged: BTreeSet<String>,
    /// What is not fully known: addresses of resources, or names of what could not be read.
    pub incomplete: BTreeSet<String>,
    /// Addresses of resources of which nobody tells in which Region they are.
    pub nowhere: BTreeSet<String>,
}

/// The way from resources to a side.
pub(super) struct Reading<'a> {
    pub(super) resources: &'a [Resource],
    pub(super) links: Links<'a>,
    pub(super) places: &'a Places,
    pub(super) context: &'a Context<'a>,
    pub(super) findings: Findings,
    pub(super) inventory: Inventory,
    pub(super) settings: Settings,
    pub(super) seen: Vec<SeenTrail<'a>>,
    /// Whether there is no trail that things could lead to, so that each counts.
    pub(super) everything: bool,
    pub(super) unmanaged: BTreeSet<String>,
    /// Addresses of keys that something leads to.
    pub(super) keys: BTreeSet<String>,
    /// Keys that Terraform does not manage: the name by the Region and the id, and by the name itself.
    pub(super) other_keys: BTreeMap<(RegionCode, String), String>,
    /// What trails of either side lead to.
    pub(super) led: &'a Led,
}

impl<'a> Reading<'a> {
    /// Returns the resources of a type.
    pub(super) fn of(&self, kind: &str) -> Vec<&'a Resource> {
        self.resources.iter().filter(|own| own.kind.name == kind).collect()
    }

    /// Returns a resource's account and Region.
    pub(super) fn place(&mut self, resource: &Resource) -> Option<(AccountId, RegionCode)> {
        let account = self.places.account(resource, &mut self.findings)?;
        let region = self.places.region(resource, self.context, &mut self.findings)?;
        Some((account, region))
    }

    /// Names a resource for its settings.
    pub(super) fn places_subject(&self, resource: &Resource) -> Subject {
        Subject {
            name: own_name(resource).unwrap_or_else(|| resource.address.clone()),
            address: Some(resource.address.clone()),
            place: resource.place.clone(),
            account: self.places.known_account(resource),
            region: region_setting(self.places, resource),
        }
    }

    /// Returns a figure among the defaults, as an assumption.
    pub(super) fn figure(&self, id: &str) -> Option<Amount> {
        let own = self.context.defaults.figures().iter().find(|own| own.id == id)?;
        let quantity = parse_decimal(&own.value).ok()?;
        let quantity = crate::domain::Quantity::from_decimal(quantity).ok()?;
        let value =
            own.range.map_or(AmountValue::Known(quantity), |range| AmountValue::Range(Box::new(range)));
        let provenance = Provenance { kind: ProvenanceKind::Assumed, place: Place::default() };
        Some(Amount { value, provenance })
    }

    /// Returns the types of what some trail leads to nobody knows where.
    fn unsure(&self) -> BTreeSet<&'static str> {
        let mut all = BTreeSet::new();
        for own in &self.settings.trails {
            for (is_unknown, kinds) in [
                (own.bucket.is_unknown(), &[BUCKET, KEY][..]),
                (own.kms_key.is_unknown(), &[KEY]),
                (own.log_group.is_unknown(), &[LOG_GROUP, ALARM, COMPOSITE, TOPIC, KEY]),
                (own.topic.is_unknown(), &[TOPIC, KEY]),
            ] {
                all.extend(kinds.iter().filter(|_| is_unknown));
            }
        }
        all
    }

    /// Names what no trail leads to.
    fn left_out(&mut self) {
        let inventory = &self.inventory;
        let taken: BTreeSet<&str> = (inventory.buckets.iter().map(|own| own.name.as_str()))
            .chain(inventory.log_groups.iter().map(|own| own.name.as_str()))
            .chain(inventory.alarms.iter().map(|own| own.name.as_str()))
            .chain(inventory.topics.iter().map(|own| own.name.as_str()))
            .chain(inventory.event_rules.iter().map(|own| own.name.as_str()))
            .chain(inventory.kms_keys.iter().map(|own| own.name.as_str()))
            .collect();
        let kinds = [BUCKET, LOG_GROUP, ALARM, COMPOSITE, TOPIC, RULE, KEY];
        let unsure = self.unsure();
        for own in self.resources.iter().filter(|own| kinds.contains(&own.kind.name)) {
            if !taken.contains(own.address.as_str()) {
                let (what, remedy) = if unsure.contains(&own.kind.name) {
                    (
                        "whether a trail leads to it is not known, so that it is left out: ",
                        "apply, and run again",
                    )
                } else {
                    (
                        "no trail leads to it, so that it is no part of this: ",
                        "its cost is none of CloudTrail's",
                    )
                };
                self.findings.add(GapKind::NotIncluded, what, &own.address, "", remedy);
            }
        }
        for own in self.of(WORKGROUP) {
            self.findings.add(
                GapKind::NotIncluded,
                "what the queries of a workgroup scan: ",
                &own.address,
                "",
                "add a [[reader]] to the scenario of --volumes",
            );
        }
    }
}

/// Reads a side, and returns what its trails lead to with it. `led` is what is known to be led to already.
pub(in crate::sources::terraform) fn lower(
    resources: &[Resource],
    providers: &[Provider],
    places: &Places,
    context: &Context<'_>,
    everything: bool,
    led: &Led,
) -> (Side, Led) {
    let mut reading = Reading {
        resources,
        links: Links::new(resources, places),
        places,
        context,
        findings: Findings::default(),
        inventory: Inventory::default(),
        settings: Settings::default(),
        seen: Vec::new(),
        everything,
        unmanaged: BTreeSet::new(),
        keys: led.keys.clone(),
        other_keys: BTreeMap::new(),
        led,
    };
    reading.trails();
    reading.event_data_stores();
    let folders = reading.buckets();
    reading.log_groups();
    reading.alarms();
    reading.event_rules();
    reading.topics();
    reading.keys();
    reading.left_out();
    let own_led = Led::of(&reading, &folders);
    let names = resources.iter().filter_map(|own| Some((own.address.clone(), own_name(own)?))).collect();
    let lacks_account = !reading.inventory.trails.is_empty() || reading.inventory.has_chain();
    let lacks_account = lacks_account
        && resources
            .iter()
            .filter(|own| [kind::TRAIL, kind::STORE, BUCKET, LOG_GROUP].contains(&own.kind.name))
            .any(|own| places.known_account(own).is_none());
    reading.settings.providers = providers
        .iter()
        .map(|own| ProviderSettings {
            subject: Subject { name: own.alias.clone(), place: own.place.clone(), ..Subject::default() },
            region: own.region.clone(),
        })
        .collect();
    reading.settings.sort();
    let mut inventory = reading.inventory;
    sort(&mut inventory);
    let (gaps, incomplete) = reading.findings.into_gaps();
    let nowhere = resources.iter().filter(|own| places.known_region(own).is_none());
    let side = Side {
        inventory,
        settings: reading.settings,
        names,
        gaps,
        lacks_account,
        unmanaged: reading.unmanaged,
        incomplete,
        nowhere: nowhere.map(|own| own.address.clone()).collect(),
    };
    (side, own_led)
}

fn sort(own: &mut Inventory) {
    own.trails.sort_by(|one, two| one.name.cmp(&two.name));
    own.event_data_stores.sort_by(|one, two| one.name.cmp(&two.name));
    own.buckets.sort_by(|one, two| one.name.cmp(&two.name));
    own.log_groups.sort_by(|one, two| one.name.cmp(&two.name));
    own.alarms.sort_by(|one, two| one.name.cmp(&two.name));
    own.topics.sort_by(|one, two| one.name.cmp(&two.name));
    own.event_rules.sort_by(|one, two| one.name.cmp(&two.name));
    own.kms_keys.sort_by(|one, two| one.name.cmp(&two.name));
}
