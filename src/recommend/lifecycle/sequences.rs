//! Every sequence of storage classes and ages that is worth pricing, and what it is expected to cost.
//!
//! What a transition changes depends on the class left, the class entered and the age alone (in Intelligent-Tiering also
//! on the age at which it was entered), as long as no volume tier is crossed: so a sequence's cost is the sum of what its
//! transitions change. These are priced one by one, and the sequences that look cheapest are then priced as a whole.

use super::archived_from;
use crate::domain::{
    Age, Bucket, Demands, LifecycleAction, LifecycleRule, LossLevel, Money, ReadScope, Reader, StorageClass,
};
use std::collections::{BTreeMap, BTreeSet};

/// The classes looked at. One Zone-IA is for what can be made again (S3 user guide): logs cannot.
const CLASSES: [StorageClass; 5] = [
    StorageClass::StandardIa,
    StorageClass::IntelligentTiering,
    StorageClass::GlacierInstantRetrieval,
    StorageClass::GlacierFlexibleRetrieval,
    StorageClass::DeepArchive,
];

/// Days that an object stays in S3 Standard before a lifecycle may move it to Standard-IA (S3 user guide, lifecycle
/// transition general considerations).
const DAYS_BEFORE_IA: u32 = 30;

/// Days for which logs are looked into while something is found out: archived later, little is lost; earlier, more. CIS and
/// PCI DSS ask for three months too.
const DAYS_LOOKED_INTO: u32 = 90;

/// Returns how much is lost where objects have to be restored from this age in days on.
pub(in crate::recommend) fn archiving_loss(days: u32) -> LossLevel {
    if days < DAYS_LOOKED_INTO { LossLevel::Medium } else { LossLevel::Low }
}

/// Returns the age in days from which objects may be archived at a loss that is accepted.
fn archived_after(accept: LossLevel) -> Option<u32> {
    match accept {
        LossLevel::None => None,
        LossLevel::Low => Some(DAYS_LOOKED_INTO),
        LossLevel::Medium | LossLevel::High => Some(0),
    }
}

/// One transition: the class, and the age in days.
pub(super) type Move = (StorageClass, u32);

/// What limits the sequences of a bucket.
pub(super) struct Limits {
    /// For each class the age from which the demands allow it.
    floors: BTreeMap<StorageClass, u32>,
    /// Ages at which something changes for readers.
    ages: BTreeSet<u32>,
    /// The age at which objects are deleted.
    pub(super) expires: Option<u32>,
}

impl Limits {
    pub(super) fn new<'a>(
        demands: &Demands,
        accept: LossLevel,
        bucket: &Bucket,
        readers: impl Iterator<Item = &'a Reader>,
        expires: Option<u32>,
    ) -> Self {
        let readers: Vec<&Reader> = readers.collect();
        let mut floors = BTreeMap::new();
        for class in CLASSES {
            // An object that is read goes back to the dearest tier for thirty days, which is not counted: only for logs that
            // nothing reads after that is it sure to pay.
            let is_read = |own: &&Reader| match &own.scope {
                ReadScope::Logs { to, .. } => to.is_none_or(|to| to.days() > DAYS_BEFORE_IA),
                ReadScope::Given { .. } => true,
            };
            if class == StorageClass::IntelligentTiering && readers.iter().any(is_read) {
                continue;
            }
            let own = match class.hours_to_read() {
                0 if class == StorageClass::StandardIa => DAYS_BEFORE_IA,
                0 => 0,
                // What takes as long today is no loss.
                hours => {
                    let accepted = archived_after(accept);
                    match hours.checked_sub(1).and_then(|less| archived_from(&bucket.lifecycle, less)) {
                        None if accepted.is_none() => continue,
                        today => today.into_iter().chain(accepted).min().unwrap_or(0),
                    }
                }
            };
            let demanded = demands
                .readable_within
                .iter()
                .filter(|(_, within)| within.hours() < class.hours_to_read())
                .map(|(age, _)| age.hours().div_ceil(24))
                .max();
            floors.insert(class, own.max(demanded.unwrap_or(0)));
        }
        let mut ages: BTreeSet<u32> = floors.values().copied().collect();
        for reader in readers {
            if let ReadScope::Logs { from, to } = &reader.scope {
                ages.insert(from.days());
                ages.extend(to.map(Age::days));
            }
        }
        Self { floors, ages, expires }
    }

    /// Returns the ages at which objects may move to a class, when they may leave the one before from `from` on.
    fn ages_of(&self, class: StorageClass, from: u32) -> BTreeSet<u32> {
        let earliest = from.max(self.floors.get(&class).copied().unwrap_or(0));
        let mut ages: BTreeSet<u32> = self.ages.range(earliest..).copied().collect();
        ages.insert(earliest);
        // An object that is deleted before the class's minimum has passed pays the rest: seldom worth a transition.
        ages.retain(|&age| self.expires.is_none_or(|ends| age < ends));
        ages
    }

    /// Returns every sequence, the empty one first.
    pub(super) fn sequences(&self) -> Vec<Vec<Move>> {
        let mut found = vec![Vec::new()];
        let mut at = 0;
        while at < found.len() {
            let sequence: Vec<Move> = found[at].clone();
            let (class, since) = sequence.last().copied().unwrap_or((StorageClass::Standard, 0));
            let from = since + class.minimum_days();
            let allowed = |next: &StorageClass| class.may_move_to(*next) && self.floors.contains_key(next);
            for next in CLASSES.into_iter().filter(allowed) {
                for age in self.ages_of(next, from) {
                    if !sequence.is_empty() && age == since {
                        continue;
                    }
                    let mut longer = sequence.clone();
                    longer.push((next, age));
                    found.push(longer);
                }
            }
            at += 1;
        }
        found
    }
}

