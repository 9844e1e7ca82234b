//! A plan as JSON, with its schema.

use super::recommend_view::{ActionRow, RecommendView, SavingView};
use schemars::JsonSchema;
use serde::Serialize;

/// The version of the form; it changes when a field changes its meaning or goes.
const SCHEMA_VERSION: u32 = 1;

#[derive(Serialize, JsonSchema)]
struct ScenarioJson {
    name: String,
    /// The first month.
    start: String,
    months: usize,
    currency: String,
}

/// What is saved, month by month and in sums; exact.
#[derive(Serialize, JsonSchema)]
struct SavingJson {
    /// total ÷ months, half-even at 24 digits.
    average_month: String,
    /// Negative in months in which more is spent.
    monthly: Vec<String>,
    /// The last year may be shorter.
    years: Vec<String>,
    total: String,
    /// What is spent at most before the change has paid for itself.
    one_time: String,
    /// The first month in which it has; null where it never does.
    pay_back_month: Option<String>,
    /// Whether every volume and price of it is known; where not, only what is known counts.
    complete: bool,
}

impl SavingJson {
    fn new(own: &SavingView) -> Self {
        Self {
            average_month: own.average_month.to_string(),
            monthly: own.monthly.iter().map(ToString::to_string).collect(),
            years: own.years.iter().map(ToString::to_string).collect(),
            total: own.total.to_string(),
            one_time: own.one_time.to_string(),
            pay_back_month: own.pay_back.map(|month| month.to_string()),
            complete: own.complete,
        }
    }
}

#[derive(Serialize, JsonSchema)]
struct SummaryJson {
    headline: String,
    /// Today's cost over the horizon.
    before: String,
    after: String,
    /// The average month.
    before_month: String,
    after_month: String,
    /// before - after: the difference of two estimates, never a sum.
    saving: SavingJson,
    /// In percent of before, to a tenth; null where nothing is charged.
    saving_percent: Option<String>,
    /// Whether every volume and price is known.
    complete: bool,
    /// Whether it was shown that no other set of these changes is cheaper.
    is_proven: bool,
}

#[derive(Serialize, JsonSchema)]
struct SiteJson {
    /// `trail`, `bucket`, `log group`, `event data store`, `usage type`.
    kind: &'static str,
    name: String,
    /// An id, or words such as `organization`; empty where nobody knows.
    account: String,
    region: String,
}

#[derive(Serialize, JsonSchema)]
struct ActionJson {
    /// `planned`, `on_the_table` (a demand forbids it) or `not_advised` (it saves nothing).
    status: &'static str,
    rule: &'static str,
    title: String,
    why: String,
    sites: Vec<SiteJson>,
    /// `low`, `medium` or `high`.
    effort: &'static str,
    /// What it saves: planned, after those before it, so that these add up to the plan's; on the table, beside the plan; not
    /// advised, alone.
    saving: SavingJson,
    /// What a planned action saves alone.
    alone: Option<SavingJson>,
    /// What the plan would save less without a planned action.
    in_plan: Option<SavingJson>,
    /// How much is given up: `none`, `low`, `medium` or `high`.
    loss: &'static str,
    /// Whether it saves less than `--min-saving` in the average month and in that of every year, so that people are told of it in one line with others.
    is_small: bool,
    given_up: Vec<String>,
    /// Detections that rest on what is given up.
    detections: Vec<String>,
    notes: Vec<String>,
    folder: Option<String>,
    /// Why it is not part of the plan; null where it is.
    reason: Option<String>,
    /// What forbids it; null where nothing does.
    demanded_by: Option<String>,
}

impl ActionJson {
    fn new(row: &ActionRow) -> Self {
        let text = |own: &String| Some(own.clone()).filter(|own| !own.is_empty());
        Self {
            status: row.status.name(),
            rule: row.rule,
            title: row.title.clone(),
            why: row.why.clone(),
            sites: row
                .sites
                .iter()
                .map(|own| SiteJson {
                    kind: own.kind,
                    name: own.name.clone(),
                    account: own.account.clone(),
                    region: own.region.clone(),
                })
                .collect(),
            effort: row.effort,
            saving: SavingJson::new(&row.saving),
            alone: row.alone.as_ref().map(SavingJson::new),
            in_plan: row.in_plan.as_ref().map(SavingJson::new),
            loss: row.loss,
            is_small: row.is_small,
            given_up: row.given_up.clone(),
            detections: row.detections.clone(),
            notes: row.notes.clone(),
            folder: row.folder.clone(),
            reason: text(&row.reason),
            demanded_by: text(&row.demanded_by),
        }
    }
}

#[derive(Serialize, JsonSchema)]
struct AdviceJson {
    rule: &'static str,
    what: String,
    why: String,
    /// Whether it says what not to do.
    is_against: bool,
}

