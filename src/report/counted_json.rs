//! Counts of log files as JSON.

use super::counted_json_parts::{
    self as parts, CauseJson, PaidDaysJson, QuietHoursJson, RegionJson, SelfCostJson, WindowJson,
};
use super::counted_requests::{RequestJson, requests_json};
use super::counted_view::CountedView;
use super::measurement_json::{MeasurementGapJson, VolumeJson, gaps_json, volumes_json};
use super::replay_view::ReplayJson;
use crate::domain::{CountedFrom, LeftOut, LogCategory, LogCounts, LogRow, LogSum};
use foldhash::fast::FixedState;
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::HashMap;
use std::hash::Hash;

/// What `measure logs --format json` writes. Counts are whole numbers; figures that were computed are exact decimals in strings.
/// `measure athena` writes the same, with null for what Athena does not tell.
#[derive(Serialize, JsonSchema)]
struct CountedDocument<'a> {
    schema_version: u32,
    /// Whether the run was interrupted.
    partial: bool,
    window: WindowJson,
    totals: TotalsJson,
    /// Events by day.
    days: Vec<DayJson<'a>>,
    /// Events by service and call, all days together.
    events: Vec<EventJson<'a>>,
    /// Data events by resource.
    resources: Vec<ResourceJson<'a>>,
    /// Events by caller; an assumed role's sessions together.
    identities: Vec<IdentityJson<'a>>,
    errors: Vec<ErrorJson<'a>>,
    /// Hours with events, in UTC.
    hours: Vec<HourJson>,
    /// Events that the logs themselves caused.
    self_logging: Vec<SelfJson<'a>>,
    copies: CopiesJson<'a>,
    trail_folders: Vec<FolderJson<'a>>,
    files: FilesJson,
    #[schemars(with = "Option<Vec<FilesOfDayJson<'static>>>")]
    files_by_day: Vec<FilesOfDayJson<'a>>,
    /// What could not be read.
    #[schemars(with = "Option<Vec<LeftOutJson<'static>>>")]
    unreadable: Vec<LeftOutJson<'a>>,
    /// What was not looked at.
    #[schemars(with = "Option<Vec<LeftOutJson<'static>>>")]
    skipped: Vec<LeftOutJson<'a>>,
    /// What was asked of buckets, by storage class; further runs of an interrupted reading included. Empty for files.
    requests: Vec<RequestJson<'a>>,
    /// Hours within the window in which nothing happened anywhere, or of which the files are missing.
    quiet_hours: Vec<QuietHoursJson>,
    #[schemars(with = "Option<Vec<RegionJson<'static>>>")]
    regions: Vec<RegionJson<'a>>,
    /// Changes of what is recorded, and what each added to a month.
    #[schemars(with = "Option<Vec<CauseJson<'static>>>")]
    causes: Vec<CauseJson<'a>>,
    /// What days cost.
    paid_days: PaidDaysJson<'a>,
    /// What the events under `self_logging` cost.
    self_logging_monthly_cost: Option<SelfCostJson>,
    /// How the month was made of what was seen; null where no event says its day.
    month: Option<&'a str>,
    /// Volumes of a month.
    volumes: Vec<VolumeJson>,
    /// What could not be seen.
    gaps: Vec<MeasurementGapJson>,
    /// What the selectors keep and drop that were tried.
    replay: Option<ReplayJson>,
}

/// All events together.
#[derive(Serialize, JsonSchema)]
struct TotalsJson {
    events: u64,
    /// Of the records as raw JSON.
    #[schemars(with = "Option<u64>")]
    bytes: u64,
    /// Deliveries of an event beyond its first.
    copies: u64,
    errors: u64,
    without_event_id: u64,
    management: u64,
    data: u64,
    network_activity: u64,
    insight: u64,
    aggregated: u64,
    other: u64,
}

/// Events of an account, Region and day.
#[derive(Serialize, JsonSchema)]
struct DayJson<'a> {
    account: &'a str,
    region: &'a str,
    day: String,
    category: &'static str,
    /// read, write or unknown.
    access: &'static str,
    /// kms, rds_data or other.
    service: &'static str,
    events: u64,
    #[schemars(with = "Option<u64>")]
    bytes: u64,
    errors: u64,
    copies: u64,
}

/// Events of an account and Region by call.
#[derive(Serialize, JsonSchema)]
struct EventJson<'a> {
    account: &'a str,
    region: &'a str,
    category: &'static str,
    event_source: &'a str,
    event_name: &'a str,
    access: &'static str,
    events: u64,
    #[schemars(with = "Option<u64>")]
    bytes: u64,
    errors: u64,
    copies: u64,
}

