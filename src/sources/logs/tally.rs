//! One worker's sums, filled record by record.

use super::arn::{is_log_file, resource_name, without_session};
use super::change::{self, Changed};
use super::copies::{Deliveries, event_id};
use super::day::Times;
use super::known::KnownRecords;
use super::path::Location;
use super::recent::{OfGroup, Recent};
use super::scan::{Found, Key, Kind, PARTS, PartNumber, Sink, Span, Text};
use super::table::{Table, recent_place, same};
use crate::domain::{LogAccess, LogCategory, LogSum, SelfLogging};
use foldhash::fast::RandomState;
use hashbrown::HashMap;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// Changes that are kept; there are a few a year.
const MOST_CHANGES: usize = 10_000;
/// The name under which names stand that are too many to tell apart.
pub(super) const OTHERS: &[u8] = b"(others)";

/// Events and bytes.
#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize)]
pub(super) struct Weight {
    pub(super) events: u64,
    pub(super) bytes: u64,
}

/// Data events on a resource.
#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize)]
pub(super) struct OnResource {
    /// By access: read, write, unknown.
    pub(super) events: [u64; 3],
    pub(super) bytes: u64,
}

/// Events of one account, Region, day and trail folder.
#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize)]
pub(super) struct Group {
    pub(super) hours: [u64; 24],
}

/// The file whose records are counted.
#[derive(Debug, Clone, Default)]
pub(super) struct FileContext {
    pub(super) folder: u32,
    pub(super) account: Option<[u8; 12]>,
    pub(super) region: Option<Arc<str>>,
    /// Values that are no events.
    pub(super) not_events: u64,
    pub(super) events: u64,
    pub(super) bytes: u64,
    pub(super) is_digest: bool,
    /// Events of days that are not counted.
    pub(super) passed_over: u64,
    /// Events that the event history answered with; they are counted at the end.
    pub(super) answers: u64,
}

impl FileContext {
    /// Begins a file whose events are of this folder's sums.
    pub(super) fn new(folder: u32, location: &Location) -> Self {
        Self {
            folder,
            account: location.account,
            region: location.region.clone(),
            is_digest: location.is_digest,
            ..Self::default()
        }
    }
}

/// Sums of one worker.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Tally {
    /// Keys: folder, day, account, Region.
    pub(super) groups: Table<Group>,
    /// Keys: head, source, name.
    pub(super) classes: Table<()>,
    #[serde(skip)]
    rows: RowPlaces,
    pub(super) row_sums: Vec<Row>,
    /// Keys: account, Region.
    pub(super) places: Table<()>,
    /// Keys: position of account and Region, type, name.
    pub(super) resources: Table<OnResource>,
    /// Keys: account, type, ARN, invoking service.
    pub(super) identities: Table<Weight>,
    /// Keys: account, source, code.
    pub(super) errors: Table<Weight>,
    /// Keys: account, Region, kind, category.
    pub(super) self_logging: Table<Weight>,
    #[serde(skip)]
    pub(super) deliveries: Deliveries,
    pub(super) without_event_id: u64,
    /// Events of days that are not counted.
    pub(super) passed_over: u64,
    /// The days that are, the first and the last; all without it.
    days: Option<(u32, u32)>,
    pub(super) changes: Vec<Changed>,
    #[serde(skip)]
    pub(super) file: FileContext,
    /// The category and the access of the event at hand, a byte each, and the positions of the selectors that select it, each in
    /// two bytes, where selectors are tried.
    pub(super) head: Vec<u8>,
    prefix_depth: u8,
    #[serde(skip)]
    recent: Recent,
    #[serde(skip)]
    callers: Callers,
    #[serde(skip)]
    known: KnownRecords,
    #[serde(skip)]
    times: Times,
    #[serde(skip)]
    scratch: Scratch,
}

/// A row: positions of group and class, and the sum.
#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize)]
pub(super) struct Row {
    pub(super) group: u32,
    pub(super) class: u32,
    #[serde(with = "super::state::sum")]
    pub(super) sum: LogSum,
}

