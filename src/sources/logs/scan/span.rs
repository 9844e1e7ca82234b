//! Where a value stands in a text.

use super::text::Text;
use super::values::unescape;

/// What a value is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(in crate::sources::logs) enum Kind {
    /// There is none, or it is `null` or a container.
    #[default]
    Absent,
    /// A string without escapes.
    Plain,
    /// A string with escapes.
    Escaped,
    /// A number, `true` or `false`.
    Bare,
}

/// Where a value stands, in one word: a string's content, or a number or word. From the lowest bit on 32 bits are the start, 30
/// the length and two the kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(in crate::sources::logs) struct Span(u64);

/// Where length and kind stand in a span.
const LENGTH: u32 = 32;
const KIND: u32 = 62;

impl Span {
    /// Returns the bytes of a string; `scratch` holds them where escapes were resolved. Nothing else is a string.
    #[inline(always)]
    pub(in crate::sources::logs) fn string<'a>(
        self,
        text: Text<'a>,
        scratch: &'a mut Vec<u8>,
    ) -> Option<&'a [u8]> {
        match self.kind() {
            Kind::Plain => Some(self.raw(text)),
            Kind::Escaped => Some(resolved(self.raw(text), scratch)),
            Kind::Absent | Kind::Bare => None,
        }
    }

    /// Returns the bytes as they stand, of any kind.
    #[inline(always)]
    pub(in crate::sources::logs) fn raw(self, text: Text<'_>) -> &[u8] {
        let start = self.start();
        let length = (self.0 >> LENGTH & 0x3FFF_FFFF) as usize;
        &text.bytes()[start..start + length]
    }

    #[inline(always)]
    pub(in crate::sources::logs) fn kind(self) -> Kind {
        match self.0 >> KIND {
            0 => Kind::Absent,
            1 => Kind::Plain,
            2 => Kind::Escaped,
            _ => Kind::Bare,
        }
    }

    /// Tells whether it is this string.
    pub(in crate::sources::logs) fn is(self, text: Text<'_>, wanted: &[u8]) -> bool {
        match self.kind() {
            Kind::Plain => self.raw(text) == wanted,
            Kind::Escaped => self.string(text, &mut Vec::new()) == Some(wanted),
            Kind::Absent | Kind::Bare => false,
        }
    }

    #[inline(always)]
    pub(super) fn start(self) -> usize {
        (self.0 & 0xFFFF_FFFF) as usize
    }

    /// Returns the same, so many bytes further on.
    #[inline(always)]
    pub(super) fn moved(self, by: usize) -> Self {
        Self(self.0 + by as u64)
    }

    /// Returns the same, so many bytes further back. Where nothing stands, it stays as it is.
    pub(super) fn moved_back(self, by: usize) -> Self {
        if self.kind() == Kind::Absent { Self::default() } else { Self(self.0 - by as u64) }
    }

    #[inline(always)]
    pub(super) fn new(start: usize, end: usize, kind: Kind) -> Self {
        // A text in memory is never 1 GiB.
        Self(start as u64 | ((end - start) as u64) << LENGTH | (kind as u64) << KIND)
    }
}

/// Resolves the escapes of a string.
#[cold]
pub(super) fn resolved<'a>(raw: &[u8], scratch: &'a mut Vec<u8>) -> &'a [u8] {
    scratch.clear();
    unescape(raw, scratch);
    scratch
}
