//! The parts for auditors: what changed, what the months were made of, and how figures are made.

use super::parts::{Cell, Door, Section};
use super::phrase::Phrase;
use super::sections::{Layout, plain, table};

impl Layout<'_> {
    pub(super) fn changes(self) -> Section {
        let changes = &self.view.changes;
        let answer = match changes.len() {
            0 => self.word("changes.nothing"),
            some => self.say(&Phrase::new("changes.answer").count("count", some as u64)),
        };
        let mut own = self.section("changes", Door::Evidence, answer);
        if !changes.is_empty() {
            let columns = [
                ("time", false),
                ("account", false),
                ("region", false),
                ("call", false),
                ("subject", false),
                ("who", false),
                ("added", true),
            ];
            let rows = changes.iter().map(|own| {
                let mut row: Vec<Cell> =
                    [&own.time, &own.account, &own.region, &own.event_name, &own.subject, &own.who]
                        .into_iter()
                        .map(plain)
                        .collect();
                row.push(self.change_cell(own.added));
                row
            });
            own.table = Some(table(self.columns(&columns), rows.collect()));
        }
        own
    }

    pub(super) fn sources(self) -> Section {
        let view = self.view;
        let mut own = self.section("sources", Door::Evidence, self.word("sources.answer"));
        let columns = [
            ("month", false),
            ("kind", false),
            ("made_of", false),
            ("files", false),
            ("days", false),
            ("prices", false),
        ];
        let rows = view.months.iter().map(|own| {
            let days = own.days.map_or_else(|| "–".to_owned(), |own| format!("{} – {}", own.0, own.1));
            vec![
                Cell { text: self.words.month(own.month), number: Some(own.month.to_string()) },
                plain(self.word(&format!("kind.{}", own.kind.name()))),
                plain(&own.about),
                plain(own.sources.join(", ")),
                plain(days),
                plain(own.prices_as_of.map_or_else(|| "–".to_owned(), |own| own.to_string())),
            ]
        });
        own.table = Some(table(self.columns(&columns), rows.collect()));
        own.notes.push(self.word("sources.note"));
        own
    }

    pub(super) fn method(self) -> Section {
        let mut own = self.section("method", Door::Evidence, self.word("method.answer"));
        let all = ["method.total", "method.effects", "method.rounding", "method.compare", "method.version"];
        own.notes = all
            .iter()
            .map(|key| self.say(&Phrase::new(*key).text("version", env!("CARGO_PKG_VERSION"))))
            .collect();
        if let Some(rate) = self.words.exchange() {
            own.notes.push(
                self.say(
                    &Phrase::new("method.exchange")
                        .text("from", self.view.currency.code())
                        .text("to", rate.currency.code())
                        .text("rate", rate.rate.normalize().to_string())
                        .text("date", crate::report::visible(&rate.date))
                        .text("source", crate::report::visible(&rate.source)),
                ),
            );
        }
        own
    }
}
