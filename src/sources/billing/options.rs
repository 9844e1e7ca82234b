//! What an export is read against.

use crate::domain::{RegionTable, UsageTypeCatalog};
use std::collections::BTreeMap;

/// What a price's id stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sku {
    /// The service's code.
    pub service: String,
    /// The usage type without Region prefix.
    pub usage_type: String,
}

/// What an export is read against.
#[derive(Debug, Clone, Copy)]
pub struct Options<'a> {
    /// The usage types that the price tables know; rows of their services are taken.
    pub catalog: &'a UsageTypeCatalog,
    /// The Regions.
    pub regions: &'a RegionTable,
    /// Price ids (FOCUS `SkuPriceId`) of the price tables, for exports without usage types.
    pub skus: &'a BTreeMap<String, Sku>,
    /// Names of what holds the logs: buckets, log groups, topics, keys, or ARNs. Rows of these become lines of their own.
    pub resources: &'a [String],
}
