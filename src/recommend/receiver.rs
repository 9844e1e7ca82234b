//! What logs are delivered to, and what it means that it receives less.

use super::keep::{Forbidden, Keep, Kept, Need};
use crate::domain::{EventCategory, LossLevel, Model, Trail};
use std::collections::BTreeSet;

/// What logs are delivered to.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Receiver {
    LogGroup(String),
    /// Directly, or as copies of what another bucket receives.
    Bucket(String),
    /// A topic that a notice of each log file is published to.
    Topic(String),
}

impl Receiver {
    /// Returns where a trail's logs, and the notices of them, arrive.
    pub(super) fn of<'a>(model: &'a Model, trail: &'a Trail) -> impl Iterator<Item = Self> + 'a {
        let group = trail.delivery.log_group.iter().cloned().map(Self::LogGroup);
        let topic = trail.delivery.sns_topic.iter().cloned().map(Self::Topic);
        let own = trail.delivery.bucket.iter();
        let buckets = own.flat_map(|name| {
            let copies = model.inventory.buckets.iter().filter(move |bucket| bucket.name == *name);
            let copies = copies.flat_map(|bucket| &bucket.replicas).map(|own| own.bucket.clone());
            std::iter::once(name.clone()).chain(copies)
        });
        group.chain(topic).chain(buckets.map(Self::Bucket))
    }

    /// Returns how much is lost where it receives a class of events no more, when these are received so.
    pub(super) fn level(
        &self,
        class: Option<usize>,
        received: &BTreeSet<(Self, Option<usize>)>,
        model: &Model,
    ) -> LossLevel {
        let is_group = |(own, of): &(Self, Option<usize>)| matches!(own, Self::LogGroup(_)) && *of == class;
        match self {
            Self::LogGroup(_) if !self.filters(model).is_empty() => LossLevel::High,
            // Nothing searches them in CloudWatch Logs any more.
            Self::LogGroup(_) if !received.iter().any(is_group) => LossLevel::Medium,
            Self::LogGroup(_) | Self::Topic(_) => LossLevel::Low,
            Self::Bucket(_) if self.is_read(model) => LossLevel::Medium,
            Self::Bucket(_) => LossLevel::None,
        }
    }

    /// Returns the metric filters of a log group.
    pub(super) fn filters(&self, model: &Model) -> Vec<String> {
        let Self::LogGroup(name) = self else {
            return Vec::new();
        };
        let group = model.inventory.log_groups.iter().find(|own| own.name == *name);
        group.into_iter().flat_map(|own| &own.metric_filters).map(|own| own.name.clone()).collect()
    }

    /// Tells whether something reads a bucket.
    pub(super) fn is_read(&self, model: &Model) -> bool {
        self.readers(model).next().is_some()
    }

    fn readers<'a>(&'a self, model: &'a Model) -> impl Iterator<Item = &'a str> {
        let readers = model.inventory.readers.iter();
        let own = readers
            .filter(move |own| matches!(self, Self::Bucket(name) if own.bucket.as_ref() == Some(name)));
        own.map(|own| own.name.as_str())
    }

    /// Returns what is lost where it receives events of a category no more.
    pub(super) fn words(&self, category: EventCategory, model: &Model) -> String {
        let events = format!("{} events", category.selector_value().to_lowercase());
        match self {
            Self::LogGroup(name) if self.filters(model).is_empty() => {
                format!("the log group `{name}` receives fewer {events}")
            }
            Self::LogGroup(name) => format!("the metric filters of `{name}` see fewer {events}"),
            Self::Bucket(name) => {
                let readers: Vec<&str> = self.readers(model).collect();
                let readers = crate::domain::list_names(&readers);
                format!("what reads the bucket `{name}` ({readers}) finds fewer {events}")
            }
            Self::Topic(name) => format!("notices of log files to `{name}`"),
        }
    }

    /// Returns what forbids that it receives less, which is so much of a loss.
    pub(super) fn forbids_less(&self, level: LossLevel, keep: &Keep) -> Vec<Forbidden> {
        let wanted = |need: &Need| match self {
            Self::LogGroup(_) => matches!(need, Need::CloudWatchLogs | Need::LogRetention(_)),
            Self::Bucket(name) => matches!(need, Need::Bucket(own) if own == name),
            Self::Topic(_) => false,
        };
        let demands = keep.demands.iter().enumerate();
        let demanded = demands.filter(|(_, own)| matches!(&own.kept, Kept::Need(need) if wanted(need)));
        let loss = (level > keep.accept).then_some(Forbidden::Loss(level));
        loss.into_iter().chain(demanded.map(|(at, _)| Forbidden::Demand(at))).collect()
    }
}
