//! What was asked so far, and how many things are asked at once.

use super::progress::Progress;
use super::refused::Refused;
use super::session::Session;
use crate::sources::aws::answers::{Answer, Asked, Data, Operation, Refusal};
use crate::sources::aws::options::AskOptions;
use crate::sources::aws::policy::action;
use futures_util::StreamExt;
use futures_util::stream;
use std::cell::RefCell;

/// An account's session and a Region of it.
#[derive(Debug, Clone)]
pub(super) struct Place<'a> {
    pub(super) session: &'a Session,
    pub(super) region: String,
}

impl Place<'_> {
    pub(super) fn asked(&self, subject: &str) -> Asked {
        Asked {
            account: self.session.account.clone(),
            region: self.region.clone(),
            subject: subject.to_owned(),
        }
    }
}

/// The run so far.
pub(super) struct Asking<'a> {
    pub(super) options: &'a AskOptions,
    pub(super) progress: &'a dyn Progress,
    answers: RefCell<Vec<Answer>>,
}

impl<'a> Asking<'a> {
    pub(super) fn new(options: &'a AskOptions, progress: &'a dyn Progress) -> Self {
        Self { options, progress, answers: RefCell::default() }
    }

    /// Keeps what came back.
    pub(super) fn keep(&self, asked: Asked, data: Data) {
        self.answers.borrow_mut().push(Answer { asked, outcome: Ok(data) });
    }

    /// Keeps that nothing came back.
    pub(super) fn refuse(&self, asked: Asked, operation: Operation, refused: Refused) {
        let refusal =
            Refusal { kind: refused.kind, code: refused.code, action: action(operation).to_owned() };
        self.answers.borrow_mut().push(Answer { asked, outcome: Err((operation, refusal)) });
    }

    /// Keeps an outcome; returns what came back.
    pub(super) fn record<T: Clone>(
        &self,
        asked: Asked,
        operation: Operation,
        outcome: Result<T, Refused>,
        wrap: impl FnOnce(T) -> Data,
    ) -> Option<T> {
        match outcome {
            Ok(data) => {
                self.keep(asked, wrap(data.clone()));
                Some(data)
            }
            Err(refused) => {
                self.refuse(asked, operation, refused);
                None
            }
        }
    }

    /// Does a job for every part, at most as many at once as the options say; outcomes come in the order of the parts.
    pub(super) async fn each<P, T>(
        &self,
        what: &str,
        parts: impl IntoIterator<Item = P>,
        label: impl Fn(&P) -> (String, String, String),
        job: impl AsyncFn(P) -> T,
    ) -> Vec<T> {
        let parts: Vec<P> = parts.into_iter().collect();
        if parts.is_empty() {
            return Vec::new();
        }
        self.progress.step(what, parts.len());
        let (job, label) = (&job, &label);
        let jobs = parts.into_iter().enumerate().map(|(at, part)| async move {
            let (account, region, subject) = label(&part);
            self.progress.begin(&account, &region, &subject);
            let outcome = job(part).await;
            self.progress.end(&account, &region, &subject);
            (at, outcome)
        });
        let mut outcomes: Vec<(usize, T)> =
            stream::iter(jobs).buffer_unordered(self.options.concurrency.max(1)).collect().await;
        outcomes.sort_by_key(|(at, _)| *at);
        outcomes.into_iter().map(|(_, outcome)| outcome).collect()
    }

    /// Tells whether nothing but refusals came back since the first call.
    pub(super) fn denied_everything(&self) -> Option<Vec<String>> {
        let answers = self.answers.borrow();
        let told = |answer: &Answer| matches!(&answer.outcome, Ok(data) if data.operation() != Operation::GetCallerIdentity);
        if answers.iter().any(told) {
            return None;
        }
        let mut actions: Vec<String> = answers
            .iter()
            .filter_map(|answer| answer.outcome.as_ref().err())
            .map(|(_, refusal)| refusal.action.clone())
            .collect();
        actions.sort();
        actions.dedup();
        Some(actions)
    }

    /// Hands over everything kept, in an order that does not depend on who answered first.
    pub(super) fn take(&self) -> Vec<Answer> {
        let mut answers = std::mem::take(&mut *self.answers.borrow_mut());
        let operation = |answer: &Answer| match &answer.outcome {
            Ok(data) => data.operation(),
            Err((operation, _)) => *operation,
        };
        answers.sort_by(|one, two| {
            let key = |answer: &Answer| (answer.asked.account.clone(), answer.asked.region.clone());
            key(one)
                .cmp(&key(two))
                .then_with(|| operation(one).cmp(&operation(two)))
                .then_with(|| one.asked.subject.cmp(&two.asked.subject))
        });
        answers
    }
}
