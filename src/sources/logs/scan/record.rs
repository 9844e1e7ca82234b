//! One record: where the fields that matter stand in it.

use super::blocks::{Blocks, Portable, Task};
use super::members::Members;
use super::names::{Action, Follows, Meaning, Names, OTHER};
use super::repeated::{PartNumber, Repeated, place};
use super::span::{Kind, Span};
use super::text::Text;
use super::values::{Stop, stop, value_end};

macro_rules! keys {
    ($($(#[$doc:meta])* $name:ident,)+) => {
        /// The fields that are read.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        #[repr(u8)]
        pub(in crate::sources::logs) enum Key { $($(#[$doc])* $name,)+ }
        /// How many there are.
        const KEYS: usize = [$(Key::$name,)+].len();
        /// Places for them: a power of two.
        pub(super) const SPANS: usize = KEYS.next_power_of_two();
    };
}

keys! {
    EventTime, EventName, EventSource, EventId, EventIdLower, EventType, EventCategory, ReadOnly, ManagementEvent,
    RecipientAccount, AccountId, Region, ErrorCode, CloudTrailEvent,
    /// `userIdentity.type`
    IdentityType,
    /// `userIdentity.arn`
    IdentityArn,
    /// `userIdentity.accountId`
    IdentityAccount,
    /// `userIdentity.invokedBy`
    InvokedBy,
    /// `insightDetails.eventSource`
    InsightSource,
    /// `insightDetails.eventName`
    InsightName,
    /// `timeWindow.windowStart`
    WindowStart,
    /// The resource's type, by the rule of [`Found::take_resource`].
    ResourceType,
    /// The resource's ARN.
    ResourceArn,
    /// The ARN of the first bucket among the resources.
    BucketArn,
    /// Whatever is not read.
    Ignored,
}

/// Where the fields of one record stand.
#[expect(clippy::struct_excessive_bools, reason = "each is a thing that a record has or has not")]
#[derive(Debug, Clone, Copy, Default)]
pub(in crate::sources::logs) struct Found {
    spans: [Span; SPANS],
    /// A key stands there that every event has.
    pub(in crate::sources::logs) is_event: bool,
    /// A list named `Records` or `Events` stands there.
    pub(super) has_list: bool,
    /// `digestStartTime` and `digestEndTime` stand there.
    digest: [bool; 2],
    /// A resource is an S3 object.
    pub(in crate::sources::logs) has_object: bool,
    /// A resource is a Lambda function.
    pub(in crate::sources::logs) has_function: bool,
    resource_rank: u8,
    /// Who made the call, if that is remembered.
    pub(in crate::sources::logs) identity: PartNumber,
    /// Which call it was of what service, if that is remembered, and where that stands.
    call: PartNumber,
    call_at: (usize, usize),
    /// Which end it has, if that is remembered, and where that begins.
    end: PartNumber,
    end_at: usize,
}

impl Found {
    #[inline(always)]
    pub(in crate::sources::logs) fn get(&self, key: Key) -> Span {
        self.spans[key as usize]
    }

    #[inline(always)]
    fn set(&mut self, key: Key, span: Span) {
        self.spans[key as usize] = span;
    }

    #[inline(always)]
    fn clear(&mut self, keys: &[Key]) {
        for key in keys {
            self.set(*key, Span::default());
        }
    }

    /// Returns which call this is of what service, and which end it has, where both are remembered and the call's source, name and
    /// Region are the record's.
    #[inline(always)]
    pub(in crate::sources::logs) fn parts(&self) -> Option<(PartNumber, PartNumber)> {
        let (start, end) = self.call_at;
        let is_in = |key| self.get(key).start() >= start && self.get(key).start() < end;
        let is_call = is_in(Key::EventSource) && is_in(Key::EventName) && is_in(Key::Region);
        (is_call && self.end != PartNumber::default()).then_some((self.call, self.end))
    }

    /// Tells whether this stands in the end that is remembered.
    pub(in crate::sources::logs) fn is_in_end(&self, own: Span) -> bool {
        self.end != PartNumber::default() && own.start() >= self.end_at
    }

    /// Tells whether it is the content of a digest file.
    pub(super) fn is_digest(&self) -> bool {
        self.digest == [true, true]
    }

    /// Takes a resource: the first that is no bucket, else the first of all.
    fn take_resource(&mut self, text: Text<'_>, kind: Span, arn: Span, scratch: &mut Vec<u8>) {
        let name = kind.string(text, scratch).unwrap_or_default();
        let is_bucket = name == b"AWS::S3::Bucket";
        self.has_object |= name == b"AWS::S3::Object";
        self.has_function |= name == b"AWS::Lambda::Function";
        if is_bucket && self.get(Key::BucketArn).kind() == Kind::Absent {
            self.set(Key::BucketArn, arn);
        }
        let rank = if is_bucket { 1 } else { 2 };
        if rank > self.resource_rank {
            self.resource_rank = rank;
            self.set(Key::ResourceType, kind);
            self.set(Key::ResourceArn, arn);
        }
    }
}

const fn noted(key: Key) -> Meaning {
    Meaning::noted(key as u8)
}

const fn of_events(key: Key) -> Meaning {
    Meaning::of_events(key as u8)
}

const fn action(action: Action) -> Meaning {
    Meaning::action(action, Key::Ignored as u8)
}

/// Members of a record. Those that are not read are there because what follows them is found faster.
static RECORD: Names = Names::new(
    &[
        (b"eventVersion", of_events(Key::Ignored).of_one_length()),
        (b"eventTime", of_events(Key::EventTime).of_one_length().of_part()),
        (b"eventSource", of_events(Key::EventSource)),
        (b"eventName", of_events(Key::EventName)),
        (b"eventID", of_events(Key::EventId).of_one_length().of_part()),
        (b"eventId", of_events(Key::EventIdLower)),
        (b"eventType", of_events(Key::EventType).of_one_length()),
        (b"eventCategory", of_events(Key::EventCategory).of_one_length()),
        (b"awsRegion", noted(Key::Region).of_one_length().of_part()),
        (b"readOnly", noted(Key::ReadOnly)),
        (b"errorCode", noted(Key::ErrorCode)),
        (b"managementEvent", noted(Key::ManagementEvent)),
        (b"recipientAccountId", noted(Key::RecipientAccount).of_one_length()),
        (b"accountId", noted(Key::AccountId).of_one_length()),
        (b"CloudTrailEvent", noted(Key::CloudTrailEvent)),
        (b"userIdentity", action(Action::Identity)),
        (b"resources", action(Action::Resources)),
        (b"insightDetails", action(Action::Insight)),
        (b"timeWindow", action(Action::TimeWindow)),
        (b"Records", action(Action::List)),
        (b"Events", action(Action::List)),
        (b"digestStartTime", Meaning::action(Action::Digest, 0)),
        (b"digestEndTime", Meaning::action(Action::Digest, 1)),
        (b"sourceIPAddress", noted(Key::Ignored)),
        (b"userAgent", noted(Key::Ignored)),
        (b"errorMessage", noted(Key::Ignored)),
        (b"requestParameters", noted(Key::Ignored)),
        (b"responseElements", noted(Key::Ignored)),
        (b"additionalEventData", noted(Key::Ignored)),
        (b"requestID", noted(Key::Ignored).of_one_length()),
        (b"apiVersion", noted(Key::Ignored)),
        (b"sharedEventID", noted(Key::Ignored)),
        (b"vpcEndpointId", noted(Key::Ignored)),
        (b"vpcEndpointAccountId", noted(Key::Ignored)),
        (b"serviceEventDetails", noted(Key::Ignored)),
        (b"addendum", noted(Key::Ignored)),
        (b"edgeDeviceDetails", noted(Key::Ignored)),
        (b"sessionCredentialFromConsole", noted(Key::Ignored)),
        (b"eventContext", noted(Key::Ignored)),
        (b"tlsDetails", noted(Key::Ignored)),
    ],
    noted(Key::Ignored),
);

/// Members of `userIdentity`.
static IDENTITY: Names = Names::new(
    &[
        (b"type", noted(Key::IdentityType).of_one_length()),
        (b"arn", noted(Key::IdentityArn)),
        (b"accountId", noted(Key::IdentityAccount).of_one_length()),
        (b"invokedBy", noted(Key::InvokedBy)),
        (b"principalId", noted(Key::Ignored).of_one_length()),
        (b"accessKeyId", noted(Key::Ignored).of_one_length()),
        (b"userName", noted(Key::Ignored)),
        (b"sessionContext", noted(Key::Ignored)),
        (b"identityProvider", noted(Key::Ignored)),
        (b"onBehalfOf", noted(Key::Ignored)),
    ],
    noted(Key::Ignored),
);

/// Members of `insightDetails`.
static INSIGHT: Names = Names::new(
    &[(b"eventSource", noted(Key::InsightSource)), (b"eventName", noted(Key::InsightName))],
    noted(Key::Ignored),
);

/// Members of `timeWindow`.
static TIME_WINDOW: Names = Names::new(&[(b"windowStart", noted(Key::WindowStart))], noted(Key::Ignored));

/// Members of a resource: of two names for its type and four for its ARN, each in the order in which they count.
static RESOURCE: Names = Names::new(
    &[
        (b"type", Meaning::noted(0)),
        (b"resourceType", Meaning::noted(1)),
        (b"ARN", Meaning::noted(2)),
        (b"arn", Meaning::noted(3)),
        (b"ARNPrefix", Meaning::noted(4)),
        (b"resourceARN", Meaning::noted(5)),
        (b"accountId", Meaning::noted(6)),
    ],
    Meaning::noted(6),
);

/// Tells whether a key names a list of records.
pub(super) fn is_list_name(name: &[u8]) -> bool {
    matches!(name, b"Records" | b"Events")
}

/// Reading an object's members, where it is an object, and noting their values; returns the place behind the value.
struct Fields<'a, const N: usize> {
    text: Text<'a>,
    at: usize,
    noted: &'a mut [Span; N],
    members: Members<'a>,
}

impl<const N: usize> Task for Fields<'_, N> {
    type Output = Result<usize, Stop>;

    #[inline(always)]
    fn run<B: Blocks>(self, blocks: B) -> Self::Output {
        let Self { text, mut at, noted, mut members } = self;
        if text.byte(at) != b'{' {
            return value_end(blocks, text, at);
        }
        loop {
            let (meaning, value) = members.next(text, at)?;
            if !meaning.is_noted() {
                return Ok(value);
            }
            (noted[meaning.place() % N], at) = members.value(blocks, text, value, meaning)?;
        }
    }
}

/// Reading the list of resources; returns the place behind it.
struct Resources<'a> {
    text: Text<'a>,
    at: usize,
    found: &'a mut Found,
    room: &'a mut InnerRoom,
}

impl Task for Resources<'_> {
    type Output = Result<usize, Stop>;

    #[inline(always)]
    fn run<B: Blocks>(self, blocks: B) -> Self::Output {
        let Self { text, at, found, room } = self;
        found.clear(&[Key::ResourceType, Key::ResourceArn, Key::BucketArn]);
        (found.has_object, found.has_function, found.resource_rank) = (false, false, 0);
        if text.byte(at) != b'[' {
            return value_end(blocks, text, at);
        }
        let mut at = text.skip_space(at + 1);
        if text.byte(at) == b']' && at < text.length() {
            return Ok(at + 1);
        }
        loop {
            at = if text.byte(at) == b'{' {
                resource(blocks, text, at, found, room)?
            } else {
                value_end(blocks, text, at)?
            };
            at = text.skip_space(at);
            match text.byte(at) {
                b',' => at = text.skip_space(at + 1),
                b']' if at < text.length() => return Ok(at + 1),
                _ => return Err(stop(text, at)),
            }
        }
    }
}

/// Reads one resource; returns the place behind it.
#[inline(always)]
fn resource<B: Blocks>(
    blocks: B,
    text: Text<'_>,
    at: usize,
    found: &mut Found,
    room: &mut InnerRoom,
) -> Result<usize, Stop> {
    let mut noted = [Span::default(); 8];
    let members = Members::new(&RESOURCE, &mut room.resource);
    let end = Fields { text, at, noted: &mut noted, members }.run(blocks)?;
    let first = |spans: &[Span]| {
        let is_string = |own: &&Span| matches!(own.kind(), Kind::Plain | Kind::Escaped);
        spans.iter().find(is_string).copied().unwrap_or_default()
    };
    found.take_resource(text, first(&noted[..2]), first(&noted[2..6]), &mut room.scratch);
    Ok(end)
}

/// What reading records needs besides the text: what follows what in its objects, and what was read before.
#[derive(Debug, Default)]
pub(super) struct Room {
    record: Follows,
    parts: Parts,
    inner: InnerRoom,
}

/// What reading the objects in a record needs.
#[derive(Debug, Default)]
struct InnerRoom {
    identity: Follows,
    identities: Repeated,
    resource: Follows,
    /// Room for a string whose escapes are resolved.
    scratch: Vec<u8>,
}

/// Parts of records that repeat.
#[derive(Debug)]
struct Parts {
    /// Behind the time, up to the Region: which call of which service.
    calls: Repeated,
    /// Behind the id, to the end, by the call.
    ends: Repeated,
    /// Behind the resources, to the end, by the call.
    ends_of_data: Repeated,
}

impl Default for Parts {
    fn default() -> Self {
        // An end has another number than any of the other kind.
        Self {
            calls: Repeated::default(),
            ends: Repeated::default(),
            ends_of_data: Repeated::numbered_from(1 << 63),
        }
    }
}

/// A part that is being read, to be remembered: its kind, its place among those and where it begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Begun {
    Nothing,
    Call(usize, usize),
    End(usize, usize),
    EndOfData(usize, usize),
}

