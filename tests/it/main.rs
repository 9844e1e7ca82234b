//! One integration binary: stage tests call stages, few tests call the command.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

mod architecture;
mod errors;
mod oracles;
mod properties;
mod support;
