//! The report of a period, as every format shows it.

use super::super::clean::visible;
use super::anomalies::{Anomaly, anomalies};
use super::chargeback::{Chargeback, chargeback};
use super::effects::{Effects, effects};
use super::facts::{Grouping, MonthFacts, MonthlyFacts, UNTAGGED};
use super::forecast::Forecast;
use super::last_month::LastMonth;
use super::line_evidence::{RateRow, rate_rows};
use super::outcome::{OutcomeRow, outcomes};
use super::period::Period;
use super::phrase::{Filling, Phrase};
use super::sum::{OfThree, Sum, change};
use super::what_if::WhatIf;
use crate::check::BudgetRow;
use crate::domain::{
    AllocationRule, ChargeCategory, Component, CostKind, Currency, Money, Month, RecordedChange,
    RecordedPlan, list_names,
};
use crate::pricing::RateCard;
use std::collections::BTreeMap;

/// A cost beside what it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MonthlyCost {
    /// The period.
    pub now: Sum,
    /// As many months before it; nothing where not all of them are recorded.
    pub before: Option<Sum>,
    /// The same months of the year before; nothing where not all of them are recorded.
    pub year_before: Option<Sum>,
}

impl MonthlyCost {
    fn new(of: &OfThree<Sum>, have: [bool; 3]) -> Self {
        let own = |slot: usize| Some(of[slot]).filter(|_| have[slot]);
        let mut now = of[0];
        now.is_incomplete |= !have[0];
        Self { now, before: own(1), year_before: own(2) }
    }

    /// Returns the change from the months before, where both are known.
    pub fn change(&self) -> Option<Money> {
        self.from(self.before)
    }

    /// Returns the change from the year before, where both are known.
    pub fn change_of_year(&self) -> Option<Money> {
        self.from(self.year_before)
    }

    fn from(&self, other: Option<Sum>) -> Option<Money> {
        self.now.known()?.checked_sub(other?.known()?)
    }
}

/// A component.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MonthlyComponent {
    /// The component; nothing for what the tables do not know.
    pub component: Option<Component>,
    /// Its cost.
    pub cost: MonthlyCost,
    /// What the change from the months before is made of.
    pub effects: Option<Effects>,
    /// What the change from the year before is made of.
    pub effects_of_year: Option<Effects>,
}

impl MonthlyComponent {
    /// Returns the id used in files.
    pub fn id(&self) -> &'static str {
        self.component.map_or("not_known", Component::id)
    }
}

/// Something that the reader should know of the figures.
pub type Note = Phrase;

/// A row of a grouping; harmless.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GroupRow {
    /// The id: of an account its twelve digits.
    pub id: String,
    /// The name that people read.
    pub label: Phrase,
    /// Its cost.
    pub cost: MonthlyCost,
}

/// Costs by one grouping, the dearest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GroupView {
    /// The heading: `Account`, `Tag owner`.
    pub heading: Phrase,
    /// The name in files: `account`, `tag-owner`.
    pub file: String,
    /// All rows.
    pub rows: Vec<GroupRow>,
}

/// Something that moved the cost.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mover {
    /// The account's id.
    pub account: String,
    /// The account as people read it.
    pub account_label: String,
    /// The component; nothing for what the tables do not know.
    pub component: Option<Component>,
    /// Its cost.
    pub cost: MonthlyCost,
    /// What it added since the months before.
    pub change: Money,
    /// The change of what is recorded that may have caused it, in words.
    pub cause: Option<String>,
}

