//! Event selectors, as Terraform has them.

use super::fields::Fields;
use super::findings::Findings;
use super::links::Links;
use crate::domain::{AdvancedEventSelector, InsightsSelector, Setting};
use crate::sources::aws::answers::{
    AdvancedSelector, DataResource, EventSelector, FieldTest, InsightSelector,
};
use crate::sources::aws::lower::selectors as of_aws;
use crate::sources::terraform::kind::BUCKET;
use crate::sources::terraform::value::Attr;
use std::collections::BTreeSet;

/// What is done without a selector of which nobody knows what it is for.
const NO_SELECTOR: &str = "what it selects is left out";

/// Returns what a trail records: management events are decided by selectors alone, whatever is set beside them.
pub(super) fn trail(
    own: Fields<'_>,
    links: &Links<'_>,
    findings: &mut Findings,
) -> Vec<AdvancedEventSelector> {
    let (advanced_blocks, advanced_unknown) = own.blocks("advanced_event_selector", findings);
    let (basic_blocks, basic_unknown) = own.blocks("event_selector", findings);
    for (key, why) in [("advanced_event_selector", advanced_unknown), ("event_selector", basic_unknown)] {
        if let Some(why) = why {
            let taken = "what it selects is left out; without any other, all management events are taken";
            findings.unknown(own.resource, key, why, taken);
        }
    }
    if !advanced_blocks.is_empty() {
        return advanced(&advanced_blocks, links, findings);
    }
    if basic_blocks.is_empty() {
        return of_aws::unset();
    }
    let all: Vec<EventSelector> = basic_blocks.iter().map(|own| basic(*own, links, findings)).collect();
    findings.of(&own.resource.address, |unseen| of_aws::basic(&all, &own.resource.address, unseen))
}

/// Reads advanced selectors of a trail or an event data store.
pub(super) fn advanced(
    blocks: &[Fields<'_>],
    links: &Links<'_>,
    findings: &mut Findings,
) -> Vec<AdvancedEventSelector> {
    let Some(first) = blocks.first() else { return of_aws::unset() };
    let address = first.resource.address.clone();
    let all: Vec<AdvancedSelector> =
        blocks.iter().filter_map(|own| advanced_selector(*own, links, findings)).collect();
    findings.of(&address, |unseen| of_aws::advanced(&all, &address, unseen))
}

/// Reads an advanced selector; nothing where nobody knows which category of events it is for.
fn advanced_selector(
    own: Fields<'_>,
    links: &Links<'_>,
    findings: &mut Findings,
) -> Option<AdvancedSelector> {
    let tests = own.known_blocks("field_selector", "left out", findings);
    let category = tests.iter().find(|own| own.get("field").as_text().as_deref() == Some("eventCategory"));
    let taken = if category.is_some() { "the test is left out" } else { NO_SELECTOR };
    let (known, unknown): (Vec<Fields<'_>>, Vec<Fields<'_>>) =
        tests.iter().partition(|own| own.why("field").is_none());
    for own in &unknown {
        own.known_text("field", taken, findings);
    }
    match category {
        None if !unknown.is_empty() => return None,
        Some(own) if own.get("equals").unknown_part().is_some() => {
            own.known::<()>("equals", Setting::Unknown, NO_SELECTOR, findings);
            return None;
        }
        _ => {}
    }
    // The tests are a set: whatever their order, the selector is the same.
    let mut field_selectors: Vec<FieldTest> =
        known.into_iter().map(|test| field_test(test, links, findings)).collect();
    field_selectors.sort_by(|one, two| one.field.cmp(&two.field));
    Some(AdvancedSelector { name: own.text("name", findings).value().cloned(), field_selectors })
}

fn field_test(own: Fields<'_>, links: &Links<'_>, findings: &mut Findings) -> FieldTest {
    let mut list = |key: &str| {
        values(own, key, &format!("advanced_event_selector.field_selector.{key}"), links, findings)
    };
    FieldTest {
        equals: list("equals"),
        starts_with: list("starts_with"),
        ends_with: list("ends_with"),
        not_equals: list("not_equals"),
        not_starts_with: list("not_starts_with"),
        not_ends_with: list("not_ends_with"),
        field: own.text("field", findings).value().cloned().unwrap_or_default(),
    }
}

fn basic(own: Fields<'_>, links: &Links<'_>, findings: &mut Findings) -> EventSelector {
    if let Some(why) = own.why("read_write_type") {
        findings.unknown(own.resource, "event_selector.read_write_type", why, "taken as All");
    }
    let excluded = own.texts("exclude_management_event_sources", findings);
    if let Some(why) = excluded.1 {
        let key = "event_selector.exclude_management_event_sources";
        findings.unknown(own.resource, key, why, "taken as recorded");
    }
    let mut data = own.known_blocks("data_resource", "left out", findings);
    data.retain(|own| {
        own.known_text("type", NO_SELECTOR, findings);
        own.why("type").is_none()
    });
    EventSelector {
        read_write_type: own.text("read_write_type", findings).value().cloned(),
        include_management_events: Some(own.switch_or("include_management_events", true, findings)),
        data_resources: data
            .into_iter()
            .map(|data| DataResource {
                resource_type: data.text("type", findings).value().cloned().unwrap_or_default(),
                values: values(data, "values", "event_selector.data_resource.values", links, findings),
            })
            .collect(),
        exclude_management_event_sources: excluded.0,
    }
}

/// Reads a list of values. Of ARNs that are known only after apply, those of buckets with a known name are written out; of
/// the others the address stands for what nobody knows, so that they select nothing that is counted.
fn values(own: Fields<'_>, key: &str, path: &str, links: &Links<'_>, findings: &mut Findings) -> Vec<String> {
    let (mut known, unknown) = own.texts(key, findings);
    let Some(why) = unknown else { return known };
    let mut missing = match own.get(key) {
        Attr::List(all) => all.iter().filter(|own| own.unknown_part().is_some()).count(),
        _ => 1,
    };
    for address in links.all_referred(own.resource, path, BUCKET) {
        let bucket = links.resource(&address).and_then(super::links::own_name);
        let arn = format!("arn:aws:s3:::{}/", bucket.unwrap_or(address));
        // Other elements of the list may have been read from the same expression.
        if missing > 0 && !known.iter().any(|own| own.starts_with(&arn)) {
            known.push(arn);
            missing -= 1;
        }
    }
    let taken = if missing == 0 {
        "taken as all objects of the buckets that it refers to".to_owned()
    } else {
        known.push(format!("arn:aws:s3:::{}/", own.resource.address));
        "it selects something of which nothing is counted".to_owned()
    };
    findings.unknown(own.resource, path, why, &taken);
    known
}

/// Reads the Insights types.
pub(super) fn insights(own: Fields<'_>, findings: &mut Findings) -> BTreeSet<InsightsSelector> {
    let mut blocks = own.known_blocks("insight_selector", "Insights is left out", findings);
    blocks.retain(|own| {
        own.known_text("insight_type", "Insights of this type are left out", findings);
        own.why("insight_type").is_none()
    });
    let all: Vec<InsightSelector> = blocks
        .into_iter()
        .map(|block| {
            let (event_categories, unknown) = block.texts("event_categories", findings);
            if unknown.is_some() {
                let taken = "taken as those that are known, and as Management without any";
                block.known::<()>("event_categories", Setting::Unknown, taken, findings);
            }
            InsightSelector {
                insight_type: block.text("insight_type", findings).value().cloned().unwrap_or_default(),
                event_categories,
            }
        })
        .collect();
    findings.of(&own.resource.address, |unseen| of_aws::insights(&all, &own.resource.address, unseen))
}
