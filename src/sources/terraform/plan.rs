//! Plans, as `terraform show -json` writes them.

use super::address::Address;
use super::callers::Callers;
use super::configuration::Configuration;
use super::error::TerraformError;
use super::kind::{self, CALLER, CURRENT_REGION};
use super::narrow::attributes;
use super::resource::{ChangeAction, Document, Form, Resource};
use super::state::{self, Module};
use super::value::{Attr, Why};
use serde::Deserialize;
use serde_json::value::RawValue;
use std::borrow::Cow;
use std::collections::BTreeMap;

/// The top of every JSON that Terraform writes, as far as it is read.
#[derive(Deserialize)]
pub(super) struct TopLevel<'a> {
    #[serde(default)]
    pub(super) format_version: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    pub(super) resource_changes: Option<Vec<&'a RawValue>>,
    #[serde(borrow, default)]
    pub(super) configuration: Option<&'a RawValue>,
    #[serde(borrow, default)]
    pub(super) prior_state: Option<&'a RawValue>,
    #[serde(borrow, default)]
    pub(super) planned_values: Option<&'a RawValue>,
    #[serde(borrow, default)]
    pub(super) variables: Option<&'a RawValue>,
    #[serde(borrow, default)]
    pub(super) values: Option<&'a RawValue>,
    #[serde(borrow, default)]
    pub(super) version: Option<&'a RawValue>,
    #[serde(borrow, default)]
    pub(super) resources: Option<Vec<&'a RawValue>>,
}

#[derive(Deserialize)]
struct Head<'a> {
    #[serde(borrow, default)]
    address: Cow<'a, str>,
    #[serde(borrow, default)]
    mode: Cow<'a, str>,
    #[serde(borrow, default, rename = "type")]
    kind: Cow<'a, str>,
    #[serde(borrow, default)]
    deposed: Option<&'a RawValue>,
    #[serde(borrow, default)]
    change: Option<&'a RawValue>,
}

#[derive(Deserialize)]
struct Change<'a> {
    #[serde(default)]
    actions: Vec<String>,
    #[serde(borrow, default)]
    before: Option<&'a RawValue>,
    #[serde(borrow, default)]
    after: Option<&'a RawValue>,
    #[serde(borrow, default)]
    after_unknown: Option<&'a RawValue>,
    #[serde(borrow, default)]
    before_sensitive: Option<&'a RawValue>,
    #[serde(borrow, default)]
    after_sensitive: Option<&'a RawValue>,
}

/// What cannot be read of a resource, and what to do.
pub(super) const UNREADABLE: &str = "make the plan anew with `terraform show -json`";

/// Reads a plan.
pub(super) fn read(path: &str, top: &TopLevel<'_>) -> Result<Document, TerraformError> {
    if let Some(version) = &top.format_version
        && !["0.", "1."].iter().any(|own| version.starts_with(own))
    {
        return Err(TerraformError::new(
            path,
            format!("the plan has format {version}, of which nothing is known here"),
            "formats 0 and 1 are read: look for a newer version of this program",
        ));
    }
    let configuration = match top.configuration {
        Some(raw) => Configuration::read(raw, top.variables).map_err(|error| {
            TerraformError::new(
                path,
                format!("`configuration` is not what a plan has there: {}", reason(&error)),
                UNREADABLE,
            )
        })?,
        None => Configuration::default(),
    };
    let mut document = Document {
        form: Form::Plan,
        before: Vec::new(),
        after: Vec::new(),
        actions: BTreeMap::new(),
        callers: Callers::default(),
        providers: configuration.providers(),
        unread: Vec::new(),
    };
    let Some(changes) = &top.resource_changes else {
        return from_values(path, top, document, &configuration);
    };
    for (at, raw) in changes.iter().enumerate() {
        match serde_json::from_str::<Head<'_>>(raw.get()) {
            Ok(head) => read_change(&head, &configuration, &mut document),
            Err(error) => document.unread.push((
                format!("the resource change could not be read ({}): ", reason(&error)),
                format!("number {}", at + 1),
                UNREADABLE,
            )),
        }
    }
    if let Some(state) = top.prior_state.and_then(|raw| state::modules_of(raw).ok()) {
        data(&state, &configuration, &mut document.callers);
    }
    configuration.complete(&mut document.after);
    configuration.set_regions(&mut document.before);
    Ok(document)
}

