//! Lifecycle rules of a bucket, as far as they hold for the files of its trails.

use super::unseen::Unseen;
use crate::domain::{Age, GapKind, LifecycleAction, LifecycleRule, StorageClass, TransitionMinimum};
use crate::sources::aws::answers::{LifecycleAnswer, LifecycleRuleInfo};

/// What the rules of a bucket come to.
#[derive(Debug, Default, PartialEq, Eq)]
pub(in crate::sources) struct Lifecycle {
    pub(in crate::sources) steps: Vec<LifecycleRule>,
    pub(in crate::sources) minimum: TransitionMinimum,
    /// Days after which noncurrent versions are deleted.
    pub(in crate::sources) noncurrent: Option<Age>,
    /// What was left out, and why nothing is lost by it.
    pub(in crate::sources) without_effect: Vec<String>,
}

/// How a rule's prefix lies to the files of trails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Cover {
    All,
    Some,
    None,
}

/// Compares a rule's prefix with the starts of the trails' file names.
fn cover(prefix: &str, folders: &[String]) -> Cover {
    let all = folders.iter().all(|own| own.starts_with(prefix));
    let none = !folders.iter().any(|own| own.starts_with(prefix) || prefix.starts_with(own.as_str()));
    match (all, none) {
        (true, _) => Cover::All,
        (_, true) => Cover::None,
        _ => Cover::Some,
    }
}

/// Reads the rules. `folders` are the starts of the names of the files that trails deliver, such as `AWSLogs/`.
pub(in crate::sources) fn lifecycle(
    answer: &LifecycleAnswer,
    bucket: &str,
    folders: &[String],
    unseen: &mut Unseen,
) -> Lifecycle {
    let mut found = Lifecycle {
        minimum: match answer.transition_default_minimum_object_size.as_deref() {
            Some("varies_by_storage_class") => TransitionMinimum::VariesByClass,
            _ => TransitionMinimum::AllClasses,
        },
        ..Lifecycle::default()
    };
    let mut number = 0_u16;
    for rule in answer.rules.iter().filter(|rule| rule.status == "Enabled") {
        let name = rule.id.as_deref().unwrap_or("without an id");
        let prefix = rule.prefix.as_deref().unwrap_or_default();
        if rule.has_tags || cover(prefix, folders) == Cover::None {
            let why = if rule.has_tags { "log files have no tags" } else { "it is for other names" };
            found.without_effect.push(format!("rule {name}: {why}"));
            continue;
        }
        if cover(prefix, folders) == Cover::Some {
            unseen.add(
                GapKind::NotSeen,
                &format!(
                    "the lifecycle rule `{name}` holds for a part of the log files ({prefix}); left out of "
                ),
                bucket,
                "",
                "estimate that part as a bucket of its own",
            );
            continue;
        }
        let before = found.steps.len();
        read_rule(rule, name, bucket, number, &mut found, unseen);
        if found.steps.len() > before {
            number = number.saturating_add(1);
        }
    }
    found.steps.sort_by_key(|step| (step.after, matches!(step.action, LifecycleAction::Expire), step.rule));
    drop_idle(&mut found);
    found
}

fn read_rule(
    rule: &LifecycleRuleInfo,
    name: &str,
    bucket: &str,
    number: u16,
    found: &mut Lifecycle,
    unseen: &mut Unseen,
) {
    let size = |own: Option<i64>| own.and_then(|own| u64::try_from(own).ok());
    let step = |days: i32, action| {
        Some(LifecycleRule {
            after: Age::from_days(u16::try_from(days).ok()?),
            action,
            rule: number,
            larger_than: size(rule.object_size_greater_than),
            smaller_than: size(rule.object_size_less_than),
        })
    };
    let mut left_out = |what: &str, remedy: &str| {
        unseen.add(
            GapKind::NotSeen,
            &format!("the lifecycle rule `{name}` {what}; left out of "),
            bucket,
            "",
            remedy,
        );
    };
    for own in &rule.transitions {
        match (own.days, StorageClass::from_name(&own.storage_class)) {
            (Some(days), Some(class)) => found.steps.extend(step(days, LifecycleAction::Transition(class))),
            (None, _) => left_out("moves objects on a date", "a scenario knows ages only"),
            (_, None) => left_out("moves objects to a class that is not known", "look at the rule"),
        }
    }
    match (rule.expiration_days, &rule.expiration_date) {
        (Some(days), _) if days > 0 => found.steps.extend(step(days, LifecycleAction::Expire)),
        (_, Some(_)) => left_out("deletes objects on a date", "a scenario knows ages only"),
        _ => {}
    }
    // A log file is written once, so that it has one noncurrent version at most: a rule that keeps newer ones keeps it.
    let keeps = rule.newer_noncurrent_versions.is_some_and(|own| own > 0);
    let noncurrent = rule.noncurrent_days.filter(|_| !keeps).and_then(|days| u16::try_from(days).ok());
    if let Some(age) = noncurrent.map(Age::from_days) {
        found.noncurrent = Some(found.noncurrent.map_or(age, |own| own.min(age)));
    }
    if !rule.noncurrent_transitions.is_empty() {
        left_out("moves noncurrent versions", "they are estimated in the class they were in");
    }
}

