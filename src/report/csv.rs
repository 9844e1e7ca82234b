//! CSV files: full precision, FOCUS names where FOCUS has one.

use super::clean::csv_field;
use super::compare_view::CompareView;
use super::view::{GroupBy, ReportView, Row};
use crate::costing::{Estimate, Figures};
use crate::domain::{Currency, LineItem, LineItemSink, Money, SinkError};
use rust_decimal::Decimal;
use std::io::Write;

pub(super) fn finish(writer: csv::Writer<Vec<u8>>) -> String {
    // Writing into memory does not fail; what was written is text.
    String::from_utf8(writer.into_inner().unwrap_or_default()).unwrap_or_default()
}

/// Writes an amount; of an incomplete figure of which nothing is known, nothing.
fn known(money: Money, incomplete: bool) -> String {
    if incomplete && money.is_zero() { String::new() } else { money.to_string() }
}

/// Writes the summary: a row for each component (or whatever the view groups by) and one for the total; by month, a
/// row for each month.
///
/// # Errors
/// Passes on what the CSV writer says, which does not happen in memory.
pub fn summary_csv(view: &ReportView) -> Result<String, csv::Error> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    if view.group_by == GroupBy::Month {
        writer.write_record(["month", "list_cost", "contracted_cost", "share_percent", "complete"])?;
        for row in &view.rows {
            let total = row.figures.total;
            writer.write_record([
                row.id.clone(),
                known(total.list, row.figures.incomplete),
                known(total.contracted, row.figures.incomplete),
                row.share.map(|share| share.to_string()).unwrap_or_default(),
                (!row.figures.incomplete).to_string(),
            ])?;
        }
        return Ok(finish(writer));
    }
    let years = view.total.years.len().max(3);
    let mut header = vec![view.group_by.column().to_owned(), "label".to_owned(), "first_month".to_owned()];
    header.extend((1..=years).map(|year| format!("year_{year}")));
    header.extend(["total", "share_percent", "complete"].map(str::to_owned));
    writer.write_record(&header)?;
    let mut write = |id: &str, label: &str, figures: &Figures, share: Option<Decimal>| {
        let known = |money: Money| known(money, figures.incomplete);
        let mut fields = vec![csv_field(id), csv_field(label), known(figures.first_month.contracted)];
        fields.extend(
            (0..years)
                .map(|year| figures.years.get(year).map(|cost| known(cost.contracted)).unwrap_or_default()),
        );
        fields.push(known(figures.total.contracted));
        fields.push(share.map(|share| share.to_string()).unwrap_or_default());
        fields.push((!figures.incomplete).to_string());
        writer.write_record(&fields)
    };
    for Row { id, label, figures, share } in &view.rows {
        write(id, label, figures, *share)?;
    }
    let whole = view.total.total.contracted;
    write("total", "Total", &view.total, whole.share_of(whole))?;
    Ok(finish(writer))
}

/// Writes each component's cost month by month.
///
/// # Errors
/// Passes on what the CSV writer says, which does not happen in memory.
pub fn monthly_csv(estimate: &Estimate) -> Result<String, csv::Error> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(["month", "component", "list_cost", "contracted_cost", "complete"])?;
    for (at, month) in estimate.months.iter().enumerate() {
        for own in &estimate.components {
            let cost = own.months[at];
            writer.write_record([
                month.to_string(),
                own.component.id().to_owned(),
                known(cost.list, own.figures.incomplete),
                known(cost.contracted, own.figures.incomplete),
                (!own.figures.incomplete).to_string(),
            ])?;
        }
    }
    Ok(finish(writer))
}

/// Writes a comparison: a row for each variant and component, and one for each variant's total.
///
/// # Errors
/// Passes on what the CSV writer says, which does not happen in memory.
pub fn compare_csv(view: &CompareView) -> Result<String, csv::Error> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let mut header =
        vec!["base".to_owned(), "variant".to_owned(), "component".to_owned(), "label".to_owned()];
    for period in ["first_month", "year_1", "total"] {
        header.extend(["base", "variant", "difference", "percent"].map(|part| format!("{period}_{part}")));
    }
    header.push("complete".to_owned());
    writer.write_record(&header)?;
    for comparison in &view.comparisons {
        for row in comparison.rows.iter().chain([&comparison.total]) {
            let id = if row.id.is_empty() { "total" } else { &row.id };
            let mut fields = vec![
                csv_field(&view.base_name),
                csv_field(&comparison.name),
                id.to_owned(),
                row.label.clone(),
            ];
            for difference in row.periods() {
                fields.push(known(difference.base, difference.base_incomplete));
                fields.push(known(difference.variant, difference.variant_incomplete));
                fields.push(difference.amount().map(|amount| amount.to_string()).unwrap_or_default());
                fields.push(difference.percent().map(|percent| percent.to_string()).unwrap_or_default());
            }
            fields.push((!row.is_incomplete()).to_string());
            writer.write_record(&fields)?;
        }
    }
    Ok(finish(writer))
}

