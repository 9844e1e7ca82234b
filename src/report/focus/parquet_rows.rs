//! Rows as Parquet: strings, decimals of 38 digits, times in UTC; written block by block.

use super::cell::Cell;
use super::column::{COLUMNS, Kind};
use super::writer::FocusError;
use crate::domain::{Date, Month};
use arrow_array::builder::{
    ArrayBuilder, BooleanBuilder, Decimal128Builder, Int64Builder, StringBuilder, TimestampMillisecondBuilder,
};
use arrow_array::{ArrayRef, RecordBatch};
use arrow_schema::{DataType, Field, Schema, SchemaRef, TimeUnit};
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::properties::WriterProperties;
use std::io::Write;
use std::sync::Arc;

/// Rows that are held before they are encoded.
const BATCH: usize = 8_192;
/// Rows of a row group: encoded, they are held until it is full.
const ROW_GROUP: usize = 16 * BATCH;
/// Digits of a decimal, the most that 128 bits hold.
const DIGITS: u8 = 38;
/// The first number with more digits.
const TOO_LARGE: u128 = 10_u128.pow(DIGITS as u32);
/// Digits after the point of amounts and unit prices.
const MONEY_DIGITS: i8 = 24;
/// Digits after the point of quantities.
const QUANTITY_DIGITS: i8 = 12;
/// Days from 1970-01-01 to 2000-01-01, the first day of the earliest month.
const EARLIEST: i64 = 10_957;
/// Milliseconds of a day.
const DAY: i64 = 86_400_000;

/// Writes rows as Parquet.
pub(super) struct ParquetRows<W: Write + Send> {
    writer: ArrowWriter<W>,
    schema: SchemaRef,
    columns: Vec<Builder>,
    rows: usize,
}

impl<W: Write + Send> ParquetRows<W> {
    pub(super) fn new(inner: W) -> Result<Self, FocusError> {
        let fields: Vec<Field> =
            COLUMNS.iter().map(|own| Field::new(own.name, data_type(own.kind), true)).collect();
        let schema = Arc::new(Schema::new(fields));
        let properties = WriterProperties::builder()
            .set_compression(Compression::ZSTD(ZstdLevel::default()))
            .set_max_row_group_row_count(Some(ROW_GROUP))
            .build();
        let writer = ArrowWriter::try_new(inner, Arc::clone(&schema), Some(properties))?;
        let columns = COLUMNS.iter().map(|own| Builder::new(own.kind)).collect();
        Ok(Self { writer, schema, columns, rows: 0 })
    }

    pub(super) fn write(&mut self, cells: &[Cell<'_>]) -> Result<(), FocusError> {
        for ((column, cell), own) in self.columns.iter_mut().zip(cells).zip(&COLUMNS) {
            column.push(cell).map_err(|error| error.in_column(own.name))?;
        }
        self.rows += 1;
        if self.rows == BATCH { self.encode() } else { Ok(()) }
    }

    fn encode(&mut self) -> Result<(), FocusError> {
        let arrays = self.columns.iter_mut().map(Builder::finish).collect();
        self.writer.write(&RecordBatch::try_new(Arc::clone(&self.schema), arrays)?)?;
        self.rows = 0;
        Ok(())
    }

    pub(super) fn finish(mut self) -> Result<W, FocusError> {
        if self.rows > 0 {
            self.encode()?;
        }
        Ok(self.writer.into_inner()?)
    }
}

fn data_type(kind: Kind) -> DataType {
    match kind {
        Kind::Text => DataType::Utf8,
        Kind::Money => DataType::Decimal128(DIGITS, MONEY_DIGITS),
        Kind::Quantity => DataType::Decimal128(DIGITS, QUANTITY_DIGITS),
        Kind::Time => DataType::Timestamp(TimeUnit::Millisecond, Some("UTC".into())),
        Kind::Count => DataType::Int64,
        Kind::Flag => DataType::Boolean,
    }
}

/// Builds a column.
enum Builder {
    Text(StringBuilder),
    Money(Decimal128Builder),
    Quantity(Decimal128Builder),
    Time(TimestampMillisecondBuilder),
    Count(Int64Builder),
    Flag(BooleanBuilder),
}

impl Builder {
    fn new(kind: Kind) -> Self {
        let decimal = || Decimal128Builder::new().with_data_type(data_type(kind));
        match kind {
            Kind::Text => Self::Text(StringBuilder::new()),
            Kind::Money => Self::Money(decimal()),
            Kind::Quantity => Self::Quantity(decimal()),
            Kind::Time => Self::Time(TimestampMillisecondBuilder::new().with_data_type(data_type(kind))),
            Kind::Count => Self::Count(Int64Builder::new()),
            Kind::Flag => Self::Flag(BooleanBuilder::new()),
        }
    }

    fn push(&mut self, cell: &Cell<'_>) -> Result<(), FocusError> {
        match (self, cell) {
            (Self::Text(own), Cell::Text(text)) => own.append_value(text),
            (Self::Money(own), Cell::Money(amount)) => own.append_value(fitting(amount.septillionths())?),
            (Self::Quantity(own), Cell::Quantity(quantity)) => {
                own.append_value(fitting(quantity.trillionths())?);
            }
            (Self::Time(own), Cell::Time(day)) => own.append_value(milliseconds(*day)),
            (Self::Count(own), Cell::Count(count)) => {
                own.append_value(i64::try_from(*count).map_err(|_| FocusError::TooLarge(""))?);
            }
            (Self::Flag(own), Cell::Flag(flag)) => own.append_value(*flag),
            (own, Cell::Null) => own.push_null(),
            (_, _) => return Err(FocusError::Kind("")),
        }
        Ok(())
    }

    fn push_null(&mut self) {
        match self {
            Self::Text(own) => own.append_null(),
            Self::Money(own) | Self::Quantity(own) => own.append_null(),
            Self::Time(own) => own.append_null(),
            Self::Count(own) => own.append_null(),
            Self::Flag(own) => own.append_null(),
        }
    }

    fn finish(&mut self) -> ArrayRef {
        match self {
            Self::Text(own) => ArrayBuilder::finish(own),
            Self::Money(own) | Self::Quantity(own) => ArrayBuilder::finish(own),
            Self::Time(own) => ArrayBuilder::finish(own),
            Self::Count(own) => ArrayBuilder::finish(own),
            Self::Flag(own) => ArrayBuilder::finish(own),
        }
    }
}

/// Returns a number of at most 38 digits.
fn fitting(number: i128) -> Result<i128, FocusError> {
    if number.unsigned_abs() < TOO_LARGE { Ok(number) } else { Err(FocusError::TooLarge("")) }
}

/// Returns the milliseconds from 1970-01-01 to the beginning of a day.
fn milliseconds(day: Date) -> i64 {
    (day.days_since(Month::EARLIEST.first_day()) + EARLIEST) * DAY
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_counted_from_1970() {
        for (day, expected) in
            [("1970-01-01", 0), ("2000-01-01", 946_684_800_000), ("2026-10-01", 1_790_812_800_000)]
        {
            assert_eq!(milliseconds(day.parse().unwrap()), expected, "{day}");
        }
    }

    #[test]
    fn what_does_not_fit_is_refused_and_not_cut() {
        assert!(fitting(10_i128.pow(38) - 1).is_ok());
        assert!(fitting(1 - 10_i128.pow(38)).is_ok());
        assert!(fitting(10_i128.pow(38)).is_err());
    }
}
