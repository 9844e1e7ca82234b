//! What has no price, or is given where it could be derived, is never a saving.

use super::{plan_of, told};
use crate::support::BuiltIn;
use trailcost::domain::LossLevel;

fn told_of(region: &str, rest: &str) -> (String, Vec<&'static str>) {
    let text = format!(
        r#"
version = 1
name = "unknown"
start = "2026-01"
months = 36

[[account]]
id = "111122223333"

[[account.activity]]
region = "{region}"
management = {{ read = "10M", write = "2M" }}

{rest}
"#
    );
    let built_in = BuiltIn::new();
    let model = built_in.model(&text);
    let plan = plan_of(&built_in, &model, Some(LossLevel::High));
    let rules = plan.actions.iter().map(|own| own.action.rule).collect();
    (told(&plan), rules)
}

#[test]
fn a_bucket_without_prices_is_not_judged() {
    let bucket = |region: &str| {
        format!(
            "[[trail]]\nname = \"main\"\nhome_region = \"{region}\"\nbucket = \"logs\"\nlog_files = 20_000\n\
             log_bytes = \"40 GiB\"\n[[bucket]]\nname = \"logs\"\nregion = \"{region}\"\n"
        )
    };
    let (priced, rules) = told_of("us-east-1", &bucket("us-east-1"));
    assert!(rules.contains(&"lifecycle"), "{priced}");
    let (unpriced, rules) = told_of("eu-west-1", &bucket("eu-west-1"));
    assert_eq!(rules, [""; 0], "{unpriced}");
    assert!(
        unpriced.contains("the lifecycle of the bucket `logs` cannot be judged: no table has a price of"),
        "{unpriced}"
    );
    assert!(!unpriced.contains("0.00 more"), "{unpriced}");
}

#[test]
fn a_class_without_a_price_is_not_cheaper_for_it() {
    let group = "[[trail]]\nname = \"main\"\nhome_region = \"us-east-1\"\nlog_group = \"group\"\n[[log_group]]\nname = \"group\"\n";
    let text = |rest: &str| {
        format!(
            "version = 1\nname = \"x\"\nstart = \"2026-01\"\nmonths = 12\n[[account]]\nid = \"111122223333\"\n\
         [[account.activity]]\nregion = \"us-east-1\"\nmanagement = {{ read = \"10M\" }}\n{rest}"
        )
    };
    let rules = |built_in: &BuiltIn| {
        let model = built_in.model(&text(group));
        let plan = plan_of(built_in, &model, Some(LossLevel::Low));
        let rules: Vec<&str> = plan.actions.iter().map(|own| own.action.rule).collect();
        (rules.contains(&"log-group-infrequent-access"), told(&plan))
    };
    let (has, words) = rules(&BuiltIn::new());
    assert!(has, "{words}");
    let (has, words) = rules(&BuiltIn::without(Some("DataProcessingIA-Bytes")));
    assert!(!has, "{words}");
    assert!(words.contains("whether this saves anything is unknown"), "{words}");
}

#[test]
fn a_volume_given_beside_the_trails_that_cause_it_is_left_alone() {
    let given =
        "[[volume]]\naccount = \"111122223333\"\nregion = \"us-east-1\"\npaid_management_events = \"1M\"\n";
    let (told, rules) = told_of("us-east-1", given);
    assert_eq!(rules, ["billed-copies"], "{told}");
    let trails = "[[trail]]\nname = \"main\"\n[[trail]]\nname = \"second\"\n";
    let (told, rules) = told_of("us-east-1", &format!("{trails}{given}"));
    assert_eq!(rules, [""; 0], "{told}");
    assert!(told.contains("a given volume replaces what the trails would be charged"), "{told}");
}
