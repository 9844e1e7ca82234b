//! Reads finished charts back and proves, for many data sets, that no text touches another or leaves the canvas.

use resvg::usvg::roxmltree::{Document, Node};
use rust_decimal::Decimal;

use super::text::Type;
use super::{
    BandMonth, BandSpan, Caption, Chain, ChainArrow, ChainNode, ChainStage, Colour, ComponentGroup, CostBand,
    DailyColumns, DayMark, DifferenceBar, DifferenceBars, HeatMap, HorizontalBar, HorizontalBars,
    MonthlyLines, Series, StackedBars, StepKind, StorageStack, Tornado, TornadoEnd, TornadoRow, Waterfall,
    WaterfallStep, png,
};

/// Pixels of the oversized canvas per logical pixel.
const OVERSIZE: f64 = 8.0;

#[derive(Debug)]
struct TextBox {
    #[expect(dead_code, reason = "shown when a test fails")]
    text: String,
    left: f64,
    right: f64,
    top: f64,
    bottom: f64,
}

fn number(node: Node<'_, '_>, name: &str) -> f64 {
    node.attribute(name).unwrap().parse::<f64>().unwrap() / OVERSIZE
}

fn text_boxes(document: &Document<'_>) -> Vec<TextBox> {
    let texts = document.descendants().filter(|node| node.has_tag_name("text"));
    let boxes = texts.map(|node| {
        let size = number(node, "font-size");
        let kind =
            if node.attribute("font-weight").is_some() { Type::bold(size) } else { Type::regular(size) };
        let text = node.text().unwrap().to_owned();
        let (width, x, y) = (kind.width(&text), number(node, "x"), number(node, "y"));
        let left = match node.attribute("text-anchor").unwrap() {
            "start" => x,
            "middle" => x - width / 2.0,
            _ => x - width,
        };
        // Capitals and digits, and a little of what hangs below.
        TextBox { text, left, right: left + width, top: y - size * 0.40, bottom: y + size * 0.48 }
    });
    boxes.collect()
}

fn assert_tidy(name: &str, svg: &str) {
    let document = Document::parse(svg).unwrap();
    let height: f64 = document.root_element().attribute("height").unwrap().parse().unwrap();
    let boxes = text_boxes(&document);
    for (at, one) in boxes.iter().enumerate() {
        let inside = one.left >= 8.0 && one.right <= 892.0 && one.top >= 4.0 && one.bottom <= height - 4.0;
        assert!(inside, "{name}: {one:?} leaves the canvas");
        for two in &boxes[at + 1..] {
            let apart = one.right <= two.left
                || two.right <= one.left
                || one.bottom <= two.top
                || two.bottom <= one.top;
            assert!(apart, "{name}: {one:?} touches {two:?}");
        }
    }
    assert!(!svg.contains("NaN") && !svg.contains("inf"), "{name}");
}

fn captions() -> Vec<Caption> {
    let long =
        "A finding that nobody shortened before it came here, with 95% of everything in it, ".repeat(4);
    let caption = |text: &str| Caption { title: text.into(), subtitle: text.into(), footnote: text.into() };
    vec![caption("A finding"), caption(&long), caption("")]
}

const SYMBOLS: [&str; 3] = ["$", "CHF", "WWWWWW"];
const LARGEST: &str = "79228162514264337593543950335";

/// Reproducible amounts with large ones, small ones, zeros and a few below zero.
fn amounts(seed: u32, count: usize) -> Vec<Decimal> {
    let mut state = seed.wrapping_mul(2_654_435_761).wrapping_add(12_345);
    let mut next = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        state >> 8
    };
    (0..count)
        .map(|_| match next() % 8 {
            0 => Decimal::ZERO,
            1 => Decimal::new(i64::from(next() % 100), 2),
            2 => Decimal::from(next()) * Decimal::from(next() % 90_000),
            3 if seed.is_multiple_of(3) => -Decimal::from(next() % 9_000),
            _ => Decimal::from(next() % 90_000),
        })
        .collect()
}

fn label(at: usize) -> String {
    const LABELS: [&str; 5] = [
        "Lambda",
        "Paid management copies",
        "production-data-platform-eu-central-1-shared-services-and-logging",
        "東京支社の本番アカウントとログ保管アカウント",
        "</text><script>",
    ];
    format!("{} {at}", LABELS[at % LABELS.len()])
}

fn series(seed: u32, parts: usize, values: usize) -> Vec<Series> {
    (0..parts)
        .map(|part| Series {
            label: label(part),
            colour: ComponentGroup::DataEvents.colour().lighter(part),
            values: amounts(seed + part as u32, values),
        })
        .collect()
}

