//! A scenario and the bill made of it reconcile to nothing; every planted difference is found and named.

use crate::generated_bill::{
    bill_of, charge, first_months, money, quantity, scale, whole_month, without_prices,
};
use crate::support::{BuiltIn, root};
use proptest::prelude::*;
use rust_decimal::Decimal;
use std::fs;
use trailcost::domain::{Bill, BilledLine, ChargeCategory, Model, Money};
use trailcost::pricing::FreeTiers;
use trailcost::reconcile::{CauseKind, MeasuredSide, Question, ReconcileError, Reconciliation, reconcile};
use trailcost::usage::UsagePlan;

/// Two accounts in two Regions, events recorded once more than is free in one of them; June has 30 days.
///
/// A month costs $400 + $80 of management copies, $15 + $4 of data events, $7 of Insights: $506.
pub(crate) const SCENARIO: &str = r#"
version = 1
name = "Two accounts"
start = "2026-06"
months = 2

[[volume]]
account = "111122223333"
region = "us-east-1"
free_management_events = "20M"
paid_management_events = "20M"
s3_data_events = "10M"
lambda_data_events = "5M"
insights_events = "2M"

[[volume]]
account = "444455556666"
region = "eu-west-1"
free_management_events = "4M"
paid_management_events = "4M"
other_data_events = "4M"
"#;

pub(crate) struct Case {
    pub(crate) built_in: BuiltIn,
    pub(crate) model: Model,
    pub(crate) bill: Bill,
    pub(crate) measured: Option<Model>,
    pub(crate) tolerance: Decimal,
}

impl Case {
    pub(crate) fn new(scenario: &str) -> Self {
        let built_in = BuiltIn::new();
        let model = built_in.model(scenario);
        let bill = bill_of(&built_in, &model);
        Self { built_in, model, bill, measured: None, tolerance: Decimal::new(2, 2) }
    }

    /// The usual scenario's first month only.
    pub(crate) fn june() -> Self {
        let mut case = Self::new(SCENARIO);
        first_months(&mut case.bill, 1);
        case
    }

    pub(crate) fn try_run(&self) -> Result<Reconciliation, ReconcileError> {
        // A row has as many digits as the sums of rows, or more.
        let of_sums = self.bill.lines.iter().map(|line| line.billed_cost.digits()).max().unwrap_or(0);
        let bill = Bill { cost_digits: self.bill.cost_digits.max(of_sums), ..self.bill.clone() };
        let plan = UsagePlan::new(&self.model).unwrap();
        let measured = self.measured.as_ref().map(|model| UsagePlan::new(model).unwrap());
        let none = FreeTiers::default();
        reconcile(&Question {
            model: &self.model,
            usage: &plan,
            card: &self.built_in.card,
            free_tiers: if self.model.free_tier { &self.built_in.free_tiers } else { &none },
            measured: self.measured.as_ref().zip(measured.as_ref()).map(|(model, plan)| MeasuredSide {
                name: &model.name,
                usage: plan,
                terms: &[],
            }),
            bill: Some(&bill),
            month: None,
            tolerance: self.tolerance,
        })
    }

    pub(crate) fn run(&self) -> Reconciliation {
        let found = self.try_run().unwrap();
        assert_sums(&found);
        found
    }

    /// Runs, and compares causes with their amounts and what is left.
    pub(crate) fn assert_finds(&self, expected: &[(CauseKind, &str)], unexplained: &str) -> Reconciliation {
        let found = self.run();
        let causes: Vec<(CauseKind, String)> =
            found.causes.iter().map(|cause| (cause.kind, cause.amount.to_string())).collect();
        let expected: Vec<(CauseKind, String)> =
            expected.iter().map(|(kind, amount)| (*kind, (*amount).to_owned())).collect();
        assert_eq!(causes, expected, "{:#?}", found.left());
        assert_eq!(found.total.unexplained.to_string(), unexplained, "{:#?}", found.left());
        for cause in &found.causes {
            assert!(!cause.evidence.is_empty(), "{:?} has no evidence", cause.kind);
        }
        found
    }
}

