//! How many management events happen, from the best source there is.

use super::arn::Arn;
use super::billed::Billed;
use super::reading::{Reading, amount, answered, measured, unknown};
use super::window::{count_text, scaled, whole};
use crate::domain::{
    Access, AccountId, Activity, Amount, AmountRange, AmountValue, Certainty, EventCategory, EventClass,
    EventCount, EventSource, GapKind, Quantity, RegionCode, TrailScope,
};
use crate::sources::aws::answers::{LookedUpEvents, LookupWindow};
use rust_decimal::Decimal;
use std::collections::{BTreeMap, BTreeSet};

type Place = (AccountId, RegionCode);

/// Seconds of a day.
const DAY: u64 = 86_400;

/// Events of a class in a sample: the class, and the events of each stretch of time.
type Sample = Vec<(EventClass, Amount, Quantity)>;

/// The total of a place.
struct Total {
    events: Quantity,
    how: String,
    certainty: Certainty,
}

impl Reading<'_> {
    /// Fills the management activity.
    ///
    /// The bill's first copies are the total of a place where everything is recorded; else the events that a trail of one
    /// account and Region sent to its log group. A sample of the event history tells reads from writes and KMS from the
    /// rest, and is the total too where there is no better one.
    pub(super) fn management(&mut self, billed: &Billed) {
        let samples = self.samples();
        let mut totals: BTreeMap<Place, Total> = BTreeMap::new();
        // Accounts whose events of every Region stand in one.
        let mut together: BTreeSet<AccountId> = BTreeSet::new();
        for (place, everywhere, total) in self.log_group_totals() {
            if !everywhere {
                totals.insert(place, total);
            } else if !samples.keys().any(|own| own.0 == place.0) && !billed.accounts.contains(&place.0) {
                self.unseen.add(
                    GapKind::NotSeen,
                    "a log group counts the events of all Regions together; they stand in the trail's home Region: ",
                    &format!("account {}", place.0),
                    "",
                    "a sample of the event history or the bill (--cost-explorer) tells Regions apart",
                );
                together.insert(place.0.clone());
                totals.entry(place).or_insert(total);
            }
        }
        for (place, events) in &billed.first_copies {
            if self.records_everything(place) {
                let total = Total {
                    events: *events,
                    how: "Cost Explorer, first copies".to_owned(),
                    certainty: Certainty::Exact,
                };
                totals.insert(place.clone(), total);
            }
        }
        self.floors();
        let places: BTreeSet<Place> = totals.keys().chain(samples.keys()).cloned().collect();
        for place in &places {
            let counts = self.place_counts(place, totals.get(place), samples.get(place));
            self.activity(place, counts);
        }
        self.unknown_places(&places, &together, billed);
    }

    fn place_counts(
        &mut self,
        place: &Place,
        total: Option<&Total>,
        sample: Option<&(Sample, String)>,
    ) -> Vec<(EventClass, Amount)> {
        let what = format!("account {}, {}: management events in a month", place.0, place.1);
        if let Some(total) = total {
            let value = format!("{} events", total.events.rounded(0));
            self.found(what.clone(), value, total.how.clone(), total.certainty);
        }
        let Some((sample, how)) = sample else {
            return total
                .map(|total| vec![(EventClass::any_management(), measured(total.events))])
                .unwrap_or_default();
        };
        for (class, own, _) in sample {
            let value = match &own.value {
                AmountValue::Known(events) => format!("{} events", count_text(events.rounded(0))),
                AmountValue::Range(range) => format!(
                    "{} events, {} to {} by the sample",
                    count_text(range.likely.rounded(0)),
                    count_text(range.low.rounded(0)),
                    count_text(range.high.rounded(0))
                ),
                AmountValue::Unknown => "unknown".to_owned(),
            };
            self.found(format!("{what}: {}", words(class)), value, how.clone(), Certainty::Sampled);
        }
        let seen = sample.iter().try_fold(Quantity::ZERO, |sum, (_, _, own)| sum.plus(*own)).ok();
        match (total, seen.filter(|seen| !seen.is_zero())) {
            (Some(total), Some(seen)) => split(sample, total.events, seen),
            (Some(total), None) => vec![(EventClass::any_management(), measured(total.events))],
            (None, _) => sample.iter().map(|(class, own, _)| (class.clone(), own.clone())).collect(),
        }
    }

    fn activity(&mut self, place: &Place, counts: Vec<(EventClass, Amount)>) {
        let counts: Vec<EventCount> = counts
            .into_iter()
            .map(|(class, amount)| EventCount { class: self.model.observations.class_id(&class), amount })
            .collect();
        let activities = &mut self.model.observations.activities;
        match activities.iter_mut().find(|own| own.account == place.0 && own.region == place.1) {
            Some(own) => own.counts.extend(counts),
            None => activities.push(Activity { account: place.0.clone(), region: place.1.clone(), counts }),
        }
    }

    /// Adds what is known of a class in a place.
    pub(super) fn add_count(
        &mut self,
        account: &AccountId,
        region: &RegionCode,
        class: &EventClass,
        own: Amount,
    ) {
        self.activity(&(account.clone(), region.clone()), vec![(class.clone(), own)]);
    }

    /// Tells whether a trail records every management event of a place, so that its first copies are all there are.
    fn records_everything(&self, (account, region): &Place) -> bool {
        self.model.inventory.trails.iter().any(|trail| {
            trail.logging
                && trail.recording_scope().covers(account, region)
                && trail
                    .selectors
                    .iter()
                    .any(|own| own.category == EventCategory::Management && own.fields.is_empty())
        })
    }

    /// Counts what trails of one account that record management events alone sent to their log groups; with each whether
    /// it is of every Region, all together.
    ///
    /// What an organization's trail sent cannot be told apart by account, and stands in the evidence only.
    fn log_group_totals(&mut self) -> Vec<(Place, bool, Total)> {
        let mut totals = Vec::new();
        for seen in &self.trails {
            let trail = &self.model.inventory.trails[seen.at];
            let own = trail.selectors.iter().all(|own| own.category == EventCategory::Management);
            let all = trail.selectors.iter().any(|own| own.fields.is_empty());
            let of_account = matches!(trail.scope, TrailScope::Account(_));
            let alone =
                self.trails.iter().filter(|other| other.log_group_arn == seen.log_group_arn).count() == 1;
            let Some(arn) = seen.log_group_arn.as_deref().and_then(Arn::parse) else {
                continue;
            };
            let (Some(group), Ok(account), true) = (arn.log_group(), arn.account.parse::<AccountId>(), alone)
            else {
                continue;
            };
            if !(own && all && of_account && trail.logging) {
                continue;
            }
            let region = RegionCode::new(arn.region);
            if let Some((events, how)) = self.month_of_group("IncomingLogEvents", group, &account, &region) {
                let place = (seen.owner.clone(), seen.region.clone());
                totals.push((place, trail.multi_region, Total { events, how, certainty: Certainty::Close }));
            }
        }
        totals
    }

    /// Turns samples of the event history into months.
    fn samples(&self) -> BTreeMap<Place, (Sample, String)> {
        let mut samples = BTreeMap::new();
        let month_seconds = u64::from(self.model.horizon.start.days()) * DAY;
        for (asked, own) in answered!(self, LookupEvents) {
            let Ok(account) = asked.account.parse::<AccountId>() else {
                continue;
            };
            let Some(region) = self.context.regions.get(&asked.region) else {
                continue;
            };
            if let Some(sample) = sample(own, month_seconds) {
                samples.insert((account, region.code.clone()), sample);
            }
        }
        samples
    }

    /// Takes note of the calls that CloudWatch counted: there are not fewer events.
    fn floors(&mut self) {
        let Some(window) = self.window else {
            return;
        };
        let mut sums: BTreeMap<(String, String), Decimal> = BTreeMap::new();
        let mut words = String::new();
        for (asked, series) in self.series("AWS/Usage", "CallCount") {
            if let Some(daily) = window.daily(series) {
                let month = window.month_of(&daily).map_or(Decimal::ZERO, |own| own.rounded(0));
                let sum = sums.entry((asked.account.clone(), asked.region.clone())).or_default();
                *sum = sum.saturating_add(month);
                words = format!("CloudWatch AWS/Usage CallCount, daily means, × {} days", window.month_days);
            }
        }
        for ((account, region), sum) in sums {
            self.found(
                format!("account {account}, {region}: calls counted in a month"),
                format!("{} calls", count_text(sum)),
                words.clone(),
                Certainty::Floor,
            );
        }
    }

    /// Says of every other Region of an account of which something is known that its number is unknown, not 0.
    fn unknown_places(&mut self, known: &BTreeSet<Place>, together: &BTreeSet<AccountId>, billed: &Billed) {
        let enabled = self.enabled_regions();
        let asked = self.answering_regions();
        let accounts: BTreeSet<&AccountId> = known.iter().map(|(account, _)| account).collect();
        let recorders: Vec<_> = self
            .model
            .inventory
            .trails
            .iter()
            .filter(|trail| trail.logging)
            .map(|trail| trail.recording_scope())
            .chain(self.model.inventory.event_data_stores.iter().map(|store| store.recording_scope()))
            .chain(self.model.inventory.direct_deliveries.iter().map(|own| own.recording_scope()))
            .collect();
        let mut missing: Vec<Place> = Vec::new();
        for account in
            accounts.into_iter().filter(|own| !billed.accounts.contains(own) && !together.contains(own))
        {
            // Where the list of Regions could not be read, those that answered are known to be enabled.
            let codes = enabled.get(account).or(asked.get(account));
            for code in codes.into_iter().flatten() {
                let Some(region) = self.context.regions.get(code) else {
                    continue;
                };
                let place = (account.clone(), region.code.clone());
                let recorded = recorders.iter().any(|own| own.covers(&place.0, &place.1));
                if recorded && !known.contains(&place) {
                    missing.push(place);
                }
            }
        }
        for place in missing {
            self.activity(&place, vec![(EventClass::any_management(), unknown())]);
        }
    }
}

