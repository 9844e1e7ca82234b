//! What changes at deliveries to CloudWatch Logs without a trail.

use super::artefacts::Difference;
use super::draft::{Draft, Turn};
use super::pairs::pairs;
use super::resource::{Place, ResourceKind};
use super::selector_words;

/// Writes the changes of every direct delivery.
///
/// The channel of such a delivery belongs to CloudWatch: it is made and changed by a telemetry rule, whose name no model
/// knows, so that there are sentences and no commands.
pub(super) fn changes(difference: &mut Difference<'_>) {
    let (before, after) = (difference.before, difference.after);
    let matched = pairs(&before.direct_deliveries, &after.direct_deliveries, |old, new| {
        (&old.name, &old.account, &old.region) == (&new.name, &new.account, &new.region)
    });
    for (old, new) in matched {
        let Some(delivery) = new.or(old) else { continue };
        if old == new {
            continue;
        }
        let place = match &delivery.account {
            Some(id) => Place::Account(id.clone()),
            None => Place::EachAccount(difference.accounts.clone()),
        };
        let mut draft = Draft::new(
            &mut difference.names,
            Turn::Ends,
            ResourceKind::DirectDelivery,
            &delivery.name,
            place,
            delivery.region.as_ref(),
        );
        let selectors = |own: Option<&crate::domain::DirectDelivery>| {
            own.map(|own| own.selectors.clone()).unwrap_or_default()
        };
        match (old, new) {
            (Some(_), None) => draft.says("the delivery ends"),
            (None, Some(_)) => draft.says("the delivery begins"),
            _ => {}
        }
        for sentence in selector_words::differences(&selectors(old), &selectors(new)) {
            draft.says(sentence);
        }
        draft.note(
            "no command is given: the delivery's service-linked channel is changed by the telemetry rule of CloudWatch that made \
             it (aws observabilityadmin list-telemetry-rules, update-telemetry-rule, delete-telemetry-rule; \
             …-for-organization for those of an organization)",
        );
        difference.drafts.push(draft);
    }
}
