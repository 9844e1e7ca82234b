//! One file per command.

mod ask_options;
mod athena_price;
mod check;
mod check_posture;
mod compare;
mod counted_output;
mod estimate;
mod exchange_rates;
mod focus_output;
mod free_tiers;
mod interruption;
mod log_buckets;
mod log_reading;
mod measure_athena;
#[cfg(feature = "aws")]
mod measure_athena_live;
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
mod recommend_logs;
mod reconcile;
mod report;
mod report_changes;
mod report_export;
mod report_record;
mod run;
mod scenario;
mod terraform;
mod tried_selectors;

pub(super) use run::run;