#[test]
fn stacked_bars_are_tidy() {
    for seed in 0..24 {
        for (parts, count) in [(0, 1), (1, 1), (4, 3), (6, 10), (9, 36), (30, 2)] {
            let caption = captions().swap_remove(seed as usize % 3);
            let chart = StackedBars {
                incomplete: false,
                caption,
                categories: (0..count)
                    .map(|at| if seed % 2 == 0 { label(at) } else { (2027 + at).to_string() })
                    .collect(),
                series: series(seed, parts, count),
                currency_symbol: SYMBOLS[seed as usize % 3].to_owned(),
            };
            assert_tidy(&format!("stacked {seed} {parts} {count}"), &chart.svg());
        }
    }
}

#[test]
fn lines_are_tidy() {
    for seed in 0..24 {
        for (parts, count) in [(0, 12), (1, 1), (5, 1), (5, 2), (6, 12), (6, 36), (6, 120), (40, 24)] {
            let mut series = series(seed, parts, count);
            if let Some(total) = series.first_mut() {
                total.colour = Colour::INK;
            }
            let chart = MonthlyLines {
                limit: None,
                caption: captions().swap_remove(seed as usize % 3),
                months: (0..count).map(|at| if seed % 5 == 0 { label(at) } else { month(at) }).collect(),
                series,
                incomplete: seed % 2 == 0,
                currency_symbol: SYMBOLS[seed as usize % 3].to_owned(),
                month_names: super::MonthNames::default(),
            };
            assert_tidy(&format!("lines {seed} {parts} {count}"), &chart.svg());
        }
    }
}

#[test]
fn horizontal_bars_are_tidy() {
    for seed in 0..24 {
        for count in [0, 1, 4, 12, 60] {
            let rows = amounts(seed, count).into_iter().enumerate().map(|(at, value)| HorizontalBar {
                incomplete: at % 3 == 0,
                label: label(at),
                value,
                note: label(at + 1),
                colour: ComponentGroup::Lake.colour(),
            });
            let chart = HorizontalBars {
                caption: captions().swap_remove(seed as usize % 3),
                rows: rows.collect(),
                currency_symbol: SYMBOLS[seed as usize % 3].to_owned(),
            };
            assert_tidy(&format!("bars {seed} {count}"), &chart.svg());
        }
    }
}

#[test]
fn difference_bars_are_tidy() {
    for seed in 0..24 {
        for count in [0, 1, 2, 4, 12, 60] {
            let pairs = amounts(seed, count).into_iter().zip(amounts(seed + 100, count));
            let rows = pairs.enumerate().map(|(at, (base, variant))| DifferenceBar {
                label: label(at),
                base,
                variant,
            });
            let chart = DifferenceBars {
                caption: captions().swap_remove(seed as usize % 3),
                rows: rows.collect(),
                base_name: label(seed as usize),
                variant_name: label(seed as usize + 1),
                currency_symbol: SYMBOLS[seed as usize % 3].to_owned(),
            };
            assert_tidy(&format!("difference {seed} {count}"), &chart.svg());
        }
    }
}

#[test]
fn waterfalls_are_tidy() {
    for seed in 0..24 {
        for count in [0, 1, 2, 4, 8] {
            let steps = amounts(seed, count).into_iter().enumerate().map(|(at, amount)| WaterfallStep {
                label: label(at),
                amount,
                kind: if at + 1 == count { StepKind::Unexplained } else { StepKind::Known },
            });
            let ends = amounts(seed + 50, 2);
            let chart = Waterfall {
                caption: captions().swap_remove(seed as usize % 3),
                start_label: label(seed as usize),
                start: ends[0],
                incomplete: seed % 2 == 0,
                steps: steps.collect(),
                end_label: label(seed as usize + 1),
                end: ends[1],
                end_incomplete: false,
                currency_symbol: SYMBOLS[seed as usize % 3].to_owned(),
            };
            assert_tidy(&format!("waterfall {seed} {count}"), &chart.svg());
        }
    }
}

fn month(at: usize) -> String {
    format!("{:04}-{:02}", 2026 + (at + 7) / 12, (at + 7) % 12 + 1)
}

#[test]
fn storage_stacks_are_tidy() {
    for seed in 0..24 {
        for (parts, count) in [(0, 12), (1, 1), (7, 1), (8, 2), (3, 24), (8, 25), (8, 120), (40, 36)] {
            let chart = StorageStack {
                caption: captions().swap_remove(seed as usize % 3),
                months: (0..count).map(|at| if seed % 5 == 0 { label(at) } else { month(at) }).collect(),
                classes: series(seed, parts, count),
                incomplete: seed % 2 == 0,
            };
            assert_tidy(&format!("storage {seed} {parts} {count}"), &chart.svg());
        }
    }
}

