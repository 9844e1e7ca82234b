//! Counts of log files as pictures.

use super::chart::{
    Caption, Colour, ComponentGroup, DailyColumns, DayMark, HeatMap, HorizontalBar, HorizontalBars, Series,
    share,
};
use super::charts::NamedChart;
use super::clean::visible;
use super::counted_view::{CountedView, count, dollars};
use super::counted_words;
use crate::domain::{Date, DaysSeen, LogCategory, Money};
use rust_decimal::Decimal;
use std::collections::BTreeMap;

/// So many services and resources have a bar of their own.
const NAMED: usize = 10;
/// Days that a chart has columns for; of more only the last are drawn.
const MOST_DAYS: usize = 400;
const WEEKDAYS: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

/// The names of the charts' files, without extension.
pub const COUNTED_CHARTS: [&str; 4] = ["events-by-day", "top-sources", "top-resources", "events-by-hour"];

/// Draws events by day with what changed, the busiest services and resources, and the hours of the week; none where no event
/// says its day.
pub fn counted_charts(view: &CountedView) -> Vec<NamedChart> {
    let Some((first, last)) = view.counts.window() else { return Vec::new() };
    let mut charts = vec![by_day(view, first, last), sources(view), by_hour(view, first, last)];
    if !view.counts.resources.is_empty() {
        charts.push(resources(view));
    }
    charts
}

fn footnote(view: &CountedView) -> String {
    let mut parts = view.heading();
    if parts.len() > 1 {
        parts.truncate(2);
    }
    parts.push("records as delivered, further copies included".to_owned());
    if view.counts.partial {
        parts.push("interrupted: not all files were read".to_owned());
    }
    parts.join(" · ")
}

fn colour(own: LogCategory) -> Colour {
    match own {
        LogCategory::Management => ComponentGroup::S3.colour(),
        LogCategory::Data => ComponentGroup::DataEvents.colour(),
        LogCategory::NetworkActivity => ComponentGroup::NetworkActivity.colour(),
        LogCategory::Insight => ComponentGroup::Insights.colour(),
        LogCategory::Aggregated => ComponentGroup::Lake.colour(),
        LogCategory::Other => ComponentGroup::Other.colour(),
    }
}

fn by_day(view: &CountedView, first: Date, last: Date) -> NamedChart {
    let mut days: Vec<Date> =
        std::iter::successors(Some(first), |day| day.next()).take_while(|day| *day <= last).collect();
    let left_out = days.len().saturating_sub(MOST_DAYS);
    days.drain(..left_out);
    let mut sums: BTreeMap<(LogCategory, bool, Date), u64> = BTreeMap::new();
    for row in &view.counts.rows {
        let Some(day) = row.day.filter(|own| days.contains(own)) else {
            continue;
        };
        // Further copies of management events are what costs of them.
        let is_copied = row.category == LogCategory::Management;
        let copies = if is_copied { row.sum.copies } else { 0 };
        *sums.entry((row.category, false, day)).or_default() += row.sum.events - copies;
        *sums.entry((row.category, true, day)).or_default() += copies;
    }
    let mut series = Vec::new();
    for category in LogCategory::ALL {
        for is_copy in [false, true] {
            let values: Vec<Decimal> = days
                .iter()
                .map(|day| Decimal::from(sums.get(&(category, is_copy, *day)).copied().unwrap_or(0)))
                .collect();
            if values.iter().any(|own| !own.is_zero()) {
                let (label, colour) = if is_copy {
                    ("further copies of them".to_owned(), ComponentGroup::ManagementCopies.colour())
                } else {
                    (category.label().to_owned(), colour(category))
                };
                series.push(Series { label, colour, values });
            }
        }
    }
    let marks: Vec<DayMark> = view
        .causes
        .iter()
        .filter(|own| !own.change.failed)
        .filter_map(|own| {
            let day = days.iter().position(|day| Some(*day) == own.change.day)?;
            let effect = own.added.map_or_else(String::new, |added| format!(": {} a month", signed(added)));
            let change = &own.change;
            let note = format!("{} {} {}{effect}", days[day], change.event_name, change.subject);
            Some(DayMark { day, note: visible(&note) })
        })
        .collect();
    let title = day_title(view, &days, &sums);
    let drawn = if left_out > 0 { format!(", the last {MOST_DAYS} days") } else { String::new() };
    let chart = DailyColumns {
        caption: Caption {
            title,
            subtitle: format!("Records delivered per day by category, UTC{drawn}"),
            footnote: footnote(view),
        },
        days: days.iter().map(|day| day.to_string().split_off(5)).collect(),
        series,
        marks,
    };
    NamedChart { name: COUNTED_CHARTS[0], svg: chart.svg() }
}

