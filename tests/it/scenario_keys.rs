//! KMS keys that a scenario states: charged once each, and written again as they were read.

use crate::support::BuiltIn;
use trailcost::domain::Model;
use trailcost::sources::scenario::{self, WriteOptions};

const SCENARIO: &str = "version = 1\nname = \"keys\"\nstart = \"2027-01\"\n[[account]]\nid = \"111122223333\"\n[[account.activity]]\nregion = \"us-east-1\"\nmanagement = { read = \"1M\", write = \"1M\" }\n[[trail]]\nname = \"t\"\nhome_region = \"us-east-1\"\nbucket = \"logs\"\nkms = true\n[[bucket]]\nname = \"logs\"\naccount = \"111122223333\"\nregion = \"us-east-1\"\n";
const KEY: &str = "[[kms_key]]\nname = \"alias/logs\"\naccount = \"111122223333\"\nregion = \"us-east-1\"\n";

fn first_month(built_in: &BuiltIn, model: &Model) -> String {
    built_in.estimate(model, None).monthly[0].contracted.to_string()
}

#[test]
fn a_stated_key_is_charged_once() {
    let built_in = BuiltIn::new();
    let own = built_in.model(SCENARIO);
    // The bucket's own key, $1, is the stated one.
    let named = SCENARIO.replace("name = \"logs\"\n", "name = \"logs\"\nkms_key = \"alias/logs\"\n");
    let stated = built_in.model(&format!("{named}{KEY}"));
    assert_eq!(first_month(&built_in, &own), first_month(&built_in, &stated));
    // A second one costs a dollar more, one rotated twice three, and one of AWS nothing.
    let base: rust_decimal::Decimal = first_month(&built_in, &own).parse().unwrap();
    for (versions, more) in [("", 1), ("versions = 3\n", 3), ("versions = 0\n", 0)] {
        let two = built_in.model(&format!("{SCENARIO}{KEY}{versions}"));
        let cost: rust_decimal::Decimal = first_month(&built_in, &two).parse().unwrap();
        assert_eq!(cost - base, more.into(), "{versions}");
    }
}

#[test]
fn keys_are_written_as_they_were_read() {
    let built_in = BuiltIn::new();
    let named = SCENARIO.replace("name = \"logs\"\n", "name = \"logs\"\nkms_key = \"alias/logs\"\n");
    let model = built_in.model(&format!("{named}{KEY}versions = 2\n"));
    let text = scenario::write(&model, &WriteOptions::default()).unwrap().toml;
    assert_eq!(built_in.model(&text).inventory, model.inventory, "{text}");
}

#[test]
fn a_key_that_is_not_there_is_told() {
    let built_in = BuiltIn::new();
    let named = SCENARIO.replace("name = \"logs\"\n", "name = \"logs\"\nkms_key = \"alias/log\"\n");
    for (text, message, hint) in [
        (format!("{named}{KEY}"), "no KMS key is called `alias/log`", "[[kms_key]]"),
        (format!("{SCENARIO}{KEY}{KEY}"), "the KMS key `alias/logs` occurs twice", ""),
        (format!("{SCENARIO}{KEY}versions = 4\n"), "versions", ""),
    ] {
        let Err(found) =
            scenario::parse("s.toml", &text, &built_in.context(), &|_| Err("no such file".to_owned()))
        else {
            panic!("{text} is read")
        };
        let first = &found.items[0];
        assert!(first.message.contains(message), "{}", first.message);
        assert!(first.hint.as_deref().unwrap_or_default().contains(hint), "{:?}", first.hint);
    }
}
