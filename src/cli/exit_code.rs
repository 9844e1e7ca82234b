//! Exit codes. They are part of the interface: scripts and CI rely on them.

/// Done.
pub const DONE: u8 = 0;
/// A difference, a threshold or a policy violation was found.
pub const FOUND: u8 = 1;
/// Wrong arguments.
pub const USAGE: u8 = 2;
/// An input file is wrong or cannot be read.
pub const BAD_INPUT: u8 = 3;
/// A price is missing (everything else was priced and shown) or ambiguous.
pub const PRICE: u8 = 4;
/// Nothing could be read from AWS.
pub const NOT_READ: u8 = 5;
/// Output could not be written.
pub const NOT_WRITTEN: u8 = 6;
/// A bug of ours.
pub const BUG: u8 = 70;
/// Interrupted by Ctrl-C (the shell's own 128 + 2).
pub const INTERRUPTED: u8 = 130;

/// Every exit code with its meaning, as the README lists them.
pub const ALL: [(u8, &str); 9] = [
    (DONE, "done"),
    (FOUND, "a difference, a threshold or a policy violation was found"),
    (USAGE, "wrong arguments"),
    (BAD_INPUT, "an input file is wrong or cannot be read"),
    (PRICE, "a price is missing (the rest was priced and shown) or ambiguous"),
    (NOT_READ, "nothing could be read from AWS"),
    (NOT_WRITTEN, "output could not be written"),
    (BUG, "a bug in trailcost"),
    (INTERRUPTED, "interrupted by Ctrl-C"),
];
