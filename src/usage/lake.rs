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

/// One event data store with what it ingested month by month.
#[derive(Debug, Clone)]
pub(super) struct Store {
    account: u32,
    region: u16,
    resource: u32,
    billing_mode: BillingMode,
    retention_days: u16,
    ingesting: bool,
    other_sources: Option<Amount>,
    scanned: Option<Amount>,
    /// Meters given directly in the store's account and Region.
    given: Vec<MeterId>,
    /// Bytes of live events and of other sources, by month.
    ingested: Vec<(u128, u128)>,
    live_has_unknown: bool,
    live_has_any: bool,
}

/// Figures that the scenario may state and that the defaults supply otherwise.
#[derive(Debug, Clone, Copy)]
pub(super) struct LakeFigures {
    pub(super) bytes_per_event: u64,
    pub(super) compression_ratio: Decimal,
}

impl Store {
    pub(super) fn new(store: &EventDataStore, resource: u32, given: Vec<MeterId>, index: &Index) -> Self {
        Self {
            account: index.account(&store.account),
            region: index.region(&store.home_region),
            resource,
            billing_mode: store.billing_mode,
            retention_days: store.retention_days,
            ingesting: store.ingesting,
            other_sources: store.other_sources_bytes.clone(),
            scanned: store.scanned_bytes.clone(),
            given,
            ingested: Vec::new(),
            live_has_unknown: false,
            live_has_any: false,
        }
    }

    /// Notes that an unknown number of events is ingested.
    pub(super) fn mark_unknown(&mut self) {
        self.live_has_unknown = true;
    }

    /// Tells whether live events are ingested whose number is partly unknown.
    pub(super) fn has_unknown(&self) -> bool {
        self.live_has_unknown
    }

    /// Marks a store that is ingesting, though nothing says what.
    pub(super) fn mark_unknown_if_nothing_is_stated(&mut self) {
        let stated = self.live_has_any || self.other_sources.is_some() || !self.given.is_empty();
        self.live_has_unknown |= self.ingesting && !stated;
    }

    /// Notes the events ingested in the next month.
    pub(super) fn ingest(
        &mut self,
        events: u64,
        figures: LakeFigures,
        factors: &Factors,
    ) -> Result<(), QuantityError> {
        self.live_has_any |= events > 0;
        let other = match self.other_sources.as_ref().and_then(Amount::likely) {
            None => 0,
            Some(bytes) => {
                let factor = factors[GrowthCategory::Lake.index()].exact();
                bytes.grown(factor, 1)?.to_count().ok_or(QuantityError)?
            }
        };
        let live = u128::from(events) * u128::from(figures.bytes_per_event);
        self.ingested.push((live, u128::from(other)));
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
                let stored = self.stored(month, months, figures)?;
                let unknown = self.live_has_unknown || other_unknown;
                let extended = self.retention_days > self.billing_mode.included_days();
                add(Derived::LakeStorage, Component::LakeRetention, stored, unknown && extended);
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
    fn stored(
        &self,
        month: usize,
        months: &[Month],
        figures: LakeFigures,
    ) -> Result<Quantity, QuantityError> {
        let included = i64::from(self.billing_mode.included_days());
        let retention = i64::from(self.retention_days);
        let now = months[month];
        let mut stored = Quantity::ZERO;
        for (cohort, &(live, other)) in months.iter().zip(&self.ingested).take(month) {
            let begin = now.days_since(*cohort);
            let end = begin + i64::from(now.days());
            let billable_days: i64 = (0..i64::from(cohort.days()))
                .map(|day| ((day + retention).min(end) - (day + included).max(begin)).max(0))
                .sum();
            if billable_days == 0 {
                continue;
            }
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
        Ok(stored)
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
