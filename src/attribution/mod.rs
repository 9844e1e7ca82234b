//! What the events counted in log files cost, by what brought them about.
//!
//! In: [`LogCounts`](crate::domain::LogCounts) and a rate card. Out: the money of a change of what is recorded, of what the
//! logs themselves cause, of a resource, and of selectors tried on the events. Must not know: files, output formats.
//!
//! Prices are list prices: what logs show is only CloudTrail's own part, without what is stored, delivered or read. A month is
//! made of what was seen by [`DaysSeen::month`](crate::domain::DaysSeen::month).

mod causes;
mod event_rates;
mod paid_days;
mod proposal;
mod replayed;
mod share;

pub use causes::{Cause, CauseKind, Weighed, causes};
pub use event_rates::{EventRates, PaidKind};
pub use paid_days::{PaidDay, paid_days};
pub use proposal::{Proposal, propose};
pub use replayed::{NeverAgain, Outcome, Replayed, SelectorOutcome, kept_by, replayed};
pub use share::{SelfLoggingCost, resource_cost, self_logging_cost};
