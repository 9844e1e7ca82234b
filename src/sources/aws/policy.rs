//! The IAM actions that reading needs, and the policy that allows just these.

use super::answers::Operation;
use super::options::AskOptions;
use crate::sources::logs::ObjectPlace;
use serde::Serialize;
use serde_json::json;

/// Where an action belongs in the policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Group {
    /// Needs no permission.
    Free,
    Organization,
    CloudTrailLists,
    CloudTrailDetails,
    Buckets,
    LogGroups,
    Metrics,
    Topics,
    Members,
    EventHistory,
    Spend,
}

impl Group {
    const PRINTED: [Self; 10] = [
        Self::Organization,
        Self::CloudTrailLists,
        Self::CloudTrailDetails,
        Self::Buckets,
        Self::LogGroups,
        Self::Metrics,
        Self::Topics,
        Self::Members,
        Self::EventHistory,
        Self::Spend,
    ];

    fn sid(self) -> &'static str {
        match self {
            Self::Free => "",
            Self::Organization => "AccountsAndRegions",
            Self::CloudTrailLists => "CloudTrailLists",
            Self::CloudTrailDetails => "CloudTrailDetails",
            Self::Buckets => "LogBucketSettings",
            Self::LogGroups => "LogGroups",
            Self::Metrics => "MetricsAndAlarms",
            Self::Topics => "Topics",
            Self::Members => "MemberAccounts",
            Self::EventHistory => "EventHistory",
            Self::Spend => "CostExplorer",
        }
    }

    /// Returns what the actions may be narrowed to (Service Authorization Reference, resource types).
    fn resources(self, role: &str) -> Vec<String> {
        let texts: &[&str] = match self {
            Self::CloudTrailDetails => &[
                "arn:aws:cloudtrail:*:*:trail/*",
                "arn:aws:cloudtrail:*:*:eventdatastore/*",
                "arn:aws:cloudtrail:*:*:channel/*",
            ],
            Self::Buckets => &["arn:aws:s3:::*"],
            Self::LogGroups => &["arn:aws:logs:*:*:log-group:*"],
            Self::Topics => &["arn:aws:sns:*:*:*"],
            Self::Members => return vec![format!("arn:aws:iam::*:role/{role}")],
            _ => &["*"],
        };
        texts.iter().map(|&text| text.to_owned()).collect()
    }
}

/// Returns the IAM action that a call needs; the names differ in S3 (Service Authorization Reference).
pub fn action(operation: Operation) -> &'static str {
    needs(operation).0
}

