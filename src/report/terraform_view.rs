//! What a Terraform plan does to the cost, resource by resource.

use super::clean::visible;
use super::measurement_view::selector_text;
use super::number::{amount_text, currency_text, money_text, signed_text};
use super::view::{ReportView, gap_heading, gap_words};
use crate::domain::{
    EventCategory, GapKind, Inventory, LineItem, LineItemSink, Model, Money, Quantity, RegionCode, SinkError,
    Trail, TrailScope,
};
use crate::pricing::RateCard;
use std::collections::{BTreeMap, BTreeSet};

/// Costs of one side by what is charged, added up while line items are priced.
#[derive(Debug, Default)]
pub struct ResourceCosts {
    of: BTreeMap<String, ResourceCost>,
    /// The key that encrypts what a bucket holds: its calls are the key's.
    keys: BTreeMap<String, String>,
}

/// What one thing costs over the horizon.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ResourceCost {
    /// The first month, exact.
    pub first_month: Money,
    /// The horizon, exact.
    pub total: Money,
    /// Whether more is charged, nobody knows how much.
    pub incomplete: bool,
}

impl ResourceCost {
    fn add(&mut self, other: Self) -> Option<()> {
        self.first_month = self.first_month.checked_add(other.first_month)?;
        self.total = self.total.checked_add(other.total)?;
        self.incomplete |= other.incomplete;
        Some(())
    }
}

impl ResourceCosts {
    /// Starts to add up a model's costs.
    pub fn new(model: &Model) -> Self {
        let keys = model.inventory.buckets.iter();
        let keys = keys.filter_map(|own| Some((own.name.clone(), own.kms_key.clone()?))).collect();
        Self { of: BTreeMap::new(), keys }
    }

    fn find(&self, name: &str) -> ResourceCost {
        self.of.get(name).copied().unwrap_or_default()
    }
}

/// Adds up the first month apart.
#[derive(Debug)]
pub struct ResourceSink<'a> {
    costs: &'a mut ResourceCosts,
    first: crate::domain::Month,
}

impl<'a> ResourceSink<'a> {
    /// Adds to `costs`; `first` is the first month.
    pub fn new(costs: &'a mut ResourceCosts, first: crate::domain::Month) -> Self {
        Self { costs, first }
    }
}

impl LineItemSink for ResourceSink<'_> {
    fn take(&mut self, item: &LineItem<'_>) -> Result<(), SinkError> {
        let key = self.costs.keys.get(item.resource).filter(|_| item.meter.service == "awskms");
        let name = key.map_or(item.resource, String::as_str).to_owned();
        let cost = item.contracted_cost.unwrap_or_default();
        let own = ResourceCost {
            first_month: if item.month == self.first { cost } else { Money::ZERO },
            total: cost,
            incomplete: item.has_unknown || item.contracted_cost.is_none(),
        };
        let sum = self.costs.of.entry(name).or_default();
        sum.add(own).ok_or_else(|| SinkError("a cost is too large to be held".into()))
    }
}

/// What is shown of a plan.
#[derive(Debug)]
pub struct TerraformFacts<'a> {
    /// The file or folder, as it was named.
    pub path: &'a str,
    /// `plan`, `state` or `sources`.
    pub form: &'a str,
    /// Whether volumes are known: without, nothing that depends on them is.
    pub has_volumes: bool,
    /// What is done to each managed resource, by address.
    pub actions: &'a BTreeMap<String, &'static str>,
    /// Own names by address.
    pub names: &'a BTreeMap<String, String>,
    /// The models.
    pub models: (&'a Model, &'a Model),
    /// Their costs.
    pub costs: (&'a ResourceCosts, &'a ResourceCosts),
    /// Their estimates.
    pub views: (&'a ReportView, &'a ReportView),
    /// The prices.
    pub card: &'a RateCard,
    /// What of the scenario is not taken.
    pub notes: &'a [String],
    /// Names of what costs more or less than is known: before, and after.
    pub incomplete: (&'a BTreeSet<String>, &'a BTreeSet<String>),
}

