//! The sentences of a plan.

use super::clean::visible;
use super::number::{currency_text, plural};
use super::recommend_view::{ActionRow, RecommendFacts, RecommendView, SavingView};
use crate::domain::{AmountValue, GapKind, Money, ProvenanceKind, list_names};
use crate::recommend::{Forbidden, Keep, Kept};

/// What amounts are written with.
#[derive(Debug, Clone, Copy)]
pub(super) struct Scale<'a> {
    pub(super) symbol: &'a str,
    /// The words for the whole horizon.
    pub(super) horizon: &'a str,
}

impl Scale<'_> {
    fn money(self, amount: Money) -> String {
        currency_text(amount, self.symbol)
    }

    /// Writes what is saved in a year, or in the horizon where it is shorter than a year.
    fn year(self, saving: &SavingView) -> String {
        if saving.monthly.len() < 12 {
            return format!("{} in {}", self.money(saving.total), self.horizon);
        }
        let average = saving.average_month.times(rust_decimal::Decimal::from(12)).unwrap_or_default();
        let words = if saving.is_flat() { "a year" } else { "a year on average" };
        format!("{} {words}", self.money(average))
    }
}

/// Says what the plan makes of the cost.
pub(super) fn headline(view: &RecommendView<'_>) -> String {
    let money = |amount: Money| view.money(amount);
    let known = if view.complete { "" } else { "Of what is known: " };
    let average = if view.is_flat { "" } else { " on average" };
    if view.planned.is_empty() {
        let more = if view.on_the_table.is_empty() {
            ""
        } else {
            "; what would lower it is forbidden, and stands below with the price of keeping it"
        };
        if view.before.is_zero() {
            let nothing = if view.complete { "Nothing is charged" } else { "Nothing is known to be charged" };
            return format!("{nothing}, so that there is nothing to save");
        }
        return format!(
            "{known}{}othing to change: no change that keeps what must be kept lowers the {} a month{average}{more}",
            if known.is_empty() { "N" } else { "n" },
            money(view.before_month)
        );
    }
    let actions = match view.planned.len() {
        1 => "1 action".to_owned(),
        count => format!("{count} actions"),
    };
    let mut saved = vec![format!("{} a month", money(view.saving.average_month))];
    if let Some(year) = view.saving.first_year() {
        let words = if view.saving.is_flat() { "a year" } else { "in the first year" };
        saved.push(format!("{} {words}", money(year)));
    }
    if let Some(three) = view.saving.three_years().filter(|_| view.saving.monthly.len() > 36) {
        saved.push(format!("{} in the first 3 years", money(three)));
    }
    if view.saving.monthly.len() > 1 && view.saving.monthly.len() != 12 {
        saved.push(format!("{} in {}", money(view.saving.total), view.estimate.horizon_words()));
    }
    let percent = view.percent_text().map(|own| format!(" ({own})")).unwrap_or_default();
    format!(
        "{known}{} a month{average} now, {} after {actions}: saves {}{percent}",
        money(view.before_month),
        money(view.after_month),
        saved.join(", ")
    )
}

/// Says what a demand costs, and who makes it.
pub(super) fn forbidden_reason(
    forbidden: &Forbidden,
    keep: &Keep,
    row: &ActionRow,
    scale: Scale<'_>,
) -> (String, String) {
    let price = &row.saving;
    let (kept, by) = match forbidden {
        Forbidden::ManagementUnrecorded => (
            keeping(row),
            "the rule that every class of management event stays recorded by a trail in every Region"
                .to_owned(),
        ),
        Forbidden::Loss(level) => (
            keeping(row),
            format!(
                "the accepted loss: {} is accepted, this one is {} (--accept-loss {} allows it)",
                keep.accept.name(),
                level.name(),
                level.name()
            ),
        ),
        Forbidden::Demand(at) => match keep.demands.get(*at) {
            Some(demand) if matches!(demand.kept, Kept::Events(_)) => {
                (keeping(row), format!("{}: {}", visible(&demand.by), visible(&demand.what)))
            }
            Some(demand) => (format!("keeping {}", visible(&demand.what)), visible(&demand.by)),
            None => ("keeping it".to_owned(), "a demand".to_owned()),
        },
        Forbidden::Retention => {
            let by: Vec<String> = keep
                .demands
                .iter()
                .filter(|own| matches!(own.kept, Kept::Retention(_) | Kept::ReadableWithin(..)))
                .map(|own| format!("{} ({})", visible(&own.by), visible(&own.what)))
                .collect();
            let by = if by.is_empty() { "a demand on retention".to_owned() } else { by.join(", ") };
            ("keeping logs as demanded".to_owned(), format!("{by}: no other bucket would keep them so"))
        }
    };
    let known = if price.complete { "" } else { ", as far as it is known" };
    (format!("{kept} costs {}{known}", scale.year(price)), by)
}

