//! What a query of Athena costs, as far as it is known.

use super::pricing::known;
use crate::cli::error::CliError;
use crate::cli::exit_code;
use crate::cli::settings::Settings;
use crate::domain::{Currency, Money, Quantity, RegionCode, UnitPrice};
use crate::pricing::RateError;
use crate::report::{money_text, price_per, visible};
use crate::sources::athena::billed_bytes;

/// The price of scanned bytes in a Region.
pub(super) struct AthenaPrice {
    price: Option<UnitPrice>,
    /// The price in words.
    text: Option<String>,
    /// Where it was read, and when.
    source: Option<String>,
    pub(super) currency: Currency,
    /// Why the price is unknown, and what to do about it.
    unknown: Option<&'static str>,
}

impl AthenaPrice {
    /// Takes the list price from the tables.
    pub(super) fn find(settings: &Settings, region: Option<&str>) -> Result<Self, CliError> {
        let mut own =
            Self { price: None, text: None, source: None, currency: Currency::usd(), unknown: None };
        let Some(region) = region else {
            own.unknown = Some("name the Region in which Athena runs with --athena-region");
            return Ok(own);
        };
        known("Region", region, &super::pricing::region_codes(&settings.regions))?;
        let rate = match settings.card.rate("AmazonAthena", "DataScannedInTB", &RegionCode::new(region)) {
            Ok(rate) => rate,
            Err(RateError::NotFound) => {
                own.unknown =
                    Some("the price tables have no price of AmazonAthena DataScannedInTB in this Region");
                return Ok(own);
            }
            Err(error) => {
                return Err(CliError::new(exit_code::PRICE, error.to_string())
                    .hint("`trailcost pricing check` with the same --pricing shows every such row"));
            }
        };
        own.currency = rate.currency.clone();
        own.source = Some(format!("{}, read on {}", visible(&rate.source), rate.retrieved_on));
        match rate.tiers.as_slice() {
            [tier] => {
                let words =
                    |price| price_per(price, &rate.unit, &rate.currency).replace("Terabytes", "terabyte");
                own.price = tier.price;
                own.text = tier.price.map(words);
                if tier.price.is_none() {
                    own.unknown = Some("the price in the tables is unknown");
                }
            }
            // A tiered price depends on what else is scanned in the month.
            _ => own.unknown = Some("the price has tiers: it depends on what else is scanned in the month"),
        }
        Ok(own)
    }

    /// Returns what a query costs that reads so many stored bytes.
    pub(super) fn cost(&self, stored: u64) -> Option<Money> {
        let terabytes = Quantity::from_fraction(u128::from(billed_bytes(stored)?), 1 << 40).ok()?;
        self.price?.times(terabytes)
    }

    /// Says where the price was read.
    pub(super) fn source(&self) -> Option<&str> {
        self.source.as_deref().filter(|_| self.price.is_some())
    }

    /// Writes an amount.
    pub(super) fn amount(&self, cost: Money) -> String {
        format!("{}{}", self.currency.symbol(), money_text(cost))
    }

    /// Says what a query costs that reads so many stored bytes.
    pub(super) fn words(&self, stored: Option<u64>) -> String {
        let price = self.text.as_ref().map(|price| format!(" ({price})")).unwrap_or_default();
        let (Some(stored), None) = (stored, self.unknown) else {
            let why = self.unknown.unwrap_or("say with --stored what these days have stored");
            return format!("costs an unknown amount{price}: {why}");
        };
        match (self.cost(stored), billed_bytes(stored)) {
            (Some(cost), Some(bytes)) => {
                let price = self.text.as_deref().unwrap_or("no price");
                format!("costs {}: {} MB at {price}", self.amount(cost), bytes >> 20)
            }
            _ => format!("costs an unknown amount{price}: the size is too large"),
        }
    }
}
