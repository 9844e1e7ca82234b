//! Tiers on pooled usage, and the way back to the records.
//!
//! Source: AWS Billing user guide, "Volume discounts": under consolidated billing the usage of all accounts of a payer
//! is added up before tiers apply, by usage type and Region.

use crate::domain::{Quantity, QuantityError};
use crate::pricing::PriceTier;

/// Returns the part of `total` that falls into each tier. The parts add up to `total`.
///
/// # Errors
/// [`QuantityError`] when the tiers leave a part of the quantity without price.
pub(super) fn slices(total: Quantity, tiers: &[PriceTier]) -> Result<Vec<Quantity>, QuantityError> {
    tiers
        .iter()
        .map(|tier| {
            let end = tier.end.map_or(total, |end| end.min(total));
            if end <= tier.begin { Ok(Quantity::ZERO) } else { end.minus(tier.begin) }
        })
        .collect()
}

/// Shares each tier's slice among the records in proportion to their quantities.
///
/// Shares are cut at 10⁻¹². What the cuts leave of a record (less than one unit of 10⁻¹² a tier) fills the tiers in
/// their order, so that every record's shares add up to its quantity, every tier's to its slice, and none is negative.
///
/// # Errors
/// [`QuantityError`] on overflow.
pub(super) fn shares(records: &[Quantity], slices: &[Quantity]) -> Result<Vec<Vec<Quantity>>, QuantityError> {
    let mut total = Quantity::ZERO;
    for record in records {
        total = total.plus(*record)?;
    }
    let mut left_of_tier = slices.to_vec();
    let mut shares = Vec::with_capacity(records.len());
    for record in records {
        let mut row = Vec::with_capacity(slices.len());
        for (slice, left) in slices.iter().zip(&mut left_of_tier) {
            let share = record.share_cut(*slice, total);
            *left = left.minus(share)?;
            row.push(share);
        }
        shares.push(row);
    }
    for (record, row) in records.iter().zip(&mut shares) {
        let mut left = *record;
        for share in row.iter() {
            left = left.minus(*share)?;
        }
        for (share, left_of_tier) in row.iter_mut().zip(&mut left_of_tier) {
            let moved = left.min(*left_of_tier);
            *share = share.plus(moved)?;
            *left_of_tier = left_of_tier.minus(moved)?;
            left = left.minus(moved)?;
        }
    }
    Ok(shares)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::parse_decimal;
    use proptest::prelude::*;

    fn quantity(text: &str) -> Quantity {
        Quantity::from_decimal(parse_decimal(text).unwrap()).unwrap()
    }

    fn tiers(bounds: &[&str]) -> Vec<PriceTier> {
        let bounds: Vec<Quantity> = bounds.iter().map(|bound| quantity(bound)).collect();
        bounds
            .iter()
            .enumerate()
            .map(|(at, &begin)| PriceTier { begin, end: bounds.get(at + 1).copied() })
            .collect()
    }

    fn total(quantities: &[Quantity]) -> Quantity {
        quantities.iter().fold(Quantity::ZERO, |sum, own| sum.plus(*own).unwrap())
    }

    #[test]
    fn slices_follow_the_bounds() {
        let tiers = tiers(&["0", "51200", "512000"]);
        for (total, expected) in [
            ("0", ["0", "0", "0"]),
            ("51200", ["51200", "0", "0"]),
            ("51200.5", ["51200", "0.5", "0"]),
            ("600000", ["51200", "460800", "88000"]),
        ] {
            let slices = slices(quantity(total), &tiers).unwrap();
            let texts: Vec<String> = slices.iter().map(ToString::to_string).collect();
            assert_eq!(texts, expected, "{total}");
        }
    }

    #[test]
    fn thirds_are_cut_and_nothing_is_lost() {
        let records = [quantity("1"); 3];
        let slices = [quantity("1"), quantity("2")];
        let shares = shares(&records, &slices).unwrap();
        assert_eq!(shares[0][0].to_string(), "0.333333333334");
        assert_eq!(shares[0][1].to_string(), "0.666666666666");
        assert_eq!(shares[1][0].to_string(), "0.333333333333");
        assert_eq!(shares[1][1].to_string(), "0.666666666667");
        for (tier, slice) in slices.iter().enumerate() {
            let column: Vec<Quantity> = shares.iter().map(|row| row[tier]).collect();
            assert_eq!(total(&column), *slice);
        }
    }

    proptest! {
        #[test]
        fn shares_add_up_both_ways(raw in prop::collection::vec(0_i64..10_000_000_000_000, 1..40), bounds in prop::collection::btree_set(1_u32..100_000, 0..4)) {
            let records: Vec<Quantity> = raw
                .iter()
                .map(|raw| Quantity::from_decimal(rust_decimal::Decimal::new(*raw, 6)).unwrap())
                .collect();
            let mut begins = vec!["0".to_owned()];
            begins.extend(bounds.iter().map(ToString::to_string));
            let begins: Vec<&str> = begins.iter().map(String::as_str).collect();
            let tiers = tiers(&begins);
            let sum = total(&records);
            let slices = slices(sum, &tiers).unwrap();
            prop_assert_eq!(total(&slices), sum);
            let shares = shares(&records, &slices).unwrap();
            for (record, row) in records.iter().zip(&shares) {
                prop_assert_eq!(total(row), *record);
                prop_assert!(row.iter().all(|share| !share.is_negative()));
            }
            for (tier, slice) in slices.iter().enumerate() {
                let column: Vec<Quantity> = shares.iter().map(|row| row[tier]).collect();
                prop_assert_eq!(total(&column), *slice);
            }
        }
    }
}
