//! `measure athena` against an Athena on loopback that answers what a slow reference counts in generated logs.

use crate::support::aws::{Bucket, Emulator, Object, Policy, Trouble, World, workgroup};
use crate::support::log_corpus::{tabular, write_below};
use crate::support::log_reference::{self, differences};
use serde_json::{Value, json};
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::sync::OnceLock;
use std::time::Duration;

const OWN: &str = "999988887777";
const SEED: u64 = 7;

/// The archive, with what the reference counts in it: the document of `measure logs`, and Athena's answers.
struct Corpus {
    directory: tempfile::TempDir,
    measured: Value,
    answers: [log_reference::Table; 2],
}

fn corpus() -> &'static Corpus {
    static CORPUS: OnceLock<Corpus> = OnceLock::new();
    CORPUS.get_or_init(|| {
        let directory = tempfile::tempdir().unwrap();
        write_below(directory.path(), tabular(SEED));
        let measured = log_reference::measure(directory.path());
        let answers = log_reference::rows(directory.path());
        Corpus { directory, measured, answers }
    })
}

/// A world whose bucket has the archive, and whose Athena knows what is counted in it.
fn world() -> World {
    let mut world = World::default().with_account(OWN, &["us-east-1", "eu-west-1"]);
    let mut bucket = Bucket { owner: OWN.to_owned(), region: "eu-west-1".to_owned(), ..Bucket::default() };
    for log in walk(corpus().directory.path()) {
        let key = log.strip_prefix(corpus().directory.path()).unwrap().to_str().unwrap().to_owned();
        bucket.objects.insert(key, Object::new(std::fs::read(&log).unwrap()));
    }
    for key in ["AWSLogs/111122223300/CloudTrail-Digest/us-east-1/2026/10/02/d.json.gz", "AWSLogs/x.json.gz"]
    {
        let object = Object { listed_size: Some(1 << 40), ..Object::default() };
        bucket.objects.insert(key.to_owned(), object);
    }
    world.buckets.insert("audit-logs".to_owned(), bucket);
    world.page = 2;
    world.object_page = Some(2);
    let state = &mut world.athena;
    state.workgroups.insert("primary".to_owned(), workgroup("primary", &json!({})));
    state.databases.insert("audit".to_owned());
    for (word, (columns, rows)) in ["GROUPING SETS", "AS copies"].into_iter().zip(&corpus().answers) {
        let columns = columns.iter().map(|own| (*own).to_owned()).collect();
        state.answers.push((word.to_owned(), columns, rows.clone()));
    }
    state.running = 2;
    state.step = 1 << 20;
    world
}

fn walk(folder: &Path) -> Vec<std::path::PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { found.extend(walk(&path)) } else { found.push(path) }
    }
    found
}

const ARGUMENTS: [&str; 18] = [
    "measure",
    "athena",
    "--logs",
    "s3://audit-logs",
    "--account",
    "111122223300,111122223301,111122223302,111122223303,111122223304,111122223305,111122223306,111122223307,111122223308,111122223309",
    "--region",
    "us-east-1,eu-west-1,eu-central-1,ap-southeast-2",
    "--from",
    "2026-10-01",
    "--until",
    "2026-11-30",
    "--athena-region",
    "us-east-1",
    "--database",
    "audit",
    "--output",
    "s3://results/trailcost",
];

/// The command with the usual arguments, but for those that are given another value.
fn trailcost(emulator: &Emulator, directory: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_trailcost"));
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("AWS_") {
            command.env_remove(name);
        }
    }
    let mut usual = ARGUMENTS.to_vec();
    for own in arguments {
        if let Some(at) = usual.iter().position(|usual| usual == own) {
            usual.drain(at..at + 2);
        }
    }
    command
        .args(usual)
        .args(arguments)
        .current_dir(directory)
        .env("HOME", directory)
        .env("NO_COLOR", "1")
        .env_remove("TERM")
        .env("AWS_EC2_METADATA_DISABLED", "true")
        .env("AWS_ENDPOINT_URL", emulator.url())
        .env("AWS_ACCESS_KEY_ID", format!("AKID{OWN}"))
        .env("AWS_SECRET_ACCESS_KEY", "secret")
        .stdin(Stdio::null());
    command
}

