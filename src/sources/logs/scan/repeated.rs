//! Parts of records that were read before. Most events of a file are of a few sessions, each with the same identity letter by
//! letter, and of a few calls, each with the same names at its beginning and its end.

use super::names::Id;
use super::record::SPANS;
use super::span::{Kind, Span};
use super::text::Text;

/// Places for parts of one kind.
pub(in crate::sources::logs) const PLACES: usize = 1 << 8;
/// The longest part that is remembered.
const LONGEST: usize = 1 << 10;
/// Bytes for each: an odd number of cache lines, so that the first lines of all are not kept in the same few places.
const ROOM: usize = LONGEST + 64;
/// The most fields that a part has.
const FIELDS: usize = 8;

/// Which part it is of those that one reader has read; nothing where it is none that is remembered. The same number always is
/// the same text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(in crate::sources::logs) struct PartNumber(u64);

impl PartNumber {
    /// Returns which of the [`PLACES`] it has, which others had before it.
    #[inline(always)]
    pub(in crate::sources::logs) fn place(self) -> Option<usize> {
        #[expect(clippy::cast_possible_truncation, reason = "it is less than the places")]
        (self.0 != 0).then_some((self.0 % PLACES as u64) as usize)
    }
}

/// A part that was read.
#[derive(Debug, Clone, Default)]
pub(super) struct Part {
    pub(super) number: PartNumber,
    length: u32,
    /// Which fields stand in it, and where, from its own beginning on.
    fields: [(u8, Span); FIELDS],
    count: u8,
    /// The last name in it.
    pub(super) last: Id,
}

impl Part {
    /// Writes down where the fields stand, where the part begins at this place; returns the place behind it.
    #[inline(always)]
    pub(super) fn apply(&self, at: usize, spans: &mut [Span; SPANS]) -> usize {
        for (key, span) in &self.fields[..usize::from(self.count).min(FIELDS)] {
            spans[usize::from(*key) % SPANS] = span.moved(at);
        }
        at + self.length as usize
    }
}

/// Parts of one kind, of late.
#[derive(Debug)]
pub(super) struct Repeated {
    parts: Vec<Part>,
    /// Their texts, each in as many bytes: what is at a place is known before the part is read.
    texts: Vec<u8>,
    numbers: u64,
}

impl Default for Repeated {
    fn default() -> Self {
        Self::numbered_from(0)
    }
}

impl Repeated {
    /// Returns room for parts whose numbers are behind this one.
    pub(super) fn numbered_from(numbers: u64) -> Self {
        Self { parts: vec![Part::default(); PLACES], texts: vec![0; PLACES * ROOM], numbers }
    }

    /// Returns the part that was read last of those of a place, where it stands here.
    #[inline(always)]
    pub(super) fn find(&self, place: usize, text: Text<'_>, at: usize) -> Option<&Part> {
        let place = place % PLACES;
        let own = &self.parts[place];
        let length = own.length as usize;
        let here = text.bytes().get(at..at + length)?;
        let known = self.texts[place * ROOM..].get(..length)?;
        (own.number != PartNumber::default() && same(here, known)).then_some(own)
    }

    /// Remembers a part that was read, with the fields that stand in it; returns its number.
    ///
    /// Not a part that is long, or has more fields than there is room for.
    #[inline(never)]
    pub(super) fn note(
        &mut self,
        place: usize,
        text: Text<'_>,
        (at, end): (usize, usize),
        spans: &[Span; SPANS],
        last: Id,
    ) -> PartNumber {
        let own_text = &text.bytes()[at..end];
        let mut fields = [(0, Span::default()); FIELDS];
        let mut count = 0_u8;
        for (key, span) in (0_u8..).zip(spans) {
            if span.kind() == Kind::Absent || !(at..end).contains(&span.start()) {
                continue;
            }
            let Some(field) = fields.get_mut(usize::from(count)) else { return PartNumber::default() };
            *field = (key, span.moved_back(at));
            count += 1;
        }
        if own_text.len() > LONGEST {
            return PartNumber::default();
        }
        let place = place % PLACES;
        self.numbers += PLACES as u64;
        let own = &mut self.parts[place];
        own.number = PartNumber(self.numbers + place as u64);
        let text = &mut self.texts[place * ROOM..];
        for (place, byte) in text.iter_mut().zip(own_text) {
            *place = *byte;
        }
        own.length = u32::try_from(own_text.len()).unwrap_or_default();
        (own.fields, own.count, own.last) = (fields, count, last);
        own.number
    }
}

