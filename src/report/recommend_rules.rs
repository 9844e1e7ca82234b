//! The reference of the rules, as Markdown.

use crate::recommend::rules;

/// Writes what each rule finds, why that costs, how the saving arises, what is lost, and where that is written.
pub fn rules_markdown() -> String {
    let rules = rules();
    let mut out = String::from(
        "# Rules\n\nWhat `trailcost recommend` looks for. A saving is always the difference of two estimates; a rule only says \
         what is changed.\n\n| Rule | What it does |\n|:--|:--|\n",
    );
    for rule in &rules {
        out.push_str(&format!("| [`{}`](#{}) | {} |\n", rule.id, rule.id, rule.title));
    }
    for rule in &rules {
        out.push_str(&format!(
            "\n## {}\n\n**{}**\n\n- Finds: {}\n- Why it costs: {}\n- How the saving arises: {}\n- What is lost: {}\n",
            rule.id, rule.title, rule.finds, rule.why, rule.saving, rule.loses
        ));
        for source in rule.sources {
            if source.address.is_empty() {
                out.push_str(&format!("- Source: {}\n", source.title));
            } else {
                out.push_str(&format!("- Source: [{}]({})\n", source.title, source.address));
            }
        }
    }
    out
}