fn signed(own: Money) -> String {
    if own.is_negative() { dollars(own) } else { format!("+{}", dollars(own)) }
}

/// Says which change cost most, else which category has most.
fn day_title(view: &CountedView, days: &[Date], sums: &BTreeMap<(LogCategory, bool, Date), u64>) -> String {
    let costly = view.causes.iter().filter_map(|own| Some((own, own.added.filter(|own| own.cents() != 0)?)));
    if let Some((own, added)) = costly.max_by_key(|own| own.1.abs()) {
        let change = &own.change;
        let verb = if added.is_negative() { "took off" } else { "added" };
        let day = change.day.map_or_else(String::new, |own| format!(" on {}", own.long()));
        return visible(&format!(
            "{} of {}{day} {verb} {} a month",
            change.event_name,
            change.subject,
            dollars(added.abs())
        ));
    }
    let all: u64 = sums.values().sum();
    let of = |category| -> u64 { sums.iter().filter(|own| own.0.0 == category).map(|own| own.1).sum() };
    let most = LogCategory::ALL.into_iter().max_by_key(|own| of(*own)).unwrap_or(LogCategory::Management);
    let mut name = most.label().to_owned();
    if let Some(first) = name.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    format!(
        "{name} are {} of {} records in {}",
        share(Decimal::from(of(most)), Decimal::from(all)),
        count(all),
        super::number::plural(days.len(), "day", "days")
    )
}

fn bar(label: &str, events: u64, note: String, colour: Colour) -> HorizontalBar {
    HorizontalBar { label: label.to_owned(), value: Decimal::from(events), note, colour, incomplete: false }
}

fn sources(view: &CountedView) -> NamedChart {
    let (all, total) = (view.sources(), view.counts.sum(|_| true).events);
    let part = |events| share(Decimal::from(events), Decimal::from(total));
    let mut rows: Vec<HorizontalBar> = all
        .iter()
        .take(NAMED)
        .map(|(name, events)| bar(name, *events, part(*events), ComponentGroup::DataEvents.colour()))
        .collect();
    let rest = &all[rows.len()..];
    if !rest.is_empty() {
        let events = rest.iter().map(|own| own.1).sum();
        let label = super::number::plural(rest.len(), "other service", "other services");
        rows.push(bar(&label, events, part(events), ComponentGroup::Other.colour()));
    }
    let title = all.first().map_or_else(String::new, |(name, events)| {
        format!("{name} makes {} of {} records", part(*events), count(total))
    });
    let chart = HorizontalBars {
        caption: Caption {
            title,
            subtitle: "Records delivered by the service called".to_owned(),
            footnote: footnote(view),
        },
        rows,
        currency_symbol: String::new(),
    };
    NamedChart { name: COUNTED_CHARTS[1], svg: chart.svg() }
}

