//! One file's text: read and inflated into memory that is used again, or piece by piece where it is too large or damaged.

use super::objects::ObjectFault;
use super::raw::{Inflater, MemberError};
use super::scan::{Feed, FeedEnd, Found, PADDING, Sink, Text};
use super::side_by_side::Opener;
use flate2::bufread::GzDecoder;
use serde::{Deserialize, Serialize};
use std::hash::{BuildHasher, Hasher};
use std::io::{self, BufRead, BufReader, Read};

/// Larger texts are read piece by piece. CloudTrail's own log files stay below: their texts are 50 MB at most.
const LARGEST_TEXT: usize = 64 << 20;
/// Larger records in such texts are passed over. CloudTrail's own are 256 KB at most, or 1 MB where that is allowed.
const LARGEST_RECORD: usize = 16 << 20;
/// Deflate makes no more than so many bytes out of one.
const MOST_GROWTH: usize = 1_032;
/// Memory that is kept from file to file for a text, at least and at most.
const KEPT: [usize; 2] = [1 << 20, 8 << 20];

/// What is wrong with a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(super) enum Fault {
    UnreadableFile,
    Vanished,
    TruncatedGzip,
    CorruptGzip,
    TrailingGarbage,
    TruncatedJson,
    NotJson,
    NotAnEvent,
    RecordTooLarge,
    UnreadableFolder,
    EmptyLog,
    /// Of an object outside this machine.
    Object(ObjectFault),
}

impl Fault {
    pub(super) const ALL: [Self; 15] = [
        Self::UnreadableFile,
        Self::Vanished,
        Self::TruncatedGzip,
        Self::CorruptGzip,
        Self::TrailingGarbage,
        Self::TruncatedJson,
        Self::NotJson,
        Self::NotAnEvent,
        Self::RecordTooLarge,
        Self::UnreadableFolder,
        Self::EmptyLog,
        Self::Object(ObjectFault::Denied),
        Self::Object(ObjectFault::KeyDenied),
        Self::Object(ObjectFault::Changed),
        Self::Object(ObjectFault::NotFetched),
    ];

    /// Returns what an error of the source means.
    pub(super) fn of(error: &io::Error) -> Self {
        match error.get_ref().and_then(|own| own.downcast_ref::<ObjectFault>()) {
            Some(ObjectFault::Gone) => Self::Vanished,
            Some(own) => Self::Object(*own),
            None if error.kind() == io::ErrorKind::NotFound => Self::Vanished,
            None => Self::UnreadableFile,
        }
    }

    /// Tells whether nothing of the file was read, for a reason outside of it.
    pub(super) fn is_unread(self) -> bool {
        matches!(self, Self::UnreadableFile | Self::Vanished | Self::Object(_))
    }

    /// Returns the reason's id and its words.
    pub(super) fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::UnreadableFile => ("unreadable_file", "the file cannot be read"),
            Self::Vanished => ("vanished", "the file was gone before it was opened"),
            Self::TruncatedGzip => {
                ("truncated_gzip", "the gzip ends early; records before the end are counted")
            }
            Self::CorruptGzip => {
                ("corrupt_gzip", "the gzip is damaged; records before the damage are counted")
            }
            Self::TrailingGarbage => ("trailing_garbage", "something that is no gzip follows the gzip"),
            Self::TruncatedJson => {
                ("truncated_json", "the text ends within a value; records before it are counted")
            }
            Self::NotJson => {
                ("not_json", "the text is no JSON from some place on; records before it are counted")
            }
            Self::NotAnEvent => ("not_an_event", "values that are no events of CloudTrail"),
            Self::RecordTooLarge => ("record_too_large", "records too large to be read"),
            Self::UnreadableFolder => ("unreadable_folder", "the folder cannot be read"),
            Self::EmptyLog => (
                "empty_log",
                "nothing is in it, and CloudTrail delivers no empty log: what was in it is lost",
            ),
            Self::Object(own) => own.words(),
        }
    }
}

