//! Log groups without metric filters that are of the dearer class.

use super::{on_resource, site};
use crate::domain::LogClass;
use crate::domain::LossLevel;
use crate::recommend::action::{Effort, Loss};
use crate::recommend::edit::Edit;
use crate::recommend::error::RecommendError;
use crate::recommend::rule::{Findings, Rule, RuleDoc, Scene, Source, Stage};

pub(super) const RULE: Rule = Rule {
    doc: RuleDoc {
        id: "log-group-infrequent-access",
        title: "Send events to a log group of the class Infrequent Access",
        finds: "A Standard log group that trails deliver to and that has no metric filter.",
        why: "Ingestion into the Standard class costs twice that of Infrequent Access (in us-east-1), and only metric filters, \
              Live Tail and a few other features need it.",
        saving: "The difference of the two ingestion rates.",
        loses: "Metric filters, subscriptions and Live Tail on the group: so nothing is proposed where there is a metric \
                filter. A log group's class cannot be changed: a new group is made, and the old one kept until it is empty.",
        sources: &[Source {
            title: "Amazon CloudWatch Logs User Guide, Log classes",
            address: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CloudWatch_Logs_Log_Classes.html",
        }],
    },
    stage: Stage::Keeping,
    find,
};

fn find(scene: &Scene<'_, '_>, findings: &mut Findings) -> Result<(), RecommendError> {
    for group in &scene.model.inventory.log_groups {
        let fed = scene
            .model
            .inventory
            .trails
            .iter()
            .any(|own| own.logging && own.delivery.log_group.as_ref() == Some(&group.name));
        if !fed || group.class != LogClass::Standard || !group.metric_filters.is_empty() {
            continue;
        }
        let mut action = on_resource(
            RULE.doc.id,
            site("log group", &group.name, group.account.as_str(), &group.region),
            format!("Replace the log group `{}` by one of the class Infrequent Access", group.name),
            "it has no metric filter, and ingestion into the Standard class costs more".to_owned(),
            Edit::LogInfrequentAccess(group.name.clone()),
        );
        action.loss = Loss::of(
            LossLevel::Low,
            &format!("metric filters, subscriptions and Live Tail on `{}`", group.name),
        );
        action.effort = Effort::Medium;
        action.notes.push(
            "check that nothing subscribes to the group: a bill and a scenario do not show it".to_owned(),
        );
        findings.actions.push(action);
    }
    Ok(())
}
