//! A row, whatever it was made of.

use super::cell::Cell;
use super::column::WIDTH;
use super::service::{self, Service};
use crate::domain::{ChargeCategory, Component, Date, Money, Month, Quantity};

/// What a row's costs are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CostKind {
    /// What a scenario would cost.
    Estimate,
    /// What was measured in a month, at the prices of the tables.
    Measurement,
    /// What was billed.
    Bill,
}

impl CostKind {
    /// Returns the word in `x_CostKind`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Estimate => "Estimate",
            Self::Measurement => "Measurement",
            Self::Bill => "Bill",
        }
    }
}

/// One charge. What is not known is absent; texts are as they came and are made harmless when they are written.
#[derive(Debug, Clone)]
pub struct FocusRow<'a> {
    /// Estimate, measurement or bill.
    pub cost_kind: CostKind,
    /// The currency of every amount.
    pub currency: &'a str,
    /// The currency that the price list has, where it is known.
    pub pricing_currency: Option<&'a str>,
    /// The billing period.
    pub month: Month,
    /// The first day that is charged.
    pub charged_from: Date,
    /// The day after the last one; absent after the end of the calendar.
    pub charged_to: Option<Date>,
    /// What kind of charge.
    pub category: ChargeCategory,
    /// What is charged, in words.
    pub description: &'a str,
    /// The account that is invoiced.
    pub payer: Option<&'a str>,
    /// Its name.
    pub payer_name: Option<&'a str>,
    /// The account that used it.
    pub account: Option<&'a str>,
    /// Its name.
    pub account_name: Option<&'a str>,
    /// The Region.
    pub region: Option<&'a str>,
    /// Its name.
    pub region_name: Option<&'a str>,
    /// The service's code.
    pub service: &'a str,
    /// The usage type, without Region prefix.
    pub usage_type: Option<&'a str>,
    /// The component of a report.
    pub component: Option<Component>,
    /// The resource.
    pub resource: Option<&'a str>,
    /// What kind of thing it is.
    pub resource_type: Option<&'a str>,
    /// The invoice.
    pub invoice: Option<&'a str>,
    /// AWS's id of the price: SKU, offer term and rate with points between them.
    pub sku_price: Option<&'a str>,
    /// The quantity; only of usage.
    pub quantity: Option<Quantity>,
    /// Its unit.
    pub unit: Option<&'a str>,
    /// Whether more was used, nobody knows how much.
    pub has_unknown: bool,
    /// The list price of a unit.
    pub list_unit_price: Option<Money>,
    /// The agreed price of a unit.
    pub contracted_unit_price: Option<Money>,
    /// What is invoiced; 0 of estimates and measurements.
    pub billed_cost: Option<Money>,
    /// The cost at list price.
    pub list_cost: Option<Money>,
    /// The cost at the agreed price.
    pub contracted_cost: Option<Money>,
    /// The cost after every discount.
    pub effective_cost: Option<Money>,
    /// The tier, counted from 1; 0 is what is free.
    pub tier: Option<u16>,
    /// Where the quantity comes from.
    pub provenance: Option<&'a str>,
    /// The account's allocation tags, a JSON object of texts.
    pub tags: Option<&'a str>,
    /// How many rows of the bill are summed.
    pub rows: Option<u64>,
    /// Whether it is charged for the logs, or for a service as a whole.
    pub scope: Option<&'static str>,
}

/// FOCUS has no discounts of their own and no refunds.
pub(in crate::report) fn focus_category(category: ChargeCategory) -> &'static str {
    match category {
        ChargeCategory::Usage => "Usage",
        ChargeCategory::Credit => "Credit",
        ChargeCategory::Tax => "Tax",
        ChargeCategory::Discount | ChargeCategory::Refund | ChargeCategory::Other => "Adjustment",
    }
}

/// The provider: its companies that publish and invoice are named by bills alone, and by few of them.
const AWS: &str = "AWS";

