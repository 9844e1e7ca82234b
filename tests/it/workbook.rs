//! Workbooks: every formula with its result, totals as estimated, names that stay texts, large estimates added up.
//!
//! That LibreOffice computes the same is checked by `tests/workbook/check.sh`.

use crate::support::{BuiltIn, root};
use resvg::usvg::roxmltree::{Document, Node};
use rust_decimal::Decimal;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::fs;
use std::io::{Cursor, Read};
use std::path::Path;
use std::process::Command;
use trailcost::domain::{Money, parse_decimal};

const SHEETS: [&str; 7] = ["Summary", "Volumes", "Growth", "Prices", "Months", "Line items", "Notes"];
/// The longest text of a cell, in UTF-16.
const LONGEST: usize = 32_767;
/// The longest formula.
const LONGEST_FORMULA: usize = 8_192;

/// A cell: its formula, if it has one, and what it shows.
#[derive(Debug, Clone, Default)]
struct Cell {
    formula: Option<String>,
    shown: Option<String>,
    is_text: bool,
}

/// A workbook, read back.
struct Book {
    parts: BTreeMap<String, String>,
    sheets: BTreeMap<String, BTreeMap<String, Cell>>,
    texts: Vec<String>,
}

fn children<'a>(node: Node<'a, 'a>, name: &'static str) -> impl Iterator<Item = Node<'a, 'a>> {
    node.descendants().filter(move |own| own.has_tag_name(name) || own.tag_name().name() == name)
}

fn text_of(node: Node<'_, '_>, name: &'static str) -> Option<String> {
    let found = node.children().find(|own| own.tag_name().name() == name)?;
    Some(found.text().unwrap_or_default().to_owned())
}

impl Book {
    fn read(bytes: &[u8]) -> Self {
        let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
        let mut parts = BTreeMap::new();
        for at in 0..archive.len() {
            let mut file = archive.by_index(at).unwrap();
            let name = file.name().unwrap().into_owned();
            let mut text = String::new();
            file.read_to_string(&mut text).unwrap();
            parts.insert(name, text);
        }
        // Each part must be whole XML, or the file is mended when it is opened.
        for (name, text) in &parts {
            Document::parse(text).unwrap_or_else(|error| panic!("{name}: {error}"));
        }
        let shared = Document::parse(&parts["xl/sharedStrings.xml"]).unwrap();
        let texts: Vec<String> = children(shared.root_element(), "si")
            .map(|own| own.descendants().filter_map(|part| part.is_text().then(|| part.text())?).collect())
            .collect();
        let workbook = Document::parse(&parts["xl/workbook.xml"]).unwrap();
        let names: Vec<String> = children(workbook.root_element(), "sheet")
            .map(|own| own.attribute("name").unwrap().to_owned())
            .collect();
        let sheets = names
            .into_iter()
            .enumerate()
            .map(|(at, name)| {
                let text = &parts[&format!("xl/worksheets/sheet{}.xml", at + 1)];
                (name, cells(text, &texts))
            })
            .collect();
        Self { parts, sheets, texts }
    }

    fn names(&self) -> Vec<String> {
        let workbook = Document::parse(&self.parts["xl/workbook.xml"]).unwrap();
        children(workbook.root_element(), "definedName")
            .map(|own| own.attribute("name").unwrap().to_owned())
            .collect()
    }

    fn all_cells(&self) -> impl Iterator<Item = (&str, &String, &Cell)> {
        self.sheets
            .iter()
            .flat_map(|(sheet, cells)| cells.iter().map(move |(at, cell)| (sheet.as_str(), at, cell)))
    }

    /// What a row of `Months` shows from its first month on, by the words in its first column.
    fn months(&self, words: &str) -> Vec<Decimal> {
        let cells = &self.sheets["Months"];
        let row = (5..10_000)
            .map(|row: u32| (row, cells.get(&format!("A{row}")).and_then(|cell| cell.shown.clone())))
            .find(|(_, shown)| shown.as_deref().is_none_or(|shown| shown == words))
            .filter(|(_, shown)| shown.is_some())
            .unwrap_or_else(|| panic!("no row {words}"))
            .0;
        (6_u16..)
            .map_while(|column| {
                let at = format!("{}{row}", rust_xlsxwriter::column_number_to_name(column));
                cells.get(&at)?.shown.as_ref().map(|shown| parse_decimal(shown).unwrap())
            })
            .collect()
    }
}

