//! A month as the text of its file: JSON, with one line of text for each line of a cost, so that version control shows what changed.

use super::document_days::{self, DaysJson};
use crate::domain::{
    AccountId, ChargeCategory, Component, Currency, Date, Money, Month, Quantity, RecordedAccount,
    RecordedAction, RecordedChange, RecordedCost, RecordedLine, RecordedPlan, RecordedRate, Snapshot,
};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::collections::{BTreeMap, HashSet};
use std::fmt::Write;
use std::sync::Arc;

/// The version written. Version 1 knew nothing of days; everything else is the same, and it is read as a month of which no day is
/// recorded.
pub const VERSION: u64 = 2;

/// The first version, which is still read.
const WITHOUT_DAYS: u64 = 1;

/// Why a text is no month.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Unread {
    /// It was written by a newer version.
    Newer(u64),
    /// It is damaged.
    Corrupt(String),
}

impl Unread {
    fn corrupt(why: impl std::fmt::Display) -> Self {
        Self::Corrupt(why.to_string())
    }
}

/// Returns the checksum of a body, whichever way its lines end.
fn checksum(body: &str) -> String {
    let mut own = crc32fast::Hasher::new();
    for line in body.split_inclusive('\n') {
        match line.strip_suffix("\r\n") {
            Some(line) => {
                own.update(line.as_bytes());
                own.update(b"\n");
            }
            None => own.update(line.as_bytes()),
        }
    }
    format!("crc32:{:08x}", own.finalize())
}

/// Writes a month.
pub(super) fn write(own: &Snapshot) -> String {
    let mut body = String::new();
    let mut member = |name: &str, value: String| {
        let end = if body.is_empty() { "" } else { ",\n" };
        let _ = write!(body, "{end}\"{name}\": {value}");
    };
    member("month", json(&own.month.to_string()));
    member("currency", json(own.currency.code()));
    let accounts = own.accounts.iter().map(|(id, own)| {
        format!(
            "{}: {}",
            json(id.as_str()),
            json(&AccountJson { name: own.name.clone(), tags: own.tags.clone() })
        )
    });
    member("accounts", block('{', accounts, '}'));
    member("changes", block('[', own.changes.iter().map(|own| json(&ChangeJson::new(own))), ']'));
    member("daily", document_days::write(&own.daily));
    member("plan", own.plan.as_ref().map_or_else(|| "null".to_owned(), plan_text));
    for (name, cost) in [("measured", &own.measured), ("estimate", &own.estimate), ("bill", &own.bill)] {
        member(name, cost.as_ref().map_or_else(|| "null".to_owned(), cost_text));
    }
    body.push_str("\n}\n");
    format!("{{\n\"schema_version\": {VERSION},\n\"checksum\": \"{}\",\n{body}", checksum(&body))
}

pub(super) fn json(own: &(impl Serialize + ?Sized)) -> String {
    // Texts, numbers and lists of them can always be written.
    serde_json::to_string(own).unwrap_or_default()
}

/// Writes members or elements, one a line.
pub(super) fn block(open: char, items: impl Iterator<Item = String>, close: char) -> String {
    let items: Vec<String> = items.collect();
    if items.is_empty() {
        format!("{open}{close}")
    } else {
        format!("{open}\n{}\n{close}", items.join(",\n"))
    }
}

fn plan_text(own: &RecordedPlan) -> String {
    let actions = block('[', own.actions.iter().map(|own| json(&ActionJson::new(own))), ']');
    format!(
        "{{\n\"before\": {}, \"after\": {},\n\"actions\": {actions}\n}}",
        json(&own.before.to_string()),
        json(&own.after.to_string())
    )
}

fn cost_text(own: &RecordedCost) -> String {
    let rates = own
        .rates
        .iter()
        .map(|own| json(&(&own.service, &own.usage_type, &own.region, &own.table, &own.source)));
    let about = AboutJson {
        about: own.about.clone(),
        sources: own.sources.clone(),
        days: own.days.map(|own| [own.0.to_string(), own.1.to_string()]),
        prices_as_of: own.prices_as_of.map(|own| own.to_string()),
        complete: own.complete,
        gaps: own.gaps.clone(),
    };
    format!(
        "{{\n\"about\": {},\n\"rates\": {},\n\"lines\": {}\n}}",
        json(&about),
        block('[', rates, ']'),
        block('[', own.lines.iter().map(line_text), ']')
    )
}

