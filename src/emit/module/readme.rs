//! What the module is, what it costs, and what it leaves open.

use super::design::ModuleDesign;
use super::values::FILL_IN;
use crate::domain::TrailScope;
use crate::emit::lifecycle;
use crate::emit::names::plain;
use std::collections::BTreeMap;

/// What one resource costs, in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ModuleCostRow {
    /// The resource's name in the design, or what the row stands for.
    pub resource: String,
    /// What it costs in the first month.
    pub first_month: String,
    /// What it costs in the first year.
    pub first_year: String,
}

/// What the module costs, in words.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ModuleCosts {
    /// The currency's code.
    pub currency: String,
    /// The date of the prices.
    pub as_of: String,
    /// Resource by resource, the dearest first.
    pub rows: Vec<ModuleCostRow>,
    /// The sum of the rows.
    pub total: Option<ModuleCostRow>,
    /// What is not in it, a sentence each.
    pub left_out: Vec<String>,
}

/// What checkov finds and the module leaves, with the reason.
const LEFT: [(&str, &str); 6] = [
    (
        "CKV_AWS_18, server access logs of the bucket",
        "an option: set `access_log_bucket`. CloudTrail delivers each log file as an object, and each costs a line of the access log",
    ),
    ("CKV_AWS_144, a copy in another Region", "it doubles storage, and is a decision of its own"),
    (
        "CKV2_AWS_62, event notifications of the bucket",
        "nothing consumes them; alarms come from CloudWatch Logs within minutes",
    ),
    ("CKV_AWS_338, a year in the log group", "the bucket keeps events for years, at a fraction of the price"),
    (
        "CKV_AWS_159, a key of one's own for query results",
        "Athena keeps results for a day, encrypted by its own key",
    ),
    (
        "CKV_AWS_252, a topic for log files",
        "nothing consumes a notice of each log file, and each is a request that costs",
    ),
];

/// Returns `README.md`.
pub(super) fn readme(design: &ModuleDesign, costs: &ModuleCosts) -> String {
    let (Some(trail), Some(bucket)) = (design.trail(), design.bucket()) else { return String::new() };
    let whose = match trail.scope {
        TrailScope::Organization => "an organization trail",
        TrailScope::Account(_) | TrailScope::EachAccount => "a trail of one account",
    };
    let mut text = format!(
        "# CloudTrail: {}\n\n\
         A root module of Terraform for {whose} that records every Region, with SSE-KMS, log file validation, a private bucket\n\
         in a log archive account, metric filters and alarms for the CIS AWS Foundations Benchmark, e-mail and Slack, and Athena.\n\n\
         Log files: {}.\n\n",
        markdown(&trail.name),
        markdown(&lifecycle::in_words(bucket)),
    );
    text.push_str(&use_of_it());
    text.push_str(&cost_table(design, costs));
    text.push_str(
        "## What raises the cost\n\n\
         - A second trail that records management events: each copy after the first is charged by the event.\n\
         - Data events in `trail.tf`: each is charged, delivered to the bucket, and to the log group by the byte.\n\
         - The log group takes every event of the trail: its ingestion is charged by the byte. A trail with many data events\n  \
           is cheaper with a second, data-only trail that does not deliver to CloudWatch Logs.\n\
         - A filter with a default value in `monitored.tf` is charged as a metric for every hour; with `null` for the hours in\n  \
           which something happened.\n\
         - `access_log_bucket`, longer `log_group_retention_days`, and each rotation of a key in its first two years (one more\n  \
           key version each).\n\n",
    );
    text.push_str("## What checkov finds, and why it stays\n\n| Check | Why |\n|:--|:--|\n");
    let topic = design.model.inventory.topics.len() > 1;
    for (check, why) in LEFT.iter().filter(|(check, _)| !(topic && check.starts_with("CKV_AWS_252"))) {
        text.push_str(&format!("| {check} | {why} |\n"));
    }
    if !design.notes.is_empty() {
        text.push_str("\n## What differs from the scenario\n\n");
        for note in &design.notes {
            text.push_str(&format!("- {}\n", markdown(note)));
        }
    }
    text
}