#[derive(Serialize, JsonSchema)]
struct ComponentJson {
    id: String,
    label: String,
    /// The cost over the horizon.
    before: String,
    after: String,
    complete: bool,
}

/// Something that the plan keeps.
#[derive(Serialize, JsonSchema)]
struct DemandJson {
    what: String,
    by: String,
}

#[derive(Serialize, JsonSchema)]
struct ConfidenceJson {
    /// `high`, `medium` or `low`.
    level: &'static str,
    reasons: Vec<String>,
    /// What the volumes are, and what their source cannot show.
    evidence: Vec<String>,
}

#[derive(Serialize, JsonSchema)]
struct GapJson {
    kind: &'static str,
    what: String,
    remedy: String,
}

#[derive(Serialize, JsonSchema)]
struct MissingPriceJson {
    what: String,
    row_to_add: String,
}

/// A plan.
#[derive(Serialize, JsonSchema)]
struct RecommendDocument {
    schema_version: u32,
    scenario: ScenarioJson,
    prices_as_of: String,
    summary: SummaryJson,
    /// How much a plan may give up: `none`, `low`, `medium` or `high`.
    accepted_loss: &'static str,
    demands: Vec<DemandJson>,
    /// The plan, in order.
    actions: Vec<ActionJson>,
    /// The dearest first; each beside the plan, so that they do not add up.
    on_the_table: Vec<ActionJson>,
    not_advised: Vec<ActionJson>,
    advice: Vec<AdviceJson>,
    components: Vec<ComponentJson>,
    confidence: ConfidenceJson,
    assumptions: Vec<String>,
    gaps: Vec<GapJson>,
    unknown_volumes: Vec<String>,
    missing_prices: Vec<MissingPriceJson>,
    warnings: Vec<String>,
    /// What the plan keeps of the events of logs, where it was tried on them: by any trail first, then by each trail changed.
    replays: Vec<super::replay_view::ReplayJson>,
}

/// Returns the JSON Schema of plans.
pub fn recommend_schema() -> serde_json::Value {
    schemars::schema_for!(RecommendDocument).to_value()
}

/// Returns a plan as JSON.
///
/// # Errors
/// Passes on what the JSON writer says, which does not happen in memory.
pub fn recommend_json(view: &RecommendView<'_>) -> Result<serde_json::Value, serde_json::Error> {
    let estimate = view.estimate;
    let actions = |rows: &[ActionRow]| rows.iter().map(ActionJson::new).collect();
    serde_json::to_value(RecommendDocument {
        schema_version: SCHEMA_VERSION,
        scenario: ScenarioJson {
            name: estimate.name.clone(),
            start: estimate.months.first().map(ToString::to_string).unwrap_or_default(),
            months: estimate.months.len(),
            currency: estimate.currency.to_string(),
        },
        prices_as_of: estimate.as_of.to_string(),
        summary: SummaryJson {
            headline: view.headline.clone(),
            before: view.before.to_string(),
            after: view.after.to_string(),
            before_month: view.before_month.to_string(),
            after_month: view.after_month.to_string(),
            saving: SavingJson::new(&view.saving),
            saving_percent: view.percent.map(|own| own.to_string()),
            complete: view.complete,
            is_proven: view.is_proven,
        },
        accepted_loss: view.accepted_loss,
        demands: view
            .demands
            .iter()
            .map(|(what, by)| DemandJson { what: what.clone(), by: by.clone() })
            .collect(),
        actions: actions(&view.planned),
        on_the_table: actions(&view.on_the_table),
        not_advised: actions(&view.not_advised),
        advice: view
            .advice
            .iter()
            .map(|own| AdviceJson {
                rule: own.rule,
                what: own.what.clone(),
                why: own.why.clone(),
                is_against: own.is_against,
            })
            .collect(),
        components: view
            .components
            .iter()
            .filter(|own| !own.id.is_empty())
            .map(|own| ComponentJson {
                id: own.id.clone(),
                label: own.label.clone(),
                before: own.before.to_string(),
                after: own.after.to_string(),
                complete: own.complete,
            })
            .collect(),
        confidence: ConfidenceJson {
            level: view.confidence,
            reasons: view.confidence_reasons.clone(),
            evidence: view.evidence.clone(),
        },
        assumptions: estimate.assumed.clone(),
        gaps: estimate
            .gaps
            .iter()
            .map(|own| GapJson { kind: own.kind.name(), what: own.what.clone(), remedy: own.remedy.clone() })
            .collect(),
        unknown_volumes: estimate.unknown.clone(),
        missing_prices: estimate
            .missing_prices
            .iter()
            .map(|(what, row)| MissingPriceJson { what: what.clone(), row_to_add: row.clone() })
            .collect(),
        warnings: estimate.warnings.clone(),
        replays: view.replays.iter().map(super::replay_view::ReplayView::json).collect(),
    })
}
