//! What a measurement found, as people ask for it: what is configured, what happens, how that is known, what is not.

use super::chart::volume;
use super::clean::visible;
use crate::domain::{
    AccountId, AdvancedEventSelector, BYTES_PER_GB, BillingMode, Bucket, Date, EventCategory, EventDataStore,
    Evidence, Field, FieldSelector, Gap, LifecycleAction, LogClass, LogGroup, Model, Trail, TrailScope,
};

/// The longest name that is shown whole, in characters.
const LONGEST_NAME: usize = 80;

/// What a view is made of.
#[derive(Debug, Clone, Copy)]
pub struct MeasurementFacts<'a> {
    /// Configuration, volumes and gaps.
    pub model: &'a Model,
    /// How each figure was come by.
    pub evidence: &'a [Evidence],
    /// The day of the run, if known.
    pub taken_on: Option<Date>,
    /// Whether the run was interrupted.
    pub partial: bool,
    /// Accounts and Regions read, and views of trails that are none.
    pub read: (usize, usize, usize),
}

/// A thing that is configured, in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfiguredRow {
    /// The name.
    pub name: String,
    /// Whose and where it is.
    pub place: String,
    /// What is said of it: a heading and a sentence each.
    pub settings: Vec<(&'static str, String)>,
}

/// What every format shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MeasurementView {
    /// The name of the scenario.
    pub name: String,
    /// The day of the run.
    pub taken_on: Option<Date>,
    /// First and last day of the metrics.
    pub measured: Option<(Date, Date)>,
    /// Whether the run was interrupted.
    pub partial: bool,
    /// Accounts read.
    pub accounts: usize,
    /// Regions read, of all accounts together.
    pub regions: usize,
    /// Views of trails from elsewhere, left out.
    pub shadow_trails: usize,
    /// Trails.
    pub trails: Vec<ConfiguredRow>,
    /// Event data stores, and deliveries to CloudWatch Logs without a trail.
    pub event_data_stores: Vec<ConfiguredRow>,
    /// Buckets.
    pub buckets: Vec<ConfiguredRow>,
    /// Log groups.
    pub log_groups: Vec<ConfiguredRow>,
    /// Volumes of a month, each with its figure.
    pub volumes: Vec<VolumeRow>,
    /// How each figure was come by.
    pub evidence: Vec<Evidence>,
    /// What could not be seen.
    pub gaps: Vec<Gap>,
}

/// A volume of the scenario.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VolumeRow {
    /// The account.
    pub account: String,
    /// The Region.
    pub region: String,
    /// The events or the usage type.
    pub what: String,
    /// What it is counted in.
    pub unit: String,
    /// The figure; `None` is unknown.
    pub likely: Option<rust_decimal::Decimal>,
    /// The range, if it is one.
    pub range: Option<(rust_decimal::Decimal, rust_decimal::Decimal)>,
}

/// Makes a name harmless, and as short as it must be.
fn name(text: &str) -> String {
    let clean = visible(text);
    if clean.chars().count() <= LONGEST_NAME {
        return clean;
    }
    let cut: String = clean.chars().take(LONGEST_NAME - 1).collect();
    format!("{cut}…")
}

