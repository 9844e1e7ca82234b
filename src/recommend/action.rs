//! Actions: what a rule proposes, where, and what is lost by it.

use super::edit::{Edit, apply_all};
use super::keep::Need;
use crate::domain::{LossLevel, Model};

/// What an action gives up, whatever else is done.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Loss {
    /// How much.
    pub level: LossLevel,
    /// The events or analyses given up, in words; what is still recorded elsewhere is not among them.
    pub what: Vec<String>,
    /// Detections that no longer work, such as `root login`.
    pub detections: Vec<String>,
}

impl Loss {
    /// Returns the loss of nothing.
    pub fn nothing() -> Self {
        Self::default()
    }

    /// Returns a loss of a level.
    pub fn of(level: LossLevel, what: &str) -> Self {
        Self { level, what: vec![what.to_owned()], detections: Vec::new() }
    }
}

/// How much work an action is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Effort {
    /// One command.
    Low,
    /// Some commands, and a look at who reads what is changed.
    Medium,
    /// A project.
    High,
}

impl Effort {
    /// Returns the word shown to people and machines.
    pub fn name(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
        }
    }
}

/// What an action changes.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Site {
    /// The kind of resource: `trail`, `bucket`, `log group`, `event data store`, `usage type`.
    pub kind: &'static str,
    /// Its name.
    pub name: String,
    /// The account it stands in, in words: an id, `every account`, `organization`; empty where nobody knows.
    pub account: String,
    /// The Region it stands in; empty where nobody knows.
    pub region: String,
}

/// One change that a rule proposes, at one resource or at several that are alike.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Action {
    /// The id of the rule.
    pub rule: &'static str,
    /// What to do, as an order without full stop: ``Delete the trail `audit-2` ``.
    pub title: String,
    /// Why, in one sentence.
    pub why: String,
    /// Where.
    pub sites: Vec<Site>,
    /// What changes.
    pub edits: Vec<Edit>,
    /// What is given up whatever else is done; events are counted apart, for they may be recorded elsewhere.
    pub loss: Loss,
    /// What of the demands of a compliance profile or of `[keep]` the action would break.
    pub breaks: Vec<Need>,
    /// How much work it is.
    pub effort: Effort,
    /// What else the reader should know.
    pub notes: Vec<String>,
    /// Actions of which at most one can be done have the same slot.
    pub slot: Option<String>,
    /// Whether it can only ever lower the cost: less is recorded, sent or kept.
    pub only_reduces: bool,
    /// Actions of equal kind may be shown as one; empty where an action stands alone.
    pub kind: String,
}

impl Action {
    /// Returns a model after this action alone.
    pub fn applied_to(&self, model: &Model) -> Model {
        apply_all(model, self.edits.iter())
    }
}

/// Something worth knowing that is no action, or has no price.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Advice {
    /// The id of the rule.
    pub rule: &'static str,
    /// What, in one sentence.
    pub what: String,
    /// Why, in one sentence.
    pub why: String,
}
