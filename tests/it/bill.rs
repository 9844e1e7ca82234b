//! Bills in every format, against sums worked by hand, and against real bills where a folder of them is at hand.

use crate::bill_cost_explorer::BY_COST;
use crate::support::{BuiltIn, root};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use trailcost::domain::{Bill, BilledIds, BilledLine, ChargeCategory, TermPrice};
use trailcost::report::billed_csv;
use trailcost::sources::billing::{self, Lowered, Options, Sku};
use trailcost::sources::scenario::{self, WriteOptions};

pub(crate) fn fixture(name: &str) -> PathBuf {
    root().join("tests/fixtures/billing").join(name)
}

/// Reads files; what is wrong comes as one text.
pub(crate) fn read(files: &[PathBuf], resources: &[&str]) -> Result<Bill, String> {
    let built_in = BuiltIn::new();
    let mut skus = BTreeMap::new();
    for (service, usage_type, _, rate) in built_in.card.iter() {
        for id in rate.iter().flat_map(|rate| &rate.tiers).filter_map(|tier| tier.sku_price_id.clone()) {
            skus.insert(id, Sku { service: service.to_owned(), usage_type: usage_type.to_owned() });
        }
    }
    let resources: Vec<String> = resources.iter().map(|own| (*own).to_owned()).collect();
    let options = Options {
        catalog: built_in.card.catalog(),
        regions: &built_in.regions,
        skus: &skus,
        resources: &resources,
    };
    billing::read(files, &options).map_err(|found| {
        let item = &found.items[0];
        format!(
            "{} | {} | {}",
            item.message,
            item.label.as_deref().unwrap_or(""),
            item.hint.as_deref().unwrap_or("")
        )
    })
}

/// A line as one text: account, Region, usage type, category, quantity, unit, billed cost.
pub(crate) fn words(line: &BilledLine) -> String {
    format!(
        "{} {} {} {} {} {} {}",
        line.account.as_ref().map_or("-", |own| own.as_str()),
        line.region.as_ref().map_or("-", |own| own.as_str()),
        if line.usage_type.is_empty() { "-" } else { &line.usage_type },
        line.category.name(),
        line.quantity,
        if line.unit.is_empty() { "-" } else { &line.unit },
        line.billed_cost
    )
}

/// The usage of tests/fixtures/billing/make.py, with the cost before the discount and after it.
const USAGE: [(&str, &str, &str); 8] = [
    ("012345678901 us-east-1 NetworkEventsRecorded usage 0 Events", "0", "0"),
    ("012345678901 us-west-2 PaidEventsRecorded usage 1000 Events", "0.02", "0.0176"),
    ("111122223333 ap-south-1 DataInsightsEvents usage 100 Events", "0.00003", "0.0000264"),
    ("111122223333 eu-west-1 DataEventsRecorded usage 1000000 Events", "1", "0.88"),
    ("111122223333 us-east-1 DataEventsRecorded usage 15000000 Events", "15", "13.2"),
    ("111122223333 us-east-1 FreeEventsRecorded usage 5000000 Events", "0", "0"),
    ("111122223333 us-east-1 InsightsEvents usage 2000000 Events", "7", "6.16"),
    ("111122223333 us-east-1 PaidEventsRecorded usage 20000000 Events", "400", "352"),
];

/// 12 % of the costs above, in CUR's rows of their own.
const DISCOUNTS: [&str; 6] = [
    "012345678901 us-west-2 PaidEventsRecorded discount 0 - -0.0024",
    "111122223333 ap-south-1 DataInsightsEvents discount 0 - -0.0000036",
    "111122223333 eu-west-1 DataEventsRecorded discount 0 - -0.12",
    "111122223333 us-east-1 DataEventsRecorded discount 0 - -1.8",
    "111122223333 us-east-1 InsightsEvents discount 0 - -0.84",
    "111122223333 us-east-1 PaidEventsRecorded discount 0 - -48",
];

const APART: [&str; 3] =
    ["111122223333 - - credit 0 - -10", "111122223333 - - refund 0 - -1", "111122223333 - - tax 0 - 30"];

