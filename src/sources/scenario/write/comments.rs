//! How each measured figure was come by, as comments.

use super::page::Page;
use crate::domain::Evidence;

/// Writes the block at the end of the file.
pub(super) fn evidence(page: &mut Page, evidence: &[Evidence]) {
    if evidence.is_empty() {
        return;
    }
    page.section("How each figure was come by, and how sure it is");
    for own in evidence {
        page.comment(&format!(
            "{} = {} ({})",
            one_line(&own.what),
            one_line(&own.value),
            own.certainty.name()
        ));
        page.comment(&format!("    {}", one_line(&own.how)));
    }
}

fn one_line(text: &str) -> String {
    text.replace('\n', " ")
}
