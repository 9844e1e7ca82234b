//! How cells look: blue for what is edited, black for what follows.

use crate::domain::{Currency, Unit};
use crate::report::chart::Colour;
use rust_xlsxwriter::{Color, Format, FormatAlign, FormatBorder};

/// The colour of what is edited: blue, by the custom of financial models.
const INPUT: u32 = 0x00_00_FF;
const INPUT_GROUND: u32 = 0xE8_F0_FB;

/// The styles of a workbook.
pub(super) struct Styles {
    pub(super) title: Format,
    pub(super) subtitle: Format,
    pub(super) sentence: Format,
    pub(super) tile_label: Format,
    pub(super) tile: Format,
    /// The same of something that is priced in part.
    pub(super) tile_at_least: Format,
    pub(super) heading: Format,
    /// A column's heading over figures.
    pub(super) heading_right: Format,
    pub(super) heading_month: Format,
    pub(super) section: Format,
    pub(super) text: Format,
    pub(super) bold: Format,
    pub(super) muted: Format,
    /// Words beside figures, over several lines where they are long.
    pub(super) note: Format,
    /// A paragraph over several columns.
    pub(super) paragraph: Format,
    pub(super) money: Format,
    /// Of something that is priced in part: at least so much, or unknown.
    pub(super) money_at_least: Format,
    pub(super) money_total: Format,
    pub(super) money_total_at_least: Format,
    pub(super) label_total: Format,
    pub(super) share: Format,
    pub(super) share_total: Format,
    pub(super) whole: Format,
    pub(super) fraction: Format,
    pub(super) price: Format,
    pub(super) ratio: Format,
    pub(super) input_whole: Format,
    pub(super) input_fraction: Format,
    pub(super) input_price: Format,
    pub(super) input_factor: Format,
    pub(super) input_share: Format,
}

const MONEY: &str = "#,##0.00";
/// Two digits after the point, and every further one that is there.
const PRICE: &str = "#,##0.00##########";
const WHOLE: &str = "#,##0";
const FRACTION: &str = "#,##0.0000";

impl Styles {
    /// Makes the styles; amounts in tiles bear the currency's symbol.
    pub(super) fn new(currency: &Currency) -> Self {
        let plain = Format::new().set_font_size(10).set_align(FormatAlign::VerticalCenter);
        let ink = colour(Colour::INK);
        let muted = plain.clone().set_font_color(colour(Colour::MUTED));
        let bold = plain.clone().set_bold();
        let heading = bold
            .clone()
            .set_font_color(colour(Colour::PAPER))
            .set_background_color(colour(Colour::TOTAL))
            .set_text_wrap();
        let heading_right = heading.clone().set_align(FormatAlign::Right);
        let number = |format: &str| plain.clone().set_num_format(format);
        let input = |format: &str| {
            let ground = number(format).set_font_color(Color::RGB(INPUT));
            ground
                .set_background_color(Color::RGB(INPUT_GROUND))
                .set_border(FormatBorder::Hair)
                .set_border_color(colour(Colour::MUTED))
        };
        let total = bold.clone().set_border_top(FormatBorder::Thin);
        let at_least = format!("\"≥ \"{MONEY};\"≥ \"-{MONEY};\"unknown\"");
        let symbol = currency.symbol();
        let tile = bold.clone().set_font_size(18).set_align(FormatAlign::Left);
        Self {
            title: bold.clone().set_font_size(18).set_font_color(ink),
            subtitle: muted.clone(),
            sentence: bold.clone().set_font_size(12).set_text_wrap().set_align(FormatAlign::Top),
            tile_label: muted.clone().set_align(FormatAlign::Left),
            tile: tile.clone().set_num_format(format!("\"{symbol}\"{MONEY}")),
            tile_at_least: tile
                .set_num_format(format!("\"≥ {symbol}\"{MONEY};\"≥ {symbol}\"-{MONEY};\"unknown\"")),
            heading_month: heading_right.clone().set_num_format("mmm yyyy"),
            heading,
            heading_right,
            section: bold.clone().set_background_color(colour(Colour::PANEL)),
            text: plain.clone(),
            note: muted.clone().set_text_wrap().set_indent(1),
            muted,
            paragraph: plain.clone().set_text_wrap().set_align(FormatAlign::Top),
            money: number(MONEY),
            money_at_least: number(&at_least),
            money_total: total.clone().set_num_format(MONEY),
            money_total_at_least: total.clone().set_num_format(&at_least),
            label_total: total.clone(),
            share: number("0.0%"),
            share_total: total.set_num_format("0.0%"),
            whole: number(WHOLE),
            fraction: number(FRACTION),
            price: number(PRICE),
            ratio: number("0.000000"),
            input_whole: input(WHOLE),
            input_fraction: input(FRACTION),
            input_price: input(PRICE),
            input_factor: input("0.0000##"),
            input_share: input("0.00%"),
            bold,
        }
    }

    /// The style of a quantity that follows.
    pub(super) fn quantity(&self, unit: &Unit) -> &Format {
        if unit.is_whole() { &self.whole } else { &self.fraction }
    }

    /// The style of a quantity that is edited.
    pub(super) fn input_quantity(&self, unit: &Unit) -> &Format {
        if unit.is_whole() { &self.input_whole } else { &self.input_fraction }
    }
}

/// A chart's colour as a spreadsheet takes it.
pub(super) fn colour(own: Colour) -> Color {
    Color::RGB(u32::from(own.red) << 16 | u32::from(own.green) << 8 | u32::from(own.blue))
}
