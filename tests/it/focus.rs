//! FOCUS datasets: sums to the last digit, both formats alike, bills that are read back, and what is unknown.

use crate::bill::{fixture, read};
use crate::support::{BuiltIn, root};
use arrow_array::cast::AsArray;
use arrow_array::types::{Decimal128Type, Int64Type, TimestampMillisecondType};
use arrow_array::{Array, RecordBatch};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use std::collections::BTreeMap;
use std::fs;
use trailcost::costing::Estimate;
use trailcost::domain::{Bill, BilledLine, Date, Model, Money, Month, Quantity, UnitPrice, parse_decimal};
use trailcost::report::focus::{
    COLUMNS, CostKind, FocusFacts, FocusFormat, FocusLineItems, FocusTotals, FocusWriter, Kind, write_bill,
};
use trailcost::sources::billing;

/// A row by column; an empty text is null.
pub(crate) type Row = BTreeMap<&'static str, String>;

/// Prices a model and writes its line items.
fn exported(built_in: &BuiltIn, model: &Model, format: FocusFormat) -> (Vec<u8>, FocusTotals, Estimate) {
    let facts = FocusFacts::new(CostKind::Estimate, model, &built_in.regions);
    let mut sink = FocusLineItems::new(FocusWriter::new(Vec::new(), format).unwrap(), facts);
    let estimate = built_in.estimate(model, Some(&mut sink));
    let (bytes, totals) = sink.finish().unwrap();
    (bytes, totals, estimate)
}

fn exported_bill(bill: &Bill, format: FocusFormat) -> (Vec<u8>, FocusTotals) {
    let mut writer = FocusWriter::new(Vec::new(), format).unwrap();
    write_bill(bill, &BuiltIn::new().regions, &mut writer).unwrap();
    writer.finish().unwrap()
}

/// Reads csv.
pub(crate) fn rows_of_csv(bytes: &[u8]) -> Vec<Row> {
    let mut reader = csv::Reader::from_reader(bytes);
    let names: Vec<&str> = COLUMNS.iter().map(|own| own.name).collect();
    assert_eq!(reader.headers().unwrap().iter().collect::<Vec<_>>(), names);
    let rows = reader.records().map(|record| {
        let record = record.unwrap();
        COLUMNS.iter().zip(&record).map(|(own, text)| (own.name, text.to_owned())).collect()
    });
    rows.collect()
}

/// Reads Parquet, and writes each value as csv has it; the types of the columns are those of the table.
pub(crate) fn rows_of_parquet(bytes: Vec<u8>) -> Vec<Row> {
    let file = tempfile::NamedTempFile::new().unwrap();
    fs::write(file.path(), bytes).unwrap();
    let reader = ParquetRecordBatchReaderBuilder::try_new(file.reopen().unwrap()).unwrap().build().unwrap();
    reader.flat_map(|batch| rows_of_batch(&batch.unwrap())).collect()
}

fn rows_of_batch(batch: &RecordBatch) -> Vec<Row> {
    let row = |at: usize| {
        let texts = COLUMNS.iter().zip(batch.columns()).map(|(own, column)| {
            let text = if column.is_null(at) { String::new() } else { text(own.kind, column, at) };
            (own.name, text)
        });
        texts.collect()
    };
    (0..batch.num_rows()).map(row).collect()
}

fn text(kind: Kind, column: &dyn Array, at: usize) -> String {
    match kind {
        Kind::Text => column.as_string::<i32>().value(at).to_owned(),
        Kind::Money => {
            Money::from_septillionths(column.as_primitive::<Decimal128Type>().value(at)).to_string()
        }
        Kind::Quantity => {
            Quantity::from_trillionths(column.as_primitive::<Decimal128Type>().value(at)).to_string()
        }
        Kind::Time => {
            let days = column.as_primitive::<TimestampMillisecondType>().value(at) / 86_400_000;
            let epoch: Date = "1970-01-01".parse().unwrap();
            let mut day: Date = "2020-01-01".parse().unwrap();
            while day.days_since(epoch) < days {
                day = day.next().unwrap();
            }
            assert_eq!(day.days_since(epoch), days);
            format!("{day}T00:00:00Z")
        }
        Kind::Count => column.as_primitive::<Int64Type>().value(at).to_string(),
        Kind::Flag => column.as_boolean().value(at).to_string(),
    }
}

