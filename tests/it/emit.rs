//! Artefacts of whole scenarios: what they say, that the scripts hand names over as they are, and files for the validator.

use crate::emit_model::{HOSTILE, after, before, hostile};
use crate::support::BuiltIn;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use trailcost::domain::Model;
use trailcost::emit::{Artefacts, artefacts};

/// Writes artefacts where `tests/artefacts/validate.py` finds them.
fn write(case: &str, found: &Artefacts) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("artefacts").join(case);
    if folder.exists() {
        fs::remove_dir_all(&folder).unwrap();
    }
    fs::create_dir_all(&folder).unwrap();
    for file in found.files() {
        let path = folder.join(&file.path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        assert!(!path.exists(), "{} is written twice", file.path);
        fs::write(path, &file.text).unwrap();
    }
    folder
}

/// Runs a script with a command `aws` that only notes what it is given, and returns that.
fn run(folder: &Path, script: &str) -> Vec<Vec<String>> {
    let (calls, output) = run_with(folder, script, &[]);
    assert!(output.status.success(), "{script}: {}", String::from_utf8_lossy(&output.stderr));
    calls
}

/// The same with more variables, and with what the script has said.
fn run_with(
    folder: &Path,
    script: &str,
    variables: &[(&str, &str)],
) -> (Vec<Vec<String>>, std::process::Output) {
    let bin = folder.join("bin");
    fs::create_dir_all(&bin).unwrap();
    let noted = folder.join("noted");
    fs::write(&noted, "").unwrap();
    let aws = bin.join("aws");
    fs::write(
        &aws,
        "#!/usr/bin/env bash\nif [[ $1 == sts ]]; then echo \"$AWS_PROFILE\"; exit; fi\n\
         printf '%s\\0' \"$@\" '' >> \"$NOTED\"\n\
         case $2 in\n\
         list-event-data-stores) echo arn:aws:cloudtrail:us-east-1:111122223333:eventdatastore/x ;;\n\
         get-* | describe-* | list-tags) echo \"${ANSWER-}\" ;;\n\
         delete-trail) [[ -z ${GONE-} ]] || { echo \"An error occurred ($GONE) when calling\" >&2; exit 254; } ;;\n\
         esac\n",
    )
    .unwrap();
    fs::set_permissions(&aws, fs::Permissions::from_mode(0o755)).unwrap();
    let path = format!("{}:{}", bin.display(), std::env::var("PATH").unwrap());
    let text = fs::read_to_string(folder.join(script)).unwrap();
    let mut command = Command::new("bash");
    command.arg(folder.join(script)).env("PATH", path).env("NOTED", &noted);
    for own in ["111122223333", "444455556666", "ORGANIZATION"] {
        command.env(format!("TRAILCOST_PROFILE_{own}"), own);
    }
    for part in text.split("[[ -n ${").skip(1) {
        command.env(part.split("-}").next().unwrap(), "arn:aws:iam::111122223333:role/filled-in");
    }
    for part in text.split("[[ ${").skip(1).filter(|own| own.contains("-} == yes ]] || ")) {
        command.env(part.split("-}").next().unwrap(), "yes");
    }
    for part in text.split("! grep -q -F -e ").skip(1) {
        let mut words = part.split(' ');
        let (word, file) = (words.next().unwrap(), words.next().unwrap().trim_matches('\''));
        let path = folder.join(file);
        let edited = fs::read_to_string(&path).unwrap().replace(word, "arn:aws:iam::111122223333:role/x");
        fs::write(path, edited).unwrap();
    }
    command.envs(variables.iter().copied());
    let output = command.output().unwrap();
    let noted = fs::read_to_string(noted).unwrap();
    let mut calls = vec![Vec::new()];
    for word in noted.split('\0') {
        if word.is_empty()
            && calls.last().is_some_and(|own: &Vec<String>| {
                !own.last().is_some_and(|own| {
                    matches!(
                        own.as_str(),
                        "--sns-topic-name"
                            | "--kms-key-id"
                            | "--cloud-watch-logs-log-group-arn"
                            | "--cloud-watch-logs-role-arn"
                    )
                })
            })
        {
            calls.push(Vec::new());
        } else {
            calls.last_mut().unwrap().push(word.to_owned());
        }
    }
    calls.retain(|own| !own.is_empty());
    fs::remove_dir_all(bin).unwrap();
    (calls, output)
}

