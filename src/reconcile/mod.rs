//! An estimate against what was billed or measured: the difference of every key, and what explains it.
//!
//! In: the usage of a scenario with the rate card that prices it, a [`Bill`](crate::domain::Bill), the usage of a measured
//! scenario. Out: a [`Reconciliation`]. Must not know: files, output formats, how usage was derived.
//!
//! A room of its own beside `costing`, which prices any usage: what explains a difference (first copies that are free, a
//! further trail) is `CloudTrail`'s. It prices through [`costing::estimate`](crate::costing::estimate()) and nothing else, so
//! that pools, tiers, free tiers and terms are those of every estimate.
//!
//! For each month, account, Region, service and usage type there are three costs: E, what the scenario expects; M, what the
//! billed quantity costs at the scenario's prices; B, what was billed. M − E is the volume variance, B − M the price
//! variance. Both are exact, tiers or not, and add up to B − E. Each cause takes an amount off one of the two, in the order
//! of [`CauseKind`], so that none is counted twice; what is left is unexplained.

mod billed_usage;
mod cause;
mod copies;
mod days;
mod entry;
mod error;
mod ledger;
mod missing;
mod priced;
mod rates;
mod result;
mod run;

pub use cause::{Cause, CauseKind};
pub use entry::{Key, Line, Part, SideAmount};
pub use error::ReconcileError;
pub use result::{Charge, MonthRow, Reconciliation, ServiceApart, Sums, TargetKind};
pub use run::{MeasuredSide, Question, reconcile};