/// Where the row of a group and a class is.
#[derive(Debug, Default)]
struct RowPlaces(HashMap<(u32, u32), u32, RandomState>);

impl RowPlaces {
    /// Returns the row of a group and a class, which is new where it was not there.
    fn place(&mut self, rows: &mut Vec<Row>, group: u32, class: u32) -> u32 {
        if self.0.len() < rows.len() {
            // The rows were kept, their places were not.
            self.0 = rows.iter().map(|own| (own.group, own.class)).zip(0..).collect();
        }
        *self.0.entry((group, class)).or_insert_with(|| {
            rows.push(Row { group, class, sum: LogSum::default() });
            u32::try_from(rows.len() - 1).unwrap_or(u32::MAX)
        })
    }
}

/// Positions of identities that the reader remembers, by their places there: whose number, of which account.
#[derive(Debug)]
struct Callers(Vec<(PartNumber, [u8; 12], u32)>);

impl Default for Callers {
    fn default() -> Self {
        Self(vec![(PartNumber::default(), [0; 12], 0); PARTS])
    }
}

/// Where a record is counted.
#[derive(Debug, Clone, Copy)]
struct Placed {
    row: u32,
    category: LogCategory,
    is_kms: bool,
}

/// Bytes of a head without selectors: category and access.
const HEAD: usize = 2;

/// Room for strings whose escapes are resolved.
#[derive(Debug, Default)]
struct Scratch {
    one: Vec<u8>,
    two: Vec<u8>,
    three: Vec<u8>,
}

impl Tally {
    pub(super) fn new(prefix_depth: u8, deliveries: Deliveries) -> Self {
        Self { deliveries, prefix_depth, ..Self::default() }
    }

    /// Counts only events of these days, the first and the last.
    pub(super) fn within(self, days: Option<(u32, u32)>) -> Self {
        Self { days, ..self }
    }

    /// Finds the group of a record.
    #[inline]
    fn group(&mut self, text: Text<'_>, found: &Found, day: u32) -> u32 {
        let account = account(text, found, &self.recent.now().account, &mut self.scratch.one)
            .or(self.file.account.as_ref().map(|own| &own[..]))
            .unwrap_or(b"unknown");
        let region = found
            .get(Key::Region)
            .string(text, &mut self.scratch.two)
            .filter(|own| !own.is_empty())
            .or(self.file.region.as_ref().map(|own| own.as_bytes()))
            .unwrap_or(b"unknown");
        let folder = self.file.folder;
        if self.recent.now().is(folder, day, account, region) {
            return self.recent.now().group;
        }
        let numbers = [folder.to_le_bytes(), day.to_le_bytes()];
        let names: [&[u8]; 4] = [&numbers[0], &numbers[1], account, region];
        self.recent.turn_to(recent_place(names));
        let own = self.recent.now_mut();
        if !own.is(folder, day, account, region) {
            own.set(folder, day, account, region);
            own.group = self.groups.position(names);
            own.place = self.places.position([account, region]);
        }
        own.group
    }

    /// Finds the row of a class in the group of the record at hand.
    #[inline]
    fn row(&mut self, class: u32) -> u32 {
        self.recent.now().row(class).unwrap_or_else(|| self.new_row(class))
    }

    #[inline(never)]
    fn new_row(&mut self, class: u32) -> u32 {
        let own = self.recent.now_mut();
        let row = self.rows.place(&mut self.row_sums, own.group, class);
        own.set_row(class, row);
        row
    }

    /// Returns where a record is counted whose parts say it; the group at hand is the record's then.
    #[inline]
    fn known(&mut self, text: Text<'_>, found: &Found, day: u32, access: LogAccess) -> Option<Placed> {
        if self.head.len() > HEAD {
            // Selectors look at more than its parts.
            return None;
        }
        let at = (self.file.folder, day);
        let own = self.known.find(found, access)?;
        let (category, is_kms, class) = (own.category, own.is_kms, own.class);
        let row = if let Some(row) = own.row(at, self.recent.now().group) {
            row
        } else {
            let group = self.group(text, found, day);
            let row = self.row(class);
            if let Some(own) = self.known.find(found, access) {
                own.counted(at, group, row);
            }
            row
        };
        Some(Placed { row, category, is_kms })
    }

