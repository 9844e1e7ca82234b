//! What changes of what is recorded added to the bill, or took off it.

use super::event_rates::{EventRates, PaidKind, sum};
use crate::domain::{
    ByDay, Date, DaysSeen, LogAccess, LogCategory, LogChange, LogCounts, LogRow, Money, Quantity,
};
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

/// Days before and after a change that are looked at.
const DAYS: i64 = 7;

/// Paid deliveries of one kind before and after a change, as a month of them would be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CauseKind {
    /// The kind.
    pub kind: PaidKind,
    /// A month as before, rounded to 10⁻¹² of an event.
    pub before: Quantity,
    /// A month as after.
    pub after: Quantity,
    /// What it adds to a month; below zero is a saving, nothing is unknown.
    pub added: Option<Money>,
}

/// Whose events a change is weighed by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Weighed {
    /// Those of the account that it happened in.
    #[default]
    Account,
    /// Those of that account alone, although an organization's trail delivers its events too: whether the change is of that
    /// trail the logs do not say.
    PerhapsAccount,
    /// Those of all accounts that deliver where an organization's trail does.
    Organization {
        /// How many.
        accounts: usize,
    },
}

/// A change of what is recorded, with what became of the paid deliveries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cause {
    /// The change.
    pub change: LogChange,
    /// Whose events it is weighed by.
    pub weighed: Weighed,
    /// Other changes on the same day, of which the effect cannot be told apart.
    pub together: usize,
    /// Whole days seen between the change before and this one, seven at most.
    pub days_before: u32,
    /// Whole days seen between this change and the next one, seven at most.
    pub days_after: u32,
    /// Kinds of which there are any.
    pub kinds: Vec<CauseKind>,
    /// What it adds to a month at list prices; nothing where no whole day was seen on one side, or a price is missing.
    pub added: Option<Money>,
}

/// Weighs every change that was carried out against the paid deliveries of the whole days on either side of it.
///
/// A change in an account is weighed by what was delivered of this account's events; where the logs have them only from an
/// organization's trail, or say that the changed trail is one, by those of all its accounts. A day with another such change ends either side.
pub fn causes(counts: &LogCounts, rates: &EventRates<'_>) -> Vec<Cause> {
    let Some(days) = DaysSeen::new(counts) else {
        return counts.changes.iter().map(unweighed).collect();
    };
    let mut sums = Sums::new(counts);
    let weighed = counts
        .changes
        .iter()
        .map(|own| weigh(own, counts, &mut sums, &days, rates).unwrap_or_else(|| unweighed(own)));
    weighed.collect()
}

fn unweighed(own: &LogChange) -> Cause {
    let weighed = Weighed::default();
    Cause {
        change: own.clone(),
        weighed,
        together: 0,
        days_before: 0,
        days_after: 0,
        kinds: Vec::new(),
        added: None,
    }
}

fn weigh<'a>(
    own: &'a LogChange,
    counts: &'a LogCounts,
    sums: &mut Sums<'a>,
    days: &DaysSeen,
    rates: &EventRates<'_>,
) -> Option<Cause> {
    let day = own.day.filter(|_| !own.failed)?;
    let (concerned, is_certain) = sums.concerned(own, counts);
    let accounts = sums.accounts(&concerned);
    let weighed = match &concerned {
        Concerned::Folders(_) => Weighed::Organization { accounts: accounts.len() },
        Concerned::Account(_) if is_certain => Weighed::Account,
        Concerned::Account(_) => Weighed::PerhapsAccount,
    };
    let others =
        counts.changes.iter().filter(|other| !other.failed && accounts.contains(other.account.as_str()));
    let other_days: Vec<Date> = others.filter_map(|own| own.day).collect();
    let together = other_days.iter().filter(|own| **own == day).count().saturating_sub(1);
    let earlier = other_days.iter().filter(|own| **own < day).max();
    let later = other_days.iter().filter(|own| **own > day).min();
    let is_near = |own: &&Date| (1..=DAYS).contains(&own.days_since(day).abs());
    let near = || days.whole.iter().filter(is_near).copied();
    let before: BTreeSet<Date> =
        near().filter(|own| *own < day && earlier.is_none_or(|earlier| own > earlier)).collect();
    let after: BTreeSet<Date> =
        near().filter(|own| *own > day && later.is_none_or(|later| own < later)).collect();
    let mut cause = Cause {
        weighed,
        together,
        days_before: u32::try_from(before.len()).unwrap_or(0),
        days_after: u32::try_from(after.len()).unwrap_or(0),
        ..unweighed(own)
    };
    if let Some(types) = &own.insights {
        // Which types were on before the logs do not say: it is told what those asked for cost.
        let both = before.union(&after).copied().collect();
        cause.kinds = insights(types, sums, &concerned, &both, days, rates)?;
    } else if !before.is_empty() && !after.is_empty() {
        for kind in PaidKind::DELIVERED {
            let own = delivered(kind, sums, &concerned, [&before, &after], days, rates)?;
            if !own.before.is_zero() || !own.after.is_zero() {
                cause.kinds.push(own);
            }
        }
    } else {
        return Some(cause);
    }
    cause.added = sum(cause.kinds.iter().map(|own| own.added));
    Some(cause)
}

