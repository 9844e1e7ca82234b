//! Which names of members mean something, found by one look into a table.

use super::spelled::Spelled;

/// What is to be done with a member.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Action {
    /// Its value is noted, or is nothing.
    Note,
    Identity,
    Resources,
    Insight,
    TimeWindow,
    List,
    Digest,
    /// There is no member any more.
    End,
}

/// What a name means, in one word: in which place the value is noted, what is done with it, and whether every event has such
/// a member.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Meaning(u32);

const NOTE: u32 = Action::Note as u32;

impl Meaning {
    /// A value that is noted.
    pub(super) const fn noted(place: u8) -> Self {
        Self::action(Action::Note, place)
    }

    /// A value that is noted, of a member that every event has.
    pub(super) const fn of_events(place: u8) -> Self {
        Self(Self::noted(place).0 | 1 << 16)
    }

    /// The same, where the value is a string that mostly is as long as the one before it under this name.
    pub(super) const fn of_one_length(self) -> Self {
        Self(self.0 | 1 << 24)
    }

    /// The same, of a member at which a part begins or ends that is remembered.
    pub(super) const fn of_part(self) -> Self {
        Self(self.0 | 1 << 25)
    }

    /// Tells whether it is such a member.
    #[inline(always)]
    pub(super) fn is_of_part(self) -> bool {
        self.0 & 1 << 25 != 0
    }

    /// Tells whether it is such a string.
    #[inline(always)]
    pub(super) fn is_of_one_length(self) -> bool {
        self.0 & 1 << 24 != 0
    }

    /// A value with which something is to be done.
    pub(super) const fn action(action: Action, place: u8) -> Self {
        Self(place as u32 | (action as u32) << 8)
    }

    #[inline(always)]
    pub(super) fn place(self) -> usize {
        (self.0 & 0xFF) as usize
    }

    /// Tells whether every event has such a member.
    #[inline(always)]
    pub(super) fn is_of_events(self) -> bool {
        self.0 & 1 << 16 != 0
    }

    /// Tells whether the value is noted, and no more.
    #[inline(always)]
    pub(super) fn is_noted(self) -> bool {
        self.0 >> 8 & 0xFF == NOTE
    }

    /// What stands for the end of an object.
    pub(super) const END: Self = Self::action(Action::End, 0);

    /// Tells whether this is to be done with the value.
    #[inline(always)]
    pub(super) fn is(self, action: Action) -> bool {
        self.0 >> 8 & 0xFF == action as u32
    }
}

/// Bytes that are compared. Longer names mean nothing.
pub(super) const LONGEST: usize = 32;
/// Places of the table; its number of bits.
const PLACES: usize = 1 << BITS;
const BITS: u32 = 8;

/// A name's bytes with zeros behind it.
pub(super) type Words = [u64; LONGEST / 8];

/// Names that a table has at most; the last entry stands for all others.
pub(super) const MOST: usize = 64;

/// A name in the table, and how it stands in a text: in quotes, with the colon behind it.
#[derive(Debug, Clone, Copy)]
#[repr(align(64))]
pub(super) struct Entry {
    words: Words,
    /// `"name":` as far as it is compared, and which of its bits count.
    written: Words,
    counts: Words,
    length: u32,
    meaning: Meaning,
}

impl Entry {
    /// An entry that is found nowhere: it stands only where bytes stand that no text has.
    const fn none(meaning: Meaning) -> Self {
        Self {
            words: [0; LONGEST / 8],
            written: [u64::MAX; LONGEST / 8],
            counts: [u64::MAX; LONGEST / 8],
            length: 0,
            meaning,
        }
    }

    const fn new(name: &[u8], meaning: Meaning) -> Self {
        let mut written = [0; LONGEST];
        let length = name.len();
        assert!(length > 0 && length + 3 <= LONGEST, "a name of another length");
        written[0] = b'"';
        let mut at = 0;
        while at < length {
            written[at + 1] = name[at];
            at += 1;
        }
        (written[length + 1], written[length + 2]) = (b'"', b':');
        #[expect(clippy::cast_possible_truncation, reason = "names are short")]
        let short = length as u32;
        Self {
            words: words(name, length),
            written: words(&written, LONGEST),
            counts: words(&[0xFF; LONGEST], length + 3),
            length: short,
            meaning,
        }
    }

