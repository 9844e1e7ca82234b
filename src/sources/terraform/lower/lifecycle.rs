//! Lifecycle rules of a bucket, in the form that AWS answers with.

use super::fields::Fields;
use super::findings::Findings;
use crate::sources::aws::answers::{LifecycleAnswer, LifecycleRuleInfo, TransitionInfo};
use crate::sources::terraform::value::Attr;

/// What is done without a date or an age that is not known.
const NO_STEP: &str = "what it does is left out";
/// What is done without a filter that is not known.
const NO_FILTER: &str = "taken as all files";

/// Reads an age in days; one that is not known becomes a gap.
fn days(own: Fields<'_>, key: &str, findings: &mut Findings) -> Option<i32> {
    own.known_number(key, NO_STEP, findings).and_then(|own| i32::try_from(own).ok())
}

fn bytes(own: Fields<'_>, key: &str, findings: &mut Findings) -> Option<i64> {
    own.known_text(key, NO_FILTER, findings).and_then(|own| own.parse().ok())
}

/// Reads a text that costs nothing, such as an id.
fn word(own: Fields<'_>, key: &str, findings: &mut Findings) -> Option<String> {
    own.text(key, findings).value().cloned()
}

/// Reads the rules of an `aws_s3_bucket_lifecycle_configuration`.
pub(super) fn configuration(own: Fields<'_>, findings: &mut Findings) -> LifecycleAnswer {
    let rules = own.known_blocks("rule", "the rules are left out", findings);
    let minimum = "transition_default_minimum_object_size";
    LifecycleAnswer {
        rules: rules.into_iter().map(|rule| read_rule(rule, findings)).collect(),
        transition_default_minimum_object_size: own.known_text(
            minimum,
            "taken as 128 KB for every class, the default of S3",
            findings,
        ),
    }
}

/// Reads the rules that stand in an `aws_s3_bucket` itself.
pub(super) fn inline(own: Fields<'_>, findings: &mut Findings) -> LifecycleAnswer {
    let rules = own.known_blocks("lifecycle_rule", "the rules are left out", findings);
    let rules = rules.into_iter().map(|rule| {
        let mut read = read_rule(rule, findings);
        let on = rule.switch_or("enabled", true, findings);
        if on { "Enabled" } else { "Disabled" }.clone_into(&mut read.status);
        read
    });
    LifecycleAnswer { rules: rules.collect(), transition_default_minimum_object_size: None }
}

fn read_rule(own: Fields<'_>, findings: &mut Findings) -> LifecycleRuleInfo {
    let status = own.known_text("status", "taken as Enabled", findings);
    let mut rule = LifecycleRuleInfo {
        id: word(own, "id", findings),
        status: status.unwrap_or_else(|| "Enabled".to_owned()),
        prefix: own.known_text("prefix", NO_FILTER, findings),
        has_tags: has_tags(own, "tags", findings),
        ..LifecycleRuleInfo::default()
    };
    if let Some(filter) = own.known_block("filter", NO_FILTER, findings) {
        take_filter(filter, &mut rule, findings);
        if let Some(all) = filter.known_block("and", NO_FILTER, findings) {
            take_filter(all, &mut rule, findings);
        }
    }
    rule.transitions = transitions(own, "transition", "days", findings);
    rule.noncurrent_transitions =
        transitions(own, "noncurrent_version_transition", "noncurrent_days", findings);
    if let Some(expiration) = own.known_block("expiration", NO_STEP, findings) {
        rule.expiration_days = days(expiration, "days", findings);
        rule.expiration_date = expiration.known_text("date", NO_STEP, findings);
    }
    if let Some(noncurrent) = own.known_block("noncurrent_version_expiration", NO_STEP, findings) {
        rule.noncurrent_days =
            days(noncurrent, "noncurrent_days", findings).or_else(|| days(noncurrent, "days", findings));
        let kept = noncurrent.known_number("newer_noncurrent_versions", "taken as none", findings);
        rule.newer_noncurrent_versions = kept.and_then(|own| i32::try_from(own).ok());
    }
    rule
}

/// Tells whether tags are asked for: an empty map asks for none. Tags that are not known become a gap.
pub(super) fn has_tags(own: Fields<'_>, key: &str, findings: &mut Findings) -> bool {
    match own.get(key) {
        Attr::Map(all) => !all.is_empty(),
        Attr::List(all) => !all.is_empty(),
        Attr::Unknown(_) => {
            own.known::<bool>(key, crate::domain::Setting::Unknown, NO_FILTER, findings).unwrap_or(false)
        }
        _ => false,
    }
}

fn take_filter(own: Fields<'_>, rule: &mut LifecycleRuleInfo, findings: &mut Findings) {
    rule.prefix = rule.prefix.take().or(own.known_text("prefix", NO_FILTER, findings));
    rule.has_tags |= has_tags(own, "tag", findings) || has_tags(own, "tags", findings);
    let larger = bytes(own, "object_size_greater_than", findings);
    rule.object_size_greater_than = rule.object_size_greater_than.or(larger);
    let smaller = bytes(own, "object_size_less_than", findings).filter(|own| *own > 0);
    rule.object_size_less_than = rule.object_size_less_than.or(smaller);
}

/// Reads moves to other classes; those of which the age, date or class is not known are left out.
fn transitions<'a>(own: Fields<'a>, key: &'a str, age: &str, findings: &mut Findings) -> Vec<TransitionInfo> {
    let all = own.known_blocks(key, NO_STEP, findings);
    let mut known = Vec::new();
    for own in all {
        let read = TransitionInfo {
            days: days(own, age, findings).or_else(|| days(own, "days", findings)),
            date: own.known_text("date", NO_STEP, findings),
            storage_class: own.known_text("storage_class", NO_STEP, findings).unwrap_or_default(),
        };
        let misses = |key: &str| own.why(key).is_some();
        let lacks_age = read.days.is_none() && [age, "days", "date"].into_iter().any(misses);
        if !lacks_age && !misses("storage_class") {
            known.push(read);
        }
    }
    known
}