fn words(class: &EventClass) -> &'static str {
    let kms = EventClass::management(class.access, EventSource::Kms).fields == class.fields;
    let rds = EventClass::management(class.access, EventSource::RdsData).fields == class.fields;
    match (class.access, kms, rds) {
        (Access::Read, true, _) => "KMS reads",
        (Access::Read, _, true) => "RDS Data API reads",
        (Access::Read, ..) => "reads",
        (_, true, _) => "KMS writes",
        (_, _, true) => "RDS Data API writes",
        _ => "writes",
    }
}

/// Splits a total by a sample; what rounding leaves over goes to the largest part.
fn split(sample: &Sample, total: Quantity, seen: Quantity) -> Vec<(EventClass, Amount)> {
    let mut parts: Vec<(EventClass, Quantity)> = sample
        .iter()
        .map(|(class, _, own)| {
            let share = total.share_cut(*own, seen).rounded(12).trunc();
            (class.clone(), Quantity::from_decimal(share).unwrap_or_default())
        })
        .collect();
    let given = parts.iter().fold(Quantity::ZERO, |sum, (_, own)| sum.plus(*own).unwrap_or(sum));
    let left = total.minus(given).unwrap_or_default();
    if let Some((_, largest)) = parts.iter_mut().max_by_key(|(_, own)| *own) {
        *largest = largest.plus(left).unwrap_or(*largest);
    }
    parts.into_iter().map(|(class, own)| (class, measured(own))).collect()
}

