//! Which changes lower the cost, and the cheapest set of them that keeps what must be kept.
//!
//! In: a [`Model`](crate::domain::Model), prices, and what must be kept. Out: a [`Plan`] whose savings are differences of
//! estimates. Must not know: formats, files.

mod action;
mod coverage;
mod detections;
mod edit;
mod error;
mod keep;
mod lifecycle;
mod merged;
mod places;
mod plan;
pub mod profile;
mod quality;
mod receiver;
mod relaxed;
mod rule;
mod rules;
mod saving;
mod search;
mod turns;
mod valuation;
mod versions;

pub use action::{Action, Advice, Effort, Loss, Site};
pub use edit::{Edit, TrailKey};
pub use error::RecommendError;
pub use keep::{Demand, Forbidden, Keep, Kept, Need};
pub use places::is_non_production;
pub use plan::{Declined, GivenUp, OnTheTable, Plan, PlannedAction, plan};
pub use rule::{Findings, RuleDoc, Source, findings, findings_of, lifecycles, rules};
pub use saving::Saving;
pub use valuation::{Value, Valuer};