/// A resource's costs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TerraformRow {
    /// The address; of the two rows that are of no managed resource, `unmanaged` and `shared`.
    pub id: String,
    /// The words shown; harmless.
    pub label: String,
    /// The own name, if it is known and not the address; harmless.
    pub name: Option<String>,
    /// What is done to it: `create`, `update`, `replace`, `delete`, `keep`, `forget`; empty for what is not managed.
    pub action: &'static str,
    /// Before.
    pub before: ResourceCost,
    /// After.
    pub after: ResourceCost,
}

impl TerraformRow {
    /// Tells whether either side lacks something.
    pub fn is_incomplete(&self) -> bool {
        self.before.incomplete || self.after.incomplete
    }

    /// Returns after − before over the horizon, as far as both are known.
    pub fn difference(&self) -> Money {
        self.after.total.checked_sub(self.before.total).unwrap_or_default()
    }
}

/// Everything that is shown of a plan.
#[derive(Debug)]
pub struct TerraformView {
    /// The file or folder; harmless.
    pub path: String,
    /// `plan`, `state` or `sources`.
    pub form: String,
    /// The months of the horizon.
    pub months: u32,
    /// The words for the horizon.
    pub horizon: String,
    /// The currency.
    pub currency: crate::domain::Currency,
    /// The date whose prices these are.
    pub as_of: crate::domain::Date,
    /// Whether volumes are known.
    pub has_volumes: bool,
    /// By address, and at the end what is not managed.
    pub rows: Vec<TerraformRow>,
    /// The whole.
    pub total: TerraformRow,
    /// What is recorded after, a line for each trail and event data store; harmless.
    pub recorded: Vec<String>,
    /// What a million events cost; harmless.
    pub unit_costs: Vec<String>,
    /// What is not known, not included, or should be known: heading and words; harmless.
    pub details: Vec<(String, String)>,
}

impl TerraformView {
    /// Makes the view.
    pub fn new(facts: &TerraformFacts<'_>) -> Self {
        let (before, after) = facts.costs;
        let view = facts.views.1;
        let months = u32::try_from(view.months.len()).unwrap_or(u32::MAX);
        let rows = rows(facts);
        let sum = |costs: &ResourceCosts, incomplete: bool| {
            let mut all = ResourceCost::default();
            let fits = costs.of.values().all(|own| all.add(*own).is_some());
            all.incomplete |= incomplete || !fits;
            all
        };
        let total = TerraformRow {
            id: "total".to_owned(),
            label: "Total".to_owned(),
            name: None,
            action: "",
            before: sum(before, facts.views.0.total.incomplete || !facts.incomplete.0.is_empty()),
            after: sum(after, view.total.incomplete || !facts.incomplete.1.is_empty()),
        };
        Self {
            path: visible(facts.path),
            form: facts.form.to_owned(),
            months,
            horizon: view.horizon_words(),
            currency: view.currency.clone(),
            as_of: view.as_of,
            has_volumes: facts.has_volumes,
            rows,
            total,
            recorded: recorded(facts),
            unit_costs: unit_costs(&facts.models.1.inventory, facts.card),
            details: details(facts),
        }
    }

    /// Returns the mean month of an amount over the horizon, rounded as money is shown.
    pub fn mean(&self, total: Money) -> Money {
        total.divided_by(self.months.max(1)).unwrap_or_default()
    }

    /// Tells whether the cost rises by more than an amount a month, as far as it is known: exactly, over the horizon.
    pub fn exceeds(&self, a_month: Money) -> bool {
        let limit = a_month.times(rust_decimal::Decimal::from(self.months));
        limit.is_some_and(|limit| {
            let left = self.total.difference().checked_sub(limit);
            left.is_some_and(|own| !own.is_negative() && !own.is_zero())
        })
    }

    /// Says in one sentence what the apply does to the cost.
    pub fn sentence(&self) -> String {
        let symbol = self.currency.symbol();
        let difference = self.total.difference();
        let text = |amount: Money| match amount {
            own if own.is_zero() => format!("±{}", currency_text(own, &symbol)),
            own => signed_text(currency_text(own, &symbol), own),
        };
        let known = if self.total.is_incomplete() { ", as far as it is known" } else { "" };
        let month = text(self.mean(difference));
        format!("{month} a month, {} in {}{known}", text(difference), self.horizon)
    }

