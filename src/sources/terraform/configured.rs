//! Both sides of a plan, a state or a folder of sources.

use super::error::TerraformError;
use super::kind::{STORE, TRAIL};
use super::load as files;
use super::lower::{Places, Side, lower};
use super::resource::{ChangeAction, Document, Form};
use crate::domain::{AccountId, GapKind, RegionCode};
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

/// Finds out where is applied to, where a resource itself does not tell.
fn places(document: &Document, options: &PlaceOptions, unread: &mut Unseen) -> Places {
    let mut told = |found: Result<Option<&str>, Vec<&str>>, what: &str, is_named: bool, remedy: &str| {
        let several = match found {
            Ok(own) => return own.map(str::to_owned),
            Err(several) => several.join(", "),
        };
        if !is_named {
            let what = format!(
                "several {what} are read from providers that nobody can tell apart (none is taken): "
            );
            unread.add(GapKind::NotSeen, &what, &several, "", remedy);
        }
        None
    };
    let callers = &document.callers;
    let account = told(callers.account(), "accounts", options.account.is_some(), "name it with --account");
    let region = told(callers.region(), "Regions", options.region.is_some(), "name it with --region");
    let account = options.account.clone().or_else(|| account?.parse().ok());
    Places {
        account: account.or_else(|| options.likely_account.clone()),
        region: options.region.as_ref().map(ToString::to_string).or(region),
        callers: callers.clone(),
    }
}

fn configure(document: Document, options: &PlaceOptions, context: &Context<'_>) -> Configured {
    let mut unread = Unseen::default();
    let places = places(&document, options, &mut unread);
    let records = |own: &super::resource::Resource| [TRAIL, STORE].contains(&own.kind.name);
    let everything = !document.before.iter().chain(&document.after).any(records);
    for (what, name, remedy) in &document.unread {
        unread.add(GapKind::NotSeen, what, name, "", remedy);
    }
    let before = lower(&document.before, &document.providers, &places, context, everything);
    let mut after = lower(&document.after, &document.providers, &places, context, everything);
    after.gaps.splice(0..0, unread.into_gaps());
    Configured { form: document.form, before, after, actions: document.actions }
}
