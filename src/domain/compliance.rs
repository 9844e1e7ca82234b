//! Compliance profiles: what a framework's controls demand of what CloudTrail records and keeps.

use super::demands::Demands;
use super::trail::Trail;

/// Where a text can be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Citation {
    /// The text's title.
    pub title: String,
    /// Its address.
    pub address: String,
}

/// A framework, as far as it speaks of what CloudTrail records and how long that is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ComplianceProfile {
    /// The id it is asked for by.
    pub id: String,
    /// The framework's title.
    pub title: String,
    /// The framework's version, where it has one.
    pub version: Option<String>,
    /// Whom it binds, in words.
    pub binds: String,
    /// Where the framework can be read.
    pub source: Citation,
    /// Its controls, in its own order.
    pub controls: Vec<ComplianceControl>,
}

/// One control.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ComplianceControl {
    /// The number it has in the framework.
    pub id: String,
    /// What it says, in a sentence.
    pub text: String,
    /// The address at which it can be read.
    pub source: String,
    /// What no plan may break; nothing where no plan can break it.
    pub keep: Demands,
    /// Settings that it asks of trails, which no plan changes.
    pub settings: Vec<TrailSetting>,
}

/// A setting that a control asks of trails.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum TrailSetting {
    /// At least one trail that logs records every Region.
    MultiRegion,
    /// Every trail that logs signs its log files with digest files.
    LogFileValidation,
    /// Every trail that logs encrypts its log files with SSE-KMS.
    Kms,
    /// Every trail that logs delivers to CloudWatch Logs.
    CloudWatchLogs,
}

impl TrailSetting {
    /// Returns what is asked, as a sentence says it.
    pub fn what(self) -> &'static str {
        match self {
            Self::MultiRegion => "a multi-Region trail",
            Self::LogFileValidation => "log file validation of every trail",
            Self::Kms => "SSE-KMS encryption of every trail's log files",
            Self::CloudWatchLogs => "delivery of every trail to CloudWatch Logs",
        }
    }

    /// Tells whether trails are set so; nothing where that is not known. Without a trail that logs, they are not.
    pub fn is_met(self, trails: &[Trail]) -> Option<bool> {
        let of = |trail: &Trail| match self {
            Self::MultiRegion => Some(trail.multi_region),
            Self::LogFileValidation => trail.delivery.log_file_validation,
            Self::Kms => trail.delivery.kms,
            Self::CloudWatchLogs => Some(trail.delivery.log_group.is_some()),
        };
        let said: Vec<Option<bool>> = trails.iter().filter(|own| own.logging).map(of).collect();
        if said.is_empty() {
            return Some(false);
        }
        // One answer settles it: a trail that is set so, or where every trail must be, one that is not.
        let settled = self == Self::MultiRegion;
        if said.contains(&Some(settled)) {
            Some(settled)
        } else if said.contains(&None) {
            None
        } else {
            Some(!settled)
        }
    }
}

impl ComplianceControl {
    /// Tells whether no plan can break it, so that it is only noted.
    pub fn is_noted_only(&self) -> bool {
        self.keep == Demands::default()
    }
}

impl ComplianceProfile {
    /// Returns title and version: `CIS AWS Foundations Benchmark 3.0.0`.
    pub fn name(&self) -> String {
        match &self.version {
            Some(version) => format!("{} {version}", self.title),
            None => self.title.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Delivery, RegionCode, TrailScope};

    fn trail(logging: bool, multi_region: bool, kms: Option<bool>, log_group: Option<&str>) -> Trail {
        Trail {
            name: "own".to_owned(),
            scope: TrailScope::EachAccount,
            home_region: RegionCode::new("us-east-1"),
            multi_region,
            logging,
            selectors: Vec::new(),
            insights: std::collections::BTreeSet::new(),
            aggregation: Vec::new(),
            delivery: Delivery { kms, log_group: log_group.map(str::to_owned), ..Delivery::default() },
        }
    }

    #[test]
    fn one_trail_records_every_region_and_each_is_encrypted() {
        let (own, other) = (trail(true, true, Some(true), Some("group")), trail(true, false, None, None));
        let stopped = trail(false, false, Some(false), None);
        let plain = trail(true, false, Some(false), None);
        for (setting, trails, expected) in [
            (TrailSetting::MultiRegion, vec![], Some(false)),
            (TrailSetting::MultiRegion, vec![own.clone(), other.clone()], Some(true)),
            (TrailSetting::MultiRegion, vec![other.clone()], Some(false)),
            (TrailSetting::Kms, vec![own.clone(), stopped.clone()], Some(true)),
            (TrailSetting::Kms, vec![stopped.clone()], Some(false)),
            (TrailSetting::Kms, vec![own.clone(), other.clone()], None),
            (TrailSetting::Kms, vec![other.clone(), plain], Some(false)),
            (TrailSetting::CloudWatchLogs, vec![own.clone(), other.clone()], Some(false)),
            (TrailSetting::CloudWatchLogs, vec![own.clone()], Some(true)),
            (TrailSetting::LogFileValidation, vec![own, other], None),
        ] {
            assert_eq!(setting.is_met(&trails), expected, "{} of {trails:?}", setting.what());
        }
    }
}
