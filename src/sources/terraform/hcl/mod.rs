//! Terraform's sources, read without Terraform: literal values, and what follows from them without doubt.
//!
//! In: a folder of `.tf` files. Out: the resources that they describe, with what could not be worked out. Must not know:
//! what the resources cost.

mod evaluate;
mod files;
mod functions;
mod instances;
mod modules;
mod overrides;
mod policies;
mod project;
mod scope;
mod types;

pub(super) use modules::read;
pub(super) use project::{Kept, project};
