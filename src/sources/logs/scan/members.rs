//! The members of an object, one after another: mostly the same names in the same order.

use super::blocks::{Blocks, Portable, Task};
use super::names::{Follows, Id, LONGEST, Meaning, Names, OTHER};
use super::span::{Kind, Span, resolved};
use super::text::Text;
use super::values::{Stop, container_end, escape, scalar_end, stop, string_end};

/// Where a member of an object stands.
pub(super) struct Member {
    /// The name's opening quote.
    at: usize,
    /// Length of the name.
    length: usize,
    has_escapes: bool,
    /// Where the value begins.
    pub(super) value: usize,
}

impl Member {
    /// Returns the name; `scratch` holds it where escapes were resolved.
    #[inline(always)]
    pub(super) fn name<'a>(&self, text: Text<'a>, scratch: &'a mut Vec<u8>) -> &'a [u8] {
        let raw = self.raw(text);
        if self.has_escapes { resolved(raw, scratch) } else { raw }
    }

    /// Returns the name as it stands.
    #[inline(always)]
    pub(super) fn raw<'a>(&self, text: Text<'a>) -> &'a [u8] {
        &text.bytes()[self.at + 1..=self.at + self.length]
    }
}

/// The members of an object, one after another.
pub(super) struct Members<'a> {
    names: &'static Names,
    follows: &'a mut Follows,
    /// The name before.
    pub(super) before: Id,
    /// What stands before the next name: the object's bracket, then a comma.
    separator: u8,
}

impl<'a> Members<'a> {
    #[inline(always)]
    pub(super) fn new(names: &'static Names, follows: &'a mut Follows) -> Self {
        Self { names, follows, before: OTHER, separator: b'{' }
    }

    /// Reads the next name, which `at` is before: at the object's bracket or behind the value before. Returns what it means and
    /// where its value begins, or [`Meaning::END`] and the place behind the object.
    #[inline(always)]
    pub(super) fn next(&mut self, text: Text<'_>, at: usize) -> Result<(Meaning, usize), Stop> {
        let [likely, other] = self.follows.behind(self.before);
        let own = self.names.entry(likely);
        let (name, separator) = text.name(at);
        if separator == self.separator && own.stands_in(name) {
            self.separator = b',';
            self.before = likely;
            return Ok((own.meaning(), at + 1 + own.written_length()));
        }
        let own = self.names.entry(other);
        if separator == self.separator && own.stands_in(name) {
            self.follows.note(self.before, other);
            self.separator = b',';
            self.before = other;
            return Ok((own.meaning(), at + 1 + own.written_length()));
        }
        let (id, value) = any_name(self.names, self.follows, (self.before, self.separator), text, at)?;
        if id == END {
            return Ok((Meaning::END, value));
        }
        self.separator = b',';
        self.before = id;
        Ok((self.names.entry(id).meaning(), value))
    }
}

impl Members<'_> {
    /// Reads the value behind a name, which is noted: returns where it stands and the place behind it.
    ///
    /// Where a string ends is known only when its bytes are there and compared, and what follows waits for that. A string of
    /// the same length as the one before ends where that one did: then nothing waits, and the comparison says only that it was so.
    #[inline(always)]
    pub(super) fn value<B: Blocks>(
        &mut self,
        blocks: B,
        text: Text<'_>,
        at: usize,
        meaning: Meaning,
    ) -> Result<(Span, usize), Stop> {
        let mut at = at;
        let mut first = text.byte(at);
        if first <= b' ' {
            at = text.skip_space(at);
            first = text.byte(at);
        }
        if first == b'"' {
            let start = at + 1;
            let plain = |length: usize| (Span::new(start, start + length, Kind::Plain), start + length + 1);
            if let Some(block) = text.block(start) {
                let ends = blocks.ends(block);
                let in_text = |length: usize| start + length < text.length();
                if meaning.is_of_one_length() {
                    let length = self.follows.length(self.before);
                    let is_first = ends & (u64::MAX >> (63 - length)) == 1 << length;
                    if is_first && block[length] == b'"' && in_text(length) {
                        return Ok(plain(length));
                    }
                }
                let length = ends.trailing_zeros() as usize;
                if ends != 0 && block[length % 64] == b'"' && in_text(length) {
                    self.follows.note_length(self.before, length);
                    return Ok(plain(length));
                }
            }
            let (end, has_escapes) = blocks.apart(LongString { text, at: start })?;
            let kind = if has_escapes { Kind::Escaped } else { Kind::Plain };
            return Ok((Span::new(start, end, kind), end + 1));
        }
        if matches!(first, b'{' | b'[') {
            return Ok((Span::default(), blocks.apart(Container { text, at })?));
        }
        match text.word(at) {
            Some(own) if own == *b"true" => Ok((Span::new(at, at + 4, Kind::Bare), at + 4)),
            Some(own) if own == *b"fals" && text.byte(at + 4) == b'e' => {
                Ok((Span::new(at, at + 5, Kind::Bare), at + 5))
            }
            Some(own) if own == *b"null" => Ok((Span::default(), at + 4)),
            _ => bare_span(text, at),
        }
    }
}

