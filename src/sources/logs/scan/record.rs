//! One record: where the fields that matter stand in it.

use super::blocks::Blocks;
use super::text::Text;
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
    length: u32,
    kind: Kind,
}

impl Span {
    /// Returns the bytes of a string; `scratch` holds them where escapes were resolved. Nothing else is a string.
    #[inline(always)]
    pub(in crate::sources::logs) fn string<'a>(
        self,
        text: Text<'a>,
        scratch: &'a mut Vec<u8>,
    ) -> Option<&'a [u8]> {
        match self.kind {
            Kind::Plain => Some(self.raw(text)),
            Kind::Escaped => {
                scratch.clear();
                unescape(self.raw(text), scratch);
                Some(scratch)
            }
            Kind::Absent | Kind::Bare => None,
        }
    }

    /// Returns the bytes as they stand, of any kind.
    #[inline(always)]
    pub(in crate::sources::logs) fn raw(self, text: Text<'_>) -> &[u8] {
        let start = self.start as usize;
        &text.bytes()[start..start + self.length as usize]
    }

    pub(in crate::sources::logs) fn kind(self) -> Kind {
        self.kind
    }

    /// Tells whether it is this string.
    pub(in crate::sources::logs) fn is(self, text: Text<'_>, wanted: &[u8]) -> bool {
        match self.kind {
            Kind::Plain => self.raw(text) == wanted,
            Kind::Escaped => self.string(text, &mut Vec::new()) == Some(wanted),
            Kind::Absent | Kind::Bare => false,
        }
    }

    #[expect(clippy::cast_possible_truncation, reason = "a text in memory is never 4 GiB")]
    #[inline(always)]
    fn new(start: usize, end: usize, kind: Kind) -> Self {
        Self { start: start as u32, length: (end - start) as u32, kind }
    }
}