    /// Tells whether the name stands here, in quotes and with the colon.
    #[inline(always)]
    pub(super) fn stands_in(&self, text: &[u8; LONGEST]) -> bool {
        let differ = text.as_chunks().0.iter().zip(&self.written).zip(&self.counts);
        differ.fold(0, |all, ((own, name), counts)| all | (u64::from_le_bytes(*own) ^ name) & counts) == 0
    }

    /// Returns how long the name is with the quotes and the colon.
    #[inline(always)]
    pub(super) fn written_length(&self) -> usize {
        self.length as usize + 3
    }

    #[inline(always)]
    pub(super) fn meaning(&self) -> Meaning {
        self.meaning
    }
}

/// Names, each in a place of its own.
#[derive(Debug)]
pub(super) struct Names {
    factor: u64,
    /// Which entry a place has.
    places: [u8; PLACES],
    entries: [Entry; MOST],
}

/// A name's number.
pub(super) type Id = usize;
/// All names that are not in the table; also what stands before the first name.
pub(super) const OTHER: Id = MOST - 1;

/// Which two names followed each the last times. Most objects are written by the same program, in the same order.
#[derive(Debug, Clone)]
pub(super) struct Follows {
    next: [[u8; 2]; MOST],
    /// How long each name's value was the last time, if it was a short string.
    lengths: [u8; MOST],
    /// How names are written that are written in an unusual way.
    pub(super) spelled: Spelled,
}

impl Default for Follows {
    fn default() -> Self {
        Self { next: [[0; 2]; MOST], lengths: [0; MOST], spelled: Spelled::default() }
    }
}

impl Follows {
    /// Returns the names that are most likely next, the likelier one first.
    #[inline(always)]
    pub(super) fn behind(&self, own: Id) -> [Id; 2] {
        self.next[own % MOST].map(usize::from)
    }

    /// Notes what came behind a name, and was not the likelier one.
    #[inline(always)]
    #[expect(clippy::cast_possible_truncation, reason = "there are fewer than 256 names")]
    pub(super) fn note(&mut self, own: Id, next: Id) {
        let likely = &mut self.next[own % MOST];
        *likely = [next as u8, likely[0]];
    }

    /// Returns how long the string behind a name most likely is: less than 64 bytes.
    #[inline(always)]
    pub(super) fn length(&self, own: Id) -> usize {
        usize::from(self.lengths[own % MOST] % 64)
    }

    /// Notes how long the string behind a name was.
    #[inline(always)]
    #[expect(clippy::cast_possible_truncation, reason = "it is less than 64")]
    pub(super) fn note_length(&mut self, own: Id, length: usize) {
        self.lengths[own % MOST] = length as u8;
    }
}

/// The bits of the words that a name of each length has.
const MASKS: [Words; LONGEST + 1] = {
    let mut own = [[0; LONGEST / 8]; LONGEST + 1];
    let mut length = 0;
    while length <= LONGEST {
        own[length] = words(&[0xFF; LONGEST], length);
        length += 1;
    }
    own
};

/// Returns the first bytes of a name as words.
const fn words(name: &[u8], length: usize) -> Words {
    let (mut own, mut at) = ([0; LONGEST / 8], 0);
    while at < length {
        own[at / 8] |= (name[at] as u64) << (8 * (at % 8));
        at += 1;
    }
    own
}

#[inline(always)]
const fn place(first: u64, length: u32, factor: u64) -> usize {
    ((first ^ length as u64).wrapping_mul(factor) >> (64 - BITS)) as usize % PLACES
}

