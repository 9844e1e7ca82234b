//! Masks of 64 bytes by AVX2 and carry-less multiplication.

use crate::sources::logs::scan::{Blocks, Brackets, Task};
use std::arch::x86_64::{
    __m256i, _mm_clmulepi64_si128, _mm_cvtsi128_si64, _mm_set_epi64x, _mm_set1_epi8, _mm256_cmpeq_epi8,
    _mm256_loadu_si256, _mm256_movemask_epi8, _mm256_or_si256, _mm256_set_epi64x, _mm256_set1_epi8,
    _mm256_shuffle_epi8, _mm256_slli_epi16,
};

/// Says that this machine has AVX2, carry-less multiplication and the bit instructions; whoever holds one may use them.
#[derive(Debug, Clone, Copy)]
pub(in crate::sources::logs) struct Avx2(());

impl Avx2 {
    /// Returns the proof where the machine has them.
    pub(in crate::sources::logs) fn detect() -> Option<Self> {
        #[cfg(test)]
        if !super::is_wanted(super::Width::Avx2) {
            return None;
        }
        let has = is_x86_feature_detected!("avx2")
            && is_x86_feature_detected!("pclmulqdq")
            && is_x86_feature_detected!("bmi1")
            && is_x86_feature_detected!("bmi2")
            && is_x86_feature_detected!("lzcnt")
            && is_x86_feature_detected!("popcnt");
        has.then_some(Self(()))
    }

    /// Does something with these instructions on, so that what it inlines is compiled with them.
    pub(in crate::sources::logs) fn run<T: Task>(self, task: T) -> T::Output {
        #[inline(never)]
        #[target_feature(enable = "avx2,pclmulqdq,bmi1,bmi2,lzcnt,popcnt")]
        fn with<T: Task>(own: Avx2, task: T) -> T::Output {
            task.run(own)
        }
        // SAFETY: an `Avx2` exists only where `detect` found the features.
        unsafe { with(self, task) }
    }
}

/// Loads both halves of a block.
#[inline(always)]
#[expect(clippy::cast_ptr_alignment, reason = "the loads are unaligned ones")]
fn halves(block: &[u8; 64]) -> (__m256i, __m256i) {
    // SAFETY: 64 bytes can be read from the block, and unaligned loads need no alignment; AVX2 is there because only
    // the functions of `Blocks for Avx2` come here.
    unsafe {
        (
            _mm256_loadu_si256(block.as_ptr().cast::<__m256i>()),
            _mm256_loadu_si256(block.as_ptr().add(32).cast::<__m256i>()),
        )
    }
}

/// Returns a bit for each byte that equals `byte`.
#[inline(always)]
fn equal(halves: (__m256i, __m256i), byte: u8) -> u64 {
    // SAFETY: as above.
    let (low, high) = unsafe {
        let wanted = _mm256_set1_epi8(byte.cast_signed());
        (
            _mm256_movemask_epi8(_mm256_cmpeq_epi8(halves.0, wanted)),
            _mm256_movemask_epi8(_mm256_cmpeq_epi8(halves.1, wanted)),
        )
    };
    joined(low.cast_unsigned(), high.cast_unsigned())
}

/// Joins the bits of both halves.
#[inline(always)]
fn joined(low: u32, high: u32) -> u64 {
    u64::from(low) | (u64::from(high) << 32)
}

/// Returns for each bit whether an odd number of bits is set up to and with it.
#[inline(always)]
pub(super) fn parity(bits: u64) -> u64 {
    // SAFETY: carry-less multiplication is there, because only functions of `Blocks` for vector instructions come here.
    let product = unsafe {
        let all = _mm_set1_epi8(-1);
        _mm_cvtsi128_si64(_mm_clmulepi64_si128::<0>(_mm_set_epi64x(0, bits.cast_signed()), all))
    };
    product.cast_unsigned()
}

impl Blocks for Avx2 {
    #[inline(always)]
    fn strings(self, block: &[u8; 64]) -> (u64, u64) {
        let halves = halves(block);
        (equal(halves, b'"'), equal(halves, b'\\'))
    }

    #[inline(always)]
    fn ends(self, block: &[u8; 64]) -> u64 {
        let halves = halves(block);
        // SAFETY: as above.
        let ends = |own| unsafe {
            let (quote, backslash) =
                (_mm256_set1_epi8(b'"'.cast_signed()), _mm256_set1_epi8(b'\\'.cast_signed()));
            let either = _mm256_or_si256(_mm256_cmpeq_epi8(own, quote), _mm256_cmpeq_epi8(own, backslash));
            _mm256_movemask_epi8(either).cast_unsigned()
        };
        joined(ends(halves.0), ends(halves.1))
    }

    #[inline(always)]
    fn brackets(self, block: &[u8; 64]) -> Brackets {
        let halves = halves(block);
        // `[` and `{`, `]` and `}` differ in one bit, which is set here. Then a byte is a bracket where it is what the table has
        // for its lower half: `{` for 0xB, `}` for 0xD, and for all others a byte that no such byte becomes.
        // SAFETY: as above.
        let either = unsafe {
            const UPPER: i64 = 0x7B << 24 | 0x7D << 40;
            let (bit, table) = (_mm256_set1_epi8(0x20), _mm256_set_epi64x(UPPER, 0, UPPER, 0));
            let is_bracket = |own| {
                let wanted = _mm256_shuffle_epi8(table, own);
                _mm256_movemask_epi8(_mm256_cmpeq_epi8(_mm256_or_si256(own, bit), wanted)).cast_unsigned()
            };
            joined(is_bracket(halves.0), is_bracket(halves.1))
        };
        Brackets { quotes: equal(halves, b'"'), backslashes: equal(halves, b'\\'), either }
    }

    #[inline(always)]
    fn opens(self, block: &[u8; 64]) -> u64 {
        let halves = halves(block);
        // `{` and `[` have the second bit set, `}` and `]` have not: it becomes the highest.
        // SAFETY: as above.
        let has_bit = |own| unsafe { _mm256_movemask_epi8(_mm256_slli_epi16::<6>(own)).cast_unsigned() };
        joined(has_bit(halves.0), has_bit(halves.1))
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
