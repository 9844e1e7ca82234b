//! The answers, found again by what they are about, and what is made of them so far.

use super::unseen::Unseen;
use super::window::Window;
use crate::domain::{
    AccountId, Amount, AmountValue, Certainty, Evidence, Model, Provenance, ProvenanceKind, Quantity,
    RegionCode,
};
use crate::sources::aws::answers::{Answer, Answers, Asked, Data, MetricName, MetricSeries, Operation};
use crate::sources::scenario::Context;
use std::collections::{BTreeMap, BTreeSet};

/// Answers of one operation, with what was asked.
macro_rules! answered {
    ($reading:expr, $variant:ident) => {
        $reading.of(crate::sources::aws::answers::Operation::$variant).filter_map(|answer| {
            match &answer.outcome {
                Ok(crate::sources::aws::answers::Data::$variant(data)) => Some((&answer.asked, data)),
                _ => None,
            }
        })
    };
}
/// Answers of one operation about one thing.
macro_rules! answered_about {
    ($reading:expr, $variant:ident, $subject:expr) => {
        $reading.about(crate::sources::aws::answers::Operation::$variant, $subject).filter_map(|answer| {
            match &answer.outcome {
                Ok(crate::sources::aws::answers::Data::$variant(data)) => Some((&answer.asked, data)),
                _ => None,
            }
        })
    };
}
pub(super) use {answered, answered_about};

/// A trail of the inventory, with what is only known of it from AWS.
#[derive(Debug, Clone)]
pub(super) struct SeenTrail {
    /// The position in the inventory.
    pub(super) at: usize,
    pub(super) owner: AccountId,
    pub(super) region: RegionCode,
    pub(super) log_group_arn: Option<String>,
    pub(super) topic_arn: Option<String>,
    pub(super) prefix: Option<String>,
}

/// The way from answers to a model.
pub(super) struct Reading<'a> {
    pub(super) context: &'a Context<'a>,
    pub(super) window: Option<Window>,
    pub(super) model: Model,
    pub(super) evidence: Vec<Evidence>,
    pub(super) unseen: Unseen,
    pub(super) trails: Vec<SeenTrail>,
    pub(super) shadows: usize,
    /// Whether the answers are files put together by hand, which need not hold every one.
    pub(super) loose: bool,
    by_operation: BTreeMap<Operation, Vec<&'a Answer>>,
    by_subject: BTreeMap<(Operation, &'a str), Vec<&'a Answer>>,
    /// Series by namespace and metric, with where they were asked for.
    series: BTreeMap<(&'a str, &'a str), Vec<(&'a Asked, &'a MetricSeries)>>,
}

impl<'a> Reading<'a> {
    pub(super) fn new(
        answers: &'a Answers,
        context: &'a Context<'a>,
        window: Option<Window>,
        model: Model,
    ) -> Self {
        let mut by_operation: BTreeMap<Operation, Vec<&Answer>> = BTreeMap::new();
        let mut by_subject: BTreeMap<(Operation, &str), Vec<&Answer>> = BTreeMap::new();
        let mut series: BTreeMap<(&str, &str), Vec<(&Asked, &MetricSeries)>> = BTreeMap::new();
        for answer in &answers.answers {
            let operation = match &answer.outcome {
                Ok(data) => data.operation(),
                Err((operation, _)) => *operation,
            };
            by_operation.entry(operation).or_default().push(answer);
            by_subject.entry((operation, answer.asked.subject.as_str())).or_default().push(answer);
            if let Ok(Data::GetMetricData(statistics)) = &answer.outcome {
                for own in &statistics.series {
                    let key = (own.metric.namespace.as_str(), own.metric.metric_name.as_str());
                    series.entry(key).or_default().push((&answer.asked, own));
                }
            }
        }
        Self {
            context,
            window,
            model,
            evidence: Vec::new(),
            unseen: Unseen::default(),
            trails: Vec::new(),
            shadows: 0,
            loose: answers.taken_on.is_empty(),
            by_operation,
            by_subject,
            series,
        }
    }

