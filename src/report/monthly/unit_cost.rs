//! What a million recorded events, and an account, cost in each month.

use super::facts::MonthFacts;
use super::parts::{Cell, Door, Section};
use super::phrase::Phrase;
use super::sections::{Layout, SHOWN, plain, table};
use crate::domain::{ChargeCategory, Component, Money, Quantity, RecordedLine};
use crate::report::csv::finish;
use rust_decimal::Decimal;

/// So many events a unit cost is of.
const MILLION: u32 = 1_000_000;

/// Returns the events that a line records: copies of management events, data events and network activity events. Insights analyses
/// events that are recorded already.
pub(super) fn recorded_events(line: &RecordedLine) -> Option<Quantity> {
    let component = line.component?;
    let is_recorded = matches!(
        component,
        Component::ManagementCopies
            | Component::DataEventsS3
            | Component::DataEventsLambda
            | Component::DataEventsOther
            | Component::NetworkActivity
    );
    let is_count = line.category == ChargeCategory::Usage && line.unit.eq_ignore_ascii_case("Events");
    Some(line.quantity).filter(|own| is_recorded && is_count && !own.is_negative())
}

/// Returns what a million events cost, half-even at 10⁻²⁴; nothing where none are recorded.
pub(super) fn of_million(own: &MonthFacts) -> Option<Money> {
    own.total.cost.per(own.events, MILLION)
}

/// Returns what an account cost, half-even at 10⁻²⁴; nothing where none is named.
pub(super) fn of_account(own: &MonthFacts) -> Option<Money> {
    own.total.cost.divided_by(u32::try_from(own.accounts).ok()?)
}

/// Writes the months' unit costs: exact as they are held, for charts of one's own.
pub(super) fn unit_costs_csv(months: &[MonthFacts]) -> Result<String, csv::Error> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record([
        "month",
        "cost",
        "complete",
        "events",
        "cost_per_million_events",
        "accounts",
        "cost_per_account",
    ])?;
    let amount = |own: Option<Money>| own.map(|own| own.to_string()).unwrap_or_default();
    for own in months {
        writer.write_record([
            own.month.to_string(),
            own.total.cost.to_string(),
            (!own.total.is_incomplete).to_string(),
            own.events.to_string(),
            amount(of_million(own)),
            own.accounts.to_string(),
            amount(of_account(own)),
        ])?;
    }
    Ok(finish(writer))
}

impl Layout<'_> {
    pub(super) fn unit_costs(self) -> Section {
        let months = &self.view.months;
        let last = self.view.last();
        let answer = match last.and_then(|own| Some((own, of_million(own)?))) {
            Some((own, cost)) => self.say(
                &Phrase::new("unit_cost.answer")
                    .month("month", own.month)
                    .text("cost", self.unit_cell(own, Some(cost)).text),
            ),
            None => self.word("unit_cost.unknown"),
        };
        let mut section = self.section("unit_cost", Door::FinOps, answer);
        let columns = [
            ("month", false),
            ("cost", true),
            ("events", true),
            ("per_million", true),
            ("accounts", true),
            ("per_account", true),
        ];
        let rows = months.iter().rev().take(SHOWN).rev().map(|own| {
            let events = own.events.rounded(0);
            vec![
                Cell { text: self.words.month(own.month), number: Some(own.month.to_string()) },
                self.sum_cell(Some(own.total)),
                Cell { text: self.words.number(events), number: Some(own.events.to_string()) },
                self.unit_cell(own, of_million(own)),
                Cell {
                    text: self.words.number(Decimal::from(own.accounts)),
                    number: Some(own.accounts.to_string()),
                },
                self.unit_cell(own, of_account(own)),
            ]
        });
        let mut own = table(self.columns(&columns), rows.collect());
        own.more = months.len().saturating_sub(SHOWN);
        section.table = Some(own);
        section.notes.push(self.word("unit_cost.note"));
        section
    }

    /// A unit cost; of a month that is known in part, at least so much.
    fn unit_cell(self, month: &MonthFacts, cost: Option<Money>) -> Cell {
        let Some(cost) = cost else { return plain("–") };
        let own = self.money_cell(cost);
        if month.total.is_incomplete { Cell { text: format!("≥ {}", own.text), ..own } } else { own }
    }
}
