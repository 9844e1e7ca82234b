//! From AWS's answers to a model, with how each figure was come by and what could not be seen.
//!
//! In: [`Answers`](super::answers::Answers), fresh or recorded, and what the tables know of Regions and usage types. Out:
//! a [`Measurement`]. Must not know: how AWS is asked, files, prices.

mod accounts;
mod alerting;
mod arn;
mod billed;
mod buckets;
mod ceilings;
mod lake;
mod lifecycle;
mod log_groups;
mod management;
mod measurement;
mod reading;
mod selectors;
mod settings;
mod storage;
mod stores;
mod trails;
mod unseen;
mod window;

pub(super) use selectors::plain as basic_selectors;

pub use measurement::{Measurement, ReadCount, measure};