/// Says what is kept by not doing something, and where.
fn keeping(row: &ActionRow) -> String {
    let Some(kept) = kept_words(row.rule) else {
        return "keeping it".to_owned();
    };
    match &row.sites[..] {
        [] => "keeping it".to_owned(),
        [one] => format!("{kept} the {} `{}`", one.kind, one.name),
        [one, rest @ ..] => format!("{kept} the {} `{}` and {} like it", one.kind, one.name, rest.len()),
    }
}

/// Returns the words for not doing what a rule proposes, before the name of what it would change.
fn kept_words(rule: &str) -> Option<&'static str> {
    Some(match rule {
        "duplicate-management-copies" | "replicate-instead-of-trail" => "keeping",
        "extra-trail-data-only" => "keeping management events on",
        "data-events-on-one-trail" => "keeping the second copy of data events on",
        "insights-on-one-trail" | "insights-off" => "keeping Insights on",
        "insights-one-type" => "keeping this type of Insights on",
        "log-buckets-in-data-events" => "keeping data events of log buckets on",
        "exclude-kms-rds" => "keeping these events on",
        "write-only-copy" => "keeping events that only read on",
        "data-events-outside-production" => "keeping data events outside production on",
        "data-events-write-only" => "keeping data events that only read on",
        "selective-data-events" => "keeping these data events on",
        "event-aggregation" => "keeping aggregated events of",
        "sns-per-file" => "keeping a notice of each file by",
        "log-group-left-out" => "keeping CloudWatch Logs for",
        "log-group-retention" => "keeping events this long in",
        "log-group-infrequent-access" => "keeping the Standard class of",
        "lifecycle" => "keeping logs so fast to read in",
        "lake-selectors" => "keeping events that only read in",
        "lake-leave" => "going on with",
        "lake-option" => "keeping the pricing of",
        "lake-retention" => "keeping data this long in",
        "billed-insights" => "keeping Insights where the bill shows them,",
        "billed-copies" => "keeping the further copies where the bill shows them,",
        "bucket-key" => "keeping the Bucket Key off at",
        _ => return None,
    })
}

/// Rules whose actions save nothing of CloudTrail where the copy is the free first one.
const ON_A_PAID_COPY: [&str; 2] = ["exclude-kms-rds", "write-only-copy"];

/// Says why an action that saves nothing is not advised.
pub(super) fn declined_reason(rule: &str, alone: &SavingView, scale: Scale<'_>) -> String {
    if alone.total.is_negative() {
        let more = scale.money(alone.total.negated());
        let month = scale.money(alone.average_month.negated());
        let average = if alone.is_flat() { "" } else { " on average" };
        let known = if alone.complete { "" } else { ", as far as it is known" };
        return format!("would cost {more} more in {}, {month} a month{average}{known}", scale.horizon);
    }
    let nothing = format!("saves {}0", scale.symbol);
    if ON_A_PAID_COPY.contains(&rule) {
        format!("{nothing}: the first copy of management events is free")
    } else if alone.complete {
        format!("{nothing}: nothing that is charged would change")
    } else {
        format!("{nothing} of what is known: some volumes or prices are unknown")
    }
}

/// Numbers of quantities by how they were come by.
#[derive(Default)]
struct Counted {
    measured: usize,
    declared: usize,
    other: usize,
    ranges: usize,
    unknown: usize,
}

impl Counted {
    fn new(facts: &RecommendFacts<'_>) -> Self {
        let mut counted = Self::default();
        let observed = &facts.model.observations;
        let activities = observed.activities.iter().flat_map(|own| &own.counts).map(|own| &own.amount);
        for amount in activities.chain(observed.volumes.iter().map(|own| &own.amount)) {
            match amount.provenance.kind {
                ProvenanceKind::Measured => counted.measured += 1,
                ProvenanceKind::Declared => counted.declared += 1,
                ProvenanceKind::Assumed | ProvenanceKind::Derived => counted.other += 1,
            }
            match amount.value {
                AmountValue::Known(_) => {}
                AmountValue::Range(_) => counted.ranges += 1,
                AmountValue::Unknown => counted.unknown += 1,
            }
        }
        counted
    }
}