/// Returns the rules that a sequence stands for.
pub(super) fn rules(sequence: &[Move], larger_than: Option<u64>, expires: Option<u32>) -> Vec<LifecycleRule> {
    let days = |days: u32| Age::from_days(u16::try_from(days).unwrap_or(u16::MAX));
    let mut rules: Vec<LifecycleRule> = sequence
        .iter()
        .map(|&(class, age)| LifecycleRule {
            after: days(age),
            action: LifecycleAction::Transition(class),
            rule: 0,
            larger_than,
            smaller_than: None,
        })
        .collect();
    if let Some(age) = expires {
        rules.push(LifecycleRule {
            after: days(age),
            action: LifecycleAction::Expire,
            // What is deleted is not told apart by size: the filter of the transitions must not hold for it.
            rule: u16::from(larger_than.is_some() && !sequence.is_empty()),
            larger_than: None,
            smaller_than: None,
        });
    }
    rules
}

/// Returns a sequence in words: `GLACIER_IR after 90 days, deleted after 2555 days`.
pub(super) fn words(sequence: &[Move], larger_than: Option<u64>, expires: Option<u32>) -> String {
    let mut parts: Vec<String> = sequence
        .iter()
        .map(|(class, age)| match age {
            0 => format!("{} on arrival", class.name()),
            age => format!("{} after {age} days", class.name()),
        })
        .collect();
    if parts.is_empty() {
        parts.push("stay in STANDARD".to_owned());
    } else if let Some(size) = larger_than {
        let size = if size == 0 { "of every size".to_owned() } else { format!("of more than {size} bytes") };
        let last = parts.len() - 1;
        parts[last].push_str(&format!(" (objects {size})"));
    }
    if let Some(age) = expires {
        parts.push(match age {
            age if age % 365 == 0 && age > 365 => format!("deleted after {} years", age / 365),
            age => format!("deleted after {age} days"),
        });
    }
    parts.join(", ")
}

/// What a sequence costs; nothing where something has no price.
type Price<'p, E> = dyn FnMut(&[Move]) -> Result<Option<Money>, E> + 'p;

/// What single transitions change, as far as they were priced.
pub(super) struct Changes<'p, E> {
    price: &'p mut Price<'p, E>,
    known: BTreeMap<Vec<Move>, Option<Money>>,
}

impl<'p, E> Changes<'p, E> {
    pub(super) fn new(price: &'p mut Price<'p, E>) -> Self {
        Self { price, known: BTreeMap::new() }
    }

    fn price(&mut self, sequence: &[Move]) -> Result<Option<Money>, E> {
        if let Some(known) = self.known.get(sequence) {
            return Ok(*known);
        }
        let price = (self.price)(sequence)?;
        self.known.insert(sequence.to_vec(), price);
        Ok(price)
    }

    /// Returns what a sequence is expected to cost; nothing where something has no price, or past what money can hold.
    pub(super) fn expected(&mut self, sequence: &[Move], limits: &Limits) -> Result<Option<Money>, E> {
        let mut sum = self.price(&[])?;
        for (at, &next) in sequence.iter().enumerate() {
            let before: Vec<Move> = match at.checked_sub(1).map(|at| sequence[at]) {
                None => Vec::new(),
                Some((StorageClass::IntelligentTiering, age)) => {
                    vec![(StorageClass::IntelligentTiering, age)]
                }
                // When the class was entered makes no difference: as early as it can be.
                Some((class, _)) => vec![(class, limits.floors.get(&class).copied().unwrap_or(0))],
            };
            let mut both = before.clone();
            both.push(next);
            let change = self.price(&both)?.zip(self.price(&before)?);
            sum =
                sum.zip(change).and_then(|(sum, (both, before))| sum.checked_add(both.checked_sub(before)?));
        }
        Ok(sum)
    }
}
