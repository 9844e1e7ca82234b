//! Scenarios against policies.

use super::budget::{Verdict, VerdictLevel};
use crate::domain::{Field, Model, Policy, TrailSetting};
use crate::recommend::{Action, Plan, Saving};

/// Checks a scenario: what rules would change in it, the settings of its trails, and what they select.
///
/// Of a rule counts what the plan does by it, what a demand forbids it to do, and what it says without a price.
pub fn against_policy(policy: &Policy, model: &Model, plan: &Plan) -> Vec<Verdict> {
    let mut verdicts = Vec::new();
    for (ids, level) in [(&policy.deny, VerdictLevel::Exceeded), (&policy.warn, VerdictLevel::Warning)] {
        for id in ids {
            let before = verdicts.len();
            verdicts.extend(found(plan, id).map(|own| Verdict { level, ..own }));
            if verdicts.len() == before {
                verdicts.push(verdict(VerdictLevel::Within, id, "nothing was found", ""));
            }
        }
    }
    let trails = &model.inventory.trails;
    for setting in &policy.require {
        let level = match setting.is_met(trails) {
            Some(true) => VerdictLevel::Within,
            Some(false) => VerdictLevel::Exceeded,
            None => VerdictLevel::Unknown,
        };
        verdicts.push(verdict(level, requirement(*setting), setting.what(), "the policy requires it"));
    }
    if policy.no_data_events_on_all_resources {
        const RULE: &str = "no-data-events-on-all-resources";
        let before = verdicts.len();
        for trail in trails.iter().filter(|own| own.logging) {
            for selector in trail.selectors.iter().filter(|own| own.selects_every_resource()) {
                let types = selector
                    .fields
                    .iter()
                    .filter(|own| own.field == Field::ResourcesType)
                    .flat_map(|own| own.equals.iter().cloned())
                    .collect::<Vec<_>>();
                let what = format!(
                    "the trail `{}` records data events of every {}",
                    trail.name,
                    if types.is_empty() { "resource".to_owned() } else { types.join(", ") }
                );
                verdicts.push(verdict(
                    VerdictLevel::Exceeded,
                    RULE,
                    &what,
                    "each event on each resource is charged",
                ));
            }
        }
        if verdicts.len() == before {
            verdicts.push(verdict(VerdictLevel::Within, RULE, "nothing was found", ""));
        }
    }
    verdicts
}

/// Returns what a rule finds.
fn found<'a>(plan: &'a Plan, id: &'a str) -> impl Iterator<Item = Verdict> + 'a {
    let months = u32::try_from(plan.before.monthly.len()).unwrap_or(u32::MAX);
    let of = move |action: &Action, saving: &Saving| Verdict {
        saves: saving.total.divided_by(months).filter(|own| !own.is_zero() && !own.is_negative()),
        ..verdict(VerdictLevel::Within, action.rule, &action.title, &action.why)
    };
    let planned = plan.actions.iter().map(|own| (&own.action, &own.step));
    let forbidden = plan.on_the_table.iter().map(|own| (&own.action, &own.price));
    let advice = plan.advice.iter().filter(move |own| own.rule == id);
    let actions = planned.chain(forbidden).filter(move |own| own.0.rule == id);
    actions
        .map(move |own| of(own.0, own.1))
        .chain(advice.map(|own| verdict(VerdictLevel::Within, own.rule, &own.what, &own.why)))
}

fn requirement(own: TrailSetting) -> &'static str {
    match own {
        TrailSetting::MultiRegion => "require-multi-region",
        TrailSetting::LogFileValidation => "require-log-file-validation",
        TrailSetting::Kms => "require-kms",
        TrailSetting::CloudWatchLogs => "require-cloudwatch-logs",
    }
}

fn verdict(level: VerdictLevel, rule: &str, what: &str, why: &str) -> Verdict {
    Verdict {
        level,
        rule: rule.to_owned(),
        what: what.to_owned(),
        when: String::new(),
        actual: None,
        limit: None,
        why: why.to_owned(),
        saves: None,
    }
}
