//! Posture as JSON.

use super::clean::visible;
use super::posture_view::PostureReport;
use crate::posture::{
    AlertChain, ControlResult, Finding, FixPrice, Hop, Mend, PracticeResult, ProfilePrice, Route, State,
};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

/// The version of the JSON form; it changes when a field changes its meaning or goes.
const SCHEMA_VERSION: u32 = 1;

/// What a fix costs; negative where it saves. Exact decimals.
#[derive(Serialize, JsonSchema)]
struct PriceJson {
    /// In the first month.
    first_month: String,
    /// In the average month, cut after 24 digits where it has no end.
    average_month: String,
    /// Over all months.
    total: String,
    /// Whether every part of both estimates is known.
    complete: bool,
}

/// A control of a compliance profile.
#[derive(Serialize, JsonSchema)]
struct ControlJson {
    /// The profile's id.
    profile: String,
    /// The control's number.
    control: String,
    /// Where it can be read.
    source: String,
}

/// Something that does not follow a practice, or is not known.
#[derive(Serialize, JsonSchema)]
struct FindingJson {
    /// What it is; null where the practice is told of as a whole.
    subject: Option<String>,
    /// The file and line, or the Terraform address.
    place: Option<String>,
    /// What was seen.
    evidence: String,
}

/// A practice.
#[derive(Serialize, JsonSchema)]
struct PracticeJson {
    id: String,
    title: String,
    /// `low`, `medium`, `high` or `critical`.
    severity: &'static str,
    /// `passed`, `failed`, `not known`, `not checkable` or `not applicable`.
    state: &'static str,
    controls: Vec<ControlJson>,
    findings: Vec<FindingJson>,
    /// What to do.
    fix: String,
    /// The command that mends or shows it; null where there is none.
    command: Option<String>,
    /// The Terraform argument; null where there is none.
    terraform: Option<String>,
    /// How to find out what is not known.
    find_out: String,
    /// What mending it alone costs; null where it is followed, or the price is not known.
    price: Option<PriceJson>,
    /// Why there is no price.
    price_unknown: Option<String>,
}

/// A control of a profile that was asked for.
#[derive(Serialize, JsonSchema)]
struct ControlResultJson {
    /// The profile's id.
    profile: String,
    /// The control's number.
    control: String,
    text: String,
    source: String,
    /// `passed`, `failed`, `not known`, `not checkable` or `not applicable`: of its practices and demands the worst.
    state: &'static str,
    /// Practices that judge it.
    practices: Vec<&'static str>,
    /// What was found of what it demands of events and logs; `not applicable` where it demands nothing of them.
    demands: &'static str,
    findings: Vec<FindingJson>,
    /// What it costs to meet these demands alone, where a change is known that does.
    price: Option<PriceJson>,
    /// Why there is no price.
    price_unknown: Option<String>,
    /// How to check it; null where it is checked.
    find_out: Option<String>,
}

/// A hop of an alert chain.
#[derive(Serialize, JsonSchema)]
struct HopJson {
    kind: &'static str,
    /// `found`, `missing` or `not known`.
    state: &'static str,
    /// Which one, or what is missing.
    what: String,
    /// Typical seconds, where they are documented or follow from the alarm.
    delay_seconds: Option<u64>,
    /// What is documented.
    delay: Option<&'static str>,
    /// Where.
    delay_source: Option<&'static str>,
}

/// The alert chain of a critical event.
#[derive(Serialize, JsonSchema)]
struct ChainJson {
    activity: &'static str,
    title: &'static str,
    /// The number in the CIS benchmark; null for one that is not in it.
    control: Option<&'static str>,
    /// `complete`, `incomplete` or `not known`.
    state: &'static str,
    /// `metric filter` or `event rule`.
    route: &'static str,
    /// Up to the first that is missing.
    hops: Vec<HopJson>,
    /// The kind of the first hop that is missing, else of the first that is not known.
    gap: Option<&'static str>,
    /// The accounts in which it is so; empty where none is described.
    accounts: Vec<String>,
    fix: Option<String>,
    /// The seconds that are documented, together.
    documented_seconds: u64,
    /// Hops whose delay is not documented or not known.
    undocumented: Vec<&'static str>,
    /// What its own metric filter, alarm and messages cost.
    cost: Option<PriceJson>,
}

/// What following all practices of a profile costs.
#[derive(Serialize, JsonSchema)]
struct TotalJson {
    /// The profile's id; null for all practices.
    profile: Option<String>,
    title: String,
    /// Practices that are mended for the price.
    failed: Vec<&'static str>,
    /// Those of them without a price.
    unpriced: Vec<&'static str>,
    passed: usize,
    not_known: usize,
    /// Controls whose demands of events and logs are met for the price.
    failed_controls: Vec<String>,
    /// Those of them without a price.
    unpriced_controls: Vec<String>,
    /// Controls that are followed, as far as they can be judged.
    controls_passed: usize,
    /// Controls that are not checked.
    controls_not_checked: usize,
    price: Option<PriceJson>,
}