/// Reads the record that begins with the `{` at `start` into `found`, which has nothing yet; returns the place behind it.
#[inline(always)]
pub(super) fn record<B: Blocks>(
    blocks: B,
    text: Text<'_>,
    start: usize,
    found: &mut Found,
    room: &mut Room,
) -> Result<usize, Stop> {
    let Room { record: follows, parts, inner: room } = room;
    let mut members = Members::new(&RECORD, follows);
    let mut at = start;
    let mut begun = Begun::Nothing;
    loop {
        let (meaning, value) = members.next(text, at)?;
        if meaning.is_noted() {
            found.is_event |= meaning.is_of_events();
            let span;
            (span, at) = members.value(blocks, text, value, meaning)?;
            found.spans[meaning.place() % SPANS] = span;
            if span == Span::default() && meaning.place() != Key::Ignored as usize {
                // It takes away what stood there before, which a part that is remembered would not.
                begun = Begun::Nothing;
            }
            if !meaning.is_of_part() {
                continue;
            }
            if meaning.place() == Key::EventTime as usize {
                // Service and call stand at places that differ little.
                let Some(place) = place(text, at, [16, 44, 52, 60, 68]) else { continue };
                match parts.calls.find(place, text, at) {
                    Some(own) => {
                        let end = own.apply(at, &mut found.spans);
                        (found.call, found.call_at) = (own.number, (at, end));
                        members.before = own.last;
                        at = end;
                    }
                    None => begun = Begun::Call(place, at),
                }
            } else if meaning.place() == Key::EventId as usize {
                let Some(place) = found.call.place() else { continue };
                match parts.ends.find(place, text, at) {
                    Some(own) => {
                        (found.end, found.end_at) = (own.number, at);
                        return Ok(own.apply(at, &mut found.spans));
                    }
                    None => begun = Begun::End(place, at),
                }
            } else if let Begun::Call(place, start) = begun {
                found.call = parts.calls.note(place, text, (start, at), &found.spans, members.before);
                found.call_at = (start, at);
                begun = Begun::Nothing;
            }
        } else if meaning.is(Action::End) {
            match begun {
                Begun::End(place, start) => {
                    found.end = parts.ends.note(place, text, (start, value), &found.spans, OTHER);
                    found.end_at = start;
                }
                Begun::EndOfData(place, start) => {
                    found.end = parts.ends_of_data.note(place, text, (start, value), &found.spans, OTHER);
                    found.end_at = start;
                }
                Begun::Nothing | Begun::Call(..) => {}
            }
            return Ok(value);
        } else {
            at = inner(blocks, text, text.skip_space(value), meaning, found, room)?;
            begun = Begun::Nothing;
            if let Some(place) = found.call.place().filter(|_| meaning.is(Action::Resources)) {
                match parts.ends_of_data.find(place, text, at) {
                    Some(own) => {
                        (found.end, found.end_at) = (own.number, at);
                        return Ok(own.apply(at, &mut found.spans));
                    }
                    None => begun = Begun::EndOfData(place, at),
                }
            }
        }
    }
}

