//! A bucket's lifecycle.
//!
//! Sources: S3 API reference, `PutBucketLifecycleConfiguration` and `LifecycleRule`; S3 user guide, "Lifecycle configuration elements",
//! "Constraints and considerations for transitions".

use super::bucket::line;
use super::command::Line;
use super::draft::Draft;
use super::hcl::{Item, Value};
use super::saved::Restore;
use super::terraform::place;
use crate::domain::{Bucket, LifecycleAction, StorageClass, TransitionMinimum};
use serde::Serialize;

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
struct Transition {
    days: u32,
    storage_class: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
struct Expiration {
    days: u32,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
struct NoncurrentExpiration {
    noncurrent_days: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
struct Sizes {
    #[serde(skip_serializing_if = "Option::is_none")]
    object_size_greater_than: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    object_size_less_than: Option<u64>,
}

/// What a rule applies to. Two conditions need `And`, one stands alone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
enum Filter {
    Both {
        #[serde(rename = "And")]
        and: Sizes,
    },
    One(Sizes),
    All {
        #[serde(rename = "Prefix")]
        prefix: &'static str,
    },
}

impl Filter {
    fn new(sizes: Sizes) -> Self {
        match (sizes.object_size_greater_than, sizes.object_size_less_than) {
            (None, None) => Self::All { prefix: "" },
            (Some(_), Some(_)) => Self::Both { and: sizes },
            _ => Self::One(sizes),
        }
    }

    fn is_all(&self) -> bool {
        matches!(self, Self::All { .. })
    }

