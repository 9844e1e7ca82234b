//! Models that nobody wrote: whatever stands in them, the writer's words say it, and say nothing else.

use crate::scenario_writer::{assert_same, reload, shown, write};
use crate::support::BuiltIn;
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;
use trailcost::domain::{
    Access, Account, AccountId, Activity, AdvancedEventSelector, Age, Amount, AmountRange, AmountValue,
    Component, Delivery, Demands, EventCategory, EventClass, EventCount, EventSource, Field, FieldSelector,
    Gap, GapKind, InsightsSelector, InsightsType, LossLevel, Measured, Model, Place, Provenance,
    ProvenanceKind, Quantity, RegionCode, Trail, TrailScope, Volume,
};
use trailcost::sources::scenario::{self, WriteOptions};

const REGIONS: [&str; 3] = ["us-east-1", "eu-west-1", "ap-southeast-2"];

/// Usage types: whole, in GB, in anything; of CloudTrail, of a name that services share, with a colon of their own.
const USAGE: [(&str, &str); 6] = [
    ("AWSCloudTrail", "Ingestion-Bytes"),
    ("AWSCloudTrail", "QueryScanned-Bytes"),
    ("AmazonS3", "TimedStorage-ByteHrs"),
    ("AmazonS3", "Requests-Tier1"),
    ("AmazonCloudWatch", "TimedStorage-ByteHrs"),
    ("AmazonCloudWatch", "CW:AlarmMonitorUsage"),
];

const NAMED: [(&str, Component); 4] = [
    ("PaidEventsRecorded", Component::ManagementCopies),
    ("DataEventsRecorded", Component::DataEventsS3),
    ("DataEventsRecorded", Component::DataEventsOther),
    ("InsightsEvents", Component::InsightsManagement),
];

fn built_in() -> &'static BuiltIn {
    static BUILT_IN: OnceLock<BuiltIn> = OnceLock::new();
    BUILT_IN.get_or_init(BuiltIn::new)
}

/// Text that a name from outside may be.
fn text() -> impl Strategy<Value = String> {
    let hostile = prop::sample::select(vec![
        '"', '\\', '\n', '\r', '\t', '\0', '\u{1b}', '\u{7f}', '\u{85}', '\u{202e}', '\u{2066}', '\u{2028}',
        '\u{feff}', '#', '=', '[', ']', '{', '}', '\'', ',', '*', '/', ':', '±', 'é', '漢', 'a', ' ', '-',
        '+', '@',
    ]);
    prop_oneof![
        "[a-z][a-z0-9-]{0,8}",
        prop::collection::vec(hostile, 1..12).prop_map(|own| own.into_iter().collect()),
        any::<String>(),
    ]
}

fn amount(whole: bool) -> impl Strategy<Value = Amount> {
    // Trillionths, up to 10^18 of the unit.
    let quantity = prop_oneof![
        Just(0_i128),
        (0_i128..=1_000_000_000_000_000_000).prop_map(|own| own * 1_000_000_000_000),
        (0_i128..1_000_000_000).prop_map(|own| own * 1_000_000_000_000),
        0_i128..1_000_000_000_000_000_000,
    ]
    .prop_map(move |own| {
        Quantity::from_trillionths(if whole { own / 1_000_000_000_000 * 1_000_000_000_000 } else { own })
    });
    let value = prop_oneof![
        4 => quantity.clone().prop_map(AmountValue::Known),
        1 => Just(AmountValue::Unknown),
        2 => [quantity.clone(), quantity.clone(), quantity].prop_map(|mut own| {
            own.sort();
            let [low, likely, high] = own;
            if low == high {
                AmountValue::Known(low)
            } else {
                AmountValue::Range(Box::new(AmountRange { low, likely, high }))
            }
        }),
    ];
    value.prop_map(|value| Amount {
        value,
        provenance: Provenance { kind: ProvenanceKind::Declared, place: Place::default() },
    })
}

fn access() -> impl Strategy<Value = Access> {
    prop::sample::select(vec![Access::Read, Access::Write, Access::Mixed])
}

