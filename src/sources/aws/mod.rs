//! An account or an organization, read through the AWS API.
//!
//! `live` asks AWS and fills [`Answers`]; a recording of them is a folder of small files; `lower` turns them, fresh or
//! recorded, into a [`Model`](crate::domain::Model). Only `live` knows the SDK.
//!
//! [`Answers`]: answers::Answers

pub mod answers;
#[cfg(feature = "aws")]
pub mod live;
pub mod lower;
mod options;
mod policy;
pub mod recording;
mod selectors_file;

pub use options::{Access, AskOptions, LookupBudget};
pub use policy::{action, objects_policy_json, policy_json};
pub use selectors_file::{SelectorsError, read_selectors};
