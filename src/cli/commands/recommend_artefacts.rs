//! What of a plan is ready to be applied: one folder for the whole of it, and one for each change.

use crate::cli::error::CliError;
use crate::cli::exit_code;
use crate::cli::output::FileSet;
use crate::domain::Model;
use crate::emit::{Artefacts, artefacts};
use crate::io;
use crate::recommend::Plan;
use crate::report::visible;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// The folder of the whole plan.
const APPLY: &str = "apply";
/// The folder of the folders of single changes.
const ACTIONS: &str = "actions";
/// What a script's name, and those of the files that it reads, end with.
const WRITTEN: [&str; 4] = ["apply.sh", "undo.sh", "main.tf", ".json"];
/// What scripts write when they run: what was there before them.
const SAVED: &str = ".saved.json";

/// What can be applied of a plan.
pub(super) struct PlanArtefacts {
    /// Folders below the directory, with what stands in them.
    folders: Vec<(PathBuf, Artefacts)>,
    /// For each action of the plan its folder, where commands or Terraform can do something of it.
    pub(super) of_actions: Vec<Option<String>>,
}

impl PlanArtefacts {
    pub(super) fn new(model: &Model, plan: &Plan) -> Self {
        let mut single: Vec<Artefacts> =
            plan.actions.iter().map(|own| artefacts(model, &own.action.applied_to(model))).collect();
        tell_of_others(&mut single);
        let mut folders = vec![(PathBuf::from(APPLY), artefacts(model, &plan.model))];
        let mut of_actions = Vec::with_capacity(single.len());
        for (at, (found, own)) in single.into_iter().zip(&plan.actions).enumerate() {
            let folder = format!("{ACTIONS}/{:02}-{}", at + 1, own.action.rule);
            of_actions.push((!found.changes.is_empty()).then(|| folder.clone()));
            folders.push((PathBuf::from(folder), found));
        }
        Self { folders, of_actions }
    }

    /// Adds every file; the directories are made.
    pub(super) fn add(&self, directory: &Path, files: &mut FileSet) -> Result<(), CliError> {
        for (folder, found) in &self.folders {
            for file in found.files() {
                let path = directory.join(folder).join(&file.path);
                if let Some(parent) = path.parent() {
                    io::make_directory(parent)?;
                }
                files.add(&path, file.text.as_bytes())?;
            }
        }
        Ok(())
    }
}

/// Where two changes of a plan touch the same resource, each says so of the other.
fn tell_of_others(single: &mut [Artefacts]) {
    let mut touching: BTreeMap<String, BTreeSet<usize>> = BTreeMap::new();
    for (at, found) in single.iter().enumerate() {
        for change in &found.changes {
            touching.entry(format!("{:?}", change.resource)).or_default().insert(at);
        }
    }
    for (at, found) in single.iter_mut().enumerate() {
        for change in &mut found.changes {
            let key = format!("{:?}", change.resource);
            let others: Vec<String> = touching
                .get(&key)
                .into_iter()
                .flatten()
                .filter(|other| **other != at)
                .map(|other| (other + 1).to_string())
                .collect();
            if !others.is_empty() {
                change.notes.insert(
                    0,
                    format!(
                        "{} of the plan {} this too, and what one writes the other may take back: for more than one, run \
                         the scripts of the whole plan in `{APPLY}`",
                        listed(&others),
                        if others.len() == 1 { "alters" } else { "alter" },
                    ),
                );
            }
        }
    }
}

/// Names changes by their numbers.
fn listed(numbers: &[String]) -> String {
    match numbers {
        [one] => format!("change {one}"),
        [first @ .., last] => format!("changes {} and {last}", first.join(", ")),
        [] => String::new(),
    }
}

/// Returns the files that an earlier run wrote below the two folders.
///
/// # Errors
/// [`CliError`] when a script of an earlier plan has run there: what it saved is needed to undo it.
pub(super) fn of_earlier_runs(directory: &Path) -> Result<Vec<PathBuf>, CliError> {
    let mut found = Vec::new();
    let mut open = vec![directory.join(APPLY), directory.join(ACTIONS)];
    while let Some(folder) = open.pop() {
        for entry in io::entries(&folder)? {
            let name = entry.file_name().map(|own| own.to_string_lossy().into_owned()).unwrap_or_default();
            if entry.is_dir() {
                open.push(entry);
            } else if name.ends_with(SAVED) {
                let message = format!(
                    "{} was saved when a script of an earlier plan ran: it is needed to undo that",
                    visible(&entry.display().to_string())
                );
                return Err(
                    CliError::new(exit_code::NOT_WRITTEN, message).hint("name another directory with --out")
                );
            } else if WRITTEN.iter().any(|own| name.ends_with(own)) {
                found.push(entry);
            }
        }
    }
    found.sort();
    Ok(found)
}
