//! Records of each activity that somebody is to be told of, with what patterns look at: one for each event that it names, and
//! some of events that it does not name: one that reads, one or two of the same service that write, one of another service.

use crate::domain::{Access, EventClass, EventSource, Field, MonitoredActivity};
use serde_json::{Value, json};

/// The Region in which events of global services are recorded (CloudTrail user guide, global service events; since 22 November
/// 2021).
pub(super) const GLOBAL_REGION: &str = "us-east-1";
/// An event of S3 that a pattern names and no trail records without data events: it says nothing of an alarm.
const DATA_EVENT: &str = "PutObjectAcl";

/// An event that an activity names.
#[derive(Debug, Clone)]
pub(super) struct Sample {
    /// The service.
    pub(super) source: &'static str,
    /// The call.
    pub(super) name: &'static str,
    /// Whether it is recorded in [`GLOBAL_REGION`], whatever Region is meant. Sign-ins of the root user are; those of others go to
    /// the Region of their sign-in page.
    pub(super) is_global: bool,
    /// What tells it from others of the same call, in words; empty where nothing does.
    pub(super) note: &'static str,
    /// The record, as CloudTrail would write it to a log group.
    pub(super) record: Value,
}

/// The events of an activity, and some that are none of it.
#[derive(Debug)]
pub(super) struct Samples {
    pub(super) named: Vec<Sample>,
    pub(super) others: Vec<Sample>,
}

impl Sample {
    fn new(source: &'static str, name: &'static str) -> Self {
        let is_global = ["iam.amazonaws.com", "organizations.amazonaws.com"].contains(&source);
        let record = json!({
            "eventVersion": "1.11",
            "userIdentity": { "type": "IAMUser", "arn": "arn:aws:iam::111122223333:user/someone", "accountId": "111122223333" },
            "eventTime": "2026-01-01T02:13:00Z",
            "eventSource": source,
            "eventName": name,
            "awsRegion": GLOBAL_REGION,
            "sourceIPAddress": "198.51.100.7",
            "readOnly": false,
            "eventType": if name == "ConsoleLogin" { "AwsConsoleSignIn" } else { "AwsApiCall" },
            "managementEvent": true,
            "eventCategory": "Management",
            "recipientAccountId": "111122223333",
        });
        Self { source, name, is_global, note: "", record }
    }

    fn with(mut self, note: &'static str, parts: &Value) -> Self {
        for (key, value) in parts.as_object().into_iter().flatten() {
            self.record[key] = value.clone();
        }
        self.note = note;
        self
    }

    fn by_root(mut self) -> Self {
        self.record["userIdentity"] = json!({ "type": "Root", "arn": "arn:aws:iam::111122223333:root" });
        self
    }

    fn global(mut self) -> Self {
        self.is_global = true;
        self
    }

    /// Names it in a sentence.
    pub(super) fn words(&self) -> String {
        if self.note.is_empty() { self.name.to_owned() } else { format!("{} {}", self.name, self.note) }
    }

    /// Returns the class of events that a selector sees.
    pub(super) fn class(&self) -> EventClass {
        let source =
            if self.source == EventSource::EXCLUDABLE[0] { EventSource::Kms } else { EventSource::Other };
        EventClass::management(Access::Write, source)
            .with(Field::EventSource, self.source)
            .with(Field::EventName, self.name)
            .with(Field::ReadOnly, "false")
    }
}

fn sign_in(note: &'static str, outcome: &str, mfa: &str) -> Sample {
    let parts =
        json!({ "responseElements": { "ConsoleLogin": outcome }, "additionalEventData": { "MFAUsed": mfa } });
    Sample::new("signin.amazonaws.com", "ConsoleLogin").with(note, &parts)
}

/// Returns the service whose events an activity lists by name.
fn listed_by(activity: &str) -> Option<&'static str> {
    Some(match activity {
        "iam-policy-change" => "iam.amazonaws.com",
        "cloudtrail-change" => "cloudtrail.amazonaws.com",
        "kms-key-deletion" => "kms.amazonaws.com",
        "s3-bucket-policy-change" | "s3-public-access" => "s3.amazonaws.com",
        "config-change" => "config.amazonaws.com",
        "security-group-change"
        | "network-acl-change"
        | "network-gateway-change"
        | "route-table-change"
        | "vpc-change" => "ec2.amazonaws.com",
        "organizations-change" => "organizations.amazonaws.com",
        _ => return None,
    })
}

