//! The figures that the chain is computed with: stated by the scenario, or taken from the defaults.

use super::exact::Ratio;
use crate::domain::{AccountId, Assumption, Model, TrailScope};
use crate::usage::error::UsageError;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use std::collections::BTreeSet;

/// Reads figures and notes which of them are used.
pub(in crate::usage) struct FigureReader<'a> {
    model: &'a Model,
    pub(in crate::usage) used: BTreeSet<&'static str>,
}

impl<'a> FigureReader<'a> {
    pub(in crate::usage) fn new(model: &'a Model) -> Self {
        Self { model, used: BTreeSet::new() }
    }

    /// Returns a figure above zero.
    pub(in crate::usage) fn figure(&mut self, id: &'static str, needed: bool) -> Result<Decimal, UsageError> {
        if needed {
            self.used.insert(id);
        }
        self.model
            .assumption(id)
            .and_then(Assumption::figure)
            .filter(|value| value > &Decimal::ZERO)
            .ok_or(UsageError::NoFigure(id))
    }

    /// Returns a whole figure above zero.
    pub(in crate::usage) fn whole(&mut self, id: &'static str, needed: bool) -> Result<u64, UsageError> {
        let value = self.figure(id, needed)?;
        value.to_u64().filter(|_| value.fract().is_zero()).ok_or(UsageError::NoFigure(id))
    }

    fn ratio(&mut self, id: &'static str, needed: bool) -> Result<Ratio, UsageError> {
        let value = self.figure(id, needed)?.normalize();
        let under = 10_u128.checked_pow(value.scale()).ok_or(UsageError::NoFigure(id))?;
        Ok(Ratio { over: value.mantissa().unsigned_abs(), under })
    }
}

/// The figures of the chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::usage) struct ChainFigures {
    /// Uncompressed bytes of an event.
    pub(super) bytes_per_event: u64,
    /// Compressed for uncompressed bytes.
    pub(super) compression: Ratio,
    /// Log files for five-minute slots with events.
    pub(super) files_per_slot: Ratio,
    pub(super) file_bytes_at_most: u64,
    pub(super) digest_bytes: u64,
    pub(super) digest_bytes_per_file: u64,
    pub(super) enabled_regions: u64,
    /// Stored for ingested bytes of a log group.
    pub(super) log_storage: Ratio,
    pub(super) log_overhead: u64,
    pub(super) bytes_per_gb: u64,
    pub(super) bytes_per_kb: u64,
}

impl ChainFigures {
    pub(in crate::usage) fn read(reader: &mut FigureReader<'_>, model: &Model) -> Result<Self, UsageError> {
        let inventory = &model.inventory;
        let delivering =
            || inventory.trails.iter().filter(|trail| trail.logging).map(|trail| &trail.delivery);
        let derives = delivering().any(|to| {
            to.log_group.is_some()
                || (to.bucket.is_some() && (to.log_files.is_none() || to.log_bytes.is_none()))
        });
        let files =
            delivering().any(|to| (to.bucket.is_some() || to.sns_topic.is_some()) && to.log_files.is_none());
        let bytes = delivering().any(|to| to.bucket.is_some() && to.log_bytes.is_none());
        let digests = delivering().any(|to| to.bucket.is_some() && to.log_file_validation == Some(true));
        let logs = delivering().any(|to| to.log_group.is_some());
        let compression = reader.ratio("gzip_ratio", bytes)?;
        Ok(Self {
            bytes_per_event: reader.whole("bytes_per_event", derives)?,
            compression: Ratio { over: compression.under, under: compression.over },
            files_per_slot: reader.ratio("log_files_per_slot", files)?,
            file_bytes_at_most: reader.whole("log_file_bytes_at_most", files)?,
            digest_bytes: reader.whole("digest_file_bytes", digests)?,
            digest_bytes_per_file: reader.whole("digest_bytes_per_log_file", digests)?,
            enabled_regions: reader
                .whole("enabled_regions", digests && !every_account_states_regions(model))?,
            log_storage: reader.ratio("log_storage_ratio", logs)?,
            log_overhead: reader.whole("log_overhead_bytes", logs)?,
            bytes_per_gb: reader.whole("s3_bytes_per_gb", false)?,
            bytes_per_kb: reader.whole("s3_bytes_per_kb", false)?,
        })
    }
}

/// Tells whether the number of enabled Regions is known of every account that digest files are written for.
fn every_account_states_regions(model: &Model) -> bool {
    let inventory = &model.inventory;
    let states = |id: &AccountId| {
        inventory.accounts.iter().any(|account| account.id == *id && account.enabled_regions.is_some())
    };
    let covered = inventory.trails.iter().filter_map(|trail| match &trail.scope {
        TrailScope::Account(id) => Some(id),
        TrailScope::EachAccount | TrailScope::Organization => None,
    });
    inventory.accounts.iter().all(|account| account.enabled_regions.is_some())
        && model.observations.activities.iter().all(|activity| states(&activity.account))
        && covered.into_iter().all(states)
}
