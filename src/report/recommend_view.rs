//! A plan of changes, as every format shows it.

use super::clean::visible;
use super::number::{currency_text, percent_text};
use super::recommend_words::{Scale, confidence, declined_reason, forbidden_reason, headline, seen};
use super::replay_view::ReplayView;
use super::view::ReportView;
use crate::domain::{Model, Money, Month};
use crate::recommend::{
    Action, Declined, Edit, Forbidden, GivenUp, Keep, OnTheTable, Plan, PlannedAction, Saving,
};
use rust_decimal::Decimal;

/// A plan with what it rests on.
#[derive(Clone, Copy)]
pub struct RecommendFacts<'a> {
    /// The plan.
    pub plan: &'a Plan,
    /// What it keeps.
    pub keep: &'a Keep,
    /// The model that it changes.
    pub model: &'a Model,
    /// Changes that save less in the average month are told in one line; they stay part of the plan, so
    /// that its saving is the same whatever is told of it.
    pub min_saving: Money,
    /// Today's estimate by component.
    pub before: &'a ReportView,
    /// The estimate after the plan by component.
    pub after: &'a ReportView,
}

/// What becomes of an action.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ActionStatus {
    /// It is part of the plan.
    Planned,
    /// A demand forbids it.
    OnTheTable,
    /// It saves nothing.
    NotAdvised,
}

impl ActionStatus {
    /// Returns the word used in JSON and CSV.
    pub fn name(self) -> &'static str {
        match self {
            Self::Planned => "planned",
            Self::OnTheTable => "on_the_table",
            Self::NotAdvised => "not_advised",
        }
    }
}

/// Where something is changed; harmless.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SiteView {
    /// The kind of resource.
    pub kind: &'static str,
    /// Its name.
    pub name: String,
    /// The account, in words.
    pub account: String,
    /// The Region.
    pub region: String,
}

impl SiteView {
    /// Says it in words: `trail baseline (111122223333, us-east-1)`.
    pub fn words(&self) -> String {
        let place: Vec<&str> =
            [self.account.as_str(), self.region.as_str()].into_iter().filter(|own| !own.is_empty()).collect();
        let place = if place.is_empty() { String::new() } else { format!(" ({})", place.join(", ")) };
        format!("{} {}{place}", self.kind, self.name)
    }
}

/// What is saved, in the periods that people ask for; exact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SavingView {
    /// The average month of the horizon, half-even at 10⁻²⁴.
    pub average_month: Money,
    /// Month by month.
    pub monthly: Vec<Money>,
    /// Year by year; the last one may be shorter.
    pub years: Vec<Money>,
    /// The whole horizon.
    pub total: Money,
    /// What is spent at most before the change has paid for itself.
    pub one_time: Money,
    /// The first month in which it has, where it does.
    pub pay_back: Option<Month>,
    /// Whether everything could be priced.
    pub complete: bool,
}

impl SavingView {
    fn new(saving: &Saving, months: &[Month]) -> Self {
        let count = u32::try_from(saving.monthly.len()).unwrap_or(u32::MAX);
        Self {
            average_month: saving.total.divided_by(count).unwrap_or_default(),
            monthly: saving.monthly.clone(),
            years: saving.years.clone(),
            total: saving.total,
            one_time: saving.one_time,
            pay_back: saving.pay_back.and_then(|at| months.get(at.checked_sub(1)?)).copied(),
            complete: !saving.incomplete,
        }
    }

    /// Returns the first twelve months, where there are as many.
    pub fn first_year(&self) -> Option<Money> {
        self.years.first().copied().filter(|_| self.monthly.len() >= 12)
    }

    /// Returns the first 36 months, where there are as many.
    pub fn three_years(&self) -> Option<Money> {
        let years = self.years.get(..3).filter(|_| self.monthly.len() >= 36)?;
        years.iter().try_fold(Money::ZERO, |sum, own| sum.checked_add(*own))
    }

