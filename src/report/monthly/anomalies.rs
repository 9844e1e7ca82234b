//! Days that cost more or less than usual, with the change of what is recorded that may have caused it.

use super::facts::MonthlyFacts;
use super::parts::{Cell, Door, Section, Table};
use super::phrase::Phrase;
use super::sections::{Layout, SHOWN, component, plain, table};
use super::view::account_label;
use crate::domain::{Component, CostKind, Date, Money, RecordedChange, Snapshot};
use crate::report::clean::{csv_field, visible};
use crate::report::csv::finish;
use crate::stats::{Outlier, outliers};
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// A kind of cost, an account and a component.
type DailyKey = (CostKind, Arc<str>, Option<Component>);
/// A first day and a component, and whether less was paid.
type Began = (Date, Option<Component>, bool);

/// What days cost: the days known, and the costs by account and component, each of bills and of logs.
#[derive(Debug, Default)]
pub(super) struct Daily {
    covered: BTreeMap<CostKind, BTreeSet<Date>>,
    costs: BTreeMap<DailyKey, BTreeMap<Date, Money>>,
}

impl Daily {
    /// Months before a period of which days say what is usual.
    pub(super) const MONTHS_BEFORE: i32 = 3;

    /// Adds a month.
    pub(super) fn add(&mut self, month: &Snapshot) {
        for (kind, days) in &month.daily {
            self.covered.entry(*kind).or_default().extend(&days.covered);
            for own in &days.costs {
                let key = (*kind, Arc::clone(&own.account), own.component);
                self.costs.entry(key).or_default().extend(&own.days);
            }
        }
    }
}

/// An unusual day of a component, or several in a row; harmless.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Anomaly {
    /// The first day.
    pub first: Date,
    /// The last one.
    pub last: Date,
    /// How many days.
    pub days: u32,
    /// The component; nothing where the tables do not know the usage type.
    pub component: Option<Component>,
    /// The accounts' ids, the one with the most first.
    pub accounts: Vec<String>,
    /// That account as people read it.
    pub account_label: String,
    /// What the first day cost.
    pub cost: Money,
    /// What it should have cost at least and at most.
    pub usual: (Money, Money),
    /// What the days cost more, or less, than is usual.
    pub size: Money,
    /// Whether it went on for so long that it is the level since.
    pub is_new_level: bool,
    /// The change that may have caused it, in words.
    pub cause: Option<String>,
}

/// What a day must be off at least, in the history's currency: noise of cents is nobody's business.
fn least() -> Money {
    Money::from_septillionths(10_i128.pow(24))
}

/// Finds the unusual days of the period; nothing where no day of it is recorded.
///
/// Bills are looked at where they tell days, else logs: the two are never compared.
pub(super) fn anomalies(facts: &MonthlyFacts) -> Option<Vec<Anomaly>> {
    let in_period = |day: Date| facts.period.slots(day.month())[0];
    let daily = &facts.daily;
    let (kind, covered) = daily.covered.iter().find(|own| own.1.iter().any(|day| in_period(*day)))?;
    let mut found: BTreeMap<Began, Vec<(&str, Outlier)>> = BTreeMap::new();
    for ((_, account, component), costs) in daily.costs.iter().filter(|own| own.0.0 == *kind) {
        let cost = |day: &Date| (*day, costs.get(day).copied().unwrap_or_default());
        let days: Vec<(Date, Money)> = covered.iter().map(cost).collect();
        for own in outliers(&days, least()).into_iter().filter(|own| in_period(own.last)) {
            let key = (own.first, *component, own.size.is_negative());
            found.entry(key).or_default().push((account, own));
        }
    }
    let mut all: Vec<Anomaly> =
        found.into_iter().filter_map(|((_, component, _), own)| anomaly(facts, component, own)).collect();
    all.sort_by(|one, two| {
        two.size
            .abs()
            .cmp(&one.size.abs())
            .then_with(|| (one.first, one.component).cmp(&(two.first, two.component)))
    });
    Some(all)
}

