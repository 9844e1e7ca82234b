//! Compliance profiles: those that ship with the program, and files of the user's own.
//!
//! In: an id or a path. Out: a [`ComplianceProfile`], or every error of its file with its place. Must not know: plans.

use super::scenario::at::At;
use super::scenario::document_keep::ControlKeepInput;
use super::scenario::document_text;
use super::scenario::notes::Notes;
use crate::domain::{
    Citation, ComplianceControl, ComplianceProfile, Demands, Diagnostic, Diagnostics, nearest,
};
use crate::io;
use schemars::JsonSchema;
use serde::Deserialize;
use std::collections::BTreeSet;
use std::path::Path;

macro_rules! profiles {
    ($($id:literal),+ $(,)?) => {
        /// Ids and texts of the profiles that ship with the program.
        pub const PROFILES: &[(&str, &str)] =
            &[$(($id, include_str!(concat!("../../compliance/", $id, ".toml")))),+];
    };
}

profiles!["aws-fsbp", "cis-aws-3.0.0", "cis-aws-5.0.0", "cis-aws-6.0.0", "hipaa", "pci-dss-4.0.1", "sox",];

/// A compliance profile: what a framework demands of what CloudTrail records and keeps.
#[derive(Debug, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
struct ProfileFile {
    /// The id it is asked for by, such as "pci-dss-4.0.1".
    id: At<String>,
    /// The framework's title.
    title: At<String>,
    /// The framework's version, where it has one.
    version: Option<At<String>>,
    /// Whom it binds.
    binds: At<String>,
    /// Where the framework can be read.
    source: SourceInput,
    /// Its controls.
    #[serde(default)]
    control: Vec<ControlInput>,
}

/// Where a text can be read.
#[derive(Debug, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
struct SourceInput {
    /// The text's title.
    title: At<String>,
    /// Its address, which begins with https:// or http://.
    address: At<String>,
}

/// A control.
#[derive(Debug, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
struct ControlInput {
    /// The number it has in the framework, such as "10.5.1".
    id: At<String>,
    /// What it says, in a sentence.
    text: At<String>,
    /// The address at which it can be read.
    source: At<String>,
    /// What no plan may break, with the keys of `[keep]` in a scenario; absent where no plan can break it.
    keep: Option<At<ControlKeepInput>>,
}

/// Returns the profiles that ship with the program, by id.
///
/// # Errors
/// Every error of the first file that has one.
pub fn profiles() -> Result<Vec<ComplianceProfile>, Diagnostics> {
    PROFILES.iter().map(|(id, text)| parse(&file_name(id), text)).collect()
}

/// Returns a profile by its id, or that of a file where a path is given: what ends in `.toml` or has a `/` is one.
///
/// # Errors
/// [`Diagnostics`] for a word that is no id, a file that cannot be read, and every error of its text.
pub fn profile(id_or_path: &str) -> Result<ComplianceProfile, Diagnostics> {
    if let Some((id, text)) = PROFILES.iter().find(|(id, _)| *id == id_or_path) {
        return parse(&file_name(id), text);
    }
    let alone = |finding| Diagnostics { items: vec![finding], texts: Vec::new() };
    let path = Path::new(id_or_path);
    if !path.extension().is_some_and(|own| own == "toml") && !id_or_path.contains(['/', '\\']) {
        let message = format!("no compliance profile is called `{id_or_path}`");
        let known = unknown(id_or_path).unwrap_or_default();
        let hint = format!("{known}; the path of a file of your own ends in .toml");
        return Err(alone(Diagnostic::error(id_or_path, message).hint(hint)));
    }
    let text = io::read_text(path).map_err(|error| {
        let hint = "copy one of the project's compliance/*.toml to start from";
        alone(Diagnostic::error(id_or_path, error.to_string()).hint(hint))
    })?;
    parse(id_or_path, &text)
}

/// Returns what to write in place of an id that no profile has; nothing for one that there is.
pub(super) fn unknown(id: &str) -> Option<String> {
    let ids = || PROFILES.iter().map(|(id, _)| *id);
    if ids().any(|own| own == id) {
        return None;
    }
    Some(nearest(id, ids()).map_or_else(
        || format!("one of {}", ids().collect::<Vec<_>>().join(", ")),
        |near| format!("did you mean `{near}`?"),
    ))
}

fn file_name(id: &str) -> String {
    format!("compliance/{id}.toml")
}

