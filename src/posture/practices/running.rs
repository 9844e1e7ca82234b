//! How a Terraform project is run: planned before it is applied, under version control, and not changed by hand.

use super::project::not_checkable;
use crate::domain::Setting;
use crate::posture::inspected::Inspected;
use crate::posture::practice::{Collected, Finding, List, Outcome, Practice, PracticeDoc, Severity, State};
use crate::recommend::{RecommendError, Source};

const FREE: &str = "Nothing is charged for it.";
const AUTOMATION: Source = Source {
    title: "Terraform documentation, Running Terraform in automation",
    address: "https://developer.hashicorp.com/terraform/tutorials/automation/automate-terraform",
};

pub(super) const PLAN_FIRST: Practice = Practice {
    doc: PracticeDoc {
        id: "plan-before-apply",
        title: "Apply only a plan that was looked at",
        severity: Severity::Medium,
        list: List { best: "Terraform: a plan before every apply", worst: "Direct apply in production" },
        looks_at: "Pipelines of the folder and its repository (GitHub Actions, GitLab CI, CircleCI, Azure Pipelines, Bitbucket, \
                   CodeBuild, Jenkins, Atlantis): it fails where one applies without a plan, or with -auto-approve and no saved plan.",
        why: "What nobody looked at may delete the trail, or the bucket with seven years of logs.",
        fix: "Plan into a file, let somebody look at it, and apply that file.",
        command: "terraform plan -out plan.out; terraform apply plan.out",
        terraform: "",
        price: FREE,
        find_out: "look at who applies: the pipeline, and IAM permissions of people",
        setting: None,
        controls: &[],
        sources: &[AUTOMATION],
    },
    look: plan_first,
};

fn plan_first(inspected: &Inspected<'_>) -> Result<Outcome, RecommendError> {
    let all = match &inspected.project.pipelines {
        Setting::Is(all) if !all.is_empty() => all,
        Setting::Is(_) => {
            let look = format!("there is no pipeline that runs Terraform; {}", PLAN_FIRST.doc.find_out);
            return Ok(not_checkable(inspected, &look));
        }
        _ => return Ok(not_checkable(inspected, PLAN_FIRST.doc.find_out)),
    };
    let mut found = Collected::default();
    for own in all {
        let evidence = if own.applies_blindly {
            "it applies with -auto-approve, and no plan is saved before"
        } else {
            "it applies without a plan"
        };
        found.take(
            Some(own.plans && !own.applies_blindly),
            Finding {
                subject: "a pipeline".to_owned(),
                place: Some(own.place.clone()),
                evidence: evidence.to_owned(),
            },
        );
    }
    Ok(found.outcome("pipelines plan before they apply"))
}

pub(super) const VERSION_CONTROL: Practice = Practice {
    doc: PracticeDoc {
        id: "version-control",
        title: "Keep the sources under version control",
        severity: Severity::Medium,
        list: List { best: "", worst: "No version control" },
        looks_at: "Whether the folder is in a git repository.",
        why: "Without it nobody can tell who changed a trail when and why, or bring the former one back.",
        fix: "Put the folder under version control.",
        command: "git init",
        terraform: "",
        price: FREE,
        find_out: "look where the sources are kept",
        setting: None,
        controls: &[],
        sources: &[AUTOMATION],
    },
    look: version_control,
};

fn version_control(inspected: &Inspected<'_>) -> Result<Outcome, RecommendError> {
    Ok(match inspected.project.version_control.is_on() {
        None => not_checkable(inspected, VERSION_CONTROL.doc.find_out),
        Some(true) => Outcome::told(State::Passed, "the folder is in a git repository"),
        Some(false) => Outcome::told(State::Failed, "the folder is in no git repository"),
    })
}

pub(super) const BY_HAND: Practice = Practice {
    doc: PracticeDoc {
        id: "no-changes-by-hand",
        title: "Change nothing in the console",
        severity: Severity::Medium,
        list: List { best: "", worst: "Manual changes in the console" },
        looks_at: "Whether a plan names resources that drifted: changed or deleted outside Terraform since the last apply.",
        why: "What was changed by hand is undone by the next apply, or stays where nobody expects it.",
        fix: "Take the change into the sources or let Terraform undo it, and let people read only.",
        command: "terraform plan -refresh-only",
        terraform: "",
        price: FREE,
        find_out: "give a plan (terraform show -json); in logs: writes whose sessionCredentialFromConsole is true",
        setting: None,
        controls: &[],
        sources: &[Source {
            title: "Terraform documentation, Manage resource drift",
            address: "https://developer.hashicorp.com/terraform/tutorials/state/resource-drift",
        }],
    },
    look: by_hand,
};

fn by_hand(inspected: &Inspected<'_>) -> Result<Outcome, RecommendError> {
    let Setting::Is(all) = &inspected.project.drift else {
        return Ok(not_checkable(inspected, BY_HAND.doc.find_out));
    };
    let mut found = Collected::default();
    for own in all {
        let evidence =
            if own.deleted { "it was deleted outside Terraform" } else { "it was changed outside Terraform" };
        found.take(
            Some(false),
            Finding {
                subject: format!("`{}`", own.address),
                place: Some(own.address.clone()),
                evidence: evidence.to_owned(),
            },
        );
    }
    Ok(found.outcome("the plan found nothing that was changed outside Terraform"))
}