impl MeasurementView {
    /// Makes the view.
    pub fn new(facts: &MeasurementFacts<'_>) -> Self {
        let inventory = &facts.model.inventory;
        let mut stores: Vec<ConfiguredRow> = inventory.event_data_stores.iter().map(store_row).collect();
        stores.extend(inventory.direct_deliveries.iter().map(|own| ConfiguredRow {
            name: name(&own.name),
            place: place(
                own.account.as_ref(),
                own.region.as_ref().map_or("every Region", |own| own.as_str()),
            ),
            settings: vec![
                ("delivers", "to CloudWatch Logs, without a trail".to_owned()),
                ("records", selectors_text(&own.selectors)),
            ],
        }));
        let (accounts, regions, shadow_trails) = facts.read;
        Self {
            name: name(&facts.model.name),
            taken_on: facts.taken_on,
            measured: facts.model.measured.as_ref().map(|own| (own.from, own.to)),
            partial: facts.partial,
            accounts,
            regions,
            shadow_trails,
            trails: trail_rows(&inventory.trails),
            event_data_stores: stores,
            buckets: inventory.buckets.iter().map(bucket_row).collect(),
            log_groups: inventory.log_groups.iter().map(log_group_row).collect(),
            volumes: volume_rows(facts.model),
            evidence: facts.evidence.iter().map(clean_evidence).collect(),
            gaps: facts
                .model
                .gaps
                .iter()
                .map(|own| Gap { what: visible(&own.what), remedy: visible(&own.remedy), ..own.clone() })
                .collect(),
        }
    }

    /// Returns how many volumes are unknown.
    pub fn unknown_volumes(&self) -> usize {
        self.volumes.iter().filter(|own| own.likely.is_none()).count()
    }
}

fn clean_evidence(own: &Evidence) -> Evidence {
    Evidence {
        what: visible(&own.what),
        value: visible(&own.value),
        how: visible(&own.how),
        certainty: own.certainty,
    }
}

fn place(account: Option<&AccountId>, region: &str) -> String {
    account.map_or_else(|| format!("every account, {region}"), |own| format!("{own}, {}", visible(region)))
}

fn trail_rows(trails: &[Trail]) -> Vec<ConfiguredRow> {
    let mut ordered: Vec<&Trail> = trails.iter().collect();
    ordered.sort_by(|one, two| one.copy_order().cmp(&two.copy_order()));
    let records = |trail: &Trail| {
        trail.logging && trail.selectors.iter().any(|own| own.category == EventCategory::Management)
    };
    let overlap = |one: &Trail, two: &Trail| {
        let (one, two) = (one.recording_scope(), two.recording_scope());
        one.account.is_none_or(|own| two.account.is_none_or(|other| own == other))
            && one.region.is_none_or(|own| two.region.is_none_or(|other| own == other))
    };
    ordered
        .iter()
        .enumerate()
        .map(|(at, trail)| {
            let earlier = ordered[..at].iter().filter(|own| records(own) && overlap(own, trail)).count();
            let copies = match (records(trail), earlier) {
                (false, _) => "none of management events",
                (true, 0) => "the first of management events, free",
                (true, _) => "a further one of management events, charged",
            };
            trail_row(trail, copies)
        })
        .collect()
}

fn trail_row(trail: &Trail, copies: &str) -> ConfiguredRow {
    let whose = match &trail.scope {
        TrailScope::Account(id) => id.to_string(),
        TrailScope::EachAccount => "each account".to_owned(),
        TrailScope::Organization => "the organization".to_owned(),
    };
    let regions = if trail.multi_region {
        format!("every Region (home {})", trail.home_region)
    } else {
        format!("{} only", trail.home_region)
    };
    let mut settings = vec![
        ("logging", if trail.logging { "yes" } else { "no" }.to_owned()),
        ("records", selectors_text(&trail.selectors)),
        ("copy", copies.to_owned()),
    ];
    if !trail.insights.is_empty() {
        let types: Vec<String> = trail
            .insights
            .iter()
            .map(|own| {
                let of = if own.category == EventCategory::Data { "data" } else { "management" };
                format!("{} on {of} events", own.insights_type.name())
            })
            .collect();
        settings.push(("Insights", types.join(", ")));
    }
    if !trail.aggregation.is_empty() {
        settings.push((
            "aggregates",
            trail.aggregation.iter().map(|own| name(own)).collect::<Vec<_>>().join(", "),
        ));
    }
    let delivery = &trail.delivery;
    let mut to = Vec::new();
    to.extend(delivery.bucket.as_ref().map(|own| format!("bucket {}", name(own))));
    if delivery.kms == Some(true) {
        to.push("SSE-KMS".to_owned());
    }
    if delivery.log_file_validation == Some(true) {
        to.push("digest files".to_owned());
    }
    to.extend(delivery.log_group.as_ref().map(|own| format!("log group {}", name(own))));
    to.extend(delivery.sns_topic.as_ref().map(|own| format!("topic {}", name(own))));
    settings
        .push(("delivers", if to.is_empty() { "nothing that was seen".to_owned() } else { to.join(", ") }));
    ConfiguredRow { name: name(&trail.name), place: format!("{whose}, {regions}"), settings }
}