fn seconds(window: &LookupWindow) -> Option<u64> {
    let time = |text: &str| text.parse::<jiff::Timestamp>().ok();
    let (start, end) = (time(&window.start)?, time(&window.end)?);
    u64::try_from(end.as_second() - start.as_second()).ok().filter(|own| *own > 0)
}

/// Turns the stretches of a sample into events of a month, class by class: all events × seconds of the month ÷ all
/// seconds read, between what the quietest and the busiest stretch alone would make.
fn sample(own: &LookedUpEvents, month_seconds: u64) -> Option<(Sample, String)> {
    let windows: Vec<(u64, &LookupWindow)> =
        own.windows.iter().filter_map(|window| Some((seconds(window)?, window))).collect();
    let all: u64 = windows.iter().map(|(seconds, _)| seconds).sum();
    if all == 0 {
        return None;
    }
    let classes = [EventSource::Other, EventSource::Kms, EventSource::RdsData]
        .into_iter()
        .flat_map(|source| [Access::Read, Access::Write].map(|access| (source, access)));
    let mut sample = Sample::new();
    for (source, access) in classes {
        let counts: Vec<(u64, u64)> = windows
            .iter()
            .map(|(seconds, window)| {
                let events = window
                    .counts
                    .iter()
                    .filter(|count| source_of(&count.event_source) == source)
                    // What does not say that it only reads is taken as a write.
                    .filter(|count| (count.read_only == Some(true)) == (access == Access::Read))
                    .map(|count| count.events)
                    .fold(0_u64, u64::saturating_add);
                (*seconds, events)
            })
            .collect();
        let sum = counts.iter().fold(0_u64, |sum, (_, events)| sum.saturating_add(*events));
        let likely = scaled(Decimal::from(sum), month_seconds, all)?;
        let months: Vec<Quantity> = counts
            .iter()
            .filter_map(|(seconds, events)| scaled(Decimal::from(*events), month_seconds, *seconds))
            .collect();
        let (low, high) = (months.iter().min().copied()?, months.iter().max().copied()?);
        let value = if low == high {
            AmountValue::Known(likely)
        } else {
            AmountValue::Range(Box::new(AmountRange { low: low.min(likely), likely, high: high.max(likely) }))
        };
        let other = source == EventSource::Other;
        if sum > 0 || other {
            let events = whole(Decimal::from(sum))?;
            sample.push((EventClass::management(access, source), amount(value), events));
        }
    }
    let minutes = all / 60;
    let how = match windows.len() {
        1 => format!("cloudtrail:LookupEvents, {minutes} minutes of the event history"),
        count => {
            format!("cloudtrail:LookupEvents, {minutes} minutes of the event history in {count} stretches")
        }
    };
    Some((sample, how))
}

