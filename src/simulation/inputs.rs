//! The inputs of a simulation: which take the short road, and what the rest of the model is.

use super::effort::steps;
use super::error::SimulationError;
use super::lone::LoneInput;
use crate::costing::Pricer;
use crate::domain::{Component, Grain, Model, Quantity, RangedInput, UsageRecord, UsageSource};
use crate::pricing::{FreeTiers, RateCard};
use crate::usage::UsagePlan;
use std::collections::{BTreeMap, BTreeSet};

/// The inputs of a model, sorted by the road they take.
pub(super) struct Inputs<'a> {
    pub(super) card: &'a RateCard,
    pub(super) free_tiers: &'a FreeTiers,
    /// The model with every input likely.
    pub(super) likely: Model,
    /// Inputs that change nothing but one charge each.
    pub(super) lone: Vec<LoneInput>,
    /// All others.
    pub(super) rest: Vec<RangedInput>,
    /// Components that any draw can charge, in report order.
    pub(super) components: Vec<Component>,
    /// What one draw of the others takes, in steps of work.
    pub(super) steps: u64,
}

impl<'a> Inputs<'a> {
    /// Sorts the inputs of a model; nothing if no range decides anything.
    pub(super) fn new(
        model: &Model,
        plan: &UsagePlan,
        (card, free_tiers): (&'a RateCard, &'a FreeTiers),
        seed: u64,
    ) -> Result<Option<Self>, SimulationError> {
        let all = ranged_inputs(model, plan);
        if all.is_empty() {
            return Ok(None);
        }
        let at = |pick: fn(&RangedInput) -> Quantity| {
            let mut copy = model.clone();
            copy.set_ranges(&all, &all.iter().map(pick).collect::<Vec<_>>());
            copy
        };
        let likely = at(|input| input.range.likely);
        // Between its ends every input is more than nothing, and less than all: what occurs in neither of these plans
        // occurs in no draw.
        let middle = plan.again(&at(middle))?;
        let high = plan.again(&at(|input| input.range.high))?;
        let used = Used::of(&[plan, &middle, &high])?;
        let mut pricer = Pricer::new(plan.keys(), card, free_tiers, &model.terms, &model.currency);
        let (mut lone, mut rest) = (Vec::new(), Vec::new());
        for input in all {
            match LoneInput::new(&input, model, plan, &used, &mut pricer, seed)? {
                Some(own) => lone.push(own),
                None => rest.push(input),
            }
        }
        Ok(Some(Self {
            card,
            free_tiers,
            likely,
            lone,
            rest,
            components: used.components.iter().copied().collect(),
            steps: used.records + steps(model),
        }))
    }

    /// Sends every input over the long road.
    pub(super) fn take_the_long_road(&mut self, model: &Model, plan: &UsagePlan) {
        self.lone.clear();
        self.rest = ranged_inputs(model, plan);
    }

    /// Returns the model with the lone inputs at nothing: what the others are drawn for.
    pub(super) fn without_lone(&self) -> Model {
        let mut model = self.likely.clone();
        let inputs: Vec<RangedInput> = self.lone.iter().map(|own| own.input.clone()).collect();
        model.set_ranges(&inputs, &vec![Quantity::ZERO; inputs.len()]);
        model
    }
}

/// Returns a quantity between the ends of a range; of whole steps the upper one.
fn middle(input: &RangedInput) -> Quantity {
    let (low, high) = (input.range.low.trillionths(), input.range.high.trillionths());
    let half = low + (high - low) / 2;
    let step = Quantity::from_count(1).trillionths();
    Quantity::from_trillionths(match input.grain {
        Grain::Whole => (half + step - 1) / step * step,
        Grain::Trillionth => half,
    })
}

/// Returns the ranges of a model that its usage rests on: a figure that nothing is derived with is none.
pub fn ranged_inputs(model: &Model, plan: &UsagePlan) -> Vec<RangedInput> {
    let mut all = model.ranges();
    all.retain(|input| input.figure.as_ref().is_none_or(|id| plan.uses(id)));
    all
}

/// What usage occurs at all.
pub(super) struct Used {
    /// How many records of one month share a pool, meter and Region at most.
    sharing: BTreeMap<(u32, u16, u16), u32>,
    components: BTreeSet<Component>,
    /// Records over all months.
    records: u64,
}

impl Used {
    fn of(plans: &[&UsagePlan]) -> Result<Self, SimulationError> {
        let mut used = Self { sharing: BTreeMap::new(), components: BTreeSet::new(), records: 0 };
        let mut records: Vec<UsageRecord> = Vec::new();
        for plan in plans {
            let mut count = 0;
            for month in 0..plan.months().len() {
                plan.records(month, &mut records)?;
                count += u64::try_from(records.len()).unwrap_or(u64::MAX);
                used.note(plan, &records);
            }
            used.records = used.records.max(count);
        }
        Ok(used)
    }

    /// Notes what occurs in one month.
    fn note(&mut self, plan: &UsagePlan, records: &[UsageRecord]) {
        let mut own: BTreeMap<(u32, u16, u16), u32> = BTreeMap::new();
        for record in records {
            let pool = plan.keys().pools[record.account as usize];
            *own.entry((pool, record.meter, record.region)).or_default() += 1;
            self.components.insert(record.component);
        }
        for (key, count) in own {
            let most = self.sharing.entry(key).or_default();
            *most = count.max(*most);
        }
    }

    /// Tells whether nothing else is used under a payer, meter and Region.
    pub(super) fn is_alone(&self, pool: u32, meter: u16, region: u16) -> bool {
        self.sharing.get(&(pool, meter, region)).is_none_or(|count| *count <= 1)
    }
}
