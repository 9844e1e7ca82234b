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

#[test]
fn a_trail_stays_for_what_it_feeds() {
    let own = "scope = \"account\"\naccount = \"111122223333\"";
    let group = "[[log_group]]\nname = \"searched\"\n";
    let feeds = format!("{own}\nlog_group = \"searched\"");
    let (trails, words) = left(own, &feeds, group, LossLevel::Low);
    assert_eq!(trails, ["z"], "{words}");
    // Another group of the same events stays: what is lost is that there are two.
    let other = format!("{own}\nlog_group = \"other\"");
    let both = "[[log_group]]\nname = \"searched\"\n[[log_group]]\nname = \"other\"\n";
    let (trails, words) = left(&other, &feeds, both, LossLevel::Low);
    assert_eq!(trails.len(), 1, "{words}");
    let (trails, words) = left(&other, &feeds, both, LossLevel::None);
    assert_eq!(trails.len(), 2, "{words}");
    let read = "[[bucket]]\nname = \"read\"\n[[bucket]]\nname = \"plain\"\n[[reader]]\nname = \"siem\"\nbucket = \
                \"read\"\nhow = \"get\"\ntimes = 1\nlogs = { from = \"0d\", to = \"1d\" }\n";
    let (plain, polled) = (format!("{own}\nbucket = \"plain\""), format!("{own}\nbucket = \"read\""));
    for (first, second, stays) in [(&plain, &polled, "z"), (&polled, &plain, "a")] {
        let (trails, words) = left(first, second, read, LossLevel::Low);
        assert_eq!(trails, [stays], "{words}");
        let (_, words) =
            left(first, second, &format!("{read}[keep]\nbuckets = [\"plain\"]\n"), LossLevel::Medium);
        assert!(words.contains("what reads the bucket `read` (siem)"), "{words}");
    }
    // Notices of log files are a small loss, and a named one.
    let topic = "[[topic]]\nname = \"notices\"\nsubscriptions = [{ protocol = \"sqs\", count = 1 }]\n";
    let tells = format!("{own}\nsns_topic = \"notices\"");
    let (trails, words) = left(&tells, &tells, topic, LossLevel::None);
    assert_eq!(trails.len(), 1, "{words}");
    let (trails, words) = left(own, &tells, topic, LossLevel::None);
    assert_eq!(trails, ["z"], "{words}");
    let (_, words) = left(own, &tells, topic, LossLevel::Low);
    assert!(
        words.contains("notices of log files to `notices`") || words.contains("Stop notifying"),
        "{words}"
    );
}
