//! What trails record: every Region, every account.

use super::{HUB_CLOUDTRAIL, SECURITY};
use crate::domain::{
    Access, AccountId, AdvancedEventSelector, GapKind, TrailScope, TrailSetting, TrailSettings,
};
use crate::posture::change::Change;
use crate::posture::inspected::{Inspected, Origin, is_logging};
use crate::posture::places::{management_words, records_management, serves};
use crate::posture::practice::{Collected, Finding, List, Outcome, Practice, PracticeDoc, Severity, State};
use crate::recommend::{RecommendError, TrailKey};
use crate::usage::Match;
use std::collections::BTreeSet;

pub(super) const MULTI_REGION: Practice = Practice {
    doc: PracticeDoc {
        id: "multi-region-trail",
        title: "Let a trail record every Region",
        severity: Severity::High,
        list: List { best: "Multi-Region trail", worst: "Single-Region trail" },
        looks_at: "Whether, for each account that is described, a trail that logs records every Region and all management events: those \
                   that read and those that write. It fails where each trail of an account records one Region, reads, writes or data \
                   events only, or none logs. Events of KMS and of RDS' data API may be left out.",
        why: "What happens in a Region that no trail records is kept nowhere beyond 90 days, and raises no alarm.",
        fix: "Make the trail a multi-Region trail that records all management events; where an account has none, give it one, or make \
              one the organization's.",
        command: "aws cloudtrail update-trail --name NAME --is-multi-region-trail",
        terraform: "aws_cloudtrail: is_multi_region_trail = true",
        price: "The trail that records most management events, else the first of the copy order, records all of them in every Region: \
                what other trails record there too is then a paid copy. An account without a trail gets one that delivers to the \
                same bucket.",
        find_out: "aws cloudtrail describe-trails",
        setting: Some(TrailSetting::MultiRegion),
        controls: &[],
        sources: &[SECURITY, HUB_CLOUDTRAIL],
    },
    look: multi_region,
};

fn multi_region(inspected: &Inspected<'_>) -> Result<Outcome, RecommendError> {
    if let Some(own) = no_trails(inspected) {
        return Ok(own);
    }
    let mut found = Collected::default();
    let mut recording: Vec<&str> = Vec::new();
    let described = inspected.trails_by_account();
    let mut groups: Vec<(Vec<&TrailSettings>, Vec<&AccountId>)> = Vec::new();
    if described.is_empty() {
        groups.push((inspected.trails().collect(), Vec::new()));
    }
    for (account, trails) in described {
        match groups.iter_mut().find(|(own, _)| *own == trails) {
            Some((_, accounts)) => accounts.push(account),
            None => groups.push((trails, vec![account])),
        }
    }
    for (trails, accounts) in groups.into_iter().filter(|(trails, _)| !trails.is_empty()) {
        let said: Vec<_> = trails.into_iter().map(|own| (own, records_everywhere(inspected, own))).collect();
        if let Some((own, _)) = said.iter().find(|(_, follows)| *follows == Some(true)) {
            recording.push(&own.subject.name);
            found.take(Some(true), trail(own, ""));
            continue;
        }
        // One of which nobody knows may be the one.
        let is_open = said.iter().any(|(_, follows)| follows.is_none());
        for (own, _) in &said {
            found.take(if is_open { None } else { Some(false) }, trail(own, lacks(inspected, own)));
        }
        if !is_open {
            mend_everywhere(inspected, &said, &accounts, &mut found);
        }
    }
    take_unrecorded(inspected, &mut found);
    recording.sort_unstable();
    recording.dedup();
    Ok(found.outcome(&match recording.as_slice() {
        [only] => format!("`{only}` records every Region"),
        _ => "a trail of each account records every Region".to_owned(),
    }))
}

/// Tells whether a trail records every management event of every Region, if that is known.
fn records_everywhere(inspected: &Inspected<'_>, own: &TrailSettings) -> Option<bool> {
    let known = inspected.trail(own).filter(|_| !inspected.was_refused("event selectors"));
    let management = known.map(records_management);
    let known = [
        own.multi_region.is_on(),
        match management {
            Some(Match::Yes) => Some(true),
            Some(Match::No | Match::Undecided) => Some(false),
            None => None,
        },
        is_logging(own),
    ];
    if known.contains(&Some(false)) {
        return Some(false);
    }
    (!known.contains(&None)).then_some(true)
}

/// Says why a trail is not the one that records everything.
fn lacks(inspected: &Inspected<'_>, own: &TrailSettings) -> String {
    let known = inspected.trail(own).filter(|_| !inspected.was_refused("event selectors"));
    let mut parts = Vec::new();
    match own.multi_region.is_on() {
        None => parts.push("whether it records every Region is not known".to_owned()),
        Some(false) => {
            let region = known.map(|own| own.home_region.to_string());
            parts.push(format!("it records {} only", region.unwrap_or_else(|| "one Region".to_owned())));
        }
        Some(true) => {}
    }
    match known {
        Some(own) if records_management(own) != Match::Yes => parts.push(management_words(own).to_owned()),
        Some(_) => {}
        None => parts.push("which events it records is not known".to_owned()),
    }
    if is_logging(own).is_none() {
        parts.push("whether it is logging is not known".to_owned());
    }
    parts.join(", and ")
}

