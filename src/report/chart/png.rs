//! SVG to PNG, with the embedded fonts only.

use std::sync::OnceLock;

use png::{BitDepth, ColorType, Compression, Encoder, EncodingError};
use resvg::tiny_skia::{Color, Pixmap, Transform};
use resvg::usvg::{Options, Tree};

use super::fonts;

/// Pixels per logical pixel: sharp on slides and on dense screens.
const SCALE: f32 = 2.0;

/// Why a picture could not be made.
#[derive(Debug, thiserror::Error)]
pub enum ChartError {
    /// The text is not an SVG document.
    #[error("the chart is not valid SVG")]
    Svg(#[source] Box<resvg::usvg::Error>),
    /// The document's size gives no picture, or one too large for memory.
    #[error("a picture of {width} by {height} pixels cannot be drawn")]
    Size {
        /// Pixels across.
        width: u32,
        /// Pixels down.
        height: u32,
    },
    /// The picture could not be written as PNG.
    #[error("the chart cannot be encoded as PNG")]
    Encode(#[source] EncodingError),
}

/// The picture of a chart's SVG, twice its logical size, on white.
///
/// Characters outside Latin and Devanagari script are drawn as question marks, since the embedded fonts lack them.
///
/// # Errors
///
/// Fails where `svg` is not SVG, or where its size cannot be drawn.
pub fn png(svg: &str) -> Result<Vec<u8>, ChartError> {
    picture(&drawable(svg))
}

fn picture(svg: &str) -> Result<Vec<u8>, ChartError> {
    let tree = Tree::from_str(svg, options()).map_err(|error| ChartError::Svg(Box::new(error)))?;
    let size = tree.size();
    let width = (size.width() * SCALE).ceil() as u32;
    let height = (size.height() * SCALE).ceil() as u32;
    let Some(mut pixmap) = Pixmap::new(width, height) else {
        return Err(ChartError::Size { width, height });
    };
    pixmap.fill(Color::WHITE);
    resvg::render(&tree, Transform::from_scale(SCALE, SCALE), &mut pixmap.as_mut());
    encode(&pixmap).map_err(ChartError::Encode)
}

/// Says of a text that it is in Devanagari, and draws nothing: an empty character of our own font.
///
/// The renderer takes a text's script from its first letter. Where that is Latin, Hindi's vowels would stand behind the consonants
/// that they are written before.
const IN_DEVANAGARI: char = '\u{a8fa}';

/// The document with a question mark for every character that the fonts lack: the renderer would leave it out without
/// a trace. Markup is ASCII, and so stays as it is; marks that combine with a letter are left out.
fn drawable(svg: &str) -> String {
    let stand_in = |c: char| match c {
        '\u{300}'..='\u{36f}' => None,
        c if c.is_ascii() || fonts::is_drawable(c) => Some(c),
        _ => Some('?'),
    };
    let mut drawable = String::with_capacity(svg.len());
    for (nth, part) in svg.split('>').enumerate() {
        if nth > 0 {
            drawable.push('>');
        }
        // What stands before the next tag.
        if part.split('<').next().is_some_and(fonts::has_devanagari) {
            drawable.push(IN_DEVANAGARI);
        }
        drawable.extend(part.chars().filter_map(stand_in));
    }
    drawable
}

fn options() -> &'static Options<'static> {
    static OPTIONS: OnceLock<Options<'static>> = OnceLock::new();
    OPTIONS.get_or_init(|| Options {
        font_family: "Inter".to_owned(),
        fontdb: fonts::database(),
        font_resolver: fonts::resolver(),
        ..Options::default()
    })
}

/// Written here rather than by the renderer, since everything is opaque and alpha can go. The fastest compression
/// would halve the time of a picture and double its size.
fn encode(pixmap: &Pixmap) -> Result<Vec<u8>, EncodingError> {
    let opaque: Vec<u8> =
        pixmap.pixels().iter().flat_map(|pixel| [pixel.red(), pixel.green(), pixel.blue()]).collect();
    let mut bytes = Vec::new();
    let mut encoder = Encoder::new(&mut bytes, pixmap.width(), pixmap.height());
    encoder.set_color(ColorType::Rgb);
    encoder.set_depth(BitDepth::Eight);
    encoder.set_compression(Compression::Balanced);
    let mut writer = encoder.write_header()?;
    writer.write_image_data(&opaque)?;
    writer.finish()?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::super::fonts::standalone;
    use super::*;

    const SMALL: &str = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"30\" height=\"20\" viewBox=\"0 0 30 20\">\n\
        <text x=\"2\" y=\"15\" font-family=\"Inter, sans-serif\" font-size=\"12\">$1</text></svg>";

    fn decoded(bytes: &[u8]) -> (u32, u32, Vec<u8>) {
        let mut reader = png::Decoder::new(std::io::Cursor::new(bytes)).read_info().unwrap();
        let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
        let info = reader.next_frame(&mut pixels).unwrap();
        (info.width, info.height, pixels)
    }

    #[test]
    fn a_picture_is_twice_the_logical_size_with_text_on_white() {
        let (width, height, pixels) = decoded(&png(SMALL).unwrap());
        assert_eq!((width, height), (60, 40));
        assert_eq!(&pixels[..3], [255, 255, 255]);
        assert!(pixels.chunks(3).any(|pixel| pixel == [0, 0, 0]), "the text left no ink");
    }

    #[test]
    fn embedded_fonts_change_nothing() {
        assert_eq!(png(SMALL).unwrap(), png(&standalone(SMALL)).unwrap());
    }

    #[test]
    fn characters_without_a_glyph_leave_a_trace() {
        assert_eq!(drawable("<text>東京 e\u{301} Zürich → 1</text>"), "<text>?? e Zürich → 1</text>");
        assert_eq!(png(&SMALL.replace("$1", "東")).unwrap(), png(&SMALL.replace("$1", "?")).unwrap());
    }

    #[test]
    fn hindi_is_drawn_as_such_behind_latin_letters_too() {
        assert_eq!(drawable("<text>P10 से</text>"), format!("<text>{IN_DEVANAGARI}P10 से</text>"));
        assert_eq!(drawable("<text>P10</text>"), "<text>P10</text>");
        let drawn = |text: &str| picture(&SMALL.replace("$1", text)).unwrap();
        // The vowel is written before the consonant: without its script it would stand behind it.
        assert_ne!(drawn("a हि"), drawn("\u{a8fa}a हि"));
        assert_eq!(drawn("हि"), drawn("\u{a8fa}हि"));
        assert_ne!(drawn("हि"), drawn("?"));
    }

    #[test]
    fn what_is_not_svg_is_refused() {
        assert!(matches!(png("<html/>"), Err(ChartError::Svg(_))));
        assert!(matches!(png(""), Err(ChartError::Svg(_))));
    }

    #[test]
    fn absurd_sizes_are_refused() {
        let svg = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"999999999\" height=\"999999999\"/>";
        assert!(matches!(png(svg), Err(ChartError::Size { .. })));
    }
}