#[test]
fn one_bill_is_the_same_in_every_format() {
    for (name, format, is_focus) in [
        ("cur-legacy.csv", "legacy CUR, CSV", false),
        ("cur-legacy-members.csv.gz", "legacy CUR, CSV, gzip", false),
        ("cur2.csv.gz", "CUR 2.0, CSV, gzip", false),
        ("cur2.snappy.parquet", "CUR 2.0, Parquet", false),
        ("focus-1.0-bare.csv", "FOCUS 1.0, CSV", true),
        ("focus-1.0.csv.gz", "FOCUS 1.0, CSV, gzip", true),
        ("focus-1.2.zstd.parquet", "FOCUS 1.2, Parquet", true),
    ] {
        let bill = read(&[fixture(name)], &[]).unwrap();
        assert_eq!(bill.formats, [format], "{name}");
        let mut expected: Vec<String> = USAGE
            .iter()
            .map(|(key, list, cost)| format!("{key} {}", if is_focus { cost } else { list }))
            .chain(APART.map(str::to_owned))
            .chain(DISCOUNTS.iter().filter(|_| !is_focus).map(|own| (*own).to_owned()))
            .collect();
        expected.sort();
        let mut found: Vec<String> = bill.lines.iter().map(words).collect();
        found.sort();
        assert_eq!(found, expected, "{name}");
        assert!(bill.lines.iter().all(|line| line.service == "AWSCloudTrail"), "{name}");
        // 1,100.5 GB of S3 at $0.023.
        let shared: Vec<String> = bill.shared.iter().map(words).collect();
        // Of another service than CloudTrail, an export without usage types tells the cost only.
        let expected = match name {
            "focus-1.0-bare.csv" => "111122223333 us-east-1 - usage 0 - 25.3115",
            _ => "111122223333 us-east-1 TimedStorage-ByteHrs usage 1100.5 GB-Mo 25.3115",
        };
        assert_eq!(shared, [expected], "{name}");
        assert_eq!(bill.rows, if is_focus { 22 } else { 28 }, "{name}");
        let month = &bill.months[0];
        assert_eq!((month.month.to_string().as_str(), month.is_partial()), ("2026-10", false), "{name}");
        let tells = !name.starts_with("focus-1.0");
        assert_eq!(month.closed, tells.then_some(true), "{name}");
        // List costs are those before the discount, in every format.
        let list = |line: &&BilledLine| line.usage_type == "PaidEventsRecorded" && line.list_cost.is_some();
        let list: Vec<String> =
            bill.lines.iter().filter(list).map(|line| line.list_cost.unwrap().to_string()).collect();
        assert_eq!(list, ["0.02", "400"], "{name}");
    }
}

#[test]
fn what_was_odd_is_said() {
    let bare = read(&[fixture("focus-1.0-bare.csv")], &[]).unwrap();
    assert_eq!(bare.notes.len(), 2, "{:?}", bare.notes);
    assert!(
        bare.notes[0].starts_with("2 rows have no usage type: it was found by the price's id"),
        "{:?}",
        bare.notes
    );
    assert!(
        bare.notes[1].starts_with("14 rows have no usage type: it was read from the text"),
        "{:?}",
        bare.notes
    );
    // The Region stands in its own column: a missing prefix is nothing odd.
    assert_eq!(read(&[fixture("cur-legacy.csv")], &[]).unwrap().notes, Vec::<String>::new());
}

#[test]
fn resources_that_are_named_become_lines() {
    let bill = read(&[fixture("cur2.snappy.parquet")], &["log-archive"]).unwrap();
    let own: Vec<String> = bill.lines.iter().filter(|line| line.service == "AmazonS3").map(words).collect();
    assert_eq!(own, ["111122223333 us-east-1 TimedStorage-ByteHrs usage 100.5 GB-Mo 2.3115"]);
    assert_eq!(
        bill.shared.iter().map(words).collect::<Vec<_>>(),
        ["111122223333 us-east-1 TimedStorage-ByteHrs usage 1000 GB-Mo 23"]
    );
}

#[test]
fn what_rows_of_cloudtrail_name_does_not_part_them() {
    let header = HEADER.trim_end();
    let own = |resource: &str| {
        let row = row("111122223333", "07", "USE1-InsightsEvents", "2", "0.000007");
        format!("{},{resource}\n", row.trim_end())
    };
    let text = format!("{header},lineItem/ResourceId\n{}{}{}", own("one"), own("two"), own(""));
    let (folder, paths) = files(&[&text]);
    let csv = folder.path().join("0.csv");
    let (_folder, [gzip, parquet]) = other_forms(&csv);
    for path in [paths[0].clone(), gzip, parquet] {
        for resources in [&[][..], &["one"]] {
            let bill = read(std::slice::from_ref(&path), resources).unwrap();
            let lines: Vec<String> = bill.lines.iter().map(words).collect();
            assert_eq!(lines, ["111122223333 us-east-1 InsightsEvents usage 6 Events 0.000021"]);
        }
    }
}