    /// Finds out where a record is counted.
    #[inline(never)]
    fn placed(
        &mut self,
        text: Text<'_>,
        record: &[u8],
        found: &Found,
        day: u32,
        access: LogAccess,
    ) -> Placed {
        let group = self.group(text, found, day);
        let category = category(text, found, &mut self.scratch.one);
        let source = or_else(found, Key::EventSource, Key::InsightSource);
        let name = or_else(found, Key::EventName, Key::InsightName);
        let source = source.string(text, &mut self.scratch.one).unwrap_or_default();
        let name = name.string(text, &mut self.scratch.two).unwrap_or_default();
        let head = [category as u8, access as u8];
        match self.head.as_mut_slice() {
            [own, other, ..] => [*own, *other] = head,
            _ => self.head = head.to_vec(),
        }
        let class = self.classes.position([&self.head, source, name]);
        let is_kms = source == b"kms.amazonaws.com";
        let is_change = source == b"cloudtrail.amazonaws.com" && change::is_change(name);
        if is_change && self.changes.len() < MOST_CHANGES {
            let name = String::from_utf8_lossy(name).into_owned();
            self.changes.push(change::read(record, name));
        }
        let row = self.row(class);
        // What changes what is recorded is read each time.
        if self.head.len() == HEAD && !is_change {
            let of = (access, self.recent.now().account.as_slice());
            let at = (self.file.folder, day);
            self.known.note(text, found, of, (category, is_kms), (class, row), (at, group));
        }
        Placed { row, category, is_kms }
    }

    fn resource(
        &mut self,
        text: Text<'_>,
        found: &Found,
        access: LogAccess,
        bytes: u64,
    ) -> Option<SelfLogging> {
        let kind = found.get(Key::ResourceType).string(text, &mut self.scratch.one).unwrap_or_default();
        let is_object = kind == b"AWS::S3::Object";
        let arn = resource_arn(text, found).string(text, &mut self.scratch.two).unwrap_or_default();
        let name = resource_name(arn, self.prefix_depth);
        let place = self.recent.now().place.to_le_bytes();
        let sum = self.resources.entry([&place, kind, name], [&place, kind, OTHERS]);
        sum.events[access as usize] += 1;
        sum.bytes += bytes;
        (is_object && is_log_file(arn)).then_some(SelfLogging::LogBucket)
    }

    #[inline]
    fn identity(&mut self, text: Text<'_>, found: &Found, bytes: u64) {
        let account =
            self.recent.now().account.first_chunk().filter(|_| self.recent.now().account.len() == 12);
        let known = found.identity.place().zip(account);
        if let Some((place, account)) = known {
            let own = self.callers.0[place];
            if own.0 == found.identity && own.1 == *account {
                let sum = self.identities.value(own.2);
                sum.events += 1;
                sum.bytes += bytes;
                return;
            }
        }
        let known = known.map(|(place, account)| (place, *account));
        let position = self.caller(text, found);
        let sum = self.identities.value(position);
        sum.events += 1;
        sum.bytes += bytes;
        if let Some((place, account)) = known {
            self.callers.0[place] = (found.identity, account, position);
        }
    }

    /// Returns the position of who made a call.
    fn caller(&mut self, text: Text<'_>, found: &Found) -> u32 {
        let kind = found.get(Key::IdentityType).string(text, &mut self.scratch.one).unwrap_or_default();
        let arn = found.get(Key::IdentityArn).string(text, &mut self.scratch.two).unwrap_or_default();
        let invoked_by = found.get(Key::InvokedBy).string(text, &mut self.scratch.three).unwrap_or_default();
        let account = &self.recent.now().account;
        let names = [account, kind, without_session(arn), invoked_by];
        self.identities.place(names, [account, kind, OTHERS, b""])
    }

