//! What a fix costs or saves: the difference of two estimates.

use super::change::Change;
use super::inspected::Inspected;
use crate::domain::{Model, Money};
use crate::recommend::{RecommendError, Value};

/// What a fix costs: what the model costs after it less what it costs before. Negative where it saves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FixPrice {
    /// In the first month, exact.
    pub first_month: Money,
    /// In the average month of the scenario, cut where it has no end.
    pub average_month: Money,
    /// Over all months of the scenario, exact.
    pub total: Money,
    /// Whether every part of both estimates is known.
    pub complete: bool,
}

impl FixPrice {
    /// A price of nothing: the setting is not charged for.
    pub const FREE: Self =
        Self { first_month: Money::ZERO, average_month: Money::ZERO, total: Money::ZERO, complete: true };

    /// Takes the difference; nothing past what money can hold.
    pub(super) fn between(before: &Value, after: &Value) -> Option<Self> {
        let total = after.total.checked_sub(before.total)?;
        let months = u32::try_from(before.monthly.len()).ok().filter(|own| *own > 0)?;
        let first = match (before.monthly.first(), after.monthly.first()) {
            (Some(before), Some(after)) => after.checked_sub(*before)?,
            _ => Money::ZERO,
        };
        Some(Self {
            first_month: first,
            average_month: total.divided_by(months)?,
            total,
            complete: !before.incomplete && !after.incomplete,
        })
    }
}

/// Returns a model after changes.
pub(super) fn changed(model: &Model, changes: &[Change]) -> Model {
    let mut own = model.clone();
    for change in changes {
        change.apply(&mut own);
    }
    own
}

/// Prices changes together.
pub(super) fn price(
    inspected: &Inspected<'_>,
    before: &Value,
    changes: &[Change],
) -> Result<Option<FixPrice>, RecommendError> {
    if changes.is_empty() {
        return Ok(Some(FixPrice::FREE));
    }
    let after = inspected.valuer.value(&changed(inspected.model, changes))?;
    Ok(FixPrice::between(before, &after))
}
