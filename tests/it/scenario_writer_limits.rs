//! Where one file is not enough, and where no file is: many accounts, names past all reason, what has no words.

use crate::scenario_writer::{assert_same, reload, shown, write};
use crate::support::BuiltIn;
use std::fmt::Write as _;
use trailcost::domain::{Access, AmountValue, EventClass, EventSource, Field, Model, Quantity};
use trailcost::sources::scenario::{self, ScenarioText, WriteOptions};

const HEAD: &str = "version = 1\nname = \"x\"\nstart = \"2026-01\"\nmonths = 1\n";

/// Reads a scenario with a table beside it, of so many accounts with seventeen Regions each.
fn many(built_in: &BuiltIn, accounts: u64) -> Model {
    let commercial = built_in.regions.iter().filter(|own| own.partition == "aws");
    let regions: Vec<&str> = commercial.map(|own| own.code.as_str()).take(17).collect();
    assert_eq!(regions.len(), 17);
    let mut table = "account,region,paid_management_events,management_read,data:AWS::S3::Object:write,\
                     usage:AmazonS3:TimedStorage-ByteHrs\n"
        .to_owned();
    for at in 0..accounts {
        for (number, region) in regions.iter().enumerate() {
            let events = at * 17 + number as u64;
            let data = if number == 0 { "unknown" } else { "" };
            let account = 100_000_000_000 + at;
            writeln!(table, "{account},{region},{events},{},{data},0.{events}1", events * 3).unwrap();
        }
    }
    let toml = format!("{HEAD}consolidated_billing = true\nfree_tier = false\nvolumes = \"volumes.csv\"\n");
    reload(built_in, &ScenarioText { toml, volumes_csv: Some(table) })
}

#[test]
fn many_accounts_go_into_the_table() {
    let built_in = BuiltIn::new();
    let model = many(&built_in, 60);
    let written = write(&model, 50);
    let table = written.volumes_csv.as_deref().unwrap();
    let first: Vec<&str> = table.lines().take(2).collect();
    assert_eq!(
        first,
        [
            "account,region,paid_management_events,management_read,data:AWS::S3::Object:write,\
             usage:AmazonS3:TimedStorage-ByteHrs",
            "100000000000,af-south-1,0,0,unknown,0.01"
        ]
    );
    assert_eq!(table.lines().count(), 1 + 60 * 17);
    let toml = &written.toml;
    assert!(toml.contains("\nvolumes = \"volumes.csv\"\n") && !toml.contains("[["), "{toml}");
    assert_same(&shown(&model), &shown(&reload(&built_in, &written)), "many accounts", &written);
    // At the limit everything stays in one file.
    assert_eq!(write(&model, 60 * 17).volumes_csv, None);
    assert!(write(&model, 60 * 17 - 1).volumes_csv.is_some());
}

#[test]
fn what_the_table_has_no_words_for_stays_in_the_file() {
    let built_in = BuiltIn::new();
    let text = r#"
version = 1
name = "x"
start = "2026-01"
months = 1
consolidated_billing = true

[[volume]]
account = "111122223333"
region = "us-east-1"
s3_data_events = "10M ±20%"

[[account]]
id = "111122223333"
name = "=1+1"

[[account.activity]]
region = "eu-west-1"
management = { read = 1 }
data = [{ resource_type = "AWS::S3::Object", resource = "arn:aws:s3:::orders", read = 5 }]

[[account]]
id = "444455556666"

[[account.activity]]
region = "eu-west-1"
management = { read = 7 }

[[account.activity]]
region = "us-east-1"
data = [{ resource_type = "AWS::a,\"b\n=1", read = 5 }]
"#;
    let model = built_in.model(text);
    let written = write(&model, 0);
    // Only one place is plain enough.
    assert_eq!(
        written.volumes_csv.as_deref(),
        Some("account,region,management_read\n444455556666,eu-west-1,7\n")
    );
    assert_same(&shown(&model), &shown(&reload(&built_in, &written)), "mixed", &written);
}

