//! What stands in one column of one row.

use super::super::clean::csv_field;
use crate::domain::{Date, Money, Quantity};
use std::borrow::Cow;
use std::fmt;

/// A value of a row; the encoders know nothing else of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cell<'a> {
    /// Not known, or there is none.
    Null,
    /// A text, harmless already.
    Text(Cow<'a, str>),
    /// An amount or a unit price, exact to 10⁻²⁴.
    Money(Money),
    /// A quantity, exact to 10⁻¹².
    Quantity(Quantity),
    /// Midnight (UTC) at the beginning of a day.
    Time(Date),
    /// A count.
    Count(u64),
    /// Yes or no.
    Flag(bool),
}

impl<'a> Cell<'a> {
    /// Takes a word of our own.
    pub(super) fn word(text: &'static str) -> Self {
        Self::Text(Cow::Borrowed(text))
    }

    /// Takes a text from outside, made harmless; nothing of an empty one.
    pub(super) fn text(text: &'a str) -> Self {
        if text.is_empty() {
            return Self::Null;
        }
        let is_plain = |byte: u8| byte.is_ascii_graphic() || byte == b' ';
        let begins_plainly = !text.starts_with(['=', '+', '-', '@']);
        if begins_plainly && text.bytes().all(is_plain) {
            return Self::Text(Cow::Borrowed(text));
        }
        Self::Text(Cow::Owned(csv_field(text)))
    }

    /// Takes a text from outside, if there is one.
    pub(super) fn of(text: Option<&'a str>) -> Self {
        text.map_or(Self::Null, Self::text)
    }

    /// Takes an amount, if it is known.
    pub(super) fn money(amount: Option<Money>) -> Self {
        amount.map_or(Self::Null, Self::Money)
    }

    /// Takes a quantity, if it is known.
    pub(super) fn quantity(quantity: Option<Quantity>) -> Self {
        quantity.map_or(Self::Null, Self::Quantity)
    }
}

impl fmt::Display for Cell<'_> {
    /// Writes what stands in a csv file: nothing for null, exact decimals, times as `2026-01-01T00:00:00Z`.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => Ok(()),
            Self::Text(text) => formatter.write_str(text),
            Self::Money(amount) => amount.fmt(formatter),
            Self::Quantity(quantity) => quantity.fmt(formatter),
            Self::Time(day) => write!(formatter, "{day}T00:00:00Z"),
            Self::Count(count) => count.fmt(formatter),
            Self::Flag(flag) => flag.fmt(formatter),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_from_outside_are_harmless() {
        for (text, expected) in [
            ("plain text", "plain text"),
            ("=cmd|' /C calc'!A0", "'=cmd|' /C calc'!A0"),
            ("-1", "'-1"),
            ("a\u{202e}b\nc", "a\u{fffd}b\u{fffd}c"),
            ("\tx", "'\u{fffd}x"),
            ("Zürich", "Zürich"),
            ("", ""),
        ] {
            assert_eq!(Cell::text(text).to_string(), expected, "{text:?}");
        }
        assert_eq!(Cell::text(""), Cell::Null);
    }
}
