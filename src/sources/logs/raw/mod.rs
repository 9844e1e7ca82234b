//! What safe Rust cannot say: libdeflate's interface, and vector instructions found at run time.
//!
//! In: slices. Out: slices, masks. The only module of the crate that may write `unsafe`; each use says why it is sound, and
//! nothing here knows what the bytes mean. Without the vector instructions the portable masks of `scan` do the same.
#![expect(unsafe_code, reason = "the interface of libdeflate and vector loads")]
#![cfg_attr(
    target_arch = "x86_64",
    expect(
        clippy::inline_always,
        reason = "what is inlined is compiled with the caller's vector instructions"
    )
)]

#[cfg(all(test, target_arch = "x86_64"))]
mod mask_tests;
mod member;
#[cfg(target_arch = "x86_64")]
mod vectors;
#[cfg(target_arch = "x86_64")]
mod wide;

pub(super) use member::{Inflater, MemberError};
#[cfg(target_arch = "x86_64")]
pub(super) use vectors::Avx2;
#[cfg(target_arch = "x86_64")]
pub(super) use wide::Avx512;

/// Vector instructions that tests want to be used at most.
#[cfg(test)]
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Width {
    None,
    Avx2,
    Avx512,
}

/// The widest that are used, in tests.
#[cfg(test)]
pub(super) static WIDEST: std::sync::atomic::AtomicU8 = std::sync::atomic::AtomicU8::new(Width::Avx512 as u8);

#[cfg(test)]
fn is_wanted(own: Width) -> bool {
    own as u8 <= WIDEST.load(std::sync::atomic::Ordering::Relaxed)
}
