//! The table of many accounts beside a scenario: one row for each account and Region.
//!
//! Columns: `account` and `region`; then, in any order, the names of `[[volume]]` (`paid_management_events` …), of
//! `management` with the prefix `management_` (`management_read`, `management_kms_write` …), `data:<type>:read`,
//! `data:<type>:write`, `data:<type>:events` for activity by resource type, and `usage:<usage type>`. An empty field says
//! nothing; `unknown` says that nobody knows.

use super::bill_names::{BILL_NAMES, SERVICE};
use super::lower::{Lowering, region_label};
use super::lower_accounts::expected_in;
use super::quantity_text::{Expected, QuantityInput, understand};
use crate::domain::{
    Access, Account, AccountId, Amount, Component, Diagnostic, EventClass, EventCount, EventSource, Place,
    Provenance, RegionCode, Unit, Volume, field_span, nearest, open_quote,
};
use std::collections::{BTreeMap, BTreeSet};

/// What a column holds.
enum Column {
    Account,
    Region,
    /// Events of a class, by its position in the observations.
    Activity(u32),
    /// A volume given directly.
    Volume {
        service: String,
        usage_type: String,
        unit: Unit,
        component: Component,
        expected: Expected,
    },
}

/// Reads the table into the model.
pub(super) fn read(lowering: &mut Lowering<'_>, name: &str, text: &str, source: u16) {
    let mut reader = csv::ReaderBuilder::new().from_reader(text.as_bytes());
    let headers = match reader.headers() {
        Ok(headers) => headers.clone(),
        Err(error) => {
            lowering.found.push(Diagnostic::error(name, format!("not a CSV file: {error}")));
            return;
        }
    };
    let Some(columns) = columns(lowering, name, text, &headers) else {
        return;
    };
    if let Some(at) = open_quote(text) {
        let finding = Diagnostic::error(name, "a quote is opened and never closed").at(at..at + 1);
        lowering.found.push(finding.hint("close it; to the end of the file everything would be one field"));
        return;
    }
    let mut table = Table {
        name,
        text,
        source,
        columns,
        accounts: lowering
            .model
            .inventory
            .accounts
            .iter()
            .map(|own| (own.id.to_string(), own.id.clone()))
            .collect(),
        regions: BTreeMap::new(),
        seen: BTreeSet::new(),
        findings: Vec::new(),
    };
    let mut record = csv::StringRecord::new();
    loop {
        match reader.read_record(&mut record) {
            Ok(false) => break,
            Ok(true) => table.row(lowering, &record),
            Err(error) => {
                if let csv::ErrorKind::UnequalLengths { expected_len, len, .. } = error.kind() {
                    let start = record_start(text, error.position());
                    let end = text[start..].find(['\r', '\n']).map_or(text.len(), |length| start + length);
                    let finding =
                        Diagnostic::error(name, format!("{len} fields where the header has {expected_len}"));
                    let hint = "a field with a comma in it stands in quotes";
                    table.findings.push(finding.at(start..end).hint(hint));
                } else {
                    table.findings.push(Diagnostic::error(name, format!("not a CSV file: {error}")));
                    break;
                }
            }
        }
        if table.findings.len() >= MOST_FINDINGS {
            table
                .findings
                .push(Diagnostic::error(name, "too many errors; the rest of the table was not read"));
            break;
        }
    }
    if table.seen.is_empty() && table.findings.is_empty() {
        let finding = Diagnostic::error(name, "the table has a header and no rows");
        table.findings.push(finding.hint("add a row for each account and Region"));
    }
    lowering.found.items.append(&mut table.findings);
}

/// Returns the first byte of a record; line ends before it belong to nobody.
fn record_start(text: &str, position: Option<&csv::Position>) -> usize {
    let start = position.map_or(0, csv::Position::byte);
    let start = usize::try_from(start).unwrap_or_default().min(text.len());
    start + text[start..].len() - text[start..].trim_start_matches(['\r', '\n']).len()
}

