//! Differences of price: discounts, other lists, rounding, rows that are no usage.

use crate::generated_bill::{bill_of, charge, first_months, money, quantity, scale, without_prices};
use crate::reconcile::{Case, SCENARIO, all};
use rust_decimal::Decimal;
use trailcost::domain::{BilledLine, ChargeCategory, Money};
use trailcost::reconcile::CauseKind;

#[test]
fn a_discount_that_the_bill_states() {
    let mut case = Case::june();
    for line in &mut case.bill.lines {
        let agreed = line.billed_cost.times(Decimal::new(88, 2)).unwrap();
        (line.contracted_cost, line.billed_cost) = (Some(agreed), agreed);
    }
    let found = case.assert_finds(&[(CauseKind::Discount, "-60.72")], "0");
    assert!(
        found.causes[0].evidence[0]
            .starts_with("AWSCloudTrail: 12% off the list price on the bill, 0% in the scenario"),
        "{:?}",
        found.causes
    );
}

#[test]
fn a_discount_read_off_the_rates() {
    let mut case = Case::june();
    without_prices(&mut case.bill);
    for line in &mut case.bill.lines {
        line.billed_cost = line.billed_cost.times(Decimal::new(88, 2)).unwrap();
    }
    case.assert_finds(&[(CauseKind::Discount, "-60.72")], "0");
}

#[test]
fn a_rate_that_is_no_plain_percentage_stays() {
    let mut case = Case::june();
    without_prices(&mut case.bill);
    for line in &mut case.bill.lines {
        line.billed_cost = line.billed_cost.times("0.8712345".parse().unwrap()).unwrap();
    }
    case.assert_finds(&[], "-65.155343");
}

#[test]
fn a_discount_of_one_account_only_is_no_discount() {
    let mut case = Case::june();
    without_prices(&mut case.bill);
    let line = case.bill.lines.iter_mut().find(|line| line.usage_type == "PaidEventsRecorded").unwrap();
    line.billed_cost = line.billed_cost.times(Decimal::new(9, 1)).unwrap();
    case.assert_finds(&[], "-40");
}

#[test]
fn discounts_booked_as_rows() {
    let mut case = Case::june();
    without_prices(&mut case.bill);
    // For one usage type a row beside its usage, for the whole a row that names none.
    let line = case.bill.lines.iter().find(|line| line.usage_type == "InsightsEvents").unwrap().clone();
    let row = BilledLine {
        category: ChargeCategory::Discount,
        quantity: quantity("0"),
        billed_cost: money("-0.84"),
        ..line
    };
    case.bill.lines.push(row);
    charge(&mut case.bill, "2026-06", ChargeCategory::Discount, "-59.88");
    let found = case.assert_finds(&[(CauseKind::Discount, "-60.72")], "0");
    assert_eq!(found.total.usage.to_string(), "445.28");
}

#[test]
fn a_discount_that_the_scenario_has_too_is_no_difference() {
    let scenario = SCENARIO.replace(
        "months = 2\n",
        "months = 2\nterms = [{ service = \"AWSCloudTrail\", discount = \"12%\" }]\n",
    );
    let mut case = Case::new(&scenario);
    case.assert_finds(&[], "0");
    without_prices(&mut case.bill);
    case.assert_finds(&[], "0");
    // Booked as a row, with usage at list price.
    case.bill = bill_of(&case.built_in, &case.built_in.model(SCENARIO));
    first_months(&mut case.bill, 1);
    without_prices(&mut case.bill);
    charge(&mut case.bill, "2026-06", ChargeCategory::Discount, "-60.72");
    let found = case.run();
    assert_eq!(found.total.explained, Money::ZERO);
    assert_eq!(found.total.unexplained, Money::ZERO);
    // Not on the bill at all.
    case.bill.lines.retain(|line| line.category == ChargeCategory::Usage);
    case.assert_finds(&[(CauseKind::Discount, "60.72")], "0");
}

