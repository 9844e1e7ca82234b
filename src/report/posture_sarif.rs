//! Posture as SARIF 2.1.0, for code scanning.
//!
//! Source: OASIS, Static Analysis Results Interchange Format 2.1.0; GitHub, SARIF support for code scanning
//! (`security-severity`).

use super::check_report::uri;
use super::clean::visible;
use super::posture_view::{PostureReport, finding};
use crate::posture::{ControlResult, Finding, Origin, PracticeResult, Severity, State};
use serde_json::{Value, json};

/// Writes the posture as SARIF.
pub fn posture_sarif(report: &PostureReport<'_>) -> Value {
    let controls = &report.posture.controls;
    let is_told = |own: &&ControlResult| {
        !matches!(own.demanded.state, State::NotApplicable) || own.practices.is_empty()
    };
    let rules = report.posture.practices.iter().map(rule);
    let rules: Vec<Value> = rules.chain(controls.iter().filter(is_told).map(control_rule)).collect();
    let results: Vec<Value> =
        report
            .posture
            .practices
            .iter()
            .flat_map(|own| own.outcome.findings.iter().map(move |each| result(report, own, each)))
            .chain(controls.iter().filter(is_told).flat_map(|own| {
                own.demanded.findings.iter().map(move |each| control_finding(report, own, each))
            }))
            .collect();
    json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "trailcost",
                "version": env!("CARGO_PKG_VERSION"),
                "rules": rules,
            } },
            "results": results,
        }],
    })
}

/// Returns the figure by which code scanning sorts: critical is above 9, high above 7, medium above 4.
fn weight(own: Severity) -> &'static str {
    match own {
        Severity::Low => "3.0",
        Severity::Medium => "5.5",
        Severity::High => "8.0",
        Severity::Critical => "9.5",
    }
}

fn level(own: Severity) -> &'static str {
    match own {
        Severity::Low => "note",
        Severity::Medium => "warning",
        Severity::High | Severity::Critical => "error",
    }
}

fn rule(own: &PracticeResult) -> Value {
    let help = [own.doc.fix, own.doc.command, own.doc.terraform];
    let help: Vec<&str> = help.into_iter().filter(|own| !own.is_empty()).collect();
    let mut rule = json!({
        "id": own.doc.id,
        "shortDescription": { "text": own.doc.title },
        "fullDescription": { "text": own.doc.why },
        "help": { "text": help.join("\n") },
        "defaultConfiguration": { "level": level(own.doc.severity) },
        "properties": { "security-severity": weight(own.doc.severity), "tags": ["security"] },
    });
    if let Some(source) = own.doc.sources.first() {
        rule["helpUri"] = json!(source.address);
    }
    rule
}

fn result(report: &PostureReport<'_>, own: &PracticeResult, each: &Finding) -> Value {
    let (kind, level) = kind(own.outcome.state, own.doc.severity);
    let price = match own.outcome.state {
        State::Failed => format!("; mending it: {}", report.price(own)),
        _ => String::new(),
    };
    located(report, each, own.doc.id, (kind, level), &format!("{}{price}", finding(each)))
}

fn kind(state: State, severity: Severity) -> (&'static str, &'static str) {
    match state {
        State::Failed => ("fail", level(severity)),
        State::NotKnown => ("open", "none"),
        State::NotCheckable => ("review", "none"),
        State::NotApplicable => ("notApplicable", "none"),
        State::Passed => ("pass", "none"),
    }
}

/// Returns the id of a control among the rules: no practice has a slash in its id.
fn control_id(own: &ControlResult) -> String {
    format!("{}/{}", visible(&own.profile), visible(&own.id))
}

/// Describes a control as a rule: what it demands of events and logs, which counts as high.
fn control_rule(own: &ControlResult) -> Value {
    json!({
        "id": control_id(own),
        "shortDescription": { "text": visible(&own.text) },
        "helpUri": visible(&own.source),
        "defaultConfiguration": { "level": level(Severity::High) },
        "properties": { "security-severity": weight(Severity::High), "tags": ["security"] },
    })
}

fn control_finding(report: &PostureReport<'_>, own: &ControlResult, each: &Finding) -> Value {
    // A control that neither a practice nor its demands judge is there to be looked at.
    let state = if own.state == State::NotCheckable { own.state } else { own.demanded.state };
    let more = match state {
        State::Failed => format!("; to meet it {}", report.control_price(own)),
        State::NotKnown | State::NotCheckable => format!("; not checked: {}", visible(&own.find_out)),
        State::Passed | State::NotApplicable => String::new(),
    };
    located(report, each, &control_id(own), kind(state, Severity::High), &format!("{}{more}", finding(each)))
}

fn located(
    report: &PostureReport<'_>,
    each: &Finding,
    rule: &str,
    (kind, level): (&str, &str),
    text: &str,
) -> Value {
    let (file, line) = place(report, each);
    json!({
        "ruleId": rule,
        "kind": kind,
        "level": level,
        "message": { "text": text },
        "locations": [{ "physicalLocation": {
            "artifactLocation": { "uri": uri(&file) },
            "region": { "startLine": line },
        } }],
    })
}

/// Returns the file and line of a finding; what has none is about the whole file that was named.
fn place(report: &PostureReport<'_>, own: &Finding) -> (String, u64) {
    let parts = own.place.as_deref().and_then(|own| own.rsplit_once(':'));
    let line = parts.and_then(|(file, line)| Some((file, line.parse::<u64>().ok().filter(|own| *own > 0)?)));
    match (line, report.origin) {
        (Some((file, line)), Origin::TerraformSources) => {
            (format!("{}/{file}", report.file.trim_end_matches('/')), line)
        }
        (Some((file, line)), Origin::Scenario) => (file.to_owned(), line),
        _ => (report.file.to_owned(), 1),
    }
}
