//! What the path of a log file says.

use foldhash::quality::FixedState;
use serde::{Deserialize, Serialize};
use std::hash::BuildHasher;
use std::sync::Arc;

/// What a path says of the file.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(super) struct Location {
    /// Where trails deliver to: what stands before the accounts, with the organization's id.
    pub(super) folder: Arc<str>,
    /// The organization's id, for what an organization trail delivers.
    pub(super) organization: Option<Arc<str>>,
    /// The account.
    pub(super) account: Option<[u8; 12]>,
    /// The Region.
    pub(super) region: Option<Arc<str>>,
    /// The day of its folder, or else of its name.
    pub(super) day: Option<u32>,
    /// Whether it lies among digest files.
    pub(super) is_digest: bool,
    /// What a file name in CloudTrail's own form says.
    pub(super) log_name: Option<LogName>,
}

/// A file name in CloudTrail's own form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct LogName {
    /// A hash of the name without `.gz`: no two log files have the same name.
    pub(super) unique: u128,
    account: [u8; 12],
    /// The day as a number, 20230710.
    pub(super) day: u32,
    /// The time of the day, 1235.
    pub(super) minute: u16,
}

/// Reads a path whose components are divided by `/`. `root` is the argument under which it was found.
pub(super) fn locate(path: &str, root: &str) -> Location {
    Locator::new(root).locate(path)
}

/// Reads paths found under one argument; files of one folder come one after another, and the folder is read once.
#[derive(Debug)]
pub(super) struct Locator {
    root: Arc<str>,
    /// The folder read last with its `/`, and what it says.
    folder: String,
    of_folder: Location,
}

impl Locator {
    /// Reads paths under this argument.
    pub(super) fn new(root: &str) -> Self {
        let root: Arc<str> = root.into();
        Self { of_folder: of_folder("", &root), folder: String::new(), root }
    }

    /// Reads a path whose components are divided by `/`.
    pub(super) fn locate(&mut self, path: &str) -> Location {
        let (folder, name) = path.split_at(path.rfind('/').map_or(0, |at| at + 1));
        if folder != self.folder {
            self.of_folder = of_folder(folder, &self.root);
            folder.clone_into(&mut self.folder);
        }
        let mut own = self.of_folder.clone();
        let Some((named, region)) = log_name(name) else { return own };
        own.day = own.day.or(Some(named.day));
        if own.region.is_none() {
            own.account = Some(named.account);
            own.region = Some(region.into());
        }
        own.log_name = Some(named);
        own
    }
}

/// Returns what a folder, `/` at its end, says of the files in it.
fn of_folder(folder: &str, root: &Arc<str>) -> Location {
    let parts: Vec<&str> = folder.strip_suffix('/').map(|own| own.split('/').collect()).unwrap_or_default();
    // A digest file elsewhere is told by its content.
    let is_digest = parts.contains(&"CloudTrail-Digest");
    let mut own = Location { is_digest, ..Location::default() };
    let place_at = |at: usize| {
        let [account, service, region] = [parts[at - 2], parts[at - 1], parts[at]];
        let is_service = service == "CloudTrail" || service.starts_with("CloudTrail-");
        let account = account_of(account)?;
        (is_service && !region.is_empty()).then_some((at - 2, account, region))
    };
    // What stands behind AWSLogs is a trail's own; copies by hand may have lost it.
    let is_behind = |at: usize| match &parts[..at] {
        [.., "AWSLogs"] => true,
        [.., "AWSLogs", own] => own.starts_with("o-"),
        _ => false,
    };
    let last = |is_wanted: &dyn Fn(usize) -> bool| {
        (2..parts.len()).rev().filter(|at| is_wanted(at - 2)).find_map(place_at)
    };
    let Some((at, account, region)) = last(&is_behind).or_else(|| last(&|_| true)) else {
        own.folder = Arc::clone(root);
        return own;
    };
    own.account = Some(account);
    own.region = Some(region.into());
    own.day = day_of(&parts[at + 3..]);
    let before = &parts[..at];
    if let [.., "AWSLogs", last] = before {
        own.organization = Some(*last).filter(|own| own.starts_with("o-")).map(Into::into);
    }
    own.folder = match before.join("/").as_str() {
        "" if folder.starts_with('/') && at > 0 => "/".into(),
        "" => ".".into(),
        before => before.into(),
    };
    own
}

