//! From a compliance profile to demands on a plan.

use super::keep::{Demand, Keep, Kept};
use crate::domain::ComplianceProfile;

/// Returns what the controls of a profile demand, each with the control's name.
///
/// A control that no plan can break demands nothing.
pub fn profile_demands(profile: &ComplianceProfile) -> Vec<Demand> {
    let name = profile.name();
    let demands = profile.controls.iter().flat_map(|control| {
        let by = format!("{name}, {}", control.id);
        Keep::new(&control.keep, Vec::new(), None).demands.into_iter().map(move |demand| Demand {
            by: by.clone(),
            what: match demand.kept {
                Kept::Events(_) => control.text.clone(),
                _ => demand.what,
            },
            kept: demand.kept,
        })
    });
    demands.collect()
}
