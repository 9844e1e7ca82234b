//! Sums the rows of a file, or of a part of it.

use super::by_day::{DayKey, DaySums};
use super::calendar::{Seen, day_of};
use super::claims::Claims;
use super::columns::{Field, Layout};
use super::fault::Fault;
use super::kind;
use super::line::{LineKey, Sums};
use super::odd::{Odd, Odds};
use super::options::Options;
use super::record::Row;
use super::resolve::{bad_time, is_named, resolve};
use super::service::{CLOUDTRAIL, service_of};
use super::wide::{NumberFault, Wide};
use crate::domain::{ChargeCategory, Month};
use std::collections::hash_map::DefaultHasher;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::hash::Hasher;
use std::sync::Arc;

/// So many fingerprints are kept of a file's CloudTrail rows: those with the smallest numbers, which every file of the same
/// rows keeps.
const FINGERPRINTS: usize = 4096;

/// What a file, or several, hold.
#[derive(Default)]
pub(super) struct Totals {
    pub(super) lines: BTreeMap<LineKey, Sums>,
    pub(super) days: BTreeMap<DayKey, DaySums>,
    pub(super) months: BTreeMap<Month, Seen>,
    /// Currencies, with the first line that has each.
    pub(super) currencies: BTreeMap<String, u64>,
    pub(super) odds: Odds,
    pub(super) rows: u64,
    /// Rows of other clouds among them.
    pub(super) foreign: u64,
    /// The most digits after the point of a usage row's cost.
    pub(super) cost_digits: u32,
    /// Of CloudTrail's usage rows.
    pub(super) fingerprints: BTreeSet<u64>,
    /// Of Cost Explorer's downloads.
    pub(super) claims: Claims,
}

impl Totals {
    pub(super) fn merge(&mut self, other: Self) -> Result<(), NumberFault> {
        for (key, sums) in other.lines {
            self.lines.entry(key).or_default().merge(&sums)?;
        }
        for (key, sums) in other.days {
            self.days.entry(key).or_default().merge(&sums)?;
        }
        for (month, seen) in other.months {
            self.months.entry(month).or_default().merge(seen);
        }
        for (currency, line) in other.currencies {
            let own = self.currencies.entry(currency).or_insert(line);
            *own = line.min(*own);
        }
        self.odds.merge(&other.odds);
        self.rows += other.rows;
        self.foreign += other.foreign;
        self.cost_digits = self.cost_digits.max(other.cost_digits);
        self.fingerprints.extend(other.fingerprints);
        while self.fingerprints.len() > FINGERPRINTS {
            self.fingerprints.pop_last();
        }
        Ok(())
    }
}

struct Entry {
    key: LineKey,
    odds: Vec<(Odd, String)>,
    sums: Sums,
    /// Position of what its days are summed under, where they are.
    days: Option<usize>,
}

/// What a first look at a row finds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Look {
    /// It is of a service that is taken.
    Taken,
    /// It is not.
    Passed,
    /// A time of it begins with no day.
    BadTime(Field),
}

/// Sums rows by what stands in them, and looks at what that means once for each different text.
pub(super) struct Tally<'a> {
    layout: &'a Layout,
    options: &'a Options<'a>,
    services: HashMap<Vec<u8>, Option<Arc<str>>>,
    last_service: (Vec<u8>, Option<Arc<str>>),
    by_text: HashMap<Vec<u8>, usize>,
    entries: Vec<Entry>,
    day_keys: BTreeMap<DayKey, usize>,
    days: Vec<DaySums>,
    months: Vec<([u8; 7], Seen)>,
    totals: Totals,
    scratch: Vec<u8>,
    is_focus: bool,
    needs_map: bool,
}

impl<'a> Tally<'a> {
    pub(super) fn new(layout: &'a Layout, options: &'a Options<'a>) -> Self {
        Self {
            layout,
            options,
            services: HashMap::new(),
            last_service: (Vec::new(), None),
            by_text: HashMap::new(),
            entries: Vec::new(),
            day_keys: BTreeMap::new(),
            days: Vec::new(),
            months: Vec::new(),
            totals: Totals::default(),
            scratch: Vec::new(),
            is_focus: layout.format.is_focus(),
            needs_map: !layout.has(Field::Region),
        }
    }

