//! What is stored at the end of each month, for charts and for whoever checks that nothing is lost.

use super::period::Month;
use super::quantity::Quantity;
use super::storage::StorageClass;

/// What one bucket stores.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BucketHistory {
    /// The bucket's name.
    pub bucket: String,
    /// One entry for each month.
    pub months: Vec<BucketMonth>,
}

/// A bucket at the end of a month.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct BucketMonth {
    /// Objects that arrived in the month.
    pub arrived_objects: u128,
    /// Their bytes.
    pub arrived_bytes: u128,
    /// Objects that were deleted in the month.
    pub deleted_objects: u128,
    /// Their bytes.
    pub deleted_bytes: u128,
    /// What is left, by class: objects and bytes. Classes without objects are left out.
    pub classes: Vec<(StorageClass, u128, u128)>,
}

/// What is stored, month by month.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct StorageHistory {
    /// The buckets, by name.
    pub buckets: Vec<BucketHistory>,
    /// The months.
    pub months: Vec<Month>,
    /// GB-months stored in log groups, all together, in each month; empty without log groups.
    pub log_groups: Vec<Quantity>,
}
