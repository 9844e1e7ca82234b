//! What was counted in log files, as people ask for it.

use super::clean::visible;
use super::counted_requests::RequestRow;
use super::measurement_view::VolumeRow;
use super::number::{currency_text, grouped, plural};
use super::replay_view::ReplayView;
use crate::attribution::{
    Cause, EventRates, PaidDay, SelfLoggingCost, causes, paid_days, resource_cost, self_logging_cost,
};
use crate::domain::{CountedFrom, Date, DaysSeen, Gap, LogCategory, LogCounts, LogSum, Model, Money};
use rust_decimal::{Decimal, RoundingStrategy};
use std::collections::BTreeMap;

/// What every format shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CountedView {
    /// The counts.
    pub counts: LogCounts,
    /// Changes of what is recorded, with what each added.
    pub causes: Vec<Cause>,
    /// The whole days, and what was delivered and is paid for on each.
    pub paid_days: (Vec<Date>, Vec<PaidDay>),
    /// What each resource of the counts costs in a month, in their order; nothing where it is unknown.
    pub resource_costs: Vec<Option<Money>>,
    /// What the logs themselves cause costs in a month; nothing where no event says its day.
    pub self_cost: Option<SelfLoggingCost>,
    /// What the selectors keep that were tried.
    pub replay: Option<ReplayView>,
    /// Volumes of a month, each with its figure.
    pub volumes: Vec<VolumeRow>,
    /// How the month was made of what was seen.
    pub month: Option<String>,
    /// What could not be seen.
    pub gaps: Vec<Gap>,
    /// What was asked of buckets, with its cost.
    pub requests: Vec<RequestRow>,
}

/// Lines of a list that people see; all are in the files.
pub(super) const SHOWN: usize = 8;

impl CountedView {
    /// Makes the view; without a model no event says its day, and there is no month.
    pub fn new(
        counts: LogCounts,
        model: Option<&Model>,
        month: Option<String>,
        rates: &EventRates<'_>,
        replay: Option<ReplayView>,
    ) -> Self {
        let days = DaysSeen::new(&counts);
        let resource_cost = |own| resource_cost(own, days.as_ref()?, rates);
        let gaps = model.map(|own| own.gaps.clone()).unwrap_or_default();
        let clean = |own: &Gap| Gap { what: visible(&own.what), remedy: visible(&own.remedy), ..own.clone() };
        Self {
            causes: causes(&counts, rates),
            paid_days: paid_days(&counts, rates).unwrap_or_default(),
            resource_costs: counts.resources.iter().map(resource_cost).collect(),
            self_cost: self_logging_cost(&counts, |_| true, rates),
            replay,
            counts,
            volumes: model.map(super::measurement_view::volume_rows).unwrap_or_default(),
            month,
            gaps: gaps.iter().map(clean).collect(),
            requests: Vec::new(),
        }
    }

    /// Says which days and how much was read.
    pub(super) fn heading(&self) -> Vec<String> {
        let counts = &self.counts;
        let files = &counts.files;
        let window = match counts.window() {
            Some((first, last)) => format!("{}, UTC", first.span(last)),
            None if counts.far_days().is_empty() => "no event says its day".to_owned(),
            None => "no event has a day that a month can be made of".to_owned(),
        };
        let accounts: std::collections::BTreeSet<&str> =
            counts.rows.iter().map(|row| &*row.account).collect();
        let regions: std::collections::BTreeSet<&str> = counts.rows.iter().map(|row| &*row.region).collect();
        let ratio = files.gzip_ratio().map(|own| format!(", gzip {own} to 1")).unwrap_or_default();
        let mut lines = vec![
            format!(
                "{window} · {} · {}",
                plural(accounts.len(), "account", "accounts"),
                plural(regions.len(), "Region", "Regions")
            ),
            if counts.from.knows_files() {
                let inflated = if counts.from.knows_bytes() {
                    format!(", {} inflated{ratio}", size(files.raw_bytes))
                } else {
                    String::new()
                };
                format!(
                    "{} log file{}, {} stored{inflated}",
                    count(files.log_files),
                    if files.log_files == 1 { "" } else { "s" },
                    size(files.stored_bytes),
                )
            } else {
                "counted by Athena; the files were not listed".to_owned()
            },
        ];
        if let Some((first, last)) = counts.days {
            let from = first.map(|own| format!(" from {}", own.long())).unwrap_or_default();
            let until = last.map(|own| format!(" until {}", own.long())).unwrap_or_default();
            let others = count(counts.other_days);
            lines.push(format!(
                "only events{from}{until}, UTC, are counted: {others} others stood in the files read"
            ));
        }
        if counts.partial {
            lines.push("interrupted: not all files were read".to_owned());
        }
        lines
    }

