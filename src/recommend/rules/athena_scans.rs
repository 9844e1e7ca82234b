//! Athena queries over whole buckets.

use crate::domain::{ReadScope, ReaderKind};
use crate::recommend::action::Advice;
use crate::recommend::error::RecommendError;
use crate::recommend::rule::{Findings, Rule, RuleDoc, Scene, Source, Stage};

pub(super) const RULE: Rule = Rule {
    doc: RuleDoc {
        id: "athena-scans",
        title: "Let Athena scan only the days and Regions that a query asks for",
        finds: "An Athena reader that scans every log file of a bucket, whatever its age.",
        why: "Athena charges by the bytes scanned. Without partitions every query scans everything, more each month.",
        saving: "Unknown until you say what the queries ask for: state the ages that they need (`logs = { from, to }`) and \
                 compare. Partition projection by account, Region and day needs no copy of the logs.",
        loses: "Nothing.",
        sources: &[Source {
            title: "Amazon Athena User Guide, Create a table for CloudTrail logs in Athena using partition projection",
            address: "https://docs.aws.amazon.com/athena/latest/ug/create-cloudtrail-table-partition-projection.html",
        }],
    },
    stage: Stage::Recording,
    find,
};

fn find(scene: &Scene<'_, '_>, findings: &mut Findings) -> Result<(), RecommendError> {
    for reader in &scene.model.inventory.readers {
        let all = matches!(&reader.scope, ReadScope::Logs { from, to: None } if from.hours() == 0);
        if reader.kind == ReaderKind::Athena && all {
            findings.advice.push(Advice {
                rule: RULE.doc.id,
                what: format!("`{}` scans every log file each time", reader.name),
                why: "partition projection lets a query scan only the days and Regions that it asks for; state these ages to \
                      price it"
                    .to_owned(),
            });
        }
    }
    Ok(())
}
