//! What AWS CloudTrail costs, why, and what to change: the library behind the `trailcost` command.
//!
//! Rooms follow the data's way: [`sources`] read the outside world into a [`domain::Model`], [`usage`] turns it into
//! billable quantities, [`costing`] multiplies by the rate card of [`pricing`], [`report`] shows the result. Where quantities are ranges,
//! [`simulation`] draws from them with what [`stats`] knows of chance, and estimates again and again. [`reconcile`] holds an
//! estimate against what was billed or measured, [`attribution`] says what counted events cost. [`emit`] turns the difference of two models into artefacts ready to apply.
//! Only [`cli`] knows about arguments, and only [`io`] and the sources touch files.
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used))]

pub mod attribution;
pub mod check;
pub mod cli;
pub mod costing;
pub mod domain;
pub mod emit;
pub mod io;
pub mod posture;
pub mod pricing;
pub mod recommend;
pub mod reconcile;
pub mod report;
pub mod simulation;
pub mod sources;
pub mod stats;
pub mod store;
pub mod usage;