pub(crate) fn money(text: &str) -> Money {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    // More digits than a decimal holds: as units of 10⁻²⁴.
    Money::from_septillionths(format!("{whole}{fraction:0<24}").parse().unwrap())
}

/// The sum of a column.
pub(crate) fn sum(rows: &[Row], column: &str) -> Money {
    let known = rows.iter().map(|row| row[column].as_str()).filter(|own| !own.is_empty());
    known.fold(Money::ZERO, |sum, own| sum.checked_add(money(own)).unwrap())
}

fn shipped(built_in: &BuiltIn, name: &str) -> Model {
    built_in.model(&fs::read_to_string(root().join("scenarios").join(name)).unwrap())
}

const SHIPPED: [&str; 5] = [
    "mid-size-saas.toml",
    "organization-duplicate-trails.toml",
    "lake-and-alternatives.toml",
    "small-account-glacier.toml",
    "enterprise-seven-years.toml",
];

#[test]
fn rows_of_an_estimate_add_up_to_it() {
    let built_in = BuiltIn::new();
    for name in SHIPPED {
        let model = shipped(&built_in, name);
        let (bytes, totals, estimate) = exported(&built_in, &model, FocusFormat::Csv);
        let rows = rows_of_csv(&bytes);
        assert_eq!(totals.rows, rows.len() as u64, "{name}");
        assert_eq!(sum(&rows, "ListCost"), estimate.total.total.list, "{name}");
        for column in ["ContractedCost", "EffectiveCost", "PricingCurrencyEffectiveCost"] {
            assert_eq!(sum(&rows, column), estimate.total.total.contracted, "{name} {column}");
        }
        let mut months: BTreeMap<&str, Vec<Row>> = BTreeMap::new();
        for row in &rows {
            assert_eq!((row["BilledCost"].as_str(), row["x_CostKind"].as_str()), ("0", "Estimate"), "{name}");
            assert_eq!(row["BillingPeriodStart"], row["ChargePeriodStart"]);
            assert_eq!(row["BillingPeriodEnd"], row["ChargePeriodEnd"]);
            months.entry(&row["ChargePeriodStart"]).or_default().push(row.clone());
        }
        assert_eq!(months.len(), estimate.months.len(), "{name}");
        for (at, (start, rows)) in months.into_iter().enumerate() {
            assert_eq!(start[..7], estimate.months[at].to_string());
            let own = estimate.components.iter().map(|own| own.months[at].contracted);
            let own = own.fold(Money::ZERO, |sum, own| sum.checked_add(own).unwrap());
            assert_eq!(sum(&rows, "ContractedCost"), own, "{name} {start}");
        }
    }
}

#[test]
fn a_price_times_a_quantity_is_the_cost_of_the_row() {
    let built_in = BuiltIn::new();
    let product = |price: &str, quantity: &str| {
        let price = UnitPrice::new(parse_decimal(price).unwrap());
        price.times(Quantity::from_decimal(parse_decimal(quantity).unwrap()).unwrap()).unwrap()
    };
    for name in SHIPPED {
        let (bytes, _, _) = exported(&built_in, &shipped(&built_in, name), FocusFormat::Csv);
        for row in rows_of_csv(&bytes) {
            let quantity = &row["PricingQuantity"];
            assert_eq!(*quantity, row["ConsumedQuantity"]);
            assert_eq!(product(&row["ListUnitPrice"], quantity), money(&row["ListCost"]), "{row:?}");
            let contracted = product(&row["ContractedUnitPrice"], quantity);
            assert_eq!(contracted, money(&row["ContractedCost"]), "{row:?}");
        }
    }
}

