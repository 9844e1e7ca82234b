//! One file per command.

mod compare;
mod estimate;
mod free_tiers;
<<<<<<< HEAD
mod measure_bill;
=======
mod measure_aws;
>>>>>>> main
mod prepared;
mod pricing;
mod run;
mod scenario;

pub(super) use run::run;
