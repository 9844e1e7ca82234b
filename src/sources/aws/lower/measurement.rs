//! The whole way from answers to a model.

use super::reading::Reading;
use super::window::Window;
use crate::domain::{Date, Evidence, GapKind, Horizon, Measured, Model, Month, Settings};
use crate::sources::aws::answers::{Answers, Operation, Refusal};
use crate::sources::scenario::Context;

/// The months of a measured scenario.
const MONTHS: u32 = 36;

/// What a run against AWS brought.
#[derive(Debug, Clone, PartialEq)]
pub struct Measurement {
    /// Configuration, volumes and gaps.
    pub model: Model,
    /// How each figure was come by, sorted by what it is of.
    pub evidence: Vec<Evidence>,
    /// How things are set that cost nothing, as far as it was seen.
    pub settings: Settings,
    /// The day of the run; `None` where a recording does not say.
    pub taken_on: Option<Date>,
    /// Whether the run was interrupted.
    pub partial: bool,
    /// What was read.
    pub read: ReadCount,
    /// Why nothing at all of CloudTrail's could be read, if so: the first refusal, or nothing where nothing was asked.
    pub nothing_read: Option<Option<Refusal>>,
}

/// How much was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ReadCount {
    /// Accounts.
    pub accounts: usize,
    /// Regions, of all accounts together.
    pub regions: usize,
    /// Views of trails from other Regions or accounts than their own, which are no trails.
    pub shadow_trails: usize,
    /// Answers, refusals among them.
    pub answers: usize,
}

/// Turns answers into a model.
///
/// Metrics of several days stand for a month by their daily mean × the days of the estimate's first month, which is the
/// one after the run. `as_of` is used where a recording does not say when it was made.
pub fn measure(answers: &Answers, context: &Context<'_>, as_of: Date) -> Measurement {
    let taken_on: Option<Date> = answers.taken_on.parse().ok();
    let month = taken_on.unwrap_or(as_of).month();
    let start = month.plus(1).unwrap_or(month);
    let window = match (answers.from.parse(), answers.to.parse()) {
        (Ok(from), Ok(to)) if from <= to => Some(Window { from, to, month_days: start.days() }),
        _ => None,
    };
    let model = empty(context, start, window);
    let mut reading = Reading::new(answers, context, window, model);
    for answer in &answers.answers {
        if let Err((operation, refusal)) = &answer.outcome {
            reading.unseen.refused(&answer.asked, *operation, refusal);
        }
    }
    if answers.partial {
        reading.unseen.add(
            GapKind::NotSeen,
            "the run was interrupted before everything was asked",
            "",
            "",
            "run it again to the end",
        );
    }
    reading.trails();
    reading.event_data_stores();
    reading.channels();
    reading.accounts();
    reading.buckets();
    reading.log_groups();
    reading.alarms();
    reading.topics();
    let billed = reading.billed();
    reading.management(&billed);
    reading.data_ceilings(&billed);
    reading.lake(&billed);
    reading.finish(answers, taken_on)
}

fn empty(context: &Context<'_>, start: Month, window: Option<Window>) -> Model {
    let horizon = Horizon { start, months: MONTHS };
    let measured = window.map(|own| Measured { from: own.from, to: own.to, by: "measure aws".to_owned() });
    let assumptions = context.defaults.figures().to_vec();
    Model { measured, ..Model::empty(String::new(), "AWS".to_owned(), horizon, assumptions) }
}

impl Reading<'_> {
    fn finish(mut self, answers: &Answers, taken_on: Option<Date>) -> Measurement {
        let accounts = self.measured_accounts();
        let described = || {
            [Operation::DescribeTrails, Operation::ListEventDataStores]
                .into_iter()
                .flat_map(|own| self.of(own))
        };
        let mut regions: Vec<(&str, &str)> = described()
            .filter(|answer| answer.outcome.is_ok())
            .map(|answer| (answer.asked.account.as_str(), answer.asked.region.as_str()))
            .collect();
        regions.sort_unstable();
        regions.dedup();
        let read = ReadCount {
            accounts: accounts.len(),
            regions: regions.len(),
            shadow_trails: self.shadows,
            answers: answers.answers.len(),
        };
        let cloudtrail = |operation: Operation| operation.name().0 == "cloudtrail";
        let anything = answers
            .answers
            .iter()
            .any(|answer| answer.outcome.as_ref().is_ok_and(|data| cloudtrail(data.operation())));
        let nothing_read = (!anything).then(|| {
            answers.answers.iter().find_map(|answer| match &answer.outcome {
                Err((_, refusal)) => Some(refusal.clone()),
                Ok(_) => None,
            })
        });
        self.model.name = match accounts.len() {
            0 | 1 => accounts
                .first()
                .or(self.model.inventory.accounts.first().map(|own| &own.id))
                .map_or_else(|| "Recorded trails".to_owned(), |id| format!("Account {id}")),
            count => format!("{count} accounts of the payer"),
        };
        let observations = &mut self.model.observations;
        observations
            .activities
            .sort_by(|one, two| (&one.account, &one.region).cmp(&(&two.account, &two.region)));
        observations.tell_others_apart();
        self.model.gaps = std::mem::take(&mut self.unseen).into_gaps();
        self.evidence.sort();
        self.evidence.dedup();
        let settings = self.settings();
        Measurement {
            settings,
            model: self.model,
            evidence: self.evidence,
            taken_on,
            partial: answers.partial,
            read,
            nothing_read,
        }
    }
}
