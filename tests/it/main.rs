//! One integration binary: stage tests call stages, few tests call the command.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    clippy::case_sensitive_file_extension_comparisons,
    reason = "tests"
)]

mod architecture;
#[cfg(feature = "aws")]
mod athena;
#[cfg(feature = "aws")]
mod aws;
mod aws_replay;
mod aws_volumes;
mod bill;
mod bill_cost_explorer;
mod chain;
mod check;
mod cli;
mod docs;
mod emit;
mod emit_model;
mod errors;
mod filter_patterns;
mod focus;
mod focus_files;
mod free_tiers;
mod generated_bill;
mod log_counts;
mod log_fuzz;
mod log_limits;
mod log_money;
mod log_month;
mod log_oddities;
mod logs;
mod oracles;
mod planner;
mod posture;
mod posture_accounts;
mod posture_alarms;
mod posture_controls;
mod pricing;
mod properties;
mod ranges;
mod recommend;
mod recommend_files;
mod reconcile;
mod reconcile_files;
mod reconcile_prices;
mod report;
mod report_anomalies;
mod report_bundle;
mod report_forecast;
mod report_what_if;
mod rules;
mod scenario_chain;
mod scenario_keys;
mod scenario_measured;
mod scenario_writer;
mod scenario_writer_limits;
mod scenario_writer_properties;
mod selector_replay;
mod shared_data;
mod support;
mod terraform;
mod terraform_charges;
mod terraform_estimate;
mod terraform_keys;
mod terraform_module;
mod terraform_module_choices;
mod terraform_reading;
mod terraform_sides;
mod unknowns;
mod versions;
mod words;
mod workbook;
