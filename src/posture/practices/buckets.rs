//! The buckets that hold logs: who may read and write them, where they stand, how long and how cheaply they keep.

use super::{CIS_STORAGE_5, CIS_STORAGE_6, HUB_S3, SECURITY};
use crate::domain::{BucketSettings, LifecycleAction, LifecycleRule, Setting, TrailSettings};
use crate::posture::change::Change;
use crate::posture::inspected::{Inspected, Origin, inventory_name, is_archive, short};
use crate::posture::practice::{
    Collected, Control, Finding, List, Outcome, Practice, PracticeDoc, Severity, State,
};
use crate::recommend::{Action, Advice, Edit, RecommendError, Source, findings_of};

pub(super) const PRIVATE: Practice = Practice {
    doc: PracticeDoc {
        id: "private-bucket",
        title: "Block public access to log buckets",
        severity: Severity::Critical,
        list: List { best: "Private bucket, public access blocked", worst: "Public bucket" },
        looks_at: "Whether all four switches of the public access block are on for each bucket that trails deliver to. A block that \
                   is not configured fails: only buckets made since April 2023 have one by themselves.",
        why: "Logs tell who may do what and where; in a public bucket anybody reads them.",
        fix: "Turn all four switches on.",
        command: "aws s3api put-public-access-block --bucket NAME --public-access-block-configuration \
                  BlockPublicAcls=true,IgnorePublicAcls=true,BlockPublicPolicy=true,RestrictPublicBuckets=true",
        terraform: "aws_s3_bucket_public_access_block: block_public_acls, block_public_policy, ignore_public_acls, \
                    restrict_public_buckets = true",
        price: "S3 does not charge for it.",
        find_out: "aws s3api get-public-access-block --bucket NAME; in a scenario: [[bucket]] public_access_block",
        setting: None,
        controls: &[
            Control { profile: "aws-fsbp", id: "S3.8", source: HUB_S3 },
            Control { profile: "cis-aws-6.0.0", id: "3.1.4", source: CIS_STORAGE_6 },
            Control { profile: "cis-aws-5.0.0", id: "2.1.4", source: CIS_STORAGE_5 },
            Control { profile: "cis-aws-3.0.0", id: "2.1.4", source: HUB_S3 },
            Control { profile: "pci-dss", id: "1.4.4", source: HUB_S3 },
        ],
        sources: &[
            SECURITY,
            Source {
                title: "Amazon S3 User Guide, Blocking public access to your Amazon S3 storage",
                address: "https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html",
            },
        ],
    },
    look: private,
};

/// Names a bucket in a finding.
fn bucket(name: &str, own: Option<&BucketSettings>, evidence: impl Into<String>) -> Finding {
    Finding {
        subject: format!("the bucket `{}`", own.map_or(short(name), |own| &own.subject.name)),
        place: own.and_then(|own| own.subject.place.clone().or_else(|| own.subject.address.clone())),
        evidence: evidence.into(),
    }
}

/// Says that no trail names a bucket; nothing where one does.
fn no_buckets(inspected: &Inspected<'_>) -> Option<Outcome> {
    if !inspected.log_buckets().is_empty() {
        return None;
    }
    let has_trails = inspected.trails().next().is_some();
    Some(if has_trails {
        Outcome::told(State::NotKnown, "which bucket trails deliver to is not known")
    } else {
        Outcome::told(State::NotApplicable, "no trail that logs is described here")
    })
}

fn private(inspected: &Inspected<'_>) -> Result<Outcome, RecommendError> {
    if let Some(own) = no_buckets(inspected) {
        return Ok(own);
    }
    let mut found = Collected::default();
    for (name, own) in inspected.log_buckets() {
        let (follows, evidence) = match own.map(|own| &own.public_access_block) {
            None | Some(Setting::Unknown) => (None, "whether public access is blocked is not known"),
            Some(Setting::NotSet) => (Some(false), "no public access block is configured"),
            Some(Setting::Is(block)) if block.is_whole() => (Some(true), ""),
            Some(Setting::Is(_)) => (Some(false), "a switch of its public access block is off"),
        };
        found.take(follows, bucket(name, own, evidence));
    }
    Ok(found.outcome("public access to each log bucket is blocked"))
}

