//! Charges that the configuration causes while nobody states the volume: unknown, never zero.

use super::keys::Index;
use super::meter::Derived;
use super::recorders::{Recorder, RecorderKind, Recorders};
use super::selectors::{Match, selects};
use crate::domain::{
    Access, AccountId, AdvancedEventSelector, Component, EventCategory, EventClass, EventSource, Field, Gap,
    GapKind, Model, RegionCode, list_names,
};
use std::collections::{BTreeMap, BTreeSet};

/// A charge that the configuration causes and whose volume nobody states.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct UnknownCharge {
    pub(super) account: u32,
    pub(super) region: u16,
    pub(super) derived: Derived,
    pub(super) component: Component,
    pub(super) resource: u32,
}

/// What the configuration charges for and nobody states.
#[derive(Debug, Default)]
pub(super) struct Unknowns {
    pub(super) charges: BTreeSet<UnknownCharge>,
    pub(super) gaps: Vec<Gap>,
    /// Positions of event data stores that collect from accounts of which nothing is said.
    pub(super) stores: BTreeSet<usize>,
    /// Numbers of delivering trails that record accounts of which nothing is said.
    pub(super) taps: BTreeSet<u16>,
    /// Selectors that select nothing of what is stated.
    pub(super) warnings: Vec<String>,
}

/// Finds those charges, and says of each what is missing.
pub(super) fn unknown_charges(model: &Model, index: &Index, recorders: &Recorders<'_>) -> Unknowns {
    let stated = Stated::new(model, recorders);
    let mut found = Found { index, unknowns: Unknowns::default() };
    let further: Vec<usize> = further_copies(recorders);
    for (at, recorder) in recorders.all.iter().enumerate() {
        let charges = charges_of(recorder, further.contains(&at));
        let silent: Vec<&AccountId> =
            stated.silent.iter().copied().filter(|account| covers(recorder, account)).collect();
        if let RecorderKind::EventDataStore(store) = recorder.kind {
            if !silent.is_empty() && !recorder.selectors.is_empty() {
                found.unknowns.stores.insert(store);
            }
            continue;
        }
        if !silent.is_empty() && !recorder.selectors.is_empty() {
            found.unknowns.taps.extend(recorder.tap);
        }
        let region = home_of(model, recorder, index);
        if let Some(account) = stated.described_account(recorder, index) {
            for &charge in &charges {
                if !stated.states(recorder, &charge) {
                    found.add(recorder, &account, region.as_ref(), charge, None);
                }
            }
            found.unmatched(model, recorder);
        }
        if let [first, ..] = silent.as_slice() {
            for &charge in &charges {
                found.add(recorder, first, region.as_ref(), charge, Some(&silent));
            }
        }
    }
    for trail in model.inventory.trails.iter().filter(|trail| trail.logging && !trail.aggregation.is_empty())
    {
        let recorder = recorders
            .all
            .iter()
            .find(|recorder| std::ptr::eq(recorder.selectors, trail.selectors.as_slice()));
        if let Some(recorder) = recorder
            && !stated.gives(recorder, Derived::Aggregation)
            && let Some(account) = recorder.scope.account.or(index.keys.accounts.first())
        {
            let charge = Charge { derived: Derived::Aggregation, resource_type: None };
            found.add(recorder, account, Some(&trail.home_region), charge, None);
        }
    }
    found.unknowns
}

/// One kind of charge that a trail can cause.
#[derive(Debug, Clone, Copy)]
struct Charge<'a> {
    derived: Derived,
    /// Of data events, the resource type.
    resource_type: Option<&'a str>,
}

impl Charge<'_> {
    fn component(&self) -> Component {
        match self.derived {
            Derived::PaidEvents => Component::ManagementCopies,
            Derived::DataEvents => Component::of_data_events(self.resource_type),
            Derived::NetworkEvents => Component::NetworkActivity,
            Derived::Insights => Component::InsightsManagement,
            Derived::DataInsights => Component::InsightsData,
            Derived::Aggregation => Component::Aggregation,
            Derived::DirectDelivery => Component::CloudwatchDelivery,
            Derived::LogIngestion => Component::CloudwatchLogs,
            _ => Component::Other,
        }
    }

    fn words(&self) -> String {
        match self.derived {
            Derived::PaidEvents => "records a further copy of management events".to_owned(),
            Derived::DataEvents => {
                format!("records data events of {}", self.resource_type.unwrap_or("every resource type"))
            }
            Derived::NetworkEvents => "records network activity events".to_owned(),
            Derived::Insights => "has Insights on management events".to_owned(),
            Derived::DataInsights => "has Insights on data events".to_owned(),
            Derived::DirectDelivery => "delivers events to CloudWatch Logs".to_owned(),
            Derived::LogIngestion => "has CloudWatch Logs ingest events".to_owned(),
            _ => "aggregates data events".to_owned(),
        }
    }
}

