//! Trails.

use super::fields::Fields;
use super::links::Link;
use super::selectors;
use super::side::Reading;
use crate::domain::{Delivery, GapKind, Trail, TrailScope, TrailSettings};
use crate::sources::terraform::kind::{BUCKET, LOG_GROUP, TOPIC, TRAIL};
use crate::sources::terraform::resource::Resource;

/// A trail with what is only known of it from Terraform.
#[derive(Debug)]
pub(super) struct SeenTrail<'a> {
    pub(super) resource: &'a Resource,
    pub(super) bucket: Link,
    pub(super) key: Link,
    pub(super) log_group: Link,
    pub(super) prefix: Option<String>,
    pub(super) is_organization: bool,
}

impl<'a> Reading<'a> {
    /// Fills the trails.
    pub(super) fn trails(&mut self) {
        for own in self.of(TRAIL) {
            self.trail(own);
        }
    }

    fn trail(&mut self, resource: &'a Resource) {
        let own = Fields::of(resource);
        let findings = &mut self.findings;
        let bucket = self.links.link(own, "s3_bucket_name", "s3_bucket_name", BUCKET, findings);
        let key = self.links.key(own, "kms_key_id", "kms_key_id", findings);
        let log_group = self.links.link(
            own,
            "cloud_watch_logs_group_arn",
            "cloud_watch_logs_group_arn",
            LOG_GROUP,
            findings,
        );
        let topic = self.links.link(own, "sns_topic_name", "sns_topic_name", TOPIC, findings);
        let taken = "what it costs there is left out";
        for (name, link) in [
            ("s3_bucket_name", &bucket),
            ("cloud_watch_logs_group_arn", &log_group),
            ("sns_topic_name", &topic),
        ] {
            if let (Link::Unknown, Some(why)) = (link, own.why(name)) {
                findings.unknown(resource, name, why, taken);
            }
        }
        if let (Link::Unknown, Some(why)) = (&key, own.why("kms_key_id")) {
            findings.unknown(resource, "kms_key_id", why, "taken as a key of its own");
        }
        let settings = TrailSettings {
            subject: self.places_subject(resource),
            logging: own.switch("enable_logging", &mut self.findings),
            multi_region: own.switch("is_multi_region_trail", &mut self.findings),
            organization: own.switch("is_organization_trail", &mut self.findings),
            global_service_events: own.switch("include_global_service_events", &mut self.findings),
            log_file_validation: own.switch("enable_log_file_validation", &mut self.findings),
            kms_key: key.setting(),
            bucket: bucket.setting(),
            log_group: log_group.setting(),
            topic: topic.setting(),
        };
        let findings = &mut self.findings;
        let multi_region = own.switch_or("is_multi_region_trail", false, findings);
        let is_organization = own.switch_or("is_organization_trail", false, findings);
        let logging = own.switch_or("enable_logging", true, findings);
        let validation = own.switch_or("enable_log_file_validation", false, findings);
        let all = selectors::trail(own, &self.links, findings);
        let insights = selectors::insights(own, findings);
        let prefix = own.known_text("s3_key_prefix", "taken as none", findings);
        self.settings.trails.push(settings);
        let Some((account, home_region)) = self.place(resource) else { return };
        if own.switch("include_global_service_events", &mut self.findings).is_on() == Some(false)
            && own.get("include_global_service_events").as_bool().is_some()
            && (multi_region || home_region.as_str() == "us-east-1")
        {
            self.findings.add(
                GapKind::NotSeen,
                "events of global services (IAM, STS, CloudFront) are left out by ",
                &resource.address,
                "; they are estimated as recorded",
                "its figure is that much too high; a log file scan tells how much",
            );
        }
        self.inventory.trails.push(Trail {
            name: resource.address.clone(),
            scope: if is_organization { TrailScope::Organization } else { TrailScope::Account(account) },
            home_region,
            multi_region,
            logging,
            selectors: all,
            insights,
            aggregation: Vec::new(),
            delivery: Delivery {
                bucket: bucket.name(),
                kms: Some(key != Link::Unset),
                log_file_validation: Some(validation),
                log_group: log_group.name(),
                sns_topic: topic.name(),
                ..Delivery::default()
            },
        });
        self.seen.push(SeenTrail { resource, bucket, key, log_group, prefix, is_organization });
    }
}