fn cells(text: &str, texts: &[String]) -> BTreeMap<String, Cell> {
    let sheet = Document::parse(text).unwrap();
    children(sheet.root_element(), "c")
        .map(|own| {
            let (formula, value) = (text_of(own, "f"), text_of(own, "v"));
            let kind = own.attribute("t").unwrap_or("n");
            let shown = match (kind, value) {
                ("s", Some(value)) => Some(texts[value.parse::<usize>().unwrap()].clone()),
                (_, value) => value,
            };
            let cell = Cell { formula, shown, is_text: kind == "s" || kind == "str" };
            (own.attribute("r").unwrap().to_owned(), cell)
        })
        .collect()
}

/// Writes a scenario's workbook and returns its bytes.
fn bytes_of(directory: &Path, scenario: &Path) -> Vec<u8> {
    let path = directory.join("cost.xlsx");
    let output = Command::new(env!("CARGO_BIN_EXE_trailcost"))
        .args(["estimate", "--quiet", "--allow-incomplete", "--workbook"])
        .arg(&path)
        .arg(scenario)
        .current_dir(root())
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    fs::read(path).unwrap()
}

fn book_of(scenario: &Path) -> Book {
    let directory = tempfile::tempdir().unwrap();
    Book::read(&bytes_of(directory.path(), scenario))
}

fn book_of_text(text: &str) -> Book {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("own.toml");
    fs::write(&path, text).unwrap();
    Book::read(&bytes_of(directory.path(), &path))
}

fn number(text: &str) -> Decimal {
    parse_decimal(text).unwrap()
}

/// The fifteen digits of a spreadsheet.
fn fifteen(amount: Money) -> Decimal {
    let text = amount.to_string();
    let value = parse_decimal(text.get(..28).unwrap_or(&text)).unwrap();
    let away = rust_decimal::RoundingStrategy::MidpointAwayFromZero;
    value.round_sf_with_strategy(15, away).unwrap().normalize()
}

#[test]
fn the_owners_case_stands_in_the_cells() {
    let book = book_of(&root().join("scenarios/mid-size-saas.toml"));
    let total = book.months("Total");
    assert_eq!(total[..36], vec![number("422"); 36]);
    assert_eq!(total[36..], ["5064", "5064", "5064", "15192"].map(number));
    let volumes = &book.sheets["Volumes"];
    let paid = &volumes["I6"];
    assert_eq!((paid.shown.as_deref(), paid.formula.as_ref()), (Some("20000000"), None));
    assert_eq!(volumes["E6"].shown.as_deref(), Some("PaidEventsRecorded"));
    let finding = "CloudTrail costs $422.00 in the first month, $5,064.00 in year 1 and $15,192.00 in 3 years; the largest part is Management event copies, 94.8%";
    assert_eq!(book.sheets["Summary"]["A3"].shown.as_deref(), Some(finding));
    let charts: Vec<&String> = book.parts.keys().filter(|name| name.starts_with("xl/charts/chart")).collect();
    assert_eq!(charts.len(), 2);
    assert!(book.parts["xl/charts/chart1.xml"].contains("<c:grouping val=\"stacked\"/>"));
}

#[test]
fn every_formula_has_its_result_and_totals_are_those_of_the_estimate() {
    let built_in = BuiltIn::new();
    let mut looked_at = 0;
    for entry in fs::read_dir(root().join("scenarios")).unwrap() {
        let path = entry.unwrap().path();
        let is_scenario =
            path.extension().is_some_and(|own| own == "toml") && !path.ends_with("defaults.toml");
        if !is_scenario {
            continue;
        }
        looked_at += 1;
        let book = book_of(&path);
        assert_eq!(book.sheets.keys().collect::<BTreeSet<_>>(), SHEETS.map(str::to_owned).iter().collect());
        for (sheet, at, cell) in book.all_cells() {
            if let Some(formula) = &cell.formula {
                let what = format!("{}: {sheet}!{at} {formula}", path.display());
                assert!(cell.shown.as_ref().is_some_and(|shown| !shown.is_empty()), "{what}: no result");
                assert!(formula.len() <= LONGEST_FORMULA, "{what}: too long");
            }
        }
        let model = built_in.model(&fs::read_to_string(&path).unwrap());
        let estimate = built_in.estimate(&model, None);
        let months = estimate.monthly.iter().map(|cost| fifteen(cost.contracted));
        let years = estimate.total.years.iter().map(|cost| fifteen(cost.contracted));
        let expected: Vec<Decimal> =
            months.chain(years).chain([fifteen(estimate.total.total.contracted)]).collect();
        assert_eq!(book.months("Total"), expected, "{}", path.display());
    }
    assert!(looked_at >= 8, "{looked_at}");
}

