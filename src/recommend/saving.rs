//! The difference of two estimates, as people ask for it.

use super::valuation::Value;
use crate::domain::Money;

/// What a change saves: what it costs before less what it costs after.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Saving {
    /// Month by month; negative in months in which the change costs more.
    pub monthly: Vec<Money>,
    /// By year of the horizon; the last one may be shorter.
    pub years: Vec<Money>,
    /// The whole horizon.
    pub total: Money,
    /// What the change costs at most before it has paid for itself; zero where it saves from the first month.
    pub one_time: Money,
    /// The first month, counted from 1, from which on the change has paid for itself; nothing where it never does.
    pub pay_back: Option<usize>,
    /// Whether something of this could not be priced.
    pub incomplete: bool,
}

impl Saving {
    /// Takes the difference; nothing past what money can hold.
    pub fn between(before: &Value, after: &Value) -> Option<Self> {
        let mut saving = Self {
            monthly: Vec::with_capacity(before.monthly.len()),
            years: Vec::new(),
            total: before.total.checked_sub(after.total)?,
            one_time: Money::ZERO,
            pay_back: None,
            incomplete: before.incomplete || after.incomplete,
        };
        let mut sum = Money::ZERO;
        for (month, (before, after)) in before.monthly.iter().zip(&after.monthly).enumerate() {
            let own = before.checked_sub(*after)?;
            saving.monthly.push(own);
            if month % 12 == 0 {
                saving.years.push(Money::ZERO);
            }
            let year = saving.years.last_mut()?;
            *year = year.checked_add(own)?;
            sum = sum.checked_add(own)?;
            if sum.is_negative() {
                saving.one_time = saving.one_time.max(sum.negated());
                saving.pay_back = None;
            } else if saving.pay_back.is_none() && !sum.is_zero() {
                saving.pay_back = Some(month + 1);
            }
        }
        Some(saving)
    }

    /// Tells whether anything is saved over the horizon.
    pub fn is_positive(&self) -> bool {
        !self.total.is_zero() && !self.total.is_negative()
    }
}
