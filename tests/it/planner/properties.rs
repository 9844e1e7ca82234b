//! What holds for every plan, tried on random scenarios.

use super::{plan_of, told};
use crate::support::BuiltIn;
use proptest::prelude::*;
use trailcost::domain::{LossLevel, Money};

/// A trail's lines, but for its name.
fn trail() -> impl Strategy<Value = String> {
    let management = prop_oneof![
        3 => Just(""),
        1 => Just("management = \"write\"\n"),
        1 => Just("management = \"none\"\n"),
        1 => Just("exclude = [\"kms\"]\n"),
    ];
    let data = prop_oneof![
        2 => Just(""),
        1 => Just("data = [{ resource_type = \"AWS::S3::Object\" }]\n"),
        1 => Just("data = [{ resource_type = \"AWS::S3::Object\", access = \"write\" }]\n"),
        1 => Just("data = [{ resource_type = \"AWS::Lambda::Function\" }, { resource_type = \"AWS::S3::Object\", resources = [\"arn:aws:s3:::orders/\"] }]\n"),
    ];
    let insights = prop_oneof![
        3 => Just(""),
        1 => Just("insights = [\"ApiCallRateInsight\"]\n"),
        1 => Just("insights = [\"ApiCallRateInsight\", \"ApiErrorRateInsight\"]\n"),
    ];
    let to = prop_oneof![
        2 => Just(""),
        2 => Just("bucket = \"logs\"\n"),
        1 => Just("bucket = \"copies\"\nlog_group = \"cloudtrail\"\n"),
        1 => Just("bucket = \"logs\"\nsns_topic = \"files\"\n"),
    ];
    let place = prop_oneof![
        2 => Just("account = \"111122223333\"\n"),
        2 => Just("scope = \"organization\"\n"),
        1 => Just("account = \"*\"\n"),
        1 => Just("account = \"111122223333\"\nhome_region = \"eu-west-1\"\nmulti_region = false\n"),
    ];
    (place, management, data, insights, to)
        .prop_map(|(place, management, data, insights, to)| [place, management, data, insights, to].concat())
        // A trail that records nothing is refused.
        .prop_filter("records something", |own| {
            !own.contains("management = \"none\"") || own.contains("data =")
        })
        .prop_map(|own| {
            if own.contains("management = \"none\"") { own.replace("insights", "data_insights") } else { own }
        })
}

const DEMANDS: [&str; 8] = [
    "events = [{ management = \"all\" }]\n",
    "events = [{ management = \"none\", data = [{ resource_type = \"AWS::S3::Object\" }] }]\n",
    "insights = true\n",
    "cloudwatch_logs = true\n",
    "log_retention = \"180d\"\n",
    "buckets = [\"copies\"]\n",
    "retention = \"3y\"\n",
    "readable_within = { \"60d\" = \"0h\" }\n",
];

/// A scenario of some trails, without `[keep]`.
fn scenario(trails: &[String], volumes: &[u32]) -> String {
    let millions = |at: usize| format!("{}k", volumes[at]);
    let mut text = format!(
        "version = 1\nname = \"Random\"\nstart = \"2026-01\"\nmonths = 14\n\n\
         [[account]]\nid = \"111122223333\"\n\n[[account.activity]]\nregion = \"us-east-1\"\n\
         management = {{ read = \"{}\", write = \"{}\", kms_read = \"{}\" }}\n\
         data = [\n    {{ resource_type = \"AWS::S3::Object\", resource = \"arn:aws:s3:::orders/\", read = \"{}\", write = \"{}\" }},\n    \
         {{ resource_type = \"AWS::Lambda::Function\", write = \"{}\" }},\n]\n\n\
         [[account]]\nid = \"444455556666\"\nenvironment = \"test\"\n\n[[account.activity]]\nregion = \"eu-west-1\"\n\
         management = {{ read = \"{}\", write = \"{}\" }}\n\n",
        millions(0),
        millions(1),
        millions(2),
        millions(3),
        millions(4),
        millions(5),
        millions(6),
        millions(7),
    );
    for name in ["logs", "copies"] {
        text.push_str(&format!(
            "[[bucket]]\nname = \"{name}\"\naccount = \"111122223333\"\nregion = \"us-east-1\"\n\n"
        ));
    }
    text.push_str(
        "[[log_group]]\nname = \"cloudtrail\"\naccount = \"111122223333\"\nregion = \"us-east-1\"\n\n",
    );
    text.push_str("[[topic]]\nname = \"files\"\naccount = \"111122223333\"\nregion = \"us-east-1\"\nsubscriptions = [{ protocol = \"sqs\" }]\n\n");
    for (at, trail) in trails.iter().enumerate() {
        text.push_str(&format!("[[trail]]\nname = \"trail-{at}\"\n{trail}\n"));
    }
    text
}

fn keep(demands: &[usize]) -> String {
    let lines: String = demands.iter().map(|at| DEMANDS[*at]).collect();
    format!("[keep]\n{lines}")
}

/// Each case makes some plans: few cases, unless PROPTEST_CASES asks for more.
fn cases() -> ProptestConfig {
    let usual = ProptestConfig::default();
    if std::env::var_os("PROPTEST_CASES").is_some() { usual } else { ProptestConfig { cases: 10, ..usual } }
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn a_demand_more_never_makes_a_plan_cheaper(
        trails in prop::collection::vec(trail(), 1..4),
        volumes in prop::collection::vec(0_u32..20_000, 8),
        demands in prop::sample::subsequence((0..DEMANDS.len()).collect::<Vec<_>>(), 0..4),
        more in 0..DEMANDS.len(),
        accept in prop::sample::select(vec![LossLevel::Low, LossLevel::High]),
    ) {
        let built_in = BuiltIn::new();
        let text = scenario(&trails, &volumes);
        // `[keep] retention` also says when logs may be deleted: with it a plan may be cheaper.
        let mut demands = demands;
        demands.retain(|own| !DEMANDS[*own].starts_with("events"));
        let few = built_in.model(&format!("{text}{}", keep(&demands)));
        let plan = plan_of(&built_in, &few, Some(accept));
        prop_assert!(plan.after.total <= plan.before.total);
        prop_assert!(!plan.saving.total.is_negative());
        for own in &plan.actions {
            prop_assert!(own.in_plan.is_positive(), "{}\n{text}", told(&plan));
            prop_assert!(!own.alone.total.is_negative(), "{}\n{text}", told(&plan));
        }
        let sum = plan.actions.iter().fold(Money::ZERO, |sum, own| sum.checked_add(own.step.total).unwrap());
        prop_assert_eq!(sum, plan.saving.total);
        // Applied, it finds nothing more.
        let again = plan_of(&built_in, &plan.model, Some(accept));
        prop_assert!(again.actions.is_empty(), "{}then{}\n{text}", told(&plan), told(&again));
        // The other way round the trails are written.
        let turned: Vec<String> = trails.iter().rev().cloned().collect();
        let other = plan_of(&built_in, &built_in.model(&format!("{}{}", scenario(&turned, &volumes), keep(&demands))), Some(accept));
        prop_assert_eq!(other.after.total, plan.after.total, "{}{}\n{}", told(&plan), told(&other), text);
        if !DEMANDS[more].starts_with("retention") && !demands.contains(&more) {
            let mut stricter = demands.clone();
            stricter.push(more);
            let strict = plan_of(&built_in, &built_in.model(&format!("{text}{}", keep(&stricter))), Some(accept));
            prop_assert!(strict.after.total >= plan.after.total, "{}then with {}{}\n{text}", told(&plan), DEMANDS[more], told(&strict));
        }
    }
}
