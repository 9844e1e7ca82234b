//! What lies in the bucket of the days asked for: its size is what a scan bills.

use super::place::AthenaLogs;
use crate::domain::LOG_TABLE_FOLDERS as FOLDERS;
use crate::domain::{Date, LogFiles, LogFilesOfDay, LogSizeBin};
use std::collections::BTreeMap;

/// The files of an account and Region in one of its folders.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredPlace {
    /// The account.
    pub account: String,
    /// The Region.
    pub region: String,
    /// What their keys begin with, with a slash at its end; the days come next.
    pub prefix: String,
}

/// Log files by account, Region and day of delivery.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct StoredLogs {
    days: BTreeMap<(String, String, Date), (u64, u64)>,
    /// Files and bytes by the power of two above a file's size.
    sizes: BTreeMap<u32, (u64, u64)>,
    /// What CloudTrail did not put there, or not under a log file's name: Athena reads it all the same.
    other_bytes: u64,
}

/// The smallest and the largest bar of the histogram of sizes: 2^10 and 2^26 bytes.
const BARS: std::ops::RangeInclusive<u32> = 10..=26;

impl AthenaLogs {
    /// The bucket.
    pub fn bucket(&self) -> &str {
        let rest = self.location().strip_prefix("s3://").unwrap_or_default();
        rest.split('/').next().unwrap_or_default()
    }

    /// Everywhere that files of these accounts and Regions can lie.
    pub fn stored_places(&self) -> Vec<StoredPlace> {
        let begin = format!("s3://{}/", self.bucket());
        let folder = self.folder();
        let folder = folder.strip_prefix(&begin).unwrap_or_default();
        let mut places = Vec::new();
        for account in self.accounts().split(',') {
            for kind in FOLDERS.split(',') {
                for region in self.regions().split(',') {
                    places.push(StoredPlace {
                        account: account.to_owned(),
                        region: region.to_owned(),
                        prefix: format!("{folder}{account}/{kind}/{region}/"),
                    });
                }
            }
        }
        places
    }
}

impl StoredPlace {
    /// Returns the key after which the listing begins: no file of the days comes before it.
    pub fn start_after(&self, logs: &AthenaLogs) -> String {
        let [first, _] = logs.days();
        format!("{}{first}/", self.prefix)
    }

    /// Takes in a file, if it is of the days; tells whether it comes after all of them, so that the listing can end.
    pub fn take(&self, logs: &AthenaLogs, key: &str, bytes: u64, all: &mut StoredLogs) -> bool {
        let Some(rest) = key.strip_prefix(&self.prefix) else { return false };
        let [first, last] = logs.days();
        let Some(day) = rest.get(..11).filter(|own| own.ends_with('/')).map(|own| &own[..10]) else {
            return false;
        };
        let Ok(date) = day.replace('/', "-").parse::<Date>() else { return false };
        if day < first.as_str() || day > last.as_str() {
            return day > last.as_str();
        }
        // Hive passes over names that begin with a dot or an underscore.
        let name = rest.rsplit('/').next().unwrap_or_default();
        if name.is_empty() || name.starts_with(['.', '_']) {
            return false;
        }
        if !name.ends_with(".json.gz") {
            all.other_bytes = all.other_bytes.saturating_add(bytes);
            return false;
        }
        let of_day = all.days.entry((self.account.clone(), self.region.clone(), date)).or_default();
        let bar = BARS.rev().take_while(|bar| bytes < 1_u64 << *bar).last().unwrap_or(BARS.end() + 1);
        let of_size = all.sizes.entry(bar).or_default();
        for own in [of_day, of_size] {
            own.0 += 1;
            own.1 = own.1.saturating_add(bytes);
        }
        false
    }
}

impl StoredLogs {
    /// Returns all bytes that a scan of the days reads.
    pub fn bytes(&self) -> u64 {
        self.days.values().fold(self.other_bytes, |sum, own| sum.saturating_add(own.1))
    }

