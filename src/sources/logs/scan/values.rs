//! Where values end.

use super::blocks::{Blocks, escaped};
use super::text::Text;

/// Why a value was not read to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stop {
    /// The text ends before it does.
    Incomplete,
    /// Something stands there that no JSON has.
    Bad,
}

/// Returns what a byte that no value begins with means.
#[inline(always)]
pub(super) fn stop(text: Text<'_>, at: usize) -> Stop {
    if at >= text.length() { Stop::Incomplete } else { Stop::Bad }
}

/// Returns where the closing quote of a string is, and whether a backslash stands before it. `at` is behind the opening
/// quote.
#[inline(always)]
pub(super) fn string_end<B: Blocks>(blocks: B, text: Text<'_>, mut at: usize) -> Result<(usize, bool), Stop> {
    let mut carry = 0;
    let mut has_escapes = false;
    loop {
        let Some(block) = text.block(at) else { return Err(Stop::Incomplete) };
        let (quotes, backslashes) = blocks.strings(block);
        let ends = quotes & !escaped(backslashes, &mut carry);
        if ends != 0 {
            let length = ends.trailing_zeros();
            let end = at + length as usize;
            if end >= text.length() {
                return Err(Stop::Incomplete);
            }
            return Ok((end, has_escapes || backslashes & ((1 << length) - 1) != 0));
        }
        has_escapes |= backslashes != 0;
        at += 64;
    }
}

/// Returns the place behind the container that begins at `at`. Brackets are counted, not matched by kind.
#[inline(always)]
pub(super) fn container_end<B: Blocks>(blocks: B, text: Text<'_>, mut at: usize) -> Result<usize, Stop> {
    let mut carry = 0;
    let mut in_string = 0;
    let mut depth = 0;
    loop {
        let Some(block) = text.block(at) else { return Err(Stop::Incomplete) };
        let own = blocks.brackets(block);
        let quotes = own.quotes & !escaped(own.backslashes, &mut carry);
        let strings = blocks.prefix_xor(quotes) ^ in_string;
        // All bits are the highest one: whether the block ends within a string.
        in_string = (strings.cast_signed() >> 63).cast_unsigned();
        let brackets = own.either & !strings;
        if brackets != 0 {
            let opens = brackets & blocks.opens(block);
            let mut closes = brackets & !opens;
            if depth <= closes.count_ones() {
                // Brackets closed up to this one.
                let mut ended = 0;
                while closes != 0 {
                    let close = closes.trailing_zeros();
                    ended += 1;
                    if depth + (opens & ((1 << close) - 1)).count_ones() == ended {
                        let end = at + close as usize + 1;
                        return if end > text.length() { Err(Stop::Incomplete) } else { Ok(end) };
                    }
                    closes &= closes - 1;
                }
            }
            depth = depth + opens.count_ones() - (brackets & !opens).count_ones();
        }
        at += 64;
    }
}

/// Returns the place behind a number, or behind `true`, `false` or `null`.
#[inline(always)]
pub(super) fn scalar_end(text: Text<'_>, start: usize) -> Result<usize, Stop> {
    let word: &[u8] = match text.byte(start) {
        b't' => b"true",
        b'f' => b"false",
        b'n' => b"null",
        b'-' | b'0'..=b'9' => {
            let mut at = start + 1;
            while matches!(text.byte(at), b'0'..=b'9' | b'+' | b'-' | b'.' | b'e' | b'E') {
                at += 1;
            }
            return Ok(at);
        }
        _ => return Err(stop(text, start)),
    };
    let rest = &text.bytes()[start..];
    if rest.starts_with(word) {
        Ok(start + word.len())
    } else {
        Err(if word.starts_with(rest) { Stop::Incomplete } else { Stop::Bad })
    }
}

/// Returns the place behind a value of any kind.
#[inline(always)]
pub(super) fn value_end<B: Blocks>(blocks: B, text: Text<'_>, at: usize) -> Result<usize, Stop> {
    match text.byte(at) {
        b'"' => string_end(blocks, text, at + 1).map(|(end, _)| end + 1),
        b'{' | b'[' => container_end(blocks, text, at),
        _ => scalar_end(text, at),
    }
}

/// Appends a string's content with its escapes resolved. What is no escape stays as it is.
pub(in crate::sources::logs) fn unescape(raw: &[u8], out: &mut Vec<u8>) {
    // No escape is shorter than what it stands for.
    out.reserve(raw.len());
    let mut rest = raw;
    while let Some(at) = rest.iter().position(|own| *own == b'\\') {
        out.extend_from_slice(&rest[..at]);
        rest = &rest[at..];
        if let Some(letter) = short_unicode(rest) {
            out.push(letter);
            rest = &rest[6..];
            continue;
        }
        let (letter, taken) = escape(rest);
        if let Some(own) = letter {
            out.extend_from_slice(own.encode_utf8(&mut [0; 4]).as_bytes());
        }
        rest = &rest[taken..];
    }
    out.extend_from_slice(rest);
}

/// Values of hexadecimal digits; 16 for all else.
const DIGITS: [u8; 256] = {
    let (mut own, mut digit) = ([16; 256], 0_u8);
    while digit < 16 {
        own[b"0123456789abcdef"[digit as usize] as usize] = digit;
        own[b"0123456789ABCDEF"[digit as usize] as usize] = digit;
        digit += 1;
    }
    own
};

/// Reads `\u` with four digits that stand for a letter of ASCII.
#[inline(always)]
fn short_unicode(text: &[u8]) -> Option<u8> {
    let [b'\\', b'u', b'0', b'0', high, low, ..] = text else { return None };
    let (high, low) = (DIGITS[usize::from(*high)], DIGITS[usize::from(*low)]);
    (high < 8 && low < 16).then_some(high << 4 | low)
}

/// Reads what a backslash begins; returns the letter it stands for, and how many bytes that takes. A backslash before a byte that
/// is no ASCII stands for nothing, and one at the end for itself.
pub(super) fn escape(text: &[u8]) -> (Option<char>, usize) {
    let Some(kind) = text.get(1) else { return (Some('\\'), 1) };
    let letter = match kind {
        b'n' => '\n',
        b't' => '\t',
        b'r' => '\r',
        b'b' => '\u{8}',
        b'f' => '\u{c}',
        b'u' => {
            let (letter, taken) = unicode(text);
            return (Some(letter), taken);
        }
        other if other.is_ascii() => char::from(*other),
        _ => return (None, 1),
    };
    (Some(letter), 2)
}

/// Reads `\u` with four hexadecimal digits, or two of them that make one character; returns it and how many bytes it takes.
fn unicode(text: &[u8]) -> (char, usize) {
    let unit = |at: usize| -> Option<u32> {
        let own: &[u8; 6] = text.get(at..)?.first_chunk()?;
        let digits = own.strip_prefix(b"\\u")?;
        digits.iter().try_fold(0, |sum, own| Some(sum << 4 | char::from(*own).to_digit(16)?))
    };
    let Some(first) = unit(0) else { return (char::REPLACEMENT_CHARACTER, text.len().min(2)) };
    if let (0xD800..=0xDBFF, Some(second @ 0xDC00..=0xDFFF)) = (first, unit(6)) {
        let own = 0x1_0000 + ((first - 0xD800) << 10) + (second - 0xDC00);
        return (char::from_u32(own).unwrap_or(char::REPLACEMENT_CHARACTER), 12);
    }
    (char::from_u32(first).unwrap_or(char::REPLACEMENT_CHARACTER), 6)
}
