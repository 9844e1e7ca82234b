//! A resource's change while it is being written.

use super::artefacts::ResourceChange;
use super::command::Command;
use super::hcl::{self, Item};
use super::names::{Names, identifier, plain};
use super::resource::{Place, Resource, ResourceKind};
use super::saved::SavedFile;
use crate::domain::RegionCode;
use serde::Serialize;

/// A file to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// The path below the folder of artefacts, with `/` between folders.
    pub path: String,
    /// The text.
    pub text: String,
}

/// When a change is made: what others refer to must be there before, and goes after.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Turn {
    /// What is new, or is versioned from now on: other buckets may be copied to it.
    Foundations,
    /// What trails deliver to.
    Targets,
    /// What records something more from now on.
    Recorders,
    /// What records less from now on.
    Reductions,
    /// Trails and event data stores that end, and buckets that are no longer versioned.
    Ends,
    /// What listens to the logs.
    Listeners,
}

/// A resource's change while it is being written.
#[derive(Debug)]
pub(super) struct Draft {
    pub(super) turn: Turn,
    pub(super) folder: String,
    pub(super) label: String,
    change: ResourceChange,
    steps: Vec<(Vec<Command>, Vec<Command>)>,
    terraform: Vec<Item>,
    more_than_notes: bool,
}

impl Draft {
    /// Begins the change of a resource.
    pub(super) fn new(
        names: &mut Names,
        turn: Turn,
        kind: ResourceKind,
        name: &str,
        place: Place,
        region: Option<&RegionCode>,
    ) -> Self {
        let folder = names.folder(kind, name, &place, region);
        let label = names.label(kind, name);
        let resource = Resource { kind, name: name.to_owned(), place, region: region.cloned() };
        Self {
            turn,
            folder,
            label,
            change: ResourceChange {
                resource,
                what: Vec::new(),
                files: Vec::new(),
                apply: Vec::new(),
                undo: Vec::new(),
                terraform: String::new(),
                notes: Vec::new(),
            },
            steps: Vec::new(),
            terraform: Vec::new(),
            more_than_notes: false,
        }
    }

    /// Returns with whose credentials the commands run.
    pub(super) fn place(&self) -> &Place {
        &self.change.resource.place
    }

    /// Says what changes, in one sentence without a full stop.
    pub(super) fn says(&mut self, what: impl AsRef<str>) {
        self.change.what.push(plain(what.as_ref()));
        self.more_than_notes = true;
    }

    /// Says that a setting changes from one value to another.
    pub(super) fn says_from_to(&mut self, setting: &str, from: &str, to: &str) {
        self.says(format!("{setting}: {from} → {to}"));
    }

    /// Adds something that must be known, in one sentence without a full stop.
    pub(super) fn note(&mut self, note: impl AsRef<str>) {
        let note = plain(note.as_ref());
        if !self.change.notes.contains(&note) {
            self.change.notes.push(note);
        }
    }

    /// Adds a file of JSON and returns its path.
    pub(super) fn file(&mut self, name: &str, content: &impl Serialize) -> String {
        let path = self.path(name);
        // Structures of texts, numbers and lists always have a JSON form.
        let mut text = serde_json::to_string_pretty(content).unwrap_or_default();
        text.push('\n');
        if !self.change.files.iter().any(|own| own.path == path) {
            self.change.files.push(File { path: path.clone(), text });
        }
        path
    }

    /// Returns the path of a file of this resource.
    pub(super) fn path(&self, name: &str) -> String {
        format!("{}/{name}", self.folder)
    }

    /// Returns a file of this resource that what is there is saved to.
    pub(super) fn saved_file(&self, name: &str) -> SavedFile {
        let of_each_account = matches!(self.change.resource.place, Place::EachAccount(_));
        SavedFile { stem: self.path(name), of_each_account }
    }

    /// Adds commands that save what is there before it is changed.
    pub(super) fn save(&mut self, commands: Vec<Command>) {
        self.steps.push((commands, Vec::new()));
    }

    /// Returns the name of a variable that the user fills in for this resource.
    pub(super) fn variable(&self, what: &str) -> String {
        let own = self.folder.split_once('/').map_or(self.folder.as_str(), |(_, own)| own);
        identifier(&format!("{what}_{own}"))
    }

    /// Adds commands that make a change, and those that undo it.
    pub(super) fn step(&mut self, apply: Vec<Command>, undo: Vec<Command>) {
        self.steps.push((apply, undo));
    }

    /// Adds one command that makes a change, and the one that undoes it.
    pub(super) fn step_of(&mut self, apply: Command, undo: Command) {
        self.step(vec![apply], vec![undo]);
    }

    /// Adds to the Terraform fragment.
    pub(super) fn terraform(&mut self, items: Vec<Item>) {
        self.terraform.extend(items);
    }

    /// Ends the change; nothing where nothing changes.
    pub(super) fn finish(mut self) -> Option<(Turn, ResourceChange)> {
        if !self.more_than_notes {
            return None;
        }
        let refused = self.steps.iter().any(|(apply, undo)| apply.iter().chain(undo).any(|own| own.refused));
        if refused {
            self.note("no commands are given: the AWS CLI would read this name, or another one that the commands need, \
                       from a file or an address; make the change in the console or by an SDK");
            self.steps.clear();
        }
        for (apply, undo) in std::mem::take(&mut self.steps) {
            self.change.apply.extend(apply);
            // What was done last is undone first.
            self.change.undo.splice(0..0, undo);
        }
        look_up_once(&mut self.change.apply);
        look_up_once(&mut self.change.undo);
        self.change.terraform = hcl::render(&self.terraform);
        Some((self.turn, self.change))
    }
}

/// Keeps the first of commands that look the same thing up.
fn look_up_once(commands: &mut Vec<Command>) {
    let mut seen = Vec::new();
    commands.retain(|own| {
        let again = own.text.starts_with("store=$(") && seen.contains(&own.text);
        seen.push(own.text.clone());
        !again
    });
}