pub(super) const ARCHIVE_ACCOUNT: Practice = Practice {
    doc: PracticeDoc {
        id: "separate-archive-account",
        title: "Keep logs in an account of their own",
        severity: Severity::Medium,
        list: List { best: "Separate log archive account", worst: "" },
        looks_at: "Whether the bucket of each trail belongs to another account than the trail, and to none that is stated to be used for \
                   something else (`environment`). What happens in the archive account itself is recorded too, by an organization \
                   trail always. Terraform tells it where one provider makes both, and where providers \
                   are bound to different accounts (`allowed_account_ids`).",
        why: "Who takes over an account takes over its logs too, unless they lie in another one.",
        fix: "Let the trail deliver to a bucket in a log archive account; what is there already can be copied or left to expire.",
        command: "aws cloudtrail update-trail --name NAME --s3-bucket-name BUCKET-OF-THE-ARCHIVE-ACCOUNT",
        terraform: "aws_s3_bucket: provider = aws.log_archive",
        price: "The bucket belongs to the log archive account, or to one that is not there yet, and the model is estimated again. Under \
                one payer that is often nothing; free tiers, tiers of volume, terms of single accounts and the objects that the \
                account's own events fill can differ.",
        find_out: "aws s3api list-buckets in the account of the trail",
        setting: None,
        controls: &[],
        sources: &[Source {
            title: "AWS Prescriptive Guidance, AWS Security Reference Architecture, Security OU - Log Archive account",
            address: "https://docs.aws.amazon.com/prescriptive-guidance/latest/security-reference-architecture/log-archive.html",
        }],
    },
    look: archive_account,
};

fn archive_account(inspected: &Inspected<'_>) -> Result<Outcome, RecommendError> {
    if let Some(own) = no_buckets(inspected) {
        return Ok(own);
    }
    let mut found = Collected::default();
    for trail in inspected.trails() {
        let Some(name) = trail.bucket.value() else { continue };
        let own = inspected.bucket_of(trail);
        let (follows, evidence) = stands_apart(inspected, trail, own);
        found.take(follows, bucket(name, own, evidence));
        if let Some(own) = own.filter(|_| follows == Some(false)) {
            found.mend(Change::Archive(inventory_name(&own.subject).to_owned()));
        }
    }
    Ok(found.outcome("each log bucket belongs to an account of its own"))
}

fn stands_apart(
    inspected: &Inspected<'_>,
    trail: &TrailSettings,
    own: Option<&BucketSettings>,
) -> (Option<bool>, String) {
    let unknown = (None, "whose account it is in is not known".to_owned());
    let Some(own) = own else { return unknown };
    if inspected.origin.is_terraform() {
        // A guess would be the same for both.
        if own
            .subject
            .account
            .as_ref()
            .zip(trail.subject.account.as_ref())
            .is_some_and(|(one, two)| one != two)
        {
            return (Some(true), String::new());
        }
        let same = inspected.settings.providers.len() < 2 && own.subject.address.is_some();
        return if same {
            (Some(false), format!("the provider that makes the trail `{}` makes it too", trail.subject.name))
        } else {
            unknown
        };
    }
    let Some(account) = &own.subject.account else { return unknown };
    // Where AWS was not let tell the owner, the trail's account was taken.
    let is_taken = inspected.origin == Origin::Aws
        && inspected.model.gaps.iter().any(|gap| gap.what.contains(own.subject.name.as_str()));
    if is_taken {
        return unknown;
    }
    let accounts = &inspected.model.inventory.accounts;
    let described = accounts.iter().find(|own| own.id == *account);
    let name = &trail.subject.name;
    if described.is_some_and(is_archive) {
        return (Some(true), String::new());
    }
    // A trail that each account has is the only account's own, where there is only one.
    let is_alone = trail.organization.is_on() != Some(true) && accounts.len() == 1 && described.is_some();
    if trail.subject.account.as_ref().map_or(is_alone, |own| own == account) {
        return (Some(false), format!("it belongs to {account}, as the trail `{name}` does"));
    }
    if let Some(other) = described.and_then(|own| own.environment.as_ref()) {
        return (Some(false), format!("it belongs to {account}, which is used for {other}"));
    }
    match &trail.subject.account {
        Some(_) => (Some(true), String::new()),
        None if trail.organization.is_on() == Some(true) => {
            (None, format!("it belongs to {account}; whether the trail `{name}` does is not known"))
        }
        None => (Some(false), format!("it belongs to {account}, which has a trail `{name}` too")),
    }
}

