#![no_main]
#![allow(dead_code, unused_imports, reason = "the tests' support has more than this target needs")]

#[path = "../../tests/it/support/log_corpus/mod.rs"]
mod log_corpus;
#[path = "../../tests/it/support/log_fuzz.rs"]
mod log_fuzz;
#[path = "../../tests/it/support/log_reference/mod.rs"]
mod log_reference;
#[path = "../measured.rs"]
mod measured;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| log_fuzz::scanner(bytes, measured::measured));
