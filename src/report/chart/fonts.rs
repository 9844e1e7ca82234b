//! The embedded fonts, Inter and Noto Sans Devanagari in two weights each, for measuring, for the PNG, for a page and for a
//! stand-alone SVG.
//!
//! Both are under the SIL Open Font License, see `fonts/COPYRIGHT`. Inter is cut down to Latin-1 and the signs a report uses,
//! Noto Sans Devanagari to the letters of Hindi and Marathi with all their conjuncts. The `.woff2` files are the same fonts
//! packed for browsers. For the PNG Noto Sans Devanagari has Latin letters too, since the renderer draws a text with conjuncts
//! by one font or not at all.

use std::sync::{Arc, OnceLock};

use ab_glyph::{Font, FontRef};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use resvg::usvg::FontResolver;
use resvg::usvg::fontdb::{Database, Source};

static REGULAR: &[u8] = include_bytes!("fonts/Inter-Regular.sub.otf");
static SEMI_BOLD: &[u8] = include_bytes!("fonts/Inter-SemiBold.sub.otf");
static REGULAR_PACKED: &[u8] = include_bytes!("fonts/Inter-Regular.woff2");
static SEMI_BOLD_PACKED: &[u8] = include_bytes!("fonts/Inter-SemiBold.woff2");

static DEVANAGARI_REGULAR: &[u8] = include_bytes!("fonts/NotoSansDevanagari-Regular.sub.ttf");
static DEVANAGARI_SEMI_BOLD: &[u8] = include_bytes!("fonts/NotoSansDevanagari-SemiBold.sub.ttf");
static DEVANAGARI_REGULAR_PACKED: &[u8] = include_bytes!("fonts/NotoSansDevanagari-Regular.woff2");
static DEVANAGARI_SEMI_BOLD_PACKED: &[u8] = include_bytes!("fonts/NotoSansDevanagari-SemiBold.woff2");

/// What text elements ask for, best first: where Inter is neither embedded nor installed, its nearest relatives.
pub(super) const FAMILY: &str = "Inter, Noto Sans Devanagari, Helvetica, Arial, sans-serif";

/// The two weights charts use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Weight {
    Regular,
    SemiBold,
}

/// How far a character moves the pen, as a part of the font size.
///
/// A character that the font lacks is drawn from another font or as a box, and counts as a full square.
pub(super) fn advance(c: char, weight: Weight) -> f64 {
    glyph_advance(c, weight).unwrap_or(1.0)
}

fn glyph_advance(c: char, weight: Weight) -> Option<f64> {
    static FONTS: OnceLock<[[Option<FontRef<'static>>; 2]; 2]> = OnceLock::new();
    let fonts = FONTS.get_or_init(|| {
        [[REGULAR, DEVANAGARI_REGULAR], [SEMI_BOLD, DEVANAGARI_SEMI_BOLD]]
            .map(|of_weight| of_weight.map(|bytes| FontRef::try_from_slice(bytes).ok()))
    });
    let of_weight = match weight {
        Weight::Regular => &fonts[0],
        Weight::SemiBold => &fonts[1],
    };
    of_weight.iter().flatten().find_map(|font| {
        let glyph = font.glyph_id(c);
        let units = font.units_per_em()?;
        (glyph.0 != 0).then(|| f64::from(font.h_advance_unscaled(glyph) / units))
    })
}

/// Tells whether a text has letters, or the sign of the rupee, that Inter lacks and Noto Sans Devanagari has.
#[must_use]
pub fn has_devanagari(text: &str) -> bool {
    text.chars().any(|c| matches!(c, '\u{900}'..='\u{97f}' | '₹'))
}

/// Whether the fonts can draw a character.
pub(super) fn is_drawable(c: char) -> bool {
    glyph_advance(c, Weight::Regular).is_some()
}

/// The fonts the PNG renderer may use: only ours, so that every machine draws the same picture.
pub(super) fn database() -> Arc<Database> {
    static DATABASE: OnceLock<Arc<Database>> = OnceLock::new();
    let database = DATABASE.get_or_init(|| {
        let mut database = Database::new();
        for bytes in [REGULAR, SEMI_BOLD, DEVANAGARI_REGULAR, DEVANAGARI_SEMI_BOLD] {
            database.load_font_source(Source::Binary(Arc::new(bytes)));
        }
        database.set_sans_serif_family("Inter");
        Arc::new(database)
    });
    Arc::clone(database)
}

/// How a character that the font of a text lacks is drawn: by a font of the same weight that has it, else by any that has it.
pub(super) fn resolver() -> FontResolver<'static> {
    FontResolver {
        select_font: FontResolver::default_font_selector(),
        select_fallback: Box::new(|c, used, database| {
            let weight = used.first().and_then(|own| database.face(*own)).map(|own| own.weight);
            let has = |id| {
                let read = |bytes: &[u8], face| {
                    ab_glyph::FontRef::try_from_slice_and_index(bytes, face)
                        .is_ok_and(|own| own.glyph_id(c).0 != 0)
                };
                database.with_face_data(id, read).unwrap_or(false)
            };
            let others = || database.faces().filter(|own| !used.contains(&own.id) && has(own.id));
            others().find(|own| Some(own.weight) == weight).or_else(|| others().next()).map(|own| own.id)
        }),
    }
}

/// The `@font-face` rules that bring the fonts along: Inter takes about 37 kB of CSS, the letters of Hindi 95 kB more, which
/// come only `with_devanagari`.
///
/// A page with several inline charts needs them once.
#[must_use]
pub fn font_face_css(with_devanagari: bool) -> &'static str {
    static CSS: OnceLock<[String; 2]> = OnceLock::new();
    let both = CSS.get_or_init(|| {
        let inter = [(400, REGULAR_PACKED), (600, SEMI_BOLD_PACKED)];
        let noto = [(400, DEVANAGARI_REGULAR_PACKED), (600, DEVANAGARI_SEMI_BOLD_PACKED)];
        let latin = inter.map(|(weight, bytes)| font_face("Inter", weight, bytes, "")).concat();
        let range = ";unicode-range:U+0900-097F,U+200C-200D,U+20A8,U+20B9,U+25CC";
        let other =
            noto.map(|(weight, bytes)| font_face("Noto Sans Devanagari", weight, bytes, range)).concat();
        let all = format!("{latin}{other}");
        [latin, all]
    });
    &both[usize::from(with_devanagari)]
}

