//! The log groups that trails deliver to.

use super::arn::{Arn, short_name};
use super::reading::{Reading, answered, dimension, measured, unknown};
use super::window::{bytes_text, count_text};
use crate::domain::{AccountId, Age, Certainty, LogClass, LogGroup, MetricFilter, Quantity, RegionCode};
use crate::sources::aws::answers::{LogGroupInfo, MetricFilterInfo, Operation};
use std::collections::{BTreeMap, BTreeSet};

impl Reading<'_> {
    /// Fills the log groups; of several of one name each gets one of its own, which is only shown.
    pub(super) fn log_groups(&mut self) {
        let mut arns: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for seen in &self.trails {
            if let Some(arn) = &seen.log_group_arn {
                arns.entry(arn.trim_end_matches(":*").to_owned()).or_default().push(seen.at);
            }
        }
        let mut names: BTreeSet<String> = BTreeSet::new();
        for (arn, trails) in arns {
            let parsed = Arn::parse(&arn);
            let placed = parsed.and_then(|own| Some((own.account.parse::<AccountId>().ok()?, own.region)));
            let region = placed.as_ref().and_then(|(_, region)| self.known_region(region, &arn));
            let (Some((account, _)), Some(region)) = (placed, region) else {
                for at in trails {
                    self.model.inventory.trails[at].delivery.log_group = None;
                }
                continue;
            };
            let name = short_name(&arn).to_owned();
            let mut shown = name.clone();
            if !names.insert(shown.clone()) {
                shown = format!("{name} ({account} {region})");
                names.insert(shown.clone());
            }
            for at in trails {
                self.model.inventory.trails[at].delivery.log_group = Some(shown.clone());
            }
            let group = self.log_group(&name, shown, account, region);
            self.model.inventory.log_groups.push(group);
        }
        self.model.inventory.log_groups.sort_by(|one, two| one.name.cmp(&two.name));
    }

    fn log_group(&mut self, name: &str, shown: String, account: AccountId, region: RegionCode) -> LogGroup {
        let place = format!("log group {shown} ({account}, {region})");
        let found: Option<LogGroupInfo> = answered!(self, DescribeLogGroups)
            .filter(|(asked, _)| asked.account == account.as_str() && asked.region == region.as_str())
            .flat_map(|(_, list)| &list.log_groups)
            .find(|own| own.log_group_name == name)
            .cloned();
        if found.is_none() {
            let remedy = self.remedy(Operation::DescribeLogGroups, " in its account");
            self.unseen.setting(
                "the settings of log groups",
                &place,
                "taken with CloudWatch Logs' defaults",
                &remedy,
            );
        }
        let info = found.unwrap_or_default();
        let class = match info.log_group_class.as_deref() {
            Some("INFREQUENT_ACCESS") => LogClass::InfrequentAccess,
            Some("DELIVERY") => {
                self.unseen.setting(
                    "the class",
                    &place,
                    "DELIVERY is taken as STANDARD",
                    "look at the group",
                );
                LogClass::Standard
            }
            _ => LogClass::Standard,
        };
        let holds = info.stored_bytes.and_then(|bytes| u64::try_from(bytes).ok());
        if let Some(bytes) = holds {
            let how = "logs:DescribeLogGroups, storedBytes";
            self.found(format!("{place}: holds"), bytes_text(bytes.into()), how, Certainty::Close);
        }
        for metric in ["IncomingBytes", "IncomingLogEvents"] {
            self.incoming(metric, name, &account, &region, &place);
        }
        LogGroup {
            metric_filters: self.metric_filters(name, &account, &region, &place),
            name: shown,
            account,
            region,
            class,
            retention: info.retention_in_days.and_then(|days| u16::try_from(days).ok()).map(Age::from_days),
            holds: holds.map(|bytes| measured(Quantity::from_count(bytes))),
            scanned: None,
            not_sent: None,
        }
    }

    fn incoming(&mut self, metric: &str, name: &str, account: &AccountId, region: &RegionCode, place: &str) {
        let Some((month, how)) = self.month_of_group(metric, name, account, region) else {
            return;
        };
        let (unit, month) = match metric {
            "IncomingBytes" => ("bytes", bytes_text(month.rounded(0))),
            _ => ("events", format!("{} events", count_text(month.rounded(0)))),
        };
        self.found(format!("{place}: {unit} received in a month"), month, how, Certainty::Close);
    }

    /// Returns what a log group receives in a month, and how that is known.
    pub(super) fn month_of_group(
        &self,
        metric: &str,
        name: &str,
        account: &AccountId,
        region: &RegionCode,
    ) -> Option<(Quantity, String)> {
        let window = self.window?;
        let (_, series) = self.series("AWS/Logs", metric).into_iter().find(|(asked, own)| {
            asked.account == account.as_str()
                && asked.region == region.as_str()
                && dimension(&own.metric, "LogGroupName") == Some(name)
        })?;
        let daily = window.daily(series)?;
        Some((window.month_of(&daily)?, format!("CloudWatch AWS/Logs {metric}, {}", window.words(&daily))))
    }

    fn metric_filters(
        &mut self,
        name: &str,
        account: &AccountId,
        region: &RegionCode,
        place: &str,
    ) -> Vec<MetricFilter> {
        let filters: Vec<MetricFilterInfo> = answered!(self, DescribeMetricFilters)
            .filter(|(asked, _)| {
                asked.account == account.as_str()
                    && asked.region == region.as_str()
                    && short_name(&asked.subject) == name
            })
            .flat_map(|(_, list)| list.metric_filters.clone())
            .collect();
        let mut all: Vec<MetricFilter> = Vec::new();
        for own in filters {
            if all.iter().any(|known| known.name == own.filter_name) {
                continue;
            }
            if own.metric_transformations.iter().any(|to| !to.dimensions.is_empty()) {
                self.unseen.setting(
                    &format!("the dimensions of the metric filter `{}`", own.filter_name),
                    place,
                    "each combination is a metric of its own; taken as one",
                    "give the number as metrics in the scenario",
                );
            }
            let by_default = own.metric_transformations.iter().any(|to| to.has_default_value);
            let metrics = u32::try_from(own.metric_transformations.len().max(1)).unwrap_or(1);
            let hours = if by_default { None } else { Some(unknown()) };
            all.push(MetricFilter { name: own.filter_name, metrics, hours });
        }
        all
    }
}
