//! What must be kept, with the keys that scenarios and compliance profiles share.

use super::at::At;
use super::document_keep::{EventsInput, Kept};
use super::document_selection::ManagementSetting;
use super::lower_selectors::Settings;
use super::notes::Notes;
use crate::domain::{AdvancedEventSelector, Demands, Severity};

impl Notes<'_> {
    /// Reads what must be kept.
    pub(in crate::sources) fn demands(&mut self, kept: &Kept<'_>) -> Demands {
        let mut readable_within = Vec::new();
        for (age, within) in kept.readable_within {
            let age = self.age(age, &within.span);
            let within = self.age(&within.value, &within.span);
            if let (Some(age), Some(within)) = (age, within) {
                readable_within.push((age, within));
            }
        }
        readable_within.sort_unstable();
        Demands {
            retention: kept.retention.and_then(|text| self.days(text)),
            readable_within,
            events: kept.events.iter().flat_map(|own| self.kept_events(own)).collect(),
            insights: kept.insights.unwrap_or(false),
            cloudwatch_logs: kept.cloudwatch_logs.unwrap_or(false),
            log_retention: kept.log_retention.and_then(|text| self.days(text)),
            ..Demands::default()
        }
    }

    fn kept_events(&mut self, input: &At<EventsInput>) -> Vec<AdvancedEventSelector> {
        let own = &input.value;
        let before = self.found.items.len();
        let selectors = self.selectors(&Settings {
            name: "events",
            span: &input.span,
            unstated: ManagementSetting::None,
            management: own.management.as_ref(),
            exclude: &own.exclude,
            data: &own.data,
            network_activity: &own.network_activity,
            selector: &own.selector,
        });
        let said = self.found.items[before..].iter().any(|own| own.severity == Severity::Error);
        if selectors.is_empty() && !said {
            self.error(&input.span, "these events are none".to_owned()).hint = Some(
                "add management = \"all\", or data = [{ resource_type = \"AWS::S3::Object\" }]".to_owned(),
            );
        }
        selectors
    }
}
