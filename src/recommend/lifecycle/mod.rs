//! The lifecycle adviser: the cheapest sequence of storage classes and ages for a bucket, or the reason to leave it alone.

mod break_even;
mod sequences;

use self::break_even::BreakEven;
pub(super) use self::sequences::archiving_loss;
use self::sequences::{Changes, Limits, Move, rules, words};
use super::error::RecommendError;
use super::rule::Scene;
use super::turns::{in_turns, is_large};
use super::valuation::Value;
use crate::costing::Unpriced;
use crate::domain::{
    Age, Bucket, LifecycleAction, LifecycleRule, Model, Money, ReadScope, Reader, RetentionCheck,
    SMALL_OBJECT_KB, Trail, Volume,
};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, PoisonError};

/// Sequences that are priced as a whole, the cheapest by expectation first.
const PRICED_WHOLE: usize = 8;

/// Sizes (in bytes) above which objects are told to move, beside S3's own 128 KB.
const SIZES: [u64; 5] = [0, 4 << 10, 16 << 10, 32 << 10, 64 << 10];

/// What is advised for a bucket.
#[derive(Clone)]
pub(super) struct LifecycleAdvice {
    /// The cheapest lifecycle, where it is cheaper than today's.
    pub(super) best: Option<Best>,
    /// Whether today's lifecycle can be priced.
    pub(super) is_known: bool,
    /// Why, with the numbers.
    pub(super) why: String,
    /// What else to know.
    pub(super) notes: Vec<String>,
}

/// A lifecycle.
#[derive(Clone)]
pub(super) struct Best {
    pub(super) rules: Vec<LifecycleRule>,
    pub(super) words: String,
    /// The age in days from which objects take longer to be restored than today, where they do.
    pub(super) restored_from: Option<u32>,
    /// The age in days at which objects are deleted, where that is earlier than today.
    pub(super) deleted_from: Option<u32>,
}

/// One sequence with its price.
#[derive(Clone)]
struct Priced {
    cost: Money,
    sequence: Vec<Move>,
    larger_than: Option<u64>,
}

/// What edits can change of that which this advice depends on.
#[derive(PartialEq, Eq)]
struct Logs {
    /// Without their Insights and aggregation: these put nothing into buckets.
    trails: Vec<Trail>,
    buckets: Vec<Bucket>,
    readers: Vec<Reader>,
    /// What is given directly of S3 shares its tiers.
    volumes: Vec<Volume>,
}

impl Logs {
    fn of(model: &Model) -> Self {
        let mut trails = model.inventory.trails.clone();
        for trail in &mut trails {
            trail.insights.clear();
            trail.aggregation.clear();
        }
        let volumes = model.observations.volumes.iter().filter(|own| own.service == "AmazonS3");
        Self {
            trails,
            buckets: model.inventory.buckets.clone(),
            readers: model.inventory.readers.clone(),
            volumes: volumes.cloned().collect(),
        }
    }
}

/// What edits can change of that which the advice on one bucket depends on, where no volume tier is reached.
#[derive(PartialEq, Eq)]
struct OwnLogs {
    /// The bucket, and those that receive copies.
    buckets: Vec<Bucket>,
    readers: Vec<Reader>,
    /// What arrives, which says all that matters of the trails: objects and bytes of all months.
    arrivals: (u128, u128),
    trails: Vec<Trail>,
}

impl OwnLogs {
    fn of(logs: &Logs, bucket: &Bucket, arrivals: (u128, u128)) -> Self {
        let is_copy = |own: &&Bucket| bucket.replicas.iter().any(|copy| copy.bucket == own.name);
        let copies = logs.buckets.iter().filter(is_copy).cloned();
        let is_read = |own: &&Reader| own.bucket.as_ref() == Some(&bucket.name);
        // A bucket is also fed by those whose copies it holds.
        let feeds = |name: &String| {
            *name == bucket.name
                || logs.buckets.iter().any(|own| {
                    own.name == *name && own.replicas.iter().any(|copy| copy.bucket == bucket.name)
                })
        };
        let delivers = |own: &&Trail| own.delivery.bucket.as_ref().is_some_and(feeds);
        Self {
            buckets: std::iter::once(bucket.clone()).chain(copies).collect(),
            readers: logs.readers.iter().filter(is_read).cloned().collect(),
            arrivals,
            trails: logs.trails.iter().filter(delivers).cloned().collect(),
        }
    }
}

