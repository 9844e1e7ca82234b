//! Event history, sampled: how many management events of each source, and nothing about anybody.

use super::asking::{Asking, Place};
use super::metrics::window;
use super::refused::Refused;
use crate::sources::aws::answers::{Data, LookedUpEvents, LookupCount, LookupWindow, Operation};
use crate::sources::aws::options::LookupBudget;
use aws_smithy_types::DateTime;
use aws_smithy_types::date_time::Format;
use std::collections::BTreeMap;
use std::time::Duration;
use tokio::time::{Interval, MissedTickBehavior};

/// Two calls a second in each account and Region (LookupEvents, API reference), and a little less to be sure.
const BETWEEN_CALLS: Duration = Duration::from_millis(520);

/// Events of one second by source and kind.
type Counts = BTreeMap<i64, BTreeMap<(String, Option<bool>), u64>>;

/// Samples the event history of an account and Region.
pub(super) async fn read(asking: &Asking<'_>, place: &Place<'_>, budget: LookupBudget) {
    let (windows, refused) = sample(asking, place, budget).await;
    match refused {
        // What was read to its end before is as good as ever.
        Some(refused) if windows.is_empty() => {
            asking.refuse(place.asked(""), Operation::LookupEvents, refused);
        }
        Some(refused) => {
            asking.refuse(place.asked("rest"), Operation::LookupEvents, refused);
            asking.keep(place.asked(""), Data::LookupEvents(LookedUpEvents { windows }));
        }
        None => asking.keep(place.asked(""), Data::LookupEvents(LookedUpEvents { windows })),
    }
}

async fn sample(
    asking: &Asking<'_>,
    place: &Place<'_>,
    budget: LookupBudget,
) -> (Vec<LookupWindow>, Option<Refused>) {
    let client = place.session.cloudtrail(&place.region);
    let mut beat = tokio::time::interval(BETWEEN_CALLS);
    beat.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let begins = starts(asking, budget);
    let mut calls_left = budget.calls;
    let mut windows = Vec::new();
    for (at, start) in begins.iter().enumerate() {
        let windows_left = u32::try_from(begins.len() - at).unwrap_or(1);
        // What earlier stretches did not use is there for the later ones.
        let share = calls_left / windows_left;
        if share == 0 {
            continue;
        }
        let end = start + i64::from(budget.seconds.max(1));
        match read_window(&client, &mut beat, *start, end, share).await {
            Ok((used, window)) => {
                calls_left -= used.min(calls_left);
                windows.extend(window);
            }
            Err(refused) => return (windows, Some(refused)),
        }
    }
    (windows, None)
}

/// Spreads the stretches over the days, at ever different times of the day.
fn starts(asking: &Asking<'_>, budget: LookupBudget) -> Vec<i64> {
    // Event history goes 90 days back.
    let (from, to) = window(asking.options.today, asking.options.days.min(89));
    let (from, to) = (from.secs(), to.secs());
    let count = i64::from(budget.windows.max(1));
    let step = (to - from) / count;
    let room = (step - i64::from(budget.seconds.max(1))).max(0);
    // Multiples of the golden section fill the stretch evenly without a fixed time of the day.
    (0..count).map(|at| from + at * step + (at * 618_034 % 1_000_000) * room / 1_000_000).collect()
}

/// Reads a stretch from its end backwards, page by page; what the calls do not reach is cut off at a whole second.
async fn read_window(
    client: &aws_sdk_cloudtrail::Client,
    beat: &mut Interval,
    start: i64,
    end: i64,
    calls: u32,
) -> Result<(u32, Option<LookupWindow>), Refused> {
    let mut seen = Counts::new();
    let mut token: Option<String> = None;
    let mut used = 0;
    loop {
        beat.tick().await;
        let page = client
            .lookup_events()
            .start_time(DateTime::from_secs(start))
            // Both ends belong to what is asked for.
            .end_time(DateTime::from_secs(end - 1))
            .set_next_token(token.clone())
            .send()
            .await?;
        used += 1;
        for event in page.events() {
            let Some(time) = event.event_time() else { continue };
            let read_only = event.read_only().and_then(|text| text.parse().ok());
            let key = (event.event_source().unwrap_or_default().to_owned(), read_only);
            *seen.entry(time.secs()).or_default().entry(key).or_default() += 1;
        }
        match page.next_token() {
            None => return Ok((used, Some(counted(start, end, &seen)))),
            Some(next) if Some(next) == token.as_deref() => return Err(Refused::other("RepeatedToken")),
            Some(_) if used >= calls => break,
            Some(next) => token = Some(next.to_owned()),
        }
    }
    // The newest come first: of the earliest second seen some events may be missing.
    let Some((&earliest, _)) = seen.first_key_value() else { return Ok((used, None)) };
    seen.remove(&earliest);
    let start = earliest + 1;
    Ok((used, (start < end).then(|| counted(start, end, &seen))))
}

fn counted(start: i64, end: i64, counts: &Counts) -> LookupWindow {
    let mut sums: BTreeMap<&(String, Option<bool>), u64> = BTreeMap::new();
    for second in counts.values() {
        for (key, count) in second {
            *sums.entry(key).or_default() += count;
        }
    }
    let text = |seconds: i64| DateTime::from_secs(seconds).fmt(Format::DateTime).unwrap_or_default();
    LookupWindow {
        start: text(start),
        end: text(end),
        counts: sums
            .into_iter()
            .map(|((event_source, read_only), events)| LookupCount {
                event_source: event_source.clone(),
                read_only: *read_only,
                events,
            })
            .collect(),
    }
}
