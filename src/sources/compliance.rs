//! Compliance profiles: those that ship with the program, and files of the user's own.
//!
//! In: nothing, or a directory. Out: [`ComplianceProfile`]s, or every error of their files with its place. Must not know:
//! plans.

use super::scenario::at::At;
use super::scenario::document_keep::ControlKeepInput;
use super::scenario::document_text;
use super::scenario::notes::Notes;
use crate::domain::{
    Citation, ComplianceControl, ComplianceProfile, Demands, Diagnostic, Diagnostics, TrailSetting, nearest,
};
use crate::io;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

macro_rules! profiles {
    ($($id:literal),+ $(,)?) => {
        /// Ids and texts of the profiles that ship with the program.
        pub const PROFILES: &[(&str, &str)] =
            &[$(($id, include_str!(concat!("../../compliance/", $id, ".toml")))),+];
    };
}

profiles!["aws-fsbp", "cis-aws-3.0.0", "cis-aws-5.0.0", "cis-aws-6.0.0", "hipaa", "pci-dss", "sox",];

/// A compliance profile: what a framework demands of what CloudTrail records and keeps.
#[derive(Debug, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
struct ProfileFile {
    /// The id it is asked for by, such as "pci-dss".
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
    /// Settings that it asks of trails, which no plan changes.
    #[serde(default)]
    settings: Vec<SettingInput>,
}

/// A setting of trails.
#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum SettingInput {
    MultiRegion,
    LogFileValidation,
    Kms,
    CloudwatchLogs,
}

/// Returns the profiles that ship with the program, by id.
///
/// # Errors
/// Every error of the first file that has one.
pub fn built_in() -> Result<Vec<ComplianceProfile>, Diagnostics> {
    let schema = schema();
    PROFILES.iter().map(|(id, text)| parse_as(&schema, &format!("compliance/{id}.toml"), text)).collect()
}

/// Returns the profiles of a directory's `.toml` files and those that ship with the program, by id. A profile of the
/// directory replaces the one of its id.
///
/// # Errors
/// [`Diagnostics`] for a directory that cannot be read or has no such file, and every error of its files.
pub fn load_dir(directory: &Path) -> Result<Vec<ComplianceProfile>, Diagnostics> {
    let name = directory.display().to_string();
    let hint = "copy the project's compliance/*.toml there to start from";
    let alone = |message| Diagnostics {
        items: vec![Diagnostic::error(&name, message).hint(hint)],
        texts: Vec::new(),
    };
    let paths = io::toml_files(directory).map_err(|error| alone(error.to_string()))?;
    if paths.is_empty() {
        return Err(alone(format!("no .toml file in {name}")));
    }
    let mut found = Diagnostics::default();
    let mut profiles: BTreeMap<String, ComplianceProfile> = BTreeMap::new();
    let mut read_from: BTreeMap<String, String> = BTreeMap::new();
    for path in paths {
        let file = path.display().to_string();
        let read = match io::read_text(&path) {
            Ok(text) => parse(&file, &text),
            Err(error) => Err(alone_of(&file, error.to_string())),
        };
        match read {
            Ok(profile) => {
                if let Some(other) = read_from.insert(profile.id.clone(), file.clone()) {
                    let message = format!("the id `{}` is that of {other}", profile.id);
                    found.push(Diagnostic::error(&file, message).hint("give each file an id of its own"));
                }
                profiles.insert(profile.id.clone(), profile);
            }
            Err(own) => {
                found.items.extend(own.items);
                found.texts.extend(own.texts);
            }
        }
    }
    if found.has_errors() {
        return Err(found);
    }
    for profile in built_in()? {
        profiles.entry(profile.id.clone()).or_insert(profile);
    }
    Ok(profiles.into_values().collect())
}

fn alone_of(file: &str, message: String) -> Diagnostics {
    Diagnostics {
        items: vec![Diagnostic::error(file, message).hint("save a profile there, or take the file away")],
        texts: Vec::new(),
    }
}

/// Returns what to write in place of an id that no profile has; nothing for one that there is.
pub fn unknown(id: &str, profiles: &[ComplianceProfile]) -> Option<String> {
    let ids = || profiles.iter().map(|own| own.id.as_str());
    if ids().any(|own| own == id) {
        return None;
    }
    let known = format!("known are {}", ids().collect::<Vec<_>>().join(", "));
    Some(match nearest(id, ids()) {
        Some(near) => format!("did you mean `{near}`? ({known})"),
        None => known,
    })
}

/// Reads a profile's text.
///
/// # Errors
/// Every error found, with its place.
pub fn parse(name: &str, text: &str) -> Result<ComplianceProfile, Diagnostics> {
    parse_as(&schema(), name, text)
}

/// Returns the shape of a profile's file.
fn schema() -> Value {
    schemars::schema_for!(ProfileFile).to_value()
}