fn outcome(output: &Output) -> (i32, String, String) {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    (output.status.code().unwrap_or(-1), text(&output.stdout), text(&output.stderr))
}

fn run(emulator: &Emulator, arguments: &[&str]) -> (i32, String, String) {
    let directory = tempfile::tempdir().unwrap();
    outcome(&trailcost(emulator, directory.path(), arguments).output().unwrap())
}

/// What was started, without the statement that makes the table.
fn queries(emulator: &Emulator) -> usize {
    let mut count = 0;
    emulator.change(|world| {
        count = world.athena.runs.iter().filter(|own| own.statement.starts_with("SELECT")).count();
    });
    count
}

/// What Athena does not tell, wherever it stands in the document.
const UNTOLD: [&str; 14] = [
    "bytes",
    "digest_files",
    "empty",
    "repeated",
    "repeated_events",
    "raw_bytes",
    "gzip_files",
    "gzip_stored_bytes",
    "gzip_raw_bytes",
    "gzip_ratio",
    "shared",
    "unreadable",
    "skipped",
    "slots",
];

/// Takes out of an expected document what Athena does not tell; `null` stands there.
fn without_untold(own: &Value) -> Value {
    match own {
        Value::Array(own) => own.iter().map(without_untold).collect(),
        Value::Object(own) => own
            .iter()
            .map(|(name, own)| {
                let is_untold = UNTOLD.contains(&name.as_str());
                (name.clone(), if is_untold { Value::Null } else { without_untold(own) })
            })
            .collect(),
        other => other.clone(),
    }
}