    /// Writes one side of a row, a month.
    pub fn side_text(&self, own: ResourceCost) -> String {
        amount_text(self.mean(own.total), own.incomplete)
    }

    /// Writes a row's difference, a month; of what is not fully known none.
    pub fn difference_text(&self, own: &TerraformRow) -> String {
        if own.is_incomplete() {
            return "unknown".to_owned();
        }
        let mean = self.mean(own.difference());
        signed_text(money_text(mean), mean)
    }
}

fn rows(facts: &TerraformFacts<'_>) -> Vec<TerraformRow> {
    let (before, after) = facts.costs;
    let shown = addresses(&facts.models.0.inventory).chain(addresses(&facts.models.1.inventory));
    let charged = before.of.keys().chain(after.of.keys()).map(String::as_str);
    // What is guessed or left out of a resource is seen at it, also where nothing of it is charged.
    let guessed = facts.incomplete.0.iter().chain(facts.incomplete.1).map(String::as_str);
    let guessed = guessed.filter(|own| facts.actions.contains_key(*own));
    let cost = |costs: &ResourceCosts, incomplete: &BTreeSet<String>, name: &str| {
        let mut own = costs.find(name);
        own.incomplete |= incomplete.contains(name);
        own
    };
    let all: BTreeSet<&str> = shown.chain(charged).chain(guessed).collect();
    let (managed, others): (Vec<&str>, Vec<&str>) =
        all.into_iter().partition(|own| facts.actions.contains_key(*own));
    let mut rows: Vec<TerraformRow> = managed
        .into_iter()
        .map(|address| TerraformRow {
            id: visible(address),
            label: visible(address),
            name: facts.names.get(address).map(|own| visible(own)),
            action: facts.actions.get(address).copied().unwrap_or_default(),
            before: cost(before, facts.incomplete.0, address),
            after: cost(after, facts.incomplete.1, address),
        })
        .collect();
    for (id, label, is_shared) in [
        ("unmanaged", "what Terraform does not manage", false),
        ("shared", "volumes that are of no resource", true),
    ] {
        let names = || others.iter().filter(|own| own.is_empty() == is_shared);
        let sum = |costs: &ResourceCosts, incomplete: &BTreeSet<String>| {
            let mut all = ResourceCost::default();
            let fits = names().all(|own| all.add(cost(costs, incomplete, own)).is_some());
            all.incomplete |= !fits;
            all
        };
        let (before, after) = (sum(before, facts.incomplete.0), sum(after, facts.incomplete.1));
        if before != ResourceCost::default() || after != ResourceCost::default() {
            rows.push(TerraformRow {
                id: id.to_owned(),
                label: label.to_owned(),
                name: None,
                action: "",
                before,
                after,
            });
        }
    }
    rows
}

/// Returns the names of everything that is configured.
fn addresses(own: &Inventory) -> impl Iterator<Item = &str> {
    let trails = own.trails.iter().map(|own| own.name.as_str());
    trails
        .chain(own.event_data_stores.iter().map(|own| own.name.as_str()))
        .chain(own.buckets.iter().map(|own| own.name.as_str()))
        .chain(own.kms_keys.iter().map(|own| own.name.as_str()))
        .chain(own.log_groups.iter().map(|own| own.name.as_str()))
        .chain(own.alarms.iter().map(|own| own.name.as_str()))
        .chain(own.topics.iter().map(|own| own.name.as_str()))
        .chain(own.event_rules.iter().map(|own| own.name.as_str()))
}