fn arn() -> impl Strategy<Value = String> {
    prop_oneof![
        Just("arn:aws:s3:::bucket".to_owned()),
        Just("arn:aws:s3:::bucket/".to_owned()),
        Just("arn:aws:s3:::bucket/prefix*".to_owned()),
        Just("arn:aws:s3:::begins-so*".to_owned()),
        Just("arn:aws:s3:::*".to_owned()),
        text().prop_map(|own| format!("arn:{own}")),
    ]
}

fn resource_type() -> impl Strategy<Value = String> {
    prop_oneof![
        3 => Just("AWS::S3::Object".to_owned()),
        2 => Just("AWS::Lambda::Function".to_owned()),
        1 => text().prop_map(|own| format!("AWS::{own}")),
    ]
}

fn class() -> impl Strategy<Value = EventClass> {
    let source = prop::sample::select(vec![EventSource::Kms, EventSource::RdsData, EventSource::Other]);
    let management = (any::<bool>(), source).prop_map(|(read, source)| {
        EventClass::management(if read { Access::Read } else { Access::Write }, source)
    });
    let optional = || prop::option::weighted(0.3, text());
    let data = (access(), resource_type(), prop::option::of(arn()), optional(), optional()).prop_map(
        |(access, resource_type, arn, name, caller)| {
            let mut class = EventClass::data(access, &resource_type, arn.as_deref());
            for (field, value) in [(Field::EventName, name), (Field::UserIdentityArn, caller)] {
                class = match value {
                    Some(value) => class.with(field, &value),
                    None => class,
                };
            }
            class
        },
    );
    let network = (text(), optional(), optional()).prop_map(|(source, name, error)| {
        let mut class = EventClass::network_activity(Access::Mixed, &source);
        for (field, value) in [(Field::EventName, name), (Field::ErrorCode, error)] {
            class = match value {
                Some(value) => class.with(field, &value),
                None => class,
            };
        }
        class
    });
    prop_oneof![3 => management, 4 => data, 1 => network]
}

fn selector() -> impl Strategy<Value = AdvancedEventSelector> {
    let values = || prop::collection::vec(text(), 0..3);
    let field = prop::sample::select(Field::NAMES.to_vec());
    let test = (field, prop::collection::vec(text(), 1..3), values(), values(), values()).prop_map(
        |(field, equals, starts_with, not_equals, not_ends_with)| FieldSelector {
            equals,
            starts_with,
            not_equals,
            not_ends_with,
            ..FieldSelector::new(Field::from_name(field).unwrap())
        },
    );
    let category = prop::sample::select(vec![
        EventCategory::Management,
        EventCategory::Data,
        EventCategory::NetworkActivity,
    ]);
    let advanced = (prop::option::of(text()), category, prop::collection::vec(test, 0..3))
        .prop_map(|(name, category, fields)| AdvancedEventSelector { name, category, fields });
    let excluded = prop::sample::subsequence(vec![EventSource::Kms, EventSource::RdsData], 0..=2);
    let management = (access(), excluded).prop_map(|(access, excluded)| {
        AdvancedEventSelector::management(access, &excluded.into_iter().collect())
    });
    let data = (access(), resource_type(), prop::collection::vec(arn(), 0..3))
        .prop_map(|(access, resource_type, arns)| AdvancedEventSelector::data(access, &resource_type, &arns));
    let network = text().prop_map(|source| AdvancedEventSelector::network_activity(&source));
    prop_oneof![3 => management, 4 => data, 1 => network, 2 => advanced]
}

fn account_id(at: u8) -> AccountId {
    format!("{:012}", 111 + u64::from(at)).parse().unwrap()
}

