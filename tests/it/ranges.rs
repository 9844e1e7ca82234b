//! Ranges: what the draws come to, however they are made.

use crate::support::{BuiltIn, root};
use proptest::prelude::*;
use std::process::Command;
use trailcost::domain::{AmountRange, AmountValue, Model, Money, parse_decimal};
use trailcost::pricing::FreeTiers;
use trailcost::simulation::{Options, Simulation, TornadoRow, simulate};
use trailcost::stats::Percentiles;
use trailcost::usage::UsagePlan;

fn simulated(built_in: &BuiltIn, model: &Model, options: &Options) -> Option<Simulation> {
    let plan = UsagePlan::new(model).unwrap();
    let likely = built_in.estimate(model, None).total.total.contracted;
    let none = FreeTiers::default();
    let free_tiers = if model.free_tier { &built_in.free_tiers } else { &none };
    simulate(model, &plan, (&built_in.card, free_tiers), likely, options).unwrap()
}

fn options(draws: u32) -> Options {
    Options { draws: Some(draws), seed: 7, threads: 1, short_road: true }
}

/// A volume's low, and what lies between it and likely and high.
type Range = (u32, u32, u32);

#[derive(Debug, Clone)]
struct Scenario {
    reads: Range,
    writes: Range,
    lake: Range,
    tiered: [Range; 2],
    flat: [Range; 2],
    /// Draws on a free tier, where the scenario has one.
    free: Range,
    shared: bool,
    head: &'static str,
}

fn text((low, left, right): Range) -> String {
    let likely = u64::from(low) + u64::from(left);
    format!("{{ low = {low}, likely = {likely}, high = {} }}", likely + u64::from(right))
}

const HEADS: [&str; 3] = [
    "months = 1",
    "months = 14\ngrowth = { monthly = \"1.7%\" }\nseasonality = { all = { \"12\" = \"1.4\" } }\nterms = [{ service = \"AWSCloudTrail\", discount = \"12.345%\" }]",
    "months = 3\nconsolidated_billing = false\nfree_tier = true\nterms = [{ service = \"AWSCloudTrail\", usage_type = \"DataEventsRecorded\", rate = \"0.0000005\" }]",
];

impl Scenario {
    fn text(&self) -> String {
        // Two accounts share the tiers of one Region, or each has a Region of its own.
        let second = if self.shared { "us-east-1" } else { "us-east-2" };
        format!(
            "version = 1\nname = \"ranges\"\nstart = \"2027-11\"\n{}\n\
             [assumptions]\nbytes_per_event = {{ low = 1200, likely = 1500, high = 2000 }}\n\
             [[account]]\nid = \"111122223333\"\n[[account.activity]]\nregion = \"us-east-1\"\nmanagement = {{ read = {}, write = {} }}\n\
             [[trail]]\nname = \"a\"\naccount = \"111122223333\"\n[[trail]]\nname = \"b\"\naccount = \"111122223333\"\n\
             [[event_data_store]]\nname = \"s\"\naccount = \"111122223333\"\nhome_region = \"eu-west-1\"\nother_sources = {}\n\
             [[volume]]\naccount = \"111122223333\"\nregion = \"us-east-1\"\ns3_data_events = {}\nusage = {{ \"AmazonS3:TimedStorage-ByteHrs\" = {}, \"AmazonCloudWatch:DataProcessing-Bytes\" = {} }}\n\
             [[volume]]\naccount = \"444455556666\"\nregion = \"{second}\"\nlambda_data_events = {}\nusage = {{ \"AmazonS3:TimedStorage-ByteHrs\" = {} }}\n",
            self.head,
            text(self.reads),
            text(self.writes),
            text(self.lake),
            text(self.flat[0]),
            text(self.tiered[0]),
            text(self.free),
            text(self.flat[1]),
            text(self.tiered[1]),
        )
    }
}

fn scenarios() -> impl Strategy<Value = Scenario> {
    let range = || (0_u32..50_000_000, 0_u32..20_000_000, 1_u32..40_000_000);
    let gb = || (0_u32..60_000, 0_u32..200_000, 1_u32..500_000);
    let pair = |range| prop::array::uniform2(range);
    let free = (0_u32..4, 0_u32..4, 1_u32..8);
    (range(), range(), range(), pair(gb()), pair(range()), free, any::<bool>(), 0..HEADS.len()).prop_map(
        |(reads, writes, lake, tiered, flat, free, shared, head)| Scenario {
            reads,
            writes,
            lake,
            tiered,
            flat,
            free,
            shared,
            head: HEADS[head],
        },
    )
}

fn is_rising(own: &Percentiles) -> bool {
    own.p10 <= own.p50 && own.p50 <= own.p90
}

