//! Posture for the terminal, and as Markdown for a pull request.

use super::clean::markdown;
use super::clean::visible;
use super::posture_view::{MOST_FINDINGS, PostureReport, chain, controls, delay, finding};
use super::table::{Style, wrap};
use crate::posture::{AlertChain, ChainState, ControlResult, PracticeResult, State};

const INDENT: usize = 10;

/// Writes the posture for the terminal.
pub fn posture_text(report: &PostureReport<'_>, style: Style) -> String {
    let width = style.width.clamp(60, 120);
    let mut out = format!("{}\n", style.bold(&format!("Posture · {}", visible(report.subject))));
    wrap(&mut out, "", 2, &report.headline(), width);
    let section = |title: &str, out: &mut String| {
        out.push_str(&format!("\n{}\n{}\n", style.bold(title), style.rule(width)));
    };
    let failed = report.failed();
    if !failed.is_empty() {
        section("Not followed", &mut out);
        for own in failed {
            failure(report, own, style, width, &mut out);
        }
    }
    for (state, title) in [(State::NotKnown, "Not known"), (State::NotCheckable, "Cannot be checked here")] {
        if report.of(state).next().is_some() {
            section(title, &mut out);
            report.of(state).for_each(|own| unknown(own, width, &mut out));
        }
    }
    for (state, title) in [(State::Passed, "Followed"), (State::NotApplicable, "Does not apply")] {
        let ids: Vec<&str> = report.of(state).map(|own| own.doc.id).collect();
        if !ids.is_empty() {
            section(title, &mut out);
            wrap(&mut out, "", 0, &ids.join(", "), width);
        }
    }
    if !report.failed_controls().is_empty() {
        section("Controls whose demands are not met", &mut out);
        for own in report.failed_controls() {
            failed_control(report, own, width, &mut out);
        }
    }
    if !report.unchecked_controls().is_empty() {
        section("Controls that are not checked", &mut out);
        for own in report.unchecked_controls() {
            wrap(&mut out, "", 2, &format!("{}: {}", control(own), report.unchecked(own)), width);
        }
    }
    section("Alert chains", &mut out);
    alerts(report, style, width, &mut out);
    section("What following them costs", &mut out);
    for own in &report.posture.totals {
        wrap(&mut out, "", 2, &format!("{}: {}", visible(&own.title), report.total(own)), width);
    }
    style.finish(out)
}

fn line(out: &mut String, text: &str, width: usize) {
    wrap(out, &" ".repeat(INDENT), INDENT, text, width);
}

fn failure(report: &PostureReport<'_>, own: &PracticeResult, style: Style, width: usize, out: &mut String) {
    let mark = format!("{:<INDENT$}", own.doc.severity.name());
    let mark = if own.fails_at(report.fail_on) { style.warn(&mark) } else { mark };
    let mut title = String::new();
    wrap(&mut title, &" ".repeat(INDENT), INDENT, &format!("{} ({})", own.doc.title, own.doc.id), width);
    out.push_str(&format!("{mark}{}", &title[INDENT..]));
    for each in own.outcome.findings.iter().take(MOST_FINDINGS) {
        line(out, &finding(each), width);
    }
    if let Some(more) = own.outcome.findings.len().checked_sub(MOST_FINDINGS + 1) {
        line(out, &format!("and {} more", more + 1), width);
    }
    line(out, &format!("Fix: {} {}", own.doc.fix, report.price_sentence(own)), width);
    if !own.controls.is_empty() {
        line(out, &format!("Asked for by {}", controls(own)), width);
    }
}

fn control(own: &ControlResult) -> String {
    format!("{} {} ({})", visible(&own.profile), visible(&own.id), visible(&own.text))
}

fn failed_control(report: &PostureReport<'_>, own: &ControlResult, width: usize, out: &mut String) {
    wrap(out, "", 2, &control(own), width);
    for each in own.demanded.findings.iter().take(MOST_FINDINGS) {
        wrap(out, "  ", 2, &finding(each), width);
    }
    wrap(out, "  ", 2, &format!("To meet it {}", report.control_price(own)), width);
}

fn unknown(own: &PracticeResult, width: usize, out: &mut String) {
    let said: Vec<String> = own.outcome.findings.iter().take(MOST_FINDINGS).map(finding).collect();
    wrap(out, "", 2, &format!("{}: {}", own.doc.id, said.join("; ")), width);
    if own.outcome.state == State::NotKnown {
        wrap(out, "  ", 4, &format!("Find out: {}", own.doc.find_out), width);
    }
}

