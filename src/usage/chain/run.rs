//! The chain's way through the months.

use super::alerting::{self, LogGroupRun, Messages};
use super::bucket::{Arrivals, BucketRun, Calls};
use super::delivery::{Delivered, Filing, FilingBasis};
use super::digests::DigestRegions;
use super::figures::ChainFigures;
use super::ledger::{GivenMeters, Ledger, Owner, Stated};
use super::lifecycle::{SizeBand, Tier, thresholds};
use super::meter::ChainMeter;
use super::readers::ReaderRun;
use super::store::{MonthSpan, Nature, Pile, Store, StoreMonth};
use super::tap::{Tap, tap_numbers};
use crate::domain::{
    AccountId, BucketHistory, BucketMonth, Gap, GapKind, Model, Month, Quantity, QuantityError, RegionCode,
    StorageClass, StorageHistory, UsageRecord, list_names,
};
use crate::usage::cell::Factors;
use crate::usage::keys::Index;
use std::collections::{BTreeMap, BTreeSet};

/// The chain of a model, ready to run.
pub(in crate::usage) struct Chain<'a> {
    model: &'a Model,
    figures: ChainFigures,
    bands: Vec<SizeBand>,
    taps: Vec<Tap<'a>>,
    spans: Vec<MonthSpan>,
}

/// What the chain uses.
#[derive(Default)]
pub(in crate::usage) struct ChainUsage {
    /// Records of each month.
    pub(in crate::usage) records: Vec<Vec<UsageRecord>>,
    /// Calls of KMS that encryption causes, by account and Region of the key: each month's.
    pub(in crate::usage) key_calls: BTreeMap<Owner, Vec<u64>>,
    /// Places of keys that are called nobody knows how often.
    pub(in crate::usage) unknown_calls: BTreeSet<Owner>,
    pub(in crate::usage) history: StorageHistory,
    /// Derived usage that a given quantity replaces.
    pub(in crate::usage) replaced: GivenMeters,
}

impl<'a> Chain<'a> {
    /// Prepares a chain; `sizes` are told apart beside those that lifecycles name.
    pub(in crate::usage) fn new(
        model: &'a Model,
        months: &[Month],
        figures: ChainFigures,
        sizes: &[u64],
        (digests, index): (&DigestRegions, &Index),
    ) -> Self {
        let inventory = &model.inventory;
        let bands = SizeBand::between(&thresholds(inventory.buckets.iter(), sizes, figures.bytes_per_kb));
        let taps = tap_numbers(model)
            .keys()
            .map(|&at| Tap::new(model, &inventory.trails[at], digests, index))
            .collect();
        let mut begin = 0;
        let spans = months
            .iter()
            .map(|month| {
                let span = MonthSpan { begin, days: month.days() };
                begin = span.end();
                span
            })
            .collect();
        Self { model, figures, bands, taps, spans }
    }

    /// Tells whether there is anything that the logs could touch.
    pub(in crate::usage) fn is_empty(&self) -> bool {
        self.taps.is_empty() && !self.model.inventory.has_chain()
    }

    pub(in crate::usage) fn bands(&self) -> usize {
        self.bands.len()
    }

    pub(in crate::usage) fn taps(&self) -> usize {
        self.taps.len()
    }

