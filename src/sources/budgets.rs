//! Files of budgets and policies.
//!
//! In: a file. Out: [`Budgets`], or every error with its place. Must not know: costs.

use super::scenario::at::At;
use super::scenario::document_text;
use super::scenario::notes::Notes;
use crate::domain::{
    Budget, BudgetLimit, BudgetScope, Budgets, Diagnostic, Diagnostics, Money, Policy, TrailSetting, nearest,
    parse_decimal,
};
use crate::io;
use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::Path;

/// Budgets and policies of `trailcost check`.
#[derive(Debug, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
struct BudgetFile {
    /// The version of the form: 1.
    version: At<i64>,
    /// The budgets.
    #[serde(default)]
    budget: Vec<BudgetInput>,
    /// What may not be found.
    policy: Option<PolicyInput>,
}

/// What some costs may be.
#[derive(Debug, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
struct BudgetInput {
    /// Its name.
    name: At<String>,
    /// So much in a month at most, such as "500".
    monthly: Option<At<String>>,
    /// So much in a year at most: of a scenario each year, of a history the calendar year up to the month.
    yearly: Option<At<String>>,
    /// So much more than the month before at most, such as "10%".
    growth: Option<At<String>>,
    /// So much of the whole month at most, such as "40%".
    share: Option<At<String>>,
    /// Warn from this share of a limit on, such as "80%".
    warn: Option<At<String>>,
    /// Of this component alone, such as "data_events_s3".
    component: Option<At<String>>,
    /// Of this account alone.
    account: Option<At<String>>,
    /// Of accounts with this tag alone, such as { owner = "payments" }.
    tag: Option<At<BTreeMap<String, String>>>,
}

/// What may not be found in a scenario.
#[derive(Debug, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
struct PolicyInput {
    /// Ids of rules whose findings break it, such as "duplicate-management-copies"; `trailcost recommend --rules` has them.
    #[serde(default)]
    deny: Vec<At<String>>,
    /// Ids of rules whose findings are told.
    #[serde(default)]
    warn: Vec<At<String>>,
    /// Settings that trails must have.
    #[serde(default)]
    require: Vec<SettingInput>,
    /// No trail may record data events of all resources of a type.
    #[serde(default)]
    no_data_events_on_all_resources: bool,
}

/// A setting of trails.
#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum SettingInput {
    MultiRegion,
    LogFileValidation,
    Kms,
    CloudwatchLogs,
}

/// Reads a file. `rules` are the ids of rules that there are.
///
/// # Errors
/// Every error found, with its place.
pub fn load(path: &Path, rules: &[&str]) -> Result<Budgets, Diagnostics> {
    let name = path.display().to_string();
    let text = io::read_text(path).map_err(|error| Diagnostics {
        items: vec![Diagnostic::error(&name, error.to_string())],
        texts: Vec::new(),
    })?;
    parse(&name, &text, rules)
}

/// Reads a text.
///
/// # Errors
/// Every error found, with its place.
pub fn parse(name: &str, text: &str, rules: &[&str]) -> Result<Budgets, Diagnostics> {
    let mut found = Diagnostics { items: Vec::new(), texts: vec![(name.to_owned(), text.to_owned())] };
    let schema = schemars::schema_for!(BudgetFile).to_value();
    let own = document_text::read::<BudgetFile>(name, text, &schema, &mut found)
        .map(|file| lower(&mut Notes { name, found: &mut found }, &file, rules));
    match own {
        Some(own) if !found.has_errors() => Ok(own),
        _ => {
            found.sort();
            Err(found)
        }
    }
}

fn lower(notes: &mut Notes<'_>, file: &BudgetFile, rules: &[&str]) -> Budgets {
    if file.version.value != 1 {
        notes.error(&file.version.span, format!("unknown version {}", file.version.value)).hint =
            Some("write `version = 1`".to_owned());
    }
    let budgets = file.budget.iter().map(|own| budget(notes, own)).collect();
    let policy = file.policy.as_ref().map(|own| policy(notes, own, rules)).unwrap_or_default();
    if file.budget.is_empty() && policy == Policy::default() && !notes.found.has_errors() {
        notes.error(&file.version.span, "nothing is asked for".to_owned()).hint =
            Some("add a [[budget]] or a [policy]".to_owned());
    }
    let mut seen = std::collections::BTreeSet::new();
    for own in &file.budget {
        if !seen.insert(own.name.value.as_str()) {
            notes.error(&own.name.span, format!("the budget `{}` occurs twice", own.name.value)).hint =
                Some("give each its own name".to_owned());
        }
        for share in [&own.share, &own.warn].into_iter().flatten() {
            if parse_decimal(share.value.trim_end_matches('%')).is_ok_and(|own| own > Decimal::ONE_HUNDRED) {
                notes.error(&share.span, format!("{} is more than the whole", share.value)).label =
                    Some("expected 100% at most".to_owned());
            }
        }
    }
    Budgets { budgets, policy }
}

