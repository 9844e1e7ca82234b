//! Trails that deliver somewhere: what each brings to its bucket, log group and topic in a month.

use super::delivery::{Delivered, Filing};
use super::digests::DigestRegions;
use super::exact::mul_div;
use super::figures::ChainFigures;
use super::ledger::Stated;
use super::lifecycle::SizeBand;
use super::store::{MonthSpan, Pile, band_of};
use crate::domain::{Model, QuantityError, Trail};
use crate::usage::cell::Factors;
use crate::usage::keys::Index;
use std::collections::BTreeMap;

/// A trail that delivers.
pub(super) struct Tap<'a> {
    pub(super) trail: &'a Trail,
    pub(super) bucket: Option<usize>,
    pub(super) log_group: Option<usize>,
    pub(super) topic: Option<usize>,
    /// Digest files an hour.
    pub(super) digests: u64,
    /// Whether an unknown part of the events is delivered.
    pub(super) has_unknown: bool,
}

/// What a trail brings in a month.
pub(super) struct Brought {
    /// Log files, by band.
    pub(super) logs: Vec<Pile>,
    pub(super) log_files: u128,
    pub(super) digests: Pile,
    /// Bytes for the log group, with the overhead of each event.
    pub(super) log_group_bytes: u128,
    pub(super) files_unknown: bool,
    pub(super) events_unknown: bool,
}

/// Returns the trails that deliver somewhere, each with its number, by position in the inventory.
pub(in crate::usage) fn tap_numbers(model: &Model) -> BTreeMap<usize, u16> {
    let delivers = |trail: &Trail| {
        let to = &trail.delivery;
        trail.logging && (to.bucket.is_some() || to.log_group.is_some() || to.sns_topic.is_some())
    };
    let trails = model.inventory.trails.iter().enumerate();
    trails.filter(|(_, trail)| delivers(trail)).map(|(at, _)| at).zip(0..).collect()
}

impl<'a> Tap<'a> {
    pub(super) fn new(model: &'a Model, trail: &'a Trail, digests: &DigestRegions, index: &Index) -> Self {
        let inventory = &model.inventory;
        let to = &trail.delivery;
        let find = |wanted: Option<&String>, mut names: &mut dyn Iterator<Item = &'a String>| {
            wanted.and_then(|wanted| (&mut names).position(|name| name == wanted))
        };
        let validated = to.log_file_validation == Some(true) && to.bucket.is_some();
        Self {
            trail,
            bucket: find(to.bucket.as_ref(), &mut inventory.buckets.iter().map(|own| &own.name)),
            log_group: find(to.log_group.as_ref(), &mut inventory.log_groups.iter().map(|own| &own.name)),
            topic: find(to.sns_topic.as_ref(), &mut inventory.topics.iter().map(|own| &own.name)),
            digests: if validated { digests.files_an_hour(trail, index) } else { 0 },
            has_unknown: false,
        }
    }

    /// Returns what the trail brings in a month, from what it delivers of all accounts and Regions.
    pub(super) fn month(
        &self,
        delivered: &Delivered,
        month: MonthSpan,
        factors: &Factors,
        figures: &ChainFigures,
        bands: &[SizeBand],
    ) -> Result<Brought, QuantityError> {
        let to = &self.trail.delivery;
        let mut delivered = delivered.clone();
        let found = Stated::grown(to.insights_found.as_ref(), factors)?;
        let found_events = u64::try_from(found.whole()?).map_err(|_| QuantityError)?;
        Filing::new(figures, bands, month.days)?.file(found_events, &mut delivered)?;
        let mut files_unknown = (self.has_unknown || found.is_unknown) && to.log_files.is_none();
        let mut logs = delivered.files.clone();
        if to.log_files.is_some() || to.log_bytes.is_some() {
            let mut pile = delivered.all_files()?;
            for (stated, own) in [(&to.log_files, &mut pile.objects), (&to.log_bytes, &mut pile.bytes)] {
                if stated.is_some() {
                    let stated = Stated::grown(stated.as_ref(), factors)?;
                    files_unknown |= stated.is_unknown;
                    *own = stated.whole()?;
                }
            }
            files_unknown |= self.has_unknown && to.log_bytes.is_none();
            logs = vec![Pile::default(); bands.len()];
            logs[band_of(bands, pile)] = pile;
        }
        let log_files: u128 = logs.iter().map(|pile| pile.objects).sum();
        let digest_files = u128::from(self.digests) * u128::from(month.days) * 24;
        let listed = if digest_files == 0 { 0 } else { log_files };
        let digest_bytes = mul_div(digest_files, u128::from(figures.digest_bytes), 1)?
            .checked_add(mul_div(listed, u128::from(figures.digest_bytes_per_file), 1)?)
            .ok_or(QuantityError)?;
        let event_bytes = u128::from(figures.bytes_per_event) + u128::from(figures.log_overhead);
        Ok(Brought {
            logs,
            log_files,
            digests: Pile { objects: digest_files, bytes: digest_bytes },
            log_group_bytes: mul_div(u128::from(delivered.events), event_bytes, 1)?,
            files_unknown,
            events_unknown: self.has_unknown || found.is_unknown,
        })
    }
}
