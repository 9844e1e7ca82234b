//! Which events were delivered more than once, however many there are.
//!
//! Every delivery is twenty bytes: the event's id and the row it was counted in. What does not fit into the room for it is
//! sorted and written to a temporary file; in the end all runs are read side by side.

use super::append::Part;
use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom, Write};

/// An event's id and the row of one delivery.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Delivery {
    id: [u32; 4],
    pub(super) row: u32,
}

const SIZE: usize = 20;
/// Deliveries that memory is asked for at once: 20 MB.
const AT_ONCE: usize = 1 << 20;

impl Delivery {
    #[inline]
    fn number(self) -> u128 {
        self.id.iter().fold(0, |sum, part| sum << 32 | u128::from(*part))
    }

    fn to_bytes(self) -> [u8; SIZE] {
        let mut bytes = [0; SIZE];
        let parts = [self.id[0], self.id[1], self.id[2], self.id[3], self.row];
        for (place, part) in bytes.chunks_exact_mut(4).zip(parts) {
            place.copy_from_slice(&part.to_le_bytes());
        }
        bytes
    }

    fn from_bytes(bytes: &[u8; SIZE]) -> Self {
        let part = |at: usize| bytes[at * 4..].first_chunk().map_or(0, |own| u32::from_le_bytes(*own));
        Self { id: [part(0), part(1), part(2), part(3)], row: part(4) }
    }
}

/// Returns an event id as a number: of a UUID its digits, anything else by a hash of its letters. Letters are the same in either case.
#[inline]
pub(super) fn event_id(text: &[u8]) -> u128 {
    uuid(text).unwrap_or_else(|| hashed(text))
}

/// Returns the digits of a UUID, in an order of their own: which number it is does not matter, only that no other is the same.
#[inline]
fn uuid(text: &[u8]) -> Option<u128> {
    let text: &[u8; 36] = text.try_into().ok()?;
    let dashes = [text[8], text[13], text[18], text[23]];
    let word = |at: [usize; 2]| {
        let half = |at: usize| text[at..].first_chunk().map_or(0, |own| u32::from_le_bytes(*own));
        hexadecimal(u64::from(half(at[0])) | u64::from(half(at[1])) << 32)
    };
    let words = [word([0, 4]), word([9, 14]), word([19, 24]), word([28, 32])];
    let is_whole = words.iter().all(|own| own.1) && dashes == [b'-'; 4];
    let joined = |low: u64, high: u64| u128::from(low | high << 4);
    is_whole.then(|| joined(words[0].0, words[1].0) << 64 | joined(words[2].0, words[3].0))
}

/// Reads eight hexadecimal digits into the lower halves of the bytes; tells whether all are such.
#[inline]
fn hexadecimal(digits: u64) -> (u64, bool) {
    const EACH: u64 = 0x0101_0101_0101_0101;
    const HIGH: u64 = EACH << 7;
    // Below 0x80 no sum of a byte runs into the next one. The highest bit of a byte says that it is at least `least`.
    let from = |own: u64, least: u64| own + EACH * (0x80 - least);
    let ascii = digits & !HIGH;
    let lower = ascii | (EACH * 0x20);
    let decimal = from(ascii, 0x30) & !from(ascii, 0x3A);
    let letter = from(lower, 0x61) & !from(lower, 0x67) & from(ascii, 0x40);
    let is_whole = digits & HIGH == 0 && (decimal | letter) & HIGH == HIGH;
    // A letter's lower half is one to six.
    ((ascii & (EACH * 0xF)) + ((ascii >> 6) & EACH) * 9, is_whole)
}

/// Hashes an id that is no UUID; two of them are the same only where all letters are, but for one chance in 2^100.
#[cold]
fn hashed(text: &[u8]) -> u128 {
    // FNV-1a over 128 bits, which needs no key and gives the same on every machine.
    const PRIME: u128 = 0x0000_0000_0100_0000_0000_0000_0000_013B;
    const BASIS: u128 = 0x6C62_272E_07BB_0142_62B8_2175_6295_C58D;
    text.iter().fold(BASIS, |sum, own| (sum ^ u128::from(own.to_ascii_lowercase())).wrapping_mul(PRIME))
}

/// One worker's deliveries.
#[derive(Debug, Default)]
pub(super) struct Deliveries {
    room: usize,
    held: Vec<Delivery>,
    spilled: Vec<File>,
    failed: Option<io::Error>,
}

impl Deliveries {
    /// Returns room for so many deliveries; more go to temporary files.
    pub(super) fn new(room: usize) -> Self {
        Self { room, ..Self::default() }
    }

