//! Generated Terraform modules: read back they are the design that they were made from, at the same cost; whatever a name
//! contains, it stays a name; and the command writes them whole or not at all.

use crate::support::{BuiltIn, root};
use assert_cmd::Command;
use std::fs;
use std::path::Path;
use trailcost::domain::{AdvancedEventSelector, Model, TrailScope};
use trailcost::emit::{ModuleCosts, ModuleDesign, ModuleError, ModuleOptions, design};
use trailcost::sources::terraform::{Models, PlaceOptions, load, models};

/// Scenarios with something of everything that a module is made from.
const SCENARIOS: [&str; 6] = [
    "enterprise-seven-years",
    "mid-size-saas",
    "organization-duplicate-trails",
    "selective-data-events",
    "small-account-glacier",
    "uncertain-volumes",
];

fn scenario(built_in: &BuiltIn, name: &str) -> Model {
    let text = fs::read_to_string(root().join(format!("scenarios/{name}.toml"))).unwrap();
    built_in.model(&text)
}

/// Selectors with their tests in one order: all of them have to hold, in whatever order they stand.
fn ordered(selectors: &[AdvancedEventSelector]) -> Vec<AdvancedEventSelector> {
    let mut all = selectors.to_vec();
    for own in &mut all {
        own.fields.sort_by_key(|own| own.field.name());
    }
    all
}

fn designed(model: &Model) -> ModuleDesign {
    design(model, &ModuleOptions::default()).unwrap()
}

/// Writes a module, with what a person fills in.
fn written(design: &ModuleDesign, directory: &Path) {
    // The account that the design has where the scenario tells none.
    let account = format!("\"{}\"", design.model.inventory.log_groups[0].account);
    for file in design.files(&ModuleCosts::default()).unwrap() {
        let filled = file.text.replace("\"o-FILL-IN\"", "\"o-abcdefghij\"").replace("\"FILL-IN\"", &account);
        fs::write(directory.join(&file.path), filled).unwrap();
    }
}

/// Reads a module back as `terraform estimate DIR` does.
fn read_back(design: &ModuleDesign, directory: &Path, built_in: &BuiltIn) -> Models {
    let account = design.model.inventory.log_groups[0].account.clone();
    let options = PlaceOptions { account: Some(account), ..PlaceOptions::default() };
    let found = load(directory, &options, &built_in.context()).unwrap();
    models(&found, Some(&design.model), false, &built_in.context(), design.model.horizon.start)
}

#[test]
fn a_module_read_back_is_its_design_at_the_same_cost() {
    let built_in = BuiltIn::new();
    for name in SCENARIOS {
        let design = designed(&scenario(&built_in, name));
        let directory = tempfile::tempdir().unwrap();
        written(&design, directory.path());
        let found = read_back(&design, directory.path(), &built_in).after;
        let (wanted, own) = (&design.model.inventory, &found.inventory);
        let (old, new) = (&wanted.trails[0], &own.trails[0]);
        assert_eq!(own.trails.len(), 1, "{name}");
        assert_eq!(
            (ordered(&old.selectors), &old.insights, &old.scope),
            (ordered(&new.selectors), &new.insights, &new.scope),
            "{name}"
        );
        assert!(new.multi_region && new.logging && new.delivery.kms == Some(true), "{name}");
        let (old, new) = (&wanted.buckets[0], &own.buckets[0]);
        assert_eq!(old.lifecycle, new.lifecycle, "{name}");
        assert_eq!(
            (old.versioning, old.object_lock, old.kms),
            (new.versioning, new.object_lock, new.kms),
            "{name}"
        );
        assert_eq!(
            (&old.region, old.bucket_key_saving.as_ref().map(|own| &own.value)),
            (&new.region, new.bucket_key_saving.as_ref().map(|own| &own.value)),
            "{name}"
        );
        let (old, new) = (&wanted.log_groups[0], &own.log_groups[0]);
        assert_eq!((&old.region, old.retention), (&new.region, new.retention), "{name}");
        assert_eq!(old.metric_filters.len(), new.metric_filters.len(), "{name}");
        assert_eq!(wanted.kms_keys.len(), own.kms_keys.len(), "{name}");
        assert_eq!(
            (wanted.alarms.len(), wanted.topics.len()),
            (own.alarms.len(), own.topics.len()),
            "{name}"
        );
        assert_eq!(wanted.topics[0].subscriptions, own.topics[0].subscriptions, "{name}");
        let cost = |model: &Model| {
            let estimate = built_in.estimate(model, None);
            estimate.monthly.iter().map(|own| own.contracted).collect::<Vec<_>>()
        };
        assert_eq!(cost(&design.model), cost(&found), "{name}");
    }
}

