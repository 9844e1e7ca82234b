//! What must be kept, as scenarios and compliance profiles write it.

use super::at::At;
use super::document_selection::{DataSelectorInput, Excludable, ManagementSetting, SelectorInput};
use schemars::JsonSchema;
use serde::Deserialize;
use std::collections::BTreeMap;

/// What must be kept, however cheap the alternative.
#[derive(Debug, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct KeepInput {
    /// How long logs are kept, such as "7y".
    pub(super) retention: Option<At<String>>,
    /// Within which time logs up to an age must be readable: `{ "90d" = "0h", "7y" = "12h" }`.
    #[serde(default)]
    pub(super) readable_within: BTreeMap<String, At<String>>,
    /// Events that stay recorded where they are recorded today.
    #[serde(default)]
    pub(super) events: Vec<At<EventsInput>>,
    /// Whether Insights stay on where they are on; false if absent.
    pub(super) insights: Option<bool>,
    /// Whether trails that deliver to CloudWatch Logs go on doing so; false if absent.
    pub(super) cloudwatch_logs: Option<bool>,
    /// How long log groups keep events at least, such as "90d".
    pub(super) log_retention: Option<At<String>>,
    /// Buckets that go on receiving the logs that they receive today, by name.
    #[serde(default)]
    pub(super) buckets: Vec<At<String>>,
    /// How much a plan may give up: nothing, noise such as events about log files, events that investigations sometimes
    /// need, or events that detections rest on. "low" if absent.
    pub(super) accept_loss: Option<At<LossInput>>,
    /// Compliance profiles whose controls a plan keeps, by id (`compliance/README.md` lists them).
    #[serde(default)]
    pub(super) profiles: Vec<At<String>>,
}

/// Events to keep, with the keys that say what a trail records.
#[derive(Debug, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(in crate::sources) struct EventsInput {
    /// Which management events; "none" if absent.
    pub(in crate::sources) management: Option<At<ManagementSetting>>,
    /// Sources of management events that are not meant.
    #[serde(default)]
    pub(in crate::sources) exclude: Vec<At<Excludable>>,
    /// Which data events; none if absent.
    #[serde(default)]
    pub(in crate::sources) data: Vec<DataSelectorInput>,
    /// Services whose network activity events are meant, such as `kms.amazonaws.com`.
    #[serde(default)]
    pub(in crate::sources) network_activity: Vec<String>,
    /// Advanced event selectors, in place of management, exclude, data and `network_activity`.
    #[serde(default)]
    pub(in crate::sources) selector: Vec<SelectorInput>,
}

/// How much is lost at most.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub(super) enum LossInput {
    None,
    Low,
    Medium,
    High,
}

/// What a control demands, with the keys of `[keep]` in a scenario.
#[derive(Debug, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(in crate::sources) struct ControlKeepInput {
    /// How long logs are kept, such as "7y".
    pub(in crate::sources) retention: Option<At<String>>,
    /// Within which time logs up to an age must be readable: `{ "90d" = "0h", "7y" = "12h" }`.
    #[serde(default)]
    pub(in crate::sources) readable_within: BTreeMap<String, At<String>>,
    /// Events that stay recorded where they are recorded today.
    #[serde(default)]
    pub(in crate::sources) events: Vec<At<EventsInput>>,
    /// Whether Insights stay on where they are on; false if absent.
    pub(in crate::sources) insights: Option<bool>,
    /// Whether trails that deliver to CloudWatch Logs go on doing so; false if absent.
    pub(in crate::sources) cloudwatch_logs: Option<bool>,
    /// How long log groups keep events at least, such as "90d".
    pub(in crate::sources) log_retention: Option<At<String>>,
}

/// The keys that scenarios and controls share.
pub(in crate::sources) struct Kept<'a> {
    pub(in crate::sources) retention: Option<&'a At<String>>,
    pub(in crate::sources) readable_within: &'a BTreeMap<String, At<String>>,
    pub(in crate::sources) events: &'a [At<EventsInput>],
    pub(in crate::sources) insights: Option<bool>,
    pub(in crate::sources) cloudwatch_logs: Option<bool>,
    pub(in crate::sources) log_retention: Option<&'a At<String>>,
}

impl KeepInput {
    pub(super) fn kept(&self) -> Kept<'_> {
        Kept {
            retention: self.retention.as_ref(),
            readable_within: &self.readable_within,
            events: &self.events,
            insights: self.insights,
            cloudwatch_logs: self.cloudwatch_logs,
            log_retention: self.log_retention.as_ref(),
        }
    }
}

impl ControlKeepInput {
    pub(in crate::sources) fn kept(&self) -> Kept<'_> {
        Kept {
            retention: self.retention.as_ref(),
            readable_within: &self.readable_within,
            events: &self.events,
            insights: self.insights,
            cloudwatch_logs: self.cloudwatch_logs,
            log_retention: self.log_retention.as_ref(),
        }
    }
}
