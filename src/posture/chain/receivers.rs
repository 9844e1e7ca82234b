//! From an action to somebody who gets a message.

use super::delay::TO_SUBSCRIBER;
use super::follow::{Hop, HopState, rank};
use crate::domain::{Setting, SubscriptionSettings};
use crate::posture::inspected::{Inspected, is_called};

/// Protocols whose subscribers need not confirm, where they are of the topic's own account (SNS developer guide).
const CONFIRMED: [&str; 4] = ["sqs", "lambda", "firehose", "application"];

/// Follows actions or targets to the one that gets farthest.
pub(super) fn receivers(inspected: &Inspected<'_>, actions: &[String]) -> Vec<Hop> {
    let each = actions.iter().map(|own| receiver(inspected, own));
    each.max_by_key(|own| rank(own)).unwrap_or_default()
}

fn receiver(inspected: &Inspected<'_>, action: &str) -> Vec<Hop> {
    let topic = inspected.settings.topics.iter().find(|own| is_called(&own.subject, action));
    let is_topic = topic.is_some() || action.contains(":sns:") || action.contains("aws_sns_topic.");
    if !is_topic {
        return vec![Hop::found("target", format!("`{action}`"), None)];
    }
    let Some(topic) = topic else {
        return vec![
            Hop::found("topic", format!("`{action}`"), None),
            Hop::new(
                "subscription",
                HopState::NotKnown,
                format!("of `{action}`: who gets its messages is not known"),
            ),
        ];
    };
    let name = &topic.subject.name;
    let hop = Hop::found("topic", format!("`{name}`"), None);
    vec![hop, subscription(name, &topic.subscriptions)]
}

fn subscription(topic: &str, all: &Setting<Vec<SubscriptionSettings>>) -> Hop {
    let hop = |state, what: String| Hop::new("subscription", state, what);
    let all = match all {
        Setting::Unknown => {
            return hop(HopState::NotKnown, format!("of `{topic}`: who gets its messages is not known"));
        }
        Setting::NotSet => return hop(HopState::Missing, format!("nobody is subscribed to `{topic}`")),
        Setting::Is(all) if all.is_empty() => {
            return hop(HopState::Missing, format!("nobody is subscribed to `{topic}`"));
        }
        Setting::Is(all) => all,
    };
    let protocol =
        |own: &SubscriptionSettings| own.protocol.value().cloned().unwrap_or_else(|| "unknown".to_owned());
    let is_sure = |own: &&SubscriptionSettings| {
        own.confirmed == Setting::Is(true) || CONFIRMED.contains(&protocol(own).as_str())
    };
    if let Some(own) = all.iter().find(is_sure) {
        return Hop::found("subscription", format!("by {}", protocol(own)), Some(TO_SUBSCRIBER));
    }
    match all.iter().find(|own| own.confirmed.is_unknown()) {
        Some(own) => hop(
            HopState::NotKnown,
            format!("whether the subscriber of `{topic}` by {} has confirmed is not known", protocol(own)),
        ),
        None => hop(HopState::Missing, format!("no subscriber of `{topic}` has confirmed")),
    }
}