fn parse_as(schema: &Value, name: &str, text: &str) -> Result<ComplianceProfile, Diagnostics> {
    let mut found = Diagnostics { items: Vec::new(), texts: vec![(name.to_owned(), text.to_owned())] };
    let profile = document_text::read::<ProfileFile>(name, text, schema, &mut found)
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
            settings: control.settings.iter().copied().map(setting).collect(),
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

fn setting(input: SettingInput) -> TrailSetting {
    match input {
        SettingInput::MultiRegion => TrailSetting::MultiRegion,
        SettingInput::LogFileValidation => TrailSetting::LogFileValidation,
        SettingInput::Kms => TrailSetting::Kms,
        SettingInput::CloudwatchLogs => TrailSetting::CloudWatchLogs,
    }
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
        let profiles = built_in().unwrap();
        let ids: Vec<&str> = profiles.iter().map(|own| own.id.as_str()).collect();
        assert_eq!(ids, PROFILES.iter().map(|(id, _)| *id).collect::<Vec<_>>());
        for profile in &profiles {
            let demands = profile.controls.iter().any(|own| !own.is_noted_only());
            assert!(demands, "{} demands nothing", profile.id);
            for control in &profile.controls {
                let says = !control.is_noted_only() || !control.settings.is_empty();
                assert!(says, "{} {}: neither kept nor set", profile.id, control.id);
            }
        }
        // A file on disk that is not built in would never be used.
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("compliance");
        assert_eq!(io::toml_files(&folder).unwrap().len(), profiles.len());
    }

    #[test]
    fn what_ships_keeps_logs_as_long_as_the_frameworks_say() {
        let days = Age::from_days;
        for (id, retention, readable) in [
            ("aws-fsbp", None, vec![]),
            ("cis-aws-3.0.0", None, vec![]),
            ("cis-aws-5.0.0", None, vec![]),
            ("cis-aws-6.0.0", None, vec![]),
            ("hipaa", Some(days(6 * 365)), vec![]),
            ("pci-dss", Some(days(365)), vec![(days(90), days(0))]),
            ("sox", Some(days(7 * 365)), vec![]),
        ] {
            let profiles = built_in().unwrap();
            let profile = profiles.iter().find(|own| own.id == id).unwrap();
            let kept = || profile.controls.iter().map(|own| &own.keep);
            assert_eq!(kept().filter_map(|own| own.retention).max(), retention, "{id}");
            let said: Vec<_> = kept().flat_map(|own| own.readable_within.clone()).collect();
            assert_eq!(said, readable, "{id}");
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
                    "9: these events are none = add management = \"all\", or data = [{ resource_type = \
                     \"AWS::S3::Object\" }]",
                    "9: bad length of time `long` (expected a length of time in hours, days or years, such as 12h, 90d or 7y, \
                     up to 100y)",
                    "9: unknown key `bucket` in `keep` (known are cloudwatch_logs, events, insights, log_retention, \
                     readable_within, retention)",
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
                    "0: missing key `title` = add `title`: the framework's title",
                    "0: missing key `binds` = add `binds`: whom it binds",
                    "0: missing key `source` = add `source`: where the framework can be read",
                ],
            ),
        ] {
            assert_eq!(found(&parse("own.toml", text).unwrap_err()), expected, "{text}");
        }
    }

    #[test]
    fn a_word_that_is_no_id_has_a_nearest_one() {
        let profiles = built_in().unwrap();
        let known = "known are aws-fsbp, cis-aws-3.0.0, cis-aws-5.0.0, cis-aws-6.0.0, hipaa, pci-dss, sox";
        assert_eq!(unknown("pci-dss", &profiles), None);
        assert_eq!(unknown("pci", &profiles), Some(known.to_owned()));
        assert_eq!(unknown("hippa", &profiles), Some(format!("did you mean `hipaa`? ({known})")));
    }

    #[test]
    fn a_directory_replaces_and_adds() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        std::fs::write(at("own.toml"), control("keep = { cloudwatch_logs = true }")).unwrap();
        let sox = control("keep = { retention = \"9y\" }").replace("id = \"own\"", "id = \"sox\"");
        std::fs::write(at("sox.toml"), sox).unwrap();
        std::fs::write(at("notes.txt"), "not a profile").unwrap();
        let profiles = load_dir(folder.path()).unwrap();
        assert_eq!(profiles.len(), PROFILES.len() + 1);
        let of = |id: &str| profiles.iter().find(|own| own.id == id).unwrap();
        assert!(of("own").controls[0].keep.cloudwatch_logs);
        assert_eq!(of("sox").controls[0].keep.retention, Some(Age::from_days(9 * 365)));
        assert_eq!(of("hipaa").id, "hipaa");
    }

    #[test]
    fn a_directory_says_all_its_errors() {
        let folder = tempfile::tempdir().unwrap();
        let said = |found: &Diagnostics| -> Vec<String> {
            let place = folder.path().display().to_string();
            found
                .items
                .iter()
                .map(|own| format!("{}: {}", own.path, own.message).replace(&place, "DIR"))
                .collect()
        };
        let missing = load_dir(&folder.path().join("no")).unwrap_err();
        assert_eq!(said(&missing), ["DIR/no: cannot read DIR/no: no such file or directory"]);
        assert_eq!(said(&load_dir(folder.path()).unwrap_err()), ["DIR: no .toml file in DIR"]);
        for (name, text) in [
            ("a.toml", control("keep = { insights = true }")),
            ("b.toml", control("settings = [\"kms\"]")),
            ("c.toml", control("settings = [\"km\"]")),
            ("d.toml", String::new()),
        ] {
            std::fs::write(folder.path().join(name), text).unwrap();
        }
        assert_eq!(
            said(&load_dir(folder.path()).unwrap_err()),
            [
                "DIR/b.toml: the id `own` is that of DIR/a.toml",
                "DIR/c.toml: `settings` cannot be `km`",
                "DIR/d.toml: cannot read DIR/d.toml: it is empty",
            ]
        );
    }
}
