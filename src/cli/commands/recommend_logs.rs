//! Plans from the events of logs: what happens is counted, and what a plan records is tried on each event.

use super::log_reading;
use crate::attribution::{EventRates, kept_by};
use crate::cli::error::CliError;
use crate::cli::exit_code;
use crate::cli::screen::Screen;
use crate::cli::settings::Settings;
use crate::domain::{
    AccountId, AdvancedEventSelector, Gap, GapKind, LogCounts, LogRow, Model, RegionCode, Trail, list_names,
};
use crate::report::ReplayView;
use crate::sources::logs::{self, LogOptions};
use std::ops::Range;
use std::path::PathBuf;

/// Returns the model that a plan is made for: what the logs show, or the scenario with the volumes that they show.
pub(super) fn model(
    paths: &[PathBuf],
    scenario: Option<Model>,
    settings: &Settings,
    screen: Screen,
) -> Result<Model, CliError> {
    let counts = count(paths, Vec::new(), screen)?;
    let Some(lowered) = logs::lower(&counts, &settings.context()) else {
        let name = paths.first().map_or_else(String::new, |own| own.display().to_string());
        let hint = "name a folder of CloudTrail log files";
        return Err(CliError::input(&name, "there is no event in it that says its day", Some(hint)));
    };
    let mut measured = lowered.model;
    let Some(mut model) = scenario else {
        // A change of selectors must change what is delivered, which a volume given directly would not.
        let places: Vec<String> = measured
            .observations
            .volumes
            .iter()
            .map(|own| format!("{} in {} {}", own.usage_type, own.account, own.region))
            .collect();
        if !places.is_empty() {
            let what = format!(
                "the logs hold other numbers of deliveries than their trails would make of the events; the plan takes those of the \
                 trails: {}",
                list_names(&places)
            );
            let remedy = "name the scenario whose trails these are, or compare with the bill".to_owned();
            measured.gaps.push(Gap { kind: GapKind::Volume, what, remedy });
        }
        measured.observations.volumes.clear();
        return Ok(measured);
    };
    // Trails, buckets and demands are the scenario's, which knows them; volumes given directly stay.
    let volumes = std::mem::take(&mut model.observations.volumes);
    model.observations = measured.observations;
    model.observations.volumes = volumes;
    model.measured = measured.measured;
    model.gaps.extend(measured.gaps.into_iter().filter(|own| own.kind == GapKind::Volume));
    let unnamed: Vec<AccountId> = model
        .observations
        .activities
        .iter()
        .map(|own| own.account.clone())
        .filter(|id| !model.inventory.accounts.iter().any(|own| own.id == *id))
        .collect();
    if let Some(id) = unnamed.first() {
        let message = format!("the logs have events of the account {id}, which the scenario does not name");
        let hint = "add it under [[account]], or read only the logs of the scenario's accounts";
        return Err(CliError::new(exit_code::BAD_INPUT, message).hint(hint));
    }
    Ok(model)
}

fn count(
    paths: &[PathBuf],
    selectors: Vec<AdvancedEventSelector>,
    screen: Screen,
) -> Result<LogCounts, CliError> {
    let threads = std::thread::available_parallelism().map_or(1, std::num::NonZeroUsize::get);
    let places = paths.iter().map(|own| own.as_path().into()).collect();
    let options = LogOptions { selectors: selectors.into(), ..LogOptions::new(places, threads) };
    let counts = log_reading::count(options, screen)?;
    if counts.partial {
        let message = "interrupted: a part of the logs is no ground for a plan";
        return Err(CliError::new(exit_code::INTERRUPTED, message));
    }
    Ok(counts)
}

/// The name of all trails together.
const PLAN: &str = "plan";

/// A trail with the positions of its selectors among all that are tried.
struct Recorder<'a> {
    trail: &'a Trail,
    positions: Range<u16>,
}

impl Recorder<'_> {
    fn records(&self, row: &LogRow) -> bool {
        let Ok(account) = row.account.parse::<AccountId>() else { return false };
        let region = RegionCode::new(&row.region);
        self.trail.logging
            && self.trail.recording_scope().covers(&account, &region)
            && row.selected_by.iter().any(|at| self.positions.contains(at))
    }

    fn is(&self, other: &Self) -> bool {
        let key =
            |own: &Self| (own.trail.name.clone(), own.trail.home_region.clone(), own.trail.scope.clone());
        key(self) == key(other)
    }
}

/// Adds the selectors of trails to those that are tried.
fn recorders<'a>(model: &'a Model, selectors: &mut Vec<AdvancedEventSelector>) -> Vec<Recorder<'a>> {
    let position = |own: usize| u16::try_from(own).unwrap_or(u16::MAX);
    let trails = model.inventory.trails.iter();
    trails
        .map(|trail| {
            let from = position(selectors.len());
            selectors.extend(trail.selectors.iter().cloned());
            Recorder { trail, positions: from..position(selectors.len()) }
        })
        .collect()
}

/// Reads the logs once more, and tells what a plan keeps of what is recorded today: by any trail, and by each trail that it
/// changes.
pub(super) fn replays(
    paths: &[PathBuf],
    before: &Model,
    after: &Model,
    settings: &Settings,
    screen: Screen,
) -> Result<Vec<ReplayView>, CliError> {
    let mut selectors = Vec::new();
    let (old, new) = (recorders(before, &mut selectors), recorders(after, &mut selectors));
    if selectors.len() >= usize::from(u16::MAX) {
        screen.remark("the plan is not tried on the logs: its trails have too many selectors");
        return Ok(Vec::new());
    }
    let counts = count(paths, selectors.clone(), screen)?;
    let rates = EventRates::new(&settings.card, &settings.regions);
    let by = |list: &[Recorder<'_>], row: &LogRow| list.iter().any(|own| own.records(row));
    let view =
        |title: String, name: &str, was: &dyn Fn(&LogRow) -> bool, is: &dyn Fn(&LogRow) -> bool| ReplayView {
            title,
            name: name.to_owned(),
            replayed: kept_by(&counts, was, is, &rates),
            demands: None,
            proposal: None,
            is_one_of_many: name != PLAN,
        };
    let mut views = vec![view(
        "Tried on the logs: what is recorded by any trail".to_owned(),
        PLAN,
        &|row| by(&old, row),
        &|row| by(&new, row),
    )];
    for own in &old {
        let next = new.iter().find(|other| other.is(own));
        let is_same = next.is_some_and(|next| {
            next.trail.selectors == own.trail.selectors && next.trail.logging == own.trail.logging
        });
        if !is_same {
            let name = &own.trail.name;
            let title = format!("Tried on the logs: what the trail {name} records");
            let is = |row: &LogRow| next.is_some_and(|next| next.records(row));
            views.push(view(title, name, &|row| own.records(row), &is));
        }
    }
    Ok(views)
}
