//! Recordings: what AWS answered, as a folder of small JSON files that can be looked at, kept and replayed.
//!
//! In and out: [`Answers`](super::answers::Answers) and a path. A folder holds `run.json` and one file for each answer,
//! `ACCOUNT/REGION/SERVICE.Operation_N.json`. Folders in placebo's format (`SERVICE.Operation_N.json`, without accounts
//! and Regions) are read too. Nothing but answers is ever written: no credentials, no tokens, no requests' headers.

mod entry;
mod error;
mod load;
mod placebo;
mod save;

pub use error::RecordingError;
pub use load::load;
pub use save::save;
