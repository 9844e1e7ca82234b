//! Trails: each once, however many Regions and accounts show it.

use super::arn::{Arn, short_name};
use super::reading::{Reading, SeenTrail, answered, answered_about};
use super::selectors;
use crate::domain::{
    AccountId, AdvancedEventSelector, Delivery, GapKind, InsightsSelector, Trail, TrailScope,
};
use crate::sources::aws::answers::{Asked, Operation, TrailInfo};
use std::collections::{BTreeMap, BTreeSet};

/// A view of a trail.
struct View<'a> {
    asked: &'a Asked,
    info: &'a TrailInfo,
}

impl View<'_> {
    fn home(&self) -> &str {
        let arn = self.info.trail_arn.as_deref().and_then(Arn::parse);
        match (self.info.home_region.as_deref().filter(|own| !own.is_empty()), arn) {
            (Some(region), _) => region,
            (None, Some(arn)) => arn.region,
            (None, None) => &self.asked.region,
        }
    }

    fn owner(&self) -> &str {
        self.info.trail_arn.as_deref().and_then(Arn::parse).map_or(&self.asked.account, |arn| arn.account)
    }

    /// Tells whether it is seen from where it is.
    fn at_home(&self) -> bool {
        self.asked.region == self.home() && self.asked.account == self.owner()
    }
}

impl<'a> Reading<'a> {
    /// Fills the trails.
    pub(super) fn trails(&mut self) {
        let mut views: BTreeMap<String, Vec<View<'a>>> = BTreeMap::new();
        for (asked, list) in answered!(self, DescribeTrails) {
            for info in &list.trail_list {
                let view = View { asked, info };
                let key = info
                    .trail_arn
                    .clone()
                    .unwrap_or_else(|| format!("{}\n{}\n{}", view.owner(), view.home(), info.name));
                views.entry(key).or_default().push(view);
            }
        }
        for seen in views.values() {
            // The view from home knows best; of several of no known place the last is the newest.
            let view = seen.iter().find(|view| view.at_home()).or(seen.last());
            let elsewhere =
                seen.iter().filter(|view| !view.asked.region.is_empty() && !view.at_home()).count();
            self.shadows += elsewhere;
            if let Some(view) = view {
                self.trail(view);
            }
        }
        let known: BTreeSet<&str> = views.keys().map(String::as_str).collect();
        let listed: Vec<&str> = answered!(self, ListTrails)
            .flat_map(|(_, list)| &list.trails)
            .map(|trail| trail.trail_arn.as_str())
            .collect();
        let selected = answered!(self, GetEventSelectors).filter_map(|(_, own)| own.trail_arn.as_deref());
        for arn in listed.into_iter().chain(selected).filter(|arn| !known.contains(arn)) {
            let remedy = self.remedy(Operation::DescribeTrails, " in its home Region");
            self.unseen.add(
                GapKind::NotSeen,
                "a trail is there whose settings no Region showed: ",
                arn,
                "",
                &remedy,
            );
        }
    }

