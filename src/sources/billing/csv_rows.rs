//! Reads a CSV export: one thread cuts it into blocks, the others sum them.

use super::blocks::{Block, BlockFault, Blocks, stray_quote};
use super::columns::{Field, Layout};
use super::container::cannot_inflate;
use super::fault::Fault;
use super::format::Format;
use super::options::Options;
use super::record::{Record, Records, Row, Walk, header};
use super::tally::{Look, Tally, Totals};
use super::wide::NumberFault;
use memchr::memmem::Finder;
use std::io::Read;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, sync_channel};
use std::sync::{Mutex, PoisonError};

/// More threads than this do not make it faster: cutting is the limit then.
const MOST_WORKERS: usize = 4;

/// The beginning of a CSV export: its header, and what follows.
pub(super) struct CsvExport {
    pub(super) header: Vec<String>,
    /// The header's line as it stands there.
    head: Vec<u8>,
    first: Block,
    blocks: Blocks<Box<dyn Read + Send>>,
}

impl CsvExport {
    /// Reads the header.
    pub(super) fn new(reader: Box<dyn Read + Send>) -> Result<Self, Fault> {
        let mut blocks = Blocks::new(reader);
        let first = blocks.next().map_err(fault)?;
        let Some(mut first) = first else {
            return Err(Fault::new("it is empty").hint("an export has at least a header"));
        };
        if first.bytes.starts_with(b"\xef\xbb\xbf") {
            first.bytes.drain(..3);
        }
        let mut records = Records::new(&first.bytes, first.line);
        let Some(record) = records.next() else {
            return Err(
                Fault::new("it holds nothing but blank lines").hint("an export has at least a header")
            );
        };
        let record = record.map_err(stray_quote)?.bytes;
        if memchr::memchr(b'\r', record).is_some() {
            return Err(lines_end_in_cr());
        }
        if std::str::from_utf8(record).is_err() {
            return Err(
                Fault::new("its first line is not UTF-8 text").hint("name a csv, csv.gz or Parquet file")
            );
        }
        let (names, head) = (header(record), record.to_vec());
        let (rest, line) = records.rest();
        let kept = first.bytes.len() - rest.len();
        first.bytes.drain(..kept);
        first.line = line;
        Ok(Self { header: names, head, first, blocks })
    }

    /// Returns the line that follows the header.
    pub(super) fn line(&self) -> u64 {
        self.first.line
    }

    /// Returns everything behind the header, for formats that are small.
    pub(super) fn into_text(mut self) -> Result<String, Fault> {
        let mut bytes = std::mem::take(&mut self.first.bytes);
        while let Some(block) = self.blocks.next().map_err(fault)? {
            bytes.extend(block.bytes);
        }
        String::from_utf8(bytes).map_err(|_| Fault::new("it is not UTF-8 text").hint("save it as UTF-8"))
    }

    /// Sums every row. The sums are exact, so that they do not depend on who sums what.
    pub(super) fn sum(mut self, layout: &Layout, options: &Options<'_>) -> Result<Totals, Fault> {
        let workers = std::thread::available_parallelism().map_or(1, usize::from).min(MOST_WORKERS);
        let stop = AtomicBool::new(false);
        let head = Finder::new(&self.head);
        let (sender, receiver) = sync_channel::<Block>(workers);
        let receiver = Mutex::new(receiver);
        std::thread::scope(|scope| {
            let threads: Vec<_> = (0..workers)
                .map(|_| scope.spawn(|| work(&receiver, &stop, &head, layout, options)))
                .collect();
            let mut cut = Ok(());
            let _ = sender.send(self.first);
            while !stop.load(Ordering::Relaxed) {
                match self.blocks.next() {
                    Ok(Some(block)) => {
                        if sender.send(block).is_err() {
                            break;
                        }
                    }
                    Ok(None) => break,
                    Err(error) => {
                        cut = Err(fault(error));
                        break;
                    }
                }
            }
            drop(sender);
            let mut totals = Totals::default();
            let mut first: Option<Fault> = None;
            for thread in threads {
                let own = match thread.join() {
                    Ok(own) => own,
                    Err(panic) => std::panic::resume_unwind(panic),
                };
                match own {
                    Ok(own) => totals.merge(own).map_err(|_| too_large())?,
                    Err(own) => {
                        let is_first = first.as_ref().is_none_or(|first| own.line < first.line);
                        first = if is_first { Some(own) } else { first };
                    }
                }
            }
            // What a worker finds stands before the place where cutting failed.
            match first {
                Some(fault) => Err(fault),
                None => cut.map(|()| totals),
            }
        })
    }
}

