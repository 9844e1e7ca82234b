//! What a measurement says of itself in a scenario file. The doc comments are what editors show.

use super::at::At;
use schemars::JsonSchema;
use serde::Deserialize;

/// When the volumes were measured. Quantities are then shown as measured, not as declared.
#[derive(Debug, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct MeasuredInput {
    /// The first day, as YYYY-MM-DD.
    pub(super) from: At<String>,
    /// The last day, as YYYY-MM-DD.
    pub(super) to: At<String>,
    /// What measured them, such as "measure aws".
    pub(super) by: At<String>,
}

/// What kind of thing is not known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum GapKindInput {
    /// A volume that is charged but unknown; totals are then incomplete.
    Volume,
    /// A charge that the scenario leaves out.
    NotIncluded,
    /// Events that nothing records.
    Coverage,
    /// Something that a measurement was not let to see.
    NotSeen,
}

/// Something that could not be seen or told; it is shown beside every estimate.
#[derive(Debug, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct GapInput {
    /// What kind of thing it is.
    pub(super) kind: At<GapKindInput>,
    /// What is not known, in one sentence without a full stop.
    pub(super) what: At<String>,
    /// What to do about it.
    pub(super) remedy: Option<String>,
}