    #[inline]
    pub(super) fn push(&mut self, id: u128, row: u32) {
        if self.held.capacity() == 0 {
            // Taken at once, and used as far as deliveries come: what grows has to be moved.
            self.held.reserve_exact(self.room.min(AT_ONCE));
        }
        let part = |shift: u32| u32::try_from(id >> shift & 0xFFFF_FFFF).unwrap_or_default();
        self.held.push(Delivery { id: [part(96), part(64), part(32), part(0)], row });
        if self.held.len() >= self.room && self.failed.is_none() {
            self.failed = self.spill().err();
        }
    }

    #[cold]
    fn spill(&mut self) -> io::Result<()> {
        self.sort();
        let mut file = tempfile::tempfile()?;
        let mut bytes = Vec::with_capacity(1 << 16);
        for chunk in self.held.chunks((1 << 16) / SIZE) {
            bytes.clear();
            for own in chunk {
                bytes.extend_from_slice(&own.to_bytes());
            }
            file.write_all(&bytes)?;
        }
        file.seek(SeekFrom::Start(0))?;
        self.spilled.push(file);
        self.held.clear();
        Ok(())
    }

    fn sort(&mut self) {
        sort(&mut self.held, 0);
    }

    /// Hands over the id of each delivery that is held or was written away by this process.
    ///
    /// # Errors
    /// When a temporary file cannot be read.
    pub(super) fn for_each_id(&self, take: &mut impl FnMut(u128)) -> io::Result<()> {
        self.held.iter().for_each(|own| take(own.number()));
        for mut file in &self.spilled {
            file.seek(SeekFrom::Start(0))?;
            let mut read_from = BufReader::with_capacity(1 << 16, file);
            while let Some(own) = read(&mut read_from)? {
                take(own.number());
            }
            file.seek(SeekFrom::Start(0))?;
        }
        Ok(())
    }

    /// Returns what is held and what was written away, and begins anew.
    ///
    /// # Errors
    /// When a temporary file could not be written.
    pub(super) fn take_runs(&mut self) -> io::Result<Vec<Run>> {
        let room = self.room;
        std::mem::replace(self, Self::new(room)).into_runs()
    }

    /// Returns what is held and what was written away, each sorted.
    ///
    /// # Errors
    /// When a temporary file could not be written.
    pub(super) fn into_runs(mut self) -> io::Result<Vec<Run>> {
        if let Some(error) = self.failed {
            return Err(error);
        }
        self.sort();
        let mut runs: Vec<Run> = self.spilled.into_iter().map(Run::of_file).collect();
        runs.push(Run::Held(self.held.into_iter()));
        Ok(runs)
    }
}

/// Returns all workers' deliveries, each worker's sorted, with the worker's position. Where all are held in memory, those of events
/// that were surely delivered once are left out first: sorting them would be most of the work, and nobody asks for them.
///
/// # Errors
/// When a temporary file could not be written.
pub(super) fn runs_of_all(
    all: impl IntoIterator<Item = (usize, Deliveries)>,
    kept: &[(usize, Run)],
) -> io::Result<Vec<(usize, Run)>> {
    let mut all: Vec<(usize, Deliveries)> = all.into_iter().collect();
    if kept.is_empty() && all.iter().all(|(_, own)| own.spilled.is_empty() && own.failed.is_none()) {
        leave_out_unique(all.iter_mut().map(|(_, own)| &mut own.held));
    }
    let mut runs = Vec::new();
    for (at, own) in all {
        runs.extend(own.into_runs()?.into_iter().map(|own| (at, own)));
    }
    Ok(runs)
}

/// Leaves deliveries out that share their place in a table of bits with no other; those that are left of them once more, in
/// another table.
fn leave_out_unique<'a>(all: impl Iterator<Item = &'a mut Vec<Delivery>>) {
    let mut all: Vec<&mut Vec<Delivery>> = all.collect();
    for (round, places_each) in [(1, 4), (0, 8)] {
        leave_out_alone(&mut all, round, places_each);
    }
}

