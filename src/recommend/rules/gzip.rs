//! Compression, which is on already.

use crate::recommend::action::Advice;
use crate::recommend::error::RecommendError;
use crate::recommend::rule::{Findings, Rule, RuleDoc, Scene, Source, Stage};

pub(super) const RULE: Rule = Rule {
    doc: RuleDoc {
        id: "gzip",
        title: "Compress log files: they are compressed already",
        finds: "Nothing to change: it is said because lists of tips often propose it.",
        why: "CloudTrail delivers every log file compressed with gzip.",
        saving: "$0.",
        loses: "Nothing.",
        sources: &[Source {
            title: "AWS CloudTrail User Guide, Finding your CloudTrail log files",
            address: "https://docs.aws.amazon.com/awscloudtrail/latest/userguide/get-and-view-cloudtrail-log-files.html",
        }],
    },
    stage: Stage::Recording,
    find,
};

fn find(scene: &Scene<'_, '_>, findings: &mut Findings) -> Result<(), RecommendError> {
    let delivers = |own: &crate::domain::Trail| own.logging && own.delivery.bucket.is_some();
    if scene.model.inventory.trails.iter().any(delivers) {
        findings.advice.push(Advice {
            rule: RULE.doc.id,
            what: "compressing log files saves nothing".to_owned(),
            why: "CloudTrail delivers them compressed with gzip already".to_owned(),
        });
    }
    Ok(())
}
