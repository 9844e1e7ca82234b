//! The way of an event with the money on every arrow: left to right, one box per stage.

use rust_decimal::Decimal;

use super::axis::float;
use super::canvas::{self, Canvas, HAIR, Spoken};
use super::chain_stage::ChainStage;
use super::chain_tree::Tree;
use super::frame::{Caption, Frame, LEFT, RIGHT};
use super::number::bound;
use super::palette::{Colour, ComponentGroup};
use super::text::{Type, clean};

const NAME_TYPE: Type = Type::bold(12.0);
const NOTE_TYPE: Type = Type::regular(11.0);
const ARROW_TYPE: Type = Type::regular(11.0);
const LEADING: f64 = 14.0;
/// Amounts, in the first of these that fits between the boxes.
const AMOUNT_TYPES: [Type; 2] = [Type::bold(14.0), Type::bold(11.0)];
/// The room of one arrow with its words above and its amount below.
const ROW: f64 = 72.0;
/// Between a box and the edge of its rows.
const BOX_MARGIN: f64 = 5.0;
/// Between a box's edge and its text.
const PADDING: f64 = 5.0;
const NARROWEST_BOX: f64 = 60.0;
const WIDEST_BOX: f64 = 150.0;
/// A box's text is broken to this width before the boxes share what is left.
const TEXT_WIDTH: f64 = 84.0;
/// Arrows need this much between boxes for their words, and look lost in more than the second.
const LEAST_GAP: f64 = 76.0;
const WIDEST_GAP: f64 = 230.0;
/// The thickness of the most expensive arrow and of one that costs next to nothing.
const THICKEST: f64 = 12.0;
const THINNEST: f64 = 2.0;
/// An arrow without money.
const THREAD: f64 = 1.2;
/// The largest amount stands out.
const MOST_AMOUNT_TYPE: Type = Type::bold(18.0);

/// A box of [`Chain`].
#[derive(Debug, Clone)]
pub struct ChainNode {
    /// Which stage it is.
    pub stage: ChainStage,
    /// What is written in it, such as [`ChainStage::label`]; shortened where it is too long.
    pub label: String,
    /// A second, muted text such as `25 M events`; may be empty.
    pub note: String,
    /// Whether the scenario uses it; if not, it is drawn pale and its arrow in dashes.
    pub used: bool,
}

/// An arrow of [`Chain`], from the stage that comes before.
#[derive(Debug, Clone)]
pub struct ChainArrow {
    /// The stage it leads to; an arrow to [`ChainStage::ApiCalls`] is not drawn.
    pub to: ChainStage,
    /// What is charged, such as `further copies`; at most two short lines.
    pub label: String,
    /// The amount, in the chart's currency. Zero is drawn as a thread.
    pub amount: Decimal,
    /// Whether the amount lacks something unknown.
    pub incomplete: bool,
    /// The colour of the arrow, best that of its component group.
    pub colour: Colour,
}

/// The whole chain from API calls to those who are told. Stages that are not given are left out.
#[derive(Debug, Clone)]
pub struct Chain {
    /// The words around the chart; the subtitle should name the period and the currency.
    pub caption: Caption,
    /// In any order; a stage given twice counts once. [`ChainStage::ApiCalls`] and the ends of arrows need not be
    /// given.
    pub nodes: Vec<ChainNode>,
    /// Those into one stage are drawn in this order, top first.
    pub arrows: Vec<ChainArrow>,
    /// Written before every amount where there is room; a letter code is set off by a space.
    pub currency_symbol: String,
}

impl Chain {
    /// The chart as an SVG document.
    #[must_use]
    pub fn svg(&self) -> String {
        let tree = Tree::new(self);
        let frame = Frame::around(&self.caption, ROW * tree.rows(ChainStage::ApiCalls) as f64);
        let spoken = Spoken { title: self.caption.title.clone(), description: self.description(&tree) };
        canvas::draw(frame.height, &spoken, |canvas| {
            frame.paint(canvas);
            Plot::new(self, &tree, frame.top).paint(canvas);
        })
    }