#[test]
fn what_athena_counts_is_what_the_files_hold() {
    let emulator = Emulator::start(world());
    let directory = tempfile::tempdir().unwrap();
    emulator.change(|world| world.athena.page = 97);
    let arguments = ["--yes", "--format", "json", "--out", "measured"];
    let output = trailcost(&emulator, directory.path(), &arguments).output().unwrap();
    let (code, stdout, stderr) = outcome(&output);
    assert_eq!(code, 0, "{stderr}");
    let found: Value = serde_json::from_str(&stdout).unwrap();
    let mut expected = without_untold(&corpus().measured);
    // One trail delivers there, under a name of its own.
    expected["copies"]["copies_same_folder"] = expected["copies"]["copies"].clone();
    for table in ["trail_folders", "files_by_day"] {
        for own in expected[table].as_array_mut().unwrap() {
            own["folder"] = json!("s3://audit-logs/AWSLogs");
        }
    }
    expected["files_by_day"].as_array_mut().unwrap().retain(|own| own["log_files"] != Value::Null);
    let mut lines = Vec::new();
    let by_day = |own: &Value| -> std::collections::BTreeMap<(String, String, String), (u64, u64)> {
        let mut sums = std::collections::BTreeMap::new();
        for own in own["files_by_day"].as_array().unwrap() {
            let text = |name: &str| own[name].as_str().unwrap().to_owned();
            let sum: &mut (u64, u64) =
                sums.entry((text("account"), text("region"), text("day"))).or_default();
            sum.0 += own["log_files"].as_u64().unwrap();
            sum.1 += own["stored_bytes"].as_u64().unwrap();
        }
        sums
    };
    assert_eq!(by_day(&expected), by_day(&found));
    expected.as_object_mut().unwrap().remove("files_by_day");
    differences("", &expected, &found, &mut lines);
    assert!(lines.is_empty(), "{} differ:\n{}", lines.len(), lines[..lines.len().min(20)].join("\n"));
    let written: Value = serde_json::from_str(
        &std::fs::read_to_string(directory.path().join("measured/measured.json")).unwrap(),
    )
    .unwrap();
    assert_eq!(written, found);
    let scenario = std::fs::read_to_string(directory.path().join("measured/scenario.toml")).unwrap();
    assert!(scenario.contains("measure athena"), "{scenario}");
    let estimated = Command::new(env!("CARGO_BIN_EXE_trailcost"))
        .args(["estimate", "measured/scenario.toml", "--allow-incomplete", "--draws", "1"])
        .current_dir(directory.path())
        .output()
        .unwrap();
    assert!(estimated.status.success(), "{estimated:?}");
    // 3 MB were read by each query, ten are billed: 20 ÷ 2^20 of $5.
    assert!(
        stderr.contains("Athena read 6,291,456 bytes, 20 MB are billed: $0.000095 at list prices"),
        "{stderr}"
    );
    assert!(stderr.contains("together $0.000095 at list prices, "), "{stderr}");
    assert!(stderr.contains("price: AmazonAthena price list, us-east-1"), "{stderr}");
    assert!(stderr.contains("requests that list the bucket: "), "{stderr}");
    // The plan is written before anything runs, and its size is that of the files of these days.
    let files: u64 = expected["files"]["log_files"].as_u64().unwrap();
    assert!(stderr.contains(&format!("{files} log files were listed")), "{files}: {stderr}");
    assert_eq!(queries(&emulator), 2);
    assert!(emulator.calls_of("GetQueryResults").len() > 5, "the answers have pages");
    assert!(emulator.calls_of("ListObjectsV2").iter().any(|own| own.region == "eu-west-1" && own.answered));

    // The table is there now: another run uses it. Its FOCUS dataset has the quantities that the files themselves give.
    let focus = directory.path().join("athena.csv");
    let (code, stdout, stderr) =
        run(&emulator, &["--yes", "--format", "json", "--focus", focus.to_str().unwrap()]);
    let from_files = directory.path().join("files.csv");
    let logs = Command::new(env!("CARGO_BIN_EXE_trailcost"))
        .args(["measure", "logs", "--quiet", "--focus", from_files.to_str().unwrap()])
        .arg(corpus().directory.path())
        .output()
        .unwrap();
    assert!(logs.status.success(), "{logs:?}");
    let events = |path: &Path| {
        let rows = crate::focus::rows_of_csv(&std::fs::read(path).unwrap());
        let of_events = rows.into_iter().filter(|own| own["ConsumedUnit"] == "Events");
        let quantity = |own: &crate::focus::Row| {
            let columns = ["SubAccountId", "RegionId", "SkuMeter", "ConsumedQuantity"];
            columns.map(|name| own[name].clone())
        };
        of_events.map(|own| quantity(&own)).collect::<std::collections::BTreeSet<_>>()
    };
    assert!(!events(&focus).is_empty());
    assert_eq!(events(&focus), events(&from_files));
    assert_eq!((code, serde_json::from_str::<Value>(&stdout).unwrap()), (0, found), "{stderr}");
    assert!(stderr.contains("the table audit.cloudtrail_logs is there and fits"), "{stderr}");
    emulator.change(|world| {
        let made = world.athena.runs.iter().filter(|own| own.statement.starts_with("CREATE")).count();
        assert_eq!((made, world.athena.runs.len()), (1, 5));
        assert!(world.athena.runs.iter().all(|own| own.output == "s3://results/trailcost/"));
    });
}

#[test]
fn people_are_told_what_is_not_known() {
    let emulator = Emulator::start(world());
    let (code, stdout, stderr) = run(&emulator, &["--yes", "--stored", "12 MiB"]);
    assert_eq!(code, 0, "{stderr}");
    assert!(stdout.contains("counted by Athena; the files were not listed"), "{stdout}");
    let total = stdout.lines().find(|own| own.starts_with("all ")).unwrap();
    let events = corpus().measured["totals"]["events"].as_u64().unwrap();
    assert!(total.replace(',', "").contains(&events.to_string()) && total.ends_with("unknown"), "{total}");
    for words in
        ["Athena tells no size of events", "files or records that it could not read", "they were not listed"]
    {
        assert!(stdout.replace("\n    ", " ").contains(words), "{words}: {stdout}");
    }
    assert!(emulator.calls_of("ListObjectsV2").is_empty(), "what is stated is not listed");
    let (_, csv, _) = run(&emulator, &["--yes", "--stored", "12 MiB", "--format", "csv"]);
    let row = csv.lines().nth(1).unwrap();
    assert_eq!(row.split(',').nth(6), Some(""), "bytes are unknown, not zero: {row}");
    let (_, json, _) = run(&emulator, &["--yes", "--stored", "12 MiB", "--format", "json"]);
    let json: Value = serde_json::from_str(&json).unwrap();
    assert_eq!((&json["files"]["log_files"], &json["files"]["stored_bytes"]), (&Value::Null, &Value::Null));
    let (_, schema, _) = outcome(
        &Command::new(env!("CARGO_BIN_EXE_trailcost"))
            .args(["scenario", "schema", "--of", "logs"])
            .output()
            .unwrap(),
    );
    if let Ok(schema) = serde_json::from_str::<Value>(&schema) {
        let errors: Vec<String> = jsonschema::validator_for(&schema)
            .unwrap()
            .iter_errors(&json)
            .map(|own| own.to_string())
            .collect();
        assert!(errors.is_empty(), "{errors:?}");
    }
}