/// Leaves out what S3 itself passes over: steps after an expiry, moves that are not allowed, and all but the coldest of
/// the moves of one day (S3 user guide, lifecycle: conflicts are resolved to expiry, then to the cheaper class).
fn drop_idle(found: &mut Lifecycle) {
    let expires = found
        .steps
        .iter()
        .filter(|step| step.action == LifecycleAction::Expire && !step.has_size_filter())
        .map(|step| step.after)
        .min();
    let mut class = StorageClass::Standard;
    let mut kept: Vec<LifecycleRule> = Vec::new();
    let mut deleted = false;
    for step in std::mem::take(&mut found.steps) {
        let idle = match step.action {
            LifecycleAction::Expire if step.has_size_filter() => expires.is_some_and(|age| step.after >= age),
            LifecycleAction::Expire => std::mem::replace(&mut deleted, true),
            LifecycleAction::Transition(to) => {
                let late = expires.is_some_and(|age| step.after >= age);
                let allowed = step.has_size_filter() || class.may_move_to(to);
                let same_day = kept.iter().position(|own| {
                    own.after == step.after
                        && !own.has_size_filter()
                        && !step.has_size_filter()
                        && matches!(own.action, LifecycleAction::Transition(_))
                });
                match same_day {
                    Some(at) if !late && allowed => {
                        class = to;
                        kept[at] = step;
                        true
                    }
                    _ => {
                        if !late && allowed && !step.has_size_filter() {
                            class = to;
                        }
                        late || !allowed
                    }
                }
            }
        };
        if idle {
            let what = match step.action {
                LifecycleAction::Expire => "an expiry".to_owned(),
                LifecycleAction::Transition(to) => format!("the move to {}", to.name()),
            };
            if !kept.contains(&step) {
                found.without_effect.push(format!("{what} after {}: another rule comes first", step.after));
            }
        } else {
            kept.push(step);
        }
    }
    found.steps = kept;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sources::aws::answers::TransitionInfo;

    fn rule(prefix: &str, moves: &[(i32, &str)], expire: Option<i32>) -> LifecycleRuleInfo {
        LifecycleRuleInfo {
            status: "Enabled".to_owned(),
            prefix: Some(prefix.to_owned()),
            transitions: moves
                .iter()
                .map(|(days, class)| TransitionInfo {
                    days: Some(*days),
                    date: None,
                    storage_class: (*class).to_owned(),
                })
                .collect(),
            expiration_days: expire,
            ..LifecycleRuleInfo::default()
        }
    }

    fn read(rules: Vec<LifecycleRuleInfo>) -> (Vec<String>, usize) {
        let mut unseen = Unseen::default();
        let answer = LifecycleAnswer { rules, transition_default_minimum_object_size: None };
        let found = lifecycle(&answer, "logs", &["audit/AWSLogs/111122223333/".to_owned()], &mut unseen);
        let steps = found
            .steps
            .iter()
            .map(|step| match step.action {
                LifecycleAction::Expire => format!("{} expire", step.after),
                LifecycleAction::Transition(to) => format!("{} {}", step.after, to.name()),
            })
            .collect();
        (steps, unseen.into_gaps().len())
    }

    #[test]
    fn rules_hold_where_their_prefix_covers_the_files() {
        let table = [
            ("", 1, 0),
            ("audit/", 1, 0),
            ("audit/AWSLogs/", 1, 0),
            ("other/", 0, 0),
            ("audit/AWSLogs/111122223333/CloudTrail/eu-west-1/", 0, 1),
        ];
        for (prefix, steps, gaps) in table {
            let (found, unseen) = read(vec![rule(prefix, &[(90, "GLACIER_IR")], None)]);
            assert_eq!((found.len(), unseen), (steps, gaps), "{prefix}");
        }
    }

    #[test]
    fn a_rule_that_keeps_newer_versions_deletes_no_log_file() {
        let of = |newer_noncurrent_versions| {
            let own = rule("", &[], Some(30));
            let own = LifecycleRuleInfo { noncurrent_days: Some(1), newer_noncurrent_versions, ..own };
            let answer = LifecycleAnswer { rules: vec![own], ..LifecycleAnswer::default() };
            lifecycle(&answer, "logs", &[], &mut Unseen::default()).noncurrent
        };
        assert_eq!(of(Some(5)), None);
        assert_eq!(of(None), Some(Age::from_days(1)));
        assert_eq!(of(Some(0)), Some(Age::from_days(1)));
    }

    #[test]
    fn what_s3_passes_over_is_left_out() {
        // The expiry of one rule comes before the move of another.
        let (steps, _) = read(vec![
            rule("", &[(90, "GLACIER_IR"), (400, "DEEP_ARCHIVE")], None),
            rule("", &[], Some(365)),
            rule("", &[], Some(700)),
        ]);
        assert_eq!(steps, ["90d GLACIER_IR", "365d expire"]);
        // Of two moves on one day the colder class holds; nothing comes back from Deep Archive.
        let (steps, _) = read(vec![
            rule("", &[(90, "STANDARD_IA")], None),
            rule("", &[(90, "DEEP_ARCHIVE")], None),
            rule("", &[(120, "GLACIER_IR")], None),
        ]);
        assert_eq!(steps, ["90d DEEP_ARCHIVE"]);
    }
}