/// Puts together what began on one day in several accounts.
fn anomaly(
    facts: &MonthlyFacts,
    component: Option<Component>,
    mut of: Vec<(&str, Outlier)>,
) -> Option<Anomaly> {
    of.sort_by(|one, two| two.1.size.abs().cmp(&one.1.size.abs()).then_with(|| one.0.cmp(two.0)));
    let sum = |which: fn(&Outlier) -> Money| {
        of.iter().try_fold(Money::ZERO, |sum, own| sum.checked_add(which(&own.1)))
    };
    let (account, most) = of.first()?;
    let size = sum(|own| own.size)?;
    Some(Anomaly {
        first: most.first,
        last: of.iter().map(|own| own.1.last).max()?,
        days: of.iter().map(|own| own.1.days).max()?,
        component,
        accounts: of.iter().map(|own| visible(own.0)).collect(),
        account_label: account_label(facts, account),
        cost: sum(|own| own.cost)?,
        usual: (sum(|own| own.usual.0)?, sum(|own| own.usual.1)?),
        size,
        is_new_level: of.iter().any(|own| own.1.is_new_level),
        cause: cause(facts, &of, component, most.first, size.is_negative()),
    })
}

/// Days before a day on which a change may have caused it.
const DAYS_BEFORE: i64 = 2;

/// Returns the change that may have caused what began on a day: on it or up to two days before, of what the component is recorded
/// by, and not known to have moved the cost the other way. One in the same account comes first, then the nearest, then the one
/// that added most.
fn cause(
    facts: &MonthlyFacts,
    of: &[(&str, Outlier)],
    component: Option<Component>,
    first: Date,
    is_less: bool,
) -> Option<String> {
    let in_account = |own: &RecordedChange| of.iter().any(|(account, _)| *account == own.account);
    let candidate = |own: &RecordedChange| {
        let day: Date = own.time.get(..10)?.parse().ok()?;
        let before = first.days_since(day);
        let is_near = (0..=DAYS_BEFORE).contains(&before);
        let is_same_way = own.added.is_none_or(|own| own.is_zero() || own.is_negative() == is_less);
        (is_near && is_same_way && concerns(&own.event_name, component)).then_some(before)
    };
    let mut all: Vec<(i64, &RecordedChange)> =
        facts.near_changes.iter().filter_map(|own| Some((candidate(own)?, own))).collect();
    all.sort_by_key(|(before, own)| {
        let added = own.added.map_or(Money::ZERO, Money::abs);
        (!in_account(own), *before, std::cmp::Reverse(added))
    });
    let (_, own) = all.first()?;
    let place = if in_account(own) { String::new() } else { format!(" in {}", own.account) };
    Some(visible(&format!("{} {} {}{place} by {}", own.time, own.event_name, own.subject, own.who)))
}

/// Tells whether a call changes what a component is charged for: calls for event data stores that of Lake, those for Insights that
/// of Insights, all others that of trails.
fn concerns(event_name: &str, component: Option<Component>) -> bool {
    let of_lake =
        matches!(component, Some(Component::LakeIngestion | Component::LakeRetention | Component::LakeQuery));
    let of_insights = matches!(component, Some(Component::InsightsManagement | Component::InsightsData));
    if event_name.contains("EventDataStore") {
        of_lake
    } else if event_name.contains("Insight") {
        of_insights
    } else {
        !of_lake
    }
}