    pub(in crate::usage) fn filing(&self, month: usize) -> Result<Filing<'_>, QuantityError> {
        Filing::new(&self.figures, &self.bands, self.spans[month].days)
    }

    /// Returns what decides, beside a month's days, how events become log files.
    pub(in crate::usage) fn filing_basis(&self) -> FilingBasis {
        FilingBasis::new(self.figures, &self.bands)
    }

    /// Notes that an unknown part of the events is delivered by a trail.
    pub(in crate::usage) fn mark_unknown(&mut self, tap: u16) {
        self.taps[usize::from(tap)].has_unknown = true;
    }

    /// Returns the places of keys that protect what buckets hold.
    pub(in crate::usage) fn keys(&self) -> BTreeSet<(AccountId, RegionCode)> {
        let inventory = &self.model.inventory;
        let encrypting = self.taps.iter().filter(|tap| tap.trail.delivery.kms == Some(true));
        encrypting
            .filter_map(|tap| tap.bucket)
            .map(|bucket| &inventory.buckets[bucket])
            .chain(inventory.buckets.iter().filter(|bucket| bucket.kms))
            .map(|bucket| (bucket.account.clone(), bucket.region.clone()))
            .collect()
    }

    /// Goes through the months with what each trail delivers; `only_calls` finds the calls of keys and nothing else.
    pub(in crate::usage) fn run(
        &self,
        delivered: &[&[Delivered]],
        factors: &[Factors],
        index: &Index,
        given: &GivenMeters,
        only_calls: bool,
    ) -> Result<ChainUsage, QuantityError> {
        let mut usage = ChainUsage::default();
        if self.is_empty() {
            return Ok(usage);
        }
        let mut buckets = self.buckets(index)?;
        let mut groups = self.log_groups(index);
        let readers = self.readers(index);
        let mut histories: Vec<Vec<BucketMonth>> = vec![Vec::new(); buckets.len()];
        for (month, (&span, factors)) in self.spans.iter().zip(factors).enumerate() {
            let mut ledger = Ledger::new(index, given, only_calls);
            let mut key_calls: BTreeMap<Owner, Calls> = BTreeMap::new();
            let mut messages = vec![Messages::default(); self.model.inventory.topics.len()];
            let mut log_bytes = vec![0_u128; groups.len()];
            for bucket in &mut buckets {
                bucket.arrivals = Arrivals::nothing(self.bands.len());
            }
            for (tap, delivered) in self.taps.iter().zip(delivered[month]) {
                let brought = tap.month(delivered, span, factors, &self.figures, &self.bands)?;
                if let Some(bucket) = tap.bucket.map(|at| &mut buckets[at]) {
                    let is_encrypted = tap.trail.delivery.kms == Some(true);
                    let logs = &mut bucket.arrivals.logs[usize::from(is_encrypted)];
                    for (own, &pile) in logs.iter_mut().zip(&brought.logs) {
                        own.add(pile)?;
                    }
                    let band = bucket.store.band_of(brought.digests);
                    bucket.arrivals.digests[band].add(brought.digests)?;
                    bucket.receives_unknown |= brought.files_unknown;
                    if is_encrypted {
                        let calls = Calls { number: brought.log_files, has_unknown: brought.files_unknown };
                        key_calls.entry(bucket.owner).or_default().add(calls)?;
                    }
                }
                if let Some(topic) = tap.topic {
                    messages[topic].notices += brought.log_files;
                    messages[topic].has_unknown |= brought.files_unknown;
                }
                if let Some(group) = tap.log_group {
                    log_bytes[group] =
                        log_bytes[group].checked_add(brought.log_group_bytes).ok_or(QuantityError)?;
                    groups[group].has_unknown |= brought.events_unknown;
                }
            }
            for bucket in &mut buckets {
                bucket.complete_arrivals(&self.bands, factors)?;
            }
            self.replicate(&mut buckets, span, &mut key_calls, &mut ledger)?;
            for (bucket, history) in buckets.iter_mut().zip(&mut histories) {
                let stored = bucket.month(span, &self.figures, &mut ledger)?;
                if !only_calls {
                    history.push(bucket_month(&stored));
                }
            }
            for reader in &readers {
                let bucket = reader.bucket.map(|at| &buckets[at]);
                let calls = reader.month(bucket, span, factors, &self.figures, &mut ledger)?;
                if let Some(bucket) = bucket {
                    key_calls.entry(bucket.owner).or_default().add(calls)?;
                }
            }
            for (owner, calls) in key_calls {
                if calls.has_unknown {
                    usage.unknown_calls.insert(owner);
                }
                let calls = u64::try_from(calls.number).map_err(|_| QuantityError)?;
                usage.key_calls.entry(owner).or_insert_with(|| vec![0; self.spans.len()])[month] = calls;
            }
            if only_calls {
                continue;
            }
            let mut in_groups = Quantity::ZERO;
            for (group, bytes) in groups.iter_mut().zip(log_bytes) {
                let stored = group.month(bytes, span, factors, &self.figures, &mut ledger)?;
                in_groups = in_groups.plus(stored)?;
            }
            if !groups.is_empty() {
                usage.history.log_groups.push(in_groups);
            }
            self.alerts(&mut messages, factors, index, &mut ledger)?;
            usage.replaced.append(&mut ledger.replaced);
            usage.records.push(ledger.records()?);
        }
        usage.history.months = self.model.months();
        let names = buckets.iter().map(|run| run.bucket.name.clone());
        usage.history.buckets =
            names.zip(histories).map(|(bucket, months)| BucketHistory { bucket, months }).collect();
        usage.history.buckets.sort_by(|left, right| left.bucket.cmp(&right.bucket));
        Ok(usage)
    }

    fn owner(index: &Index, account: &AccountId, region: &RegionCode) -> Owner {
        (index.account(account), index.region(region))
    }

    fn buckets<'r>(&'r self, index: &Index) -> Result<Vec<BucketRun<'r>>, QuantityError> {
        let encrypting = |name: &str| {
            self.taps.iter().any(|tap| {
                tap.trail.delivery.kms == Some(true) && tap.trail.delivery.bucket.as_deref() == Some(name)
            })
        };
        let mut runs = Vec::new();
        for bucket in &self.model.inventory.buckets {
            let mut store = Store::new(bucket, &self.bands, self.figures.bytes_per_kb);
            let mut has_unknown = false;
            for holding in &bucket.holds {
                let objects = Stated::plain(Some(&holding.objects));
                let bytes = Stated::plain(Some(&holding.bytes));
                has_unknown |= objects.is_unknown || bytes.is_unknown;
                let pile = Pile { objects: objects.whole()?, bytes: bytes.whole()? };
                let nature = Nature { is_digest: false, is_encrypted: bucket.kms };
                store.hold(pile, holding.class, holding.age.days(), nature);
            }
            runs.push(BucketRun {
                bucket,
                owner: Self::owner(index, &bucket.account, &bucket.region),
                resource: index.resource_at(&bucket.name),
                store,
                has_key: bucket.kms || encrypting(&bucket.name),
                has_unknown,
                receives_unknown: false,
                arrivals: Arrivals::nothing(self.bands.len()),
            });
        }
        Ok(runs)
    }

    fn log_groups<'r>(&'r self, index: &Index) -> Vec<LogGroupRun<'r>> {
        let groups = self.model.inventory.log_groups.iter();
        groups
            .map(|group| LogGroupRun {
                group,
                owner: Self::owner(index, &group.account, &group.region),
                resource: index.resource_at(&group.name),
                ingested: Vec::new(),
                has_unknown: false,
            })
            .collect()
    }

    fn readers<'r>(&'r self, index: &Index) -> Vec<ReaderRun<'r>> {
        let buckets = &self.model.inventory.buckets;
        let readers = self.model.inventory.readers.iter();
        readers
            .map(|reader| ReaderRun {
                reader,
                owner: Self::owner(index, &reader.account, &reader.region),
                resource: index.resource_at(&reader.name),
                bucket: reader
                    .bucket
                    .as_ref()
                    .and_then(|name| buckets.iter().position(|bucket| bucket.name == *name)),
            })
            .collect()
    }

    /// Copies arrivals into other buckets. What is copied there is not copied again.
    fn replicate(
        &self,
        buckets: &mut [BucketRun<'_>],
        month: MonthSpan,
        key_calls: &mut BTreeMap<Owner, Calls>,
        ledger: &mut Ledger<'_>,
    ) -> Result<(), QuantityError> {
        for (at, source) in self.model.inventory.buckets.iter().enumerate() {
            for replica in &source.replicas {
                let target = buckets.iter().position(|run| run.bucket.name == replica.bucket);
                let Some(target) = target.filter(|&target| target != at) else {
                    continue;
                };
                let to = &self.model.inventory.buckets[target].region;
                let transfer = transfer(&source.region, to);
                let [source, target] = pair(buckets, at, target);
                let owners = [source.owner, target.owner];
                let calls = source.replicate(target, replica.class, month, transfer, ledger)?;
                for (owner, calls) in owners.into_iter().zip(calls) {
                    key_calls.entry(owner).or_default().add(calls)?;
                }
            }
        }
        Ok(())
    }

    /// Charges alarms, rules, buses, keys and topics.
    fn alerts(
        &self,
        messages: &mut [Messages],
        factors: &Factors,
        index: &Index,
        ledger: &mut Ledger<'_>,
    ) -> Result<(), QuantityError> {
        let inventory = &self.model.inventory;
        let mut publish = |name: &str, sent: Messages| {
            if let Some(at) = inventory.topics.iter().position(|topic| topic.name == name) {
                let to = &mut messages[at];
                to.others = to.others.checked_add(sent.others).ok_or(QuantityError)?;
                to.has_unknown |= sent.has_unknown;
            }
            Ok::<(), QuantityError>(())
        };
        for alarm in &inventory.alarms {
            let owner = Self::owner(index, &alarm.account, &alarm.region);
            let sent = alerting::alarm(alarm, owner, index.resource_at(&alarm.name), factors, ledger)?;
            if let Some(topic) = &alarm.topic {
                publish(topic, sent)?;
            }
        }
        for rule in &inventory.event_rules {
            let owner = Self::owner(index, &rule.account, &rule.region);
            let resource = index.resource_at(&rule.name);
            alerting::event_rule(rule, owner, resource, factors, ledger, &mut publish)?;
        }
        for bus in &inventory.event_buses {
            let owner = Self::owner(index, &bus.account, &bus.region);
            alerting::event_bus(bus, owner, index.resource_at(&bus.name), factors, ledger)?;
        }
        for key in &inventory.kms_keys {
            let owner = Self::owner(index, &key.account, &key.region);
            let resource = index.resource_at(&key.name);
            ledger.count(owner, resource, ChainMeter::Key, u128::from(key.versions), false)?;
        }
        for (topic, &sent) in inventory.topics.iter().zip(messages.iter()) {
            let owner = Self::owner(index, &topic.account, &topic.region);
            alerting::topic(topic, owner, index.resource_at(&topic.name), sent, factors, ledger)?;
        }
        Ok(())
    }

    /// Names what the chain leaves out, and trails of which nobody knows what they deliver.
    pub(in crate::usage) fn gaps(&self) -> Vec<Gap> {
        let inventory = &self.model.inventory;
        let mut gaps = Vec::new();
        let mut add = |kind, what: String, remedy: &str| {
            gaps.push(Gap { kind, what, remedy: remedy.to_owned() });
        };
        let mut nowhere: Vec<&str> = inventory
            .trails
            .iter()
            .filter(|trail| trail.logging && trail.delivery.bucket.is_none())
            .map(|trail| trail.name.as_str())
            .collect();
        nowhere.sort_unstable();
        if !nowhere.is_empty() {
            let what =
                format!("what S3 charges for the logs of {}: no bucket is named", list_names(&nowhere));
            add(GapKind::NotIncluded, what, "name the bucket in the trail, and describe it in a [[bucket]]");
        }
        for tap in &self.taps {
            let (name, to) = (&tap.trail.name, &tap.trail.delivery);
            let counted = to.log_files.is_some() && to.log_bytes.is_some() && to.log_group.is_none();
            if tap.has_unknown && !counted {
                let what = format!("`{name}` delivers events whose number is not known");
                add(GapKind::Volume, what, "add the activity, or the trail's log_files and log_bytes");
            }
            if !tap.trail.insights.is_empty() && to.insights_found.is_none() && to.bucket.is_some() {
                let what =
                    format!("the Insights events that `{name}` delivers, few beside those it analyses");
                add(GapKind::NotIncluded, what, "give insights_found in the trail");
            }
        }
        let across = self.delivers_across();
        if !across.is_empty() {
            let what = format!(
                "transfer between Regions for what CloudTrail delivers to {}: no source says whether AWS charges it",
                list_names(&across)
            );
            add(
                GapKind::NotIncluded,
                what,
                "give AWSDataTransfer:AWS-Out-Bytes directly, if the bill shows it",
            );
        }
        let region_of =
            |name: &str| inventory.buckets.iter().find(|own| own.name == name).map(|own| &own.region);
        for reader in &inventory.readers {
            if reader.bucket.as_deref().and_then(region_of).is_some_and(|region| *region != reader.region) {
                let what = format!("transfer between Regions for what `{}` reads", reader.name);
                add(GapKind::NotIncluded, what, "give AWSDataTransfer:AWS-Out-Bytes directly");
            }
        }
        gaps
    }

    /// Returns the buckets that receive logs of other Regions than their own.
    fn delivers_across(&self) -> Vec<&'a str> {
        let model = self.model;
        let mut names: Vec<&str> = self
            .taps
            .iter()
            .filter_map(|tap| tap.bucket.map(|at| (tap.trail, &model.inventory.buckets[at])))
            .filter(|(trail, bucket)| {
                let scope = trail.recording_scope();
                model.observations.activities.iter().any(|activity| {
                    activity.region != bucket.region && scope.covers(&activity.account, &activity.region)
                })
            })
            .map(|(_, bucket)| bucket.name.as_str())
            .collect();
        names.sort_unstable();
        names.dedup();
        names
    }
}

