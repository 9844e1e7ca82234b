//! Where log files lie, and how they are packed.

use super::event::date;
use super::random::{ALPHANUMERIC, Random};
use flate2::Compression;
use flate2::write::GzEncoder;
use std::io::Write as _;

/// A file of the corpus.
#[derive(Debug, Clone)]
pub(crate) struct CorpusFile {
    /// Path below the corpus's folder, with `/`.
    pub(crate) path: String,
    /// Its content as stored.
    pub(crate) bytes: Vec<u8>,
}

/// What a log file belongs to.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Place<'a> {
    /// Before `AWSLogs`, with its slash, and the organization's folder after it.
    pub(crate) prefix: &'a str,
    pub(crate) organization: Option<&'a str>,
    pub(crate) account: &'a str,
    /// `CloudTrail`, `CloudTrail-Insight`, `CloudTrail-Digest`, …
    pub(crate) folder: &'a str,
    pub(crate) region: &'a str,
    /// The folder's day; 0 is 1 October 2026.
    pub(crate) day: usize,
}

impl Place<'_> {
    /// The path of a file delivered in a slot of five minutes of the day.
    pub(crate) fn path(&self, slot: usize, random: &mut Random) -> String {
        let (month, day) = date(self.day);
        let organization = self.organization.map(|id| format!("{id}/")).unwrap_or_default();
        let Self { prefix, account, folder, region, .. } = self;
        let (hour, minute) = (slot / 12 % 24, slot % 12 * 5);
        let unique = random.letters(ALPHANUMERIC, 16);
        format!(
            "{prefix}AWSLogs/{organization}{account}/{folder}/{region}/2026/{month:02}/{day:02}/\
             {account}_{folder}_{region}_2026{month:02}{day:02}T{hour:02}{minute:02}Z_{unique}.json.gz"
        )
    }
}

/// One gzip member at the level that log files have.
pub(crate) fn gzip(raw: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::new(6));
    encoder.write_all(raw).unwrap();
    encoder.finish().unwrap()
}

/// Several members one after the other, cut at these places: gzip allows it, and readers forget it.
pub(crate) fn gzip_members(raw: &[u8], cuts: &[usize]) -> Vec<u8> {
    let ends = cuts.iter().copied().chain([raw.len()]);
    let mut start = 0;
    ends.flat_map(|end| {
        let member = gzip(&raw[start..end]);
        start = end;
        member
    })
    .collect()
}

/// The content with another length in its trailer.
pub(crate) fn with_size(mut packed: Vec<u8>, size: u32) -> Vec<u8> {
    let at = packed.len() - 4;
    packed[at..].copy_from_slice(&size.to_le_bytes());
    packed
}