/// Says that a sum cannot be held.
pub(super) fn too_large() -> Fault {
    Fault::new("a sum is too large to be held exactly").hint("a quantity or cost of the file cannot be meant")
}

fn fault(error: BlockFault) -> Fault {
    match error {
        BlockFault::Read(error) => cannot_inflate(&error),
        BlockFault::Text(fault) => fault,
    }
}

fn work(
    receiver: &Mutex<Receiver<Block>>,
    stop: &AtomicBool,
    head: &Finder<'_>,
    layout: &Layout,
    options: &Options<'_>,
) -> Result<Totals, Fault> {
    let mut tally = Tally::new(layout, options);
    let finish = |tally: Tally<'_>| tally.finish().map_err(|_: NumberFault| too_large());
    loop {
        if stop.load(Ordering::Relaxed) {
            return finish(tally);
        }
        let block = receiver.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(block) = block else {
            return finish(tally);
        };
        if let Err(fault) = sum_block(&block, head, layout, &mut tally) {
            stop.store(true, Ordering::Relaxed);
            return Err(fault);
        }
    }
}

fn sum_block(block: &Block, head: &Finder<'_>, layout: &Layout, tally: &mut Tally<'_>) -> Result<(), Fault> {
    let (first, rest) = layout.columns.split_at(layout.first_look);
    let mut records = Records::new(&block.bytes, block.line);
    while let Some(record) = records.next() {
        let record = record.map_err(stray_quote)?;
        let Record { bytes, line, is_broken } = record;
        // The last row of a file that ends in the middle of one is short, whatever it is.
        let is_cut = block.is_cut && records.rest().0.is_empty();
        let wrong = || wrong_width(&record, head, layout, is_cut);
        let mut row = Row::new();
        let mut walk = Walk::new(bytes);
        // A stray quote may have swallowed rows.
        let is_checked = is_cut || is_broken;
        if !walk.pick(first, &mut row) || (is_checked && Walk::new(bytes).width() != layout.width) {
            return Err(wrong());
        }
        // Names stand where times should.
        let start = row.get(Field::Start).first();
        if start.is_some_and(|byte| !byte.is_ascii_digit()) && is_header(bytes) {
            return Err(second_header(line));
        }
        match tally.first_look(&row) {
            Look::Taken => {}
            // The line end before a second header may be missing.
            Look::Passed if head.find(bytes).is_some() => return Err(second_header(line)),
            Look::Passed => continue,
            Look::BadTime(field) => return Err(tally.bad_time(&row, field).at_line(line)),
        }
        if !walk.pick(rest, &mut row) || walk.width() != layout.width {
            return Err(wrong());
        }
        tally.add(&row, line)?;
    }
    Ok(())
}

/// Tells whether a record is the header of an export, this one's or another's.
fn is_header(record: &[u8]) -> bool {
    Format::of(&header(record)).is_some()
}

/// Says that an export begins within the file.
pub(super) fn second_header(line: u64) -> Fault {
    Fault::new("a second header: the file holds two exports, one after the other")
        .note("their columns may differ, and charges that are in both would be counted twice")
        .hint("give them as two files")
        .at_line(line)
}

/// Says that the only line ends are those of old Macs.
pub(super) fn lines_end_in_cr() -> Fault {
    Fault::new("its lines end in a carriage return (CR) alone")
        .note("a line ends in LF or CR LF")
        .hint("use the file as AWS wrote it, or write the line ends anew: tr '\\r' '\\n' < FILE")
}

fn wrong_width(record: &Record<'_>, head: &Finder<'_>, layout: &Layout, is_cut: bool) -> Fault {
    if head.find(record.bytes).is_some() || is_header(record.bytes) {
        return second_header(record.line);
    }
    let width = Walk::new(record.bytes).width();
    let fault = Fault::new(format!("the row has {width} fields, the header has {}", layout.width))
        .at_line(record.line);
    if is_cut {
        return fault.note("the file ends in the middle of a row").hint("download it again");
    }
    if record.is_broken {
        return fault
            .note("the row goes over several lines: a quote in it may be out of place")
            .hint("use the file as AWS wrote it");
    }
    fault.hint("use the file as AWS wrote it: a field with a comma stands in quotes")
}
