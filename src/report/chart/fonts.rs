//! The embedded font, Inter in two weights, for measuring, for the PNG and for a stand-alone SVG.
//!
//! Inter is under the SIL Open Font License, see `fonts/COPYRIGHT`. Both files are cut down to Latin-1 and the signs a
//! report uses; the `.woff2` files are the same fonts packed for browsers.

use std::sync::{Arc, OnceLock};

use ab_glyph::{Font, FontRef};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use resvg::usvg::fontdb::{Database, Source};

static REGULAR: &[u8] = include_bytes!("fonts/Inter-Regular.sub.otf");
static SEMI_BOLD: &[u8] = include_bytes!("fonts/Inter-SemiBold.sub.otf");
static REGULAR_PACKED: &[u8] = include_bytes!("fonts/Inter-Regular.woff2");
static SEMI_BOLD_PACKED: &[u8] = include_bytes!("fonts/Inter-SemiBold.woff2");

/// What text elements ask for, best first: where Inter is neither embedded nor installed, its nearest relatives.
pub(super) const FAMILY: &str = "Inter, Helvetica, Arial, sans-serif";

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
    static FONTS: OnceLock<[Option<FontRef<'static>>; 2]> = OnceLock::new();
    let fonts = FONTS.get_or_init(|| [REGULAR, SEMI_BOLD].map(|bytes| FontRef::try_from_slice(bytes).ok()));
    let font = match weight {
        Weight::Regular => &fonts[0],
        Weight::SemiBold => &fonts[1],
    };
    let font = font.as_ref()?;
    let glyph = font.glyph_id(c);
    let units = font.units_per_em()?;
    (glyph.0 != 0).then(|| f64::from(font.h_advance_unscaled(glyph) / units))
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
        for bytes in [REGULAR, SEMI_BOLD] {
            database.load_font_source(Source::Binary(Arc::new(bytes)));
        }
        database.set_sans_serif_family("Inter");
        Arc::new(database)
    });
    Arc::clone(database)
}

/// The `@font-face` rules that bring Inter along, about 37 kB of CSS.
///
/// A page with several inline charts needs them once.
#[must_use]
pub fn font_face_css() -> &'static str {
    static CSS: OnceLock<String> = OnceLock::new();
    CSS.get_or_init(|| {
        let faces = [(400, REGULAR_PACKED), (600, SEMI_BOLD_PACKED)];
        faces.map(|(weight, bytes)| font_face(weight, bytes)).concat()
    })
}

fn font_face(weight: u16, bytes: &[u8]) -> String {
    format!(
        "@font-face{{font-family:Inter;font-weight:{weight};src:url(data:font/woff2;base64,{}) format('woff2')}}\n",
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
    format!("{first_tag}\n<style>\n{}</style>{rest}", font_face_css())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_fonts_load() {
        assert_eq!(database().faces().count(), 2);
        let families: Vec<_> =
            database().faces().map(|face| (face.families[0].0.clone(), face.weight.0)).collect();
        assert_eq!(families, [("Inter".to_owned(), 400), ("Inter".to_owned(), 600)]);
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
    fn digits_stand_in_columns() {
        let width = advance('0', Weight::Regular);
        assert!("123456789".chars().all(|c| (advance(c, Weight::Regular) - width).abs() < 0.001));
    }

    #[test]
    fn a_stand_alone_file_has_the_fonts_after_its_first_tag() {
        let svg = standalone("<svg width=\"1\">\n<rect/>\n</svg>");
        assert!(svg.starts_with("<svg width=\"1\">\n<style>\n@font-face{font-family:Inter;font-weight:400"));
        assert!(svg.ends_with("</style>\n<rect/>\n</svg>"));
        for packed in [REGULAR_PACKED, SEMI_BOLD_PACKED] {
            assert!(packed.len() * 4 / 3 < 20_000);
        }
    }
}