/// Reads the folders of a day: `2023`, `07`, `10`.
fn day_of(parts: &[&str]) -> Option<u32> {
    let &[year, month, day, ..] = parts else { return None };
    let is_number = |own: &str, length| own.len() == length && own.bytes().all(|own| own.is_ascii_digit());
    if !is_number(year, 4) || !is_number(month, 2) || !is_number(day, 2) {
        return None;
    }
    let day = [year, month, day].concat().parse().ok()?;
    super::day::is_date(day).then_some(day)
}

/// Tells whether a folder, `/` at its end, is that of a Region, in which those of the days are.
pub(super) fn is_of_region(folder: &str) -> bool {
    let parts: Vec<&str> = folder.trim_end_matches('/').split('/').collect();
    let [.., account, service, _] = parts.as_slice() else { return false };
    account_of(account).is_some() && (*service == "CloudTrail" || service.starts_with("CloudTrail-"))
}

/// Reads an account id.
pub(super) fn account_of(text: &str) -> Option<[u8; 12]> {
    let digits: [u8; 12] = text.as_bytes().try_into().ok()?;
    digits.iter().all(u8::is_ascii_digit).then_some(digits)
}

/// Reads `111122223333_CloudTrail_us-east-1_20230710T1235Z_kboLbHJlz2H6cLyo.json.gz`; returns what it says, and the Region.
fn log_name(name: &str) -> Option<(LogName, &str)> {
    let unique = name.strip_suffix(".gz").unwrap_or(name);
    let mut parts = unique.strip_suffix(".json")?.split('_');
    let account = account_of(parts.next()?)?;
    if !parts.next()?.starts_with("CloudTrail") {
        return None;
    }
    let region = parts.next().filter(|own| !own.is_empty())?;
    let (day, minute) = stamp(parts.next()?)?;
    let random = parts.next()?;
    let is_random = random.len() >= 8 && random.bytes().all(|own| own.is_ascii_alphanumeric());
    (is_random && parts.next().is_none())
        .then(|| (LogName { unique: hashed(unique), account, day, minute }, region))
}

/// Hashes a name; two that are not the same have one chance in 2^128 to look so.
fn hashed(name: &str) -> u128 {
    let half = |seed| u128::from(FixedState::with_seed(seed).hash_one(name));
    half(0) << 64 | half(1)
}

/// Reads `20230710T1235Z`.
fn stamp(text: &str) -> Option<(u32, u16)> {
    let (day, time) = text.strip_suffix('Z')?.split_once('T')?;
    let digits = |own: &str, length| own.len() == length && own.bytes().all(|own| own.is_ascii_digit());
    if !digits(day, 8) || !digits(time, 4) {
        return None;
    }
    let (day, minute) = (day.parse().ok()?, time.parse().ok()?);
    (super::day::is_date(day) && minute < 2400).then_some((day, minute))
}

