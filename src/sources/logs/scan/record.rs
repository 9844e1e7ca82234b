//! One record: where the fields that matter stand in it.

use super::blocks::{Blocks, Portable};
use super::names::{Action, LONGEST, Meaning, Names};
use super::text::{PADDING, Text};
use super::values::{Stop, container_end, scalar_end, stop, string_end, unescape, value_end};

/// What a value is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(in crate::sources::logs) enum Kind {
    /// There is none, or it is `null` or a container.
    #[default]
    Absent,
    /// A string without escapes.
    Plain,
    /// A string with escapes.
    Escaped,
    /// A number, `true` or `false`.
    Bare,
}

/// Where a value stands: a string's content, or a number or word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(in crate::sources::logs) struct Span {
    start: u32,
    /// The length, and in the highest two bits the kind.
    length: u32,
}

/// Where the kind stands in a span's length.
const KIND: u32 = 30;

impl Span {
    /// Returns the bytes of a string; `scratch` holds them where escapes were resolved. Nothing else is a string.
    #[inline(always)]
    pub(in crate::sources::logs) fn string<'a>(
        self,
        text: Text<'a>,
        scratch: &'a mut Vec<u8>,
    ) -> Option<&'a [u8]> {
        match self.kind() {
            Kind::Plain => Some(self.raw(text)),
            Kind::Escaped => Some(resolved(self.raw(text), scratch)),
            Kind::Absent | Kind::Bare => None,
        }
    }

    /// Returns the bytes as they stand, of any kind.
    #[inline(always)]
    pub(in crate::sources::logs) fn raw(self, text: Text<'_>) -> &[u8] {
        let start = self.start as usize;
        &text.bytes()[start..start + (self.length & ((1 << KIND) - 1)) as usize]
    }

    #[inline(always)]
    pub(in crate::sources::logs) fn kind(self) -> Kind {
        match self.length >> KIND {
            0 => Kind::Absent,
            1 => Kind::Plain,
            2 => Kind::Escaped,
            _ => Kind::Bare,
        }
    }

    /// Tells whether it is this string.
    pub(in crate::sources::logs) fn is(self, text: Text<'_>, wanted: &[u8]) -> bool {
        match self.kind() {
            Kind::Plain => self.raw(text) == wanted,
            Kind::Escaped => self.string(text, &mut Vec::new()) == Some(wanted),
            Kind::Absent | Kind::Bare => false,
        }
    }

    #[expect(clippy::cast_possible_truncation, reason = "a text in memory is never 1 GiB")]
    #[inline(always)]
    fn new(start: usize, end: usize, kind: Kind) -> Self {
        Self { start: start as u32, length: (end - start) as u32 | (kind as u32) << KIND }
    }
}

/// Resolves the escapes of a string.
#[cold]
fn resolved<'a>(raw: &[u8], scratch: &'a mut Vec<u8>) -> &'a [u8] {
    scratch.clear();
    unescape(raw, scratch);
    scratch
}