#[test]
fn nothing_runs_that_nobody_agreed_to() {
    let emulator = Emulator::start(world());
    let (code, stdout, stderr) = run(&emulator, &[]);
    assert_eq!((code, stdout.as_str()), (2, ""));
    assert!(stderr.contains("count-events: costs $0.000048: 10 MB at $5.00 per terabyte"), "{stderr}");
    assert!(
        stderr.contains(
            "error: the queries cost money, and nobody can be asked: nothing was run\nhint: add --yes"
        ),
        "{stderr}"
    );
    for (arguments, code, words) in [
        (
            &["--stored", "10 TiB", "--max-cost", "99.99", "--yes"][..],
            1,
            "the queries cost about $100.00, more than --max-cost $99.99",
        ),
        (&["--stored", "10 TiB", "--max-cost", "ten", "--yes"], 2, "bad amount `ten` for --max-cost"),
        (
            &["--max-cost", "1", "--athena-region", "us-gov-west-1", "--yes"],
            4,
            "the cost is unknown, so that --max-cost cannot be held",
        ),
        (&["--workgroup", "closed", "--yes"], 2, "the workgroup `closed` is disabled"),
        (
            &["--stored", "10 TiB", "--workgroup", "strict", "--yes"],
            1,
            "the workgroup would stop the queries",
        ),
        (&["--workgroup", "nobody", "--yes"], 5, "WorkGroup is not found."),
        (&["--endpoint-url", "ftp://x", "--yes"], 2, "bad address `ftp://x`"),
        (&["--output", "here", "--yes"], 2, "`here` is no place in S3"),
    ] {
        emulator.change(|world| {
            let mut closed = workgroup("closed", &json!({}));
            closed["State"] = json!("DISABLED");
            world.athena.workgroups.insert("closed".to_owned(), closed);
            let strict = workgroup("strict", &json!({ "BytesScannedCutoffPerQuery": 1_u64 << 40 }));
            world.athena.workgroups.insert("strict".to_owned(), strict);
        });
        let (found, stdout, stderr) = run(&emulator, arguments);
        assert_eq!((found, stdout.as_str()), (code, ""), "{arguments:?}: {stderr}");
        assert!(stderr.contains(words), "{arguments:?}: {stderr}");
    }
    assert_eq!(queries(&emulator), 0);
    emulator.change(|world| assert!(world.athena.runs.is_empty()));
}

#[test]
fn what_turns_out_to_cost_too_much_is_stopped() {
    // A terabyte is read at each look, and $7 are allowed: the second look is $10.
    let emulator = Emulator::start(world());
    emulator.change(|world| {
        world.athena.step = 1 << 40;
        world.athena.running = 100;
    });
    let (code, stdout, stderr) = run(&emulator, &["--yes", "--max-cost", "7"]);
    assert_eq!((code, stdout.as_str()), (1, ""));
    assert!(stderr.contains("error: the query was stopped: it would cost more than --max-cost"), "{stderr}");
    assert!(stderr.contains("2,097,152 MB are billed: $10.00 at list prices"), "{stderr}");
    assert_eq!((queries(&emulator), emulator.calls_of("StopQueryExecution").len()), (1, 1));

    // One query is within the limit, and both together are not: the second is not begun.
    let emulator = Emulator::start(world());
    emulator.change(|world| {
        world.athena.step = 1 << 40;
        world.athena.running = 0;
    });
    let (code, _, stderr) = run(&emulator, &["--yes", "--max-cost", "7"]);
    assert_eq!(code, 1, "{stderr}");
    assert_eq!((queries(&emulator), emulator.calls_of("StopQueryExecution").len()), (1, 0));
    assert!(stderr.contains("$5.00 at list prices"), "{stderr}");
}