#[test]
fn a_name_of_ten_thousand_bytes_is_a_name() {
    let built_in = BuiltIn::new();
    let mut model = built_in.model(&format!(
        "{HEAD}[[account]]\nid = \"111122223333\"\n[[trail]]\nname = \"t\"\nbucket = \"b\"\n"
    ));
    let long = "\"]\n[[trail]]\nname = \"\u{202e}\u{0}'''".repeat(400);
    assert!(long.len() > 10_000);
    model.inventory.accounts[0].name = Some(long.clone());
    model.inventory.trails[0].name.clone_from(&long);
    model.inventory.trails[0].delivery.bucket = Some(long.clone());
    model.inventory.buckets[0].name = long;
    let written = write(&model, 0);
    let again = reload(&built_in, &written);
    assert_eq!(again.inventory.trails.len(), 1);
    assert_same(&shown(&model), &shown(&again), "a long name", &written);
}

type Change = fn(&mut Model);

#[test]
fn what_has_no_words_is_refused() {
    let built_in = BuiltIn::new();
    let model = built_in.model(&format!(
        "{HEAD}[[account]]\nid = \"111122223333\"\n\
         [[account.activity]]\nregion = \"us-east-1\"\nmanagement = {{ read = 1 }}\n\
         [[volume]]\naccount = \"111122223333\"\nregion = \"us-east-1\"\ns3_data_events = 1\n\
         [[trail]]\nname = \"t\"\nbucket = \"b\"\nlog_group = \"g\"\n"
    ));
    let cases: [(Change, &str); 9] = [
        (
            |model| {
                model.observations.event_classes[0] =
                    EventClass::management(Access::Mixed, EventSource::Other);
            },
            "the activity of 111122223333 in us-east-1 cannot stand in a scenario file: no table describes \
             management events",
        ),
        (
            |model| {
                let class = EventClass::data(Access::Read, "AWS::S3::Object", None);
                model.observations.event_classes[0] = class.with(Field::EventType, "x");
            },
            "no table describes read data events",
        ),
        (
            |model| {
                // Beside a bucket that is named the loader would take it for all other buckets.
                let class = EventClass::data(Access::Read, "AWS::S3::Object", None);
                model.observations.event_classes[0] = class;
                let named = EventClass::data(Access::Read, "AWS::S3::Object", Some("arn:aws:s3:::b"));
                model.observations.event_classes.push(named);
            },
            "no table describes read data events of AWS::S3::Object",
        ),
        (|model| model.name = " \n".to_owned(), "it has no name"),
        (
            |model| {
                let twice = model.observations.volumes[0].clone();
                model.observations.volumes.push(twice);
            },
            "DataEventsRecorded of 111122223333 in us-east-1 cannot stand in a scenario file: it is there twice",
        ),
        (
            |model| {
                model.observations.volumes[0].amount.value =
                    AmountValue::Known(Quantity::from_trillionths(1));
            },
            "0.000000000001 is not a whole number",
        ),
        (
            |model| {
                let twice = model.inventory.log_groups[0].clone();
                model.inventory.log_groups.push(twice);
            },
            "the log group `g` cannot stand in a scenario file: its name is there twice",
        ),
        (
            |model| {
                let twice = model.inventory.buckets[0].clone();
                model.inventory.buckets.push(twice);
            },
            "the bucket `b` cannot stand in a scenario file: its name is there twice",
        ),
        (
            |model| {
                let twice = model.inventory.trails[0].clone();
                model.inventory.trails.push(twice);
            },
            "the trail `t` cannot stand in a scenario file: it is there twice",
        ),
    ];
    let options = WriteOptions::default();
    assert!(scenario::write(&model, &options).is_ok());
    for (change, expected) in cases {
        let mut changed = model.clone();
        change(&mut changed);
        let error = scenario::write(&changed, &options).unwrap_err().to_string();
        assert!(error.contains(expected), "{error}");
    }
}