#[test]
fn a_row_says_who_pays_for_what() {
    let built_in = BuiltIn::new();
    let text = "version = 1\nname = \"n\"\nstart = \"2026-12\"\nmonths = 1\nterms = [{ service = \"AWSCloudTrail\", discount = \"12%\" }]\n[[account]]\nid = \"111122223333\"\nname = \"payer\"\npayer = \"111122223333\"\n[[account]]\nid = \"444455556666\"\nname = \"shop\"\npayer = \"111122223333\"\n[[account.activity]]\nregion = \"eu-west-1\"\nmanagement = { read = \"1M\" }\n[[trail]]\nname = \"one\"\naccount = \"444455556666\"\n[[trail]]\nname = \"two\"\naccount = \"444455556666\"\n";
    let (bytes, _, _) = exported(&built_in, &built_in.model(text), FocusFormat::Csv);
    let rows = rows_of_csv(&bytes);
    let row = rows.iter().find(|row| row["x_UsageType"] == "PaidEventsRecorded").unwrap();
    let known: Vec<(&str, &str)> =
        row.iter().filter(|(_, text)| !text.is_empty()).map(|(name, text)| (*name, text.as_str())).collect();
    let expected = [
        ("BilledCost", "0"),
        ("BillingAccountId", "111122223333"),
        ("BillingAccountName", "payer"),
        ("BillingAccountType", "Account"),
        ("BillingCurrency", "USD"),
        ("BillingPeriodEnd", "2027-01-01T00:00:00Z"),
        ("BillingPeriodStart", "2026-12-01T00:00:00Z"),
        ("ChargeCategory", "Usage"),
        ("ChargeDescription", "PaidEventsRecorded of AWSCloudTrail in eu-west-1, tier 1"),
        ("ChargeFrequency", "Usage-Based"),
        ("ChargePeriodEnd", "2027-01-01T00:00:00Z"),
        ("ChargePeriodStart", "2026-12-01T00:00:00Z"),
        ("ConsumedQuantity", "1000000"),
        ("ConsumedUnit", "Events"),
        ("ContractedCost", "17.6"),
        ("ContractedUnitPrice", "0.0000176"),
        ("EffectiveCost", "17.6"),
        ("InvoiceIssuerName", "AWS"),
        ("ListCost", "20"),
        ("ListUnitPrice", "0.00002"),
        ("PricingCategory", "Standard"),
        ("PricingCurrency", "USD"),
        ("PricingCurrencyContractedUnitPrice", "0.0000176"),
        ("PricingCurrencyEffectiveCost", "17.6"),
        ("PricingCurrencyListUnitPrice", "0.00002"),
        ("PricingQuantity", "1000000"),
        ("PricingUnit", "Events"),
        ("ProviderName", "AWS"),
        ("PublisherName", "AWS"),
        ("RegionId", "eu-west-1"),
        ("RegionName", "Europe (Ireland)"),
        ("ResourceId", "two"),
        ("ResourceType", "Trail"),
        ("ServiceCategory", "Management and Governance"),
        ("ServiceName", "AWS CloudTrail"),
        ("ServiceSubcategory", "Compliance"),
        ("SubAccountId", "444455556666"),
        ("SubAccountName", "shop"),
        ("SubAccountType", "Account"),
        ("x_ChargeKind", "usage"),
        ("x_Component", "management_copies"),
        ("x_CostKind", "Estimate"),
        ("x_HasUnknownUsage", "false"),
        ("x_Provenance", "derived"),
        ("x_ServiceCode", "AWSCloudTrail"),
        ("x_Tier", "1"),
        ("x_UsageType", "PaidEventsRecorded"),
    ];
    assert_eq!(known, expected);
    let free = rows.iter().find(|row| row["x_UsageType"] == "FreeEventsRecorded").unwrap();
    assert_eq!((free["SkuId"].as_str(), free["SkuMeter"].as_str()), ("", ""));
    let in_virginia = text.replace("eu-west-1", "us-east-1");
    let (bytes, _, _) = exported(&built_in, &built_in.model(&in_virginia), FocusFormat::Csv);
    let rows = rows_of_csv(&bytes);
    let free = rows.iter().find(|row| row["x_UsageType"] == "FreeEventsRecorded").unwrap();
    assert_eq!(free["SkuPriceId"], "BDZBXKSFAZDV2PPV.JRTCKXETXF.6YS6EN2CT7");
    assert_eq!(
        (free["SkuId"].as_str(), free["SkuMeter"].as_str()),
        ("BDZBXKSFAZDV2PPV", "FreeEventsRecorded")
    );
}