/// Data events on a resource.
#[derive(Serialize, JsonSchema)]
struct ResourceJson<'a> {
    account: &'a str,
    region: &'a str,
    resource_type: &'a str,
    /// The bucket, function, table or other resource.
    resource: &'a str,
    read: u64,
    write: u64,
    unknown: u64,
    #[schemars(with = "Option<u64>")]
    bytes: u64,
    /// Of the deliveries of a month, at list prices; null is not known.
    monthly_cost: Option<String>,
}

/// Events of a caller.
#[derive(Serialize, JsonSchema)]
struct IdentityJson<'a> {
    account: &'a str,
    #[serde(rename = "type")]
    kind: &'a str,
    arn: &'a str,
    invoked_by: &'a str,
    events: u64,
    #[schemars(with = "Option<u64>")]
    bytes: u64,
}

/// Events with the same error.
#[derive(Serialize, JsonSchema)]
struct ErrorJson<'a> {
    account: &'a str,
    event_source: &'a str,
    error_code: &'a str,
    events: u64,
}

/// Events of an hour.
#[derive(Serialize, JsonSchema)]
struct HourJson {
    day: String,
    hour: u8,
    events: u64,
}

/// Events that the logs themselves caused.
#[derive(Serialize, JsonSchema)]
struct SelfJson<'a> {
    account: &'a str,
    region: &'a str,
    /// delivery, kms or log_bucket.
    kind: &'static str,
    category: &'static str,
    events: u64,
    #[schemars(with = "Option<u64>")]
    bytes: u64,
}

/// Events delivered more than once.
#[derive(Serialize, JsonSchema)]
struct CopiesJson<'a> {
    copies: u64,
    /// Those in the same trail folder as a delivery before.
    copies_same_folder: u64,
    #[schemars(with = "Option<Vec<SharedJson<'static>>>")]
    shared: Vec<SharedJson<'a>>,
}

/// Trail folders that delivered the same events.
#[derive(Serialize, JsonSchema)]
struct SharedJson<'a> {
    folders: Vec<&'a str>,
    events: u64,
    copies: u64,
}

/// Where trails deliver to.
#[derive(Serialize, JsonSchema)]
struct FolderJson<'a> {
    folder: &'a str,
    /// The organization's id, for what an organization trail delivers.
    organization: Option<&'a str>,
    events: u64,
    #[schemars(with = "Option<u64>")]
    bytes: u64,
    #[schemars(with = "Option<u64>")]
    log_files: u64,
    #[schemars(with = "Option<u64>")]
    digest_files: u64,
    #[schemars(with = "Option<u64>")]
    stored_bytes: u64,
    #[schemars(with = "Option<u64>")]
    raw_bytes: u64,
    /// Whether these are answers of the event history that no log tells: free, and of no trail.
    is_event_history: bool,
}

/// What was counted of files.
#[derive(Serialize, JsonSchema)]
struct FilesJson {
    #[schemars(with = "Option<u64>")]
    log_files: u64,
    #[schemars(with = "Option<u64>")]
    digest_files: u64,
    /// Files without a text.
    #[schemars(with = "Option<u64>")]
    empty: u64,
    /// Files that are the same as one read before.
    #[schemars(with = "Option<u64>")]
    repeated: u64,
    /// Events in those of them that were opened; none of them is counted again.
    #[schemars(with = "Option<u64>")]
    repeated_events: u64,
    #[schemars(with = "Option<u64>")]
    stored_bytes: u64,
    #[schemars(with = "Option<u64>")]
    raw_bytes: u64,
    #[schemars(with = "Option<u64>")]
    gzip_files: u64,
    #[schemars(with = "Option<u64>")]
    gzip_stored_bytes: u64,
    #[schemars(with = "Option<u64>")]
    gzip_raw_bytes: u64,
    /// Raw to stored bytes of compressed files.
    gzip_ratio: Option<String>,
    /// Compressed files by size.
    #[schemars(with = "Option<Vec<SizeJson>>")]
    sizes: Vec<SizeJson>,
    #[schemars(with = "Option<SlotsJson>")]
    slots: SlotsJson,
}

/// A bar of the histogram of file sizes.
#[derive(Serialize, JsonSchema)]
struct SizeJson {
    below: Option<u64>,
    files: u64,
    stored_bytes: u64,
}

/// Five-minute slots of a trail folder, account and Region.
#[derive(Serialize, JsonSchema)]
struct SlotsJson {
    slots: u64,
    files: u64,
    most: u64,
    by_files: Vec<SlotJson>,
}

/// Slots with so many files.
#[derive(Serialize, JsonSchema)]
struct SlotJson {
    files_in_slot: u64,
    slots: u64,
}

