//! Scenarios with every way to change them written as text, tried one by one.

use super::lifecycles::lifecycles;
use super::{cost, plan_of, told};
use crate::support::BuiltIn;
use trailcost::domain::{LossLevel, Money};

/// One place in a scenario's text, with what may stand there; the first is what stands there today.
struct Choice {
    mark: &'static str,
    texts: Vec<String>,
}

/// A scenario with its choices.
struct Case {
    name: &'static str,
    text: &'static str,
    choices: Vec<Choice>,
    /// Whether a choice of texts keeps what must be kept.
    allowed: fn(&[usize]) -> bool,
    accept: LossLevel,
}

fn choice(mark: &'static str, texts: &[&str]) -> Choice {
    Choice { mark, texts: texts.iter().map(|&text| text.to_owned()).collect() }
}

impl Case {
    fn text(&self, chosen: &[usize]) -> String {
        let mut text = self.text.to_owned();
        for (choice, &at) in self.choices.iter().zip(chosen) {
            text = text.replace(choice.mark, &choice.texts[at]);
        }
        text
    }

    /// Returns the cheapest allowed combination.
    fn cheapest(&self, built_in: &BuiltIn) -> (Money, Vec<usize>) {
        let mut best: Option<(Money, Vec<usize>)> = None;
        let mut chosen = vec![0; self.choices.len()];
        loop {
            if (self.allowed)(&chosen) {
                let own = cost(built_in, &self.text(&chosen));
                if best.as_ref().is_none_or(|(known, _)| own < *known) {
                    best = Some((own, chosen.clone()));
                }
            }
            let Some(at) = (0..chosen.len()).find(|&at| chosen[at] + 1 < self.choices[at].texts.len()) else {
                return best.unwrap();
            };
            chosen[at] += 1;
            chosen[..at].fill(0);
        }
    }
}

const ONE_ACCOUNT: &str = r#"
version = 1
name = "one account"
start = "2026-01"
months = 12

[[account]]
id = "111122223333"

[[account.activity]]
region = "us-east-1"
management = { read = "10M", write = "2M", kms_read = "3M", kms_write = "1M", rdsdata_read = "500k" }
data = [
    { resource_type = "AWS::S3::Object", resource = "arn:aws:s3:::orders/", read = "40M", write = "3M" },
    { resource_type = "AWS::S3::Object", resource = "arn:aws:s3:::logs/", write = "1M" },
    { resource_type = "AWS::Lambda::Function", read = "0", write = "5M" },
]

@main
@second
@rest
"#;

const DATA: &str =
    r#"data = [{ resource_type = "AWS::S3::Object" }, { resource_type = "AWS::Lambda::Function" }]"#;

fn trail(name: &str, settings: &str) -> String {
    format!("[[trail]]\nname = \"{name}\"\n{settings}\n")
}

fn trails(mark: &'static str, name: &str, settings: &[&str], removable: bool) -> Choice {
    let mut texts: Vec<String> = settings.iter().map(|own| trail(name, own)).collect();
    if removable {
        texts.push(String::new());
    }
    Choice { mark, texts }
}

/// What a bucket's lifecycle may be, beside none, where a low loss is accepted: nothing is archived in its first 90 days.
fn lives() -> Choice {
    choice(
        "@life",
        &[
            "",
            "{ after = \"0d\", to = \"GLACIER_IR\" }",
            "{ after = \"0d\", to = \"INTELLIGENT_TIERING\" }",
            "{ after = \"90d\", to = \"DEEP_ARCHIVE\" }",
            "{ after = \"90d\", to = \"DEEP_ARCHIVE\", larger_than = \"0 bytes\" }",
            "{ after = \"0d\", to = \"GLACIER_IR\" }, { after = \"90d\", to = \"DEEP_ARCHIVE\" }",
        ],
    )
}

fn nothing(mark: &'static str) -> Choice {
    choice(mark, &[""])
}