    fn description(&self, tree: &Tree<'_>) -> String {
        let mut parts = vec![self.caption.subtitle.clone()];
        for (stage, branch) in &tree.branches {
            let Some(from) = branch.from.and_then(|from| tree.branches.get(&from)) else {
                continue;
            };
            let to = &branch.label;
            if !branch.used {
                parts.push(format!("{to}: not stated"));
            }
            parts.extend(tree.arrows(*stage).iter().map(|arrow| {
                let amount = bound(arrow.amount, &self.currency_symbol, arrow.incomplete);
                format!("{} to {to}: {} {amount}", from.label, arrow.label)
            }));
        }
        parts.join(". ")
    }
}

/// A stage's box, placed.
struct Placed {
    stage: ChainStage,
    column: usize,
    /// The rows it spans, in pixels.
    top: f64,
    bottom: f64,
}

/// All places, computed before anything is drawn.
struct Plot<'a> {
    tree: &'a Tree<'a>,
    boxes: Vec<Placed>,
    /// Left and right edge of every column of boxes.
    columns: Vec<(f64, f64)>,
    amount_type: Type,
    /// Left out where amounts would not fit with it.
    symbol: &'a str,
    /// The largest amount.
    most: f64,
}

impl<'a> Plot<'a> {
    fn new(chain: &'a Chain, tree: &'a Tree<'a>, top: f64) -> Self {
        let mut boxes = Vec::new();
        place(tree, ChainStage::ApiCalls, 0, top, &mut boxes);
        let (columns, gap) = columns(tree, &boxes);
        let arrows = || tree.branches.values().flat_map(|branch| &branch.arrows);
        let widest = |kind: Type, symbol: &str| {
            let texts = arrows().map(|arrow| bound(arrow.amount, symbol, arrow.incomplete));
            texts.map(|text| kind.width(&text)).fold(0.0, f64::max)
        };
        let own = chain.currency_symbol.as_str();
        let choices = [own, ""].into_iter().flat_map(|symbol| AMOUNT_TYPES.map(|kind| (kind, symbol)));
        let fitting = choices.into_iter().find(|&(kind, symbol)| widest(kind, symbol) <= gap - 8.0);
        let (amount_type, symbol) = fitting.unwrap_or((AMOUNT_TYPES[1], ""));
        let most = arrows().map(|arrow| float(arrow.amount.abs())).fold(0.0, f64::max);
        Self { tree, boxes, columns, amount_type, symbol, most }
    }

    fn paint(&self, canvas: &Canvas<'_>) {
        for placed in &self.boxes {
            self.paint_box(canvas, placed);
            self.paint_arrows(canvas, placed);
        }
    }

    fn paint_box(&self, canvas: &Canvas<'_>, placed: &Placed) {
        let Some(branch) = self.tree.branches.get(&placed.stage) else {
            return;
        };
        let (left, right) = self.columns[placed.column];
        let (top, bottom) = (placed.top + BOX_MARGIN, placed.bottom - BOX_MARGIN);
        let ink = if branch.used {
            canvas.rect((left, top), (right, bottom), Colour::PANEL);
            Colour::INK
        } else {
            let corners = [(left, top), (right, top), (right, bottom), (left, bottom), (left, top)];
            canvas.path(&corners, HAIR, Colour::HAIRLINE);
            Colour::MUTED
        };
        let room = right - left - 2.0 * PADDING;
        let most = ((bottom - top - 4.0) / LEADING) as usize;
        let note = if branch.used { branch.note.as_str() } else { "not stated" };
        let note = NOTE_TYPE.wrap(note, room, 2);
        let names = NAME_TYPE.wrap(&branch.label, room, most.saturating_sub(note.len().min(1)).clamp(1, 4));
        let notes = note.len().min(most.saturating_sub(names.len()));
        let note = NOTE_TYPE.wrap(&note.join(" "), room, notes.max(1));
        let count = names.len() + notes;
        let mut y = f64::midpoint(top, bottom) - LEADING * (count as f64 - 1.0) / 2.0;
        let centre = f64::midpoint(left, right);
        let names = names.iter().map(|line| (line, NAME_TYPE, ink));
        let notes = note.iter().take(notes).map(|line| (line, NOTE_TYPE, Colour::MUTED));
        for (line, kind, colour) in names.chain(notes) {
            canvas.text_centred(centre, y, line, kind, colour);
            y += LEADING;
        }
    }

