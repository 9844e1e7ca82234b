//! A root module of Terraform for what a scenario describes: one trail with everything that makes its logs safe to keep,
//! hard to change, and heard of.
//!
//! In: a [`Model`](crate::domain::Model). Out: a [`ModuleDesign`], whose model is what the module makes, with the scenario's volumes;
//! and the files of the module. Must not know: prices, where files are written. What it costs is handed over in words.
//!
//! ```text
//! let design = design(&model, &ModuleOptions::default())?;   // then let the adviser set its lifecycle, and price it
//! for file in design.files(&costs)? { write(folder.join(&file.path), &file.text) }
//! ```
//!
//! Names of a scenario stand in `terraform.tfvars` and in selectors only, quoted; whatever they contain, the code stays the same.
//! Regions and accounts are variables. What a scenario cannot know (addresses, the organization's id) is marked to be
//! filled in, and refused by Terraform until it is.

mod alerting;
mod athena;
mod design;
mod error;
mod files;
mod monitored;
mod readme;
mod trail;
mod values;

pub use design::{ModuleDesign, ModuleOptions, design};
pub use error::ModuleError;
pub use readme::{ModuleCostRow, ModuleCosts};