    /// Looks at a row of which only the first fields are there, and tells whether it is taken.
    #[inline]
    pub(super) fn first_look(&mut self, row: &Row<'_>) -> Look {
        self.totals.rows += 1;
        let provider = row.get(Field::Provider);
        if !provider.is_empty() && !is_aws(provider) {
            self.totals.foreign += 1;
            self.totals.odds.add(Odd::OtherCloud, 1, &row.text(Field::Provider));
            return Look::Passed;
        }
        let mut days = [None; 3];
        for (field, day) in [Field::Period, Field::Start, Field::End].into_iter().zip(&mut days) {
            let text = row.get(field);
            *day = day_of(text);
            if day.is_none() && !text.is_empty() {
                return Look::BadTime(field);
            }
        }
        let [period, start, end] = days;
        if kind::is_usage(row.get(Field::Kind))
            && let Some(start) = start
            && let Ok(month) = <[u8; 7]>::try_from(&period.unwrap_or(start)[..7])
        {
            self.month(month).add(&month, start, end);
        }
        if self.is_taken(row) { Look::Taken } else { Look::Passed }
    }

    /// Says that a time of a row begins with no day.
    pub(super) fn bad_time(&self, row: &Row<'_>, field: Field) -> Fault {
        bad_time(row, self.layout, field)
    }

    #[inline]
    fn month(&mut self, month: [u8; 7]) -> &mut Seen {
        let at = self.months.iter().position(|(own, _)| *own == month).unwrap_or_else(|| {
            self.months.push((month, Seen::default()));
            self.months.len() - 1
        });
        &mut self.months[at].1
    }

    #[inline]
    fn is_taken(&mut self, row: &Row<'_>) -> bool {
        let (code, name) = (row.get(Field::Product), row.get(Field::ServiceName));
        let written = if code.is_empty() { name } else { code };
        if self.last_service.0 != written {
            let known = self.services.get(written).cloned();
            let service = known.unwrap_or_else(|| {
                let service = service_of(code, name, self.options.catalog).map(Arc::from);
                self.services.insert(written.to_owned(), service.clone());
                service
            });
            self.last_service = (written.to_owned(), service);
        }
        self.last_service.1.is_some()
    }

    /// Adds a row that the first look took.
    pub(super) fn add(&mut self, row: &Row<'_>, line: u64) -> Result<(), Fault> {
        let Some(service) = self.last_service.1.clone() else {
            return Ok(());
        };
        if !matches!(row.get(Field::CostKind), b"" | b"Bill") {
            return Err(no_bill(row, self.layout).at_line(line));
        }
        let resource = row.get(Field::Resource);
        let is_cloudtrail = &*service == CLOUDTRAIL;
        let is_own = is_cloudtrail
            || (!self.options.resources.is_empty()
                && !resource.is_empty()
                && is_named(&row.text(Field::Resource), self.options.resources));
        self.write_key(row, &service, is_own);
        let at = match self.by_text.get(&self.scratch) {
            Some(at) => *at,
            None => self.entry(row, &service, is_own, line)?,
        };
        let entry = &mut self.entries[at];
        let number =
            |field: Field, fault: NumberFault| bad_number(row, self.layout, field, fault).at_line(line);
        let sums = &mut entry.sums;
        sums.rows += 1;
        sums.payer.add(row.get(Field::Payer));
        sums.invoice.add(row.get(Field::Invoice));
        sums.sku_price.add(row.get(Field::Sku));
        let billed = row.get(Field::Billed);
        if !billed.is_empty() {
            let amount = Wide::parse(billed);
            amount
                .and_then(|amount| sums.billed.add(amount).map(|()| amount))
                .and_then(|amount| match entry.days {
                    Some(days) => self.days[days].add_row(row, amount),
                    None => Ok(()),
                })
                .map_err(|fault| number(Field::Billed, fault))?;
            if entry.key.is_own && entry.key.category == ChargeCategory::Usage {
                self.totals.cost_digits = self.totals.cost_digits.max(Wide::digits(billed));
            }
        }
        for (field, own) in [
            (Field::List, &mut sums.list),
            (Field::Contracted, &mut sums.contracted),
            (Field::Effective, &mut sums.effective),
        ] {
            own.add(row.get(field)).map_err(|fault| number(field, fault))?;
        }
        if entry.key.category == ChargeCategory::Usage {
            if billed.is_empty() {
                self.totals.odds.add(Odd::NoCost, 1, "");
            }
            let field =
                if row.get(Field::Quantity).is_empty() { Field::PricedQuantity } else { Field::Quantity };
            let text = row.get(field);
            if !text.is_empty() && !entry.key.usage_type.is_empty() {
                let amount = Wide::parse(text);
                amount.and_then(|amount| sums.quantity.add(amount)).map_err(|fault| number(field, fault))?;
            }
            if is_cloudtrail {
                self.fingerprint(row);
            }
            if !row.get(Field::Invoice).is_empty()
                && let Some(day) = day_of(row.get(Field::Period))
                && let Ok(month) = day[..7].try_into()
            {
                self.month(month).invoiced = true;
            }
        }
        Ok(())
    }

