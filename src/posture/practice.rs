//! What a practice is, and what can be found of it.

use super::change::Change;
use super::inspected::Inspected;
use crate::domain::{ComplianceProfile, TrailSetting};
use crate::recommend::{RecommendError, Source};

/// How bad it is not to follow a practice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// It costs, or makes work harder.
    Low,
    /// Something may go unseen, or be lost.
    Medium,
    /// Logs can be read, changed or missed by those whom they are about.
    High,
    /// Logs are open to anybody, or nobody is told of the worst.
    Critical,
}

impl Severity {
    /// Every severity, by rising weight.
    pub const ALL: [Self; 4] = [Self::Low, Self::Medium, Self::High, Self::Critical];

    /// Returns the word used on the command line and in every format.
    pub fn name(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
            Self::Critical => "critical",
        }
    }
}

/// Which of the lists a practice stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct List {
    /// How the list of best practices names it; empty where it does not.
    pub best: &'static str,
    /// How the list of worst practices names its opposite; empty where it does not.
    pub worst: &'static str,
}

/// A control of a framework that a practice meets, beside those that profiles tell by their settings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Control {
    /// The profile's id, such as `aws-fsbp`.
    pub profile: &'static str,
    /// The control's number there.
    pub id: &'static str,
    /// Where it can be read.
    pub source: &'static str,
}

/// What the reference says of a practice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PracticeDoc {
    /// The id: lower case with hyphens.
    pub id: &'static str,
    /// The practice, as an order.
    pub title: &'static str,
    /// How bad it is not to follow it.
    pub severity: Severity,
    /// Where it is listed.
    pub list: List,
    /// What is looked at, and when it fails.
    pub looks_at: &'static str,
    /// Why it matters.
    pub why: &'static str,
    /// What to do.
    pub fix: &'static str,
    /// The AWS CLI command, or another one, that mends or shows it; empty where there is none.
    pub command: &'static str,
    /// The Terraform argument that mends it; empty where there is none.
    pub terraform: &'static str,
    /// What the fix costs, in words: what is changed in the model for the price.
    pub price: &'static str,
    /// How to find out where it is not known.
    pub find_out: &'static str,
    /// The setting that profiles ask of trails, if it is one.
    pub setting: Option<TrailSetting>,
    /// Controls beside those.
    pub controls: &'static [Control],
    /// Where all this is written.
    pub sources: &'static [Source],
}

/// Something that does not follow a practice.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Finding {
    /// What it is: ``the trail `audit` ``. Names are from outside.
    pub subject: String,
    /// The file and line, where known.
    pub place: Option<String>,
    /// What was seen, in a sentence without full stop.
    pub evidence: String,
}

/// What was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum State {
    /// It does not apply here.
    NotApplicable,
    /// It is followed.
    Passed,
    /// This kind of source cannot show it.
    NotCheckable,
    /// Nobody knows yet.
    NotKnown,
    /// It is not followed.
    Failed,
}

impl State {
    /// Returns the word used in every format.
    pub fn name(self) -> &'static str {
        match self {
            Self::NotApplicable => "not applicable",
            Self::Passed => "passed",
            Self::NotCheckable => "not checkable",
            Self::NotKnown => "not known",
            Self::Failed => "failed",
        }
    }
}

/// What mends what was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Mend {
    /// Something that is not charged for.
    Free,
    /// Changes of the model.
    Changes(Vec<Change>),
    /// Something that cannot be priced, and why.
    Unpriced(String),
}

/// What was found of a practice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// What was found.
    pub state: State,
    /// Each thing that does not follow it, or is not known; or one that says why it passes or cannot be checked.
    pub findings: Vec<Finding>,
    /// What mends it, where it fails.
    pub mend: Mend,
}

impl Outcome {
    /// Something that is told in one sentence.
    pub(super) fn told(state: State, evidence: impl Into<String>) -> Self {
        let finding = Finding { subject: String::new(), place: None, evidence: evidence.into() };
        Self { state, findings: vec![finding], mend: Mend::Free }
    }
}

/// Collects what is found of several things.
#[derive(Debug, Default)]
pub(super) struct Collected {
    good: usize,
    unknown: Vec<Finding>,
    failed: Vec<Finding>,
    changes: Vec<Change>,
    /// Changes that would meet what is not known.
    open_changes: Vec<Change>,
    unpriced: Option<String>,
}

impl Collected {
    /// Takes what is known of one thing: whether it follows the practice, if anybody knows.
    pub(super) fn take(&mut self, follows: Option<bool>, finding: Finding) {
        match follows {
            Some(true) => self.good += 1,
            Some(false) => self.failed.push(finding),
            None => self.unknown.push(finding),
        }
    }

    /// Adds a change that mends something.
    pub(super) fn mend(&mut self, change: Change) {
        self.changes.push(change);
    }

    /// Adds a change that would meet what is not known.
    pub(super) fn mend_open(&mut self, change: Change) {
        self.open_changes.push(change);
    }

    /// Says why the fix has no price.
    pub(super) fn unpriced(&mut self, why: &str) {
        self.unpriced = Some(why.to_owned());
    }

    /// The same as [`Self::outcome`], with the changes that would meet what is not known too.
    pub(super) fn outcome_with_changes(self, passes: &str) -> Outcome {
        let changes = self.open_changes.clone();
        let own = self.outcome(passes);
        match own.state {
            State::NotKnown if !changes.is_empty() => Outcome { mend: Mend::Changes(changes), ..own },
            _ => own,
        }
    }

    /// One that fails decides, then one that is not known.
    pub(super) fn outcome(self, passes: &str) -> Outcome {
        let mend = match (self.unpriced, self.changes) {
            (Some(why), _) => Mend::Unpriced(why),
            (None, changes) if changes.is_empty() => Mend::Free,
            (None, changes) => Mend::Changes(changes),
        };
        if !self.failed.is_empty() {
            let mut findings = self.failed;
            findings.sort();
            return Outcome { state: State::Failed, findings, mend };
        }
        if !self.unknown.is_empty() {
            let mut findings = self.unknown;
            findings.sort();
            return Outcome { state: State::NotKnown, findings, mend: Mend::Free };
        }
        Outcome::told(State::Passed, passes)
    }
}

/// How a practice looks at what is configured.
pub(super) type Look = fn(&Inspected<'_>) -> Result<Outcome, RecommendError>;

/// A practice.
pub(super) struct Practice {
    pub(super) doc: PracticeDoc,
    pub(super) look: Look,
}

/// Returns the controls of profiles that a practice meets, each with the profile's id, its number, and where it can be read:
/// those that ask for its setting, and those that the practice names itself.
pub fn controls_of(doc: &PracticeDoc, profiles: &[ComplianceProfile]) -> Vec<(String, String, String)> {
    let mut all = Vec::new();
    for profile in profiles {
        for own in &profile.controls {
            let asks = doc.setting.is_some_and(|setting| {
                own.settings.contains(&setting)
                    || (setting == TrailSetting::CloudWatchLogs && own.keep.cloudwatch_logs)
            });
            if asks {
                all.push((profile.id.clone(), own.id.clone(), own.source.clone()));
            }
        }
        let named = doc.controls.iter().filter(|own| own.profile == profile.id);
        all.extend(named.map(|own| (profile.id.clone(), own.id.to_owned(), own.source.to_owned())));
    }
    all.dedup();
    all
}
