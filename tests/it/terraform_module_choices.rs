//! What a generated module makes of trails, accounts, partitions and filters that differ, and what it says of the difference.

use crate::support::root;
use assert_cmd::Command;
use std::fs;
use std::path::{Path, PathBuf};

const HEAD: &str =
    "version = 1\nname = \"choices\"\nstart = \"2027-01\"\n[[account]]\nid = \"111122223333\"\n";

struct Module {
    said: String,
    folder: tempfile::TempDir,
}

impl Module {
    fn text(&self, name: &str) -> String {
        fs::read_to_string(self.folder.path().join("module").join(name)).unwrap()
    }

    /// Fills in accounts of the enterprise scenario, as of others it does not say what happens there; returns the folder.
    fn filled(&self) -> PathBuf {
        let folder = self.folder.path().join("module");
        let values = self.text("terraform.tfvars");
        let values =
            values.replace("\"o-FILL-IN\"", "\"o-abcdefghij\"").replace("\"FILL-IN\"", "\"111111111111\"");
        fs::write(folder.join("terraform.tfvars"), values).unwrap();
        folder
    }

    fn line(&self, name: &str, beginning: &str) -> String {
        let text = self.text(name);
        let found = text.lines().find(|line| line.trim_start().starts_with(beginning));
        found
            .unwrap_or_else(|| panic!("{beginning}: {text}"))
            .split_whitespace()
            .collect::<Vec<_>>()
            .join(" ")
    }
}

/// Runs a command that prints JSON, whether what it reports is good or not.
fn json(command: &mut Command) -> serde_json::Value {
    let output = command.args(["--format", "json"]).output().unwrap();
    serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&output.stderr)))
}

fn module_of(scenario: &Path, arguments: &[&str]) -> Module {
    let folder = tempfile::tempdir().unwrap();
    let output = Command::cargo_bin("trailcost")
        .unwrap()
        .args(["terraform", "generate"])
        .arg(scenario)
        .arg("--out")
        .arg(folder.path().join("module"))
        .arg("--allow-incomplete")
        .args(arguments)
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    Module { said: String::from_utf8(output.stdout).unwrap(), folder }
}

fn module(text: &str, arguments: &[&str]) -> Module {
    let folder = tempfile::tempdir().unwrap();
    let scenario = folder.path().join("scenario.toml");
    fs::write(&scenario, format!("{HEAD}{text}")).unwrap();
    module_of(&scenario, arguments)
}

const TWO_TRAILS: &str = "[[trail]]\nname = \"a-data\"\nscope = \"organization\"\nmanagement = \"none\"\ndata = [{ resource_type = \"AWS::S3::Object\" }]\n[[trail]]\nname = \"b-management\"\naccount = \"111122223333\"\nhome_region = \"us-east-1\"\nmulti_region = false\n";

#[test]
fn the_trail_of_management_events_comes_before_a_broader_one_of_data_events() {
    let own = module(TWO_TRAILS, &[]);
    assert!(own.said.contains("for the trail b-management"), "{}", own.said);
    assert!(own.said.contains("`a-data` is not in it: it records data events"), "{}", own.said);
    assert!(!own.said.contains("no alarm of it can go off"), "{}", own.said);
    // Named, it is taken, and what that means is said.
    let own = module(TWO_TRAILS, &["--trail", "a-data"]);
    assert!(own.said.contains("for the trail a-data"), "{}", own.said);
    assert!(
        own.said.contains("`b-management` is not in it: it records management events, which this one"),
        "{}",
        own.said
    );
    assert!(own.said.contains("no alarm of it can go off"), "{}", own.said);
}

#[test]
fn an_organization_trail_is_the_management_accounts_whoever_creates_it() {
    let own = module_of(&root().join("scenarios/enterprise-seven-years.toml"), &[]);
    assert_eq!(own.line("terraform.tfvars", "management_account_id"), "management_account_id = \"FILL-IN\"");
    assert_eq!(own.line("terraform.tfvars", "trail_account_id"), "trail_account_id = \"555555555555\"");
    assert!(own.line("locals.tf", "trail_arn").contains("${local.trail_owner_id}:trail/"));
    // The replica's lock is for ever: it is not taken over without a word.
    assert!(
        own.said.contains("Object Lock of `") && own.said.contains("for 2555 days nobody"),
        "{}",
        own.said
    );
    // A trail of one account is that account's.
    let one =
        module("[[trail]]\nname = \"audit\"\naccount = \"111122223333\"\nhome_region = \"eu-west-1\"\n", &[]);
    assert!(!one.text("terraform.tfvars").contains("management_account_id"));
    assert_eq!(one.line("terraform.tfvars", "partition"), "partition = \"aws\"");
}