pub(crate) fn is(usage_type: &'static str) -> impl Fn(&BilledLine) -> bool {
    move |line| line.usage_type == usage_type
}

pub(crate) fn all(_: &BilledLine) -> bool {
    true
}

/// What must hold of every reconciliation, exactly.
pub(crate) fn assert_sums(found: &Reconciliation) {
    let minus = |one: Money, two: Money| one.checked_sub(two).unwrap();
    let plus = |one: Money, two: Money| one.checked_add(two).unwrap();
    let total = found.total;
    assert_eq!(minus(total.found, total.estimated), plus(total.explained, total.unexplained));
    let causes = found.causes.iter().fold(Money::ZERO, |sum, cause| plus(sum, cause.amount));
    assert_eq!(causes, total.explained);
    let mut months = (Money::ZERO, Money::ZERO);
    for row in &found.months {
        months = (plus(months.0, row.sums.found), plus(months.1, row.sums.unexplained));
    }
    assert_eq!(months, (total.found, total.unexplained));
    for line in &found.lines {
        let explained = line.parts.iter().fold(Money::ZERO, |sum, part| plus(sum, part.amount));
        assert_eq!(line.difference, plus(explained, line.unexplained), "{:?}", line.key);
        if let (Some(volume), Some(price)) = (line.volume_variance, line.price_variance) {
            assert_eq!(line.difference, plus(volume, price), "{:?}", line.key);
        }
        let cost = |side: Option<trailcost::reconcile::SideAmount>| side.map_or(Money::ZERO, |own| own.cost);
        assert_eq!(line.difference, minus(cost(line.found), cost(line.estimated)));
    }
}

#[test]
fn a_scenario_and_its_bill_reconcile_to_nothing() {
    let case = Case::new(SCENARIO);
    let found = case.assert_finds(&[], "0");
    assert_eq!(
        (found.total.estimated.to_string(), found.total.found.to_string()),
        ("1012".into(), "1012".into())
    );
    assert_eq!(found.months.len(), 2);
    assert!(!found.exceeded());
}

#[test]
fn every_shipped_scenario_reconciles_with_its_own_bill() {
    let mut seen = 0;
    for entry in fs::read_dir(root().join("scenarios")).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        if !name.ends_with(".toml") || name == "defaults.toml" {
            continue;
        }
        let case = Case::new(&fs::read_to_string(&path).unwrap());
        let estimate = case.built_in.estimate(&case.model, None);
        let found = case.run();
        assert_eq!(found.causes, vec![], "{name}");
        assert!(found.lines.iter().all(|line| line.unexplained.is_zero()), "{name}");
        assert!(found.apart.is_empty(), "{name}: {:?}", found.apart);
        assert_eq!(found.total.incomplete, !estimate.is_complete(), "{name}");
        assert_eq!(found.total.estimated, estimate.total.total.contracted, "{name}");
        seen += 1;
    }
    assert!(seen >= 9, "{seen}");
}

#[test]
fn an_unmeasured_region() {
    let mut case = Case::june();
    for line in case.bill.lines.clone().iter().filter(|line| line.usage_type == "DataEventsRecorded") {
        let region = Some(trailcost::domain::RegionCode::new("ap-southeast-2"));
        case.bill.lines.push(BilledLine { region, ..line.clone() });
    }
    // The 15 M and 4 M data events again, at $1 a million.
    let found = case.assert_finds(&[(CauseKind::UnmeasuredRegion, "19")], "0");
    assert!(found.causes[0].evidence[0].contains("ap-southeast-2 of 111122223333"), "{:?}", found.causes);
}