fn source_of(name: &str) -> EventSource {
    match name {
        "kms.amazonaws.com" => EventSource::Kms,
        "rdsdata.amazonaws.com" => EventSource::RdsData,
        _ => EventSource::Other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sources::aws::answers::LookupCount;

    fn window(start: &str, end: &str, counts: &[(&str, Option<bool>, u64)]) -> LookupWindow {
        LookupWindow {
            start: start.to_owned(),
            end: end.to_owned(),
            counts: counts
                .iter()
                .map(|(source, read_only, events)| LookupCount {
                    event_source: (*source).to_owned(),
                    read_only: *read_only,
                    events: *events,
                })
                .collect(),
        }
    }

    #[test]
    fn a_sample_makes_a_month_with_its_range() {
        let looked_up = LookedUpEvents {
            windows: vec![
                window(
                    "2026-11-10T00:00:00Z",
                    "2026-11-10T01:00:00Z",
                    &[("ec2.amazonaws.com", Some(true), 100), ("kms.amazonaws.com", Some(true), 10)],
                ),
                window(
                    "2026-11-12T10:00:00Z",
                    "2026-11-12T11:00:00Z",
                    &[("ec2.amazonaws.com", Some(true), 300), ("signin.amazonaws.com", None, 2)],
                ),
            ],
        };
        // 744 hours: 400 ÷ 2 h × 744 h = 148,800 reads; alone 74,400 and 223,200.
        let (sample, how) = sample(&looked_up, 31 * DAY).unwrap();
        assert_eq!(how, "cloudtrail:LookupEvents, 120 minutes of the event history in 2 stretches");
        let figures: Vec<(&str, String)> = sample
            .iter()
            .map(|(class, own, _)| {
                let AmountValue::Range(range) = &own.value else { panic!("{own:?}") };
                let text =
                    [range.low, range.likely, range.high].map(|own| own.rounded(0).to_string()).join(" ");
                (words(class), text)
            })
            .collect();
        assert_eq!(
            figures,
            [
                ("reads", "74400 148800 223200".to_owned()),
                ("writes", "0 744 1488".to_owned()),
                ("KMS reads", "0 3720 7440".to_owned()),
            ]
        );
        // A total of 1,000 is split as the sample is: 400, 2 and 10 of 412.
        let parts = split(&sample, Quantity::from_count(1_000), Quantity::from_count(412));
        let counts: Vec<u64> = parts.iter().filter_map(|(_, own)| own.likely()?.to_count()).collect();
        assert_eq!(counts, [972, 4, 24]);
    }

    #[test]
    fn a_stretch_without_time_is_none() {
        let looked_up = LookedUpEvents { windows: vec![window("x", "y", &[])] };
        assert!(sample(&looked_up, DAY).is_none());
    }
}