/// Writes the chains; those of which the same is said are told together.
fn alerts(report: &PostureReport<'_>, style: Style, width: usize, out: &mut String) {
    let mut groups: Vec<(&AlertChain, String, Vec<&str>)> = Vec::new();
    for own in &report.posture.chains {
        let text = said(report, own);
        match groups.iter_mut().find(|(first, known, _)| *known == text && first.state == own.state) {
            Some((.., titles)) => titles.push(own.activity.title),
            None => groups.push((own, text, vec![own.activity.title])),
        }
    }
    for (own, text, titles) in groups {
        let mark = format!("{:<12}", own.state.name());
        let mark = if own.state == ChainState::Incomplete { style.warn(&mark) } else { mark };
        let mut lines = String::new();
        wrap(&mut lines, &" ".repeat(12), 12, &format!("{}: {text}", titles.join(", ")), width);
        out.push_str(&format!("{mark}{}", &lines[12..]));
    }
}

/// Says how far a chain goes, how long it takes, what it costs, and what to do.
fn said(report: &PostureReport<'_>, own: &AlertChain) -> String {
    let mut parts = vec![chain(own), delay(own)];
    parts.extend(own.cost.as_ref().map(|cost| report.monthly(cost)));
    parts.push(own.fix.clone());
    parts.retain(|own| !own.is_empty());
    parts.join("; ")
}

/// Writes the posture as Markdown for a pull request, with a hidden marker by which a comment can be found and replaced.
pub fn posture_markdown(report: &PostureReport<'_>) -> String {
    let sign = if report.is_failed() { "❌" } else { "✅" };
    let mut out = format!(
        "<!-- trailcost check posture -->\n### {sign} CloudTrail posture: {}\n\n**{}**\n",
        markdown(report.subject),
        markdown(&report.headline())
    );
    let failed = report.failed();
    if !failed.is_empty() {
        out.push_str(
            "\n| Severity | Practice | Found | Fix | Price | Controls |\n|:--|:--|:--|:--|:--|:--|\n",
        );
        for own in failed {
            let found: Vec<String> =
                own.outcome.findings.iter().take(MOST_FINDINGS).map(|own| markdown(&finding(own))).collect();
            out.push_str(&format!(
                "| {} | {} ({}) | {} | {} | {} | {} |\n",
                own.doc.severity.name(),
                markdown(own.doc.title),
                own.doc.id,
                found.join("<br>"),
                markdown(own.doc.fix),
                markdown(&report.price(own)),
                markdown(&controls(own)),
            ));
        }
    }
    for (state, title) in [(State::NotKnown, "Not known"), (State::NotCheckable, "Cannot be checked here")] {
        if report.of(state).next().is_some() {
            out.push_str(&format!("\n**{title}**\n\n"));
        }
        for own in report.of(state) {
            let said: Vec<String> =
                own.outcome.findings.iter().take(MOST_FINDINGS).map(|own| markdown(&finding(own))).collect();
            out.push_str(&format!("- {}: {}\n", own.doc.id, said.join("; ")));
        }
    }
    markdown_controls(report, &mut out);
    out.push_str("\n| Alert chain | | Hops | Delay | Cost |\n|:--|:--|:--|:--|:--|\n");
    for own in &report.posture.chains {
        let cost = own.cost.as_ref().map_or_else(String::new, |cost| report.monthly(cost));
        out.push_str(&format!(
            "| {} | {} | {} | {} | {} |\n",
            markdown(own.activity.title),
            own.state.name(),
            markdown(&chain(own)),
            delay(own),
            cost
        ));
    }
    out.push('\n');
    for own in &report.posture.totals {
        out.push_str(&format!("**{}**: {}\n\n", markdown(&own.title), markdown(&report.total(own))));
    }
    out
}

fn markdown_controls(report: &PostureReport<'_>, out: &mut String) {
    let failed = report.failed_controls();
    if !failed.is_empty() {
        out.push_str("\n| Control whose demand is not met | Found | Price |\n|:--|:--|:--|\n");
    }
    for own in failed {
        let found: Vec<String> =
            own.demanded.findings.iter().take(MOST_FINDINGS).map(|own| markdown(&finding(own))).collect();
        out.push_str(&format!(
            "| {} | {} | {} |\n",
            markdown(&control(own)),
            found.join("<br>"),
            markdown(&report.control_price(own))
        ));
    }
    let unchecked = report.unchecked_controls();
    if !unchecked.is_empty() {
        out.push_str("\n**Controls that are not checked**\n\n");
    }
    for own in unchecked {
        out.push_str(&format!("- {}: {}\n", markdown(&control(own)), markdown(&report.unchecked(own))));
    }
}