#[test]
fn an_account_that_the_scenario_does_not_have() {
    let mut case = Case::june();
    let line = case.bill.lines.iter().find(|line| line.usage_type == "InsightsEvents").unwrap().clone();
    case.bill.lines.push(BilledLine { account: Some("777788889999".parse().unwrap()), ..line });
    case.assert_finds(&[(CauseKind::UnknownAccount, "7")], "0");
}

#[test]
fn a_usage_type_that_the_scenario_does_not_have() {
    let mut case = Case::june();
    let line = case.bill.lines.iter().find(|line| line.usage_type == "InsightsEvents").unwrap().clone();
    let of = |usage_type: &str, cost: &str| BilledLine {
        usage_type: usage_type.to_owned(),
        quantity: quantity("1000000"),
        billed_cost: money(cost),
        list_cost: None,
        contracted_cost: None,
        ..line.clone()
    };
    // One with a price in the tables, one without.
    case.bill.lines.push(of("NetworkEventsRecorded", "1"));
    case.bill.lines.push(of("NobodyKnows-Bytes", "3.5"));
    let found = case.assert_finds(&[(CauseKind::NotModelled, "4.5")], "0");
    let unpriced = found.lines.iter().find(|line| line.key.usage_type == "NobodyKnows-Bytes").unwrap();
    assert_eq!((unpriced.volume_variance, unpriced.repriced), (None, None));
}

#[test]
fn half_a_month() {
    let mut case = Case::june();
    scale(&mut case.bill, all, (15, 30));
    case.bill.months[0].last_day = "2026-06-15".parse().unwrap();
    let found = case.assert_finds(&[(CauseKind::PartialMonth, "-253")], "0");
    assert_eq!(
        found.causes[0].evidence,
        ["2026-06: the bill covers 15 of 30 days (2026-06-01 to 2026-06-15)"]
    );
}

#[test]
fn half_the_volume_without_half_a_month_stays() {
    let mut case = Case::june();
    scale(&mut case.bill, all, (1, 2));
    let found = case.assert_finds(&[], "-253");
    assert!(found.exceeded());
}

#[test]
fn days_without_rows_are_no_partial_month_where_quantities_are_whole() {
    let mut case = Case::june();
    case.bill.months[0].last_day = "2026-06-15".parse().unwrap();
    let found = case.assert_finds(&[], "0");
    assert!(found.notes[0].contains("it is not taken as partial"), "{:?}", found.notes);
}

#[test]
fn a_doubled_trail() {
    let mut case = Case::june();
    // One more paid copy of the 20 M events of the first account: $400; its data events twice: $15 more.
    let first = |line: &BilledLine| line.account.as_ref().unwrap().as_str() == "111122223333";
    scale(&mut case.bill, |line| first(line) && line.usage_type == "PaidEventsRecorded", (2, 1));
    scale(&mut case.bill, |line| first(line) && line.usage_type == "DataEventsRecorded", (2, 1));
    let found = case.assert_finds(&[(CauseKind::FurtherCopies, "415")], "0");
    assert_eq!(
        found.causes[0].evidence,
        [
            "111122223333 us-east-1 2026-06: 40,000,000 PaidEventsRecorded billed, 20,000,000 in the scenario: 1 copy more of 20,000,000 events",
            "111122223333 us-east-1 2026-06: 30,000,000 DataEventsRecorded billed, 15,000,000 in the scenario: 1 copy more of 15,000,000 events",
        ]
    );
}

#[test]
fn a_first_further_copy_is_a_doubled_trail_too() {
    // The scenario has one trail, so that nothing is paid; the bill has a second one.
    let scenario = SCENARIO
        .replace("paid_management_events = \"20M\"\n", "")
        .replace("paid_management_events = \"4M\"\n", "");
    let mut case = Case::new(&scenario);
    case.bill = bill_of(&case.built_in, &case.built_in.model(SCENARIO));
    first_months(&mut case.bill, 1);
    case.assert_finds(&[(CauseKind::FurtherCopies, "480")], "0");
}

