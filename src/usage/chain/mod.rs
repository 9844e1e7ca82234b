//! What the logs then cost: buckets, keys, log groups, alarms, topics, buses and readers, month by month.
//!
//! In: what trails deliver. Out: usage records and what is stored. Must not know: which events made up a delivery.

mod alerting;
mod bucket;
mod delivery;
mod digests;
mod exact;
mod figures;
mod ledger;
mod lifecycle;
mod meter;
mod readers;
mod run;
mod store;
#[cfg(test)]
mod store_tests;
mod tap;

pub(super) use delivery::{Delivered, Filing, FilingBasis};
pub(super) use digests::DigestRegions;
pub(super) use figures::{ChainFigures, FigureReader};
pub(super) use ledger::GivenMeters;
pub(super) use meter::ChainMeter;
pub(super) use run::{Chain, ChainUsage};
pub(super) use tap::tap_numbers;