fn trail() -> impl Strategy<Value = Trail> {
    let scope = prop_oneof![
        Just(TrailScope::Organization),
        Just(TrailScope::EachAccount),
        (0_u8..4).prop_map(|at| TrailScope::Account(account_id(at))),
    ];
    let types = vec![
        (InsightsType::ApiCallRate, EventCategory::Management),
        (InsightsType::ApiErrorRate, EventCategory::Management),
        (InsightsType::ApiCallRate, EventCategory::Data),
    ];
    let insights = prop::sample::subsequence(types, 0..=3);
    let counted = (prop::option::of(amount(true)), prop::option::of(amount(true)));
    let flags =
        (any::<bool>(), any::<bool>(), prop::option::of(any::<bool>()), prop::option::of(any::<bool>()));
    let lists = (prop::collection::vec(selector(), 0..4), insights, prop::collection::vec(text(), 0..2));
    (text(), scope, 0..REGIONS.len(), flags, lists, counted).prop_map(
        |(
            name,
            scope,
            region,
            (multi_region, logging, kms, validation),
            (selectors, insights, aggregation),
            counted,
        )| {
            Trail {
                name,
                scope,
                home_region: RegionCode::new(REGIONS[region]),
                multi_region,
                logging,
                selectors,
                insights: insights
                    .into_iter()
                    .map(|(insights_type, category)| InsightsSelector { insights_type, category })
                    .collect(),
                aggregation,
                delivery: Delivery {
                    kms,
                    log_file_validation: validation,
                    log_files: counted.0,
                    log_bytes: counted.1,
                    ..Delivery::default()
                },
            }
        },
    )
}

fn demands() -> impl Strategy<Value = Demands> {
    let days = || (1_u16..=36_500).prop_map(Age::from_days);
    let hours = || (0_u32..=876_000).prop_map(|own| format!("{own}h").parse::<Age>().unwrap());
    let readable = prop::collection::btree_map(hours(), hours(), 0..3);
    let logs = (prop::option::of(days()), readable, prop::option::of(days()));
    let ids: Vec<String> = built_in().compliance.iter().map(|own| own.id.clone()).collect();
    let named = (
        prop::option::of(prop::sample::select(LossLevel::ALL.to_vec())),
        prop::sample::subsequence(ids.clone(), 0..=ids.len()),
    );
    (logs, prop::collection::vec(selector(), 0..3), any::<bool>(), any::<bool>(), named).prop_map(
        |(logs, events, insights, cloudwatch_logs, (accept_loss, profiles))| Demands {
            retention: logs.0,
            readable_within: logs.1.into_iter().collect(),
            events,
            insights,
            cloudwatch_logs,
            log_retention: logs.2,
            buckets: Vec::new(),
            accept_loss,
            profiles,
        },
    )
}

fn gap() -> impl Strategy<Value = Gap> {
    let kind = prop::sample::select(vec![
        GapKind::Volume,
        GapKind::NotIncluded,
        GapKind::Coverage,
        GapKind::NotSeen,
    ]);
    (kind, text(), text()).prop_map(|(kind, what, remedy)| Gap { kind, what: format!("x{what}"), remedy })
}

/// What is counted in one account and Region.
type Counted = ((u8, usize), Vec<(EventClass, Amount)>, Vec<(usize, Amount, Amount)>);

fn counted() -> impl Strategy<Value = Counted> {
    let volume = (0..NAMED.len() + USAGE.len(), amount(true), amount(false));
    let counts = prop::collection::vec((class(), amount(true)), 0..6);
    ((0_u8..4, 0..REGIONS.len()), counts, prop::collection::vec(volume, 0..5))
}

fn build(accounts: Vec<Account>, places: Vec<Counted>, trails: Vec<Trail>) -> Model {
    let mut model = built_in().model("version = 1\nname = \"x\"\nstart = \"2026-01\"\nmonths = 12\n");
    model.inventory.accounts = accounts;
    let mut seen = BTreeSet::new();
    for ((account, region), counts, volumes) in places {
        if !seen.insert((account, region)) {
            continue;
        }
        let (account, region) = (account_id(account), RegionCode::new(REGIONS[region]));
        let counts: BTreeMap<EventClass, Amount> = counts.into_iter().collect();
        if !counts.is_empty() {
            let counts = counts
                .into_iter()
                .map(|(class, amount)| EventCount { class: model.observations.class_id(&class), amount })
                .collect();
            let (account, region) = (account.clone(), region.clone());
            model.observations.activities.push(Activity { account, region, counts });
        }
        let mut kinds = BTreeSet::new();
        for (at, whole, fraction) in volumes {
            if !kinds.insert(at) {
                continue;
            }
            let catalog = built_in().card.catalog();
            let (service, usage_type) =
                if at < NAMED.len() { ("AWSCloudTrail", NAMED[at].0) } else { USAGE[at - NAMED.len()] };
            let entry = catalog.get(service, usage_type).unwrap();
            model.observations.volumes.push(Volume {
                account: account.clone(),
                region: region.clone(),
                service: service.to_owned(),
                usage_type: usage_type.to_owned(),
                unit: entry.unit.clone(),
                component: NAMED.get(at).map_or(entry.component, |own| own.1),
                amount: if entry.unit.is_whole() { whole } else { fraction },
            });
        }
    }
    model.observations.tell_others_apart();
    // Whoever has an activity or a volume is an account.
    let known: BTreeSet<AccountId> = model.inventory.accounts.iter().map(|own| own.id.clone()).collect();
    let activities = model.observations.activities.iter().map(|own| &own.account);
    let more: BTreeSet<AccountId> =
        activities.chain(model.observations.volumes.iter().map(|own| &own.account)).cloned().collect();
    model.inventory.accounts.extend(more.difference(&known).cloned().map(Account::bare));
    let mut names = BTreeSet::new();
    model.inventory.trails =
        trails.into_iter().filter(|own| names.insert((own.scope.clone(), own.name.clone()))).collect();
    model.consolidated_billing = model.inventory.accounts.len() < 2;
    model
}

