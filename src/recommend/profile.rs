//! From compliance profiles to demands on a plan.

use super::keep::{Demand, Keep, Kept};
use crate::domain::{ComplianceControl, ComplianceProfile};

/// Returns what the controls of profiles demand, by the order of the ids, each with the control's name.
///
/// A control that no plan can break demands nothing, nor does an id that no profile has: the reader of
/// scenarios refuses those.
pub fn demands(ids: &[String], profiles: &[ComplianceProfile]) -> Vec<Demand> {
    controls(ids, profiles).flat_map(|(profile, control)| of_control(profile, control)).collect()
}

/// Returns the controls of profiles that ask for what no plan changes: settings of trails, or what only their text says.
pub fn noted<'a>(
    ids: &'a [String],
    profiles: &'a [ComplianceProfile],
) -> impl Iterator<Item = (&'a ComplianceProfile, &'a ComplianceControl)> {
    controls(ids, profiles).filter(|(_, control)| control.is_noted_only() || !control.settings.is_empty())
}

fn controls<'a>(
    ids: &'a [String],
    profiles: &'a [ComplianceProfile],
) -> impl Iterator<Item = (&'a ComplianceProfile, &'a ComplianceControl)> {
    let found = ids.iter().filter_map(|id| profiles.iter().find(|own| own.id == *id));
    found.flat_map(|own| own.controls.iter().map(move |control| (own, control)))
}

fn of_control(profile: &ComplianceProfile, control: &ComplianceControl) -> Vec<Demand> {
    let by = format!("{}, {}", profile.name(), control.id);
    let demands = Keep::new(&control.keep, Vec::new(), None).demands.into_iter();
    let demands = demands.map(|demand| Demand {
        by: by.clone(),
        what: match demand.kept {
            Kept::Events(_) => control.text.clone(),
            _ => demand.what,
        },
        kept: demand.kept,
    });
    let settings = control.settings.iter().map(|own| Demand {
        by: by.clone(),
        what: own.what().to_owned(),
        kept: Kept::Setting(*own),
    });
    demands.chain(settings).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Age, Citation, Demands, TrailSetting};
    use crate::recommend::Need;

    fn control(id: &str, keep: Demands, settings: Vec<TrailSetting>) -> ComplianceControl {
        ComplianceControl {
            id: id.to_owned(),
            text: format!("What {id} says"),
            source: "https://example.org/".to_owned(),
            keep,
            settings,
        }
    }

    #[test]
    fn a_control_demands_by_its_name_or_is_noted() {
        let keep = Demands { retention: Some(Age::from_days(30)), insights: true, ..Demands::default() };
        let profile = ComplianceProfile {
            id: "own".to_owned(),
            title: "Our rules".to_owned(),
            version: Some("2".to_owned()),
            binds: "us".to_owned(),
            source: Citation { title: "Handbook".to_owned(), address: "https://example.org/".to_owned() },
            controls: vec![
                control("1.1", keep.clone(), vec![TrailSetting::Kms]),
                control("1.2", Demands::default(), Vec::new()),
                control("1.3", keep, Vec::new()),
            ],
        };
        let profiles = [profile];
        let ids = ["other".to_owned(), "own".to_owned()];
        let told: Vec<(String, String, Kept)> =
            demands(&ids, &profiles).into_iter().map(|own| (own.by, own.what, own.kept)).collect();
        let of = |id: &str| {
            let by = format!("Our rules 2, {id}");
            [
                (by.clone(), "logs for 30 days".to_owned(), Kept::Retention(Age::from_days(30))),
                (by, "Insights".to_owned(), Kept::Need(Need::Insights)),
            ]
        };
        let kms = TrailSetting::Kms;
        let encrypted = ("Our rules 2, 1.1".to_owned(), kms.what().to_owned(), Kept::Setting(kms));
        let expected = [of("1.1").to_vec(), vec![encrypted], of("1.3").to_vec()].concat();
        assert_eq!(told, expected);
        let noted: Vec<&str> = noted(&ids, &profiles).map(|(_, own)| own.id.as_str()).collect();
        assert_eq!(noted, ["1.1", "1.2"]);
    }
}