#[test]
fn queries_that_fail_say_why() {
    for (state, reason, hint, billed) in [
        (
            "FAILED",
            "HIVE_BAD_DATA: Error parsing",
            "Athena's history has the query as run 1 of primary",
            false,
        ),
        ("FAILED", "Permission denied on S3 path: s3://audit-logs", "--print-policy", false),
        ("CANCELLED", "Bytes scanned limit was exceeded", "raise the limit of the workgroup", true),
    ] {
        let emulator = Emulator::start(world());
        emulator.change(|world| world.athena.outcome = Some((state.to_owned(), reason.to_owned())));
        let (code, stdout, stderr) = run(&emulator, &["--yes"]);
        assert_eq!((code, stdout.as_str()), (5, ""), "{stderr}");
        assert!(stderr.contains(reason) && stderr.contains(hint), "{stderr}");
        // Athena takes nothing for what fails, and takes what was read of what is cancelled.
        assert_eq!(stderr.contains("10 MB are billed"), billed, "{stderr}");
        assert_eq!(queries(&emulator), 1);
    }
    let emulator = Emulator::start(world());
    emulator.change(|world| {
        world.athena.databases.clear();
    });
    let (code, _, stderr) = run(&emulator, &["--yes"]);
    assert_eq!(code, 5);
    assert!(stderr.contains("Schema 'audit' does not exist") && stderr.contains("--database"), "{stderr}");
}

#[test]
fn another_table_of_that_name_is_not_asked() {
    let emulator = Emulator::start(world());
    let (code, _, stderr) = run(&emulator, &["--yes"]);
    assert_eq!(code, 0, "{stderr}");
    emulator.change(|world| {
        let table = world.athena.tables.get_mut("audit.cloudtrail_logs").unwrap();
        table["Parameters"]["projection.day.range"] = json!("2026/10/05,NOW");
        world.athena.runs.clear();
    });
    let (code, stdout, stderr) = run(&emulator, &["--yes"]);
    assert_eq!((code, stdout.as_str()), (2, ""));
    assert!(stderr.contains("its days are 2026/10/05 to NOW") && stderr.contains("--table"), "{stderr}");
    assert_eq!(queries(&emulator), 0);
}

#[test]
fn throttling_and_faults_are_waited_out_and_start_nothing_twice() {
    let emulator = Emulator::start(world());
    for (operation, trouble) in [
        ("GetWorkGroup", Trouble::ServerError),
        ("StartQueryExecution", Trouble::HungUp),
        ("GetQueryExecution", Trouble::ServerError),
        ("GetQueryResults", Trouble::HungUp),
        // The last call: from then on the SDK asks more slowly.
        ("GetQueryResults", Trouble::Throttled),
        ("ListObjectsV2", Trouble::ServerError),
    ] {
        emulator.trouble(operation, None, trouble, 1);
    }
    let (code, _, stderr) = run(&emulator, &["--yes"]);
    assert_eq!(code, 0, "{stderr}");
    assert_eq!(queries(&emulator), 2);
    // A query runs although its answer is lost: asking for it again starts no second one, which would be billed too.
    emulator.trouble("StartQueryExecution", None, Trouble::Unheard, 1);
    let (code, _, stderr) = run(&emulator, &["--yes"]);
    assert_eq!(code, 0, "{stderr}");
    assert_eq!(queries(&emulator), 4);
    emulator.change(|world| {
        let tokens: std::collections::BTreeSet<&String> =
            world.athena.runs.iter().map(|own| &own.token).collect();
        assert_eq!(tokens.len(), world.athena.runs.len());
    });

    let emulator = Emulator::start(world());
    emulator.trouble("GetQueryExecution", None, Trouble::Denied, 100);
    let (code, _, stderr) = run(&emulator, &["--yes"]);
    assert_eq!(code, 5);
    assert!(
        stderr.contains("AWS denied athena:GetQueryExecution")
            && stderr.contains("allow athena:GetQueryExecution"),
        "{stderr}"
    );
    assert_eq!(emulator.calls_of("StopQueryExecution").len(), 1, "what cannot be watched does not go on");
}