fn store_row(store: &EventDataStore) -> ConfiguredRow {
    let whose = if store.organization { "the organization's, in " } else { "" };
    let regions = if store.multi_region { "every Region" } else { "its Region only" };
    let mode = match store.billing_mode {
        BillingMode::OneYearExtendable => "one-year extendable retention pricing",
        BillingMode::SevenYear => "seven-year retention pricing",
    };
    ConfiguredRow {
        name: name(&store.name),
        place: format!("{whose}{}, {}", store.account, store.home_region),
        settings: vec![
            ("ingesting", if store.ingesting { "yes" } else { "no" }.to_owned()),
            ("records", format!("{}; {regions}", selectors_text(&store.selectors))),
            ("keeps", format!("{} days, {mode}", store.retention_days)),
        ],
    }
}

fn bucket_row(bucket: &Bucket) -> ConfiguredRow {
    let mut settings = Vec::new();
    let steps: Vec<String> = bucket
        .lifecycle
        .iter()
        .map(|step| match step.action {
            LifecycleAction::Transition(to) => format!("{} after {}", to.name(), step.after),
            LifecycleAction::Expire => format!("deleted after {}", step.after),
        })
        .collect();
    settings.push(("lifecycle", if steps.is_empty() { "none".to_owned() } else { steps.join(", ") }));
    let mut more = Vec::new();
    if let Some(versioning) = bucket.versioning {
        more.push(versioning.noncurrent.map_or_else(
            || "versions kept for ever".to_owned(),
            |age| format!("noncurrent versions kept {age}"),
        ));
    }
    more.extend(bucket.object_lock.map(|age| format!("Object Lock for {age}")));
    if bucket.kms {
        more.push("SSE-KMS by default".to_owned());
    }
    if bucket.bucket_key_saving.is_some() {
        more.push("Bucket Key".to_owned());
    }
    more.extend(bucket.replicas.iter().map(|own| format!("replicated to {}", name(&own.bucket))));
    if !more.is_empty() {
        settings.push(("settings", more.join(", ")));
    }
    let holds: Vec<String> = bucket
        .holds
        .iter()
        .map(|own| {
            let figure = |amount: &crate::domain::Amount| {
                amount
                    .likely()
                    .map_or_else(|| "unknown".to_owned(), |own| super::number::grouped(own.rounded(0)))
            };
            let bytes =
                own.bytes.likely().map_or_else(|| "unknown size".to_owned(), |own| size(own.rounded(0)));
            format!("{} objects of {bytes} in {}", figure(&own.objects), own.class.name())
        })
        .collect();
    settings.push((
        "holds",
        if holds.is_empty() { "nothing that was seen".to_owned() } else { holds.join(", ") },
    ));
    ConfiguredRow {
        name: name(&bucket.name),
        place: format!("{}, {}", bucket.account, bucket.region),
        settings,
    }
}

/// Writes bytes in the unit that people read.
fn size(bytes: rust_decimal::Decimal) -> String {
    volume(bytes.checked_div(BYTES_PER_GB.into()).unwrap_or_default())
}