/// Files of a day.
#[derive(Serialize, JsonSchema)]
struct FilesOfDayJson<'a> {
    folder: &'a str,
    account: &'a str,
    region: &'a str,
    day: String,
    #[schemars(with = "Option<u64>")]
    log_files: u64,
    #[schemars(with = "Option<u64>")]
    digest_files: u64,
    #[schemars(with = "Option<u64>")]
    stored_bytes: u64,
}

/// What was left out for one reason.
#[derive(Serialize, JsonSchema)]
struct LeftOutJson<'a> {
    reason: &'static str,
    files: u64,
    /// Single records, where the rest of a file was read.
    records: u64,
    /// Bytes as stored; null where they are not known.
    bytes: Option<u64>,
    /// Some of the files.
    examples: &'a [String],
}

fn day_text(day: Option<crate::domain::Date>) -> String {
    day.map_or_else(|| "unknown".to_owned(), |own| own.to_string())
}

fn service(row: &LogRow) -> &'static str {
    match &*row.event_source {
        "kms.amazonaws.com" => "kms",
        "rdsdata.amazonaws.com" => "rds_data",
        _ => "other",
    }
}

/// Sums rows up by what is told apart, in its order.
fn summed<'a, K: Ord + Hash>(
    counts: &'a LogCounts,
    key: impl Fn(&'a LogRow) -> K,
) -> impl Iterator<Item = (K, LogSum)> {
    let mut sums: HashMap<K, LogSum, FixedState> = HashMap::default();
    for row in &counts.rows {
        sums.entry(key(row)).or_default().add(row.sum);
    }
    let mut sums: Vec<(K, LogSum)> = sums.into_iter().collect();
    sums.sort_unstable_by(|one, two| one.0.cmp(&two.0));
    sums.into_iter()
}

fn days(counts: &LogCounts) -> Vec<DayJson<'_>> {
    // Unknown days come last, as their word does.
    summed(counts, |row| {
        let day = (row.day.is_none(), row.day);
        (&*row.account, &*row.region, day, row.category.name(), row.access.name(), service(row))
    })
    .map(|((account, region, (_, day), category, access, service), sum)| DayJson {
        account,
        region,
        day: day_text(day),
        category,
        access,
        service,
        events: sum.events,
        bytes: sum.bytes,
        errors: sum.errors,
        copies: sum.copies,
    })
    .collect()
}

fn events(counts: &LogCounts) -> Vec<EventJson<'_>> {
    summed(counts, |row| {
        let (category, access) = (row.category.name(), row.access.name());
        (&*row.account, &*row.region, category, &*row.event_source, &*row.event_name, access)
    })
    .map(|((account, region, category, event_source, event_name, access), sum)| EventJson {
        account,
        region,
        category,
        event_source,
        event_name,
        access,
        events: sum.events,
        bytes: sum.bytes,
        errors: sum.errors,
        copies: sum.copies,
    })
    .collect()
}

fn left_out(list: &[LeftOut]) -> Vec<LeftOutJson<'_>> {
    list.iter()
        .map(|own| LeftOutJson {
            reason: own.reason,
            files: own.files,
            records: own.records,
            bytes: own.bytes,
            examples: &own.examples,
        })
        .collect()
}

fn files(counts: &LogCounts) -> FilesJson {
    let own = &counts.files;
    FilesJson {
        log_files: own.log_files,
        digest_files: own.digest_files,
        empty: own.empty,
        repeated: own.repeated,
        repeated_events: own.repeated_events,
        stored_bytes: own.stored_bytes,
        raw_bytes: own.raw_bytes,
        gzip_files: own.gzip_files,
        gzip_stored_bytes: own.gzip_stored_bytes,
        gzip_raw_bytes: own.gzip_raw_bytes,
        gzip_ratio: own.gzip_ratio().map(|own| own.to_string()),
        sizes: own
            .sizes
            .iter()
            .map(|own| SizeJson { below: own.below, files: own.files, stored_bytes: own.stored_bytes })
            .collect(),
        slots: SlotsJson {
            slots: own.slots.iter().map(|own| own.1).sum(),
            files: own.slots.iter().map(|own| own.0 * own.1).sum(),
            most: own.slots.iter().map(|own| own.0).max().unwrap_or(0),
            by_files: own
                .slots
                .iter()
                .map(|(files_in_slot, slots)| SlotJson { files_in_slot: *files_in_slot, slots: *slots })
                .collect(),
        },
    }
}

/// Returns counts of log files as JSON.
///
/// # Errors
/// Passes on what the JSON writer says, which does not happen in memory.
pub fn counted_json(view: &CountedView) -> Result<serde_json::Value, serde_json::Error> {
    let mut document = serde_json::to_value(document(view))?;
    super::counted_unknown::take_out(&mut document, view.counts.from);
    Ok(document)
}

