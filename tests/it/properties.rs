//! What holds for every scenario.

use crate::support::BuiltIn;
use proptest::prelude::*;
use std::fmt::Write;
use trailcost::costing::Estimate;
use trailcost::domain::{LineItem, LineItemSink, Model, Money, Quantity, SinkError};
use trailcost::report::LineItemCsv;

/// Volumes of one account and Region.
#[derive(Debug, Clone)]
struct Place {
    account: u8,
    region: usize,
    read: u32,
    write: u32,
    kms: u32,
    s3: u32,
    lambda: u32,
    ingested_gb: u32,
}

const REGIONS: [&str; 3] = ["us-east-1", "eu-west-1", "ap-southeast-2"];

fn places() -> impl Strategy<Value = Vec<Place>> {
    let place = (
        0_u8..4,
        0..REGIONS.len(),
        any::<u32>(),
        any::<u32>(),
        any::<u32>(),
        any::<u32>(),
        any::<u32>(),
        0_u32..40_000,
    )
        .prop_map(|(account, region, read, write, kms, s3, lambda, ingested_gb)| Place {
            account,
            region,
            read,
            write,
            kms,
            s3,
            lambda,
            ingested_gb,
        });
    prop::collection::vec(place, 1..8).prop_map(|mut places| {
        places.sort_by_key(|own| (own.account, own.region));
        places.dedup_by_key(|own| (own.account, own.region));
        places
    })
}

const TRAILS: [&str; 3] = [
    "[[trail]]\nname = \"org\"\nscope = \"organization\"\ndata = [{ resource_type = \"AWS::S3::Object\" }, { resource_type = \"AWS::Lambda::Function\" }]\ninsights = [\"ApiCallRateInsight\", \"ApiErrorRateInsight\"]\n",
    "[[trail]]\nname = \"each\"\naccount = \"*\"\nmanagement = \"write\"\ndata = [{ resource_type = \"AWS::S3::Object\", access = \"write\" }]\n",
    "[[trail]]\nname = \"nokms\"\nscope = \"organization\"\nexclude = [\"kms\"]\n",
];

struct Scenario<'a> {
    places: &'a [Place],
    head: &'a str,
    trails: &'a [usize],
    reversed: bool,
}

impl Scenario<'_> {
    fn text(&self) -> String {
        let mut text = format!("version = 1\nname = \"property\"\nstart = \"2027-11\"\n{}\n", self.head);
        let mut accounts: Vec<u8> = self.places.iter().map(|own| own.account).collect();
        accounts.dedup();
        let mut places: Vec<&Place> = self.places.iter().collect();
        if self.reversed {
            accounts.reverse();
            places.reverse();
        }
        for account in accounts {
            let _ = writeln!(text, "[[account]]\nid = \"{}\"", 111_111_111_111_u64 + u64::from(account));
            for own in places.iter().filter(|own| own.account == account) {
                let region = REGIONS[own.region];
                let _ = writeln!(
                    text,
                    "[[account.activity]]\nregion = \"{region}\"\nmanagement = {{ read = {}, write = {}, kms_read = {} }}\ndata = [{{ resource_type = \"AWS::S3::Object\", read = {}, write = {} }}, {{ resource_type = \"AWS::Lambda::Function\", write = {} }}]",
                    own.read,
                    own.write,
                    own.kms,
                    own.s3,
                    own.s3 / 3,
                    own.lambda
                );
            }
        }
        for own in places {
            let _ = writeln!(
                text,
                "[[volume]]\naccount = \"{}\"\nregion = \"{}\"\nusage = {{ \"Ingestion-Bytes\" = {} }}",
                111_111_111_111_u64 + u64::from(own.account),
                REGIONS[own.region],
                own.ingested_gb
            );
        }
        let mut trails = self.trails.to_vec();
        if self.reversed {
            trails.reverse();
        }
        for trail in trails {
            text.push_str(TRAILS[trail]);
        }
        text
    }
}

/// Adds line items up.
#[derive(Default)]
struct Sums {
    contracted: Money,
    items: usize,
    wrong: Vec<String>,
    tiered: Quantity,
}

impl LineItemSink for Sums {
    fn take(&mut self, item: &LineItem<'_>) -> Result<(), SinkError> {
        self.items += 1;
        let cost = item.contracted_cost.unwrap();
        self.contracted = self.contracted.checked_add(cost).unwrap();
        if item.contracted_unit_price.unwrap().times(item.quantity) != Some(cost)
            || item.quantity.is_negative()
        {
            self.wrong.push(format!("{item:?}"));
        }
        if item.meter.usage_type == "Ingestion-Bytes" {
            self.tiered = self.tiered.plus(item.quantity).unwrap();
        }
        Ok(())
    }
}

fn estimate(built_in: &BuiltIn, scenario: &Scenario<'_>) -> (Model, Estimate) {
    let model = built_in.model(&scenario.text());
    let estimate = built_in.estimate(&model, None);
    (model, estimate)
}

