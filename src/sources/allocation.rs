//! Files of who bears shared costs.
//!
//! In: a file. Out: [`AllocationRule`]s, or every error with its place. Must not know: costs.

use super::scenario::at::At;
use super::scenario::document_text;
use super::scenario::notes::Notes;
use crate::domain::{
    AccountId, AllocationKey, AllocationRule, Diagnostic, Diagnostics, Quantity, SharedCosts,
};
use crate::io;
use schemars::JsonSchema;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::Path;

/// Who bears costs that one account pays for all: the rules of `report --allocation`. Each cost follows the first rule that it fits.
#[derive(Debug, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
struct AllocationFile {
    /// The version of the form: 1.
    version: At<i64>,
    /// The rules, in the order in which they are asked.
    rule: Vec<RuleInput>,
}

/// A rule.
#[derive(Debug, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
struct RuleInput {
    /// Its name, such as "log archive".
    name: At<String>,
    /// Which costs; all that is given must fit.
    of: OfInput,
    /// By what they are divided.
    by: At<KeyInput>,
    /// With `by = "weights"`: the weight of each account, such as { 111122223333 = "60", 444455556666 = "40" }.
    weights: Option<At<BTreeMap<String, String>>>,
    /// Accounts that bear none of it.
    #[serde(default)]
    without: Vec<At<String>>,
}

/// Which costs a rule is about.
#[derive(Debug, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
struct OfInput {
    /// The account that pays.
    account: Option<At<String>>,
    /// The trail, bucket or event data store.
    resource: Option<String>,
    /// The component, such as "s3_storage".
    component: Option<At<String>>,
}

/// By what costs are divided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum KeyInput {
    /// By the events of each account.
    Events,
    /// By what each account pays itself.
    Cost,
    /// In equal parts.
    Equal,
    /// By `weights`.
    Weights,
}

/// Reads a file.
///
/// # Errors
/// Every error found, with its place.
pub fn load(path: &Path) -> Result<Vec<AllocationRule>, Diagnostics> {
    let name = path.display().to_string();
    let text = io::read_text(path).map_err(|error| Diagnostics {
        items: vec![Diagnostic::error(&name, error.to_string())],
        texts: Vec::new(),
    })?;
    parse(&name, &text)
}

/// Reads a text.
///
/// # Errors
/// Every error found, with its place.
pub fn parse(name: &str, text: &str) -> Result<Vec<AllocationRule>, Diagnostics> {
    let mut found = Diagnostics { items: Vec::new(), texts: vec![(name.to_owned(), text.to_owned())] };
    let own = document_text::read::<AllocationFile>(name, text, &schema(), &mut found)
        .map(|file| lower(&mut Notes { name, found: &mut found }, &file));
    match own {
        Some(own) if !found.has_errors() => Ok(own),
        _ => {
            found.sort();
            Err(found)
        }
    }
}

fn lower(notes: &mut Notes<'_>, file: &AllocationFile) -> Vec<AllocationRule> {
    if file.version.value != 1 {
        notes.error(&file.version.span, format!("unknown version {}", file.version.value)).hint =
            Some("write `version = 1`".to_owned());
    }
    file.rule.iter().map(|own| rule(notes, own)).collect()
}

fn rule(notes: &mut Notes<'_>, own: &RuleInput) -> AllocationRule {
    let of = SharedCosts {
        account: own.of.account.as_ref().and_then(|own| notes.account(own)),
        resource: own.of.resource.clone(),
        component: own.of.component.as_ref().and_then(|own| notes.component(own)),
    };
    if of == SharedCosts::default() && !notes.found.has_errors() {
        notes.error(&own.name.span, format!("the rule `{}` is about no costs", own.name.value)).hint =
            Some("write of = { account = \"…\" }, { resource = \"…\" } or { component = \"…\" }".to_owned());
    }
    let by = match (own.by.value, &own.weights) {
        (KeyInput::Events, None) => AllocationKey::Events,
        (KeyInput::Cost, None) => AllocationKey::Cost,
        (KeyInput::Equal, None) => AllocationKey::Equal,
        (KeyInput::Weights, Some(all)) => AllocationKey::Weights(weights(notes, all)),
        (KeyInput::Weights, None) => {
            notes.error(&own.by.span, "there are no weights".to_owned()).hint =
                Some("add weights = { 111122223333 = \"60\", 444455556666 = \"40\" }".to_owned());
            AllocationKey::Equal
        }
        (_, Some(all)) => {
            notes.error(&all.span, "weights are of no use here".to_owned()).hint =
                Some("leave them out, or write by = \"weights\"".to_owned());
            AllocationKey::Equal
        }
    };
    let without = own.without.iter().filter_map(|own| notes.account(own)).collect();
    AllocationRule { name: own.name.value.clone(), of, by, without }
}

fn weights(notes: &mut Notes<'_>, all: &At<BTreeMap<String, String>>) -> BTreeMap<AccountId, Quantity> {
    let mut weights = BTreeMap::new();
    for (id, weight) in &all.value {
        let weight: Option<Quantity> = weight.parse().ok().filter(|own: &Quantity| !own.is_negative());
        match (id.parse(), weight) {
            (Ok(id), Some(weight)) => {
                weights.insert(id, weight);
            }
            (Err(_), _) => {
                notes.error(&all.span, format!("bad account `{id}` in weights")).label =
                    Some("expected exactly 12 digits".to_owned());
            }
            (_, None) => {
                notes.error(&all.span, format!("bad weight of {id}")).label =
                    Some("expected a number such as \"60\"".to_owned());
            }
        }
    }
    if weights.values().all(|own| own.is_zero()) && !notes.found.has_errors() {
        notes.error(&all.span, "the weights add up to nothing".to_owned());
    }
    weights
}

/// Returns the JSON Schema of such a file.
pub fn schema() -> serde_json::Value {
    schemars::schema_for!(AllocationFile).to_value()
}