/// Returns the saved files of a folder with what is in them.
fn saved(folder: &Path) -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(own) = open.pop() {
        for entry in fs::read_dir(own).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else if path.to_string_lossy().ends_with(".saved.json") {
                found.push((path.clone(), fs::read_to_string(path).unwrap()));
            }
        }
    }
    found.sort();
    found
}

#[test]
fn what_the_first_run_saved_is_put_back_and_not_saved_again() {
    let before = before(&BuiltIn::new());
    let folder = write("saved", &artefacts(&before, &after(&before)));
    let runs = |script: &str, variables: &[(&str, &str)]| {
        let (calls, output) = run_with(&folder, script, variables);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success(), "{script}: {said}");
        (calls, said)
    };
    // Without anything saved the state of the scenario is taken, and that is said.
    let (calls, said) = runs("undo.sh", &[]);
    assert!(said.contains("lifecycle.saved.json was not saved: takes what the scenario knows"), "{said}");
    assert!(calls.iter().flatten().any(|own| own.ends_with("lifecycle.undo.json")));
    runs("apply.sh", &[("ANSWER", "{\"first\": 1}")]);
    let first = saved(&folder);
    assert!(first.len() > 15 && first.iter().all(|(_, text)| text == "{\"first\": 1}\n"), "{first:?}");
    // A second run finds what the first one made, and trails that are gone.
    let variables = [("ANSWER", "{\"second\": 2}"), ("GONE", "TrailNotFoundException")];
    runs("apply.sh", &variables);
    assert_eq!(saved(&folder), first);
    let (calls, said) = runs("undo.sh", &[]);
    assert!(!said.contains("was not saved"), "{said}");
    let read: Vec<&String> = calls.iter().flatten().filter(|own| own.starts_with("file://")).collect();
    assert!(read.len() > 10 && read.iter().all(|own| own.ends_with(".saved.json")), "{read:?}");
    assert!(!calls.iter().any(|own| own[1] == "delete-bucket-lifecycle"), "{calls:?}");
    // After everything is undone the next run saves anew.
    runs("apply.sh", &variables);
    let second = saved(&folder);
    assert!(second.iter().all(|(_, text)| text == "{\"second\": 2}\n"), "{second:?}");
    assert_eq!(second.len(), first.len());
    // Any other error stops.
    let (_, output) = run_with(&folder, "apply.sh", &[("GONE", "AccessDeniedException")]);
    assert!(!output.status.success());
    fs::remove_dir_all(folder).unwrap();
}

#[test]
fn an_organization_trail_is_changed_in_the_management_account_where_it_is_known() {
    let mut old = before(&BuiltIn::new());
    old.inventory.trails.retain(|own| own.name == "organization");
    let script = |old: &Model| {
        let mut new = old.clone();
        new.inventory.trails[0].logging = false;
        write("management-account", &artefacts(old, &new))
    };
    let folder = script(&old);
    let (_, output) = run_with(&folder, "apply.sh", &[("TRAILCOST_PROFILE_ORGANIZATION", "444455556666")]);
    assert!(output.status.success());
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(said.contains("Takes account 444455556666 for the organization's management account"), "{said}");
    for account in &mut old.inventory.accounts {
        account.payer = Some("111122223333".parse().unwrap());
    }
    let folder = script(&old);
    let (calls, output) =
        run_with(&folder, "apply.sh", &[("TRAILCOST_PROFILE_ORGANIZATION", "444455556666")]);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(!output.status.success() && calls.is_empty(), "{calls:?}");
    assert!(said.contains("These are credentials of account 444455556666, not 111122223333"), "{said}");
    let (calls, output) =
        run_with(&folder, "apply.sh", &[("TRAILCOST_PROFILE_ORGANIZATION", "111122223333")]);
    assert!(output.status.success() && !calls.is_empty());
    fs::remove_dir_all(folder).unwrap();
}

#[test]
fn terraform_of_a_trail_of_each_account_says_so() {
    let old = before(&BuiltIn::new());
    let mut new = old.clone();
    new.inventory.trails.iter_mut().find(|own| own.name == "copy").unwrap().logging = false;
    let text = artefacts(&old, &new).terraform();
    assert!(text.contains(
        "# There is one of it in each account: this stands once for each of 111122223333, 444455556666."
    ));
    assert!(text.contains("# One of these stands for many accounts."), "{text}");
    new = old.clone();
    new.inventory.trails.iter_mut().find(|own| own.name == "basic").unwrap().logging = false;
    assert!(!artefacts(&old, &new).terraform().contains("each account"));
}

