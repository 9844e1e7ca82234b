//! What holds for everything that the logs touch, whatever the scenario.

use crate::support::BuiltIn;
use proptest::prelude::*;
use std::fmt::Write;
use trailcost::costing::Estimate;
use trailcost::domain::{LineItem, LineItemSink, Money, SinkError, StorageClass, StorageHistory};
use trailcost::usage::UsagePlan;

const HEAD: &str = "version = 1\nname = \"chain\"\nstart = \"2027-02\"\n";
const ACTIVITY: &str = "[[account]]\nid = \"111122223333\"\n[[account.activity]]\nregion = \"us-east-1\"\n";

/// A lifecycle that S3 accepts: the steps rise, and every move is allowed.
fn lifecycles() -> impl Strategy<Value = String> {
    let steps = prop::collection::vec((1_u32..200, 0_usize..StorageClass::NAMES.len(), any::<bool>()), 0..5);
    (steps, prop::option::of(1_u32..400)).prop_map(|(steps, expire)| {
        let (mut text, mut age, mut class) = (String::new(), 0, StorageClass::Standard);
        for (at, (after, to, sized)) in steps.into_iter().enumerate() {
            let Some(to) = StorageClass::from_name(StorageClass::NAMES[to]) else { continue };
            if !class.may_move_to(to) {
                continue;
            }
            (age, class) = (age + after, to);
            let filter = if sized { ", larger_than = \"0 bytes\"" } else { "" };
            // A rule of its own each: within one rule S3 keeps an object for the minimum duration.
            write!(text, "{{ after = \"{age}d\", to = \"{}\", rule = \"r{at}\"{filter} }}, ", to.name())
                .unwrap();
        }
        if let Some(expire) = expire {
            write!(text, "{{ after = \"{}d\", expire = true, rule = \"end\" }}", age + expire).unwrap();
        }
        format!("lifecycle = [{text}]\n")
    })
}

fn storage(history: &StorageHistory) -> Vec<(u128, u128, u128, u128)> {
    // For each month: objects and bytes that arrived less those deleted, and those that are left.
    let mut flows = vec![(0, 0, 0, 0); history.months.len()];
    for bucket in &history.buckets {
        let (mut objects, mut bytes) = (0, 0);
        for (month, flow) in bucket.months.iter().zip(&mut flows) {
            objects = objects + month.arrived_objects - month.deleted_objects;
            bytes = bytes + month.arrived_bytes - month.deleted_bytes;
            flow.0 += objects;
            flow.1 += bytes;
            flow.2 += month.classes.iter().map(|own| own.1).sum::<u128>();
            flow.3 += month.classes.iter().map(|own| own.2).sum::<u128>();
        }
    }
    flows
}

fn total(built_in: &BuiltIn, text: &str) -> Money {
    let estimate = built_in.estimate(&built_in.model(text), None);
    assert!(estimate.is_complete(), "{text}");
    estimate.total.total.contracted
}

/// Adds line items up.
struct Sum(Money);

impl LineItemSink for Sum {
    fn take(&mut self, item: &LineItem<'_>) -> Result<(), SinkError> {
        if let Some(cost) = item.contracted_cost {
            self.0 = self.0.checked_add(cost).unwrap();
        }
        Ok(())
    }
}