    /// Returns the log files.
    pub fn log_files(&self) -> u64 {
        self.days.values().map(|own| own.0).sum()
    }

    /// Adds what was found elsewhere.
    pub fn add(&mut self, other: Self) {
        for (key, (files, bytes)) in other.days {
            let own = self.days.entry(key).or_default();
            own.0 += files;
            own.1 = own.1.saturating_add(bytes);
        }
        for (key, (files, bytes)) in other.sizes {
            let own = self.sizes.entry(key).or_default();
            own.0 += files;
            own.1 = own.1.saturating_add(bytes);
        }
        self.other_bytes = self.other_bytes.saturating_add(other.other_bytes);
    }

    /// Returns what is known of the files.
    pub(super) fn files(&self) -> LogFiles {
        LogFiles {
            log_files: self.log_files(),
            stored_bytes: self.days.values().fold(0, |sum, own| sum.saturating_add(own.1)),
            sizes: self
                .sizes
                .iter()
                .map(|(bar, (files, stored_bytes))| LogSizeBin {
                    below: BARS.contains(bar).then(|| 1_u64 << *bar),
                    files: *files,
                    stored_bytes: *stored_bytes,
                })
                .collect(),
            days: self
                .days
                .iter()
                .map(|((account, region, day), (log_files, stored_bytes))| LogFilesOfDay {
                    folder: 0,
                    account: account.clone(),
                    region: region.clone(),
                    day: Some(*day),
                    log_files: *log_files,
                    digest_files: 0,
                    stored_bytes: *stored_bytes,
                })
                .collect(),
            ..LogFiles::default()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{AccountId, RegionCode};

    fn logs() -> AthenaLogs {
        let day = |text: &str| text.parse::<Date>().unwrap();
        AthenaLogs::new(
            "s3://bucket/all",
            Some("o-exampleorgid"),
            (["111122223333".parse::<AccountId>().unwrap()], [RegionCode::new("eu-west-1")]),
            (day("2026-10-31"), day("2026-11-02")),
            ("default", "logs"),
        )
        .unwrap()
    }

    #[test]
    fn files_of_the_days_are_summed_and_the_rest_is_not() {
        let logs = logs();
        let places = logs.stored_places();
        let place = &places[0];
        assert_eq!((logs.bucket(), places.len()), ("bucket", 4));
        assert_eq!(place.prefix, "all/AWSLogs/o-exampleorgid/111122223333/CloudTrail/eu-west-1/");
        assert_eq!(place.start_after(&logs), format!("{}2026/10/31/", place.prefix));
        let mut all = StoredLogs::default();
        for (name, is_past) in [
            ("2026/10/30/a.json.gz", false),
            ("2026/10/31/a.json.gz", false),
            ("2026/10/31/b.json.gz", false),
            ("2026/11/02/c.txt", false),
            ("2026/11/02/_c.json.gz", false),
            ("2026/11/02/", false),
            ("odd", false),
            ("2026/11/03/d.json.gz", true),
        ] {
            assert_eq!(
                place.take(&logs, &format!("{}{name}", place.prefix), 1000, &mut all),
                is_past,
                "{name}"
            );
        }
        assert!(!place.take(&logs, "elsewhere/2026/11/03/d.json.gz", 1000, &mut all));
        assert_eq!((all.log_files(), all.bytes()), (2, 3000));
        place.take(&logs, &format!("{}2026/11/01/e.json.gz", place.prefix), 1 << 30, &mut all);
        place.take(&logs, &format!("{}2026/11/01/f.json.gz", place.prefix), 1024, &mut all);
        let files = all.files();
        let bars: Vec<_> = files.sizes.iter().map(|own| (own.below, own.files)).collect();
        assert_eq!(bars, [(Some(1024), 2), (Some(2048), 1), (None, 1)]);
        assert_eq!((files.log_files, files.stored_bytes), (4, (1 << 30) + 3024));
    }
}
