//! The report as JSON, with its schema.

use super::anomalies::AnomalyJson;
use super::budget::{BudgetJson, budgets_json};
use super::chargeback::Borne;
use super::effects::Effects;
use super::forecast::ForecastJson;
use super::sections::Layout;
use super::sum::Sum;
use super::unit_cost::{of_account, of_million};
use super::view::{MonthlyCost, MonthlyView};
use crate::domain::{Component, Money};
use schemars::JsonSchema;
use serde::Serialize;

/// The version of the form; it changes when a field changes its meaning or goes.
const SCHEMA_VERSION: u32 = 1;

/// A cost beside what it was. Amounts are exact decimals; null is unknown, or not recorded.
#[derive(Serialize, JsonSchema)]
struct CostJson {
    /// What is known of it.
    cost: String,
    /// Whether all of it is known.
    complete: bool,
    /// The cost of as many months before.
    before: Option<String>,
    change: Option<String>,
    /// The cost of the same months of the year before.
    year_before: Option<String>,
    change_of_year: Option<String>,
}

fn amount(own: Option<Money>) -> Option<String> {
    own.map(|own| own.to_string())
}

impl CostJson {
    fn new(own: &MonthlyCost) -> Self {
        Self {
            cost: own.now.cost.to_string(),
            complete: !own.now.is_incomplete,
            before: amount(own.before.and_then(Sum::known)),
            change: amount(own.change()),
            year_before: amount(own.year_before.and_then(Sum::known)),
            change_of_year: amount(own.change_of_year()),
        }
    }
}

/// What a change is made of.
#[derive(Serialize, JsonSchema)]
struct EffectsJson {
    volume: String,
    rate: String,
    mix: String,
}

impl EffectsJson {
    fn new(own: Effects) -> Self {
        Self { volume: own.volume.to_string(), rate: own.rate.to_string(), mix: own.mix.to_string() }
    }
}

#[derive(Serialize, JsonSchema)]
struct ComponentJson {
    /// The component's id; `not_known` for discounts and what no table knows.
    component: &'static str,
    cost: CostJson,
    effects: Option<EffectsJson>,
    effects_of_year: Option<EffectsJson>,
}

#[derive(Serialize, JsonSchema)]
struct GroupJson<'a> {
    /// `account`, `region`, `resource`, or `tag-` with the tag's key.
    by: &'a str,
    rows: Vec<GroupRowJson<'a>>,
}

#[derive(Serialize, JsonSchema)]
struct GroupRowJson<'a> {
    id: &'a str,
    cost: CostJson,
}

#[derive(Serialize, JsonSchema)]
struct MoverJson<'a> {
    account: &'a str,
    component: &'static str,
    change: String,
    possible_cause: Option<&'a str>,
}

#[derive(Serialize, JsonSchema)]
struct MonthJson<'a> {
    month: String,
    /// `bill`, `measurement` or `estimate`.
    kind: &'static str,
    cost: String,
    complete: bool,
    /// What the measurement said, where a bill is recorded too.
    measured: Option<String>,
    /// What the estimate said, where a bill or a measurement is recorded too.
    expected: Option<String>,
    /// Events that were recorded, each copy for itself.
    events: String,
    /// Half-even at 10⁻²⁴; null where no event is known.
    cost_per_million_events: Option<String>,
    /// Accounts that used anything.
    accounts: usize,
    /// Half-even at 10⁻²⁴; null where no account is named.
    cost_per_account: Option<String>,
    made_of: &'a str,
    files: &'a [String],
    /// What could not be seen.
    gaps: &'a [String],
}

#[derive(Serialize, JsonSchema)]
struct ActionJson<'a> {
    rule: &'a str,
    title: &'a str,
    saves_month: String,
    effort: &'a str,
}

#[derive(Serialize, JsonSchema)]
struct OutcomeJson<'a> {
    rule: &'a str,
    title: &'a str,
    planned_saving: String,
    /// `open`, `done_or_needless` or `unknown`.
    state: &'static str,
    /// How much less what the action names cost in the last month than in the one before.
    costs_less_by: Option<String>,
}

#[derive(Serialize, JsonSchema)]
struct ChargeJson {
    category: &'static str,
    cost: String,
}

/// Who bears what.
#[derive(Serialize, JsonSchema)]
struct ChargebackJson<'a> {
    /// Whether all costs are known.
    complete: bool,
    accounts: Vec<BorneJson<'a>>,
    /// Sums of accounts by the values of their tags, each key for itself.
    tags: Vec<BorneJson<'a>>,
}

/// What an account or a tag's value bears.
#[derive(Serialize, JsonSchema)]
struct BorneJson<'a> {
    /// The tag's key; null for an account.
    tag: Option<&'a str>,
    id: &'a str,
    /// What it pays itself and no rule divides.
    own: String,
    /// What rules lay on it.
    shared: String,
}