pub(super) const LIFECYCLE: Practice = Practice {
    doc: PracticeDoc {
        id: "log-lifecycle",
        title: "Let old logs move to cheaper classes",
        severity: Severity::Low,
        list: List { best: "Lifecycle policy (Glacier)", worst: "No lifecycle policy" },
        looks_at: "Whether each log bucket has a lifecycle. One without passes where the rule `lifecycle` of `recommend` finds that none \
                   would cost less, as with small log files. One that moves nothing to a cheaper class fails where the rule finds one that \
                   costs less: to delete logs in the far future saves nothing today.",
        why: "Objects stay in S3 Standard for ever unless a lifecycle moves or deletes them.",
        fix: "Set the lifecycle that `recommend` computes: the cheapest that keeps what must be kept.",
        command: "aws s3api put-bucket-lifecycle-configuration --bucket NAME --lifecycle-configuration file://lifecycle.json",
        terraform: "aws_s3_bucket_lifecycle_configuration",
        price: "The lifecycle that the rule `lifecycle` of `recommend` proposes: transitions, minimum sizes and durations included.",
        find_out: "aws s3api get-bucket-lifecycle-configuration --bucket NAME",
        setting: None,
        controls: &[Control { profile: "aws-fsbp", id: "S3.13", source: HUB_S3 }],
        sources: &[Source {
            title: "Amazon S3 User Guide, Managing the lifecycle of objects",
            address: "https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lifecycle-mgmt.html",
        }],
    },
    look: lifecycle,
};

/// Tells whether a lifecycle is known to move nothing to a cheaper class.
fn moves_nothing(inspected: &Inspected<'_>, own: &BucketSettings) -> bool {
    let name = inventory_name(&own.subject);
    let known = inspected.model.inventory.buckets.iter().find(|own| own.name == name);
    let moves = |own: &LifecycleRule| matches!(own.action, LifecycleAction::Transition(_));
    known.is_some_and(|own| !own.lifecycle.is_empty() && !own.lifecycle.iter().any(moves))
}

fn lifecycle(inspected: &Inspected<'_>) -> Result<Outcome, RecommendError> {
    if let Some(own) = no_buckets(inspected) {
        return Ok(own);
    }
    let all = inspected.log_buckets();
    let is_bare = |own: &BucketSettings| own.lifecycle.is_on() == Some(false);
    let is_looked_at = |own: &BucketSettings| is_bare(own) || moves_nothing(inspected, own);
    let advised = if all.iter().any(|(_, own)| own.is_some_and(is_looked_at)) {
        findings_of(&["lifecycle"], inspected.model, inspected.keep, inspected.valuer)?
    } else {
        crate::recommend::Findings::default()
    };
    let mut found = Collected::default();
    let mut cheapest = false;
    for (name, own) in all {
        let known = own.filter(|own| is_looked_at(own)).map(|own| inventory_name(&own.subject));
        let set = |own: &&Action| matches!(own.edits.first(), Some(Edit::Lifecycle(bucket, _)) if Some(bucket.as_str()) == known);
        if let Some(action) = advised.actions.iter().find(set) {
            let has = if own.is_some_and(is_bare) {
                "it has no lifecycle"
            } else {
                "its lifecycle moves nothing to a cheaper class"
            };
            found.take(Some(false), bucket(name, own, format!("{has}: {}", action.why)));
            for own in &action.edits {
                found.mend(Change::Edit(own.clone()));
            }
            continue;
        }
        let Some(settings) = own.filter(|own| is_bare(own)) else {
            let on = own.and_then(|own| own.lifecycle.is_on());
            found.take(on, bucket(name, own, "whether it has a lifecycle is not known"));
            continue;
        };
        let known = inventory_name(&settings.subject);
        let of = |own: &&Advice| own.what.contains(&format!("the bucket `{known}` "));
        let advice = advised.advice.iter().find(of).filter(|_| has_volumes(inspected));
        match advice {
            Some(own) if own.what.ends_with("is as cheap as any") => {
                cheapest = true;
                found.take(Some(true), bucket(name, Some(settings), ""));
            }
            _ => {
                found.take(Some(false), bucket(name, own, "it has no lifecycle"));
                found.unpriced(advice.map_or("what arrives in the bucket is not known", |own| &own.why));
            }
        }
    }
    Ok(found.outcome(if cheapest {
        "none would cost less than S3 Standard for logs of this size"
    } else {
        "each log bucket has a lifecycle"
    }))
}

