//! Text that blocks can be read from up to its last byte.

/// Bytes that must stand behind a text, so that a block can begin at its last byte.
pub(in crate::sources::logs) const PADDING: usize = 128;

/// A text with padding behind it.
#[derive(Debug, Clone, Copy)]
pub(in crate::sources::logs) struct Text<'a> {
    padded: &'a [u8],
}

impl<'a> Text<'a> {
    /// Takes bytes of which the last [`PADDING`] are padding.
    pub(in crate::sources::logs) fn new(padded: &'a [u8]) -> Self {
        Self { padded: if padded.len() < PADDING { &[0; PADDING] } else { padded } }
    }

    /// Returns the bytes without the padding.
    pub(in crate::sources::logs) fn bytes(self) -> &'a [u8] {
        &self.padded[..self.length()]
    }

    #[inline(always)]
    pub(super) fn length(self) -> usize {
        self.padded.len() - PADDING
    }

    /// Returns a byte; behind the text it is padding.
    #[inline(always)]
    pub(super) fn byte(self, at: usize) -> u8 {
        self.padded[at]
    }

    /// Returns the 64 bytes from a place on; nothing beyond the text's end.
    #[inline(always)]
    pub(super) fn block(self, at: usize) -> Option<&'a [u8; 64]> {
        self.padded.get(at..)?.first_chunk()
    }

    /// Returns the bytes from a place on, as many as there is padding; nothing beyond the text's end.
    #[inline(always)]
    pub(super) fn window(self, at: usize) -> Option<&'a [u8; PADDING]> {
        self.padded.get(at..)?.first_chunk()
    }

    /// Returns the bytes behind a place that a name may have, and the byte that stands there; beyond the text's end zeros.
    #[inline(always)]
    pub(super) fn name(self, at: usize) -> (&'a [u8; 32], u8) {
        let own: Option<&[u8; 33]> = self.padded.get(at..).and_then(<[u8]>::first_chunk);
        match own.and_then(|own| own.split_first()) {
            Some((first, rest)) => (rest.first_chunk().unwrap_or(&[0; 32]), *first),
            None => (&[0; 32], 0),
        }
    }

    /// Returns four bytes where no fewer than five stand.
    #[inline(always)]
    pub(super) fn word(self, at: usize) -> Option<[u8; 4]> {
        if at + 4 < self.length() { self.padded.get(at..)?.first_chunk().copied() } else { None }
    }

    /// Tells whether these two bytes stand next.
    #[inline(always)]
    pub(super) fn has(self, at: usize, pair: [u8; 2]) -> bool {
        self.padded.get(at..at.wrapping_add(2)).is_some_and(|own| *own == pair)
    }

    /// Returns the first place from `at` on that is no white space.
    #[inline(always)]
    pub(super) fn skip_space(self, mut at: usize) -> usize {
        while matches!(self.byte(at), b' ' | b'\n' | b'\r' | b'\t') {
            at += 1;
        }
        at
    }
}

/// Returns a text with its padding, which is no white space.
#[cfg(test)]
pub(in crate::sources::logs) fn padded(text: &str) -> Vec<u8> {
    let mut own = text.as_bytes().to_vec();
    own.resize(own.len() + PADDING, 0);
    own
}
