//! Verdicts of a check, in each format: for people, for machines, for code scanning, for pull requests and for chats.

use super::clean::{markdown, visible};
use super::number::{currency_text, plural};
use super::table::{Style, fit, right, wrap};
use crate::check::{Verdict, VerdictLevel};
use crate::domain::{Currency, Money};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Value, json};
use unicode_width::UnicodeWidthStr;

/// The version of the JSON form; it changes when a field changes its meaning or goes.
const SCHEMA_VERSION: u32 = 1;

/// What was checked, and what was found.
#[derive(Debug, Clone, Copy)]
pub struct CheckReport<'a> {
    /// What was checked: a scenario's name, or a month of the history.
    pub subject: &'a str,
    /// The file that findings are about, as it was named.
    pub file: &'a str,
    /// The currency.
    pub currency: &'a Currency,
    /// What was found.
    pub verdicts: &'a [Verdict],
}

impl<'a> CheckReport<'a> {
    fn of(&self, level: VerdictLevel) -> usize {
        self.verdicts.iter().filter(|own| own.level == level).count()
    }

    /// Tells whether something is more than is allowed.
    pub fn is_exceeded(&self) -> bool {
        self.of(VerdictLevel::Exceeded) > 0
    }

    /// Says what was found, in a sentence.
    fn headline(&self) -> String {
        let mut parts = Vec::new();
        let mut part = |level, one: &str, many: &str| match self.of(level) {
            0 => {}
            some => parts.push(plural(some, one, many)),
        };
        part(VerdictLevel::Exceeded, "limit is exceeded", "limits are exceeded");
        part(VerdictLevel::Warning, "warning", "warnings");
        part(VerdictLevel::Unknown, "is not known", "are not known");
        part(VerdictLevel::Within, "is within", "are within");
        if parts.is_empty() { "nothing was checked".to_owned() } else { parts.join(", ") }
    }

    fn money(&self, own: Option<Money>) -> String {
        own.map_or_else(String::new, |own| currency_text(own, &self.currency.symbol()))
    }

    fn saves(&self, own: &Verdict) -> String {
        own.saves.map_or_else(String::new, |own| format!("; it saves {} a month", self.money(Some(own))))
    }

    /// Returns the verdicts, the worst first.
    fn sorted(&self) -> Vec<&'a Verdict> {
        let mut all: Vec<&Verdict> = self.verdicts.iter().collect();
        all.sort_by_key(|own| std::cmp::Reverse(own.level));
        all
    }

    /// Says what was found of one limit.
    fn sentence(&self, own: &Verdict) -> String {
        let what = visible(&own.what);
        let (Some(actual), Some(limit)) = (own.actual, own.limit) else {
            let why = if own.why.is_empty() { String::new() } else { format!(": {}", visible(&own.why)) };
            return format!("{what}{why}{}", self.saves(own));
        };
        let over = actual.checked_sub(limit).filter(|own| !own.is_negative() && !own.is_zero());
        let over = over.map(|own| format!(", {} over", self.money(Some(own)))).unwrap_or_default();
        let at_least = if own.level == VerdictLevel::Unknown { "at least " } else { "" };
        format!(
            "{what}: {at_least}{} in {}, limit {}{over}",
            self.money(Some(actual)),
            own.when,
            self.money(Some(limit))
        ) + &if own.why.is_empty() { String::new() } else { format!("; {}", visible(&own.why)) }
    }
}

fn mark(own: VerdictLevel) -> &'static str {
    match own {
        VerdictLevel::Within => "ok",
        VerdictLevel::Unknown => "unknown",
        VerdictLevel::Warning => "warning",
        VerdictLevel::Exceeded => "EXCEEDED",
    }
}

