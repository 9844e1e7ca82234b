//! What a check of posture says, in words that every format shares.

use super::clean::visible;
use super::number::{currency_text, plural, signed_text};
use crate::domain::{Currency, Money};
use crate::posture::{
    AlertChain, ChainState, ControlResult, FixPrice, Mend, Origin, Posture, PracticeResult, ProfilePrice,
    Route, Severity, State,
};

/// Findings of one practice or control that are told.
pub(super) const MOST_FINDINGS: usize = 10;

/// What was checked, and what was found.
#[derive(Debug, Clone, Copy)]
pub struct PostureReport<'a> {
    /// What was checked: a scenario's name.
    pub subject: &'a str,
    /// The file or folder that findings are about, as it was named.
    pub file: &'a str,
    /// Where it is from.
    pub origin: Origin,
    /// The currency.
    pub currency: &'a Currency,
    /// From which severity on a failed practice gives the exit code 1.
    pub fail_on: Severity,
    /// What was found.
    pub posture: &'a Posture,
}

impl<'a> PostureReport<'a> {
    /// Tells whether a practice of the severity asked for, or above, is not followed. What a control demands of events and logs
    /// counts as high.
    pub fn is_failed(&self) -> bool {
        let demands = self.fail_on <= Severity::High && !self.failed_controls().is_empty();
        demands || self.posture.practices.iter().any(|own| own.fails_at(self.fail_on))
    }

    /// Returns the controls that fail by what they demand of events and logs.
    pub(super) fn failed_controls(&self) -> Vec<&'a ControlResult> {
        self.posture.controls.iter().filter(|own| own.demanded.state == State::Failed).collect()
    }

    /// Returns the controls that are not checked.
    pub(super) fn unchecked_controls(&self) -> Vec<&'a ControlResult> {
        let is_open = |own: &&ControlResult| matches!(own.state, State::NotKnown | State::NotCheckable);
        self.posture.controls.iter().filter(is_open).collect()
    }

    /// Says what it costs to meet what a control demands of events and logs.
    pub(super) fn control_price(&self, own: &ControlResult) -> String {
        match (&own.price, &own.demanded.mend) {
            (Some(price), _) => self.monthly(price),
            (None, Mend::Unpriced(why)) => format!("its price is not known: {why}"),
            (None, _) => "its price is not known".to_owned(),
        }
    }

    /// Says why a control is not checked, what meeting it would cost where that is known, and how to check it.
    pub(super) fn unchecked(&self, own: &ControlResult) -> String {
        let mut parts: Vec<String> = match own.demanded.state {
            State::NotKnown => own.demanded.findings.iter().take(MOST_FINDINGS).map(finding).collect(),
            _ => Vec::new(),
        };
        if let (State::NotKnown, Some(price)) = (own.demanded.state, &own.price) {
            parts.push(format!("to meet it in full {}", self.monthly(price)));
        }
        if parts.is_empty() && !own.practices.is_empty() {
            parts.push(format!("see {}", own.practices.join(", ")));
        }
        parts.push(format!("check it: {}", visible(&own.find_out)));
        parts.join("; ")
    }

    pub(super) fn of(&self, state: State) -> impl Iterator<Item = &'a PracticeResult> {
        self.posture.practices.iter().filter(move |own| own.outcome.state == state)
    }

    /// Returns the practices that are not followed, the worst first.
    pub(super) fn failed(&self) -> Vec<&'a PracticeResult> {
        let mut all: Vec<&PracticeResult> = self.of(State::Failed).collect();
        all.sort_by_key(|own| std::cmp::Reverse(own.doc.severity));
        all
    }

    /// Says what was found, in a sentence.
    pub(super) fn headline(&self) -> String {
        let mut parts = Vec::new();
        let mut part = |state, one: &str, many: &str| match self.of(state).count() {
            0 => {}
            some => parts.push(plural(some, one, many)),
        };
        part(State::Failed, "practice is not followed", "practices are not followed");
        part(State::NotKnown, "is not known", "are not known");
        part(State::NotCheckable, "cannot be checked here", "cannot be checked here");
        part(State::Passed, "is followed", "are followed");
        if parts.is_empty() {
            parts.push("no practice was checked".to_owned());
        }
        match self.failed_controls().len() {
            0 => {}
            some => {
                parts.push(plural(some, "demand of a control is not met", "demands of controls are not met"));
            }
        }
        match self.unchecked_controls().len() {
            0 => {}
            some => parts.push(plural(some, "control is not checked", "controls are not checked")),
        }
        parts.join(", ")
    }

    fn money(&self, own: Money) -> String {
        signed_text(currency_text(own, &self.currency.symbol()), own)
    }

    /// Says what something costs or saves in a month.
    pub(super) fn monthly(&self, own: &FixPrice) -> String {
        let amount = match (own.average_month.is_zero(), own.average_month.is_negative()) {
            (true, _) => "costs nothing".to_owned(),
            (_, true) => {
                format!("saves {} a month", currency_text(own.average_month.abs(), &self.currency.symbol()))
            }
            (_, false) => {
                format!("costs {} a month", currency_text(own.average_month, &self.currency.symbol()))
            }
        };
        if own.average_month.is_zero() && !own.complete {
            return "costs an amount that is not known: a volume or a price is missing".to_owned();
        }
        if own.complete { amount } else { format!("{amount}, as far as that is known") }
    }

    /// The same as a sentence of its own.
    pub(super) fn price_sentence(&self, own: &PracticeResult) -> String {
        let price = self.price(own);
        match price.strip_prefix("its ") {
            Some(rest) => format!("Its {rest}."),
            None => format!("It {price}."),
        }
    }

    /// Says what mending a practice costs.
    pub(super) fn price(&self, own: &PracticeResult) -> String {
        match (&own.price, &own.outcome.mend) {
            (Some(price), _) => self.monthly(price),
            (None, Mend::Unpriced(why)) => format!("its price is not known: {why}"),
            (None, _) => "its price is not known".to_owned(),
        }
    }

    /// Returns what a total says.
    pub(super) fn total(&self, own: &ProfilePrice) -> String {
        let (failed, demands) = (own.failed.len(), own.failed_controls.len());
        let mut rest = match own.not_known {
            0 => String::new(),
            some => format!("; {} not known, and not in it", plural(some, "practice is", "practices are")),
        };
        if own.controls_not_checked > 0 {
            let some = plural(own.controls_not_checked, "control is", "controls are");
            rest.push_str(&format!("; {some} not checked, and not in it"));
        }
        if failed + demands == 0 {
            return match (own.passed, own.controls_passed) {
                (0, 0) => format!("nothing was checked{rest}"),
                (_, 0) => format!("every practice that is known is followed{rest}"),
                (_, some) => {
                    format!(
                        "{} followed{rest}",
                        plural(some, "control that was checked is", "controls that were checked are")
                    )
                }
            };
        }
        let price =
            own.price.as_ref().map_or_else(|| "costs an unknown amount".to_owned(), |own| self.monthly(own));
        let over = own.price.as_ref().map(|price| {
            let months = plural(self.posture.months, "month", "months");
            format!(" ({} over {months})", self.money(price.total))
        });
        let without: Vec<String> = own
            .unpriced
            .iter()
            .map(|own| (*own).to_owned())
            .chain(own.unpriced_controls.iter().map(|own| format!("control {}", visible(own))))
            .collect();
        let unpriced = match without.len() {
            0 => String::new(),
            _ => format!("; without a price, and not in it: {}", without.join(", ")),
        };
        let practices = (failed > 0).then(|| plural(failed, "practice", "practices"));
        let controls = (demands > 0).then(|| {
            format!(
                "{} ({})",
                plural(demands, "control", "controls"),
                visible(&own.failed_controls.join(", "))
            )
        });
        let parts: Vec<String> = practices.into_iter().chain(controls).collect();
        format!("following {} more {price}{}{unpriced}{rest}", parts.join(" and "), over.unwrap_or_default())
    }
}

