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

mod member;
#[cfg(target_arch = "x86_64")]
mod vectors;

pub(super) use member::{Inflater, MemberError};
#[cfg(target_arch = "x86_64")]
pub(super) use vectors::Avx2;

/// Whether tests want the machine taken for one without vector instructions.
#[cfg(test)]
pub(super) static WITHOUT_VECTORS: std::sync::atomic::AtomicBool = std::sync::atomic::AtomicBool::new(false);