#[test]
fn csv_and_parquet_hold_the_same_rows() {
    let built_in = BuiltIn::new();
    // More rows than one block of Parquet has.
    let mut large = shipped(&built_in, "enterprise-seven-years.toml");
    large.horizon.months = 120;
    for model in [shipped(&built_in, "uncertain-volumes.toml"), large] {
        let (csv, totals, _) = exported(&built_in, &model, FocusFormat::Csv);
        let (parquet, same, _) = exported(&built_in, &model, FocusFormat::Parquet);
        assert_eq!(totals, same);
        assert!(rows_of_csv(&csv) == rows_of_parquet(parquet), "{}", model.name);
    }
    for name in ["cur-legacy.csv", "focus-1.2.zstd.parquet", "cost-explorer.csv"] {
        let bill = read(&[fixture(name)], &[]).unwrap();
        let (csv, totals) = exported_bill(&bill, FocusFormat::Csv);
        let (parquet, same) = exported_bill(&bill, FocusFormat::Parquet);
        assert_eq!(totals, same);
        assert_eq!(rows_of_csv(&csv), rows_of_parquet(parquet), "{name}");
    }
}

#[test]
fn rows_of_a_bill_add_up_to_it() {
    for name in ["cur-legacy.csv", "cur2.snappy.parquet", "focus-1.0.csv.gz", "focus-1.2.zstd.parquet"] {
        let bill = read(&[fixture(name)], &["log-archive"]).unwrap();
        let (bytes, _) = exported_bill(&bill, FocusFormat::Csv);
        let rows = rows_of_csv(&bytes);
        let all = || bill.lines.iter().chain(&bill.shared);
        let billed = all().fold(Money::ZERO, |sum, own| sum.checked_add(own.billed_cost).unwrap());
        assert_eq!(sum(&rows, "BilledCost"), billed, "{name}");
        let list = all().filter_map(|own| own.list_cost);
        let list = list.fold(Money::ZERO, |sum, own| sum.checked_add(own).unwrap());
        assert_eq!(sum(&rows, "ListCost"), list, "{name}");
        assert!(rows.iter().all(|row| row["x_CostKind"] == "Bill"
            && row["InvoiceId"].len() == {
                // The FOCUS 1.0 fixture has no column for invoices.
                if name.starts_with("focus-1.0") { 0 } else { 10 }
            }));
        assert!(rows.iter().all(|row| row["BillingAccountId"] == "111122223333"), "{name}");
        // What the export does not say is null: legacy CUR has no contracted cost.
        let is_null = rows.iter().all(|row| row["ContractedCost"].is_empty());
        assert_eq!(is_null, name.starts_with("cur"), "{name}");
        let of = |kind: &str| rows.iter().filter(|row| row["x_ChargeKind"] == kind).collect::<Vec<_>>();
        assert_eq!(of("tax")[0]["ChargeCategory"], "Tax");
        assert_eq!(of("credit")[0]["ChargeCategory"], "Credit");
        for row in rows.iter().filter(|row| row["x_ChargeKind"] != "usage") {
            for column in ["ConsumedQuantity", "PricingQuantity", "ListUnitPrice", "PricingCategory", "SkuId"]
            {
                assert_eq!(row[column], "", "{name} {column}");
            }
        }
    }
}