/// Reads a profile's text.
///
/// # Errors
/// Every error found, with its place.
pub fn parse(name: &str, text: &str) -> Result<ComplianceProfile, Diagnostics> {
    let mut found = Diagnostics { items: Vec::new(), texts: vec![(name.to_owned(), text.to_owned())] };
    let schema = schemars::schema_for!(ProfileFile).to_value();
    let profile = document_text::read::<ProfileFile>(name, text, &schema, &mut found)
        .map(|file| lower(&mut Notes { name, found: &mut found }, &file));
    match profile {
        Some(profile) if !found.has_errors() => Ok(profile),
        _ => {
            found.sort();
            Err(found)
        }
    }
}

fn lower(notes: &mut Notes<'_>, file: &ProfileFile) -> ComplianceProfile {
    let id = &file.id;
    let is_plain = |own: char| own.is_ascii_lowercase() || own.is_ascii_digit() || matches!(own, '-' | '.');
    if id.value.is_empty() || !id.value.chars().all(is_plain) {
        notes.error(&id.span, format!("bad id `{}`", id.value)).label =
            Some("lower-case letters, digits, `-` and `.`".to_owned());
    }
    if file.control.is_empty() {
        notes.error(&id.span, format!("the profile `{}` has no control", id.value)).hint =
            Some("add a [[control]] with id, text, source and keep".to_owned());
    }
    let mut seen = BTreeSet::new();
    let mut controls = Vec::new();
    for control in &file.control {
        let id = words(notes, &control.id, "id");
        if !seen.insert(id.clone()) && !id.is_empty() {
            notes.error(&control.id.span, format!("the control {id} occurs twice")).hint =
                Some("put what it demands under one `keep`".to_owned());
        }
        controls.push(ComplianceControl {
            id,
            text: words(notes, &control.text, "text"),
            source: address(notes, &control.source),
            keep: control.keep.as_ref().map_or_else(Demands::default, |keep| kept(notes, keep)),
        });
    }
    ComplianceProfile {
        id: id.value.clone(),
        title: words(notes, &file.title, "title"),
        version: file.version.as_ref().map(|own| words(notes, own, "version")),
        binds: words(notes, &file.binds, "binds"),
        source: Citation {
            title: words(notes, &file.source.title, "title"),
            address: address(notes, &file.source.address),
        },
        controls,
    }
}

fn kept(notes: &mut Notes<'_>, keep: &At<ControlKeepInput>) -> Demands {
    let before = notes.found.items.len();
    let demands = notes.demands(&keep.value.kept());
    if demands == Demands::default() && notes.found.items.len() == before {
        notes.error(&keep.span, "this `keep` demands nothing".to_owned()).hint =
            Some("leave it out where no plan can break the control".to_owned());
    }
    demands
}

fn words(notes: &mut Notes<'_>, text: &At<String>, key: &str) -> String {
    let own = text.value.trim();
    if own.is_empty() {
        notes.error(&text.span, format!("`{key}` is empty"));
    }
    own.to_owned()
}

