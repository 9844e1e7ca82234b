//! What a lifecycle takes from those who read the logs.

use super::{plan_of, told};
use crate::support::BuiltIn;
use trailcost::domain::{LifecycleAction, LossLevel, Model, Money};
use trailcost::recommend::{Forbidden, Plan};

fn plan(bucket: &str, rest: &str, accept: LossLevel) -> (Model, Plan) {
    let text = format!(
        r#"
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
{bucket}

{rest}
"#
    );
    let built_in = BuiltIn::new();
    let model = built_in.model(&text);
    let plan = plan_of(&built_in, &model, Some(accept));
    (model, plan)
}

/// The ages in days at which the bucket `logs` archives and deletes.
fn ages(plan: &Plan) -> (Option<u32>, Option<u32>) {
    let bucket = plan.model.inventory.buckets.iter().find(|own| own.name == "logs").unwrap();
    let first = |wanted: &dyn Fn(LifecycleAction) -> bool| {
        bucket.lifecycle.iter().filter(|own| wanted(own.action)).map(|own| own.after.days()).min()
    };
    let archives = |own| matches!(own, LifecycleAction::Transition(class) if class.is_archive());
    (first(&archives), first(&|own| own == LifecycleAction::Expire))
}

#[test]
fn archiving_is_a_loss_by_its_age_and_what_is_not_accepted_has_its_price() {
    let cases = [
        (LossLevel::None, None, vec![LossLevel::Low, LossLevel::Medium]),
        (LossLevel::Low, Some(90), vec![LossLevel::Medium]),
        (LossLevel::Medium, Some(0), vec![]),
        (LossLevel::High, Some(0), vec![]),
    ];
    let mut cheapest: Option<(Money, Money)> = None;
    for (accept, archived, on_the_table) in cases {
        let (_, plan) = plan("", "", accept);
        assert_eq!(ages(&plan), (archived, None), "{accept:?}: {}", told(&plan));
        let lifecycles = plan.on_the_table.iter().filter(|own| own.action.rule == "lifecycle");
        let mut forbidden: Vec<Forbidden> = lifecycles.map(|own| own.forbidden.clone()).collect();
        forbidden.sort();
        let expected: Vec<Forbidden> = on_the_table.into_iter().map(Forbidden::Loss).collect();
        assert_eq!(forbidden, expected, "{}", told(&plan));
        // What stands on the table is the difference between the plans.
        let costs = plan.after.total;
        if let Some((before, next)) = cheapest {
            assert_eq!(Some(next), before.checked_sub(costs), "{}", told(&plan));
        }
        let more = plan.on_the_table.iter().filter(|own| own.action.rule == "lifecycle");
        cheapest = more.map(|own| (costs, own.price.total)).min_by_key(|(_, price)| *price);
    }
}

#[test]
fn what_is_archived_today_is_no_loss() {
    let today =
        "lifecycle = [{ after = \"10d\", to = \"GLACIER\" }, { after = \"120d\", to = \"DEEP_ARCHIVE\" }]";
    let (_, none) = plan(today, "", LossLevel::None);
    assert_eq!(ages(&none).0, Some(120), "{}", told(&none));
    assert!(none.actions.iter().all(|own| own.given_up.what.is_empty()), "{}", told(&none));
    // Twelve hours instead of five, from 90 to 120 days.
    let (_, low) = plan(today, "", LossLevel::Low);
    assert_eq!(ages(&low).0, Some(90), "{}", told(&low));
    assert!(low.actions.iter().any(|own| own.given_up.what.len() == 1), "{}", told(&low));
}

#[test]
fn a_copy_that_is_kept_as_long_as_demanded_lets_the_source_go_when_it_goes_today() {
    let bucket = "replicate_to = [\"copies\"]\nlifecycle = [{ after = \"400d\", expire = true }]";
    let rest = |life: &str| format!("[[bucket]]\nname = \"copies\"\n{life}\n[keep]\nretention = \"2y\"\n");
    let (_, kept) = plan(bucket, &rest(""), LossLevel::Low);
    assert_eq!(ages(&kept).1, Some(400), "{}", told(&kept));
    let (_, short) = plan(bucket, &rest("lifecycle = [{ after = \"500d\", expire = true }]"), LossLevel::Low);
    let lifecycle = short.actions.iter().any(|own| own.action.title.contains("`logs`"));
    assert!(!lifecycle || ages(&short).1 == Some(730), "{}", told(&short));
}
