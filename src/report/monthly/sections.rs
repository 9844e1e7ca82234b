//! The report in parts, each with its answer first: what every format lays out.

use super::parts::{Cell, Column, Door, Section, Table, Tile};
use super::phrase::Phrase;
use super::sum::Sum;
use super::view::{GroupView, MonthlyComponent, MonthlyCost, MonthlyView, Note};
use super::words::Words;
use crate::domain::{Component, Money, RecordedAction};
use rust_decimal::Decimal;

/// Rows of a table that people see; all are in the CSV files.
pub(super) const SHOWN: usize = 50;

/// Lays the report out in a language.
#[derive(Debug, Clone, Copy)]
pub struct Layout<'a> {
    pub(super) view: &'a MonthlyView,
    pub(super) words: &'a Words,
}

impl<'a> Layout<'a> {
    /// Takes a report and a language.
    pub fn new(view: &'a MonthlyView, words: &'a Words) -> Self {
        Self { view, words }
    }

    pub(in crate::report) fn view(self) -> &'a MonthlyView {
        self.view
    }

    /// Returns a component's label.
    pub(in crate::report) fn component_word(self, own: Option<Component>) -> String {
        self.say(&component(own))
    }

    pub(in crate::report) fn word(self, key: &str) -> String {
        self.words.word(key)
    }

    pub(in crate::report) fn say(self, phrase: &Phrase) -> String {
        self.words.say(phrase)
    }

    /// Returns the title: what of when.
    pub fn title(self) -> String {
        self.say(&Phrase::new("title").phrase("period", self.view.period.label()))
    }

    /// Says that a table has more rows.
    pub(in crate::report) fn more_rows(self, more: usize) -> String {
        self.say(&Phrase::new("more_rows").count("count", more as u64))
    }

    /// Returns the finding: the cost, its change, what drove it, and what can be saved.
    pub fn headline(self) -> String {
        let view = self.view;
        let mut all = vec![
            match (view.total.change(), view.total.now.is_incomplete) {
                (_, true) => Phrase::new("headline.at_least"),
                (Some(change), _) if change.is_zero() => Phrase::new("headline.same"),
                (Some(change), _) if change.is_negative() => {
                    Phrase::new("headline.less").money("change", change.abs())
                }
                (Some(change), _) => Phrase::new("headline.more").money("change", change),
                (None, _) => Phrase::new("headline.alone"),
            }
            .phrase("period", view.period.label())
            .money("cost", view.total.now.cost),
        ];
        if let Some(own) = view.movers.first() {
            let key = if own.change.is_negative() { "headline.mover_less" } else { "headline.mover_more" };
            all.push(
                Phrase::new(key)
                    .phrase("component", component(own.component))
                    .text("account", own.account_label.clone())
                    .money("change", own.change.abs()),
            );
        }
        if let Some(saving) = self.avoidable().filter(|own| !own.is_zero()) {
            all.push(Phrase::new("headline.avoidable").money("saving", saving));
        }
        all.iter().map(|own| self.say(own)).collect::<Vec<_>>().join(" ")
    }

    /// Returns what the plan saves in a month.
    fn avoidable(self) -> Option<Money> {
        let plan = self.view.plan.as_ref()?;
        plan.before.checked_sub(plan.after)
    }

    /// Returns the figures that managers look at first.
    pub fn tiles(self) -> Vec<Tile> {
        let view = self.view;
        let tile = |key: &str, figure: String, note: String| Tile { label: self.word(key), figure, note };
        let against = |change: Option<Money>, from: Option<Sum>| match (change, from) {
            (Some(change), Some(from)) => {
                let share = percent(change, from.cost).map(|own| format!(" ({own})")).unwrap_or_default();
                format!("{}{share}", self.words.change(change))
            }
            (None, Some(_)) => self.change_of_known(view.total.now, from).text,
            _ => self.word("unknown"),
        };
        let was = |from: Option<Sum>| {
            from.map_or_else(
                || self.word("tile.not_recorded"),
                |own| self.say(&Phrase::new("tile.was").money("cost", own.cost)),
            )
        };
        let kind = view.last().map(|own| self.word(&format!("kind.{}", own.kind.name()))).unwrap_or_default();
        let mut tiles = vec![
            tile("tile.cost", self.sum(view.total.now), kind),
            tile("tile.change", against(view.total.change(), view.total.before), was(view.total.before)),
            tile(
                "tile.change_of_year",
                against(view.total.change_of_year(), view.total.year_before),
                was(view.total.year_before),
            ),
        ];
        tiles.push(match (self.avoidable(), &view.plan) {
            (Some(saving), Some(plan)) => tile(
                "tile.avoidable",
                self.words.money(saving),
                self.say(&Phrase::new("tile.actions").count("count", plan.actions.len() as u64)),
            ),
            _ => tile("tile.avoidable", self.word("unknown"), self.word("tile.no_plan")),
        });
        tiles
    }

    /// Returns all parts, in the order of the page.
    pub fn sections(self) -> Vec<Section> {
        let mut all =
            vec![self.decisions(), self.certainty(), self.components(), self.effects(), self.movers()];
        all.splice(1..1, self.forecast());
        if let Some(own) = self.budgets() {
            let before = all.iter().take_while(|own| own.id != "certainty").count();
            all.insert(before, own);
        }
        all.extend(self.view.groups.iter().map(|own| self.group(own)));
        all.insert(all.len() - self.view.groups.len(), self.anomalies());
        all.extend(self.chargeback());
        all.extend(self.outcomes());
        all.extend([self.months(), self.unit_costs()]);
        all.extend(self.others());
        all.extend(self.lines().into_iter().chain(self.rates()));
        all.extend([self.changes(), self.sources(), self.method()]);
        all
    }

    pub(super) fn section(self, id: &str, door: Door, answer: String) -> Section {
        Section {
            id: id.to_owned(),
            door,
            title: self.word(&format!("section.{id}")),
            answer,
            table: None,
            notes: Vec::new(),
        }
    }

    pub(super) fn columns(self, keys: &[(&str, bool)]) -> Vec<Column> {
        keys.iter()
            .map(|(key, is_number)| Column {
                name: self.word(&format!("column.{key}")),
                is_number: *is_number,
            })
            .collect()
    }

    fn sum(self, own: Sum) -> String {
        match own.known() {
            Some(cost) => self.words.money(cost),
            None if own.cost.is_zero() => self.word("unknown"),
            None => format!("≥ {}", self.words.money(own.cost)),
        }
    }

    pub(super) fn sum_cell(self, own: Option<Sum>) -> Cell {
        match own {
            Some(own) => Cell { text: self.sum(own), number: Some(own.cost.to_string()) },
            None => plain("–"),
        }
    }

    pub(super) fn money_cell(self, own: Money) -> Cell {
        Cell { text: self.words.money(own), number: Some(own.to_string()) }
    }

    pub(super) fn change_cell(self, own: Option<Money>) -> Cell {
        match own {
            Some(own) => Cell { text: self.words.change(own), number: Some(own.to_string()) },
            None => plain("–"),
        }
    }

    /// A change; in brackets, where it is that of the known parts.
    fn change_of_known(self, now: Sum, from: Option<Sum>) -> Cell {
        let Some((change, from)) = from.and_then(|from| Some((now.cost.checked_sub(from.cost)?, from)))
        else {
            return plain("–");
        };
        let text = self.words.change(change);
        let is_known = !now.is_incomplete && !from.is_incomplete;
        Cell { text: if is_known { text } else { format!("({text})") }, number: Some(change.to_string()) }
    }

    /// Cells of a cost: the period, before, the change, the year before, the change.
    fn compared(self, own: &MonthlyCost) -> Vec<Cell> {
        vec![
            self.sum_cell(Some(own.now)),
            self.sum_cell(own.before),
            self.change_of_known(own.now, own.before),
            self.sum_cell(own.year_before),
            self.change_of_known(own.now, own.year_before),
        ]
    }

    const COMPARED: [(&'static str, bool); 5] =
        [("now", true), ("before", true), ("change", true), ("year_before", true), ("change_of_year", true)];

    fn compared_columns(self, first: &[(&str, bool)]) -> Vec<Column> {
        let all: Vec<(&str, bool)> = first.iter().chain(&Self::COMPARED).copied().collect();
        self.columns(&all)
    }

    fn decisions(self) -> Section {
        let plan = self.view.plan.as_ref();
        let answer = match plan {
            None => self.word("decisions.no_plan"),
            Some(plan) if plan.actions.is_empty() => self.word("decisions.nothing"),
            Some(plan) => self.say(
                &Phrase::new("decisions.answer")
                    .count("count", plan.actions.len() as u64)
                    .money("saving", self.avoidable().unwrap_or_default())
                    .money("after", plan.after),
            ),
        };
        let mut own = self.section("decisions", Door::Managers, answer);
        let actions = plan.map(|own| own.actions.as_slice()).unwrap_or_default();
        if !actions.is_empty() {
            let columns = [
                ("action", false),
                ("saves_month", true),
                ("saves_year", true),
                ("effort", false),
                ("gives_up", false),
            ];
            let row = |own: &RecordedAction| {
                let year = own.saves.times(Decimal::from(12)).unwrap_or_default();
                vec![
                    plain(format!("{}: {}", own.title, own.why)),
                    self.money_cell(own.saves),
                    self.money_cell(year),
                    plain(self.word(&format!("effort.{}", own.effort))),
                    plain(match own.gives_up.1.as_slice() {
                        [] => self.word("decisions.gives_up_nothing"),
                        some => some.join(", "),
                    }),
                ]
            };
            own.table = Some(table(self.columns(&columns), actions.iter().map(row).collect()));
            own.notes.push(self.word("decisions.note"));
        }
        own
    }

    fn certainty(self) -> Section {
        let answer = match self.view.notes.len() {
            0 => self.word("certainty.all"),
            some => self.say(&Phrase::new("certainty.answer").count("count", some as u64)),
        };
        let mut own = self.section("certainty", Door::Managers, answer);
        own.notes = self.view.notes.iter().map(|own: &Note| self.say(own)).collect();
        own
    }

    fn components(self) -> Section {
        let view = self.view;
        let most = view.components.iter().max_by_key(|own| own.cost.now.cost);
        let answer = match most.filter(|own| !own.cost.now.cost.is_zero()) {
            Some(own) => self.say(
                &Phrase::new("components.answer")
                    .phrase("component", component(own.component))
                    .money("cost", own.cost.now.cost)
                    .text("share", percent(own.cost.now.cost, view.total.now.cost).unwrap_or_default()),
            ),
            None => self.word("components.nothing"),
        };
        let mut own = self.section("components", Door::FinOps, answer);
        if view.total.now.is_incomplete || view.total.before.is_some_and(|own| own.is_incomplete) {
            own.notes.push(self.word("components.note"));
        }
        let row = |own: &MonthlyComponent| {
            let mut cells = vec![plain(self.say(&component(own.component)))];
            cells.extend(self.compared(&own.cost));
            cells
        };
        let rows = view.components.iter().map(row).collect();
        let mut total = vec![plain(self.word("total"))];
        total.extend(self.compared(&view.total));
        own.table =
            Some(Table { total: Some(total), ..table(self.compared_columns(&[("component", false)]), rows) });
        own
    }

    fn effects(self) -> Section {
        let view = self.view;
        let answer = match view.effects {
            Some(own) => self.say(
                &Phrase::new("effects.answer")
                    .text("volume", self.words.change(own.volume))
                    .text("rate", self.words.change(own.rate))
                    .text("mix", self.words.change(own.mix)),
            ),
            None => self.word("effects.unknown"),
        };
        let mut own = self.section("effects", Door::FinOps, answer);
        let cells = |own: Option<super::effects::Effects>| match own {
            Some(own) => [own.volume, own.rate, own.mix].map(|own| self.change_cell(Some(own))),
            None => [(); 3].map(|()| plain("–")),
        };
        if view.effects.is_some() || view.effects_of_year.is_some() {
            let columns = [
                ("component", false),
                ("volume", true),
                ("rate", true),
                ("mix", true),
                ("volume_of_year", true),
                ("rate_of_year", true),
                ("mix_of_year", true),
            ];
            let row = |own: &MonthlyComponent| {
                let mut row = vec![plain(self.say(&component(own.component)))];
                row.extend(cells(own.effects));
                row.extend(cells(own.effects_of_year));
                row
            };
            let mut total = vec![plain(self.word("total"))];
            total.extend(cells(view.effects));
            total.extend(cells(view.effects_of_year));
            let rows = view.components.iter().map(row).collect();
            own.table = Some(Table { total: Some(total), ..table(self.columns(&columns), rows) });
            own.notes.push(self.word("effects.note"));
        }
        own
    }

    fn movers(self) -> Section {
        let view = self.view;
        let answer = match view.movers.first() {
            Some(own) => self.say(
                &Phrase::new("movers.answer")
                    .phrase("component", component(own.component))
                    .text("account", own.account_label.clone())
                    .text("change", self.words.change(own.change)),
            ),
            None if view.total.before.is_none() => self.word("movers.unknown"),
            None => self.word("movers.nothing"),
        };
        let mut own = self.section("movers", Door::FinOps, answer);
        if !view.movers.is_empty() {
            let columns = [
                ("account", false),
                ("component", false),
                ("now", true),
                ("before", true),
                ("change", true),
                ("cause", false),
            ];
            let rows = view.movers.iter().map(|own| {
                vec![
                    plain(&own.account_label),
                    plain(self.say(&component(own.component))),
                    self.sum_cell(Some(own.cost.now)),
                    self.sum_cell(own.cost.before),
                    self.change_cell(Some(own.change)),
                    plain(own.cause.clone().unwrap_or_else(|| self.word("movers.no_cause"))),
                ]
            });
            own.table = Some(table(self.columns(&columns), rows.collect()));
            own.notes.push(self.word("movers.note"));
        }
        own
    }

    fn group(self, group: &GroupView) -> Section {
        let label = |own: &super::view::GroupRow| self.say(&own.label);
        let answer = match group.rows.first() {
            Some(own) => self.say(
                &Phrase::new("group.answer")
                    .text("name", label(own))
                    .money("cost", own.cost.now.cost)
                    .text("share", percent(own.cost.now.cost, self.view.total.now.cost).unwrap_or_default())
                    .count("count", group.rows.len() as u64),
            ),
            None => self.word("components.nothing"),
        };
        let heading = self.say(&group.heading);
        let columns = {
            let mut all = vec![Column { name: heading.clone(), is_number: false }];
            all.extend(self.compared_columns(&[]));
            all
        };
        let rows = group.rows.iter().take(SHOWN).map(|own| {
            let mut cells = vec![plain(label(own))];
            cells.extend(self.compared(&own.cost));
            cells
        });
        let mut total = vec![plain(self.word("total"))];
        total.extend(self.compared(&self.view.total));
        Section {
            id: format!("by-{}", group.file),
            door: Door::FinOps,
            title: self.say(&Phrase::new("section.by").text("name", heading)),
            answer,
            table: Some(Table {
                columns,
                rows: rows.collect(),
                total: Some(total),
                more: group.rows.len().saturating_sub(SHOWN),
            }),
            notes: Vec::new(),
        }
    }

    fn outcomes(self) -> Option<Section> {
        let view = self.view;
        let earlier = view.earlier?;
        let gone = view.outcomes.iter().filter(|own| own.state == super::outcome::OutcomeState::Gone);
        let realized = gone.clone().filter_map(|own| own.realized);
        let realized = realized.fold(Money::ZERO, |sum, own| sum.checked_add(own).unwrap_or(sum));
        let answer = match (view.outcomes.len(), gone.count()) {
            (0, _) => self.word("outcomes.nothing"),
            (all, done) => self.say(
                &Phrase::new("outcomes.answer")
                    .month("month", earlier)
                    .count("count", all as u64)
                    .count("done", done as u64)
                    .money("realized", realized),
            ),
        };
        let mut own = self.section("outcomes", Door::FinOps, answer);
        if !view.outcomes.is_empty() {
            let columns = [("action", false), ("planned", true), ("state", false), ("realized", true)];
            let rows = view.outcomes.iter().map(|own| {
                vec![
                    plain(&own.title),
                    self.money_cell(own.planned),
                    plain(self.word(&format!("outcome.{}", own.state.name()))),
                    self.change_cell(own.realized),
                ]
            });
            own.table = Some(table(self.columns(&columns), rows.collect()));
            own.notes.push(self.word("outcomes.note"));
        }
        Some(own)
    }

    fn months(self) -> Section {
        let months = &self.view.months;
        let answer = self.say(&Phrase::new("months.answer").count("count", months.len() as u64));
        let mut own = self.section("months", Door::FinOps, answer);
        let columns = [
            ("month", false),
            ("kind", false),
            ("cost", true),
            ("measured", true),
            ("expected", true),
            ("off", true),
        ];
        let rows = months.iter().map(|own| {
            let off = own.expected.and_then(|expected| own.total.known()?.checked_sub(expected.known()?));
            vec![
                Cell { text: self.words.month(own.month), number: Some(own.month.to_string()) },
                plain(self.word(&format!("kind.{}", own.kind.name()))),
                self.sum_cell(Some(own.total)),
                self.sum_cell(own.measured),
                self.sum_cell(own.expected),
                self.change_cell(off),
            ]
        });
        own.table = Some(table(self.columns(&columns), rows.collect()));
        own.notes.push(self.word("months.note"));
        own
    }

    fn others(self) -> Option<Section> {
        let others = &self.view.others;
        if others.is_empty() {
            return None;
        }
        let mut own = self.section("others", Door::FinOps, self.word("others.answer"));
        let rows = others
            .iter()
            .map(|(category, sum)| {
                vec![plain(self.word(&format!("category.{}", category.name()))), self.sum_cell(Some(*sum))]
            })
            .collect();
        own.table = Some(table(self.columns(&[("category", false), ("cost", true)]), rows));
        Some(own)
    }
}

/// Returns a component's label.
pub(super) fn component(own: Option<Component>) -> Phrase {
    Phrase::new(format!("component.{}", own.map_or("not_known", Component::id)))
}

pub(super) fn plain(text: impl AsRef<str>) -> Cell {
    Cell { text: text.as_ref().to_owned(), number: None }
}

pub(super) fn table(columns: Vec<Column>, rows: Vec<Vec<Cell>>) -> Table {
    Table { columns, rows, total: None, more: 0 }
}

/// Writes a share in percent to a tenth, with a sign for what is below zero; nothing of nothing.
pub(super) fn percent(part: Money, whole: Money) -> Option<String> {
    let tenths = part.share_of(whole)?;
    let text = tenths.normalize().to_string();
    Some(format!("{}%", text.replace('-', "−")))
}
