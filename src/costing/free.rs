//! Free tiers on pooled usage: the part of each record that costs nothing.
//!
//! Source: AWS Billing user guide, consolidated billing: the accounts of a payer share the free tier, across Regions.

use super::pool::shares;
use crate::domain::{MeterId, Quantity, QuantityError, UsageKeys, UsageRecord};
use crate::pricing::{FreeTier, FreeTiers};
use std::collections::BTreeMap;

/// The free tier that each meter draws on.
pub(super) struct FreeOfMeters<'a> {
    /// By meter; empty when no meter has one.
    of_meter: Vec<Option<&'a FreeTier>>,
}

impl<'a> FreeOfMeters<'a> {
    pub(super) fn new(free_tiers: &'a FreeTiers, keys: &UsageKeys) -> Self {
        let mut of_meter: Vec<_> = keys.meters.iter().map(|meter| free_tiers.of(meter)).collect();
        if of_meter.iter().all(Option::is_none) {
            of_meter.clear();
        }
        Self { of_meter }
    }

    /// Returns the free tier of a meter.
    pub(super) fn get(&self, meter: MeterId) -> Option<&'a FreeTier> {
        self.of_meter.get(usize::from(meter)).copied().flatten()
    }

    /// Returns the free part of each record that has one, by position.
    ///
    /// What is free of an allowance is shared among the records of a payer that draw on it, whatever their account,
    /// Region and usage type, in proportion to their quantities and by the rule of [`shares`].
    ///
    /// # Errors
    /// [`QuantityError`] on overflow.
    pub(super) fn parts(
        &self,
        keys: &UsageKeys,
        records: &[UsageRecord],
    ) -> Result<BTreeMap<u32, Quantity>, QuantityError> {
        let mut parts = BTreeMap::new();
        if self.of_meter.is_empty() {
            return Ok(parts);
        }
        let mut pools: BTreeMap<(u32, u16), (Quantity, Vec<u32>)> = BTreeMap::new();
        for (record, at) in records.iter().zip(0..) {
            if let Some(tier) = self.get(record.meter) {
                let payer = keys.pools[record.account as usize];
                let pool = pools
                    .entry((payer, tier.allowance))
                    .or_insert_with(|| (tier.row.free_quantity, Vec::new()));
                pool.1.push(at);
            }
        }
        for (free, members) in pools.into_values() {
            let quantities: Vec<Quantity> = members.iter().map(|&at| records[at as usize].quantity).collect();
            let mut total = Quantity::ZERO;
            for quantity in &quantities {
                total = total.plus(*quantity)?;
            }
            let free = free.min(total);
            let shares = shares(&quantities, &[free, total.minus(free)?])?;
            let free_parts = members.into_iter().zip(shares.into_iter().map(|row| row[0]));
            parts.extend(free_parts.filter(|(_, part)| !part.is_zero()));
        }
        Ok(parts)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{AccountId, Component, Meter, RegionCode, Unit, parse_decimal};
    use crate::pricing::{FreeTierTable, Layer};

    const TABLE: &str = "allowance,service,usage_type,unit,free_quantity,source,retrieved_on,confidence\n\
        shared,AmazonX,One,GB,5,s,2026-01-01,A\n\
        shared,AmazonX,Two,GB,5,s,2026-01-01,A\n\
        own,AmazonX,Three,GB,1,s,2026-01-01,A\n";

    fn quantity(text: &str) -> Quantity {
        Quantity::from_decimal(parse_decimal(text).unwrap()).unwrap()
    }

    fn keys(pools: &[u32]) -> UsageKeys {
        let meter = |usage_type: &str| Meter {
            service: "AmazonX".to_owned(),
            usage_type: usage_type.to_owned(),
            unit: Unit::new("GB"),
        };
        UsageKeys {
            accounts: ["111111111111", "222222222222"].map(|id| id.parse::<AccountId>().unwrap()).into(),
            pools: pools.to_vec(),
            regions: ["eu-west-1", "us-east-1"].map(RegionCode::new).into(),
            meters: ["Four", "One", "Three", "Two"].map(meter).into(),
            ..UsageKeys::default()
        }
    }

    /// A record of an account, Region and meter by position.
    fn record((account, region, meter, amount): (u32, u16, MeterId, &str)) -> UsageRecord {
        UsageRecord {
            quantity: quantity(amount),
            account,
            resource: 0,
            provenance: 0,
            region,
            meter,
            component: Component::Other,
            has_unknown: false,
        }
    }

    /// Name, payer of each account, records, and the free part of each by position.
    type Case<'a> = (&'a str, [u32; 2], &'a [(u32, u16, MeterId, &'a str)], &'a [(u32, &'a str)]);

    #[test]
    fn an_allowance_is_shared_by_what_draws_on_it() {
        let table = FreeTierTable::parse("free_tiers.csv", TABLE);
        let free_tiers = FreeTiers::new(&[(Layer::BuiltIn, table)]);
        let cases: [Case<'_>; 8] = [
            ("half used", [0, 0], &[(0, 0, 1, "2")], &[(0, "2")]),
            ("used up", [0, 0], &[(0, 0, 1, "30")], &[(0, "5")]),
            ("two Regions", [0, 0], &[(0, 0, 1, "6"), (0, 1, 1, "4")], &[(0, "3"), (1, "2")]),
            ("two accounts of one payer", [0, 0], &[(0, 0, 1, "6"), (1, 0, 1, "4")], &[(0, "3"), (1, "2")]),
            ("two payers", [0, 1], &[(0, 0, 1, "6"), (1, 0, 1, "4")], &[(0, "5"), (1, "4")]),
            ("two usage types", [0, 0], &[(0, 0, 1, "6"), (0, 0, 3, "4")], &[(0, "3"), (1, "2")]),
            ("two allowances", [0, 0], &[(0, 0, 1, "6"), (0, 0, 2, "4")], &[(0, "5"), (1, "1")]),
            ("none and nothing", [0, 0], &[(0, 0, 0, "6"), (0, 0, 1, "0")], &[]),
        ];
        for (name, pools, given, expected) in cases {
            let keys = keys(&pools);
            let records: Vec<UsageRecord> = given.iter().copied().map(record).collect();
            let parts = FreeOfMeters::new(&free_tiers, &keys).parts(&keys, &records).unwrap();
            let expected: BTreeMap<u32, Quantity> =
                expected.iter().map(|&(at, part)| (at, quantity(part))).collect();
            assert_eq!(parts, expected, "{name}");
        }
    }

    #[test]
    fn thirds_of_an_allowance_add_up_to_it() {
        let table = FreeTierTable::parse("free_tiers.csv", TABLE);
        let free_tiers = FreeTiers::new(&[(Layer::BuiltIn, table)]);
        let keys = keys(&[0, 0]);
        let records = [(0, 0, 1, "7"), (0, 1, 1, "7"), (1, 0, 1, "7")].map(record);
        let parts = FreeOfMeters::new(&free_tiers, &keys).parts(&keys, &records).unwrap();
        let texts: Vec<String> = parts.values().map(ToString::to_string).collect();
        assert_eq!(texts, ["1.666666666667", "1.666666666667", "1.666666666666"]);
    }

    #[test]
    fn without_free_tiers_nothing_is_looked_at() {
        let keys = keys(&[0, 0]);
        let none = FreeTiers::default();
        let free = FreeOfMeters::new(&none, &keys);
        assert!(free.of_meter.is_empty());
        assert_eq!(free.parts(&keys, &[record((0, 0, 1, "7"))]).unwrap(), BTreeMap::new());
    }
}
