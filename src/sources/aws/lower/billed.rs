//! What Cost Explorer says was billed: exact, by account, Region and usage type.

use super::reading::{Reading, answered, measured};
use crate::domain::{
    AccountId, Certainty, Component, Date, EventCategory, GapKind, Quantity, RegionCode, Volume,
    parse_decimal,
};
use crate::sources::aws::answers::CostAndUsageRow;
use rust_decimal::Decimal;
use std::collections::{BTreeMap, BTreeSet};

const SERVICE: &str = "AWSCloudTrail";

/// What is known from the bill.
#[derive(Debug, Default)]
pub(super) struct Billed {
    /// Accounts of which the bill has everything: a usage type that is not there was not used.
    pub(super) accounts: BTreeSet<AccountId>,
    /// First copies of management events.
    pub(super) first_copies: BTreeMap<(AccountId, RegionCode), Quantity>,
    /// The usage types billed.
    pub(super) usage_types: BTreeSet<String>,
}

/// A period of the bill.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Period {
    start: Date,
    end: Date,
}

impl Period {
    fn of(row: &CostAndUsageRow) -> Option<Self> {
        let (start, end) = (row.start.parse().ok()?, row.end.parse().ok()?);
        (start < end).then_some(Self { start, end })
    }

    /// Tells whether it is a calendar month, from its first day to its last.
    fn is_whole(self) -> bool {
        let next = self.start.month().plus(1).map(crate::domain::Month::first_day);
        self.start.day() == 1 && next == Some(self.end)
    }
}

impl Reading<'_> {
    /// Takes the quantities of the last whole month as volumes; where there is none, those of the running one, scaled.
    pub(super) fn billed(&mut self) -> Billed {
        let mut billed = Billed::default();
        let rows: Vec<&CostAndUsageRow> =
            answered!(self, GetCostAndUsage).flat_map(|(_, own)| &own.rows).collect();
        let periods: BTreeSet<Period> = rows.iter().filter_map(|row| Period::of(row)).collect();
        let whole = rows.iter().filter(|row| !row.estimated).filter_map(|row| Period::of(row));
        let Some(period) = whole.filter(|own| own.is_whole()).max().or(periods.last().copied()) else {
            return billed;
        };
        let mut sums: BTreeMap<(AccountId, RegionCode, String), Decimal> = BTreeMap::new();
        for row in rows.into_iter().filter(|row| Period::of(row) == Some(period)) {
            let (Ok(account), Some(quantity)) =
                (row.account.parse::<AccountId>(), decimal(&row.usage_quantity))
            else {
                self.unseen.add(
                    GapKind::NotSeen,
                    "a row of the bill cannot be read; left out: ",
                    &format!("{} of `{}`", row.usage_type, row.account),
                    "",
                    "look at it in Cost Explorer",
                );
                continue;
            };
            let (prefix, bare) = self.context.regions.split_usage_type(&row.usage_type);
            // Older rows of us-east-1 have no prefix.
            let region = prefix.cloned().unwrap_or_else(|| RegionCode::new("us-east-1"));
            let sum = sums.entry((account, region, bare.to_owned())).or_default();
            *sum = sum.saturating_add(quantity);
        }
        for ((account, region, usage_type), sum) in sums {
            billed.accounts.insert(account.clone());
            self.billed_volume(&mut billed, period, account, region, usage_type, sum);
        }
        billed
    }

    fn billed_volume(
        &mut self,
        billed: &mut Billed,
        period: Period,
        account: AccountId,
        region: RegionCode,
        usage_type: String,
        sum: Decimal,
    ) {
        let Some(entry) = self.context.catalog.get(SERVICE, &usage_type) else {
            self.unseen.add(
                GapKind::NotSeen,
                "the bill has a usage type that no price table knows; left out: ",
                &usage_type,
                "",
                "add a row for it to a table given with --pricing",
            );
            return;
        };
        let (unit, mut component) = (entry.unit.clone(), entry.component);
        if usage_type == "DataEventsRecorded" {
            component = self.data_component().unwrap_or(component);
        }
        let days = u32::try_from(period.end.days_since(period.start)).unwrap_or(1).max(1);
        let (exact, how) = if period.is_whole() {
            (Some(sum), format!("Cost Explorer, {}", period.start.month()))
        } else {
            let month_days = self.model.horizon.start.days();
            let scaled = sum
                .checked_mul(Decimal::from(month_days))
                .and_then(|own| own.checked_div(Decimal::from(days)));
            (scaled, format!("Cost Explorer, {days} days from {}, × {month_days} days", period.start.long()))
        };
        let rounded = exact.map(|own| if unit.is_whole() { own.round() } else { own.round_dp(12) });
        let Some(quantity) = rounded.and_then(|own| Quantity::from_decimal(own).ok()) else {
            return;
        };
        billed.usage_types.insert(usage_type.clone());
        if usage_type == "FreeEventsRecorded" {
            billed.first_copies.insert((account.clone(), region.clone()), quantity);
        }
        let certainty = if period.is_whole() { Certainty::Exact } else { Certainty::Sampled };
        self.found(
            format!("account {account}, {region}: {usage_type}"),
            format!("{} {}", quantity.grouped(), unit.name()),
            how,
            certainty,
        );
        self.model.observations.volumes.push(Volume {
            account,
            region,
            service: SERVICE.to_owned(),
            usage_type,
            unit,
            component,
            amount: measured(quantity),
        });
    }

    /// Returns under which component billed data events are shown, where trails record those of one kind only.
    fn data_component(&self) -> Option<Component> {
        let mut kinds: BTreeSet<Component> = BTreeSet::new();
        for selector in self.model.inventory.trails.iter().flat_map(|trail| &trail.selectors) {
            if selector.category == EventCategory::Data {
                let types = selector
                    .fields
                    .iter()
                    .filter(|test| test.field == crate::domain::Field::ResourcesType)
                    .flat_map(|test| &test.equals);
                kinds.extend(types.map(|own| Component::of_data_events(Some(own))));
            }
        }
        (kinds.len() == 1).then(|| kinds.first().copied()).flatten()
    }
}

fn decimal(text: &str) -> Option<Decimal> {
    let value = parse_decimal(text).ok().or_else(|| Decimal::from_scientific(text).ok())?;
    (value >= Decimal::ZERO).then_some(value)
}