/// The report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MonthlyView {
    /// The months it is about.
    pub period: Period,
    /// The currency.
    pub currency: Currency,
    /// Every month recorded, in order.
    pub months: Vec<MonthFacts>,
    /// The cost of the period.
    pub total: MonthlyCost,
    /// What the change from the months before is made of.
    pub effects: Option<Effects>,
    /// What the change from the year before is made of.
    pub effects_of_year: Option<Effects>,
    /// Credits, refunds, tax and fees of the period, which are no part of the total.
    pub others: Vec<(ChargeCategory, Sum)>,
    /// By component, in report order.
    pub components: Vec<MonthlyComponent>,
    /// By account, Region, resource and tags.
    pub groups: Vec<GroupView>,
    /// What moved most, the largest change first.
    pub movers: Vec<Mover>,
    /// What changed in what is recorded.
    pub changes: Vec<RecordedChange>,
    /// What was recommended at the end of the period.
    pub plan: Option<RecordedPlan>,
    /// What became of what was recommended a month before.
    pub outcomes: Vec<OutcomeRow>,
    /// The month of that earlier plan.
    pub earlier: Option<Month>,
    /// Who bears what, where rules say so.
    pub chargeback: Option<Chargeback>,
    /// Days that cost more or less than usual, the largest first; nothing where no day of the period is recorded.
    pub anomalies: Option<Vec<Anomaly>>,
    /// What the months to come will cost; made apart, as it needs prices.
    pub forecast: Option<Forecast>,
    /// What the figures lack.
    pub notes: Vec<Note>,
    /// Budgets against what was paid, where a file of budgets is named.
    pub budgets: Vec<BudgetRow>,
    /// The last month of the period line by line.
    pub last_month: Option<LastMonth>,
    /// The rates that it rests on; nothing until prices are known.
    pub rates: Vec<RateRow>,
    /// What that month would cost with other volumes; nothing until prices are known.
    pub what_if: Option<WhatIf>,
}

impl MonthlyView {
    /// Makes the report; nothing where no month of the period is recorded. `rules` divide shared costs among accounts.
    pub fn new(facts: MonthlyFacts, rules: &[AllocationRule]) -> Option<Self> {
        let period = facts.period.clone();
        let in_slot =
            |slot: usize| facts.months.iter().filter(|own| period.slots(own.month)[slot]).collect::<Vec<_>>();
        let slots: OfThree<Vec<&MonthFacts>> = [in_slot(0), in_slot(1), in_slot(2)];
        if slots[0].is_empty() {
            return None;
        }
        let have = [0, 1, 2].map(|slot| slots[slot].len() == period.count() as usize);
        let mut total = OfThree::<Sum>::default();
        let mut components: BTreeMap<Option<Component>, OfThree<Sum>> = BTreeMap::new();
        let mut others: BTreeMap<ChargeCategory, Sum> = BTreeMap::new();
        for (slot, months) in slots.iter().enumerate() {
            for month in months {
                total[slot].add_sum(month.total);
                for (component, sum) in &month.components {
                    components.entry(*component).or_default()[slot].add_sum(*sum);
                }
            }
        }
        for (category, sum) in slots[0].iter().flat_map(|own| &own.others) {
            others.entry(*category).or_default().add_sum(*sum);
        }
        let by_component = [1, 2].map(|from| effects(&facts.usage, from));
        let summed = |from: usize| {
            let mut all = by_component[from - 1].values().copied();
            all.try_fold(Effects::default(), |sum, own| sum.plus(own?)).filter(|_| have[0] && have[from])
        };
        let own_effects = |component: &Option<Component>, from: usize| {
            by_component[from - 1].get(component).copied().flatten().filter(|_| have[0] && have[from])
        };
        let rows = components.iter().map(|(component, of)| MonthlyComponent {
            component: *component,
            cost: MonthlyCost::new(of, have),
            effects: own_effects(component, 1),
            effects_of_year: own_effects(component, 2),
        });
        let mut rows: Vec<MonthlyComponent> = rows.collect();
        // What no table knows comes last.
        rows.sort_by_key(|own| own.component.map_or(usize::MAX, Component::index));
        let notes = notes(&facts, &slots, have);
        let earlier = facts.earlier_plan.as_ref().map(|own| own.0);
        Some(Self {
            currency: facts.currency.clone().unwrap_or_else(Currency::usd),
            total: MonthlyCost::new(&total, have),
            effects: summed(1),
            effects_of_year: summed(2),
            others: others.into_iter().collect(),
            components: rows,
            groups: groups(&facts, have),
            movers: movers(&facts, have),
            changes: facts.changes.iter().map(clean_change).collect(),
            outcomes: outcomes(&facts),
            earlier,
            plan: facts.plan.clone().map(clean_plan),
            chargeback: if rules.is_empty() { None } else { chargeback(&facts, rules) },
            anomalies: anomalies(&facts),
            forecast: None,
            notes,
            budgets: Vec::new(),
            last_month: facts.last_month,
            rates: Vec::new(),
            what_if: None,
            months: facts.months.into_iter().map(clean_month).collect(),
            period,
        })
    }