    /// Tells whether every month saves the same.
    pub fn is_flat(&self) -> bool {
        self.monthly.iter().all(|own| Some(own) == self.monthly.first())
    }
}

/// One action: planned, on the table, or not advised; harmless.
#[derive(Debug, Clone)]
pub struct ActionRow {
    /// What becomes of it.
    pub status: ActionStatus,
    /// The id of the rule.
    pub rule: &'static str,
    /// What to do.
    pub title: String,
    /// Why.
    pub why: String,
    /// Where.
    pub sites: Vec<SiteView>,
    /// How much work it is.
    pub effort: &'static str,
    /// How much is given up.
    pub loss: &'static str,
    /// Of a planned action what it saves after those before it; of one on the table what it would save beside the plan; of
    /// one not advised what it saves alone.
    pub saving: SavingView,
    /// What a planned action saves alone.
    pub alone: Option<SavingView>,
    /// What the plan would save less without a planned action.
    pub in_plan: Option<SavingView>,
    /// What is given up.
    pub given_up: Vec<String>,
    /// Detections that rest on it.
    pub detections: Vec<String>,
    /// What else to know.
    pub notes: Vec<String>,
    /// Whether it saves too little to be told in lines of its own.
    pub is_small: bool,
    /// The folder with what applies and undoes it, once such is written.
    pub folder: Option<String>,
    /// Why it is not part of the plan, in one sentence; empty where it is.
    pub reason: String,
    /// Who forbids it; empty where nobody does.
    pub demanded_by: String,
    /// The position of another action on the table that does the same and more.
    pub included_in: Option<usize>,
}

impl ActionRow {
    fn new(action: &Action, status: ActionStatus, saving: SavingView, given_up: &GivenUp) -> Self {
        let clean = |texts: &[String]| texts.iter().map(|own| visible(own)).collect();
        Self {
            status,
            rule: action.rule,
            title: visible(&action.title),
            why: visible(&action.why),
            sites: action
                .sites
                .iter()
                .map(|own| SiteView {
                    kind: own.kind,
                    name: visible(&own.name),
                    account: visible(&own.account),
                    region: visible(&own.region),
                })
                .collect(),
            effort: action.effort.name(),
            loss: given_up.level.name(),
            is_small: false,
            saving,
            alone: None,
            in_plan: None,
            given_up: clean(&given_up.what),
            detections: clean(&given_up.detections),
            notes: clean(&action.notes),
            folder: None,
            reason: String::new(),
            demanded_by: String::new(),
            included_in: None,
        }
    }
}

/// Something worth knowing; harmless.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AdviceRow {
    /// The id of the rule.
    pub rule: &'static str,
    /// What.
    pub what: String,
    /// Why.
    pub why: String,
    /// Whether it says what not to do.
    pub is_against: bool,
}

/// A component before and after the plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ComponentRow {
    /// The component's id; empty for the total.
    pub id: String,
    /// The words shown.
    pub label: String,
    /// Today's cost over the horizon.
    pub before: Money,
    /// That after the plan.
    pub after: Money,
    /// Whether both are known in full.
    pub complete: bool,
}

