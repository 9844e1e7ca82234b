//! Log groups, their metric filters, and the metrics that these send to.

use super::buckets::age;
use super::fields::Fields;
use super::links::Link;
use super::side::Reading;
use crate::domain::{
    Amount, AmountValue, GapKind, LogClass, LogGroup, LogGroupSettings, MetricFilter, MetricFilterSettings,
    MetricRef, Place, Provenance, ProvenanceKind, Setting,
};
use crate::sources::aws::lower::arn::Arn;
use crate::sources::terraform::kind::{LOG_GROUP, METRIC_FILTER};
use crate::sources::terraform::resource::Resource;
use crate::sources::terraform::value::Attr;
use std::collections::BTreeMap;

/// Returns the statement that a number is unknown.
pub(super) fn unknown() -> Amount {
    let provenance = Provenance { kind: ProvenanceKind::Declared, place: Place::default() };
    Amount { value: AmountValue::Unknown, provenance }
}

impl<'a> Reading<'a> {
    /// Fills the log groups that trails deliver to.
    pub(super) fn log_groups(&mut self) {
        let filters =
            self.links.parts(self.resources, METRIC_FILTER, "log_group_name", LOG_GROUP, &mut self.findings);
        let mut wanted: BTreeMap<String, Option<usize>> = BTreeMap::new();
        for (at, seen) in self.seen.iter().enumerate() {
            if let Some(name) = seen.log_group.name() {
                wanted.entry(name).or_insert(Some(at));
            }
        }
        if self.everything {
            let managed = self.of(LOG_GROUP).into_iter().map(|own| own.address.clone());
            for name in managed.chain(filters.keys().cloned()) {
                wanted.entry(name).or_insert(None);
            }
        }
        for (name, stand) in &self.led.log_groups {
            if let Some(name) = self.led_name(LOG_GROUP, name, stand) {
                wanted.entry(name).or_insert(None);
            }
        }
        for (name, trail) in wanted {
            let own = filters.get(&name).map(Vec::as_slice).unwrap_or_default();
            if let Some(group) = self.log_group(&name, trail, own) {
                self.inventory.log_groups.push(group);
            }
        }
    }

    fn log_group(&mut self, name: &str, trail: Option<usize>, filters: &[&'a Resource]) -> Option<LogGroup> {
        let resource = self.links.resource(name);
        let place = match (resource, trail.map(|at| self.seen[at].log_group.clone())) {
            (Some(own), _) => self.place(own),
            (None, Some(Link::Named(arn))) => {
                let arn = Arn::parse(&arn);
                let own = arn.and_then(|own| {
                    let region = self.context.regions.get(own.region)?.code.clone();
                    Some((own.account.parse().ok()?, region))
                });
                own.or_else(|| filters.first().and_then(|own| self.place(own)))
            }
            (None, _) => {
                let stand = self.led.log_groups.get(name).cloned().flatten();
                stand.or_else(|| filters.first().and_then(|own| self.place(own)))
            }
        };
        let (account, region) = place?;
        let metric_filters = filters.iter().map(|own| self.metric_filter(own)).collect();
        let mut group = LogGroup {
            name: name.to_owned(),
            account,
            region,
            class: LogClass::Standard,
            retention: None,
            holds: None,
            scanned: None,
            not_sent: None,
            metric_filters,
        };
        let Some(resource) = resource else {
            self.unmanaged.insert(name.to_owned());
            return Some(group);
        };
        let own = Fields::of(resource);
        let findings = &mut self.findings;
        if let Some(why) = own.why("retention_in_days") {
            findings.unknown(resource, "retention_in_days", why, "taken as kept for ever");
        }
        // 0 is Terraform's way to say for ever.
        let retention = match own.number("retention_in_days", findings) {
            Setting::Is(0) => Setting::NotSet,
            other => other,
        };
        group.retention = retention.value().copied().and_then(age);
        let class = own.known_text("log_group_class", "taken as STANDARD", findings);
        if class.as_deref() == Some("INFREQUENT_ACCESS") {
            group.class = LogClass::InfrequentAccess;
        }
        let key = self.links.key(own, "kms_key_id", "kms_key_id", &mut self.findings);
        self.unknown_key(&key, resource, "kms_key_id");
        self.leads_to_key(&key, &group.account, &group.region);
        self.settings.log_groups.push(LogGroupSettings {
            subject: self.places_subject(resource),
            retention: match retention {
                Setting::Is(days) => Setting::known(age(days)),
                Setting::NotSet => Setting::NotSet,
                Setting::Unknown => Setting::Unknown,
            },
            kms_key: key.setting(),
        });
        Some(group)
    }

    fn metric_filter(&mut self, resource: &'a Resource) -> MetricFilter {
        let own = Fields::of(resource);
        let (blocks, unknown_blocks) = own.blocks("metric_transformation", &mut self.findings);
        if let Some(why) = unknown_blocks {
            self.findings.unknown(resource, "metric_transformation", why, "taken as one metric");
        }
        let sends_always =
            blocks.iter().any(|own| !matches!(own.get("default_value"), Attr::Null | Attr::Unknown(_)));
        for block in &blocks {
            if matches!(block.get("dimensions"), Attr::Map(all) if !all.is_empty()) {
                self.findings.add(
                    GapKind::NotSeen,
                    "each combination of dimensions is a metric of its own (taken as one): ",
                    &resource.address,
                    "",
                    "give the number as metrics in the scenario of --volumes",
                );
            }
        }
        let group = self.links.link(own, "log_group_name", "log_group_name", LOG_GROUP, &mut self.findings);
        self.settings.metric_filters.push(MetricFilterSettings {
            subject: self.places_subject(resource),
            log_group: group.setting(),
            pattern: own.text("pattern", &mut self.findings),
            metrics: blocks
                .iter()
                .map(|block| MetricRef {
                    namespace: block.text("namespace", &mut self.findings),
                    name: block.text("name", &mut self.findings),
                })
                .collect(),
        });
        MetricFilter {
            name: resource.address.clone(),
            metrics: u32::try_from(blocks.len().max(1)).unwrap_or(1),
            hours: if sends_always { None } else { Some(unknown()) },
        }
    }

    /// Tells whether a metric is one that the filters of trails' log groups send to, or may be.
    pub(super) fn is_filtered(&self, metric: &MetricRef) -> bool {
        let may_be = |one: &Setting<String>, two: &Setting<String>| match (one.value(), two.value()) {
            (Some(one), Some(two)) => one == two,
            _ => true,
        };
        let all = self.settings.metric_filters.iter().flat_map(|own| &own.metrics);
        let mut all = all.filter(|own| own.name.value().is_some() || metric.name.value().is_some());
        all.any(|own| may_be(&own.namespace, &metric.namespace) && may_be(&own.name, &metric.name))
    }
}