/// Makes every quantity a range without width.
fn without_width(model: &mut Model) {
    let observations = &mut model.observations;
    let counts = observations.activities.iter_mut().flat_map(|activity| &mut activity.counts);
    let amounts = counts
        .map(|count| &mut count.amount)
        .chain(observations.volumes.iter_mut().map(|volume| &mut volume.amount))
        .chain(model.inventory.event_data_stores.iter_mut().flat_map(|store| &mut store.other_sources_bytes));
    for amount in amounts {
        let likely = amount.likely().unwrap();
        amount.value = AmountValue::Range(Box::new(AmountRange { low: likely, likely, high: likely }));
    }
    for figure in &mut model.assumptions {
        figure.range = None;
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_short_road_leads_to_the_same_digits(scenario in scenarios()) {
        let built_in = BuiltIn::new();
        let model = built_in.model(&scenario.text());
        let short = simulated(&built_in, &model, &options(60)).unwrap();
        let long = simulated(&built_in, &model, &Options { short_road: false, ..options(60) }).unwrap();
        prop_assert_eq!(short, long);
    }

    #[test]
    fn percentiles_rise_and_threads_change_nothing(scenario in scenarios()) {
        let built_in = BuiltIn::new();
        let model = built_in.model(&scenario.text());
        let one = simulated(&built_in, &model, &options(75)).unwrap();
        let several = simulated(&built_in, &model, &Options { threads: 4, ..options(75) }).unwrap();
        prop_assert_eq!(&one, &several);
        prop_assert!(is_rising(&one.total) && one.months.iter().chain(&one.years).all(is_rising));
        prop_assert!(one.components.iter().all(|own| is_rising(&own.total) && is_rising(&own.first_month)));
        prop_assert_eq!(one.inputs, 9);
        let spans: Vec<Money> = one.tornado.rows.iter().map(TornadoRow::span).collect();
        prop_assert!(spans.is_sorted_by(|left, right| left >= right));
    }

    #[test]
    fn without_width_every_draw_is_the_estimate(scenario in scenarios()) {
        let built_in = BuiltIn::new();
        let mut model = built_in.model(&scenario.text());
        without_width(&mut model);
        let estimate = built_in.estimate(&model, None);
        for short_road in [true, false] {
            let own = simulated(&built_in, &model, &Options { short_road, ..options(3) }).unwrap();
            prop_assert_eq!(own.total, Percentiles::certain(estimate.total.total.contracted));
            for (month, cost) in own.months.iter().zip(&estimate.monthly) {
                prop_assert_eq!(*month, Percentiles::certain(cost.contracted));
            }
            for (year, cost) in own.years.iter().zip(&estimate.total.years) {
                prop_assert_eq!(*year, Percentiles::certain(cost.contracted));
            }
            for known in &estimate.components {
                let of = own.components.iter().find(|own| own.component == known.component);
                let (total, first) = of.map(|own| (own.total, own.first_month)).unwrap_or_default();
                prop_assert_eq!(total, Percentiles::certain(known.figures.total.contracted));
                prop_assert_eq!(first, Percentiles::certain(known.figures.first_month.contracted));
            }
            prop_assert!(own.tornado.rows.iter().all(|row| row.at_low == row.at_high && row.at_low == own.tornado.likely));
        }
    }

    #[test]
    fn the_tornado_is_what_an_estimate_of_that_end_says(scenario in scenarios()) {
        let built_in = BuiltIn::new();
        let model = built_in.model(&scenario.text());
        let own = simulated(&built_in, &model, &options(1)).unwrap();
        for row in &own.tornado.rows {
            let mut low = model.clone();
            low.set_ranges(std::slice::from_ref(&row.input), &[row.input.range.low]);
            prop_assert_eq!(row.at_low, built_in.estimate(&low, None).total.total.contracted, "{}", row.input.label);
        }
    }
}

fn one_volume(quantities: &str) -> String {
    format!(
        "version = 1\nname = \"one\"\nstart = \"2026-01\"\nmonths = 1\n[[volume]]\naccount = \"111122223333\"\nregion = \"us-east-1\"\n{quantities}\n"
    )
}

/// Data events cost $0.000001. P50 was worked out apart: two nested bisections for the ends of the triangle from the
/// definition of its tails, with 50 digits, and the root of its distribution function.
#[test]
fn one_price_times_a_triangle_by_hand() {
    let built_in = BuiltIn::new();
    for (low, likely, high, p50) in [
        ("10000000", "15000000", "30000000", "18.486235261"),
        ("20000000", "25000000", "40000000", "28.486235261"),
        ("8000000", "8000000", "12000000", "9.527864045"),
    ] {
        let volume = format!("s3_data_events = {{ low = {low}, likely = {likely}, high = {high} }}");
        let model = built_in.model(&one_volume(&volume));
        let own = simulated(&built_in, &model, &options(200_000)).unwrap();
        let dollars = |text: &str| parse_decimal(text).unwrap();
        let million = dollars("1000000");
        for (found, expected) in [
            (own.total.p10, dollars(low) / million),
            (own.total.p50, dollars(p50)),
            (own.total.p90, dollars(high) / million),
        ] {
            // Four standard errors of a quantile of 200,000 draws are well below one percent of these.
            let off = (found.rounded() - expected).abs();
            assert!(off <= expected * dollars("0.01"), "{low} {likely} {high}: {found} for {expected}");
        }
        assert_eq!(own.components[0].total, own.total);
        assert_eq!(own.months, [own.total]);
    }
}

#[test]
fn the_order_of_the_file_changes_no_figure() {
    let built_in = BuiltIn::new();
    let volume = |account: &str, range: &str| {
        format!(
            "[[volume]]\naccount = \"{account}\"\nregion = \"us-east-1\"\npaid_management_events = \"{range}\"\n"
        )
    };
    let head = "version = 1\nname = \"order\"\nstart = \"2026-01\"\nmonths = 2\n";
    let (one, two) = (volume("111122223333", "20M ±30%"), volume("444455556666", "5M ±90%"));
    let simulated = |text: String| {
        let own = simulated(&built_in, &built_in.model(&text), &options(400)).unwrap();
        (own.total, own.months, own.components)
    };
    assert_eq!(simulated(format!("{head}{one}{two}")), simulated(format!("{head}{two}{one}")));
}

/// A share that saves everything at its high saves less in a draw: what it would save is then charged.
#[test]
fn what_nothing_is_left_of_at_one_end_is_drawn_in_between() {
    let built_in = BuiltIn::new();
    let text = "version = 1\nname = \"kms\"\nstart = \"2026-01\"\nmonths = 2\n\
        [[account]]\nid = \"111122223333\"\n[[account.activity]]\nregion = \"us-east-1\"\nmanagement = { write = \"20M\" }\n\
        [[trail]]\nname = \"a\"\nbucket = \"logs\"\nkms = true\n\
        [[bucket]]\nname = \"logs\"\naccount = \"111122223333\"\nregion = \"us-east-1\"\nbucket_key = true\nbucket_key_saving = { low = \"0.5\", likely = 1, high = 1 }\n";
    let model = built_in.model(text);
    assert_eq!(model.ranges().len(), 1);
    let own = simulated(&built_in, &model, &options(200)).unwrap();
    let at = |percent: fn(&Percentiles) -> Money| {
        own.components.iter().fold(Money::ZERO, |sum, own| sum.checked_add(percent(&own.total)).unwrap())
    };
    // With a single input every percentile of the components is that of the same draw.
    assert_eq!([at(|own| own.p10), at(|own| own.p90)], [own.total.p10, own.total.p90]);
    assert!(own.total.p10 < own.total.p90);
}

#[test]
fn a_range_that_decides_nothing_is_not_drawn() {
    let built_in = BuiltIn::new();
    let text = one_volume("s3_data_events = \"1M\"\n[assumptions]\nbytes_per_event = \"1500 ±10%\"");
    let model = built_in.model(&text);
    assert_eq!(model.ranges().len(), 1);
    assert_eq!(simulated(&built_in, &model, &options(10)), None);
}

fn run(arguments: &[&str]) -> String {
    let output =
        Command::new(env!("CARGO_BIN_EXE_trailcost")).args(arguments).current_dir(root()).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn a_scenario_without_ranges_says_nothing_of_them() {
    for format in ["table", "json", "csv", "markdown"] {
        let text = run(&["estimate", "scenarios/mid-size-saas.toml", "--format", format, "--draws", "5"]);
        assert!(!text.to_lowercase().contains("p90") && !text.contains("simulation"), "{text}");
    }
}

#[test]
fn every_format_shows_the_range_and_compare_says_that_it_uses_none() {
    let scenario = "scenarios/uncertain-volumes.toml";
    for format in ["table", "json", "markdown"] {
        let text = run(&["estimate", scenario, "--format", format, "--draws", "20", "--seed", "3"]);
        for part in ["20 draws, seed 3", "PaidEventsRecorded", "low = P10"] {
            assert!(text.replace("\n    ", " ").contains(part), "{format}: {part}\n{text}");
        }
    }
    let text = run(&["compare", scenario, scenario]);
    assert!(text.contains("3 quantities are ranges"), "{text}");
    let directory = tempfile::tempdir().unwrap();
    let out = directory.path().to_str().unwrap();
    run(&["estimate", scenario, "--draws", "20", "--out", out, "--quiet"]);
    let read = |name: &str| std::fs::read_to_string(directory.path().join(name)).unwrap();
    let ranges = read("ranges.csv");
    assert!(ranges.starts_with("component,label,likely,p10,p50,p90,"), "{ranges}");
    assert!(ranges.lines().last().unwrap().starts_with("total,Total,"), "{ranges}");
    assert_eq!(read("tornado.csv").lines().count(), 4);
}
