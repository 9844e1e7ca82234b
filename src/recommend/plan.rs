//! The plan: the cheapest changes together, each with what it saves alone and among the others.

use super::action::{Action, Advice, Loss};
use super::coverage::{Coverage, Lost, LostThing};
use super::detections::detections;
use super::edit::{Edit, apply_all};
use super::error::RecommendError;
use super::keep::{Forbidden, Keep};
use super::lifecycle::Advised;
use super::merged::merged;
use super::relaxed;
use super::rule::{Scene, Stage, ask};
use super::saving::Saving;
use super::search::{Problem, Set};
use super::valuation::{Value, Valuer};
use super::versions::Versions;
use crate::costing::{CostError, Unpriced};
use crate::domain::{Demands, EventCategory, LossLevel, Model};
use std::collections::{BTreeMap, BTreeSet};

/// What is no longer recorded by an action, and what rests on it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct GivenUp {
    /// How much: what the action gives up whatever else is done, or the worst of what is no longer recorded.
    pub level: LossLevel,
    /// Events and analyses, in words.
    pub what: Vec<String>,
    /// Detections that rest on them.
    pub detections: Vec<String>,
}

impl GivenUp {
    /// Returns what an action gives up whatever else is done.
    pub fn of(loss: &Loss) -> Self {
        Self { level: loss.level, what: loss.what.clone(), detections: loss.detections.clone() }
    }
}

/// An action of the plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlannedAction {
    /// What is done.
    pub action: Action,
    /// What it saves if nothing else is done.
    pub alone: Saving,
    /// What it saves after the actions before it: these add up to the plan's.
    pub step: Saving,
    /// What the plan would save less without it.
    pub in_plan: Saving,
    /// What is given up by it.
    pub given_up: GivenUp,
}

/// Something that would save more, and that a demand forbids.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OnTheTable {
    /// What could be done.
    pub action: Action,
    /// What forbids it.
    pub forbidden: Forbidden,
    /// What it would save beside the plan: the price of the demand.
    pub price: Saving,
    /// What would be given up by it.
    pub given_up: GivenUp,
}

/// Something that was looked at and is not advised: it saves nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Declined {
    /// What was looked at.
    pub action: Action,
    /// What it saves alone: nothing, or less than nothing.
    pub alone: Saving,
}

/// The cheapest changes that keep what must be kept.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    /// What everything costs today.
    pub before: Value,
    /// What it costs after the plan.
    pub after: Value,
    /// The model after the plan.
    pub model: Model,
    /// The actions, those that save most alone first.
    pub actions: Vec<PlannedAction>,
    /// The difference of the two.
    pub saving: Saving,
    /// What demands forbid, the dearest first.
    pub on_the_table: Vec<OnTheTable>,
    /// What is not advised.
    pub declined: Vec<Declined>,
    /// What is worth knowing and has no price.
    pub advice: Vec<Advice>,
    /// Whether it was shown that no other set of these actions is cheaper.
    pub is_proven: bool,
}

/// Findings of more actions than this are told together where they are alike.
const MANY_ACTIONS: usize = 24;

/// Makes the plan.
///
/// # Errors
/// [`RecommendError`] when the model, or a changed one, cannot be estimated.
pub fn plan(model: &Model, keep: &Keep, valuer: &Valuer<'_>) -> Result<Plan, RecommendError> {
    let mut own = model.clone();
    own.demands = keep.on_logs(&model.demands);
    let versions = Versions::new(model, valuer);
    let (stated, coverage, before) =
        (&model.demands, Coverage::new(&own, model.demands.retention), versions.value(&own)?);
    let advised = Advised::default();
    Planner { model: &own, stated, keep, valuer, versions, advised, coverage, before }.plan()
}

struct Planner<'a, 'p> {
    model: &'a Model,
    stated: &'a Demands,
    keep: &'a Keep,
    valuer: &'a Valuer<'p>,
    versions: Versions<'a, 'p>,
    advised: Advised,
    coverage: Coverage,
    before: Value,
}

/// A model after the changes to what is recorded, with those to how it is kept.
#[derive(Clone)]
struct Kept {
    actions: Vec<Action>,
    declined: Vec<Action>,
    forbidden: Vec<(Action, Forbidden)>,
    advice: Vec<Advice>,
    value: Value,
}

