//! Private pricing: what the payer has agreed instead of the list price.

use super::money::UnitPrice;
use super::provenance::Place;
use rust_decimal::Decimal;

/// The agreed price.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TermPrice {
    /// A share off the list price, between 0 and 1.
    Discount(Decimal),
    /// A rate of its own per unit, in place of every tier.
    Rate(UnitPrice),
}

/// One agreed term. The most specific one applies: usage type and Region, usage type, Region, service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Term {
    /// The service's code, such as `AWSCloudTrail`.
    pub service: String,
    /// The usage type without Region prefix; `None` means every one of the service.
    pub usage_type: Option<String>,
    /// The Region; `None` means every one.
    pub region: Option<super::region::RegionCode>,
    /// The agreed price.
    pub price: TermPrice,
    /// Where it was stated.
    pub place: Place,
}
