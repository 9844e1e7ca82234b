//! Trails, event data stores and direct deliveries.

use super::at::At;
use super::document::{
    BillingModeInput, DirectDeliveryInput, EventDataStoreInput, InsightsTypeInput, ScopeInput, TrailInput,
};
use super::document_selection::ManagementSetting;
use super::lower::Lowering;
use super::lower_places::Kind;
use super::lower_selectors::Settings;
use super::quantity_text::Expected;
use crate::domain::{
    AccountId, AdvancedEventSelector, Age, BillingMode, Delivery, DirectDelivery, EventCategory,
    EventDataStore, InsightsSelector, InsightsType, RegionCode, Trail, TrailScope, nearest,
};
use std::collections::{BTreeMap, BTreeSet};

impl Lowering<'_> {
    pub(super) fn trails(&mut self, trails: &[TrailInput]) {
        let mut seen: BTreeSet<(TrailScope, String, RegionCode)> = BTreeSet::new();
        for input in trails {
            if let Some(original) = &input.shadow_of {
                let known = trails
                    .iter()
                    .any(|other| other.shadow_of.is_none() && other.name.value == original.value);
                if !known {
                    let names = trails
                        .iter()
                        .filter(|other| other.shadow_of.is_none())
                        .map(|other| other.name.value.as_str());
                    let near = nearest(&original.value, names).map(|near| format!("did you mean `{near}`?"));
                    let message = format!("no trail is called `{}`", original.value);
                    self.error(&original.span, message).label = near;
                }
                continue;
            }
            let Some(trail) = self.trail(input) else {
                continue;
            };
            let key = (trail.scope.clone(), trail.name.clone(), trail.home_region.clone());
            if !seen.insert(key) {
                let message = format!("the trail `{}` occurs twice", trail.name);
                self.error(&input.name.span, message).hint =
                    Some("the view of a trail from another Region is `shadow_of = \"…\"`".to_owned());
                continue;
            }
            self.model.inventory.trails.push(trail);
        }
        self.trails_per_region();
    }

    /// Warns where an account has more trails in a Region than CloudTrail allows.
    ///
    /// Source: CloudTrail user guide, quotas: 5 trails per Region; shadow trails count.
    fn trails_per_region(&mut self) {
        let mut by_scope: BTreeMap<&TrailScope, usize> = BTreeMap::new();
        for trail in &self.model.inventory.trails {
            *by_scope.entry(&trail.scope).or_default() += usize::from(trail.multi_region);
        }
        let many: Vec<usize> = by_scope.values().copied().filter(|&count| count > 5).collect();
        for count in many {
            let finding = crate::domain::Diagnostic::warning(
                self.name,
                format!(
                    "{count} multi-Region trails of one owner are more than the 5 that CloudTrail allows"
                ),
            );
            self.found.push(finding);
        }
    }

    fn trail(&mut self, input: &TrailInput) -> Option<Trail> {
        let organization = input.scope.as_ref().is_some_and(|scope| scope.value == ScopeInput::Organization);
        let mut owner = None;
        let scope = if organization {
            if let Some(account) = &input.account {
                owner = self.account_id(account);
            }
            Some(TrailScope::Organization)
        } else if input.account.as_ref().is_some_and(|account| account.value == "*") {
            Some(TrailScope::EachAccount)
        } else {
            self.owner(input.account.as_ref(), &input.name).map(TrailScope::Account)
        };
        if let (Some(TrailScope::Account(id)), Some(account)) = (&scope, &input.account)
            && !self.model.inventory.accounts.iter().any(|own| own.id == *id)
        {
            let message = format!("`{}` records nothing: the scenario has no account {id}", input.name.value);
            self.warning(&account.span, message).hint =
                Some("add an [[account]] with its activity".to_owned());
        }
        let multi_region = input.multi_region.unwrap_or_else(|| self.assume("trail_multi_region") == "true");
        let home_region = match &input.home_region {
            Some(region) => self.region(region),
            None if multi_region => Some(RegionCode::new(&self.assume("trail_home_region"))),
            None => {
                let message = format!("the single-Region trail `{}` has no home_region", input.name.value);
                self.error(&input.name.span, message).hint = Some("add home_region = \"…\"".to_owned());
                None
            }
        };
        let settings = Settings {
            name: &input.name.value,
            span: &input.name.span,
            unstated: ManagementSetting::All,
            management: input.management.as_ref(),
            exclude: &input.exclude,
            data: &input.data,
            network_activity: &input.network_activity,
            selector: &input.selector,
        };
        let selectors = self.recorded(&settings);
        let mut insights = BTreeSet::new();
        for (types, category) in
            [(&input.insights, EventCategory::Management), (&input.data_insights, EventCategory::Data)]
        {
            for own in types {
                self.insights_need(own, category, &selectors);
                insights.insert(InsightsSelector { insights_type: insights_type(own.value), category });
            }
        }
        if let Some(TrailScope::Account(id)) = &scope {
            owner = Some(id.clone());
        }
        for (kind, name) in [
            (Kind::Bucket, &input.bucket),
            (Kind::LogGroup, &input.log_group),
            (Kind::Topic, &input.sns_topic),
        ] {
            self.mention(kind, name.as_ref(), owner.as_ref(), home_region.as_ref());
        }
        let (log_files, log_bytes, insights_found) = self.counted(input);
        Some(Trail {
            name: input.name.value.clone(),
            scope: scope?,
            home_region: home_region?,
            multi_region,
            logging: input.logging.unwrap_or(true),
            selectors,
            insights,
            aggregation: input.aggregation.clone(),
            delivery: Delivery {
                bucket: input.bucket.as_ref().map(|name| name.value.clone()),
                kms: input.kms,
                log_file_validation: input.log_file_validation,
                log_group: input.log_group.as_ref().map(|name| name.value.clone()),
                sns_topic: input.sns_topic.as_ref().map(|name| name.value.clone()),
                log_files,
                log_bytes,
                insights_found,
            },
        })
    }

    /// Warns about Insights on events that are not recorded.
    fn insights_need(
        &mut self,
        own: &At<InsightsTypeInput>,
        category: EventCategory,
        selectors: &[AdvancedEventSelector],
    ) {
        if !selectors.iter().any(|selector| selector.category == category) {
            let kind = if category == EventCategory::Data { "data" } else { "management" };
            self.warning(&own.span, format!("Insights analyses no {kind} events: none are recorded here"));
        }
    }

    /// Returns the account that a recorder belongs to: the one named, or the only one there is.
    fn owner(&mut self, account: Option<&At<String>>, name: &At<String>) -> Option<AccountId> {
        if let Some(account) = account {
            return self.account_id(account);
        }
        if self.only_account.is_none() {
            self.error(&name.span, format!("`{}` does not say whose account it is", name.value)).hint =
                Some("add account = \"…\", or scope = \"organization\"".to_owned());
        }
        self.only_account.clone()
    }

    /// Returns what a recorder records.
    fn recorded(&mut self, settings: &Settings<'_>) -> Vec<AdvancedEventSelector> {
        if settings.selector.is_empty() && settings.management.is_none() {
            self.assume("recorded_management_events");
        }
        let selectors = self.notes().selectors(settings);
        if selectors.is_empty() {
            self.warning(settings.span, format!("`{}` records nothing", settings.name));
        }
        selectors
    }

    pub(super) fn event_data_stores(&mut self, stores: &[EventDataStoreInput]) {
        for input in stores {
            let account = self.owner(input.account.as_ref(), &input.name);
            let home_region = self.region(&input.home_region);
            let billing_mode = match input.billing_mode.as_ref().map(|mode| mode.value) {
                None => {
                    self.assume("event_data_store_billing_mode");
                    BillingMode::OneYearExtendable
                }
                Some(BillingModeInput::OneYearExtendable) => BillingMode::OneYearExtendable,
                Some(BillingModeInput::SevenYear) => BillingMode::SevenYear,
            };
            let retention_days = self.retention(input.retention.as_ref(), billing_mode);
            let settings = Settings {
                name: &input.name.value,
                span: &input.name.span,
                unstated: ManagementSetting::All,
                management: input.management.as_ref(),
                exclude: &input.exclude,
                data: &input.data,
                network_activity: &input.network_activity,
                selector: &input.selector,
            };
            let selectors = self.recorded(&settings);
            let insights = input
                .insights
                .iter()
                .map(|own| InsightsSelector {
                    insights_type: insights_type(own.value),
                    category: EventCategory::Management,
                })
                .collect();
            let other_sources_bytes =
                input.other_sources.as_ref().and_then(|amount| self.amount(amount, Expected::Bytes));
            let scanned_bytes =
                input.scanned.as_ref().and_then(|amount| self.amount(amount, Expected::Bytes));
            let multi_region =
                input.multi_region.unwrap_or_else(|| self.assume("event_data_store_multi_region") == "true");
            let name = input.name.value.clone();
            let stores = &self.model.inventory.event_data_stores;
            let twice = stores.iter().any(|own| {
                own.name == name
                    && Some(&own.account) == account.as_ref()
                    && Some(&own.home_region) == home_region.as_ref()
            });
            if twice {
                self.error(&input.name.span, format!("the event data store `{name}` occurs twice"));
            }
            if let (Some(account), Some(home_region)) = (account, home_region) {
                self.model.inventory.event_data_stores.push(EventDataStore {
                    name,
                    account,
                    organization: input
                        .scope
                        .as_ref()
                        .is_some_and(|own| own.value == ScopeInput::Organization),
                    home_region,
                    multi_region,
                    ingesting: input.ingesting.unwrap_or(true),
                    billing_mode,
                    retention_days,
                    selectors,
                    insights,
                    other_sources_bytes,
                    scanned_bytes,
                });
            }
        }
    }

    fn retention(&mut self, retention: Option<&At<String>>, billing_mode: BillingMode) -> u16 {
        let Some(text) = retention else {
            self.assume("event_data_store_retention");
            return billing_mode.included_days();
        };
        let Some(age) = self.age(text) else {
            return billing_mode.included_days();
        };
        match u16::try_from(age.days()) {
            Ok(days) if (7..=billing_mode.maximum_days()).contains(&days) => days,
            _ => {
                let most = billing_mode.maximum_days();
                self.error(&text.span, format!("a retention of {} is not offered", text.value)).label =
                    Some(format!("from 7d to {most}d with this billing mode"));
                billing_mode.included_days()
            }
        }
    }

    pub(super) fn age(&mut self, text: &At<String>) -> Option<Age> {
        self.notes().age(&text.value, &text.span)
    }

    pub(super) fn direct_deliveries(&mut self, deliveries: &[DirectDeliveryInput]) {
        for input in deliveries {
            let account = input.account.as_ref().map(|account| self.account_id(account));
            let region = input.region.as_ref().map(|region| self.region(region));
            let settings = Settings {
                name: &input.name.value,
                span: &input.name.span,
                unstated: ManagementSetting::All,
                management: input.management.as_ref(),
                exclude: &input.exclude,
                data: &input.data,
                network_activity: &input.network_activity,
                selector: &input.selector,
            };
            let selectors = self.recorded(&settings);
            let name = input.name.value.clone();
            if self.model.inventory.direct_deliveries.iter().any(|own| own.name == name) {
                self.error(&input.name.span, format!("the direct delivery `{name}` occurs twice"));
            }
            self.model.inventory.direct_deliveries.push(DirectDelivery {
                name,
                account: account.flatten(),
                region: region.flatten(),
                selectors,
            });
        }
    }
}

fn insights_type(input: InsightsTypeInput) -> InsightsType {
    match input {
        InsightsTypeInput::ApiCallRateInsight => InsightsType::ApiCallRate,
        InsightsTypeInput::ApiErrorRateInsight => InsightsType::ApiErrorRate,
    }
}
