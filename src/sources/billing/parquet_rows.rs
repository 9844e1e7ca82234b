//! Reads a Parquet export: only the needed columns, a batch of rows at a time.

use super::columns::{Field, Layout};
use super::csv_rows::too_large;
use super::fault::Fault;
use super::options::Options;
use super::record::Row;
use super::tally::{Look, Tally, Totals};
use arrow_array::{Array, ArrayRef, MapArray, RecordBatch, StringArray, make_array};
use arrow_schema::DataType;
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReaderBuilder,
};
use parquet::basic::Compression;
use parquet::errors::ParquetError;
use parquet::file::metadata::RowGroupMetaData;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::PoisonError;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Rows in memory at once.
const BATCH: usize = 8192;
/// Threads that read row groups side by side.
const MOST_WORKERS: usize = 4;

/// A Parquet export whose columns are known.
pub(super) struct ParquetExport {
    path: PathBuf,
    metadata: ArrowReaderMetadata,
    pub(super) header: Vec<String>,
}

impl ParquetExport {
    /// Reads the footer.
    pub(super) fn new(path: &Path, file: &File) -> Result<Self, Fault> {
        let metadata =
            ArrowReaderMetadata::load(file, ArrowReaderOptions::new()).map_err(|error| fault(&error))?;
        if let Some(codec) = unknown_codec(&metadata) {
            return Err(Fault::new(format!(
                "its columns are compressed with {codec}, which is not read here"
            ))
            .note("read are Parquet files with snappy, gzip, zstd, or without compression")
            .hint("write it anew with one of these; AWS's own exports have snappy"));
        }
        let header = metadata.schema().fields().iter().map(|field| field.name().clone()).collect();
        Ok(Self { path: path.to_owned(), metadata, header })
    }

    /// Sums every row.
    pub(super) fn sum(self, layout: &Layout, options: &Options<'_>) -> Result<Totals, Fault> {
        let groups = self.metadata.metadata().num_row_groups();
        let starts: Vec<u64> = self
            .metadata
            .metadata()
            .row_groups()
            .iter()
            .scan(0_u64, |rows, group| {
                let start = *rows;
                *rows += u64::try_from(group.num_rows()).unwrap_or(0);
                Some(start)
            })
            .collect();
        let workers =
            std::thread::available_parallelism().map_or(1, usize::from).min(MOST_WORKERS).min(groups.max(1));
        let next = AtomicUsize::new(0);
        let faults = std::sync::Mutex::new(Vec::new());
        let totals: Vec<Result<Totals, Fault>> = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..workers)
                .map(|_| {
                    scope.spawn(|| {
                        let mut tally = Tally::new(layout, options);
                        loop {
                            let group = next.fetch_add(1, Ordering::Relaxed);
                            if group >= groups {
                                break;
                            }
                            if let Err(fault) =
                                self.sum_group(group, starts[group], layout, options, &mut tally)
                            {
                                // Groups begun earlier are finished by their own threads.
                                next.store(groups, Ordering::Relaxed);
                                faults.lock().unwrap_or_else(PoisonError::into_inner).push((group, fault));
                                break;
                            }
                        }
                        tally.finish().map_err(|_| too_large())
                    })
                })
                .collect();
            threads
                .into_iter()
                .map(|thread| match thread.join() {
                    Ok(own) => own,
                    Err(panic) => std::panic::resume_unwind(panic),
                })
                .collect()
        });
        let faults = faults.into_inner().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, fault)) = faults.into_iter().min_by_key(|(group, _)| *group) {
            return Err(fault);
        }
        let mut sum = Totals::default();
        for own in totals {
            sum.merge(own?).map_err(|_| too_large())?;
        }
        Ok(sum)
    }

    fn sum_group(
        &self,
        group: usize,
        start: u64,
        layout: &Layout,
        options: &Options<'_>,
        tally: &mut Tally<'_>,
    ) -> Result<(), Fault> {
        // The map is unpacked only where no column tells the Region, resources only where some are looked for.
        let is_wanted = |field: Field| match field {
            Field::ProductMap => !layout.has(Field::Region),
            Field::Resource => !options.resources.is_empty(),
            _ => true,
        };
        let wanted: Vec<(usize, Field)> =
            layout.columns.iter().filter(|(_, field)| is_wanted(*field)).copied().collect();
        // Opened anew: a clone would share its place in the file with the other threads.
        let file = File::open(&self.path).map_err(|error| super::container::cannot_read(&error))?;
        let builder = ParquetRecordBatchReaderBuilder::new_with_metadata(file, self.metadata.clone());
        let mask = ProjectionMask::roots(builder.parquet_schema(), wanted.iter().map(|(at, _)| *at));
        let reader = builder
            .with_projection(mask)
            .with_row_groups(vec![group])
            .with_batch_size(BATCH)
            .build()
            .map_err(|error| fault(&error))?;
        let mut number = start;
        for batch in reader {
            let batch = batch.map_err(|error| corrupt(&error.to_string()))?;
            sum_batch(&batch, &wanted, number, tally)?;
            number += batch.num_rows() as u64;
        }
        Ok(())
    }
}