/// Reads a value that is more than a field; returns the place behind it.
#[inline(always)]
fn inner<B: Blocks>(
    blocks: B,
    text: Text<'_>,
    at: usize,
    meaning: Meaning,
    found: &mut Found,
    room: &mut InnerRoom,
) -> Result<usize, Stop> {
    if meaning.is(Action::Identity) {
        found.clear(&[Key::IdentityType, Key::IdentityArn, Key::IdentityAccount, Key::InvokedBy]);
        let place = identity_place(text, at);
        if let Some(own) = place.and_then(|place| room.identities.find(place, text, at)) {
            found.identity = own.number;
            return Ok(own.apply(at, &mut found.spans));
        }
        let members = Members::new(&IDENTITY, &mut room.identity);
        let end = blocks.apart(Fields { text, at, noted: &mut found.spans, members })?;
        found.identity = place.map_or_else(PartNumber::default, |place| {
            room.identities.note(place, text, (at, end), &found.spans, OTHER)
        });
        return Ok(end);
    }
    if meaning.is(Action::Resources) {
        return blocks.apart(Resources { text, at, found, room });
    }
    rare(text, at, meaning, found)
}

/// Returns a place for an identity, by where principals and sessions differ as identities mostly are written.
#[inline(always)]
fn identity_place(text: Text<'_>, at: usize) -> Option<usize> {
    if text.has(at + 9, *b"As") {
        place(text, at, [40, 48, 56, 68])
    } else {
        place(text, at, [24, 32, 40, 48])
    }
}

/// Reads a value that few records have; returns the place behind it.
#[inline(never)]
fn rare(text: Text<'_>, at: usize, meaning: Meaning, found: &mut Found) -> Result<usize, Stop> {
    if meaning.is(Action::Insight) {
        found.clear(&[Key::InsightSource, Key::InsightName]);
        let mut follows = Follows::default();
        let members = Members::new(&INSIGHT, &mut follows);
        return Portable.apart(Fields { text, at, noted: &mut found.spans, members });
    }
    if meaning.is(Action::TimeWindow) {
        found.clear(&[Key::WindowStart]);
        let mut follows = Follows::default();
        let members = Members::new(&TIME_WINDOW, &mut follows);
        return Portable.apart(Fields { text, at, noted: &mut found.spans, members });
    }
    if meaning.is(Action::List) {
        found.has_list |= text.byte(at) == b'[';
    } else {
        found.digest[meaning.place() & 1] = true;
    }
    value_end(Portable, text, at)
}