/// Reads a plan without changes by its values.
fn from_values(
    path: &str,
    top: &TopLevel<'_>,
    mut document: Document,
    configuration: &Configuration<'_>,
) -> Result<Document, TerraformError> {
    let side = |raw: Option<&RawValue>, name: &str, document: &mut Document| match raw {
        None => Ok(Vec::new()),
        Some(raw) => {
            let modules = state::modules_of(raw).map_err(|error| {
                TerraformError::new(
                    path,
                    format!("`{name}` is not what a plan has there: {}", reason(&error)),
                    UNREADABLE,
                )
            })?;
            data(&modules, configuration, &mut document.callers);
            Ok(state::resources(&modules, &mut document.unread))
        }
    };
    document.before = side(top.prior_state, "prior_state", &mut document)?;
    document.after = side(top.planned_values, "planned_values", &mut document)?;
    for own in &document.before {
        document.actions.insert(own.address.clone(), ChangeAction::Delete);
    }
    for own in &document.after {
        let known = document.actions.contains_key(&own.address);
        let action = if known { ChangeAction::Update } else { ChangeAction::Create };
        document.actions.insert(own.address.clone(), action);
    }
    configuration.complete(&mut document.after);
    configuration.set_regions(&mut document.before);
    Ok(document)
}

fn read_change(head: &Head<'_>, configuration: &Configuration<'_>, document: &mut Document) {
    let Some(raw) = head.change else { return };
    if head.mode == "data" {
        if [CALLER, CURRENT_REGION].contains(&head.kind.as_ref())
            && let Ok(Change { after: Some(after), .. }) = serde_json::from_str(raw.get())
        {
            document.callers.take(&head.kind, configuration.provider_of(&head.address), after);
        }
        return;
    }
    let Some(kind) = kind::find(&head.kind) else { return };
    let whole = head.deposed.map(|key| state::deposed(&head.address, key));
    let address = whole.as_deref().unwrap_or(&head.address);
    if Address::parse(address).is_none() {
        let what = "the address of a resource is none; it is left out: ".to_owned();
        document.unread.push((what, address.to_owned(), UNREADABLE));
        return;
    }
    let mut unreadable = |error: &serde_json::Error| {
        let what = format!("the resource could not be read ({}); it is left out: ", reason(error));
        document.unread.push((what, address.to_owned(), UNREADABLE));
    };
    let change: Change<'_> = match serde_json::from_str(raw.get()) {
        Ok(change) => change,
        Err(error) => return unreadable(&error),
    };
    let action = ChangeAction::of(&change.actions);
    let make = |attributes| Resource::new(address.to_owned(), kind, attributes);
    let before = change.before.map(|own| attributes(kind, own, None, change.before_sensitive)).transpose();
    let after = change
        .after
        .map(|own| attributes(kind, own, change.after_unknown, change.after_sensitive))
        .transpose();
    let (before, after) = match (before, after) {
        (Ok(before), Ok(after)) => (before, after),
        (Err(error), _) | (_, Err(error)) => return unreadable(&error),
    };
    let is_there = !matches!(action, ChangeAction::Delete | ChangeAction::Forget);
    let is_unknown = change.after.is_none() && change.after_unknown.is_some_and(|own| own.get() == "true");
    if is_there && is_unknown {
        let what = "nothing is known of it before it is applied; it is left out: ".to_owned();
        document.unread.push((what, address.to_owned(), "apply it, and run again"));
    }
    // What is forgotten goes on, and costs.
    let after = if action == ChangeAction::Forget { before.clone() } else { after };
    document.before.extend(before.map(make));
    document.after.extend(after.map(make));
    document.actions.insert(address.to_owned(), action);
}

/// Takes what data says about the caller, each with the provider that read it.
fn data(modules: &[Module<'_>], configuration: &Configuration<'_>, callers: &mut Callers) {
    for (kind, address, values) in state::data(modules) {
        callers.take(kind, configuration.provider_of(&address), values);
    }
}

/// Says why JSON is not what it should be, without the value that it holds.
pub(super) fn reason(error: &serde_json::Error) -> &'static str {
    let text = error.to_string();
    if text.contains("recursion limit") {
        "it is nested deeper than 128 levels"
    } else if text.contains("missing field") {
        "a field is missing"
    } else {
        "a field has another type than Terraform writes"
    }
}

/// Takes attributes for not set that are unknown only because the provider works them out by itself.
pub(super) fn drop_computed(resource: &mut Resource, is_written: impl Fn(&str) -> bool) {
    let kind = resource.kind;
    resource.attributes.retain(|key, own| {
        let computed = match own {
            Attr::Unknown(why) => *why == Why::AfterApply,
            // Of a presence nothing but "unknown" may be known.
            Attr::Bool(_) => kind.presence.contains(&key.as_str()),
            _ => false,
        };
        !computed || is_written(key) || is_dynamic(kind.name, key)
    });
}

/// Tells whether a block is never worked out by the provider: one that is not known and not written is a dynamic block,
/// which the configuration in a plan leaves out.
fn is_dynamic(kind: &str, key: &str) -> bool {
    match kind {
        kind::LIFECYCLE | kind::ENCRYPTION | kind::REPLICATION | kind::OBJECT_LOCK => key == "rule",
        kind::VERSIONING => key == "versioning_configuration",
        kind::TRAIL => key.ends_with("_selector"),
        kind::METRIC_FILTER => key == "metric_transformation",
        kind::ALARM => key == "metric_query",
        _ => false,
    }
}
