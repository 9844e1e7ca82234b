//! What trails record: every Region, every account.

use super::{HUB_CLOUDTRAIL, SECURITY};
use crate::domain::{GapKind, TrailScope, TrailSetting};
use crate::posture::change::Change;
use crate::posture::inspected::{Inspected, Origin};
use crate::posture::practice::{Collected, Finding, List, Outcome, Practice, PracticeDoc, Severity, State};
use crate::recommend::RecommendError;

pub(super) const MULTI_REGION: Practice = Practice {
    doc: PracticeDoc {
        id: "multi-region-trail",
        title: "Let a trail record every Region",
        severity: Severity::High,
        list: List { best: "Multi-Region trail", worst: "Single-Region trail" },
        looks_at: "Whether a trail that logs records every Region. It fails where each trail records one Region only, or none logs.",
        why: "What happens in a Region that no trail records is kept nowhere beyond 90 days, and raises no alarm.",
        fix: "Make the trail a multi-Region trail.",
        command: "aws cloudtrail update-trail --name NAME --is-multi-region-trail",
        terraform: "aws_cloudtrail: is_multi_region_trail = true",
        price: "The first trail of the copy order records every Region: what other trails record there too is then a paid copy.",
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
    let said: Vec<_> = inspected.trails().map(|own| (own, own.multi_region.is_on())).collect();
    if let Some((own, _)) = said.iter().find(|(_, on)| *on == Some(true)) {
        return Ok(Outcome::told(State::Passed, format!("`{}` records every Region", own.subject.name)));
    }
    let mut found = Collected::default();
    for (own, on) in &said {
        let evidence = if on.is_none() {
            "whether it records every Region is not known".to_owned()
        } else {
            let region = inspected.trail(own).map(|own| own.home_region.to_string());
            format!("it records {} only", region.unwrap_or_else(|| "one Region".to_owned()))
        };
        // One of which nobody knows may be the one.
        let is_open = said.iter().any(|(_, on)| on.is_none());
        found.take(if is_open { None } else { Some(false) }, trail(own, evidence));
    }
    let first = inspected.trails().filter_map(|own| inspected.trail(own)).min_by_key(|own| own.copy_order());
    if let Some(own) = first {
        found.mend(Change::MultiRegion(crate::recommend::TrailKey::of(own)));
    }
    Ok(found.outcome(""))
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
        price: "The first trail of the copy order becomes a multi-Region organization trail; other trails of single accounts \
                that record management events only are deleted.",
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
    let first = inspected.trails().filter_map(|own| inspected.trail(own)).min_by_key(|own| own.copy_order());
    if let Some(own) = first {
        found.mend(Change::Organization(crate::recommend::TrailKey::of(own)));
    }
    Ok(found.outcome(""))
}