fn whole_chain(lifecycle: &str, read: u32, write: u32, validation: bool) -> String {
    format!(
        "{HEAD}months = 40\n{ACTIVITY}management = {{ read = {read}, write = {write} }}\n\
         [[trail]]\nname = \"t\"\nbucket = \"logs\"\nkms = true\nlog_file_validation = {validation}\n\
         log_group = \"group\"\nsns_topic = \"files\"\n\
         [[bucket]]\nname = \"logs\"\nbucket_key = \"30%\"\nreplicate_to = [\"copy\"]\n{lifecycle}\
         [[bucket]]\nname = \"copy\"\naccount = \"111122223333\"\nregion = \"us-east-1\"\n\
         [[log_group]]\nname = \"group\"\nretention = \"90d\"\nmetric_filter = [{{ name = \"f\", matching_hours = 5 }}]\n\
         [[alarm]]\nname = \"a\"\nalerts = 7\ntopic = \"files\"\n\
         [[topic]]\nname = \"files\"\nsubscriptions = [{{ protocol = \"email\", count = 2 }}]\n\
         [[reader]]\nname = \"r\"\nbucket = \"logs\"\nhow = \"athena\"\ntimes = 3\nlogs = {{ from = \"0d\", to = \"45d\" }}\n"
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn objects_and_bytes_are_conserved(
        lifecycle in lifecycles(),
        objects in 0_u32..1_000_000,
        size in prop::sample::select(vec![1_u64, 700, 131_071, 131_072, 5_000_000]),
        months in 1_u32..50,
    ) {
        let built_in = BuiltIn::new();
        let text = format!(
            "{HEAD}months = {months}\n{ACTIVITY}management = {{ read = 12345, write = 6 }}\n\
             [[trail]]\nname = \"t\"\nbucket = \"logs\"\nlog_file_validation = true\n\
             [[bucket]]\nname = \"logs\"\n{lifecycle}receives = {{ objects = {objects}, size = \"{size} bytes\" }}\n\
             replicate_to = [{{ bucket = \"copy\", class = \"GLACIER_IR\" }}]\n\
             [[bucket]]\nname = \"copy\"\naccount = \"111122223333\"\nregion = \"us-east-1\"\n\
             lifecycle = [{{ after = \"50d\", to = \"DEEP_ARCHIVE\" }}, {{ after = \"333d\", expire = true }}]\n"
        );
        let plan = UsagePlan::new(&built_in.model(&text)).unwrap();
        for (at, flow) in storage(plan.storage()).into_iter().enumerate() {
            prop_assert_eq!((flow.0, flow.1), (flow.2, flow.3), "month {} of {}", at, &text);
        }
    }

    #[test]
    fn the_total_is_the_sum_of_the_line_items(
        lifecycle in lifecycles(), read in 0_u32..50_000_000, write in 0_u32..1_000_000,
    ) {
        let built_in = BuiltIn::new();
        let model = built_in.model(&whole_chain(&lifecycle, read, write, true));
        let mut sum = Sum(Money::ZERO);
        let own: Estimate = built_in.estimate(&model, Some(&mut sum));
        prop_assert_eq!(own.total.total.contracted, sum.0);
        let components = own.components.iter().map(|own| own.figures.total.contracted);
        let components = components.fold(Money::ZERO, |sum, cost| sum.checked_add(cost).unwrap());
        prop_assert_eq!(own.total.total.contracted, components);
    }

    #[test]
    fn cost_never_falls_when_volume_or_retention_rises(
        objects in 1_u32..1_000_000,
        more in 1_u32..1_000_000,
        size in prop::sample::select(vec![1_u64, 700, 131_072, 5_000_000]),
        kept in 400_u32..900,
        longer in 1_u32..400,
    ) {
        let built_in = BuiltIn::new();
        let cost = |objects: u64, kept: u32| {
            // Every class is left after its minimum duration, so that no part of it is prorated by another month.
            total(&built_in, &format!(
                "{HEAD}months = 40\n[[bucket]]\nname = \"logs\"\naccount = \"111122223333\"\nregion = \"us-east-1\"\n\
                 receives = {{ objects = {objects}, size = \"{size} bytes\" }}\n\
                 lifecycle = [{{ after = \"30d\", to = \"STANDARD_IA\" }}, {{ after = \"90d\", to = \"GLACIER_IR\" }}, \
                 {{ after = \"200d\", to = \"DEEP_ARCHIVE\" }}, {{ after = \"{kept}d\", expire = true }}]\n"
            ))
        };
        let base = cost(u64::from(objects), kept);
        prop_assert!(cost(u64::from(objects) + u64::from(more), kept) >= base);
        prop_assert!(cost(u64::from(objects), kept + longer) >= base);
    }

    #[test]
    fn validation_adds_exactly_its_digests(read in 0_u32..50_000_000, write in 1_u32..1_000_000) {
        let built_in = BuiltIn::new();
        let history = |validation| {
            UsagePlan::new(&built_in.model(&whole_chain("", read, write, validation))).unwrap().storage().clone()
        };
        let (without, with) = (history(false), history(true));
        for (month, at) in with.months.iter().zip(0..) {
            for bucket in 0..2 {
                let (with, without) = (&with.buckets[bucket].months[at], &without.buckets[bucket].months[at]);
                // 17 Regions, one an hour, in the bucket and in its copy.
                let digests = u128::from(month.days()) * 24 * 17;
                prop_assert_eq!(with.arrived_objects - without.arrived_objects, digests);
                let bytes = digests * 700 + without.arrived_objects * 80;
                prop_assert_eq!(with.arrived_bytes - without.arrived_bytes, bytes);
            }
        }
    }
}

/// What the README says of the size from which on Deep Archive pays.
#[test]
fn deep_archive_pays_from_40_kb_on() {
    let built_in = BuiltIn::new();
    let cost = |kilobytes: u32, lifecycle: &str| {
        total(
            &built_in,
            &format!(
                "{HEAD}months = 81\n[[bucket]]\nname = \"logs\"\naccount = \"111122223333\"\nregion = \"us-east-1\"\n\
                 holds = [{{ class = \"STANDARD\", objects = 1_000_000, size = \"{kilobytes} KiB\", age = \"90d\" }}]\n{lifecycle}"
            ),
        )
    };
    let moved = "lifecycle = [{ after = \"90d\", to = \"DEEP_ARCHIVE\", larger_than = \"0 bytes\" }]\n";
    assert!(cost(39, moved) > cost(39, ""));
    assert!(cost(40, moved) < cost(40, ""));
}

/// The calls of a key that encrypts logs are events of its account, and paid for on a second copy.
#[test]
fn key_calls_are_added_unless_they_are_stated() {
    let built_in = BuiltIn::new();
    let events = |kms_read: &str| {
        let text = format!(
            "{HEAD}months = 1\n{ACTIVITY}management = {{ write = 1000{kms_read} }}\n\
             [[trail]]\nname = \"a\"\nbucket = \"logs\"\nkms = true\n[[trail]]\nname = \"b\"\nexclude = [\"kms\"]\n\
             [[trail]]\nname = \"c\"\n"
        );
        let own = built_in.estimate(&built_in.model(&text), None);
        own.components[0].figures.total.contracted.to_string()
    };
    // b and c pay for 1,000 writes each; c also for the 1,000 files that a's first 1,000 events fill.
    assert_eq!(events(""), "0.06");
    assert_eq!(events(", kms_read = 0"), "0.04");
    assert_eq!(events(", kms_read = 5"), "0.0401");
}

/// Growth brings more objects, not smaller ones: what stands exactly at 128 KB moves in every month.
#[test]
fn growth_leaves_sizes_as_they_are() {
    let built_in = BuiltIn::new();
    let text = format!(
        "{HEAD}months = 12\ngrowth = {{ monthly = \"1%\" }}\n[[bucket]]\nname = \"b\"\naccount = \"111122223333\"\n\
         region = \"us-east-1\"\nreceives = {{ objects = 100_000, size = \"128 KiB\" }}\n\
         lifecycle = [{{ after = \"1d\", to = \"GLACIER\" }}]\n"
    );
    let plan = UsagePlan::new(&built_in.model(&text)).unwrap();
    for month in &plan.storage().buckets[0].months {
        // Only what arrives on the last day of a month is not a day old when it ends.
        let standard =
            month.classes.iter().find(|own| own.0 == StorageClass::Standard).map_or(0, |own| own.1);
        assert!(standard > 0 && standard * 20 < month.arrived_objects, "{standard}");
    }
}