/// A plan with the words around it.
#[derive(Clone)]
pub struct RecommendView<'a> {
    /// Today's estimate: name, months, prices, what is assumed and what is not known.
    pub estimate: &'a ReportView,
    /// The finding in one sentence.
    pub headline: String,
    /// Whether every month costs and saves the same.
    pub is_flat: bool,
    /// The average month today.
    pub before_month: Money,
    /// The average month after the plan.
    pub after_month: Money,
    /// Today's cost over the horizon.
    pub before: Money,
    /// That after the plan.
    pub after: Money,
    /// What the plan saves.
    pub saving: SavingView,
    /// Changes that save less in the average month are told in one line.
    pub min_saving: Money,
    /// The same in percent of today's cost, to a tenth.
    pub percent: Option<Decimal>,
    /// Whether everything could be priced.
    pub complete: bool,
    /// Whether no other set of changes is cheaper.
    pub is_proven: bool,
    /// How much a plan may give up.
    pub accepted_loss: &'static str,
    /// What is kept, and who says so; harmless.
    pub demands: Vec<(String, String)>,
    /// The plan, in order.
    pub planned: Vec<ActionRow>,
    /// What demands forbid, the dearest first.
    pub on_the_table: Vec<ActionRow>,
    /// What saves nothing.
    pub not_advised: Vec<ActionRow>,
    /// What is worth knowing.
    pub advice: Vec<AdviceRow>,
    /// Components that cost something on either side, the total last.
    pub components: Vec<ComponentRow>,
    /// How sure the savings are: `high`, `medium` or `low`.
    pub confidence: &'static str,
    /// Why, each as one sentence.
    pub confidence_reasons: Vec<String>,
    /// What the volumes are, and what the source of the scenario cannot show; each as one sentence.
    pub evidence: Vec<String>,
    /// What the plan keeps of the events of logs, where it was tried on them.
    pub replays: Vec<ReplayView>,
}

/// So many things that small changes give up are named.
const MOST_LOST: usize = 3;

impl<'a> RecommendView<'a> {
    /// Finds the words for a plan.
    pub fn new(facts: &RecommendFacts<'a>) -> Self {
        let (plan, estimate) = (facts.plan, facts.before);
        let months = &estimate.months[..];
        let saving = |own: &Saving| SavingView::new(own, months);
        let scale = Scale { symbol: &estimate.currency.symbol(), horizon: &estimate.horizon_words() };
        let complete = !plan.before.incomplete && !plan.after.incomplete;
        let average = |total: Money| {
            total.divided_by(u32::try_from(months.len()).unwrap_or(u32::MAX)).unwrap_or_default()
        };
        let flat = |monthly: &[Money]| monthly.iter().all(|own| Some(own) == monthly.first());
        let (confidence, confidence_reasons) = confidence(facts);
        let mut view = Self {
            estimate,
            headline: String::new(),
            is_flat: flat(&plan.before.monthly) && flat(&plan.after.monthly),
            before_month: average(plan.before.total),
            after_month: average(plan.after.total),
            before: plan.before.total,
            after: plan.after.total,
            saving: saving(&plan.saving),
            min_saving: facts.min_saving,
            percent: plan.saving.total.share_of(plan.before.total),
            complete,
            is_proven: plan.is_proven,
            accepted_loss: facts.keep.accept.name(),
            demands: facts.keep.demands.iter().map(|own| (visible(&own.what), visible(&own.by))).collect(),
            planned: plan.actions.iter().map(|own| planned(own, &saving)).collect(),
            on_the_table: plan
                .on_the_table
                .iter()
                .map(|own| on_the_table(own, facts.keep, &saving, scale))
                .collect(),
            not_advised: plan.declined.iter().map(|own| declined(own, &saving, scale)).collect(),
            advice: plan
                .advice
                .iter()
                .map(|own| AdviceRow {
                    rule: own.rule,
                    what: visible(&own.what),
                    why: visible(&own.why),
                    is_against: AGAINST.contains(&own.rule),
                })
                .collect(),
            components: components(facts.before, facts.after),
            confidence,
            confidence_reasons,
            evidence: seen(facts),
            replays: Vec::new(),
        };
        for row in view.planned.iter_mut().chain(&mut view.on_the_table) {
            row.is_small = is_small(row, facts.min_saving);
        }
        tell_of_included(&plan.on_the_table, &mut view.on_the_table);
        view.headline = headline(&view);
        view
    }

    /// Writes an amount with its currency.
    pub fn money(&self, amount: Money) -> String {
        currency_text(amount, &self.estimate.currency.symbol())
    }