fn needs(operation: Operation) -> (&'static str, Group) {
    match operation {
        Operation::GetCallerIdentity => ("sts:GetCallerIdentity", Group::Free),
        Operation::ListRegions => ("account:ListRegions", Group::Organization),
        Operation::DescribeOrganization => ("organizations:DescribeOrganization", Group::Organization),
        Operation::ListAccounts => ("organizations:ListAccounts", Group::Organization),
        Operation::AssumeRole => ("sts:AssumeRole", Group::Members),
        Operation::ListTrails => ("cloudtrail:ListTrails", Group::CloudTrailLists),
        Operation::DescribeTrails => ("cloudtrail:DescribeTrails", Group::CloudTrailLists),
        Operation::GetTrailStatus => ("cloudtrail:GetTrailStatus", Group::CloudTrailDetails),
        Operation::GetEventSelectors => ("cloudtrail:GetEventSelectors", Group::CloudTrailDetails),
        Operation::GetInsightSelectors => ("cloudtrail:GetInsightSelectors", Group::CloudTrailDetails),
        Operation::GetEventConfiguration => ("cloudtrail:GetEventConfiguration", Group::CloudTrailDetails),
        Operation::ListEventDataStores => ("cloudtrail:ListEventDataStores", Group::CloudTrailLists),
        Operation::GetEventDataStore => ("cloudtrail:GetEventDataStore", Group::CloudTrailDetails),
        Operation::ListChannels => ("cloudtrail:ListChannels", Group::CloudTrailLists),
        Operation::GetChannel => ("cloudtrail:GetChannel", Group::CloudTrailDetails),
        Operation::LookupEvents => ("cloudtrail:LookupEvents", Group::EventHistory),
        Operation::GetBucketLocation => ("s3:GetBucketLocation", Group::Buckets),
        Operation::GetBucketEncryption => ("s3:GetEncryptionConfiguration", Group::Buckets),
        Operation::GetBucketLifecycleConfiguration => ("s3:GetLifecycleConfiguration", Group::Buckets),
        Operation::GetBucketVersioning => ("s3:GetBucketVersioning", Group::Buckets),
        Operation::GetObjectLockConfiguration => ("s3:GetBucketObjectLockConfiguration", Group::Buckets),
        Operation::GetBucketReplication => ("s3:GetReplicationConfiguration", Group::Buckets),
        Operation::ListBucketMetricsConfigurations => ("s3:GetMetricsConfiguration", Group::Buckets),
        Operation::DescribeLogGroups => ("logs:DescribeLogGroups", Group::LogGroups),
        Operation::DescribeMetricFilters => ("logs:DescribeMetricFilters", Group::LogGroups),
        Operation::ListMetrics => ("cloudwatch:ListMetrics", Group::Metrics),
        Operation::GetMetricData => ("cloudwatch:GetMetricData", Group::Metrics),
        Operation::DescribeAlarms => ("cloudwatch:DescribeAlarms", Group::Metrics),
        Operation::ListSubscriptionsByTopic => ("sns:ListSubscriptionsByTopic", Group::Topics),
        Operation::GetCostAndUsage => ("ce:GetCostAndUsage", Group::Spend),
    }
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Policy {
    version: &'static str,
    statement: Vec<Statement>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Statement {
    sid: &'static str,
    effect: &'static str,
    action: Vec<&'static str>,
    resource: Vec<String>,
}

/// Writes the least policy under which everything that these options ask for can be read.
///
/// It is meant for the caller and, where a role is assumed, for that role in the member accounts. Partitions other than
/// `aws` need their own in the ARNs.
///
/// # Errors
/// Never in practice: there is nothing in it that JSON cannot hold.
pub fn policy_json(options: &AskOptions) -> Result<String, serde_json::Error> {
    let role = options.assume_role.as_deref().unwrap_or_default();
    let wanted = |group: Group| match group {
        Group::Members => !role.is_empty(),
        Group::EventHistory => options.lookup.is_some(),
        Group::Spend => options.cost_explorer,
        _ => true,
    };
    let statement = Group::PRINTED
        .into_iter()
        .filter(|group| wanted(*group))
        .map(|group| {
            let mut actions: Vec<&'static str> = Operation::ALL
                .iter()
                .map(|operation| needs(*operation))
                .filter(|(_, own)| *own == group)
                .map(|(action, _)| action)
                .collect();
            actions.sort_unstable();
            Statement { sid: group.sid(), effect: "Allow", action: actions, resource: group.resources(role) }
        })
        .collect();
    serde_json::to_string_pretty(&Policy { version: "2012-10-17", statement })
}

/// Writes the least policy under which the objects at these places can be read. AWS's own partition stands in it.
///
/// # Errors
/// Never in practice: there is nothing in it that JSON cannot hold.
pub fn objects_policy_json(places: &[&ObjectPlace]) -> Result<String, serde_json::Error> {
    let mut statements = Vec::new();
    for (at, place) in (1..).zip(places) {
        let (bucket, prefix) = (&place.bucket, &place.prefix);
        let mut list = json!({
            "Sid": format!("ListLogs{at}"), "Effect": "Allow", "Action": ["s3:ListBucket"],
            "Resource": [format!("arn:aws:s3:::{bucket}")],
        });
        let mut objects = vec![format!("arn:aws:s3:::{bucket}/*")];
        if !prefix.is_empty() {
            let prefixes = [prefix.clone(), format!("{prefix}/*")];
            objects = prefixes.iter().map(|own| format!("arn:aws:s3:::{bucket}/{own}")).collect();
            list["Condition"] = json!({ "StringLike": { "s3:prefix": prefixes } });
        }
        statements.push(list);
        statements.push(json!({
            "Sid": format!("ReadLogs{at}"), "Effect": "Allow", "Action": ["s3:GetObject"], "Resource": objects,
        }));
    }
    // Only for logs that a KMS key encrypts, and through S3 alone.
    statements.push(json!({
        "Sid": "LogKeys", "Effect": "Allow", "Action": ["kms:Decrypt"], "Resource": ["arn:aws:kms:*:*:key/*"],
        "Condition": { "StringLike": { "kms:ViaService": "s3.*.amazonaws.com" } },
    }));
    serde_json::to_string_pretty(&json!({ "Version": "2012-10-17", "Statement": statements }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn options() -> AskOptions {
        AskOptions::new("2026-11-21".parse().unwrap())
    }

    #[test]
    fn only_reading_is_allowed() {
        for operation in Operation::ALL {
            let (_, name) = action(*operation).split_once(':').unwrap();
            let reads = ["Get", "List", "Describe", "Lookup"].iter().any(|verb| name.starts_with(verb));
            assert!(reads || name == "AssumeRole", "{name}");
        }
    }

    #[test]
    fn what_is_not_asked_for_is_not_allowed() {
        let plain = policy_json(&options()).unwrap();
        for word in
            ["sts:AssumeRole", "ce:GetCostAndUsage", "cloudtrail:LookupEvents", "sts:GetCallerIdentity"]
        {
            assert!(!plain.contains(word), "{word}");
        }
        let all = AskOptions {
            assume_role: Some("Reader".to_owned()),
            cost_explorer: true,
            lookup: Some(super::super::options::LookupBudget::default()),
            ..options()
        };
        let all = policy_json(&all).unwrap();
        for word in ["sts:AssumeRole", "ce:GetCostAndUsage", "cloudtrail:LookupEvents"] {
            assert!(all.contains(word), "{word}");
        }
        assert!(all.contains("arn:aws:iam::*:role/Reader"));
        // Every action but the free one, each once.
        for operation in Operation::ALL.iter().filter(|own| **own != Operation::GetCallerIdentity) {
            let quoted = format!("\"{}\"", action(*operation));
            assert_eq!(all.matches(&quoted).count(), 1, "{quoted}");
        }
    }
}