/// What a file turned out to be, besides the records in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Outcome {
    pub(super) stored_bytes: u64,
    pub(super) raw_bytes: u64,
    pub(super) is_gzip: bool,
    pub(super) is_empty: bool,
    /// The events in it, which were counted then.
    pub(super) repeated_events: u64,
    pub(super) fault: Option<Fault>,
    /// Records too large to be read.
    pub(super) too_large: u64,
    /// Events that could be had of a file that was put off.
    pub(super) at_hand: u64,
    /// What became of its events.
    pub(super) events: Events,
}

/// What became of a file's events.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Events {
    /// They were counted.
    #[default]
    Counted,
    /// The text was read before, and they were counted then.
    Repeated,
    /// The file is damaged or empty, and nothing of it was counted: there may be a whole one.
    PutOff,
}

/// Counts the events of a text, and nothing else of them.
#[derive(Debug, Default)]
struct Looked {
    events: u64,
}

impl Sink for Looked {
    fn event(&mut self, _: Text<'_>, _: &[u8], _: &Found) {
        self.events += 1;
    }

    fn not_an_event(&mut self) {}

    fn digest(&mut self) {}
}

/// Why a file cannot be inflated at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum NotInflated {
    Damaged,
    TooLarge,
    /// Something follows the gzip.
    Followed,
}

impl NotInflated {
    /// Tells what is wrong with the file, where so much is known from reading it: out of a damaged gzip comes anything.
    fn fault(self, read: Option<Fault>) -> Option<Fault> {
        read.map(|own| if self == Self::Damaged && own == Fault::NotJson { Fault::CorruptGzip } else { own })
    }
}

/// What tells whether two texts are the same: length, checksum, and a hash of both ends.
pub(super) type Fingerprint = (u64, u32, u64);

/// Reads files, one after another.
#[derive(Debug)]
pub(super) struct Reader {
    stored: Vec<u8>,
    text: Vec<u8>,
    /// How long the last text was.
    last_length: usize,
    inflater: Option<Inflater>,
    feed: Feed,
    pub(super) opener: Opener,
}

impl Default for Reader {
    fn default() -> Self {
        Self {
            stored: Vec::new(),
            text: Vec::new(),
            last_length: 0,
            inflater: Inflater::new(),
            feed: Feed::default(),
            opener: Opener::default(),
        }
    }
}

impl Reader {
    /// Reads a file of so many bytes into `sink`. `is_new` is asked with the text's fingerprint once it is known, and may
    /// say that the text was read before. Nothing is counted of a damaged or empty file that may wait for a whole one.
    pub(super) fn read<R: Read>(
        &mut self,
        source: io::Result<(R, u64)>,
        sink: &mut impl Sink,
        may_wait: bool,
        is_new: &mut dyn FnMut(Fingerprint) -> bool,
    ) -> Outcome {
        let mut outcome = Outcome::default();
        let read = source.and_then(|(source, length)| {
            outcome.stored_bytes = length;
            self.try_read(source, sink, may_wait, is_new, &mut outcome)
        });
        if let Err(error) = read {
            // What is read in whole comes before anything is counted.
            if may_wait && outcome.stored_bytes <= LARGEST_TEXT as u64 {
                outcome.events = Events::PutOff;
            }
            outcome.fault.get_or_insert(Fault::of(&error));
        }
        let length = self.text.len().max(self.stored.len());
        let kept = length.max(self.last_length).clamp(KEPT[0], KEPT[1]);
        self.last_length = length;
        self.text.clear();
        for buffer in [&mut self.stored, &mut self.text] {
            // What is a little larger stays: the next file may need it.
            if buffer.capacity() > kept + kept / 4 {
                buffer.truncate(kept);
                buffer.shrink_to(kept);
            }
        }
        outcome
    }

