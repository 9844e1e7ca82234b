//! A plan as CSV: a row for each action, planned or not.

use super::clean::csv_field;
use super::csv::finish;
use super::recommend_view::{ActionRow, RecommendView, SavingView, SiteView};
use crate::domain::Money;

/// Writes every action with where it is, what it saves, and what becomes of it.
///
/// Columns have FOCUS names where FOCUS has one; columns of our own begin with `x_`. `x_Saving…` is what `x_Status` says of
/// it: of planned actions it adds up to the plan's saving, those of others do not add up.
///
/// # Errors
/// Passes on what the CSV writer says, which does not happen in memory.
pub fn recommend_csv(view: &RecommendView<'_>) -> Result<String, csv::Error> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let years = view.saving.years.len().max(3);
    let mut header: Vec<String> = [
        "x_Status",
        "x_Order",
        "x_RuleId",
        "x_Action",
        "x_Reason",
        "SubAccountId",
        "RegionId",
        "ResourceType",
        "ResourceName",
        "x_Sites",
        "BillingCurrency",
        "ChargePeriodStart",
        "ChargePeriodEnd",
        "x_SavingAverageMonth",
    ]
    .map(str::to_owned)
    .to_vec();
    header.extend((1..=years).map(|year| format!("x_SavingYear{year}")));
    header.extend(
        [
            "x_SavingTotal",
            "x_SavingAlone",
            "x_SavingInPlan",
            "x_OneTimeCost",
            "x_PayBackMonth",
            "x_SavingIsComplete",
            "x_Effort",
            "x_LossLevel",
            "x_GivenUp",
            "x_Detections",
            "x_DemandedBy",
            "x_Notes",
        ]
        .map(str::to_owned),
    );
    writer.write_record(&header)?;
    for (at, row) in view.rows().enumerate() {
        writer.write_record(fields(view, at, row, years))?;
    }
    Ok(finish(writer))
}

fn fields(view: &RecommendView<'_>, at: usize, row: &ActionRow, years: usize) -> Vec<String> {
    let months = &view.estimate.months;
    let day = |own: Option<crate::domain::Month>| {
        own.map(|month| format!("{}T00:00:00Z", month.first_day())).unwrap_or_default()
    };
    let total = |own: &Option<SavingView>| own.as_ref().map(|own| own.total.to_string()).unwrap_or_default();
    let joined = |texts: &[String]| csv_field(&texts.join("; "));
    let sites = |pick: fn(&SiteView) -> &str| {
        let mut seen: Vec<String> = Vec::new();
        for own in row.sites.iter().map(pick) {
            if !seen.iter().any(|known| known == own) {
                seen.push(own.to_owned());
            }
        }
        csv_field(&seen.join("; "))
    };
    let reason = if row.reason.is_empty() { &row.why } else { &row.reason };
    let mut fields = vec![
        row.status.name().to_owned(),
        (at + 1).to_string(),
        row.rule.to_owned(),
        csv_field(&row.title),
        csv_field(reason),
        sites(|own| &own.account),
        sites(|own| &own.region),
        sites(|own| own.kind),
        sites(|own| &own.name),
        row.sites.len().to_string(),
        view.estimate.currency.code().to_owned(),
        day(months.first().copied()),
        day(months.last().and_then(|own| own.plus(1))),
        row.saving.average_month.to_string(),
    ];
    let year = |at: usize| row.saving.years.get(at).map(Money::to_string).unwrap_or_default();
    fields.extend((0..years).map(year));
    fields.extend([
        row.saving.total.to_string(),
        total(&row.alone),
        total(&row.in_plan),
        row.saving.one_time.to_string(),
        row.saving.pay_back.map(|own| own.to_string()).unwrap_or_default(),
        row.saving.complete.to_string(),
        row.effort.to_owned(),
        row.loss.to_owned(),
        joined(&row.given_up),
        joined(&row.detections),
        csv_field(&row.demanded_by),
        joined(&row.notes),
    ]);
    fields
}
