//! From the rows of the counting queries back to the counts of `measure logs`.

use super::answer::{AnswerError, AnswerRow, wrong};
use super::place::AthenaLogs;
use super::stored::StoredLogs;
use crate::domain::{
    CountedFrom, Date, LogAccess, LogCategory, LogCounts, LogError, LogFolder, LogHour, LogIdentity,
    LogResource, LogRow, LogSelf, LogSum, SelfLogging, SharedCopies,
};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

type RowKey = (Option<Date>, Arc<str>, Arc<str>, LogCategory, Arc<str>, Arc<str>, LogAccess);

/// The counts so far; rows are taken in one by one.
#[derive(Debug, Default)]
pub struct Counting {
    names: BTreeSet<Arc<str>>,
    rows: BTreeMap<RowKey, LogSum>,
    counts: LogCounts,
}

const CATEGORIES: [LogCategory; 6] = LogCategory::ALL;
const ACCESSES: [LogAccess; 3] = [LogAccess::Read, LogAccess::Write, LogAccess::Unknown];
const CAUSES: [SelfLogging; 3] = [SelfLogging::Delivery, SelfLogging::Kms, SelfLogging::LogBucket];

impl Counting {
    /// Takes in a row of the query `count-events`.
    ///
    /// # Errors
    /// When it is no such row.
    pub fn event_row(&mut self, row: AnswerRow<'_>) -> Result<(), AnswerError> {
        match row.name("counted")? {
            "events" => {
                let sum = LogSum {
                    events: row.count("events")?,
                    errors: row.count("errors")?,
                    ..LogSum::default()
                };
                self.counts.without_event_id += row.count("without_event_id")?;
                let key = self.key(row)?;
                self.rows.entry(key).or_default().add(sum);
            }
            "hours" => self.hour(row)?,
            "resources" => self.resource(row)?,
            "identities" => self.counts.identities.push(LogIdentity {
                account: row.name("account")?.to_owned(),
                kind: row.name("identity_type")?.to_owned(),
                arn: row.name("identity_arn")?.to_owned(),
                invoked_by: row.name("invoked_by")?.to_owned(),
                events: row.count("events")?,
                bytes: 0,
            }),
            "errors" => {
                if let Some(code) = row.text("error_code")? {
                    self.counts.errors.push(LogError {
                        account: row.name("account")?.to_owned(),
                        event_source: row.name("event_source")?.to_owned(),
                        error_code: code.to_owned(),
                        events: row.count("events")?,
                    });
                }
            }
            "self_logging" => {
                if row.text("caused_by_logging")?.is_some() {
                    self.counts.self_logging.push(LogSelf {
                        account: row.name("account")?.to_owned(),
                        region: row.name("region")?.to_owned(),
                        kind: row.one_of("caused_by_logging", &CAUSES, SelfLogging::name, "cause")?,
                        category: row.one_of("category", &CATEGORIES, LogCategory::name, "category")?,
                        events: row.count("events")?,
                        bytes: 0,
                    });
                }
            }
            other => return Err(wrong("counted", other, "table of the counts")),
        }
        Ok(())
    }

    /// Takes in a row of the query `count-copies`.
    ///
    /// # Errors
    /// When it is no such row.
    pub fn copies_row(&mut self, row: AnswerRow<'_>) -> Result<(), AnswerError> {
        let copies = row.count("copies")?;
        let key = self.key(row)?;
        self.rows.entry(key).or_default().copies += copies;
        Ok(())
    }