fn line_text(own: &RecordedLine) -> String {
    let amount = |own: Option<Money>| own.map(|own| own.to_string());
    let (list_cost, cost, quantity) = (amount(own.list_cost), amount(own.cost), own.quantity.to_string());
    let texts: [Option<&str>; 12] = [
        Some(&own.account),
        Some(&own.region),
        Some(&own.service),
        Some(&own.usage_type),
        own.component.map(Component::id),
        Some(&own.resource),
        Some(own.category.name()),
        Some(&own.unit),
        Some(&quantity),
        list_cost.as_deref(),
        cost.as_deref(),
        Some(&own.provenance),
    ];
    json(&texts)
}

#[derive(Serialize, Deserialize)]
struct AccountJson {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    tags: BTreeMap<String, String>,
}

#[derive(Serialize, Deserialize)]
struct ChangeJson {
    time: String,
    account: String,
    region: String,
    event_name: String,
    subject: String,
    who: String,
    added: Option<String>,
}

impl ChangeJson {
    fn new(own: &RecordedChange) -> Self {
        let own = own.clone();
        Self {
            time: own.time,
            account: own.account,
            region: own.region,
            event_name: own.event_name,
            subject: own.subject,
            who: own.who,
            added: own.added.map(|own| own.to_string()),
        }
    }
}

#[derive(Serialize, Deserialize)]
struct ActionJson {
    rule: String,
    title: String,
    why: String,
    sites: Vec<[String; 4]>,
    saves: String,
    effort: String,
    gives_up: (String, Vec<String>),
}

impl ActionJson {
    fn new(own: &RecordedAction) -> Self {
        let own = own.clone();
        Self {
            rule: own.rule,
            title: own.title,
            why: own.why,
            sites: own.sites,
            saves: own.saves.to_string(),
            effort: own.effort,
            gives_up: own.gives_up,
        }
    }
}

#[derive(Serialize, Deserialize)]
struct AboutJson {
    about: String,
    sources: Vec<String>,
    days: Option<[String; 2]>,
    prices_as_of: Option<String>,
    complete: bool,
    gaps: Vec<String>,
}

#[derive(Deserialize)]
struct PlanJson {
    before: String,
    after: String,
    actions: Vec<ActionJson>,
}

/// A line's texts, in the order in which they are written.
#[derive(Deserialize)]
struct LineJson<'a>(
    #[serde(borrow)] Cow<'a, str>,
    #[serde(borrow)] Cow<'a, str>,
    #[serde(borrow)] Cow<'a, str>,
    #[serde(borrow)] Cow<'a, str>,
    #[serde(borrow)] Option<Cow<'a, str>>,
    #[serde(borrow)] Cow<'a, str>,
    #[serde(borrow)] Cow<'a, str>,
    #[serde(borrow)] Cow<'a, str>,
    #[serde(borrow)] Cow<'a, str>,
    #[serde(borrow)] Option<Cow<'a, str>>,
    #[serde(borrow)] Option<Cow<'a, str>>,
    #[serde(borrow)] Cow<'a, str>,
);

#[derive(Deserialize)]
struct CostJson<'a> {
    about: AboutJson,
    rates: Vec<(String, String, String, String, String)>,
    #[serde(borrow)]
    lines: Vec<LineJson<'a>>,
}

#[derive(Deserialize)]
struct Body<'a> {
    month: String,
    currency: String,
    accounts: BTreeMap<String, AccountJson>,
    changes: Vec<ChangeJson>,
    /// Absent in version 1.
    daily: Option<BTreeMap<String, DaysJson>>,
    plan: Option<PlanJson>,
    #[serde(borrow)]
    measured: Option<CostJson<'a>>,
    #[serde(borrow)]
    estimate: Option<CostJson<'a>>,
    #[serde(borrow)]
    bill: Option<CostJson<'a>>,
}

#[derive(Deserialize)]
struct Head {
    schema_version: u64,
}

/// Reads a month.
pub(super) fn read(text: &str) -> Result<Snapshot, Unread> {
    let mut lines = text.split_inclusive('\n');
    let (Some(open), Some(version), Some(sum)) = (lines.next(), lines.next(), lines.next()) else {
        return Err(Unread::corrupt("it is cut off, or no file of a history"));
    };
    let head = format!("{{{}}}", version.trim_end().trim_end_matches(','));
    let head: Head = serde_json::from_str(&head)
        .map_err(|_| Unread::corrupt("its second line names no schema_version"))?;
    match head.schema_version {
        WITHOUT_DAYS | VERSION => {}
        newer if newer > VERSION => return Err(Unread::Newer(newer)),
        other => return Err(Unread::corrupt(format!("there never was a version {other}"))),
    }
    let body = &text[open.len() + version.len() + sum.len()..];
    if !sum.contains(&checksum(body)) {
        return Err(Unread::corrupt("its checksum is another one: it was cut off or edited"));
    }
    let body: Body<'_> = serde_json::from_str(text).map_err(Unread::corrupt)?;
    body.into_snapshot()
}

