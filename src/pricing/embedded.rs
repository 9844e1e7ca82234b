//! The tables that ship with the program.

macro_rules! tables {
    ($($name:literal),+ $(,)?) => {
        /// Names and texts of the built-in price tables.
        pub const TABLES: &[(&str, &str)] =
            &[$(($name, include_str!(concat!("../../pricing/", $name)))),+];
    };
}

tables![
    "AWSCloudTrail.csv",
    "AWSDataTransfer.csv",
    "AWSEvents.csv",
    "AWSGlue.csv",
    "AWSLambda.csv",
    "AmazonAthena.csv",
    "AmazonCloudWatch.csv",
    "AmazonS3.csv",
    "AmazonSNS.csv",
    "awskms.csv",
];

/// The text of the built-in Region table.
pub const REGIONS_CSV: &str = include_str!("../../pricing/regions.csv");

/// The text of the built-in free tier table.
pub const FREE_TIERS_CSV: &str = include_str!("../../pricing/free_tiers.csv");
