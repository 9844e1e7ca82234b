//! Alerts for critical events: whether somebody is told.

use super::{CIS_MONITORING_5, CIS_MONITORING_6};
use crate::domain::{Access, AdvancedEventSelector, MONITORED_ACTIVITIES, MonitoredActivity};
use crate::posture::chain::{AlertChain, ChainState, Follower, Route, leaves_out};
use crate::posture::change::{Change, new_key};
use crate::posture::inspected::{Inspected, Origin};
use crate::posture::practice::{
    Collected, Control, Finding, List, Look, Outcome, Practice, PracticeDoc, Severity,
};
use crate::recommend::{RecommendError, Source, TrailKey};
use std::collections::BTreeSet;

/// Where the 3.0.0 edition can be read.
const CIS_MONITORING_3: &str = concat!(
    "https://github.com/turbot/steampipe-mod-aws-compliance/blob/6a7f",
    "6406d3dec7c6bfeea425f211fee58eadc873/cis_v300/section_4.sp"
);
const ALARMS: Source = Source {
    title: "AWS Security Hub user guide, Security Hub controls for CloudWatch",
    address: "https://docs.aws.amazon.com/securityhub/latest/userguide/cloudwatch-controls.html",
};
const LOOKS_AT: &str = "The alert chain of each event that the control names, in each account that is described: a trail that records it, \
                        its log group, a metric filter whose pattern matches a record of it and none of an everyday event or of \
                        another write, an alarm on that metric that acts at one event (`Sum` or `Maximum`, a threshold of 1, one \
                        evaluation period), a topic, a confirmed subscription; or an EventBridge rule in each Region of the account, and its target. It fails at the first hop \
                        that is missing. Rules of EventBridge are not asked of AWS: there one may tell somebody all the same.";
const WHY: &str =
    "An event that nobody is told of is found when somebody reads the logs, which may be never.";
const FIX: &str = "Add or correct the missing hop; the alert chain names it.";
const COMMAND: &str = "aws logs put-metric-filter, aws cloudwatch put-metric-alarm, aws sns subscribe";
const TERRAFORM: &str =
    "aws_cloudwatch_log_metric_filter, aws_cloudwatch_metric_alarm, aws_sns_topic_subscription";
const PRICE: &str = "A metric filter that matches in one hour of the month, an alarm, and one message by e-mail; a log group that \
                     keeps events for 90 days where the trail has none; where no trail records the event, that the trail which \
                     `multi-region-trail` mends records management events that write, in every Region, or that the account gets a trail. To change a pattern or a \
                     threshold costs nothing.";
const FIND_OUT: &str = "aws logs describe-metric-filters, aws cloudwatch describe-alarms, aws events list-rules; in a scenario: \
                        metric_filter pattern and metric, alarm watches, threshold, comparison, statistic and evaluation_periods, \
                        subscriptions confirmed";

/// Makes a practice of activities.
const fn alert(
    id: &'static str,
    title: &'static str,
    severity: Severity,
    list: List,
    controls: &'static [Control],
    look: Look,
) -> Practice {
    Practice {
        doc: PracticeDoc {
            id,
            title,
            severity,
            list,
            looks_at: LOOKS_AT,
            why: WHY,
            fix: FIX,
            command: COMMAND,
            terraform: TERRAFORM,
            price: PRICE,
            find_out: FIND_OUT,
            setting: None,
            controls,
            sources: &[ALARMS],
        },
        look,
    }
}

/// The control of an activity: its number in the editions 3.0.0 and 5.0.0, and in 6.0.0, which has a section before.
const fn cis(id: &'static str, in_six: &'static str) -> [Control; 3] {
    [
        Control { profile: "cis-aws-6.0.0", id: in_six, source: CIS_MONITORING_6 },
        Control { profile: "cis-aws-5.0.0", id, source: CIS_MONITORING_5 },
        Control { profile: "cis-aws-3.0.0", id, source: CIS_MONITORING_3 },
    ]
}

const SNS: &str = "SNS alerts for critical events";

pub(super) const ROOT: Practice = alert(
    "root-login-alarm",
    "Tell somebody when the root user signs in",
    Severity::Critical,
    List { best: "SNS alerts for critical events (root login)", worst: "No monitoring of root login" },
    &cis("4.3", "5.3"),
    |own| alerts(own, &["root-login"]),
);
pub(super) const IAM_POLICY: Practice = alert(
    "iam-policy-change-alarm",
    "Tell somebody when an IAM policy changes",
    Severity::High,
    List { best: "SNS alerts for critical events (IAM policy change)", worst: "" },
    &cis("4.4", "5.4"),
    |own| alerts(own, &["iam-policy-change"]),
);
pub(super) const SECURITY_GROUP: Practice = alert(
    "security-group-change-alarm",
    "Tell somebody when a security group changes",
    Severity::High,
    List { best: "SNS alerts for critical events (security group change)", worst: "" },
    &cis("4.10", "5.10"),
    |own| alerts(own, &["security-group-change"]),
);
pub(super) const S3_PUBLIC_ACCESS: Practice = alert(
    "s3-public-access-alarm",
    "Tell somebody when a bucket may become public",
    Severity::High,
    List { best: "SNS alerts for critical events (S3 public access)", worst: "" },
    &cis("4.8", "5.8"),
    |own| alerts(own, &["s3-public-access", "s3-bucket-policy-change"]),
);
pub(super) const TRAIL_CHANGE: Practice = alert(
    "cloudtrail-change-alarm",
    "Tell somebody when a trail is changed or stopped",
    Severity::High,
    List { best: SNS, worst: "" },
    &cis("4.5", "5.5"),
    |own| alerts(own, &["cloudtrail-change"]),
);
pub(super) const REST: Practice = alert(
    "cis-monitoring-alarms",
    "Tell somebody of the other activities that CIS names",
    Severity::Medium,
    List { best: SNS, worst: "" },
    &REST_CONTROLS,
    |own| {
        let alone = |activity: &&MonitoredActivity| !ALONE.contains(&activity.name);
        let rest: Vec<&str> = MONITORED_ACTIVITIES.iter().filter(alone).map(|own| own.name).collect();
        alerts(own, &rest)
    },
);

