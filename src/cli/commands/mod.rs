//! One file per command.

mod ask_options;
mod compare;
mod estimate;
mod free_tiers;
mod interruption;
mod log_buckets;
mod measure_athena;
mod measure_aws;
#[cfg(feature = "aws")]
mod measure_aws_live;
mod measure_bill;
mod measure_logs;
mod prepared;
mod price_refresh;
mod pricing;
mod recommend;
mod recommend_artefacts;
mod reconcile;
mod run;
mod scenario;

pub(super) use run::run;