/// Says what each trail and event data store records after the apply.
fn recorded(facts: &TerraformFacts<'_>) -> Vec<String> {
    let inventory = &facts.models.1.inventory;
    let selectors = |own: &[crate::domain::AdvancedEventSelector]| {
        own.iter().map(selector_text).collect::<Vec<_>>().join("; ")
    };
    let mut lines = Vec::new();
    for own in &inventory.trails {
        let scope = match (&own.scope, own.multi_region) {
            (TrailScope::Organization, true) => "every account of the organization, every Region".to_owned(),
            (TrailScope::Organization, false) => {
                format!("every account of the organization, {}", own.home_region)
            }
            (TrailScope::EachAccount, _) => "each account".to_owned(),
            (TrailScope::Account(_), true) => "every Region".to_owned(),
            (TrailScope::Account(_), false) => own.home_region.to_string(),
        };
        let state = if own.logging { "" } else { ", stopped" };
        let insights = match own.insights.len() {
            0 => String::new(),
            _ => format!("; Insights: {}", insights(own)),
        };
        lines.push(visible(&format!(
            "{} ({scope}{state}): {}{insights}",
            own.name,
            selectors(&own.selectors)
        )));
    }
    for own in &inventory.event_data_stores {
        let scope = if own.multi_region { "every Region".to_owned() } else { own.home_region.to_string() };
        let days = own.retention_days;
        lines.push(visible(&format!(
            "{} ({scope}, kept for {days} days): {}",
            own.name,
            selectors(&own.selectors)
        )));
    }
    lines
}

fn insights(own: &Trail) -> String {
    let all: Vec<String> = own.insights.iter().map(|own| own.insights_type.name().to_owned()).collect();
    all.join(", ")
}

/// Says what a million events cost in the Regions in which trails stand.
fn unit_costs(inventory: &Inventory, card: &RateCard) -> Vec<String> {
    let mut wanted: BTreeSet<(RegionCode, u8, &str, &str)> = BTreeSet::new();
    for own in inventory.trails.iter().filter(|own| own.logging) {
        for selector in &own.selectors {
            let (at, usage_type, words) = match selector.category {
                EventCategory::Management => {
                    (0, "PaidEventsRecorded", "further copies of management events (the first copy is free)")
                }
                EventCategory::Data => (1, "DataEventsRecorded", "data events"),
                EventCategory::NetworkActivity => (2, "NetworkEventsRecorded", "network activity events"),
            };
            wanted.insert((own.home_region.clone(), at, usage_type, words));
        }
        for insights in &own.insights {
            let (at, usage_type, words) = match insights.category {
                EventCategory::Data => (4, "DataInsightsEvents", "data events analysed by an Insights type"),
                _ => (3, "InsightsEvents", "management events analysed by an Insights type"),
            };
            wanted.insert((own.home_region.clone(), at, usage_type, words));
        }
    }
    let million = Quantity::from_count(1_000_000);
    wanted
        .into_iter()
        .map(|(region, _, usage_type, words)| {
            let rate = card.rate("AWSCloudTrail", usage_type, &region).ok();
            let price = rate.and_then(|own| own.tiers.first()?.price);
            let symbol = rate.map(|own| own.currency.symbol()).unwrap_or_default();
            let text = price.and_then(|own| own.times(million)).map(|own| currency_text(own, &symbol));
            format!("{region}: {} for a million {words}", text.unwrap_or_else(|| "unknown".to_owned()))
        })
        .collect()
}

fn details(facts: &TerraformFacts<'_>) -> Vec<(String, String)> {
    let mut lines: Vec<(String, String)> = Vec::new();
    let mut add = |heading: &str, words: String| {
        let line = (heading.to_owned(), visible(&words));
        if !lines.contains(&line) {
            lines.push(line);
        }
    };
    for note in facts.notes {
        add("Volumes", note.clone());
    }
    let (before, after) = facts.views;
    for (view, is_before) in [(after, false), (before, true)] {
        for (what, row) in &view.missing_prices {
            add("Price missing", format!("{what}; row to add: {row}"));
        }
        for unknown in &view.unknown {
            add("Unknown volume", unknown.clone());
        }
        // What nothing records before is what the plan is for.
        let is_told = |own: &&crate::domain::Gap| !is_before || own.kind != GapKind::Coverage;
        for gap in view.gaps.iter().filter(is_told) {
            add(gap_heading(gap.kind), gap_words(&gap.what, &gap.remedy));
        }
        for warning in &view.warnings {
            add("Note", warning.clone());
        }
    }
    lines
}
