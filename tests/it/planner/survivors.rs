//! Which of equal trails stays.

use super::{plan_of, told};
use crate::support::BuiltIn;
use trailcost::domain::LossLevel;

const ACTIVITY: &str = r#"
version = 1
name = "equal copies"
start = "2026-01"
months = 12

[[account]]
id = "111122223333"

[[account.activity]]
region = "us-east-1"
management = { read = "10M", write = "2M" }
"#;

/// Makes the plan of two trails, `a` and `z`, and returns the names that are left.
fn left(first: &str, second: &str, rest: &str, accept: LossLevel) -> (Vec<String>, String) {
    let built_in = BuiltIn::new();
    let text =
        format!("{ACTIVITY}\n[[trail]]\nname = \"a\"\n{first}\n[[trail]]\nname = \"z\"\n{second}\n{rest}\n");
    let model = built_in.model(&text);
    let plan = plan_of(&built_in, &model, Some(accept));
    (plan.model.inventory.trails.iter().map(|own| own.name.clone()).collect(), told(&plan))
}

#[test]
fn the_better_one_of_two_stays_wherever_it_stands() {
    let organization = "scope = \"organization\"";
    let own = "scope = \"account\"\naccount = \"111122223333\"";
    let buckets = "[[bucket]]\nname = \"short\"\nlifecycle = [{ after = \"90d\", expire = true }]\n\
                   [[bucket]]\nname = \"long\"\n";
    let cases = [
        ("organization", organization.to_owned(), own.to_owned(), ""),
        ("validation", format!("{own}\nlog_file_validation = true"), own.to_owned(), ""),
        ("encryption", format!("{own}\nkms = true"), own.to_owned(), ""),
        ("longer kept", format!("{own}\nbucket = \"long\""), format!("{own}\nbucket = \"short\""), buckets),
        (
            "kept in a copy",
            format!("{own}\nbucket = \"copied\""),
            format!("{own}\nbucket = \"short\""),
            "[[bucket]]\nname = \"short\"\nlifecycle = [{ after = \"90d\", expire = true }]\n\
             [[bucket]]\nname = \"copied\"\nlifecycle = [{ after = \"30d\", expire = true }]\n\
             replicate_to = [\"copies\"]\n[[bucket]]\nname = \"copies\"\n",
        ),
    ];
    for (name, better, other, rest) in cases {
        let (trails, told) = left(&better, &other, rest, LossLevel::Low);
        assert_eq!(trails, ["a"], "{name}: {told}");
        let (trails, told) = left(&other, &better, rest, LossLevel::Low);
        assert_eq!(trails, ["z"], "{name}: {told}");
    }
}

#[test]
fn what_each_has_and_the_other_has_not_keeps_both() {
    let own = "scope = \"account\"\naccount = \"111122223333\"";
    let (first, second) = (format!("{own}\nlog_file_validation = true"), format!("{own}\nkms = true"));
    let (trails, words) = left(&first, &second, "", LossLevel::Low);
    assert_eq!(trails, ["a", "z"], "{words}");
    assert!(words.contains("on the table"), "{words}");
    let (trails, words) = left(&first, &second, "", LossLevel::Medium);
    assert_eq!(trails.len(), 1, "{words}");
    assert!(words.contains("of events still recorded"), "{words}");
    // What a profile demands, no accepted loss outweighs: an unencrypted trail is against it already.
    for (profile, stays) in [("cis-aws-5.0.0", 2), ("pci-dss", 1)] {
        let keep = format!("[keep]\nprofiles = [\"{profile}\"]\n");
        let (trails, words) = left(&first, &second, &keep, LossLevel::High);
        assert_eq!(trails.len(), stays, "{profile}: {words}");
    }
}

#[test]
fn the_trail_of_every_account_is_not_given_up_for_those_of_the_accounts_named() {
    let (trails, words) =
        left("scope = \"organization\"", "account = \"*\"\nlog_file_validation = true", "", LossLevel::High);
    assert_eq!(trails, ["a"], "{words}");
}
