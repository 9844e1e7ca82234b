//! AWS Regions, their billing prefixes and partitions.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

/// A Region's code, such as `eu-west-1`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RegionCode(Arc<str>);

impl RegionCode {
    /// Takes a code as it is. Whether the Region exists is the [`RegionTable`]'s to say.
    pub fn new(code: &str) -> Self {
        Self(code.into())
    }

    /// Returns the code.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for RegionCode {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// One Region.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Region {
    /// The code, such as `eu-west-1`.
    pub code: RegionCode,
    /// Every prefix that usage types bear on bills, the usual one first (`EU` for Ireland).
    pub prefixes: Vec<String>,
    /// The partition: `aws`, `aws-us-gov` or `aws-cn`.
    pub partition: String,
    /// The name people use, such as `Europe (Ireland)`.
    pub name: String,
}

/// The known Regions.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RegionTable {
    by_code: BTreeMap<RegionCode, Region>,
    by_prefix: BTreeMap<String, RegionCode>,
}

impl RegionTable {
    /// Adds a Region, or replaces the one of the same code.
    pub fn insert(&mut self, region: Region) {
        if let Some(old) = self.by_code.get(&region.code) {
            for prefix in &old.prefixes {
                self.by_prefix.remove(prefix);
            }
        }
        for prefix in &region.prefixes {
            self.by_prefix.insert(prefix.clone(), region.code.clone());
        }
        self.by_code.insert(region.code.clone(), region);
    }

    /// Returns the Region with this code.
    pub fn get(&self, code: &str) -> Option<&Region> {
        self.by_code.get(&RegionCode::new(code))
    }

    /// Returns the Region whose usage types bear this prefix.
    pub fn of_prefix(&self, prefix: &str) -> Option<&RegionCode> {
        self.by_prefix.get(prefix)
    }

    /// Returns the Regions by code.
    pub fn iter(&self) -> impl Iterator<Item = &Region> {
        self.by_code.values()
    }

    /// Splits `USE2-PaidEventsRecorded` into the Region that its prefix names and the rest.
    ///
    /// A usage type without a known prefix comes back whole.
    pub fn split_usage_type<'a>(&self, usage_type: &'a str) -> (Option<&RegionCode>, &'a str) {
        match usage_type.split_once('-') {
            Some((prefix, rest)) if self.by_prefix.contains_key(prefix) => (self.by_prefix.get(prefix), rest),
            _ => (None, usage_type),
        }
    }
}