/// Returns everything that a trail is charged for, the free first copy aside.
fn charges_of<'a>(recorder: &'a Recorder<'_>, is_further_copy: bool) -> Vec<Charge<'a>> {
    let mut charges = Vec::new();
    let mut add = |derived, resource_type| charges.push(Charge { derived, resource_type });
    if recorder.kind == RecorderKind::DirectDelivery {
        if !recorder.selectors.is_empty() {
            add(Derived::DirectDelivery, None);
            add(Derived::LogIngestion, None);
        }
        return charges;
    }
    if is_further_copy {
        add(Derived::PaidEvents, None);
    }
    for selector in recorder.selectors {
        match selector.category {
            EventCategory::Management => {}
            EventCategory::Data => {
                for resource_type in resource_types(selector) {
                    add(Derived::DataEvents, Some(resource_type));
                }
            }
            EventCategory::NetworkActivity => add(Derived::NetworkEvents, None),
        }
    }
    for insights in &recorder.insights {
        match insights.category {
            EventCategory::Data => add(Derived::DataInsights, None),
            _ => add(Derived::Insights, None),
        }
    }
    charges
}

/// What the model states, by account.
struct Stated<'a> {
    model: &'a Model,
    /// Accounts of which nothing is said but that they exist.
    silent: Vec<&'a AccountId>,
    /// The classes that happen in an account that a trail is confined to.
    classes: BTreeMap<&'a AccountId, BTreeSet<u32>>,
}

impl<'a> Stated<'a> {
    fn new(model: &'a Model, recorders: &Recorders<'_>) -> Self {
        let observations = &model.observations;
        let confined: BTreeSet<&AccountId> =
            recorders.all.iter().filter_map(|recorder| recorder.scope.account).collect();
        let mut described: BTreeSet<&AccountId> =
            observations.volumes.iter().map(|volume| &volume.account).collect();
        let mut classes: BTreeMap<&AccountId, BTreeSet<u32>> = BTreeMap::new();
        for activity in &observations.activities {
            described.insert(&activity.account);
            if confined.contains(&activity.account) {
                let own = classes.entry(&activity.account).or_default();
                own.extend(activity.counts.iter().map(|count| count.class));
            }
        }
        let accounts = model.inventory.accounts.iter().map(|account| &account.id);
        Self { model, silent: accounts.filter(|id| !described.contains(id)).collect(), classes }
    }

    /// Returns an account that the trail covers and of which something is said, or any where nothing is said of any.
    fn described_account(&self, recorder: &Recorder<'_>, index: &Index) -> Option<AccountId> {
        if let Some(account) = recorder.scope.account {
            return (!self.silent.contains(&account)).then(|| account.clone());
        }
        index.keys.accounts.iter().find(|account| !self.silent.contains(account)).cloned()
    }

    /// Tells whether a volume of this kind is given directly where the trail records.
    fn gives(&self, recorder: &Recorder<'_>, derived: Derived) -> bool {
        let meter = derived.meter();
        self.model.observations.volumes.iter().any(|volume| {
            volume.service == meter.service
                && volume.usage_type == meter.usage_type
                && covers(recorder, &volume.account)
        })
    }

    /// Tells whether anything is said of what a charge is for.
    fn states(&self, recorder: &Recorder<'_>, charge: &Charge<'_>) -> bool {
        let all = &self.model.observations.event_classes;
        let fits = |class: &EventClass| match charge.derived {
            Derived::DirectDelivery | Derived::LogIngestion => {
                selects(recorder.selectors, class) != Match::No
            }
            Derived::PaidEvents | Derived::Insights => class.category == EventCategory::Management,
            Derived::DataEvents => {
                class.category == EventCategory::Data && class.resource_type() == charge.resource_type
            }
            Derived::DataInsights => class.category == EventCategory::Data,
            _ => class.category == EventCategory::NetworkActivity,
        };
        let stated = match recorder.scope.account {
            None => all.iter().any(fits),
            Some(account) => self
                .classes
                .get(account)
                .is_some_and(|own| own.iter().any(|&class| fits(&all[class as usize]))),
        };
        stated || self.gives(recorder, charge.derived)
    }
}

/// Collects charges and gaps.
struct Found<'a> {
    index: &'a Index,
    unknowns: Unknowns,
}

