//! Reading the few fields that matter out of log texts, passing over all else 64 bytes at a time.
//!
//! In: text with [`PADDING`] bytes behind it. Out: for each record where its fields stand. It reads structure (strings and
//! brackets) and does not validate what it passes over. Must not know: files, what the fields mean.
#![expect(
    clippy::inline_always,
    reason = "what is inlined is compiled with the caller's vector instructions"
)]

mod blocks;
mod feed;
mod members;
mod names;
mod record;
mod repeated;
mod span;
mod spelled;
mod text;
mod values;

#[cfg(target_arch = "x86_64")]
pub(super) use blocks::Brackets;
pub(super) use blocks::{Blocks, Task};
pub(super) use feed::{Feed, FeedEnd, Sink};
pub(super) use record::{Found, Key};
pub(super) use repeated::{PLACES as PARTS, PartNumber};
pub(super) use span::{Kind, Span};
#[cfg(test)]
pub(super) use text::padded;
pub(super) use text::{PADDING, Text};