    fn terraform(&self) -> Item {
        let sizes = |own: &Sizes| {
            let mut items = Vec::new();
            if let Some(bytes) = own.object_size_greater_than {
                items.push(Item::set("object_size_greater_than", Value::raw(bytes)));
            }
            if let Some(bytes) = own.object_size_less_than {
                items.push(Item::set("object_size_less_than", Value::raw(bytes)));
            }
            items
        };
        let items = match self {
            Self::All { .. } => Vec::new(),
            Self::One(own) => sizes(own),
            Self::Both { and } => vec![Item::block("and", sizes(and))],
        };
        Item::block("filter", items)
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
struct Rule {
    #[serde(rename = "ID")]
    id: String,
    status: &'static str,
    filter: Filter,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    transitions: Vec<Transition>,
    #[serde(skip_serializing_if = "Option::is_none")]
    expiration: Option<Expiration>,
    #[serde(skip_serializing_if = "Option::is_none")]
    noncurrent_version_expiration: Option<NoncurrentExpiration>,
}

impl Rule {
    fn new(id: String, sizes: Sizes) -> Self {
        Self {
            id,
            status: "Enabled",
            filter: Filter::new(sizes),
            transitions: Vec::new(),
            expiration: None,
            noncurrent_version_expiration: None,
        }
    }

    fn words(&self) -> String {
        let mut steps: Vec<String> = self
            .transitions
            .iter()
            .map(|own| format!("{} after {} days", own.storage_class, own.days))
            .collect();
        if let Some(own) = &self.expiration {
            steps.push(format!("deleted after {} days", own.days));
        }
        if let Some(own) = &self.noncurrent_version_expiration {
            steps.push(format!("noncurrent versions deleted after {} days", own.noncurrent_days));
        }
        let (Filter::One(sizes) | Filter::Both { and: sizes }) = &self.filter else {
            return steps.join(", ");
        };
        let mut limits = Vec::new();
        if let Some(bytes) = sizes.object_size_greater_than {
            limits.push(format!("over {bytes} bytes"));
        }
        if let Some(bytes) = sizes.object_size_less_than {
            limits.push(format!("under {bytes} bytes"));
        }
        format!("objects {}: {}", limits.join(" and "), steps.join(", "))
    }

    fn terraform(&self) -> Item {
        let mut items = vec![
            Item::set("id", Value::text(&self.id)),
            Item::set("status", Value::text(self.status)),
            self.filter.terraform(),
        ];
        for own in &self.transitions {
            items.push(Item::block(
                "transition",
                vec![
                    Item::set("days", Value::raw(own.days)),
                    Item::set("storage_class", Value::text(own.storage_class)),
                ],
            ));
        }
        if let Some(own) = &self.expiration {
            items.push(Item::block("expiration", vec![Item::set("days", Value::raw(own.days))]));
        }
        if let Some(own) = &self.noncurrent_version_expiration {
            items.push(Item::block(
                "noncurrent_version_expiration",
                vec![Item::set("noncurrent_days", Value::raw(own.noncurrent_days))],
            ));
        }
        Item::block("rule", items)
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
struct Configuration {
    rules: Vec<Rule>,
}

fn configuration(bucket: &Bucket) -> Configuration {
    let mut rules: Vec<(u16, Sizes, Rule)> = Vec::new();
    for step in &bucket.lifecycle {
        let sizes =
            Sizes { object_size_greater_than: step.larger_than, object_size_less_than: step.smaller_than };
        let at = rules.iter().position(|(rule, own, _)| *rule == step.rule && *own == sizes);
        let at = at.unwrap_or_else(|| {
            rules.push((step.rule, sizes, Rule::new(format!("logs-{}", rules.len() + 1), sizes)));
            rules.len() - 1
        });
        let Some((_, _, rule)) = rules.get_mut(at) else { continue };
        match step.action {
            LifecycleAction::Transition(to) => {
                rule.transitions.push(Transition { days: step.after.days(), storage_class: to.name() });
            }
            LifecycleAction::Expire => rule.expiration = Some(Expiration { days: step.after.days() }),
        }
    }
    let mut rules: Vec<Rule> = rules.into_iter().map(|(_, _, rule)| rule).collect();
    if let Some(age) = bucket.versioning.and_then(|own| own.noncurrent) {
        let none = Sizes { object_size_greater_than: None, object_size_less_than: None };
        let mut rule = Rule::new("noncurrent-versions".to_owned(), none);
        rule.noncurrent_version_expiration = Some(NoncurrentExpiration { noncurrent_days: age.days() });
        rules.push(rule);
    }
    Configuration { rules }
}

/// Tells why S3 would refuse a configuration.
fn problems(configuration: &Configuration) -> Vec<String> {
    let mut problems = Vec::new();
    for rule in &configuration.rules {
        if rule.expiration.as_ref().is_some_and(|own| own.days == 0)
            || rule.noncurrent_version_expiration.as_ref().is_some_and(|own| own.noncurrent_days == 0)
        {
            problems.push("objects can be deleted after one day at the earliest".to_owned());
        }
        let infrequent = [StorageClass::StandardIa.name(), StorageClass::OneZoneIa.name()];
        for from in rule.transitions.iter().filter(|own| infrequent.contains(&own.storage_class)) {
            if rule.transitions.iter().any(|to| to.days > from.days && to.days < from.days + 30) {
                problems.push(format!(
                    "objects must stay in {} for 30 days before they move on",
                    from.storage_class
                ));
            }
        }
        for own in &rule.transitions {
            if own.days < 30 && infrequent.contains(&own.storage_class) {
                problems
                    .push(format!("objects can move to {} after 30 days at the earliest", own.storage_class));
            }
            if rule.expiration.as_ref().is_some_and(|end| end.days <= own.days) {
                problems.push("objects must be deleted later than they move".to_owned());
            }
        }
    }
    problems.dedup();
    problems
}

fn minimum(bucket: &Bucket) -> &'static str {
    match bucket.transition_minimum {
        TransitionMinimum::AllClasses => "all_storage_classes_128K",
        TransitionMinimum::VariesByClass => "varies_by_storage_class",
    }
}

fn words(configuration: &Configuration) -> String {
    let words: Vec<String> = configuration.rules.iter().map(Rule::words).collect();
    if words.is_empty() { "none, everything stays in STANDARD".to_owned() } else { words.join("; ") }
}

/// Returns the arguments and rules of a bucket's lifecycle in Terraform.
///
/// # Errors
/// Why S3 would refuse them, a line each.
pub(super) fn terraform(bucket: &Bucket) -> Result<Vec<Item>, Vec<String>> {
    let configuration = configuration(bucket);
    let problems = problems(&configuration);
    if !problems.is_empty() {
        return Err(problems);
    }
    let mut items = vec![Item::set("transition_default_minimum_object_size", Value::text(minimum(bucket)))];
    items.extend(configuration.rules.iter().map(Rule::terraform));
    Ok(items)
}

/// Returns a bucket's lifecycle in words.
pub(super) fn in_words(bucket: &Bucket) -> String {
    words(&configuration(bucket))
}

/// Tells whether a configuration deletes what another one keeps, or deletes it earlier.
fn deletes_more(from: &Configuration, to: &Configuration) -> bool {
    let current = |own: &Rule| own.expiration.as_ref().map(|own| own.days);
    let noncurrent = |own: &Rule| own.noncurrent_version_expiration.as_ref().map(|own| own.noncurrent_days);
    let more = |days: &dyn Fn(&Rule) -> Option<u32>| {
        to.rules.iter().filter_map(|own| Some((&own.filter, days(own)?))).any(|(filter, new)| {
            let same = from.rules.iter().filter(|own| own.filter == *filter || own.filter.is_all());
            !same.filter_map(days).any(|old| old <= new)
        })
    };
    more(&current) || more(&noncurrent)
}

/// What `get-bucket-lifecycle-configuration` finds as `put-bucket-lifecycle-configuration` takes it.
const SAVED_FORM: &str = "{TransitionDefaultMinimumObjectSize: not_null(TransitionDefaultMinimumObjectSize, \
                          'all_storage_classes_128K'), LifecycleConfiguration: {Rules: Rules}}";

/// Begins the command that puts a bucket's lifecycle in place of the one of `former`.
fn put_line(draft: &mut Draft, former: &Bucket, bucket: &Bucket, file: &str) -> Line {
    let configuration = configuration(bucket);
    if configuration.rules.is_empty() {
        return line("delete-bucket-lifecycle", bucket);
    }
    let path = draft.file(file, &configuration);
    let mut line = line("put-bucket-lifecycle-configuration", bucket)
        .value("--transition-default-minimum-object-size", minimum(bucket))
        .file("--lifecycle-configuration", &path);
    if deletes_more(&self::configuration(former), &configuration) {
        let meaning =
            format!("S3 may delete objects of the bucket {} so: {}", bucket.name, words(&configuration));
        line = line.consent(&draft.variable("DELETE_LOGS"), &meaning);
    }
    line
}

/// Writes the change of a bucket's lifecycle, if it changes.
pub(super) fn change(draft: &mut Draft, old: &Bucket, new: &Bucket) {
    let (from, to) = (configuration(old), configuration(new));
    let same_minimum =
        old.transition_minimum == new.transition_minimum || (from.rules.is_empty() && to.rules.is_empty());
    if from == to && same_minimum {
        return;
    }
    if from != to {
        draft.says_from_to("lifecycle", &words(&from), &words(&to));
    }
    if !same_minimum {
        draft.says_from_to("smallest objects that move", minimum(old), minimum(new));
    }
    let problems = problems(&to);
    if !problems.is_empty() {
        for problem in problems {
            draft.note(format!("the lifecycle is not put: {problem}"));
        }
        return;
    }
    let saved = draft.saved_file("lifecycle");
    let save = line("get-bucket-lifecycle-configuration", old)
        .saved(&saved, SAVED_FORM, "NoSuchLifecycleConfiguration")
        .because("Saves every lifecycle rule that the bucket has");
    draft.save(vec![save]);
    let apply = put_line(draft, old, new, "lifecycle.json").because(if to.rules.is_empty() {
        "Takes every lifecycle rule off the bucket"
    } else {
        "Puts the lifecycle in place of every rule that the bucket has"
    });
    let put = line("put-bucket-lifecycle-configuration", old).input(&saved);
    let unsaved = put_line(draft, new, old, "lifecycle.undo.json");
    let undo = Restore::new(&saved, put)
        .nothing(line("delete-bucket-lifecycle", old))
        .unsaved(unsaved)
        .because("Puts every lifecycle rule back that the bucket had");
    draft.step_of(apply, undo);
    draft.note(
        "the whole lifecycle is replaced, with rules for other prefixes, for tags and for incomplete uploads that no scenario knows: \
         add those that must stay to the files before (aws s3api get-bucket-lifecycle-configuration shows them); undo.sh puts all of them back",
    );
    draft.note(
        "a lifecycle applies to everything in the bucket, also to what others than CloudTrail keep there",
    );
    let deletes = |own: &Configuration| {
        own.rules.iter().any(|rule| rule.expiration.is_some() || rule.noncurrent_version_expiration.is_some())
    };
    if deletes(&to) {
        draft.note("what a lifecycle rule has deleted cannot be brought back");
    }
    if to.rules.iter().any(|rule| !rule.transitions.is_empty()) {
        draft.note(
            "objects that have moved to another storage class stay there when the lifecycle is put back",
        );
    }
    if to.rules.is_empty() {
        draft.terraform(vec![Item::comment(format!(
            "{}: take its aws_s3_bucket_lifecycle_configuration resource out of the configuration.",
            new.name
        ))]);
        return;
    }
    let mut items = place(draft.place(), &new.region);
    items.push(Item::set("bucket", Value::text(&new.name)));
    items.push(Item::set("transition_default_minimum_object_size", Value::text(minimum(new))));
    items.extend(to.rules.iter().map(Rule::terraform));
    let label = draft.label.clone();
    draft.terraform(vec![Item::resource("aws_s3_bucket_lifecycle_configuration", &label, items)]);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Age, LifecycleRule, RegionCode, Versioning};

    fn step(
        rule: u16,
        days: u16,
        to: Option<StorageClass>,
        sizes: (Option<u64>, Option<u64>),
    ) -> LifecycleRule {
        LifecycleRule {
            after: Age::from_days(days),
            action: to.map_or(LifecycleAction::Expire, LifecycleAction::Transition),
            rule,
            larger_than: sizes.0,
            smaller_than: sizes.1,
        }
    }

    fn bucket(lifecycle: Vec<LifecycleRule>) -> Bucket {
        let plain = Bucket::plain("logs", "111122223333".parse().unwrap(), RegionCode::new("us-east-1"));
        Bucket { lifecycle, ..plain }
    }

    #[test]
    fn steps_are_grouped_by_rule_and_sizes() {
        let mut bucket = bucket(vec![
            step(0, 30, Some(StorageClass::StandardIa), (Some(131_072), None)),
            step(1, 60, Some(StorageClass::DeepArchive), (Some(1), Some(2_000_000))),
            step(0, 120, Some(StorageClass::GlacierInstantRetrieval), (Some(131_072), None)),
            step(2, 2555, None, (None, None)),
        ]);
        bucket.versioning = Some(Versioning { noncurrent: Some(Age::from_days(30)) });
        let expected = serde_json::json!({ "Rules": [
            { "ID": "logs-1", "Status": "Enabled", "Filter": { "ObjectSizeGreaterThan": 131_072 }, "Transitions": [
                { "Days": 30, "StorageClass": "STANDARD_IA" }, { "Days": 120, "StorageClass": "GLACIER_IR" }] },
            { "ID": "logs-2", "Status": "Enabled",
              "Filter": { "And": { "ObjectSizeGreaterThan": 1, "ObjectSizeLessThan": 2_000_000 } },
              "Transitions": [{ "Days": 60, "StorageClass": "DEEP_ARCHIVE" }] },
            { "ID": "logs-3", "Status": "Enabled", "Filter": { "Prefix": "" }, "Expiration": { "Days": 2555 } },
            { "ID": "noncurrent-versions", "Status": "Enabled", "Filter": { "Prefix": "" },
              "NoncurrentVersionExpiration": { "NoncurrentDays": 30 } },
        ] });
        assert_eq!(serde_json::to_value(configuration(&bucket)).unwrap(), expected);
    }

    #[test]
    fn what_deletes_more_or_earlier_is_told() {
        let expires = |days, sizes| configuration(&bucket(vec![step(0, days, None, sizes)]));
        let (all, large) = ((None, None), (Some(1_000), None));
        let none = configuration(&bucket(Vec::new()));
        let table = [
            (&none, &expires(90, all), true),
            (&expires(90, all), &none, false),
            (&expires(90, all), &expires(90, all), false),
            (&expires(90, all), &expires(365, all), false),
            (&expires(365, all), &expires(90, all), true),
            (&expires(90, all), &expires(90, large), false),
            (&expires(90, large), &expires(90, all), true),
        ];
        for (from, to, expected) in table {
            assert_eq!(deletes_more(from, to), expected, "{from:?} {to:?}");
        }
    }

    #[test]
    fn what_s3_refuses_is_told() {
        let table = [
            (vec![step(0, 10, Some(StorageClass::StandardIa), (None, None))], 1),
            (vec![step(0, 0, None, (None, None))], 1),
            (
                vec![
                    step(0, 30, Some(StorageClass::StandardIa), (None, None)),
                    step(0, 59, Some(StorageClass::DeepArchive), (None, None)),
                ],
                1,
            ),
            (
                vec![
                    step(0, 30, Some(StorageClass::StandardIa), (None, None)),
                    step(0, 60, Some(StorageClass::DeepArchive), (None, None)),
                ],
                0,
            ),
            (
                vec![
                    step(0, 90, Some(StorageClass::DeepArchive), (None, None)),
                    step(0, 90, None, (None, None)),
                ],
                1,
            ),
            (vec![step(0, 0, Some(StorageClass::DeepArchive), (None, None))], 0),
        ];
        for (steps, count) in table {
            assert_eq!(problems(&configuration(&bucket(steps.clone()))).len(), count, "{steps:?}");
        }
    }
}