fn log_group_row(group: &LogGroup) -> ConfiguredRow {
    let class = match group.class {
        LogClass::Standard => "Standard",
        LogClass::InfrequentAccess => "Infrequent Access",
    };
    let kept = group.retention.map_or_else(|| "for ever".to_owned(), |age| format!("for {age}"));
    let mut settings = vec![("keeps", format!("{kept}, class {class}"))];
    if let Some(bytes) = group.holds.as_ref().and_then(crate::domain::Amount::likely) {
        settings.push(("holds", size(bytes.rounded(0))));
    }
    if !group.metric_filters.is_empty() {
        let names: Vec<String> = group.metric_filters.iter().map(|own| name(&own.name)).collect();
        settings.push(("filters", crate::domain::list_names(&names)));
    }
    ConfiguredRow { name: name(&group.name), place: format!("{}, {}", group.account, group.region), settings }
}

/// Says what selectors select, in words.
fn selectors_text(selectors: &[AdvancedEventSelector]) -> String {
    if selectors.is_empty() {
        return "nothing".to_owned();
    }
    selectors.iter().map(selector_text).collect::<Vec<_>>().join("; ")
}

pub(super) fn selector_text(selector: &AdvancedEventSelector) -> String {
    let category = match selector.category {
        EventCategory::Management => "management events",
        EventCategory::Data => "data events",
        EventCategory::NetworkActivity => "network activity events",
    };
    let mut access = "";
    let mut kind = String::new();
    let mut others = Vec::new();
    for test in &selector.fields {
        let plain = test.not_equals.is_empty() && test.equals.len() == 1;
        match (test.field, test.equals.first().map(String::as_str)) {
            (Field::ReadOnly, Some("true")) if plain => access = "read ",
            (Field::ReadOnly, Some("false")) if plain => access = "write ",
            (Field::ResourcesType, Some(own)) if plain => kind = format!(" of {}", name(own)),
            _ => others.push(test_text(test)),
        }
    }
    let others = if others.is_empty() { String::new() } else { format!(", where {}", others.join(" and ")) };
    format!("{access}{category}{kind}{others}")
}

fn test_text(test: &FieldSelector) -> String {
    let lists = [
        ("is", &test.equals),
        ("starts with", &test.starts_with),
        ("ends with", &test.ends_with),
        ("is not", &test.not_equals),
        ("does not start with", &test.not_starts_with),
        ("does not end with", &test.not_ends_with),
    ];
    let parts: Vec<String> = lists
        .into_iter()
        .filter(|(_, values)| !values.is_empty())
        .map(|(words, values)| {
            let names: Vec<String> = values.iter().map(|own| name(own)).collect();
            format!("{} {words} {}", test.field.name(), crate::domain::list_names(&names))
        })
        .collect();
    parts.join(" and ")
}

pub(super) fn volume_rows(model: &Model) -> Vec<VolumeRow> {
    let observations = &model.observations;
    let figures = |amount: &crate::domain::Amount| {
        let range = match &amount.value {
            crate::domain::AmountValue::Range(own) => Some((own.low.rounded(12), own.high.rounded(12))),
            _ => None,
        };
        (amount.likely().map(|own| own.rounded(12).normalize()), range)
    };
    let mut rows: Vec<VolumeRow> = Vec::new();
    for activity in &observations.activities {
        for count in &activity.counts {
            let class = observations.event_classes.get(count.class as usize);
            let (likely, range) = figures(&count.amount);
            rows.push(VolumeRow {
                account: activity.account.to_string(),
                region: activity.region.to_string(),
                what: class.map(|own| name(&own.describe())).unwrap_or_default(),
                unit: "events".to_owned(),
                likely,
                range,
            });
        }
    }
    for volume in &observations.volumes {
        let (likely, range) = figures(&volume.amount);
        rows.push(VolumeRow {
            account: volume.account.to_string(),
            region: volume.region.to_string(),
            what: format!("{} (billed)", name(&volume.usage_type)),
            unit: volume.unit.name().to_owned(),
            likely,
            range,
        });
    }
    rows.sort_by(|one, two| {
        (&one.account, &one.region, &one.what).cmp(&(&two.account, &two.region, &two.what))
    });
    rows
}
