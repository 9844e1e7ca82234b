//! `trailcost check`

use super::check_posture;
use super::measure_bill::parse_month;
use super::prepared::Prepared;
use super::report_record::refused;
use crate::check::{CheckedCosts, CheckedMonth, Verdict, against_budgets, against_policy};
use crate::cli::args_check::{CheckArgs, CheckFormat};
use crate::cli::error::CliError;
use crate::cli::exit_code;
use crate::cli::output;
use crate::cli::screen::Screen;
use crate::cli::settings::Settings;
use crate::domain::{
    Budgets, ChargeCategory, CostKind, Currency, LineItem, LineItemSink, Month, Policy, SinkError, Snapshot,
};
use crate::recommend::{Keep, Plan, plan, profile, rules};
use crate::report::{
    CheckReport, check_json, check_markdown, check_sarif, check_slack, check_teams, check_text,
    posture_markdown_reference, visible,
};
use crate::sources::budgets;
use crate::sources::compliance;
use crate::store::History;
use std::path::Path;

pub(super) fn run(args: &CheckArgs, screen: Screen) -> Result<u8, CliError> {
    if args.rules {
        let profiles = compliance::built_in().map_err(CliError::Input)?;
        output::print(&posture_markdown_reference(&profiles))?;
        return Ok(exit_code::DONE);
    }
    if args.posture {
        return check_posture::run(args, screen);
    }
    let known = rules();
    let ids: Vec<&str> = known.iter().map(|own| own.id).collect();
    let Some(budget) = &args.budget else {
        return Err(CliError::new(exit_code::USAGE, "neither --budget nor --posture is named"));
    };
    let wanted = budgets::load(budget, &ids).map_err(CliError::Input)?;
    let (subject, currency, verdicts, file) = match (&args.scenario, &args.history) {
        (Some(path), _) => of_scenario(path, args, &wanted, screen)?,
        (None, Some(folder)) => of_history(folder, args, &wanted)?,
        (None, None) => return Err(CliError::new(exit_code::USAGE, "nothing is named to be checked")),
    };
    let report = CheckReport { subject: &subject, file: &file, currency: &currency, verdicts: &verdicts };
    let fail = |error: serde_json::Error| CliError::new(exit_code::NOT_WRITTEN, error.to_string());
    let text = match args.format {
        CheckFormat::Table => check_text(&report, screen.style),
        CheckFormat::Json => format!("{:#}\n", check_json(&report).map_err(fail)?),
        CheckFormat::Sarif => format!("{:#}\n", check_sarif(&report)),
        CheckFormat::Markdown => check_markdown(&report),
        CheckFormat::Slack => format!("{}\n", check_slack(&report)),
        CheckFormat::Teams => format!("{}\n", check_teams(&report)),
    };
    output::print(&text)?;
    Ok(if report.is_exceeded() { exit_code::FOUND } else { exit_code::DONE })
}

type Checked = (String, Currency, Vec<Verdict>, String);

/// Sums line items by month.
struct ByMonth<'a>(&'a mut CheckedCosts);

impl LineItemSink for ByMonth<'_> {
    fn take(&mut self, item: &LineItem<'_>) -> Result<(), SinkError> {
        let months = &mut self.0.months;
        let at = months.partition_point(|own| own.month < item.month);
        if months.get(at).is_none_or(|own| own.month != item.month) {
            months.insert(at, CheckedMonth::new(item.month));
        }
        let cost = item.contracted_cost.filter(|_| !item.has_unknown);
        months[at].add(item.account.as_str(), Some(item.component), cost);
        Ok(())
    }
}