/// Leaves deliveries out that are alone in their place.
fn leave_out_alone(all: &mut [&mut Vec<Delivery>], round: u32, places_each: usize) {
    const PLACES_IN_WORD: usize = 32;
    let count: usize = all.iter().map(|own| own.len()).sum();
    let places = (count * places_each).next_power_of_two().max(PLACES_IN_WORD);
    // Two bits for each place: that a delivery has it, and that another one has it too.
    let mut marks = vec![0_u64; places / PLACES_IN_WORD];
    let place = |own: &Delivery| {
        let mixed =
            (u64::from(own.id[0]) << 32 | u64::from(own.id[3])) ^ u64::from(own.id[2]).rotate_left(17);
        let hash = mixed.wrapping_mul(0x9E37_79B9_7F4A_7C15).rotate_left(25 * round);
        let at = (hash >> 32) as usize % places;
        (at / PLACES_IN_WORD, 1_u64 << (at % PLACES_IN_WORD * 2))
    };
    for own in all.iter().flat_map(|own| own.iter()) {
        let (word, once) = place(own);
        marks[word] |= once | (marks[word] & once) << 1;
    }
    for list in all {
        list.retain(|own| {
            let (word, once) = place(own);
            marks[word] & once << 1 != 0
        });
    }
}

/// Sorts by ids: first by a byte of theirs, each list of the same byte then by the next, short lists as ever. Ids are drawn at
/// random, so that lists become short at once.
fn sort(held: &mut [Delivery], byte: u32) {
    const SHORT: usize = 64;
    if held.len() <= SHORT || byte == 4 {
        held.sort_unstable_by_key(|own| own.number());
        return;
    }
    let digit = |own: &Delivery| (own.id[0] >> (24 - 8 * byte) & 0xFF) as usize;
    let mut ends = [0_usize; 256];
    for own in held.iter() {
        ends[digit(own)] += 1;
    }
    let mut starts = [0; 256];
    let mut sum = 0;
    for (start, end) in starts.iter_mut().zip(&mut ends) {
        *start = sum;
        sum += *end;
        *end = sum;
    }
    // What stands in a list's place goes to the list it belongs to, until one comes that belongs here.
    let mut next = starts;
    for list in 0..256 {
        while next[list] < ends[list] {
            let at = next[list];
            let other = digit(&held[at]);
            held.swap(at, next[other]);
            next[other] += 1;
        }
    }
    for (start, end) in starts.into_iter().zip(ends) {
        sort(&mut held[start..end], byte + 1);
    }
}

/// Sorted deliveries.
#[derive(Debug)]
pub(super) enum Run {
    Held(std::vec::IntoIter<Delivery>),
    Spilled(BufReader<File>),
    /// Part of a file that a reading is kept in.
    Kept(BufReader<Part>),
}

impl Run {
    fn of_file(file: File) -> Self {
        Self::Spilled(BufReader::with_capacity(1 << 16, file))
    }

    fn next(&mut self) -> io::Result<Option<Delivery>> {
        match self {
            Self::Held(own) => Ok(own.next()),
            Self::Spilled(file) => read(file),
            Self::Kept(part) => read(part),
        }
    }

    /// Hands over the id of each delivery.
    ///
    /// # Errors
    /// When a file cannot be read.
    pub(super) fn for_each_id(mut self, take: &mut impl FnMut(u128)) -> io::Result<()> {
        while let Some(own) = self.next()? {
            take(own.number());
        }
        Ok(())
    }

    /// Writes all deliveries, one after another; returns their bytes.
    ///
    /// # Errors
    /// When they cannot be read or written.
    pub(super) fn write(mut self, out: &mut impl Write) -> io::Result<u64> {
        let mut written = 0;
        while let Some(own) = self.next()? {
            out.write_all(&own.to_bytes())?;
            written += SIZE as u64;
        }
        Ok(written)
    }
}

fn read(source: &mut impl Read) -> io::Result<Option<Delivery>> {
    let mut bytes = [0; SIZE];
    match source.read_exact(&mut bytes) {
        Ok(()) => Ok(Some(Delivery::from_bytes(&bytes))),
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Ok(None),
        Err(error) => Err(error),
    }
}

