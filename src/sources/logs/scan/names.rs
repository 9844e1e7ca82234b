//! Which names of members mean something, found by one look into a table.

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
        self.0 >> 16 != 0
    }

    /// Tells whether the value is noted, and no more.
    #[inline(always)]
    pub(super) fn is_noted(self) -> bool {
        self.0 >> 8 & 0xFF == NOTE
    }

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
const BITS: u32 = 6;

/// A name's bytes with zeros behind it.
type Words = [u64; LONGEST / 8];

/// A name in the table.
#[derive(Debug, Clone, Copy)]
struct Entry {
    words: Words,
    length: u32,
    meaning: Meaning,
}

/// Names, each in a place of its own.
#[derive(Debug)]
pub(super) struct Names {
    factor: u64,
    entries: [Entry; PLACES],
    other: Meaning,
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
    /// When compiled with names that are empty, too long, or begin alike and are of one length.
    #[expect(clippy::cast_possible_truncation, reason = "names are short")]
    pub(super) const fn new(names: &[(&[u8], Meaning)], other: Meaning) -> Self {
        let none = Entry { words: [0; LONGEST / 8], length: u32::MAX, meaning: other };
        let mut factor: u64 = 0x9E37_79B9_7F4A_7C15;
        let mut tries = 0;
        'tries: while tries < 10_000 {
            tries += 1;
            factor = factor.wrapping_mul(0x5851_F42D_4C95_7F2D).wrapping_add(0x1405_7B7E_F767_814F) | 1;
            let mut entries = [none; PLACES];
            let mut at = 0;
            while at < names.len() {
                let (name, meaning) = names[at];
                assert!(!name.is_empty() && name.len() <= LONGEST, "a name of another length");
                let own = Entry { words: words(name, name.len()), length: name.len() as u32, meaning };
                let place = place(own.words[0], own.length, factor);
                if entries[place].length != u32::MAX {
                    continue 'tries;
                }
                entries[place] = own;
                at += 1;
            }
            return Self { factor, entries, other };
        }
        panic!("names without places of their own")
    }

    /// Returns what a name without escapes means: the first `length` of these bytes. Of a longer name only the length counts.
    ///
    /// It does so without branches: which names mean something is hard to guess.
    #[expect(clippy::cast_possible_truncation, reason = "what is cut off is longer than any name")]
    #[inline(always)]
    pub(super) fn find(&self, name: &[u8; LONGEST], length: usize) -> Meaning {
        let masks = &MASKS[length.min(LONGEST)];
        let mut words = [0; LONGEST / 8];
        for ((word, bytes), mask) in words.iter_mut().zip(name.as_chunks().0).zip(masks) {
            *word = u64::from_le_bytes(*bytes) & mask;
        }
        let own = &self.entries[place(words[0], length as u32, self.factor)];
        let differ = words.iter().zip(&own.words).fold(0, |all, (one, two)| all | (one ^ two));
        std::hint::select_unpredictable(
            (differ == 0) & (own.length as usize == length),
            own.meaning,
            self.other,
        )
    }

    /// Returns what a name of any length means.
    #[cold]
    pub(super) fn find_any(&self, name: &[u8]) -> Meaning {
        let mut own = [0; LONGEST];
        match own.get_mut(..name.len()) {
            Some(place) => place.copy_from_slice(name),
            None => return self.other,
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
        b"abcdefghijklmnopqrstuvwxyzabcdef",
    ];

    #[test]
    fn names_are_found_by_all_their_bytes() {
        let named: Vec<(&[u8], Meaning)> =
            NAMES.iter().zip(0..).map(|(name, place)| (*name, Meaning::noted(place))).collect();
        let table = Names::new(&named, Meaning::noted(99));
        let find = |name: &[u8]| {
            let mut text = [b'"'; LONGEST];
            let length = name.len().min(LONGEST);
            text[..length].copy_from_slice(&name[..length]);
            let found = table.find(&text, name.len());
            assert_eq!(found, table.find_any(name));
            found.place()
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
}
