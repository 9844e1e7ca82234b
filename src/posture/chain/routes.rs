//! The two ways of an event: by a trail's log group, and by a rule of EventBridge.

use super::delay::{TO_EVENT_RULE, TO_LOG_GROUP, TO_TARGET};
use super::event_pattern;
use super::filters::Filters;
use super::follow::{Hop, HopState, Place, Tail, rank};
use super::receivers::receivers;
use super::records::{GLOBAL_REGION, Sample, Samples};
use crate::domain::{EventRuleSettings, RegionCode, Setting, TrailSettings};
use crate::posture::inspected::{Inspected, is_logging, short};
use crate::usage::{Match, selects};
use std::collections::BTreeSet;

/// How many Regions an account has enabled where nothing is stated: those that are enabled by default (Account Management
/// reference guide, Region availability; the others have to be opted into).
const REGIONS_BY_DEFAULT: usize = 17;

/// Says that no trail records anything.
pub(super) fn no_trail(inspected: &Inspected<'_>, place: &Place<'_>) -> Hop {
    if let (Some(account), true) = (place.accounts.first(), inspected.trails().next().is_some()) {
        let is_seen = inspected.sees_trails_of(account);
        let state = if is_seen { HopState::Missing } else { HopState::NotKnown };
        return Hop::new("trail", state, format!("no trail that logs records the account {account}"));
    }
    let seen = inspected.origin == crate::posture::Origin::Aws && !inspected.was_refused("trails");
    let state = if seen { HopState::Missing } else { HopState::NotKnown };
    Hop::new("trail", state, "no trail that logs is described".to_owned())
}

/// Says whether a trail records the event.
fn recorded(inspected: &Inspected<'_>, own: &TrailSettings, sample: &Sample) -> Hop {
    let name = &own.subject.name;
    let hop = |state, what: String| Hop::new("trail", state, what);
    let trail = inspected.trail(own).filter(|_| !inspected.was_refused("event selectors"));
    let selected = trail.map(|own| selects(&own.selectors, &sample.class()));
    match selected {
        Some(Match::No) => {
            return hop(HopState::Missing, format!("`{name}` does not record {}", sample.name));
        }
        Some(Match::Undecided) | None => {
            return hop(HopState::NotKnown, format!("whether `{name}` records {} is not known", sample.name));
        }
        Some(Match::Yes) => {}
    }
    let region = trail.map(|own| &own.home_region);
    let is_global_home = region == Some(&RegionCode::new(GLOBAL_REGION));
    match (own.multi_region.is_on(), is_logging(own)) {
        (None, _) => hop(HopState::NotKnown, format!("whether `{name}` records every Region is not known")),
        (_, None) => hop(HopState::NotKnown, format!("whether `{name}` is logging is not known")),
        (Some(false), _) if !(sample.is_global && is_global_home) => {
            let region = region.map_or_else(|| "one Region".to_owned(), ToString::to_string);
            hop(HopState::Missing, format!("`{name}` records {region} only"))
        }
        _ => Hop::found("trail", format!("`{name}`"), None),
    }
}

/// Follows the event through a trail's log group.
pub(super) fn by_logs(
    inspected: &Inspected<'_>,
    filters: &Filters<'_>,
    own: &TrailSettings,
    sample: &Sample,
    samples: &Samples,
) -> Tail {
    let first = recorded(inspected, own, sample);
    let name = &own.subject.name;
    let mut tail = match &own.log_group {
        Setting::Unknown => Tail::of(Hop::new(
            "log group",
            HopState::NotKnown,
            format!("whether `{name}` delivers to CloudWatch Logs is not known"),
        )),
        Setting::NotSet => Tail::of(Hop::new(
            "log group",
            HopState::Missing,
            format!("`{name}` does not deliver to CloudWatch Logs"),
        )),
        Setting::Is(group) => {
            let mut tail = filters.behind(inspected, group, sample, samples);
            let hop = Hop::found("log group", format!("`{}`", short(group)), Some(TO_LOG_GROUP));
            tail.hops.insert(0, hop);
            tail
        }
    };
    if first.state == HopState::Missing {
        let then = tail.gap();
        return Tail { then, filter: tail.filter, alarm: tail.alarm, ..Tail::of(first) };
    }
    tail.hops.insert(0, first);
    tail
}

/// Follows the event through rules of EventBridge, which see only what happens in their own account and Region: those of other
/// places say nothing. Nothing where no rule has anything to do with the event.
///
/// Source: CloudTrail user guide, EventBridge gets management events only while a trail logs them.
pub(super) fn by_rules(
    inspected: &Inspected<'_>,
    place: &Place<'_>,
    sample: &Sample,
    others: &[Sample],
) -> Option<Tail> {
    let each: Vec<(&EventRuleSettings, Tail)> = place
        .rules
        .iter()
        .filter_map(|own| Some((*own, by_rule(inspected, place, own, sample, others)?)))
        .collect();
    let best = |all: &[&(&EventRuleSettings, Tail)]| {
        all.iter().rev().max_by_key(|(_, own)| rank(&own.hops)).map(|(_, own)| own.clone())
    };
    if sample.is_global {
        return best(&each.iter().collect::<Vec<_>>());
    }
    // The Region that gets least far decides: each needs a rule of its own.
    let homes: BTreeSet<&RegionCode> =
        each.iter().filter_map(|(own, _)| own.subject.region.as_ref()).collect();
    let in_region = |region: &RegionCode| {
        let of =
            |own: &&(&EventRuleSettings, Tail)| own.0.subject.region.as_ref().is_none_or(|own| own == region);
        each.iter().filter(of).collect::<Vec<_>>()
    };
    let first = best(&each.iter().collect::<Vec<_>>())?;
    let lacking = place.regions.iter().find(|own| in_region(own).is_empty());
    let tails = homes.iter().filter_map(|own| best(&in_region(own)));
    let worst = tails.min_by_key(|own| rank(&own.hops)).unwrap_or_else(|| first.clone());
    let enabled = place.enabled.map_or(REGIONS_BY_DEFAULT, |own| own as usize);
    if homes.is_empty() {
        // Where the rules stand is not known.
        return Some(first);
    }
    if lacking.is_none() && homes.len() >= enabled {
        return Some(worst);
    }
    Some(in_other_regions(worst, lacking.copied(), &homes, place.enabled.is_some()))
}