    fn trail(&mut self, view: &View<'a>) {
        let info = view.info;
        let subject = info.trail_arn.clone().unwrap_or_else(|| info.name.clone());
        let Ok(owner) = view.owner().parse::<AccountId>() else {
            self.unseen.add(
                GapKind::NotSeen,
                "nothing says whose trail it is; left out: ",
                &info.name,
                "",
                "measure the account itself",
            );
            return;
        };
        let Some(home_region) = self.known_region(view.home(), &subject) else {
            return;
        };
        let multi_region = info.is_multi_region_trail.unwrap_or_else(|| {
            self.unseen.setting(
                "the scope of trails",
                &subject,
                "taken as of one Region",
                "describe the trail",
            );
            false
        });
        let scope = if info.is_organization_trail.unwrap_or(false) {
            TrailScope::Organization
        } else {
            TrailScope::Account(owner.clone())
        };
        let logging = self.logging(&subject);
        let selectors = self.trail_selectors(info, &subject);
        let insights = self.trail_insights(info, &subject);
        let aggregation = answered_about!(self, GetEventConfiguration, &subject)
            .flat_map(|(_, own)| &own.aggregation_configurations)
            .flat_map(|own| own.templates.iter().cloned())
            .collect();
        if info.include_global_service_events == Some(false)
            && (multi_region || home_region.as_str() == "us-east-1")
        {
            self.unseen.add(
                GapKind::NotSeen,
                "events of global services (IAM, STS, CloudFront) are left out by ",
                &subject,
                "; they are estimated as recorded",
                "its figure is that much too high; a log file scan tells how much",
            );
        }
        let text = |own: &Option<String>| own.clone().filter(|text| !text.is_empty());
        let trail = Trail {
            name: info.name.clone(),
            scope,
            home_region: home_region.clone(),
            multi_region,
            logging,
            selectors,
            insights,
            aggregation,
            delivery: Delivery {
                bucket: text(&info.s3_bucket_name),
                kms: Some(text(&info.kms_key_id).is_some()),
                log_file_validation: info.log_file_validation_enabled,
                log_group: text(&info.cloud_watch_logs_log_group_arn).map(|arn| short_name(&arn).to_owned()),
                sns_topic: text(&info.sns_topic_arn).map(|arn| short_name(&arn).to_owned()),
                ..Delivery::default()
            },
        };
        self.trails.push(SeenTrail {
            at: self.model.inventory.trails.len(),
            owner,
            region: home_region,
            log_group_arn: text(&info.cloud_watch_logs_log_group_arn),
            topic_arn: text(&info.sns_topic_arn),
            prefix: text(&info.s3_key_prefix),
        });
        self.model.inventory.trails.push(trail);
    }

    fn logging(&mut self, subject: &str) -> bool {
        // Of several statuses the last is the newest.
        let status = answered_about!(self, GetTrailStatus, subject).last();
        let error =
            status.and_then(|(_, own)| own.latest_delivery_error.clone()).filter(|own| !own.is_empty());
        let logging = status.and_then(|(_, own)| own.is_logging);
        if let Some(error) = error {
            self.unseen.add(
                GapKind::NotSeen,
                &format!("the last delivery failed ({error}): "),
                subject,
                "; the estimate takes it as delivering",
                "mend the bucket policy, the key policy or the topic",
            );
        }
        logging.unwrap_or_else(|| {
            let remedy = self.remedy(Operation::GetTrailStatus, "");
            self.unseen.setting("whether trails are logging", subject, "taken as logging", &remedy);
            true
        })
    }

    fn trail_selectors(&mut self, info: &TrailInfo, subject: &str) -> Vec<AdvancedEventSelector> {
        let answer = answered_about!(self, GetEventSelectors, subject).last();
        let Some((_, own)) = answer else {
            if info.has_custom_event_selectors != Some(false) {
                let remedy = self.remedy(Operation::GetEventSelectors, "");
                self.unseen.setting(
                    "event selectors",
                    subject,
                    "taken as all management events, which is AWS's default",
                    &remedy,
                );
            }
            return selectors::unset();
        };
        if !own.advanced_event_selectors.is_empty() {
            return selectors::advanced(&own.advanced_event_selectors, subject, &mut self.unseen);
        }
        if own.event_selectors.is_empty() {
            return selectors::unset();
        }
        selectors::basic(&own.event_selectors, subject, &mut self.unseen)
    }

    fn trail_insights(&mut self, info: &TrailInfo, subject: &str) -> BTreeSet<InsightsSelector> {
        if let Some((_, own)) = answered_about!(self, GetInsightSelectors, subject).last() {
            return selectors::insights(&own.insight_selectors, subject, &mut self.unseen);
        }
        let known_off = self.is_absent(Operation::GetInsightSelectors, subject);
        if info.has_insight_selectors == Some(true) && !known_off {
            let remedy = self.remedy(Operation::GetInsightSelectors, "");
            self.unseen.setting("Insights types", subject, "Insights is on, and left out", &remedy);
        }
        BTreeSet::new()
    }
}
