//! Data events: what CloudWatch counted of requests and invocations, which is never fewer than the events.
//!
//! A ceiling stands as the figure: it is what the events cost at most, and nearly what they cost where every call is
//! recorded. An unknown would say less, and P90 of a range would claim a chance that nobody knows. A gap says so.

use super::billed::Billed;
use super::reading::{Reading, dimension, measured, unknown};
use super::window::count_text;
use crate::domain::{
    Access, AccountId, AdvancedEventSelector, Certainty, EventCategory, EventClass, Field, GapKind, Quantity,
    RegionCode,
};
use std::collections::{BTreeMap, BTreeSet};

/// Request metrics by what they count (S3 user guide, "Amazon S3 CloudWatch request metrics").
const READS: [&str; 4] = ["GetRequests", "HeadRequests", "ListRequests", "SelectRequests"];
const WRITES: [&str; 3] = ["PutRequests", "PostRequests", "DeleteRequests"];

const S3: &str = "AWS::S3::Object";
const LAMBDA: &str = "AWS::Lambda::Function";

impl Reading<'_> {
    /// Fills data activity where trails record any and the bill does not have it.
    pub(super) fn data_ceilings(&mut self, billed: &Billed) {
        let buckets = self.bucket_requests(&["AllRequests"]);
        let (reads, writes) = (self.bucket_requests(&READS), self.bucket_requests(&WRITES));
        let functions = self.invocations();
        for ((account, region, bucket), events) in &buckets {
            self.ceiling(
                account,
                region,
                &format!("requests of the bucket {bucket}"),
                *events,
                "AWS/S3 AllRequests",
            );
        }
        for ((account, region), events) in &functions {
            self.ceiling(account, region, "invocations of functions", *events, "AWS/Lambda Invocations");
        }
        if billed.usage_types.contains("DataEventsRecorded") {
            return;
        }
        let mut stated: BTreeSet<String> = BTreeSet::new();
        for ((account, region, bucket), events) in &buckets {
            let arn = format!("arn:{}:s3:::{bucket}/", self.partition(region));
            if self.data_recorded(S3, Some(&arn), account, region) {
                let key = (account.clone(), region.clone(), bucket.clone());
                let parts = [(Access::Read, &reads), (Access::Write, &writes)];
                let told_apart: Vec<_> =
                    parts.iter().filter_map(|(access, own)| Some((*access, *own.get(&key)?))).collect();
                let counts = match told_apart.as_slice() {
                    [] => vec![(Access::Mixed, *events)],
                    // What has no requests of a kind has no metric of it.
                    [(Access::Read, own)] => vec![(Access::Read, *own), (Access::Write, Quantity::ZERO)],
                    [(_, own)] => vec![(Access::Read, Quantity::ZERO), (Access::Write, *own)],
                    both => both.to_vec(),
                };
                for (access, own) in counts {
                    self.add_count(account, region, &EventClass::data(access, S3, Some(&arn)), measured(own));
                }
                stated.insert(format!("requests of {bucket} ({account}, {region})"));
            }
        }
        for ((account, region), events) in &functions {
            if self.data_recorded(LAMBDA, None, account, region) {
                let class = EventClass::data(Access::Mixed, LAMBDA, None);
                self.add_count(account, region, &class, measured(*events));
                stated.insert(format!("invocations in {account}, {region}"));
            }
        }
        for own in stated {
            self.unseen.add(
                GapKind::NotSeen,
                "data events are taken as many as CloudWatch counted calls, which is the most they can be: ",
                &own,
                "",
                "the bill (--cost-explorer) or the log files have the events themselves",
            );
        }
        self.other_buckets(&buckets);
    }

    fn ceiling(
        &mut self,
        account: &AccountId,
        region: &RegionCode,
        what: &str,
        events: Quantity,
        metric: &str,
    ) {
        let days = self.window.map_or(0, |window| window.month_days);
        self.found(
            format!("account {account}, {region}: {what} in a month"),
            format!("{} events", count_text(events.rounded(0))),
            format!("CloudWatch {metric}, daily mean × {days} days"),
            Certainty::Ceiling,
        );
    }

    fn partition(&self, region: &RegionCode) -> String {
        self.context
            .regions
            .get(region.as_str())
            .map_or_else(|| "aws".to_owned(), |own| own.partition.clone())
    }

    /// Counts the requests of buckets by the sum of some metrics, each of the filter that has the most: one covers the
    /// whole bucket.
    fn bucket_requests(&self, metrics: &[&str]) -> BTreeMap<(AccountId, RegionCode, String), Quantity> {
        let mut found: BTreeMap<(AccountId, RegionCode, String), Quantity> = BTreeMap::new();
        let Some(window) = self.window else {
            return found;
        };
        for metric in metrics {
            let mut most: BTreeMap<(AccountId, RegionCode, String), Quantity> = BTreeMap::new();
            for (asked, series) in self.series("AWS/S3", metric) {
                let place = asked.account.parse().ok().zip(self.context.regions.get(&asked.region));
                let bucket = dimension(&series.metric, "BucketName");
                let month = window.daily(series).and_then(|daily| window.month_of(&daily));
                if let (Some((account, region)), Some(bucket), Some(month)) = (place, bucket, month) {
                    let own = most.entry((account, region.code.clone(), bucket.to_owned())).or_default();
                    *own = (*own).max(month);
                }
            }
            for (key, own) in most {
                let sum = found.entry(key).or_default();
                *sum = sum.plus(own).unwrap_or(*sum);
            }
        }
        found
    }

    fn invocations(&self) -> BTreeMap<(AccountId, RegionCode), Quantity> {
        let mut found = BTreeMap::new();
        let Some(window) = self.window else {
            return found;
        };
        for (asked, series) in self.series("AWS/Lambda", "Invocations") {
            let place = asked.account.parse().ok().zip(self.context.regions.get(&asked.region));
            let month = window.daily(series).and_then(|daily| window.month_of(&daily));
            if let (Some((account, region)), Some(month), true) =
                (place, month, series.metric.dimensions.is_empty())
            {
                found.insert((account, region.code.clone()), month);
            }
        }
        found
    }

    /// Tells whether any recorder takes data events of a type, of one resource or of any.
    fn data_recorded(&self, kind: &str, arn: Option<&str>, account: &AccountId, region: &RegionCode) -> bool {
        let inventory = &self.model.inventory;
        let takes = |own: &AdvancedEventSelector| takes(own, kind, arn);
        inventory.trails.iter().any(|trail| {
            trail.logging
                && trail.recording_scope().covers(account, region)
                && trail.selectors.iter().any(takes)
        }) || inventory.event_data_stores.iter().any(|store| {
            store.ingesting
                && store.recording_scope().covers(account, region)
                && store.selectors.iter().any(takes)
        })
    }

    /// Says that what happens in buckets without request metrics is unknown, where it is recorded.
    fn other_buckets(&mut self, measured: &BTreeMap<(AccountId, RegionCode, String), Quantity>) {
        if measured.is_empty() {
            // Then nothing is stated of S3, and the estimate itself says what is missing.
            return;
        }
        let mut places: BTreeSet<(AccountId, RegionCode)> = BTreeSet::new();
        for seen in &self.trails {
            let trail = &self.model.inventory.trails[seen.at];
            let every = |own: &&AdvancedEventSelector| {
                takes(own, S3, None) && !own.fields.iter().any(|test| test.field == Field::ResourcesArn)
            };
            if trail.logging && trail.selectors.iter().any(|own| every(&own)) {
                places.insert((seen.owner.clone(), seen.region.clone()));
            }
        }
        for (account, region) in places {
            self.add_count(&account, &region, &EventClass::data(Access::Mixed, S3, None), unknown());
            self.unseen.add(
                GapKind::NotSeen,
                "data events of buckets without request metrics are unknown: ",
                &format!("account {account}"),
                "",
                "the bill (--cost-explorer) or the log files have them",
            );
        }
    }
}

/// Tells whether a selector can take data events of a type; of a resource where its ARN is given.
fn takes(selector: &AdvancedEventSelector, kind: &str, arn: Option<&str>) -> bool {
    selector.category == EventCategory::Data
        && selector.fields.iter().all(|test| match test.field {
            Field::ResourcesType => test.equals.is_empty() || test.equals.iter().any(|own| own == kind),
            Field::ResourcesArn => arn.is_none_or(|arn| {
                let named = test.equals.is_empty() && test.starts_with.is_empty()
                    || test
                        .equals
                        .iter()
                        .chain(&test.starts_with)
                        .any(|own| own.starts_with(arn) || arn.starts_with(own.as_str()));
                let left_out = test.not_starts_with.iter().any(|own| arn.starts_with(own.as_str()));
                named && !left_out
            }),
            _ => true,
        })
}
