//! From a text, whole or piece by piece, to records.

use super::blocks::{Blocks, Portable, Task};
use super::members::{Member, member, next_member};
use super::record::{Found, Key, Room, is_list_name, record};
use super::span::Kind;
use super::text::{PADDING, Text};
use super::values::{Stop, unescape, value_end};

/// Who takes what is found.
pub(in crate::sources::logs) trait Sink {
    /// Takes an event: its own bytes, and where its fields stand in `text`.
    fn event(&mut self, text: Text<'_>, record: &[u8], found: &Found);
    /// Takes an event that the event history answered with.
    fn answer(&mut self, text: Text<'_>, record: &[u8], found: &Found) {
        self.event(text, record, found);
    }
    /// Takes a value that stands where an event should and is none.
    fn not_an_event(&mut self);
    /// Takes the content of a digest file.
    fn digest(&mut self);
}

/// How a piece of text ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::sources::logs) enum FeedEnd {
    /// All is read up to this place; more may follow it.
    Read(usize),
    /// At this place stands something that no JSON has.
    Bad(usize),
}

/// Where in the text the reader is, between values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    /// Between values that stand one after another.
    Top,
    /// In an object with lists: before a name.
    Members,
    /// In an object with lists: behind a value.
    AfterMember,
    /// In a list: before a value, or before the end where it is empty.
    Elements { list: List, first: bool },
    /// In a list: behind a value.
    AfterElement { list: List },
    /// Within something too large to be held: brackets open, whether in a string, behind a backslash, and behind the
    /// colon of a member.
    Passing { depth: u64, string: bool, backslash: bool, named: bool, back: Back },
}

/// What a list is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct List {
    /// Its elements are answers of the event history, with the record as a text inside.
    of_answers: bool,
    /// It stands in an object.
    in_object: bool,
}

/// Where to go on behind something passed over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Back {
    Top,
    Member,
    Element(List),
}

/// Reads a text into records; where it stops, it can go on with more text.
#[derive(Debug)]
pub(in crate::sources::logs) struct Feed {
    place: Place,
    room: Room,
    scratch: Vec<u8>,
    inner: Vec<u8>,
}

/// A reading that is to be done with masks of some kind.
struct Reading<'a, S> {
    feed: &'a mut Feed,
    text: Text<'a>,
    last: bool,
    sink: &'a mut S,
}

impl<S: Sink> Task for Reading<'_, S> {
    type Output = FeedEnd;

    #[inline(always)]
    fn run<B: Blocks>(self, blocks: B) -> FeedEnd {
        self.feed.read_with(blocks, self.text, self.last, self.sink)
    }
}

impl Default for Feed {
    fn default() -> Self {
        Self { place: Place::Top, room: Room::default(), scratch: Vec::new(), inner: Vec::new() }
    }
}

impl Feed {
    /// Begins a new text.
    pub(in crate::sources::logs) fn restart(&mut self) {
        self.place = Place::Top;
    }

    /// Tells whether the text may end here.
    pub(in crate::sources::logs) fn is_between_values(&self) -> bool {
        self.place == Place::Top
    }

    /// Reads as far as whole values go. `last` says that no more text follows.
    pub(in crate::sources::logs) fn read(
        &mut self,
        text: Text<'_>,
        last: bool,
        sink: &mut impl Sink,
    ) -> FeedEnd {
        #[cfg(target_arch = "x86_64")]
        {
            use crate::sources::logs::raw::{Avx2, Avx512};
            if let Some(fast) = Avx512::detect() {
                return fast.run(Reading { feed: self, text, last, sink });
            }
            if let Some(fast) = Avx2::detect() {
                return fast.run(Reading { feed: self, text, last, sink });
            }
        }
        self.read_with(Portable, text, last, sink)
    }

    /// Reads with masks of one kind.
    #[inline(always)]
    pub(super) fn read_with<B: Blocks>(
        &mut self,
        blocks: B,
        text: Text<'_>,
        last: bool,
        sink: &mut impl Sink,
    ) -> FeedEnd {
        let mut at = 0;
        loop {
            at = if matches!(self.place, Place::Passing { .. }) { at } else { text.skip_space(at) };
            if at >= text.length() {
                return FeedEnd::Read(at.min(text.length()));
            }
            match self.step(blocks, text, at, last, sink) {
                Ok(next) => at = next,
                Err(Stop::Incomplete) => return FeedEnd::Read(at),
                Err(Stop::Bad) => return FeedEnd::Bad(at),
            }
        }
    }

