//! How a Terraform project is written and where its state lies.

use super::TERRAFORM_STYLE;
use crate::domain::Setting;
use crate::posture::inspected::Inspected;
use crate::posture::practice::{Collected, Finding, List, Outcome, Practice, PracticeDoc, Severity, State};
use crate::recommend::{RecommendError, Source};

const FREE: &str = "Nothing is charged for it.";

/// Says that the source cannot show something, and where to look.
pub(super) fn not_checkable(inspected: &Inspected<'_>, look: &str) -> Outcome {
    let evidence = format!("not checkable from {}: {look}", inspected.origin.name());
    Outcome::told(State::NotCheckable, evidence)
}

pub(super) const VERSIONS: Practice = Practice {
    doc: PracticeDoc {
        id: "terraform-version-constraints",
        title: "Constrain the versions of Terraform and its providers",
        severity: Severity::Low,
        list: List { best: "Terraform: version constraints", worst: "" },
        looks_at: "Whether the root module names required_version, and required_providers a version for each provider, aws above all.",
        why: "Without a constraint the next init may take a version that reads the same files differently.",
        fix: "Add required_version and a version for each provider, such as ~> 5.0, and commit .terraform.lock.hcl.",
        command: "terraform providers lock",
        terraform: "terraform { required_version = \">= 1.5\", required_providers { aws = { source = \"hashicorp/aws\", version = \"~> 5.0\" } } }",
        price: FREE,
        find_out: "look at the terraform blocks of the root module",
        setting: None,
        controls: &[],
        sources: &[TERRAFORM_STYLE],
    },
    look: versions,
};

fn versions(inspected: &Inspected<'_>) -> Result<Outcome, RecommendError> {
    let Setting::Is(all) = &inspected.project.versions else {
        return Ok(not_checkable(inspected, VERSIONS.doc.find_out));
    };
    let mut found = Collected::default();
    for own in all {
        let follows = match own.constraint {
            Setting::Is(_) => Some(true),
            Setting::NotSet => Some(false),
            Setting::Unknown => None,
        };
        let subject = match own.of.as_str() {
            "terraform" => "Terraform itself".to_owned(),
            name => format!("the provider `{name}`"),
        };
        let evidence = match follows {
            None => "its version constraint is no literal",
            Some(_) => "its version is not constrained",
        };
        found.take(
            follows,
            Finding { subject, place: Some(own.place.clone()), evidence: evidence.to_owned() },
        );
    }
    Ok(found.outcome("Terraform and its providers have version constraints"))
}

pub(super) const REGION: Practice = Practice {
    doc: PracticeDoc {
        id: "no-hard-coded-region",
        title: "Take the Region from a variable",
        severity: Severity::Low,
        list: List { best: "Terraform: variables instead of hard-coded values", worst: "Hard-coded Region" },
        looks_at: "Whether a provider, resource or module call of the sources names a Region as a literal.",
        why: "A Region that is written out is copied into the next environment with the rest.",
        fix: "Declare a variable with a description and use it in the provider.",
        command: "",
        terraform: "provider \"aws\" { region = var.region }",
        price: FREE,
        find_out: "look at region in the provider blocks",
        setting: None,
        controls: &[],
        sources: &[TERRAFORM_STYLE],
    },
    look: region,
};

fn region(inspected: &Inspected<'_>) -> Result<Outcome, RecommendError> {
    let literals = &inspected.project.literal_regions;
    if !inspected.origin.is_terraform() || (literals.is_unknown() && inspected.settings.providers.is_empty())
    {
        return Ok(not_checkable(inspected, REGION.doc.find_out));
    }
    let mut found = Collected::default();
    for own in &inspected.settings.providers {
        let evidence = format!("the Region {} is written out", own.region.value().map_or("", String::as_str));
        let alias = match own.subject.name.as_str() {
            "" => "the provider `aws`".to_owned(),
            name => format!("the provider `aws.{name}`"),
        };
        let finding = Finding { subject: alias, place: own.subject.place.clone(), evidence };
        found.take(Some(own.region.value().is_none()), finding);
    }
    for (place, own) in literals.value().map(Vec::as_slice).unwrap_or_default() {
        let evidence = format!("the Region {own} is written out");
        found.take(
            Some(false),
            Finding { subject: "an argument".to_owned(), place: Some(place.clone()), evidence },
        );
    }
    Ok(found.outcome("no Region is written out"))
}

