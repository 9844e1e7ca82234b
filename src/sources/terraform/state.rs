//! States, as `terraform show -json` writes them and as `terraform.tfstate` holds them.

use super::address::Address;
use super::callers::{Callers, DEFAULT_PROVIDER};
use super::error::TerraformError;
use super::kind::{self, CALLER, CURRENT_REGION};
use super::narrow::attributes;
use super::plan::{TopLevel, UNREADABLE, reason};
use super::resource::{ChangeAction, Document, Form, Resource};
use super::value::{Attr, Why};
use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;
use std::borrow::Cow;
use std::collections::BTreeMap;

/// A module with its resources and those inside it.
#[derive(Deserialize, Default)]
pub(super) struct Module<'a> {
    #[serde(borrow, default)]
    resources: Vec<&'a RawValue>,
    #[serde(borrow, default)]
    child_modules: Vec<Module<'a>>,
}

#[derive(Deserialize)]
struct Values<'a> {
    #[serde(borrow, default)]
    root_module: Option<Module<'a>>,
    #[serde(borrow, default)]
    values: Option<&'a RawValue>,
}

#[derive(Deserialize)]
struct StateResource<'a> {
    #[serde(borrow, default)]
    address: Cow<'a, str>,
    #[serde(borrow, default)]
    mode: Cow<'a, str>,
    #[serde(borrow, default, rename = "type")]
    kind: Cow<'a, str>,
    #[serde(borrow, default)]
    deposed_key: Option<&'a RawValue>,
    #[serde(borrow, default)]
    values: Option<&'a RawValue>,
    #[serde(borrow, default)]
    sensitive_values: Option<&'a RawValue>,
}

/// Returns the modules of `values`, `planned_values` or `prior_state`.
pub(super) fn modules_of(raw: &RawValue) -> serde_json::Result<Vec<Module<'_>>> {
    let own: Values<'_> = serde_json::from_str(raw.get())?;
    let inner = own.values.map(|raw| serde_json::from_str::<Values<'_>>(raw.get())).transpose()?;
    let mut waiting: Vec<Module<'_>> =
        own.root_module.into_iter().chain(inner.and_then(|own| own.root_module)).collect();
    let mut all = Vec::new();
    while let Some(mut module) = waiting.pop() {
        waiting.append(&mut module.child_modules);
        all.push(module);
    }
    Ok(all)
}

/// Returns the data that tells whose account and which Region it is: its type, address and values.
pub(super) fn data<'a>(modules: &[Module<'a>]) -> Vec<(&'static str, String, &'a RawValue)> {
    let each = modules.iter().flat_map(|own| &own.resources);
    let heads = each.filter_map(|raw| serde_json::from_str::<StateResource<'a>>(raw.get()).ok());
    heads
        .filter(|own| own.mode == "data")
        .filter_map(|own| {
            let kind = [CALLER, CURRENT_REGION].into_iter().find(|kind| *kind == own.kind)?;
            Some((kind, own.address.into_owned(), own.values?))
        })
        .collect()
}

/// Returns the resources of modules.
pub(super) fn resources(
    modules: &[Module<'_>],
    unread: &mut Vec<(String, String, &'static str)>,
) -> Vec<Resource> {
    let mut all = Vec::new();
    for raw in modules.iter().flat_map(|own| &own.resources) {
        let own: StateResource<'_> = match serde_json::from_str(raw.get()) {
            Ok(own) => own,
            Err(error) => {
                let what = format!("a resource could not be read ({}); it is left out: ", reason(&error));
                unread.push((what, "without an address".to_owned(), UNREADABLE));
                continue;
            }
        };
        if own.mode == "data" {
            continue;
        }
        let (Some(kind), Some(values)) = (kind::find(&own.kind), own.values) else { continue };
        match (Address::parse(&own.address), attributes(kind, values, None, own.sensitive_values)) {
            (Some(_), Ok(attributes)) => {
                let address = own.address.into_owned();
                let address = own.deposed_key.map_or(address.clone(), |key| deposed(&address, key));
                all.push(Resource::new(address, kind, attributes));
            }
            (None, _) => {
                let what = "the address of a resource is none; it is left out: ".to_owned();
                unread.push((what, own.address.into_owned(), UNREADABLE));
            }
            (_, Err(error)) => {
                let what = format!("the resource could not be read ({}); it is left out: ", reason(&error));
                unread.push((what, own.address.into_owned(), UNREADABLE));
            }
        }
    }
    all
}

/// Names a deposed resource, by the key that Terraform gave it.
pub(super) fn deposed(address: &str, key: &RawValue) -> String {
    let key: String = serde_json::from_str(key.get()).unwrap_or_else(|_| "without a key".to_owned());
    Resource::deposed_address(address, &key)
}

fn empty() -> Document {
    Document {
        form: Form::State,
        before: Vec::new(),
        after: Vec::new(),
        actions: BTreeMap::new(),
        callers: Callers::default(),
        providers: Vec::new(),
        unread: Vec::new(),
    }
}

/// Takes a state for both sides: nothing changes.
fn both_sides(mut document: Document, resources: Vec<Resource>) -> Document {
    for own in &resources {
        document.actions.insert(own.address.clone(), ChangeAction::Keep);
    }
    document.before.clone_from(&resources);
    document.after = resources;
    document
}

/// Reads a state that `terraform show -json` wrote.
pub(super) fn read(path: &str, values: &RawValue) -> Result<Document, TerraformError> {
    let modules = modules_of(values).map_err(|error| {
        let message = format!("`values` is not what a state has there: {}", reason(&error));
        TerraformError::new(path, message, "make it anew with `terraform show -json`")
    })?;
    let mut document = empty();
    for (kind, _, values) in data(&modules) {
        document.callers.take(kind, None, values);
    }
    let all = resources(&modules, &mut document.unread);
    Ok(both_sides(document, all))
}

#[derive(Deserialize)]
struct RawResource<'a> {
    #[serde(borrow, default)]
    module: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    mode: Cow<'a, str>,
    #[serde(borrow, default, rename = "type")]
    kind: Cow<'a, str>,
    #[serde(borrow, default)]
    name: Cow<'a, str>,
    #[serde(borrow, default)]
    provider: Cow<'a, str>,
    #[serde(borrow, default)]
    instances: Vec<Instance<'a>>,
}

#[derive(Deserialize)]
struct Instance<'a> {
    #[serde(default)]
    index_key: Option<Value>,
    #[serde(borrow, default)]
    deposed: Option<&'a RawValue>,
    #[serde(borrow, default)]
    attributes: Option<&'a RawValue>,
    #[serde(default)]
    sensitive_attributes: Vec<Vec<PathStep>>,
}

