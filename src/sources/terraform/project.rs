//! How a project is kept and run, as far as its sources or a plan tell.

use super::hcl::{self, Kept};
use super::repository::Repository;
use crate::domain::{DriftedResource, Setting, TerraformProject, VersionConstraint};
use crate::io;
use serde::Deserialize;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::Path;

/// What a plan tells; everything else of it is passed over.
#[derive(Deserialize)]
struct PlanFacts<'a> {
    #[serde(borrow, default)]
    format_version: Option<Cow<'a, str>>,
    #[serde(default)]
    resource_changes: Option<serde::de::IgnoredAny>,
    #[serde(borrow, default)]
    resource_drift: Option<Vec<Drift<'a>>>,
    #[serde(borrow, default)]
    configuration: Option<Configuration<'a>>,
}

#[derive(Deserialize)]
struct Drift<'a> {
    #[serde(borrow, default)]
    address: Cow<'a, str>,
    #[serde(borrow)]
    change: Change<'a>,
}

#[derive(Deserialize)]
struct Change<'a> {
    #[serde(borrow, default)]
    actions: Vec<Cow<'a, str>>,
}

#[derive(Deserialize)]
struct Configuration<'a> {
    #[serde(borrow, default)]
    provider_config: BTreeMap<Cow<'a, str>, ProviderConfig<'a>>,
}

#[derive(Deserialize)]
struct ProviderConfig<'a> {
    #[serde(borrow, default)]
    version_constraint: Option<Cow<'a, str>>,
}

/// Reads how a folder of `.tf` files is kept, or what a plan tells of it. What cannot be read is unknown.
pub fn project(path: &Path) -> TerraformProject {
    if !path.is_dir() {
        return io::read_text(path).ok().and_then(|text| of_plan(&text)).unwrap_or_default();
    }
    let repository = Repository::around(path);
    let own = TerraformProject {
        state_files: Setting::Is(repository.state_files()),
        version_control: Setting::Is(repository.is_there()),
        pipelines: Setting::Is(repository.pipelines()),
        ..TerraformProject::default()
    };
    match hcl::project(path) {
        Ok(kept) => with_sources(own, kept),
        Err(_) => own,
    }
}

fn with_sources(own: TerraformProject, kept: Kept) -> TerraformProject {
    TerraformProject {
        versions: Setting::Is(kept.versions),
        backend: Setting::seen(kept.backend),
        policies: Setting::Is(kept.policies),
        open_policies: Setting::Is(kept.open_policies),
        literal_regions: Setting::Is(kept.literal_regions),
        ..own
    }
}

/// Reads what a plan tells; nothing where the text is none.
fn of_plan(text: &str) -> Option<TerraformProject> {
    let plan: PlanFacts<'_> = serde_json::from_str(text).ok()?;
    plan.format_version.as_ref()?;
    plan.resource_changes.as_ref()?;
    let drifted = |own: Drift<'_>| DriftedResource {
        deleted: own.change.actions.iter().any(|own| own == "delete"),
        address: own.address.into_owned(),
    };
    let versions = plan.configuration.map(|own| {
        let each =
            own.provider_config.into_iter().filter(|(name, _)| !name.contains('.') && !name.contains(':'));
        let each = each.map(|(name, own)| VersionConstraint {
            constraint: Setting::seen(own.version_constraint.map(Cow::into_owned)),
            place: format!("provider_config.{name}"),
            of: name.into_owned(),
        });
        each.collect()
    });
    Some(TerraformProject {
        versions: Setting::known(versions),
        // A plan names what drifted; one that names nothing found nothing.
        drift: Setting::Is(plan.resource_drift.unwrap_or_default().into_iter().map(drifted).collect()),
        ..TerraformProject::default()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plan_tells_what_drifted() {
        let own = of_plan(
            r#"{"format_version":"1.2","resource_changes":[],"resource_drift":[{"address":"aws_cloudtrail.a","change":
            {"actions":["update"],"before":{"secret":"x"}}}],"configuration":{"provider_config":{"aws":{"name":"aws"},
            "aws.west":{"alias":"west"}}}}"#,
        )
        .unwrap();
        let drifted = DriftedResource { address: "aws_cloudtrail.a".to_owned(), deleted: false };
        assert_eq!(own.drift, Setting::Is(vec![drifted]));
        assert_eq!(own.versions.value().unwrap().len(), 1);
        assert!(own.backend.is_unknown() && own.state_files.is_unknown());
        let none = of_plan(r#"{"format_version":"1.2","resource_changes":[]}"#).unwrap();
        assert_eq!(none.drift, Setting::Is(Vec::new()));
        assert_eq!(of_plan("{}"), None);
    }
}
