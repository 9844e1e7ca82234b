//! What reading logs in buckets asked for, and what AWS takes for it.

use super::clean::visible;
use super::counted_view::{CountedView, count, size};
use super::number::{money_text, plural};
use crate::domain::{Currency, LogRequests, Money, Quantity, RegionCode, UnitPrice};
use crate::pricing::{Rate, RateCard};
use schemars::JsonSchema;
use serde::Serialize;

/// Requests of a bucket with their cost.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestRow {
    /// What was asked for.
    pub requests: LogRequests,
    /// What AWS takes for the requests and for bytes of classes that take money for reading; nothing where the tables do
    /// not say.
    pub cost: Option<(Money, Currency)>,
}

/// Prices requests: listings as `Requests-Tier1`, objects by their class, and the bytes of classes that take money for them.
///
/// Source: Amazon S3 pricing, requests and data retrievals; user guide, billing and usage reports. Objects restored from an
/// archive, other classes, AWS KMS and transfer are not priced.
pub fn request_rows(requests: &[LogRequests], card: &RateCard) -> Vec<RequestRow> {
    requests.iter().map(|own| RequestRow { requests: own.clone(), cost: cost(own, card) }).collect()
}

fn cost(own: &LogRequests, card: &RateCard) -> Option<(Money, Currency)> {
    let (objects, bytes) = match own.class.as_str() {
        "" => ("Requests-Tier1", None),
        "STANDARD" | "REDUCED_REDUNDANCY" => ("Requests-Tier2", None),
        "INTELLIGENT_TIERING" => ("Requests-INT-Tier2", None),
        "STANDARD_IA" => ("Requests-SIA-Tier2", Some("Retrieval-SIA")),
        "ONEZONE_IA" => ("Requests-ZIA-Tier2", Some("Retrieval-ZIA")),
        "GLACIER_IR" => ("Requests-GIR-Tier2", Some("Retrieval-GIR")),
        _ => return None,
    };
    let region = RegionCode::new(&own.region);
    let price = |usage_type: &str| -> Option<(UnitPrice, Currency)> {
        let rate: &Rate = card.rate("AmazonS3", usage_type, &region).ok()?;
        // A tiered price depends on what else is used in the month.
        let [tier] = rate.tiers.as_slice() else { return None };
        Some((tier.price?, rate.currency.clone()))
    };
    let (each, currency) = price(objects)?;
    let mut sum = each.times(Quantity::from_count(own.lists + own.gets))?;
    if let Some(usage_type) = bytes {
        let (of_bytes, other) = price(usage_type)?;
        let gigabytes = Quantity::from_fraction(u128::from(own.bytes), 1 << 30).ok()?;
        sum = sum.checked_add(of_bytes.times(gigabytes)?)?;
        if other != currency {
            return None;
        }
    }
    Some((sum, currency))
}

/// Requests of a bucket.
#[derive(Serialize, JsonSchema)]
pub(super) struct RequestJson<'a> {
    bucket: &'a str,
    /// Null where AWS has not said.
    region: Option<&'a str>,
    /// The storage class of the objects; null for listings.
    storage_class: Option<&'a str>,
    /// Pages of listings asked for, each repetition counted.
    list_requests: u64,
    /// Objects asked for, each repetition counted.
    get_requests: u64,
    /// Bytes that came.
    bytes: u64,
    /// What AWS takes for the requests and for reading from the class, without transfer and AWS KMS; null where the price
    /// tables do not say.
    cost: Option<String>,
    currency: Option<String>,
}

pub(super) fn requests_json(view: &CountedView) -> Vec<RequestJson<'_>> {
    let json = |row| {
        let RequestRow { requests: own, cost }: &RequestRow = row;
        RequestJson {
            bucket: &own.bucket,
            region: Some(own.region.as_str()).filter(|own| !own.is_empty()),
            storage_class: Some(own.class.as_str()).filter(|own| !own.is_empty()),
            list_requests: own.lists,
            get_requests: own.gets,
            bytes: own.bytes,
            cost: cost.as_ref().map(|own| own.0.to_string()),
            currency: cost.as_ref().map(|own| own.1.code().to_owned()),
        }
    };
    view.requests.iter().map(json).collect()
}

/// Says what reading asked for, and what is not in its cost.
pub(super) fn requests_text(view: &CountedView) -> Vec<String> {
    let mut lines = Vec::new();
    for RequestRow { requests: own, cost } in &view.requests {
        let region = if own.region.is_empty() { "Region unknown" } else { &own.region };
        let what = if own.class.is_empty() {
            plural(usize::try_from(own.lists).unwrap_or(usize::MAX), "page", "pages") + " of listings"
        } else {
            format!("{} × {}, {}", count(own.gets), visible(&own.class), size(own.bytes))
        };
        let cost = match cost {
            Some((amount, currency)) => format!("{}{}", currency.symbol(), money_text(*amount)),
            None => "cost unknown: the price tables do not say".to_owned(),
        };
        lines.push(format!("{} ({}): {what}: {cost}", visible(&own.bucket), visible(region)));
    }
    if !lines.is_empty() {
        lines.push(
            "not included: transfer out of AWS or to another Region, where this runs elsewhere, and requests to AWS KMS for encrypted objects".to_owned(),
        );
    }
    lines
}