fn font_face(family: &str, weight: u16, bytes: &[u8], range: &str) -> String {
    format!(
        "@font-face{{font-family:'{family}';font-weight:{weight};src:url(data:font/woff2;base64,{}) format('woff2'){range}}}\n",
        STANDARD.encode(bytes)
    )
}

/// A chart's SVG with its fonts inside, for a file that is opened alone in a browser.
#[must_use]
pub fn standalone(svg: &str) -> String {
    let Some(end_of_first_tag) = svg.find('>') else {
        return svg.to_owned();
    };
    let (first_tag, rest) = svg.split_at(end_of_first_tag + 1);
    format!("{first_tag}\n<style>\n{}</style>{rest}", font_face_css(has_devanagari(svg)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_fonts_load() {
        assert_eq!(database().faces().count(), 4);
        let families: Vec<_> =
            database().faces().map(|face| (face.families[0].0.clone(), face.weight.0)).collect();
        let both = |name: &str| [(name.to_owned(), 400), (name.to_owned(), 600)];
        assert_eq!(families, [both("Inter"), both("Noto Sans Devanagari")].concat());
    }

    #[test]
    fn every_sign_a_label_uses_is_in_the_font() {
        for weight in [Weight::Regular, Weight::SemiBold] {
            for c in "0123456789$€¥£.,%+−±<>≥→·–…“”’ \u{a0}azAZäÜé".chars() {
                let advance = advance(c, weight);
                assert!(advance > 0.0 && (advance - 1.0).abs() > f64::EPSILON, "{c:?} {weight:?}");
            }
        }
    }

    #[test]
    fn every_letter_of_the_hindi_messages_can_be_drawn() {
        let messages = include_str!("../monthly/messages/hi.toml");
        let lacking: String = messages
            .chars()
            .filter(|c| has_devanagari(c.encode_utf8(&mut [0; 4])) && !is_drawable(*c))
            .collect();
        assert_eq!(lacking, "");
        assert!(has_devanagari(messages) && !has_devanagari("Übersicht – 12 €"));
        let svg = standalone("<svg><text>लागत</text></svg>");
        assert_eq!(svg.matches("font-family:'Noto Sans Devanagari'").count(), 2);
    }

    #[test]
    fn one_font_has_all_of_a_mixed_text() {
        for bytes in [DEVANAGARI_REGULAR, DEVANAGARI_SEMI_BOLD] {
            let font = FontRef::try_from_slice(bytes).unwrap();
            for c in "मैनेजमेंट इवेंट पर Insights: ≥ $1,234.56 – 12% (₹, €) …".chars()
            {
                assert_ne!(font.glyph_id(c).0, 0, "{c:?}");
            }
        }
    }

    #[test]
    fn digits_stand_in_columns() {
        let width = advance('0', Weight::Regular);
        assert!("123456789".chars().all(|c| (advance(c, Weight::Regular) - width).abs() < 0.001));
    }

    #[test]
    fn a_stand_alone_file_has_the_fonts_after_its_first_tag() {
        let svg = standalone("<svg width=\"1\">\n<rect/>\n</svg>");
        assert!(
            svg.starts_with("<svg width=\"1\">\n<style>\n@font-face{font-family:'Inter';font-weight:400")
        );
        assert!(svg.ends_with("</style>\n<rect/>\n</svg>"));
        for packed in [REGULAR_PACKED, SEMI_BOLD_PACKED] {
            assert!(packed.len() * 4 / 3 < 20_000);
        }
    }
}
