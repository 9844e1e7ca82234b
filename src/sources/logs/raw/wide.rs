//! Masks of 64 bytes by AVX-512 and carry-less multiplication: one comparison gives a whole mask.

use super::vectors::parity;
use crate::sources::logs::scan::{Blocks, Brackets, Task};
use std::arch::x86_64::{
    __m512i, _mm512_cmpeq_epi8_mask, _mm512_loadu_si512, _mm512_or_si512, _mm512_set1_epi8,
    _mm512_set4_epi32, _mm512_shuffle_epi8, _mm512_test_epi8_mask,
};

/// Says that this machine has AVX-512 with bytes, AVX2, carry-less multiplication and the bit instructions; whoever holds one
/// may use them.
#[derive(Debug, Clone, Copy)]
pub(in crate::sources::logs) struct Avx512(());

impl Avx512 {
    /// Returns the proof where the machine has them.
    pub(in crate::sources::logs) fn detect() -> Option<Self> {
        #[cfg(test)]
        if !super::is_wanted(super::Width::Avx512) {
            return None;
        }
        let has = is_x86_feature_detected!("avx512f")
            && is_x86_feature_detected!("avx512bw")
            && is_x86_feature_detected!("avx512vl")
            && is_x86_feature_detected!("avx2")
            && is_x86_feature_detected!("pclmulqdq")
            && is_x86_feature_detected!("bmi1")
            && is_x86_feature_detected!("bmi2")
            && is_x86_feature_detected!("lzcnt")
            && is_x86_feature_detected!("popcnt");
        has.then_some(Self(()))
    }

    /// Does something with these instructions on, so that what it inlines is compiled with them.
    pub(in crate::sources::logs) fn run<T: Task>(self, task: T) -> T::Output {
        #[target_feature(enable = "avx512f,avx512bw,avx512vl,avx2,pclmulqdq,bmi1,bmi2,lzcnt,popcnt")]
        fn with<T: Task>(own: Avx512, task: T) -> T::Output {
            task.run(own)
        }
        // SAFETY: an `Avx512` exists only where `detect` found the features.
        unsafe { with(self, task) }
    }
}

/// Loads a block.
#[inline(always)]
fn load(block: &[u8; 64]) -> __m512i {
    // SAFETY: 64 bytes can be read from the block, and unaligned loads need no alignment; AVX-512 is there because only the
    // functions of `Blocks for Avx512` come here.
    unsafe { _mm512_loadu_si512(block.as_ptr().cast()) }
}

/// Returns a bit for each byte that equals `byte`.
#[inline(always)]
fn equal(block: __m512i, byte: u8) -> u64 {
    // SAFETY: as above.
    unsafe { _mm512_cmpeq_epi8_mask(block, _mm512_set1_epi8(byte.cast_signed())) }
}

impl Blocks for Avx512 {
    #[inline(always)]
    fn strings(self, block: &[u8; 64]) -> (u64, u64) {
        let block = load(block);
        (equal(block, b'"'), equal(block, b'\\'))
    }

    #[inline(always)]
    fn brackets(self, block: &[u8; 64]) -> Brackets {
        let block = load(block);
        // As for AVX2: a byte is a bracket where, with one bit set, it is what the table has for its lower half.
        // SAFETY: as above.
        let either = unsafe {
            let (bit, table) = (_mm512_set1_epi8(0x20), _mm512_set4_epi32(0x7D << 8, 0x7B << 24, 0, 0));
            _mm512_cmpeq_epi8_mask(_mm512_or_si512(block, bit), _mm512_shuffle_epi8(table, block))
        };
        Brackets { quotes: equal(block, b'"'), backslashes: equal(block, b'\\'), either }
    }

    #[inline(always)]
    fn opens(self, block: &[u8; 64]) -> u64 {
        // `{` and `[` have the second bit set, `}` and `]` have not.
        // SAFETY: as above.
        unsafe { _mm512_test_epi8_mask(load(block), _mm512_set1_epi8(2)) }
    }

    #[inline(always)]
    fn prefix_xor(self, bits: u64) -> u64 {
        parity(bits)
    }

    #[inline(always)]
    fn apart<T: Task>(self, task: T) -> T::Output {
        self.run(task)
    }
}