#[test]
fn the_export_of_a_bill_is_read_as_the_same_bill() {
    let built_in = BuiltIn::new();
    for name in ["cur-legacy.csv", "cur2.csv.gz", "focus-1.0.csv.gz", "focus-1.2.zstd.parquet"] {
        for (format, ending) in [(FocusFormat::Csv, "csv"), (FocusFormat::Parquet, "parquet")] {
            let bill = read(&[fixture(name)], &["log-archive"]).unwrap();
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join(format!("focus.{ending}"));
            fs::write(&path, exported_bill(&bill, format).0).unwrap();
            let again = read(std::slice::from_ref(&path), &["log-archive"]).unwrap();
            let lines = |bill: &Bill| -> Vec<BilledLine> {
                let lines = bill.lines.iter().chain(&bill.shared).cloned();
                lines.map(|line| BilledLine { rows: 1, ..line }).collect()
            };
            assert_eq!(lines(&again), lines(&bill), "{name} as {ending}");
            assert_eq!(again.currency, bill.currency);
            assert_eq!(again.notes, Vec::<String>::new(), "{name} as {ending}");
            let volumes = |bill: &Bill| {
                let month = billing::month_of(bill, None).unwrap();
                billing::lower(bill, month, &built_in.context(), &|_| None).model.observations.volumes
            };
            assert_eq!(volumes(&again), volumes(&bill), "{name} as {ending}");
            let days = |bill: &Bill| -> Vec<(Month, Date, Date)> {
                bill.months.iter().map(|own| (own.month, own.first_day, own.last_day)).collect()
            };
            assert_eq!(days(&again), days(&bill), "{name} as {ending}");
            // Without a column for invoices, nothing was known of them; the dataset has the column.
            if bill.months[0].closed.is_some() {
                assert_eq!(again.months[0].closed, bill.months[0].closed, "{name} as {ending}");
            }
        }
    }
}

#[test]
fn names_from_outside_come_out_harmless() {
    let built_in = BuiltIn::new();
    let hostile =
        ["=cmd|' /C calc'!A0", "@SUM(1)", "a\\u001b[31mb", "<script>", "\\u202egnp.exe", "x\\ny,\\\"z\\\""];
    for name in hostile {
        let text = format!(
            "version = 1\nname = \"n\"\nstart = \"2026-01\"\nmonths = 1\n[[account]]\nid = \"111122223333\"\nname = \"{name}\"\n[[account.activity]]\nregion = \"us-east-1\"\nmanagement = {{ read = \"1M\" }}\n[[trail]]\nname = \"{name}\"\n[[trail]]\nname = \"b\"\n"
        );
        let model = built_in.model(&text);
        let rows = rows_of_csv(&exported(&built_in, &model, FocusFormat::Csv).0);
        assert_eq!(rows, rows_of_parquet(exported(&built_in, &model, FocusFormat::Parquet).0));
        assert_harmless(&rows);
    }
    let mut bill = read(&[fixture("cur-legacy.csv")], &[]).unwrap();
    let given = ["=1+1", "+2", "-3", "@x", "\ttab", "a\u{1b}[2Jb\r\nc", "\u{202e}reversed"];
    for (line, name) in bill.lines.iter_mut().zip(given) {
        line.usage_type = name.to_owned();
        line.unit = name.to_owned();
        line.resource = Some(name.to_owned());
        line.ids.invoice = Some(name.to_owned());
        line.ids.sku_price = Some(name.to_owned());
    }
    let rows = rows_of_csv(&exported_bill(&bill, FocusFormat::Csv).0);
    assert_eq!(rows, rows_of_parquet(exported_bill(&bill, FocusFormat::Parquet).0));
    assert_harmless(&rows);
}

fn assert_harmless(rows: &[Row]) {
    for row in rows {
        for (own, text) in COLUMNS.iter().map(|own| (own, &row[own.name])) {
            if own.kind == Kind::Text {
                assert!(!text.starts_with(['=', '+', '-', '@']), "{}: {text:?}", own.name);
            }
            let steers = |own: char| own.is_control() || own == '\u{202e}';
            assert!(!text.contains(steers), "{}: {text:?}", own.name);
        }
    }
}