/// Tells whether two texts of one length are the same: 64 bytes at a time, the last of them once more with some before.
#[inline(always)]
fn same(one: &[u8], two: &[u8]) -> bool {
    let (Some(one_last), Some(two_last)) = (one.last_chunk::<64>(), two.last_chunk::<64>()) else {
        return one == two;
    };
    let (one, two) = (one.as_chunks::<64>().0, two.as_chunks::<64>().0);
    one.iter().zip(two).all(|(one, two)| one == two) && one_last == two_last
}

/// Returns a place for what stands here, by the words of eight bytes at some places; nothing where the text ends before.
#[inline(always)]
pub(super) fn place<const N: usize>(text: Text<'_>, at: usize, places: [usize; N]) -> Option<usize> {
    const KEY: u64 = 0x9E37_79B9_7F4A_7C15;
    let window = text.window(at)?;
    let mut sum = 0_u64;
    for own in places {
        let word = window[own..].first_chunk().map_or(0, |own| u64::from_le_bytes(*own));
        sum = (sum.rotate_left(23) ^ word).wrapping_mul(KEY);
    }
    Some((sum >> 56) as usize % PLACES)
}

#[cfg(test)]
mod tests {
    use super::super::text::{PADDING, padded};
    use super::*;

    #[test]
    fn what_is_the_same_to_the_last_letter_is_known_again() {
        let own = padded(r#"{"a":"one","b":"two"}  {"a":"one","b":"two"} {"a":"one","b":"twO"}"#);
        let text = Text::new(&own);
        let mut spans = [Span::default(); SPANS];
        (spans[3], spans[5]) = (Span::new(6, 9, Kind::Plain), Span::new(16, 19, Kind::Plain));
        // One that stands elsewhere.
        spans[7] = Span::new(30, 31, Kind::Plain);
        let mut repeated = Repeated::default();
        assert!(repeated.find(4, text, 0).is_none());
        let number = repeated.note(4, text, (0, 21), &spans, 9);
        assert_eq!(number.place(), Some(4));
        let found = repeated.find(4, text, 23).unwrap();
        let mut again = [Span::default(); SPANS];
        assert_eq!((found.number, found.last, found.apply(23, &mut again)), (number, 9, 44));
        assert_eq!((again[3].raw(text), again[5].raw(text)), (b"one".as_slice(), b"two".as_slice()));
        assert_eq!(again[7], Span::default());
        assert!(repeated.find(4, text, 45).is_none() && repeated.find(5, text, 23).is_none());
        // What is cut off is not the same.
        assert!(repeated.find(4, Text::new(&own[..43 + PADDING]), 23).is_none());
        // The same place has a new number with a new text.
        let other = repeated.note(4, text, (45, 66), &[Span::default(); SPANS], 0);
        assert!(other != number && other.place() == Some(4));
        assert!(repeated.find(4, text, 0).is_none() && repeated.find(4, text, 45).is_some());
    }

    #[test]
    fn what_would_not_be_the_same_again_is_not_remembered() {
        let long = format!("{:1025}", "x");
        for (text, count) in [(long.as_str(), 0), ("0123456789", 9)] {
            let padded = padded(text);
            let mut spans = [Span::default(); SPANS];
            (0..count).for_each(|at| spans[at] = Span::new(at, at + 1, Kind::Bare));
            let mut repeated = Repeated::default();
            let number = repeated.note(0, Text::new(&padded), (0, text.len()), &spans, 0);
            assert_eq!(number.place(), None, "{text}");
            assert!(repeated.find(0, Text::new(&padded), 0).is_none());
        }
    }

    #[test]
    fn places_are_told_by_all_their_words() {
        let text = padded(&"x".repeat(300));
        let places = [16, 44, 90];
        let first = place(Text::new(&text), 3, places);
        assert!(first.is_some());
        for at in places {
            let differ = (0..8).filter(|byte| {
                let mut other = text.clone();
                other[3 + at + byte] ^= 1;
                place(Text::new(&other), 3, places) != first
            });
            assert!(differ.count() >= 6);
        }
        assert_eq!(place(Text::new(&text), 310, places), None);
    }
}
