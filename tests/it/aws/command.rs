//! The command itself, with the environment's credentials and address.

use super::{OWN, full_world, world};
use crate::support::aws::{Emulator, Policy, Trouble};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};

fn trailcost(emulator: &Emulator, directory: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_trailcost"));
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("AWS_") {
            command.env_remove(name);
        }
    }
    command
        .args(["measure", "aws", "--until", "2026-11-20"])
        .args(arguments)
        .current_dir(directory)
        .env("HOME", directory)
        .env("NO_COLOR", "1")
        .env_remove("TERM")
        .env("AWS_EC2_METADATA_DISABLED", "true")
        .env("AWS_ENDPOINT_URL", emulator.url())
        .env("AWS_ACCESS_KEY_ID", format!("AKID{OWN}"))
        .env("AWS_SECRET_ACCESS_KEY", "secret")
        .env("AWS_REGION", "eu-west-1");
    command
}

fn outcome(output: &Output) -> (i32, String, String) {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    (output.status.code().unwrap_or(-1), text(&output.stdout), text(&output.stderr))
}

#[test]
fn an_account_becomes_a_scenario_and_a_recording_says_the_same() {
    let emulator = Emulator::start(full_world());
    let directory = tempfile::tempdir().unwrap();
    let run =
        |arguments: &[&str]| outcome(&trailcost(&emulator, directory.path(), arguments).output().unwrap());
    let (code, stdout, stderr) = run(&["--out", "measured", "--record", "recording"]);
    assert_eq!(code, 0, "{stderr}");
    assert!(stdout.contains("main"), "{stdout}");
    assert!(stderr.contains("CloudWatch metrics asked for: "), "{stderr}");
    assert!(!stderr.contains('\r'), "no line is drawn without a terminal");
    let calls = emulator.calls().len();
    let replayed = Command::new(env!("CARGO_BIN_EXE_trailcost"))
        .args(["measure", "aws", "--replay", "recording", "--out", "again"])
        .current_dir(directory.path())
        .env("NO_COLOR", "1")
        .env_remove("TERM")
        .output()
        .unwrap();
    let (code, again, stderr) = outcome(&replayed);
    assert_eq!(code, 0, "{stderr}");
    assert_eq!(stdout.replace("measured/", ""), again.replace("again/", ""));
    assert_eq!(emulator.calls().len(), calls, "a recording asks nobody");
    let scenario =
        |name: &str| std::fs::read_to_string(directory.path().join(name).join("scenario.toml")).unwrap();
    assert_eq!(scenario("measured"), scenario("again"));
    let estimated = Command::new(env!("CARGO_BIN_EXE_trailcost"))
        .args(["estimate", "measured/scenario.toml", "--allow-incomplete", "--draws", "1"])
        .current_dir(directory.path())
        .output()
        .unwrap();
    assert!(estimated.status.success(), "{estimated:?}");
    let mut pending = vec![directory.path().join("recording")];
    while let Some(path) = pending.pop() {
        if path.is_dir() {
            pending.extend(std::fs::read_dir(path).unwrap().map(|own| own.unwrap().path()));
        } else {
            let text = std::fs::read_to_string(&path).unwrap();
            for word in ["AKID", "example.com", "Authorization", "somebody", "\"secret\""] {
                assert!(!text.contains(word), "{}: {word}", path.display());
            }
        }
    }
}

#[test]
fn nothing_readable_ends_with_five_and_says_what_to_do() {
    let emulator = Emulator::start(world());
    let directory = tempfile::tempdir().unwrap();
    let run = |command: &mut Command| outcome(&command.output().unwrap());
    let plain = |arguments: &[&str]| trailcost(&emulator, directory.path(), arguments);
    let (code, stdout, stderr) =
        run(plain(&[]).env_remove("AWS_ACCESS_KEY_ID").env_remove("AWS_SECRET_ACCESS_KEY"));
    assert_eq!((code, stdout.as_str()), (5, ""));
    assert!(
        stderr.starts_with("error: there are no AWS credentials\nhint: name a profile with --profile"),
        "{stderr}"
    );
    let (code, _, stderr) = run(&mut plain(&["--profile", "prodd"]));
    assert_eq!(code, 5);
    assert!(stderr.starts_with("error: there is no AWS profile `prodd`\nhint: "), "{stderr}");
    let config = directory.path().join("config");
    std::fs::write(
        &config,
        "[profile sso]\nsso_session = s\nsso_account_id = 1\nsso_role_name = r\nregion = eu-west-1\n\
         [sso-session s]\nsso_region = eu-west-1\nsso_start_url = https://x.awsapps.com/start\n",
    )
    .unwrap();
    let (code, _, stderr) = run(plain(&["--profile", "sso"]).env("AWS_CONFIG_FILE", &config));
    assert_eq!(code, 5);
    assert!(stderr.contains("hint: sign in with `aws sso login --profile sso`"), "{stderr}");
    let (code, _, stderr) =
        run(plain(&["--max-attempts", "1"]).env("AWS_ENDPOINT_URL", "http://127.0.0.1:9"));
    assert_eq!(code, 5);
    assert!(stderr.starts_with("error: no answer from http://127.0.0.1:9: "), "{stderr}");
    emulator.change(|world| world.principals.get_mut(&format!("AKID{OWN}")).unwrap().expired = true);
    let (code, _, stderr) = run(&mut plain(&[]));
    assert_eq!(code, 5);
    assert!(stderr.starts_with("error: the AWS credentials have expired (ExpiredToken)\n"), "{stderr}");
}