/// Tells whether a file in a folder is looked into, by its name.
pub(super) fn is_log_name(name: &str) -> bool {
    const ENDINGS: [&str; 6] = [".gz", ".json", ".jsonl", ".ndjson", ".cloudtrail", ".log"];
    let ends_with = |ending: &&str| {
        let end = name.len().checked_sub(ending.len()).and_then(|at| name.as_bytes().get(at..));
        end.is_some_and(|own| own.eq_ignore_ascii_case(ending.as_bytes()))
    };
    !name.starts_with('.') && ENDINGS.iter().any(ends_with)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_tells_folder_account_and_region() {
        let name = "111122223333_CloudTrail_us-east-1_20230710T1235Z_kboLbHJlz2H6cLyo.json.gz";
        for (path, folder, organization, account, region) in [
            (
                format!("logs/AWSLogs/111122223333/CloudTrail/eu-west-1/2023/07/10/{name}"),
                "logs/AWSLogs",
                None,
                "111122223333",
                "eu-west-1",
            ),
            (
                format!("b/p/AWSLogs/o-abc/444455556666/CloudTrail/eu-west-1/2023/07/10/{name}"),
                "b/p/AWSLogs/o-abc",
                Some("o-abc"),
                "444455556666",
                "eu-west-1",
            ),
            (
                format!("AWSLogs/444455556666/CloudTrail-Insight/eu-west-1/x/{name}"),
                "AWSLogs",
                None,
                "444455556666",
                "eu-west-1",
            ),
            (format!("444455556666/CloudTrail/eu-west-1/x/{name}"), ".", None, "444455556666", "eu-west-1"),
            (format!("/444455556666/CloudTrail/eu-west-1/{name}"), "/", None, "444455556666", "eu-west-1"),
            (
                format!(
                    "x/AWSLogs/444455556666/CloudTrail/eu-west-1/111122223333/CloudTrail-Insight/y/{name}"
                ),
                "x/AWSLogs",
                None,
                "444455556666",
                "eu-west-1",
            ),
            (format!("any/{name}"), "root", None, "111122223333", "us-east-1"),
        ] {
            let own = locate(&path, "root");
            assert_eq!(&*own.folder, folder, "{path}");
            assert_eq!(own.organization.as_deref(), organization, "{path}");
            assert_eq!(own.account.as_ref().map(|own| &own[..]), Some(account.as_bytes()), "{path}");
            assert_eq!(own.region.as_deref(), Some(region), "{path}");
            let named = own.log_name.unwrap();
            assert_eq!((named.day, named.minute), (20_230_710, 1235));
            assert_eq!(Some(named.unique), log_name(&name[..name.len() - 3]).map(|own| own.0.unique));
            let other = name.replace("kbo", "Kbo");
            assert_ne!(Some(named.unique), log_name(&other).map(|own| own.0.unique));
            assert!(!own.is_digest);
            assert_eq!(own.day, Some(20_230_710));
        }
        let own = locate("AWSLogs/111122223333/CloudTrail-Digest/eu-west-1/2023/07/10/x.json.gz", "AWSLogs");
        assert!(own.is_digest && own.log_name.is_none());
        assert_eq!(own.day, Some(20_230_710));
        for (folder, expected) in [
            ("s3://b/AWSLogs/111122223333/CloudTrail/eu-west-1/", true),
            ("111122223333/CloudTrail-Digest/eu-west-1", true),
            ("b/AWSLogs/111122223333/CloudTrail/", false),
            ("b/AWSLogs/111122223333/CloudTrail/eu-west-1/2023/", false),
            ("b/AWSLogs/111122223333/Config/eu-west-1/", false),
        ] {
            assert_eq!(is_of_region(folder), expected, "{folder}");
        }
    }

    #[test]
    fn other_names_say_nothing() {
        for name in [
            "111122223333_CloudTrail_us-east-1_20231310T1235Z_kboLbHJlz2H6cLyo.json",
            "111122223333_CloudTrail_us-east-1_20230710T2535Z_kboLbHJlz2H6cLyo.json",
            "111122223333_CloudTrail_us-east-1_20230710T1235Z_short.json",
            "11112222333_CloudTrail_us-east-1_20230710T1235Z_kboLbHJlz2H6cLyo.json",
            "111122223333_Config_us-east-1_20230710T1235Z_kboLbHJlz2H6cLyo.json",
            "111122223333_CloudTrail_us-east-1_20230710T1235Z_kboLbHJlz2H6cLyo.txt",
            "",
        ] {
            assert_eq!(log_name(name), None, "{name}");
        }
        assert_eq!(locate("a/b.json", "a"), Location { folder: "a".into(), ..Location::default() });
    }

    #[test]
    fn log_names_are_told_by_their_ends() {
        for (name, expected) in [
            ("a.json.gz", true),
            ("A.JSON", true),
            ("x.json.cloudtrail", true),
            (".hidden.json", false),
            ("readme.md", false),
        ] {
            assert_eq!(is_log_name(name), expected, "{name}");
        }
    }
}