/// The bytes of every line item, and of the estimate.
fn bytes(built_in: &BuiltIn, scenario: &Scenario<'_>) -> (String, String) {
    let model = built_in.model(&scenario.text());
    let mut sink = LineItemCsv::new(Vec::new(), &model.currency).unwrap();
    let estimate = built_in.estimate(&model, Some(&mut sink));
    let csv = String::from_utf8(sink.finish().unwrap()).unwrap();
    // The line of the file a volume stands in moves with it.
    let csv =
        csv.lines().map(|line| line.replace(':', " ")).map(|line| match line.split_once("scenario.toml ") {
            Some((before, after)) => {
                format!("{before}{}\n", after.trim_start_matches(|own: char| own.is_ascii_digit()))
            }
            None => format!("{line}\n"),
        });
    (csv.collect(), format!("{estimate:?}"))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn line_items_add_up_to_the_total_and_tiers_to_the_quantity(places in places()) {
        let built_in = BuiltIn::new();
        let head = "months = 14\ngrowth = { monthly = \"1.7%\" }\nterms = [{ service = \"AWSCloudTrail\", discount = \"12.5%\" }]";
        let scenario = Scenario { places: &places, head, trails: &[0, 1, 2], reversed: false };
        let model = built_in.model(&scenario.text());
        let mut sums = Sums::default();
        let with_items = built_in.estimate(&model, Some(&mut sums));
        prop_assert_eq!(sums.wrong, Vec::<String>::new());
        prop_assert_eq!(sums.contracted, with_items.total.total.contracted);
        prop_assert!(sums.items > 0);
        for breakdown in &with_items.breakdowns {
            let sum = breakdown.rows.iter().fold(Money::ZERO, |sum, row| sum.checked_add(row.figures.total.contracted).unwrap());
            prop_assert_eq!(sum, with_items.total.total.contracted, "{:?}", breakdown.dimension);
        }
        prop_assert_eq!(with_items, built_in.estimate(&model, None));
    }

    #[test]
    fn tier_parts_add_to_the_quantity(places in places()) {
        let built_in = BuiltIn::new();
        let scenario = Scenario { places: &places, head: "months = 1", trails: &[], reversed: false };
        let model = built_in.model(&scenario.text());
        let mut sums = Sums::default();
        built_in.estimate(&model, Some(&mut sums));
        let given: u64 = places.iter().map(|own| u64::from(own.ingested_gb)).sum();
        prop_assert_eq!(sums.tiered, Quantity::from_count(given));
    }

    #[test]
    fn cost_never_falls_when_a_volume_rises(places in places(), which in any::<prop::sample::Index>(), more in 1_u32..1_000_000, field in 0..6_u8) {
        let built_in = BuiltIn::new();
        let mut risen = places.clone();
        let own = which.get(&places);
        let own = risen.iter_mut().find(|other| (other.account, other.region) == (own.account, own.region)).unwrap();
        let value = match field {
            0 => &mut own.read,
            1 => &mut own.write,
            2 => &mut own.kms,
            3 => &mut own.s3,
            4 => &mut own.lambda,
            _ => &mut own.ingested_gb,
        };
        *value = value.saturating_add(more);
        let total = |places: &[Place]| {
            let scenario = Scenario { places, head: "months = 2\ngrowth = { monthly = \"3%\" }", trails: &[0, 1, 2], reversed: false };
            estimate(&built_in, &scenario).1.total.total.contracted
        };
        prop_assert!(total(&risen) >= total(&places));
    }

    #[test]
    fn the_order_of_accounts_volumes_and_trails_changes_no_byte(places in places()) {
        let built_in = BuiltIn::new();
        let head = "months = 3\ngrowth = { monthly = \"1%\" }";
        let forward = Scenario { places: &places, head, trails: &[0, 1, 2], reversed: false };
        let backward = Scenario { reversed: true, ..forward };
        prop_assert_eq!(bytes(&built_in, &forward), bytes(&built_in, &backward));
    }

    #[test]
    fn without_growth_a_year_is_twelve_months(places in places()) {
        let built_in = BuiltIn::new();
        let scenario = Scenario { places: &places, head: "months = 12", trails: &[0, 1, 2], reversed: false };
        let (_, estimate) = estimate(&built_in, &scenario);
        let month = estimate.total.first_month.contracted;
        let year = (0..12).fold(Money::ZERO, |sum, _| sum.checked_add(month).unwrap());
        prop_assert_eq!(estimate.total.total.contracted, year);
        prop_assert_eq!(estimate.total.years[0].contracted, year);
    }

    #[test]
    fn a_discount_of_nothing_changes_nothing(places in places()) {
        let built_in = BuiltIn::new();
        let plain = Scenario { places: &places, head: "months = 2", trails: &[0, 1], reversed: false };
        let head = "months = 2\nterms = [{ service = \"AWSCloudTrail\", discount = \"0%\" }]";
        let discounted = Scenario { head, ..plain };
        prop_assert_eq!(estimate(&built_in, &plain).1, estimate(&built_in, &discounted).1);
    }

    #[test]
    fn pooled_and_unpooled_differ_only_by_tiers(places in places()) {
        let built_in = BuiltIn::new();
        let pooled = Scenario { places: &places, head: "months = 1", trails: &[0, 1, 2], reversed: false };
        let apart = Scenario { head: "months = 1\nconsolidated_billing = false", ..pooled };
        let (pooled, apart) = (estimate(&built_in, &pooled).1, estimate(&built_in, &apart).1);
        for (own, other) in pooled.components.iter().zip(&apart.components) {
            prop_assert_eq!(own.component, other.component);
            if own.component.id() == "lake_ingestion" {
                // Later tiers are cheaper, so that pooling never costs more.
                prop_assert!(own.figures.total.contracted <= other.figures.total.contracted);
            } else {
                prop_assert_eq!(own, other);
            }
        }
    }
}