#[test]
fn tornados_are_tidy() {
    for seed in 0..48 {
        for count in [0, 1, 2, 5, 8, 30] {
            let pairs = amounts(seed, count).into_iter().zip(amounts(seed + 100, count));
            let rows = pairs.enumerate().map(|(at, (low, high))| TornadoRow {
                label: label(at),
                low: (at % 4 != 1).then(|| TornadoEnd { input: label(at + 1), total: low }),
                high: (at % 4 != 2).then(|| TornadoEnd { input: label(at + 2), total: high }),
            });
            let chart = Tornado {
                caption: captions().swap_remove(seed as usize % 3),
                rows: rows.collect(),
                likely: amounts(seed + 7, 1)[0],
                incomplete: seed % 2 == 0,
                currency_symbol: SYMBOLS[seed as usize % 3].to_owned(),
            };
            assert_tidy(&format!("tornado {seed} {count}"), &chart.svg());
        }
    }
}

#[test]
fn cost_bands_are_tidy() {
    for seed in 0..24 {
        for (count, year) in [(0, 12), (1, 1), (2, 1), (3, 2), (12, 12), (36, 12), (120, 12), (120, 5)] {
            let (low, likely) = (amounts(seed, count), amounts(seed + 50, count));
            let costs = low.into_iter().zip(likely).enumerate().map(|(at, (low, likely))| {
                let high = if at % 3 == 0 { low } else { low.max(likely) * Decimal::TWO };
                BandMonth { low, likely, high }
            });
            let spans = (0..count.div_ceil(year)).map(|at| BandSpan {
                label: label(at),
                months: year,
                total: amounts(seed + at as u32, 1)[0],
            });
            let chart = CostBand {
                caption: captions().swap_remove(seed as usize % 3),
                months: (0..count).map(|at| if seed % 5 == 0 { label(at) } else { month(at) }).collect(),
                costs: costs.collect(),
                spans: if seed % 4 == 3 { Vec::new() } else { spans.collect() },
                line_name: label(seed as usize),
                incomplete: seed % 2 == 0,
                currency_symbol: SYMBOLS[seed as usize % 3].to_owned(),
            };
            assert_tidy(&format!("band {seed} {count} {year}"), &chart.svg());
        }
    }
}

#[test]
fn chains_are_tidy() {
    for seed in 0..96_u32 {
        // Another choice of stages each time, by the bits of a number that grows in large steps.
        let chosen = |at: usize, factor: u32| (seed.wrapping_mul(factor) >> (at % 13)) & 1 == 1;
        let stages = || ChainStage::ALL.iter().copied().enumerate();
        let nodes = stages().filter(|&(at, _)| chosen(at, 1_021)).map(|(at, stage)| ChainNode {
            stage,
            label: if seed % 2 == 0 { stage.label().to_owned() } else { label(at + seed as usize) },
            note: if seed % 3 == 0 { label(at + 1) } else { "25 M events".to_owned() },
            used: chosen(at, 709),
        });
        let arrows = stages().filter(|&(at, _)| chosen(at, 4_073)).flat_map(|(at, stage)| {
            let amounts = amounts(seed + at as u32, (seed as usize + at) % 8);
            amounts.into_iter().enumerate().map(move |(nth, amount)| ChainArrow {
                to: stage,
                label: label(at + nth),
                amount,
                incomplete: nth % 3 == 0,
                colour: ComponentGroup::ManagementCopies.colour(),
            })
        });
        let chart = Chain {
            caption: captions().swap_remove(seed as usize % 3),
            nodes: nodes.collect(),
            arrows: arrows.collect(),
            currency_symbol: SYMBOLS[seed as usize % 3].to_owned(),
        };
        assert_tidy(&format!("chain {seed}"), &chart.svg());
    }
}

