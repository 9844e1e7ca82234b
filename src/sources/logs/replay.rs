//! Selectors tried on each event: which of them select it.

use super::scan::{Found, Key, Kind, Sink, Span, Text};
use super::tally::{self, Tally};
use crate::domain::{AdvancedEventSelector, EventCategory, Field, LogAccess, LogCategory};
use serde::Deserialize;
use std::borrow::Cow;

/// Counts events, each with the selectors that select it.
#[derive(Debug)]
pub(super) struct Replaying<'a> {
    pub(super) tally: &'a mut Tally,
    pub(super) selectors: &'a [AdvancedEventSelector],
}

impl Sink for Replaying<'_> {
    fn event(&mut self, text: Text<'_>, record: &[u8], found: &Found) {
        let mut scratch = Vec::new();
        let event = Event {
            text,
            record,
            found,
            category: tally::category(text, found, &mut scratch),
            access: tally::access(text, found, &mut scratch),
        };
        self.tally.head.clear();
        self.tally.head.extend([0; 2]);
        if let Some(category) = selectable(event.category) {
            for (at, own) in (0_u16..).zip(self.selectors) {
                if own.category == category && own.fields.iter().all(|test| event.passes(test)) {
                    self.tally.head.extend_from_slice(&at.to_le_bytes());
                }
            }
        }
        self.tally.event(text, record, found);
    }

    fn answer(&mut self, text: Text<'_>, record: &[u8], found: &Found) {
        self.tally.answer(text, record, found);
    }

    fn not_an_event(&mut self) {
        self.tally.not_an_event();
    }

    fn digest(&mut self) {
        self.tally.digest();
    }
}

/// Returns the category that selectors name; Insights events and summaries are not selected by them.
fn selectable(own: LogCategory) -> Option<EventCategory> {
    match own {
        LogCategory::Management => Some(EventCategory::Management),
        LogCategory::Data => Some(EventCategory::Data),
        LogCategory::NetworkActivity => Some(EventCategory::NetworkActivity),
        LogCategory::Insight | LogCategory::Aggregated | LogCategory::Other => None,
    }
}

/// An event whose fields are looked at as selectors ask for them.
struct Event<'a> {
    text: Text<'a>,
    record: &'a [u8],
    found: &'a Found,
    category: LogCategory,
    access: LogAccess,
}

/// Fields that no count needs.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Seldom<'a> {
    #[serde(borrow)]
    session_credential_from_console: Option<Cow<'a, str>>,
    #[serde(borrow)]
    vpc_endpoint_id: Option<Cow<'a, str>>,
}

impl<'a> Event<'a> {
    fn passes(&self, test: &crate::domain::FieldSelector) -> bool {
        test.holds(self.value(test.field).as_deref().filter(|own| !own.is_empty()))
    }

    /// Returns what the event has in a field.
    fn value(&self, field: Field) -> Option<Cow<'a, [u8]>> {
        let key = match field {
            Field::EventCategory => {
                let own: &[u8] = match self.category {
                    LogCategory::Management => b"Management",
                    LogCategory::Data => b"Data",
                    _ => b"NetworkActivity",
                };
                return Some(own.into());
            }
            Field::ReadOnly => {
                let own: &[u8] = match self.access {
                    LogAccess::Read => b"true",
                    LogAccess::Write => b"false",
                    LogAccess::Unknown => return None,
                };
                return Some(own.into());
            }
            Field::EventName => Key::EventName,
            Field::EventSource => Key::EventSource,
            Field::EventType => Key::EventType,
            Field::UserIdentityArn => Key::IdentityArn,
            Field::ErrorCode => Key::ErrorCode,
            Field::ResourcesType => Key::ResourceType,
            Field::ResourcesArn => return self.string(tally::resource_arn(self.text, self.found)),
            Field::SessionCredentialFromConsole => {
                return self.seldom().session_credential_from_console.map(bytes);
            }
            Field::VpcEndpointId => return self.seldom().vpc_endpoint_id.map(bytes),
        };
        self.string(self.found.get(key))
    }

    fn string(&self, span: Span) -> Option<Cow<'a, [u8]>> {
        let mut scratch = Vec::new();
        match span.kind() {
            Kind::Plain => Some(span.raw(self.text).into()),
            Kind::Escaped => span.string(self.text, &mut scratch).map(|own| own.to_vec().into()),
            Kind::Absent | Kind::Bare => None,
        }
    }

    /// Reads the record once more; one that is no UTF-8 has none of these fields.
    fn seldom(&self) -> Seldom<'a> {
        serde_json::from_slice(self.record).unwrap_or_default()
    }
}

fn bytes(own: Cow<'_, str>) -> Cow<'_, [u8]> {
    match own {
        Cow::Borrowed(own) => own.as_bytes().into(),
        Cow::Owned(own) => own.into_bytes().into(),
    }
}
