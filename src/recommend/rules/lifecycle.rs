//! The cheapest lifecycle of a log bucket.

use super::{on_resource, site};
use crate::recommend::action::{Effort, Loss};
use crate::recommend::edit::Edit;
use crate::recommend::error::RecommendError;
use crate::recommend::lifecycle::archiving_loss;
use crate::recommend::rule::{Findings, Rule, RuleDoc, Scene, Source, Stage};

pub(super) const RULE: Rule = Rule {
    doc: RuleDoc {
        id: "lifecycle",
        title: "Let a log bucket's objects move to the cheapest classes that the demands allow",
        finds: "A bucket that trails deliver to, or that holds logs, for which another sequence of storage classes and ages \
                costs less over the horizon.",
        why: "Objects stay in S3 Standard for ever unless a lifecycle moves or deletes them.",
        saving: "Each sequence of classes and ages that S3 allows is priced with every transition, minimum size, overhead and \
                 minimum duration; the cheapest that keeps `[keep] retention` and `readable_within` is proposed, and objects \
                 are deleted only where `[keep] retention` is stated. Archived objects have to be restored before they are read: \
                 that is a low loss from the age of 90 days on, and a medium one before. Intelligent-Tiering is left out where \
                 something reads logs older than 30 days, because what is read returns to its dearest tier. Small log files often cost more archived than not: then \
                 nothing is proposed, and the reason is told with the numbers.",
        loses: "Time: objects in Glacier Flexible Retrieval and Deep Archive must be restored before they are read. Deleted \
                objects cannot be brought back.",
        sources: &[
            Source {
                title: "Amazon S3 User Guide, Transitioning objects using Amazon S3 Lifecycle",
                address: "https://docs.aws.amazon.com/AmazonS3/latest/userguide/lifecycle-transition-general-considerations.html",
            },
            Source { title: "Amazon S3 pricing", address: "https://aws.amazon.com/s3/pricing/" },
        ],
    },
    stage: Stage::Keeping,
    find,
};

fn find(scene: &Scene<'_, '_>, findings: &mut Findings) -> Result<(), RecommendError> {
    let advised = crate::recommend::lifecycle::advise_all(scene)?;
    for (bucket, advice) in scene.model.inventory.buckets.iter().zip(advised) {
        let Some(advice) = advice else {
            continue;
        };
        let at = site("bucket", &bucket.name, bucket.account.as_str(), &bucket.region);
        match advice.best {
            Some(best) => {
                let mut action = on_resource(
                    RULE.doc.id,
                    at,
                    format!("Set the lifecycle of the bucket `{}`: {}", bucket.name, best.words),
                    advice.why,
                    Edit::Lifecycle(bucket.name.clone(), best.rules),
                );
                if let Some(age) = best.restored_from {
                    let which = match age {
                        0 => "the logs".to_owned(),
                        age => format!("logs older than {age} days"),
                    };
                    let what = format!(
                        "reading {which} of `{}` at once: archived objects are restored first, which takes hours",
                        bucket.name
                    );
                    action.loss = Loss::of(archiving_loss(age), &what);
                }
                if let Some(age) = best.deleted_from {
                    // That they may go is what the scenario says; it is told all the same.
                    let what = format!(
                        "logs of `{}` older than {age} days: `[keep] retention` asks for no more",
                        bucket.name
                    );
                    action.loss.what.push(what);
                }
                action.effort = Effort::Low;
                action.slot = Some(format!("lifecycle {}", bucket.name));
                action.notes = advice.notes;
                findings.actions.push(action);
            }
            None => findings.advice.push(crate::recommend::action::Advice {
                rule: RULE.doc.id,
                what: if advice.is_known {
                    format!("the lifecycle of the bucket `{}` is as cheap as any", bucket.name)
                } else {
                    format!("the lifecycle of the bucket `{}` cannot be judged", bucket.name)
                },
                why: advice.why,
            }),
        }
    }
    Ok(())
}
