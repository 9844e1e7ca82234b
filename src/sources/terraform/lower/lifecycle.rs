//! Lifecycle rules of a bucket, in the form that AWS answers with.

use super::fields::Fields;
use super::findings::Findings;
use crate::domain::Setting;
use crate::sources::aws::answers::{LifecycleAnswer, LifecycleRuleInfo, TransitionInfo};

fn days(own: Fields<'_>, key: &str, findings: &mut Findings) -> Option<i32> {
    own.number(key, findings).value().and_then(|own| i32::try_from(*own).ok())
}

fn bytes(own: Fields<'_>, key: &str, findings: &mut Findings) -> Option<i64> {
    own.text(key, findings).value().and_then(|own| own.parse().ok())
}

fn word(own: Fields<'_>, key: &str, findings: &mut Findings) -> Option<String> {
    own.text(key, findings).value().cloned()
}

/// Reads the rules of an `aws_s3_bucket_lifecycle_configuration`.
pub(super) fn configuration(own: Fields<'_>, findings: &mut Findings) -> LifecycleAnswer {
    let (rules, unknown) = own.blocks("rule", findings);
    if let Some(why) = unknown {
        findings.unknown(own.resource, "rule", why, "the rules are left out");
    }
    let each = rules.into_iter();
    LifecycleAnswer {
        rules: each.map(|rule| read_rule(rule, findings)).collect(),
        transition_default_minimum_object_size: word(own, "transition_default_minimum_object_size", findings),
    }
}

/// Reads the rules that stand in an `aws_s3_bucket` itself.
pub(super) fn inline(own: Fields<'_>, findings: &mut Findings) -> LifecycleAnswer {
    let (rules, _) = own.blocks("lifecycle_rule", findings);
    let each = rules.into_iter();
    let rules = each.map(|rule| {
        let mut read = read_rule(rule, findings);
        let on = rule.switch("enabled", findings).is_on() == Some(true);
        if on { "Enabled" } else { "Disabled" }.clone_into(&mut read.status);
        read
    });
    LifecycleAnswer { rules: rules.collect(), transition_default_minimum_object_size: None }
}

/// Takes note of a part of a rule that is not known.
fn known<T>(own: Fields<'_>, key: &str, value: Setting<T>, findings: &mut Findings) -> Option<T> {
    match value {
        Setting::Is(value) => Some(value),
        Setting::NotSet => None,
        Setting::Unknown => {
            if let Some(why) = own.why(key) {
                findings.unknown(own.resource, &format!("rule.{key}"), why, "left out");
            }
            None
        }
    }
}

fn read_rule(own: Fields<'_>, findings: &mut Findings) -> LifecycleRuleInfo {
    let mut rule = LifecycleRuleInfo {
        id: word(own, "id", findings),
        status: word(own, "status", findings).unwrap_or_else(|| "Enabled".to_owned()),
        prefix: word(own, "prefix", findings),
        has_tags: has_tags(own, "tags"),
        ..LifecycleRuleInfo::default()
    };
    let filter = own.block("filter", findings);
    if let Some(filter) = known(own, "filter", filter, findings) {
        take_filter(filter, &mut rule, findings);
        if let Setting::Is(all) = filter.block("and", findings) {
            take_filter(all, &mut rule, findings);
        }
    }
    rule.transitions = transitions(own, "transition", "days", findings);
    rule.noncurrent_transitions =
        transitions(own, "noncurrent_version_transition", "noncurrent_days", findings);
    let expiration = own.block("expiration", findings);
    if let Some(expiration) = known(own, "expiration", expiration, findings) {
        rule.expiration_days = days(expiration, "days", findings);
        rule.expiration_date = word(expiration, "date", findings);
        if let Some(why) = expiration.why("days") {
            findings.unknown(own.resource, "rule.expiration.days", why, "left out");
        }
    }
    if let Setting::Is(noncurrent) = own.block("noncurrent_version_expiration", findings) {
        rule.noncurrent_days =
            days(noncurrent, "noncurrent_days", findings).or_else(|| days(noncurrent, "days", findings));
        let kept = noncurrent.number("newer_noncurrent_versions", findings);
        rule.newer_noncurrent_versions = kept.value().and_then(|own| i32::try_from(*own).ok());
    }
    rule
}

/// Tells whether tags are asked for: an empty map asks for none.
pub(super) fn has_tags(own: Fields<'_>, key: &str) -> bool {
    use crate::sources::terraform::value::Attr;
    match own.get(key) {
        Attr::Map(all) => !all.is_empty(),
        Attr::List(all) => !all.is_empty(),
        _ => false,
    }
}

fn take_filter(own: Fields<'_>, rule: &mut LifecycleRuleInfo, findings: &mut Findings) {
    rule.prefix = rule.prefix.take().or(word(own, "prefix", findings));
    rule.has_tags |= has_tags(own, "tag") || has_tags(own, "tags");
    let larger = bytes(own, "object_size_greater_than", findings);
    rule.object_size_greater_than = rule.object_size_greater_than.or(larger);
    let smaller = bytes(own, "object_size_less_than", findings).filter(|own| *own > 0);
    rule.object_size_less_than = rule.object_size_less_than.or(smaller);
}

fn transitions<'a>(own: Fields<'a>, key: &'a str, age: &str, findings: &mut Findings) -> Vec<TransitionInfo> {
    let (all, unknown) = own.blocks(key, findings);
    if let Some(why) = unknown {
        findings.unknown(own.resource, &format!("rule.{key}"), why, "left out");
    }
    all.into_iter()
        .map(|own| TransitionInfo {
            days: days(own, age, findings).or_else(|| days(own, "days", findings)),
            date: word(own, "date", findings),
            storage_class: word(own, "storage_class", findings).unwrap_or_default(),
        })
        .collect()
}
