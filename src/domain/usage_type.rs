//! Usage types as the bill names them, without Region prefix.

use super::component::Component;
use super::diagnostic::nearest;
use super::quantity::Unit;
use std::collections::BTreeMap;

/// What the tables say of a usage type, the same in every Region.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CatalogEntry {
    /// The unit it is billed in.
    pub unit: Unit,
    /// The component it is shown under.
    pub component: Component,
}

/// The usage types that the price tables know.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct UsageTypeCatalog {
    by_usage_type: BTreeMap<String, BTreeMap<String, CatalogEntry>>,
}

impl UsageTypeCatalog {
    /// Adds a usage type of a service; the first entry stays.
    pub fn insert(&mut self, service: &str, usage_type: &str, entry: CatalogEntry) {
        if self.get(service, usage_type).is_none() {
            self.by_usage_type.entry(usage_type.to_owned()).or_default().insert(service.to_owned(), entry);
        }
    }

    /// Returns the entry of a service's usage type.
    pub fn get(&self, service: &str, usage_type: &str) -> Option<&CatalogEntry> {
        self.by_usage_type.get(usage_type)?.get(service)
    }

    /// Returns the codes of the services that bill this usage type.
    pub fn services_of(&self, usage_type: &str) -> Vec<&str> {
        self.by_usage_type
            .get(usage_type)
            .map(|services| services.keys().map(String::as_str).collect())
            .unwrap_or_default()
    }

    /// Tells whether any usage type of this service is known.
    pub fn has_service(&self, service: &str) -> bool {
        self.by_usage_type.values().any(|services| services.contains_key(service))
    }

    /// Returns every service's code.
    pub fn services(&self) -> Vec<&str> {
        let mut services: Vec<&str> =
            self.by_usage_type.values().flat_map(|services| services.keys().map(String::as_str)).collect();
        services.sort_unstable();
        services.dedup();
        services
    }

    /// Returns the known usage type nearest to a misspelt one.
    pub fn nearest(&self, usage_type: &str) -> Option<&str> {
        nearest(usage_type, self.by_usage_type.keys().map(String::as_str))
    }
}