    fn try_read(
        &mut self,
        mut file: impl Read,
        sink: &mut impl Sink,
        may_wait: bool,
        is_new: &mut dyn FnMut(Fingerprint) -> bool,
        outcome: &mut Outcome,
    ) -> io::Result<()> {
        self.text.clear();
        if outcome.stored_bytes > LARGEST_TEXT as u64 {
            let mut stored = BufReader::with_capacity(1 << 16, file);
            outcome.is_gzip = stored.fill_buf()?.starts_with(MAGIC);
            self.in_pieces(stored, sink, outcome);
            return Ok(());
        }
        // A file that grows meanwhile is read as far as it went, and one that shrinks as far as it goes.
        fill(&mut file, &mut self.stored, usize::try_from(outcome.stored_bytes).unwrap_or(LARGEST_TEXT))?;
        outcome.is_gzip = self.stored.starts_with(MAGIC);
        let mut checksum = None;
        if outcome.is_gzip {
            match self.inflate() {
                Ok(own) => checksum = own,
                Err(why) => {
                    let stored = std::mem::take(&mut self.stored);
                    self.not_inflated(&stored, why, sink, may_wait, is_new, outcome);
                    self.stored = stored;
                    return Ok(());
                }
            }
        } else {
            std::mem::swap(&mut self.stored, &mut self.text);
        }
        outcome.raw_bytes = self.text.len() as u64;
        let last = without_mark(&self.text).trim_ascii_end().last().copied();
        let Some(last) = last else {
            outcome.is_empty = true;
            outcome.events = if may_wait { Events::PutOff } else { Events::Counted };
            return Ok(());
        };
        let own = fingerprint(&self.text, checksum);
        self.text.resize(self.text.len() + PADDING, 0);
        // A log ends with a bracket: what does not is looked at before anything of it counts.
        if may_wait && !matches!(last, b'}' | b']') {
            let mut looked = Looked::default();
            outcome.fault = self.whole_text(&mut looked);
            if outcome.fault.is_some() {
                (outcome.events, outcome.at_hand) = (Events::PutOff, looked.events);
                return Ok(());
            }
        }
        if !is_new(own) {
            outcome.events = Events::Repeated;
            let mut looked = Looked::default();
            self.whole_text(&mut looked);
            outcome.repeated_events = looked.events;
            return Ok(());
        }
        outcome.fault = self.whole_text(sink);
        Ok(())
    }

    /// Reads the text that is there in whole, with its padding; returns what is wrong with it.
    fn whole_text(&mut self, sink: &mut impl Sink) -> Option<Fault> {
        let start = if self.text.starts_with(MARK) { MARK.len() } else { 0 };
        self.feed.restart();
        let text = Text::new(&self.text[start..]);
        match self.feed.read(text, true, sink) {
            FeedEnd::Bad(_) => Some(Fault::NotJson),
            FeedEnd::Read(at) if at < text.bytes().len() || !self.feed.is_between_values() => {
                Some(Fault::TruncatedJson)
            }
            FeedEnd::Read(_) => None,
        }
    }

    /// Reads piece by piece what cannot be inflated at once.
    #[cold]
    fn not_inflated(
        &mut self,
        stored: &[u8],
        why: NotInflated,
        sink: &mut impl Sink,
        may_wait: bool,
        is_new: &mut dyn FnMut(Fingerprint) -> bool,
        outcome: &mut Outcome,
    ) {
        let is_repeated = !may_wait && !is_new(fingerprint(stored, None));
        if may_wait || is_repeated {
            let (mut looked, mut sink) = (*outcome, Looked::default());
            self.in_pieces(io::Cursor::new(stored), &mut sink, &mut looked);
            looked.fault = why.fault(looked.fault);
            let is_damaged = looked.fault.is_some_and(|own| own != Fault::RecordTooLarge);
            if is_repeated {
                (looked.events, looked.repeated_events) = (Events::Repeated, sink.events);
            } else if is_damaged || looked.is_empty {
                (looked.events, looked.at_hand) = (Events::PutOff, sink.events);
            }
            if looked.events != Events::Counted {
                *outcome = looked;
                return;
            }
        }
        self.in_pieces(io::Cursor::new(stored), sink, outcome);
        outcome.fault = why.fault(outcome.fault);
    }

