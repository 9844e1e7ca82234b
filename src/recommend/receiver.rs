//! What logs are delivered to, and what forbids that it receives less.

use super::keep::{Forbidden, Keep, Kept, Need};
use crate::domain::{LossLevel, Model, Trail};

/// What logs are delivered to.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Receiver {
    LogGroup(String),
    /// Directly, or as copies of what another bucket receives.
    Bucket(String),
}

/// Returns where a trail's logs arrive.
pub(super) fn receivers<'a>(model: &'a Model, trail: &'a Trail) -> impl Iterator<Item = Receiver> + 'a {
    let group = trail.delivery.log_group.iter().cloned().map(Receiver::LogGroup);
    let own = trail.delivery.bucket.iter();
    let buckets = own.flat_map(|name| {
        let copies = model.inventory.buckets.iter().filter(move |bucket| bucket.name == *name);
        let copies = copies.flat_map(|bucket| &bucket.replicas).map(|own| own.bucket.clone());
        std::iter::once(name.clone()).chain(copies)
    });
    group.chain(buckets.map(Receiver::Bucket))
}

/// Returns what forbids that a log group or bucket receives less.
pub(super) fn forbids_less(receiver: &Receiver, model: &Model, keep: &Keep) -> Vec<Forbidden> {
    let (level, wanted): (_, Box<dyn Fn(&Need) -> bool>) = match receiver {
        Receiver::LogGroup(name) => {
            let group = model.inventory.log_groups.iter().find(|own| own.name == *name);
            let is_watched = group.is_some_and(|own| !own.metric_filters.is_empty());
            let level = if is_watched { LossLevel::High } else { LossLevel::Low };
            (level, Box::new(|need| matches!(need, Need::CloudWatchLogs | Need::LogRetention(_))))
        }
        Receiver::Bucket(name) => {
            let is_read = model.inventory.readers.iter().any(|own| own.bucket.as_ref() == Some(name));
            let level = if is_read { LossLevel::Medium } else { LossLevel::None };
            (level, Box::new(move |need| *need == Need::Bucket(name.clone())))
        }
    };
    let demands = keep.demands.iter().enumerate();
    let demanded = demands.filter(|(_, own)| matches!(&own.kept, Kept::Need(need) if wanted(need)));
    let loss = (level > keep.accept).then_some(Forbidden::Loss(level));
    loss.into_iter().chain(demanded.map(|(at, _)| Forbidden::Demand(at))).collect()
}
