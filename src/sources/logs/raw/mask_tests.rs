//! Masks by vector instructions, against a look at each byte.

use super::{Avx2, Avx512};
use crate::sources::logs::scan::{Blocks, Task};

/// A block of which some bytes matter, and the masks made of it one byte at a time.
fn block(seed: u64) -> [u8; 64] {
    let mut state = seed;
    std::array::from_fn(|_| {
        state = state.wrapping_mul(0x5851_F42D_4C95_7F2D).wrapping_add(0x1405_7B7E_F767_814F);
        b"\"\\{}[]a\0\xFB\xFD\x7F\xDB;=+-"[(state >> 60) as usize]
    })
}

struct Masks(u64);
impl Task for Masks {
    type Output = ();
    fn run<B: Blocks>(self, blocks: B) {
        let block = block(self.0);
        let slow = |bytes: &[u8]| {
            (0..64).filter(|at| bytes.contains(&block[*at])).fold(0_u64, |mask, at| mask | 1 << at)
        };
        let found = blocks.brackets(&block);
        assert_eq!((found.quotes, found.backslashes), (slow(b"\""), slow(b"\\")));
        assert_eq!(blocks.strings(&block), (found.quotes, found.backslashes));
        assert_eq!(blocks.ends(&block), found.quotes | found.backslashes);
        assert_eq!(found.either, slow(b"{}[]"));
        assert_eq!(blocks.opens(&block) & found.either, slow(b"{["));
        let parity = (0..64).fold(0_u64, |mask, at| {
            mask | u64::from((found.quotes & (u64::MAX >> (63 - at))).count_ones() % 2) << at
        });
        assert_eq!(blocks.prefix_xor(found.quotes), parity);
    }
}

#[test]
fn masks_are_what_a_look_at_each_byte_says() {
    // Elsewhere there is nothing to test.
    for seed in 0..if cfg!(miri) { 20 } else { 2_000 } {
        if let Some(own) = Avx2::detect() {
            own.run(Masks(seed));
        }
        if let Some(own) = Avx512::detect() {
            own.run(Masks(seed));
        }
    }
}
