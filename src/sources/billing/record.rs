//! Walks along one CSV record and picks the fields that are needed.

use super::columns::{FIELDS, Field};

/// The needed fields of a row, without quotes; a doubled quote inside is still doubled. What is missing or `NULL` is empty.
pub(super) struct Row<'a> {
    fields: [&'a [u8]; FIELDS],
}

impl<'a> Row<'a> {
    pub(super) fn new() -> Self {
        Self { fields: [&[]; FIELDS] }
    }

    /// Returns a field.
    #[inline]
    pub(super) fn get(&self, field: Field) -> &'a [u8] {
        self.fields[field as usize]
    }

    /// Sets a field.
    #[inline]
    pub(super) fn set(&mut self, field: Field, value: &'a [u8]) {
        self.fields[field as usize] = if value == b"NULL" || value == b"null" { &[] } else { value };
    }

    /// Returns a field as text.
    pub(super) fn text(&self, field: Field) -> String {
        String::from_utf8_lossy(self.get(field)).replace("\"\"", "\"")
    }
}

/// A record that is walked along from left to right.
pub(super) struct Walk<'a> {
    record: &'a [u8],
    at: usize,
    /// The column that `at` is in; past the last one, the number of columns.
    column: usize,
    ended: bool,
}

impl<'a> Walk<'a> {
    pub(super) fn new(record: &'a [u8]) -> Self {
        Self { record, at: 0, column: 0, ended: false }
    }

    /// Picks fields; the columns rise. Tells whether all of them were there.
    #[inline]
    pub(super) fn pick(&mut self, columns: &[(usize, Field)], row: &mut Row<'a>) -> bool {
        for &(column, field) in columns {
            while self.column < column {
                if self.ended {
                    return false;
                }
                self.next();
            }
            if self.ended {
                return false;
            }
            let value = self.next();
            row.set(field, value);
        }
        true
    }

    /// Walks to the end and returns the number of columns.
    pub(super) fn width(mut self) -> usize {
        while !self.ended {
            self.next();
        }
        self.column
    }

    #[inline]
    fn next(&mut self) -> &'a [u8] {
        let rest = &self.record[self.at..];
        self.column += 1;
        if rest.first() == Some(&b'"') {
            return self.quoted(rest);
        }
        let end = rest.iter().position(|&byte| byte == b',');
        if let Some(end) = end {
            self.at += end + 1;
            &rest[..end]
        } else {
            self.ended = true;
            rest
        }
    }

    fn quoted(&mut self, rest: &'a [u8]) -> &'a [u8] {
        let mut from = 1;
        loop {
            match memchr::memchr(b'"', &rest[from..]) {
                Some(quote) if rest.get(from + quote + 1) == Some(&b'"') => from += quote + 2,
                Some(quote) => {
                    let close = from + quote;
                    // Text between the closing quote and the comma belongs to no export; it is passed over.
                    match memchr::memchr(b',', &rest[close..]) {
                        Some(comma) => self.at += close + comma + 1,
                        None => self.ended = true,
                    }
                    return &rest[1..close];
                }
                None => {
                    self.ended = true;
                    return &rest[1..];
                }
            }
        }
    }
}

/// A record without its line end.
pub(super) struct Record<'a> {
    pub(super) bytes: &'a [u8],
    /// The line that it begins on.
    pub(super) line: u64,
    /// Whether it goes over several lines.
    pub(super) is_broken: bool,
}

/// A quote that neither opens nor closes a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct StrayQuote {
    /// The line that it stands on.
    pub(super) line: u64,
}

/// Splits records off a block. Blank lines are left out.
pub(super) struct Records<'a> {
    rest: &'a [u8],
    line: u64,
}

impl<'a> Records<'a> {
    pub(super) fn new(bytes: &'a [u8], line: u64) -> Self {
        Self { rest: bytes, line }
    }

    /// Returns what is not split yet, and the line that it begins on.
    pub(super) fn rest(&self) -> (&'a [u8], u64) {
        (self.rest, self.line)
    }
}