/// Writes the verdicts for the terminal.
pub fn check_text(report: &CheckReport<'_>, style: Style) -> String {
    let width = style.width.clamp(60, 120);
    let mut out = format!("{}\n", style.bold(&format!("Check · {}", visible(report.subject))));
    wrap(&mut out, "", 2, &report.headline(), width);
    if report.verdicts.is_empty() {
        return style.finish(out);
    }
    out.push_str(&format!("{}\n", style.rule(width)));
    for own in report.sorted() {
        let mark = fit(mark(own.level), 9);
        let mark = match own.level {
            VerdictLevel::Exceeded | VerdictLevel::Warning => style.warn(&mark),
            _ => mark,
        };
        let mut lines = String::new();
        wrap(&mut lines, &" ".repeat(11), 11, &report.sentence(own), width);
        out.push_str(&format!("{mark}  {}", &lines[11..]));
        let id = format!("({})", own.rule);
        out.push_str(&format!("{}\n", right(&id, 11 + id.width())));
    }
    style.finish(out)
}

/// Writes the verdicts as Markdown for a pull request, with a hidden marker by which a comment can be found and replaced.
pub fn check_markdown(report: &CheckReport<'_>) -> String {
    let sign = if report.is_exceeded() { "❌" } else { "✅" };
    let mut out = format!(
        "<!-- trailcost check -->\n### {sign} CloudTrail cost check: {}\n\n**{}**\n\n| | What | When | Cost | Limit |\n|:--|:--|:--|--:|--:|\n",
        markdown(report.subject),
        markdown(&report.headline())
    );
    for own in report.sorted() {
        let why = if own.why.is_empty() { String::new() } else { format!(": {}", markdown(&own.why)) };
        let why = format!("{why}{}", report.saves(own));
        out.push_str(&format!(
            "| {} | {}{why} ({}) | {} | {} | {} |\n",
            mark(own.level),
            markdown(&own.what),
            markdown(&own.rule),
            markdown(&own.when),
            report.money(own.actual),
            report.money(own.limit)
        ));
    }
    out
}

/// A verdict.
#[derive(Serialize, JsonSchema)]
struct VerdictJson {
    /// `within`, `unknown`, `warning` or `exceeded`.
    level: &'static str,
    /// `budget-monthly`, `budget-yearly`, `budget-growth`, `budget-share`, a rule's id, or a setting: `require-kms` …
    rule: String,
    /// The budget's name, or what was found.
    what: String,
    /// The month or months; null for policies.
    when: Option<String>,
    /// What it costs, as far as that is known; null for policies.
    actual: Option<String>,
    /// What it may cost; null for policies.
    limit: Option<String>,
    /// Why; null for budgets.
    why: Option<String>,
    /// What mending it saves in the average month; null where that is not known.
    saves: Option<String>,
}

/// What was checked, and what was found. Amounts are exact decimals.
#[derive(Serialize, JsonSchema)]
struct CheckJson {
    schema_version: u32,
    subject: String,
    currency: String,
    /// Whether something is more than is allowed: then the exit code is 1.
    exceeded: bool,
    verdicts: Vec<VerdictJson>,
}

/// Writes the verdicts as JSON.
///
/// # Errors
/// Passes on what the JSON writer says, which does not happen in memory.
pub fn check_json(report: &CheckReport<'_>) -> serde_json::Result<Value> {
    let some = |own: &str| Some(visible(own)).filter(|own| !own.is_empty());
    let verdict = |own: &Verdict| VerdictJson {
        level: own.level.name(),
        rule: own.rule.clone(),
        what: visible(&own.what),
        when: some(&own.when),
        actual: own.actual.map(|own| own.to_string()),
        limit: own.limit.map(|own| own.to_string()),
        why: some(&own.why),
        saves: own.saves.map(|own| own.to_string()),
    };
    serde_json::to_value(CheckJson {
        schema_version: SCHEMA_VERSION,
        subject: visible(report.subject),
        currency: report.currency.code().to_owned(),
        exceeded: report.is_exceeded(),
        verdicts: report.verdicts.iter().map(verdict).collect(),
    })
}

/// Returns the JSON Schema of [`check_json`].
pub fn check_schema() -> Value {
    schemars::schema_for!(CheckJson).to_value()
}