/// A file of its own for each text.
pub(crate) fn files(texts: &[&str]) -> (tempfile::TempDir, Vec<PathBuf>) {
    let folder = tempfile::tempdir().unwrap();
    let paths = texts
        .iter()
        .enumerate()
        .map(|(at, text)| {
            let path = folder.path().join(format!("{at}.csv"));
            fs::write(&path, text).unwrap();
            path
        })
        .collect();
    (folder, paths)
}

/// Writes texts into files, reads them, and returns the lines in words.
pub(crate) fn lines_of(texts: &[&str]) -> Result<(Vec<String>, Bill), String> {
    let (_folder, paths) = files(texts);
    read(&paths, &[]).map(|bill| (bill.lines.iter().map(words).collect(), bill))
}

#[test]
fn a_prefix_that_no_table_knows_is_an_unknown_region() {
    let text = format!("{HEADER}{}", row("111122223333", "07", "XYZ9-InsightsEvents", "2", "0.000007"));
    let (lines, bill) = lines_of(&[&text]).unwrap();
    assert_eq!(lines, ["111122223333 - InsightsEvents usage 2 Events 0.000007"]);
    assert!(
        bill.notes.iter().any(|note| note.starts_with("the prefix of 1 row is no known Region's (XYZ9-")),
        "{:?}",
        bill.notes
    );
    let costs = BY_COST.replace("USE1-Data", "XYZ9-Data");
    let (lines, bill) = lines_of(&[&format!("{costs}\n2026-10-01,400,15,415\n")]).unwrap();
    assert_eq!(lines[0], "- - DataEventsRecorded usage 0 - 15");
    assert!(bill.notes.iter().any(|note| note.contains("XYZ9-DataEvents")), "{:?}", bill.notes);
}

#[test]
fn what_is_written_of_a_bill_is_read_as_the_same_bill() {
    let unknown = format!("{HEADER}{}", row("111122223333", "07", "XYZ9-InsightsEvents", "2", "0.000007"));
    let (_folder, paths) = files(&[&unknown]);
    for path in ["cur-legacy.csv", "focus-1.2.zstd.parquet"].map(fixture).into_iter().chain(paths) {
        let bill = read(std::slice::from_ref(&path), &[]).unwrap();
        let (_folder, paths) = files(&[&billed_csv(&bill).unwrap()]);
        let again = read(&paths, &[]).unwrap();
        let all = |bill: &Bill| -> Vec<BilledLine> {
            let lines = bill.lines.iter().chain(&bill.shared).cloned();
            lines.map(|line| BilledLine { rows: 1, ids: BilledIds::default(), ..line }).collect()
        };
        assert_eq!(all(&again), all(&bill), "{}", path.display());
        assert_eq!(again.currency, bill.currency);
        assert_eq!(again.notes, Vec::<String>::new());
    }
}

const HEADER: &str = "bill/BillingPeriodStartDate,lineItem/UsageAccountId,lineItem/LineItemType,lineItem/UsageStartDate,lineItem/ProductCode,lineItem/UsageType,lineItem/UsageAmount,lineItem/CurrencyCode,lineItem/UnblendedCost,pricing/unit\n";

fn row(account: &str, day: &str, usage_type: &str, quantity: &str, cost: &str) -> String {
    format!(
        "2026-10-01T00:00:00.000Z,{account},Usage,2026-10-{day}T00:00:00Z,AWSCloudTrail,{usage_type},{quantity},USD,{cost},Events\n"
    )
}