#[test]
fn a_copy_that_is_not_billed() {
    let mut case = Case::june();
    scale(&mut case.bill, is("PaidEventsRecorded"), (0, 1));
    case.assert_finds(&[(CauseKind::FewerCopies, "-480")], "0");
}

#[test]
fn nearly_twice_is_no_doubled_trail() {
    for (times, tens) in [(19, 10), (21, 10), (15, 10), (3, 2)] {
        let mut case = Case::june();
        scale(&mut case.bill, is("PaidEventsRecorded"), (times, tens));
        scale(&mut case.bill, is("DataEventsRecorded"), (times, tens));
        let found = case.run();
        assert_eq!(found.causes, vec![], "{times}/{tens}");
        assert!(found.exceeded());
    }
}

#[test]
fn more_events_in_every_copy_are_growth_and_a_doubled_trail_shows_through_it() {
    let mut case = Case::june();
    scale(&mut case.bill, |line| line.usage_type.contains("EventsRecorded"), (11, 10));
    // 10 % more of $499; nothing explains it.
    case.assert_finds(&[], "49.9");
    // A copy more of the 22 M and 4.4 M events: $440 + $88.
    scale(&mut case.bill, is("PaidEventsRecorded"), (2, 1));
    case.assert_finds(&[(CauseKind::FurtherCopies, "528")], "49.9");
}

#[test]
fn a_free_first_copy() {
    // The scenario says that all 24 M events are paid; the first copy of each is free.
    let scenario = SCENARIO.replace(
        "free_management_events = \"20M\"\npaid_management_events = \"20M\"",
        "paid_management_events = \"40M\"",
    );
    let mut case = Case::new(&scenario);
    case.bill = bill_of(&case.built_in, &case.built_in.model(SCENARIO));
    first_months(&mut case.bill, 1);
    let found = case.assert_finds(&[(CauseKind::FreeFirstCopy, "-400")], "0");
    assert!(found.causes[0].evidence[0].contains("20,000,000 events billed as free first copy"));
}

#[test]
fn a_first_copy_that_is_paid() {
    let mut case = Case::june();
    scale(&mut case.bill, |line| line.usage_type == "PaidEventsRecorded", (2, 1));
    case.bill.lines.retain(|line| line.usage_type != "FreeEventsRecorded");
    case.assert_finds(&[(CauseKind::FreeFirstCopy, "480")], "0");
}

#[test]
fn keys_that_cost_something_tell_whether_a_month_is_partial() {
    let free = |region: &str| {
        format!(
            "[[volume]]\naccount = \"111122223333\"\nregion = \"{region}\"\nfree_management_events = \"1M\"\n"
        )
    };
    let free: String = ["eu-west-1", "eu-central-1", "us-west-2"].map(free).concat();
    let scenario = format!(
        "version = 1\nname = \"Free\"\nstart = \"2026-06\"\nmonths = 1\n{free}         [[volume]]\naccount = \"111122223333\"\nregion = \"us-east-1\"\npaid_management_events = \"10M\"\n"
    );
    // Half of what costs $200 is there, and all of what costs nothing.
    let mut case = Case::new(&scenario);
    scale(&mut case.bill, is("PaidEventsRecorded"), (1, 2));
    case.bill.months[0].last_day = "2026-06-15".parse().unwrap();
    case.assert_finds(&[(CauseKind::PartialMonth, "-100")], "0");
    // Where nothing costs anything, the number of keys decides.
    let nothing = scenario.replace("paid_management_events = \"10M\"", "free_management_events = \"10M\"");
    let mut case = Case::new(&nothing);
    case.bill.months[0].last_day = "2026-06-15".parse().unwrap();
    let found = case.assert_finds(&[], "0");
    assert!(found.notes[0].contains("it is not taken as partial"), "{:?}", found.notes);
}