impl Planner<'_, '_> {
    fn scene<'s>(&'s self, model: &'s Model) -> Scene<'s, 's> {
        Scene {
            model,
            coverage: &self.coverage,
            valuer: self.valuer,
            advised: &self.advised,
            demands: &self.model.demands,
            stated: self.stated,
            keep: self.keep,
        }
    }

    fn plan(&self) -> Result<Plan, RecommendError> {
        let found = ask(Stage::Recording, &self.scene(self.model))?;
        let found_actions = found.actions.len();
        let actions =
            if found_actions > MANY_ACTIONS { merged(found.actions, self.model) } else { found.actions };
        let problem =
            Problem { model: self.model, coverage: &self.coverage, keep: self.keep, actions: &actions };
        let mut allowed = Set::new();
        let mut forbidden: Vec<(usize, Forbidden)> = Vec::new();
        let alone = self.versions.values(actions.len(), &|at| problem.changed(&Set::from([at])))?;
        for (at, action) in actions.iter().enumerate() {
            match self.forbids(action, &problem, &Set::from([at])) {
                None => {
                    allowed.insert(at);
                }
                Some(why) => forbidden.push((at, why)),
            }
        }
        let mut unknown = Vec::new();
        for (at, (action, value)) in actions.iter().zip(&alone).enumerate() {
            if let Some(unpriced) = value.unpriced_beside(&self.before) {
                allowed.remove(&at);
                forbidden.retain(|(other, _)| *other != at);
                unknown.push(unknown_saving(action, unpriced));
            }
        }
        // What never lowers the cost alone, and is no mere reduction, would mislead the search.
        allowed.retain(|&at| actions[at].slot.is_none() || alone[at].total < self.before.total);
        leave_out_replaced(&actions, &mut allowed);
        let mut known: BTreeMap<Set, Kept> = BTreeMap::new();
        let found_set = problem.cheapest(&allowed, &mut |set| {
            if let Some(kept) = known.get(set) {
                return Ok(kept.value.total);
            }
            let kept = self.kept(&problem.changed(set))?;
            let total = kept.value.total;
            known.insert(set.clone(), kept);
            Ok(total)
        })?;
        let kept = match known.remove(&found_set.set) {
            Some(kept) => kept,
            None => self.kept(&problem.changed(&found_set.set))?,
        };
        let mut chosen: Vec<Action> = found_set.set.iter().map(|&at| actions[at].clone()).collect();
        chosen.extend(kept.actions.iter().cloned());
        let chosen = self.without_needless(chosen)?;
        let model = apply_all(self.model, chosen.iter().flat_map(|own| &own.edits));
        let after = self.versions.value(&model)?;
        let planned = self.planned(chosen, &after)?;
        let mut on_the_table = self.on_the_table(
            forbidden.into_iter().map(|(at, why)| (actions[at].clone(), why)).chain(kept.forbidden),
            &planned,
            &model,
            &after,
        )?;
        on_the_table.extend(self.slower_to_read(&model, &after)?);
        on_the_table.sort_by(|left, right| {
            right.price.total.cmp(&left.price.total).then_with(|| left.action.title.cmp(&right.action.title))
        });
        let declined = self.declined(&actions, &alone, &kept.declined, &planned)?;
        let mut advice = found.advice;
        advice.extend(unknown);
        advice.extend(kept.advice);
        advice.sort();
        advice.dedup();
        let saving = saving(&self.before, &after)?;
        // What has no price might be dearer than what is given up in its place.
        let is_priced = after.unpriced.is_empty();
        let mut model = model;
        model.demands = self.stated.clone();
        Ok(Plan {
            before: self.before.clone(),
            after,
            model,
            actions: planned,
            saving,
            on_the_table,
            declined,
            advice,
            // Of what was joined, parts may be possible where the whole is not.
            is_proven: found_set.is_proven && actions.len() == found_actions && is_priced,
        })
    }

    /// Returns what forbids an action, if anything does.
    fn forbids(&self, action: &Action, problem: &Problem<'_>, set: &Set) -> Option<Forbidden> {
        let violations = problem.violations(set);
        // That every class of management event stays recorded comes before anything else.
        violations
            .iter()
            .map(|own| own.forbidden.clone())
            .min()
            .filter(|own| *own == Forbidden::ManagementUnrecorded)
            .or_else(|| self.forbids_itself(action))
            .or_else(|| violations.into_iter().map(|own| own.forbidden).min())
    }

    fn forbids_itself(&self, action: &Action) -> Option<Forbidden> {
        self.keep
            .breaks(&action.breaks)
            .or_else(|| (action.loss.level > self.keep.accept).then_some(Forbidden::Loss(action.loss.level)))
    }

    /// Changes how what arrives is kept, step by step, as long as that lowers the cost.
    fn kept(&self, changed: &Model) -> Result<Kept, RecommendError> {
        let mut value = self.versions.value(changed)?;
        let mut kept = Kept {
            actions: Vec::new(),
            declined: Vec::new(),
            forbidden: Vec::new(),
            advice: Vec::new(),
            value: value.clone(),
        };
        let mut open: Vec<Action> = Vec::new();
        let mut unknown: Vec<Advice> = Vec::new();
        let mut model = changed.clone();
        let mut asked: BTreeSet<(&str, String)> = BTreeSet::new();
        loop {
            let found = ask(Stage::Keeping, &self.scene(&model))?;
            if asked.is_empty() {
                kept.advice = found.advice;
            }
            for action in found.actions {
                let is_settled =
                    action.slot.is_some() && kept.actions.iter().any(|own| own.slot == action.slot);
                if is_settled || !asked.insert((action.rule, action.title.clone())) {
                    continue;
                }
                let own = self.versions.value(&apply_all(&model, action.edits.iter()))?;
                if let Some(unpriced) = own.unpriced_beside(&value) {
                    unknown.push(unknown_saving(&action, unpriced));
                    continue;
                }
                match self.forbids_itself(&action) {
                    None => open.push(action),
                    Some(why) => kept.forbidden.push((action, why)),
                }
            }
            let settled = kept.actions.len();
            self.take_cheapest(&mut open, &mut model, &mut value, &mut kept.actions)?;
            // An event data store of the other pricing option can keep its data for other lengths of time.
            let opens_more =
                |own: &Action| own.edits.iter().any(|edit| matches!(edit, Edit::StoreOneYear(..)));
            if !kept.actions[settled..].iter().any(opens_more) {
                break;
            }
        }
        kept.declined = open;
        kept.advice.extend(unknown);
        kept.value = value;
        Ok(kept)
    }

    /// Applies the action that lowers the cost most, and again, until none does.
    fn take_cheapest(
        &self,
        open: &mut Vec<Action>,
        model: &mut Model,
        value: &mut Value,
        taken: &mut Vec<Action>,
    ) -> Result<(), RecommendError> {
        loop {
            let mut best: Option<(Value, usize)> = None;
            let values = self.versions.values(open.len(), &|at| apply_all(model, open[at].edits.iter()))?;
            if self.take_together(open, &values, model, value, taken)? {
                continue;
            }
            for (at, own) in values.into_iter().enumerate() {
                if own.total < value.total && best.as_ref().is_none_or(|(best, _)| own.total < best.total) {
                    best = Some((own, at));
                }
            }
            let Some((better, at)) = best else {
                return Ok(());
            };
            let action = open.remove(at);
            *model = apply_all(model, action.edits.iter());
            open.retain(|own| own.slot.is_none() || own.slot != action.slot);
            *value = better;
            taken.push(action);
        }
    }

    /// Applies everything that lowers the cost at once, where what each saves does not depend on the others.
    fn take_together(
        &self,
        open: &mut Vec<Action>,
        values: &[Value],
        model: &mut Model,
        value: &mut Value,
        taken: &mut Vec<Action>,
    ) -> Result<bool, RecommendError> {
        let mut order: Vec<usize> = (0..open.len()).filter(|&at| values[at].total < value.total).collect();
        order.sort_by_key(|&at| (values[at].total, at));
        let mut slots: BTreeSet<&str> = BTreeSet::new();
        order.retain(|&at| open[at].slot.as_deref().is_none_or(|slot| slots.insert(slot)));
        let mut expected = Some(value.total);
        for &at in &order {
            let saved = value.total.checked_sub(values[at].total);
            expected = expected.zip(saved).and_then(|(left, saved)| left.checked_sub(saved));
        }
        if order.len() < 3 {
            return Ok(false);
        }
        let together = apply_all(model, order.iter().flat_map(|&at| &open[at].edits));
        let all = self.versions.value(&together)?;
        if Some(all.total) != expected {
            return Ok(false);
        }
        let chosen: Vec<Action> = order.iter().map(|&at| open[at].clone()).collect();
        open.retain(|own| {
            !chosen.contains(own) && !chosen.iter().any(|other| own.slot.is_some() && own.slot == other.slot)
        });
        (*model, *value) = (together, all);
        taken.extend(chosen);
        Ok(true)
    }

    /// Takes out, one by one, what saves nothing beside the others; what loses most goes first.
    fn without_needless(&self, chosen: Vec<Action>) -> Result<Vec<Action>, RecommendError> {
        let mut left = chosen;
        let total = |actions: &[Action]| {
            self.versions
                .value(&apply_all(self.model, actions.iter().flat_map(|own| &own.edits)))
                .map(|own| own.total)
        };
        let mut order: Vec<Action> = left.clone();
        order.reverse();
        order.sort_by_key(|own| std::cmp::Reverse((own.loss.level, own.effort)));
        let mut cost = total(&left)?;
        for action in order {
            let rest: Vec<Action> = left.iter().filter(|own| **own != action).cloned().collect();
            let without = total(&rest)?;
            if without <= cost {
                left = rest;
                cost = without;
            }
        }
        Ok(left)
    }

    fn planned(&self, chosen: Vec<Action>, after: &Value) -> Result<Vec<PlannedAction>, RecommendError> {
        let mut alone: Vec<(Saving, Action)> = Vec::new();
        let values =
            self.versions.values(chosen.len(), &|at| apply_all(self.model, chosen[at].edits.iter()))?;
        for (action, own) in chosen.into_iter().zip(values) {
            alone.push((saving(&self.before, &own)?, action));
        }
        // A stable sort: of equal savings the order of the rules stays.
        alone.sort_by_key(|(own, _)| std::cmp::Reverse(own.total));
        let actions: Vec<Action> = alone.iter().map(|(_, action)| action.clone()).collect();
        let edits = |wanted: &dyn Fn(usize) -> bool| {
            let of: Vec<_> = actions
                .iter()
                .enumerate()
                .filter(|(at, _)| wanted(*at))
                .flat_map(|(_, own)| own.edits.iter())
                .collect();
            apply_all(self.model, of.into_iter())
        };
        let all = edits(&|_| true);
        let lost: BTreeSet<Lost> = self.coverage.lost(&all).into_iter().collect();
        let mut planned = Vec::new();
        let mut before = self.before.clone();
        let mut before_lost: BTreeSet<Lost> = BTreeSet::new();
        let so_far = self.versions.values(actions.len(), &|at| edits(&|other| other <= at))?;
        let without = self.versions.values(actions.len(), &|at| edits(&|other| other != at))?;
        for (at, ((alone, action), (so_far, without))) in
            alone.into_iter().zip(so_far.into_iter().zip(without)).enumerate()
        {
            let others = edits(&|other| other != at);
            let step = saving(&before, &so_far)?;
            let in_plan = saving(&without, after)?;
            let without: BTreeSet<Lost> = self.coverage.lost(&others).into_iter().collect();
            // What two actions take each by itself is told of the first of them.
            let so_far_lost: BTreeSet<Lost> =
                self.coverage.lost(&edits(&|other| other <= at)).into_iter().collect();
            let own = lost.iter().filter(|own| {
                !without.contains(own) || (so_far_lost.contains(own) && !before_lost.contains(own))
            });
            let given_up = self.given_up(&action, own);
            planned.push(PlannedAction { action, alone, step, in_plan, given_up });
            (before, before_lost) = (so_far, so_far_lost);
        }
        Ok(planned)
    }

    /// Puts what is lost into words.
    fn given_up<'l>(&self, action: &Action, lost: impl Iterator<Item = &'l Lost>) -> GivenUp {
        let mut given_up = GivenUp::of(&action.loss);
        let mut places: BTreeMap<(LossLevel, &LostThing), Vec<usize>> = BTreeMap::new();
        for own in lost {
            given_up.level = given_up.level.max(own.level);
            places.entry((own.level, &own.what)).or_default().push(own.group);
        }
        for ((_, what), groups) in places {
            let words = self.coverage.words(what, &groups, self.model);
            if !given_up.what.contains(&words) {
                given_up.what.push(words);
            }
            let named = |names: &[&str]| names.iter().map(|&own| own.to_owned()).collect();
            let resting: Vec<String> = match what {
                LostThing::Class(class) if self.coverage.is_noise[*class] => {
                    named(&["who read or deleted log files"])
                }
                LostThing::Class(class) => named(&detections(&self.coverage.classes[*class])),
                LostThing::Insights(..) => named(&["unusual call and error rates"]),
                LostThing::Delivery(receiver, EventCategory::Management, true) => {
                    receiver.filters(self.model)
                }
                LostThing::Delivery(..) | LostThing::Quality(_) => Vec::new(),
            };
            for name in resting {
                if !given_up.detections.contains(&name) {
                    given_up.detections.push(name);
                }
            }
        }
        given_up
    }

    fn on_the_table(
        &self,
        forbidden: impl Iterator<Item = (Action, Forbidden)>,
        planned: &[PlannedAction],
        model: &Model,
        after: &Value,
    ) -> Result<Vec<OnTheTable>, RecommendError> {
        let lost: BTreeSet<Lost> = self.coverage.lost(model).into_iter().collect();
        let mut table = Vec::new();
        let forbidden: Vec<(Action, Forbidden)> = forbidden.collect();
        let beside = |action: &Action| {
            let edits = planned.iter().flat_map(|own| &own.action.edits).chain(&action.edits);
            apply_all(self.model, edits)
        };
        let values = self.versions.values(forbidden.len(), &|at| beside(&forbidden[at].0))?;
        for ((action, why), value) in forbidden.into_iter().zip(values) {
            let price = saving(after, &value)?;
            if !price.is_positive() {
                continue;
            }
            let changed = beside(&action);
            let with: BTreeSet<Lost> = self.coverage.lost(&changed).into_iter().collect();
            let given_up = self.given_up(&action, with.difference(&lost));
            // What another action of the plan relies on cannot be had by accepting more.
            let violations = self.coverage.violations(&changed, self.keep);
            let unrecorded = violations.iter().any(|own| own.forbidden == Forbidden::ManagementUnrecorded);
            let forbidden = if unrecorded { Forbidden::ManagementUnrecorded } else { why };
            table.push(OnTheTable { action, forbidden, price, given_up });
        }
        Ok(table)
    }

    /// Returns the lifecycles that are forbidden because logs would take longer to be read.
    fn slower_to_read(&self, model: &Model, after: &Value) -> Result<Vec<OnTheTable>, RecommendError> {
        let found = relaxed::lifecycles(model, self.stated, self.keep, &self.coverage, self.valuer)?;
        let mut table = Vec::new();
        for (action, forbidden) in found {
            let changed = action.applied_to(model);
            let price = saving(after, &self.valuer.value(&changed)?)?;
            if price.is_positive() {
                let given_up = self.given_up(&action, std::iter::empty());
                table.push(OnTheTable { action, forbidden, price, given_up });
            }
        }
        Ok(table)
    }

    /// Returns what saves nothing alone; what others in the plan make needless is not told.
    fn declined(
        &self,
        actions: &[Action],
        alone: &[Value],
        kept: &[Action],
        planned: &[PlannedAction],
    ) -> Result<Vec<Declined>, RecommendError> {
        let mut declined = Vec::new();
        let mut add = |action: &Action, value: &Value| -> Result<(), RecommendError> {
            let alone = saving(&self.before, value)?;
            if !alone.is_positive() && !planned.iter().any(|own| own.action == *action) {
                declined.push(Declined { action: action.clone(), alone });
            }
            Ok(())
        };
        for (action, value) in actions.iter().zip(alone) {
            add(action, value)?;
        }
        let values = self.versions.values(kept.len(), &|at| apply_all(self.model, kept[at].edits.iter()))?;
        for (action, value) in kept.iter().zip(&values) {
            add(action, value)?;
        }
        Ok(declined)
    }
}

/// Says that nobody can say what an action saves.
fn unknown_saving(action: &Action, (_, usage_type, region): &Unpriced) -> Advice {
    Advice {
        rule: action.rule,
        what: format!("whether this saves anything is unknown: {}", action.title),
        why: format!("no table has a price of {usage_type} in {region} (--pricing supplies prices)"),
    }
}

fn saving(before: &Value, after: &Value) -> Result<Saving, RecommendError> {
    Saving::between(before, after).ok_or(RecommendError::Cost(CostError::Overflow))
}

/// A replacement by replication is wanted only where the trail cannot simply be deleted.
fn leave_out_replaced(actions: &[Action], allowed: &mut Set) {
    let simple: BTreeSet<Vec<String>> = allowed
        .iter()
        .filter(|&&at| actions[at].slot.is_none())
        .map(|&at| actions[at].edits.iter().map(|own| format!("{own:?}")).collect())
        .collect();
    allowed.retain(|&at| {
        actions[at].slot.is_none()
            || !actions[at].edits.first().is_some_and(|own| simple.contains(&vec![format!("{own:?}")]))
    });
}