impl Names {
    /// Returns a table; `other` is the meaning of all other names.
    ///
    /// # Panics
    /// When compiled with names that are empty, too long, too many, or begin alike and are of one length.
    #[expect(clippy::cast_possible_truncation, reason = "there are few names")]
    pub(super) const fn new(names: &[(&[u8], Meaning)], other: Meaning) -> Self {
        assert!(names.len() < MOST, "too many names");
        let mut entries = [Entry::none(other); MOST];
        let mut at = 0;
        while at < names.len() {
            entries[at] = Entry::new(names[at].0, names[at].1);
            at += 1;
        }
        let none = OTHER as u8;
        let mut factor: u64 = 0x9E37_79B9_7F4A_7C15;
        let mut tries = 0;
        'tries: while tries < 10_000 {
            tries += 1;
            factor = factor.wrapping_mul(0x5851_F42D_4C95_7F2D).wrapping_add(0x1405_7B7E_F767_814F) | 1;
            let mut places = [none; PLACES];
            let mut at = 0;
            while at < names.len() {
                let place = place(entries[at].words[0], entries[at].length, factor);
                if places[place] != none {
                    continue 'tries;
                }
                places[place] = at as u8;
                at += 1;
            }
            return Self { factor, places, entries };
        }
        panic!("names without places of their own")
    }

    /// Returns an entry.
    #[inline(always)]
    pub(super) fn entry(&self, id: Id) -> &Entry {
        &self.entries[id % MOST]
    }

    /// Returns which name without escapes this is: the first `length` of these bytes. Of a longer name only the length counts.
    #[expect(clippy::cast_possible_truncation, reason = "what is cut off is longer than any name")]
    #[inline(always)]
    pub(super) fn find(&self, name: &[u8; LONGEST], length: usize) -> Id {
        let masks = &MASKS[length.min(LONGEST)];
        let mut words = [0; LONGEST / 8];
        for ((word, bytes), mask) in words.iter_mut().zip(name.as_chunks().0).zip(masks) {
            *word = u64::from_le_bytes(*bytes) & mask;
        }
        let id = usize::from(self.places[place(words[0], length as u32, self.factor)]);
        let own = self.entry(id);
        let differ = words.iter().zip(&own.words).fold(0, |all, (one, two)| all | (one ^ two));
        if differ == 0 && own.length as usize == length { id } else { OTHER }
    }

    /// Returns which name of any length this is.
    #[cold]
    pub(super) fn find_any(&self, name: &[u8]) -> Id {
        let mut own = [0; LONGEST];
        match own.get_mut(..name.len()) {
            Some(place) => place.copy_from_slice(name),
            None => return OTHER,
        }
        self.find(&own, name.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAMES: [&[u8]; 7] = [
        b"a",
        b"arn",
        b"eventTim",
        b"eventTime",
        b"eventTypes123456",
        b"recipientAccountId",
        b"abcdefghijklmnopqrstuvwxyzabc",
    ];

    #[test]
    fn names_are_found_by_all_their_bytes() {
        let named: Vec<(&[u8], Meaning)> =
            NAMES.iter().zip(0..).map(|(name, place)| (*name, Meaning::noted(place))).collect();
        let table: Names = Names::new(&named, Meaning::noted(99));
        let find = |name: &[u8]| {
            let mut text = [b'"'; LONGEST];
            let length = name.len().min(LONGEST);
            text[..length].copy_from_slice(&name[..length]);
            let found = table.find(&text, name.len());
            assert_eq!(found, table.find_any(name));
            let place = table.entry(found).meaning().place();
            // It stands where it is written, and no other does.
            let mut written = [b'x'; 2 * LONGEST];
            written[0] = b'"';
            written[1..=name.len()].copy_from_slice(name);
            written[name.len() + 1..name.len() + 3].copy_from_slice(b"\":");
            let stands = |own: &Entry| own.stands_in(written.first_chunk().unwrap());
            let standing: Vec<usize> =
                table.entries.iter().filter(|own| stands(own)).map(|own| own.meaning().place()).collect();
            assert_eq!(standing, if place == 99 { vec![] } else { vec![place] });
            place
        };
        for (name, place) in NAMES.iter().zip(0..) {
            assert_eq!(find(name), place);
            for at in 0..name.len() {
                let mut other = name.to_vec();
                other[at] ^= 1;
                assert_eq!(find(&other), 99, "{}", String::from_utf8_lossy(&other));
            }
            assert_eq!(find(&[*name, b"x"].concat()), 99);
        }
        assert_eq!(find(b""), 99);
    }

    #[test]
    fn what_follows_a_name_is_what_followed_it_last() {
        let mut follows: Follows = Follows::default();
        for (own, next) in [(OTHER, 1), (1, 2), (2, 0), (0, 2)] {
            follows.note(own, next);
            assert_eq!(follows.behind(own)[0], next);
        }
        assert_eq!(follows.behind(1), [2, 0]);
        follows.note(1, 1);
        assert_eq!((follows.behind(1), follows.behind(OTHER)), ([1, 2], [1, 0]));
    }
}
