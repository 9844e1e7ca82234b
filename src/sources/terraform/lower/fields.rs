//! Attributes and blocks of a resource, read by name and type.

use super::findings::Findings;
use crate::domain::Setting;
use crate::sources::terraform::resource::Resource;
use crate::sources::terraform::value::{Attr, Why};
use std::collections::BTreeMap;

/// The deepest nesting of blocks that is read: an inline rule of encryption by default.
const DEEPEST: usize = 3;

/// The attributes of a resource, or of a block in it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Fields<'a> {
    pub(super) resource: &'a Resource,
    attributes: &'a BTreeMap<String, Attr>,
    /// The names of the blocks around it, from the outermost; those that are not there are empty.
    blocks: [&'a str; DEEPEST],
}

impl<'a> Fields<'a> {
    pub(super) fn of(resource: &'a Resource) -> Self {
        Self { resource, attributes: &resource.attributes, blocks: [""; DEEPEST] }
    }

    /// Returns an attribute; `Null` where it is not set.
    pub(super) fn get(self, key: &str) -> &'a Attr {
        self.attributes.get(key).unwrap_or(&Attr::Null)
    }

    /// Returns why an attribute is not known.
    pub(super) fn why(self, key: &str) -> Option<Why> {
        match self.get(key) {
            Attr::Unknown(why) => Some(*why),
            _ => None,
        }
    }

    /// Returns an attribute's path: its name after those of the blocks around it.
    fn name(self, key: &str) -> String {
        let around = self.blocks.iter().filter(|own| !own.is_empty());
        around.copied().chain([key]).collect::<Vec<_>>().join(".")
    }

    /// Returns the names of the blocks around a block inside this one.
    fn inside(self, key: &'a str) -> [&'a str; DEEPEST] {
        let mut blocks = self.blocks;
        if let Some(free) = blocks.iter_mut().find(|own| own.is_empty()) {
            *free = key;
        }
        blocks
    }

    /// Takes what was read of an attribute or block that costs money. One that is not known becomes a gap, and `taken` says
    /// what is used in its place.
    pub(super) fn known<T>(
        self,
        key: &str,
        read: Setting<T>,
        taken: &str,
        findings: &mut Findings,
    ) -> Option<T> {
        match read {
            Setting::Is(value) => Some(value),
            Setting::NotSet => None,
            Setting::Unknown => {
                // What is of a wrong type was named where it was read.
                if let Some(why) = self.get(key).unknown_part() {
                    findings.unknown(self.resource, &self.name(key), why, taken);
                }
                None
            }
        }
    }

    /// Reads a text that costs money: see [`Fields::known`].
    pub(super) fn known_text(self, key: &str, taken: &str, findings: &mut Findings) -> Option<String> {
        let read = self.text(key, findings);
        self.known(key, read, taken, findings)
    }

    /// Reads a number that costs money: see [`Fields::known`].
    pub(super) fn known_number(self, key: &str, taken: &str, findings: &mut Findings) -> Option<u32> {
        let read = self.number(key, findings);
        self.known(key, read, taken, findings)
    }

    /// Returns a block that costs money: see [`Fields::known`].
    pub(super) fn known_block(
        self,
        key: &'a str,
        taken: &str,
        findings: &mut Findings,
    ) -> Option<Fields<'a>> {
        let read = self.block(key, findings);
        self.known(key, read, taken, findings)
    }

    /// Returns the blocks of a name that cost money; where there may be more of them than are known, that is a gap.
    pub(super) fn known_blocks(self, key: &'a str, taken: &str, findings: &mut Findings) -> Vec<Fields<'a>> {
        let (all, unknown) = self.blocks(key, findings);
        if let Some(why) = unknown {
            findings.unknown(self.resource, &self.name(key), why, taken);
        }
        all
    }

    /// Reads a text; an empty one is not set.
    pub(super) fn text(self, key: &str, findings: &mut Findings) -> Setting<String> {
        match self.get(key) {
            Attr::Null => Setting::NotSet,
            Attr::Unknown(_) => Setting::Unknown,
            own => match own.as_text() {
                Some(text) if text.is_empty() => Setting::NotSet,
                Some(text) => Setting::Is(text),
                None => {
                    findings.wrong(self.resource, &self.name(key), "text");
                    Setting::Unknown
                }
            },
        }
    }

    /// Reads a switch.
    pub(super) fn switch(self, key: &str, findings: &mut Findings) -> Setting<bool> {
        match self.get(key) {
            Attr::Null => Setting::NotSet,
            Attr::Unknown(_) => Setting::Unknown,
            own => {
                let switch = own.as_bool();
                if switch.is_none() {
                    findings.wrong(self.resource, &self.name(key), "switch (true or false)");
                }
                Setting::known(switch)
            }
        }
    }

    /// Reads a switch, with what the service does where it is not set; of one that is not known that is taken too.
    pub(super) fn switch_or(self, key: &str, by_default: bool, findings: &mut Findings) -> bool {
        let read = self.switch(key, findings);
        self.known(key, read, &format!("taken as {by_default}"), findings).unwrap_or(by_default)
    }

    /// Reads a whole number that is not negative.
    pub(super) fn number(self, key: &str, findings: &mut Findings) -> Setting<u32> {
        let text = match self.text(key, findings) {
            Setting::Is(text) => text,
            Setting::NotSet => return Setting::NotSet,
            Setting::Unknown => return Setting::Unknown,
        };
        let number = text.parse().ok();
        if number.is_none() {
            findings.wrong(self.resource, &self.name(key), "whole number");
        }
        Setting::known(number)
    }

    /// Reads a list of texts; those that are not known are left out, and the second says why the first of them is not.
    pub(super) fn texts(self, key: &str, findings: &mut Findings) -> (Vec<String>, Option<Why>) {
        match self.get(key) {
            Attr::Null => (Vec::new(), None),
            Attr::Unknown(why) => (Vec::new(), Some(*why)),
            Attr::List(own) => {
                if own.iter().any(|own| matches!(own, Attr::List(_) | Attr::Map(_))) {
                    findings.wrong(self.resource, &self.name(key), "list of texts");
                }
                let known = own.iter().filter_map(Attr::as_text).collect();
                (known, own.iter().find_map(Attr::unknown_part))
            }
            _ => {
                findings.wrong(self.resource, &self.name(key), "list of texts");
                (Vec::new(), None)
            }
        }
    }

    /// Returns the blocks of a name. Where they are not known there are none, and the second says why.
    pub(super) fn blocks(self, key: &'a str, findings: &mut Findings) -> (Vec<Fields<'a>>, Option<Why>) {
        let blocks = self.inside(key);
        let of = |attributes| Self { resource: self.resource, attributes, blocks };
        match self.get(key) {
            Attr::Null => (Vec::new(), None),
            Attr::Unknown(why) => (Vec::new(), Some(*why)),
            Attr::Map(own) => (vec![of(own)], None),
            Attr::List(own) => {
                let mut unknown = None;
                let mut all = Vec::new();
                for own in own {
                    match own {
                        Attr::Map(own) => all.push(of(own)),
                        Attr::Unknown(why) => unknown = Some(*why),
                        Attr::Null => {}
                        _ => findings.wrong(self.resource, &self.name(key), "block"),
                    }
                }
                (all, unknown)
            }
            _ => {
                findings.wrong(self.resource, &self.name(key), "block");
                (Vec::new(), None)
            }
        }
    }

    /// Returns the first block of a name.
    pub(super) fn block(self, key: &'a str, findings: &mut Findings) -> Setting<Fields<'a>> {
        let (all, unknown) = self.blocks(key, findings);
        match (all.into_iter().next(), unknown) {
            (Some(own), _) => Setting::Is(own),
            (None, Some(_)) => Setting::Unknown,
            (None, None) => Setting::NotSet,
        }
    }
}