    /// Takes the prices by which the last month is computed with other volumes.
    #[must_use]
    pub fn with_prices(mut self, card: &RateCard) -> Self {
        self.rates = self.last_month.as_ref().map(|own| rate_rows(own, card)).unwrap_or_default();
        self.what_if = self.last_month.as_ref().and_then(|own| WhatIf::new(own, card, &self.currency));
        self
    }

    /// Takes budgets, held against what was paid.
    #[must_use]
    pub fn with_budgets(mut self, rows: Vec<BudgetRow>) -> Self {
        self.budgets = rows;
        self
    }

    /// Returns the month of the period that is recorded last.
    pub fn last(&self) -> Option<&MonthFacts> {
        self.months.iter().rfind(|own| self.period.slots(own.month)[0])
    }
}

fn clean_month(mut own: MonthFacts) -> MonthFacts {
    own.about = visible(&own.about);
    own.sources = own.sources.iter().map(|own| visible(own)).collect();
    own.gaps = own.gaps.iter().map(|own| visible(own)).collect();
    own
}

fn clean_change(own: &RecordedChange) -> RecordedChange {
    RecordedChange {
        time: visible(&own.time),
        account: visible(&own.account),
        region: visible(&own.region),
        event_name: visible(&own.event_name),
        subject: visible(&own.subject),
        who: visible(&own.who),
        added: own.added,
    }
}

fn clean_plan(mut own: RecordedPlan) -> RecordedPlan {
    for action in &mut own.actions {
        action.title = visible(&action.title);
        action.why = visible(&action.why);
        action.sites = action.sites.iter().map(|own| own.each_ref().map(|own| visible(own))).collect();
        action.gives_up.1 = action.gives_up.1.iter().map(|own| visible(own)).collect();
    }
    own
}

/// Returns an account as people read it: its name with its id, or its id.
pub(super) fn account_label(facts: &MonthlyFacts, id: &str) -> String {
    let name =
        facts.accounts.get(id).and_then(|own| own.name.as_deref()).filter(|own| !own.trim().is_empty());
    match name {
        Some(name) => format!("{} ({})", visible(name), visible(id)),
        None if id.is_empty() => "–".to_owned(),
        None => visible(id),
    }
}

fn named(text: impl Into<String>) -> Phrase {
    Phrase::new("name").text("name", text)
}

fn groups(facts: &MonthlyFacts, have: [bool; 3]) -> Vec<GroupView> {
    let view = |(grouping, rows): (&Grouping, &BTreeMap<String, OfThree<Sum>>)| {
        let row = |(name, of): (&String, &OfThree<Sum>)| GroupRow {
            id: visible(name),
            label: match grouping {
                Grouping::Account if name.is_empty() => Phrase::new("name.no_account"),
                Grouping::Account => named(account_label(facts, name)),
                Grouping::Region if name.is_empty() => Phrase::new("name.no_region"),
                Grouping::Resource if name.is_empty() => Phrase::new("name.no_resource"),
                Grouping::Tag(_) if name == UNTAGGED => Phrase::new("name.no_value"),
                _ => named(visible(name)),
            },
            cost: MonthlyCost::new(of, have),
        };
        let mut rows: Vec<GroupRow> = rows.iter().map(row).collect();
        rows.sort_by(|one, two| two.cost.now.cost.cmp(&one.cost.now.cost).then_with(|| one.id.cmp(&two.id)));
        let (heading, file) = match grouping {
            Grouping::Account => (Phrase::new("column.account"), "account".to_owned()),
            Grouping::Region => (Phrase::new("column.region"), "region".to_owned()),
            Grouping::Resource => (Phrase::new("column.resource"), "resource".to_owned()),
            Grouping::Tag(key) => {
                (Phrase::new("column.tag").text("key", visible(key)), format!("tag-{}", file_part(key)))
            }
        };
        GroupView { heading, file, rows }
    };
    facts.groups.iter().map(view).collect()
}

