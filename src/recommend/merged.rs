//! Findings of many accounts, told together where the accounts are set up alike.

use super::action::Action;
use super::receiver::Receiver;
use crate::domain::{Age, Model, Trail, TrailScope};
use std::collections::BTreeMap;

/// Tells actions of one kind in accounts that are set up alike as one. Of an account never more than one: trails that are alike
/// there cover for each other.
pub(super) fn merged(actions: Vec<Action>, model: &Model) -> Vec<Action> {
    let set_up = set_up(model);
    let mut of_kind: BTreeMap<(String, &[String], usize), usize> = BTreeMap::new();
    let mut of_account: BTreeMap<(String, Option<String>), usize> = BTreeMap::new();
    let mut merged: Vec<Action> = Vec::new();
    for action in actions {
        if action.kind.is_empty() {
            merged.push(action);
            continue;
        }
        let account = action.sites.first().map(|own| own.account.clone());
        let kind = format!(
            "{} {}",
            action.kind,
            trail_of(&action, model).map(|own| described(model, own)).unwrap_or_default()
        );
        let nth = of_account.entry((kind.clone(), account)).or_insert(0);
        let alike =
            action.sites.first().and_then(|own| set_up.get(&own.account)).map_or(&[][..], Vec::as_slice);
        let key = (kind, alike, *nth);
        *nth += 1;
        match of_kind.get(&key) {
            None => {
                of_kind.insert(key, merged.len());
                merged.push(action);
            }
            Some(&at) => {
                let own = &mut merged[at];
                own.sites.extend(action.sites);
                own.edits.extend(action.edits);
                own.loss.level = own.loss.level.max(action.loss.level);
                for what in action.loss.what {
                    if !own.loss.what.contains(&what) {
                        own.loss.what.push(what);
                    }
                }
                for name in action.loss.detections {
                    if !own.loss.detections.contains(&name) {
                        own.loss.detections.push(name);
                    }
                }
                for need in action.breaks {
                    if !own.breaks.contains(&need) {
                        own.breaks.push(need);
                    }
                }
            }
        }
    }
    for action in &mut merged {
        if action.sites.len() > 1 {
            action.title.push_str(&format!(" and {} like it", action.sites.len() - 1));
        }
    }
    merged
}

/// Describes the trails of each account without their names: what one can give up there depends on the others.
fn set_up(model: &Model) -> BTreeMap<String, Vec<String>> {
    let mut of_account: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for trail in model.inventory.trails.iter().filter(|own| own.logging) {
        if let TrailScope::Account(id) = &trail.scope {
            of_account.entry(id.to_string()).or_default().push(described(model, trail));
        }
    }
    for account in &model.inventory.accounts {
        if let Some(own) = of_account.get_mut(account.id.as_str()) {
            own.push(account.environment.clone().unwrap_or_default());
        }
    }
    for own in of_account.values_mut() {
        own.sort();
    }
    of_account
}

/// Returns the trail of one account that an action changes.
fn trail_of<'a>(action: &Action, model: &'a Model) -> Option<&'a Trail> {
    let site = action.sites.first().filter(|own| own.kind == "trail")?;
    let is_account =
        |own: &Trail| matches!(&own.scope, TrailScope::Account(id) if id.as_str() == site.account);
    let is_it =
        |own: &&Trail| own.name == site.name && own.home_region.as_str() == site.region && is_account(own);
    model.inventory.trails.iter().find(is_it)
}

fn described(model: &Model, trail: &Trail) -> String {
    let delivery = &trail.delivery;
    let kept = delivery.bucket.as_deref().and_then(|name| model.kept_for(name)).map(Age::days);
    let receives: Vec<(bool, bool, bool)> = Receiver::of(model, trail)
        .map(|to| (matches!(to, Receiver::Bucket(_)), to.is_read(model), !to.filters(model).is_empty()))
        .collect();
    format!(
        "{:?} {:?} {:?} {} {} {:?} {:?} {kept:?} {receives:?}",
        trail.selectors,
        trail.insights,
        trail.aggregation,
        trail.multi_region,
        trail.home_region,
        delivery.kms,
        delivery.log_file_validation,
    )
}