    /// Counts an error, if the record says one.
    fn error(&mut self, text: Text<'_>, found: &Found) -> bool {
        let code = found.get(Key::ErrorCode);
        if !is_string(code) {
            return false;
        }
        let code = code.string(text, &mut self.scratch.one).unwrap_or_default();
        if code.is_empty() {
            return false;
        }
        let source = or_else(found, Key::EventSource, Key::InsightSource);
        let source = source.string(text, &mut self.scratch.two).unwrap_or_default();
        let account = &self.recent.now().account;
        let sum = self.errors.entry([account, source, code], [account, source, OTHERS]);
        sum.events += 1;
        true
    }
}

/// Returns the number of an event's id, if it has one.
#[inline]
pub(super) fn id(text: Text<'_>, found: &Found, scratch: &mut Vec<u8>) -> Option<u128> {
    let id = [Key::EventId, Key::EventIdLower].into_iter().find_map(|key| {
        let span = found.get(key);
        is_string(span).then_some(span).filter(|own| !own.raw(text).is_empty())
    });
    id.and_then(|own| own.string(text, scratch)).map(event_id)
}

impl Sink for Tally {
    #[inline]
    fn event(&mut self, text: Text<'_>, record: &[u8], found: &Found) {
        let bytes = record.len() as u64;
        let (times, scratch) = (&mut self.times, &mut self.scratch.one);
        let mut time = |key| found.get(key).string(text, scratch).and_then(|own| times.read(own));
        let time = time(Key::EventTime).or_else(|| time(Key::WindowStart));
        let day = time.map_or(0, |own| own.0);
        if self.days.is_some_and(|own| day < own.0 || day > own.1) {
            self.file.passed_over += 1;
            self.passed_over += 1;
            return;
        }
        self.file.events += 1;
        self.file.bytes += bytes;
        let access = access(text, found, &mut self.scratch.one);
        let Placed { row, category, is_kms } = match self.known(text, found, day, access) {
            Some(own) => own,
            None => self.placed(text, record, found, day, access),
        };
        if let Some((_, hour)) = time {
            self.groups.value(self.recent.now().group).hours[usize::from(hour)] += 1;
        }
        let is_error = self.error(text, found);
        let sum = &mut self.row_sums[row as usize].sum;
        sum.events += 1;
        sum.bytes += bytes;
        sum.errors += u64::from(is_error);
        let mut caused = caused_by_logging(text, found, is_kms, &mut self.scratch.one);
        if category == LogCategory::Data {
            let on_logs = self.resource(text, found, access, bytes);
            caused = caused.or(on_logs);
        }
        self.identity(text, found, bytes);
        if let Some(kind) = caused {
            let OfGroup { account, region, .. } = self.recent.now();
            let (kind, category) = ([kind as u8], [category as u8]);
            let names: [&[u8]; 4] = [account, region, &kind, &category];
            let sum = self.self_logging.entry(names, [OTHERS, OTHERS, &kind, &category]);
            sum.events += 1;
            sum.bytes += bytes;
        }
        match id(text, found, &mut self.scratch.one) {
            Some(id) => self.deliveries.push(id, row),
            None => self.without_event_id += 1,
        }
    }

    fn answer(&mut self, _: Text<'_>, _: &[u8], _: &Found) {
        self.file.answers += 1;
    }

    fn not_an_event(&mut self) {
        self.file.not_events += 1;
    }

    fn digest(&mut self) {
        self.file.is_digest = true;
    }
}

#[inline]
fn is_string(span: Span) -> bool {
    matches!(span.kind(), Kind::Plain | Kind::Escaped)
}

/// Returns the first field where it is a string, else the second.
#[inline]
fn or_else(found: &Found, first: Key, second: Key) -> Span {
    let own = found.get(first);
    if is_string(own) { own } else { found.get(second) }
}

/// Returns the ARN of the resource that a record names; of an object that is named without one, its bucket's.
#[inline]
pub(super) fn resource_arn(text: Text<'_>, found: &Found) -> Span {
    let own = found.get(Key::ResourceArn);
    let is_object = || found.get(Key::ResourceType).is(text, b"AWS::S3::Object");
    if !is_string(own) && is_object() { found.get(Key::BucketArn) } else { own }
}

