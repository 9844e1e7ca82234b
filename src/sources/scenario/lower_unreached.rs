//! What is described and never reached: nearly always a name misspelt on one side.

use super::at::At;
use super::document::ScenarioFile;
use super::document_storage::ReplicaInput;
use super::lower::Lowering;
use crate::domain::nearest;
use std::collections::BTreeSet;

impl Lowering<'_> {
    /// Warns of buckets, log groups and topics that are described while nothing is delivered to them.
    pub(super) fn unreached(&mut self, file: &ScenarioFile) {
        if self.found.has_errors() {
            return;
        }
        let trails = || file.trail.iter().filter(|trail| trail.shadow_of.is_none());
        let copies =
            file.bucket.iter().flat_map(|bucket| &bucket.replicate_to).map(|copy| match &copy.value {
                ReplicaInput::Name(name) => name.as_str(),
                ReplicaInput::Table(table) => table.bucket.as_str(),
            });
        let named = |own: Option<&'_ At<String>>| own.map(|name| name.value.clone());
        let buckets: BTreeSet<String> = trails()
            .filter_map(|trail| named(trail.bucket.as_ref()))
            .chain(copies.map(str::to_owned))
            .collect();
        let groups: BTreeSet<String> = trails().filter_map(|trail| named(trail.log_group.as_ref())).collect();
        let targets = file.event_rule.iter().flat_map(|rule| &rule.targets);
        let topics: BTreeSet<String> = trails()
            .filter_map(|trail| named(trail.sns_topic.as_ref()))
            .chain(file.alarm.iter().filter_map(|alarm| named(alarm.topic.as_ref())))
            .chain(targets.filter_map(|target| named(target.name.as_ref())))
            .collect();
        let filled = file
            .bucket
            .iter()
            .filter(|own| own.holds.is_empty() && own.receives.is_none())
            .map(|own| &own.name);
        self.warn_of("bucket", filled, &buckets, "nothing is delivered to");
        let quiet = file.log_group.iter().filter(|own| own.holds.is_none() && own.scanned.is_none());
        self.warn_of("log group", quiet.map(|own| &own.name), &groups, "no trail delivers to");
        let silent = file.topic.iter().filter(|own| own.published.is_none()).map(|own| &own.name);
        self.warn_of("topic", silent, &topics, "nothing publishes to");
    }

    fn warn_of<'f>(
        &mut self,
        word: &str,
        described: impl Iterator<Item = &'f At<String>>,
        reached: &BTreeSet<String>,
        says: &str,
    ) {
        let described: Vec<&At<String>> = described.collect();
        let names: BTreeSet<&str> = described.iter().map(|own| own.value.as_str()).collect();
        for own in described.iter().filter(|own| !reached.contains(&own.value)) {
            // A name that something refers to and nothing describes is the likeliest to be meant.
            let others = reached.iter().map(String::as_str).filter(|name| !names.contains(name));
            let near = nearest(&own.value, others)
                .map(|near| format!("`{near}` is referred to and not described: is that this {word}?"));
            self.warning(&own.span, format!("{says} the {word} `{}`", own.value)).label = near;
        }
    }
}
