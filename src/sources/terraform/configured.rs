//! Both sides of a plan, a state or a folder of sources.

use super::error::TerraformError;
use super::kind::{STORE, TRAIL};
use super::load as files;
use super::lower::{Led, Places, Side, lower};
use super::resource::{ChangeAction, Document, Form, Resource};
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
    let records = |own: &Resource| [TRAIL, STORE].contains(&own.kind.name);
    let everything = !document.before.iter().chain(&document.after).any(records);
    for (what, name, remedy) in &document.unread {
        unread.add(GapKind::NotSeen, what, name, "", remedy);
    }
    let (before, mut after) = sides(&document, &places, context, everything);
    after.incomplete.extend(document.unread.iter().map(|(_, name, _)| name.clone()));
    after.gaps.splice(0..0, unread.into_gaps());
    Configured { form: document.form, before, after, actions: document.actions }
}

/// Reads both sides. What is priced is decided once for both: what the trails of either side lead to, wherever it exists.
/// What is said of settings is of those things only that the side's own trails lead to.
fn sides(document: &Document, places: &Places, context: &Context<'_>, everything: bool) -> (Side, Side) {
    let read =
        |own: &[Resource], led: &Led| lower(own, &document.providers, places, context, everything, led);
    let mut led = Led::default();
    let mut settings = None;
    // Each round something is added that exists, so that the rounds end; most plans need two.
    loop {
        let ((mut before, led_before), (mut after, led_after)) =
            (read(&document.before, &led), read(&document.after, &led));
        let (own_before, own_after) =
            settings.get_or_insert_with(|| (before.settings.clone(), after.settings.clone()));
        let mut all = led.clone();
        all.join(led_before);
        all.join(led_after);
        // Nobody knows what is there before sources are applied.
        if all == led || document.form != Form::Plan {
            (before.settings, after.settings) = (std::mem::take(own_before), std::mem::take(own_after));
            return (before, after);
        }
        led = all;
    }
}
