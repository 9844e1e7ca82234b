//! Event data stores.

use super::fields::Fields;
use super::selectors;
use super::side::Reading;
use crate::domain::{BillingMode, EventDataStore};
use crate::sources::terraform::kind::STORE;
use crate::sources::terraform::resource::Resource;

/// Days that a store keeps where none are given: the default of the provider's `retention_period`.
///
/// Source: Terraform Registry, hashicorp/aws, resource aws_cloudtrail_event_data_store.
const PROVIDER_RETENTION: u16 = 2_555;

impl<'a> Reading<'a> {
    /// Fills the event data stores.
    pub(super) fn event_data_stores(&mut self) {
        for own in self.of(STORE) {
            self.store(own);
        }
    }

    fn store(&mut self, resource: &'a Resource) {
        let own = Fields::of(resource);
        let findings = &mut self.findings;
        for (key, taken) in [
            ("billing_mode", "taken as EXTENDABLE_RETENTION_PRICING"),
            ("retention_period", "taken as 2555 days, the provider's default"),
            ("advanced_event_selector", "taken as all management events"),
        ] {
            if let Some(why) = own.why(key) {
                findings.unknown(resource, key, why, taken);
            }
        }
        let mode = own.text("billing_mode", findings);
        let billing_mode = match mode.value().map(String::as_str) {
            Some("FIXED_RETENTION_PRICING") => BillingMode::SevenYear,
            None | Some("EXTENDABLE_RETENTION_PRICING") => BillingMode::OneYearExtendable,
            Some(_) => {
                findings.wrong(resource, "billing_mode", "pricing option of an event data store");
                BillingMode::OneYearExtendable
            }
        };
        let stated = own.number("retention_period", findings);
        let days = stated.value().copied().unwrap_or(u32::from(PROVIDER_RETENTION));
        let fits = u16::try_from(days).ok().filter(|own| (7..=billing_mode.maximum_days()).contains(own));
        let retention_days = fits.unwrap_or_else(|| {
            findings.wrong(resource, "retention_period", "number of days that the pricing option allows");
            billing_mode.included_days()
        });
        let (blocks, _) = own.blocks("advanced_event_selector", findings);
        let all = selectors::advanced(&blocks, &self.links, findings);
        let organization = own.switch_or("organization_enabled", false, findings);
        let multi_region = own.switch_or("multi_region_enabled", true, findings);
        let suspended = own.switch_or("suspend", false, findings);
        let Some((account, home_region)) = self.place(resource) else { return };
        self.inventory.event_data_stores.push(EventDataStore {
            name: resource.address.clone(),
            account,
            organization,
            home_region,
            multi_region,
            ingesting: !suspended,
            billing_mode,
            retention_days,
            selectors: all,
            insights: Vec::new(),
            other_sources_bytes: None,
            scanned_bytes: None,
        });
    }
}
