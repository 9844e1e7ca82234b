//! What days cost, as a part of a month's text: one line for each account and component.

use super::document::{Unread, block, json};
use crate::domain::{Component, CostKind, DailyCost, Date, Money, RecordedDays};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// One account and component.
#[derive(Serialize, Deserialize)]
struct CostJson {
    account: String,
    component: Option<String>,
    /// Amounts by day.
    days: BTreeMap<String, String>,
}

/// What days cost, of one kind.
#[derive(Deserialize)]
pub(super) struct DaysJson {
    covered: Vec<String>,
    costs: Vec<CostJson>,
}

/// Writes all kinds.
pub(super) fn write(all: &BTreeMap<CostKind, RecordedDays>) -> String {
    let kinds = all.iter().map(|(kind, own)| {
        let covered: Vec<String> = own.covered.iter().map(ToString::to_string).collect();
        let costs = own.costs.iter().map(|own| {
            json(&CostJson {
                account: own.account.to_string(),
                component: own.component.map(|own| own.id().to_owned()),
                days: own.days.iter().map(|(day, cost)| (day.to_string(), cost.to_string())).collect(),
            })
        });
        let costs = block('[', costs, ']');
        format!("{}: {{\n\"covered\": {},\n\"costs\": {costs}\n}}", json(kind.name()), json(&covered))
    });
    block('{', kinds, '}')
}

/// Reads all kinds.
pub(super) fn read(
    all: BTreeMap<String, DaysJson>,
    date: fn(&str) -> Result<Date, Unread>,
    money: fn(&str) -> Result<Money, Unread>,
) -> Result<BTreeMap<CostKind, RecordedDays>, Unread> {
    let cost = |own: CostJson| {
        let component = own.component.as_deref().map(|id| {
            Component::from_id(id).ok_or_else(|| Unread::Corrupt(format!("`{id}` is no component")))
        });
        let days = own.days.iter().map(|(day, cost)| Ok::<_, Unread>((date(day)?, money(cost)?)));
        Ok(DailyCost {
            account: own.account.into(),
            component: component.transpose()?,
            days: days.collect::<Result<_, _>>()?,
        })
    };
    let of_kind = |(name, own): (String, DaysJson)| {
        let kinds = [CostKind::Bill, CostKind::Measurement, CostKind::Estimate];
        let kind = kinds.into_iter().find(|own| own.name() == name);
        let kind = kind.ok_or_else(|| Unread::Corrupt(format!("`{name}` is no kind of cost")))?;
        let days = RecordedDays {
            covered: own.covered.iter().map(|own| date(own)).collect::<Result<_, _>>()?,
            costs: own.costs.into_iter().map(cost).collect::<Result<_, Unread>>()?,
        };
        Ok((kind, days))
    };
    all.into_iter().map(of_kind).collect()
}