    /// Writes the bytes of records.
    pub(super) fn raw(&self, bytes: u64) -> String {
        if self.counts.from.knows_bytes() { size(bytes) } else { "unknown".to_owned() }
    }

    /// Returns the sum of each category that has events.
    pub(super) fn categories(&self) -> Vec<(LogCategory, LogSum)> {
        let sum = |own| (own, self.counts.sum(|row| row.category == own));
        LogCategory::ALL.into_iter().map(sum).filter(|own| own.1.events > 0).collect()
    }

    /// Returns the services with the most events.
    pub(super) fn sources(&self) -> Vec<(String, u64)> {
        let mut sums: BTreeMap<&str, u64> = BTreeMap::new();
        for row in &self.counts.rows {
            *sums.entry(&row.event_source).or_default() += row.sum.events;
        }
        top(sums.into_iter().map(|(name, events)| (named(name), events)))
    }

    /// Returns the resources with the most data events, each with what it costs in a month, if that is known.
    pub(super) fn resources(&self) -> Vec<(String, u64, Option<Money>)> {
        let mut sums: BTreeMap<(&str, &str), (u64, Option<Money>)> = BTreeMap::new();
        for (own, cost) in self.counts.resources.iter().zip(&self.resource_costs) {
            let sum = sums.entry((&own.resource_type, &own.resource)).or_insert((0, Some(Money::ZERO)));
            sum.0 += own.events();
            sum.1 = sum.1.zip(*cost).and_then(|(all, own)| all.checked_add(own));
        }
        let words = |kind: &str, name: &str| format!("{} ({})", named(name), named(kind));
        let mut all: Vec<(String, u64, Option<Money>)> = sums
            .into_iter()
            .map(|((kind, name), (events, cost))| (words(kind, name), events, cost))
            .collect();
        all.sort_by(|one, two| two.1.cmp(&one.1).then_with(|| one.0.cmp(&two.0)));
        all
    }

    /// Returns the callers with the most events.
    pub(super) fn identities(&self) -> Vec<(String, u64)> {
        let mut sums: BTreeMap<(&str, &str, &str), u64> = BTreeMap::new();
        for own in &self.counts.identities {
            *sums.entry((&own.arn, &own.invoked_by, &own.kind)).or_default() += own.events;
        }
        let name = |arn: &str, by: &str, kind: &str| match (arn, by) {
            ("", "") => named(kind),
            ("", by) => named(by),
            (arn, "") => named(arn),
            (arn, by) => format!("{} through {}", named(arn), named(by)),
        };
        top(sums.into_iter().map(|((arn, by, kind), events)| (name(arn, by, kind), events)))
    }

    /// Says which deliveries were further copies.
    pub(super) fn copies(&self) -> Vec<String> {
        let counts = &self.counts;
        let all = counts.sum(|_| true);
        let folder =
            |at: &u32| counts.folders.get(*at as usize).map_or_else(String::new, |own| named(&own.path));
        let mut lines = vec![if all.copies == 0 {
            "none was found in what was read".to_owned()
        } else {
            format!("at least {} deliveries are further copies of an event", count(all.copies))
        }];
        for own in counts.shared.iter().take(SHOWN).filter(|_| counts.from == CountedFrom::Files) {
            let names: Vec<String> = own.folders.iter().map(folder).collect();
            lines.push(format!(
                "{} of {} events in {}",
                count(own.copies),
                count(own.events),
                names.join(" and ")
            ));
        }
        lines
    }