/// So many errors in one table are enough.
const MOST_FINDINGS: usize = 100;

fn columns(
    lowering: &mut Lowering<'_>,
    name: &str,
    text: &str,
    headers: &csv::StringRecord,
) -> Option<Vec<Column>> {
    let mut columns = Vec::new();
    let mut complete = true;
    let mut seen = BTreeSet::new();
    for (at, header) in headers.iter().enumerate() {
        let header = header.trim();
        if !seen.insert(header.to_owned()) {
            let finding = Diagnostic::error(name, format!("the column `{header}` occurs twice"));
            lowering.found.push(finding.at(field_span(text, 0, at)));
            complete = false;
            continue;
        }
        match column(lowering, name, header, at, text) {
            Some(column) => columns.push(column),
            None => complete = false,
        }
    }
    for wanted in ["account", "region"] {
        if !seen.contains(wanted) {
            let finding = Diagnostic::error(name, format!("the table has no column `{wanted}`"));
            lowering.found.push(finding.hint("each row says its account and its region"));
            complete = false;
        }
    }
    complete.then_some(columns)
}

fn column(lowering: &mut Lowering<'_>, name: &str, header: &str, at: usize, text: &str) -> Option<Column> {
    if let "account" | "region" = header {
        return Some(if header == "account" { Column::Account } else { Column::Region });
    }
    if let Some(own) = BILL_NAMES.iter().find(|own| own.name == header) {
        return Some(Column::Volume {
            service: SERVICE.to_owned(),
            usage_type: own.usage_type.to_owned(),
            unit: Unit::new("Events"),
            component: own.component,
            expected: Expected::Count,
        });
    }
    if let Some((_, access, source)) = MANAGEMENT.iter().find(|(own, _, _)| *own == header) {
        let class = EventClass::management(*access, *source);
        return Some(Column::Activity(lowering.model.observations.class_id(&class)));
    }
    if let Some((resource_type, access)) = header.strip_prefix("data:").and_then(|rest| rest.rsplit_once(':'))
    {
        let access = match access {
            "read" => Some(Access::Read),
            "write" => Some(Access::Write),
            "events" => Some(Access::Mixed),
            _ => None,
        };
        if let Some(access) = access
            && resource_type.starts_with("AWS::")
        {
            let class = EventClass::data(access, resource_type, None);
            return Some(Column::Activity(lowering.model.observations.class_id(&class)));
        }
    }
    if let Some(usage_type) = header.strip_prefix("usage:") {
        let before = lowering.found.items.len();
        let span = field_span(text, 0, at);
        let known = lowering.usage_type(usage_type, &span, None);
        for finding in &mut lowering.found.items[before..] {
            name.clone_into(&mut finding.path);
        }
        return known.map(|(service, usage_type, unit, component)| Column::Volume {
            expected: expected_in(&unit),
            service,
            usage_type,
            unit,
            component,
        });
    }
    let known = BILL_NAMES.iter().map(|own| own.name).chain(MANAGEMENT.iter().map(|own| own.0));
    let mut finding = Diagnostic::error(name, format!("unknown column `{header}`"))
        .at(field_span(text, 0, at))
        .hint("columns are those of [[volume]], management_…, data:<type>:read|write|events and usage:<usage type>");
    finding.label = nearest(header, known).map(|near| format!("did you mean `{near}`?"));
    lowering.found.push(finding);
    None
}

/// The columns of management events.
pub(super) const MANAGEMENT: [(&str, Access, EventSource); 6] = [
    ("management_read", Access::Read, EventSource::Other),
    ("management_write", Access::Write, EventSource::Other),
    ("management_kms_read", Access::Read, EventSource::Kms),
    ("management_kms_write", Access::Write, EventSource::Kms),
    ("management_rdsdata_read", Access::Read, EventSource::RdsData),
    ("management_rdsdata_write", Access::Write, EventSource::RdsData),
];