#[test]
fn the_same_input_gives_the_same_workbook() {
    let directory = tempfile::tempdir().unwrap();
    let scenario = root().join("scenarios/lake-and-alternatives.toml");
    assert!(bytes_of(directory.path(), &scenario) == bytes_of(directory.path(), &scenario));
}

/// Names that a spreadsheet, XML or a reader could take for something else.
const HOSTILE: [&str; 9] = [
    "=cmd|'/c calc'!A1",
    "+HYPERLINK(\\\"http://example.invalid\\\")",
    "-2+3+cmd",
    "@SUM(1+1)cmd",
    "]]><cmd/>&amp;",
    "_x0041_cmd",
    "cmd\\u001b[2J\\u0000\\u202e\\ufffe\\uffff",
    "cmd'!$A$1:$B$2",
    "cmd\\\"&A1&\\\"",
];

#[test]
fn names_are_texts_and_nothing_else() {
    let mut text = "version = 1\nname = \"=cmd|' /C calc'!A0\"\nstart = \"2026-01\"\nmonths = 2\n".to_owned();
    for (at, name) in HOSTILE.iter().enumerate() {
        let account = 100_000_000_000_u64 + at as u64;
        writeln!(text, "[[account]]\nid = \"{account}\"\nname = \"{name}\"\n[[account.activity]]\nregion = \"us-east-1\"\nmanagement = {{ read = 1000, write = 10 }}").unwrap();
        writeln!(text, "[[trail]]\nname = \"{name}\"\naccount = \"{account}\"\n[[trail]]\nname = \"second {at}\"\naccount = \"{account}\"").unwrap();
    }
    let book = book_of_text(&text);
    let mut shown = 0;
    for (sheet, at, cell) in book.all_cells() {
        let holds_name =
            cell.shown.as_ref().is_some_and(|own| own.contains("cmd") || own.contains("HYPERLINK"));
        if holds_name {
            shown += 1;
            assert!(cell.is_text && cell.formula.is_none(), "{sheet}!{at} {cell:?}");
        }
        if let Some(formula) = &cell.formula {
            assert!(!formula.contains("cmd") && !formula.contains("HYPERLINK"), "{sheet}!{at} {formula}");
        }
    }
    assert!(shown > 2 * HOSTILE.len(), "{shown} names are shown");
    // What was written `_x0041_` is not read as another character: the underscore is written in that way itself.
    assert!(book.texts.iter().any(|own| own == "_x005F_x0041_cmd"), "{:?}", book.texts);
    for own in &book.texts {
        let bad = |own: char| own.is_control() || matches!(own, '\u{202e}' | '\u{fffe}' | '\u{ffff}');
        assert!(!own.chars().any(bad) && !own.contains("_x001B_") && !own.contains("_xFFFE_"), "{own:?}");
    }
    let names = book.names();
    assert!(names.len() > 5 && names.iter().all(|own| !own.contains("cmd")), "{names:?}");
    for part in ["xl/workbook.xml", "xl/styles.xml"] {
        assert!(!book.parts[part].contains("cmd"), "{part}");
    }
    for (name, part) in &book.parts {
        assert!(!name.contains("comments") && !name.contains("externalLink"), "{name}");
        assert!(!part.contains("<hyperlink"), "{name} has a link");
    }
}

