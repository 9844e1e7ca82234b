//! Downloads of the Cost Explorer.

use crate::bill::{fixture, lines_of, read, words};
use trailcost::domain::{Money, billed_prices};

#[test]
fn cost_explorer_has_costs_and_no_volumes() {
    let bill = read(&[fixture("cost-explorer.csv")], &[]).unwrap();
    let found: Vec<String> = bill.lines.iter().map(words).collect();
    assert_eq!(
        found,
        [
            "- ap-south-1 DataInsightsEvents usage 0 - 0.00003",
            "- eu-west-1 DataEventsRecorded usage 0 - 1",
            "- us-east-1 DataEventsRecorded usage 0 - 15",
            "- us-east-1 FreeEventsRecorded usage 0 - 0",
            "- us-east-1 InsightsEvents usage 0 - 7",
            "- us-east-1 NetworkEventsRecorded usage 0 - 0",
            "- us-east-1 PaidEventsRecorded usage 0 - 400",
            "- us-west-2 PaidEventsRecorded usage 0 - 0.02",
        ]
    );
    assert!(bill.notes.iter().any(|note| note.contains("has no quantities")), "{:?}", bill.notes);
    assert!(!bill.months[0].is_partial());
}

pub(crate) const BY_COST: &str =
    "Usage type,USE1-PaidEventsRecorded($),USE1-DataEventsRecorded($),Total costs($)";
const BY_USAGE: &str = "Usage type,USE1-PaidEventsRecorded(Events),USE1-DataEventsRecorded(Events)";

#[test]
fn cost_explorer_by_cost_and_by_usage_are_joined() {
    let costs = format!("{BY_COST}\nUsage type total,400,15,415\n2026-10-01,400,15,415\n");
    let usage = format!("{BY_USAGE}\nUsage type total,20000000,15000000\n2026-10-01,20000000,15000000\n");
    for texts in [[costs.as_str(), usage.as_str()], [usage.as_str(), costs.as_str()]] {
        let (lines, bill) = lines_of(&texts).unwrap();
        assert_eq!(
            lines,
            [
                "- us-east-1 DataEventsRecorded usage 15000000 Events 15",
                "- us-east-1 PaidEventsRecorded usage 20000000 Events 400",
            ]
        );
        assert_eq!(bill.notes.len(), 2, "{:?}", bill.notes);
        let prices = billed_prices(&bill.lines, None).unwrap();
        assert_eq!(prices[1].unit_price().unwrap().to_string(), "0.00002");
    }
    // Each alone lacks what the other has.
    let (_, bill) = lines_of(&[&costs]).unwrap();
    assert!(bill.notes.iter().any(|note| note.contains("has no quantities (2026-10")), "{:?}", bill.notes);
    let (lines, bill) = lines_of(&[&usage]).unwrap();
    assert_eq!(lines[1], "- us-east-1 PaidEventsRecorded usage 20000000 Events 0");
    assert!(bill.notes.iter().any(|note| note.contains("has no costs (2026-10")), "{:?}", bill.notes);
    assert_eq!(billed_prices(&bill.lines, None).unwrap()[1].unit_price(), None);
    // Of a month whose costs are at hand an empty cell cost nothing.
    let costs = format!("{BY_COST}\n2026-10-01,,15,15\n");
    let (_, bill) = lines_of(&[&costs, &usage]).unwrap();
    assert_eq!(billed_prices(&bill.lines, None).unwrap()[1].unit_price(), Some(Money::ZERO));
    assert_eq!(bill.notes.len(), 2, "{:?}", bill.notes);
}

#[test]
fn cost_explorer_downloads_that_overlap_are_refused() {
    let costs = |rows: &str| format!("{BY_COST}\n{rows}");
    let autumn = costs("2026-09-01,400,15,415\n2026-10-01,400,15,415\n");
    for (other, months) in [
        (costs("2026-10-01,400,15,415\n2026-11-01,300,10,310\n"), "costs of 2026-10 "),
        (costs("2026-08-01,1,1,2\n2026-09-01,1,1,2\n2026-10-01,1,1,2\n"), "costs of 2026-09, 2026-10 "),
        // By day, and by service.
        (costs("2026-10-02,1,1,2\n2026-10-03,1,1,2\n"), "costs of 2026-10 "),
        ("Service,AWS CloudTrail($),Total costs($)\n2026-09-01,415,415\n".to_owned(), "costs of 2026-09 "),
    ] {
        let error = lines_of(&[&autumn, &other]).unwrap_err();
        assert!(error.contains(&format!("both hold {months}")), "{error}");
    }
    // What is of other months, or of another kind, is added.
    let winter = costs("2026-11-01,300,10,310\n");
    assert_eq!(lines_of(&[&autumn, &winter]).unwrap().0.len(), 6);
    let usage = format!("{BY_USAGE}\n2026-10-01,20000000,15000000\n");
    let error = lines_of(&[&autumn, &usage, &format!("{usage}2026-11-01,1,1\n")]).unwrap_err();
    assert!(error.contains("both hold quantities of 2026-10 "), "{error}");
    // In one file, no day comes twice.
    let error = lines_of(&[&costs("2026-10-01,1,1,2\n2026-10-01,1,1,2\n")]).unwrap_err();
    assert!(error.contains("line 3: a second row of `2026-10-01`"), "{error}");
    let error = lines_of(&[&costs(&format!("2026-10-01,1,1,2\n{BY_COST}\n2026-11-01,1,1,2\n"))]).unwrap_err();
    assert!(error.contains("line 3: a second header"), "{error}");
}

#[test]
fn cost_explorer_tells_its_currency() {
    let euros = BY_COST.replace("($)", "(€)");
    let (lines, bill) = lines_of(&[&format!("{euros}\n2026-10-01,400,15,415\n")]).unwrap();
    assert_eq!((bill.currency.code(), lines.len()), ("EUR", 2));
    assert_eq!(lines[0], "- us-east-1 DataEventsRecorded usage 0 - 15");
    let mixed = "Usage type,USE1-PaidEventsRecorded($),USE1-DataEventsRecorded(€)\n2026-10-01,400,15\n";
    let error = lines_of(&[mixed]).unwrap_err();
    assert!(error.contains("in 2 currencies: EUR in "), "{error}");
    let unknown = BY_COST.replace("($)", "(₿)");
    let error = lines_of(&[&format!("{unknown}\n2026-10-01,400,15,415\n")]).unwrap_err();
    assert!(error.contains("in a currency that is not known"), "{error}");
}

#[test]
fn cost_explorer_by_day_and_by_hour_tells_the_days() {
    for (rows, days) in [
        ("2026-10-01,1,1,2\n2026-10-02,1,,1\n2026-10-03,1,1,2\n", 3),
        ("2026-10-31,1,1,2\n", 1),
        ("2026-10-01T00:00:00Z,1,1,2\n2026-10-01T01:00:00Z,1,1,2\n", 1),
    ] {
        let (lines, bill) = lines_of(&[&format!("{BY_COST}\n{rows}")]).unwrap();
        assert_eq!((lines.len(), bill.months[0].days_covered()), (2, days), "{rows}");
        assert!(!bill.notes.iter().any(|note| note.contains("months are taken as whole")), "{rows}");
    }
}
