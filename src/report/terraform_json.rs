//! A plan's costs as JSON.

use super::terraform_view::{ResourceCost, TerraformRow, TerraformView};
use crate::domain::Money;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

/// The version of the JSON form; it changes when a field changes its meaning or goes.
const SCHEMA_VERSION: u32 = 1;

/// What a Terraform plan, state or folder of sources costs. Amounts are exact decimals as texts.
#[derive(Serialize, JsonSchema)]
struct TerraformDocument {
    /// 1.
    schema_version: u32,
    /// The file or folder, as it was named.
    path: String,
    /// `plan`, `state` or `sources`.
    form: String,
    /// The currency.
    currency: String,
    /// The months of the horizon.
    months: u32,
    /// Whether volumes were given.
    has_volumes: bool,
    /// The amount of --fail-above; null without.
    fail_above: Option<String>,
    /// Whether the cost rises by more than that, as far as it is known.
    exceeded: bool,
    /// The whole: exactly the sum of the resources.
    total: RowJson,
    /// By address; `unmanaged` is what Terraform does not manage, `shared` what is of no resource.
    resources: Vec<RowJson>,
    /// What is recorded after the apply.
    recorded: Vec<String>,
    /// What a million events cost.
    unit_costs: Vec<String>,
    /// What is not known, not included, or should be known.
    notes: Vec<NoteJson>,
    /// The date whose prices these are.
    as_of: String,
}

/// A resource.
#[derive(Serialize, JsonSchema)]
struct RowJson {
    /// The address.
    address: String,
    /// The own name, if it is known.
    name: Option<String>,
    /// `create`, `update`, `replace`, `delete`, `keep` or `forget`; empty for what is not managed.
    action: String,
    /// What it costs before.
    before: CostJson,
    /// What it costs after.
    after: CostJson,
    /// After − before over the horizon; null where either is not fully known.
    difference: Option<String>,
    /// The same of the mean month, rounded half-even at 10⁻²⁴.
    difference_a_month: Option<String>,
}

/// A cost.
#[derive(Serialize, JsonSchema)]
struct CostJson {
    /// The first month.
    first_month: String,
    /// The horizon.
    total: String,
    /// The mean month, rounded half-even at 10⁻²⁴.
    month: String,
    /// Whether all of it is known.
    complete: bool,
}

/// A note.
#[derive(Serialize, JsonSchema)]
struct NoteJson {
    /// What kind of note: `Not seen`, `Not included`, `Unknown volume` …
    kind: String,
    /// The words.
    words: String,
}

/// Writes a plan's costs as JSON; `fail_above` is the limit of a rise in a month.
///
/// # Errors
/// What `serde_json` says.
pub fn terraform_json(view: &TerraformView, fail_above: Option<Money>) -> serde_json::Result<Value> {
    let cost = |own: ResourceCost| CostJson {
        first_month: own.first_month.to_string(),
        total: own.total.to_string(),
        month: view.mean(own.total).to_string(),
        complete: !own.incomplete,
    };
    let row = |own: &TerraformRow| {
        let difference = Some(own.difference()).filter(|_| !own.is_incomplete());
        RowJson {
            address: own.id.clone(),
            name: own.name.clone(),
            action: own.action.to_owned(),
            before: cost(own.before),
            after: cost(own.after),
            difference: difference.map(|own| own.to_string()),
            difference_a_month: difference.map(|own| view.mean(own).to_string()),
        }
    };
    serde_json::to_value(TerraformDocument {
        schema_version: SCHEMA_VERSION,
        path: view.path.clone(),
        form: view.form.clone(),
        currency: view.currency.code().to_owned(),
        months: view.months,
        has_volumes: view.has_volumes,
        fail_above: fail_above.map(|own| own.to_string()),
        exceeded: fail_above.is_some_and(|own| view.exceeds(own)),
        total: row(&view.total),
        resources: view.rows.iter().map(row).collect(),
        recorded: view.recorded.clone(),
        unit_costs: view.unit_costs.clone(),
        notes: view
            .details
            .iter()
            .map(|(kind, words)| NoteJson { kind: kind.clone(), words: words.clone() })
            .collect(),
        as_of: view.as_of.to_string(),
    })
}

/// Returns the JSON Schema of [`terraform_json`].
pub fn terraform_schema() -> Value {
    schemars::schema_for!(TerraformDocument).to_value()
}
