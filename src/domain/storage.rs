//! Storage classes: what AWS lets an object do in each, and what it then bills.
//!
//! Sources: S3 user guide, "Understanding and managing Amazon S3 storage classes", "Lifecycle transition general
//! considerations", "Understanding archive retrieval options".

macro_rules! storage_classes {
    ($($(#[$doc:meta])* $variant:ident = $name:literal;)+) => {
        /// An S3 storage class, by its name in the S3 API.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
        pub enum StorageClass {
            $($(#[$doc])* $variant,)+
        }

        impl StorageClass {
            /// Every class's name in the API.
            pub const NAMES: &'static [&'static str] = &[$($name,)+];

            /// Returns the class with this name.
            pub fn from_name(name: &str) -> Option<Self> {
                match name { $($name => Some(Self::$variant),)+ _ => None }
            }

            /// Returns the class's name in the API.
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)+ }
            }
        }
    };
}

storage_classes! {
    /// S3 Standard.
    #[default]
    Standard = "STANDARD";
    /// S3 Standard-IA.
    StandardIa = "STANDARD_IA";
    /// S3 Intelligent-Tiering.
    IntelligentTiering = "INTELLIGENT_TIERING";
    /// S3 One Zone-IA.
    OneZoneIa = "ONEZONE_IA";
    /// S3 Glacier Instant Retrieval.
    GlacierInstantRetrieval = "GLACIER_IR";
    /// S3 Glacier Flexible Retrieval.
    GlacierFlexibleRetrieval = "GLACIER";
    /// S3 Glacier Deep Archive.
    DeepArchive = "DEEP_ARCHIVE";
}

/// What S3 bills beside an object in an archive class, in KB: index and metadata at the class's rate, and the name
/// at the Standard rate (S3 user guide, storage class pricing).
pub const ARCHIVE_OVERHEAD_KB: (u64, u64) = (32, 8);

/// Below this many KB an object does not move by default, is not monitored by Intelligent-Tiering, and is billed as if
/// it had them where a class has a minimum (S3 user guide, lifecycle; since September 2024 for every class).
pub const SMALL_OBJECT_KB: u64 = 128;

impl StorageClass {
    /// Returns the days that an object is charged for in the class, however early it leaves.
    pub fn minimum_days(self) -> u32 {
        match self {
            Self::Standard | Self::IntelligentTiering => 0,
            Self::StandardIa | Self::OneZoneIa => 30,
            Self::GlacierInstantRetrieval | Self::GlacierFlexibleRetrieval => 90,
            Self::DeepArchive => 180,
        }
    }

    /// Tells whether an object is billed as [`SMALL_OBJECT_KB`] when it is smaller.
    pub fn has_minimum_size(self) -> bool {
        matches!(self, Self::StandardIa | Self::OneZoneIa | Self::GlacierInstantRetrieval)
    }

    /// Tells whether [`ARCHIVE_OVERHEAD_KB`] is billed beside each object, which must be restored before it is read.
    pub fn is_archive(self) -> bool {
        matches!(self, Self::GlacierFlexibleRetrieval | Self::DeepArchive)
    }

    /// Tells whether a lifecycle rule may move an object from this class to the other.
    pub fn may_move_to(self, other: Self) -> bool {
        use StorageClass::{
            DeepArchive, GlacierFlexibleRetrieval, GlacierInstantRetrieval, IntelligentTiering, OneZoneIa,
            Standard, StandardIa,
        };
        let allowed: &[Self] = match self {
            Standard => {
                return other != Standard;
            }
            StandardIa => &[
                IntelligentTiering,
                OneZoneIa,
                GlacierInstantRetrieval,
                GlacierFlexibleRetrieval,
                DeepArchive,
            ],
            IntelligentTiering => {
                &[OneZoneIa, GlacierInstantRetrieval, GlacierFlexibleRetrieval, DeepArchive]
            }
            OneZoneIa | GlacierInstantRetrieval => &[GlacierFlexibleRetrieval, DeepArchive],
            GlacierFlexibleRetrieval => &[DeepArchive],
            DeepArchive => &[],
        };
        allowed.contains(&other)
    }

    /// Returns the hours after which an object can be read with a standard retrieval; at most.
    pub fn hours_to_read(self) -> u32 {
        match self {
            Self::GlacierFlexibleRetrieval => 5,
            Self::DeepArchive => 12,
            _ => 0,
        }
    }

    /// Returns every class, in the order of the list above.
    pub fn all() -> impl Iterator<Item = Self> {
        Self::NAMES.iter().filter_map(|name| Self::from_name(name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_documented_moves_are_allowed() {
        // Rows: from; columns in the order of the list: to.
        let table = [
            ("STANDARD", "0111111"),
            ("STANDARD_IA", "0011111"),
            ("INTELLIGENT_TIERING", "0001111"),
            ("ONEZONE_IA", "0000011"),
            ("GLACIER_IR", "0000011"),
            ("GLACIER", "0000001"),
            ("DEEP_ARCHIVE", "0000000"),
        ];
        for (from, row) in table {
            let from = StorageClass::from_name(from).expect("a class");
            let allowed: String =
                StorageClass::all().map(|to| if from.may_move_to(to) { '1' } else { '0' }).collect();
            assert_eq!(allowed, row, "{}", from.name());
        }
    }
}
