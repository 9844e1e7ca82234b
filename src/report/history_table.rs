//! The whole history as one table: a row for each line of each month's costs.

use super::clean::csv_field;
use crate::domain::{Component, CostKind, Money, RecordedCost, RecordedLine, Snapshot};
use arrow_array::{ArrayRef, Decimal128Array, RecordBatch, StringArray};
use arrow_schema::{ArrowError, DataType, Field, Schema};
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, ZstdLevel};
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;
use std::io::Write;
use std::sync::Arc;

/// The table's columns; FOCUS names where FOCUS has one.
const COLUMNS: [&str; 14] = [
    "ChargePeriodStart",
    "x_CostKind",
    "SubAccountId",
    "RegionId",
    "x_ServiceCode",
    "x_UsageType",
    "x_Component",
    "ResourceId",
    "x_ChargeCategory",
    "ConsumedQuantity",
    "ConsumedUnit",
    "ListCost",
    "ContractedCost",
    "BillingCurrency",
];

/// Digits after the point of quantities and amounts.
const QUANTITY_DIGITS: i8 = 12;
const MONEY_DIGITS: i8 = 24;

/// Returns a month's costs by kind.
fn costs(own: &Snapshot) -> impl Iterator<Item = (CostKind, &RecordedCost)> {
    [(CostKind::Measurement, &own.measured), (CostKind::Estimate, &own.estimate), (CostKind::Bill, &own.bill)]
        .into_iter()
        .filter_map(|(kind, cost)| Some((kind, cost.as_ref()?)))
}

/// Writes months as CSV, one after the other. Amounts are exact; an unknown one is empty.
#[derive(Debug)]
pub struct HistoryCsv<W: Write> {
    writer: csv::Writer<W>,
}

impl<W: Write> HistoryCsv<W> {
    /// Begins with the header.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn new(out: W) -> Result<Self, csv::Error> {
        let mut writer = csv::Writer::from_writer(out);
        writer.write_record(COLUMNS)?;
        Ok(Self { writer })
    }

    /// Writes a month.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn month(&mut self, own: &Snapshot) -> Result<(), csv::Error> {
        let month = own.month.first_day().to_string();
        let amount = |own: Option<Money>| own.map(|own| own.to_string()).unwrap_or_default();
        for (kind, cost) in costs(own) {
            for line in &cost.lines {
                self.writer.write_record([
                    month.clone(),
                    kind.name().to_owned(),
                    csv_field(&line.account),
                    csv_field(&line.region),
                    csv_field(&line.service),
                    csv_field(&line.usage_type),
                    component(line).to_owned(),
                    csv_field(&line.resource),
                    line.category.name().to_owned(),
                    line.quantity.to_string(),
                    csv_field(&line.unit),
                    amount(line.list_cost),
                    amount(line.cost),
                    own.currency.code().to_owned(),
                ])?;
            }
        }
        Ok(())
    }

    /// Ends the table.
    ///
    /// # Errors
    /// When the rest cannot be written.
    pub fn finish(self) -> std::io::Result<W> {
        self.writer.into_inner().map_err(csv::IntoInnerError::into_error)
    }
}

fn component(own: &RecordedLine) -> &'static str {
    own.component.map_or("", Component::id)
}

/// Writes months as Parquet, a row group each.
pub struct HistoryParquet<W: Write + Send> {
    writer: ArrowWriter<W>,
    schema: Arc<Schema>,
}

impl<W: Write + Send> std::fmt::Debug for HistoryParquet<W> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("HistoryParquet")
    }
}

impl<W: Write + Send> HistoryParquet<W> {
    /// Begins the file. Amounts and quantities are decimals, an unknown amount is null.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn new(out: W) -> Result<Self, ParquetError> {
        let field = |name: &str| match name {
            "ConsumedQuantity" => Field::new(name, DataType::Decimal128(38, QUANTITY_DIGITS), false),
            "ListCost" | "ContractedCost" => Field::new(name, DataType::Decimal128(38, MONEY_DIGITS), true),
            _ => Field::new(name, DataType::Utf8, false),
        };
        let schema = Arc::new(Schema::new(COLUMNS.map(field).to_vec()));
        let properties = WriterProperties::builder()
            .set_compression(Compression::ZSTD(ZstdLevel::default()))
            .set_created_by(format!("trailcost {}", env!("CARGO_PKG_VERSION")))
            .build();
        let writer = ArrowWriter::try_new(out, Arc::clone(&schema), Some(properties))?;
        Ok(Self { writer, schema })
    }

    /// Writes a month.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn month(&mut self, own: &Snapshot) -> Result<(), ParquetError> {
        let lines: Vec<(CostKind, &RecordedLine)> =
            costs(own).flat_map(|(kind, cost)| cost.lines.iter().map(move |line| (kind, line))).collect();
        if lines.is_empty() {
            return Ok(());
        }
        let month = own.month.first_day().to_string();
        let text = |of: &dyn Fn(CostKind, &RecordedLine) -> String| -> ArrayRef {
            Arc::new(StringArray::from_iter_values(lines.iter().map(|own| of(own.0, own.1))))
        };
        let money = |of: &dyn Fn(&RecordedLine) -> Option<Money>| -> Result<ArrayRef, ArrowError> {
            let all = lines.iter().map(|own| of(own.1).map(Money::septillionths));
            Ok(Arc::new(all.collect::<Decimal128Array>().with_precision_and_scale(38, MONEY_DIGITS)?))
        };
        let quantities: Decimal128Array =
            lines.iter().map(|own| Some(own.1.quantity.trillionths())).collect();
        let columns: Vec<ArrayRef> = vec![
            text(&|_, _| month.clone()),
            text(&|kind, _| kind.name().to_owned()),
            text(&|_, own| own.account.to_string()),
            text(&|_, own| own.region.to_string()),
            text(&|_, own| own.service.to_string()),
            text(&|_, own| own.usage_type.to_string()),
            text(&|_, own| component(own).to_owned()),
            text(&|_, own| own.resource.to_string()),
            text(&|_, own| own.category.name().to_owned()),
            Arc::new(quantities.with_precision_and_scale(38, QUANTITY_DIGITS)?),
            text(&|_, own| own.unit.to_string()),
            money(&|own| own.list_cost)?,
            money(&|own| own.cost)?,
            text(&|_, _| own.currency.code().to_owned()),
        ];
        let batch = RecordBatch::try_new(Arc::clone(&self.schema), columns)?;
        self.writer.write(&batch)?;
        self.writer.flush()
    }

    /// Ends the file.
    ///
    /// # Errors
    /// When the rest cannot be written.
    pub fn finish(self) -> Result<W, ParquetError> {
        self.writer.into_inner()
    }
}