fn models() -> impl Strategy<Value = Model> {
    let account = (0_u8..4, prop::option::of(text()), prop::option::of(text()), any::<bool>());
    let accounts = prop::collection::vec(account, 0..4).prop_map(|mut own| {
        own.sort_by_key(|own| own.0);
        own.dedup_by_key(|own| own.0);
        own.into_iter()
            .map(|(at, name, environment, payer)| Account {
                name,
                environment,
                payer: payer.then(|| account_id(9)),
                enabled_regions: payer.then_some(3),
                ..Account::bare(account_id(at))
            })
            .collect::<Vec<_>>()
    });
    let places = prop::collection::vec(counted(), 0..6);
    let trails = prop::collection::vec(trail(), 0..4);
    let measured = prop::option::of(text());
    let gaps = prop::collection::vec(gap(), 0..3);
    (text(), accounts, places, trails, measured, gaps, demands()).prop_map(
        |(name, accounts, places, trails, by, gaps, demands)| {
            let mut model = build(accounts, places, trails);
            model.demands = demands;
            model.name = format!("x{name}x");
            model.gaps = gaps;
            model.measured = by.map(|by| Measured {
                from: "2026-10-21".parse().unwrap(),
                to: "2026-11-19".parse().unwrap(),
                by: format!("x{by}"),
            });
            if model.measured.is_some() {
                let observations = &mut model.observations;
                let counts = observations.activities.iter_mut().flat_map(|own| &mut own.counts);
                let counted = model.inventory.trails.iter_mut().flat_map(|own| {
                    [&mut own.delivery.log_files, &mut own.delivery.log_bytes].into_iter().flatten()
                });
                for amount in counts
                    .map(|own| &mut own.amount)
                    .chain(observations.volumes.iter_mut().map(|own| &mut own.amount))
                    .chain(counted)
                {
                    amount.provenance.kind = ProvenanceKind::Measured;
                }
            }
            model
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn any_model_is_read_back_as_it_was(model in models(), in_a_table in any::<bool>(), evidence in text()) {
        let written = write(&model, if in_a_table { 0 } else { usize::MAX });
        let again = reload(built_in(), &written);
        assert_same(&shown(&model), &shown(&again), "a model", &written);
        // Comments change nothing.
        let evidence = [trailcost::domain::Evidence {
            what: evidence.clone(),
            value: evidence.clone(),
            how: evidence.clone(),
            certainty: trailcost::domain::Certainty::Exact,
        }];
        let header = [evidence[0].what.clone()];
        let options = WriteOptions {
            header: &header,
            evidence: &evidence,
            volumes_file_from: if in_a_table { 0 } else { usize::MAX },
            ..WriteOptions::default()
        };
        let commented = scenario::write(&model, &options).unwrap();
        prop_assert_eq!(shown(&reload(built_in(), &commented)), shown(&again));
        let steers = |own: char| own.is_control() && own != '\n' || "\u{202e}\u{2066}\u{2028}\u{feff}".contains(own);
        prop_assert!(!commented.toml.contains(steers));
    }
}
