//! Names with white space or escapes around or in them, as they stood before: a program that writes them so writes the next one
//! the same way.

use super::names::{Id, MOST};
use super::text::Text;

/// The longest that is remembered.
const LONGEST: usize = 96;
/// How many are remembered behind each name.
const WAYS: usize = 2;

/// What stood from behind a value to the next one: a separator, a name, a colon, and white space.
#[derive(Debug, Clone, Copy)]
struct Written {
    bytes: [u8; LONGEST],
    length: u8,
    separator: u8,
    id: u8,
}

/// What stood behind each name of late. It takes room only once there is something to remember.
#[derive(Debug, Clone, Default)]
pub(super) struct Spelled(Vec<[Written; WAYS]>);

impl Spelled {
    const NONE: Written = Written { bytes: [0; LONGEST], length: 0, separator: 0, id: 0 };

    /// Returns which name is known to be written as it stands at this place, and where its value begins.
    #[inline(always)]
    pub(super) fn find(&self, before: Id, separator: u8, text: Text<'_>, at: usize) -> Option<(Id, usize)> {
        let known = self.0.get(before % MOST)?;
        known.iter().find_map(|own| {
            let length = usize::from(own.length);
            let here = text.bytes().get(at..at + length)?;
            let stands = length > 0 && own.separator == separator && *here == own.bytes[..length];
            stands.then_some((usize::from(own.id), at + length))
        })
    }

    /// Remembers how a name is written, unless that is long.
    #[cold]
    #[expect(
        clippy::cast_possible_truncation,
        reason = "there are fewer than 256 names, and what is long is not kept"
    )]
    pub(super) fn note(&mut self, before: Id, separator: u8, written: &[u8], id: Id) {
        let mut own = Written { length: written.len() as u8, separator, id: id as u8, ..Self::NONE };
        let Some(bytes) = own.bytes.get_mut(..written.len()) else { return };
        bytes.copy_from_slice(written);
        if self.0.is_empty() {
            self.0 = vec![[Self::NONE; WAYS]; MOST];
        }
        let known = &mut self.0[before % MOST];
        *known = [own, known[0]];
    }
}

#[cfg(test)]
mod tests {
    use super::super::names::OTHER;
    use super::super::text::{PADDING, padded};
    use super::*;

    #[test]
    fn a_name_is_known_again_where_it_is_written_the_same() {
        let own = padded(r#", "\u0061" : 1, "\u0061" : 2, "a" : 3, "b": 4"#);
        let text = Text::new(&own);
        let mut spelled = Spelled::default();
        assert_eq!(spelled.find(OTHER, b',', text, 0), None);
        let written = &text.bytes()[..13];
        spelled.note(OTHER, b',', written, 7);
        assert_eq!(spelled.find(OTHER, b',', text, 14), Some((7, 27)));
        // Behind another name, another separator, written otherwise.
        assert_eq!(spelled.find(3, b',', text, 14), None);
        assert_eq!(spelled.find(OTHER, b'{', text, 14), None);
        assert_eq!(spelled.find(OTHER, b',', text, 28), None);
        // The last two are known.
        spelled.note(OTHER, b',', b", \"a\" : ", 7);
        assert_eq!(spelled.find(OTHER, b',', text, 28), Some((7, 36)));
        assert_eq!(spelled.find(OTHER, b',', text, 14), Some((7, 27)));
        spelled.note(OTHER, b',', b", \"b\": ", 8);
        assert_eq!(spelled.find(OTHER, b',', text, 37), Some((8, 44)));
        assert_eq!(spelled.find(OTHER, b',', text, 14), None);
        // Not what ends before the text does.
        let cut = Text::new(&own[..40 + PADDING]);
        assert_eq!(spelled.find(OTHER, b',', cut, 37), None);
    }

    #[test]
    fn what_is_long_is_not_remembered() {
        let own = padded(&format!(",{:94}\"a\":", ""));
        let text = Text::new(&own);
        let mut spelled = Spelled::default();
        spelled.note(1, b',', &text.bytes()[..97], 7);
        assert_eq!(spelled.find(1, b',', text, 0), None);
        spelled.note(1, b',', &text.bytes()[1..97], 7);
        assert_eq!(spelled.find(1, b',', text, 1), Some((7, 97)));
    }
}