    /// Returns every answer and refusal of an operation.
    pub(super) fn of(&self, operation: Operation) -> impl Iterator<Item = &'a Answer> + use<'a> {
        self.by_operation.get(&operation).cloned().unwrap_or_default().into_iter()
    }

    /// Returns those about one thing.
    pub(super) fn about(
        &self,
        operation: Operation,
        subject: &str,
    ) -> impl Iterator<Item = &'a Answer> + use<'a> {
        self.by_subject.get(&(operation, subject)).cloned().unwrap_or_default().into_iter()
    }

    /// Tells whether something was seen not to be there.
    pub(super) fn is_absent(&self, operation: Operation, subject: &str) -> bool {
        use crate::sources::aws::answers::RefusalKind;
        self.about(operation, subject)
            .any(|answer| matches!(&answer.outcome, Err((_, refusal)) if refusal.kind == RefusalKind::Absent))
    }

    /// Says what to do about an answer that is not there: allow its action, unless nobody asked for it. `more` says where.
    pub(super) fn remedy(&self, operation: Operation, more: &str) -> String {
        let action = crate::sources::aws::action(operation);
        let is_denied = |answer: &Answer| {
            use crate::sources::aws::answers::RefusalKind;
            matches!(&answer.outcome, Err((_, refusal)) if refusal.kind != RefusalKind::Absent)
        };
        if self.loose && !self.of(operation).any(is_denied) {
            return format!("add the answer of {action}: it is not in the recording");
        }
        let plural = if more.starts_with(" and ") { "s" } else { "" };
        format!("allow the IAM action{plural} {action}{more}")
    }

    /// Returns the series of a metric.
    pub(super) fn series(&self, namespace: &str, metric: &str) -> Vec<(&'a Asked, &'a MetricSeries)> {
        self.series.get(&(namespace, metric)).cloned().unwrap_or_default()
    }

    /// Returns the Region, if the tables know it; what is in another cannot be written into a scenario.
    pub(super) fn known_region(&mut self, code: &str, what: &str) -> Option<RegionCode> {
        if let Some(region) = self.context.regions.get(code) {
            return Some(region.code.clone());
        }
        let before = format!("the Region `{code}` is in no table; left out: ");
        self.unseen.add(
            crate::domain::GapKind::NotSeen,
            &before,
            what,
            "",
            "add the Region to a regions.csv given with --pricing",
        );
        None
    }

    pub(super) fn found(
        &mut self,
        what: impl Into<String>,
        value: impl Into<String>,
        how: impl Into<String>,
        certainty: Certainty,
    ) {
        self.evidence.push(Evidence { what: what.into(), value: value.into(), how: how.into(), certainty });
    }

    /// Notes that a default is used, and returns its value.
    pub(super) fn assume(&mut self, id: &str) -> String {
        let found = self.model.assumptions.iter_mut().find(|own| own.id == id);
        found.map_or_else(String::new, |own| {
            own.used = true;
            own.value.clone()
        })
    }

    /// Returns the accounts of which any answer of CloudTrail's came.
    pub(super) fn measured_accounts(&self) -> BTreeSet<AccountId> {
        [Operation::DescribeTrails, Operation::ListEventDataStores, Operation::ListTrails]
            .into_iter()
            .flat_map(|operation| self.of(operation))
            .filter(|answer| answer.outcome.is_ok())
            .filter_map(|answer| answer.asked.account.parse().ok())
            .collect()
    }
}

/// Returns the value of a metric's dimension.
pub(super) fn dimension<'m>(metric: &'m MetricName, name: &str) -> Option<&'m str> {
    metric.dimensions.iter().find(|own| own.name == name).map(|own| own.value.as_str())
}

/// Returns a measured amount.
pub(super) fn measured(quantity: Quantity) -> Amount {
    amount(AmountValue::Known(quantity))
}

/// Returns the statement that a number is unknown.
pub(super) fn unknown() -> Amount {
    amount(AmountValue::Unknown)
}

pub(super) fn amount(value: AmountValue) -> Amount {
    let place = crate::domain::Place::default();
    Amount { value, provenance: Provenance { kind: ProvenanceKind::Measured, place } }
}