fn budget(notes: &mut Notes<'_>, own: &BudgetInput) -> Budget {
    let mut limits = Vec::new();
    let money = |notes: &mut Notes<'_>, own: &At<String>| -> Option<Money> {
        let plain = own.value.replace(['_', ','], "");
        let amount = plain.parse::<Money>().ok().filter(|own| !own.is_negative());
        if amount.is_none() {
            notes.error(&own.span, format!("bad amount `{}`", own.value)).label =
                Some("expected an amount such as \"500\" or \"1_250.50\"".to_owned());
        }
        amount
    };
    for (input, limit) in
        [(&own.monthly, BudgetLimit::Monthly as fn(Money) -> BudgetLimit), (&own.yearly, BudgetLimit::Yearly)]
    {
        limits.extend(input.as_ref().and_then(|own| money(notes, own)).map(limit));
    }
    for (input, limit) in
        [(&own.growth, BudgetLimit::Growth as fn(Decimal) -> BudgetLimit), (&own.share, BudgetLimit::Share)]
    {
        limits.extend(input.as_ref().and_then(|own| share(notes, own)).map(limit));
    }
    if limits.is_empty() && !notes.found.has_errors() {
        notes.error(&own.name.span, format!("the budget `{}` sets no limit", own.name.value)).hint =
            Some("add monthly, yearly, growth or share".to_owned());
    }
    let component = own.component.as_ref().and_then(|own| notes.component(own));
    let account = own.account.as_ref().and_then(|own| notes.account(own));
    let tag = own.tag.as_ref().and_then(|own| {
        let mut all = own.value.clone().into_iter();
        let only = all.next();
        if only.is_none() || all.next().is_some() {
            notes.error(&own.span, "a budget is of one tag".to_owned()).hint =
                Some("write tag = { owner = \"payments\" }".to_owned());
        }
        only
    });
    let warn = own.warn.as_ref().and_then(|own| share(notes, own));
    let scope = BudgetScope { component, account, tag };
    Budget { name: own.name.value.clone(), scope, limits, warn }
}

/// Reads a percentage.
fn share(notes: &mut Notes<'_>, own: &At<String>) -> Option<Decimal> {
    let percent = own.value.strip_suffix('%').and_then(|own| parse_decimal(own.trim()).ok());
    let share =
        percent.filter(|own| !own.is_sign_negative()).and_then(|own| own.checked_div(Decimal::ONE_HUNDRED));
    if share.is_none() {
        notes.error(&own.span, format!("bad percentage `{}`", own.value)).label =
            Some("expected a percentage such as \"10%\"".to_owned());
    }
    share
}

fn policy(notes: &mut Notes<'_>, own: &PolicyInput, rules: &[&str]) -> Policy {
    let mut ids = |all: &[At<String>]| -> Vec<String> {
        for own in all {
            if !rules.contains(&own.value.as_str()) {
                notes.error(&own.span, format!("unknown rule `{}`", own.value)).hint =
                    Some(nearest(&own.value, rules.iter().copied()).map_or_else(
                        || "`trailcost recommend --rules` lists them".to_owned(),
                        |near| format!("did you mean `{near}`?"),
                    ));
            }
        }
        all.iter().map(|own| own.value.clone()).collect()
    };
    let (deny, warn) = (ids(&own.deny), ids(&own.warn));
    let setting = |own: SettingInput| match own {
        SettingInput::MultiRegion => TrailSetting::MultiRegion,
        SettingInput::LogFileValidation => TrailSetting::LogFileValidation,
        SettingInput::Kms => TrailSetting::Kms,
        SettingInput::CloudwatchLogs => TrailSetting::CloudWatchLogs,
    };
    Policy {
        deny,
        warn,
        require: own.require.iter().copied().map(setting).collect(),
        no_data_events_on_all_resources: own.no_data_events_on_all_resources,
    }
}

/// Returns the JSON Schema of a file of budgets.
pub fn schema() -> serde_json::Value {
    schemars::schema_for!(BudgetFile).to_value()
}
