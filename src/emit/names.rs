//! Names made fit for folders, variables and comments, and kept apart from each other.

use super::resource::{Place, ResourceKind};
use crate::domain::RegionCode;
use std::collections::{BTreeMap, BTreeSet};

/// The longest part of a path, well below the 255 bytes that file systems allow.
const LONGEST_PART: usize = 160;

/// Returns a part of a path that stands for a name: what is not a letter, digit, `.`, `_` or `-` becomes `=XX`, its
/// bytes in hexadecimal.
pub(super) fn path_part(name: &str) -> String {
    let mut part = String::new();
    for (at, byte) in name.bytes().enumerate() {
        let plain = byte.is_ascii_alphanumeric() || byte == b'_' || (at > 0 && matches!(byte, b'.' | b'-'));
        if plain {
            part.push(char::from(byte));
        } else {
            part.push_str(&format!("={byte:02X}"));
        }
    }
    if part.len() > LONGEST_PART {
        part.truncate(LONGEST_PART);
        part.push_str(&format!("={:08X}", crc32fast::hash(name.as_bytes())));
    }
    if part.is_empty() { "=".to_owned() } else { part }
}

/// Returns a name of letters, digits and underscores, as shell variables and Terraform want it.
pub(super) fn identifier(name: &str) -> String {
    let mut text = String::new();
    for own in name.chars() {
        if own.is_ascii_alphanumeric() {
            text.push(own);
        } else if !text.ends_with('_') {
            text.push('_');
        }
    }
    text.truncate(LONGEST_PART);
    if text.starts_with(|own: char| own.is_ascii_digit()) || text.is_empty() {
        format!("_{text}")
    } else {
        text
    }
}

/// Returns a text for a comment or a message: on one line, and with nothing that changes how the rest reads.
pub(super) fn plain(text: &str) -> String {
    let mut shown = String::new();
    for own in text.chars() {
        let hidden = own.is_control()
            || matches!(own, '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}');
        if hidden {
            shown.extend(own.escape_unicode());
        } else {
            shown.push(own);
        }
    }
    shown
}

/// Gives every resource a folder and a Terraform label of its own.
#[derive(Debug, Default)]
pub(super) struct Names {
    taken: BTreeSet<String>,
    counts: BTreeMap<String, u32>,
}

impl Names {
    fn own(&mut self, wanted: &str, separator: char) -> String {
        // Some file systems do not tell upper from lower case.
        let count = self.counts.entry(wanted.to_ascii_lowercase()).or_insert(0);
        loop {
            *count += 1;
            let name = if *count == 1 { wanted.to_owned() } else { format!("{wanted}{separator}{count}") };
            if self.taken.insert(name.to_ascii_lowercase()) {
                return name;
            }
        }
    }

    /// Returns a folder for the files of a resource.
    pub(super) fn folder(
        &mut self,
        kind: ResourceKind,
        name: &str,
        place: &Place,
        region: Option<&RegionCode>,
    ) -> String {
        let part = path_part(name);
        let region = region.map_or_else(|| "every-region".to_owned(), |own| path_part(own.as_str()));
        let folder = kind.folder();
        self.own(&format!("{folder}/{part}@{region}@{}", place.short()), '=')
    }

    /// Returns a Terraform label for a resource; another kind may have the same.
    pub(super) fn label(&mut self, kind: ResourceKind, name: &str) -> String {
        let kind = format!("{}:", kind.name());
        let own = self.own(&format!("{kind}{}", identifier(name)), '_');
        own.get(kind.len()..).unwrap_or_default().to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_of_paths_stay_in_their_folder_and_differ() {
        let table = [
            ("main", "main"),
            ("..", "=2E."),
            ("-rf", "=2Drf"),
            ("a/b", "a=2Fb"),
            ("a=2Fb", "a=3D2Fb"),
            ("é\n", "=C3=A9=0A"),
            ("", "="),
        ];
        for (name, part) in table {
            assert_eq!(path_part(name), part, "{name}");
        }
        let (one, other) = ("x".repeat(400), "x".repeat(401));
        assert!(path_part(&one).len() < 200);
        assert_ne!(path_part(&one), path_part(&other));
    }

    #[test]
    fn comments_stay_on_their_line() {
        assert_eq!(plain("a\nrm -rf /\u{202E}x"), "a\\u{a}rm -rf /\\u{202e}x");
    }

    #[test]
    fn names_that_read_alike_are_kept_apart() {
        let mut names = Names::default();
        let account = Place::Organization;
        assert_eq!(
            names.folder(ResourceKind::Trail, "A", &account, None),
            "trails/A@every-region@organization"
        );
        assert_eq!(
            names.folder(ResourceKind::Trail, "a", &account, None),
            "trails/a@every-region@organization=2"
        );
        assert_eq!(names.label(ResourceKind::Trail, "a-b"), "a_b");
        assert_eq!(names.label(ResourceKind::Trail, "a.b"), "a_b_2");
        assert_eq!(names.label(ResourceKind::Bucket, "a.b"), "a_b");
        assert_eq!(identifier("7\"${x}"), "_7_x_");
    }
}
