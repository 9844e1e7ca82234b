//! Changes of what is recorded, out of the measured.json of `measure logs`.

use crate::cli::error::CliError;
use crate::domain::{Component, DailyCost, Date, Money, Month, RecordedChange, RecordedDays};
use crate::io;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::Path;

/// The part of measured.json that is read.
#[derive(Deserialize)]
struct Measured {
    causes: Vec<Cause>,
    /// Absent in files of earlier versions.
    paid_days: Option<PaidDays>,
}

#[derive(Deserialize)]
struct PaidDays {
    whole_days: Vec<String>,
    costs: Vec<PaidDay>,
}

#[derive(Deserialize)]
struct PaidDay {
    account: String,
    component: String,
    day: String,
    cost: String,
}

/// What logs say beside volumes.
pub(super) struct FromLogs {
    /// Changes that were carried out.
    pub(super) changes: Vec<RecordedChange>,
    /// What days cost, where the file says so.
    pub(super) days: Option<RecordedDays>,
}

#[derive(Deserialize)]
struct Cause {
    time: String,
    account: String,
    region: String,
    event_name: String,
    subject: String,
    who: String,
    failed: bool,
    monthly_cost_added: Option<String>,
}

/// Reads the changes that were carried out, and what days cost.
pub(super) fn read(path: &Path) -> Result<FromLogs, CliError> {
    let text = io::read_text(path)?;
    let name = path.display().to_string();
    let wrong = |what: &str, hint: &'static str| CliError::input(&name, what, Some(hint));
    let own: Measured = serde_json::from_str(&text).map_err(|error| {
        wrong(
            &format!("it is no measured.json of `measure logs`: {error}"),
            "name the measured.json that `trailcost measure logs … --out DIR` wrote",
        )
    })?;
    let change = |own: Cause| {
        let added = own.monthly_cost_added.as_deref().map(str::parse::<Money>).transpose();
        let added = added.map_err(|_| wrong("`monthly_cost_added` is no amount", "write the file anew"))?;
        Ok(RecordedChange {
            time: own.time,
            account: own.account,
            region: own.region,
            event_name: own.event_name,
            subject: own.subject,
            who: own.who,
            added,
        })
    };
    let changes = own.causes.into_iter().filter(|own| !own.failed).map(change);
    let days = own.paid_days.map(days).transpose();
    let days = days.map_err(|what| wrong(&what, "write the file anew with `trailcost measure logs`"))?;
    Ok(FromLogs { changes: changes.collect::<Result<_, CliError>>()?, days })
}

/// Reads what days cost, or says what is no day, amount or component.
fn days(own: PaidDays) -> Result<RecordedDays, String> {
    let day = |text: &str| text.parse::<Date>().map_err(|_| format!("`{text}` is no day"));
    let mut sums: BTreeMap<(String, Component), BTreeMap<Date, Money>> = BTreeMap::new();
    for paid in own.costs {
        let component = Component::from_id(&paid.component)
            .ok_or_else(|| format!("`{}` is no component", paid.component))?;
        let cost: Money = paid.cost.parse().map_err(|_| format!("`{}` is no amount", paid.cost))?;
        sums.entry((paid.account, component)).or_default().insert(day(&paid.day)?, cost);
    }
    let cost = |((account, component), days): ((String, Component), BTreeMap<Date, Money>)| DailyCost {
        account: account.into(),
        component: Some(component),
        days,
    };
    Ok(RecordedDays {
        covered: own.whole_days.iter().map(|own| day(own)).collect::<Result<_, _>>()?,
        costs: sums.into_iter().map(cost).collect(),
    })
}

/// Keeps the days of a month; nothing where there are none.
pub(super) fn days_of_month(mut own: RecordedDays, month: Month) -> Option<RecordedDays> {
    own.covered.retain(|own| own.month() == month);
    for cost in &mut own.costs {
        cost.days.retain(|own, _| own.month() == month);
    }
    own.costs.retain(|own| !own.days.is_empty());
    (!own.covered.is_empty()).then_some(own)
}

/// Keeps the changes of a month.
pub(super) fn of_month(all: Vec<RecordedChange>, month: Month) -> Vec<RecordedChange> {
    let beginning = format!("{month}-");
    all.into_iter().filter(|own| own.time.starts_with(&beginning)).collect()
}