/// Writes the verdicts as SARIF 2.1.0, for code scanning.
///
/// Source: OASIS, Static Analysis Results Interchange Format 2.1.0.
pub fn check_sarif(report: &CheckReport<'_>) -> Value {
    let mut ids: Vec<&str> = report.verdicts.iter().map(|own| own.rule.as_str()).collect();
    ids.sort_unstable();
    ids.dedup();
    let rules: Vec<Value> = ids
        .iter()
        .map(|id| json!({ "id": id, "shortDescription": { "text": id.replace('-', " ") } }))
        .collect();
    let result = |own: &Verdict| {
        let level = match own.level {
            VerdictLevel::Exceeded => "error",
            VerdictLevel::Warning => "warning",
            VerdictLevel::Unknown | VerdictLevel::Within => "note",
        };
        json!({
            "ruleId": own.rule,
            "level": level,
            "kind": if own.level == VerdictLevel::Within { "pass" } else { "fail" },
            "message": { "text": report.sentence(own) },
            "locations": [{ "physicalLocation": {
                "artifactLocation": { "uri": uri(report.file) },
                "region": { "startLine": 1 },
            } }],
        })
    };
    let results: Vec<Value> = report
        .verdicts
        .iter()
        .map(|own| {
            let mut own = result(own);
            // A pass has no level but none.
            if own["kind"] == "pass" {
                own["level"] = json!("none");
            }
            own
        })
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

/// Writes a path as a relative reference: what is no plain letter of it is escaped.
pub(super) fn uri(path: &str) -> String {
    let mut own = String::new();
    for byte in path.replace('\\', "/").bytes() {
        if byte.is_ascii_alphanumeric() || b"/._-~".contains(&byte) {
            own.push(char::from(byte));
        } else {
            own.push_str(&format!("%{byte:02X}"));
        }
    }
    own
}

/// Lines that a chat shows.
const CHAT_LINES: usize = 20;

fn chat_lines<'a>(report: &CheckReport<'a>) -> Vec<&'a Verdict> {
    report.sorted().into_iter().filter(|own| own.level != VerdictLevel::Within).collect()
}

/// Writes the payload of a message for a Slack webhook; nothing is sent.
///
/// Source: Slack, formatting text for app surfaces: `&`, `<` and `>` are escaped.
pub fn check_slack(report: &CheckReport<'_>) -> Value {
    let escape = |own: &str| own.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    let title = format!("CloudTrail cost check · {}: {}", visible(report.subject), report.headline());
    let all = chat_lines(report);
    let mut lines: Vec<String> = all
        .iter()
        .take(CHAT_LINES)
        .map(|own| format!("• {} {}", mark(own.level), escape(&report.sentence(own))))
        .collect();
    if all.len() > CHAT_LINES {
        lines.push(format!("and {} more", all.len() - CHAT_LINES));
    }
    let mut blocks =
        vec![json!({ "type": "section", "text": { "type": "plain_text", "text": clip(&title, 3_000) } })];
    if !lines.is_empty() {
        blocks.push(json!({
            "type": "section",
            "text": { "type": "mrkdwn", "verbatim": true, "text": clip(&lines.join("\n"), 3_000) }
        }));
    }
    json!({ "text": clip(&escape(&title), 3_000), "blocks": blocks })
}

/// Writes the payload of a message for a Microsoft Teams workflow, an adaptive card; nothing is sent.
pub fn check_teams(report: &CheckReport<'_>) -> Value {
    let title = format!("CloudTrail cost check · {}", visible(report.subject));
    let text = |text: String, weight: &str| json!({ "type": "TextBlock", "text": text, "wrap": true, "weight": weight });
    let all = chat_lines(report);
    let mut body = vec![text(markdown(&title), "Bolder"), text(markdown(&report.headline()), "Default")];
    let line =
        |own: &&Verdict| text(format!("{}: {}", mark(own.level), markdown(&report.sentence(own))), "Default");
    body.extend(all.iter().take(CHAT_LINES).map(line));
    if all.len() > CHAT_LINES {
        body.push(text(format!("and {} more", all.len() - CHAT_LINES), "Default"));
    }
    json!({
        "type": "message",
        "attachments": [{
            "contentType": "application/vnd.microsoft.card.adaptive",
            "content": {
                "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
                "type": "AdaptiveCard",
                "version": "1.4",
                "body": body,
            }
        }]
    })
}

/// Cuts a text to so many characters.
fn clip(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    text.chars().take(most - 1).chain(['…']).collect()
}