#[test]
fn a_model_that_did_not_change_has_no_artefacts() {
    let model = before(&BuiltIn::new());
    assert_eq!(artefacts(&model, &model), Artefacts::default());
    assert_eq!(Artefacts::default().files(), []);
    let mut other = model.clone();
    other.name = "another".to_owned();
    for trail in &mut other.inventory.trails {
        trail.delivery.log_files = None;
    }
    assert_eq!(artefacts(&model, &other), Artefacts::default());
}

#[test]
fn scripts_and_terraform_of_many_changes() {
    let before = before(&BuiltIn::new());
    let after = after(&before);
    let found = artefacts(&before, &after);
    insta::assert_snapshot!("emit_apply", found.script());
    insta::assert_snapshot!("emit_undo", found.undo_script());
    insta::assert_snapshot!("emit_terraform", found.terraform());
    let files: Vec<String> = found
        .changes
        .iter()
        .flat_map(|own| &own.files)
        .map(|own| format!("==== {}\n{}", own.path, own.text))
        .collect();
    insta::assert_snapshot!("emit_files", files.concat());
    write("many-changes", &found);
    // The other way round it is as whole: what was deleted is made.
    write("the-other-way-round", &artefacts(&after, &before));
}

#[test]
fn names_reach_the_command_as_they_are_and_run_nothing() {
    let plain = before(&BuiltIn::new());
    let (old, new) = (hostile(&plain), hostile(&after(&plain)));
    let found = artefacts(&old, &new);
    let folder = write("hostile-names", &found);
    for change in &found.changes {
        for file in &change.files {
            serde_json::from_str::<serde_json::Value>(&file.text).unwrap();
        }
    }
    for script in ["undo.sh", "apply.sh", "undo.sh"] {
        let calls = run(&folder, script);
        assert!(!calls.is_empty());
        assert!(!folder.join("pwned").exists());
        let named = ["--name", "--trail-name", "--bucket", "--log-group-name", "--filter-name"];
        for call in &calls {
            for pair in call.windows(2).filter(|own| named.contains(&own[0].as_str())) {
                assert!(pair[1].starts_with(HOSTILE), "{call:?}");
            }
        }
        let trails =
            calls.iter().filter(|own| own[0] == "cloudtrail" && own.contains(&format!("{HOSTILE}security")));
        assert!(trails.count() > 1, "{calls:#?}");
    }
    write("hostile-names", &found);
}

#[test]
fn a_name_that_the_cli_would_read_from_a_file_gets_no_commands() {
    let mut model = before(&BuiltIn::new());
    model.inventory.trails[0].name = "file:///etc/passwd".to_owned();
    let mut other = model.clone();
    other.inventory.trails[0].logging = false;
    let found = artefacts(&model, &other);
    let change = &found.changes[0];
    assert!(change.apply.is_empty() && change.undo.is_empty());
    assert!(change.notes.iter().any(|own| own.starts_with("no commands are given")), "{:?}", change.notes);
}

#[test]
fn selectors_that_do_not_fit_are_told_and_not_cut() {
    let built_in = BuiltIn::new();
    let old = before(&built_in);
    let mut new = old.clone();
    let arns: Vec<String> = (0..600).map(|at| format!("arn:aws:s3:::bucket-{at}")).collect();
    new.inventory.trails[0].selectors = vec![trailcost::domain::AdvancedEventSelector::data(
        trailcost::domain::Access::Mixed,
        "AWS::S3::Object",
        &arns,
    )];
    let change = artefacts(&old, &new).changes.remove(0);
    assert!(change.files.is_empty() && change.apply.is_empty());
    assert!(change.notes[0].contains("602 values"), "{:?}", change.notes);
    assert!(change.terraform.contains("ignore_changes"));
    new.inventory.trails[0].selectors.clear();
    let change = artefacts(&old, &new).changes.remove(0);
    assert!(change.apply.is_empty());
    assert!(change.notes[0].contains("must be stopped or deleted"), "{:?}", change.notes);
}