    /// Takes one step; the place it is taken from stays where the text does not suffice.
    #[inline(always)]
    fn step<B: Blocks>(
        &mut self,
        blocks: B,
        text: Text<'_>,
        at: usize,
        last: bool,
        sink: &mut impl Sink,
    ) -> Result<usize, Stop> {
        match self.place {
            Place::Elements { list, first } => match text.byte(at) {
                b'{' => {
                    let end = self.element(blocks, text, at, list, sink)?;
                    self.place = Place::AfterElement { list };
                    Ok(end)
                }
                b']' if first => Ok(self.leave(list, at)),
                _ => {
                    let end = value_end(blocks, text, at)?;
                    sink.not_an_event();
                    self.place = Place::AfterElement { list };
                    Ok(end)
                }
            },
            Place::AfterElement { list } => match text.byte(at) {
                b',' => {
                    self.place = Place::Elements { list, first: false };
                    Ok(at + 1)
                }
                b']' => Ok(self.leave(list, at)),
                _ => Err(Stop::Bad),
            },
            Place::Members => {
                let own = member(text, at)?;
                if let Some(list) = self.list_at(text, &own) {
                    self.place = Place::Elements { list, first: true };
                    return Ok(own.value + 1);
                }
                let end = value_end(blocks, text, own.value)?;
                self.place = Place::AfterMember;
                Ok(end)
            }
            Place::AfterMember => match text.byte(at) {
                b',' => {
                    self.place = Place::Members;
                    Ok(at + 1)
                }
                b'}' => {
                    self.place = Place::Top;
                    Ok(at + 1)
                }
                _ => Err(Stop::Bad),
            },
            Place::Top => self.top(blocks, text, at, last, sink),
            Place::Passing { .. } => Ok(self.pass(text, at)),
        }
    }

    /// Leaves a list behind its `]`.
    fn leave(&mut self, list: List, at: usize) -> usize {
        self.place = if list.in_object { Place::AfterMember } else { Place::Top };
        at + 1
    }

    /// Returns the list that a member is, if it is one.
    #[inline(always)]
    fn list_at(&mut self, text: Text<'_>, own: &Member) -> Option<List> {
        if text.byte(own.value) != b'[' {
            return None;
        }
        let name = own.name(text, &mut self.scratch);
        is_list_name(name).then(|| List { of_answers: name == b"Events", in_object: true })
    }

    /// Reads a value that stands in no list.
    #[inline(always)]
    fn top<B: Blocks>(
        &mut self,
        blocks: B,
        text: Text<'_>,
        at: usize,
        last: bool,
        sink: &mut impl Sink,
    ) -> Result<usize, Stop> {
        match text.byte(at) {
            b'[' => {
                let plain = List { of_answers: false, in_object: false };
                self.place = Place::Elements { list: plain, first: true };
                Ok(at + 1)
            }
            b'{' => {
                if let Some((list, value)) = self.first_list(blocks, text, at)? {
                    self.place = Place::Elements { list, first: true };
                    return Ok(value + 1);
                }
                let mut found = Found::default();
                let end = record(blocks, text, at, &mut found, &mut self.room);
                if found.has_list && (last || end != Err(Stop::Incomplete)) {
                    // The list stands behind keys of an event: the object is no event all the same, and what is in the list
                    // counts even where the object is damaged behind it.
                    self.place = Place::Members;
                    return Ok(at + 1);
                }
                let end = end?;
                let answer = found.get(Key::CloudTrailEvent);
                if found.is_digest() {
                    sink.digest();
                } else if found.is_event {
                    sink.event(text, &text.bytes()[at..end], &found);
                } else if matches!(answer.kind(), Kind::Plain | Kind::Escaped) {
                    self.answer(answer.raw(text), sink);
                } else {
                    sink.not_an_event();
                }
                Ok(end)
            }
            _ => {
                let end = value_end(blocks, text, at)?;
                // A number may go on in the text that follows.
                if end >= text.length() && !last {
                    return Err(Stop::Incomplete);
                }
                sink.not_an_event();
                Ok(end)
            }
        }
    }