#[test]
fn who_may_nothing_ends_with_five() {
    let mut world = world();
    world.allow(OWN, Policy::default());
    let emulator = Emulator::start(world);
    let directory = tempfile::tempdir().unwrap();
    let output = trailcost(&emulator, directory.path(), &["--region", "eu-west-1"]).output().unwrap();
    let (code, _, stderr) = outcome(&output);
    assert_eq!(code, 5);
    assert!(
        stderr.starts_with("error: AWS denied everything that was asked: account:ListRegions"),
        "{stderr}"
    );
    assert!(stderr.contains("--print-policy"), "{stderr}");
}

#[test]
fn the_policy_is_printed_without_asking_anybody() {
    let emulator = Emulator::start(world());
    let directory = tempfile::tempdir().unwrap();
    let output = trailcost(
        &emulator,
        directory.path(),
        &["--print-policy", "--assume-role", "CostReader", "--lookup"],
    )
    .output()
    .unwrap();
    let (code, stdout, _) = outcome(&output);
    assert_eq!(code, 0);
    let actions = Policy::parse(&stdout).actions();
    assert!(actions.contains(&"cloudtrail:LookupEvents".to_owned()));
    assert!(!actions.contains(&"ce:GetCostAndUsage".to_owned()));
    assert!(stdout.contains("arn:aws:iam::*:role/CostReader"));
    assert_eq!(emulator.calls(), []);
}

/// Waits until an operation was asked for.
#[cfg(unix)]
fn wait_for(emulator: &Emulator, operation: &str) {
    for _ in 0..1_000 {
        if !emulator.calls_of(operation).is_empty() {
            return;
        }
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    panic!("{operation} was never asked for");
}

#[cfg(unix)]
fn interrupt(child: &Child) {
    let done = Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert!(done.success());
}

#[cfg(unix)]
#[test]
fn ctrl_c_publishes_what_is_there_and_says_that_it_is_partial() {
    let emulator = Emulator::start(full_world());
    emulator.trouble("GetBucketLocation", None, Trouble::Silent, 100);
    let directory = tempfile::tempdir().unwrap();
    let mut command = trailcost(&emulator, directory.path(), &["--out", "measured"]);
    let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    wait_for(&emulator, "GetBucketLocation");
    interrupt(&child);
    let (code, stdout, stderr) = outcome(&child.wait_with_output().unwrap());
    assert_eq!(code, 130, "{stderr}");
    assert!(
        stdout.to_lowercase().contains("interrupted") || stdout.to_lowercase().contains("partial"),
        "{stdout}"
    );
    assert!(stderr.contains("interrupted: this is what was read until then"), "{stderr}");
    let scenario = std::fs::read_to_string(directory.path().join("measured/scenario.toml")).unwrap();
    assert!(scenario.contains("main"), "{scenario}");
}

#[test]
fn wrong_arguments_are_named() {
    let emulator = Emulator::start(world());
    let directory = tempfile::tempdir().unwrap();
    for (arguments, message) in [
        (vec!["--region", "eu-west-11"], "unknown Region `eu-west-11`\nhint: did you mean `eu-west-1`?"),
        (
            vec!["--account", "12345"],
            "bad account id `12345` for --account\nhint: an account id has exactly 12 digits",
        ),
        (
            vec!["--assume-role", "arn:aws:iam::111122223333:role/x"],
            "bad role `arn:aws:iam::111122223333:role/x` for --assume-role\nhint: expected the role's name, such as CostReader",
        ),
        (
            vec!["--endpoint-url", "localhost:5000"],
            "bad address `localhost:5000` for --endpoint-url\nhint: expected",
        ),
    ] {
        let (code, stdout, stderr) =
            outcome(&trailcost(&emulator, directory.path(), &arguments).output().unwrap());
        assert_eq!((code, stdout.as_str()), (2, ""), "{arguments:?}");
        assert!(stderr.starts_with(&format!("error: {message}")), "{stderr}");
    }
    assert_eq!(emulator.calls(), []);
}
