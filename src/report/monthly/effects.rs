//! What a change of cost is made of: volume, rate and mix.
//!
//! Of all that has one unit, Q is the quantity and P the mean price: the volume effect is (Q₁ − Q₀) × P₀. The rate effect is, of each
//! usage type in each Region, what its own price made of its new quantity: c₁ − q₁ × c₀ ÷ q₀. The rest, by which quantities moved
//! between dear and cheap ones, is the mix effect, so that the three add up to the change to the last digit. What was not there before
//! has no earlier price: it is volume and mix.

use super::sum::{OfThree, Used};
use crate::domain::{Component, Money, Quantity};
use std::collections::BTreeMap;

/// The three effects, which add up to the change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Effects {
    /// More or less was used.
    pub volume: Money,
    /// It was priced otherwise.
    pub rate: Money,
    /// It was used where it is dearer or cheaper.
    pub mix: Money,
}

impl Effects {
    pub(super) fn plus(self, other: Self) -> Option<Self> {
        Some(Self {
            volume: self.volume.checked_add(other.volume)?,
            rate: self.rate.checked_add(other.rate)?,
            mix: self.mix.checked_add(other.mix)?,
        })
    }
}

/// What has its own price: service, usage type, Region.
pub(super) type PriceKey = (String, String, String);
/// What quantities can be added up of: component and unit.
pub(super) type VolumeKey = (Option<Component>, String);
/// Quantities and costs by both.
pub(super) type Usage = BTreeMap<VolumeKey, BTreeMap<PriceKey, OfThree<Used>>>;

/// Returns the effects by component; nothing for one of which a cost is unknown.
pub(super) fn effects(usage: &Usage, from: usize) -> BTreeMap<Option<Component>, Option<Effects>> {
    let mut found: BTreeMap<Option<Component>, Option<Effects>> = BTreeMap::new();
    for ((component, _), prices) in usage {
        let pairs: Vec<(Used, Used)> = prices.values().map(|own| (own[from], own[0])).collect();
        let own = of_unit(&pairs);
        let sum = found.entry(*component).or_insert(Some(Effects::default()));
        *sum = sum.zip(own).and_then(|(sum, own)| sum.plus(own));
    }
    found
}

/// Returns the effects within one unit: of each price what was and what is.
fn of_unit(all: &[(Used, Used)]) -> Option<Effects> {
    let (mut quantities, mut costs) = ([Quantity::ZERO; 2], [Money::ZERO; 2]);
    let mut rate = Money::ZERO;
    for (was, is) in all {
        let (before, now) = (was.cost.known()?, is.cost.known()?);
        quantities = [quantities[0].plus(was.quantity).ok()?, quantities[1].plus(is.quantity).ok()?];
        costs = [costs[0].checked_add(before)?, costs[1].checked_add(now)?];
        let effect = if !was.quantity.is_zero() {
            now.checked_sub(before.times_ratio(is.quantity, was.quantity)?)?
        } else if is.quantity.is_zero() {
            // A discount, or anything else without a quantity, is a matter of price.
            now.checked_sub(before)?
        } else {
            Money::ZERO
        };
        rate = rate.checked_add(effect)?;
    }
    let change = costs[1].checked_sub(costs[0])?;
    let volume = if quantities[0].is_zero() {
        change.checked_sub(rate)?
    } else {
        costs[0].times_ratio(quantities[1], quantities[0])?.checked_sub(costs[0])?
    };
    let mix = change.checked_sub(volume)?.checked_sub(rate)?;
    Some(Effects { volume, rate, mix })
}

#[cfg(test)]
mod tests {
    use super::super::sum::Sum;
    use super::*;
    use proptest::prelude::*;

    fn used(quantity: u64, cost: &str) -> Used {
        let cost = Sum { cost: cost.parse().unwrap(), is_incomplete: false };
        Used { quantity: Quantity::from_count(quantity), cost }
    }

    fn effects_of(all: &[(Used, Used)]) -> [String; 3] {
        let own = of_unit(all).unwrap();
        [own.volume, own.rate, own.mix].map(|own| own.to_string())
    }

    #[test]
    fn effects_are_those_worked_out_by_hand() {
        // 100 at $2 and 100 at $4; then 150 at $2 and 100 at $5. P₀ is $3: volume 50 × 3; rate 100 × 1; the rest is mix.
        let own = effects_of(&[(used(100, "200"), used(150, "300")), (used(100, "400"), used(100, "500"))]);
        assert_eq!(own, ["150", "100", "-50"]);
        // What is new has no earlier price.
        assert_eq!(effects_of(&[(used(0, "0"), used(10, "20"))]), ["20", "0", "0"]);
        assert_eq!(effects_of(&[(used(10, "20"), used(0, "0"))]), ["-20", "0", "0"]);
        // A discount of $5 on the same usage is a matter of price.
        let discounted = effects_of(&[(used(10, "20"), used(10, "20")), (used(0, "0"), used(0, "-5"))]);
        assert_eq!(discounted, ["0", "-5", "0"]);
        let mut unknown = used(1, "1");
        unknown.cost.is_incomplete = true;
        assert_eq!(of_unit(&[(unknown, used(1, "1"))]), None);
    }

    proptest! {
        #[test]
        fn effects_add_up_to_the_change(
            all in prop::collection::vec((0..9_u64, 0..1_000_i64, 0..9_u64, 0..1_000_i64), 0..6)
        ) {
            let pairs: Vec<(Used, Used)> = all
                .iter()
                .map(|own| (used(own.0, &own.1.to_string()), used(own.2, &own.3.to_string())))
                .collect();
            let own = of_unit(&pairs).unwrap();
            let sum = own.volume.checked_add(own.rate).unwrap().checked_add(own.mix).unwrap();
            let change: i64 = all.iter().map(|own| own.3 - own.1).sum();
            prop_assert_eq!(sum.to_string(), change.to_string());
        }
    }
}
