//! Finds charges that were given twice.

use super::claims::Claims;
use super::files::same_bytes;
use super::format::Format;
use super::tally::Totals;
use crate::domain::{AccountId, Diagnostic, Month, list_names};
use std::collections::{BTreeMap, BTreeSet};
use std::hash::{BuildHasher, Hasher};
use std::path::{Path, PathBuf};

/// Of a hundred sampled rows so many may be the same in two files: a row may have a twin that differs in nothing.
const SAME_PERCENT: usize = 5;

/// What is compared of a file that was read.
pub(super) struct Sketch {
    name: String,
    format: Format,
    fingerprints: BTreeSet<u64>,
    claims: Claims,
    /// Rows, and a hash of all sums by their keys: the same charges in another form have both.
    charges: (u64, u64),
    /// Accounts with charges of their own, by month.
    accounts: BTreeMap<Month, BTreeSet<Option<AccountId>>>,
}

impl Sketch {
    pub(super) fn new(name: &str, format: Format, totals: &mut Totals) -> Self {
        let mut accounts: BTreeMap<Month, BTreeSet<Option<AccountId>>> = BTreeMap::new();
        for key in totals.lines.keys().filter(|key| key.is_own) {
            accounts.entry(key.month).or_default().insert(key.account.clone());
        }
        let mut hasher = foldhash::quality::FixedState::default().build_hasher();
        for line in &totals.lines {
            hasher.write(format!("{line:?}").as_bytes());
        }
        Self {
            name: name.to_owned(),
            charges: (totals.rows, hasher.finish()),
            format,
            fingerprints: std::mem::take(&mut totals.fingerprints),
            claims: std::mem::take(&mut totals.claims),
            accounts,
        }
    }

    /// Says what this file has in common with an earlier one.
    pub(super) fn clash(&self, earlier: &Self) -> Option<Diagnostic> {
        let family = |format: Format| (format.is_focus(), format == Format::CostExplorer);
        let twice = |message: String| {
            Diagnostic::error(&self.name, message)
                .label("their charges would be counted twice")
                .hint("name one of them; a report that keeps its versions has a folder for each")
        };
        if family(self.format) != family(earlier.format) {
            // Cost Explorer does not tell accounts: its charges may be anybody's.
            let any = [self.format, earlier.format].contains(&Format::CostExplorer);
            let month = self.accounts.iter().find(|(month, accounts)| {
                earlier
                    .accounts
                    .get(month)
                    .is_some_and(|own| any || own.intersection(accounts).next().is_some())
            });
            return month.map(|(month, _)| {
                twice(format!(
                    "{} ({}) and {} ({}) both bill {month}",
                    earlier.name,
                    earlier.format.name(),
                    self.name,
                    self.format.name()
                ))
            });
        }
        if self.format == Format::CostExplorer {
            let (kind, months) = self.claims.common(&earlier.claims)?;
            let months: Vec<String> = months.into_iter().collect();
            let message = format!(
                "{} and {} both hold {} of {}",
                earlier.name,
                self.name,
                kind.plural(),
                list_names(&months)
            );
            let finding = Diagnostic::error(&self.name, message);
            return Some(
                finding
                    .label(
                        "they would be counted twice: Cost Explorer's download does not tell whose they are",
                    )
                    .hint(
                        "name one of them, or download months that do not overlap, of all accounts at once",
                    ),
            );
        }
        // Rows of CSV and of Parquet are written otherwise; what they come to is the same.
        if self.charges == earlier.charges && !self.accounts.is_empty() {
            return Some(twice(format!("{} and {} hold the same charges", earlier.name, self.name)));
        }
        // Beyond the smaller of the two largest numbers one of the samples is cut.
        let end = match (self.fingerprints.last(), earlier.fingerprints.last()) {
            (Some(own), Some(other)) => *own.min(other),
            _ => return None,
        };
        let (own, other) = (self.fingerprints.range(..=end), earlier.fingerprints.range(..=end));
        let fewest = own.clone().count().min(other.count());
        let same = own.filter(|own| earlier.fingerprints.contains(own)).count();
        (same * 100 > fewest * SAME_PERCENT)
            .then(|| twice(format!("{} and {} hold the same rows", earlier.name, self.name)))
    }
}

/// Finds a file that is given twice: by its path, or by its bytes.
pub(super) fn given_twice(files: &[PathBuf]) -> Option<Diagnostic> {
    let mut sizes: BTreeMap<u64, Vec<(&Path, Option<PathBuf>)>> = BTreeMap::new();
    for path in files {
        let size = path.metadata().map_or(0, |own| own.len());
        let real = path.canonicalize().ok();
        let others = sizes.entry(size).or_default();
        let name = path.display().to_string();
        for (other, other_real) in others.iter() {
            let finding = |message: String| {
                Diagnostic::error(&name, message)
                    .label("its charges would be counted twice")
                    .hint("name each file once")
            };
            if real.is_some() && real == *other_real {
                return Some(finding(format!("{name} is given twice")));
            }
            // A file that cannot be read says so when its turn comes.
            if size > 0 && same_bytes(other, path).unwrap_or(false) {
                return Some(finding(format!("{} and {name} are the same file", other.display())));
            }
        }
        others.push((path, real));
    }
    None
}