/// Makes a tag's key a part of a file name.
fn file_part(key: &str) -> String {
    key.chars()
        .map(|own| if own.is_ascii_alphanumeric() { own.to_ascii_lowercase() } else { '-' })
        .take(40)
        .collect()
}

/// Movers that are told.
const MOVERS: usize = 20;

fn movers(facts: &MonthlyFacts, have: [bool; 3]) -> Vec<Mover> {
    if !have[0] || !have[1] {
        return Vec::new();
    }
    let mut all: Vec<(&str, Option<Component>, &OfThree<Sum>, Money)> = facts
        .movers
        .iter()
        .filter_map(|((account, component), of)| {
            Some((&**account, *component, of, change(of, 1).filter(|own| !own.is_zero())?))
        })
        .collect();
    all.sort_by(|one, two| two.3.abs().cmp(&one.3.abs()).then_with(|| (one.0, one.1).cmp(&(two.0, two.1))));
    let mover = |(account, component, of, change): (&str, Option<Component>, &OfThree<Sum>, Money)| Mover {
        account: visible(account),
        account_label: account_label(facts, account),
        component,
        cost: MonthlyCost::new(of, have),
        change,
        cause: cause(facts, account, change),
    };
    all.into_iter().take(MOVERS).map(mover).collect()
}

/// Returns the change of what is recorded in an account that moved the cost the same way, the one with the largest effect.
fn cause(facts: &MonthlyFacts, account: &str, moved: Money) -> Option<String> {
    let same_way = |own: &&RecordedChange| {
        own.account == account
            && own.added.is_some_and(|own| !own.is_zero() && own.is_negative() == moved.is_negative())
    };
    let own = facts.changes.iter().filter(same_way).max_by_key(|own| own.added.map(Money::abs))?;
    Some(visible(&format!("{} {} {} by {}", own.time, own.event_name, own.subject, own.who)))
}

fn notes(facts: &MonthlyFacts, slots: &OfThree<Vec<&MonthFacts>>, have: [bool; 3]) -> Vec<Note> {
    const OTHERS: [(usize, &str); 2] = [(1, "before"), (2, "year_before")];
    let mut notes = Vec::new();
    let of = |slot: usize, key: &str| {
        Phrase::new(key).count("there", slots[slot].len() as u64).count("count", facts.period.count().into())
    };
    if !have[0] {
        notes.push(of(0, "note.period_incomplete"));
    }
    for (slot, what) in OTHERS.into_iter().filter(|own| !have[own.0]) {
        notes.push(of(slot, &format!("note.{what}_incomplete")));
    }
    let kinds = |slot: usize| {
        let mut all: Vec<CostKind> = slots[slot].iter().map(|own| own.kind).collect();
        all.sort_unstable();
        all.dedup();
        all
    };
    let words = |own: &[CostKind]| {
        let all = own.iter().map(|own| Phrase::new(format!("kind.{}", own.name())));
        all.map(|own| Filling::Phrase(Box::new(own))).collect::<Vec<_>>()
    };
    let now = kinds(0);
    if now.len() > 1 {
        notes.push(Phrase::new("note.mixed").list("kinds", words(&now)));
    }
    for (slot, what) in OTHERS.into_iter().filter(|own| have[own.0]) {
        let other = kinds(slot);
        if other != now {
            let own = Phrase::new(format!("note.{what}_otherwise"));
            notes.push(own.list("now", words(&now)).list("then", words(&other)));
        }
    }
    for own in &slots[0] {
        if own.total.is_incomplete {
            notes.push(Phrase::new("note.at_least").month("month", own.month));
        }
        if !own.gaps.is_empty() {
            let all: Vec<String> = own.gaps.iter().map(|own| visible(own)).collect();
            notes.push(Phrase::new("note.gaps").month("month", own.month).text("gaps", list_names(&all)));
        }
    }
    if facts.tag_keys.is_empty() {
        notes.push(Phrase::new("note.no_tags"));
    } else if facts
        .groups
        .iter()
        .any(|(own, rows)| matches!(own, Grouping::Tag(_)) && rows.contains_key(UNTAGGED))
    {
        notes.push(Phrase::new("note.untagged"));
    }
    notes
}
