//! Asking AWS: the only place that knows the SDK.
//!
//! In: what to ask for. Out: [`Answers`](crate::sources::aws::answers::Answers) in AWS's shapes, with a refusal for each
//! call that brought nothing. Every call only reads, but those that make Athena's table and run its queries. Must not know: what an answer means for a bill.

mod alerting;
mod ask;
mod asking;
mod athena;
mod athena_error;
mod bucket_shapes;
mod buckets;
mod cloudtrail;
mod cloudtrail_shapes;
mod error;
mod lookup;
mod metrics;
mod objects;
mod objects_body;
mod organization;
mod price_list;
mod progress;
mod refused;
mod session;
mod spend;

pub use ask::ask;
pub use athena::{Athena, Ran, WorkGroup};
pub use athena_error::AthenaError;
pub use error::AskError;
pub use objects::BucketReader;
pub use price_list::price_list;
pub use progress::{Charged, Progress, Silent, StopFlag};
