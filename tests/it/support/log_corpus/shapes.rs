//! The two shapes of archive that benchmarks scan: many small files, and few large ones.

use super::event::{call, time, usual_operation};
use super::golden::records;
use super::json::{Json, Space, Style};
use super::places::{CorpusFile, Place, gzip};
use super::random::Random;
use super::world::Account;

/// How an archive is cut into files.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Shape {
    pub(crate) files: usize,
    pub(crate) folders: usize,
    /// Bytes of each file before it is packed, about.
    pub(crate) raw: usize,
}

impl Shape {
    /// Real archives: 20,000 files of 76 KB in 772 folders.
    pub(crate) const SMALL: Self = Self { files: 20_000, folders: 772, raw: 76_000 };
    /// Busy accounts: 300 files of 5 MB.
    pub(crate) const LARGE: Self = Self { files: 300, folders: 60, raw: 5_060_000 };

    /// The shape with this share of the files, in a thousand.
    pub(crate) fn scaled(self, per_mille: usize) -> Self {
        let part = |count: usize| (count * per_mille / 1000).max(1);
        Self { files: part(self.files), folders: part(self.folders), raw: self.raw }
    }
}

const REGIONS: [&str; 4] = ["us-east-1", "eu-west-1", "eu-central-1", "ap-southeast-2"];

/// Makes the files one after the other: the whole may be larger than memory.
pub(crate) fn archive(shape: Shape, seed: u64) -> impl Iterator<Item = CorpusFile> {
    let mut random = Random::new(seed);
    let accounts: Vec<Account> =
        (0..10).map(|at| Account::new(&format!("1111222233{at:02}"), &mut random)).collect();
    // Events that a second trail delivers again.
    let mut earlier: Vec<Json> = Vec::new();
    (0..shape.files).map(move |at| {
        let folder = at * shape.folders / shape.files;
        let (account, region, day) =
            (&accounts[folder % 10], REGIONS[folder / 10 % REGIONS.len()], folder / 40 % 31);
        let slot = random.below(288);
        let mut events = Vec::new();
        let mut size = 0;
        while size < shape.raw {
            let repeated = !earlier.is_empty() && random.per_mille(10);
            let event = if repeated {
                earlier.swap_remove(random.below(earlier.len()))
            } else {
                let second = slot * 300 + random.below(300);
                let operation = usual_operation(&mut random);
                call(operation, account, region, &time(day, second), &mut random)
            };
            if !repeated && earlier.len() < 64 {
                earlier.push(event.clone());
            }
            size += event.compact().len() + 1;
            events.push(event);
        }
        // Every hundredth file in each of three odd styles.
        let style = match at % 100 {
            17 => Style { sorted: true, ..Style::COMPACT },
            51 => Style { space: Space::Lines, ..Style::COMPACT },
            83 => Style { escaped: true, ..Style::COMPACT },
            _ => Style::COMPACT,
        };
        let place =
            Place { prefix: "", organization: None, account: &account.id, folder: "CloudTrail", region, day };
        CorpusFile { path: place.path(slot, &mut random), bytes: gzip(&records(&events, style)) }
    })
}