#[test]
fn traps_of_rows_are_taken_as_they_are_meant() {
    let rows = [
        row("12341234123", "01", "EU-FreeEventsRecorded", "7.0", "0.0"),
        row("1.23412341234E11", "02", "APS3-DataEventsRecorded", "113", "1.13E-4"),
        row("123412341234.0", "03", "FreeEventsRecorded", "1", "NULL"),
        row("111122223333", "04", "USE1-DataInsightsEvents", "2", ".0000006"),
        row("111122223333", "05", "USE1-InsightsEvents", "0.0000000000004", "0.0000035"),
        row("111122223333", "06", "USE1-InsightsEvents", "0.0000000000004", "0.0000035"),
        "2026-10-01T00:00:00.000Z,111122223333,SavingsPlanNegation,2026-09-30T00:00:00Z,AWSCloudTrail,USE1-InsightsEvents,5,USD,-1,Events\n".to_owned(),
        "2026-10-01T00:00:00.000Z,111122223333,Usage,2026-09-30 23:00:00,AWSCloudTrail,USE1-InsightsEvents,5,USD,0.0000175,Events\n".to_owned(),
        "2026-10-01,111122223333,Whatever,2026-10-01,AWSCloudTrail,USE1-InsightsEvents,5,USD,2,Events\n".to_owned(),
    ];
    let (_folder, paths) = files(&[&format!("\u{feff}{HEADER}{}", rows.concat())]);
    let bill = read(&paths, &[]).unwrap();
    let found: Vec<String> = bill.lines.iter().map(words).collect();
    assert_eq!(
        found,
        [
            "012341234123 eu-west-1 FreeEventsRecorded usage 7 Events 0",
            "111122223333 us-east-1 DataInsightsEvents usage 2 Events 0.0000006",
            // 4 × 10⁻¹³ twice is 8 × 10⁻¹³, which rounds to 10⁻¹²; each on its own is nothing.
            "111122223333 us-east-1 InsightsEvents usage 5.000000000001 Events 0.0000245",
            "111122223333 us-east-1 InsightsEvents discount 0 - -1",
            "111122223333 us-east-1 InsightsEvents other 0 - 2",
            "123412341234 ap-south-1 DataEventsRecorded usage 113 Events 0.000113",
            "123412341234 us-east-1 FreeEventsRecorded usage 1 Events 0",
        ]
    );
    let starts = |text: &str| bill.notes.iter().any(|note| note.starts_with(text));
    for note in [
        "the account of 1 row had lost its leading zeros (12341234123 and",
        "the account of 1 row was written as a decimal number (123412341234.0",
        "the account of 1 row was written with an exponent (1.23412341234E11",
        "1 row has neither a Region nor a prefix (FreeEventsRecorded",
        "1 row of usage in another month than the bill's (2026-09 on the bill of 2026-10",
        "1 row has a kind of charge that is not known (`Whatever`",
        "1 row of a Savings Plan's negation was taken as discount",
        "1 row of usage has no cost",
    ] {
        assert!(starts(note), "{note}\n{:#?}", bill.notes);
    }
    assert_eq!(bill.months[0].days_covered(), 6);
}

#[test]
fn fields_with_line_ends_are_one_field() {
    let header = "BillingPeriodStart,SubAccountId,ChargeCategory,ChargePeriodStart,ServiceName,RegionId,ChargeDescription,ConsumedQuantity,ConsumedUnit,BilledCost,BillingCurrency,x_UsageType";
    let row = |service: &str, text: &str| {
        format!(
            "2026-10-01,111122223333,Usage,2026-10-07,{service},us-east-1,{text},2,Events,0.000007,USD,USE1-InsightsEvents\r\n"
        )
    };
    let rows = [
        row("AWS CloudTrail", "\"two\nlines, \"\"quoted\"\"\r\n\""),
        row("Amazon EC2", "\"\n\n\""),
        row("AWS CloudTrail", "\"\"\"\""),
        row("Amazon EC2", "plain"),
        row("AWS CloudTrail", "\"\""),
    ];
    let (lines, bill) = lines_of(&[&format!("{header}\r\n{}", rows.concat())]).unwrap();
    assert_eq!(lines, ["111122223333 us-east-1 InsightsEvents usage 6 Events 0.000021"]);
    assert_eq!(bill.rows, 5);
    // The line that is named is that of the file, past every line end within a field.
    let text = format!("{header}\r\n{}{}", rows.concat(), row("AWS CloudTrail", "x").replace(",2,", ",two,"));
    let error = lines_of(&[&text]).unwrap_err();
    assert!(error.contains("line 11: bad number `two`"), "{error}");
}