macro_rules! keys {
    ($($(#[$doc:meta])* $name:ident,)+) => {
        /// The fields that are read.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        #[repr(u8)]
        pub(in crate::sources::logs) enum Key { $($(#[$doc])* $name,)+ }
        /// How many there are.
        const KEYS: usize = [$(Key::$name,)+].len();
        /// Places for them: a power of two.
        const PLACES: usize = KEYS.next_power_of_two();
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
    spans: [Span; PLACES],
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

/// Members of a record.
static RECORD: Names = Names::new(
    &[
        (b"eventVersion", of_events(Key::Ignored)),
        (b"eventTime", of_events(Key::EventTime)),
        (b"eventSource", of_events(Key::EventSource)),
        (b"eventName", of_events(Key::EventName)),
        (b"eventID", of_events(Key::EventId)),
        (b"eventId", of_events(Key::EventIdLower)),
        (b"eventType", of_events(Key::EventType)),
        (b"eventCategory", of_events(Key::EventCategory)),
        (b"awsRegion", noted(Key::Region)),
        (b"readOnly", noted(Key::ReadOnly)),
        (b"errorCode", noted(Key::ErrorCode)),
        (b"managementEvent", noted(Key::ManagementEvent)),
        (b"recipientAccountId", noted(Key::RecipientAccount)),
        (b"accountId", noted(Key::AccountId)),
        (b"CloudTrailEvent", noted(Key::CloudTrailEvent)),
        (b"userIdentity", action(Action::Identity)),
        (b"resources", action(Action::Resources)),
        (b"insightDetails", action(Action::Insight)),
        (b"timeWindow", action(Action::TimeWindow)),
        (b"Records", action(Action::List)),
        (b"Events", action(Action::List)),
        (b"digestStartTime", Meaning::action(Action::Digest, 0)),
        (b"digestEndTime", Meaning::action(Action::Digest, 1)),
    ],
    noted(Key::Ignored),
);

/// Members of `userIdentity`.
static IDENTITY: Names = Names::new(
    &[
        (b"type", noted(Key::IdentityType)),
        (b"arn", noted(Key::IdentityArn)),
        (b"accountId", noted(Key::IdentityAccount)),
        (b"invokedBy", noted(Key::InvokedBy)),
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
    ],
    Meaning::noted(6),
);

/// Tells whether a key names a list of records.
pub(super) fn is_list_name(name: &[u8]) -> bool {
    matches!(name, b"Records" | b"Events")
}

/// Where a member of an object stands.
pub(super) struct Member {
    /// The name's opening quote.
    at: usize,
    /// Length of the name.
    length: usize,
    has_escapes: bool,
    /// Where the value begins.
    pub(super) value: usize,
}

impl Member {
    /// Returns the name; `scratch` holds it where escapes were resolved.
    #[inline(always)]
    pub(super) fn name<'a>(&self, text: Text<'a>, scratch: &'a mut Vec<u8>) -> &'a [u8] {
        let raw = self.raw(text);
        if self.has_escapes { resolved(raw, scratch) } else { raw }
    }

    /// Returns the name as it stands.
    #[inline(always)]
    pub(super) fn raw<'a>(&self, text: Text<'a>) -> &'a [u8] {
        &text.bytes()[self.at + 1..=self.at + self.length]
    }
}

/// Tells what a name with escapes means, which no log has and any text may.
#[cold]
fn escaped_meaning(raw: &[u8], names: &Names) -> Meaning {
    let mut name = Vec::new();
    unescape(raw, &mut name);
    names.find_any(&name)
}

/// Returns the bits below the lowest of them; of none all.
#[inline(always)]
fn below(bits: u64) -> u64 {
    (bits & bits.wrapping_neg()).wrapping_sub(1)
}

/// A member: what its name means, where its value stands and the place behind it. Where more is to be done with the value, it
/// is not read, and the place is the one where it begins.
struct Noted {
    meaning: Meaning,
    span: Span,
    end: usize,
}

/// Reads a member whose name is short and plain, without white space about the colon. Returns nothing where it is another. `at` is the name's opening quote.
#[inline(always)]
fn plain_member<B: Blocks>(
    blocks: B,
    text: Text<'_>,
    at: usize,
    names: &Names,
) -> Result<Option<Noted>, Stop> {
    let Some(window) = text.window(at) else { return Ok(None) };
    // All places are within the window: the masks tell the compiler so.
    let byte = |at: usize| window[at % PADDING];
    let (block, name) = parts(window);
    let (quotes, backslashes) = blocks.strings(block);
    // The name's closing quote comes first, then the quotes of the value.
    let length = quotes.trailing_zeros() as usize;
    let is_plain = (byte(0) == b'"') & (quotes != 0) & (backslashes & below(quotes) == 0);
    if !is_plain || byte(length + 2) != b':' {
        return Ok(None);
    }
    let meaning = names.find(name, length);
    let value = at + length + 3;
    if !meaning.is_noted() {
        return Ok(Some(Noted { meaning, span: Span::default(), end: value }));
    }
    let first = byte(length + 3);
    let (span, end) = match first {
        b'"' => {
            let opening = quotes & (quotes - 1);
            let closing = opening & opening.wrapping_sub(1);
            if (closing != 0) & (backslashes & below(closing) == 0) {
                let end = at + 1 + closing.trailing_zeros() as usize;
                (Span::new(value + 1, end, Kind::Plain), end + 1)
            } else {
                let (end, has_escapes) = string_end(blocks, text, value + 1)?;
                let kind = if has_escapes { Kind::Escaped } else { Kind::Plain };
                (Span::new(value + 1, end, kind), end + 1)
            }
        }
        b'{' | b'[' => (Span::default(), container_end(blocks, text, value)?),
        b't' | b'f' | b'n' => {
            let end = scalar_end(text, value)?;
            let kind = if first == b'n' { Kind::Absent } else { Kind::Bare };
            (Span::new(value, end, kind), end)
        }
        _ => return Ok(None),
    };
    Ok(Some(Noted { meaning, span, end }))
}

/// Reads a member of any kind as [`plain_member`] does.
#[inline(never)]
fn odd_member(text: Text<'_>, at: usize, names: &Names) -> Result<Noted, Stop> {
    let own = member(text, at)?;
    let raw = own.raw(text);
    let meaning = if own.has_escapes { escaped_meaning(raw, names) } else { names.find_any(raw) };
    if !meaning.is_noted() {
        return Ok(Noted { meaning, span: Span::default(), end: own.value });
    }
    let at = own.value;
    let end = value_end(Portable, text, at)?;
    let span = match text.byte(at) {
        b'"' => {
            let has_escapes = text.bytes()[at..end].contains(&b'\\');
            Span::new(at + 1, end - 1, if has_escapes { Kind::Escaped } else { Kind::Plain })
        }
        b'{' | b'[' | b'n' => Span::default(),
        _ => Span::new(at, end, Kind::Bare),
    };
    Ok(Noted { meaning, span, end })
}

/// Returns the block behind the first byte of a window, and the bytes in it that a name may have.
#[inline(always)]
fn parts(window: &[u8; PADDING]) -> (&[u8; 64], &[u8; LONGEST]) {
    const EMPTY: (&[u8; 64], &[u8; LONGEST]) = (&[0; 64], &[0; LONGEST]);
    window[1..].first_chunk().zip(window[1..].first_chunk()).unwrap_or(EMPTY)
}

/// Reads a name and the colon, of any length, with escapes and white space. `at` is the name's opening quote.
#[inline(never)]
pub(super) fn member(text: Text<'_>, at: usize) -> Result<Member, Stop> {
    if text.byte(at) != b'"' {
        return Err(stop(text, at));
    }
    let start = at + 1;
    let (end, has_escapes) = string_end(Portable, text, start)?;
    let mut value = end + 1;
    if text.byte(value) != b':' {
        value = text.skip_space(value);
        if text.byte(value) != b':' {
            return Err(stop(text, value));
        }
    }
    value = text.skip_space(value + 1);
    Ok(Member { at, length: end - start, has_escapes, value })
}

/// Returns the place behind a member's value: the next name, or the place behind the object.
#[inline(always)]
pub(super) fn next_member(text: Text<'_>, at: usize) -> Result<Result<usize, usize>, Stop> {
    if text.has(at, *b",\"") {
        return Ok(Ok(at + 1));
    }
    let at = text.skip_space(at);
    match text.byte(at) {
        b',' => Ok(Ok(text.skip_space(at + 1))),
        b'}' if at < text.length() => Ok(Err(at + 1)),
        _ => Err(stop(text, at)),
    }
}

/// Returns the place of an object's first name, or the place behind an object without members.
#[inline(always)]
fn first_member(text: Text<'_>, at: usize) -> Result<usize, usize> {
    let at = text.skip_space(at + 1);
    if text.byte(at) == b'}' && at < text.length() { Err(at + 1) } else { Ok(at) }
}

/// Reads an object's members, where it is an object, and notes their values; returns the place behind the value.
#[inline(always)]
fn fields<B: Blocks, const N: usize>(
    blocks: B,
    text: Text<'_>,
    at: usize,
    noted: &mut [Span; N],
    names: &Names,
) -> Result<usize, Stop> {
    if text.byte(at) != b'{' {
        return value_end(blocks, text, at);
    }
    let mut at = match first_member(text, at) {
        Ok(at) => at,
        Err(end) => return Ok(end),
    };
    loop {
        let own = match plain_member(blocks, text, at, names)? {
            Some(own) => own,
            None => odd_member(text, at, names)?,
        };
        noted[own.meaning.place() % N] = own.span;
        match next_member(text, own.end)? {
            Ok(next) => at = next,
            Err(end) => return Ok(end),
        }
    }
}

/// Reads the list of resources; returns the place behind it.
#[inline(always)]
fn resources<B: Blocks>(
    blocks: B,
    text: Text<'_>,
    at: usize,
    found: &mut Found,
    scratch: &mut Vec<u8>,
) -> Result<usize, Stop> {
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
            resource(blocks, text, at, found, scratch)?
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

/// Reads one resource; returns the place behind it.
#[inline(always)]
fn resource<B: Blocks>(
    blocks: B,
    text: Text<'_>,
    at: usize,
    found: &mut Found,
    scratch: &mut Vec<u8>,
) -> Result<usize, Stop> {
    let mut noted = [Span::default(); 8];
    let end = fields(blocks, text, at, &mut noted, &RESOURCE)?;
    let first = |spans: &[Span]| {
        let is_string = |own: &&Span| matches!(own.kind(), Kind::Plain | Kind::Escaped);
        spans.iter().find(is_string).copied().unwrap_or_default()
    };
    found.take_resource(text, first(&noted[..2]), first(&noted[2..6]), scratch);
    Ok(end)
}

/// Reads the record that begins with the `{` at `start` into `found`, which has nothing yet; returns the place behind it.
#[inline(always)]
pub(super) fn record<B: Blocks>(
    blocks: B,
    text: Text<'_>,
    start: usize,
    found: &mut Found,
    scratch: &mut Vec<u8>,
) -> Result<usize, Stop> {
    let mut at = match first_member(text, start) {
        Ok(at) => at,
        Err(end) => return Ok(end),
    };
    loop {
        let own = match plain_member(blocks, text, at, &RECORD)? {
            Some(own) => own,
            None => odd_member(text, at, &RECORD)?,
        };
        let end = if own.meaning.is_noted() {
            found.is_event |= own.meaning.is_of_events();
            found.spans[own.meaning.place() % PLACES] = own.span;
            own.end
        } else {
            let value = text.skip_space(own.end);
            inner(blocks, text, value, own.meaning, found, scratch)?
        };
        match next_member(text, end)? {
            Ok(next) => at = next,
            Err(end) => return Ok(end),
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
    scratch: &mut Vec<u8>,
) -> Result<usize, Stop> {
    if meaning.is(Action::Identity) {
        found.clear(&[Key::IdentityType, Key::IdentityArn, Key::IdentityAccount, Key::InvokedBy]);
        return fields(blocks, text, at, &mut found.spans, &IDENTITY);
    }
    if meaning.is(Action::Resources) {
        return resources(blocks, text, at, found, scratch);
    }
    rare(text, at, meaning, found)
}

/// Reads a value that few records have; returns the place behind it.
#[inline(never)]
fn rare(text: Text<'_>, at: usize, meaning: Meaning, found: &mut Found) -> Result<usize, Stop> {
    if meaning.is(Action::Insight) {
        found.clear(&[Key::InsightSource, Key::InsightName]);
        return fields(Portable, text, at, &mut found.spans, &INSIGHT);
    }
    if meaning.is(Action::TimeWindow) {
        found.clear(&[Key::WindowStart]);
        return fields(Portable, text, at, &mut found.spans, &TIME_WINDOW);
    }
    if meaning.is(Action::List) {
        found.has_list |= text.byte(at) == b'[';
    } else {
        found.digest[meaning.place() & 1] = true;
    }
    value_end(Portable, text, at)
}