#[allow(clippy::too_many_lines, reason = "one case after the other")]
fn recording_cases() -> Vec<Case> {
    let data_and = |settings: &str| format!("{DATA}\n{settings}");
    let (both, data_only) = (data_and(""), data_and("management = \"none\""));
    let (write, kms) = (data_and("management = \"write\""), data_and("exclude = [\"kms\"]"));
    vec![
        Case {
            name: "two trails that record the same",
            text: ONE_ACCOUNT,
            choices: vec![
                trails("@main", "main", &["", "exclude = [\"kms\"]", "management = \"write\""], true),
                trails("@second", "second", &["", "exclude = [\"kms\"]", "management = \"write\""], true),
                nothing("@rest"),
            ],
            allowed: |chosen| chosen[0] == 0 || chosen[1] == 0,
            accept: LossLevel::Low,
        },
        Case {
            name: "a trail for data events that records everything",
            text: ONE_ACCOUNT,
            choices: vec![
                trails(
                    "@main",
                    "main",
                    &["", "exclude = [\"kms\", \"rdsdata\"]", "management = \"write\""],
                    true,
                ),
                trails("@second", "second", &[&both, &data_only, &write, &kms], false),
                nothing("@rest"),
            ],
            // No loss of data events; the second trail has to record them, and one of both all management events.
            allowed: |chosen| chosen[0] == 0 || chosen[1] == 0,
            accept: LossLevel::Low,
        },
        Case {
            name: "reads on one trail, writes on the other",
            text: ONE_ACCOUNT,
            choices: vec![
                trails("@main", "main", &["management = \"read\""], true),
                trails("@second", "second", &["management = \"write\""], true),
                nothing("@rest"),
            ],
            allowed: |chosen| chosen == [0, 0, 0],
            accept: LossLevel::High,
        },
        Case {
            name: "everything and reads",
            text: ONE_ACCOUNT,
            choices: vec![
                trails("@main", "main", &["", "management = \"write\""], false),
                trails(
                    "@second",
                    "second",
                    &["management = \"read\"", "management = \"read\"\nexclude = [\"kms\"]"],
                    true,
                ),
                nothing("@rest"),
            ],
            allowed: |chosen| chosen[0] == 0 || chosen[1] == 0,
            accept: LossLevel::None,
        },
        Case {
            name: "data events twice",
            text: ONE_ACCOUNT,
            choices: vec![
                trails("@main", "main", &[&both, ""], false),
                trails("@second", "second", &[&data_only], true),
                nothing("@rest"),
            ],
            allowed: |chosen| chosen[0] == 0 || chosen[1] == 0,
            accept: LossLevel::Low,
        },
        Case {
            name: "data events twice, writes alone on one",
            text: ONE_ACCOUNT,
            choices: vec![
                trails(
                    "@main",
                    "main",
                    &["data = [{ resource_type = \"AWS::S3::Object\", access = \"write\" }]", ""],
                    false,
                ),
                trails("@second", "second", &[&data_only], true),
                nothing("@rest"),
            ],
            allowed: |chosen| chosen[1] == 0,
            accept: LossLevel::Low,
        },
        Case {
            name: "log bucket among the data events",
            text: ONE_ACCOUNT,
            choices: vec![
                trails(
                    "@main",
                    "main",
                    &[
                        &format!("{DATA}\nbucket = \"logs\""),
                        "data = [{ resource_type = \"AWS::S3::Object\", resources = [\"arn:aws:s3:::orders/\"] }, \
                         { resource_type = \"AWS::Lambda::Function\" }]\nbucket = \"logs\"",
                    ],
                    false,
                ),
                nothing("@second"),
                choice("@rest", &["[[bucket]]\nname = \"logs\"\nlifecycle = [@life]\n"]),
                lives(),
            ],
            allowed: |_| true,
            accept: LossLevel::Low,
        },
        Case {
            name: "reads of data may go",
            text: ONE_ACCOUNT,
            choices: vec![
                trails(
                    "@main",
                    "main",
                    &[
                        DATA,
                        "data = [{ resource_type = \"AWS::S3::Object\", access = \"write\" }, \
                         { resource_type = \"AWS::Lambda::Function\" }]",
                        "data = [{ resource_type = \"AWS::S3::Object\", access = \"write\" }, \
                         { resource_type = \"AWS::Lambda::Function\", access = \"write\" }]",
                        "data = [{ resource_type = \"AWS::S3::Object\" }, \
                         { resource_type = \"AWS::Lambda::Function\", access = \"write\" }]",
                    ],
                    false,
                ),
                nothing("@second"),
                nothing("@rest"),
            ],
            allowed: |_| true,
            accept: LossLevel::Medium,
        },
        Case {
            name: "Insights twice",
            text: ONE_ACCOUNT,
            choices: vec![
                trails(
                    "@main",
                    "main",
                    &[
                        "insights = [\"ApiCallRateInsight\", \"ApiErrorRateInsight\"]",
                        "insights = [\"ApiCallRateInsight\"]",
                        "insights = [\"ApiErrorRateInsight\"]",
                        "",
                    ],
                    true,
                ),
                trails(
                    "@second",
                    "second",
                    &[
                        "management = \"write\"\ninsights = [\"ApiCallRateInsight\"]",
                        "management = \"write\"",
                    ],
                    true,
                ),
                nothing("@rest"),
            ],
            // Both types stay on somewhere, and `main` records everything.
            allowed: |chosen| match chosen[0] {
                0 => true,
                2 => chosen[1] == 0,
                _ => false,
            },
            accept: LossLevel::None,
        },
        Case {
            name: "Insights may go",
            text: ONE_ACCOUNT,
            choices: vec![
                trails(
                    "@main",
                    "main",
                    &[
                        "insights = [\"ApiCallRateInsight\", \"ApiErrorRateInsight\"]",
                        "insights = [\"ApiCallRateInsight\"]",
                        "",
                    ],
                    false,
                ),
                nothing("@second"),
                nothing("@rest"),
            ],
            allowed: |_| true,
            accept: LossLevel::Medium,
        },
        Case {
            name: "notices of every file",
            text: ONE_ACCOUNT,
            choices: vec![
                trails(
                    "@main",
                    "main",
                    &["sns_topic = \"files\"\nbucket = \"logs\"", "bucket = \"logs\""],
                    false,
                ),
                nothing("@second"),
                choice(
                    "@rest",
                    &[
                        "[[bucket]]\nname = \"logs\"\nlifecycle = [@life]\n\n[[topic]]\nname = \"files\"\nsubscriptions = [{ protocol = \"http\", count = 3 }]\n",
                    ],
                ),
                lives(),
            ],
            allowed: |_| true,
            accept: LossLevel::Low,
        },
        Case {
            name: "a log group that forgets nothing",
            text: ONE_ACCOUNT,
            choices: vec![
                trails(
                    "@main",
                    "main",
                    &["log_group = \"trail\"\nbucket = \"logs\"", "bucket = \"logs\""],
                    false,
                ),
                nothing("@second"),
                choice(
                    "@rest",
                    &[
                        "[[bucket]]\nname = \"logs\"\nlifecycle = [@life]\n[[log_group]]\nname = \"trail\"\n",
                        "[[bucket]]\nname = \"logs\"\nlifecycle = [@life]\n[[log_group]]\nname = \"trail\"\nretention = \"90d\"\n",
                        "[[bucket]]\nname = \"logs\"\nlifecycle = [@life]\n[[log_group]]\nname = \"trail\"\nclass = \"INFREQUENT_ACCESS\"\n",
                        "[[bucket]]\nname = \"logs\"\nlifecycle = [@life]\n[[log_group]]\nname = \"trail\"\nclass = \"INFREQUENT_ACCESS\"\nretention = \"90d\"\n",
                    ],
                ),
                lives(),
            ],
            // To leave it out loses more than is accepted.
            allowed: |chosen| chosen[0] == 0,
            accept: LossLevel::Low,
        },
        Case {
            name: "a log group that a filter needs",
            text: ONE_ACCOUNT,
            choices: vec![
                trails(
                    "@main",
                    "main",
                    &[
                        "log_group = \"trail\"\nbucket = \"logs\"",
                        "log_group = \"trail\"\nbucket = \"logs\"\nexclude = [\"kms\"]",
                    ],
                    false,
                ),
                trails("@second", "second", &["", "exclude = [\"kms\"]", "management = \"write\""], true),
                choice(
                    "@rest",
                    &[
                        "[[bucket]]\nname = \"logs\"\nlifecycle = [@life]\n[[log_group]]\nname = \"trail\"\nmetric_filter = [{ name = \"root-login\", matching_hours = 4 }]\n",
                        "[[bucket]]\nname = \"logs\"\nlifecycle = [@life]\n[[log_group]]\nname = \"trail\"\nretention = \"90d\"\nmetric_filter = [{ name = \"root-login\", matching_hours = 4 }]\n",
                    ],
                ),
                lives(),
            ],
            // What the filter sees stays.
            allowed: |chosen| chosen[0] == 0,
            accept: LossLevel::Low,
        },
        Case {
            name: "an event data store of seven years",
            text: ONE_ACCOUNT,
            choices: vec![
                trails("@main", "main", &[""], false),
                nothing("@second"),
                choice(
                    "@rest",
                    &[
                        "[[event_data_store]]\nname = \"lake\"\nbilling_mode = \"FIXED_RETENTION_PRICING\"\nhome_region = \"us-east-1\"\nretention = \"2557d\"\nmanagement = \"all\"\n",
                        "[[event_data_store]]\nname = \"lake\"\nbilling_mode = \"EXTENDABLE_RETENTION_PRICING\"\nhome_region = \"us-east-1\"\nretention = \"2557d\"\nmanagement = \"all\"\n",
                    ],
                ),
            ],
            allowed: |_| true,
            accept: LossLevel::Low,
        },
        Case {
            name: "an event data store that keeps and takes much",
            text: ONE_ACCOUNT,
            choices: vec![
                trails("@main", "main", &[""], false),
                nothing("@second"),
                choice(
                    "@rest",
                    &[
                        "[[event_data_store]]\nname = \"lake\"\nhome_region = \"us-east-1\"\nretention = \"2557d\"\nmanagement = \"all\"\n",
                        "[[event_data_store]]\nname = \"lake\"\nhome_region = \"us-east-1\"\nretention = \"366d\"\nmanagement = \"all\"\n",
                        "[[event_data_store]]\nname = \"lake\"\nhome_region = \"us-east-1\"\nretention = \"2557d\"\nmanagement = \"write\"\n",
                        "[[event_data_store]]\nname = \"lake\"\nhome_region = \"us-east-1\"\nretention = \"366d\"\nmanagement = \"write\"\n",
                    ],
                ),
            ],
            allowed: |_| true,
            accept: LossLevel::Medium,
        },
        Case {
            name: "volumes from a bill",
            text: r#"
version = 1
name = "bill"
start = "2026-01"
months = 12

[[volume]]
account = "111122223333"
region = "us-east-1"
@paid
@insights
s3_data_events = "10M"
"#,
            choices: vec![
                choice("@paid", &["paid_management_events = \"20M\"", ""]),
                choice("@insights", &["usage = { InsightsEvents = \"3M\" }", ""]),
            ],
            allowed: |_| true,
            accept: LossLevel::Medium,
        },
        Case {
            name: "an organization trail, one in every account, one of a team",
            text: r#"
version = 1
name = "organization"
start = "2026-01"
months = 12

[[account]]
id = "111122223333"

[[account.activity]]
region = "us-east-1"
management = { read = "18M", write = "2M" }

[[account]]
id = "444455556666"

[[account.activity]]
region = "eu-west-1"
management = { read = "4M", write = "1M", kms_read = "3M" }

@organization
@each
@team
"#,
            choices: vec![
                trails("@organization", "org", &["scope = \"organization\""], true),
                trails(
                    "@each",
                    "each",
                    &["account = \"*\"", "account = \"*\"\nmanagement = \"write\""],
                    true,
                ),
                trails(
                    "@team",
                    "team",
                    &[
                        "account = \"111122223333\"\nhome_region = \"us-east-1\"\nmulti_region = false\nmanagement = \"write\"",
                    ],
                    true,
                ),
            ],
            // Accounts that are not named have the organization's trail alone.
            allowed: |chosen| chosen[0] == 0,
            accept: LossLevel::Low,
        },
    ]
}

