//! Which events are selected: basic settings and advanced selectors become the same selectors.

use super::at::At;
use super::document_selection::{
    AccessSetting, CategorySetting, DataSelectorInput, Excludable, FieldInput, ManagementSetting,
    SelectorInput,
};
use super::notes::Notes;
use crate::domain::{
    Access, AdvancedEventSelector, EventCategory, EventSource, Field, FieldSelector, nearest,
};
use std::collections::BTreeSet;
use std::ops::Range;

/// How a recorder says what it records, and a demand what it keeps.
pub(in crate::sources) struct Settings<'a> {
    /// What it is called.
    pub(in crate::sources) name: &'a str,
    pub(in crate::sources) span: &'a Range<usize>,
    /// Which management events are meant where nothing is said of them.
    pub(in crate::sources) unstated: ManagementSetting,
    pub(in crate::sources) management: Option<&'a At<ManagementSetting>>,
    pub(in crate::sources) exclude: &'a [At<Excludable>],
    pub(in crate::sources) data: &'a [DataSelectorInput],
    pub(in crate::sources) network_activity: &'a [String],
    pub(in crate::sources) selector: &'a [SelectorInput],
}

impl Notes<'_> {
    /// Returns the selectors that the settings stand for.
    pub(in crate::sources) fn selectors(&mut self, settings: &Settings<'_>) -> Vec<AdvancedEventSelector> {
        let stated = settings.management.is_some()
            || !settings.exclude.is_empty()
            || !settings.data.is_empty()
            || !settings.network_activity.is_empty();
        if !settings.selector.is_empty() {
            if stated {
                let message = format!("`{}` has advanced selectors and basic settings", settings.name);
                self.error(settings.span, message).hint = Some(
                    "keep either `selector`, or `management`, `exclude`, `data`, `network_activity`"
                        .to_owned(),
                );
            }
            return settings.selector.iter().map(|selector| self.selector(selector)).collect();
        }
        let excluded: BTreeSet<EventSource> = settings
            .exclude
            .iter()
            .map(|source| match source.value {
                Excludable::Kms => EventSource::Kms,
                Excludable::Rdsdata => EventSource::RdsData,
            })
            .collect();
        let management = settings.management.map_or(settings.unstated, |setting| setting.value);
        let mut selectors = Vec::new();
        match management {
            ManagementSetting::None => {
                if let Some(first) = settings.exclude.first() {
                    self.warning(
                        &first.span,
                        "nothing to exclude: no management events are recorded".to_owned(),
                    );
                }
            }
            ManagementSetting::All => {
                selectors.push(AdvancedEventSelector::management(Access::Mixed, &excluded));
            }
            ManagementSetting::Read => {
                selectors.push(AdvancedEventSelector::management(Access::Read, &excluded));
            }
            ManagementSetting::Write => {
                selectors.push(AdvancedEventSelector::management(Access::Write, &excluded));
            }
        }
        for data in settings.data {
            if !data.resource_type.value.starts_with("AWS::") {
                let message = format!("bad resource type `{}`", data.resource_type.value);
                self.error(&data.resource_type.span, message).label =
                    Some("a CloudFormation type, such as AWS::S3::Object".to_owned());
            }
            let access = match data.access.as_ref().map(|access| access.value) {
                None | Some(AccessSetting::All) => Access::Mixed,
                Some(AccessSetting::Read) => Access::Read,
                Some(AccessSetting::Write) => Access::Write,
            };
            selectors.push(AdvancedEventSelector::data(access, &data.resource_type.value, &data.resources));
        }
        selectors.extend(
            settings.network_activity.iter().map(|source| AdvancedEventSelector::network_activity(source)),
        );
        selectors
    }

    fn selector(&mut self, input: &SelectorInput) -> AdvancedEventSelector {
        let fields = input.field.iter().filter_map(|field| self.field(field)).collect();
        AdvancedEventSelector {
            name: input.name.clone(),
            category: match input.category.value {
                CategorySetting::Management => EventCategory::Management,
                CategorySetting::Data => EventCategory::Data,
                CategorySetting::NetworkActivity => EventCategory::NetworkActivity,
            },
            fields,
        }
    }

    fn field(&mut self, input: &FieldInput) -> Option<FieldSelector> {
        let Some(field) = Field::from_name(&input.field.value) else {
            let near = nearest(&input.field.value, Field::NAMES.iter().copied()).map_or_else(
                || format!("one of {}", Field::NAMES.join(", ")),
                |near| format!("did you mean `{near}`?"),
            );
            let message = format!("`{}` is no field that selectors can test", input.field.value);
            self.error(&input.field.span, message).label = Some(near);
            return None;
        };
        let test = FieldSelector {
            field,
            equals: input.equals.clone(),
            starts_with: input.starts_with.clone(),
            ends_with: input.ends_with.clone(),
            not_equals: input.not_equals.clone(),
            not_starts_with: input.not_starts_with.clone(),
            not_ends_with: input.not_ends_with.clone(),
        };
        if test == FieldSelector::new(field) {
            let message = format!("the test of `{}` has no value", field.name());
            self.error(&input.field.span, message).hint = Some("add equals = [\"…\"]".to_owned());
            return None;
        }
        Some(test)
    }
}
