//! One record for each activity that somebody is to be told of, with what patterns look at.

use crate::domain::{Access, EventClass, EventSource, Field, MonitoredActivity};
use serde_json::{Value, json};

/// The Region in which events of global services are recorded (CloudTrail user guide, global service events; since 22 November
/// 2021).
pub(super) const GLOBAL_REGION: &str = "us-east-1";

/// What a representative call is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Call {
    pub(super) source: &'static str,
    pub(super) name: &'static str,
}

/// Returns the call that stands for an activity; nothing for one that is not known here.
pub(super) fn call(activity: &MonitoredActivity) -> Option<Call> {
    let (source, name) = match activity.name {
        "unauthorized-api-call" => ("ec2.amazonaws.com", "RunInstances"),
        "console-sign-in-without-mfa" | "root-login" | "console-sign-in-failure" => {
            ("signin.amazonaws.com", "ConsoleLogin")
        }
        "iam-policy-change" => ("iam.amazonaws.com", "AttachRolePolicy"),
        "cloudtrail-change" => ("cloudtrail.amazonaws.com", "StopLogging"),
        "kms-key-deletion" => ("kms.amazonaws.com", "ScheduleKeyDeletion"),
        "s3-bucket-policy-change" => ("s3.amazonaws.com", "PutBucketPolicy"),
        "s3-public-access" => ("s3.amazonaws.com", "PutBucketPublicAccessBlock"),
        "config-change" => ("config.amazonaws.com", "StopConfigurationRecorder"),
        "security-group-change" => ("ec2.amazonaws.com", "AuthorizeSecurityGroupIngress"),
        "network-acl-change" => ("ec2.amazonaws.com", "CreateNetworkAclEntry"),
        "network-gateway-change" => ("ec2.amazonaws.com", "AttachInternetGateway"),
        "route-table-change" => ("ec2.amazonaws.com", "CreateRoute"),
        "vpc-change" => ("ec2.amazonaws.com", "DeleteVpc"),
        "organizations-change" => ("organizations.amazonaws.com", "LeaveOrganization"),
        _ => return None,
    };
    Some(Call { source, name })
}

impl Call {
    /// Tells whether the event is recorded in one Region whatever Region is meant. Sign-ins of the root user go to us-east-1;
    /// those of others to the Region of their sign-in page.
    pub(super) fn is_global(self) -> bool {
        ["iam.amazonaws.com", "organizations.amazonaws.com", "signin.amazonaws.com"].contains(&self.source)
    }

    /// Returns the class of events that a selector sees.
    pub(super) fn class(self) -> EventClass {
        let source =
            if self.source == EventSource::EXCLUDABLE[0] { EventSource::Kms } else { EventSource::Other };
        EventClass::management(Access::Write, source)
            .with(Field::EventSource, self.source)
            .with(Field::EventName, self.name)
            .with(Field::ReadOnly, "false")
    }
}

/// Returns a record of an activity, as CloudTrail would write it to a log group.
pub(super) fn record(activity: &MonitoredActivity, call: Call) -> Value {
    let sign_in = call.name == "ConsoleLogin";
    let mut own = json!({
        "eventVersion": "1.11",
        "userIdentity": { "type": "IAMUser", "arn": "arn:aws:iam::111122223333:user/someone", "accountId": "111122223333" },
        "eventTime": "2026-01-01T02:13:00Z",
        "eventSource": call.source,
        "eventName": call.name,
        "awsRegion": GLOBAL_REGION,
        "sourceIPAddress": "198.51.100.7",
        "readOnly": false,
        "eventType": if sign_in { "AwsConsoleSignIn" } else { "AwsApiCall" },
        "managementEvent": true,
        "eventCategory": "Management",
        "recipientAccountId": "111122223333",
    });
    match activity.name {
        "unauthorized-api-call" => own["errorCode"] = json!("Client.UnauthorizedOperation"),
        "root-login" => {
            own["userIdentity"] = json!({ "type": "Root", "arn": "arn:aws:iam::111122223333:root" });
            own["responseElements"] = json!({ "ConsoleLogin": "Success" });
            own["additionalEventData"] = json!({ "MFAUsed": "Yes" });
        }
        "console-sign-in-without-mfa" => {
            own["responseElements"] = json!({ "ConsoleLogin": "Success" });
            own["additionalEventData"] = json!({ "MFAUsed": "No" });
        }
        "console-sign-in-failure" => {
            own["responseElements"] = json!({ "ConsoleLogin": "Failure" });
            own["errorMessage"] = json!("Failed authentication");
        }
        _ => {}
    }
    own
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{FilterPattern, MONITORED_ACTIVITIES};

    #[test]
    fn each_activity_has_a_record_that_its_own_pattern_matches() {
        for activity in &MONITORED_ACTIVITIES {
            let own = call(activity).unwrap_or_else(|| panic!("{} has no call", activity.name));
            let record = record(activity, own);
            assert!(FilterPattern::parse(activity.pattern).unwrap().matches(&record), "{}", activity.name);
        }
    }
}