/// Whose events a change may concern.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Concerned<'a> {
    Account(&'a str),
    /// Those of every account that delivers to these trail folders.
    Folders(BTreeSet<u32>),
}

/// What is summed up of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Summed {
    Paid(PaidKind),
    /// Management events, each counted once; of the writes only, or all.
    Analysed {
        writes: bool,
    },
}

impl Summed {
    fn of(self, row: &LogRow) -> u64 {
        match self {
            Self::Paid(kind) => kind.paid(row),
            Self::Analysed { writes } => {
                let is_analysed =
                    row.category == LogCategory::Management && !(writes && row.access == LogAccess::Read);
                if is_analysed { row.sum.distinct() } else { 0 }
            }
        }
    }
}

/// Sums by Region and day.
type ByRegion<'a> = BTreeMap<&'a str, ByDay>;

/// Rows by account, and sums that were asked for before: many changes concern the same events.
struct Sums<'a> {
    rows: BTreeMap<&'a str, Vec<&'a LogRow>>,
    accounts: BTreeMap<u32, BTreeSet<&'a str>>,
    /// Account and name of the trails that some change says to be an organization's.
    organization_trails: BTreeSet<(&'a str, &'a str)>,
    known: BTreeMap<(Concerned<'a>, Summed), Rc<ByRegion<'a>>>,
}

impl<'a> Sums<'a> {
    fn new(counts: &'a LogCounts) -> Self {
        let said = counts.changes.iter().filter(|own| own.of_organization && !own.failed);
        let mut own = Self {
            rows: BTreeMap::new(),
            accounts: BTreeMap::new(),
            organization_trails: said.map(|own| (own.account.as_str(), trail_name(&own.subject))).collect(),
            known: BTreeMap::new(),
        };
        // Rows of one account and folder stand side by side.
        for rows in counts.rows.chunk_by(|one, two| (one.folder, &one.account) == (two.folder, &two.account))
        {
            let Some(first) = rows.first() else { continue };
            own.rows.entry(&first.account).or_default().extend(rows);
            own.accounts.entry(first.folder).or_default().insert(&first.account);
        }
        own
    }

    /// Tells whose events a change may concern, and whether that is certain.
    fn concerned(&self, own: &'a LogChange, counts: &LogCounts) -> (Concerned<'a>, bool) {
        let folder = |at: u32| counts.folders.get(at as usize);
        let is_history = |at: u32| folder(at).is_some_and(|own| own.is_event_history);
        let rows = self.rows.get(own.account.as_str()).into_iter().flatten();
        let all: BTreeSet<u32> = rows.map(|row| row.folder).filter(|at| !is_history(*at)).collect();
        let of_organization: BTreeSet<u32> = all
            .iter()
            .filter(|at| folder(**at).is_some_and(|own| own.organization.is_some()))
            .copied()
            .collect();
        let trail = (own.account.as_str(), trail_name(&own.subject));
        if !of_organization.is_empty()
            && (of_organization.len() == all.len() || self.organization_trails.contains(&trail))
        {
            return (Concerned::Folders(of_organization), true);
        }
        (Concerned::Account(&own.account), of_organization.is_empty())
    }

