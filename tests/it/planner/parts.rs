//! What is recorded, delivered or kept in part, and what many accounts have alike only in part.

use super::{plan_of, told};
use crate::support::BuiltIn;
use trailcost::domain::LossLevel;
use trailcost::recommend::Plan;

fn plan(text: &str, accept: LossLevel) -> Plan {
    let built_in = BuiltIn::new();
    let head = "version = 1\nname = \"parts\"\nstart = \"2026-01\"\nmonths = 12\n";
    let model = built_in.model(&format!("{head}{text}"));
    plan_of(&built_in, &model, Some(accept))
}

fn rules(plan: &Plan) -> Vec<&'static str> {
    plan.actions.iter().map(|own| own.action.rule).collect()
}

const BUSY: &str = r#"
[[account]]
id = "111122223333"
[[account.activity]]
region = "us-east-1"
management = { read = "10M", write = "2M" }
data = [
    { resource_type = "AWS::S3::Object", resource = "arn:aws:s3:::orders/", read = "40M", write = "3M" },
    { resource_type = "AWS::S3::Object", resource = "arn:aws:s3:::photos/", read = "40M", write = "3M" },
]
"#;

#[test]
fn two_parts_of_a_class_are_more_than_one() {
    let trails = |first: &str, second: &str| {
        let trail = |name: &str, management: &str, own: &str| {
            let resources = format!("[\"arn:aws:s3:::photos/\", \"{own}\"]");
            let data = format!("data = [{{ resource_type = \"AWS::S3::Object\", resources = {resources} }}]");
            format!("[[trail]]\nname = \"{name}\"\nmanagement = \"{management}\"\n{data}\n")
        };
        format!("{BUSY}{}{}", trail("a", "all", first), trail("b", "none", second))
    };
    let (old, new) = ("arn:aws:s3:::orders/2025/", "arn:aws:s3:::orders/2026/");
    let different = plan(&trails(old, new), LossLevel::None);
    let records_both = |plan: &Plan| {
        let text = format!("{:?}", plan.model.inventory.trails);
        text.contains(old) && text.contains(new)
    };
    assert!(records_both(&different), "{}", told(&different));
    // The same part twice is once too much.
    let same = plan(&trails(old, old), LossLevel::None);
    assert!(same.after.total < different.after.total, "{}", told(&same));
    assert!(format!("{:?}", same.model.inventory.trails).contains(old), "{}", told(&same));
}

#[test]
fn what_a_log_group_or_a_reader_receives_is_looked_at_class_by_class() {
    let text = format!(
        "{BUSY}[[trail]]\nname = \"first\"\n[[trail]]\nname = \"team\"\nbucket = \"logs\"\nlog_group = \"group\"\n\
         [[bucket]]\nname = \"logs\"\n[[log_group]]\nname = \"group\"\n[[reader]]\nname = \"siem\"\nbucket = \"logs\"\n\
         how = \"get\"\ntimes = 1\nlogs = {{ to = \"1d\" }}\n"
    );
    for keep in ["", "[keep]\ncloudwatch_logs = true\nbuckets = [\"logs\"]\n"] {
        for accept in [LossLevel::None, LossLevel::Low] {
            let plan = plan(&format!("{text}{keep}"), accept);
            let team = plan.model.inventory.trails.iter().find(|own| own.name == "team").unwrap();
            assert_eq!(format!("{:?}", team.selectors).matches("read_only").count(), 0, "{}", told(&plan));
            assert!(!rules(&plan).contains(&"write-only-copy"), "{}", told(&plan));
        }
    }
    // Nothing but the money speaks for both: the copy that nobody reads goes.
    let low = plan(&text, LossLevel::Low);
    assert_eq!(low.model.inventory.trails.len(), 1, "{}", told(&low));
    assert!(low.actions.iter().all(|own| own.given_up.level <= LossLevel::Low), "{}", told(&low));
}

#[test]
fn a_profile_that_asks_for_a_year_does_not_make_longer_kept_logs_worthless() {
    let text = format!(
        "{BUSY}[[trail]]\nname = \"long\"\nbucket = \"long\"\n[[trail]]\nname = \"short\"\nbucket = \"short\"\n\
         [[bucket]]\nname = \"long\"\n[[bucket]]\nname = \"short\"\nlifecycle = [{{ after = \"1y\", expire = true }}]\n"
    );
    for keep in ["", "[keep]\nprofiles = [\"pci-dss\"]\n"] {
        let plan = plan(&format!("{text}{keep}"), LossLevel::Low);
        let left: Vec<&str> = plan.model.inventory.trails.iter().map(|own| own.name.as_str()).collect();
        assert_eq!(left, ["long"], "{}", told(&plan));
    }
    // By the scenario's own word a year is enough: either may go.
    let plan = plan(&format!("{text}[keep]\nretention = \"1y\"\n"), LossLevel::Low);
    assert_eq!(plan.model.inventory.trails.len(), 1, "{}", told(&plan));
}

