//! What changes at alarms, topics, buses and rules.

use super::artefacts::Difference;
use super::command::Line;
use super::draft::{Draft, Turn};
use super::hcl::Item;
use super::pairs::pairs;
use super::resource::{Place, ResourceKind};
use super::saved::Restore;
use crate::domain::{AccountId, Alarm, EventBus, EventRule, RegionCode, Topic};

/// What alerting things have in common.
trait Placed: PartialEq {
    const KIND: ResourceKind;
    fn key(&self) -> (&str, &AccountId, &RegionCode);
}

macro_rules! placed {
    ($($own:ty => $kind:ident),+) => {
        $(impl Placed for $own {
            const KIND: ResourceKind = ResourceKind::$kind;
            fn key(&self) -> (&str, &AccountId, &RegionCode) {
                (&self.name, &self.account, &self.region)
            }
        })+
    };
}

placed!(Alarm => Alarm, Topic => Topic, EventBus => EventBus, EventRule => EventRule);

/// Writes the changes of every alarm, topic, bus and rule.
pub(super) fn changes(difference: &mut Difference<'_>) {
    let (before, after) = (difference.before, difference.after);
    each(difference, &before.alarms, &after.alarms, alarm);
    each(difference, &before.event_rules, &after.event_rules, rule);
    each(difference, &before.topics, &after.topics, topic);
    each(difference, &before.event_buses, &after.event_buses, bus);
}

fn each<T: Placed>(
    difference: &mut Difference<'_>,
    before: &[T],
    after: &[T],
    write: impl Fn(&mut Draft, Option<&T>, Option<&T>),
) {
    for (old, new) in pairs(before, after, |old, new| old.key() == new.key()) {
        let Some(own) = new.or(old) else { continue };
        if old == new {
            continue;
        }
        let (name, account, region) = own.key();
        let place = Place::Account(account.clone());
        // Others refer to what is new.
        let turn = if old.is_none() { Turn::Foundations } else { Turn::Listeners };
        let mut draft = Draft::new(&mut difference.names, turn, T::KIND, name, place, Some(region));
        write(&mut draft, old, new);
        difference.drafts.push(draft);
    }
}

fn alarm(draft: &mut Draft, old: Option<&Alarm>, new: Option<&Alarm>) {
    match (old, new) {
        (Some(old), None) => {
            draft.says("the alarm is deleted");
            // A list of one in JSON: a name that begins with a bracket would be read as a list.
            let names = serde_json::json!([old.name]).to_string();
            let save = Line::aws("cloudwatch", "describe-alarms", &old.region)
                .value("--alarm-names", &names)
                .value("--alarm-types", "[\"MetricAlarm\",\"CompositeAlarm\"]")
                .saved(&draft.saved_file("alarm"), "", "")
                .because("Saves the alarm, from which it can be made again");
            let delete = Line::aws("cloudwatch", "delete-alarms", &old.region)
                .value("--alarm-names", &names)
                .unless_done("ResourceNotFound")
                .because("Deletes the alarm");
            draft.step(vec![save, delete], Vec::new());
            draft.note(
                "no command makes the alarm again, as no scenario knows its condition: take it from the file that is saved before \
                 (aws cloudwatch put-metric-alarm, put-composite-alarm)",
            );
            draft.terraform(vec![Item::comment(format!(
                "{}: take its aws_cloudwatch_metric_alarm resource out of the configuration.",
                old.name
            ))]);
        }
        (None, Some(_)) => {
            draft.says("the alarm is made");
            draft.note("no command makes an alarm: no scenario knows its condition (aws cloudwatch put-metric-alarm)");
        }
        (Some(old), Some(new)) => {
            let changed = (old.kind, old.metrics, &old.topic) != (new.kind, new.metrics, &new.topic);
            if changed {
                draft.says("the alarm watches or tells something else");
                draft.note("no command changes an alarm: no scenario knows its condition (aws cloudwatch put-metric-alarm)");
            }
        }
        (None, None) => {}
    }
}

fn rule(draft: &mut Draft, old: Option<&EventRule>, new: Option<&EventRule>) {
    match (old, new) {
        (Some(old), None) => {
            draft.says("the rule is disabled");
            let line =
                |operation: &str| Line::aws("events", operation, &old.region).value("--name", &old.name);
            let saved = draft.saved_file("rule");
            let save = line("describe-rule")
                .saved(&saved, "State!='DISABLED'", "")
                .because("Saves whether the rule is enabled");
            draft.save(vec![save]);
            let undo = Restore::new(&saved, line("enable-rule"))
                .nothing(line("disable-rule"))
                .unsaved(line("enable-rule"))
                .because("Enables the rule where it was");
            draft.step_of(
                line("disable-rule").because("Disables the rule; its pattern and targets stay"),
                undo,
            );
            draft.note("the commands take the rule to be on the default bus; a rule that also gets read-only management events is enabled again by put-rule");
            draft.terraform(vec![Item::comment(format!(
                "{}: set state = \"DISABLED\" in its aws_cloudwatch_event_rule resource.",
                old.name
            ))]);
        }
        (None, Some(_)) => {
            draft.says("the rule is made");
            draft.note("no command makes a rule: no scenario knows its pattern (aws events put-rule)");
        }
        (Some(old), Some(new)) if old.targets != new.targets => {
            draft.says("the rule has other targets");
            draft.note("no command changes a rule's targets: no scenario knows their ARNs (aws events put-targets, remove-targets)");
        }
        _ => {}
    }
}

fn topic(draft: &mut Draft, old: Option<&Topic>, new: Option<&Topic>) {
    match (old, new) {
        (Some(_), None) => {
            draft.says("nothing is published to the topic any more");
            draft.note("no command deletes the topic: one that gets no messages costs nothing, and its subscriptions cannot be brought back");
        }
        (None, Some(new)) => {
            draft.says("the topic is created");
            let create = Line::aws("sns", "create-topic", &new.region)
                .value("--name", &new.name)
                .because("Creates the topic; its policy must let CloudTrail publish");
            draft.step(vec![create], Vec::new());
            draft.note("no command undoes the creation of a topic: one that gets no messages costs nothing");
        }
        (Some(old), Some(new)) if old.subscriptions != new.subscriptions => {
            draft.says("the topic has other subscribers");
            draft.note("no command changes subscriptions: no scenario knows their endpoints (aws sns subscribe, unsubscribe)");
        }
        _ => {}
    }
}

fn bus(draft: &mut Draft, old: Option<&EventBus>, new: Option<&EventBus>) {
    match (old, new) {
        (Some(_), None) => {
            draft.says("no custom events go to the bus any more");
            draft.note(
                "no command deletes the bus: stop what puts events to it; a bus without events costs nothing",
            );
        }
        (None, Some(_)) => {
            draft.says("custom events go to a bus");
            draft.note("no command creates the bus: no scenario knows what puts events to it (aws events create-event-bus)");
        }
        _ => {}
    }
}
