//! Where quotes, backslashes and brackets are in 64 bytes of text.

/// Where strings and containers begin and end in 64 bytes: bit n is byte n.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::sources::logs) struct Brackets {
    pub(in crate::sources::logs) quotes: u64,
    pub(in crate::sources::logs) backslashes: u64,
    /// `{`, `[`, `}` and `]`.
    pub(in crate::sources::logs) either: u64,
}

/// How masks are made: by vector instructions, or portably.
pub(in crate::sources::logs) trait Blocks: Copy {
    /// Returns quotes and backslashes.
    fn strings(self, block: &[u8; 64]) -> (u64, u64);
    /// Returns quotes and backslashes in one.
    #[inline(always)]
    fn ends(self, block: &[u8; 64]) -> u64 {
        let (quotes, backslashes) = self.strings(block);
        quotes | backslashes
    }
    /// Returns quotes, backslashes and brackets.
    fn brackets(self, block: &[u8; 64]) -> Brackets;
    /// Returns which of the brackets open; of other bytes it says nothing.
    fn opens(self, block: &[u8; 64]) -> u64;
    /// Returns for each bit whether an odd number of bits is set up to and with it.
    fn prefix_xor(self, bits: u64) -> u64;
    /// Does something in a function of its own, so that what surrounds it stays small.
    fn apart<T: Task>(self, task: T) -> T::Output;
}

/// Something to be done with masks of some kind. (A closure would not be compiled with the vector instructions.)
pub(in crate::sources::logs) trait Task {
    /// What comes of it.
    type Output;
    /// Does it.
    fn run<B: Blocks>(self, blocks: B) -> Self::Output;
}

/// Masks without vector instructions, eight bytes at a time.
#[derive(Debug, Clone, Copy)]
pub(in crate::sources::logs) struct Portable;

const LOW: u64 = 0x0101_0101_0101_0101;
const HIGH: u64 = 0x8080_8080_8080_8080;

/// Returns eight bits, one for each byte of the word that equals `byte`.
#[inline(always)]
fn equal(word: u64, byte: u8) -> u64 {
    let differ = word ^ (LOW * u64::from(byte));
    // The high bit of each byte that is zero; no carry runs from byte to byte.
    let zero = !(((differ & !HIGH) + !HIGH) | differ | !HIGH);
    // Gathers the eight high bits.
    (zero >> 7).wrapping_mul(0x0102_0408_1020_4080) >> 56
}

#[inline(always)]
fn words(block: &[u8; 64]) -> impl Iterator<Item = (u32, u64)> {
    (0_u32..).step_by(8).zip(block.chunks_exact(8).map(|own| {
        let mut word = [0; 8];
        word.copy_from_slice(own);
        u64::from_le_bytes(word)
    }))
}

impl Blocks for Portable {
    #[inline(always)]
    fn strings(self, block: &[u8; 64]) -> (u64, u64) {
        let (mut quotes, mut backslashes) = (0, 0);
        for (at, word) in words(block) {
            quotes |= equal(word, b'"') << at;
            backslashes |= equal(word, b'\\') << at;
        }
        (quotes, backslashes)
    }

    #[inline(always)]
    fn brackets(self, block: &[u8; 64]) -> Brackets {
        let mut own = Brackets { quotes: 0, backslashes: 0, either: 0 };
        for (at, word) in words(block) {
            own.quotes |= equal(word, b'"') << at;
            own.backslashes |= equal(word, b'\\') << at;
            // `[` and `{`, `]` and `}` differ in this bit alone.
            let folded = word | (LOW * 0x20);
            own.either |= (equal(folded, b'{') | equal(folded, b'}')) << at;
        }
        own
    }

    #[inline(always)]
    fn opens(self, block: &[u8; 64]) -> u64 {
        words(block).fold(0, |mask, (at, word)| mask | equal(word & (LOW * 2), 2) << at)
    }

    #[inline(always)]
    fn prefix_xor(self, bits: u64) -> u64 {
        let mut own = bits;
        for shift in [1, 2, 4, 8, 16, 32] {
            own ^= own << shift;
        }
        own
    }

