//! What compliance profiles forbid a plan.

use super::{plan_of, told};
use crate::support::BuiltIn;
use trailcost::domain::{
    AdvancedEventSelector, ComplianceProfile, Demands, LifecycleAction, LifecycleRule, LossLevel, Model,
};
use trailcost::recommend::{Edit, Forbidden, Plan, TrailKey, profile};

/// Makes the plan of a scenario to which these profiles apply, with whatever may be lost.
fn plan(built_in: &BuiltIn, text: &str, profiles: &[&str]) -> (Model, Plan) {
    let list: Vec<String> = profiles.iter().map(|id| format!("\"{id}\"")).collect();
    let model = built_in.model(&format!("{text}\n[keep]\nprofiles = [{}]\n", list.join(", ")));
    let plan = plan_of(built_in, &model, Some(LossLevel::High));
    (model, plan)
}

fn edits(plan: &Plan) -> Vec<&Edit> {
    plan.actions.iter().flat_map(|own| &own.action.edits).collect()
}

/// The controls that forbid something.
fn forbidding(built_in: &BuiltIn, model: &Model, plan: &Plan) -> Vec<String> {
    let demands = profile::demands(&model.demands.profiles, &built_in.compliance);
    let of = |forbidden| match forbidden {
        Forbidden::Demand(at) => Some(demands[at].by.clone()),
        _ => None,
    };
    plan.on_the_table.iter().filter_map(|own| of(own.forbidden.clone())).collect()
}

const TWO_REGIONS: &str = r#"
version = 1
name = "two Regions"
start = "2026-01"
months = 12

[[account]]
id = "111122223333"

[[account.activity]]
region = "us-east-1"
management = { read = "10M", write = "2M" }

[[account.activity]]
region = "eu-west-1"
management = { read = "10M", write = "2M" }

[[trail]]
name = "east"
multi_region = false
home_region = "us-east-1"

[[trail]]
name = "everywhere"
log_group = "expensive"

[[log_group]]
name = "expensive"
"#;

/// A profile of one control that keeps such events.
fn keeping(events: Vec<AdvancedEventSelector>, built_in: &BuiltIn) -> ComplianceProfile {
    let mut own = built_in.compliance[0].clone();
    "own".clone_into(&mut own.id);
    own.controls.truncate(1);
    own.controls[0].keep = Demands { events, ..Demands::default() };
    own
}

#[test]
fn the_only_trail_of_a_region_stays_where_its_writes_are_demanded() {
    let mut built_in = BuiltIn::new();
    let writes = AdvancedEventSelector::management(
        trailcost::domain::Access::Write,
        &std::collections::BTreeSet::new(),
    );
    built_in.compliance.push(keeping(vec![writes], &built_in));
    for profiles in [&["own"][..], &["cis-aws-5.0.0"], &["pci-dss", "hipaa"]] {
        let (model, plan) = plan(&built_in, TWO_REGIONS, profiles);
        let [east, everywhere] = &model.inventory.trails[..] else { panic!("{:?}", model.inventory.trails) };
        let edits = edits(&plan);
        assert!(edits.contains(&&Edit::RemoveTrail(TrailKey::of(east))), "{}", told(&plan));
        let key = TrailKey::of(everywhere);
        let records_less = [
            Edit::RemoveTrail(key.clone()),
            Edit::StopManagement(key.clone()),
            Edit::ManagementWriteOnly(key.clone()),
        ];
        assert!(!records_less.iter().any(|edit| edits.contains(&edit)), "{}", told(&plan));
        // What the frameworks say of CloudWatch Logs, management events alone do not.
        let detached = edits.contains(&&Edit::DetachLogGroup(key));
        assert_eq!(detached, profiles != ["cis-aws-5.0.0"], "{}", told(&plan));
    }
}

const DATA: &str = r#"
version = 1
name = "data events"
start = "2026-01"
months = 12

[[account]]
id = "111122223333"

[[account.activity]]
region = "us-east-1"
management = { read = "1M", write = "200k" }
data = [
    { resource_type = "AWS::S3::Object", read = "40M", write = "3M" },
    { resource_type = "AWS::DynamoDB::Table", read = "10M", write = "5M" },
]

[[trail]]
name = "main"
data = [{ resource_type = "AWS::S3::Object" }, { resource_type = "AWS::DynamoDB::Table" }]
"#;

#[test]
fn a_control_that_keeps_data_events_is_named() {
    let built_in = BuiltIn::new();
    let (_, free) = plan(&built_in, DATA, &[]);
    assert!(free.after.total < free.before.total, "{}", told(&free));
    let (model, cis) = plan(&built_in, DATA, &["cis-aws-5.0.0"]);
    let forbidding_cis = forbidding(&built_in, &model, &cis);
    let by = "CIS AWS Foundations Benchmark 5.0.0, 3.9".to_owned();
    assert!(forbidding_cis.contains(&by), "{forbidding_cis:?}\n{}", told(&cis));
    // The benchmark says nothing of tables.
    assert!(edits(&cis).iter().all(|own| !format!("{own:?}").contains("S3")), "{}", told(&cis));
    assert!(cis.after.total > free.after.total && cis.after.total < cis.before.total, "{}", told(&cis));
    let (model, pci) = plan(&built_in, DATA, &["pci-dss"]);
    assert_eq!(pci.after.total, pci.before.total, "{}", told(&pci));
    let forbidding_pci = forbidding(&built_in, &model, &pci);
    assert!(forbidding_pci.contains(&"PCI DSS 4.0.1, 10.2.1.1".to_owned()), "{forbidding_pci:?}");
}

const BUCKET: &str = r#"
version = 1
name = "bucket"
start = "2026-01"
months = 24

[[account]]
id = "111122223333"

[[trail]]
name = "main"
bucket = "logs"
log_files = 20_000
log_bytes = "40 GiB"

[[bucket]]
name = "logs"
"#;

/// The steps of the lifecycle that a plan sets, in words.
fn lifecycle(built_in: &BuiltIn, text: &str, profiles: &[&str]) -> String {
    let (_, plan) = plan(built_in, text, profiles);
    let rules = edits(&plan).into_iter().find_map(|own| match own {
        Edit::Lifecycle(_, rules) => Some(rules),
        _ => None,
    });
    let step = |own: &LifecycleRule| match own.action {
        LifecycleAction::Transition(to) => format!("{} {}", own.after.days(), to.name()),
        LifecycleAction::Expire => format!("{} deleted", own.after.days()),
    };
    rules.map_or_else(String::new, |own| own.iter().map(step).collect::<Vec<_>>().join(", "))
}

#[test]
fn ninety_days_are_read_at_once_and_nothing_is_deleted_early() {
    let built_in = BuiltIn::new();
    let with = |rest: &str| format!("{BUCKET}{rest}");
    for (text, profiles, expected) in [
        (with(""), &[][..], "0 DEEP_ARCHIVE"),
        // A year at least: that is no leave to delete.
        (with(""), &["pci-dss"], "0 GLACIER_IR, 90 DEEP_ARCHIVE"),
        (
            with("lifecycle = [{ after = \"500d\", expire = true }]"),
            &["pci-dss"],
            "0 GLACIER_IR, 90 DEEP_ARCHIVE, 500 deleted",
        ),
        (with("lifecycle = [{ after = \"30d\", expire = true }]"), &["pci-dss"], ""),
    ] {
        assert_eq!(lifecycle(&built_in, &text, profiles), expected, "{text}");
    }
}