#[test]
fn what_is_unknown_is_null_and_never_zero() {
    let built_in = BuiltIn::new();
    let text = "version = 1\nname = \"n\"\nstart = \"2026-01\"\nmonths = 1\n[[volume]]\naccount = \"111122223333\"\nregion = \"us-gov-west-1\"\npaid_management_events = \"1M\"\n[[volume]]\naccount = \"111122223333\"\nregion = \"us-east-1\"\npaid_management_events = \"unknown\"\ns3_data_events = \"2M\"\n";
    for format in [FocusFormat::Csv, FocusFormat::Parquet] {
        let (bytes, totals, estimate) = exported(&built_in, &built_in.model(text), format);
        let rows = if format == FocusFormat::Csv { rows_of_csv(&bytes) } else { rows_of_parquet(bytes) };
        let cells = |region: &str, usage_type: &str| {
            let row = rows.iter().find(|own| own["RegionId"] == region && own["x_UsageType"] == usage_type);
            ["PricingQuantity", "PricingUnit", "ListUnitPrice", "ListCost", "ContractedCost", "EffectiveCost"]
                .map(|column| row.unwrap()[column].clone())
        };
        let no_price = cells("us-gov-west-1", "PaidEventsRecorded");
        assert_eq!(no_price, ["1000000", "Events", "", "", "", ""]);
        let no_volume = cells("us-east-1", "PaidEventsRecorded");
        assert_eq!(no_volume, ["", "", "0.00002", "", "", ""]);
        assert_eq!(cells("us-east-1", "DataEventsRecorded")[3..], ["2", "2", "2"]);
        assert_eq!((totals.rows, totals.without_cost), (3, 2));
        assert_eq!(sum(&rows, "ContractedCost"), estimate.total.total.contracted);
    }
    // Cost Explorer's download by cost has no quantities and nothing but one cost.
    let bill = read(&[fixture("cost-explorer.csv")], &[]).unwrap();
    let rows = rows_of_csv(&exported_bill(&bill, FocusFormat::Csv).0);
    assert!(!rows.is_empty());
    for row in rows {
        for column in ["ConsumedQuantity", "ListCost", "EffectiveCost", "SubAccountId", "BillingAccountId"] {
            assert_eq!(row[column], "", "{column}");
        }
        assert_ne!(row["BilledCost"], "");
    }
}

#[test]
fn an_amount_that_parquet_cannot_hold_is_refused() {
    let mut bill = read(&[fixture("cur-legacy.csv")], &[]).unwrap();
    bill.lines[0].billed_cost = Money::from_septillionths(10_i128.pow(38));
    let mut writer = FocusWriter::new(Vec::new(), FocusFormat::Parquet).unwrap();
    let error = write_bill(&bill, &BuiltIn::new().regions, &mut writer).unwrap_err();
    assert_eq!(
        error.to_string(),
        "a number in BilledCost has more than the 38 digits that Parquet holds; write csv"
    );
    let rows = rows_of_csv(&exported_bill(&bill, FocusFormat::Csv).0);
    assert_eq!(rows[0]["BilledCost"], "100000000000000");
}

#[test]
fn an_estimate_is_not_read_as_a_bill() {
    let built_in = BuiltIn::new();
    let folder = tempfile::tempdir().unwrap();
    for (format, name, place) in [
        (FocusFormat::Csv, "focus.csv", "this row is no charge of a bill: x_CostKind is `Estimate`"),
        (
            FocusFormat::Parquet,
            "focus.parquet",
            "row 1: this row is no charge of a bill: x_CostKind is `Estimate`",
        ),
    ] {
        let path = folder.path().join(name);
        fs::write(&path, exported(&built_in, &shipped(&built_in, "mid-size-saas.toml"), format).0).unwrap();
        let refused = read(&[path], &[]).unwrap_err();
        assert!(refused.contains(place), "{refused}");
    }
}