    #[inline(never)]
    fn apart<T: Task>(self, task: T) -> T::Output {
        task.run(self)
    }
}

/// Returns the bytes that a backslash before them escapes. `carry` is 1 where the last byte of the block before was
/// such a backslash, and is set for the next block.
#[inline(always)]
pub(super) fn escaped(backslashes: u64, carry: &mut u64) -> u64 {
    if backslashes | *carry == 0 {
        return 0;
    }
    let (mask, next) = escaped_by(backslashes, *carry);
    *carry = next;
    mask
}

#[cold]
#[inline(never)]
fn escaped_by(backslashes: u64, carry: u64) -> (u64, u64) {
    const EVEN: u64 = 0x5555_5555_5555_5555;
    let backslashes = backslashes & !carry;
    let follows = (backslashes << 1) | carry;
    // Runs that start at an odd place are carried one further, so that their ends change sides.
    let odd_starts = backslashes & !EVEN & !follows;
    let (sequences, overflows) = odd_starts.overflowing_add(backslashes);
    ((EVEN ^ (sequences << 1)) & follows, u64::from(overflows))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn slow(block: &[u8; 64], bytes: &[u8]) -> u64 {
        (0..64).filter(|at| bytes.contains(&block[*at])).fold(0, |mask, at| mask | (1 << at))
    }

    fn blocks() -> impl Strategy<Value = [u8; 64]> {
        let bytes =
            prop_oneof![Just(b'"'), Just(b'\\'), Just(b'{'), Just(b'}'), Just(b'['), Just(b']'), any::<u8>()];
        proptest::collection::vec(bytes, 64).prop_map(|own| own.try_into().unwrap())
    }

    fn check(own: impl Blocks, block: &[u8; 64], bits: u64) -> Result<(), TestCaseError> {
        let expected = Brackets {
            quotes: slow(block, b"\""),
            backslashes: slow(block, b"\\"),
            either: slow(block, b"{[}]"),
        };
        prop_assert_eq!(own.opens(block) & expected.either, slow(block, b"{["));
        prop_assert_eq!(own.strings(block), (expected.quotes, expected.backslashes));
        prop_assert_eq!(own.ends(block), expected.quotes | expected.backslashes);
        prop_assert_eq!(own.brackets(block), expected);
        let parity = (0..64).fold(0_u64, |mask, at| {
            let ones = (bits & (u64::MAX >> (63 - at))).count_ones();
            mask | (u64::from(ones % 2) << at)
        });
        prop_assert_eq!(own.prefix_xor(bits), parity);
        Ok(())
    }

    proptest! {
        #[test]
        fn masks_are_what_a_look_at_each_byte_says(block in blocks(), bits: u64) {
            check(Portable, &block, bits)?;
            #[cfg(target_arch = "x86_64")]
            {
                use crate::sources::logs::raw::{Avx2, Avx512};
                if let Some(fast) = Avx2::detect() {
                    check(fast, &block, bits)?;
                }
                if let Some(fast) = Avx512::detect() {
                    check(fast, &block, bits)?;
                }
            }
        }

        #[test]
        fn escapes_run_over_the_edges_of_blocks(text in proptest::collection::vec(prop_oneof![Just(b'\\'), Just(b'a')], 256)) {
            let mut carry = 0;
            let mut found = Vec::new();
            for block in text.chunks(64) {
                let block: [u8; 64] = block.try_into().unwrap();
                let (_, backslashes) = Portable.strings(&block);
                let mask = escaped(backslashes, &mut carry);
                found.extend((0..64).map(|at| mask >> at & 1 == 1));
            }
            let mut expected = vec![false; 256];
            let mut at = 0;
            while at < 256 {
                if text[at] == b'\\' {
                    if at + 1 < 256 { expected[at + 1] = true; }
                    at += 1;
                }
                at += 1;
            }
            prop_assert_eq!(found, expected);
        }
    }
}