/// GB of the first volume tier of S3 Standard (S3 pricing: the first 50 TB of a month).
const FIRST_TIER_GB: u128 = 50 << 10;

/// Tells whether every bucket costs the same whatever the others hold.
fn are_independent(model: &Model, arrivals: &BTreeMap<String, (u128, u128)>) -> bool {
    let bytes = arrivals.values().fold(0_u128, |sum, (_, bytes)| sum.saturating_add(*bytes));
    !model.free_tier
        && bytes < FIRST_TIER_GB << 30
        && model.inventory.buckets.iter().all(|own| own.holds.is_empty() && own.receives.is_none())
        && model.observations.volumes.iter().all(|own| own.service != "AmazonS3")
}

/// What was advised for the buckets of a model's versions so far.
#[derive(Default)]
pub(super) struct Advised {
    known: Mutex<Vec<(Logs, Vec<Option<LifecycleAdvice>>)>>,
    own: Mutex<Vec<(OwnLogs, Option<LifecycleAdvice>)>>,
}

/// Advises on every bucket's lifecycle, in the order of the buckets.
pub(super) fn advise_all(scene: &Scene<'_, '_>) -> Result<Vec<Option<LifecycleAdvice>>, RecommendError> {
    let buckets = &scene.model.inventory.buckets;
    if buckets.is_empty() {
        return Ok(Vec::new());
    }
    let logs = Logs::of(scene.model);
    let known = || scene.advised.known.lock().unwrap_or_else(PoisonError::into_inner);
    let found = known().iter().find(|(own, _)| *own == logs).map(|(_, advice)| advice.clone());
    if let Some(advice) = found {
        return Ok(advice);
    }
    let arrivals = scene.valuer.arrivals(scene.model)?;
    let are_independent = are_independent(scene.model, &arrivals);
    let own_known = || scene.advised.own.lock().unwrap_or_else(PoisonError::into_inner);
    let advice = in_turns(buckets.len(), is_large(scene.model), &|at| {
        let bucket = &buckets[at];
        let arrivals = arrivals.get(&bucket.name).copied().unwrap_or_default();
        if !are_independent {
            return advise(scene, bucket, arrivals);
        }
        let own = OwnLogs::of(&logs, bucket, arrivals);
        let found = own_known().iter().find(|(other, _)| *other == own).map(|(_, advice)| advice.clone());
        if let Some(advice) = found {
            return Ok(advice);
        }
        let advice = advise(scene, bucket, arrivals)?;
        own_known().push((own, advice.clone()));
        Ok(advice)
    })?;
    known().push((logs, advice.clone()));
    Ok(advice)
}