#[test]
fn a_trail_records_more_before_another_one_records_less() {
    let mut old = before(&BuiltIn::new());
    old.inventory.trails.retain(|own| ["security", "basic"].contains(&own.name.as_str()));
    let mut new = old.clone();
    new.inventory.trails[0].selectors.truncate(0);
    new.inventory.trails[0].selectors.push(trailcost::domain::AdvancedEventSelector::management(
        trailcost::domain::Access::Write,
        &std::collections::BTreeSet::from([trailcost::domain::EventSource::Kms]),
    ));
    new.inventory.trails[1].selectors.push(trailcost::domain::AdvancedEventSelector::data(
        trailcost::domain::Access::Mixed,
        "AWS::Lambda::Function",
        &[],
    ));
    let names = |own: &Artefacts| -> Vec<String> {
        own.changes.iter().map(|own| own.resource.name.clone()).collect()
    };
    assert_eq!(names(&artefacts(&old, &new)), ["basic", "security"]);
    assert_eq!(names(&artefacts(&new, &old)), ["security", "basic"]);
}

#[test]
fn no_command_deletes_logs_and_what_lets_aws_do_so_needs_consent() {
    let old = before(&BuiltIn::new());
    let mut new = after(&old);
    new.inventory.log_groups.retain(|own| own.name != "audit");
    let found = artefacts(&old, &new);
    let text = found.script() + &found.undo_script();
    for operation in
        ["delete-event-data-store", "delete-log-group", "delete-bucket ", "delete-object", "s3 rm", "s3 rb"]
    {
        assert!(!text.lines().any(|own| own.contains(operation) && !own.starts_with('#')), "{operation}");
    }
    let folder = write("consent", &found);
    for consent in
        ["copies_eu_west_1_111122223333", "org_logs_us_east_1_111122223333", "lake_us_east_1_111122223333"]
    {
        assert!(text.contains(&format!("[[ ${{DELETE_LOGS_{consent}-}} == yes ]] || ")), "{consent}");
    }
    // Without it nothing runs at all.
    let output =
        Command::new("bash").arg(folder.join("apply.sh")).env("PATH", "/usr/bin:/bin").output().unwrap();
    assert!(!output.status.success() && output.stdout.is_empty());
    assert!(
        String::from_utf8_lossy(&output.stderr)
            .contains("DELETE_LOGS_copies_eu_west_1_111122223333 is not set to yes")
    );
}

#[test]
fn what_is_undone_is_what_was() {
    let old = before(&BuiltIn::new());
    let new = after(&old);
    let (there, back) = (artefacts(&old, &new), artefacts(&new, &old));
    // Where both directions write a file for applying, the one's undo file is the other's.
    let mut compared = 0;
    for file in back.changes.iter().flat_map(|own| &own.files).filter(|own| !own.path.contains(".undo.")) {
        let undo = file.path.replace(".json", ".undo.json");
        let Some(other) = there.changes.iter().flat_map(|own| &own.files).find(|own| own.path == undo) else {
            continue;
        };
        assert_eq!(file.text, other.text, "{undo}");
        compared += 1;
    }
    assert!(compared > 5);
}

#[test]
fn a_large_organization_is_written_in_a_moment() {
    let mut old = before(&BuiltIn::new());
    let trail = old.inventory.trails.iter().find(|own| own.name == "basic").unwrap().clone();
    let regions = ["us-east-1", "us-west-2", "eu-west-1", "eu-central-1", "ap-south-1"];
    old.inventory.trails = (0..500_u32)
        .flat_map(|account| regions.map(|region| (account, region)))
        .map(|(account, region)| {
            let account = format!("{account:012}").parse().unwrap();
            let home_region = trailcost::domain::RegionCode::new(region);
            let scope = trailcost::domain::TrailScope::Account(account);
            trailcost::domain::Trail { scope, home_region, ..trail.clone() }
        })
        .collect();
    let mut new = old.clone();
    new.inventory.trails.iter_mut().for_each(|own| own.logging = false);
    let begun = std::time::Instant::now();
    let found = artefacts(&old, &new);
    let texts = [found.script(), found.undo_script(), found.terraform()];
    assert_eq!(found.changes.len(), 2500);
    assert!(texts.iter().all(|own| own.matches("444455556666").count() < 10));
    assert!(begun.elapsed().as_secs() < 5, "{:?}", begun.elapsed());
}