#[test]
fn many_accounts_are_told_together_only_where_they_are_set_up_alike() {
    let mut text = String::new();
    for at in 0..15 {
        let id = format!("1000000000{at:02}");
        text.push_str(&format!(
            "[[account]]\nid = \"{id}\"\n[[account.activity]]\nregion = \"us-east-1\"\nmanagement = {{ read = \"10M\" }}\n"
        ));
        for trail in 0..3 {
            // In three of five accounts one trail is better than the others, and not always the same one.
            let better = at % 5 < 3 && trail == at % 3;
            text.push_str(&format!(
                "[[trail]]\nname = \"t{trail}\"\naccount = \"{id}\"\nlog_file_validation = {better}\n"
            ));
        }
    }
    let plan = plan(&text, LossLevel::Low);
    assert_eq!(plan.after.total, trailcost::domain::Money::ZERO, "{}", told(&plan));
    assert_eq!(plan.model.inventory.trails.len(), 15, "{}", told(&plan));
    let better =
        plan.model.inventory.trails.iter().filter(|own| own.delivery.log_file_validation == Some(true));
    assert_eq!(better.count(), 9, "{}", told(&plan));
}

#[test]
fn a_demand_on_what_is_needed_anyway_makes_nothing_cheaper() {
    let read = format!(
        "{BUSY}[[trail]]\nname = \"first\"\nbucket = \"main\"\n[[trail]]\nname = \"polled\"\nbucket = \"polled\"\n\
         [[bucket]]\nname = \"main\"\n[[bucket]]\nname = \"polled\"\n[[reader]]\nname = \"siem\"\nbucket = \"polled\"\n\
         how = \"get\"\ntimes = 1\nlogs = {{ to = \"1d\" }}\n[[reader]]\nname = \"audit\"\nbucket = \"main\"\n\
         how = \"get\"\ntimes = 1\nlogs = {{ to = \"1d\" }}\n"
    );
    let watched = format!(
        "{BUSY}[[trail]]\nname = \"only\"\nbucket = \"logs\"\nlog_group = \"group\"\n[[bucket]]\nname = \"logs\"\n\
         [[log_group]]\nname = \"group\"\n"
    );
    for (text, keep) in [
        (&read, "buckets = [\"polled\"]"),
        (&read, "buckets = [\"polled\", \"main\"]"),
        (&watched, "log_retention = \"30d\""),
        (&watched, "log_retention = \"1y\""),
        (&watched, "profiles = [\"pci-dss\"]"),
    ] {
        for accept in LossLevel::ALL {
            let free = plan(text, accept);
            let kept = plan(&format!("{text}[keep]\n{keep}\n"), accept);
            assert!(kept.after.total >= free.after.total, "{keep}: {} {}", told(&free), told(&kept));
        }
    }
    let replaced = plan(&read, LossLevel::Low);
    assert!(rules(&replaced).contains(&"replicate-instead-of-trail"), "{}", told(&replaced));
}

#[test]
fn every_loss_of_the_plan_is_told_of_an_action() {
    let insights = format!(
        "{BUSY}[[trail]]\nname = \"only\"\ndata = [{{ resource_type = \"AWS::S3::Object\" }}]\n\
         data_insights = [\"ApiCallRateInsight\"]\n"
    );
    // Reads go, and with them their analyses; then those of writes.
    let reads_first = plan(&insights, LossLevel::Medium);
    assert_eq!(rules(&reads_first), ["data-events-write-only", "insights-off"], "{}", told(&reads_first));
    for own in &reads_first.actions {
        assert_eq!(own.given_up.level, LossLevel::Medium, "{}", told(&reads_first));
        assert!(!own.given_up.what.is_empty(), "{}", told(&reads_first));
    }
    assert!(reads_first.actions[1].given_up.what[0].contains("ApiCallRateInsight"), "{}", told(&reads_first));
    // Whichever of both trails goes, it is the last but one that feeds the group: told once, of the first.
    let fed = format!(
        "{BUSY}[[trail]]\nname = \"a\"\nlog_group = \"group\"\nbucket = \"a\"\n[[trail]]\nname = \"b\"\n\
         log_group = \"group\"\nbucket = \"b\"\n[[trail]]\nname = \"c\"\n[[bucket]]\nname = \"a\"\n[[bucket]]\n\
         name = \"b\"\n[[log_group]]\nname = \"group\"\n"
    );
    let emptied = plan(&fed, LossLevel::High);
    let losses = emptied.actions.iter().flat_map(|own| &own.given_up.what);
    let group_left = emptied.model.inventory.trails.iter().any(|own| own.delivery.log_group.is_some());
    let named = losses.filter(|own| own.contains("the log group `group`")).count();
    assert_eq!(named > 0, !group_left, "{}", told(&emptied));
}