/// Tells whether anything is known to happen, so that logs are written.
fn has_volumes(inspected: &Inspected<'_>) -> bool {
    let holds =
        inspected.model.inventory.buckets.iter().any(|own| !own.holds.is_empty() || own.receives.is_some());
    holds || !inspected.model.observations.activities.is_empty()
}

pub(super) const LEAST_PRIVILEGE: Practice = Practice {
    doc: PracticeDoc {
        id: "least-privilege-policies",
        title: "Let CloudTrail write only for your own trails",
        severity: Severity::High,
        list: List { best: "Least-privilege IAM", worst: "" },
        looks_at: "Whether the statements for CloudTrail in policies of log buckets and keys hold only for trails or accounts that \
                   they name: `aws:SourceArn` or `aws:SourceAccount`, with no wildcard in the place of the account; and whether a \
                   statement lets everybody in (`Principal` `*`, without a condition).",
        why: "A policy that lets the service in for anybody lets trails of strangers write into the bucket (the confused deputy).",
        fix: "Add a condition on aws:SourceArn with the trail's ARN to each statement whose principal is cloudtrail.amazonaws.com.",
        command: "aws s3api put-bucket-policy --bucket NAME --policy file://policy.json",
        terraform: "aws_iam_policy_document: condition { test = \"StringEquals\", variable = \"aws:SourceArn\" }",
        price: "Policies are not charged for.",
        find_out: "aws s3api get-bucket-policy --bucket NAME; in a scenario: [[bucket]] policy_names_source",
        setting: None,
        controls: &[],
        sources: &[Source {
            title: "AWS CloudTrail User Guide, Amazon S3 bucket policy for CloudTrail",
            address: "https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-s3-bucket-policy-for-cloudtrail.html",
        }],
    },
    look: least_privilege,
};

/// Tells whether a policy is of a log bucket or of a key that encrypts logs, by what its source refers to.
fn is_of_logs(inspected: &Inspected<'_>, of: &str) -> bool {
    // `module.a.aws_s3_bucket.logs[0]` is `aws_s3_bucket.logs` in the sources.
    let is = |address: &str| {
        let mut parts = address.rsplit('.');
        let (name, kind) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
        let name = name.split('[').next().unwrap_or_default();
        !kind.is_empty() && of.contains(&format!("{kind}.{name}"))
    };
    let buckets = inspected.log_buckets().into_iter().filter_map(|(_, own)| own?.subject.address.as_deref());
    let keys = inspected.trails().filter_map(|own| own.kms_key.value()).map(String::as_str);
    of.is_empty() || buckets.chain(keys).any(is)
}

fn least_privilege(inspected: &Inspected<'_>) -> Result<Outcome, RecommendError> {
    if let Some(own) = no_buckets(inspected) {
        return Ok(own);
    }
    let mut found = Collected::default();
    let statements = inspected.project.policies.value().map(Vec::as_slice).unwrap_or_default();
    for own in statements {
        found.take(
            Some(own.names_source),
            Finding {
                subject: "a statement for CloudTrail".to_owned(),
                place: Some(own.place.clone()),
                evidence: "it names no trail or account by aws:SourceArn or aws:SourceAccount".to_owned(),
            },
        );
    }
    let open = inspected.project.open_policies.value().into_iter().flatten();
    for own in open.filter(|own| is_of_logs(inspected, &own.of)) {
        found.take(
            Some(false),
            Finding {
                subject: "a statement".to_owned(),
                place: Some(own.place.clone()),
                evidence: "it lets everybody in: its principal is `*`, and it has no condition".to_owned(),
            },
        );
    }
    if statements.is_empty() {
        for (name, own) in inspected.log_buckets() {
            let has_policy = own.map(|own| own.policy.is_on());
            let (follows, evidence) = match own.map(|own| own.policy_names_source.is_on()) {
                Some(Some(true)) => (Some(true), ""),
                Some(Some(false)) => (Some(false), "its policy lets CloudTrail write for any trail"),
                _ if has_policy == Some(Some(false)) => {
                    (Some(false), "no policy is described: CloudTrail could not deliver")
                }
                _ => (None, "whether its policy names the trails is not known"),
            };
            found.take(follows, bucket(name, own, evidence));
        }
    }
    Ok(found.outcome("policies let CloudTrail in only for trails or accounts that they name"))
}
