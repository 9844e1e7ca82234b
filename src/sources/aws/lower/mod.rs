//! From AWS's answers to a model, with how each figure was come by and what could not be seen.
//!
//! In: [`Answers`](super::answers::Answers), fresh or recorded, and what the tables know of Regions and usage types. Out:
//! a [`Measurement`]. Must not know: how AWS is asked, files, prices.

mod accounts;
mod alerting;
pub(in crate::sources) mod arn;
mod billed;
mod buckets;
mod ceilings;
mod lake;
pub(in crate::sources) mod lifecycle;
mod log_groups;
mod management;
mod measurement;
mod reading;
pub(in crate::sources) mod selectors;
mod settings;
mod storage;
mod stores;
mod trails;
pub(in crate::sources) mod unseen;
mod window;

pub(super) use selectors::plain as basic_selectors;

pub use measurement::{Measurement, ReadCount, measure};