    fn paint_arrows(&self, canvas: &Canvas<'_>, placed: &Placed) {
        let Some(branch) = self.tree.branches.get(&placed.stage) else {
            return;
        };
        let Some(before) = placed.column.checked_sub(1) else {
            return;
        };
        let (left, right) = (self.columns[before].1 + 3.0, self.columns[placed.column].0 - 3.0);
        let middle = f64::midpoint(placed.top, placed.bottom);
        if branch.arrows.is_empty() {
            if branch.used {
                paint_arrow(canvas, (left, right), middle, THREAD, ComponentGroup::Other.colour());
            } else {
                canvas.dashed((left, middle), (right, middle), HAIR, ComponentGroup::Other.colour());
            }
        }
        // Together, not spread over the box: an arrow should not seem to run on behind it.
        let first = middle - ROW * branch.arrows.len().saturating_sub(1) as f64 / 2.0;
        for (at, arrow) in branch.arrows.iter().enumerate() {
            let y = first + ROW * at as f64;
            self.paint_one(canvas, arrow, (left, right), y);
        }
    }

    /// Draws an arrow with its words above and its amount below.
    fn paint_one(&self, canvas: &Canvas<'_>, arrow: &ChainArrow, (left, right): (f64, f64), y: f64) {
        let unknown = arrow.incomplete && arrow.amount.is_zero();
        let costs = !arrow.amount.is_zero();
        let thickness = self.thickness(arrow.amount);
        if unknown {
            canvas.dashed((left, y), (right - 8.0, y), 1.5, arrow.colour);
            paint_arrow(canvas, (right - 8.0, right), y, 1.5, arrow.colour);
        } else {
            let colour = if costs { arrow.colour } else { ComponentGroup::Other.colour() };
            paint_arrow(canvas, (left, right), y, thickness, colour);
        }
        let (centre, room) = (f64::midpoint(left, right), right - left);
        let half = head_half(thickness);
        let lines = ARROW_TYPE.wrap(&clean(&arrow.label), room, 2);
        for (at, line) in lines.iter().rev().enumerate() {
            let y = y - half - 8.0 - 13.0 * at as f64;
            canvas.text_centred(centre, y, line, ARROW_TYPE, Colour::MUTED);
        }
        let amount = bound(arrow.amount, self.symbol, arrow.incomplete);
        let is_most = costs && float(arrow.amount.abs()) >= self.most;
        let stressed = is_most && MOST_AMOUNT_TYPE.width(&amount) <= room;
        let kind = if stressed { MOST_AMOUNT_TYPE } else { self.amount_type };
        let ink = if costs || unknown { Colour::INK } else { Colour::MUTED };
        canvas.text_centred(centre, y + half + 10.0, &kind.shorten(&amount, room), kind, ink);
    }

    /// Grows with the root of the amount, so that small ones are seen beside large ones.
    fn thickness(&self, amount: Decimal) -> f64 {
        if amount.is_zero() || self.most <= 0.0 {
            return THREAD;
        }
        let part = (float(amount.abs()) / self.most).sqrt();
        THINNEST + (THICKEST - THINNEST) * part
    }
}

fn head_half(thickness: f64) -> f64 {
    thickness / 2.0 + 3.0
}

/// An arrow from left to right with its tip at the right.
fn paint_arrow(canvas: &Canvas<'_>, (left, right): (f64, f64), y: f64, thickness: f64, colour: Colour) {
    let (half, wide) = (thickness / 2.0, head_half(thickness));
    let neck = (right - 3.0 - wide).max(left);
    let outline = [
        (left, y - half),
        (neck, y - half),
        (neck, y - wide),
        (right, y),
        (neck, y + wide),
        (neck, y + half),
        (left, y + half),
    ];
    canvas.area(&outline, colour, 1.0);
}