    /// Writes what decides the key of a row: its texts, one after the other.
    fn write_key(&mut self, row: &Row<'_>, service: &str, is_own: bool) {
        let key = &mut self.scratch;
        key.clear();
        let mut write = |text: &[u8]| {
            key.extend_from_slice(text);
            key.push(0x1f);
        };
        let period = row.get(Field::Period);
        let start = row.get(Field::Start);
        write(period.get(..7).unwrap_or(period));
        // The day does not matter, but whether it is one, and of which month.
        write(start.get(..7).unwrap_or(start));
        write(service.as_bytes());
        for field in
            [Field::Account, Field::Kind, Field::UsageType, Field::Unit, Field::Currency, Field::Region]
        {
            write(row.get(field));
        }
        if row.get(Field::Quantity).is_empty() {
            write(row.get(Field::PricedUnit));
        }
        if self.needs_map {
            write(row.get(Field::OtherRegion));
            write(row.get(Field::ProductMap));
        } else if row.get(Field::Region).is_empty() {
            write(row.get(Field::OtherRegion));
        }
        if self.is_focus {
            write(row.get(Field::Class));
            write(row.get(Field::Sku));
            write(row.get(Field::Description));
        }
        if is_own && service != CLOUDTRAIL {
            write(row.get(Field::Resource));
        }
    }

    fn entry(&mut self, row: &Row<'_>, service: &str, is_own: bool, line: u64) -> Result<usize, Fault> {
        let resolved =
            resolve(row, self.layout, service, is_own, self.options).map_err(|fault| fault.at_line(line))?;
        let currency = row.text(Field::Currency);
        if !currency.is_empty() {
            let own = self.totals.currencies.entry(currency).or_insert(line);
            *own = line.min(*own);
        }
        let at = self.entries.len();
        let days = DayKey::of(&resolved.key).map(|key| {
            *self.day_keys.entry(key).or_insert_with(|| {
                self.days.push(DaySums::default());
                self.days.len() - 1
            })
        });
        self.entries.push(Entry { key: resolved.key, odds: resolved.odds, sums: Sums::default(), days });
        self.by_text.insert(self.scratch.clone(), at);
        Ok(at)
    }

    fn fingerprint(&mut self, row: &Row<'_>) {
        let mut hasher = DefaultHasher::new();
        for field in [
            Field::Account,
            Field::UsageType,
            Field::Region,
            Field::Sku,
            Field::Start,
            Field::End,
            Field::Quantity,
            Field::Billed,
        ] {
            hasher.write(row.get(field));
            hasher.write_u8(0x1f);
        }
        let own = hasher.finish();
        let kept = &mut self.totals.fingerprints;
        if kept.len() < FINGERPRINTS {
            kept.insert(own);
        } else if kept.last().is_some_and(|last| own < *last) && kept.insert(own) {
            kept.pop_last();
        }
    }

    /// Returns the sums.
    pub(super) fn finish(mut self) -> Result<Totals, NumberFault> {
        for entry in self.entries {
            for (odd, example) in &entry.odds {
                self.totals.odds.add(*odd, entry.sums.rows, example);
            }
            self.totals.lines.entry(entry.key).or_default().merge(&entry.sums)?;
        }
        for (key, at) in self.day_keys {
            self.totals.days.entry(key).or_default().merge(&self.days[at])?;
        }
        for (month, seen) in self.months {
            if let Some(month) = std::str::from_utf8(&month).ok().and_then(|text| text.parse().ok()) {
                self.totals.months.entry(month).or_default().merge(seen);
            }
        }
        Ok(self.totals)
    }
}

/// Says that a row is of an estimate or a measurement, whose billed cost is 0.
fn no_bill(row: &Row<'_>, layout: &Layout) -> Fault {
    let (kind, column) = (row.text(Field::CostKind), layout.name(Field::CostKind));
    Fault::new(format!("this row is no charge of a bill: {column} is `{kind}`"))
        .note("nothing was billed for it, and 0 would be taken for its cost")
        .hint("name an export of the bill; the scenario behind this file goes to `trailcost estimate`")
}

fn is_aws(provider: &[u8]) -> bool {
    let begins =
        |word: &[u8]| provider.len() >= word.len() && provider[..word.len()].eq_ignore_ascii_case(word);
    begins(b"AWS") || begins(b"Amazon")
}

fn bad_number(row: &Row<'_>, layout: &Layout, field: Field, fault: NumberFault) -> Fault {
    let (text, column) = (row.text(field), layout.name(field));
    match fault {
        NumberFault::Syntax => Fault::new(format!("bad number `{text}` in column {column}"))
            .note("a number is plain (0.000113) or has an exponent (1.13E-4)")
            .hint("use the file as AWS wrote it: spreadsheets write numbers in their own way"),
        NumberFault::Range => Fault::new(format!("`{text}` in column {column} cannot be held exactly"))
            .note("numbers have at most 40 digits after the point")
            .hint("use the file as AWS wrote it"),
    }
}
