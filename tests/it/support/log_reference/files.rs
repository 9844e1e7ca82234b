//! A folder to its log files: which are read, what their names tell, what they hold.

use super::event::{Event, FromPath, is_account};
use super::text::{Damage, Text};
use flate2::bufread::GzDecoder;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Read as _;
use std::path::Path;

/// Endings of names that are read, in lower case.
const ENDINGS: [&str; 10] = [
    ".json",
    ".json.gz",
    ".gz",
    ".jsonl",
    ".ndjson",
    ".jsonl.gz",
    ".json.cloudtrail",
    ".cloudtrail",
    ".log",
    ".log.gz",
];

/// A log file that was read.
#[derive(Debug)]
pub(super) struct Log {
    pub(super) name: Option<CloudTrailName>,
    pub(super) from_path: FromPath,
    pub(super) gzip: bool,
    pub(super) stored: u64,
    pub(super) raw: u64,
    pub(super) events: Vec<Event>,
    /// Whether the event history answered with them.
    looked_up: bool,
}

/// What a log file's name tells.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct CloudTrailName {
    /// Without `.gz`.
    pub(super) whole: String,
    pub(super) account: String,
    pub(super) region: String,
    /// `YYYYMMDDTHHMM`
    pub(super) timestamp: String,
}

impl CloudTrailName {
    fn new(file: &str) -> Option<Self> {
        let whole = file.strip_suffix(".gz").unwrap_or(file);
        let parts: Vec<&str> = whole.strip_suffix(".json")?.split('_').collect();
        let [account, kind, region, time, unique] = parts[..] else { return None };
        let timestamp = time.strip_suffix('Z')?;
        let digits = timestamp
            .bytes()
            .enumerate()
            .all(|(at, own)| if at == 8 { own == b'T' } else { own.is_ascii_digit() });
        let good = is_account(account)
            && kind.starts_with("CloudTrail")
            && !region.is_empty()
            && timestamp.len() == 13
            && digits
            && unique.len() >= 8
            && unique.bytes().all(|own| own.is_ascii_alphanumeric());
        good.then(|| Self {
            whole: whole.to_owned(),
            account: account.to_owned(),
            region: region.to_owned(),
            timestamp: timestamp.to_owned(),
        })
    }

    /// The day of delivery.
    pub(super) fn day(&self) -> String {
        format!("{}-{}-{}", &self.timestamp[..4], &self.timestamp[4..6], &self.timestamp[6..8])
    }
}

/// Everything below a folder.
#[derive(Debug, Default)]
pub(super) struct Archive {
    pub(super) logs: Vec<Log>,
    /// Digest files: what their path and name tell.
    pub(super) digests: Vec<(FromPath, Option<CloudTrailName>)>,
    pub(super) empty: u64,
    pub(super) repeated: u64,
    /// Events of repeated files that were read before it was known.
    pub(super) repeated_events: u64,
    /// Files and records by reason.
    pub(super) unreadable: BTreeMap<&'static str, (u64, u64)>,
    /// Files by reason.
    pub(super) skipped: BTreeMap<&'static str, u64>,
}

/// Reads all below a folder.
pub(super) fn read(folder: &Path) -> Archive {
    let mut archive = Archive::default();
    let mut paths = Vec::new();
    walk(folder, "", &mut paths);
    let (mut first, mut others) = (Vec::new(), Vec::new());
    for below in paths {
        let file = below.rsplit('/').next().unwrap();
        let lower = file.to_ascii_lowercase();
        if file.starts_with('.') || !ENDINGS.iter().any(|ending| lower.ends_with(ending)) {
            *archive.skipped.entry("not_a_log_name").or_default() += 1;
            continue;
        }
        let name = CloudTrailName::new(file);
        if name.is_some() { &mut first } else { &mut others }.push((below, name));
    }
    let mut contents = BTreeSet::new();
    for (below, name) in archive.one_of_each_name(folder, first).into_iter().chain(others) {
        let stored = fs::read(folder.join(&below)).unwrap();
        archive.file(folder, &below, name, &stored, &mut contents);
    }
    archive.leave_out_answers();
    archive
}