/// Lets the trail that serves best record every management event of every Region.
fn mend_everywhere(
    inspected: &Inspected<'_>,
    said: &[(&TrailSettings, Option<bool>)],
    accounts: &[&AccountId],
    found: &mut Collected,
) {
    let known = said.iter().filter_map(|(own, _)| inspected.trail(own));
    let Some(own) = known.min_by(|one, two| serves(one).cmp(&serves(two))) else {
        let places: Vec<String> = accounts.iter().map(ToString::to_string).collect();
        found.unpriced(&format!("where the trails stand is not known: {}", places.join(", ")));
        return;
    };
    let key = TrailKey::of(own);
    if !own.multi_region {
        found.mend(Change::MultiRegion(key.clone()));
    }
    if records_management(own) != Match::Yes {
        let every = AdvancedEventSelector::management(Access::Mixed, &BTreeSet::new());
        found.mend(Change::Record(key, vec![every]));
    }
}

/// Takes the accounts of which no trail records anything: what holds of the trails of others says nothing of them.
pub(super) fn take_unrecorded(inspected: &Inspected<'_>, found: &mut Collected) {
    for account in inspected.unrecorded() {
        let is_seen = inspected.sees_trails_of(account);
        let evidence = if is_seen {
            "no trail that logs records it"
        } else {
            "no trail described here records it; whether it has one of its own is not known"
        };
        let subject = format!("the account {account}");
        let finding = Finding { subject, place: None, evidence: evidence.to_owned() };
        found.take(if is_seen { Some(false) } else { None }, finding);
        if let Some(like) = inspected.template().filter(|_| is_seen) {
            found.mend(Change::NewTrail(account.clone(), TrailKey::of(like)));
        }
    }
}

/// Says what it means that there is no trail that logs; nothing where there is one.
pub(super) fn no_trails(inspected: &Inspected<'_>) -> Option<Outcome> {
    if inspected.trails().next().is_some() {
        return None;
    }
    let is_seen = inspected.origin == Origin::Aws
        && !inspected.was_refused("trails")
        && !inspected
            .model
            .gaps
            .iter()
            .any(|own| own.kind == GapKind::NotSeen && own.what.contains("trails"));
    Some(match (is_seen, inspected.settings.trails.is_empty()) {
        // A trail that is described and stopped is one that does not log.
        (true, _) | (_, false) => Outcome::told(State::Failed, "no trail logs"),
        (false, true) if inspected.origin.is_terraform() => {
            Outcome::told(State::NotApplicable, "no trail is described here")
        }
        (false, true) => Outcome::told(State::NotKnown, "no trail is described"),
    })
}

/// Names a trail in a finding.
pub(super) fn trail(own: &crate::domain::TrailSettings, evidence: impl Into<String>) -> Finding {
    Finding {
        subject: format!("the trail `{}`", own.subject.name),
        place: own.subject.place.clone().or_else(|| own.subject.address.clone()),
        evidence: evidence.into(),
    }
}

pub(super) const ORGANIZATION: Practice = Practice {
    doc: PracticeDoc {
        id: "organization-trail",
        title: "Record every account by one organization trail",
        severity: Severity::Medium,
        list: List { best: "Organization trail", worst: "" },
        looks_at: "Whether a trail that logs is the organization's, where there are two accounts or more. With one account it \
                   does not apply.",
        why: "An organization trail records each new account by itself, and members cannot stop it.",
        fix: "Make one trail the organization's, from its management account or a delegated administrator, and delete those \
              of single accounts that it repeats.",
        command: "aws cloudtrail update-trail --name NAME --is-organization-trail",
        terraform: "aws_cloudtrail: is_organization_trail = true",
        price: "The trail that records most management events, else the first of the copy order, becomes a multi-Region organization \
                trail; other trails of single accounts are deleted that record nothing but management events which it records too.",
        find_out: "aws cloudtrail describe-trails, in the management account",
        setting: None,
        controls: &[],
        sources: &[
            SECURITY,
            crate::recommend::Source {
                title: "AWS CloudTrail User Guide, Creating a trail for an organization",
                address: "https://docs.aws.amazon.com/awscloudtrail/latest/userguide/creating-trail-organization.html",
            },
        ],
    },
    look: organization,
};

fn organization(inspected: &Inspected<'_>) -> Result<Outcome, RecommendError> {
    if let Some(own) = no_trails(inspected) {
        return Ok(own);
    }
    let said: Vec<_> = inspected.trails().map(|own| (own, own.organization.is_on())).collect();
    if let Some((own, _)) = said.iter().find(|(_, on)| *on == Some(true)) {
        let evidence = format!("`{}` records the organization", own.subject.name);
        return Ok(Outcome::told(State::Passed, evidence));
    }
    let accounts = inspected.model.inventory.accounts.len();
    let each = inspected.model.inventory.trails.iter().any(|own| own.scope == TrailScope::EachAccount);
    if accounts < 2 && !each {
        return Ok(Outcome::told(
            State::NotApplicable,
            "one account is described: whether it belongs to an organization is not known",
        ));
    }
    let is_open = said.iter().any(|(_, on)| on.is_none());
    let mut found = Collected::default();
    for (own, on) in &said {
        let evidence = match on {
            None => "whether it is the organization's is not known",
            Some(_) => "it is no organization trail",
        };
        found.take(if is_open { None } else { Some(false) }, trail(own, evidence));
    }
    if let Some(own) = inspected.template() {
        found.mend(Change::Organization(TrailKey::of(own)));
    }
    Ok(found.outcome(""))
}
