//! The columns.

/// The type of a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Text; Parquet: string.
    Text,
    /// An amount or a unit price; Parquet: decimal of 38 digits, 24 of them after the point.
    Money,
    /// A quantity; Parquet: decimal of 38 digits, 12 of them after the point.
    Quantity,
    /// A moment in UTC; Parquet: timestamp in milliseconds.
    Time,
    /// A count; Parquet: 64-bit integer.
    Count,
    /// Yes or no; Parquet: boolean.
    Flag,
}

/// A column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Column {
    /// The name.
    pub name: &'static str,
    /// The type.
    pub kind: Kind,
}

const fn column(name: &'static str, kind: Kind) -> Column {
    Column { name, kind }
}

/// Columns of FOCUS 1.2.
pub(super) const STANDARD: usize = 57;
/// Columns of our own.
const OWN: usize = 10;
/// All columns.
pub(super) const WIDTH: usize = STANDARD + OWN;

/// Every column of FOCUS 1.2 in the order of letters, then those of our own. Every dataset has all of them, so that those of an
/// estimate, a measurement and a bill can be laid one under the other.
pub const COLUMNS: [Column; WIDTH] = [
    column("AvailabilityZone", Kind::Text),
    column("BilledCost", Kind::Money),
    column("BillingAccountId", Kind::Text),
    column("BillingAccountName", Kind::Text),
    column("BillingAccountType", Kind::Text),
    column("BillingCurrency", Kind::Text),
    column("BillingPeriodEnd", Kind::Time),
    column("BillingPeriodStart", Kind::Time),
    column("CapacityReservationId", Kind::Text),
    column("CapacityReservationStatus", Kind::Text),
    column("ChargeCategory", Kind::Text),
    column("ChargeClass", Kind::Text),
    column("ChargeDescription", Kind::Text),
    column("ChargeFrequency", Kind::Text),
    column("ChargePeriodEnd", Kind::Time),
    column("ChargePeriodStart", Kind::Time),
    column("CommitmentDiscountCategory", Kind::Text),
    column("CommitmentDiscountId", Kind::Text),
    column("CommitmentDiscountName", Kind::Text),
    column("CommitmentDiscountQuantity", Kind::Quantity),
    column("CommitmentDiscountStatus", Kind::Text),
    column("CommitmentDiscountType", Kind::Text),
    column("CommitmentDiscountUnit", Kind::Text),
    column("ConsumedQuantity", Kind::Quantity),
    column("ConsumedUnit", Kind::Text),
    column("ContractedCost", Kind::Money),
    column("ContractedUnitPrice", Kind::Money),
    column("EffectiveCost", Kind::Money),
    column("InvoiceId", Kind::Text),
    column("InvoiceIssuerName", Kind::Text),
    column("ListCost", Kind::Money),
    column("ListUnitPrice", Kind::Money),
    column("PricingCategory", Kind::Text),
    column("PricingCurrency", Kind::Text),
    column("PricingCurrencyContractedUnitPrice", Kind::Money),
    column("PricingCurrencyEffectiveCost", Kind::Money),
    column("PricingCurrencyListUnitPrice", Kind::Money),
    column("PricingQuantity", Kind::Quantity),
    column("PricingUnit", Kind::Text),
    column("ProviderName", Kind::Text),
    column("PublisherName", Kind::Text),
    column("RegionId", Kind::Text),
    column("RegionName", Kind::Text),
    column("ResourceId", Kind::Text),
    column("ResourceName", Kind::Text),
    column("ResourceType", Kind::Text),
    column("ServiceCategory", Kind::Text),
    column("ServiceName", Kind::Text),
    column("ServiceSubcategory", Kind::Text),
    column("SkuId", Kind::Text),
    column("SkuMeter", Kind::Text),
    column("SkuPriceDetails", Kind::Text),
    column("SkuPriceId", Kind::Text),
    column("SubAccountId", Kind::Text),
    column("SubAccountName", Kind::Text),
    column("SubAccountType", Kind::Text),
    column("Tags", Kind::Text),
    column("x_ChargeKind", Kind::Text),
    column("x_Component", Kind::Text),
    column("x_CostKind", Kind::Text),
    column("x_HasUnknownUsage", Kind::Flag),
    column("x_Provenance", Kind::Text),
    column("x_Rows", Kind::Count),
    column("x_Scope", Kind::Text),
    column("x_ServiceCode", Kind::Text),
    column("x_Tier", Kind::Count),
    column("x_UsageType", Kind::Text),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_of_the_standard_come_first_and_all_are_in_order() {
        let names: Vec<&str> = COLUMNS.iter().map(|own| own.name).collect();
        assert!(names[..STANDARD].iter().all(|own| !own.starts_with("x_")));
        assert!(names[STANDARD..].iter().all(|own| own.starts_with("x_")));
        assert!(names[..STANDARD].is_sorted() && names[STANDARD..].is_sorted());
    }
}