#[test]
fn the_practices_are_in_every_module() {
    let built_in = BuiltIn::new();
    let design = designed(&scenario(&built_in, "small-account-standard"));
    let files = design.files(&ModuleCosts::default()).unwrap();
    let of = |path: &str| files.iter().find(|own| own.path == path).map(|own| own.text.as_str()).unwrap();
    let code: String =
        files.iter().filter(|own| own.path.ends_with(".tf")).map(|own| own.text.as_str()).collect();
    assert!(!code.contains("AES256"));
    assert!(!code.contains("us-east-1") && !code.contains("eu-west-1"), "a Region is written down");
    for needed in [
        "sse_algorithm     = \"aws:kms\"",
        "bucket_key_enabled = true",
        "is_multi_region_trail         = true",
        "enable_log_file_validation    = true",
        "restrict_public_buckets = true",
        "enable_key_rotation     = true",
        "\"aws:SecureTransport\" = \"false\"",
        "\"aws:SourceArn\" = local.trail_arn",
        "required_version",
        "prevent_destroy = true",
    ] {
        assert!(code.contains(needed), "{needed} is missing");
    }
    for (at, line) in of("variables.tf").lines().enumerate().filter(|(_, line)| line.starts_with("variable "))
    {
        let next = of("variables.tf").lines().nth(at + 1).unwrap();
        assert!(next.contains("description = \""), "{line} is not described");
    }
    assert!(of("backend.tf.example").contains("FILL-IN"));
    assert!(!files.iter().any(|own| own.path == "backend.tf"));
}

/// Names that are code unless they are quoted.
const HOSTILE: [&str; 10] = [
    "plain\"quote",
    "back\\slash\\",
    "new\nline\r\n}",
    "${jsonencode(var.tags)}",
    "$${x} $$${y}",
    "%{ if true }x%{ endif }",
    "\"\n}\nresource \"null_resource\" \"x\" {}\n#",
    "<<EOT\nx\nEOT\n",
    "\u{202e}right\u{2028}to left\u{7}",
    "' OR 1=1; -- | rm -rf / `id` $(id) <script>",
];

#[test]
fn whatever_a_name_contains_it_stays_a_name() {
    let built_in = BuiltIn::new();
    let model = scenario(&built_in, "enterprise-seven-years");
    for name in HOSTILE {
        let mut design = designed(&model);
        let inventory = &mut design.model.inventory;
        let named = |kind: &str| format!("{kind}{name}");
        inventory.trails[0].name = named("t");
        inventory.trails[0].delivery.bucket = Some(named("b"));
        inventory.trails[0].delivery.log_group = Some(named("g"));
        inventory.buckets[0].name = named("b");
        inventory.log_groups[0].name = named("g");
        inventory.topics[0].name = named("s");
        for own in &mut inventory.alarms {
            own.topic = Some(named("s"));
        }
        for selector in &mut inventory.trails[0].selectors {
            selector.name = Some(named("e"));
            for field in &mut selector.fields {
                for value in field.starts_with.iter_mut().chain(&mut field.equals) {
                    if value.starts_with("arn:") {
                        value.push_str(name);
                    }
                }
            }
        }
        let directory = tempfile::tempdir().unwrap();
        written(&design, directory.path());
        let account = "111122223333".parse().ok();
        let options = PlaceOptions { account, ..PlaceOptions::default() };
        let found = load(directory.path(), &options, &built_in.context())
            .unwrap_or_else(|error| panic!("{name:?}: {error}"));
        let all: Vec<&String> = found.after.names.values().collect();
        for kind in ["t", "b", "g", "s"] {
            assert!(all.contains(&&named(kind)), "{name:?}: {all:?}");
        }
        let selectors = &found.after.inventory.trails[0].selectors;
        assert_eq!(ordered(selectors), ordered(&design.model.inventory.trails[0].selectors), "{name:?}");
        let readme = fs::read_to_string(directory.path().join("README.md")).unwrap();
        assert!(
            !readme.contains("<script>") && !readme.contains('\u{202e}') && !readme.contains("\nresource")
        );
    }
}

