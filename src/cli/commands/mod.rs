//! One file per command.

mod compare;
mod estimate;
mod prepared;
mod pricing;
mod run;
mod scenario;

pub(super) use run::run;
