//! What kind of file it is: by its first bytes, never by its name.

use super::fault::Fault;
use super::members::Members;
use std::fs::File;
use std::io::{self, BufReader, Cursor, Read, Seek};
use std::path::Path;

/// Bytes that tell what a file is; a tar archive says so at byte 257.
const LOOKED_AT: usize = 512;
/// What is read from a file at once.
const BUFFER: usize = 1 << 18;

/// An opened export.
pub(super) enum Opened {
    /// Text, from its first byte; whether it was compressed.
    Text(Box<dyn Read + Send>, bool),
    /// Parquet.
    Parquet(File),
}

/// Opens a file and looks at what it is.
pub(super) fn open(path: &Path) -> Result<Opened, Fault> {
    let mut file = File::open(path).map_err(|error| cannot_read(&error))?;
    let head = first_bytes(&mut file).map_err(|error| cannot_read(&error))?;
    if head.is_empty() {
        return Err(Fault::new("it is empty")
            .hint("an export has at least a header; AWS fills a new one within a day"));
    }
    if head.starts_with(b"PAR1") {
        if file.rewind().is_err() {
            return Err(Fault::new("Parquet cannot be read from a pipe")
                .note("what a Parquet file holds stands at its end, which is read first")
                .hint("save it to a file and name that"));
        }
        return Ok(Opened::Parquet(file));
    }
    let is_gzip = head.starts_with(&[0x1f, 0x8b]);
    if !is_gzip && let Some(fault) = foreign(&head, "it") {
        return Err(fault);
    }
    // A pipe cannot be wound back: what was looked at is read again from memory.
    let reader = BufReader::with_capacity(BUFFER, Cursor::new(head).chain(file));
    if !is_gzip {
        return Ok(Opened::Text(Box::new(reader), false));
    }
    let mut decoder = Members::new(reader);
    let head = first_bytes(&mut decoder).map_err(|error| cannot_inflate(&error))?;
    if head.is_empty() {
        return Err(Fault::new("it holds nothing but an empty gzip stream").hint("download the export again"));
    }
    if head.starts_with(b"PAR1") || head.starts_with(&[0x1f, 0x8b]) {
        let inner = if head.starts_with(b"PAR1") { "Parquet" } else { "gzip" };
        return Err(Fault::new(format!("it is {inner} inside gzip")).hint("unpack it once with gunzip"));
    }
    if let Some(fault) = foreign(&head, "what it holds, compressed,") {
        return Err(fault);
    }
    Ok(Opened::Text(Box::new(Cursor::new(head).chain(decoder)), true))
}

/// Says why a compressed file cannot be read on.
pub(super) fn cannot_inflate(error: &io::Error) -> Fault {
    let fault = match error.kind() {
        io::ErrorKind::UnexpectedEof => {
            Fault::new("the gzip stream ends in the middle").note("the file is truncated")
        }
        io::ErrorKind::InvalidInput | io::ErrorKind::InvalidData => {
            Fault::new("the gzip stream is corrupt").note(error.to_string())
        }
        _ => return cannot_read(error),
    };
    fault.hint("download it again")
}

/// Says what the system says.
pub(super) fn cannot_read(error: &io::Error) -> Fault {
    let reason = match error.kind() {
        io::ErrorKind::NotFound => "no such file or directory".to_owned(),
        io::ErrorKind::PermissionDenied => "permission denied".to_owned(),
        _ => error.to_string(),
    };
    Fault::new(format!("cannot be read: {reason}")).hint("check the path")
}

fn first_bytes(reader: &mut dyn Read) -> io::Result<Vec<u8>> {
    let mut head = vec![0; LOOKED_AT];
    let mut filled = 0;
    while filled < head.len() {
        match reader.read(&mut head[filled..]) {
            Ok(0) => break,
            Ok(count) => filled += count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    head.truncate(filled);
    Ok(head)
}

/// Refuses kinds of files that are no export.
fn foreign(head: &[u8], what: &str) -> Option<Fault> {
    let is_workbook = |needle: &[u8]| memchr::memmem::find(head, needle).is_some();
    let (kind, hint) = if head.starts_with(b"%PDF") {
        ("a PDF", "an invoice as PDF has no usage; export CUR, FOCUS, or Cost Explorer's csv")
    } else if head.starts_with(b"PK\x03\x04") && (is_workbook(b"[Content_Types].xml") || is_workbook(b"xl/"))
    {
        ("a workbook (xlsx)", "name the file as AWS wrote it, before a spreadsheet changed its numbers")
    } else if head.starts_with(b"PK\x03\x04") {
        ("a zip archive", "unpack it and name the csv inside")
    } else if head.starts_with(&[0xd0, 0xcf, 0x11, 0xe0]) {
        ("a workbook (xls)", "name the file as AWS wrote it, before a spreadsheet changed its numbers")
    } else if head.get(257..262) == Some(b"ustar") {
        ("a tar archive", "unpack it and name the files inside")
    } else if head.starts_with(&[0x28, 0xb5, 0x2f, 0xfd]) {
        ("compressed with zstd", "unpack it with `unzstd`; gzip is read as it is")
    } else if head.starts_with(b"BZh") || head.starts_with(b"\xfd7zXZ") || head.starts_with(b"7z\xbc\xaf") {
        ("compressed with something other than gzip", "unpack it; gzip is read as it is")
    } else if head.starts_with(&[0xff, 0xfe]) || head.starts_with(&[0xfe, 0xff]) {
        ("UTF-16 text", "use the file as AWS wrote it, or save it as UTF-8")
    } else {
        return foreign_text(head, what);
    };
    Some(Fault::new(format!("{what} is {kind}, not an export of the bill")).hint(hint))
}

fn foreign_text(head: &[u8], what: &str) -> Option<Fault> {
    let text = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head).trim_ascii_start();
    let (kind, hint) = if text.first().is_some_and(|byte| matches!(byte, b'{' | b'[')) {
        ("JSON", "a manifest lists the files of an export; name these, or their folder")
    } else if text.first() == Some(&b'<') {
        ("HTML or XML", "a page that asks to sign in is often saved in place of the file")
    } else if head.contains(&0) {
        ("binary", "name a csv, csv.gz or Parquet file")
    } else {
        return None;
    };
    Some(Fault::new(format!("{what} is {kind}, not an export of the bill")).hint(hint))
}