/// Advises on a bucket's lifecycle; nothing where the bucket holds and receives nothing.
fn advise(
    scene: &Scene<'_, '_>,
    bucket: &Bucket,
    (objects, bytes): (u128, u128),
) -> Result<Option<LifecycleAdvice>, RecommendError> {
    let model = scene.model;
    if objects == 0 && bucket.holds.is_empty() {
        return Ok(None);
    }
    let readers = model.inventory.readers.iter().filter(|own| own.bucket.as_ref() == Some(&bucket.name));
    let checks = model.retention_checks();
    let limits =
        Limits::new(scene.demands, scene.keep.accept, bucket, readers, expiry(scene, bucket, &checks));
    let mut sizes: BTreeSet<u64> = SIZES.into_iter().collect();
    sizes.extend(bucket.sizes.iter().filter_map(|own| own.below).map(|below| below.saturating_sub(1)));
    let small = SMALL_OBJECT_KB << 10;
    let filters: Vec<Option<u64>> =
        if objects > 0 && bucket.sizes.is_empty() && bytes / objects >= u128::from(small) {
            vec![None]
        } else {
            std::iter::once(None).chain(sizes.iter().copied().map(Some)).collect()
        };
    let all: Vec<u64> = sizes.into_iter().collect();
    let mut trials = scene.valuer.trials(model, &all)?;
    let mut value = |rules: &[LifecycleRule]| -> Result<Value, RecommendError> {
        let usage = trials.with(&bucket.name, rules)?;
        scene.valuer.trial(&usage, model)
    };
    let stays = value(&bucket.lifecycle)?;
    let is_own = |(service, _, region): &&Unpriced| service == "AmazonS3" && *region == bucket.region;
    if let Some((_, usage_type, region)) = stays.unpriced.iter().find(is_own) {
        let why = format!(
            "no table has a price of {usage_type} in {region}: what it costs, and whether another lifecycle costs less, is \
             unknown (--pricing supplies prices)"
        );
        return Ok(Some(LifecycleAdvice { best: None, is_known: false, why, notes: Vec::new() }));
    }
    let today = stays.total;
    // What has no price is not cheaper for it.
    let mut price = |rules: &[LifecycleRule]| -> Result<Option<Money>, RecommendError> {
        let own = value(rules)?;
        Ok(own.unpriced_beside(&stays).is_none().then_some(own.total))
    };
    let sequences = limits.sequences();
    let mut best: Option<Priced> = None;
    let mut cheapest_move: Option<Priced> = None;
    for larger_than in filters {
        let mut single = |sequence: &[Move]| price(&rules(sequence, larger_than, limits.expires));
        let mut changes = Changes::new(&mut single);
        let mut expected: Vec<(Money, &Vec<Move>)> = Vec::with_capacity(sequences.len());
        for sequence in &sequences {
            if let Some(cost) = changes.expected(sequence, &limits)? {
                expected.push((cost, sequence));
            }
        }
        expected.sort_by(|left, right| {
            left.0.cmp(&right.0).then(left.1.len().cmp(&right.1.len())).then(left.1.cmp(right.1))
        });
        let mut whole = 0;
        for (_, sequence) in expected {
            if whole >= PRICED_WHOLE {
                break;
            }
            let own = rules(sequence, larger_than, limits.expires);
            if !is_allowed(model, bucket, &own, &checks) {
                continue;
            }
            whole += 1;
            let Some(cost) = price(&own)? else {
                continue;
            };
            let priced = Priced { cost, sequence: sequence.clone(), larger_than };
            if !sequence.is_empty() {
                keep_cheaper(&mut cheapest_move, &priced);
            }
            keep_cheaper(&mut best, &priced);
        }
    }
    let facts = Facts { scene, bucket, objects, bytes, today, expires: limits.expires };
    facts.advice(best, cheapest_move.as_ref()).map(Some)
}

/// Of equal costs the shorter sequence, and then the one without a size filter, is kept.
fn keep_cheaper(best: &mut Option<Priced>, other: &Priced) {
    let weight = |own: &Priced| (own.cost, own.sequence.len(), own.larger_than);
    if best.as_ref().is_none_or(|own| weight(other) < weight(own)) {
        *best = Some(other.clone());
    }
}