/// Returns counts of log files as the text of a JSON file.
///
/// # Errors
/// Passes on what the JSON writer says, which does not happen in memory.
pub fn counted_json_text(view: &CountedView) -> Result<String, serde_json::Error> {
    let text = if view.counts.from == CountedFrom::Files {
        serde_json::to_string_pretty(&document(view))
    } else {
        serde_json::to_string_pretty(&counted_json(view)?)
    };
    Ok(text? + "\n")
}

fn document(view: &CountedView) -> CountedDocument<'_> {
    let counts = &view.counts;
    let folder = |at: u32| counts.folders.get(at as usize).map_or("", |own| own.path.as_str());
    let all = counts.sum(|_| true);
    let of = |category: LogCategory| counts.sum(|row| row.category == category).events;
    CountedDocument {
        schema_version: 1,
        partial: counts.partial,
        window: parts::window(counts),
        totals: TotalsJson {
            events: all.events,
            bytes: all.bytes,
            copies: all.copies,
            errors: all.errors,
            without_event_id: counts.without_event_id,
            management: of(LogCategory::Management),
            data: of(LogCategory::Data),
            network_activity: of(LogCategory::NetworkActivity),
            insight: of(LogCategory::Insight),
            aggregated: of(LogCategory::Aggregated),
            other: of(LogCategory::Other),
        },
        days: days(counts),
        events: events(counts),
        resources: counts
            .resources
            .iter()
            .zip(&view.resource_costs)
            .map(|(own, cost)| ResourceJson {
                account: &own.account,
                region: &own.region,
                resource_type: &own.resource_type,
                resource: &own.resource,
                read: own.read,
                write: own.write,
                unknown: own.unknown,
                bytes: own.bytes,
                monthly_cost: parts::money(*cost),
            })
            .collect(),
        identities: counts
            .identities
            .iter()
            .map(|own| IdentityJson {
                account: &own.account,
                kind: &own.kind,
                arn: &own.arn,
                invoked_by: &own.invoked_by,
                events: own.events,
                bytes: own.bytes,
            })
            .collect(),
        errors: counts
            .errors
            .iter()
            .map(|own| ErrorJson {
                account: &own.account,
                event_source: &own.event_source,
                error_code: &own.error_code,
                events: own.events,
            })
            .collect(),
        hours: counts
            .hours
            .iter()
            .map(|own| HourJson { day: own.day.to_string(), hour: own.hour, events: own.events })
            .collect(),
        self_logging: counts
            .self_logging
            .iter()
            .map(|own| SelfJson {
                account: &own.account,
                region: &own.region,
                kind: own.kind.name(),
                category: own.category.name(),
                events: own.events,
                bytes: own.bytes,
            })
            .collect(),
        copies: CopiesJson {
            copies: all.copies,
            copies_same_folder: counts.copies_same_folder,
            shared: counts
                .shared
                .iter()
                .map(|own| SharedJson {
                    folders: own.folders.iter().map(|own| folder(*own)).collect(),
                    events: own.events,
                    copies: own.copies,
                })
                .collect(),
        },
        trail_folders: counts
            .folders
            .iter()
            .map(|own| FolderJson {
                folder: &own.path,
                organization: own.organization.as_deref(),
                events: own.events,
                bytes: own.bytes,
                log_files: own.log_files,
                digest_files: own.digest_files,
                stored_bytes: own.stored_bytes,
                raw_bytes: own.raw_bytes,
                is_event_history: own.is_event_history,
            })
            .collect(),
        files: files(counts),
        files_by_day: counts
            .files
            .days
            .iter()
            .map(|own| FilesOfDayJson {
                folder: folder(own.folder),
                account: &own.account,
                region: &own.region,
                day: day_text(own.day),
                log_files: own.log_files,
                digest_files: own.digest_files,
                stored_bytes: own.stored_bytes,
            })
            .collect(),
        unreadable: left_out(&counts.unreadable),
        skipped: left_out(&counts.skipped),
        requests: requests_json(view),
        quiet_hours: parts::quiet_hours(counts),
        regions: parts::regions(counts),
        causes: parts::causes(view),
        paid_days: parts::paid_days(view),
        self_logging_monthly_cost: parts::self_cost(view),
        month: view.month.as_deref(),
        volumes: volumes_json(&view.volumes),
        gaps: gaps_json(&view.gaps),
        replay: view.replay.as_ref().map(super::replay_view::ReplayView::json),
    }
}

/// Returns the JSON Schema of counts of log files.
pub fn counted_schema() -> serde_json::Value {
    schemars::schema_for!(CountedDocument<'_>).to_value()
}
