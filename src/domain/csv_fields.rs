//! Places of fields inside a CSV text.

use std::ops::Range;

/// Returns the bytes of the field at `index` in the record that starts at byte `start`.
///
/// Quotes around the field are part of it. Past the last field, the end of the record is returned. Line ends before the
/// record are passed over: readers count the second half of CR LF to the record that follows.
pub fn field_span(text: &str, start: usize, index: usize) -> Range<usize> {
    let bytes = text.as_bytes();
    let ends = bytes.iter().skip(start).take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
    let start = start + ends;
    let (mut at, mut field_start, mut field, mut quoted) = (start, start, 0, false);
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b'"' => quoted = !quoted,
            b',' if !quoted => {
                if field == index {
                    return field_start..at;
                }
                field += 1;
                field_start = at + 1;
            }
            b'\n' | b'\r' if !quoted => break,
            _ => {}
        }
        at += 1;
    }
    if field == index { field_start..at } else { at..at }
}

/// Returns the place of a quote that opens a field and is never closed: it would swallow the rest of the text.
pub fn open_quote(text: &str) -> Option<usize> {
    let (mut opened, mut begins) = (None, true);
    for (at, byte) in text.bytes().enumerate() {
        match (byte, opened) {
            // A doubled quote inside a field closes it and opens it again.
            (b'"', Some(_)) => (opened, begins) = (None, true),
            (b'"', None) if begins => opened = Some(at),
            (b',' | b'\n' | b'\r', None) => begins = true,
            (_, None) => begins = false,
            (_, Some(_)) => {}
        }
    }
    opened
}

#[cfg(test)]
mod tests {
    use super::{field_span, open_quote};

    #[test]
    fn a_quote_that_is_never_closed_is_found() {
        for (text, place) in [
            ("a,\"b\nc,d\n", Some(2)),
            ("a,\"b\"\nc,\"d\"\"e\"\n", None),
            ("a,5\" disk\n", None),
            ("a,\"b\"\nc,\"\n", Some(8)),
            ("", None),
        ] {
            assert_eq!(open_quote(text), place, "{text}");
        }
    }

    #[test]
    fn fields_are_found_with_and_without_quotes() {
        let text = "a,b\nx,\"1,2\",z\n";
        assert_eq!(&text[field_span(text, 4, 0)], "x");
        assert_eq!(&text[field_span(text, 4, 1)], "\"1,2\"");
        assert_eq!(&text[field_span(text, 4, 2)], "z");
        assert_eq!(field_span(text, 4, 9), 13..13);
        assert_eq!(field_span("a,b\r\nx,y", 4, 1), 7..8);
    }
}