/// What a month, a quarter or a range of months cost, why, and what to do.
#[derive(Serialize, JsonSchema)]
struct MonthlyJson<'a> {
    schema_version: u32,
    /// `2026-11`, `2026-Q3` or `2026-01--2026-12`.
    period: String,
    first_month: String,
    last_month: String,
    currency: &'a str,
    headline: String,
    total: CostJson,
    effects: Option<EffectsJson>,
    effects_of_year: Option<EffectsJson>,
    components: Vec<ComponentJson>,
    groups: Vec<GroupJson<'a>>,
    movers: Vec<MoverJson<'a>>,
    /// Credits, refunds, tax and fees, which are no part of the total.
    other_charges: Vec<ChargeJson>,
    months: Vec<MonthJson<'a>>,
    /// What was recommended at the end of the period; null where no plan is recorded.
    plan: Option<Vec<ActionJson<'a>>>,
    outcomes: Vec<OutcomeJson<'a>>,
    /// Budgets against what was paid; null where none are named.
    budgets: Option<Vec<BudgetJson>>,
    /// Who bears what; null without rules of allocation.
    chargeback: Option<ChargebackJson<'a>>,
    /// Days that cost more or less than usual; null where no day of the period is recorded.
    anomalies: Option<Vec<AnomalyJson<'a>>>,
    /// What the months to come will cost; null where no quantity is recorded.
    forecast: Option<ForecastJson<'a>>,
    /// What is not certain.
    notes: Vec<String>,
}

fn borne<'a>(tag: Option<&'a str>, id: &'a str, own: Borne) -> BorneJson<'a> {
    BorneJson { tag, id, own: own.own.to_string(), shared: own.shared.to_string() }
}

/// Writes the report as JSON.
///
/// # Errors
/// Passes on what the JSON writer says, which does not happen in memory.
pub fn monthly_json(layout: Layout<'_>) -> serde_json::Result<serde_json::Value> {
    let view: &MonthlyView = layout.view;
    serde_json::to_value(MonthlyJson {
        schema_version: SCHEMA_VERSION,
        period: view.period.name(),
        first_month: view.period.first().to_string(),
        last_month: view.period.last().to_string(),
        currency: view.currency.code(),
        headline: layout.headline(),
        total: CostJson::new(&view.total),
        effects: view.effects.map(EffectsJson::new),
        effects_of_year: view.effects_of_year.map(EffectsJson::new),
        components: view
            .components
            .iter()
            .map(|own| ComponentJson {
                component: own.id(),
                cost: CostJson::new(&own.cost),
                effects: own.effects.map(EffectsJson::new),
                effects_of_year: own.effects_of_year.map(EffectsJson::new),
            })
            .collect(),
        groups: view
            .groups
            .iter()
            .map(|own| GroupJson {
                by: &own.file,
                rows: own
                    .rows
                    .iter()
                    .map(|own| GroupRowJson { id: &own.id, cost: CostJson::new(&own.cost) })
                    .collect(),
            })
            .collect(),
        movers: view
            .movers
            .iter()
            .map(|own| MoverJson {
                account: &own.account,
                component: own.component.map_or("not_known", Component::id),
                change: own.change.to_string(),
                possible_cause: own.cause.as_deref(),
            })
            .collect(),
        other_charges: view
            .others
            .iter()
            .map(|own| ChargeJson { category: own.0.name(), cost: own.1.cost.to_string() })
            .collect(),
        months: view
            .months
            .iter()
            .map(|own| MonthJson {
                month: own.month.to_string(),
                kind: own.kind.name(),
                cost: own.total.cost.to_string(),
                complete: !own.total.is_incomplete,
                measured: amount(own.measured.and_then(Sum::known)),
                expected: amount(own.expected.and_then(Sum::known)),
                events: own.events.to_string(),
                cost_per_million_events: amount(of_million(own)),
                accounts: own.accounts,
                cost_per_account: amount(of_account(own)),
                made_of: &own.about,
                files: &own.sources,
                gaps: &own.gaps,
            })
            .collect(),
        plan: view.plan.as_ref().map(|own| {
            own.actions
                .iter()
                .map(|own| ActionJson {
                    rule: &own.rule,
                    title: &own.title,
                    saves_month: own.saves.to_string(),
                    effort: &own.effort,
                })
                .collect()
        }),
        outcomes: view
            .outcomes
            .iter()
            .map(|own| OutcomeJson {
                rule: &own.rule,
                title: &own.title,
                planned_saving: own.planned.to_string(),
                state: own.state.name(),
                costs_less_by: amount(own.realized),
            })
            .collect(),
        budgets: budgets_json(view),
        chargeback: view.chargeback.as_ref().map(|own| ChargebackJson {
            complete: !own.is_incomplete,
            accounts: own.accounts.iter().map(|own| borne(None, &own.0, own.2)).collect(),
            tags: own.tags.iter().map(|own| borne(Some(&own.0), &own.1, own.2)).collect(),
        }),
        anomalies: view.anomalies.as_ref().map(|own| own.iter().map(AnomalyJson::new).collect()),
        forecast: view.forecast.as_ref().map(ForecastJson::new),
        notes: view.notes.iter().map(|own| layout.say(own)).collect(),
    })
}

/// Returns the JSON Schema of [`monthly_json`].
pub fn monthly_schema() -> serde_json::Value {
    schemars::schema_for!(MonthlyJson<'_>).to_value()
}