/// Buckets with every lifecycle that may stand there.
fn lifecycle_cases() -> Vec<Case> {
    use LossLevel::{High, Low, Medium, None as Nothing};
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
log_bytes = "@bytes"

[[bucket]]
name = "logs"
lifecycle = [@lifecycle]
@rest
"#;
    let case = |name, bytes: &str, rest: &str, accept, expires: Option<u32>| {
        let floor = match accept {
            LossLevel::None => u32::MAX,
            LossLevel::Low => 90,
            LossLevel::Medium | LossLevel::High => 0,
        };
        let floors = [("GLACIER", floor), ("DEEP_ARCHIVE", floor)];
        Case {
            name,
            text: BUCKET,
            choices: vec![
                choice("@bytes", &[bytes]),
                choice("@rest", &[rest]),
                Choice { mark: "@lifecycle", texts: lifecycles(&floors, expires) },
            ],
            allowed: |_| true,
            accept,
        }
    };
    let demands = "[keep]\nretention = \"1y\"\nreadable_within = { \"90d\" = \"0h\", \"1y\" = \"12h\" }\n";
    let reader = "[[reader]]\nname = \"siem\"\nbucket = \"logs\"\nhow = \"get\"\ntimes = 4\nlogs = { from = \"0d\", to = \"60d\" }\n";
    vec![
        case("large log files", "40 GiB", "", Low, None),
        case("large log files that are never read", "40 GiB", "", Medium, None),
        case("large log files that are always at hand", "40 GiB", "", Nothing, None),
        case("small log files", "40 MiB", "", Medium, None),
        case("log files of 50 KB", "1000 MiB", "", Low, None),
        case("demands on reading", "40 GiB", demands, Low, Some(365)),
        case("somebody reads them", "20 GiB", reader, High, None),
    ]
}

fn check(cases: &[Case]) {
    let built_in = BuiltIn::new();
    for case in cases {
        let today = vec![0; case.choices.len()];
        let model = built_in.model(&case.text(&today));
        let plan = plan_of(&built_in, &model, Some(case.accept));
        let (cheapest, chosen) = case.cheapest(&built_in);
        assert_eq!(
            plan.after.total,
            cheapest,
            "{}: cheapest is {} with\n{}\n{}",
            case.name,
            cheapest.rounded(),
            case.text(&chosen),
            told(&plan)
        );
        let before = cost(&built_in, &case.text(&today));
        assert_eq!(plan.saving.total, before.checked_sub(cheapest).unwrap(), "{}", case.name);
    }
}

#[test]
fn the_plan_is_the_cheapest_of_all() {
    let cases = recording_cases();
    assert!(cases.len() + lifecycle_cases().len() >= 20);
    check(&cases);
}

#[test]
fn the_lifecycle_is_the_cheapest_of_all() {
    check(&lifecycle_cases());
}
