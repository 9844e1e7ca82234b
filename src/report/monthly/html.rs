//! The report as one page that needs nothing beside it: no file, no network.

use super::charts::monthly_charts;
use super::parts::{Cell, Door, Section, Table};
use super::phrase::Phrase;
use super::sections::Layout;
use super::what_if_page::{self, WhatIfMarkup};
use crate::report::chart::{font_face_css, has_devanagari};
use minijinja::{Environment, UndefinedBehavior};
use serde::Serialize;

const PAGE: &str = include_str!("page.html");

#[derive(Serialize)]
struct DoorPart {
    id: &'static str,
    name: String,
    note: String,
    parts: Vec<Part>,
}

#[derive(Serialize)]
struct Part {
    id: String,
    title: String,
    answer: String,
    table: Option<PartTable>,
    notes: Vec<String>,
}

#[derive(Serialize)]
struct PartTable {
    columns: Vec<PartColumn>,
    rows: Vec<Vec<PartCell>>,
    total: Option<Vec<PartCell>>,
    more: Option<String>,
}

#[derive(Serialize)]
struct PartColumn {
    name: String,
    is_number: bool,
}

#[derive(Serialize)]
struct PartCell {
    text: String,
    number: Option<String>,
    is_number: bool,
}

#[derive(Serialize)]
struct TilePart {
    label: String,
    figure: String,
    note: String,
}

#[derive(Serialize)]
struct PageWords {
    skip: String,
    contents: String,
    sort: String,
}

#[derive(Serialize)]
struct Page<'a> {
    language: &'a str,
    title: String,
    headline: String,
    fonts: String,
    tiles: Vec<TilePart>,
    charts: Vec<String>,
    doors: Vec<DoorPart>,
    footer: String,
    words: PageWords,
    what_if: Option<WhatIfMarkup>,
}

/// Writes the page. All names in it are escaped.
///
/// # Errors
/// Says what the template lacks, which a test would have found.
pub fn monthly_html(layout: Layout<'_>) -> Result<String, minijinja::Error> {
    let word = |key: &str| layout.words.word(key);
    let sections = layout.sections();
    let doors: Vec<DoorPart> = Door::ALL
        .into_iter()
        .map(|door| DoorPart {
            id: door.id(),
            name: word(&format!("door.{}", door.id())),
            note: word(&format!("page.door_note.{}", door.id())),
            parts: sections.iter().filter(|own| own.door == door).map(|own| part(layout, own)).collect(),
        })
        .collect();
    let tiles = layout.tiles().into_iter();
    let tiles: Vec<TilePart> =
        tiles.map(|own| TilePart { label: own.label, figure: own.figure, note: own.note }).collect();
    let charts: Vec<String> = monthly_charts(layout).into_iter().map(|own| own.svg).collect();
    let footer = Phrase::new("page.footer")
        .text("version", env!("CARGO_PKG_VERSION"))
        .count("count", layout.view.months.len() as u64);
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    let page = Page {
        language: layout.words.language(),
        title: layout.title(),
        headline: layout.headline(),
        fonts: font_face_css(has_devanagari(&[&word("total"), layout.words.symbol()].concat())).to_owned(),
        tiles,
        charts,
        doors,
        footer: layout.say(&footer),
        words: PageWords {
            skip: word("page.skip"),
            contents: word("page.contents"),
            sort: word("page.sort"),
        },
        what_if: what_if_page::markup(layout, &environment)?,
    };
    environment.render_named_str("page.html", PAGE, minijinja::value::Serde(page))
}

fn part(layout: Layout<'_>, own: &Section) -> Part {
    Part {
        id: own.id.clone(),
        title: own.title.clone(),
        answer: own.answer.clone(),
        table: own.table.as_ref().map(|own| table(layout, own)),
        notes: own.notes.clone(),
    }
}

fn table(layout: Layout<'_>, own: &Table) -> PartTable {
    let row = |cells: &Vec<Cell>| -> Vec<PartCell> {
        cells
            .iter()
            .zip(&own.columns)
            .map(|(cell, column)| PartCell {
                text: cell.text.clone(),
                number: cell.number.clone(),
                is_number: column.is_number,
            })
            .collect()
    };
    PartTable {
        columns: own
            .columns
            .iter()
            .map(|own| PartColumn { name: own.name.clone(), is_number: own.is_number })
            .collect(),
        rows: own.rows.iter().map(row).collect(),
        total: own.total.as_ref().map(row),
        more: (own.more > 0).then(|| layout.more_rows(own.more)),
    }
}