#[test]
fn a_trail_is_chosen_and_what_is_left_out_is_told() {
    let built_in = BuiltIn::new();
    let model = scenario(&built_in, "organization-duplicate-trails");
    let own = designed(&model);
    assert_eq!(own.model.inventory.trails[0].name, "org-trail");
    let told = own.notes.join("\n");
    assert!(told.contains("baseline") && told.contains("team-alarms"), "{told}");
    let options = ModuleOptions {
        trail: Some("team-alarms".to_owned()),
        organization: true,
        ..ModuleOptions::default()
    };
    let other = design(&model, &options).unwrap();
    assert_eq!(other.model.inventory.trails[0].scope, TrailScope::Organization);
    assert!(other.model.inventory.trails[0].multi_region);
    let options = ModuleOptions { trail: Some("none".to_owned()), ..ModuleOptions::default() };
    let Err(ModuleError::NoSuchTrail { has, .. }) = design(&model, &options) else {
        panic!("it has no such trail")
    };
    assert!(has.contains(&"baseline".to_owned()), "{has:?}");
}

#[test]
fn a_generated_module() {
    let built_in = BuiltIn::new();
    let design = designed(&scenario(&built_in, "enterprise-seven-years"));
    let all: Vec<String> = design
        .files(&ModuleCosts::default())
        .unwrap()
        .into_iter()
        .map(|own| format!("==== {}\n{}", own.path, own.text))
        .collect();
    insta::assert_snapshot!("terraform_module", all.join("\n"));
}

fn trailcost() -> Command {
    Command::cargo_bin("trailcost").unwrap()
}

#[test]
fn the_command_writes_a_module_whole_or_not_at_all() {
    let directory = tempfile::tempdir().unwrap();
    let out = directory.path().join("module");
    let scenario = root().join("scenarios/enterprise-seven-years.toml");
    let generate = || {
        let mut command = trailcost();
        command.args(["terraform", "generate"]).arg(&scenario).arg("--out").arg(&out);
        command
    };
    let output = generate().arg("--trail").arg("none").output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(!out.exists());
    let output = generate().output().unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(said.contains("organization-trail") && said.contains("in the first month"), "{said}");
    for name in ["trail.tf", "kms.tf", "README.md", "scenario.toml", "terraform.tfvars", ".gitignore"] {
        assert!(out.join(name).is_file(), "{name}");
    }
    // The adviser's lifecycle is in it.
    let lifecycle = fs::read_to_string(out.join("lifecycle.tf")).unwrap();
    assert!(lifecycle.contains("transition") || lifecycle.contains("expiration"), "{lifecycle}");
    let readme = fs::read_to_string(out.join("README.md")).unwrap();
    assert!(readme.contains("| **Together** |"), "{readme}");
    // What is filled in is not lost.
    fs::write(out.join("terraform.tfvars"), "mine").unwrap();
    fs::write(out.join("notes.txt"), "mine").unwrap();
    let refused = generate().output().unwrap();
    assert_eq!(refused.status.code(), Some(6));
    assert!(String::from_utf8_lossy(&refused.stderr).contains("is not empty"));
    let forced = generate().arg("--force").output().unwrap();
    assert_eq!(forced.status.code(), Some(0));
    for kept in ["terraform.tfvars", "notes.txt"] {
        assert_eq!(fs::read_to_string(out.join(kept)).unwrap(), "mine");
    }
    assert!(out.join("terraform.tfvars.example").is_file());
}

#[test]
fn the_scenario_beside_a_module_costs_what_the_module_does() {
    let built_in = BuiltIn::new();
    let directory = tempfile::tempdir().unwrap();
    let out = directory.path().join("module");
    let scenario = root().join("scenarios/enterprise-seven-years.toml");
    trailcost().args(["terraform", "generate"]).arg(&scenario).arg("--out").arg(&out).assert().success();
    let model = built_in.model(&fs::read_to_string(out.join("scenario.toml")).unwrap());
    let values = fs::read_to_string(out.join("terraform.tfvars")).unwrap();
    fs::write(out.join("terraform.tfvars"), values.replace("\"o-FILL-IN\"", "\"o-abcdefghij\"")).unwrap();
    let options = PlaceOptions { account: "555555555555".parse().ok(), ..PlaceOptions::default() };
    let found = load(&out, &options, &built_in.context()).unwrap();
    let both = models(&found, Some(&model), false, &built_in.context(), model.horizon.start);
    let first = |model: &Model| built_in.estimate(model, None).monthly[0].contracted;
    assert_eq!(first(&both.after), first(&model));
}