/// Gives a stage its rows from `top` on, and all that comes after it within them.
fn place(tree: &Tree<'_>, stage: ChainStage, column: usize, top: f64, boxes: &mut Vec<Placed>) {
    let rows = tree.rows(stage) as f64;
    boxes.push(Placed { stage, column, top, bottom: top + ROW * rows });
    let children: Vec<ChainStage> = tree.children(stage).collect();
    let taken: usize = children.iter().map(|&child| tree.rows(child)).sum();
    // Rows that only this stage's own arrows need are shared evenly by what comes after it.
    let spare = ROW * (rows - taken as f64) / children.len().max(1) as f64;
    let mut top = top;
    for child in children {
        let height = ROW * tree.rows(child) as f64;
        place(tree, child, column + 1, top + spare / 2.0, boxes);
        top += height + spare;
    }
}

/// The edges of every column of boxes, and the gap between them.
fn columns(tree: &Tree<'_>, boxes: &[Placed]) -> (Vec<(f64, f64)>, f64) {
    let count = boxes.iter().map(|placed| placed.column + 1).max().unwrap_or(1);
    let mut widths = vec![NARROWEST_BOX; count];
    let mut words = widths.clone();
    for placed in boxes {
        let Some(branch) = tree.branches.get(&placed.stage) else {
            continue;
        };
        let widest = |kind: Type, text: &str| {
            let lines = kind.wrap(text, TEXT_WIDTH, 2);
            lines.iter().map(|line| kind.width(line)).fold(0.0, f64::max) + 2.0 * PADDING + 0.5
        };
        let word =
            |kind: Type, text: &str| text.split(' ').map(|word| widest(kind, word)).fold(0.0, f64::max);
        let both = |width: &dyn Fn(Type, &str) -> f64| {
            width(NAME_TYPE, &branch.label).max(width(NOTE_TYPE, &branch.note))
        };
        widths[placed.column] = widths[placed.column].max(both(&widest));
        words[placed.column] = words[placed.column].max(both(&word));
    }
    let gaps = count.saturating_sub(1).max(1) as f64;
    let room = RIGHT - LEFT;
    let boxes_room = room - LEAST_GAP * gaps;
    let total = |widths: &[f64]| widths.iter().sum::<f64>();
    if total(&widths) > boxes_room {
        // The widest give way first, down to their longest word if those all fit.
        let keep_words = total(&words) <= boxes_room;
        let limited = |limit: f64| -> Vec<f64> {
            let least = |word: f64| if keep_words { limit.max(word) } else { limit };
            widths.iter().zip(&words).map(|(&width, &word)| width.min(least(word))).collect()
        };
        let (mut fits, mut too_wide) = (0.0, room);
        for _ in 0..40 {
            let limit = f64::midpoint(fits, too_wide);
            if total(&limited(limit)) <= boxes_room { fits = limit } else { too_wide = limit }
        }
        widths = limited(fits);
    }
    let gap = ((room - total(&widths)) / gaps).min(WIDEST_GAP);
    let spare = (room - total(&widths) - gap * gaps).max(0.0) / count as f64;
    for width in &mut widths {
        *width = (*width + spare).min(WIDEST_BOX.max(*width));
    }
    let mut x = LEFT;
    let edges = widths.iter().map(|width| {
        let edge = (x, x + width);
        x += width + gap;
        edge
    });
    (edges.collect(), gap)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chart(nodes: &[(ChainStage, &str, bool)], arrows: &[(ChainStage, &str, &str, bool)]) -> Chain {
        Chain {
            caption: Caption {
                title: "A finding".to_owned(),
                subtitle: "Per month, USD".to_owned(),
                footnote: String::new(),
            },
            nodes: nodes
                .iter()
                .map(|&(stage, note, used)| ChainNode {
                    stage,
                    label: stage.label().to_owned(),
                    note: note.to_owned(),
                    used,
                })
                .collect(),
            arrows: arrows
                .iter()
                .map(|&(to, label, amount, incomplete)| ChainArrow {
                    to,
                    label: label.to_owned(),
                    amount: amount.parse().unwrap(),
                    incomplete,
                    colour: Colour::RISE,
                })
                .collect(),
            currency_symbol: "$".to_owned(),
        }
    }

    fn count(svg: &str, text: &str) -> usize {
        svg.matches(&format!(">{text}</text>")).count()
    }

    #[test]
    fn stages_and_money_are_written() {
        let svg = chart(
            &[(ChainStage::ApiCalls, "25 M", true), (ChainStage::Lake, "", false)],
            &[
                (ChainStage::Trail, "first copy", "0", false),
                (ChainStage::Trail, "copies", "400", false),
                (ChainStage::Bucket, "storage", "0", true),
                (ChainStage::LogGroup, "ingestion", "22", true),
            ],
        )
        .svg();
        for text in ["API calls", "25 M", "first copy", "$0", "$400", "unknown", "≥ $22", "not stated"] {
            assert_eq!(count(&svg, text), 1, "{text} in {svg}");
        }
        assert!(
            svg.contains("API calls to CloudTrail: copies $400. CloudTrail to S3 bucket (SSE-KMS): storage")
        );
        assert!(svg.contains("CloudTrail Lake: not stated"));
    }

    #[test]
    fn an_arrow_comes_from_the_nearest_stage_in_use() {
        for (lifecycle, from) in [
            (None, "S3 bucket (SSE-KMS)"),
            (Some(false), "S3 bucket (SSE-KMS)"),
            (Some(true), "Lifecycle, Glacier"),
        ] {
            let lifecycle = lifecycle.map(|used| (ChainStage::Lifecycle, "", used));
            let arrows = [(ChainStage::Bucket, "a", "1", false), (ChainStage::Readers, "scans", "5", false)];
            let svg = chart(lifecycle.as_slice(), &arrows).svg();
            assert!(svg.contains(&format!("{from} to Athena, readers: scans $5")), "{lifecycle:?}");
        }
    }

    #[test]
    fn arrows_grow_with_money_and_free_ones_are_threads() {
        let svg = chart(&[], &[]).svg();
        let plot = |amounts: &[&str]| {
            let arrows: Vec<_> =
                amounts.iter().map(|&amount| (ChainStage::Trail, "a", amount, false)).collect();
            let chain = chart(&[], &arrows);
            let tree = Tree::new(&chain);
            let plot = Plot::new(&chain, &tree, 0.0);
            let widths = chain.arrows.iter().map(|arrow| plot.thickness(arrow.amount));
            widths.collect::<Vec<f64>>()
        };
        let widths = plot(&["0", "1", "100", "400", "-400"]);
        assert!(widths.is_sorted() && (widths[3] - THICKEST).abs() < 1e-9, "{widths:?}");
        assert!((plot(&["0", "0"])[1] - THREAD).abs() < 1e-9);
        assert_eq!(count(&svg, "API calls"), 1);
    }

    #[test]
    fn many_arrows_into_a_stage_become_one() {
        let amounts: Vec<String> = (1..=20).map(|n: u32| n.to_string()).collect();
        let arrows: Vec<_> = amounts
            .iter()
            .map(|amount| (ChainStage::Trail, "arrow", amount.as_str(), amount == "3"))
            .collect();
        let svg = chart(&[], &arrows).svg();
        assert_eq!((count(&svg, "arrow"), count(&svg, "16 others"), count(&svg, "≥ $136")), (4, 1, 1));
    }

    #[test]
    fn amounts_without_room_lose_their_symbol_rather_than_digits() {
        let arrows: Vec<_> = ChainStage::ALL.iter().map(|&stage| (stage, "a", "1230000", true)).collect();
        let mut chain = chart(&[], &arrows);
        chain.currency_symbol = "WWWW".to_owned();
        assert_eq!(count(&chain.svg(), "≥ 1.23M"), ChainStage::ALL.len() - 1);
    }

    #[test]
    fn draws_nothing_and_extremes_sensibly() {
        let largest = "79228162514264337593543950335";
        let lowest = format!("-{largest}");
        for arrows in [
            vec![],
            vec![(ChainStage::ApiCalls, "", "1", false)],
            vec![(ChainStage::Notification, "", largest, false), (ChainStage::Trail, "", &*lowest, true)],
            vec![(ChainStage::Trail, "", largest, false); 9],
        ] {
            let svg = chart(&[(ChainStage::ApiCalls, "", false)], &arrows).svg();
            assert!(svg.contains("A finding") && !svg.contains("NaN"), "{arrows:?}");
        }
    }
}