/// Returns the name of a codec that cannot be read, where a column has one.
fn unknown_codec(metadata: &ArrowReaderMetadata) -> Option<&'static str> {
    let groups = metadata.metadata().row_groups().iter();
    groups.flat_map(RowGroupMetaData::columns).find_map(|column| match column.compression() {
        Compression::UNCOMPRESSED | Compression::SNAPPY | Compression::GZIP(_) | Compression::ZSTD(_) => None,
        Compression::LZO => Some("LZO"),
        Compression::BROTLI(_) => Some("Brotli"),
        Compression::LZ4 | Compression::LZ4_RAW => Some("LZ4"),
    })
}

/// Sums a batch; the file's columns come in their order.
fn sum_batch(
    batch: &RecordBatch,
    wanted: &[(usize, Field)],
    start: u64,
    tally: &mut Tally<'_>,
) -> Result<(), Fault> {
    let mut columns: Vec<(Field, StringArray)> = Vec::new();
    for (array, (_, field)) in batch.columns().iter().zip(wanted) {
        columns.push((*field, text_of(array)?));
    }
    for at in 0..batch.num_rows() {
        let mut row = Row::new();
        for (field, array) in &columns {
            if array.is_valid(at) {
                row.set(*field, array.value(at).as_bytes());
            }
        }
        let look = tally.first_look(&row);
        if look == Look::Passed {
            continue;
        }
        let number = start + at as u64 + 1;
        let added = match look {
            Look::BadTime(field) => Err(tally.bad_time(&row, field)),
            _ => tally.add(&row, number),
        };
        added.map_err(|mut fault| {
            fault.line = None;
            fault.message = format!("row {number}: {}", fault.message);
            fault
        })?;
    }
    Ok(())
}

/// Writes a column as text. Doubles become their shortest text that reads back as the same number.
fn text_of(array: &ArrayRef) -> Result<StringArray, Fault> {
    if let DataType::Map(..) = array.data_type() {
        return map_as_json(array);
    }
    let array = &without_zone(array)?;
    let text = arrow_cast::cast(array, &DataType::Utf8).map_err(|error| {
        corrupt(&format!("a column of type {} cannot be read as text: {error}", array.data_type()))
    })?;
    text.as_any()
        .downcast_ref::<StringArray>()
        .cloned()
        .ok_or_else(|| corrupt("a column cannot be read as text"))
}

/// Takes the zone off times: they are in UTC, which billing is in too.
fn without_zone(array: &ArrayRef) -> Result<ArrayRef, Fault> {
    let DataType::Timestamp(unit, Some(_)) = array.data_type() else {
        return Ok(array.clone());
    };
    let bare = array.to_data().into_builder().data_type(DataType::Timestamp(*unit, None)).build();
    bare.map(make_array).map_err(|error| corrupt(&error.to_string()))
}

/// Writes a map as the csv of the same export has it.
fn map_as_json(array: &ArrayRef) -> Result<StringArray, Fault> {
    let not_a_map = || corrupt("a map column cannot be read");
    let map = array.as_any().downcast_ref::<MapArray>().ok_or_else(not_a_map)?;
    let rows = (0..map.len()).map(|at| {
        if map.is_null(at) {
            return Ok(None);
        }
        let pairs = map.value(at);
        let (keys, values) = (text_of(pairs.column(0))?, text_of(pairs.column(1))?);
        let object: serde_json::Map<String, serde_json::Value> = (0..keys.len())
            .filter(|&own| values.is_valid(own))
            .map(|own| (keys.value(own).to_owned(), values.value(own).into()))
            .collect();
        Ok(Some(serde_json::Value::Object(object).to_string()))
    });
    Ok(StringArray::from(rows.collect::<Result<Vec<_>, Fault>>()?))
}

fn fault(error: &ParquetError) -> Fault {
    corrupt(&error.to_string())
}

fn corrupt(reason: &str) -> Fault {
    let reason = reason.strip_prefix("Parquet error: ").unwrap_or(reason);
    Fault::new("the Parquet file is truncated or corrupt").note(reason.to_owned()).hint("download it again")
}
