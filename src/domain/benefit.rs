//! What the spend on logs brings: avoided losses against cost, and what the cost is beside everything else.
//!
//! In: what an incident would cost and how often one is avoided, as stated. Out: ratios and amounts, exactly computed.

use super::money::{Money, UnitPrice};
use super::quantity::Quantity;
use rust_decimal::{Decimal, RoundingStrategy};

/// Digits after the point of a ratio.
const RATIO_DIGITS: u32 = 12;

/// What the logs are for, in money. All of it is stated; what is not has no result.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Benefit {
    /// The loss avoided in one incident; more than zero.
    pub avoided_loss: Option<UnitPrice>,
    /// Incidents in a year of which the loss is avoided.
    pub incidents_per_year: Option<Quantity>,
    /// What the organization pays for its cloud in a month; more than zero.
    pub cloud_spend_per_month: Option<UnitPrice>,
}

/// What a cost a year means beside a [`Benefit`]. Ratios are rounded at 10⁻¹², half away from zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct BenefitReturn {
    /// Incidents in a year from which on the avoided losses pay for the cost; needs the avoided loss.
    pub break_even_incidents: Option<Decimal>,
    /// Losses avoided in a year; needs the avoided loss and the incidents.
    pub avoided_per_year: Option<Money>,
    /// Losses avoided in a year less the cost.
    pub net_per_year: Option<Money>,
    /// Losses avoided for each dollar of cost: 1 at break-even. Nothing when the cost is zero.
    pub per_dollar: Option<Decimal>,
    /// The cost as a share of the cloud spend of a year, from 0 to 1; needs the spend.
    pub cloud_spend_share: Option<Decimal>,
    /// The cost of a thousand events; needs a number of events that is more than zero.
    pub cost_per_thousand_events: Option<Money>,
}

impl Benefit {
    /// Computes what a cost a year means; `events_per_year` are the events that it records.
    pub fn of(&self, cost_per_year: Money, events_per_year: Option<Quantity>) -> BenefitReturn {
        let one_incident = self.avoided_loss.and_then(|loss| loss.times(Quantity::from_count(1)));
        let avoided_per_year = match (self.avoided_loss, self.incidents_per_year) {
            (Some(loss), Some(incidents)) => loss.times(incidents),
            _ => None,
        };
        let yearly_spend = self.cloud_spend_per_month.and_then(|spend| spend.times(Quantity::from_count(12)));
        BenefitReturn {
            break_even_incidents: one_incident.and_then(|loss| cost_per_year.over(loss, RATIO_DIGITS)),
            avoided_per_year,
            net_per_year: avoided_per_year.and_then(|avoided| avoided.checked_sub(cost_per_year)),
            per_dollar: avoided_per_year.and_then(|avoided| avoided.over(cost_per_year, RATIO_DIGITS)),
            cloud_spend_share: yearly_spend.and_then(|spend| cost_per_year.over(spend, RATIO_DIGITS)),
            cost_per_thousand_events: events_per_year.and_then(|events| cost_per_year.per(events, 1_000)),
        }
    }
}

/// Rounds a ratio to four digits after the point, half away from zero: for display only.
pub fn four_digits(ratio: Decimal) -> Decimal {
    ratio.round_dp_with_strategy(4, RoundingStrategy::MidpointAwayFromZero)
}

#[cfg(test)]
mod tests {
    use super::super::fixed::parse_decimal;
    use super::*;

    fn money(text: &str) -> Money {
        Money::from_decimal(parse_decimal(text).unwrap()).unwrap()
    }

    fn price(text: &str) -> UnitPrice {
        UnitPrice::new(parse_decimal(text).unwrap())
    }

    fn quantity(text: &str) -> Quantity {
        Quantity::from_decimal(parse_decimal(text).unwrap()).unwrap()
    }

    #[test]
    fn incidents_that_pay_for_the_cost() {
        for (loss, cost, exact, shown) in [
            // The case ROI.
            ("15000", "5064", "0.3376", "0.3376"),
            ("15000", "15192", "1.0128", "1.0128"),
            ("3", "1", "0.333333333333", "0.3333"),
            ("20000", "1", "0.00005", "0.0001"),
            ("15000", "0", "0", "0"),
        ] {
            let benefit = Benefit { avoided_loss: Some(price(loss)), ..Benefit::default() };
            let found = benefit.of(money(cost), None).break_even_incidents.unwrap();
            assert_eq!(found, parse_decimal(exact).unwrap(), "{cost} / {loss}");
            assert_eq!(four_digits(found), parse_decimal(shown).unwrap(), "{cost} / {loss}");
        }
    }

    #[test]
    fn what_the_spend_brings() {
        let benefit = Benefit {
            avoided_loss: Some(price("15000")),
            incidents_per_year: Some(quantity("0.5")),
            cloud_spend_per_month: Some(price("40000")),
        };
        // 42 million events a month, as in the case SEED without the first copies.
        let found = benefit.of(money("5064"), Some(quantity("504000000")));
        assert_eq!(found.avoided_per_year, Some(money("7500")));
        assert_eq!(found.net_per_year, Some(money("2436")));
        assert_eq!(found.per_dollar.map(four_digits), Some(Decimal::new(14_810, 4)));
        assert_eq!(found.cloud_spend_share, Some(parse_decimal("0.01055").unwrap()));
        // 5,064 × 1,000 ÷ 504,000,000 = 0.010047619…
        let per_thousand = found.cost_per_thousand_events.unwrap().to_string();
        assert_eq!(per_thousand, "0.010047619047619047619048");
    }

    #[test]
    fn a_cost_above_the_losses_is_a_negative_net() {
        let benefit = Benefit {
            avoided_loss: Some(price("1000")),
            incidents_per_year: Some(quantity("1")),
            cloud_spend_per_month: None,
        };
        assert_eq!(benefit.of(money("5064"), None).net_per_year, Some(money("-4064")));
    }

    #[test]
    fn what_is_not_stated_has_no_result() {
        assert_eq!(Benefit::default().of(money("5064"), None), BenefitReturn::default());
        let benefit = Benefit { incidents_per_year: Some(quantity("1")), ..Benefit::default() };
        assert_eq!(benefit.of(money("5064"), Some(Quantity::ZERO)), BenefitReturn::default());
        let benefit = Benefit {
            avoided_loss: Some(price("1")),
            incidents_per_year: Some(quantity("1")),
            cloud_spend_per_month: None,
        };
        assert_eq!(benefit.of(Money::ZERO, None).per_dollar, None);
    }
}