/// What stands for the end of an object instead of a name.
const END: Id = usize::MAX;

/// Reads the name of a member of any kind behind another and a separator; returns which it is and where its value begins, or
/// [`END`] and the place behind the object.
#[inline(never)]
fn any_name(
    names: &Names,
    follows: &mut Follows,
    (before, separator): (Id, u8),
    text: Text<'_>,
    at: usize,
) -> Result<(Id, usize), Stop> {
    if let Some(known) = follows.spelled.find(before, separator, text, at) {
        return Ok(known);
    }
    let start = match if separator == b'{' { first_member(text, at) } else { next_member(text, at)? } {
        Ok(start) => start,
        Err(end) => return Ok((END, end)),
    };
    let own = member(text, start)?;
    let raw = own.raw(text);
    let id = if own.has_escapes { escaped_name(raw, names) } else { names.find_any(raw) };
    follows.note(before, id);
    if own.has_escapes || own.value - at > raw.len() + 4 {
        let written = text.bytes().get(at..own.value).unwrap_or_default();
        follows.spelled.note(before, separator, written, id);
    }
    Ok((id, own.value))
}

/// Tells which a name with escapes is, which no log has and any text may.
#[cold]
fn escaped_name(raw: &[u8], names: &Names) -> Id {
    // Of one letter no more than six bytes are made, and no name in the table is longer.
    if raw.len() > 6 * LONGEST {
        return OTHER;
    }
    let mut name = [0; LONGEST];
    let (mut rest, mut length) = (raw, 0);
    while let Some(first) = rest.first() {
        let (mut letter, mut taken) = (*first, 1);
        if letter == b'\\' {
            let (own, length) = escape(rest);
            let Some(own) = own.and_then(|own| u8::try_from(own).ok()).filter(u8::is_ascii) else {
                return OTHER;
            };
            (letter, taken) = (own, length);
        }
        let Some(place) = name.get_mut(length) else { return OTHER };
        *place = letter;
        length += 1;
        rest = &rest[taken..];
    }
    names.find(&name, length)
}

/// Returns where a number or a word stands, and the place behind it.
#[inline(never)]
fn bare_span(text: Text<'_>, at: usize) -> Result<(Span, usize), Stop> {
    let end = scalar_end(text, at)?;
    let is_null = text.byte(at) == b'n';
    Ok((if is_null { Span::default() } else { Span::new(at, end, Kind::Bare) }, end))
}

/// Finding the end of a string.
struct LongString<'a> {
    text: Text<'a>,
    at: usize,
}

impl Task for LongString<'_> {
    type Output = Result<(usize, bool), Stop>;

    #[inline(always)]
    fn run<B: Blocks>(self, blocks: B) -> Self::Output {
        string_end(blocks, self.text, self.at)
    }
}

/// Finding the end of a container.
struct Container<'a> {
    text: Text<'a>,
    at: usize,
}

impl Task for Container<'_> {
    type Output = Result<usize, Stop>;

    #[inline(always)]
    fn run<B: Blocks>(self, blocks: B) -> Self::Output {
        container_end(blocks, self.text, self.at)
    }
}

/// Reads a name and the colon, of any length, with escapes and white space. `at` is the name's opening quote.
#[inline(never)]
pub(super) fn member(text: Text<'_>, at: usize) -> Result<Member, Stop> {
    if text.byte(at) != b'"' {
        return Err(stop(text, at));
    }
    let start = at + 1;
    let (end, has_escapes) = string_end(Portable, text, start)?;
    let mut value = end + 1;
    if text.byte(value) != b':' {
        value = text.skip_space(value);
        if text.byte(value) != b':' {
            return Err(stop(text, value));
        }
    }
    value = text.skip_space(value + 1);
    Ok(Member { at, length: end - start, has_escapes, value })
}

/// Returns the place behind a member's value: the next name, or the place behind the object.
#[inline(always)]
pub(super) fn next_member(text: Text<'_>, at: usize) -> Result<Result<usize, usize>, Stop> {
    if text.has(at, *b",\"") {
        return Ok(Ok(at + 1));
    }
    let at = text.skip_space(at);
    match text.byte(at) {
        b',' => Ok(Ok(text.skip_space(at + 1))),
        b'}' if at < text.length() => Ok(Err(at + 1)),
        _ => Err(stop(text, at)),
    }
}

/// Returns the place of an object's first name, or the place behind an object without members.
#[inline(always)]
fn first_member(text: Text<'_>, at: usize) -> Result<usize, usize> {
    let at = text.skip_space(at + 1);
    if text.byte(at) == b'}' && at < text.length() { Err(at + 1) } else { Ok(at) }
}
