//! What a total may be when quantities are ranges: draws, each estimated exactly, and what moves the total most.
//!
//! In: a [`Model`](crate::domain::Model) with ranges, its likely usage, a rate card, a seed. Out: a [`Simulation`] of exact
//! amounts. Must not know: files, arguments, formats. Every draw takes the same road as an estimate; a volume that is
//! given directly and shares its tiers with nothing else takes a shorter one, to the same last digit.

mod columns;
mod draws;
mod effort;
mod error;
mod inputs;
mod lone;
mod result;
mod run;
mod tornado;

pub use error::SimulationError;
pub use inputs::ranged_inputs;
pub use result::{ComponentRange, Simulation, Tornado, TornadoRow};
pub use run::{Options, simulate};