#[test]
fn what_is_alike_in_every_month_is_said_once() {
    let mut case = Case::new(SCENARIO);
    scale(&mut case.bill, is("InsightsEvents"), (2, 1));
    let found = case.assert_finds(&[(CauseKind::FurtherCopies, "14")], "0");
    assert_eq!(
        found.causes[0].evidence,
        [
            "111122223333 us-east-1 2026-06 and 2026-07: 4,000,000 InsightsEvents billed, 2,000,000 in the scenario: 1 copy more of 2,000,000 events"
        ]
    );
}

#[test]
fn late_data_is_less_than_a_day_of_an_open_invoice() {
    for (closed, part, expected) in
        [(Some(false), 59, true), (Some(false), 57, false), (Some(true), 59, false), (None, 59, false)]
    {
        let mut case = Case::june();
        case.bill.months[0].closed = closed;
        // Sixtieths of the month are half days.
        scale(&mut case.bill, all, (part, 60));
        let found = case.run();
        let kinds: Vec<CauseKind> = found.causes.iter().map(|cause| cause.kind).collect();
        assert_eq!(kinds.contains(&CauseKind::LateData), expected, "{closed:?} {part}");
        assert_eq!(found.total.unexplained.is_zero(), expected, "{closed:?} {part}");
    }
}

#[test]
fn what_was_measured_explains_a_volume_that_is_off() {
    let mut case = Case::june();
    scale(&mut case.bill, is("InsightsEvents"), (13, 10));
    case.assert_finds(&[], "2.1");
    let measured = SCENARIO.replace("insights_events = \"2M\"", "insights_events = \"2.59M\"");
    case.measured = Some(case.built_in.model(&measured));
    // 2.59 M measured, 2.6 M billed: 590,000 more than in the scenario are explained, 10,000 are not.
    case.assert_finds(&[(CauseKind::MeasuredVolume, "2.065")], "0.035");
    // What was measured disagrees with the bill too.
    case.measured = Some(case.built_in.model(SCENARIO));
    case.assert_finds(&[], "2.1");
}

#[test]
fn an_estimate_that_says_unknown_stays_unknown() {
    let scenario = SCENARIO.replace("insights_events = \"2M\"", "insights_events = \"unknown\"");
    let mut case = Case::new(&scenario);
    case.bill = bill_of(&case.built_in, &case.built_in.model(SCENARIO));
    first_months(&mut case.bill, 1);
    let found = case.assert_finds(&[(CauseKind::UnknownInEstimate, "7")], "0");
    assert!(found.total.incomplete && !found.lacks_a_price);
}

