//! What makes one trail's logs worth more than another's of the same events: of equal copies the better one has to stay.

use crate::domain::{Age, EventDataStore, LossLevel, Model, Trail, TrailSetting};
use std::collections::BTreeSet;

/// What some logs have and others have not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Quality {
    /// Trails with this setting deliver them.
    Setting(TrailSetting),
    /// They are kept for at least so many days.
    KeptFor(u32),
}

/// Kept for ever.
const FOR_EVER: u32 = u32::MAX;

impl Quality {
    /// Returns what tells the logs of a model apart; `stated` is for how long the scenario itself says that they are needed.
    pub(super) fn of(model: &Model, stated: Option<Age>) -> Vec<Self> {
        let trails = || model.inventory.trails.iter().filter(|own| own.logging);
        let settings = [TrailSetting::LogFileValidation, TrailSetting::Kms, TrailSetting::CloudWatchLogs]
            .into_iter()
            .filter(|own| trails().any(|trail| own.is_met(std::slice::from_ref(trail)) == Some(true)))
            .map(Self::Setting);
        let stores = model.inventory.event_data_stores.iter().filter(|own| own.ingesting);
        let stores = stores.map(|own| as_needed(u32::from(own.retention_days), stated));
        let lengths: BTreeSet<u32> =
            trails().map(|own| days_kept(model, own, stated)).chain(stores).collect();
        // Everybody keeps logs for the shortest time.
        settings.chain(lengths.into_iter().skip(1).map(Self::KeptFor)).collect()
    }

    /// Returns for each trail of a model which of these its logs have.
    pub(super) fn owned(qualities: &[Self], model: &Model, stated: Option<Age>) -> Vec<Vec<bool>> {
        if qualities.is_empty() {
            return vec![Vec::new(); model.inventory.trails.len()];
        }
        let of = |trail: &Trail| {
            let days = days_kept(model, trail, stated);
            let has = |quality: &Self| match quality {
                Self::Setting(own) => own.is_met(std::slice::from_ref(trail)) == Some(true),
                Self::KeptFor(least) => days >= *least,
            };
            qualities.iter().map(has).collect()
        };
        model.inventory.trails.iter().map(of).collect()
    }

    /// Returns how much is lost with it, where events stay recorded.
    pub(super) fn level(self) -> LossLevel {
        match self {
            // What log groups receive is looked at by itself.
            Self::Setting(TrailSetting::CloudWatchLogs) => LossLevel::None,
            Self::Setting(_) | Self::KeptFor(_) => LossLevel::Medium,
        }
    }

    /// Tells whether what an event data store takes in has it. Its events cannot be changed, and are always encrypted
    /// (CloudTrail user guide, Working with CloudTrail Lake).
    pub(super) fn is_of_store(self, store: &EventDataStore) -> bool {
        match self {
            Self::Setting(own) => own != TrailSetting::CloudWatchLogs,
            Self::KeptFor(least) => u32::from(store.retention_days) >= least,
        }
    }

    /// Returns what is lost with it.
    pub(super) fn words(self) -> String {
        match self {
            Self::Setting(TrailSetting::LogFileValidation) => {
                "log file validation of events still recorded".to_owned()
            }
            Self::Setting(TrailSetting::Kms) => "SSE-KMS encryption of events still recorded".to_owned(),
            Self::Setting(own) => own.what().to_owned(),
            Self::KeptFor(FOR_EVER) => "events still recorded, kept for ever".to_owned(),
            Self::KeptFor(days) => format!("events still recorded, kept for {days} days"),
        }
    }
}

/// Returns for how many days a trail's logs are kept, as far as they are needed.
fn days_kept(model: &Model, trail: &Trail, stated: Option<Age>) -> u32 {
    let bucket = trail.delivery.bucket.as_deref();
    as_needed(bucket.and_then(|name| model.kept_for(name)).map_or(FOR_EVER, Age::days), stated)
}

/// What is kept longer than the scenario says it is needed is no better for it.
fn as_needed(days: u32, stated: Option<Age>) -> u32 {
    stated.map_or(days, |needed| days.min(needed.days()))
}