/// Hands each event's deliveries over, where there are more than one: the run's tag and the row of each.
///
/// # Errors
/// When a temporary file cannot be read.
pub(super) fn for_each_shared(
    runs: Vec<(usize, Run)>,
    mut take: impl FnMut(&[(usize, u32)]),
) -> io::Result<()> {
    // A heap of the runs' next deliveries, the smallest id first.
    let mut runs = runs;
    let mut heads = std::collections::BinaryHeap::new();
    for (at, (_, run)) in runs.iter_mut().enumerate() {
        if let Some(own) = run.next()? {
            heads.push(std::cmp::Reverse((own.number(), at, own.row)));
        }
    }
    let mut same: Vec<(usize, u32)> = Vec::new();
    let mut id = None;
    while let Some(mut head) = heads.peek_mut() {
        let std::cmp::Reverse((number, at, row)) = *head;
        if id != Some(number) {
            if same.len() > 1 {
                take(&same);
            }
            same.clear();
            id = Some(number);
        }
        same.push((runs[at].0, row));
        match runs[at].1.next()? {
            Some(own) => *head = std::cmp::Reverse((own.number(), at, own.row)),
            None => {
                std::collections::binary_heap::PeekMut::pop(head);
            }
        }
    }
    if same.len() > 1 {
        take(&same);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::Just;

    #[test]
    fn ids_are_compared_by_their_digits() {
        let one = event_id(b"a09130b7-6927-4dfc-89cc-2506928a30b2");
        assert_eq!(one, event_id(b"A09130B7-6927-4DFC-89CC-2506928A30B2"));
        assert_ne!(one, event_id(b"a09130b7-6927-4dfc-89cc-2506928a30b3"));
        assert_eq!(event_id(b"Example-1"), event_id(b"example-1"));
        for other in
            ["a09130b7-6927-4dfc-89cc-2506928a30bg", "a09130b7_6927-4dfc-89cc-2506928a30b2", "id-1", ""]
        {
            assert_eq!(uuid(other.as_bytes()), None, "{other}");
            assert_ne!(event_id(other.as_bytes()), one);
        }
    }

    #[test]
    fn digits_are_read_as_one_by_one() {
        for byte in 0..=u8::MAX {
            for at in 0..8 {
                let mut digits = *b"0a9F7c3E";
                digits[at] = byte;
                let expected = digits
                    .iter()
                    .rev()
                    .try_fold(0, |sum, own| Some(sum << 8 | u64::from(char::from(*own).to_digit(16)?)));
                let (number, is_whole) = hexadecimal(u64::from_le_bytes(digits));
                assert_eq!(is_whole.then_some(number), expected, "{byte} at {at}");
            }
        }
    }

    proptest::proptest! {
        #[test]
        fn lists_of_any_ids_are_sorted(
            ids in proptest::collection::vec(proptest::prop_oneof![proptest::num::u128::ANY, 0..9_u128, Just(u128::MAX)], 0..2_000)
        ) {
            let mut own = Deliveries::new(usize::MAX);
            for id in &ids {
                own.push(*id, 0);
            }
            own.sort();
            let mut expected = ids;
            expected.sort_unstable();
            let sorted: Vec<u128> = own.held.iter().map(|own| own.number()).collect();
            proptest::prop_assert_eq!(sorted, expected);
        }
    }

    #[test]
    fn deliveries_of_one_event_stay_when_unique_ones_are_left_out() {
        let ids = |own: &Deliveries| own.held.iter().map(|own| own.number()).collect::<Vec<_>>();
        let id = |at: u32| event_id(format!("an event {at}").as_bytes());
        let (mut one, mut two) = (Deliveries::new(usize::MAX), Deliveries::new(usize::MAX));
        for at in 0..4_000 {
            one.push(id(at), at);
            if at % 100 == 0 {
                two.push(id(at), at);
            }
        }
        one.push(id(7), 9);
        leave_out_unique([&mut one.held, &mut two.held].into_iter());
        assert!(one.held.len() < 1_500, "{}", one.held.len());
        assert_eq!(two.held.len(), 40);
        assert!(ids(&two).iter().all(|own| ids(&one).contains(own)));
        assert_eq!(ids(&one).iter().filter(|own| **own == id(7)).count(), 2);
    }

    #[test]
    fn deliveries_are_found_over_runs_and_files() {
        // Room for three: most of them go to files.
        let mut one = Deliveries::new(3);
        let mut two = Deliveries::new(1_000);
        for id in 0..100_u32 {
            one.push(u128::from(id * 7 % 100), id);
            if id % 10 == 0 {
                two.push(u128::from(id), 1_000 + id);
            }
        }
        one.push(50, 7_777);
        assert!(one.spilled.len() > 30);
        let mut runs: Vec<(usize, Run)> = one.into_runs().unwrap().into_iter().map(|own| (0, own)).collect();
        runs.extend(two.into_runs().unwrap().into_iter().map(|own| (1, own)));
        let mut found = Vec::new();
        for_each_shared(runs, |same| found.push(same.to_vec())).unwrap();
        assert_eq!(found.len(), 10);
        assert_eq!(found.iter().map(Vec::len).sum::<usize>(), 21);
        assert!(
            found.iter().any(|own| own.len() == 3 && own.contains(&(0, 7_777)) && own.contains(&(1, 1_050)))
        );
    }
}
