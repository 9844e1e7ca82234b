//! Buckets, storage classes and lifecycle rules, as stated.

use super::account::AccountId;
use super::period::Age;
use super::region::RegionCode;

macro_rules! storage_classes {
    ($($(#[$doc:meta])* $variant:ident = $name:literal;)+) => {
        /// An S3 storage class, by its name in the S3 API.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
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

/// What a lifecycle rule does at the age it names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LifecycleAction {
    /// Moves the object to another class.
    Transition(StorageClass),
    /// Deletes the object.
    Expire,
}

/// One step of a bucket's lifecycle.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LifecycleRule {
    /// The object's age at which the step is taken.
    pub after: Age,
    /// What is done.
    pub action: LifecycleAction,
}

/// A bucket that holds logs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bucket {
    /// The bucket's name.
    pub name: String,
    /// The account that owns it, if stated.
    pub account: Option<AccountId>,
    /// The Region it stands in, if stated.
    pub region: Option<RegionCode>,
    /// The lifecycle, by rising age.
    pub lifecycle: Vec<LifecycleRule>,
}
