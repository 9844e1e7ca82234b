//! The reference of the practices, as Markdown.

use crate::domain::{ComplianceProfile, MONITORED_ACTIVITIES};
use crate::posture::{DELAYS, controls_of, practices};

/// Writes what each practice looks at, why it matters, how it is mended, what that costs, which controls it meets, and where
/// that is written; then the events whose alert chains are followed, and the delays that AWS documents.
pub fn posture_markdown_reference(profiles: &[ComplianceProfile]) -> String {
    let all = practices();
    let mut out = String::from(
        "# Practices\n\nWhat `trailcost check --posture` looks for. What nobody knows is never called a failure; the price of a fix \
         is the difference of two estimates.\n\n| Practice | Severity | What to do |\n|:--|:--|:--|\n",
    );
    for own in &all {
        out.push_str(&format!("| [`{}`](#{}) | {} | {} |\n", own.id, own.id, own.severity.name(), own.title));
    }
    for own in &all {
        out.push_str(&format!("\n## {}\n\n**{}** ({})\n\n", own.id, own.title, own.severity.name()));
        let mut line = |name: &str, text: &str| {
            if !text.is_empty() {
                out.push_str(&format!("- {name}: {text}\n"));
            }
        };
        line("Best practice", own.list.best);
        line("Worst practice", own.list.worst);
        line("Looks at", own.looks_at);
        line("Why", own.why);
        line("Fix", own.fix);
        line("Command", &code(own.command));
        line("Terraform", &code(own.terraform));
        line("Price of the fix", own.price);
        line("Where it is not known", own.find_out);
        for (profile, id, source) in controls_of(own, profiles) {
            out.push_str(&format!("- Control: [{profile} {id}]({source})\n"));
        }
        for source in own.sources {
            out.push_str(&format!("- Source: [{}]({})\n", source.title, source.address));
        }
    }
    chains(&mut out);
    out
}

fn code(text: &str) -> String {
    if text.is_empty() { String::new() } else { format!("`{text}`") }
}

fn chains(out: &mut String) {
    out.push_str(
        "\n## Alert chains\n\nThe events that are followed from the call to somebody who is told, by a metric filter and an alarm, or \
         by a rule of EventBridge. Patterns are tried on a record of each event that \
         the control names, and on everyday events that they must not match; each account that is described is followed alone.\n\n| Event | CIS | Source |\n|:--|:--|:--|\n",
    );
    for own in &MONITORED_ACTIVITIES {
        out.push_str(&format!("| {} | {} | {} |\n", own.title, own.control.unwrap_or("–"), own.source));
    }
    out.push_str(
        "\nHow long a hop takes, as AWS documents it; sums leave out what is not documented.\n\n| Hop | Seconds | Documented | \
         Source |\n|:--|--:|:--|:--|\n",
    );
    for own in &DELAYS {
        let seconds = own.seconds.map_or_else(|| "–".to_owned(), |own| own.to_string());
        let source = if own.source.is_empty() { "–" } else { own.source };
        out.push_str(&format!("| {} | {seconds} | {} | {source} |\n", own.hop, own.words));
    }
}