#[test]
fn another_list_price_than_the_tables() {
    let mut case = Case::june();
    for line in case.bill.lines.iter_mut().filter(|line| line.usage_type == "InsightsEvents") {
        (line.list_cost, line.contracted_cost) = (Some(money("8")), Some(money("8")));
        line.billed_cost = money("8");
    }
    case.assert_finds(&[(CauseKind::ListPrice, "1")], "0");
    // Without the bill's own word it is no known cause.
    without_prices(&mut case.bill);
    case.assert_finds(&[], "1");
}

#[test]
fn rows_that_are_no_usage() {
    let mut case = Case::june();
    charge(&mut case.bill, "2026-06", ChargeCategory::Tax, "96.14");
    charge(&mut case.bill, "2026-06", ChargeCategory::Credit, "-25");
    charge(&mut case.bill, "2026-06", ChargeCategory::Refund, "-3.5");
    charge(&mut case.bill, "2026-06", ChargeCategory::Other, "1");
    let found = case.assert_finds(
        &[
            (CauseKind::Credit, "-25"),
            (CauseKind::Refund, "-3.5"),
            (CauseKind::Tax, "96.14"),
            (CauseKind::OtherCharge, "1"),
        ],
        "0",
    );
    // They are no usage: the share that may stay unexplained is one of usage.
    assert_eq!(found.total.usage.to_string(), "506");
}

#[test]
fn rounding_of_rows() {
    let mut case = Case::june();
    without_prices(&mut case.bill);
    for line in &mut case.bill.lines {
        line.rows = 720;
    }
    let insights = case.bill.lines.iter_mut().find(|line| line.usage_type == "InsightsEvents").unwrap();
    // Rows of ten digits after the point may be off by 720 × 0.5 × 10⁻¹⁰ together.
    insights.billed_cost = money("7.0000000359");
    case.assert_finds(&[(CauseKind::Rounding, "0.0000000359")], "0");
    let insights = case.bill.lines.iter_mut().find(|line| line.usage_type == "InsightsEvents").unwrap();
    insights.billed_cost = money("7.0000000361");
    case.assert_finds(&[], "0.0000000361");
}

#[test]
fn a_discount_shows_in_many_coarse_rows_that_needed_no_rounding() {
    // 360 hours of 1,000 events at $0.02, less 7 %: $0.0186 each, together $6.696.
    let scenario = "version = 1\nname = \"Hours\"\nstart = \"2026-06\"\nmonths = 1\n         [[volume]]\naccount = \"111122223333\"\nregion = \"us-east-1\"\npaid_management_events = 720000\n";
    for (digits, expected) in [(4, true), (2, false)] {
        let mut case = Case::new(scenario);
        scale(&mut case.bill, all, (1, 2));
        case.bill.months[0].last_day = "2026-06-15".parse().unwrap();
        without_prices(&mut case.bill);
        let line = case.bill.lines.iter_mut().find(|line| line.usage_type == "PaidEventsRecorded").unwrap();
        assert_eq!(line.billed_cost, money("7.2"));
        line.rows = 360;
        // Rows in whole cents are rounded, and 7 % cannot be told from 6.9 or 7.1.
        line.billed_cost = money(if digits == 4 { "6.696" } else { "6.7" });
        case.bill.cost_digits = digits;
        if expected {
            case.assert_finds(&[(CauseKind::PartialMonth, "-7.2"), (CauseKind::Discount, "-0.504")], "0");
        } else {
            case.assert_finds(&[(CauseKind::PartialMonth, "-7.2")], "-0.5");
        }
    }
}

#[test]
fn rows_digits_limit_what_rounding_explains_where_their_sum_has_fewer() {
    let mut case = Case::june();
    without_prices(&mut case.bill);
    let line = case.bill.lines.iter_mut().find(|line| line.usage_type == "InsightsEvents").unwrap();
    (line.billed_cost, line.rows) = (money("7.001"), 2);
    case.assert_finds(&[(CauseKind::Rounding, "0.001")], "0");
    case.bill.cost_digits = 4;
    case.assert_finds(&[], "0.001");
}