impl Layout<'_> {
    /// Shows the unusual days.
    pub(super) fn anomalies(self) -> Section {
        let Some(all) = &self.view.anomalies else {
            return self.section("anomalies", Door::FinOps, self.word("anomalies.unknown"));
        };
        let Some(most) = all.first() else {
            let mut own = self.section("anomalies", Door::FinOps, self.word("anomalies.nothing"));
            own.notes.push(self.word("anomalies.note"));
            return own;
        };
        let key = if most.size.is_negative() { "anomalies.less" } else { "anomalies.more" };
        let answer = Phrase::new(key)
            .count("count", all.len() as u64)
            .phrase("component", component(most.component))
            .text("day", most.first.to_string())
            .money("size", most.size.abs());
        let mut own = self.section("anomalies", Door::FinOps, self.say(&answer));
        let columns = [
            ("first_seen", false),
            ("component", false),
            ("off_usual", true),
            ("days", true),
            ("day_cost", true),
            ("usual", true),
            ("account", false),
            ("cause", false),
        ];
        let rows = all.iter().take(SHOWN).map(|own| self.anomaly(own)).collect();
        let shown = table(self.columns(&columns), rows);
        own.table = Some(Table { more: all.len().saturating_sub(SHOWN), ..shown });
        own.notes.push(self.word("anomalies.note"));
        own.notes.push(self.word("anomalies.note_cause"));
        own
    }

    fn anomaly(self, own: &Anomaly) -> Vec<Cell> {
        let account = match own.accounts.len() {
            1 => own.account_label.clone(),
            some => self.say(
                &Phrase::new("anomalies.accounts")
                    .count("count", some as u64)
                    .text("account", own.account_label.clone()),
            ),
        };
        let days = if own.is_new_level {
            self.say(&Phrase::new("anomalies.new_level").count("count", own.days.into()))
        } else {
            own.days.to_string()
        };
        let (low, high) = own.usual;
        vec![
            plain(own.first.to_string()),
            plain(self.say(&component(own.component))),
            self.change_cell(Some(own.size)),
            Cell { text: days, number: Some(own.days.to_string()) },
            self.money_cell(own.cost),
            Cell {
                text: format!("{} – {}", self.words.money(low), self.words.money(high)),
                number: Some(low.to_string()),
            },
            plain(account),
            plain(own.cause.clone().unwrap_or_else(|| self.word("movers.no_cause"))),
        ]
    }
}

fn id(own: Option<Component>) -> &'static str {
    own.map_or("not_known", Component::id)
}

/// Writes all unusual days.
pub(super) fn anomalies_csv(all: &[Anomaly]) -> Result<String, csv::Error> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record([
        "first_day",
        "last_day",
        "days",
        "component",
        "accounts",
        "cost_of_first_day",
        "usual_least",
        "usual_most",
        "off_usual",
        "new_level",
        "possible_cause",
    ])?;
    for own in all {
        writer.write_record([
            own.first.to_string(),
            own.last.to_string(),
            own.days.to_string(),
            id(own.component).to_owned(),
            csv_field(&own.accounts.join(" ")),
            own.cost.to_string(),
            own.usual.0.to_string(),
            own.usual.1.to_string(),
            own.size.to_string(),
            own.is_new_level.to_string(),
            csv_field(own.cause.as_deref().unwrap_or_default()),
        ])?;
    }
    Ok(finish(writer))
}

/// Days that cost more or less than is usual. Amounts are exact decimals.
#[derive(Serialize, JsonSchema)]
pub(super) struct AnomalyJson<'a> {
    first_day: String,
    last_day: String,
    days: u32,
    /// The component's id; `not_known` for what no table knows.
    component: &'static str,
    /// The account with the most first.
    accounts: &'a [String],
    cost_of_first_day: String,
    usual_least: String,
    usual_most: String,
    /// What all the days cost more, or less, than the median of their weekday.
    off_usual: String,
    /// Whether it went on for seven days, and is the level since.
    new_level: bool,
    possible_cause: Option<&'a str>,
}

impl<'a> AnomalyJson<'a> {
    pub(super) fn new(own: &'a Anomaly) -> Self {
        Self {
            first_day: own.first.to_string(),
            last_day: own.last.to_string(),
            days: own.days,
            component: id(own.component),
            accounts: &own.accounts,
            cost_of_first_day: own.cost.to_string(),
            usual_least: own.usual.0.to_string(),
            usual_most: own.usual.1.to_string(),
            off_usual: own.size.to_string(),
            new_level: own.is_new_level,
            possible_cause: own.cause.as_deref(),
        }
    }
}