/// The columns of `line_items.csv`.
///
/// Source of the names: FOCUS 1.0 to 1.2; columns of our own begin with `x_`. `x_Tier` counts from 1; 0 is what the free
/// tier takes, with a quantity, and price and cost 0.
const LINE_ITEM_COLUMNS: [&str; 25] = [
    "BilledCost",
    "BillingCurrency",
    "ChargeCategory",
    "ChargePeriodStart",
    "ChargePeriodEnd",
    "ConsumedQuantity",
    "ConsumedUnit",
    "ContractedCost",
    "ContractedUnitPrice",
    "EffectiveCost",
    "ListCost",
    "ListUnitPrice",
    "PricingQuantity",
    "PricingUnit",
    "RegionId",
    "ResourceId",
    "ServiceName",
    "SkuPriceId",
    "SubAccountId",
    "x_Component",
    "x_CostKind",
    "x_HasUnknownUsage",
    "x_Provenance",
    "x_Tier",
    "x_UsageType",
];

/// Streams line items as CSV.
pub struct LineItemCsv<W: Write> {
    writer: csv::Writer<W>,
    currency: String,
}

impl<W: Write> LineItemCsv<W> {
    /// Begins with the header.
    ///
    /// # Errors
    /// Whatever the writer beneath says.
    pub fn new(inner: W, currency: &Currency) -> Result<Self, csv::Error> {
        let mut writer = csv::WriterBuilder::new().buffer_capacity(1 << 16).from_writer(inner);
        writer.write_record(LINE_ITEM_COLUMNS)?;
        Ok(Self { writer, currency: currency.code().to_owned() })
    }

    /// Ends, and returns what was written to.
    ///
    /// # Errors
    /// Whatever the writer beneath says.
    pub fn finish(self) -> std::io::Result<W> {
        self.writer.into_inner().map_err(csv::IntoInnerError::into_error)
    }
}

impl<W: Write> LineItemSink for LineItemCsv<W> {
    fn take(&mut self, item: &LineItem<'_>) -> Result<(), SinkError> {
        let money = |value: Option<Money>| value.map(|value| value.to_string()).unwrap_or_default();
        let price = |value: Option<crate::domain::UnitPrice>| {
            value.map(|value| value.to_string()).unwrap_or_default()
        };
        let start = item.month.first_day().to_string();
        let end = item.month.plus(1).map(|next| next.first_day().to_string()).unwrap_or_default();
        // Of usage that is wholly unknown neither quantity nor cost is a number.
        let is_unknown = item.has_unknown && item.quantity.is_zero();
        let quantity = if is_unknown { String::new() } else { item.quantity.to_string() };
        let money = |value: Option<Money>| if is_unknown { String::new() } else { money(value) };
        let unit = item.meter.unit.name();
        let contracted = money(item.contracted_cost);
        self.writer
            .write_record([
                "0",
                &self.currency,
                "Usage",
                &format!("{start}T00:00:00Z"),
                &format!("{end}T00:00:00Z"),
                &quantity,
                unit,
                &contracted,
                &price(item.contracted_unit_price),
                &contracted,
                &money(item.list_cost),
                &price(item.list_unit_price),
                &quantity,
                unit,
                item.region.as_str(),
                &csv_field(item.resource),
                &csv_field(&item.meter.service),
                item.sku_price_id.unwrap_or_default(),
                item.account.as_str(),
                item.component.id(),
                "Estimate",
                if item.has_unknown { "true" } else { "false" },
                &csv_field(item.provenance),
                &item.tier.to_string(),
                &csv_field(&item.meter.usage_type),
            ])
            .map_err(|error| SinkError(Box::new(error)))
    }
}