impl Body<'_> {
    fn into_snapshot(self) -> Result<Snapshot, Unread> {
        let mut texts = Texts::default();
        let cost = |own: Option<CostJson<'_>>, texts: &mut Texts| own.map(|own| cost(own, texts)).transpose();
        Ok(Snapshot {
            month: self.month.parse::<Month>().map_err(Unread::corrupt)?,
            currency: Currency::new(&self.currency)
                .ok_or_else(|| Unread::corrupt(format!("`{}` is no currency", self.currency)))?,
            measured: cost(self.measured, &mut texts)?,
            estimate: cost(self.estimate, &mut texts)?,
            bill: cost(self.bill, &mut texts)?,
            plan: self.plan.map(plan).transpose()?,
            changes: self.changes.into_iter().map(change).collect::<Result<_, _>>()?,
            daily: document_days::read(self.daily.unwrap_or_default(), date, money)?,
            accounts: self
                .accounts
                .into_iter()
                .map(|(id, own)| {
                    let id: AccountId = id.parse().map_err(Unread::corrupt)?;
                    Ok((id, RecordedAccount { name: own.name, tags: own.tags }))
                })
                .collect::<Result<_, Unread>>()?,
        })
    }
}

/// Texts that stand in many lines, each held once.
#[derive(Default)]
struct Texts(HashSet<Arc<str>>);

impl Texts {
    fn take(&mut self, text: &str) -> Arc<str> {
        if let Some(own) = self.0.get(text) {
            return Arc::clone(own);
        }
        let own: Arc<str> = text.into();
        self.0.insert(Arc::clone(&own));
        own
    }
}

fn money(text: &str) -> Result<Money, Unread> {
    text.parse().map_err(|_| Unread::corrupt(format!("`{text}` is no amount")))
}

fn date(text: &str) -> Result<Date, Unread> {
    text.parse().map_err(Unread::corrupt)
}

fn change(own: ChangeJson) -> Result<RecordedChange, Unread> {
    Ok(RecordedChange {
        time: own.time,
        account: own.account,
        region: own.region,
        event_name: own.event_name,
        subject: own.subject,
        who: own.who,
        added: own.added.as_deref().map(money).transpose()?,
    })
}

fn plan(own: PlanJson) -> Result<RecordedPlan, Unread> {
    let action = |own: ActionJson| {
        Ok(RecordedAction {
            rule: own.rule,
            title: own.title,
            why: own.why,
            sites: own.sites,
            saves: money(&own.saves)?,
            effort: own.effort,
            gives_up: own.gives_up,
        })
    };
    Ok(RecordedPlan {
        before: money(&own.before)?,
        after: money(&own.after)?,
        actions: own.actions.into_iter().map(action).collect::<Result<_, _>>()?,
    })
}

fn cost(own: CostJson<'_>, texts: &mut Texts) -> Result<RecordedCost, Unread> {
    let days = own.about.days.as_ref().map(|own| Ok::<_, Unread>((date(&own[0])?, date(&own[1])?)));
    Ok(RecordedCost {
        about: own.about.about,
        sources: own.about.sources,
        days: days.transpose()?,
        prices_as_of: own.about.prices_as_of.as_deref().map(date).transpose()?,
        complete: own.about.complete,
        gaps: own.about.gaps,
        rates: own
            .rates
            .into_iter()
            .map(|(service, usage_type, region, table, source)| RecordedRate {
                service,
                usage_type,
                region,
                table,
                source,
            })
            .collect(),
        lines: own.lines.iter().map(|own| line(own, texts)).collect::<Result<_, _>>()?,
    })
}

fn line(own: &LineJson<'_>, texts: &mut Texts) -> Result<RecordedLine, Unread> {
    let component = own
        .4
        .as_deref()
        .map(|id| Component::from_id(id).ok_or_else(|| Unread::corrupt(format!("`{id}` is no component"))));
    let quantity: Result<Quantity, _> = own.8.parse();
    Ok(RecordedLine {
        account: texts.take(&own.0),
        region: texts.take(&own.1),
        service: texts.take(&own.2),
        usage_type: texts.take(&own.3),
        component: component.transpose()?,
        resource: texts.take(&own.5),
        category: ChargeCategory::from_name(&own.6)
            .ok_or_else(|| Unread::corrupt(format!("`{}` is no kind of charge", own.6)))?,
        unit: texts.take(&own.7),
        quantity: quantity.map_err(|_| Unread::corrupt(format!("`{}` is no quantity", own.8)))?,
        list_cost: own.9.as_deref().map(money).transpose()?,
        cost: own.10.as_deref().map(money).transpose()?,
        provenance: texts.take(&own.11),
    })
}
