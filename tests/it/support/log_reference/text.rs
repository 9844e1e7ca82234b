//! A text to its records, as far as it can be read.

use serde_json::Value;
use serde_json::value::RawValue;

/// A record, or what stands in its place.
#[derive(Debug, Clone)]
pub(crate) struct Record {
    /// The whole record; escapes are resolved, the last of two equal keys holds.
    pub(crate) value: Value,
    /// Its length in the text.
    pub(crate) bytes: u64,
    /// Whether the event history answered with it.
    pub(crate) looked_up: bool,
}

/// Why a text ends before its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Damage {
    /// `truncated_json`
    Truncated,
    /// `not_json`
    NotJson,
}

/// All that a text holds.
#[derive(Debug, Default)]
pub(crate) struct Text {
    pub(crate) records: Vec<Record>,
    /// Values where records are expected that are none.
    pub(crate) no_events: u64,
    pub(crate) damage: Option<Damage>,
    pub(crate) digest: bool,
}

impl Text {
    /// Reads a text; what is no UTF-8, and NUL, may stand in strings.
    pub(crate) fn read(raw: &[u8]) -> Self {
        let raw = raw.strip_prefix(b"\xef\xbb\xbf").unwrap_or(raw);
        let text = readable(raw);
        let mut reading = Reading { text: &text, at: 0, found: Self::default() };
        while reading.space() {
            if let Err(damage) = reading.value() {
                reading.found.damage = Some(damage);
                break;
            }
        }
        reading.found
    }
}

/// The text with a question mark for each byte that serde_json refuses and the program accepts.
fn readable(raw: &[u8]) -> String {
    let mut text = String::new();
    for chunk in raw.utf8_chunks() {
        text.push_str(&chunk.valid().replace('\0', "?"));
        text.push_str(&"?".repeat(chunk.invalid().len()));
    }
    text
}

struct Reading<'a> {
    text: &'a str,
    at: usize,
    found: Text,
}

impl<'a> Reading<'a> {
    /// Skips white space; false at the end.
    fn space(&mut self) -> bool {
        let rest = &self.text[self.at..];
        self.at += rest.len() - rest.trim_start_matches([' ', '\t', '\r', '\n']).len();
        self.at < self.text.len()
    }

    /// The next byte that is no white space.
    fn peek(&mut self) -> Result<u8, Damage> {
        if self.space() { Ok(self.text.as_bytes()[self.at]) } else { Err(Damage::Truncated) }
    }

    /// Takes one of these bytes.
    fn expect(&mut self, wanted: &[u8]) -> Result<u8, Damage> {
        let found = self.peek()?;
        if !wanted.contains(&found) {
            return Err(Damage::NotJson);
        }
        self.at += 1;
        Ok(found)
    }

    /// Takes a whole value, whatever it is.
    fn whole(&mut self) -> Result<&'a RawValue, Damage> {
        self.peek()?;
        let mut stream = serde_json::Deserializer::from_str(&self.text[self.at..]).into_iter::<&RawValue>();
        match stream.next() {
            Some(Ok(value)) => {
                self.at += stream.byte_offset();
                Ok(value)
            }
            Some(Err(error)) if !error.is_eof() => Err(Damage::NotJson),
            _ => Err(Damage::Truncated),
        }
    }

    /// One value of the text's top level.
    fn value(&mut self) -> Result<(), Damage> {
        match self.peek()? {
            b'[' => self.list(false),
            b'{' => self.object(),
            _ => {
                self.whole()?;
                self.found.no_events += 1;
                Ok(())
            }
        }
    }

    /// An object: a container of records, a digest, or itself a record.
    fn object(&mut self) -> Result<(), Damage> {
        let start = self.at;
        self.at += 1;
        let (mut container, mut begins, mut ends) = (false, false, false);
        if self.peek()? == b'}' {
            self.at += 1;
        } else {
            loop {
                if self.peek()? != b'"' {
                    return Err(Damage::NotJson);
                }
                let key: String = serde_json::from_str(self.whole()?.get()).map_err(|_| Damage::NotJson)?;
                self.expect(b":")?;
                match key.as_str() {
                    "Records" | "Events" if self.peek()? == b'[' => {
                        container = true;
                        self.list(key == "Events")?;
                    }
                    other => {
                        begins |= other == "digestStartTime";
                        ends |= other == "digestEndTime";
                        self.whole()?;
                    }
                }
                if self.expect(b",}")? == b'}' {
                    break;
                }
            }
        }
        if container {
        } else if begins && ends {
            self.found.digest = true;
        } else {
            self.answer_or_record(&self.text[start..self.at], false);
        }
        Ok(())
    }

    /// A list of records.
    fn list(&mut self, looked_up: bool) -> Result<(), Damage> {
        self.at += 1;
        if self.peek()? == b']' {
            self.at += 1;
            return Ok(());
        }
        loop {
            let element = self.whole()?.get();
            self.answer_or_record(element, looked_up);
            if self.expect(b",]")? == b']' {
                return Ok(());
            }
        }
    }

    /// An answer of the event history, which is no event itself unless it stands among such answers, or a record.
    fn answer_or_record(&mut self, text: &str, among_answers: bool) {
        let value = serde_json::from_str::<Value>(text).unwrap_or_default();
        match value.get("CloudTrailEvent").and_then(Value::as_str) {
            Some(inner) if among_answers || !is_event(&value) => self.record(inner, true),
            _ => self.record(text, false),
        }
    }

    fn record(&mut self, text: &str, looked_up: bool) {
        // Nesting beyond what serde_json follows is in no record of these archives.
        let value = serde_json::from_str::<Value>(text).unwrap_or_default();
        if is_event(&value) {
            self.found.records.push(Record { value, bytes: u64::try_from(text.len()).unwrap(), looked_up });
        } else {
            self.found.no_events += 1;
        }
    }
}

fn is_event(value: &Value) -> bool {
    const NAMES: [&str; 8] = [
        "eventVersion",
        "eventTime",
        "eventName",
        "eventSource",
        "eventID",
        "eventId",
        "eventType",
        "eventCategory",
    ];
    NAMES.iter().any(|name| value.get(name).is_some())
}
