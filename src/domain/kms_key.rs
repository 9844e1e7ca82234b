//! KMS keys that are known by themselves, whatever they encrypt.

use super::account::AccountId;
use super::region::RegionCode;

/// A KMS key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KmsKey {
    /// The key's name: what buckets refer to it by.
    pub name: String,
    /// The account that owns it and is charged for it.
    pub account: AccountId,
    /// The Region it stands in.
    pub region: RegionCode,
    /// The versions that are charged: 1, and one more for each of the first two rotations; 0 of a key that AWS manages,
    /// which is free (AWS KMS pricing page).
    pub versions: u32,
}