/// A step of the path to a sensitive attribute.
#[derive(Deserialize)]
struct PathStep {
    #[serde(default)]
    value: Value,
}

/// Reads a `terraform.tfstate` of version 4.
pub(super) fn read_stored(path: &str, top: &TopLevel<'_>) -> Result<Document, TerraformError> {
    let version = top.version.map_or("", |own| own.get());
    if version != "4" {
        let message = format!("the state has version {version}, of which nothing is known here");
        return Err(TerraformError::new(path, message, "give the output of `terraform show -json`"));
    }
    let mut document = empty();
    let mut all = Vec::new();
    for (at, raw) in top.resources.iter().flatten().enumerate() {
        match serde_json::from_str::<RawResource<'_>>(raw.get()) {
            Ok(own) => stored(&own, &mut document, &mut all),
            Err(error) => document.unread.push((
                format!("a resource could not be read ({}); it is left out: ", reason(&error)),
                format!("number {}", at + 1),
                "give the output of `terraform show -json`",
            )),
        }
    }
    Ok(both_sides(document, all))
}

fn stored(own: &RawResource<'_>, document: &mut Document, all: &mut Vec<Resource>) {
    // `provider["registry.terraform.io/hashicorp/aws"].west`, with the module before it that configures it.
    let provider = match own.provider.rsplit_once("].") {
        Some(_) => own.provider.to_string(),
        None if own.provider.starts_with("module.") => own.provider.to_string(),
        None => DEFAULT_PROVIDER.to_owned(),
    };
    let provider = Some(provider).filter(|_| !own.provider.is_empty());
    for instance in &own.instances {
        let Some(values) = instance.attributes else { continue };
        if own.mode == "data" {
            if [CALLER, CURRENT_REGION].contains(&own.kind.as_ref()) {
                document.callers.take(&own.kind, provider.clone(), values);
            }
            continue;
        }
        let Some(kind) = kind::find(&own.kind) else { continue };
        let module = own.module.as_ref().map_or_else(String::new, |module| format!("{module}."));
        let key = match &instance.index_key {
            Some(Value::String(key)) => format!("[{}]", Value::String(key.clone())),
            Some(Value::Number(key)) => format!("[{key}]"),
            _ => String::new(),
        };
        let address = format!("{module}{}.{}{key}", own.kind, own.name);
        let address = instance.deposed.map_or(address.clone(), |key| deposed(&address, key));
        let read = attributes(kind, values, None, None);
        match (Address::parse(&address), read) {
            (Some(_), Ok(mut attributes)) => {
                for step in instance.sensitive_attributes.iter().filter_map(|path| path.first()) {
                    let known = step.value.as_str().and_then(|name| attributes.get_mut(name));
                    if let Some(known) = known.filter(|own| !matches!(own, Attr::Bool(_))) {
                        *known = Attr::Unknown(Why::Sensitive);
                    }
                }
                let provider = provider.clone();
                all.push(Resource { provider, ..Resource::new(address, kind, attributes) });
            }
            _ => document.unread.push((
                "the resource could not be read; it is left out: ".to_owned(),
                address,
                "give the output of `terraform show -json`",
            )),
        }
    }
}
