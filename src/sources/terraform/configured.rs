//! Both sides of a plan, a state or a folder of sources.

use super::error::TerraformError;
use super::kind::{STORE, TRAIL};
use super::load as files;
use super::lower::{Places, Side, lower};
use super::resource::{ChangeAction, Document, Form};
use crate::domain::{AccountId, RegionCode};
use crate::sources::aws::lower::unseen::Unseen;
use crate::sources::scenario::Context;
use std::collections::BTreeMap;
use std::path::Path;

/// What is known beside the files.
#[derive(Debug, Clone, Default)]
pub struct PlaceOptions {
    /// The account that is applied to, where the files do not tell.
    pub account: Option<AccountId>,
    /// The Region that is applied to, where the files do not tell.
    pub region: Option<RegionCode>,
    /// The account to take where neither tells, such as the only one of a scenario.
    pub likely_account: Option<AccountId>,
}

/// What Terraform's files configure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Configured {
    /// The files' form.
    pub form: Form,
    /// What is there before; nothing of sources.
    pub before: Side,
    /// What is there after.
    pub after: Side,
    /// What is done to each resource that is read, by address.
    pub actions: BTreeMap<String, ChangeAction>,
}

/// Reads a plan, a state, or a folder of `.tf` files.
///
/// # Errors
/// [`TerraformError`] where it cannot be read as a whole; what is wrong with a single resource becomes a gap.
pub fn load(
    path: &Path,
    options: &PlaceOptions,
    context: &Context<'_>,
) -> Result<Configured, TerraformError> {
    Ok(configure(files::read(path)?, options, context))
}

/// Reads the text of a plan or a state; `name` is what it is called in errors.
///
/// # Errors
/// See [`load`].
pub fn parse(
    name: &str,
    text: &str,
    options: &PlaceOptions,
    context: &Context<'_>,
) -> Result<Configured, TerraformError> {
    Ok(configure(files::parse(name, text)?, options, context))
}

fn configure(document: Document, options: &PlaceOptions, context: &Context<'_>) -> Configured {
    let told = document.account.as_deref().and_then(|own| own.parse().ok());
    let places = Places {
        account: options.account.clone().or(told).or_else(|| options.likely_account.clone()),
        region: options.region.as_ref().map(ToString::to_string).or(document.region.clone()),
    };
    let records = |own: &super::resource::Resource| [TRAIL, STORE].contains(&own.kind.name);
    let everything = !document.before.iter().chain(&document.after).any(records);
    let mut unread = Unseen::default();
    for (what, name, remedy) in &document.unread {
        unread.add(crate::domain::GapKind::NotSeen, what, name, "", remedy);
    }
    let before = lower(&document.before, &document.providers, &places, context, everything);
    let mut after = lower(&document.after, &document.providers, &places, context, everything);
    after.gaps.splice(0..0, unread.into_gaps());
    Configured { form: document.form, before, after, actions: document.actions }
}
