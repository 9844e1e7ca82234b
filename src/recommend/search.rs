//! The cheapest set of actions that keeps what must be kept.
//!
//! Actions that only reduce never make anything dearer together: what a set costs bounds what its subsets cost from
//! below. So the search begins with all of them and takes back, best set first, one of those that a violated demand
//! could blame; the first set without a violation is the cheapest. What is then kept is treated in [`super::plan`].

use super::action::Action;
use super::coverage::{Broken, Coverage, Violation};
use super::edit::{Edit, apply_all};
use super::error::RecommendError;
use super::keep::Keep;
use crate::domain::{Model, Money};
use crate::usage::Match;
use std::collections::{BTreeMap, BTreeSet};

/// A set of actions by their positions.
pub(super) type Set = BTreeSet<usize>;

/// What a search looks at.
pub(super) struct Problem<'a> {
    pub(super) model: &'a Model,
    pub(super) coverage: &'a Coverage,
    pub(super) keep: &'a Keep,
    pub(super) actions: &'a [Action],
}

/// Where a search ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Found {
    pub(super) set: Set,
    /// Whether every other set was shown to be no cheaper.
    pub(super) is_proven: bool,
}

/// Sets looked at before the search makes do with what it has.
const MOST_SETS: usize = 400;

impl Problem<'_> {
    /// Applies a set of actions.
    pub(super) fn changed(&self, set: &Set) -> Model {
        apply_all(self.model, self.edits(set))
    }

    fn edits<'b>(&'b self, set: &'b Set) -> impl Iterator<Item = &'b Edit> {
        set.iter().flat_map(|&at| &self.actions[at].edits)
    }

    pub(super) fn violations(&self, set: &Set) -> Vec<Violation> {
        self.coverage.violations(&self.changed(set), self.keep)
    }

    /// Finds the cheapest set without a violation; `cost` prices a set.
    pub(super) fn cheapest(
        &self,
        all: &Set,
        cost: &mut dyn FnMut(&Set) -> Result<Money, RecommendError>,
    ) -> Result<Found, RecommendError> {
        let takes = self.takes(all);
        // Sets to look at, the cheapest first; of equal ones that with the most actions, then by what is left out.
        let mut open: BTreeSet<(Money, usize, Vec<usize>)> = BTreeSet::new();
        let mut seen: BTreeSet<Vec<usize>> = BTreeSet::new();
        let mut looked = 0;
        open.insert((cost(all)?, 0, Vec::new()));
        while let Some((_, _, without)) = open.pop_first() {
            let set: Set = all.iter().copied().filter(|at| !without.contains(at)).collect();
            let violations = self.violations(&set);
            let Some(first) = violations.first() else {
                return Ok(Found { set, is_proven: true });
            };
            looked += 1;
            if looked >= MOST_SETS {
                return Ok(Found { set: self.mend(set, &takes), is_proven: false });
            }
            // The violation that the fewest actions can be blamed for says the most.
            let blamed = violations
                .iter()
                .map(|own| self.blamed(own, &set, &takes))
                .filter(|own| !own.is_empty())
                .min_by_key(Vec::len)
                .unwrap_or_else(|| self.blamed(first, &set, &takes));
            if blamed.is_empty() {
                // Broken by nothing that can be taken back: start over without anything.
                return Ok(Found { set: Set::new(), is_proven: false });
            }
            for action in blamed {
                let mut without = without.clone();
                without.push(action);
                without.sort_unstable();
                if seen.insert(without.clone()) {
                    let rest: Set = set.iter().copied().filter(|at| *at != action).collect();
                    open.insert((cost(&rest)?, without.len(), without));
                }
            }
        }
        Ok(Found { set: Set::new(), is_proven: true })
    }

    /// Takes actions back, the last first, until nothing is violated.
    fn mend(&self, mut set: Set, takes: &BTreeMap<usize, Takes>) -> Set {
        loop {
            let violations = self.violations(&set);
            let Some(first) = violations.first() else {
                return set;
            };
            let blamed = self.blamed(first, &set, takes);
            match blamed.last().or(set.last()).copied() {
                Some(at) => set.remove(&at),
                None => return set,
            };
        }
    }

    /// Returns the actions of a set that could have caused a violation.
    fn blamed(&self, violation: &Violation, set: &Set, takes: &BTreeMap<usize, Takes>) -> Vec<usize> {
        let group = &self.coverage.groups[violation.group];
        set.iter()
            .copied()
            .filter(|at| {
                takes.get(at).is_some_and(|takes| match violation.what {
                    Broken::Class(class) => {
                        group.trails.iter().any(|trail| takes.classes.contains(&(*trail, class)))
                            || takes.stored.contains(&class)
                    }
                    Broken::Insights => takes.insights,
                    Broken::Delivery => group.trails.iter().any(|trail| takes.trails.contains(trail)),
                })
            })
            .collect()
    }

    /// Returns for each action what it alone takes from trails.
    fn takes(&self, all: &Set) -> BTreeMap<usize, Takes> {
        all.iter()
            .map(|&at| {
                let action = &self.actions[at];
                let changed = apply_all(self.model, action.edits.iter());
                (at, self.taken(&changed))
            })
            .collect()
    }

    fn taken(&self, changed: &Model) -> Takes {
        let mut takes = Takes::default();
        for (position, trail) in self.model.inventory.trails.iter().enumerate() {
            let after = super::edit::TrailKey::of(trail).find(changed);
            if after == Some(trail) {
                continue;
            }
            takes.insights |= !trail.insights.is_empty();
            takes.trails.insert(position);
            for (class, matched) in self.coverage.matches[position].iter().enumerate() {
                let kept = after.map_or(Match::No, |after| {
                    crate::usage::selects(&after.selectors, &self.coverage.classes[class])
                });
                // A trail that delivers elsewhere may break a demand on how long logs are kept.
                let moved = after.is_none_or(|after| after.delivery != trail.delivery);
                if kept < *matched || (moved && *matched != Match::No) {
                    takes.classes.insert((position, class));
                }
            }
        }
        let stores = &self.model.inventory.event_data_stores;
        if *stores != changed.inventory.event_data_stores {
            takes.insights |= stores.iter().any(|own| !own.insights.is_empty());
            takes.stored = (0..self.coverage.classes.len()).collect();
        }
        takes
    }
}

/// What an action alone takes away.
#[derive(Debug, Clone, Default)]
struct Takes {
    /// Positions of trails and classes.
    classes: BTreeSet<(usize, usize)>,
    /// Classes that an event data store may no longer take in.
    stored: BTreeSet<usize>,
    insights: bool,
    /// Positions of trails that it changes.
    trails: BTreeSet<usize>,
}