#[test]
fn the_largest_amounts_are_tidy_and_become_pictures() {
    let largest: Decimal = LARGEST.parse().unwrap();
    let caption = || captions().swap_remove(0);
    let parts = |values: &[Decimal]| -> Vec<Series> {
        let colours = [Colour::INK, Colour::RISE];
        colours.map(|colour| Series { label: label(1), colour, values: values.to_vec() }).into()
    };
    let symbol = || "WWWW".to_owned();
    let charts = [
        StackedBars {
            incomplete: false,
            caption: caption(),
            categories: vec![label(1), label(2)],
            series: parts(&[largest, -largest]),
            currency_symbol: symbol(),
        }
        .svg(),
        MonthlyLines {
            limit: None,
            caption: caption(),
            months: vec!["2026-12".to_owned(), "2027-01".to_owned()],
            series: parts(&[largest, -largest]),
            incomplete: true,
            currency_symbol: symbol(),
            month_names: super::MonthNames::default(),
        }
        .svg(),
        HorizontalBars {
            caption: caption(),
            rows: [largest, -largest]
                .map(|value| HorizontalBar {
                    incomplete: false,
                    label: label(2),
                    value,
                    note: label(2),
                    colour: Colour::RISE,
                })
                .into(),
            currency_symbol: symbol(),
        }
        .svg(),
        DifferenceBars {
            caption: caption(),
            rows: vec![
                DifferenceBar { label: label(2), base: largest, variant: -largest },
                DifferenceBar { label: label(2), base: -largest, variant: largest },
            ],
            base_name: label(2),
            variant_name: label(2),
            currency_symbol: symbol(),
        }
        .svg(),
        Waterfall {
            caption: caption(),
            start_label: label(2),
            start: largest,
            incomplete: true,
            steps: [largest, -largest, -largest, -largest]
                .map(|amount| WaterfallStep { label: label(2), amount, kind: StepKind::Unexplained })
                .into(),
            end_label: label(2),
            end: -largest,
            end_incomplete: false,
            currency_symbol: symbol(),
        }
        .svg(),
        StorageStack {
            caption: caption(),
            months: vec![month(0), month(1)],
            classes: parts(&[largest, largest]),
            incomplete: true,
        }
        .svg(),
        Tornado {
            caption: caption(),
            rows: vec![TornadoRow {
                label: label(2),
                low: Some(TornadoEnd { input: label(2), total: -largest }),
                high: Some(TornadoEnd { input: label(2), total: largest }),
            }],
            likely: Decimal::ONE,
            incomplete: true,
            currency_symbol: symbol(),
        }
        .svg(),
        CostBand {
            caption: caption(),
            months: vec![month(0), month(1)],
            costs: vec![BandMonth { low: -largest, likely: Decimal::ONE, high: largest }; 2],
            spans: vec![BandSpan { label: label(2), months: 2, total: largest }],
            line_name: label(2),
            incomplete: true,
            currency_symbol: symbol(),
        }
        .svg(),
        Chain {
            caption: caption(),
            nodes: Vec::new(),
            arrows: ChainStage::ALL
                .iter()
                .map(|&to| ChainArrow {
                    to,
                    label: label(2),
                    amount: largest,
                    incomplete: true,
                    colour: Colour::RISE,
                })
                .collect(),
            currency_symbol: symbol(),
        }
        .svg(),
    ];
    for (at, svg) in charts.iter().enumerate() {
        assert_tidy(&format!("largest {at}"), svg);
        assert!(png(svg).is_ok_and(|bytes| bytes.len() > 1000));
    }
}

#[test]
fn daily_columns_are_tidy_for_any_number_of_days_and_marks() {
    for (at, count) in [0, 1, 2, 7, 31, 92, 400].into_iter().enumerate() {
        for marks in [0, 1, 5, 9] {
            let caption = captions()[(at + marks) % 3].clone();
            let values = |seed| amounts(seed, count).iter().map(Decimal::abs).collect();
            let series = (0..5_u32)
                .map(|own| Series {
                    label: format!("category {own} with a long name"),
                    colour: ComponentGroup::S3.colour(),
                    values: values(own),
                })
                .collect();
            let mark = |own: usize| DayMark {
                day: (own * own).min(count.saturating_sub(1)),
                note: "PutEventSelectors of a trail ".repeat(1 + own),
            };
            let chart = DailyColumns {
                caption,
                days: (0..count).map(|day| format!("{:02}-{:02}", 1 + day / 28 % 12, 1 + day % 28)).collect(),
                series,
                marks: if count == 0 { Vec::new() } else { (0..marks).map(mark).collect() },
            };
            assert_tidy(&format!("{count} days, {marks} marks"), &chart.svg());
        }
    }
}

#[test]
fn heat_maps_are_tidy_for_any_figures() {
    for (at, columns) in [1, 7, 24, 31].into_iter().enumerate() {
        let row = |seed: u32| -> Vec<Option<Decimal>> {
            amounts(seed, columns)
                .iter()
                .enumerate()
                .map(|(at, own)| (at % 5 != 3).then(|| own.abs()))
                .collect()
        };
        let chart = HeatMap {
            caption: captions()[at % 3].clone(),
            columns: (0..columns).map(|own| format!("{own:02}")).collect(),
            rows: (0..7).map(|own| ("A weekday of any length ".repeat(1 + own as usize), row(own))).collect(),
            colour: ComponentGroup::DataEvents.colour(),
        };
        assert_tidy(&format!("{columns} columns"), &chart.svg());
    }
    let none =
        HeatMap { caption: captions().remove(0), columns: Vec::new(), rows: Vec::new(), colour: Colour::INK };
    assert_tidy("nothing", &none.svg());
}