/// What was checked, and what was found.
#[derive(Serialize, JsonSchema)]
struct PostureJson {
    schema_version: u32,
    subject: String,
    /// What it was read from.
    source: &'static str,
    currency: String,
    months: usize,
    fail_on: &'static str,
    /// Whether a practice of that severity or above is not followed: then the exit code is 1.
    failed: bool,
    practices: Vec<PracticeJson>,
    /// Each control of the profiles that were asked for.
    controls: Vec<ControlResultJson>,
    alert_chains: Vec<ChainJson>,
    totals: Vec<TotalJson>,
}

fn price(own: &FixPrice) -> PriceJson {
    PriceJson {
        first_month: own.first_month.to_string(),
        average_month: own.average_month.to_string(),
        total: own.total.to_string(),
        complete: own.complete,
    }
}

fn some(own: &str) -> Option<String> {
    Some(visible(own)).filter(|own| !own.is_empty())
}

fn finding(own: &Finding) -> FindingJson {
    FindingJson {
        subject: some(&own.subject),
        place: own.place.as_deref().and_then(some),
        evidence: visible(&own.evidence),
    }
}

fn practice(own: &PracticeResult) -> PracticeJson {
    let control = |(profile, control, source): &(String, String, String)| ControlJson {
        profile: visible(profile),
        control: visible(control),
        source: visible(source),
    };
    let is_failed = own.outcome.state == State::Failed;
    PracticeJson {
        id: own.doc.id.to_owned(),
        title: own.doc.title.to_owned(),
        severity: own.doc.severity.name(),
        state: own.outcome.state.name(),
        controls: own.controls.iter().map(control).collect(),
        findings: own.outcome.findings.iter().map(finding).collect(),
        fix: own.doc.fix.to_owned(),
        command: some(own.doc.command),
        terraform: some(own.doc.terraform),
        find_out: own.doc.find_out.to_owned(),
        price: own.price.as_ref().map(price),
        price_unknown: match &own.outcome.mend {
            Mend::Unpriced(why) if is_failed => Some(why.clone()),
            _ => None,
        },
    }
}

fn control(own: &ControlResult) -> ControlResultJson {
    let is_failed = own.demanded.state == State::Failed;
    ControlResultJson {
        profile: visible(&own.profile),
        control: visible(&own.id),
        text: visible(&own.text),
        source: visible(&own.source),
        state: own.state.name(),
        practices: own.practices.clone(),
        demands: own.demanded.state.name(),
        findings: own.demanded.findings.iter().map(finding).collect(),
        price: own.price.as_ref().map(price),
        price_unknown: match &own.demanded.mend {
            Mend::Unpriced(why) if is_failed => Some(why.clone()),
            _ => None,
        },
        find_out: some(&own.find_out),
    }
}

fn hop(own: &Hop) -> HopJson {
    HopJson {
        kind: own.kind,
        state: own.state.name(),
        what: visible(&own.what),
        delay_seconds: own.delay.and_then(|own| own.seconds),
        delay: own.delay.map(|own| own.words),
        delay_source: own.delay.map(|own| own.source).filter(|own| !own.is_empty()),
    }
}

fn chain(own: &AlertChain) -> ChainJson {
    ChainJson {
        activity: own.activity.name,
        title: own.activity.title,
        control: own.activity.control,
        state: own.state.name(),
        route: match own.route {
            Route::MetricFilter => "metric filter",
            Route::EventRule => "event rule",
        },
        hops: own.hops.iter().map(hop).collect(),
        gap: own.gap().map(|own| own.kind),
        accounts: own.accounts.iter().map(ToString::to_string).collect(),
        fix: some(&own.fix),
        documented_seconds: own.documented_seconds,
        undocumented: own.undocumented.clone(),
        cost: own.cost.as_ref().map(price),
    }
}

fn total(own: &ProfilePrice) -> TotalJson {
    TotalJson {
        profile: some(&own.profile),
        title: visible(&own.title),
        failed: own.failed.clone(),
        unpriced: own.unpriced.clone(),
        passed: own.passed,
        not_known: own.not_known,
        failed_controls: own.failed_controls.iter().map(|own| visible(own)).collect(),
        unpriced_controls: own.unpriced_controls.iter().map(|own| visible(own)).collect(),
        controls_passed: own.controls_passed,
        controls_not_checked: own.controls_not_checked,
        price: own.price.as_ref().map(price),
    }
}

/// Writes the posture as JSON.
///
/// # Errors
/// Passes on what the JSON writer says, which does not happen in memory.
pub fn posture_json(report: &PostureReport<'_>) -> serde_json::Result<Value> {
    serde_json::to_value(PostureJson {
        schema_version: SCHEMA_VERSION,
        subject: visible(report.subject),
        source: report.origin.name(),
        currency: report.currency.code().to_owned(),
        months: report.posture.months,
        fail_on: report.fail_on.name(),
        failed: report.is_failed(),
        practices: report.posture.practices.iter().map(practice).collect(),
        controls: report.posture.controls.iter().map(control).collect(),
        alert_chains: report.posture.chains.iter().map(chain).collect(),
        totals: report.posture.totals.iter().map(total).collect(),
    })
}

/// Returns the JSON Schema of [`posture_json`].
pub fn posture_schema() -> Value {
    schemars::schema_for!(PostureJson).to_value()
}