fn repeat(archive: &mut Archive) {
    archive.repeated += 1;
    *archive.skipped.entry("repeated").or_default() += 1;
}

/// Paths below the folder, with `/`; names in the order of their bytes, what is in a folder at the folder's place.
fn walk(folder: &Path, below: &str, found: &mut Vec<String>) {
    let mut names: Vec<String> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    for name in names {
        let path = folder.join(&name);
        let below = if below.is_empty() { name } else { format!("{below}/{name}") };
        if path.is_dir() { walk(&path, &below, found) } else { found.push(below) }
    }
}

impl Archive {
    /// The whole file of each name, if there is one; else the first that has something, else the first.
    fn one_of_each_name(
        &mut self,
        folder: &Path,
        all: Vec<(String, Option<CloudTrailName>)>,
    ) -> Vec<(String, Option<CloudTrailName>)> {
        let mut by_name: BTreeMap<String, Vec<(String, Option<CloudTrailName>)>> = BTreeMap::new();
        let mut order = Vec::new();
        for (below, name) in all {
            let whole = name.as_ref().unwrap().whole.clone();
            if !by_name.contains_key(&whole) {
                order.push(whole.clone());
            }
            by_name.entry(whole).or_default().push((below, name));
        }
        let mut chosen = Vec::new();
        for name in order {
            let mut own = by_name.remove(&name).unwrap();
            let worth: Vec<u8> =
                own.iter().map(|(below, _)| worth(below, &fs::read(folder.join(below)).unwrap())).collect();
            let best = *worth.iter().max().unwrap();
            let at = worth.iter().position(|own| *own == best).unwrap();
            if at > 0 {
                *self.skipped.entry("replaced").or_default() += 1;
            }
            (1 + usize::from(at > 0)..own.len()).for_each(|_| repeat(self));
            chosen.push(own.swap_remove(at));
        }
        chosen
    }

    /// Leaves out answers of the event history that a log tells too, or another answer; the others are of no trail.
    fn leave_out_answers(&mut self) {
        let id = |event: &Event| event.id.as_ref().map(|own| own.to_lowercase());
        let told = self.logs.iter().filter(|log| !log.looked_up).flat_map(|log| log.events.iter());
        let mut known: BTreeSet<String> = told.filter_map(id).collect();
        let mut repeated = 0;
        for log in self.logs.iter_mut().filter(|log| log.looked_up) {
            log.from_path.trail_folder.push_str(" (event history)");
            let before = log.events.len();
            log.events.retain(|event| id(event).is_none_or(|own| known.insert(own)));
            repeated += before - log.events.len();
            for event in &mut log.events {
                event.trail_folder.clone_from(&log.from_path.trail_folder);
            }
        }
        self.repeated_events += u64::try_from(repeated).unwrap();
    }

    fn file(
        &mut self,
        folder: &Path,
        below: &str,
        name: Option<CloudTrailName>,
        stored: &[u8],
        contents: &mut BTreeSet<Vec<u8>>,
    ) {
        let gzip = stored.starts_with(&[0x1f, 0x8b]);
        let (raw, damage) = if gzip { inflate(stored) } else { (stored.to_vec(), None) };
        let size = u64::try_from(stored.len()).unwrap();
        let path = from_path(folder, below, name.as_ref());
        let text = Text::read(&raw);
        if text.digest || below.split('/').any(|part| part == "CloudTrail-Digest") {
            self.digests.push((path, name));
            return;
        }
        let blank = raw.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&raw).iter().all(u8::is_ascii_whitespace);
        if blank && damage.is_none() {
            self.empty += 1;
            if name.is_some() {
                self.unreadable.entry("empty_log").or_default().0 += 1;
            }
            return;
        }
        let damage = damage.or(text.damage.map(|own| match own {
            Damage::Truncated => "truncated_json",
            Damage::NotJson => "not_json",
        }));
        // Two deliveries may hold the same; a file that no delivery named so may not.
        let is_unpacked =
            gzip && !matches!(damage, Some("truncated_gzip" | "corrupt_gzip" | "trailing_garbage"));
        let content = if is_unpacked { raw.clone() } else { stored.to_vec() };
        if !contents.insert(content) && name.is_none() {
            repeat(self);
            self.repeated_events += u64::try_from(text.records.len()).unwrap();
            return;
        }
        if let Some(reason) = damage {
            self.unreadable.entry(reason).or_default().0 += 1;
        }
        if text.no_events > 0 {
            let (files, records) = self.unreadable.entry("not_an_event").or_default();
            *files += 1;
            *records += text.no_events;
        }
        let looked_up = text.records.iter().any(|own| own.looked_up);
        assert!(!looked_up || text.records.iter().all(|own| own.looked_up), "{below} is mixed");
        let events = text.records.iter().map(|record| Event::new(record, &path)).collect();
        let raw = u64::try_from(raw.len()).unwrap();
        self.logs.push(Log { name, from_path: path, gzip, stored: size, raw, events, looked_up });
    }
}

