//! Prices: editable tables in, exactly one rate (or a plain "not found") out.
//!
//! In: the text of CSV tables and of AWS price list offer files. Out: a [`RateCard`] for one date, [`FreeTiers`], and
//! findings about the tables. Must not know: paths, volumes, scenarios, output formats.

mod changes;
mod csv_rows;
mod csv_table;
mod embedded;
mod free_tiers;
mod offer_csv;
mod offer_file;
mod offer_product;
mod rate_card;
mod region_table;
mod validate;

pub use changes::{RateChange, compare};
pub use csv_rows::Table;
pub use csv_table::{COLUMNS, Confidence, PriceRow, PriceTable, PriceTier, to_csv};
pub use embedded::{FREE_TIERS_CSV, REGIONS_CSV, TABLES};
pub use free_tiers::{
    FREE_TIER_COLUMNS, FreeTier, FreeTierRow, FreeTierTable, FreeTiers, check_free_tiers, free_tiers_csv,
};
pub use offer_file::{ImportedOffer, OfferError, import};
pub use rate_card::{Layer, Rate, RateCard, RateError, Tier, newest_retrieval};
pub use region_table::parse_regions;
pub use validate::check;