/// Returns the event names that a pattern of the benchmark lists.
fn listed(pattern: &'static str) -> impl Iterator<Item = &'static str> {
    pattern
        .split("$.eventName = ")
        .skip(1)
        .filter_map(|rest| rest.split([')', ' ']).next())
        .filter(|own| *own != DATA_EVENT)
}

/// Returns calls of a service that write and that no activity names: a pattern that matches all writes matches them too.
fn unlisted(source: &str) -> &'static [&'static str] {
    match source {
        "iam.amazonaws.com" => &["CreateUser"],
        "cloudtrail.amazonaws.com" => &["AddTags"],
        "kms.amazonaws.com" => &["CreateKey"],
        "s3.amazonaws.com" => &["CreateBucket"],
        "config.amazonaws.com" => &["PutEvaluations"],
        "organizations.amazonaws.com" => &["TagResource"],
        _ => &["RunInstances", "CreateTags"],
    }
}

/// Returns the events of an activity; nothing for one that is not known here.
pub(super) fn samples(activity: &'static MonitoredActivity) -> Option<Samples> {
    let elsewhere = Sample::new("logs.amazonaws.com", "CreateLogStream");
    let read = |source| {
        let name = match source {
            "iam.amazonaws.com" => "GetRole",
            "cloudtrail.amazonaws.com" => "LookupEvents",
            "kms.amazonaws.com" => "DescribeKey",
            "s3.amazonaws.com" => "GetBucketLocation",
            "config.amazonaws.com" => "DescribeConfigurationRecorders",
            "organizations.amazonaws.com" => "ListAccounts",
            _ => "DescribeInstances",
        };
        Sample::new(source, name).with("", &json!({ "readOnly": true }))
    };
    if let Some(source) = listed_by(activity.name) {
        let named = listed(activity.pattern).map(|name| Sample::new(source, name)).collect();
        let writes = unlisted(source).iter().map(|name| Sample::new(source, name));
        let others = std::iter::once(read(source)).chain(writes).chain([elsewhere]).collect();
        return Some(Samples { named, others });
    }
    let denied = |code: &'static str| {
        Sample::new("ec2.amazonaws.com", "RunInstances").with(code, &json!({ "errorCode": code }))
    };
    let failed = json!({ "errorMessage": "Failed authentication" });
    Some(match activity.name {
        "unauthorized-api-call" => Samples {
            named: vec![
                denied("AccessDenied"),
                denied("AccessDeniedException"),
                denied("Client.UnauthorizedOperation"),
            ],
            others: vec![
                Sample::new("ec2.amazonaws.com", "RunInstances").with("that is allowed", &json!({})),
                elsewhere,
            ],
        },
        "root-login" => Samples {
            named: vec![
                sign_in("of the root user", "Success", "Yes").by_root().global(),
                sign_in("of the root user without MFA", "Success", "No").by_root().global(),
                Sample::new("ec2.amazonaws.com", "RunInstances")
                    .with("by the root user", &json!({}))
                    .by_root(),
            ],
            others: vec![sign_in("of an IAM user", "Success", "Yes"), read("iam.amazonaws.com"), elsewhere],
        },
        "console-sign-in-without-mfa" => Samples {
            named: vec![sign_in("", "Success", "No")],
            others: vec![sign_in("with MFA", "Success", "Yes"), read("iam.amazonaws.com"), elsewhere],
        },
        "console-sign-in-failure" => Samples {
            named: vec![sign_in("", "Failure", "No").with("", &failed)],
            others: vec![sign_in("that succeeds", "Success", "Yes"), read("iam.amazonaws.com"), elsewhere],
        },
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{FilterPattern, MONITORED_ACTIVITIES};

    #[test]
    fn each_activity_has_records_that_its_own_pattern_matches_and_others_that_it_does_not() {
        for activity in &MONITORED_ACTIVITIES {
            let own = samples(activity).unwrap_or_else(|| panic!("{} has no records", activity.name));
            let pattern = FilterPattern::parse(activity.pattern).unwrap();
            assert!(!own.named.is_empty() && !own.others.is_empty(), "{}", activity.name);
            for sample in &own.named {
                assert!(pattern.matches(&sample.record), "{}: {}", activity.name, sample.words());
            }
            for sample in &own.others {
                assert!(!pattern.matches(&sample.record), "{}: {}", activity.name, sample.words());
            }
        }
        let of = |name: &str| {
            let activity = MONITORED_ACTIVITIES.iter().find(|own| own.name == name).unwrap();
            samples(activity).unwrap().named.len()
        };
        // CIS 4.4 names 16 events, 4.14 eleven, 4.15 eighteen; of those on S3's public access one is a data event.
        assert_eq!(
            [of("iam-policy-change"), of("vpc-change"), of("organizations-change"), of("s3-public-access")],
            [16, 11, 18, 5]
        );
    }
}