#[test]
fn the_policy_allows_what_is_needed_and_nothing_else() {
    let emulator = Emulator::start(world());
    let (code, printed, stderr) = run(&emulator, &["--print-policy"]);
    assert_eq!((code, emulator.calls().len()), (0, 0), "{stderr}");
    let policy = Policy::parse(&printed);
    emulator.change(|world| world.allow(OWN, policy.clone()));
    let (code, _, stderr) = run(&emulator, &["--yes"]);
    assert_eq!(code, 0, "{stderr}");
    // Without any one action something is denied, and the error says which; what stopping needs is not needed otherwise.
    let idle = [
        "athena:StopQueryExecution",
        "s3:GetBucketLocation",
        "kms:Decrypt",
        "s3:AbortMultipartUpload",
        "s3:ListMultipartUploadParts",
        "glue:GetDatabase",
    ];
    for action in policy.actions() {
        if idle.contains(&action.as_str()) {
            continue;
        }
        let emulator = Emulator::start(world());
        emulator.change(|world| world.allow(OWN, policy.without(&action)));
        let (code, stdout, stderr) = run(&emulator, &["--yes"]);
        assert_eq!((code, stdout.as_str()), (5, ""), "{action}: {stderr}");
        assert!(stderr.contains("--print-policy"), "{action}: {stderr}");
        let says = stderr.contains(&action) || action == "s3:GetObject" || action == "s3:PutObject";
        assert!(says, "{action}: {stderr}");
    }
}

#[cfg(unix)]
#[test]
fn an_interrupted_query_is_stopped() {
    let emulator = Emulator::start(world());
    emulator.change(|world| world.athena.running = 10_000);
    let directory = tempfile::tempdir().unwrap();
    let child = trailcost(&emulator, directory.path(), &["--yes", "--out", "measured"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    for _ in 0..600 {
        if queries(&emulator) > 0 {
            break;
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    assert!(Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap().success());
    let (code, stdout, stderr) = outcome(&child.wait_with_output().unwrap());
    assert_eq!((code, stdout.as_str()), (130, ""), "{stderr}");
    assert!(stderr.contains("interrupted: nothing was measured"), "{stderr}");
    assert!(stderr.contains("10 MB are billed"), "{stderr}");
    assert_eq!((queries(&emulator), emulator.calls_of("StopQueryExecution").len()), (1, 1));
    assert!(!directory.path().join("measured").exists());
}

#[cfg(target_os = "linux")]
#[test]
fn on_a_terminal_people_are_asked() {
    use std::io::Write as _;
    let directory = tempfile::tempdir().unwrap();
    for (answer, code, ran) in [("n\n", 2, 0), ("\n", 2, 0), ("yes\n", 0, 2)] {
        let emulator = Emulator::start(world());
        let plain = trailcost(&emulator, directory.path(), &["--format", "csv"]);
        let words: Vec<&str> = std::iter::once(plain.get_program())
            .chain(plain.get_args())
            .map(|own| own.to_str().unwrap())
            .collect();
        // `script` gives the command a terminal.
        let mut command = Command::new("script");
        command.args(["-qec", &words.join(" "), "/dev/null"]).current_dir(directory.path());
        for (name, value) in plain.get_envs() {
            match value {
                Some(value) => command.env(name, value),
                None => command.env_remove(name),
            };
        }
        let mut child =
            command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        child.stdin.take().unwrap().write_all(answer.as_bytes()).unwrap();
        let (found, screen, _) = outcome(&child.wait_with_output().unwrap());
        assert_eq!((found, queries(&emulator)), (code, ran), "{answer:?}: {screen}");
        assert!(screen.contains("Run these queries? [y/N]"), "{screen}");
        assert!(screen.contains("together $0.000095 at list prices"), "{screen}");
        assert_eq!(screen.contains("not agreed to: nothing was run"), ran == 0, "{screen}");
    }
}