#[test]
fn the_partition_is_that_of_the_region() {
    for (region, partition, currency) in
        [("us-gov-west-1", "aws-us-gov", "USD"), ("cn-north-1", "aws-cn", "CNY")]
    {
        let folder = tempfile::tempdir().unwrap();
        let scenario = folder.path().join("scenario.toml");
        let head = HEAD.replace("[[account]]", &format!("currency = \"{currency}\"\n[[account]]"));
        let trail =
            format!("[[trail]]\nname = \"audit\"\naccount = \"111122223333\"\nhome_region = \"{region}\"\n");
        fs::write(&scenario, format!("{head}{trail}")).unwrap();
        let own = module_of(&scenario, &[]);
        assert_eq!(own.line("terraform.tfvars", "partition"), format!("partition = \"{partition}\""));
    }
}

#[test]
fn filters_of_the_scenario_are_in_the_module_with_their_patterns() {
    let text = |pattern: &str| {
        format!(
            "[[trail]]\nname = \"audit\"\naccount = \"111122223333\"\nhome_region = \"us-east-1\"\nlog_group = \"group\"\n[[log_group]]\nname = \"group\"\naccount = \"111122223333\"\nregion = \"us-east-1\"\nmetric_filter = [{{ name = \"payroll\", {pattern}matching_hours = 3 }}]\n[[alarm]]\nname = \"payroll\"\naccount = \"111122223333\"\nregion = \"us-east-1\"\n"
        )
    };
    let with = module(&text("pattern = '{ $.eventName = \"${x}\" }', "), &[]);
    let monitored = with.text("monitored.tf");
    assert!(monitored.contains("\"payroll\" = {"), "{monitored}");
    assert!(monitored.contains("pattern       = \"{ $.eventName = \\\"\\u0024{x}\\\" }\""), "{monitored}");
    assert!(!with.said.contains("payroll"), "{}", with.said);
    let without = module(&text(""), &[]);
    assert!(!without.text("monitored.tf").contains("payroll"));
    assert!(without.said.contains("does not say the `pattern` of these metric filters"), "{}", without.said);
    assert!(
        without.said.contains("with the filter of their name only, so that these are not in it: payroll"),
        "{}",
        without.said
    );
    // Its metric for three hours a month, and its alarm, $0.10: 3 of 730 hours of $0.30 are less than a cent.
    let first = |own: &Module| {
        let line = own.said.lines().find(|line| line.contains("in the first month")).unwrap().to_owned();
        line.split_whitespace().nth(1).unwrap().replace(',', "").parse::<rust_decimal::Decimal>().unwrap()
    };
    assert_eq!((first(&with) - first(&without)).to_string(), "0.10");
}

#[test]
fn what_is_given_as_on_a_bill_is_said_to_be() {
    let text = "[[volume]]\naccount = \"111122223333\"\nregion = \"us-east-1\"\npaid_management_events = \"1M\"\n[[trail]]\nname = \"audit\"\naccount = \"111122223333\"\nhome_region = \"us-east-1\"\n";
    let own = module(text, &[]);
    assert!(own.said.contains("gives 1 quantity as on a bill: the cost has it"), "{}", own.said);
    // What the trail brings to the log group is not known then, and no cost without it is called whole.
    assert!(own.text("README.md").contains("Not in it:"), "{}", own.text("README.md"));
}

#[test]
fn providers_tell_which_accounts_a_module_is_applied_to() {
    let own = module_of(&root().join("scenarios/enterprise-seven-years.toml"), &[]);
    let folder = own.filled();
    let volumes = folder.join("scenario.toml");
    let report =
        json(Command::cargo_bin("trailcost").unwrap().args(["terraform", "estimate"]).arg(&folder).args([
            "--volumes".as_ref(),
            volumes.as_os_str(),
            "--allow-incomplete".as_ref(),
        ]));
    let cost: rust_decimal::Decimal =
        report["total"]["after"]["first_month"].as_str().unwrap().parse().unwrap();
    let readme = own.text("README.md");
    let said = readme.lines().find(|line| line.starts_with("| **Together**")).unwrap();
    let said: rust_decimal::Decimal =
        said.split("**").nth(3).unwrap().split(' ').next().unwrap().replace(',', "").parse().unwrap();
    assert_eq!(cost.round_dp(2), said);
}

#[test]
fn a_module_follows_the_practices_that_it_is_made_for() {
    let own = module_of(&root().join("scenarios/enterprise-seven-years.toml"), &[]);
    let folder = own.filled();
    let mut check = Command::cargo_bin("trailcost").unwrap();
    check.args(["check", "--posture"]).arg(folder.join("scenario.toml")).arg("--terraform").arg(&folder);
    let report = json(&mut check);
    let practices = report["practices"].as_array().unwrap();
    let state = |id: &str| {
        let own = practices.iter().find(|own| own["id"] == id).unwrap_or_else(|| panic!("{id}: {report:#}"));
        own["state"].as_str().unwrap_or_default().to_owned()
    };
    assert_eq!(state("separate-archive-account"), "passed");
    // What is left is the user's: the backend, and version control.
    let failed: Vec<&str> = practices
        .iter()
        .filter(|own| own["state"] == "failed")
        .map(|own| own["id"].as_str().unwrap())
        .collect();
    assert_eq!(failed, ["remote-backend", "version-control"]);
}
