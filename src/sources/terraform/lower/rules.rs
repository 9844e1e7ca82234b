//! EventBridge rules on what CloudTrail records.

use super::fields::Fields;
use super::links::Link;
use super::metrics::unknown;
use super::side::Reading;
use crate::domain::{EventRule, EventRuleSettings, RuleTarget, Setting};
use crate::sources::terraform::kind::{RULE, TARGET, TOPIC};
use crate::sources::terraform::resource::Resource;

/// Bytes of an event where the defaults say nothing: as many as theirs.
const EVENT_BYTES: u64 = 1_500;

impl<'a> Reading<'a> {
    /// Fills the rules on CloudTrail's events. A rule of a schedule is none.
    pub(super) fn event_rules(&mut self) {
        let targets = self.links.parts(self.resources, TARGET, "rule", RULE, &mut self.findings);
        for own in self.of(RULE) {
            let pattern = Fields::of(own).text("event_pattern", &mut self.findings);
            let is_about_trails = match &pattern {
                Setting::Is(text) => text.contains("CloudTrail") || text.contains("cloudtrail"),
                Setting::Unknown => true,
                Setting::NotSet => false,
            };
            if is_about_trails {
                let to = targets.get(&own.address).map(Vec::as_slice).unwrap_or_default();
                self.event_rule(own, pattern, to);
            }
        }
    }

    fn event_rule(&mut self, resource: &'a Resource, pattern: Setting<String>, to: &[&'a Resource]) {
        let own = Fields::of(resource);
        let mut shown = Vec::new();
        let mut targets = Vec::new();
        for target in to {
            let link = self.links.link(Fields::of(target), "arn", "arn", TOPIC, &mut self.findings);
            shown.extend(link.setting().value().cloned());
            targets.push(self.target(target, &link));
        }
        let state = own.text("state", &mut self.findings).map(|own| own != "DISABLED");
        let enabled = match (state, own.switch("is_enabled", &mut self.findings)) {
            (Setting::NotSet, other) => other,
            (own, _) => own,
        };
        own.known_text("state", "taken as enabled", &mut self.findings);
        let is_off = enabled.is_on() == Some(false) && enabled != Setting::NotSet;
        self.settings.event_rules.push(EventRuleSettings {
            subject: self.places_subject(resource),
            pattern,
            enabled,
            targets: Setting::Is(shown),
        });
        let Some((account, region)) = self.place(resource) else { return };
        if is_off {
            return;
        }
        let bytes = self.figure("bytes_per_event").and_then(|own| own.likely()?.to_count());
        self.inventory.event_rules.push(EventRule {
            name: resource.address.clone(),
            account,
            region,
            matched: unknown(),
            event_bytes: bytes.unwrap_or(EVENT_BYTES),
            targets,
        });
    }

    fn target(&mut self, resource: &'a Resource, link: &Link) -> RuleTarget {
        match link {
            Link::Managed(address) => RuleTarget::Topic(address.clone()),
            Link::Named(arn) => match arn.split(':').nth(2) {
                Some("sns") => self.topic_name(arn).map_or(RuleTarget::Other, RuleTarget::Topic),
                Some("events") => RuleTarget::Bus,
                Some("lambda") => {
                    self.runs_a_function(resource);
                    RuleTarget::Other
                }
                _ => RuleTarget::Other,
            },
            Link::Unset | Link::Unknown => {
                if let Some(why) = Fields::of(resource).why("arn") {
                    self.findings.unknown(resource, "arn", why, "what the target costs is left out");
                }
                RuleTarget::Other
            }
        }
    }

    fn runs_a_function(&mut self, resource: &Resource) {
        self.findings.left_out(
            "what the runs of a function cost: ",
            &resource.address,
            "add an [[event_rule]] with the function's memory and duration to a scenario",
        );
    }
}