#[test]
fn a_name_too_long_for_a_cell_is_cut() {
    let long = "\u{1f512}a".repeat(20_000);
    let text = format!(
        "version = 1\nname = \"{long}\"\nstart = \"2026-01\"\nmonths = 1\n[[account]]\nid = \"111122223333\"\nname = \"{long}\"\n[[account.activity]]\nregion = \"us-east-1\"\nmanagement = {{ read = 1, write = 1 }}\n[[trail]]\nname = \"{long}\"\n"
    );
    let book = book_of_text(&text);
    let lengths: Vec<usize> = book.texts.iter().map(|own| own.encode_utf16().count()).collect();
    assert!(lengths.iter().all(|own| *own <= LONGEST), "{:?}", lengths.iter().max());
    assert!(lengths.iter().any(|own| *own > LONGEST - 3), "nothing was cut");
    let core = &book.parts["docProps/core.xml"];
    assert!(core.len() < 5_000, "the document's title has {} bytes", core.len());
}

#[test]
fn what_is_unknown_says_so_and_can_be_entered() {
    let text = "version = 1\nname = \"Unknown\"\nstart = \"2026-01\"\nmonths = 1\n[[volume]]\naccount = \"111122223333\"\nregion = \"us-east-1\"\npaid_management_events = \"unknown\"\ns3_data_events = \"10M\"\n";
    let book = book_of_text(text);
    let volumes = &book.sheets["Volumes"];
    assert!(volumes.values().any(|cell| cell.shown.as_deref() == Some("unknown") && cell.formula.is_none()));
    let summary = &book.sheets["Summary"];
    assert!(summary["A3"].shown.as_ref().unwrap().starts_with("CloudTrail costs at least $10.00"));
    assert!(summary.values().any(|cell| {
        let shown = cell.shown.as_deref().unwrap_or_default();
        shown.starts_with("Management event copies (PaidEventsRecorded): unknown")
    }));
    assert!(
        book.parts["xl/styles.xml"].contains("unknown"),
        "an amount that nobody knows is shown as a number"
    );
}

#[test]
fn of_what_is_wholly_unknown_no_amount_is_told() {
    let text = "version = 1\nname = \"Unknown\"\nstart = \"2026-01\"\nmonths = 24\n[[volume]]\naccount = \"111122223333\"\nregion = \"us-east-1\"\npaid_management_events = \"unknown\"\n";
    let book = book_of_text(text);
    let finding = &book.sheets["Summary"]["A3"];
    assert_eq!(finding.shown.as_deref(), Some("What CloudTrail costs is unknown"));
    // It tells the amount as soon as the volume is entered.
    assert!(finding.formula.as_ref().unwrap().contains("CloudTrail costs at least $"));
}

/// A scenario of so many accounts, and how far its workbook adds them up.
fn many(accounts: u64, head: &str) -> String {
    let mut text = format!("version = 1\nname = \"Many\"\nstart = \"2026-01\"\nmonths = 36\n{head}\n");
    for at in 0..accounts {
        writeln!(
            text,
            "[[volume]]\naccount = \"{}\"\nregion = \"us-east-1\"\npaid_management_events = {}\ns3_data_events = {}\nusage = {{ \"AmazonS3:TimedStorage-ByteHrs\" = {} }}",
            100_000_000_000 + at,
            1_000 + at,
            2_000 + at,
            100 + at
        )
        .unwrap();
    }
    text
}

#[test]
fn large_estimates_are_added_up() {
    let built_in = BuiltIn::new();
    for (head, accounts, live) in
        [("", "700 accounts", true), ("consolidated_billing = false", "700 accounts", false)]
    {
        let text = many(700, head);
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("own.toml");
        fs::write(&path, &text).unwrap();
        let bytes = bytes_of(directory.path(), &path);
        assert!(bytes.len() < 200_000, "{} bytes", bytes.len());
        let book = Book::read(&bytes);
        let volumes = &book.sheets["Volumes"];
        assert_eq!(volumes["A5"].shown.as_deref(), Some(accounts));
        assert!(!volumes.contains_key("A8"), "more rows than usage types");
        let stored = volumes.values().filter(|cell| cell.shown.as_deref() == Some("fixed")).count();
        assert_eq!(stored, usize::from(!live), "{head}");
        let notes: String = book.sheets["Notes"].values().filter_map(|cell| cell.shown.clone()).collect();
        assert!(notes.contains("too many rows for a workbook"));
        assert_eq!(notes.contains("accounts of all payers"), !live);
        let estimate = built_in.estimate(&built_in.model(&text), None);
        let whole = book.months("Total").last().copied();
        assert_eq!(whole, Some(fifteen(estimate.total.total.contracted)), "{head}");
    }
}