/// Returns the account that a record names. `last` is the one before.
#[inline]
fn account<'a>(text: Text<'a>, found: &Found, last: &[u8], scratch: &'a mut Vec<u8>) -> Option<&'a [u8]> {
    let is_id = |own: &[u8]| own.len() == 12 && (same(own, last) || own.iter().all(u8::is_ascii_digit));
    for key in [Key::RecipientAccount, Key::AccountId, Key::IdentityAccount] {
        let span = found.get(key);
        match span.kind() {
            Kind::Plain | Kind::Bare if is_id(span.raw(text)) => return Some(span.raw(text)),
            Kind::Escaped if span.string(text, &mut Vec::new()).is_some_and(is_id) => {
                return span.string(text, scratch);
            }
            _ => {}
        }
    }
    None
}

/// Tells a field that is true or false; some tools write it as a string.
#[inline]
fn truth(text: Text<'_>, span: Span, scratch: &mut Vec<u8>) -> Option<bool> {
    let own = match span.kind() {
        Kind::Absent => return None,
        Kind::Bare => {
            return match span.raw(text) {
                b"true" => Some(true),
                b"false" => Some(false),
                _ => None,
            };
        }
        Kind::Plain | Kind::Escaped => span.string(text, scratch)?,
    };
    if own.eq_ignore_ascii_case(b"true") {
        Some(true)
    } else if own.eq_ignore_ascii_case(b"false") {
        Some(false)
    } else {
        None
    }
}

#[inline]
pub(super) fn access(text: Text<'_>, found: &Found, scratch: &mut Vec<u8>) -> LogAccess {
    match truth(text, found.get(Key::ReadOnly), scratch) {
        Some(true) => LogAccess::Read,
        Some(false) => LogAccess::Write,
        None => LogAccess::Unknown,
    }
}

/// Tells a record's category.
///
/// Source: CloudTrail user guide, record contents: `eventCategory` since 1.07, `managementEvent` since 1.06; before that only S3
/// objects and Lambda functions had data events.
#[inline]
pub(super) fn category(text: Text<'_>, found: &Found, scratch: &mut Vec<u8>) -> LogCategory {
    if let Some(own) = found.get(Key::EventCategory).string(text, scratch).filter(|own| !own.is_empty()) {
        return match own {
            b"Management" => LogCategory::Management,
            b"Data" => LogCategory::Data,
            _ => category_of(own),
        };
    }
    match found.get(Key::EventType).string(text, scratch).unwrap_or_default() {
        b"AwsCloudTrailInsight" => return LogCategory::Insight,
        b"AwsAggregatedEvent" => return LogCategory::Aggregated,
        b"AwsVpceEvent" => return LogCategory::NetworkActivity,
        _ => {}
    }
    if let Some(is_management) = truth(text, found.get(Key::ManagementEvent), scratch) {
        return if is_management { LogCategory::Management } else { LogCategory::Data };
    }
    let invokes = || found.get(Key::EventName).string(text, &mut Vec::new()) == Some(b"Invoke");
    if found.has_object || found.has_function && invokes() {
        return LogCategory::Data;
    }
    LogCategory::Management
}

/// Returns the category of a name, whose case does not matter.
fn category_of(name: &[u8]) -> LogCategory {
    let names: [(&[u8], LogCategory); 5] = [
        (b"Management", LogCategory::Management),
        (b"Data", LogCategory::Data),
        (b"NetworkActivity", LogCategory::NetworkActivity),
        (b"Insight", LogCategory::Insight),
        (b"Aggregated", LogCategory::Aggregated),
    ];
    names.iter().find(|own| name.eq_ignore_ascii_case(own.0)).map_or(LogCategory::Other, |own| own.1)
}

/// Tells whether CloudTrail or log delivery made the call.
#[inline]
fn caused_by_logging(
    text: Text<'_>,
    found: &Found,
    is_kms: bool,
    scratch: &mut Vec<u8>,
) -> Option<SelfLogging> {
    match found.get(Key::InvokedBy).string(text, scratch)? {
        b"cloudtrail.amazonaws.com" | b"delivery.logs.amazonaws.com" => {
            Some(if is_kms { SelfLogging::Kms } else { SelfLogging::Delivery })
        }
        _ => None,
    }
}