    /// Inflates what is stored into memory; returns the text's checksum where the file says it.
    fn inflate(&mut self) -> Result<Checksum, NotInflated> {
        let inflater = self.inflater.as_mut().ok_or(NotInflated::TooLarge)?;
        let most = self.stored.len().saturating_mul(MOST_GROWTH).min(LARGEST_TEXT);
        // What the file says of its size is a guess: it is modulo 2^32, and of the last member only.
        let said = self.stored.last_chunk().map_or(0, |own| u32::from_le_bytes(*own) as usize);
        let guess = if said <= most { said } else { self.stored.len().saturating_mul(8).min(most) };
        self.text.reserve_exact(guess + PADDING);
        let mut rest = self.stored.as_slice();
        let (mut members, mut checksum) = (0_u32, None);
        while rest.starts_with(MAGIC) {
            match inflater.member(rest, &mut self.text) {
                Ok(taken) => {
                    members = members.saturating_add(1);
                    checksum =
                        rest[..taken].split_last_chunk::<8>().and_then(|own| own.1.first_chunk().copied());
                    rest = &rest[taken..];
                }
                Err(MemberError::NoRoom) if self.text.capacity() < most + PADDING => {
                    let room = (self.text.capacity() * 2).max(1 << 12).min(most + PADDING);
                    self.text.reserve_exact(room - self.text.len());
                }
                Err(MemberError::NoRoom) => return Err(NotInflated::TooLarge),
                Err(_) => return Err(NotInflated::Damaged),
            }
        }
        // Zeros fill a file up; anything else is for the slow way to tell.
        let is_whole = rest.iter().all(|own| *own == 0);
        let checksum = checksum.filter(|_| members == 1).map(u32::from_le_bytes);
        if is_whole { Ok(checksum) } else { Err(NotInflated::Followed) }
    }

    /// Reads a text piece by piece, in memory for one record.
    fn in_pieces(&mut self, stored: impl BufRead, sink: &mut impl Sink, outcome: &mut Outcome) {
        // What a member brought before the next one failed comes again.
        self.text.clear();
        let mut pieces = Pieces { text: std::mem::take(&mut self.text), ..Pieces::default() };
        self.feed.restart();
        let ended = if outcome.is_gzip {
            members(stored, |source| pieces.read(source, &mut self.feed, sink))
        } else {
            let mut stored = stored;
            pieces.read(&mut stored, &mut self.feed, sink).err().as_ref().map(Fault::of)
        };
        let fault = pieces.finish(&mut self.feed, sink);
        outcome.raw_bytes = pieces.raw_bytes;
        outcome.too_large = pieces.too_large;
        outcome.is_empty = pieces.is_blank && ended.is_none();
        outcome.fault = ended.or(fault);
        self.text = pieces.text;
    }
}

/// Reads so many bytes, or fewer where there are no more, in place of what the buffer has.
fn fill(source: &mut impl Read, buffer: &mut Vec<u8>, length: usize) -> io::Result<()> {
    buffer.reserve_exact(length.saturating_sub(buffer.len()));
    buffer.resize(length, 0);
    let mut filled = 0;
    let mut result = Ok(());
    while filled < length {
        match source.read(&mut buffer[filled..]) {
            Ok(0) => break,
            Ok(more) => filled += more,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => {
                result = Err(error);
                break;
            }
        }
    }
    buffer.truncate(filled);
    result
}

/// A text's CRC-32, where the file says it.
type Checksum = Option<u32>;

/// Returns what tells a text from others. `checksum` is the text's CRC-32 where it is known already.
fn fingerprint(text: &[u8], checksum: Option<u32>) -> Fingerprint {
    const END: usize = 1 << 10;
    // The checksum a file says is of the text with its mark.
    let checksum = checksum.unwrap_or_else(|| crc32fast::hash(text));
    let mut hasher = foldhash::quality::FixedState::default().build_hasher();
    hasher.write(&text[..text.len().min(END)]);
    hasher.write(&text[text.len().saturating_sub(END)..]);
    (text.len() as u64, checksum, hasher.finish())
}

/// How a gzip begins.
const MAGIC: &[u8] = &[0x1F, 0x8B];
/// The byte order mark.
const MARK: &[u8] = &[0xEF, 0xBB, 0xBF];

fn without_mark(text: &[u8]) -> &[u8] {
    text.strip_prefix(MARK).unwrap_or(text)
}

