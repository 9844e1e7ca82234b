//! Accounts, what happens in them, and volumes given directly.

use super::at::At;
use super::bill_names::{BILL_NAMES, SERVICE};
use super::document::{AccountInput, ActivityInput, DataActivityInput, ManagementInput, VolumeInput};
use super::lower::Lowering;
use super::quantity_text::{Expected, QuantityInput};
use crate::domain::{
    Access, Account, AccountId, Amount, Component, EventClass, EventCount, EventSource, Field, RegionCode,
    Unit, Volume,
};
use std::collections::BTreeSet;
use std::ops::Range;

impl Lowering<'_> {
    /// Reads the accounts; ids that only volumes name become accounts of which nothing else is known.
    pub(super) fn accounts(&mut self, accounts: &[AccountInput], volumes: &[VolumeInput]) {
        let mut seen = BTreeSet::new();
        for input in accounts {
            let Some(id) = self.account_id(&input.id) else {
                continue;
            };
            if !seen.insert(id.clone()) {
                self.error(&input.id.span, format!("the account {id} occurs twice"));
                continue;
            }
            let payer = input.payer.as_ref().and_then(|payer| self.account_id(payer));
            let enabled_regions = input
                .enabled_regions
                .as_ref()
                .and_then(|count| self.whole(count, 1..=100, "enabled_regions", ""));
            self.model.inventory.accounts.push(Account {
                id: id.clone(),
                name: input.name.clone(),
                environment: input.environment.clone(),
                tags: input.tags.clone(),
                payer,
                enabled_regions,
            });
            for activity in &input.activity {
                self.account_activity(&id, activity);
            }
        }
        for volume in volumes {
            if let Ok(id) = volume.account.value.parse::<AccountId>()
                && seen.insert(id.clone())
            {
                self.model.inventory.accounts.push(Account::bare(id));
            }
        }
        if let [only] = self.model.inventory.accounts.as_slice() {
            self.only_account = Some(only.id.clone());
        }
    }

    fn account_activity(&mut self, account: &AccountId, input: &ActivityInput) {
        let Some(region) = self.region(&input.region) else {
            return;
        };
        if self.activity_at.contains_key(&(account.clone(), region.clone())) {
            let message = format!("the activity of {account} in {region} occurs twice");
            self.error(&input.region.span, message);
            return;
        }
        let mut counts = Vec::new();
        if let Some(management) = &input.management {
            self.management(management, &mut counts);
        }
        for data in &input.data {
            self.data_activity(data, &mut counts);
        }
        for network in &input.network_activity {
            let mut class = EventClass::network_activity(Access::Mixed, &network.event_source.value);
            for (field, value) in [
                (Field::EventName, &network.event_name),
                (Field::VpcEndpointId, &network.vpc_endpoint_id),
                (Field::ErrorCode, &network.error_code),
            ] {
                if let Some(value) = value {
                    class = class.with(field, value);
                }
            }
            self.count(&class, Some(&network.events), &mut counts);
        }
        let classes: BTreeSet<u32> = counts.iter().map(|count: &EventCount| count.class).collect();
        if classes.len() < counts.len() {
            let message = format!("two entries of {account} in {region} describe the same events");
            self.error(&input.region.span, message).hint =
                Some("add them up, or tell them apart by resource or event_name".to_owned());
        }
        self.activity(account, &region).counts.extend(counts);
    }

    fn management(&mut self, input: &ManagementInput, counts: &mut Vec<EventCount>) {
        if let Some(events) = &input.events {
            let kinds = [
                &input.read,
                &input.write,
                &input.kms_read,
                &input.kms_write,
                &input.rdsdata_read,
                &input.rdsdata_write,
            ];
            if kinds.iter().any(|own| own.is_some()) {
                let message = "`events` beside figures of one kind would count events twice".to_owned();
                self.error(&events.span, message).hint =
                    Some("give either events, or read and write and so on".to_owned());
            }
            self.count(&EventClass::any_management(), Some(events), counts);
        }
        for (amount, access, source) in [
            (&input.read, Access::Read, EventSource::Other),
            (&input.write, Access::Write, EventSource::Other),
            (&input.kms_read, Access::Read, EventSource::Kms),
            (&input.kms_write, Access::Write, EventSource::Kms),
            (&input.rdsdata_read, Access::Read, EventSource::RdsData),
            (&input.rdsdata_write, Access::Write, EventSource::RdsData),
        ] {
            self.count(&EventClass::management(access, source), amount.as_ref(), counts);
        }
    }

    fn data_activity(&mut self, input: &DataActivityInput, counts: &mut Vec<EventCount>) {
        let resource_type = &input.resource_type.value;
        if !resource_type.starts_with("AWS::") {
            self.error(&input.resource_type.span, format!("bad resource type `{resource_type}`")).label =
                Some("a CloudFormation type, such as AWS::S3::Object".to_owned());
        }
        let none = input.read.is_none() && input.write.is_none() && input.events.is_none();
        if none && !self.misshapen {
            self.error(&input.resource_type.span, "this data activity has no number of events".to_owned())
                .hint =
                Some("give read and write, or events; `\"unknown\"` is a number of events too".to_owned());
        }
        if let (Some(events), true) = (&input.events, input.read.is_some() || input.write.is_some()) {
            self.error(
                &events.span,
                "`events` beside `read` or `write` would count events twice".to_owned(),
            )
            .hint = Some("give either events, or read and write".to_owned());
        }
        if let Some(resource) = &input.resource
            && !resource.value.starts_with("arn:")
        {
            self.error(&resource.span, format!("bad resource `{}`", resource.value)).label =
                Some("an ARN, such as arn:aws:s3:::bucket".to_owned());
        }
        let resource = input.resource.as_ref().map(|resource| resource.value.as_str());
        for (amount, access) in
            [(&input.read, Access::Read), (&input.write, Access::Write), (&input.events, Access::Mixed)]
        {
            let mut class = EventClass::data(access, resource_type, resource);
            for (field, value) in
                [(Field::EventName, &input.event_name), (Field::UserIdentityArn, &input.user_identity_arn)]
            {
                if let Some(value) = value {
                    class = class.with(field, value);
                }
            }
            self.count(&class, amount.as_ref(), counts);
        }
    }

    fn count(&mut self, class: &EventClass, input: Option<&At<QuantityInput>>, counts: &mut Vec<EventCount>) {
        let Some(amount) = input.and_then(|input| self.amount(input, Expected::Count)) else {
            return;
        };
        let class = self.model.observations.class_id(class);
        counts.push(EventCount { class, amount });
    }

    /// Reads one `[[volume]]`.
    pub(super) fn volume(&mut self, input: &VolumeInput) {
        let account = self.account_id(&input.account);
        let region = self.region(&input.region);
        let named: [&Option<At<QuantityInput>>; BILL_NAMES.len()] = [
            &input.free_management_events,
            &input.paid_management_events,
            &input.s3_data_events,
            &input.lambda_data_events,
            &input.other_data_events,
            &input.network_activity_events,
            &input.insights_events,
            &input.data_insights_events,
        ];
        let mut any = !input.usage.is_empty();
        let mut volumes = Vec::new();
        for (name, quantity) in BILL_NAMES.iter().zip(named) {
            let Some(quantity) = quantity else {
                continue;
            };
            any = true;
            if let Some(amount) = self.amount(quantity, Expected::Count) {
                let (usage_type, unit) = (name.usage_type, Unit::new("Events"));
                volumes.push((quantity.span.clone(), SERVICE, usage_type, unit, name.component, amount));
            }
        }
        let mut types = Vec::new();
        for (usage_type, quantity) in &input.usage {
            let known = self.usage_type(usage_type, &quantity.span, region.as_ref());
            let Some((service, name, unit, component)) = known else {
                continue;
            };
            if let Some(amount) = self.amount(quantity, expected_in(&unit)) {
                types.push((quantity.span.clone(), service, name, unit, component, amount));
            }
        }
        if !any && !self.misshapen {
            self.error(&input.region.span, "this volume has no quantity".to_owned()).hint =
                Some("add one, such as paid_management_events = \"20M\"".to_owned());
        }
        let (Some(account), Some(region)) = (account, region) else {
            return;
        };
        for (span, service, usage_type, unit, component, amount) in volumes {
            self.add_volume(&span, &account, &region, service, usage_type, unit, component, amount);
        }
        for (span, service, usage_type, unit, component, amount) in types {
            self.add_volume(&span, &account, &region, &service, &usage_type, unit, component, amount);
        }
    }

    /// Adds a volume unless the same one is there already.
    #[expect(clippy::too_many_arguments, reason = "a volume has so many parts")]
    pub(super) fn add_volume(
        &mut self,
        span: &Range<usize>,
        account: &AccountId,
        region: &RegionCode,
        service: &str,
        usage_type: &str,
        unit: Unit,
        component: Component,
        amount: Amount,
    ) {
        let key = |own: &Volume| {
            (
                own.account.clone(),
                own.region.clone(),
                own.service.clone(),
                own.usage_type.clone(),
                own.component,
            )
        };
        let volume = Volume {
            account: account.clone(),
            region: region.clone(),
            service: service.to_owned(),
            usage_type: usage_type.to_owned(),
            unit,
            component,
            amount,
        };
        // The table of accounts, which tells its rows apart itself, was read before the first of these.
        let volumes = &self.model.observations.volumes;
        let keys = self.volume_keys.get_or_insert_with(|| volumes.iter().map(key).collect());
        let twice = !keys.insert(key(&volume));
        if twice {
            let message = format!("{usage_type} of {account} in {region} occurs twice");
            self.error(span, message).hint = Some("add the quantities up into one volume".to_owned());
            return;
        }
        self.model.observations.volumes.push(volume);
    }

    /// Finds the service, unit and component of a usage type by the name it has on a bill.
    pub(super) fn usage_type(
        &mut self,
        written: &str,
        span: &Range<usize>,
        region: Option<&RegionCode>,
    ) -> Option<(String, String, Unit, Component)> {
        let catalog = self.context.catalog;
        let (service, rest) = match written.split_once(':') {
            Some((service, rest)) if catalog.has_service(service) => (Some(service), rest),
            _ => (None, written),
        };
        // CW:AlarmMonitorUsage has a colon of its own; a Region prefix may precede any of them.
        let (prefix, bare) = self.context.regions.split_usage_type(rest);
        if let (Some(prefix), Some(region)) = (prefix, region)
            && prefix != region
        {
            let message = format!("`{written}` is a usage type of {prefix}, this volume is of {region}");
            self.error(span, message).hint = Some("leave the Region prefix out".to_owned());
            return None;
        }
        let services = match service {
            Some(service) => vec![service],
            None => catalog.services_of(bare),
        };
        match services.as_slice() {
            [service] => {
                if let Some(entry) = catalog.get(service, bare) {
                    Some(((*service).to_owned(), bare.to_owned(), entry.unit.clone(), entry.component))
                } else {
                    let others = catalog.services_of(bare);
                    let label = if others.is_empty() {
                        catalog.nearest(bare).map(|near| format!("did you mean `{near}`?"))
                    } else {
                        Some(format!("{} has it", others.join(", ")))
                    };
                    let finding =
                        self.error(span, format!("{service} has no usage type `{bare}` in any table"));
                    finding.label = label;
                    finding.hint =
                        Some("a row for it in a table given with --pricing makes it known".to_owned());
                    None
                }
            }
            [] => {
                let near = catalog.nearest(bare).map(|near| format!("did you mean `{near}`?"));
                let finding = self.error(span, format!("no price table knows the usage type `{bare}`"));
                finding.label = near;
                finding.hint = Some("a row for it in a table given with --pricing makes it known".to_owned());
                None
            }
            several => {
                let choices: Vec<String> = several.iter().map(|own| format!("\"{own}:{bare}\"")).collect();
                let finding = self.error(span, format!("several services bill `{bare}`"));
                finding.label = Some(format!("write {}", choices.join(" or ")));
                None
            }
        }
    }
}

/// Returns what a quantity of a usage type in this unit is counted in.
pub(super) fn expected_in(unit: &Unit) -> Expected {
    if unit.is_whole() {
        Expected::Count
    } else if unit.name().starts_with("GB") {
        Expected::Gigabytes
    } else {
        Expected::Number
    }
}