fn of_scenario(path: &Path, args: &CheckArgs, wanted: &Budgets, screen: Screen) -> Result<Checked, CliError> {
    let settings = Settings::new(&args.prices)?;
    let prepared = Prepared::new(path, &settings, screen, None)?;
    let model = prepared.model();
    let mut costs = CheckedCosts::default();
    costs.months.extend(prepared.estimate().months.iter().map(|own| CheckedMonth::new(*own)));
    prepared.line_items(&mut ByMonth(&mut costs))?;
    if !prepared.estimate().is_complete() {
        // What is not priced or not known has no line of its own always.
        costs.months.iter_mut().for_each(|own| own.add("", None, None));
    }
    for own in &model.inventory.accounts {
        costs.tags.insert(own.id.to_string(), own.tags.clone());
    }
    let mut verdicts = against_budgets(&wanted.budgets, &costs);
    if wanted.policy != Policy::default() {
        let planned = planned(&prepared, &settings)?;
        verdicts.extend(against_policy(&wanted.policy, model, &planned));
    }
    Ok((model.name.clone(), model.currency.clone(), verdicts, path.display().to_string()))
}

fn planned(prepared: &Prepared<'_>, settings: &Settings) -> Result<Plan, CliError> {
    let model = prepared.model();
    let profiles = profile::demands(&model.demands.profiles, &settings.compliance);
    let keep = Keep::new(&model.demands, profiles, None);
    Ok(plan(model, &keep, &prepared.valuer()?)?)
}

fn of_history(folder: &Path, args: &CheckArgs, wanted: &Budgets) -> Result<Checked, CliError> {
    if wanted.policy != Policy::default() {
        return Err(CliError::new(
            exit_code::USAGE,
            "a policy is checked in a scenario, and a history is named",
        )
        .hint("name the scenario, or a file of budgets without [policy]"));
    }
    let history = History::new(folder);
    let months = history.months().map_err(|error| refused(&error))?;
    let month = match &args.month {
        Some(text) => parse_month(text)?,
        None => *months.last().ok_or_else(|| {
            let message = format!("no month is recorded in {}", folder.display());
            CliError::new(exit_code::BAD_INPUT, visible(&message))
                .hint("record one with `trailcost report record SCENARIO --history DIR`")
        })?,
    };
    let mut costs = CheckedCosts { calendar_years: true, ..CheckedCosts::default() };
    let mut currency = Currency::usd();
    let year = month.to_string()[..4].to_owned();
    let is_asked =
        |own: &&Month| **own <= month && (own.to_string().starts_with(&year) || own.plus(1) == Some(month));
    for own in months.iter().filter(is_asked) {
        if let Some(own) = history.read(*own).map_err(|error| refused(&error))? {
            currency.clone_from(&own.currency);
            add(&mut costs, &own);
        }
    }
    if costs.months.last().is_none_or(|own| own.month != month) {
        let message = format!("{month} is not recorded in {} with a cost", folder.display());
        return Err(CliError::new(exit_code::BAD_INPUT, visible(&message))
            .hint("record it with `trailcost report record`, or name another month"));
    }
    costs.from = costs.months.len() - 1;
    // A month that does not come right before tells no growth.
    if costs.from > 0 && costs.months[costs.from - 1].month.plus(1) != Some(month) {
        let mut own = CheckedMonth::new(month);
        own.add("", None, None);
        costs.months.insert(costs.from, own);
        costs.from += 1;
    }
    let verdicts = against_budgets(&wanted.budgets, &costs);
    let file = history.path(month).display().to_string();
    Ok((month.to_string(), currency, verdicts, file))
}

/// Adds what a recorded month costs.
pub(super) fn add(costs: &mut CheckedCosts, own: &Snapshot) {
    let Some((kind, cost)) = own.cost() else { return };
    let mut month = CheckedMonth::new(own.month);
    if let Some((first, last)) = cost.days.filter(|_| kind == CostKind::Bill) {
        let (covered, of) = (last.days_since(first) + 1, own.month.days());
        month.days = u32::try_from(covered).ok().filter(|own| *own < of).map(|covered| (covered, of));
    }
    for line in &cost.lines {
        if matches!(line.category, ChargeCategory::Usage | ChargeCategory::Discount) {
            month.add(&line.account, line.component, line.cost);
        }
    }
    if !cost.complete {
        month.add("", None, None);
    }
    costs.months.push(month);
    for (id, account) in &own.accounts {
        costs.tags.insert(id.to_string(), account.tags.clone());
    }
}