    /// Returns the counts; `stored` is what was listed of the log files, if they were.
    pub fn finish(self, logs: &AthenaLogs, stored: Option<&StoredLogs>) -> LogCounts {
        let mut counts = self.counts;
        counts.from = CountedFrom::Athena { listed: stored.is_some() };
        counts.rows = self
            .rows
            .into_iter()
            // A delivery that came between the two queries is a copy of something that was not counted.
            .filter(|(_, sum)| sum.events > 0)
            .map(|((day, account, region, category, event_source, event_name, access), mut sum)| {
                sum.copies = sum.copies.min(sum.events);
                LogRow {
                    day,
                    folder: 0,
                    account,
                    region,
                    category,
                    event_source,
                    event_name,
                    access,
                    selected_by: std::sync::Arc::default(),
                    sum,
                }
            })
            .collect();
        counts.hours.sort_by_key(|own| (own.day, own.hour));
        counts.resources.sort_by(|one, two| {
            let key = |own: &LogResource| {
                (own.account.clone(), own.region.clone(), own.resource_type.clone(), own.resource.clone())
            };
            key(one).cmp(&key(two))
        });
        counts.identities.sort_by(|one, two| {
            let key = |own: &LogIdentity| {
                (own.account.clone(), own.kind.clone(), own.arn.clone(), own.invoked_by.clone())
            };
            key(one).cmp(&key(two))
        });
        counts.errors.sort_by(|one, two| {
            let key =
                |own: &LogError| (own.account.clone(), own.event_source.clone(), own.error_code.clone());
            key(one).cmp(&key(two))
        });
        counts.self_logging.sort_by(|one, two| {
            let key = |own: &LogSelf| (own.account.clone(), own.region.clone(), own.kind, own.category);
            key(one).cmp(&key(two))
        });
        let all = counts.sum(|_| true);
        counts.copies_same_folder = all.copies;
        if all.copies > 0 {
            counts.shared = vec![SharedCopies { folders: vec![0], events: 0, copies: all.copies }];
        }
        let mut folder = LogFolder {
            path: logs.folder().trim_end_matches('/').to_owned(),
            organization: logs.organization().map(str::to_owned),
            events: all.events,
            ..LogFolder::default()
        };
        if let Some(stored) = stored {
            counts.files = stored.files();
            folder.log_files = counts.files.log_files;
            folder.stored_bytes = counts.files.stored_bytes;
        }
        counts.folders = vec![folder];
        counts
    }

    fn name(&mut self, text: &str) -> Arc<str> {
        if let Some(own) = self.names.get(text) {
            return Arc::clone(own);
        }
        let own: Arc<str> = Arc::from(text);
        self.names.insert(Arc::clone(&own));
        own
    }

    fn key(&mut self, row: AnswerRow<'_>) -> Result<RowKey, AnswerError> {
        Ok((
            day(row)?,
            self.name(row.name("account")?),
            self.name(row.name("region")?),
            row.one_of("category", &CATEGORIES, LogCategory::name, "category")?,
            self.name(row.name("event_source")?),
            self.name(row.name("event_name")?),
            row.one_of("access", &ACCESSES, LogAccess::name, "access")?,
        ))
    }

    fn hour(&mut self, row: AnswerRow<'_>) -> Result<(), AnswerError> {
        let (Some(day), Some(text)) = (day(row)?, row.text("hour")?) else { return Ok(()) };
        let hour =
            text.parse::<u8>().ok().filter(|own| *own < 24).ok_or_else(|| wrong("hour", text, "hour"))?;
        self.counts.hours.push(LogHour { day, hour, events: row.count("events")? });
        Ok(())
    }

    fn resource(&mut self, row: AnswerRow<'_>) -> Result<(), AnswerError> {
        // Only data events are about a resource.
        let Some(resource_type) = row.text("resource_type")? else { return Ok(()) };
        let (events, read, write) = (row.count("events")?, row.count("read")?, row.count("write")?);
        let unknown = read
            .checked_add(write)
            .and_then(|known| events.checked_sub(known))
            .ok_or_else(|| wrong("events", &events.to_string(), "sum of reads and writes"))?;
        self.counts.resources.push(LogResource {
            account: row.name("account")?.to_owned(),
            region: row.name("region")?.to_owned(),
            resource_type: resource_type.to_owned(),
            resource: row.name("resource")?.to_owned(),
            read,
            write,
            unknown,
            bytes: 0,
        });
        Ok(())
    }
}

/// Returns the row's day; nothing where the events do not say.
fn day(row: AnswerRow<'_>) -> Result<Option<Date>, AnswerError> {
    match row.name("day")? {
        "unknown" => Ok(None),
        text => text.parse().map(Some).map_err(|_| wrong("day", text, "day")),
    }
}
