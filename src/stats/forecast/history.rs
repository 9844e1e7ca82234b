//! What was recorded of a series, as equally spaced values.
#![expect(clippy::float_arithmetic, reason = "a forecast is no money; see the room's header")]

use super::models::float;
use crate::domain::{Month, Quantity};

/// What a quantity of a month is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Measured {
    /// It adds up day by day, such as events: a longer month has more of it.
    ByDay,
    /// It is a month's mean, such as gigabyte-months: the length of a month does not matter.
    ByMonth,
}

impl Measured {
    /// Returns how many of the values that are forecast make the quantity of a month.
    pub(super) fn parts(self, month: Month) -> f64 {
        match self {
            Self::ByDay => f64::from(month.days()),
            Self::ByMonth => 1.0,
        }
    }
}

/// A month as recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Recorded {
    /// The month.
    pub month: Month,
    /// What was used in the days covered; zero where nothing was.
    pub quantity: Quantity,
    /// Days of the month that the quantity covers, one at least.
    pub days: u32,
}

/// Months in a row that are not recorded and may be bridged by a straight line; before a longer gap nothing is used.
const BRIDGED: i32 = 2;
/// Months at a new level that make it one: a single month may be a spike.
const OF_A_LEVEL: usize = 2;
/// A level is new where every month since is more than double, or less than half, of every month before.
const JUMP: f64 = 2.0;

/// The values that a forecast rests on, month after month.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Values {
    /// The first month.
    pub(super) since: Month,
    /// Per day, or per month.
    pub(super) each: Vec<f64>,
    /// Whether each was recorded; the others lie on a straight line.
    pub(super) known: Vec<bool>,
    /// Whether an older level is left out.
    pub(super) level_changed: bool,
    /// Whether it is no longer used.
    pub(super) has_ended: bool,
}

impl Values {
    /// Spaces what was recorded equally; nothing where nothing was ever used.
    pub(super) fn new(recorded: &[Recorded], measured: Measured) -> Option<Self> {
        let used = recorded.iter().position(|own| !own.quantity.is_zero())?;
        let mut all = &recorded[used..];
        let gap = all.windows(2).rposition(|own| own[1].month.months_since(own[0].month) > BRIDGED + 1);
        if let Some(gap) = gap {
            all = &all[gap + 1..];
        }
        let mut own = Self {
            since: all.first()?.month,
            each: Vec::new(),
            known: Vec::new(),
            level_changed: false,
            has_ended: false,
        };
        for next in all {
            let value = value(next, measured);
            let missing =
                usize::try_from(next.month.months_since(own.since)).ok()?.checked_sub(own.each.len())?;
            if let Some(before) = own.each.last().copied() {
                let step = (value - before) / float(missing + 1);
                for at in 1..=missing {
                    own.each.push(before + step * float(at));
                    own.known.push(false);
                }
            }
            own.each.push(value);
            own.known.push(true);
        }
        own.has_ended = has_ended(&own.each);
        if !own.has_ended {
            own.leave_out_older_levels()?;
        }
        Some(own)
    }

    fn leave_out_older_levels(&mut self) -> Option<()> {
        let Some(at) = new_level(&self.each) else { return Some(()) };
        self.each.drain(..at);
        self.known.drain(..at);
        self.since = self.since.plus(u32::try_from(at).ok()?)?;
        self.level_changed = true;
        Some(())
    }
}

/// Returns the value of a day, or of a whole month.
#[expect(clippy::cast_precision_loss, reason = "rounded to the nearest float, the same on every machine")]
fn value(own: &Recorded, measured: Measured) -> f64 {
    /// Quantities are held in trillionths.
    const TRILLION: f64 = 1e12;
    let quantity = (own.quantity.trillionths() as f64 / TRILLION).max(0.0);
    let of_a_day = quantity / f64::from(own.days.max(1));
    match measured {
        Measured::ByDay => of_a_day,
        Measured::ByMonth if own.days == own.month.days() => quantity,
        Measured::ByMonth => of_a_day * f64::from(own.month.days()),
    }
}

/// Tells whether the months without use at the end are more than any pause before.
fn has_ended(values: &[f64]) -> bool {
    let mut pauses = values.split(|own| *own > 0.0).map(<[f64]>::len);
    let last = pauses.next_back().unwrap_or(0);
    last > 0 && pauses.all(|own| own < last)
}

/// Returns where the last new level begins.
fn new_level(values: &[f64]) -> Option<usize> {
    let most = |own: &[f64]| own.iter().copied().fold(0.0, f64::max);
    let least = |own: &[f64]| own.iter().copied().fold(f64::INFINITY, f64::min);
    (OF_A_LEVEL..=values.len().saturating_sub(OF_A_LEVEL)).rev().find(|at| {
        let (before, since) = values.split_at(*at);
        least(since) > JUMP * most(before) || JUMP * most(since) < least(before)
    })
}
