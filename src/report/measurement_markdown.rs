//! A measurement in Markdown.

use super::clean::markdown;
use super::measurement_text::{heading, volumes};
use super::measurement_view::MeasurementView;
use super::view::gap_heading;

/// Writes a measurement.
pub fn measurement_markdown(view: &MeasurementView) -> String {
    let mut out = format!("### {}\n\n", markdown(&view.name));
    for line in heading(view) {
        out.push_str(&format!("{}.\n", markdown(&line)));
    }
    for (title, rows) in [
        ("Trails", &view.trails),
        ("Event data stores and deliveries", &view.event_data_stores),
        ("Buckets", &view.buckets),
        ("Log groups", &view.log_groups),
    ] {
        if rows.is_empty() {
            continue;
        }
        out.push_str(&format!("\n#### {title}\n\n"));
        for row in rows {
            out.push_str(&format!("- **{}** ({})\n", markdown(&row.name), markdown(&row.place)));
            for (name, text) in &row.settings {
                out.push_str(&format!("  - {name}: {}\n", markdown(text)));
            }
        }
    }
    out.push_str("\n#### Volumes of a month\n\n");
    for line in volumes(view) {
        out.push_str(&format!("- {}\n", markdown(&line)));
    }
    if !view.evidence.is_empty() {
        out.push_str("\n| What | Value | How | Certainty |\n|:--|:--|:--|:--|\n");
        for own in &view.evidence {
            out.push_str(&format!(
                "| {} | {} | {} | {} |\n",
                markdown(&own.what),
                markdown(&own.value),
                markdown(&own.how),
                own.certainty.name()
            ));
        }
    }
    if !view.gaps.is_empty() {
        out.push_str("\n#### Gaps\n\n");
        for gap in &view.gaps {
            out.push_str(&format!(
                "- {}: {}: {}\n",
                gap_heading(gap.kind),
                markdown(&gap.what),
                markdown(&gap.remedy)
            ));
        }
    }
    out
}