impl Found<'_> {
    fn add(
        &mut self,
        recorder: &Recorder<'_>,
        account: &AccountId,
        region: Option<&RegionCode>,
        charge: Charge<'_>,
        silent: Option<&[&AccountId]>,
    ) {
        let Some(region) = region else {
            return;
        };
        let new = self.unknowns.charges.insert(UnknownCharge {
            account: self.index.account(account),
            region: self.index.region(region),
            derived: charge.derived,
            component: charge.component(),
            resource: recorder.resource,
        });
        if !new {
            return;
        }
        let name = &self.index.keys.resources[recorder.resource as usize];
        let (what, remedy) = match silent {
            None => (
                format!("`{name}` {}; their number is not given", charge.words()),
                "add the activity to the scenario, or give the volume directly",
            ),
            Some(accounts) => {
                let names: Vec<&str> = accounts.iter().map(|account| account.as_str()).collect();
                (
                    format!(
                        "`{name}` {}, and nothing says what happens in {}",
                        charge.words(),
                        list_names(&names)
                    ),
                    "add the account's activity, or `management = { read = 0, write = 0 }` where nothing happens",
                )
            }
        };
        self.unknowns.gaps.push(Gap { kind: GapKind::Volume, what, remedy: remedy.to_owned() });
    }
}

impl Found<'_> {
    /// Warns of data selectors that select none of the events stated of their resource type: a misspelt ARN, say.
    fn unmatched(&mut self, model: &Model, recorder: &Recorder<'_>) {
        let classes = &model.observations.event_classes;
        for selector in recorder.selectors.iter().filter(|selector| selector.category == EventCategory::Data)
        {
            for resource_type in resource_types(selector) {
                let mut stated =
                    classes.iter().filter(|class| class.resource_type() == Some(resource_type)).peekable();
                let own = std::slice::from_ref(selector);
                if stated.peek().is_some() && stated.all(|class| selects(own, class) == Match::No) {
                    let name = &self.index.keys.resources[recorder.resource as usize];
                    self.unknowns.warnings.push(format!(
                        "a selector of `{name}` on {resource_type} selects none of the events stated of that type"
                    ));
                }
            }
        }
    }
}

fn covers(recorder: &Recorder<'_>, account: &AccountId) -> bool {
    recorder.scope.account.is_none_or(|own| own == account)
}

/// Returns the Region that a trail's charge without activity is shown in.
fn home_of(model: &Model, recorder: &Recorder<'_>, index: &Index) -> Option<RegionCode> {
    let own = model
        .inventory
        .trails
        .iter()
        .find(|trail| std::ptr::eq(trail.selectors.as_slice(), recorder.selectors))
        .map(|trail| trail.home_region.clone());
    recorder.scope.region.cloned().or(own).or_else(|| index.keys.regions.first().cloned())
}

fn resource_types(selector: &AdvancedEventSelector) -> impl Iterator<Item = &str> {
    selector
        .fields
        .iter()
        .filter(|test| test.field == Field::ResourcesType)
        .flat_map(|test| test.equals.iter().map(String::as_str))
}

/// Returns the positions of trails that record what an earlier trail of an overlapping scope records too.
fn further_copies(recorders: &Recorders<'_>) -> Vec<usize> {
    let classes: Vec<EventClass> = [EventSource::Kms, EventSource::RdsData, EventSource::Other]
        .into_iter()
        .flat_map(|source| [Access::Read, Access::Write].map(|access| EventClass::management(access, source)))
        .collect();
    // For each trail the classes that it may record, so that pairs are compared by bits.
    let trails: Vec<(usize, &Recorder<'_>, u8)> = recorders
        .all
        .iter()
        .enumerate()
        .filter(|(_, recorder)| recorder.kind == RecorderKind::Trail)
        .map(|(at, recorder)| {
            let bits = classes.iter().zip(0_u8..).fold(0_u8, |bits, (class, bit)| {
                bits | (u8::from(selects(recorder.selectors, class) != Match::No) << bit)
            });
            (at, recorder, bits)
        })
        .collect();
    let overlap = |one: &Recorder<'_>, two: &Recorder<'_>| {
        one.scope.account.is_none_or(|own| two.scope.account.is_none_or(|other| own == other))
            && one.scope.region.is_none_or(|own| two.scope.region.is_none_or(|other| own == other))
    };
    trails
        .iter()
        .enumerate()
        .filter(|(at, (_, trail, bits))| {
            trails[..*at].iter().any(|(_, earlier, other)| bits & other != 0 && overlap(earlier, trail))
        })
        .map(|(_, (at, _, _))| *at)
        .collect()
}
