//! `trailcost pricing list --free-tiers`

use crate::cli::args::{Format, PricingListArgs};
use crate::cli::error::CliError;
use crate::cli::{exit_code, output};
use crate::pricing::{FreeTier, FreeTiers, free_tiers_csv};
use crate::report::{grouped, visible};

/// Prints the free tiers that hold, of the service and usage types asked for.
pub(super) fn print_free_tiers(free_tiers: &FreeTiers, args: &PricingListArgs) -> Result<(), CliError> {
    let mut tiers: Vec<&FreeTier> = free_tiers
        .iter()
        .filter(|tier| args.service.as_ref().is_none_or(|own| *own == tier.row.service))
        .filter(|tier| args.usage_type.as_ref().is_none_or(|own| tier.row.usage_type.contains(own.as_str())))
        .collect();
    tiers.sort_by_key(|tier| tier.allowance);
    match args.format {
        Format::Csv => {
            let text = free_tiers_csv(tiers.iter().map(|tier| &tier.row))
                .map_err(|error| CliError::new(exit_code::NOT_WRITTEN, error.to_string()))?;
            output::print(&text)
        }
        Format::Json => output::print(&format!("{:#}\n", json(&tiers))),
        Format::Markdown => output::print(&markdown(&tiers)),
        Format::Table => output::print(&text(&tiers)),
    }
}

fn json(tiers: &[&FreeTier]) -> serde_json::Value {
    let rows: Vec<serde_json::Value> = tiers
        .iter()
        .map(|tier| {
            serde_json::json!({
                "allowance": tier.row.allowance,
                "service": tier.row.service,
                "usage_type": tier.row.usage_type,
                "unit": tier.row.unit.name(),
                "free_quantity": tier.row.free_quantity.to_string(),
                "source": tier.row.source,
                "retrieved_on": tier.row.retrieved_on.to_string(),
                "confidence": tier.row.confidence.name(),
                "description": tier.row.description,
                "table": tier.table,
            })
        })
        .collect();
    serde_json::json!({ "schema_version": 1, "free_tiers": rows })
}

/// Writes a free quantity as people read it.
fn quantity(tier: &FreeTier) -> String {
    format!("{} {}", grouped(tier.row.free_quantity.rounded(12).normalize()), visible(tier.row.unit.name()))
}

fn markdown(tiers: &[&FreeTier]) -> String {
    let mut out = "| Allowance | Free each month | Service | Usage type | Confidence |\n".to_owned();
    out.push_str("|:--|--:|:--|:--|:--|\n");
    for tier in tiers {
        out.push_str(&format!(
            "| {} | {} | {} | {} | {} |\n",
            visible(&tier.row.allowance),
            quantity(tier),
            visible(&tier.row.service),
            visible(&tier.row.usage_type),
            tier.row.confidence.name()
        ));
    }
    out
}

fn text(tiers: &[&FreeTier]) -> String {
    let mut out = "Free each month for a payer, where a scenario has free_tier = true\n\n".to_owned();
    let mut allowance = None;
    for tier in tiers {
        if allowance != Some(tier.allowance) {
            out.push_str(&format!("{}: {}\n", visible(&tier.row.allowance), quantity(tier)));
            allowance = Some(tier.allowance);
        }
        out.push_str(&format!(
            "  {} {}  ({})\n",
            visible(&tier.row.service),
            visible(&tier.row.usage_type),
            tier.row.confidence.name()
        ));
    }
    if tiers.is_empty() {
        out.push_str("no free tier matches\n");
    }
    out
}
