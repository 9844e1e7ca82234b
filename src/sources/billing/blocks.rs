//! Cuts a CSV stream into blocks of whole records, so that they can be read side by side.

use super::fault::Fault;
use super::record::{Records, StrayQuote};
use std::io::{self, Read};

/// The size of a block.
const BLOCK: usize = 1 << 20;
/// No record of an export is longer; a quote that is never closed makes one that is.
const LONGEST_RECORD: usize = 1 << 25;

/// Whole records.
pub(super) struct Block {
    /// Their bytes.
    pub(super) bytes: Vec<u8>,
    /// The line that the first one begins on, counted from 1.
    pub(super) line: u64,
    /// Whether the file ends here without the end of a line.
    pub(super) is_cut: bool,
}

/// A stream cut into blocks.
pub(super) struct Blocks<R> {
    reader: R,
    rest: Vec<u8>,
    line: u64,
    ended: bool,
}

/// Why there is no further block.
pub(super) enum BlockFault {
    /// The stream cannot be read.
    Read(io::Error),
    /// What it holds is no CSV.
    Text(Fault),
}

impl<R: Read> Blocks<R> {
    pub(super) fn new(reader: R) -> Self {
        Self { reader, rest: Vec::new(), line: 1, ended: false }
    }

    /// Returns the next block, or nothing at the end.
    pub(super) fn next(&mut self) -> Result<Option<Block>, BlockFault> {
        if self.ended {
            return Ok(None);
        }
        let mut wanted = BLOCK;
        loop {
            let length = self.rest.len();
            let missing = wanted.saturating_sub(length) as u64;
            self.rest.reserve(usize::try_from(missing).unwrap_or(0));
            self.reader.by_ref().take(missing).read_to_end(&mut self.rest).map_err(BlockFault::Read)?;
            if self.rest.len() < wanted {
                self.ended = true;
                return self.last();
            }
            if let Some(end) = last_record_end(&self.rest) {
                let mut bytes = std::mem::take(&mut self.rest);
                self.rest.reserve(BLOCK);
                self.rest.extend_from_slice(&bytes[end..]);
                bytes.truncate(end);
                return Ok(Some(self.block(bytes, false)));
            }
            if wanted >= LONGEST_RECORD {
                return Err(BlockFault::Text(self.open_quote()));
            }
            wanted *= 2;
        }
    }

    fn last(&mut self) -> Result<Option<Block>, BlockFault> {
        if self.rest.is_empty() {
            return Ok(None);
        }
        if !memchr::memchr_iter(b'"', &self.rest).count().is_multiple_of(2) {
            return Err(BlockFault::Text(self.open_quote()));
        }
        let bytes = std::mem::take(&mut self.rest);
        let is_cut = bytes.last() != Some(&b'\n');
        Ok(Some(self.block(bytes, is_cut)))
    }

    fn block(&mut self, bytes: Vec<u8>, is_cut: bool) -> Block {
        let line = self.line;
        self.line += memchr::memchr_iter(b'\n', &bytes).count() as u64;
        Block { bytes, line, is_cut }
    }

    /// Names the first line with a quote that is out of place, or else that with the quote that is open at the end.
    fn open_quote(&self) -> Fault {
        if let Some(stray) = Records::new(&self.rest, self.line).find_map(Result::err) {
            return stray_quote(stray);
        }
        if memchr::memchr(b'\n', &self.rest).is_none() && memchr::memchr(b'\r', &self.rest).is_some() {
            return super::csv_rows::lines_end_in_cr();
        }
        let (mut line, mut open) = (self.line, None);
        for byte in &self.rest {
            match byte {
                b'"' if open.is_none() => open = Some(line),
                b'"' => open = None,
                b'\n' => line += 1,
                _ => {}
            }
        }
        let place = open.unwrap_or(self.line);
        Fault::new("a quote is opened and never closed")
            .note("the file is truncated, or was changed by hand")
            .hint("download it again")
            .at_line(place)
    }
}

/// Says that a quote stands where none may.
pub(super) fn stray_quote(stray: StrayQuote) -> Fault {
    Fault::new("a quote stands in the middle of a field, or one before it is never closed")
        .note("rows up to the next quote would be taken for a part of this one")
        .hint("use the file as AWS wrote it: quotes stand around a whole field, those inside are doubled")
        .at_line(stray.line)
}

/// Returns the place behind the last line end that is outside quotes. The bytes begin outside quotes.
fn last_record_end(bytes: &[u8]) -> Option<usize> {
    let mut quotes = memchr::memchr_iter(b'"', bytes).count();
    let mut end = bytes.len();
    while let Some(at) = memchr::memrchr(b'\n', &bytes[..end]) {
        quotes -= memchr::memchr_iter(b'"', &bytes[at..end]).count();
        if quotes.is_multiple_of(2) {
            return Some(at + 1);
        }
        end = at;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_end_outside_quotes() {
        for (text, end) in [
            ("a,b\nc,d", Some(4)),
            ("a,b\nc,\"d\n", Some(4)),
            ("a,\"b\nc\",d\n", Some(10)),
            ("a,\"b\"\"\n\",d\ne", Some(11)),
            ("\"a\nb", None),
            ("", None),
        ] {
            assert_eq!(last_record_end(text.as_bytes()), end, "{text}");
        }
    }

    #[test]
    fn nothing_is_lost_between_blocks() {
        let mut text = String::new();
        for row in 0..200_000 {
            text.push_str(&format!("{row},\"a\nb, \"\"c\"\"\",x\n"));
        }
        text.push_str("last,row");
        let mut blocks = Blocks::new(text.as_bytes());
        let (mut all, mut lines) = (Vec::new(), Vec::new());
        while let Ok(Some(block)) = blocks.next() {
            lines.push((block.line, block.is_cut));
            all.extend(block.bytes);
        }
        assert_eq!(all, text.as_bytes());
        assert!(lines.len() > 2 && lines[0] == (1, false) && lines[1].0 % 2 == 1, "{lines:?}");
        assert!(lines.last().unwrap().1);
    }

    #[test]
    fn an_open_quote_is_found_where_it_opens() {
        let mut blocks = Blocks::new(&b"a,b\nc,\"d\ne,f\n"[..]);
        let Err(BlockFault::Text(fault)) = blocks.next() else { panic!("no fault") };
        assert_eq!((fault.line, fault.message.as_str()), (Some(2), "a quote is opened and never closed"));
        // A stray one turns every later one around; it is the one to be named.
        let mut blocks = Blocks::new(&b"a,b\nc,d\"d\ne,\"f\"\n"[..]);
        let Err(BlockFault::Text(fault)) = blocks.next() else { panic!("no fault") };
        assert_eq!(fault.line, Some(2), "{fault:?}");
    }
}