/// Activities that have a practice of their own.
const ALONE: [&str; 6] = [
    "root-login",
    "iam-policy-change",
    "security-group-change",
    "s3-public-access",
    "s3-bucket-policy-change",
    "cloudtrail-change",
];

const REST_CONTROLS: [Control; 30] = {
    let mut all = [Control { profile: "", id: "", source: "" }; 30];
    let ids = [
        ("4.1", "5.1"),
        ("4.2", "5.2"),
        ("4.6", "5.6"),
        ("4.7", "5.7"),
        ("4.9", "5.9"),
        ("4.11", "5.11"),
        ("4.12", "5.12"),
        ("4.13", "5.13"),
        ("4.14", "5.14"),
        ("4.15", "5.15"),
    ];
    let mut at = 0;
    while at < ids.len() {
        let [six, five, three] = cis(ids[at].0, ids[at].1);
        all[3 * at] = six;
        all[3 * at + 1] = five;
        all[3 * at + 2] = three;
        at += 1;
    }
    all
};

/// Looks at the chains of activities.
fn alerts(inspected: &Inspected<'_>, names: &[&str]) -> Result<Outcome, RecommendError> {
    if inspected.trails().next().is_none() && inspected.origin.is_terraform() {
        let evidence = "no trail that logs is described here";
        return Ok(Outcome::told(crate::posture::State::NotApplicable, evidence));
    }
    let follower = Follower::new(inspected);
    let mut found = Collected::default();
    for activity in MONITORED_ACTIVITIES.iter().filter(|own| names.contains(&own.name)) {
        for chain in follower.follow(activity) {
            let (follows, evidence) = judged(inspected, &chain);
            found.take(follows, Finding { subject: activity.title.to_owned(), place: None, evidence });
            if follows == Some(false) {
                mend(inspected, &chain, &mut found);
            }
        }
    }
    Ok(found.outcome("the alert chain is complete"))
}

fn judged(inspected: &Inspected<'_>, chain: &AlertChain) -> (Option<bool>, String) {
    let what = chain.gap().map_or_else(String::new, |own| format!("{}{}", own.what, chain.places()));
    // A rule may tell somebody all the same; most accounts have none, and the alarm is what the control asks for.
    let is_unasked = inspected.origin == Origin::Aws && inspected.settings.event_rules.is_empty();
    match chain.state {
        ChainState::Complete => (Some(true), String::new()),
        ChainState::NotKnown => (None, what),
        ChainState::Incomplete if is_unasked => {
            (Some(false), format!("{what}; a rule of EventBridge may do it instead: rules are not asked for"))
        }
        ChainState::Incomplete => (Some(false), what),
    }
}

fn mend(inspected: &Inspected<'_>, chain: &AlertChain, found: &mut Collected) {
    let kind = chain.gap().map_or("", |own| own.kind);
    let known = chain.trail.as_ref().and_then(|own| own.find(inspected.model));
    let name = chain.activity.name;
    let behind = match (known, kind) {
        (Some(own), "trail") => {
            let key = TrailKey::of(own);
            if !own.multi_region {
                found.mend(Change::MultiRegion(key.clone()));
            }
            if leaves_out(chain.activity, own) {
                let writes = AdvancedEventSelector::management(Access::Write, &BTreeSet::new());
                found.mend(Change::Record(key, vec![writes]));
            }
            chain.then.unwrap_or("")
        }
        (None, "trail") if chain.route == Route::MetricFilter => {
            new_trails(inspected, chain, found);
            return;
        }
        _ => kind,
    };
    match (known, behind) {
        (Some(own), "log group" | "metric filter" | "alarm") => {
            found.mend(Change::Alert(TrailKey::of(own), name));
        }
        // What is there is set otherwise, or nothing more is missing.
        (Some(_), "" | "filter pattern" | "alarm threshold") => {}
        _ => found.unpriced("what messages cost depends on how many are sent, and to whom"),
    }
}

/// Gives each account of a chain a trail like the others, and an alarm on what it records.
fn new_trails(inspected: &Inspected<'_>, chain: &AlertChain, found: &mut Collected) {
    let Some(like) = inspected.template().map(TrailKey::of) else {
        found.unpriced("it needs a trail first");
        return;
    };
    for account in &chain.accounts {
        found.mend(Change::NewTrail(account.clone(), like.clone()));
        found.mend(Change::Alert(new_key(account, &like), chain.activity.name));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_activity_has_a_practice() {
        let names: Vec<&str> = MONITORED_ACTIVITIES.iter().map(|own| own.name).collect();
        assert!(ALONE.iter().all(|own| names.contains(own)));
        let of = |id: &str| MONITORED_ACTIVITIES.iter().any(|own| own.control == Some(id));
        // The edition 6.0.0 numbers the section 5.
        assert!(REST_CONTROLS.iter().all(|own| of(own.id) || of(&own.id.replacen("5.", "4.", 1))));
    }
}
