//! One file per command.

mod compare;
mod estimate;
mod free_tiers;
mod measure_aws;
mod measure_bill;
mod prepared;
mod pricing;
mod reconcile;
mod run;
mod scenario;

pub(super) use run::run;