    /// Says what the logs themselves caused.
    pub(super) fn self_logging(&self) -> Vec<String> {
        let own = &self.counts.self_logging;
        let events: u64 = own.iter().map(|own| own.events).sum();
        let all = self.counts.sum(|_| true).events;
        let words = [
            (crate::domain::SelfLogging::Delivery, "by CloudTrail and log delivery"),
            (crate::domain::SelfLogging::Kms, "by CloudTrail and log delivery to KMS"),
            (crate::domain::SelfLogging::LogBucket, "on log files by others"),
        ];
        let mut lines = Vec::new();
        if events > 0 {
            lines.push(format!("{} events, {} of all", count(events), share(events, all)));
        }
        for (kind, words) in words {
            let sum: u64 = own.iter().filter(|own| own.kind == kind).map(|own| own.events).sum();
            if sum > 0 {
                lines.push(format!("{} {words}", count(sum)));
            }
        }
        if let Some(cost) = self.self_cost.filter(|_| events > 0) {
            let data = cost.data.filter(|own| !own.is_zero());
            lines.extend(data.map(|own| format!("their data events cost {} a month", dollars(own))));
            let copy = cost.each_management_copy.filter(|own| !own.is_zero());
            lines.extend(copy.map(|own| {
                format!(
                    "each further copy of their management events costs {} a month; the first is free",
                    dollars(own)
                )
            }));
        }
        lines
    }

    /// Says what changed in what is recorded, and what that added to a month.
    pub(super) fn changes(&self) -> Vec<String> {
        self.causes.iter().map(super::counted_words::cause).collect()
    }

    /// Says of which days, hours and Regions nothing was seen within the window.
    pub(super) fn quiet(&self) -> Vec<String> {
        super::counted_words::quiet(&self.counts)
    }

    /// Says what could not be read and what was passed over.
    pub(super) fn left_out(&self) -> Vec<String> {
        let mut lines = Vec::new();
        for own in self.counts.unreadable.iter().chain(&self.counts.skipped) {
            let records =
                if own.records > 0 { format!(", {} of them", count(own.records)) } else { String::new() };
            let example =
                own.examples.first().map(|own| format!(", such as {}", named(own))).unwrap_or_default();
            let files =
                if own.files == 1 { "1 file".to_owned() } else { format!("{} files", count(own.files)) };
            let bytes = own.bytes.map(|own| format!(", {}", size(own))).unwrap_or_default();
            lines.push(format!("{files}{bytes}: {}{records}{example}", own.label));
        }
        lines
    }
}

/// Makes a name from a log harmless and readable.
pub(super) fn named(name: &str) -> String {
    if name.is_empty() { "(not said)".to_owned() } else { visible(name) }
}

fn top(sums: impl Iterator<Item = (String, u64)>) -> Vec<(String, u64)> {
    let mut own: Vec<(String, u64)> = sums.collect();
    own.sort_by(|one, two| two.1.cmp(&one.1).then_with(|| one.0.cmp(&two.0)));
    own
}

/// Writes an amount at list prices, which are in US dollars.
pub(super) fn dollars(own: Money) -> String {
    currency_text(own, "$")
}

pub(super) fn count(own: u64) -> String {
    grouped(Decimal::from(own))
}

pub(super) fn size(bytes: u64) -> String {
    let units = [(40, "TiB"), (30, "GiB"), (20, "MiB"), (10, "KiB")];
    let unit = units.into_iter().find(|(power, _)| bytes >= 1 << power);
    unit.map_or_else(
        || format!("{bytes} bytes"),
        |(power, name)| {
            let tenths = (u128::from(bytes) * 10) >> power;
            format!("{}.{} {name}", tenths / 10, tenths % 10)
        },
    )
}

/// Returns a part of a whole as a percentage.
pub(super) fn share(part: u64, whole: u64) -> String {
    let percent = Decimal::from(part) * Decimal::ONE_HUNDRED;
    percent.checked_div(Decimal::from(whole)).map_or_else(String::new, |own| {
        format!("{}%", own.round_dp_with_strategy(1, RoundingStrategy::MidpointAwayFromZero).normalize())
    })
}