struct Table<'a> {
    name: &'a str,
    text: &'a str,
    source: u16,
    columns: Vec<Column>,
    accounts: BTreeMap<String, AccountId>,
    regions: BTreeMap<String, RegionCode>,
    seen: BTreeSet<(AccountId, RegionCode)>,
    findings: Vec<Diagnostic>,
}

impl Table<'_> {
    fn refuse(&mut self, record: &csv::StringRecord, column: usize, message: String, label: Option<String>) {
        let start = record_start(self.text, record.position());
        let mut finding = Diagnostic::error(self.name, message).at(field_span(self.text, start, column));
        finding.label = label;
        self.findings.push(finding);
    }

    fn row(&mut self, lowering: &mut Lowering<'_>, record: &csv::StringRecord) {
        let (mut account, mut region) = (None, None);
        for at in 0..self.columns.len() {
            let field = record.get(at).unwrap_or_default().trim();
            match self.columns[at] {
                Column::Account => account = self.account(lowering, record, at, field),
                Column::Region => region = self.region(lowering, record, at, field),
                _ => {}
            }
        }
        let (Some(account), Some(region)) = (account, region) else {
            return;
        };
        let key = (account.clone(), region.clone());
        if self.seen.contains(&key) || lowering.activity_at.contains_key(&key) {
            let message = format!("{account} in {region} occurs twice");
            self.refuse(record, 0, message, None);
            return;
        }
        self.seen.insert(key);
        let place = Place {
            source: self.source,
            line: record.position().map_or(0, |position| u32::try_from(position.line()).unwrap_or(u32::MAX)),
        };
        let mut counts = Vec::new();
        for (at, field) in record.iter().enumerate() {
            let field = field.trim();
            let expected = match &self.columns[at] {
                Column::Account | Column::Region => continue,
                Column::Activity(_) => Expected::Count,
                Column::Volume { expected, .. } => *expected,
            };
            if field.is_empty() {
                continue;
            }
            let value = match understand(&QuantityInput::Plain(field.to_owned()), expected) {
                Ok(value) => value,
                Err(reason) => {
                    self.refuse(record, at, format!("bad quantity `{field}`"), Some(reason));
                    continue;
                }
            };
            let amount = Amount { value, provenance: Provenance { kind: lowering.stated(), place } };
            match &self.columns[at] {
                Column::Account | Column::Region => {}
                Column::Activity(class) => counts.push(EventCount { class: *class, amount }),
                Column::Volume { service, usage_type, unit, component, .. } => {
                    lowering.model.observations.volumes.push(Volume {
                        account: account.clone(),
                        region: region.clone(),
                        service: service.clone(),
                        usage_type: usage_type.clone(),
                        unit: unit.clone(),
                        component: *component,
                        amount,
                    });
                }
            }
        }
        if !counts.is_empty() {
            lowering.activity(&account, &region).counts = counts;
        }
    }

    fn account(
        &mut self,
        lowering: &mut Lowering<'_>,
        record: &csv::StringRecord,
        at: usize,
        field: &str,
    ) -> Option<AccountId> {
        if let Some(known) = self.accounts.get(field) {
            return Some(known.clone());
        }
        match field.parse::<AccountId>() {
            Ok(id) => {
                self.accounts.insert(field.to_owned(), id.clone());
                lowering.model.inventory.accounts.push(Account::bare(id.clone()));
                Some(id)
            }
            Err(error) => {
                self.refuse(record, at, format!("bad account `{field}`"), Some(error.to_string()));
                None
            }
        }
    }

    fn region(
        &mut self,
        lowering: &Lowering<'_>,
        record: &csv::StringRecord,
        at: usize,
        field: &str,
    ) -> Option<RegionCode> {
        if let Some(known) = self.regions.get(field) {
            return Some(known.clone());
        }
        let regions = lowering.context.regions;
        if let Some(region) = regions.get(field) {
            self.regions.insert(field.to_owned(), region.code.clone());
            return Some(region.code.clone());
        }
        self.refuse(record, at, format!("unknown Region `{field}`"), Some(region_label(field, regions)));
        None
    }
}