/// Inflates member by member, handing each to `read`; returns what is wrong.
///
/// `read` returns nothing more to be read, or the error of the source.
fn members(
    mut stored: impl BufRead,
    mut read: impl FnMut(&mut dyn Read) -> io::Result<bool>,
) -> Option<Fault> {
    let gzip_fault = |error: &io::Error| match error.kind() {
        io::ErrorKind::UnexpectedEof => Fault::TruncatedGzip,
        io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput => Fault::CorruptGzip,
        _ => Fault::of(error),
    };
    // The first byte of a member, once it is looked at.
    let mut begun: &[u8] = &[];
    loop {
        let mut member = GzDecoder::new(begun.chain(&mut stored));
        match read(&mut member) {
            Ok(true) => {}
            Ok(false) => return None,
            Err(error) => return Some(gzip_fault(&error)),
        }
        loop {
            match stored.fill_buf() {
                Err(error) => return Some(Fault::of(&error)),
                Ok([]) => return None,
                Ok([0x1F, ..]) => {
                    stored.consume(1);
                    match stored.fill_buf() {
                        Err(error) => return Some(Fault::of(&error)),
                        Ok([0x8B, ..]) => {
                            begun = &[0x1F];
                            break;
                        }
                        Ok(_) => return Some(Fault::TrailingGarbage),
                    }
                }
                Ok(own) => {
                    let zeros = own.iter().take_while(|own| **own == 0).count();
                    if zeros == 0 {
                        return Some(Fault::TrailingGarbage);
                    }
                    stored.consume(zeros);
                }
            }
        }
    }
}

/// Text that comes piece by piece.
#[derive(Debug)]
struct Pieces {
    /// What is not read yet.
    text: Vec<u8>,
    raw_bytes: u64,
    too_large: u64,
    /// Whether nothing but white space has come.
    is_blank: bool,
    is_first: bool,
    bad: bool,
    /// How much was left when it was read last.
    left: usize,
}

impl Default for Pieces {
    fn default() -> Self {
        Self {
            text: Vec::new(),
            raw_bytes: 0,
            too_large: 0,
            is_blank: true,
            is_first: true,
            bad: false,
            left: 0,
        }
    }
}

impl Pieces {
    /// Reads until the source ends; tells whether more may follow.
    fn read(&mut self, source: &mut dyn Read, feed: &mut Feed, sink: &mut impl Sink) -> io::Result<bool> {
        const PIECE: usize = 1 << 18;
        loop {
            let before = self.text.len();
            let result = (&mut *source).take(PIECE as u64).read_to_end(&mut self.text);
            let read = self.text.len() - before;
            self.raw_bytes += read as u64;
            self.is_blank = self.is_blank && without_mark(&self.text).trim_ascii().is_empty();
            if self.bad {
                self.text.clear();
            } else if read > 0 {
                // Text is read again from the last whole value on: not for every piece of a large one.
                let is_due =
                    self.text.len() >= 2 * self.left.max(PIECE / 2) || result.is_err() || read < PIECE;
                if is_due {
                    self.feed(feed, sink, false);
                }
            }
            // What no JSON begins with is nothing to go on with.
            if self.bad {
                return result.map(|_| false);
            }
            result?;
            if read < PIECE {
                return Ok(true);
            }
        }
    }

    /// Reads what there is, and passes over a record that is too large.
    fn feed(&mut self, feed: &mut Feed, sink: &mut impl Sink, last: bool) {
        if self.is_first && self.text.len() >= MARK.len() {
            self.is_first = false;
            if self.text.starts_with(MARK) {
                self.text.drain(..MARK.len());
            }
        }
        loop {
            let length = self.text.len();
            self.text.resize(length + PADDING, 0);
            let end = feed.read(Text::new(&self.text), last, sink);
            self.text.truncate(length);
            match end {
                FeedEnd::Bad(_) => {
                    self.bad = true;
                    self.text.clear();
                    return;
                }
                FeedEnd::Read(at) => {
                    self.text.drain(..at);
                }
            }
            if self.text.len() > LARGEST_RECORD && feed.pass_over() {
                self.too_large += 1;
                continue;
            }
            self.left = self.text.len();
            return;
        }
    }

    /// Ends the text; returns what is wrong with it.
    fn finish(&mut self, feed: &mut Feed, sink: &mut impl Sink) -> Option<Fault> {
        if !self.bad {
            self.feed(feed, sink, true);
        }
        if self.bad {
            Some(Fault::NotJson)
        } else if self.text.trim_ascii().is_empty() && feed.is_between_values() {
            (self.too_large > 0).then_some(Fault::RecordTooLarge)
        } else {
            Some(Fault::TruncatedJson)
        }
    }
}