#[cfg(unix)]
#[test]
fn a_bill_is_read_from_a_pipe() {
    use std::io::Write;
    use std::process::{Command, Stdio};
    let run = |name: &str| {
        let mut child = Command::new(env!("CARGO_BIN_EXE_trailcost"))
            .args(["measure", "bill", "/dev/stdin", "--format", "csv"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        // What is refused is not read to its end.
        let _ = child.stdin.take().unwrap().write_all(&fs::read(fixture(name)).unwrap());
        child.wait_with_output().unwrap()
    };
    for name in ["cur-legacy.csv", "cur-legacy-members.csv.gz"] {
        let output = run(name);
        let expected = billed_csv(&read(&[fixture(name)], &[]).unwrap()).unwrap();
        assert_eq!(String::from_utf8_lossy(&output.stdout), expected, "{name}");
    }
    let output = run("cur2.snappy.parquet");
    assert_eq!(output.status.code(), Some(3));
    assert!(String::from_utf8_lossy(&output.stderr).contains("Parquet cannot be read from a pipe"));
}

#[test]
fn charges_given_twice_are_refused() {
    let part = |from: usize, to: usize| {
        let rows: Vec<String> = (from..to)
            .map(|at| {
                row(
                    "111122223333",
                    &format!("{:02}", at % 28 + 1),
                    "USE1-InsightsEvents",
                    &format!("{at}"),
                    "1",
                )
            })
            .collect();
        format!("{HEADER}{}", rows.concat())
    };
    // Parts of one export have no row in common.
    let (_folder, paths) = files(&[&part(0, 1_000), &part(1_000, 2_000)]);
    assert_eq!(read(&paths, &[]).unwrap().rows, 2_000);
    let (_folder, paths) = files(&[&part(0, 1_000), &part(0, 1_000)]);
    assert!(read(&paths, &[]).unwrap_err().contains("are the same file"));
    let same = [paths[0].clone(), paths[0].clone()];
    assert!(read(&same, &[]).unwrap_err().contains("is given twice"));
    // A later version of the same month: the earlier days again, and more.
    let (_folder, paths) = files(&[&part(0, 1_000), &part(0, 1_400)]);
    assert!(read(&paths, &[]).unwrap_err().contains("hold the same rows"));
    // The same month in another format.
    let both = [fixture("cur-legacy.csv"), fixture("focus-1.0-bare.csv")];
    let error = read(&both, &[]).unwrap_err();
    assert!(error.contains("both bill 2026-10"), "{error}");
    let error = read(&[fixture("cost-explorer.csv"), fixture("cur2.csv.gz")], &[]).unwrap_err();
    assert!(error.contains("both bill 2026-10"), "{error}");
}

#[test]
fn a_folder_of_parts_is_one_bill_whatever_their_names() {
    let folder = tempfile::tempdir().unwrap();
    let inner = folder.path().join("20261001-20261101/assembly");
    fs::create_dir_all(&inner).unwrap();
    // gzip under the name of a csv, and the reverse.
    fs::copy(fixture("cur-legacy-members.csv.gz"), inner.join("report-00001.csv")).unwrap();
    let later = format!("{HEADER}{}", row("111122223333", "07", "USE1-InsightsEvents", "1", "0.0000035"));
    fs::write(inner.join("report-00002.csv.gz"), later).unwrap();
    fs::write(inner.join("report-Manifest.json"), "{}").unwrap();
    fs::write(inner.join("report-00003.csv"), HEADER).unwrap();
    let bill = read(&[folder.path().to_owned()], &[]).unwrap();
    assert_eq!((bill.rows, bill.formats.len()), (29, 2));
    let insights = bill
        .lines
        .iter()
        .find(|line| line.usage_type == "InsightsEvents" && line.category == ChargeCategory::Usage)
        .unwrap();
    assert_eq!(insights.quantity.to_string(), "2000001");
    assert!(
        bill.notes.iter().any(|note| note.starts_with("1 file in the folders was passed over")),
        "{:?}",
        bill.notes
    );
}

#[test]
fn a_scenario_of_the_bill_costs_what_was_billed() {
    let built_in = BuiltIn::new();
    for name in ["cur-legacy.csv", "focus-1.2.zstd.parquet"] {
        let bill = read(&[fixture(name)], &[]).unwrap();
        let context = built_in.context();
        let month = billing::month_of(&bill, None).unwrap();
        let Lowered { model, evidence, unexplained } = billing::lower(&bill, month, &context, &|_| None);
        assert_eq!(unexplained, Vec::<String>::new());
        assert_eq!(model.terms.len(), 1, "{:?}", model.terms);
        assert_eq!(model.terms[0].price, TermPrice::Discount("0.12".parse().unwrap()));
        assert_eq!((model.terms[0].service.as_str(), &model.terms[0].usage_type), ("AWSCloudTrail", &None));
        assert_eq!(evidence.len(), 8);
        let text = scenario::write(&model, &WriteOptions { evidence: &evidence, ..WriteOptions::default() })
            .unwrap();
        let loaded = built_in.model(&text.toml);
        assert_eq!(loaded.measured, model.measured);
        let estimate = built_in.estimate(&loaded, None);
        // (400 + 15 + 1 + 7 + 0.00003 + 0.02) × 0.88, every month.
        assert_eq!(estimate.months[0].to_string(), "2026-10");
        assert_eq!(estimate.total.first_month.contracted.to_string(), "372.2576264");
        assert_eq!(estimate.total.first_month.list.to_string(), "423.02003");
    }
}

#[test]
fn what_cannot_be_a_volume_is_a_gap() {
    let built_in = BuiltIn::new();
    let text = [
        HEADER.to_owned(),
        row("111122223333", "07", "USE1-PaidEventsRecorded", "1000", "0.02"),
        row("111122223333", "08", "USE1-PaidEventsRecorded", "-2000", "-0.04"),
        row("111122223333", "07", "EU-PaidEventsRecorded", "2000", "0.04"),
        row("111122223333", "08", "EU-PaidEventsRecorded", "-500", "-0.01"),
        row("111122223333", "08", "USE1-DataEventsRecorded", "1.5", "0.0000015"),
        row("111122223333", "08", "EU-DataEventsRecorded", "2e18", "2e12"),
    ]
    .concat();
    let (_folder, paths) = files(&[&text]);
    let bill = read(&paths, &[]).unwrap();
    let context = built_in.context();
    let month = billing::month_of(&bill, None).unwrap();
    let Lowered { model, .. } = billing::lower(&bill, month, &context, &|_| None);
    let volumes: Vec<String> = model.observations.volumes.iter().map(|own| own.usage_type.clone()).collect();
    assert_eq!(volumes, ["PaidEventsRecorded"]);
    for what in [
        "AWSCloudTrail PaidEventsRecorded (111122223333, us-east-1) is -1000 Events in all, which is less than",
        "AWSCloudTrail DataEventsRecorded (111122223333, us-east-1) is 1.5 Events in all, which is no whole",
        "AWSCloudTrail DataEventsRecorded (111122223333, eu-west-1) is 2000000000000000000 Events in all, which is more",
    ] {
        assert!(model.gaps.iter().any(|gap| gap.what.starts_with(what)), "{what}\n{:#?}", model.gaps);
    }
    scenario::write(&model, &WriteOptions::default()).unwrap();
}

#[test]
fn real_bills_are_read_exactly() {
    let Some(folder) = std::env::var_os("TRAILCOST_SHARED_DATA").map(PathBuf::from) else {
        eprintln!("skipped: TRAILCOST_SHARED_DATA names no folder of bills");
        return;
    };
    // B1.
    let legacy = folder.join("billing/cur-legacy/sample-anonymous-aws-export-dataset.csv");
    let (_folder, copies) = other_forms(&legacy);
    for path in std::iter::once(legacy).chain(copies) {
        let bill = read(&[path], &[]).unwrap();
        let usage: Vec<String> = bill
            .lines
            .iter()
            .filter(|line| line.category == ChargeCategory::Usage)
            .map(|line| {
                format!(
                    "{} {} {} {}",
                    line.region.as_ref().unwrap(),
                    line.usage_type,
                    line.quantity,
                    line.billed_cost
                )
            })
            .collect();
        assert_eq!(usage.len(), 12);
        let paid: Vec<&String> = usage.iter().filter(|line| !line.ends_with(" 0")).collect();
        assert_eq!(
            paid,
            ["ca-central-1 DataEventsRecorded 113 0.000113", "us-west-2 DataEventsRecorded 127 0.000127"]
        );
        let rest: Vec<(ChargeCategory, String)> = bill
            .lines
            .iter()
            .filter(|line| line.category != ChargeCategory::Usage)
            .map(|line| (line.category, format!("{}{}", line.quantity, line.billed_cost)))
            .collect();
        assert_eq!(rest, [(ChargeCategory::Tax, "00".to_owned())]);
    }
    // B2.
    let focus = folder.join("billing/focus-1.0/focus_sample.csv");
    let (_folder, copies) = other_forms(&focus);
    for path in std::iter::once(focus).chain(copies) {
        let bill = read(&[path], &[]).unwrap();
        let rows: u64 = bill.lines.iter().map(|line| line.rows).sum();
        assert_eq!(rows, 8);
        assert!(
            bill.lines
                .iter()
                .all(|line| line.usage_type == "FreeEventsRecorded" && line.billed_cost.is_zero())
        );
        let events: u64 = bill.lines.iter().map(|line| line.quantity.to_count().unwrap()).sum();
        assert_eq!(events, 2_775);
        assert!(
            bill.notes.iter().any(|note| note.starts_with("58 rows of other clouds")),
            "{:?}",
            bill.notes
        );
    }
}

#[test]
fn row_groups_are_read_side_by_side_and_none_is_mistaken_for_another() {
    let folder = tempfile::tempdir().unwrap();
    let csv = folder.path().join("rows.csv");
    let rows: Vec<String> = (1..=20_000)
        .map(|at| {
            row(&format!("{:012}", at % 7 + 1), "07", "USE1-InsightsEvents", &at.to_string(), "0.0000035")
        })
        .collect();
    fs::write(&csv, format!("{HEADER}{}", rows.concat())).unwrap();
    let (_folder, [_, parquet]) = other_forms(&csv);
    let bill = read(&[parquet], &[]).unwrap();
    assert_eq!((bill.rows, bill.lines.len()), (20_000, 7));
    let events: u64 = bill.lines.iter().map(|line| line.quantity.to_count().unwrap()).sum();
    // 1 + 2 + … + 20,000.
    assert_eq!(events, 200_010_000);
}

/// The same csv as csv.gz and as Parquet, where quantities and costs are doubles.
fn other_forms(csv: &Path) -> (tempfile::TempDir, [PathBuf; 2]) {
    use arrow_array::{ArrayRef, Float64Array, RecordBatch, StringArray};
    use std::io::Write;
    let folder = tempfile::tempdir().unwrap();
    let paths = [folder.path().join("bill.csv.gz"), folder.path().join("bill.parquet")];
    let mut encoder =
        flate2::write::GzEncoder::new(fs::File::create(&paths[0]).unwrap(), flate2::Compression::fast());
    encoder.write_all(&fs::read(csv).unwrap()).unwrap();
    encoder.finish().unwrap();
    let mut reader = csv::Reader::from_path(csv).unwrap();
    let header = reader.headers().unwrap().clone();
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    let columns = header.iter().enumerate().map(|(at, name)| {
        let values = rows.iter().map(|row| Some(&row[at]).filter(|text| !["", "NULL"].contains(text)));
        let is_number = ["Cost", "UsageAmount", "Quantity"].iter().any(|end| name.ends_with(end));
        let array: ArrayRef = if is_number {
            let values: Float64Array =
                values.map(|text| text.map(|text| text.parse::<f64>().unwrap())).collect();
            std::sync::Arc::new(values)
        } else {
            std::sync::Arc::new(values.collect::<StringArray>())
        };
        (name.to_owned(), array, true)
    });
    let batch = RecordBatch::try_from_iter_with_nullable(columns).unwrap();
    let file = fs::File::create(&paths[1]).unwrap();
    let properties = parquet::file::properties::WriterProperties::builder()
        .set_compression(parquet::basic::Compression::SNAPPY)
        .set_max_row_group_row_count(Some(100))
        .build();
    let mut writer = parquet::arrow::ArrowWriter::try_new(file, batch.schema(), Some(properties)).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
    (folder, paths)
}

#[test]
fn the_same_bill_in_another_form_is_refused() {
    let file = |name: &str| crate::support::root().join("tests/fixtures/billing").join(name);
    let output = assert_cmd::Command::cargo_bin("trailcost")
        .unwrap()
        .args(["measure", "bill"])
        .args([file("cur2.csv.gz"), file("cur2.snappy.parquet")])
        .assert()
        .code(3);
    let said = String::from_utf8_lossy(&output.get_output().stderr).into_owned();
    assert!(said.contains("hold the same charges"), "{said}");
}
