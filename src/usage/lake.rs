//! CloudTrail Lake: ingestion, extended retention and queries of event data stores.
//!
//! Source: CloudTrail user guide, "Managing CloudTrail Lake costs": ingestion is billed on uncompressed bytes, storage
//! past the included days and queries on compressed bytes.

use super::cell::Factors;
use super::keys::Index;
use super::meter::Derived;
use crate::domain::{
    Amount, BYTES_PER_GB, BillingMode, Component, EventDataStore, GrowthCategory, Meter, MeterId, Month,
    Quantity, QuantityError, UsageRecord,
};
use rust_decimal::Decimal;

/// What is given directly of a store's ingestion.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Given {
    /// Nothing: it is derived.
    Nothing,
    /// GB a month.
    Gigabytes(Quantity),
    /// Something, but not of which store, or how much.
    Unknown,
}

/// One event data store with what it ingested month by month.
#[derive(Debug, Clone)]
pub(super) struct Store {
    account: u32,
    region: u16,
    resource: u32,
    billing_mode: BillingMode,
    retention_days: u16,
    collects: bool,
    other_sources: Option<Amount>,
    scanned: Option<Amount>,
    /// Meters given directly in the store's account and Region.
    given: Vec<MeterId>,
    /// GB ingested a month that are given directly: of live events, and of other sources.
    given_live: Given,
    given_other: Given,
    /// Bytes of live events and of other sources, by month.
    ingested: Vec<(u128, u128)>,
    live_has_unknown: bool,
    /// Whether the model says anything of the events that the store collects.
    is_fed: bool,
}

/// Figures that the scenario may state and that the defaults supply otherwise.
#[derive(Debug, Clone, Copy)]
pub(super) struct LakeFigures {
    pub(super) bytes_per_event: u64,
    pub(super) compression_ratio: Decimal,
}

impl Store {
    pub(super) fn new(
        store: &EventDataStore,
        resource: u32,
        given: Vec<MeterId>,
        ingestion: (Given, Given),
        index: &Index,
    ) -> Self {
        Self {
            account: index.account(&store.account),
            region: index.region(&store.home_region),
            resource,
            billing_mode: store.billing_mode,
            retention_days: store.retention_days,
            collects: store.ingesting && !store.selectors.is_empty(),
            other_sources: store.other_sources_bytes.clone(),
            scanned: store.scanned_bytes.clone(),
            given,
            given_live: ingestion.0,
            given_other: ingestion.1,
            ingested: Vec::new(),
            live_has_unknown: false,
            is_fed: false,
        }
    }

    /// Notes that an unknown number of events is ingested.
    pub(super) fn mark_unknown(&mut self) {
        self.live_has_unknown = true;
    }

    /// Notes that the model says something of the events that the store collects.
    pub(super) fn mark_fed(&mut self) {
        self.is_fed = true;
    }

    /// Tells whether live events are ingested whose number is partly unknown.
    pub(super) fn has_unknown(&self) -> bool {
        self.live_has_unknown
    }

    /// Marks a store that is collecting, though nothing says what.
    pub(super) fn mark_unknown_if_nothing_is_stated(&mut self) {
        let stated = self.is_fed || self.given_live != Given::Nothing;
        self.live_has_unknown |= self.collects && !stated;
    }

    /// Notes the events ingested in the next month.
    pub(super) fn ingest(
        &mut self,
        events: u64,
        figures: LakeFigures,
        factors: &Factors,
    ) -> Result<(), QuantityError> {
        let factor = factors[GrowthCategory::Lake.index()].exact();
        let bytes_of = |given: &Given| match given {
            Given::Gigabytes(gb) => gb.grown(factor, BYTES_PER_GB)?.bytes().ok_or(QuantityError).map(Some),
            Given::Nothing | Given::Unknown => Ok(None),
        };
        let derived_other = match self.other_sources.as_ref().and_then(Amount::likely) {
            None => 0,
            Some(bytes) => u128::from(bytes.grown(factor, 1)?.to_count().ok_or(QuantityError)?),
        };
        let derived_live = u128::from(events) * u128::from(figures.bytes_per_event);
        let live = bytes_of(&self.given_live)?.unwrap_or(derived_live);
        let other = bytes_of(&self.given_other)?.unwrap_or(derived_other);
        self.ingested.push((live, other));
        Ok(())
    }