    /// Returns the list that an object begins with, if a list comes before any key of an event.
    #[inline(always)]
    fn first_list<B: Blocks>(
        &mut self,
        blocks: B,
        text: Text<'_>,
        at: usize,
    ) -> Result<Option<(List, usize)>, Stop> {
        let mut at = text.skip_space(at + 1);
        if text.byte(at) == b'}' && at < text.length() {
            return Ok(None);
        }
        loop {
            let own = member(text, at)?;
            if own.value >= text.length() {
                return Err(Stop::Incomplete);
            }
            if let Some(list) = self.list_at(text, &own) {
                return Ok(Some((list, own.value)));
            }
            if own.raw(text).starts_with(b"event") {
                return Ok(None);
            }
            match next_member(text, value_end(blocks, text, own.value)?)? {
                Ok(next) => at = next,
                Err(_) => return Ok(None),
            }
        }
    }

    /// Reads an object that stands in a list.
    #[inline(always)]
    fn element<B: Blocks>(
        &mut self,
        blocks: B,
        text: Text<'_>,
        at: usize,
        list: List,
        sink: &mut impl Sink,
    ) -> Result<usize, Stop> {
        let mut found = Found::default();
        let end = record(blocks, text, at, &mut found, &mut self.room)?;
        if found.is_event && !list.of_answers {
            sink.event(text, &text.bytes()[at..end], &found);
        } else {
            self.seldom(text, &text.bytes()[at..end], &found, sink);
        }
        Ok(end)
    }

    /// Takes an element that is no plain event: an answer of the event history, or nothing that counts.
    #[cold]
    fn seldom(&mut self, text: Text<'_>, element: &[u8], found: &Found, sink: &mut impl Sink) {
        let answer = found.get(Key::CloudTrailEvent);
        if matches!(answer.kind(), Kind::Plain | Kind::Escaped) {
            self.answer(answer.raw(text), sink);
        } else if found.is_event {
            sink.event(text, element, found);
        } else {
            sink.not_an_event();
        }
    }

    /// Reads the record in an answer's text.
    #[cold]
    fn answer(&mut self, raw: &[u8], sink: &mut impl Sink) {
        let mut inner = std::mem::take(&mut self.inner);
        inner.clear();
        unescape(raw, &mut inner);
        inner.resize(inner.len() + PADDING, 0);
        let text = Text::new(&inner);
        let start = text.skip_space(0);
        let mut found = Found::default();
        let end = if text.byte(start) == b'{' {
            record(Portable, text, start, &mut found, &mut self.room)
        } else {
            Err(Stop::Bad)
        };
        match end {
            Ok(end) if found.is_event && text.skip_space(end) == text.length() => {
                sink.answer(text, &text.bytes()[start..end], &found);
            }
            _ => sink.not_an_event(),
        }
        self.inner = inner;
    }

    /// Passes over the value that stands next, and that is too large to be held. Tells whether one does.
    pub(in crate::sources::logs) fn pass_over(&mut self) -> bool {
        let back = match self.place {
            Place::Top => Back::Top,
            Place::Elements { list, .. } => Back::Element(list),
            Place::Members => Back::Member,
            _ => return false,
        };
        let named = back != Back::Member;
        self.place = Place::Passing { depth: 0, string: false, backslash: false, named, back };
        true
    }

    /// Passes over text byte by byte until the value ends.
    fn pass(&mut self, text: Text<'_>, start: usize) -> usize {
        let Place::Passing { mut depth, mut string, mut backslash, mut named, back } = self.place else {
            return start;
        };
        let bytes = text.bytes();
        let mut next = start;
        while let Some(byte) = bytes.get(next) {
            let at = next;
            next += 1;
            if backslash {
                backslash = false;
                continue;
            }
            if string && !matches!(byte, b'"' | b'\\') {
                // Strings are what is large: on to where this one may end.
                next = memchr::memchr2(b'"', b'\\', &bytes[at..]).map_or(bytes.len(), |length| at + length);
                continue;
            }
            match byte {
                b'\\' if string => backslash = true,
                b'"' => string = !string,
                b'{' | b'[' if !string => depth += 1,
                b'}' | b']' if !string => depth = depth.saturating_sub(1),
                _ => {}
            }
            if !named {
                named = *byte == b':' && !string;
                continue;
            }
            let ends = depth == 0 && !string && matches!(byte, b'}' | b']' | b'"');
            if ends {
                self.place = match back {
                    Back::Top => Place::Top,
                    Back::Member => Place::AfterMember,
                    Back::Element(list) => Place::AfterElement { list },
                };
                return at + 1;
            }
        }
        self.place = Place::Passing { depth, string, backslash, named, back };
        text.length()
    }
}
