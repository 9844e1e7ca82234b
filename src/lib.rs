//! What AWS CloudTrail costs, why, and what to change: the library behind the `trailcost` command.
//!
//! Rooms follow the data's way: [`sources`] read the outside world into a [`domain::Model`], [`usage`] turns it into
//! billable quantities, [`costing`] multiplies by the rate card of [`pricing`], [`report`] shows the result.
//! Only [`cli`] knows about arguments, and only [`io`] and the sources touch files.
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used))]

pub mod cli;
pub mod costing;
pub mod domain;
pub mod io;
pub mod pricing;
pub mod report;
pub mod sources;
pub mod usage;