fn resources(view: &CountedView) -> NamedChart {
    // The type stands in the ARN already.
    let mut all = view.resources();
    for own in &mut all {
        if let Some((name, _)) = own.0.split_once(" (").filter(|own| own.0.starts_with("arn:")) {
            own.0 = name.to_owned();
        }
    }
    let total: u64 = all.iter().map(|own| own.1).sum();
    let cost = |own: Option<Money>| {
        own.map_or_else(|| "price unknown".to_owned(), |own| format!("{}/month", dollars(own)))
    };
    let sum = |own: &[(String, u64, Option<Money>)]| {
        own.iter().try_fold(Money::ZERO, |all, own| all.checked_add(own.2?))
    };
    let mut rows: Vec<HorizontalBar> = all
        .iter()
        .take(NAMED)
        .map(|(name, events, own)| bar(name, *events, cost(*own), ComponentGroup::DataEvents.colour()))
        .collect();
    let rest = &all[rows.len()..];
    if !rest.is_empty() {
        let label = super::number::plural(rest.len(), "other resource", "other resources");
        let events = rest.iter().map(|own| own.1).sum();
        rows.push(bar(&label, events, cost(sum(rest)), ComponentGroup::Other.colour()));
    }
    let named = &all[..all.len().min(3)];
    let events: u64 = named.iter().map(|own| own.1).sum();
    let part = share(Decimal::from(events), Decimal::from(total));
    let month = sum(named).map_or_else(String::new, |own| format!(", {} a month", dollars(own)));
    let title = match named {
        [] => String::new(),
        [only] if all.len() == 1 => format!("{} has all of {} data events{month}", only.0, count(total)),
        more if all.len() == more.len() => {
            format!("{} data events are on {} resources{month}", count(total), more.len())
        }
        more => format!("{} resources have {part} of {} data events{month}", more.len(), count(total)),
    };
    let chart = HorizontalBars {
        caption: Caption {
            title,
            subtitle: "Data events delivered by resource, with what they cost at list prices".to_owned(),
            footnote: footnote(view),
        },
        rows,
        currency_symbol: String::new(),
    };
    NamedChart { name: COUNTED_CHARTS[2], svg: chart.svg() }
}

fn by_hour(view: &CountedView, first: Date, last: Date) -> NamedChart {
    // The mean of each hour of the week over the days seen, so that a fifth Monday does not count more.
    let mut days = [0_u64; 7];
    let missing = DaysSeen::new(&view.counts).map(|own| own.missing).unwrap_or_default();
    for day in std::iter::successors(Some(first), |day| day.next()).take_while(|day| *day <= last) {
        days[day.weekday()] += u64::from(missing.binary_search(&day).is_err());
    }
    let mut sums = [[0_u64; 24]; 7];
    for own in view.counts.hours.iter().filter(|own| (first..=last).contains(&own.day)) {
        sums[own.day.weekday()][usize::from(own.hour)] += own.events;
    }
    let mean = |weekday: usize, hour: usize| {
        let events = Decimal::from(sums[weekday][hour]);
        events
            .checked_div(Decimal::from(days[weekday]))
            .map(|own| own.round_dp_with_strategy(0, rust_decimal::RoundingStrategy::MidpointAwayFromZero))
    };
    let busiest = (0..7)
        .flat_map(|day| (0..24).map(move |hour| (day, hour)))
        .max_by_key(|(day, hour)| (mean(*day, *hour), std::cmp::Reverse((*day, *hour))))
        .unwrap_or_default();
    let title = format!(
        "{} from {:02}:00 to {:02}:00 is the busiest hour of the week: {} records on average",
        WEEKDAYS[busiest.0],
        busiest.1,
        (busiest.1 + 1) % 24,
        counted_words::whole(mean(busiest.0, busiest.1).unwrap_or_default())
    );
    let chart = HeatMap {
        caption: Caption {
            title,
            subtitle: "Records delivered per hour, mean of each weekday, UTC; an hour's day is the event's"
                .to_owned(),
            footnote: footnote(view),
        },
        columns: (0..24).map(|hour| format!("{hour:02}")).collect(),
        rows: (0..7)
            .map(|day| (WEEKDAYS[day].to_owned(), (0..24).map(|hour| mean(day, hour)).collect()))
            .collect(),
        colour: ComponentGroup::DataEvents.colour(),
    };
    NamedChart { name: COUNTED_CHARTS[3], svg: chart.svg() }
}
