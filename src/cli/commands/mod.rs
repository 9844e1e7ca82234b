//! One file per command.

mod compare;
mod estimate;
mod free_tiers;
mod prepared;
mod pricing;
mod reconcile;
mod run;
mod scenario;

pub(super) use run::run;