/// Returns the age at which objects are deleted: as the scenario demands, and otherwise as today, but no earlier than a
/// profile allows. Where a copy is kept for as long as demanded, nothing changes.
fn expiry(scene: &Scene<'_, '_>, bucket: &Bucket, checks: &[RetentionCheck]) -> Option<u32> {
    let today = bucket
        .lifecycle
        .iter()
        .filter(|rule| rule.action == LifecycleAction::Expire && !rule.has_size_filter())
        .map(|rule| rule.after.days())
        .min();
    let is_delivered_to = scene
        .model
        .inventory
        .trails
        .iter()
        .any(|own| own.logging && own.delivery.bucket.as_ref() == Some(&bucket.name));
    let demanded = scene.demands.retention.filter(|_| is_delivered_to).map(Age::days);
    let is_stated = scene.stated.retention.is_some();
    let is_copied = |own: &RetentionCheck| own.bucket == bucket.name && own.retention_copy.is_some();
    if checks.iter().any(is_copied) && checks.iter().all(|own| own.bucket != bucket.name || own.retention_met)
    {
        return today;
    }
    // What is read is not deleted before.
    let readers =
        scene.model.inventory.readers.iter().filter(|own| own.bucket.as_ref() == Some(&bucket.name));
    let read = readers.map(|own| match &own.scope {
        ReadScope::Logs { to, .. } => to.map(Age::days),
        ReadScope::Given { .. } => Some(0),
    });
    let demanded = match (demanded, read.collect::<Option<Vec<u32>>>()) {
        (Some(demanded), Some(read)) => Some(read.into_iter().fold(demanded, u32::max)),
        (Some(_), None) => return today,
        (None, _) => None,
    };
    match (today, demanded) {
        (None, demanded) => demanded.filter(|_| is_stated),
        (today, None) => today,
        // Deleted too early today, or later than stated: what is demanded holds.
        (Some(today), Some(demanded)) => Some(if today < demanded || is_stated { demanded } else { today }),
    }
}

/// Tells whether a lifecycle breaks no demand that is met today.
fn is_allowed(model: &Model, bucket: &Bucket, rules: &[LifecycleRule], today: &[RetentionCheck]) -> bool {
    if model.demands.retention.is_none() && model.demands.readable_within.is_empty() {
        return true;
    }
    let mut changed =
        Model { observations: crate::domain::Observations::default(), ..without_observations(model) };
    for own in changed.inventory.buckets.iter_mut().filter(|own| own.name == bucket.name) {
        own.lifecycle = rules.to_vec();
    }
    let broken = |checks: &[RetentionCheck]| {
        let mut broken: BTreeSet<(String, Option<(Age, Age)>)> = BTreeSet::new();
        for check in checks {
            if !check.retention_met {
                broken.insert((check.bucket.clone(), None));
            }
            for own in check.readable.iter().filter(|own| !own.met) {
                broken.insert((check.bucket.clone(), Some((own.age, own.within))));
            }
        }
        broken
    };
    broken(&changed.retention_checks()).is_subset(&broken(today))
}

/// Returns the age in days from which a lifecycle lets objects take more than so many hours to be read.
fn archived_from(rules: &[LifecycleRule], hours: u32) -> Option<u32> {
    let is_slow = |own: &&LifecycleRule| match own.action {
        LifecycleAction::Transition(class) => class.hours_to_read() > hours,
        LifecycleAction::Expire => false,
    };
    rules.iter().filter(is_slow).map(|own| own.after.days()).min()
}

/// Returns the model without what happens, which demands on buckets do not look at.
fn without_observations(model: &Model) -> Model {
    Model {
        name: String::new(),
        sources: Vec::new(),
        currency: model.currency.clone(),
        horizon: model.horizon,
        consolidated_billing: model.consolidated_billing,
        free_tier: model.free_tier,
        inventory: model.inventory.clone(),
        observations: crate::domain::Observations::default(),
        growth: model.growth.clone(),
        terms: Vec::new(),
        demands: model.demands.clone(),
        benefit: None,
        assumptions: Vec::new(),
        gaps: Vec::new(),
        measured: None,
    }
}

/// What the words are made of.
struct Facts<'a, 's, 'p> {
    scene: &'a Scene<'s, 'p>,
    bucket: &'a Bucket,
    objects: u128,
    bytes: u128,
    today: Money,
    expires: Option<u32>,
}

