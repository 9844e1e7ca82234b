//! What bills and reconciliations say of little, of nothing, and of what was not there.

use std::fs;
use std::path::Path;
use std::process::Command;

const HEADER: &str = "bill/InvoiceId,bill/BillingPeriodStartDate,lineItem/UsageAccountId,lineItem/LineItemType,lineItem/UsageStartDate,lineItem/UsageEndDate,lineItem/ProductCode,lineItem/UsageType,lineItem/UsageAmount,lineItem/CurrencyCode,lineItem/UnblendedCost,lineItem/ResourceId,product/region,pricing/unit\n";

/// A row of October 2026, charged on one day: kind, service, usage type, quantity, cost, resource.
fn row(day: u32, fields: [&str; 6]) -> String {
    let [kind, service, usage_type, quantity, cost, resource] = fields;
    format!(
        "1,2026-10-01T00:00:00Z,111122223333,{kind},2026-10-{day:02}T00:00:00Z,2026-10-{day:02}T01:00:00Z,{service},{usage_type},{quantity},USD,{cost},{resource},us-east-1,Events\n"
    )
}

fn run(directory: &Path, arguments: &[&str]) -> (i32, String, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_trailcost"))
        .args(arguments)
        .current_dir(directory)
        .env("NO_COLOR", "1")
        .env_remove("TERM")
        .output()
        .unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

/// A folder with a bill of the first ten days of October 2026.
fn ten_days() -> tempfile::TempDir {
    let directory = tempfile::tempdir().unwrap();
    let rows = [
        row(1, ["Usage", "AWSCloudTrail", "USE1-PaidEventsRecorded", "100000", "2", ""]),
        row(10, ["Usage", "AWSCloudTrail", "USE1-PaidEventsRecorded", "100000", "2", ""]),
        row(2, ["Usage", "AmazonS3", "TimedStorage-ByteHrs", "0.0789", "0.0018150185", "logs"]),
        row(2, ["Tax", "AmazonS3", "", "1", "3.5", ""]),
    ];
    fs::write(directory.path().join("cur.csv"), format!("{HEADER}{}", rows.concat())).unwrap();
    directory
}

/// A scenario of paid copies of events, with more of its top level.
fn scenario(events: u64, months: u32, more: &str) -> String {
    format!(
        "version = 1\nname = \"Words\"\nstart = \"2026-10\"\nmonths = {months}\n{more}\n[[volume]]\naccount = \"111122223333\"\nregion = \"us-east-1\"\npaid_management_events = {events}\n"
    )
}

#[test]
fn tax_of_other_services_stands_apart_and_little_is_short() {
    let directory = ten_days();
    let (code, printed, complaints) = run(directory.path(), &["measure", "bill", "cur.csv"]);
    assert_eq!(code, 0, "{complaints}");
    assert!(printed.contains("  AmazonS3: $0.0018, and $3.50 of tax\n"), "{printed}");
    let (_, printed, _) = run(directory.path(), &["measure", "bill", "cur.csv", "--format", "markdown"]);
    assert!(printed.contains("- AmazonS3: $0.0018, and $3.50 of tax\n"), "{printed}");
}

#[test]
fn a_resource_that_nothing_is_billed_for_is_named() {
    let directory = ten_days();
    let arguments = ["measure", "bill", "cur.csv", "--resource", "logs", "--resource", "lgos"];
    let (code, printed, complaints) = run(directory.path(), &arguments);
    assert_eq!(code, 0, "{complaints}");
    assert!(printed.contains("no billed resource has the name `lgos`"), "{printed}");
    assert!(!printed.contains("the name `logs`"), "{printed}");
}

#[test]
fn charges_of_a_month_that_is_cut_end_with_its_last_day() {
    let directory = ten_days();
    let (_, printed, _) = run(directory.path(), &["measure", "bill", "cur.csv", "--format", "csv"]);
    let mut reader = csv::Reader::from_reader(printed.as_bytes());
    let header = reader.headers().unwrap().clone();
    let at = |name: &str| header.iter().position(|own| own == name).unwrap();
    for record in reader.records().map(Result::unwrap) {
        assert_eq!(&record[at("ChargePeriodStart")], "2026-10-01T00:00:00Z");
        assert_eq!(&record[at("ChargePeriodEnd")], "2026-10-11T00:00:00Z");
        assert_eq!(&record[at("BillingPeriodEnd")], "2026-11-01T00:00:00Z");
    }
}

#[test]
fn a_share_of_next_to_nothing_is_written_as_an_amount() {
    let directory = tempfile::tempdir().unwrap();
    let rows = [
        row(1, ["Usage", "AWSCloudTrail", "USE1-PaidEventsRecorded", "100", "0.002", ""]),
        row(31, ["Usage", "AWSCloudTrail", "USE1-PaidEventsRecorded", "100", "0.002", ""]),
    ];
    fs::write(directory.path().join("cur.csv"), format!("{HEADER}{}", rows.concat())).unwrap();
    fs::write(directory.path().join("own.toml"), scenario(43, 1, "")).unwrap();
    let (_, printed, _) = run(directory.path(), &["reconcile", "own.toml", "--bill", "cur.csv"]);
    let verdict = "Within the tolerance: $0.0031 of $0.004 billed usage is unexplained";
    assert!(printed.contains(verdict) && printed.contains("unexplained $0.0031\n"), "{printed}");
}

#[test]
fn a_tolerance_below_zero_is_a_bad_tolerance() {
    let directory = ten_days();
    fs::write(directory.path().join("own.toml"), scenario(1, 1, "")).unwrap();
    let arguments = ["reconcile", "own.toml", "--bill", "cur.csv", "--tolerance", "-1%"];
    let (code, _, complaints) = run(directory.path(), &arguments);
    assert_eq!((code, complaints.lines().next()), (2, Some("error: bad tolerance `-1%`")));
}

#[test]
fn months_that_are_alike_share_a_row_and_other_terms_are_named() {
    let directory = tempfile::tempdir().unwrap();
    let terms = "terms = [{ service = \"AWSCloudTrail\", discount = \"10%\" }]";
    fs::write(directory.path().join("own.toml"), scenario(1_000_000, 6, "")).unwrap();
    fs::write(directory.path().join("other.toml"), scenario(2_500_000, 6, terms)).unwrap();
    let arguments = ["reconcile", "own.toml", "--measured", "other.toml"];
    let (_, printed, complaints) = run(directory.path(), &arguments);
    let months = printed.lines().filter(|line| line.starts_with("2026-1") || line.starts_with("2027-"));
    let rows: Vec<&str> = months.filter(|line| !line.contains('·')).collect();
    assert!(
        matches!(rows[..], [row] if row.starts_with("2026-10 to 2027-03, each")),
        "{complaints}{printed}"
    );
    assert!(
        printed.contains("the measured scenario's own terms (AWSCloudTrail) are not applied"),
        "{printed}"
    );
    fs::write(directory.path().join("own.toml"), scenario(1_000_000, 6, terms)).unwrap();
    let (_, printed, _) = run(directory.path(), &arguments);
    assert!(!printed.contains("own terms"), "{printed}");
}

#[test]
fn nothing_is_said_in_words() {
    let directory = tempfile::tempdir().unwrap();
    let nothing = scenario(1, 1, "").replace("paid_management_events = 1", "free_management_events = 1");
    fs::write(directory.path().join("own.toml"), nothing).unwrap();
    let arguments = ["reconcile", "own.toml", "--measured", "own.toml"];
    let (code, printed, complaints) = run(directory.path(), &arguments);
    assert_eq!(code, 0, "{complaints}");
    assert!(printed.contains("No usage that costs anything on either side.\n"), "{printed}");
}

#[test]
fn what_is_explained_to_the_cent_has_no_bar_of_the_unexplained() {
    let directory = tempfile::tempdir().unwrap();
    fs::write(directory.path().join("own.toml"), scenario(1_000_000, 1, "")).unwrap();
    for (cost, title, has_bar) in [
        ("20", "$20 billed, as estimated", false),
        ("20.3", "$20 billed, $20 estimated: within the 2% allowed", true),
    ] {
        let rows = [
            row(1, ["Usage", "AWSCloudTrail", "USE1-PaidEventsRecorded", "500000", "10", ""]),
            row(31, ["Usage", "AWSCloudTrail", "USE1-PaidEventsRecorded", "500000", "10", ""]),
        ];
        let rows = rows
            .concat()
            .replacen(",USD,10,", &format!(",USD,{cost},"), 1)
            .replacen(",USD,10,", ",USD,0,", 1);
        fs::write(directory.path().join("cur.csv"), format!("{HEADER}{rows}")).unwrap();
        let arguments = ["reconcile", "own.toml", "--bill", "cur.csv", "--out", "out"];
        let (code, printed, complaints) = run(directory.path(), &arguments);
        assert_eq!(code, 0, "{complaints}{printed}");
        let picture = fs::read_to_string(directory.path().join("out/reconcile.svg")).unwrap();
        assert!(picture.contains(title), "{picture}");
        assert_eq!(picture.contains(">Unexplained</text>"), has_bar, "{cost}");
        assert_eq!(picture.contains(">+$0.30</text>"), has_bar, "{cost}");
    }
}

#[test]
fn the_chart_of_accounts_says_all_only_where_it_is_all() {
    let directory = tempfile::tempdir().unwrap();
    let account =
        |id: &str, usage: &str| format!("[[volume]]\naccount = \"{id}\"\nregion = \"us-east-1\"\n{usage}\n");
    for (usage, words) in [
        ("free_management_events = 5", "111122223333 bears all of $100 in 1 month"),
        ("paid_management_events = 500", "111122223333 bears nearly all of $100 in 1 month"),
        ("paid_management_events = \"1M\"", "111122223333 bears 83% of $120 in 1 month"),
    ] {
        let text = format!("{}{}", scenario(5_000_000, 1, ""), account("444455556666", usage));
        fs::write(directory.path().join("own.toml"), text).unwrap();
        let (code, _, complaints) = run(directory.path(), &["estimate", "own.toml", "--out", "out"]);
        assert_eq!(code, 0, "{complaints}");
        let picture = fs::read_to_string(directory.path().join("out/accounts.svg")).unwrap();
        assert!(picture.contains(words), "{words}: {picture}");
    }
}

#[test]
fn regions_that_an_account_states_are_not_assumed() {
    let directory = tempfile::tempdir().unwrap();
    for (regions, assumed) in [("", true), ("enabled_regions = 17", false)] {
        let text = format!(
            "version = 1\nname = \"Regions\"\nstart = \"2026-10\"\nmonths = 1\n[[account]]\nid = \"111122223333\"\n{regions}\n\
             [[account.activity]]\nregion = \"us-east-1\"\nmanagement = {{ read = \"1M\" }}\n\
             [[trail]]\nname = \"main\"\nhome_region = \"us-east-1\"\nbucket = \"logs\"\nlog_file_validation = true\n\
             [[bucket]]\nname = \"logs\"\n"
        );
        fs::write(directory.path().join("own.toml"), text).unwrap();
        let (code, printed, complaints) = run(directory.path(), &["estimate", "own.toml"]);
        assert_eq!(code, 0, "{complaints}");
        assert_eq!(printed.contains("enabled_regions = 17"), assumed, "{printed}");
    }
}
