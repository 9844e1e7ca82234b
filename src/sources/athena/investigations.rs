//! Questions that logs are asked after something happened.

use super::place::AthenaLogs;
use super::query::Query;

/// What every answer shows: when, who, from where, what, and whether it was refused.
const SHOWN: &str = "  eventtime,
  coalesce(useridentity.arn, useridentity.invokedby, useridentity.principalid, useridentity.type) AS who,
  sourceipaddress,
  eventname,
  account,
  region,
  errorcode";

/// Calls that change who may do what.
///
/// Source: IAM API reference; Organizations API reference; S3 API reference.
const POLICY_CALLS: [&str; 25] = [
    "AddUserToGroup",
    "AttachGroupPolicy",
    "AttachPolicy",
    "AttachRolePolicy",
    "AttachUserPolicy",
    "CreatePolicy",
    "CreatePolicyVersion",
    "DeleteBucketPolicy",
    "DeleteGroupPolicy",
    "DeletePolicy",
    "DeletePolicyVersion",
    "DeleteRolePolicy",
    "DeleteUserPolicy",
    "DetachGroupPolicy",
    "DetachPolicy",
    "DetachRolePolicy",
    "DetachUserPolicy",
    "PutBucketPolicy",
    "PutGroupPolicy",
    "PutRolePolicy",
    "PutUserPolicy",
    "RemoveUserFromGroup",
    "SetDefaultPolicyVersion",
    "UpdateAssumeRolePolicy",
    "UpdatePolicy",
];

/// Calls that change what a security group lets through.
///
/// Source: EC2 API reference.
const SECURITY_GROUP_CALLS: [&str; 8] = [
    "AuthorizeSecurityGroupEgress",
    "AuthorizeSecurityGroupIngress",
    "CreateSecurityGroup",
    "DeleteSecurityGroup",
    "ModifyNetworkInterfaceAttribute",
    "ModifySecurityGroupRules",
    "RevokeSecurityGroupEgress",
    "RevokeSecurityGroupIngress",
];

/// Calls that can make a bucket public, or no longer so.
///
/// Source: S3 user guide, "Amazon S3 CloudTrail events".
const PUBLIC_ACCESS_CALLS: [&str; 7] = [
    "DeleteAccountPublicAccessBlock",
    "DeleteBucketPolicy",
    "DeleteBucketPublicAccessBlock",
    "PutAccountPublicAccessBlock",
    "PutBucketAcl",
    "PutBucketPolicy",
    "PutBucketPublicAccessBlock",
];

/// Calls that change what CloudTrail records, analyses or keeps.
///
/// Source: CloudTrail API reference.
const RECORDING_CALLS: [&str; 15] = [
    "CreateEventDataStore",
    "CreateServiceLinkedChannel",
    "CreateTrail",
    "DeleteEventDataStore",
    "DeleteTrail",
    "PutEventConfiguration",
    "PutEventSelectors",
    "PutInsightSelectors",
    "RestoreEventDataStore",
    "StartEventDataStoreIngestion",
    "StartLogging",
    "StopEventDataStoreIngestion",
    "StopLogging",
    "UpdateEventDataStore",
    "UpdateTrail",
];

/// Returns the queries of an investigation; each scans the days once.
pub fn investigations(logs: &AthenaLogs) -> Vec<Query> {
    let sign_in = "eventsource = 'signin.amazonaws.com' AND eventname = 'ConsoleLogin'";
    vec![
        question(
            logs,
            ("who-deleted-instance", "who terminated an EC2 instance"),
            vec!["the instance's id, such as i-0123456789abcdef0"],
            "eventsource = 'ec2.amazonaws.com' AND eventname = 'TerminateInstances' AND strpos(requestparameters, ?) > 0",
        ),
        question(
            logs,
            ("root-logins", "sign-ins of the root user, with whether a second factor was used"),
            Vec::new(),
            &format!("{sign_in} AND useridentity.type = 'Root'"),
        ),
        question(
            logs,
            ("policy-changes", "changes of IAM, organization and bucket policies"),
            Vec::new(),
            &format!("eventname IN ({})", listed(&POLICY_CALLS)),
        ),
        question(
            logs,
            ("security-group-changes", "changes of security groups and of what they let through"),
            Vec::new(),
            &format!(
                "eventsource = 'ec2.amazonaws.com' AND eventname IN ({})",
                listed(&SECURITY_GROUP_CALLS)
            ),
        ),
        question(
            logs,
            (
                "public-access-changes",
                "changes of who may read a bucket: its policy, its ACL, the block of public access",
            ),
            Vec::new(),
            &format!("eventsource = 's3.amazonaws.com' AND eventname IN ({})", listed(&PUBLIC_ACCESS_CALLS)),
        ),
        question(
            logs,
            ("recording-changes", "changes of what CloudTrail records, analyses or keeps"),
            Vec::new(),
            &format!(
                "eventsource = 'cloudtrail.amazonaws.com' AND eventname IN ({})",
                listed(&RECORDING_CALLS)
            ),
        ),
        question(
            logs,
            ("who-read-object", "who read an S3 object; it takes data events of its bucket"),
            vec!["the object's ARN, such as arn:aws:s3:::bucket/key"],
            "eventsource = 's3.amazonaws.com' AND eventname = 'GetObject' AND cardinality(filter(resources, r -> r.arn = ?)) > 0",
        ),
        question(
            logs,
            (
                "console-logins-without-mfa",
                "successful console sign-ins of IAM users and root without a second factor",
            ),
            Vec::new(),
            &format!(
                "{sign_in} AND useridentity.type IN ('IAMUser', 'Root')
  AND json_extract_scalar(responseelements, '$.ConsoleLogin') = 'Success'
  AND json_extract_scalar(additionaleventdata, '$.MFAUsed') = 'No'"
            ),
        ),
    ]
}

fn question(
    logs: &AthenaLogs,
    (name, answers): (&'static str, &'static str),
    parameters: Vec<&'static str>,
    condition: &str,
) -> Query {
    let [first, last] = logs.days();
    let second_factor = if name == "root-logins" {
        ",\n  json_extract_scalar(additionaleventdata, '$.MFAUsed') AS second_factor"
    } else {
        ""
    };
    Query {
        name,
        answers,
        parameters,
        sql: format!(
            "SELECT
{SHOWN}{second_factor}
FROM {table}
WHERE day BETWEEN '{first}' AND '{last}'
  AND folder = 'CloudTrail'
  AND {condition}
ORDER BY eventtime",
            table = logs.quoted_table(),
        ),
    }
}

fn listed(names: &[&str]) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("'{name}'")).collect();
    quoted.join(", ")
}
