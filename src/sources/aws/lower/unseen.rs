//! What could not be seen, one gap for each cause: not a line for each of 500 accounts.

use super::arn::{Arn, short_name};
use crate::domain::{Gap, GapKind, list_names};
use crate::sources::aws::action;
use crate::sources::aws::answers::{Asked, Operation, Refusal, RefusalKind};
use std::collections::{BTreeMap, BTreeSet};

/// The longest name that a gap has whole, in characters; no name of AWS's own is longer.
const LONGEST_NAME: usize = 300;

/// Collects what could not be seen.
#[derive(Debug, Default)]
pub(in crate::sources) struct Unseen {
    /// By kind, what is said before the names, what after them, and the remedy: the names.
    causes: BTreeMap<(GapKind, String, String, String), BTreeSet<String>>,
    /// How often something was noted.
    noted: usize,
}

impl Unseen {
    /// Notes that something of `name` could not be seen: `before` name `after`.
    pub(in crate::sources) fn add(
        &mut self,
        kind: GapKind,
        before: &str,
        name: &str,
        after: &str,
        remedy: &str,
    ) {
        self.noted += 1;
        let key = (kind, before.to_owned(), after.to_owned(), remedy.to_owned());
        self.causes.entry(key).or_default().insert(shown(name));
    }

    /// Returns how often something was noted.
    pub(in crate::sources) fn noted(&self) -> usize {
        self.noted
    }

    /// Notes a setting that could not be seen, and what is used in its place.
    pub(in crate::sources) fn setting(&mut self, what: &str, name: &str, taken: &str, remedy: &str) {
        let before = format!("{what} could not be seen ({taken}): ");
        self.add(GapKind::NotSeen, &before, name, "", remedy);
    }

    /// Notes a call that brought nothing. What is absent was seen to be absent.
    pub(super) fn refused(&mut self, asked: &Asked, operation: Operation, refusal: &Refusal) {
        let action = if refusal.action.is_empty() { action(operation) } else { &refusal.action };
        let what = brings(operation);
        let (reason, remedy) = match refusal.kind {
            RefusalKind::Absent => return,
            RefusalKind::Denied if operation == Operation::AssumeRole => (
                "the role cannot be assumed",
                format!("let the role of each member trust the caller, and allow the caller {action}"),
            ),
            RefusalKind::Denied => ("access denied", format!("allow the IAM action {action}")),
            RefusalKind::Credentials => (
                "the credentials are missing, wrong or expired",
                "renew the credentials and run again".to_owned(),
            ),
            RefusalKind::Unavailable => ("AWS did not answer", "run again".to_owned()),
            RefusalKind::Other => ("AWS refused the call", format!("look at {action} with the AWS CLI")),
        };
        let code = if refusal.kind == RefusalKind::Other && !refusal.code.is_empty() {
            format!(": {}", refusal.code)
        } else {
            String::new()
        };
        let before = format!("{what} could not be read ({reason}{code}): ");
        self.add(GapKind::NotSeen, &before, &place(asked), "", &remedy);
    }

    /// Returns the gaps, each with the number of places and the first few.
    pub(in crate::sources) fn into_gaps(self) -> Vec<Gap> {
        self.causes
            .into_iter()
            .map(|((kind, before, after, remedy), names)| {
                let names: Vec<&String> = names.iter().collect();
                Gap { kind, what: format!("{before}{}{after}", list_names(&names)), remedy }
            })
            .collect()
    }
}

/// Returns the name that people know a thing by, with whose and where it is if its ARN tells.
fn shown(name: &str) -> String {
    let name: &str = &match name.char_indices().nth(LONGEST_NAME) {
        Some((at, _)) => format!("{}…", &name[..at]),
        None => name.to_owned(),
    };
    match Arn::parse(name) {
        Some(arn) if !arn.account.is_empty() => {
            format!("{} ({}, {})", short_name(name), arn.account, arn.region)
        }
        _ => name.to_owned(),
    }
}

/// Names where and about what was asked.
pub(super) fn place(asked: &Asked) -> String {
    let subject = short_name(&asked.subject);
    let around = match (asked.account.as_str(), asked.region.as_str()) {
        ("", "") => String::new(),
        (account, "") => account.to_owned(),
        ("", region) => region.to_owned(),
        (account, region) => format!("{account}, {region}"),
    };
    match (subject, around.as_str()) {
        ("", "") => "everywhere".to_owned(),
        ("", _) => around,
        (_, "") => subject.to_owned(),
        _ => format!("{subject} ({around})"),
    }
}

/// Says what an operation would have brought.
fn brings(operation: Operation) -> &'static str {
    match operation {
        Operation::GetCallerIdentity => "who asks",
        Operation::ListRegions => "which Regions are enabled",
        Operation::DescribeOrganization => "the organization",
        Operation::ListAccounts => "the organization's accounts",
        Operation::AssumeRole => "a member account",
        Operation::ListTrails => "the trails of all Regions",
        Operation::DescribeTrails => "trails",
        Operation::GetTrailStatus => "whether a trail is logging",
        Operation::GetEventSelectors => "a trail's event selectors",
        Operation::GetInsightSelectors => "Insights selectors",
        Operation::GetEventConfiguration => "event aggregation",
        Operation::ListEventDataStores | Operation::GetEventDataStore => "event data stores",
        Operation::ListChannels | Operation::GetChannel => "channels",
        Operation::LookupEvents => "the event history",
        Operation::GetBucketLocation => "where a bucket stands",
        Operation::GetBucketEncryption => "a bucket's encryption",
        Operation::GetBucketLifecycleConfiguration => "a bucket's lifecycle",
        Operation::GetBucketVersioning => "a bucket's versioning",
        Operation::GetObjectLockConfiguration => "a bucket's Object Lock",
        Operation::GetBucketReplication => "a bucket's replication",
        Operation::ListBucketMetricsConfigurations => "a bucket's request metrics",
        Operation::DescribeLogGroups => "log groups",
        Operation::DescribeMetricFilters => "metric filters",
        Operation::ListMetrics | Operation::GetMetricData => "metrics",
        Operation::DescribeAlarms => "alarms",
        Operation::ListSubscriptionsByTopic => "a topic's subscriptions",
        Operation::GetCostAndUsage => "billed quantities",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn five_hundred_refusals_are_one_gap() {
        let mut unseen = Unseen::default();
        let refusal = |kind| Refusal { kind, code: "AccessDenied".to_owned(), action: "s3:GetX".to_owned() };
        for number in 0..500 {
            let asked = Asked {
                account: "111122223333".to_owned(),
                region: "us-east-1".to_owned(),
                subject: format!("bucket-{number:03}"),
            };
            unseen.refused(&asked, Operation::GetBucketVersioning, &refusal(RefusalKind::Denied));
            unseen.refused(&asked, Operation::GetBucketReplication, &refusal(RefusalKind::Absent));
        }
        let gaps = unseen.into_gaps();
        assert_eq!(gaps.len(), 1);
        assert_eq!(
            gaps[0].what,
            "a bucket's versioning could not be read (access denied): bucket-000 (111122223333, us-east-1), \
             bucket-001 (111122223333, us-east-1), bucket-002 (111122223333, us-east-1) and 497 more"
        );
        assert_eq!(gaps[0].remedy, "allow the IAM action s3:GetX");
    }
}