impl<'a> FocusRow<'a> {
    /// Returns what stands in each of [`COLUMNS`](super::COLUMNS).
    pub fn cells(&self) -> [Cell<'_>; WIDTH] {
        let is_usage = self.category == ChargeCategory::Usage;
        // Tax has neither price nor quantity, and nothing else but usage has one that means anything.
        let of_usage = |cell: Cell<'a>| if is_usage { cell } else { Cell::Null };
        let quantity = of_usage(Cell::quantity(self.quantity));
        let unit = match quantity {
            Cell::Null => Cell::Null,
            _ => Cell::of(self.unit),
        };
        let list_unit_price = of_usage(Cell::money(self.list_unit_price));
        let contracted_unit_price = of_usage(Cell::money(self.contracted_unit_price));
        let effective_cost = Cell::money(self.effective_cost);
        let priced_in = |cell: &Cell<'a>| match self.pricing_currency {
            // Amounts in the currency of the bill are none in another one.
            Some(own) if own == self.currency => cell.clone(),
            _ => Cell::Null,
        };
        let sku_price = of_usage(Cell::of(self.sku_price));
        let sku = self.sku_price.map(|own| own.split('.').next().unwrap_or(own));
        // The standard wants no meter where there is no SKU; `x_UsageType` always has it.
        let meter = if sku.is_some() { of_usage(Cell::of(self.usage_type)) } else { Cell::Null };
        let known = service::of(self.service);
        let place = |get: fn(Service) -> &'static str, other: &'static str| known.map_or(other, get);
        [
            Cell::Null,
            Cell::money(self.billed_cost),
            Cell::of(self.payer),
            Cell::of(self.payer_name),
            self.payer.map_or(Cell::Null, |_| Cell::word("Account")),
            Cell::text(self.currency),
            self.month.plus(1).map_or(Cell::Null, |next| Cell::Time(next.first_day())),
            Cell::Time(self.month.first_day()),
            Cell::Null,
            Cell::Null,
            Cell::word(focus_category(self.category)),
            Cell::Null,
            Cell::text(self.description),
            Cell::word(if is_usage { "Usage-Based" } else { "One-Time" }),
            self.charged_to.map_or(Cell::Null, Cell::Time),
            Cell::Time(self.charged_from),
            Cell::Null,
            Cell::Null,
            Cell::Null,
            Cell::Null,
            Cell::Null,
            Cell::Null,
            Cell::Null,
            quantity.clone(),
            unit.clone(),
            Cell::money(self.contracted_cost),
            contracted_unit_price.clone(),
            effective_cost.clone(),
            Cell::of(self.invoice),
            Cell::word(AWS),
            Cell::money(self.list_cost),
            list_unit_price.clone(),
            of_usage(Cell::word("Standard")),
            Cell::of(self.pricing_currency),
            priced_in(&contracted_unit_price),
            priced_in(&effective_cost),
            priced_in(&list_unit_price),
            quantity,
            unit,
            Cell::word(AWS),
            Cell::word(AWS),
            Cell::of(self.region),
            self.region.map_or(Cell::Null, |_| Cell::of(self.region_name)),
            Cell::of(self.resource),
            // What is known is the id or the name of a resource, never both.
            Cell::Null,
            self.resource.map_or(Cell::Null, |_| Cell::of(self.resource_type)),
            Cell::word(place(|own| own.category, "Other")),
            known.map_or(Cell::text(self.service), |own| Cell::word(own.name)),
            Cell::word(place(|own| own.subcategory, "Other (Other)")),
            of_usage(Cell::of(sku)),
            meter,
            Cell::Null,
            sku_price,
            Cell::of(self.account),
            self.account.map_or(Cell::Null, |_| Cell::of(self.account_name)),
            self.account.map_or(Cell::Null, |_| Cell::word("Account")),
            Cell::of(self.tags),
            Cell::word(self.category.name()),
            self.component.map_or(Cell::Null, |own| Cell::word(own.id())),
            Cell::word(self.cost_kind.name()),
            Cell::Flag(self.has_unknown),
            Cell::of(self.provenance),
            self.rows.map_or(Cell::Null, Cell::Count),
            self.scope.map_or(Cell::Null, Cell::word),
            Cell::text(self.service),
            self.tier.map_or(Cell::Null, |own| Cell::Count(own.into())),
            Cell::of(self.usage_type),
        ]
    }
}