fn address(notes: &mut Notes<'_>, text: &At<String>) -> String {
    if !["https://", "http://"].iter().any(|scheme| text.value.starts_with(scheme)) {
        notes.error(&text.span, format!("bad address `{}`", text.value)).label =
            Some("a page's address, such as https://example.org/standard".to_owned());
    }
    text.value.clone()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Access, AdvancedEventSelector, Age};
    use std::collections::BTreeSet;

    const HEAD: &str = "id = \"own\"\ntitle = \"Our rules\"\nbinds = \"us\"\n\
                        source = { title = \"Handbook\", address = \"https://example.org/\" }\n";

    fn control(rest: &str) -> String {
        format!(
            "{HEAD}[[control]]\nid = \"1\"\ntext = \"Kept\"\nsource = \"https://example.org/1\"\n{rest}\n"
        )
    }

    #[test]
    fn what_ships_is_read_and_called_as_its_files_are() {
        let profiles = profiles().unwrap();
        assert_eq!(profiles.len(), PROFILES.len());
        for (profile, (id, _)) in profiles.iter().zip(PROFILES) {
            assert_eq!(profile.id, *id);
            assert_eq!(&super::profile(id).unwrap(), profile);
            let demands = profile.controls.iter().any(|own| own.keep != Demands::default());
            assert!(demands, "{id} demands nothing");
        }
    }

    #[test]
    fn a_control_demands_what_its_keys_say() {
        let text = control(
            "keep = { retention = \"1y\", readable_within = { \"92d\" = \"0h\" }, log_retention = \"30d\", \
             insights = true, cloudwatch_logs = true, events = [{ management = \"write\", exclude = [\"kms\"] }, \
             { data = [{ resource_type = \"AWS::S3::Object\", access = \"read\" }] }] }",
        );
        let profile = parse("own.toml", &text).unwrap();
        assert_eq!(profile.name(), "Our rules");
        let days = Age::from_days;
        let kms = BTreeSet::from([crate::domain::EventSource::Kms]);
        assert_eq!(
            profile.controls[0].keep,
            Demands {
                retention: Some(days(365)),
                readable_within: vec![(days(92), days(0))],
                events: vec![
                    AdvancedEventSelector::management(Access::Write, &kms),
                    AdvancedEventSelector::data(Access::Read, "AWS::S3::Object", &[]),
                ],
                insights: true,
                cloudwatch_logs: true,
                log_retention: Some(days(30)),
                ..Demands::default()
            }
        );
        // Nothing is demanded of management events where nothing is said of them.
        assert_eq!(parse("own.toml", &control("")).unwrap().controls[0].keep, Demands::default());
    }

    /// Writes what is found as `line: message (label) = hint`.
    fn found(diagnostics: &Diagnostics) -> Vec<String> {
        let text = diagnostics.texts.first().map_or("", |(_, text)| text.as_str());
        diagnostics
            .items
            .iter()
            .map(|own| {
                let line = own.span.as_ref().map_or(0, |span| text[..span.start].matches('\n').count() + 1);
                let label = own.label.as_deref().map_or_else(String::new, |own| format!(" ({own})"));
                let hint = own.hint.as_deref().map_or_else(String::new, |own| format!(" = {own}"));
                format!("{line}: {}{label}{hint}", own.message)
            })
            .collect()
    }

    #[test]
    fn all_errors_of_a_file_are_said() {
        for (text, expected) in [
            ("id = ", vec!["1: not TOML: string values must be quoted, expected literal string"]),
            (
                "id = \"Own\"\ntitle = \" \"\nbinds = \"us\"\nsource = { title = \"x\", address = \"x\" }\n",
                vec![
                    "1: bad id `Own` (lower-case letters, digits, `-` and `.`)",
                    "1: the profile `Own` has no control = add a [[control]] with id, text, source and keep",
                    "2: `title` is empty",
                    "4: bad address `x` (a page's address, such as https://example.org/standard)",
                ],
            ),
            (
                &control("keep = { events = [{}], retention = \"long\", bucket = 1 }"),
                vec![
                    "9: unknown key `bucket` in `keep` (known are cloudwatch_logs, events, insights, log_retention, \
                     readable_within, retention)",
                    "9: these events are none = add management = \"all\", or data = [{ resource_type = \
                     \"AWS::S3::Object\" }]",
                    "9: bad length of time `long` (a length of time in hours, days or years, such as 12h, 90d or 7y, \
                     up to 100y)",
                ],
            ),
            (
                &control("keep = { insights = false }"),
                vec!["9: this `keep` demands nothing = leave it out where no plan can break the control"],
            ),
            (
                &control("[[control]]\nid = \"1\"\ntext = \"x\"\nsource = \"http://x\""),
                vec!["10: the control 1 occurs twice = put what it demands under one `keep`"],
            ),
            (
                "id = \"x\"\n",
                vec![
                    "0: missing key `binds` = add `binds`: whom it binds",
                    "0: missing key `source` = add `source`: where the framework can be read",
                    "0: missing key `title` = add `title`: the framework's title",
                ],
            ),
        ] {
            assert_eq!(found(&parse("own.toml", text).unwrap_err()), expected, "{text}");
        }
    }

    #[test]
    fn a_word_that_is_no_id_has_a_nearest_one() {
        for (word, expected) in [
            (
                "pci-dss-4.0",
                "0: no compliance profile is called `pci-dss-4.0` = did you mean `pci-dss-4.0.1`?; the path of a \
                 file of your own ends in .toml",
            ),
            (
                "missing.toml",
                "0: cannot read missing.toml: no such file or directory = copy one of the project's \
                 compliance/*.toml to start from",
            ),
        ] {
            assert_eq!(found(&profile(word).unwrap_err()), [expected]);
        }
        assert!(unknown("nothing-like-it").unwrap().starts_with("one of aws-fsbp, "));
    }

    #[test]
    fn a_file_of_your_own_is_read() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("own.toml");
        std::fs::write(&path, control("keep = { cloudwatch_logs = true }")).unwrap();
        assert!(profile(path.to_str().unwrap()).unwrap().controls[0].keep.cloudwatch_logs);
    }
}
