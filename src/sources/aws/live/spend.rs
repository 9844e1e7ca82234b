//! What Cost Explorer has of CloudTrail: quantities and costs, month by month.

use super::asking::{Asking, Place};
use super::progress::Charged;
use super::refused::Refused;
use super::session::Session;
use crate::domain::{Date, Month};
use crate::sources::aws::answers::{CostAndUsageAnswer, CostAndUsageRow, Data, Operation};
use aws_sdk_costexplorer::operation::get_cost_and_usage::GetCostAndUsageOutput;
use aws_sdk_costexplorer::types::{
    DateInterval, Dimension, DimensionValues, Expression, Granularity, GroupDefinition, GroupDefinitionType,
};

/// Whole months before the running one.
const MONTHS: i32 = 3;

/// Asks for the bill of the last months; of the payer it has every member's part.
pub(super) async fn read(asking: &Asking<'_>, session: &Session) {
    let place = Place { session, region: session.home().to_owned() };
    let outcome = rows(asking, &place).await;
    asking.record(place.asked(""), Operation::GetCostAndUsage, outcome, Data::GetCostAndUsage);
}

async fn rows(asking: &Asking<'_>, place: &Place<'_>) -> Result<CostAndUsageAnswer, Refused> {
    let client = place.session.cost_explorer(&place.region);
    let malformed = |_| Refused::other("a request that cannot be made");
    let (start, end) = period(asking.options.today);
    let period = DateInterval::builder().start(start).end(end).build().map_err(malformed)?;
    let service = DimensionValues::builder().key(Dimension::Service).values("AWS CloudTrail").build();
    let group =
        |key: &str| GroupDefinition::builder().r#type(GroupDefinitionType::Dimension).key(key).build();
    let mut rows = Vec::new();
    let mut token: Option<String> = None;
    loop {
        asking.progress.charged(Charged::CostExplorerRequests, 1);
        let page = client
            .get_cost_and_usage()
            .time_period(period.clone())
            .granularity(Granularity::Monthly)
            .filter(Expression::builder().dimensions(service.clone()).build())
            .metrics("UsageQuantity")
            .metrics("UnblendedCost")
            .group_by(group("USAGE_TYPE"))
            .group_by(group("LINKED_ACCOUNT"))
            .set_next_page_token(token.clone())
            .send()
            .await?;
        rows.extend(rows_of(&page));
        match page.next_page_token() {
            None => return Ok(CostAndUsageAnswer { rows }),
            Some(next) if Some(next) == token.as_deref() => return Err(Refused::other("RepeatedToken")),
            Some(next) => token = Some(next.to_owned()),
        }
    }
}

fn rows_of(page: &GetCostAndUsageOutput) -> Vec<CostAndUsageRow> {
    let mut rows = Vec::new();
    for month in page.results_by_time() {
        for group in month.groups() {
            let figure = |name: &str| {
                let own = group.metrics().and_then(|own| own.get(name));
                let text = |part: Option<&str>| part.unwrap_or_default().to_owned();
                own.map(|own| (text(own.amount()), text(own.unit()))).unwrap_or_default()
            };
            let ((usage_quantity, usage_unit), (unblended_cost, cost_unit)) =
                (figure("UsageQuantity"), figure("UnblendedCost"));
            let key = |at: usize| group.keys().get(at).cloned().unwrap_or_default();
            rows.push(CostAndUsageRow {
                start: month.time_period().map(|own| own.start().to_owned()).unwrap_or_default(),
                end: month.time_period().map(|own| own.end().to_owned()).unwrap_or_default(),
                estimated: month.estimated(),
                usage_type: key(0),
                account: key(1),
                usage_quantity,
                usage_unit,
                unblended_cost,
                cost_unit,
            });
        }
    }
    rows
}

/// Returns the first day of the period, and the day after its last.
fn period(today: Date) -> (String, String) {
    let back = today.month().months_since(Month::EARLIEST) - MONTHS;
    let first = u32::try_from(back).ok().and_then(|count| Month::EARLIEST.plus(count));
    let first = first.unwrap_or(Month::EARLIEST).first_day();
    // On the first of a month there is nothing yet of the running one.
    (first.to_string(), today.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_whole_months_and_the_running_one() {
        let of = |today: &str| period(today.parse().unwrap());
        assert_eq!(of("2026-11-21"), ("2026-08-01".to_owned(), "2026-11-21".to_owned()));
        assert_eq!(of("2026-02-01"), ("2025-11-01".to_owned(), "2026-02-01".to_owned()));
    }
}
