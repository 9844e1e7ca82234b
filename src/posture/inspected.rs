//! What practices look at.

use crate::domain::{
    BucketSettings, Model, Setting, Settings, Subject, TerraformProject, Trail, TrailSettings,
};
use crate::recommend::{Keep, TrailKey, Valuer};

/// Where a model is from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// A scenario.
    Scenario,
    /// What AWS answered.
    Aws,
    /// Terraform's sources.
    TerraformSources,
    /// A plan or a state of Terraform's.
    TerraformPlan,
}

impl Origin {
    /// Returns what it is, as a sentence says it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Scenario => "a scenario",
            Self::Aws => "what AWS answered",
            Self::TerraformSources => "Terraform's sources",
            Self::TerraformPlan => "a plan or a state of Terraform's",
        }
    }

    /// Tells whether it is from Terraform.
    pub fn is_terraform(self) -> bool {
        matches!(self, Self::TerraformSources | Self::TerraformPlan)
    }
}

/// Everything that practices look at.
pub struct Inspected<'a> {
    /// Where it is from.
    pub origin: Origin,
    /// What is configured, and what happens.
    pub model: &'a Model,
    /// How it is set.
    pub settings: &'a Settings,
    /// How the Terraform project is kept, if it is one.
    pub project: &'a TerraformProject,
    /// What must be kept, by the scenario and by profiles.
    pub keep: &'a Keep,
    /// Prices versions of the model.
    pub valuer: &'a Valuer<'a>,
}

/// Returns the last part of an ARN of a log group, topic, key or bucket; other names as they are.
pub(super) fn short(name: &str) -> &str {
    if !name.starts_with("arn:") {
        return name;
    }
    let name = name.strip_suffix(":*").unwrap_or(name);
    name.splitn(6, ':').nth(5).map_or(name, |own| own.strip_prefix("log-group:").unwrap_or(own))
}

/// Tells whether something is called by a name, an ARN or an address.
pub(super) fn is_called(own: &Subject, name: &str) -> bool {
    own.address.as_deref() == Some(name) || own.name == name || own.name == short(name)
}

/// Returns the name by which the inventory knows a thing.
pub(super) fn inventory_name(own: &Subject) -> &str {
    own.address.as_deref().unwrap_or(&own.name)
}

/// Tells whether an account is there to keep logs, by its name or what it is used for: the field calls it log archive, and
/// the accounts of those who look at logs audit, security or logging.
pub(super) fn is_archive(own: &crate::domain::Account) -> bool {
    let words = [own.name.as_deref(), own.environment.as_deref()];
    let words = words.into_iter().flatten().map(str::to_lowercase).collect::<Vec<_>>().join(" ");
    let mut parts = words.split(|own: char| !own.is_alphanumeric());
    parts.any(|own| ["archive", "logarchive", "audit", "log", "logs", "logging", "security"].contains(&own))
}

/// Tells whether a trail is logging. Terraform's default is that it is.
pub(super) fn is_logging(own: &TrailSettings) -> Option<bool> {
    match own.logging {
        Setting::NotSet => Some(true),
        _ => own.logging.is_on(),
    }
}

impl<'a> Inspected<'a> {
    /// Returns the settings of trails that log, or of which nobody knows whether they do.
    pub(super) fn trails(&self) -> impl Iterator<Item = &'a TrailSettings> {
        self.settings.trails.iter().filter(|own| is_logging(own) != Some(false))
    }

    /// Tells whether something could not be read, in the words of the gap that says so.
    pub(super) fn was_refused(&self, what: &str) -> bool {
        let is = |own: &crate::domain::Gap| {
            own.kind == crate::domain::GapKind::NotSeen
                && own.what.starts_with(&format!("{what} could not be read"))
        };
        self.model.gaps.iter().any(is)
    }

    /// Returns the trail of the inventory that settings are of.
    pub(super) fn trail(&self, own: &TrailSettings) -> Option<&'a Trail> {
        let name = inventory_name(&own.subject);
        let named = || self.model.inventory.trails.iter().filter(move |trail| trail.name == name);
        let in_place = |trail: &&Trail| {
            let account = match &trail.scope {
                crate::domain::TrailScope::Account(id) => Some(id),
                _ => None,
            };
            own.subject.account.as_ref().is_none_or(|id| account.is_none_or(|own| own == id))
                && own.subject.region.as_ref().is_none_or(|region| *region == trail.home_region)
        };
        named().find(in_place).or_else(|| named().next())
    }

    /// Returns what tells a trail from others.
    pub(super) fn key(&self, own: &TrailSettings) -> Option<TrailKey> {
        self.trail(own).map(TrailKey::of)
    }

    /// Returns the settings of the bucket that a trail delivers to; nothing where nobody knows them.
    pub(super) fn bucket_of(&self, own: &TrailSettings) -> Option<&'a BucketSettings> {
        let name = own.bucket.value()?;
        self.settings.buckets.iter().find(|bucket| is_called(&bucket.subject, name))
    }

    /// Returns each bucket that trails deliver to, once, by its name as trails know it, with its settings where they are known.
    pub(super) fn log_buckets(&self) -> Vec<(&'a str, Option<&'a BucketSettings>)> {
        let mut all: Vec<(&str, Option<&BucketSettings>)> = Vec::new();
        for own in self.trails() {
            let Some(name) = own.bucket.value() else { continue };
            if !all.iter().any(|(known, _)| *known == name.as_str()) {
                all.push((name, self.bucket_of(own)));
            }
        }
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_arn_is_shortened_to_what_it_names() {
        for (arn, name) in [
            ("arn:aws:logs:us-east-1:111122223333:log-group:aws/trail:*", "aws/trail"),
            ("arn:aws:sns:us-east-1:111122223333:alerts", "alerts"),
            ("arn:aws:s3:::logs", "logs"),
            ("logs:x", "logs:x"),
        ] {
            assert_eq!(short(arn), name);
        }
    }
}