type Planted = (&'static str, CauseKind, fn(&mut Bill));

/// Differences that can be planted together: the name of each, its cause, and what it does to the bill.
const PLANTED: [Planted; 6] = [
    ("region", CauseKind::UnmeasuredRegion, |bill| {
        let line = bill.lines.iter().find(|line| line.usage_type == "InsightsEvents").unwrap().clone();
        let region = Some(trailcost::domain::RegionCode::new("ap-southeast-2"));
        bill.lines.push(BilledLine { region, ..line });
    }),
    ("doubled trail", CauseKind::FurtherCopies, |bill| {
        scale(bill, is("PaidEventsRecorded"), (2, 1));
    }),
    ("half a month", CauseKind::PartialMonth, |bill| {
        scale(bill, all, (1, 2));
        bill.months[0].last_day = "2026-06-15".parse().unwrap();
    }),
    ("discount", CauseKind::Discount, |bill| {
        for line in bill.lines.iter_mut().filter(|line| line.category == ChargeCategory::Usage) {
            let agreed = line.billed_cost.times(Decimal::new(88, 2)).unwrap();
            (line.contracted_cost, line.billed_cost) = (Some(agreed), agreed);
        }
    }),
    ("tax", CauseKind::Tax, |bill| charge(bill, "2026-06", ChargeCategory::Tax, "96.14")),
    ("credit", CauseKind::Credit, |bill| charge(bill, "2026-06", ChargeCategory::Credit, "-30")),
];

#[test]
fn any_planted_differences_are_found_together() {
    let built_in = BuiltIn::new();
    let model = built_in.model(SCENARIO);
    for chosen in 0_u32..1 << PLANTED.len() {
        let planted: Vec<&Planted> = PLANTED
            .iter()
            .enumerate()
            .filter(|(at, _)| chosen & (1 << at) != 0)
            .map(|(_, own)| own)
            .collect();
        for with_prices in [true, false] {
            let mut case = Case {
                built_in: BuiltIn::new(),
                model: model.clone(),
                bill: bill_of(&built_in, &model),
                measured: None,
                tolerance: Decimal::new(2, 2),
            };
            first_months(&mut case.bill, 1);
            for (_, _, plant) in &planted {
                plant(&mut case.bill);
            }
            if !with_prices {
                without_prices(&mut case.bill);
            }
            let names: Vec<&str> = planted.iter().map(|(name, ..)| *name).collect();
            let found = case.run();
            let mut kinds: Vec<CauseKind> = planted.iter().map(|(_, kind, _)| *kind).collect();
            kinds.sort_unstable();
            let causes: Vec<CauseKind> = found.causes.iter().map(|cause| cause.kind).collect();
            assert_eq!(causes, kinds, "{names:?}: {:#?}", found.causes);
            assert_eq!(found.total.gross_unexplained, Money::ZERO, "{names:?}: {:#?}", found.left());
        }
    }
}

#[test]
fn the_order_of_rows_changes_nothing() {
    let mut case = Case::june();
    for (_, _, plant) in PLANTED {
        plant(&mut case.bill);
    }
    let found = case.run();
    case.bill.lines.reverse();
    assert_eq!(case.run(), found);
    let accounts = SCENARIO.split("\n[[volume]]").collect::<Vec<_>>();
    let turned = format!("{}\n[[volume]]{}\n[[volume]]{}", accounts[0], accounts[2], accounts[1]);
    case.model = case.built_in.model(&turned);
    assert_eq!(case.run(), found);
}

#[test]
fn tiers_are_priced_over_all_accounts_and_variances_stay_exact() {
    // Three accounts of one payer with 30 TB each: the first tier ends in the middle of the second.
    let volumes = ["111111111111", "222222222222", "333333333333"]
        .map(|account| {
            format!(
                "[[volume]]\naccount = \"{account}\"\nregion = \"us-east-1\"\nusage = {{ \"AmazonS3:TimedStorage-ByteHrs\" = 30720 }}\n"
            )
        })
        .concat();
    let mut case =
        Case::new(&format!("version = 1\nname = \"Tiers\"\nstart = \"2026-06\"\nmonths = 1\n{volumes}"));
    case.assert_finds(&[], "0");
    // 10 % more in one account moves what the others pay for a GB; the whole is 51,200 GB × $0.023 and the rest × $0.022.
    scale(&mut case.bill, |line| line.account.as_ref().unwrap().as_str() == "222222222222", (11, 10));
    let bill = case.run();
    let volume = bill
        .lines
        .iter()
        .fold(Money::ZERO, |sum, line| sum.checked_add(line.volume_variance.unwrap()).unwrap());
    assert_eq!(volume, money("67.584"));
}

#[test]
fn what_the_bill_does_not_tell_apart_is_set_apart() {
    let scenario = SCENARIO.replace(
        "insights_events = \"2M\"",
        "insights_events = \"2M\"\nusage = { \"AmazonS3:TimedStorage-ByteHrs\" = 100 }",
    );
    let mut case = Case::new(&scenario);
    first_months(&mut case.bill, 1);
    let (storage, rest): (Vec<BilledLine>, Vec<BilledLine>) =
        case.bill.lines.drain(..).partition(|line| line.service == "AmazonS3");
    case.bill.lines = rest;
    case.bill.shared = storage.clone();
    scale(&mut case.bill, all, (1, 1));
    let found = case.assert_finds(&[], "0");
    assert_eq!(found.apart.len(), 1);
    assert_eq!(found.apart[0].estimated, Some(money("2.3")));
    assert_eq!(found.apart[0].billed, Some(money("2.3")));
    assert_eq!(found.total.estimated, money("506"));
    // Named as the logs' own, it is compared.
    case.bill.lines.extend(storage);
    case.bill.shared.clear();
    let found = case.assert_finds(&[], "0");
    assert!(found.apart.is_empty());
    assert_eq!(found.total.estimated, money("508.3"));
}

#[test]
fn differences_that_cancel_do_not_agree() {
    let mut case = Case::june();
    // $14 more in one key and $14 less in another.
    scale(&mut case.bill, is("InsightsEvents"), (21, 7));
    case.bill.lines.iter_mut().find(|line| line.usage_type == "InsightsEvents").unwrap().quantity =
        quantity("6000001");
    let paid = case.bill.lines.iter_mut().find(|line| line.usage_type == "PaidEventsRecorded").unwrap();
    paid.quantity = quantity("19300000");
    paid.billed_cost = money("386");
    (paid.list_cost, paid.contracted_cost) = (Some(money("386")), Some(money("386")));
    let found = case.run();
    assert!(found.exceeded(), "{:#?}", found.total);
}

#[test]
fn a_bill_of_nothing_against_an_estimate_is_over_any_tolerance() {
    let mut case = Case::june();
    case.bill.lines.clear();
    case.tolerance = Decimal::ONE;
    let found = case.assert_finds(&[], "-506");
    assert!(found.exceeded());
}

#[test]
fn months_of_one_side_only_are_named_and_left_out() {
    let mut case = Case::new(SCENARIO);
    case.bill.months.remove(0);
    case.bill.months.push(whole_month("2026-08".parse().unwrap()));
    let found = case.run();
    let texts =
        |months: &[trailcost::domain::Month]| months.iter().map(ToString::to_string).collect::<Vec<_>>();
    assert_eq!(texts(&found.only_estimated), ["2026-06"]);
    assert_eq!(texts(&found.only_found), ["2026-08"]);
    assert_eq!(found.total.found.to_string(), "506");
}

#[test]
fn no_common_month_is_an_error() {
    let mut case = Case::new(SCENARIO);
    case.bill.months = vec![whole_month("2025-01".parse().unwrap())];
    let error = case.try_run().unwrap_err().to_string();
    assert_eq!(
        error,
        "the scenario and the bill have no month in common: the scenario covers 2026-06 to 2026-07, the bill 2025-01"
    );
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]
    /// Whatever the volumes of two accounts, their own bill reconciles, and any other one adds up.
    #[test]
    fn any_bill_adds_up(volumes in prop::collection::vec(0_u64..3_000_000_000, 8), other in prop::collection::vec(0_u64..3_000_000_000, 8)) {
        let text = |own: &[u64]| {
            format!(
                "version = 1\nname = \"x\"\nstart = \"2026-06\"\nmonths = 1\n\
                 [[volume]]\naccount = \"111122223333\"\nregion = \"us-east-1\"\nfree_management_events = {}\npaid_management_events = {}\ns3_data_events = {}\ninsights_events = {}\n\
                 [[volume]]\naccount = \"444455556666\"\nregion = \"eu-west-1\"\nfree_management_events = {}\npaid_management_events = {}\ns3_data_events = {}\ninsights_events = {}\n",
                own[0], own[1], own[2], own[3], own[4], own[5], own[6], own[7]
            )
        };
        let mut case = Case::new(&text(&volumes));
        let found = case.run();
        prop_assert_eq!(found.causes.len(), 0);
        prop_assert_eq!(found.total.gross_unexplained, Money::ZERO);
        case.bill = bill_of(&case.built_in, &case.built_in.model(&text(&other)));
        case.run();
    }
}
