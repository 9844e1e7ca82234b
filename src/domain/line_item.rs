//! Line items: usage with its price.

use super::account::AccountId;
use super::component::Component;
use super::money::{Money, UnitPrice};
use super::period::Month;
use super::quantity::Quantity;
use super::region::RegionCode;
use super::usage_record::{Meter, UsageRecord};
use std::fmt;

/// One tier's part of one record of usage, priced. An amount is absent when the price is unknown.
#[derive(Debug, Clone, Copy)]
pub struct LineItem<'a> {
    /// The record it is a part of, by the positions of the usage's keys.
    pub record: &'a UsageRecord,
    /// The billing period.
    pub month: Month,
    /// The account charged.
    pub account: &'a AccountId,
    /// The Region charged.
    pub region: &'a RegionCode,
    /// Service, usage type and unit.
    pub meter: &'a Meter,
    /// The component.
    pub component: Component,
    /// The trail, event data store, bucket or whatever else is charged; empty when the volume was given directly.
    pub resource: &'a str,
    /// The provider's id of the price, if the table has it.
    pub sku_price_id: Option<&'a str>,
    /// The tier, counted from 1; [`LineItem::FREE_TIER`] is what is free of it.
    pub tier: u16,
    /// The quantity billed.
    pub quantity: Quantity,
    /// Whether more was used, nobody knows how much.
    pub has_unknown: bool,
    /// The list price for one unit.
    pub list_unit_price: Option<UnitPrice>,
    /// Quantity × list price.
    pub list_cost: Option<Money>,
    /// The agreed price for one unit.
    pub contracted_unit_price: Option<UnitPrice>,
    /// Quantity × agreed price.
    pub contracted_cost: Option<Money>,
    /// Where the quantity comes from.
    pub provenance: &'a str,
}

impl LineItem<'_> {
    /// The tier of a free part: it has a quantity, and price and cost are zero.
    pub const FREE_TIER: u16 = 0;
}

/// Says that a line item could not be written.
#[derive(Debug)]
pub struct SinkError(pub Box<dyn std::error::Error + Send + Sync>);

impl fmt::Display for SinkError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "a line item could not be written: {}", self.0)
    }
}

impl std::error::Error for SinkError {}

/// Something that takes line items one by one, in order.
pub trait LineItemSink {
    /// Takes one line item.
    ///
    /// # Errors
    /// [`SinkError`] when it cannot be written.
    fn take(&mut self, item: &LineItem<'_>) -> Result<(), SinkError>;
}
