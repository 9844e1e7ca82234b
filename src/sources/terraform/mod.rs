//! Terraform's plans, states and sources: what is configured before and after an apply.
//!
//! In: the JSON of a plan or a state, or a folder of `.tf` files. Out: an inventory, settings and gaps of both sides, and
//! with the volumes of a scenario a [`Model`](crate::domain::Model) of each. Must not know: prices, output formats. Only
//! attributes that decide cost or posture are read; other values, secrets among them, are passed over.

mod address;
mod callers;
mod configuration;
mod configured;
mod error;
mod hcl;
mod kind;
mod load;
mod lower;
mod narrow;
mod plan;
mod project;
mod repository;
mod resource;
mod same;
mod state;
mod unmanaged;
mod value;
mod volumes;

pub use configured::{Configured, PlaceOptions, load, parse};
pub use error::TerraformError;
pub use lower::Side;
pub use project::project;
pub use resource::{ChangeAction, Form};
pub use volumes::{Models, models};
