//! What a plan must keep, and what forbids an action.

use crate::domain::{AdvancedEventSelector, Age, Demands, LossLevel, TrailSetting};

/// Something that must stay as it is, beside the events themselves.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Need {
    /// CloudTrail Insights where they are on.
    Insights,
    /// Delivery to CloudWatch Logs where it is on.
    CloudWatchLogs,
    /// A log group keeps events for so long.
    LogRetention(Age),
    /// A bucket goes on receiving logs.
    Bucket(String),
}

/// One thing that must be kept, and who says so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Demand {
    /// Who says so: `[keep] events`, `CIS AWS Foundations Benchmark 3.0.0, 3.8`.
    pub by: String,
    /// What must be kept, in words.
    pub what: String,
    /// The same, for the planner.
    pub kept: Kept,
}

/// What must be kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kept {
    /// Events that these select, where they are recorded today.
    Events(Vec<AdvancedEventSelector>),
    /// Something else.
    Need(Need),
    /// Events that trails with this setting record stay recorded by such trails.
    Setting(TrailSetting),
    /// Logs for so long.
    Retention(Age),
    /// Logs up to the first age readable within the second length of time.
    ReadableWithin(Age, Age),
}

/// Everything that a plan must keep.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Keep {
    /// How much may be lost.
    pub accept: LossLevel,
    /// What must be kept.
    pub demands: Vec<Demand>,
}

/// Why an action is not part of a plan.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Forbidden {
    /// Some management events would be recorded by no trail.
    ManagementUnrecorded,
    /// More would be lost than is accepted.
    Loss(LossLevel),
    /// A demand, by its position in [`Keep::demands`].
    Demand(usize),
    /// Events would be left only in buckets that do not keep them as demanded.
    Retention,
}

impl Keep {
    /// Takes the demands of a scenario, and those of compliance profiles that were looked up.
    pub fn new(own: &Demands, profiles: Vec<Demand>, accept: Option<LossLevel>) -> Self {
        let mut demands = Vec::new();
        let mut add = |what: String, key: &str, kept| {
            demands.push(Demand { by: format!("[keep] {key}"), what, kept });
        };
        if let Some(age) = own.retention {
            add(format!("logs for {}", age.words()), "retention", Kept::Retention(age));
        }
        for &(age, within) in &own.readable_within {
            let what = match within.hours() {
                0 => format!("logs of the last {} readable at once", age.words()),
                _ => format!("logs of the last {} readable within {}", age.words(), within.words()),
            };
            add(what, "readable_within", Kept::ReadableWithin(age, within));
        }
        if !own.events.is_empty() {
            add("the events named".to_owned(), "events", Kept::Events(own.events.clone()));
        }
        if own.insights {
            add("Insights".to_owned(), "insights", Kept::Need(Need::Insights));
        }
        if own.cloudwatch_logs {
            let what = "delivery to CloudWatch Logs".to_owned();
            add(what, "cloudwatch_logs", Kept::Need(Need::CloudWatchLogs));
        }
        if let Some(age) = own.log_retention {
            let what = format!("events in log groups for {}", age.words());
            add(what, "log_retention", Kept::Need(Need::LogRetention(age)));
        }
        for bucket in &own.buckets {
            add(format!("logs in `{bucket}`"), "buckets", Kept::Need(Need::Bucket(bucket.clone())));
        }
        demands.extend(profiles);
        Self { accept: accept.or(own.accept_loss).unwrap_or(LossLevel::Low), demands }
    }

    /// Returns the first demand that an action's static effects break, if one does.
    pub(super) fn breaks(&self, needs: &[Need]) -> Option<Forbidden> {
        let broken = |kept: &Kept| {
            needs.iter().any(|need| match (need, kept) {
                // A log group that keeps events for so long breaks a demand of more.
                (Need::LogRetention(given), Kept::Need(Need::LogRetention(wanted))) => given < wanted,
                (need, Kept::Need(kept)) => need == kept,
                _ => false,
            })
        };
        self.demands.iter().position(|own| broken(&own.kept)).map(Forbidden::Demand)
    }

    /// Returns the demands on how long logs are kept and how fast they can be read, the strictest of all.
    pub(super) fn on_logs(&self, own: &Demands) -> Demands {
        let mut merged = own.clone();
        for demand in &self.demands {
            match demand.kept {
                Kept::Retention(age) => merged.retention = merged.retention.max(Some(age)),
                Kept::ReadableWithin(age, within) => merged.readable_within.push((age, within)),
                Kept::Events(_) | Kept::Need(_) | Kept::Setting(_) => {}
            }
        }
        merged.readable_within.sort_unstable();
        merged.readable_within.dedup();
        merged
    }
}