/// 2 for a whole file, 1 for a damaged one, 0 for an empty one.
fn worth(below: &str, stored: &[u8]) -> u8 {
    if below.split('/').any(|part| part == "CloudTrail-Digest") {
        return 2;
    }
    let gzip = stored.starts_with(&[0x1f, 0x8b]);
    let (raw, damage) = if gzip { inflate(stored) } else { (stored.to_vec(), None) };
    match damage {
        None if raw.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&raw).trim_ascii().is_empty() => 0,
        None if Text::read(&raw).damage.is_none() => 2,
        _ => 1,
    }
}

/// All members' content, as far as it can be had, and why there is no more.
fn inflate(stored: &[u8]) -> (Vec<u8>, Option<&'static str>) {
    let (mut raw, mut rest) = (Vec::new(), stored);
    loop {
        let mut decoder = GzDecoder::new(rest);
        let mut part = [0; 4096];
        loop {
            match decoder.read(&mut part) {
                Ok(0) => break,
                Ok(length) => raw.extend_from_slice(&part[..length]),
                Err(error) if error.kind() == std::io::ErrorKind::UnexpectedEof => {
                    return (raw, Some("truncated_gzip"));
                }
                Err(_) => return (raw, Some("corrupt_gzip")),
            }
        }
        rest = decoder.into_inner();
        if rest.iter().all(|own| *own == 0) {
            return (raw, None);
        }
        if !rest.starts_with(&[0x1f, 0x8b]) {
            return (raw, Some("trailing_garbage"));
        }
    }
}

/// What the path of a file tells, with the folder as it was given.
fn from_path(folder: &Path, below: &str, name: Option<&CloudTrailName>) -> FromPath {
    let shown = format!("{}/{below}", folder.to_str().unwrap());
    let parts: Vec<&str> = shown.split('/').collect();
    let trails = |at: usize| -> Option<(&str, &str)> {
        let trail = parts.get(at + 1)?;
        let named = *trail == "CloudTrail" || trail.starts_with("CloudTrail-");
        // The Region's folder is one: it is not the file itself.
        (is_account(parts.get(at)?) && named && at + 3 < parts.len()).then(|| (parts[at], parts[at + 2]))
    };
    for at in (0..parts.len()).rev().filter(|at| parts[*at] == "AWSLogs") {
        let organization = parts.get(at + 1).filter(|own| own.starts_with("o-"));
        let start = at + 1 + usize::from(organization.is_some());
        if let Some((account, region)) = trails(start) {
            return FromPath {
                account: Some(account.to_owned()),
                region: Some(region.to_owned()),
                organization: organization.map(|own| (*own).to_owned()),
                trail_folder: parts[..start].join("/"),
            };
        }
    }
    for at in (0..parts.len()).rev() {
        if let Some((account, region)) = trails(at) {
            return FromPath {
                account: Some(account.to_owned()),
                region: Some(region.to_owned()),
                organization: None,
                trail_folder: if at == 0 { ".".to_owned() } else { parts[..at].join("/") },
            };
        }
    }
    FromPath {
        account: name.map(|own| own.account.clone()),
        region: name.map(|own| own.region.clone()),
        organization: None,
        trail_folder: folder.to_str().unwrap().to_owned(),
    }
}
