//! Turns the difference of two models into artefacts that are ready to apply: request files, commands, Terraform.
//!
//! In: the model as it is and the model as it should be. Out: [`Artefacts`], resource by resource, each with what undoes it.
//! Must not know: prices, why a change is wanted, where files are written.
//!
//! ```text
//! let found = artefacts(&before, &after);      // the whole plan, or one action of it
//! for file in found.files() {                  // apply.sh, undo.sh, main.tf, and the JSON that the scripts read
//!     write(folder.join(&file.path), &file.text)
//! }
//! ```
//!
//! Paths are relative, `/` between folders, and of letters that every file system takes; the scripts find their files beside
//! them, so that each folder stands alone. Logs are deleted by no command; where a setting lets AWS delete some, the script asks
//! for consent by a variable. What is changed is saved first and put back from there, for no model knows all of it. Each script may be
//! run again after it has stopped, or ended.
//!
//! Names of resources come from accounts, so that they are quoted for whatever they are put into: the shell, JSON, HCL,
//! comments and file names.

mod alerting;
mod arn;
mod artefacts;
mod basic_selectors;
mod bucket;
mod bucket_encryption;
mod bucket_replication;
mod command;
mod direct_delivery;
mod draft;
mod event_data_store;
mod growth;
mod hcl;
mod insights;
mod lifecycle;
mod log_group;
mod log_group_class;
mod module;
mod names;
mod pairs;
mod removed_trail;
mod resource;
mod saved;
mod script;
mod selection;
mod selector_limits;
mod selector_words;
mod terraform;
mod trail;
mod trail_settings;
mod trail_terraform;
mod whole_trail;

pub use artefacts::{Artefacts, ResourceChange, artefacts};
pub use command::{Command, Need};
pub use draft::File;
pub use module::{ModuleCostRow, ModuleCosts, ModuleDesign, ModuleError, ModuleOptions, design};
pub use resource::{Place, Resource, ResourceKind};
pub use selection::selectors_request;