impl Facts<'_, '_, '_> {
    fn money(&self, amount: Money) -> String {
        let text = amount.rounded().to_string();
        let (whole, cents) = text.split_once('.').unwrap_or((&text, "00"));
        let whole = whole.parse().map_or_else(|_| whole.to_owned(), grouped);
        format!("{}{whole}.{cents}", self.scene.model.currency.symbol())
    }

    fn advice(
        &self,
        best: Option<Priced>,
        cheapest_move: Option<&Priced>,
    ) -> Result<LifecycleAdvice, RecommendError> {
        let mut notes = Vec::new();
        if let Some(mean) = self.bytes.checked_div(self.objects) {
            notes.push(format!("the mean object is {} KB", grouped(mean.div_ceil(1 << 10))));
        }
        let Some(best) = best.filter(|own| own.cost < self.today) else {
            return Ok(LifecycleAdvice {
                best: None,
                is_known: true,
                why: self.against(cheapest_move)?,
                notes,
            });
        };
        let saved = self.today.checked_sub(best.cost).unwrap_or(Money::ZERO);
        let words = words(&best.sequence, best.larger_than, self.expires);
        let why = format!(
            "what is stored in the bucket, and read from it, costs {} less over {} months",
            self.money(saved),
            self.scene.model.horizon.months,
        );
        let rules = rules(&best.sequence, best.larger_than, self.expires);
        let is_slower = |&(class, age): &Move| {
            let before =
                class.hours_to_read().checked_sub(1).map(|less| archived_from(&self.bucket.lifecycle, less));
            before.is_some_and(|today| today.is_none_or(|today| age < today))
        };
        let restored_from = best.sequence.iter().copied().filter(is_slower).map(|(_, age)| age).min();
        let ends = self.bucket.lifecycle.iter().filter(|own| own.action == LifecycleAction::Expire);
        let ends = ends.map(|own| own.after.days()).min();
        let deleted_from = self.expires.filter(|age| ends.is_none_or(|today| *age < today));
        Ok(LifecycleAdvice {
            best: Some(Best { rules, words, restored_from, deleted_from }),
            is_known: true,
            why,
            notes,
        })
    }

    /// Says why the lifecycle is left alone: what a move would cost, from which size on it pays, and what compacting would
    /// bring.
    fn against(&self, cheapest_move: Option<&Priced>) -> Result<String, RecommendError> {
        let months = self.scene.model.horizon.months;
        let even = BreakEven::new(self.scene, self.bucket);
        let mut why = match cheapest_move {
            Some(other) if other.cost >= self.today => format!(
                "{} would cost {} more over {months} months",
                words(&other.sequence, Some(other.larger_than.unwrap_or(0)), self.expires),
                self.money(other.cost.checked_sub(self.today).unwrap_or(Money::ZERO)),
            ),
            _ => "no sequence of storage classes costs less".to_owned(),
        };
        if let Some(forced) = even.cheapest_forced(self.objects, self.bytes, self.expires)? {
            why = format!(
                "moving objects of the mean size to {} would cost {} more over {months} months; it pays from {} KB an object",
                words(&forced.sequence, None, None),
                self.money(forced.more),
                grouped(forced.break_even.div_ceil(1 << 10)),
            );
        }
        if let Some((less, sequence)) = even.compacted(self.objects, self.bytes, self.expires)? {
            let then = match sequence.first() {
                None => "left in STANDARD".to_owned(),
                Some((class, _)) => format!("moved to {}", class.name()),
            };
            why.push_str(&format!(
                "; compacted into objects of 128 MB first and {then}, they would cost about {} less (the reads and writes of \
                 compacting included, the job that does it not)",
                self.money(less),
            ));
        }
        Ok(why)
    }
}

fn grouped(number: u128) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}