pub(super) const STATE_FILES: Practice = Practice {
    doc: PracticeDoc {
        id: "no-state-in-git",
        title: "Keep state files out of the repository",
        severity: Severity::Critical,
        list: List { best: "Terraform: no state file in git", worst: "State file pushed" },
        looks_at: "Whether a state file (*.tfstate, *.tfstate.*) in the folder is tracked by git, or lies there without a .gitignore \
                   that leaves it out.",
        why: "A state holds every value in clear, secrets among them; who can read the repository can read them, for ever.",
        fix: "Take it out of git and of its history, replace what was secret, and use a remote backend.",
        command: "git rm --cached terraform.tfstate",
        terraform: "terraform { backend \"s3\" {} }",
        price: FREE,
        find_out: "git log --all -- '*.tfstate*'",
        setting: None,
        controls: &[],
        sources: &[Source {
            title: "Terraform documentation, State, Sensitive data",
            address: "https://developer.hashicorp.com/terraform/language/state/sensitive-data",
        }],
    },
    look: state_files,
};

fn state_files(inspected: &Inspected<'_>) -> Result<Outcome, RecommendError> {
    let Setting::Is(all) = &inspected.project.state_files else {
        return Ok(not_checkable(inspected, STATE_FILES.doc.find_out));
    };
    let mut found = Collected::default();
    for own in all {
        let tracked = own.tracked == Setting::Is(true);
        let evidence = if tracked {
            "git tracks it"
        } else {
            "it lies beside the sources, and no .gitignore leaves it out"
        };
        found.take(
            Some(!tracked && own.ignored),
            Finding {
                subject: format!("the state file `{}`", own.path),
                place: Some(format!("{}:1", own.path)),
                evidence: evidence.to_owned(),
            },
        );
    }
    Ok(found.outcome("no state file lies where it would be pushed"))
}

pub(super) const BACKEND: Practice = Practice {
    doc: PracticeDoc {
        id: "remote-backend",
        title: "Keep the state in a remote backend",
        severity: Severity::Medium,
        list: List { best: "Terraform: a remote backend", worst: "" },
        looks_at: "Whether the root module names a backend other than `local`, or HCP Terraform.",
        why: "A state on one machine is lost with it, and two people apply against two states.",
        fix: "Name a backend with locking and encryption.",
        command: "terraform init -migrate-state",
        terraform: "terraform { backend \"s3\" { use_lockfile = true } }",
        price: "The state is a few KB in a bucket that is not CloudTrail's: not part of the model.",
        find_out: "look at the backend block of the root module",
        setting: None,
        controls: &[],
        sources: &[Source {
            title: "Terraform documentation, Backend block configuration overview",
            address: "https://developer.hashicorp.com/terraform/language/backend",
        }],
    },
    look: backend,
};

fn backend(inspected: &Inspected<'_>) -> Result<Outcome, RecommendError> {
    let finding = |place: Option<String>, evidence: &str| Finding {
        subject: "the state".to_owned(),
        place,
        evidence: evidence.to_owned(),
    };
    let mut found = Collected::default();
    match &inspected.project.backend {
        Setting::Unknown => return Ok(not_checkable(inspected, BACKEND.doc.find_out)),
        Setting::NotSet => {
            found
                .take(Some(false), finding(None, "no backend is named: it lies on the machine that applies"));
        }
        Setting::Is(own) if own.kind == "local" => {
            found.take(Some(false), finding(Some(own.place.clone()), "the backend is `local`"));
        }
        Setting::Is(own) => {
            return Ok(Outcome::told(State::Passed, format!("the backend is `{}`", own.kind)));
        }
    }
    Ok(found.outcome(""))
}