    /// Writes what the plan saves in percent of today's cost.
    pub fn percent_text(&self) -> Option<String> {
        self.percent.map(|own| percent_text(own, self.saving.total.is_zero()))
    }

    /// Returns every action: planned, on the table, not advised.
    pub fn rows(&self) -> impl Iterator<Item = &ActionRow> {
        self.planned.iter().chain(&self.on_the_table).chain(&self.not_advised)
    }

    /// Says in one line what changes that are too small to be told one by one save, if there are such.
    ///
    /// What planned ones save adds up; what others would save does not.
    pub fn small_changes(&self, rows: &[ActionRow]) -> Option<String> {
        let small: Vec<&ActionRow> = rows.iter().filter(|own| own.is_small).collect();
        let is_planned = small.first()?.status == ActionStatus::Planned;
        let (changes, save, them) = match small.len() {
            1 => ("1 smaller change".to_owned(), "saves", "it"),
            count => (format!("{count} smaller changes"), "save", "them"),
        };
        let sum = small
            .iter()
            .try_fold(Money::ZERO, |sum, own| sum.checked_add(own.saving.average_month))
            .unwrap_or_default();
        let saved = match (is_planned, small.len()) {
            (true, 1) => format!("{save} {} a month", self.money(sum)),
            (true, _) => format!("{save} {} a month together", self.money(sum)),
            (false, 1) => format!("would save {} a month", self.money(sum)),
            (false, _) => format!("would save less than {} a month each", self.money(self.min_saving)),
        };
        let mut lost: Vec<&str> = Vec::new();
        for own in small.iter().filter(|_| is_planned).flat_map(|own| &own.given_up) {
            if !lost.contains(&own.as_str()) {
                lost.push(own);
            }
        }
        let lost = match lost.len() {
            0 => String::new(),
            1..=MOST_LOST => format!(", giving up {}", lost.join("; ")),
            more => format!(", giving up {}; and {} more", lost[..MOST_LOST].join("; "), more - MOST_LOST),
        };
        Some(format!("{changes} {saved}{lost} (--min-saving 0 shows {them})"))
    }

    /// Says whether a cheaper set is possible, in one sentence.
    pub fn proof(&self) -> Option<&'static str> {
        if self.planned.is_empty() {
            None
        } else if self.is_proven {
            Some("proven: no other set of these changes that keeps what must be kept is cheaper")
        } else {
            Some("the best set found: there are too many to prove that no other is cheaper")
        }
    }

    /// Says from which year on a saving has turned into more cost than today's, if it has when the horizon ends.
    pub fn turns(&self, saving: &SavingView) -> Option<String> {
        let last = saving.years.last().filter(|own| own.is_negative())?;
        let since = saving.years.iter().rposition(|own| !own.is_negative()).map_or(1, |at| at + 2);
        Some(format!(
            "costs more than today from year {since} on: {} in year {}; with a longer horizon it may not pay",
            self.money(last.negated()),
            saving.years.len()
        ))
    }

    /// Says what an action's one-time cost is and when it is paid back, if there is one.
    pub fn pay_back(&self, saving: &SavingView) -> Option<String> {
        if saving.one_time.is_zero() {
            return None;
        }
        let back = saving.pay_back.map_or_else(
            || format!("not paid back in {}", self.estimate.horizon_words()),
            |month| format!("paid back in {month}"),
        );
        Some(format!("costs {} first, {back}", self.money(saving.one_time)))
    }
}

/// Tells whether an action is not worth lines of its own.
fn is_small(row: &ActionRow, least: Money) -> bool {
    let below =
        |own: Money, least: Money| if own.is_negative() { own.negated() < least } else { own < least };
    // What saves at first and costs later may be little on average, and is much.
    let year = least.times(Decimal::from(12)).unwrap_or_default();
    below(row.saving.average_month, least)
        && row.saving.years.iter().all(|own| below(*own, year))
        && row.saving.complete
}