macro_rules! keys {
    ($($(#[$doc:meta])* $name:ident,)+) => {
        /// The fields that are read.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(in crate::sources::logs) enum Key { $($(#[$doc])* $name,)+ }
        /// How many there are.
        const KEYS: usize = [$(Key::$name,)+].len();
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
}

/// Where the fields of one record stand.
#[expect(clippy::struct_excessive_bools, reason = "each is a thing that a record has or has not")]
#[derive(Debug, Clone, Copy, Default)]
pub(in crate::sources::logs) struct Found {
    spans: [Span; KEYS],
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
        if is_bucket && self.get(Key::BucketArn).kind == Kind::Absent {
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

/// What a record's key means.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Meaning {
    /// Nothing.
    Other,
    /// A field; whether every event has such.
    Field(Key, bool),
    Identity,
    Resources,
    Insight,
    TimeWindow,
    List,
    Digest(usize),
    EventVersion,
}

/// `event`, as the first five bytes of a word.
const EVENT: u64 = word(*b"event\0\0\0");
const FIVE: u64 = 0xFF_FFFF_FFFF;

const fn word(text: [u8; 8]) -> u64 {
    u64::from_le_bytes(text)
}

/// Tells what a key means. `start` is the first byte of `length` bytes without escapes.
#[inline(always)]
fn meaning(text: Text<'_>, start: usize, length: usize) -> Meaning {
    if !(6..=18).contains(&length) {
        return Meaning::Other;
    }
    let first = text.word(start);
    let tail = &text.bytes()[start + length.min(8)..start + length];
    if first & FIVE == EVENT {
        // What follows `event`, up to eight bytes of it.
        let rest = text.word(start + 5) & (u64::MAX >> (64 - 8 * (length - 5).min(8)));
        return match (length, rest) {
            (12, own) if own == word(*b"Version\0") => Meaning::EventVersion,
            (9, own) if own == word(*b"Time\0\0\0\0") => Meaning::Field(Key::EventTime, true),
            (11, own) if own == word(*b"Source\0\0") => Meaning::Field(Key::EventSource, true),
            (9, own) if own == word(*b"Name\0\0\0\0") => Meaning::Field(Key::EventName, true),
            (7, own) if own == word(*b"ID\0\0\0\0\0\0") => Meaning::Field(Key::EventId, true),
            (7, own) if own == word(*b"Id\0\0\0\0\0\0") => Meaning::Field(Key::EventIdLower, true),
            (9, own) if own == word(*b"Type\0\0\0\0") => Meaning::Field(Key::EventType, true),
            (13, own) if own == word(*b"Category") => Meaning::Field(Key::EventCategory, true),
            _ => Meaning::Other,
        };
    }
    match (length, first) {
        (9, own) if own == word(*b"awsRegio") && tail == b"n" => Meaning::Field(Key::Region, false),
        (8, own) if own == word(*b"readOnly") => Meaning::Field(Key::ReadOnly, false),
        (9, own) if own == word(*b"resource") && tail == b"s" => Meaning::Resources,
        (12, own) if own == word(*b"userIden") && tail == b"tity" => Meaning::Identity,
        (9, own) if own == word(*b"errorCod") && tail == b"e" => Meaning::Field(Key::ErrorCode, false),
        (15, own) if own == word(*b"manageme") && tail == b"ntEvent" => {
            Meaning::Field(Key::ManagementEvent, false)
        }
        (18, own) if own == word(*b"recipien") && tail == b"tAccountId" => {
            Meaning::Field(Key::RecipientAccount, false)
        }
        (9, own) if own == word(*b"accountI") && tail == b"d" => Meaning::Field(Key::AccountId, false),
        (14, own) if own == word(*b"insightD") && tail == b"etails" => Meaning::Insight,
        (10, own) if own == word(*b"timeWind") && tail == b"ow" => Meaning::TimeWindow,
        (15, own) if own == word(*b"CloudTra") && tail == b"ilEvent" => {
            Meaning::Field(Key::CloudTrailEvent, false)
        }
        (15, own) if own == word(*b"digestSt") && tail == b"artTime" => Meaning::Digest(0),
        (13, own) if own == word(*b"digestEn") && tail == b"dTime" => Meaning::Digest(1),
        (6 | 7, _) if is_list_name(&text.bytes()[start..start + length]) => Meaning::List,
        _ => Meaning::Other,
    }
}

/// Tells whether a key names a list of records.
pub(super) fn is_list_name(name: &[u8]) -> bool {
    matches!(name, b"Records" | b"Events")
}

/// Where a member of an object stands.
pub(super) struct Member {
    /// First byte and length of the name, without quotes.
    start: usize,
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
        if !self.has_escapes {
            return raw;
        }
        scratch.clear();
        unescape(raw, scratch);
        scratch
    }

    /// Returns the name as it stands.
    #[inline(always)]
    pub(super) fn raw<'a>(&self, text: Text<'a>) -> &'a [u8] {
        &text.bytes()[self.start..self.start + self.length]
    }
}

/// Reads a name and the colon. `at` is the name's opening quote.
#[inline(always)]
pub(super) fn member<B: Blocks>(blocks: B, text: Text<'_>, at: usize) -> Result<Member, Stop> {
    if text.byte(at) != b'"' {
        return Err(stop(text, at));
    }
    let start = at + 1;
    let (end, has_escapes) = string_end(blocks, text, start)?;
    let mut value = end + 1;
    if text.byte(value) != b':' {
        value = text.skip_space(value);
        if text.byte(value) != b':' {
            return Err(stop(text, value));
        }
    }
    value = text.skip_space(value + 1);
    Ok(Member { start, length: end - start, has_escapes, value })
}

/// Returns the place behind a member's value: the next name, or the place behind the object.
#[inline(always)]
pub(super) fn next_member(text: Text<'_>, at: usize) -> Result<Result<usize, usize>, Stop> {
    let at = text.skip_space(at);
    match text.byte(at) {
        b',' => Ok(Ok(text.skip_space(at + 1))),
        b'}' if at < text.length() => Ok(Err(at + 1)),
        _ => Err(stop(text, at)),
    }
}

/// Reads a value that is a field; returns it and the place behind it.
#[inline(always)]
fn field<B: Blocks>(blocks: B, text: Text<'_>, at: usize) -> Result<(Span, usize), Stop> {
    match text.byte(at) {
        b'"' => {
            let (end, has_escapes) = string_end(blocks, text, at + 1)?;
            let kind = if has_escapes { Kind::Escaped } else { Kind::Plain };
            Ok((Span::new(at + 1, end, kind), end + 1))
        }
        b'{' | b'[' => Ok((Span::default(), container_end(blocks, text, at)?)),
        first => {
            let end = scalar_end(text, at)?;
            let span = if first == b'n' { Span::default() } else { Span::new(at, end, Kind::Bare) };
            Ok((span, end))
        }
    }
}

/// Returns the place of an object's first name, or the place behind an object without members.
#[inline(always)]
fn first_member(text: Text<'_>, at: usize) -> Result<usize, usize> {
    let at = text.skip_space(at + 1);
    if text.byte(at) == b'}' && at < text.length() { Err(at + 1) } else { Ok(at) }
}

/// Reads an object's members into fields, where it is an object; returns the place behind the value.
#[inline(always)]
fn fields<B: Blocks>(
    blocks: B,
    text: Text<'_>,
    at: usize,
    found: &mut Found,
    scratch: &mut Vec<u8>,
    names: &[(&[u8], Key)],
) -> Result<usize, Stop> {
    for (_, key) in names {
        found.set(*key, Span::default());
    }
    if text.byte(at) != b'{' {
        return value_end(blocks, text, at);
    }
    let mut at = match first_member(text, at) {
        Ok(at) => at,
        Err(end) => return Ok(end),
    };
    loop {
        let own = member(blocks, text, at)?;
        let name = own.name(text, scratch);
        let end = match names.iter().find(|(own, _)| *own == name) {
            Some((_, key)) => {
                let (span, end) = field(blocks, text, own.value)?;
                found.set(*key, span);
                end
            }
            None => value_end(blocks, text, own.value)?,
        };
        match next_member(text, end)? {
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
    for key in [Key::ResourceType, Key::ResourceArn, Key::BucketArn] {
        found.set(key, Span::default());
    }
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
    // By which name each was found: the earlier of a list of names counts.
    let mut kinds = [Span::default(); 2];
    let mut arns = [Span::default(); 4];
    let mut next = first_member(text, at);
    let end = loop {
        let at = match next {
            Ok(at) => at,
            Err(end) => break end,
        };
        let own = member(blocks, text, at)?;
        let slot = match own.name(text, scratch) {
            b"type" => Some(&mut kinds[0]),
            b"resourceType" => Some(&mut kinds[1]),
            b"ARN" => Some(&mut arns[0]),
            b"arn" => Some(&mut arns[1]),
            b"ARNPrefix" => Some(&mut arns[2]),
            b"resourceARN" => Some(&mut arns[3]),
            _ => None,
        };
        let end = match slot {
            Some(slot) => {
                let (span, end) = field(blocks, text, own.value)?;
                *slot = span;
                end
            }
            None => value_end(blocks, text, own.value)?,
        };
        next = next_member(text, end)?;
    };
    let first = |spans: &[Span]| {
        let is_string = |own: &&Span| matches!(own.kind, Kind::Plain | Kind::Escaped);
        spans.iter().find(is_string).copied().unwrap_or_default()
    };
    found.take_resource(text, first(&kinds), first(&arns), scratch);
    Ok(end)
}

/// Reads the record that begins with the `{` at `start`; returns the place behind it.
#[inline(always)]
pub(super) fn record<B: Blocks>(
    blocks: B,
    text: Text<'_>,
    start: usize,
    found: &mut Found,
    scratch: &mut Vec<u8>,
) -> Result<usize, Stop> {
    *found = Found::default();
    let mut at = match first_member(text, start) {
        Ok(at) => at,
        Err(end) => return Ok(end),
    };
    loop {
        let own = member(blocks, text, at)?;
        let what = if own.has_escapes {
            escaped_meaning(own.raw(text))
        } else {
            meaning(text, own.start, own.length)
        };
        let end = match what {
            Meaning::Other => value_end(blocks, text, own.value)?,
            Meaning::Field(key, every_event) => {
                let (span, end) = field(blocks, text, own.value)?;
                found.is_event |= every_event;
                found.set(key, span);
                end
            }
            Meaning::EventVersion => {
                found.is_event = true;
                value_end(blocks, text, own.value)?
            }
            Meaning::Identity => {
                const NAMES: [(&[u8], Key); 4] = [
                    (b"type", Key::IdentityType),
                    (b"arn", Key::IdentityArn),
                    (b"accountId", Key::IdentityAccount),
                    (b"invokedBy", Key::InvokedBy),
                ];
                fields(blocks, text, own.value, found, scratch, &NAMES)?
            }
            Meaning::Resources => resources(blocks, text, own.value, found, scratch)?,
            Meaning::Insight => {
                const NAMES: [(&[u8], Key); 2] =
                    [(b"eventSource", Key::InsightSource), (b"eventName", Key::InsightName)];
                fields(blocks, text, own.value, found, scratch, &NAMES)?
            }
            Meaning::TimeWindow => {
                fields(blocks, text, own.value, found, scratch, &[(b"windowStart", Key::WindowStart)])?
            }
            Meaning::List => {
                found.has_list |= text.byte(own.value) == b'[';
                value_end(blocks, text, own.value)?
            }
            Meaning::Digest(part) => {
                found.digest[part] = true;
                value_end(blocks, text, own.value)?
            }
        };
        match next_member(text, end)? {
            Ok(next) => at = next,
            Err(end) => return Ok(end),
        }
    }
}

/// Tells what a key with escapes means, which no log has and any text may.
#[cold]
fn escaped_meaning(raw: &[u8]) -> Meaning {
    let mut name = Vec::new();
    unescape(raw, &mut name);
    let length = name.len();
    name.resize(length + super::PADDING, 0);
    meaning(Text::new(&name), 0, length)
}