/// Returns two different elements.
fn pair<T>(items: &mut [T], first: usize, second: usize) -> [&mut T; 2] {
    if first < second {
        let (left, right) = items.split_at_mut(second);
        [&mut left[first], &mut right[0]]
    } else {
        let (left, right) = items.split_at_mut(first);
        [&mut right[0], &mut left[second]]
    }
}

/// Returns what the transfer of bytes from one Region to another is billed as.
///
/// Source: EC2 pricing, data transfer: between us-east-1 and us-east-2 a rate of its own.
fn transfer(from: &RegionCode, to: &RegionCode) -> Option<ChainMeter> {
    let us_east = |region: &RegionCode| matches!(region.as_str(), "us-east-1" | "us-east-2");
    if from == to {
        None
    } else if us_east(from) && us_east(to) {
        Some(ChainMeter::TransferOutUsEast)
    } else {
        Some(ChainMeter::TransferOut)
    }
}

fn bucket_month(stored: &StoreMonth) -> BucketMonth {
    let mut piles = [Pile::default(); StorageClass::NAMES.len()];
    for tier in Tier::ALL {
        let left = stored.tiers[tier as usize].left;
        let pile = &mut piles[tier.class() as usize];
        pile.objects += left.objects;
        pile.bytes += left.bytes;
    }
    BucketMonth {
        arrived_objects: stored.arrived.objects,
        arrived_bytes: stored.arrived.bytes,
        deleted_objects: stored.deleted.objects,
        deleted_bytes: stored.deleted.bytes,
        classes: StorageClass::all()
            .zip(piles)
            .filter(|(_, pile)| !pile.is_empty())
            .map(|(class, pile)| (class, pile.objects, pile.bytes))
            .collect(),
    }
}