/// Says what was found of one thing: the thing, what was seen, and where.
pub(super) fn finding(own: &crate::posture::Finding) -> String {
    let subject = if own.subject.is_empty() { String::new() } else { format!("{}: ", visible(&own.subject)) };
    let place = own.place.as_ref().map(|own| format!(" ({})", visible(own))).unwrap_or_default();
    format!("{subject}{}{place}", visible(&own.evidence))
}

/// Returns the controls of a practice: `cis-aws-5.0.0 3.1, aws-fsbp CloudTrail.1`.
pub(super) fn controls(own: &PracticeResult) -> String {
    own.controls.iter().map(|(profile, id, _)| format!("{profile} {id}")).collect::<Vec<_>>().join(", ")
}

/// Kinds of hops that are there where they are named, and set otherwise than they should be.
const SET_OTHERWISE: [&str; 2] = ["filter pattern", "alarm threshold"];

/// Says how far a chain goes.
pub(super) fn chain(own: &AlertChain) -> String {
    match (own.state, own.gap()) {
        (ChainState::Complete, _) | (_, None) => {
            let by = match own.route {
                Route::MetricFilter => "by an alarm",
                Route::EventRule => "by EventBridge",
            };
            format!("somebody is told {by}")
        }
        (ChainState::Incomplete, Some(hop)) => {
            // What is there and set otherwise is not missing.
            let word = if SET_OTHERWISE.contains(&hop.kind) { "wrong" } else { "missing" };
            format!("{} {word}: {}{}", hop.kind, visible(&hop.what), own.places())
        }
        (ChainState::NotKnown, Some(hop)) => {
            format!("{} not known: {}{}", hop.kind, visible(&hop.what), own.places())
        }
    }
}

/// Says how long a chain takes as far as AWS documents it; empty for one that is not complete or nothing is documented of.
pub(super) fn delay(own: &AlertChain) -> String {
    if own.state == ChainState::Incomplete {
        return String::new();
    }
    let documented = match own.documented_seconds {
        0 => "no delay is documented".to_owned(),
        seconds if seconds % 60 == 0 => format!("about {} min as documented", seconds / 60),
        seconds => format!("about {seconds} s as documented"),
    };
    match own.undocumented.len() {
        0 => documented,
        _ => format!("{documented}, beside {}", own.undocumented.join(" and ")),
    }
}