/// Says that rules do not see every Region of an account: it is missing where something happens in a Region without a rule, or
/// more Regions are stated to be enabled than have one; otherwise nobody knows.
fn in_other_regions(
    mut tail: Tail,
    lacking: Option<&RegionCode>,
    homes: &BTreeSet<&RegionCode>,
    is_stated: bool,
) -> Tail {
    let here: Vec<String> = homes.iter().map(ToString::to_string).collect();
    let here = crate::domain::list_names(&here);
    let rule =
        |state, what: String| Hop { delay: Some(TO_EVENT_RULE), ..Hop::new("event rule", state, what) };
    let hop = match lacking {
        Some(region) => rule(
            HopState::Missing,
            format!("no rule in {region} matches the event: rules see only their own account and Region"),
        ),
        None if is_stated => rule(
            HopState::Missing,
            format!("rules in {here} only match the event: they see only their own account and Region"),
        ),
        // What is missing already is missing, whatever Regions there are.
        None if tail.gap().is_some() => return tail,
        None => rule(
            HopState::NotKnown,
            format!(
                "rules in {here} match the event, and no rule in another Region: how many Regions are enabled is not known \
                 ({REGIONS_BY_DEFAULT} are by default)"
            ),
        ),
    };
    let at = tail.hops.iter().position(|own| own.kind == "event rule").unwrap_or(tail.hops.len());
    // Behind what is missing nothing is looked at.
    let end = if hop.state == HopState::Missing { tail.hops.len() } else { (at + 1).min(tail.hops.len()) };
    tail.hops.splice(at..end, [hop]);
    tail
}

/// Follows one rule; nothing where it surely has nothing to do with the event.
fn by_rule(
    inspected: &Inspected<'_>,
    place: &Place<'_>,
    own: &EventRuleSettings,
    sample: &Sample,
    others: &[Sample],
) -> Option<Tail> {
    let name = &own.subject.name;
    let rule =
        |state, what: String| Hop { delay: Some(TO_EVENT_RULE), ..Hop::new("event rule", state, what) };
    let fits = |sample: &Sample| match &own.pattern {
        Setting::Is(text) => event_pattern::matches(text, &event_pattern::wrapped(&sample.record)),
        Setting::Unknown => None,
        Setting::NotSet => Some(false),
    };
    let matched = fits(sample);
    if matched == Some(false) || own.enabled == Setting::Is(false) {
        return None;
    }
    let trail = place.trails.iter().map(|own| recorded(inspected, own, sample)).max_by_key(|own| own.state);
    let mut hops = vec![trail.unwrap_or_else(|| no_trail(inspected, place))];
    let elsewhere =
        own.subject.region.as_ref().filter(|own| own.as_str() != GLOBAL_REGION && sample.is_global);
    let other = others.iter().find(|own| fits(own) == Some(true));
    hops.push(match (elsewhere, other, matched, &own.enabled) {
        (Some(region), ..) => {
            rule(HopState::Missing, format!("`{name}` stands in {region}, the event in {GLOBAL_REGION}"))
        }
        (None, Some(other), ..) => {
            rule(HopState::Missing, format!("`{name}` matches other events too, such as {}", other.words()))
        }
        (None, None, None, _) => {
            rule(HopState::NotKnown, format!("whether `{name}` matches the event is not known"))
        }
        (None, None, _, Setting::Unknown) => {
            rule(HopState::NotKnown, format!("whether `{name}` is enabled is not known"))
        }
        _ => rule(HopState::Found, format!("`{name}`")),
    });
    hops.extend(targets(inspected, own));
    Some(Tail { hops, ..Tail::default() })
}

fn targets(inspected: &Inspected<'_>, own: &EventRuleSettings) -> Vec<Hop> {
    let name = &own.subject.name;
    let target = |state, what: String| Hop { delay: Some(TO_TARGET), ..Hop::new("target", state, what) };
    match &own.targets {
        Setting::Unknown => vec![target(HopState::NotKnown, format!("where `{name}` sends is not known"))],
        Setting::NotSet => vec![target(HopState::Missing, format!("`{name}` has no target"))],
        Setting::Is(all) if all.is_empty() => {
            vec![target(HopState::Missing, format!("`{name}` has no target"))]
        }
        Setting::Is(all) => {
            let mut found = receivers(inspected, all);
            if let Some(first) = found.first_mut() {
                first.delay = first.delay.or(Some(TO_TARGET));
            }
            found
        }
    }
}
