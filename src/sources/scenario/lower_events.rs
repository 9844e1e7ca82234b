//! EventBridge: buses with custom events, and rules.

use super::at::At;
use super::document_alerting::{EventBusInput, EventRuleInput, TargetInput, TargetKindInput};
use super::lower::Lowering;
use super::lower_places::{Asked, Kind};
use super::quantity_text::{Expected, QuantityInput};
use crate::domain::{AccountId, EventBus, EventRule, RegionCode, RuleTarget};

/// The largest event of a bus, in bytes (EventBridge quotas: 1 MB since January 2026).
const EVENT_BYTES_AT_MOST: u64 = 1 << 20;

impl Lowering<'_> {
    pub(super) fn event_buses(&mut self, buses: &[EventBusInput]) {
        for input in buses {
            let placed =
                self.event_place("event bus", &input.name, input.account.as_ref(), input.region.as_ref());
            let custom_events = self.amount(&input.custom_events, Expected::Count);
            let event_bytes = self.event_bytes(input.event_bytes.as_ref());
            let (Some((account, region)), Some(custom_events), Some(event_bytes)) =
                (placed, custom_events, event_bytes)
            else {
                continue;
            };
            let name = input.name.value.clone();
            let buses = &self.model.inventory.event_buses;
            if buses.iter().any(|own| own.name == name && own.account == account && own.region == region) {
                self.error(&input.name.span, format!("the event bus `{name}` occurs twice"));
                continue;
            }
            self.model.inventory.event_buses.push(EventBus {
                name,
                account,
                region,
                custom_events,
                event_bytes,
            });
        }
        self.model.inventory.event_buses.sort_by(|left, right| {
            (&left.name, &left.account, &left.region).cmp(&(&right.name, &right.account, &right.region))
        });
    }

    pub(super) fn event_rules(&mut self, rules: &[EventRuleInput]) {
        for input in rules {
            let placed =
                self.event_place("event rule", &input.name, input.account.as_ref(), input.region.as_ref());
            let matched = self.amount(&input.matched, Expected::Count);
            let event_bytes = self.event_bytes(input.event_bytes.as_ref());
            let targets = input.targets.iter().filter_map(|own| self.target(own, placed.as_ref())).collect();
            let (Some((account, region)), Some(matched), Some(event_bytes)) = (placed, matched, event_bytes)
            else {
                continue;
            };
            let name = input.name.value.clone();
            let rules = &self.model.inventory.event_rules;
            if rules.iter().any(|own| own.name == name && own.account == account && own.region == region) {
                self.error(&input.name.span, format!("the event rule `{name}` occurs twice"));
                continue;
            }
            self.model.inventory.event_rules.push(EventRule {
                name,
                account,
                region,
                matched,
                event_bytes,
                targets,
            });
        }
        self.model.inventory.event_rules.sort_by(|left, right| {
            (&left.name, &left.account, &left.region).cmp(&(&right.name, &right.account, &right.region))
        });
    }

    fn event_place(
        &mut self,
        word: &str,
        name: &At<String>,
        account: Option<&At<String>>,
        region: Option<&At<String>>,
    ) -> Option<(AccountId, RegionCode)> {
        let asked = Asked { word, kind: None, name: &name.value, span: &name.span, stated: true };
        self.placed(&asked, account, region)
    }

    fn event_bytes(&mut self, input: Option<&At<QuantityInput>>) -> Option<u64> {
        let Some(size) = input else {
            self.assume("bytes_per_event");
            return self.default_count("bytes_per_event").map(u64::from);
        };
        let bytes = self.bytes(size)?;
        if !(1..=EVENT_BYTES_AT_MOST).contains(&bytes) {
            self.error(&size.span, "EventBridge takes no event of this size".to_owned()).label =
                Some("from 1 byte to 1 MiB".to_owned());
            return None;
        }
        Some(bytes)
    }

    fn target(
        &mut self,
        input: &TargetInput,
        placed: Option<&(AccountId, RegionCode)>,
    ) -> Option<RuleTarget> {
        let kind = &input.kind;
        let function =
            input.memory.as_ref().map(|own| &own.span).or(input.duration.as_ref().map(|own| &own.span));
        if let (Some(at), true) = (function, kind.value != TargetKindInput::Function) {
            self.error(at, "only a function has memory and duration".to_owned()).hint =
                Some("leave it out, or write kind = \"function\"".to_owned());
        }
        match kind.value {
            TargetKindInput::Topic => {
                let Some(name) = &input.name else {
                    if !self.misshapen {
                        self.error(&kind.span, "nothing says which topic gets the events".to_owned()).hint =
                            Some("add name = \"…\"".to_owned());
                    }
                    return None;
                };
                let (account, region) = placed.cloned().unzip();
                self.mention(Kind::Topic, Some(name), account.as_ref(), region.as_ref());
                Some(RuleTarget::Topic(name.value.clone()))
            }
            TargetKindInput::Function => self
                .function(&kind.span, input.memory.as_ref(), input.duration.as_ref())
                .map(RuleTarget::Function),
            TargetKindInput::Bus => Some(RuleTarget::Bus),
            TargetKindInput::CrossAccount => Some(RuleTarget::CrossAccount),
            TargetKindInput::Other => Some(RuleTarget::Other),
        }
    }
}
