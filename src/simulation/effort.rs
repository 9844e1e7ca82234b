//! How many draws a scenario is worth: a large one gets fewer, so that nobody waits for minutes.

use crate::domain::Model;

/// Draws where nothing else is said.
const USUAL_DRAWS: u64 = 10_000;
/// Fewer draws than this say nothing about a P10.
const FEWEST_DRAWS: u64 = 100;
/// Steps of work that are worth waiting for; one takes some 100 ns.
const BUDGET: u64 = 40_000_000;
/// Inputs beyond this are not looked at one by one.
const MOST_TORNADO_INPUTS: u64 = 200;

/// Steps that a bucket or log group takes each month: what arrives moves through its classes.
const STEPS_OF_A_STORE: usize = 30;

/// Returns the steps of work that one draw of a model takes, apart from the records that it yields.
pub(super) fn steps(model: &Model) -> u64 {
    let (observations, inventory) = (&model.observations, &model.inventory);
    let counts: usize = observations.activities.iter().map(|activity| activity.counts.len()).sum();
    let stores = inventory.buckets.len() + inventory.log_groups.len();
    let months = model.horizon.months as usize;
    let filters = inventory.buckets.iter().map(|bucket| bucket.lifecycle.len()).sum::<usize>();
    let steps = counts + observations.volumes.len() + stores * months * STEPS_OF_A_STORE + filters * months;
    u64::try_from(steps).unwrap_or(u64::MAX)
}

/// Returns the number of draws for a model of which one draw takes so many steps, to two digits, and whether it is
/// reduced. It depends on the model alone, never on the machine.
pub(super) fn draws(steps: u64) -> (u32, bool) {
    let worth = (BUDGET / steps.max(1)).clamp(FEWEST_DRAWS, USUAL_DRAWS);
    let mut unit = 1;
    while worth / unit >= 100 {
        unit *= 10;
    }
    let draws = worth / unit * unit;
    (u32::try_from(draws).unwrap_or(u32::MAX), draws < USUAL_DRAWS)
}

/// Tells whether so many inputs, at so many steps each, are looked at one by one.
pub(super) fn is_worth_a_tornado(inputs: usize, steps: u64) -> bool {
    let inputs = u64::try_from(inputs).unwrap_or(u64::MAX);
    inputs <= MOST_TORNADO_INPUTS && inputs.saturating_mul(2).saturating_mul(steps) <= 2 * BUDGET
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn large_models_get_fewer_draws_of_round_number() {
        for (steps, expected) in [
            (0, (10_000, false)),
            (3_000, (10_000, false)),
            (10_500, (3_800, true)),
            (37_000, (1_000, true)),
            (16_000_000, (100, true)),
        ] {
            assert_eq!(draws(steps), expected, "{steps}");
        }
        assert!(is_worth_a_tornado(200, 1_000));
        assert!(!is_worth_a_tornado(201, 1));
        assert!(!is_worth_a_tornado(20, 16_000_000));
    }
}