fn use_of_it() -> String {
    format!(
        "## Use\n\n\
         1. Fill in `terraform.tfvars`: everything that says `{FILL_IN}`. Terraform refuses to go on before.\n\
         2. Copy `backend.tf.example` to `backend.tf` and fill it in: the state belongs into a remote, encrypted bucket, never\n   \
            into version control.\n\
         3. For an organization trail, turn on trusted access of CloudTrail in AWS Organizations.\n\
         4. `terraform init`, `terraform plan -out tf.plan`, read the plan, `terraform apply tf.plan`.\n\
         5. Confirm the subscription in each mailbox.\n\n\
         `scenario.toml` holds the volumes that the cost below comes from; what happens in an account that is not in it has to be\n\
         added there. What a plan costs:\n\
         `terraform show -json tf.plan > plan.json`, then `trailcost terraform estimate plan.json --volumes scenario.toml`.\n\n"
    )
}

fn cost_table(design: &ModuleDesign, costs: &ModuleCosts) -> String {
    let roles = roles(design);
    let mut text = format!(
        "## What it costs\n\nIn {}, at the prices of {}, with the scenario's volumes; amounts are rounded to cents.\n\n\
         | Resource | First month | First year |\n|:--|--:|--:|\n",
        markdown(&costs.currency),
        markdown(&costs.as_of),
    );
    for row in &costs.rows {
        let role = roles.get(row.resource.as_str()).map(|own| format!("{own} ")).unwrap_or_default();
        text.push_str(&format!(
            "| {role}{} | {} | {} |\n",
            markdown(&row.resource),
            markdown(&row.first_month),
            markdown(&row.first_year)
        ));
    }
    if let Some(total) = &costs.total {
        text.push_str(&format!(
            "| **{}** | **{}** | **{}** |\n",
            markdown(&total.resource),
            markdown(&total.first_month),
            markdown(&total.first_year)
        ));
    }
    if !costs.left_out.is_empty() {
        text.push_str("\nNot in it:\n\n");
        for own in &costs.left_out {
            text.push_str(&format!("- {}\n", markdown(own)));
        }
    }
    text.push('\n');
    text
}

/// Says what a resource of a name is; several of one name share a row.
fn roles(design: &ModuleDesign) -> BTreeMap<&str, String> {
    let own = &design.model.inventory;
    let mut roles: BTreeMap<&str, String> = BTreeMap::new();
    let mut add = |name, role: &'static str| {
        let known = roles.entry(name).or_default();
        known.push_str(if known.is_empty() { "" } else { ", " });
        known.push_str(role);
    };
    own.trails.iter().for_each(|own| add(own.name.as_str(), "trail"));
    own.buckets.iter().for_each(|own| add(own.name.as_str(), "bucket"));
    own.kms_keys.iter().for_each(|own| add(own.name.as_str(), "key"));
    own.log_groups.iter().for_each(|own| add(own.name.as_str(), "log group"));
    own.alarms.iter().for_each(|own| add(own.name.as_str(), "alarm"));
    own.topics.iter().for_each(|own| add(own.name.as_str(), "topic"));
    own.readers.iter().for_each(|own| add(own.name.as_str(), "queries"));
    roles
}

/// Writes a text so that Markdown shows it as it is, on one line.
fn markdown(text: &str) -> String {
    let mut shown = String::new();
    for own in plain(text).chars() {
        match own {
            '<' => shown.push_str("&lt;"),
            '>' => shown.push_str("&gt;"),
            '&' => shown.push_str("&amp;"),
            '|' | '*' | '[' | ']' | '\\' | '`' | '#' | '!' | '~' | '$' => {
                shown.push('\\');
                shown.push(own);
            }
            '@' => shown.push_str("&#64;"),
            own => shown.push(own),
        }
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stay_names_in_markdown() {
        assert_eq!(
            markdown("a|b <script>\n`x` ![i](u)"),
            "a\\|b &lt;script&gt;\\\\u{a}\\`x\\` \\!\\[i\\](u)"
        );
        assert_eq!(markdown("\u{202e}@all"), "\\\\u{202e}&#64;all");
    }
}
