//! Who bears what: costs that one account pays for all, divided among the accounts by rules.
//!
//! Each part is the difference of two running sums, each rounded half-even at 10⁻²⁴, so that the parts add up to what is divided to the
//! last digit.

use super::facts::{MonthlyFacts, ShareKey};
use super::parts::{Cell, Door, Section, Table};
use super::phrase::Phrase;
use super::sections::{Layout, plain};
use super::sum::Sum;
use super::view::Note;
use crate::domain::{AllocationKey, AllocationRule, Money, Quantity, SharedCosts};
use crate::report::clean::visible;
use std::collections::BTreeMap;

/// What an account, or a tag's value, bears.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Borne {
    /// What it pays itself and no rule divides.
    pub own: Money,
    /// What rules lay on it.
    pub shared: Money,
}

impl Borne {
    /// Returns the sum of both.
    pub fn total(self) -> Option<Money> {
        self.own.checked_add(self.shared)
    }
}

/// Who bears what.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Chargeback {
    /// By account: the id, the name that people read, and what it bears.
    pub accounts: Vec<(String, String, Borne)>,
    /// By tag: the key, the value, and what it bears.
    pub tags: Vec<(String, String, Borne)>,
    /// What each rule divides.
    pub rules: Vec<(String, Money)>,
    /// What is odd about it.
    pub notes: Vec<Note>,
    /// Whether part of the costs is not known.
    pub is_incomplete: bool,
}

/// Divides the period's costs; nothing on overflow.
pub(super) fn chargeback(facts: &MonthlyFacts, rules: &[AllocationRule]) -> Option<Chargeback> {
    let mut borne: BTreeMap<&str, Borne> =
        facts.shareable.keys().map(|own| (&*own.0, Borne::default())).collect();
    let mut divided: Vec<Money> = vec![Money::ZERO; rules.len()];
    let mut found = Chargeback::default();
    for (key, sum) in &facts.shareable {
        let account = &*key.0;
        found.is_incomplete |= sum.is_incomplete;
        if let Some(at) = rule_of(rules, key) {
            divided[at] = divided[at].checked_add(sum.cost)?;
        } else {
            let own = borne.entry(account).or_default();
            own.own = own.own.checked_add(sum.cost)?;
        }
    }
    let direct: BTreeMap<&str, Money> = borne.iter().map(|(id, own)| (*id, own.own)).collect();
    for (at, (rule, cost)) in rules.iter().zip(&divided).enumerate() {
        found.rules.push((visible(&rule.name), *cost));
        let weights = weights(facts, rule, &direct);
        let whole = weights.iter().try_fold(Quantity::ZERO, |sum, own| sum.plus(own.1).ok())?;
        if whole.is_zero() {
            // Nobody is there to bear it: it stays with who pays.
            if !cost.is_zero() {
                found.notes.push(Phrase::new("chargeback.undivided").text("rule", visible(&rule.name)));
            }
            for (key, sum) in facts.shareable.iter().filter(|own| rule_of(rules, own.0) == Some(at)) {
                let own = borne.entry(&*key.0).or_default();
                own.own = own.own.checked_add(sum.cost)?;
            }
            continue;
        }
        let (mut running, mut given) = (Quantity::ZERO, Money::ZERO);
        for (account, weight) in weights {
            running = running.plus(weight).ok()?;
            let upto = cost.times_ratio(running, whole)?;
            let own = borne.entry(account).or_default();
            own.shared = own.shared.checked_add(upto.checked_sub(given)?)?;
            given = upto;
        }
    }
    let mut tags: BTreeMap<(String, String), Borne> = BTreeMap::new();
    for (account, own) in &borne {
        for key in &facts.tag_keys {
            let value = facts.accounts.get(*account).and_then(|own| own.tags.get(key));
            let value = value.map_or(super::facts::UNTAGGED, String::as_str);
            let sum = tags.entry((visible(key), visible(value))).or_default();
            sum.own = sum.own.checked_add(own.own)?;
            sum.shared = sum.shared.checked_add(own.shared)?;
        }
    }
    found.tags = tags.into_iter().map(|((key, value), own)| (key, value, own)).collect();
    found.accounts = borne
        .into_iter()
        .filter(|own| own.1 != Borne::default())
        .map(|(id, own)| (visible(id), super::view::account_label(facts, id), own))
        .collect();
    found.accounts.sort_by(|one, two| two.2.total().cmp(&one.2.total()).then_with(|| one.0.cmp(&two.0)));
    Some(found)
}

