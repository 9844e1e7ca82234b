//! How each trail delivers: encrypted, signed, to CloudWatch Logs.

use super::trails::{no_trails, take_unrecorded, trail};
use super::{HUB_CLOUDTRAIL, SECURITY};
use crate::domain::{Setting, TrailSetting, TrailSettings};
use crate::posture::change::Change;
use crate::posture::inspected::Inspected;
use crate::posture::practice::{Collected, List, Outcome, Practice, PracticeDoc, Severity};
use crate::recommend::{RecommendError, TrailKey};

pub(super) const KMS: Practice = Practice {
    doc: PracticeDoc {
        id: "sse-kms",
        title: "Encrypt log files with a KMS key",
        severity: Severity::Medium,
        list: List { best: "SSE-KMS", worst: "" },
        looks_at: "Whether each trail that logs names a KMS key, and each account has such a trail. A default encryption of the bucket, `AES256` above all, is none.",
        why: "Who may read a bucket reads logs that S3's own key encrypts; with a KMS key the key policy decides too.",
        fix: "Name a customer managed key whose policy lets CloudTrail encrypt for this trail only, with a Bucket Key where \
              many files are read.",
        command: "aws cloudtrail update-trail --name NAME --kms-key-id KEY",
        terraform: "aws_cloudtrail: kms_key_id = aws_kms_key.logs.arn",
        price: "One key for each bucket, and a Decrypt for each file that somebody reads. CloudTrail's own calls are free.",
        find_out: "aws cloudtrail describe-trails",
        setting: Some(TrailSetting::Kms),
        controls: &[],
        sources: &[SECURITY, HUB_CLOUDTRAIL],
    },
    look: kms,
};

fn kms(inspected: &Inspected<'_>) -> Result<Outcome, RecommendError> {
    Ok(of_each(inspected, "each trail names a KMS key", Change::Kms, |own| {
        let weak =
            inspected.bucket_of(own).and_then(|own| own.encryption.value()?.algorithm.value().cloned());
        match &own.kms_key {
            Setting::Is(_) => (Some(true), String::new()),
            Setting::Unknown => {
                (None, "whether its log files are encrypted with a KMS key is not known".to_owned())
            }
            Setting::NotSet => (
                Some(false),
                match weak {
                    Some(own) => format!("it names no KMS key; its bucket's default encryption is {own}"),
                    None => "it names no KMS key".to_owned(),
                },
            ),
        }
    }))
}

/// Looks at each trail that logs.
fn of_each(
    inspected: &Inspected<'_>,
    passes: &str,
    mend: fn(TrailKey) -> Change,
    look: impl Fn(&TrailSettings) -> (Option<bool>, String),
) -> Outcome {
    if let Some(own) = no_trails(inspected) {
        return own;
    }
    let mut found = Collected::default();
    for own in inspected.trails() {
        let (follows, evidence) = look(own);
        found.take(follows, trail(own, evidence));
        match inspected.key(own) {
            Some(key) if follows == Some(false) => found.mend(mend(key)),
            None if follows == Some(false) => found.unpriced("where the trail stands is not known"),
            _ => {}
        }
    }
    take_unrecorded(inspected, &mut found);
    found.outcome(passes)
}

pub(super) const VALIDATION: Practice = Practice {
    doc: PracticeDoc {
        id: "log-file-validation",
        title: "Turn log file validation on",
        severity: Severity::Medium,
        list: List { best: "Log file validation", worst: "No log validation" },
        looks_at: "Whether each trail that logs writes digest files, and each account has such a trail.",
        why: "Without digest files nobody can tell whether a log file was changed or deleted after CloudTrail delivered it.",
        fix: "Turn log file integrity validation on, and validate from time to time.",
        command: "aws cloudtrail update-trail --name NAME --enable-log-file-validation",
        terraform: "aws_cloudtrail: enable_log_file_validation = true",
        price: "A digest file for each account and Region every hour: its PUT and its storage.",
        find_out: "aws cloudtrail describe-trails",
        setting: Some(TrailSetting::LogFileValidation),
        controls: &[],
        sources: &[SECURITY, HUB_CLOUDTRAIL],
    },
    look: validation,
};

fn validation(inspected: &Inspected<'_>) -> Result<Outcome, RecommendError> {
    Ok(of_each(inspected, "each trail writes digest files", Change::Validation, |own| {
        let on = own.log_file_validation.is_on();
        let evidence = match on {
            None => "whether it writes digest files is not known",
            _ => "it writes no digest files",
        };
        (on, evidence.to_owned())
    }))
}

pub(super) const CLOUDWATCH: Practice = Practice {
    doc: PracticeDoc {
        id: "cloudwatch-integration",
        title: "Deliver to CloudWatch Logs",
        severity: Severity::Medium,
        list: List { best: "CloudWatch integration", worst: "" },
        looks_at: "Whether each trail that logs delivers to a log group, and each account has such a trail.",
        why: "Metric filters, and so alarms, look at log groups; log files in S3 raise no alarm by themselves.",
        fix: "Name a log group and a role that may write to it, and let the group forget after a while.",
        command: "aws cloudtrail update-trail --name NAME --cloud-watch-logs-log-group-arn ARN --cloud-watch-logs-role-arn ROLE",
        terraform: "aws_cloudtrail: cloud_watch_logs_group_arn, cloud_watch_logs_role_arn",
        price: "A log group of the class Standard that keeps events for 90 days, for each trail that has none.",
        find_out: "aws cloudtrail describe-trails",
        setting: Some(TrailSetting::CloudWatchLogs),
        controls: &[],
        sources: &[HUB_CLOUDTRAIL],
    },
    look: cloudwatch,
};

fn cloudwatch(inspected: &Inspected<'_>) -> Result<Outcome, RecommendError> {
    Ok(of_each(inspected, "each trail delivers to a log group", Change::LogGroup, |own| {
        match &own.log_group {
            Setting::Is(_) => (Some(true), String::new()),
            Setting::Unknown => (None, "whether it delivers to CloudWatch Logs is not known".to_owned()),
            Setting::NotSet => (Some(false), "it delivers to no log group".to_owned()),
        }
    }))
}