impl<'a> Iterator for Records<'a> {
    type Item = Result<Record<'a>, StrayQuote>;

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        while !self.rest.is_empty() {
            let (mut is_quoted, mut lines, mut breaks, mut end) = (false, 0, 0, self.rest.len());
            for at in memchr::memchr2_iter(b'"', b'\n', self.rest) {
                if self.rest[at] == b'"' {
                    if !may_stand(self.rest, at, is_quoted) {
                        return Some(Err(StrayQuote { line: self.line + lines }));
                    }
                    is_quoted = !is_quoted;
                } else {
                    lines += 1;
                    if !is_quoted {
                        end = at;
                        break;
                    }
                    breaks += 1;
                }
            }
            let line = self.line;
            self.line += lines;
            let record = &self.rest[..end];
            self.rest = self.rest.get(end + 1..).unwrap_or(&[]);
            let record = record.strip_suffix(b"\r").unwrap_or(record);
            if !record.is_empty() {
                return Some(Ok(Record { bytes: record, line, is_broken: breaks > 0 }));
            }
        }
        None
    }
}

/// Tells whether a quote stands where one may: outside of quotes where a field begins, or doubled; inside of them where the
/// field ends, or doubled.
#[inline]
fn may_stand(bytes: &[u8], at: usize, is_quoted: bool) -> bool {
    if is_quoted {
        matches!(bytes.get(at + 1), None | Some(b'"' | b',' | b'\r' | b'\n'))
    } else {
        at == 0 || matches!(bytes[at - 1], b',' | b'"')
    }
}

/// Reads a header: names without quotes, byte order mark and blanks.
pub(super) fn header(record: &[u8]) -> Vec<String> {
    let mut walk = Walk::new(record.strip_prefix(b"\xef\xbb\xbf").unwrap_or(record));
    let mut names = Vec::new();
    while !walk.ended {
        let name = walk.next();
        names.push(String::from_utf8_lossy(name).replace("\"\"", "\"").trim().to_owned());
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_and_fields_are_split_as_a_csv_library_splits_them() {
        let text = "a,\"b \"\"q\"\"\",c\r\n\"1,2\",,\"x\ny\"\r\n\r\nlast,\"\",NULL\n";
        let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(text.as_bytes());
        let expected: Vec<Vec<String>> =
            reader.records().map(|record| record.unwrap().iter().map(str::to_owned).collect()).collect();
        let found: Vec<Vec<String>> =
            Records::new(text.as_bytes(), 1).map(|record| header(record.ok().unwrap().bytes)).collect();
        assert_eq!(found, expected);
        let lines: Vec<(u64, bool)> = Records::new(text.as_bytes(), 1)
            .map(|record| record.map(|own| (own.line, own.is_broken)).unwrap())
            .collect();
        assert_eq!(lines, [(1, false), (2, true), (5, false)]);
    }

    #[test]
    fn a_quote_in_the_middle_of_a_field_is_found() {
        for (text, line) in [
            ("a,b\n1,2\"3\n4,5\n", Some(2)),
            ("a,b\n1,\"2\n3,\"x\",5\n", Some(3)),
            ("a,b\n\"1\"2,3\n", Some(2)),
            ("a,b\n1, \"2\"\n", Some(2)),
            ("a,b\n\"\",\"\"\"\"\n\"1\"\"\",2\r\n", None),
        ] {
            let found = Records::new(text.as_bytes(), 1).find_map(Result::err);
            assert_eq!(found.map(|own| own.line), line, "{text}");
        }
    }

    #[test]
    fn only_the_wanted_columns_are_picked() {
        let mut row = Row::new();
        let mut walk = Walk::new(b"0,\"a,b\",NULL,3,4");
        assert!(walk.pick(&[(1, Field::Account), (2, Field::Region)], &mut row));
        assert!(walk.pick(&[(4, Field::Billed)], &mut row));
        assert_eq!(row.get(Field::Account), b"a,b");
        assert_eq!(row.get(Field::Region), b"");
        assert_eq!(row.get(Field::Billed), b"4");
        assert_eq!(walk.width(), 5);
        assert!(!Walk::new(b"0,1").pick(&[(2, Field::Billed)], &mut Row::new()));
        // A last, empty field is a field.
        assert!(Walk::new(b"0,1,").pick(&[(2, Field::Billed)], &mut Row::new()));
        assert_eq!(header(b"\xef\xbb\xbf\"a b\", c ,d"), ["a b", "c", "d"]);
    }
}