/// Returns the first rule that a cost fits.
fn rule_of(rules: &[AllocationRule], key: &ShareKey) -> Option<usize> {
    rules.iter().position(|own| holds(&own.of, key))
}

fn holds(of: &SharedCosts, (account, resource, component): &ShareKey) -> bool {
    of.account.as_ref().is_none_or(|own| own.as_str() == &**account)
        && of.resource.as_ref().is_none_or(|own| **own == **resource)
        && of.component.is_none_or(|own| *component == Some(own))
}

/// Returns the weight of each account, by its id; those that bear nothing are left out.
fn weights<'a>(
    facts: &'a MonthlyFacts,
    rule: &'a AllocationRule,
    direct: &BTreeMap<&'a str, Money>,
) -> Vec<(&'a str, Quantity)> {
    let is_left_out = |id: &str| id.is_empty() || rule.without.iter().any(|own| own.as_str() == id);
    let all: Vec<(&str, Quantity)> = match &rule.by {
        AllocationKey::Events => facts.events.iter().map(|(id, own)| (&**id, *own)).collect(),
        AllocationKey::Equal => direct.keys().map(|id| (*id, Quantity::from_count(1))).collect(),
        AllocationKey::Weights(all) => all.iter().map(|(id, own)| (id.as_str(), *own)).collect(),
        AllocationKey::Cost => direct
            .iter()
            // Weights have twelve digits after the point; what is less of an amount does not weigh.
            .map(|(id, own)| (*id, Quantity::from_trillionths(own.septillionths() / 1_000_000_000_000)))
            .collect(),
    };
    all.into_iter().filter(|own| !is_left_out(own.0) && !own.1.is_zero() && !own.1.is_negative()).collect()
}

impl Layout<'_> {
    /// Shows who bears what, by account and by tag.
    pub(super) fn chargeback(self) -> Option<Section> {
        let own = self.view.chargeback.as_ref()?;
        let shared = own.rules.iter().try_fold(Money::ZERO, |sum, own| sum.checked_add(own.1))?;
        let answer = self.say(
            &Phrase::new("chargeback.answer").money("shared", shared).count("count", own.rules.len() as u64),
        );
        let mut section = self.section("chargeback", Door::FinOps, answer);
        let cells = |label: String, own: Borne| -> Vec<Cell> {
            let total = Sum { cost: own.total().unwrap_or_default(), is_incomplete: false };
            vec![
                plain(label),
                self.money_cell(own.own),
                self.money_cell(own.shared),
                self.sum_cell(Some(total)),
            ]
        };
        let sum = own.accounts.iter().fold(Borne::default(), |sum, (_, _, own)| Borne {
            own: sum.own.checked_add(own.own).unwrap_or(sum.own),
            shared: sum.shared.checked_add(own.shared).unwrap_or(sum.shared),
        });
        let accounts = own.accounts.iter().take(super::sections::SHOWN);
        let mut rows: Vec<Vec<Cell>> = accounts.map(|own| cells(own.1.clone(), own.2)).collect();
        rows.extend(own.tags.iter().map(|(key, value, own)| cells(format!("{key}: {value}"), *own)));
        let columns = [("bears", false), ("own", true), ("shared", true), ("cost", true)];
        section.table = Some(Table {
            columns: self.columns(&columns),
            rows,
            total: Some(cells(self.word("total"), sum)),
            more: own.accounts.len().saturating_sub(super::sections::SHOWN),
        });
        let rule = |(name, cost): &(String, Money)| {
            self.say(&Phrase::new("chargeback.rule").text("rule", name).money("cost", *cost))
        };
        section.notes.extend(own.rules.iter().map(rule));
        section.notes.extend(own.notes.iter().map(|own| self.say(own)));
        if own.is_incomplete {
            section.notes.push(self.word("chargeback.incomplete"));
        }
        section.notes.push(self.word("chargeback.note"));
        Some(section)
    }
}
