//! Reads a CSV export: one thread cuts it into blocks, the others sum them.

use super::blocks::{Block, BlockFault, Blocks};
use super::columns::Layout;
use super::container::cannot_inflate;
use super::fault::Fault;
use super::options::Options;
use super::record::{Records, Row, Walk, header};
use super::tally::{Tally, Totals};
use super::wide::NumberFault;
use std::io::Read;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, sync_channel};
use std::sync::{Mutex, PoisonError};

/// More threads than this do not make it faster: cutting is the limit then.
const MOST_WORKERS: usize = 4;

/// The beginning of a CSV export: its header, and what follows.
pub(super) struct CsvExport {
    pub(super) header: Vec<String>,
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
        let mut records = Records::new(&first.bytes, first.line);
        let Some((record, _)) = records.next() else {
            return Err(
                Fault::new("it holds nothing but blank lines").hint("an export has at least a header")
            );
        };
        if std::str::from_utf8(record).is_err() {
            return Err(
                Fault::new("its first line is not UTF-8 text").hint("name a csv, csv.gz or Parquet file")
            );
        }
        let names = header(record);
        let (rest, line) = records.rest();
        let kept = first.bytes.len() - rest.len();
        first.bytes.drain(..kept);
        first.line = line;
        Ok(Self { header: names, first, blocks })
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
        let (sender, receiver) = sync_channel::<Block>(workers);
        let receiver = Mutex::new(receiver);
        std::thread::scope(|scope| {
            let threads: Vec<_> =
                (0..workers).map(|_| scope.spawn(|| work(&receiver, &stop, layout, options))).collect();
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
        if let Err(fault) = sum_block(&block, layout, &mut tally) {
            stop.store(true, Ordering::Relaxed);
            return Err(fault);
        }
    }
}

fn sum_block(block: &Block, layout: &Layout, tally: &mut Tally<'_>) -> Result<(), Fault> {
    let (first, rest) = layout.columns.split_at(layout.first_look);
    let mut records = Records::new(&block.bytes, block.line);
    while let Some((record, line)) = records.next() {
        // The last row of a file that ends in the middle of one is short, whatever it is.
        let is_cut = block.is_cut && records.rest().0.is_empty();
        let wrong = || wrong_width(record, line, layout, is_cut);
        let mut row = Row::new();
        let mut walk = Walk::new(record);
        if !walk.pick(first, &mut row) || (is_cut && Walk::new(record).width() != layout.width) {
            return Err(wrong());
        }
        if !tally.first_look(&row) {
            continue;
        }
        if !walk.pick(rest, &mut row) || walk.width() != layout.width {
            return Err(wrong());
        }
        tally.add(&row, line)?;
    }
    Ok(())
}

fn wrong_width(record: &[u8], line: u64, layout: &Layout, is_cut: bool) -> Fault {
    let width = Walk::new(record).width();
    let fault =
        Fault::new(format!("the row has {width} fields, the header has {}", layout.width)).at_line(line);
    if is_cut {
        return fault.note("the file ends in the middle of a row").hint("download it again");
    }
    fault.hint("use the file as AWS wrote it: a field with a comma stands in quotes")
}