    /// Adds the store's records of one month.
    pub(super) fn records(
        &self,
        month: usize,
        months: &[Month],
        figures: LakeFigures,
        factors: &Factors,
        index: &StoreMeters,
        records: &mut Vec<UsageRecord>,
    ) -> Result<(), QuantityError> {
        let (live, other) = self.ingested[month];
        let other_unknown = self.other_sources.as_ref().is_some_and(|amount| amount.likely().is_none());
        let mut add = |derived: Derived, component, quantity: Quantity, has_unknown: bool| {
            let meter = index.of(derived);
            if (quantity.is_zero() && !has_unknown) || self.given.contains(&meter) {
                return;
            }
            records.push(UsageRecord {
                quantity,
                account: self.account,
                resource: self.resource,
                provenance: 0,
                region: self.region,
                meter,
                component,
                has_unknown,
            });
        };
        let ingestion = Component::LakeIngestion;
        let gb = |bytes| Quantity::gb_from_bytes(bytes, BYTES_PER_GB);
        match self.billing_mode {
            BillingMode::OneYearExtendable => {
                add(Derived::LakeOneYearLive, ingestion, gb(live)?, self.live_has_unknown);
                add(Derived::LakeOneYearOther, ingestion, gb(other)?, other_unknown);
                let (stored, is_past_included) = self.stored(month, months, figures)?;
                let unknown = self.live_has_unknown
                    || other_unknown
                    || self.given_live == Given::Unknown
                    || self.given_other == Given::Unknown;
                add(Derived::LakeStorage, Component::LakeRetention, stored, unknown && is_past_included);
            }
            BillingMode::SevenYear => {
                let unknown = self.live_has_unknown || other_unknown;
                let bytes = live.checked_add(other).ok_or(QuantityError)?;
                add(Derived::LakeSevenYear, ingestion, gb(bytes)?, unknown);
            }
        }
        if let Some(scanned) = &self.scanned {
            let bytes = match scanned.likely() {
                None => Quantity::ZERO,
                Some(bytes) => bytes.grown(factors[GrowthCategory::Lake.index()].exact(), 1)?,
            };
            let bytes = u128::from(bytes.to_count().ok_or(QuantityError)?);
            add(Derived::LakeScanned, Component::LakeQuery, gb(bytes)?, scanned.likely().is_none());
        }
        Ok(())
    }

    /// Returns the GB-months stored past the included days, of what was ingested since the first month.
    ///
    /// A month's ingestion is spread evenly over its days and leaves after the retention. Each month's share is
    /// rounded half-even at 10⁻¹² GB.
    /// The second value tells whether anything ingested since then is past the included days at all.
    fn stored(
        &self,
        month: usize,
        months: &[Month],
        figures: LakeFigures,
    ) -> Result<(Quantity, bool), QuantityError> {
        let included = i64::from(self.billing_mode.included_days());
        let retention = i64::from(self.retention_days);
        let now = months[month];
        let (mut stored, mut is_past_included) = (Quantity::ZERO, false);
        if retention <= included {
            return Ok((stored, is_past_included));
        }
        for (cohort, &(live, other)) in months.iter().zip(&self.ingested).take(month) {
            let begin = now.days_since(*cohort);
            let end = begin + i64::from(now.days());
            let billable_days: i64 = (0..i64::from(cohort.days()))
                .map(|day| ((day + retention).min(end) - (day + included).max(begin)).max(0))
                .sum();
            if billable_days == 0 {
                continue;
            }
            is_past_included = true;
            let ratio = figures.compression_ratio.normalize();
            let numerator = live
                .checked_add(other)
                .and_then(|bytes| bytes.checked_mul(u128::from(billable_days.unsigned_abs())))
                .and_then(|days| days.checked_mul(10_u128.pow(ratio.scale())))
                .ok_or(QuantityError)?;
            let divisor =
                u128::from(cohort.days()) * u128::from(now.days()) * ratio.mantissa().unsigned_abs();
            stored = stored.plus(Quantity::gb_from_fraction(numerator, divisor)?)?;
        }
        Ok((stored, is_past_included))
    }
}

/// The meters of event data stores.
#[derive(Debug, Clone)]
pub(super) struct StoreMeters(Vec<(Derived, MeterId)>);

impl StoreMeters {
    pub(super) fn new(index: &Index) -> Self {
        Self(Derived::ALL.iter().map(|&derived| (derived, index.derived(derived))).collect())
    }

    fn of(&self, wanted: Derived) -> MeterId {
        self.0.iter().find(|(derived, _)| *derived == wanted).map_or(0, |(_, meter)| *meter)
    }
}

/// Returns the meters that stand for the same charges as a store's derived ones.
pub(super) fn is_store_meter(meter: &Meter) -> bool {
    [
        Derived::LakeOneYearLive,
        Derived::LakeOneYearOther,
        Derived::LakeSevenYear,
        Derived::LakeStorage,
        Derived::LakeScanned,
    ]
    .iter()
    .any(|derived| derived.meter() == *meter)
}
