//! Athena: a table over log files in S3, the queries that count what `measure logs` counts, and those of an investigation.
//!
//! What comes in: where the logs lie, and which days. What goes out: SQL in Athena's dialect, and the bytes that Athena bills
//! for a scan. Nothing here knows prices or AWS's API.

mod answer;
mod columns;
mod copies;
mod counting;
mod counts;
mod fit;
mod investigations;
mod place;
mod policy;
mod query;
mod scan;
mod stored;
mod table;

pub use answer::{AnswerError, AnswerRow};
pub use counting::Counting;
pub use fit::FoundTable;
pub use investigations::investigations;
pub use place::{AthenaLogs, PlaceError, results_place};
pub use policy::{AthenaPlace, athena_policy_json};
pub use query::Query;
pub use scan::billed_bytes;
pub use stored::{StoredLogs, StoredPlace};

/// Returns the statements that make the table: `CREATE EXTERNAL TABLE` with partition projection.
///
/// Athena bills nothing for them.
pub fn table(logs: &AthenaLogs) -> String {
    table::create(logs)
}

/// Returns the queries whose answers are the counts of `measure logs`: events and copies, one scan of the days each.
pub fn counts(logs: &AthenaLogs) -> Vec<Query> {
    vec![counts::events(logs), copies::copies(logs)]
}