/// Says of changes on the table which other one there does the same and more: their savings are the same money.
fn tell_of_included(found: &[OnTheTable], rows: &mut [ActionRow]) {
    for (at, own) in found.iter().enumerate() {
        let larger = found.iter().enumerate().find(|(other, larger)| {
            *other != at
                && own
                    .action
                    .edits
                    .iter()
                    .all(|edit| larger.action.edits.iter().any(|more| includes(more, edit)))
                && own.action.edits != larger.action.edits
        });
        if let (Some((other, larger)), Some(row)) = (larger, rows.get_mut(at)) {
            let title = visible(&larger.action.title);
            row.notes.push(format!("a part of “{title}”: what both would save is the same money"));
            row.included_in = Some(other);
        }
    }
}

/// Tells whether a change turns off all Insights that another one does.
fn includes(more: &Edit, own: &Edit) -> bool {
    match (more, own) {
        (Edit::StopInsights(key, types), Edit::StopInsights(other, part)) => {
            key == other && part.is_subset(types)
        }
        _ => false,
    }
}

/// Rules whose advice says what not to do.
pub(super) const AGAINST: [&str; 2] = ["lifecycle", "gzip"];

fn planned(own: &PlannedAction, saving: &dyn Fn(&Saving) -> SavingView) -> ActionRow {
    let mut row = ActionRow::new(&own.action, ActionStatus::Planned, saving(&own.step), &own.given_up);
    row.alone = Some(saving(&own.alone));
    row.in_plan = Some(saving(&own.in_plan));
    row
}

fn on_the_table(
    own: &OnTheTable,
    keep: &Keep,
    saving: &dyn Fn(&Saving) -> SavingView,
    scale: Scale<'_>,
) -> ActionRow {
    let mut row = ActionRow::new(&own.action, ActionStatus::OnTheTable, saving(&own.price), &own.given_up);
    // What must be accepted is all that is given up.
    let forbidden = match &own.forbidden {
        Forbidden::Loss(level) => Forbidden::Loss((*level).max(own.given_up.level)),
        other => other.clone(),
    };
    (row.reason, row.demanded_by) = forbidden_reason(&forbidden, keep, &row, scale);
    row
}

fn declined(own: &Declined, saving: &dyn Fn(&Saving) -> SavingView, scale: Scale<'_>) -> ActionRow {
    let given_up = GivenUp::of(&own.action.loss);
    let mut row = ActionRow::new(&own.action, ActionStatus::NotAdvised, saving(&own.alone), &given_up);
    row.reason = declined_reason(row.rule, &row.saving, scale);
    row
}

fn components(before: &ReportView, after: &ReportView) -> Vec<ComponentRow> {
    let mut rows: Vec<ComponentRow> = before
        .rows
        .iter()
        .map(|own| ComponentRow {
            id: own.id.clone(),
            label: own.label.clone(),
            before: own.figures.total.contracted,
            after: Money::ZERO,
            complete: !own.figures.incomplete,
        })
        .collect();
    let mut place = 0;
    for own in &after.rows {
        match rows.iter_mut().find(|row| row.id == own.id) {
            Some(row) => {
                row.after = own.figures.total.contracted;
                row.complete &= !own.figures.incomplete;
            }
            // A component that only the plan has stands where the components after it are told.
            None => rows.insert(
                place,
                ComponentRow {
                    id: own.id.clone(),
                    label: own.label.clone(),
                    before: Money::ZERO,
                    after: own.figures.total.contracted,
                    complete: !own.figures.incomplete,
                },
            ),
        }
        place = rows.iter().position(|row| row.id == own.id).map_or(place, |at| at + 1);
    }
    rows.retain(|row| !row.complete || !row.before.is_zero() || !row.after.is_zero());
    rows.push(ComponentRow {
        id: String::new(),
        label: "Total".to_owned(),
        before: before.total.total.contracted,
        after: after.total.total.contracted,
        complete: before.is_complete() && after.is_complete(),
    });
    rows
}
