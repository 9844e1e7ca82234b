//! Rows of priced usage.

use super::resource_type::ResourceTypes;
use super::row::{CostKind, FocusRow};
use super::tags::tags_json;
use super::writer::{FocusError, FocusTotals, FocusWriter};
use crate::domain::{
    Account, AccountId, ChargeCategory, LineItem, LineItemSink, Model, Money, Month, RegionTable, SinkError,
    UnitPrice,
};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::Write;

/// What rows need to know besides the line item.
pub struct FocusFacts<'a> {
    kind: CostKind,
    currency: &'a str,
    accounts: BTreeMap<&'a AccountId, &'a Account>,
    /// Allocation tags of accounts that have any.
    tags: BTreeMap<&'a AccountId, String>,
    /// Whether every account is on an invoice of its own.
    pays_itself: bool,
    resource_types: ResourceTypes<'a>,
    regions: &'a RegionTable,
}

impl<'a> FocusFacts<'a> {
    /// Takes names from the model that was priced.
    pub fn new(kind: CostKind, model: &'a Model, regions: &'a RegionTable) -> Self {
        Self {
            kind,
            currency: model.currency.code(),
            accounts: model.inventory.accounts.iter().map(|own| (&own.id, own)).collect(),
            tags: model
                .inventory
                .accounts
                .iter()
                .filter_map(|own| Some((&own.id, tags_json(&own.tags)?)))
                .collect(),
            pays_itself: !model.consolidated_billing,
            resource_types: ResourceTypes::new(&model.inventory),
            regions,
        }
    }

    fn name(&self, account: &AccountId) -> Option<&'a str> {
        self.accounts.get(account).and_then(|own| own.name.as_deref())
    }

    /// Returns the account that is invoiced; nothing where nobody said which one the accounts share.
    fn payer<'i>(&'i self, account: &'i AccountId) -> Option<&'i AccountId> {
        if self.pays_itself {
            return Some(account);
        }
        self.accounts.get(account).and_then(|own| own.payer.as_ref())
    }

    /// Makes a row. `BilledCost` is 0, as nothing is invoiced; of usage that is wholly unknown, and of usage without a price, costs
    /// are absent. Where only an agreed rate is known, it stands in for the list price in the cost, as it does in every total.
    fn row<'i>(&'i self, item: &LineItem<'i>, description: &'i str) -> FocusRow<'i> {
        let is_unknown = item.has_unknown && item.quantity.is_zero();
        let cost = |amount: Option<Money>| amount.filter(|_| !is_unknown);
        let price = |price: Option<UnitPrice>| price.and_then(UnitPrice::of_one);
        let payer = self.payer(item.account);
        let next = item.month.plus(1).map(Month::first_day);
        FocusRow {
            cost_kind: self.kind,
            currency: self.currency,
            pricing_currency: Some(self.currency),
            month: item.month,
            charged_from: item.month.first_day(),
            charged_to: next,
            category: ChargeCategory::Usage,
            description,
            payer: payer.map(AccountId::as_str),
            payer_name: payer.and_then(|own| self.name(own)),
            account: Some(item.account.as_str()),
            account_name: self.name(item.account),
            region: Some(item.region.as_str()),
            region_name: self.regions.get(item.region.as_str()).map(|own| own.name.as_str()),
            service: &item.meter.service,
            usage_type: Some(&item.meter.usage_type),
            component: Some(item.component),
            resource: Some(item.resource).filter(|own| !own.is_empty()),
            resource_type: Some(self.resource_types.find(item.resource, item.component)),
            invoice: None,
            sku_price: item.sku_price_id,
            quantity: Some(item.quantity).filter(|_| !is_unknown),
            unit: Some(item.meter.unit.name()),
            has_unknown: item.has_unknown,
            list_unit_price: price(item.list_unit_price),
            contracted_unit_price: price(item.contracted_unit_price),
            billed_cost: Some(Money::ZERO),
            list_cost: cost(item.list_cost.or(item.contracted_cost)),
            contracted_cost: cost(item.contracted_cost),
            effective_cost: cost(item.contracted_cost),
            tier: Some(item.tier),
            provenance: Some(item.provenance),
            tags: self.tags.get(item.account).map(String::as_str),
            rows: None,
            scope: None,
        }
    }
}

/// Streams line items as rows.
pub struct FocusLineItems<'a, W: Write + Send> {
    facts: FocusFacts<'a>,
    writer: FocusWriter<W>,
    description: String,
}

impl<'a, W: Write + Send> FocusLineItems<'a, W> {
    /// Begins.
    pub fn new(writer: FocusWriter<W>, facts: FocusFacts<'a>) -> Self {
        Self { facts, writer, description: String::new() }
    }

    /// Ends; returns what it was written to, and what was.
    ///
    /// # Errors
    /// Whatever the writer beneath says.
    pub fn finish(self) -> Result<(W, FocusTotals), FocusError> {
        self.writer.finish()
    }
}

impl<W: Write + Send> LineItemSink for FocusLineItems<'_, W> {
    fn take(&mut self, item: &LineItem<'_>) -> Result<(), SinkError> {
        let mut description = std::mem::take(&mut self.description);
        description.clear();
        describe(item, &mut description);
        let row = self.facts.row(item, &description);
        let written = self.writer.write(&row);
        self.description = description;
        written.map_err(|error| SinkError(Box::new(error)))
    }
}

/// Says what is charged.
fn describe(item: &LineItem<'_>, text: &mut String) {
    // Writing into memory does not fail.
    let _ = write!(text, "{} of {} in {}", item.meter.usage_type, item.meter.service, item.region);
    let _ = match item.tier {
        LineItem::FREE_TIER => write!(text, ", free tier"),
        tier => write!(text, ", tier {tier}"),
    };
}