    fn accounts(&self, concerned: &Concerned<'a>) -> BTreeSet<&'a str> {
        match concerned {
            Concerned::Account(own) => BTreeSet::from([*own]),
            Concerned::Folders(own) => {
                own.iter().filter_map(|own| self.accounts.get(own)).flatten().copied().collect()
            }
        }
    }

    fn by_region(&mut self, concerned: &Concerned<'a>, summed: Summed) -> Rc<ByRegion<'a>> {
        let key = (concerned.clone(), summed);
        if let Some(own) = self.known.get(&key) {
            return Rc::clone(own);
        }
        let mut regions = ByRegion::new();
        let accounts = self.accounts(concerned);
        for row in accounts.iter().filter_map(|own| self.rows.get(own)).flatten() {
            let own = summed.of(row);
            if own > 0 {
                *regions.entry(&*row.region).or_default().entry(row.day).or_default() += own;
            }
        }
        let own = Rc::new(regions);
        self.known.insert(key, Rc::clone(&own));
        own
    }
}

/// Returns a trail's name, which calls name by its ARN too.
fn trail_name(subject: &str) -> &str {
    subject.rsplit('/').next().unwrap_or_default()
}

/// Returns what a day's mean of some days makes of a month.
fn month(sums: &ByDay, of: &BTreeSet<Date>, days: &DaysSeen) -> Option<Quantity> {
    let sum: u128 = of.iter().map(|day| u128::from(sums.get(&Some(*day)).copied().unwrap_or(0))).sum();
    Quantity::from_fraction(sum * u128::from(days.month_days()), of.len() as u128).ok()
}

/// Returns what became of deliveries of one kind; nothing on overflow.
fn delivered<'a>(
    kind: PaidKind,
    sums: &mut Sums<'a>,
    concerned: &Concerned<'a>,
    [before, after]: [&BTreeSet<Date>; 2],
    days: &DaysSeen,
    rates: &EventRates<'_>,
) -> Option<CauseKind> {
    let mut own = CauseKind { kind, before: Quantity::ZERO, after: Quantity::ZERO, added: Some(Money::ZERO) };
    for (region, sums) in &*sums.by_region(concerned, Summed::Paid(kind)) {
        let (was, is) = (month(sums, before, days)?, month(sums, after, days)?);
        own.before = own.before.plus(was).ok()?;
        own.after = own.after.plus(is).ok()?;
        let added = rates.cost(kind, region, is.minus(was).ok()?);
        own.added = own.added.zip(added).and_then(|(all, own)| all.checked_add(own));
    }
    Some(own)
}

/// Returns what the types asked for analyse in a month.
///
/// Source: CloudTrail pricing: Insights are charged by events analysed, for each type; of management events the call rate is made
/// of writes, the error rate of all.
fn insights<'a>(
    types: &[String],
    sums: &mut Sums<'a>,
    concerned: &Concerned<'a>,
    of: &BTreeSet<Date>,
    days: &DaysSeen,
    rates: &EventRates<'_>,
) -> Option<Vec<CauseKind>> {
    let mut own = CauseKind {
        kind: PaidKind::Insights,
        before: Quantity::ZERO,
        after: Quantity::ZERO,
        added: Some(Money::ZERO),
    };
    if of.is_empty() {
        own.added = None;
        return Some(vec![own]);
    }
    for name in types {
        let summed = Summed::Analysed { writes: name == "ApiCallRateInsight" };
        for (region, sums) in &*sums.by_region(concerned, summed) {
            let is = month(sums, of, days)?;
            own.after = own.after.plus(is).ok()?;
            let added = rates.cost(PaidKind::Insights, region, is);
            own.added = own.added.zip(added).and_then(|(all, own)| all.checked_add(own));
        }
    }
    Some(vec![own])
}