/// Tells how sure the savings are, and why.
pub(super) fn confidence(facts: &RecommendFacts<'_>) -> (&'static str, Vec<String>) {
    let counted = Counted::new(facts);
    let view = facts.before;
    let mut low = Vec::new();
    let mut medium = Vec::new();
    if !view.missing_prices.is_empty() {
        low.push(format!(
            "{} missing: what they stand for is not in the figures",
            plural(view.missing_prices.len(), "price is", "prices are")
        ));
    }
    if !view.unknown.is_empty() || counted.unknown > 0 {
        low.push("some volumes are unknown: what they cost is not in the figures".to_owned());
    }
    let not_seen: Vec<String> =
        view.gaps.iter().filter(|own| own.kind == GapKind::NotSeen).map(|own| own.what.clone()).collect();
    if !not_seen.is_empty() {
        low.push(format!(
            "not everything could be seen, so that what repeats it or needs it is not known: {}",
            list_names(&not_seen)
        ));
    }
    if is_a_bill(facts) {
        low.push("a bill does not show what is configured".to_owned());
    }
    if counted.declared > 0 && counted.measured == 0 {
        medium.push("the volumes are declared, not measured".to_owned());
    } else if counted.declared > 0 {
        medium
            .push(format!("{} declared, not measured", plural(counted.declared, "volume is", "volumes are")));
    }
    if counted.other > 0 {
        medium.push(format!("{} assumed", plural(counted.other, "volume is", "volumes are")));
    }
    if counted.ranges > 0 {
        medium.push(format!(
            "{}: the likely figure is used",
            plural(counted.ranges, "volume is a range", "volumes are ranges")
        ));
    }
    if !view.assumed.is_empty() {
        medium.push(format!("{} assumed (below)", plural(view.assumed.len(), "figure is", "figures are")));
    }
    match (low.is_empty(), medium.is_empty()) {
        (false, _) => ("low", [low, medium].concat()),
        (true, false) => ("medium", medium),
        (true, true) => ("high", vec!["every volume is measured and nothing is assumed".to_owned()]),
    }
}

fn is_a_bill(facts: &RecommendFacts<'_>) -> bool {
    facts.model.measured.as_ref().is_some_and(|own| own.by == "measure bill")
}

/// Says what the volumes are, and what their source cannot show.
pub(super) fn seen(facts: &RecommendFacts<'_>) -> Vec<String> {
    let counted = Counted::new(facts);
    let mut lines = Vec::new();
    match &facts.before.measured {
        Some(measured) => lines.push(format!("volumes {}", measured.words())),
        None if counted.declared > 0 => lines.push("volumes as the scenario states them".to_owned()),
        None => {}
    }
    if is_a_bill(facts) {
        lines.push(
            "the bill shows how many copies of management events are charged, not which trails make them, what their \
             selectors record, or where the logs are kept: `trailcost measure aws` shows these"
                .to_owned(),
        );
        lines.push(
            "data events, Insights and Lake stand on the bill without the trail or event data store that causes them, so \
             that no change of a selector can be priced from it"
                .to_owned(),
        );
    } else if facts.model.inventory.trails.is_empty() && facts.model.inventory.event_data_stores.is_empty() {
        lines.push(
            "the scenario states volumes as on a bill and no trails: which trail makes a copy, and what its selectors record, \
             is not known"
                .to_owned(),
        );
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::super::recommend_charts::done_words;
    use super::super::recommend_view::AGAINST;
    use super::*;

    /// Rules that only advise: they have no action that could be forbidden or drawn.
    const ADVICE_ONLY: [&str; 2] = ["athena-scans", "gzip"];

    #[test]
    fn every_rule_has_its_words() {
        let ids: Vec<&str> = crate::recommend::rules().iter().map(|own| own.id).collect();
        for id in ids.iter().filter(|own| !ADVICE_ONLY.contains(own)) {
            assert!(kept_words(id).is_some(), "{id} has no words for not doing it");
            assert!(done_words(id).is_some(), "{id} has no words for the chart");
        }
        for own in AGAINST.iter().chain(&ON_A_PAID_COPY).chain(&ADVICE_ONLY) {
            assert!(ids.contains(own), "{own} is no rule");
        }
    }
}
