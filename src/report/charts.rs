//! Which charts an estimate gets, and what each of them finds.

use super::chart::{
    Caption, Colour, ComponentGroup, DifferenceBar, DifferenceBars, HorizontalBar, HorizontalBars,
    MonthNames, MonthlyLines, Series, StackedBars, headline_money, share,
};
use super::clean::visible;
use super::compare_view::{CompareView, Comparison};
use super::logs_charts::logs_charts;
use super::view::{Facts, GroupBy, ReportView, Row};
use crate::costing::{ComponentCost, Cost};
use crate::domain::{Component, GapKind, Money, Month};

/// A chart under the name of its files.
#[derive(Debug, Clone)]
pub struct NamedChart {
    /// The file name without extension.
    pub name: &'static str,
    /// The chart as SVG.
    pub svg: String,
}

/// So many components are named in a chart; the others become one.
const NAMED: usize = 5;
/// So many accounts are named in a chart.
const NAMED_ACCOUNTS: usize = 10;

/// Draws the charts of an estimate: by year, by month, by component, by account, the chain, and where there is something
/// to see what is stored, the range of each month and what moves the total.
pub fn estimate_charts(facts: &Facts<'_>, view: &ReportView) -> Vec<NamedChart> {
    let parts = Parts::new(facts);
    let accounts = ReportView::new(facts, GroupBy::Account);
    let mut charts = vec![
        by_year(facts, view, &parts),
        by_month(facts, view, &parts),
        by_component(facts, view),
        by_account(view, &accounts),
    ];
    charts.extend(logs_charts(facts, view));
    charts
}

/// The components that a chart names, biggest first, and the rest.
pub(super) struct Parts<'a> {
    pub(super) named: Vec<&'a ComponentCost>,
    pub(super) rest: Vec<&'a ComponentCost>,
}

impl<'a> Parts<'a> {
    pub(super) fn new(facts: &Facts<'a>) -> Self {
        let mut named: Vec<&ComponentCost> =
            facts.estimate.components.iter().filter(|own| !own.figures.total.contracted.is_zero()).collect();
        named.sort_by_key(|own| std::cmp::Reverse(own.figures.total.contracted));
        // One component alone is named rather than called "other".
        let keep = if named.len() == NAMED + 1 { NAMED + 1 } else { NAMED };
        let rest = named.split_off(named.len().min(keep));
        Self { named, rest }
    }

    fn series(&self, pick: &dyn Fn(&ComponentCost) -> Vec<Cost>) -> Vec<Series> {
        let mut seen: Vec<ComponentGroup> = Vec::new();
        let mut series: Vec<Series> = self
            .named
            .iter()
            .map(|own| {
                let group = group_of(own.component);
                let nth = seen.iter().filter(|before| **before == group).count();
                seen.push(group);
                Series {
                    label: own.component.label().to_owned(),
                    colour: group.colour().lighter(nth),
                    values: pick(own).iter().map(|cost| cost.contracted.rounded()).collect(),
                }
            })
            .collect();
        if !self.rest.is_empty() {
            let mut sums: Vec<Money> = Vec::new();
            for own in &self.rest {
                let costs = pick(own);
                sums.resize(costs.len(), Money::ZERO);
                for (sum, cost) in sums.iter_mut().zip(costs) {
                    *sum = sum.checked_add(cost.contracted).unwrap_or(*sum);
                }
            }
            series.push(Series {
                label: format!("{} others", self.rest.len()),
                colour: ComponentGroup::Other.colour(),
                values: sums.into_iter().map(Money::rounded).collect(),
            });
        }
        series
    }
}

pub(super) fn group_of(component: Component) -> ComponentGroup {
    match component {
        Component::ManagementCopies => ComponentGroup::ManagementCopies,
        Component::DataEventsS3
        | Component::DataEventsLambda
        | Component::DataEventsOther
        | Component::Aggregation => ComponentGroup::DataEvents,
        Component::NetworkActivity => ComponentGroup::NetworkActivity,
        Component::InsightsManagement | Component::InsightsData => ComponentGroup::Insights,
        Component::LakeIngestion | Component::LakeRetention | Component::LakeQuery => ComponentGroup::Lake,
        Component::S3Storage | Component::S3Requests | Component::S3Transitions | Component::Replication => {
            ComponentGroup::S3
        }
        Component::Kms => ComponentGroup::Kms,
        Component::CloudwatchDelivery | Component::CloudwatchLogs | Component::CloudwatchMetricsAlarms => {
            ComponentGroup::CloudWatchLogs
        }
        Component::Sns
        | Component::Eventbridge
        | Component::Athena
        | Component::Lambda
        | Component::Other => ComponentGroup::Other,
    }
}

pub(super) fn footnote(view: &ReportView) -> String {
    let mut parts = vec![visible(&view.name)];
    parts.extend(view.measured.as_ref().map(|own| format!("volumes measured {}", own.days)));
    parts.push(format!("prices as of {}", view.as_of.long()));
    if view.discounted {
        parts.push("agreed discounts applied".to_owned());
    }
    if !view.is_complete() {
        parts.push("incomplete: some volumes or prices are unknown".to_owned());
    }
    if view.gaps.iter().any(|gap| gap.kind == GapKind::NotIncluded) {
        parts.push("some charges are left out".to_owned());
    }
    if view.gaps.iter().any(|gap| gap.kind == GapKind::NotSeen) {
        parts.push("not everything was seen".to_owned());
    }
    parts.push("taxes and credits excluded".to_owned());
    parts.join(" · ")
}

fn at_least(view: &ReportView) -> &'static str {
    if view.is_complete() { "" } else { "at least " }
}

fn total_text(view: &ReportView) -> String {
    format!(
        "{}{}",
        at_least(view),
        headline_money(view.total.total.contracted.rounded(), &view.currency.symbol())
    )
}

/// Says what the biggest component is to the whole.
fn finding(facts: &Facts<'_>, view: &ReportView) -> String {
    let whole = view.total.total.contracted;
    let biggest = facts.estimate.components.iter().max_by_key(|own| own.figures.total.contracted);
    let horizon = view.horizon_words();
    match biggest {
        Some(own) if !own.figures.total.contracted.is_zero() => {
            let part = share(own.figures.total.contracted.rounded(), whole.rounded());
            format!("{} are {part} of {} in {horizon}", plural(own.component), total_text(view))
        }
        _ if view.is_complete() => format!("Nothing is charged in {horizon}"),
        _ => format!("What is charged in {horizon} is not known"),
    }
}

/// Returns a component's label as the subject of "are".
fn plural(component: Component) -> &'static str {
    match component {
        Component::ManagementCopies => "Further copies of management events",
        Component::LakeIngestion => "CloudTrail Lake's ingestion charges",
        Component::LakeRetention => "CloudTrail Lake's retention charges",
        Component::CloudwatchDelivery => "Deliveries to CloudWatch",
        Component::InsightsManagement => "Insights charges on management events",
        Component::InsightsData => "Insights charges on data events",
        Component::DataEventsS3 => "S3 data events",
        Component::DataEventsLambda => "Lambda data events",
        Component::DataEventsOther => "Other data events",
        Component::S3Storage => "S3 storage charges",
        Component::Kms => "KMS charges",
        Component::CloudwatchLogs => "CloudWatch Logs charges",
        component => component.label(),
    }
}

fn by_year(facts: &Facts<'_>, view: &ReportView, parts: &Parts<'_>) -> NamedChart {
    let years = view.total.years.len();
    let chart = StackedBars {
        incomplete: !view.is_complete(),
        caption: Caption {
            title: finding(facts, view),
            subtitle: format!("Cost per year by component, {}", view.currency),
            footnote: footnote(view),
        },
        categories: (0..years).map(|year| year_label(&view.months, year)).collect(),
        series: parts.series(&|own| own.figures.years.clone()),
        currency_symbol: view.currency.symbol(),
    };
    NamedChart { name: "cost-by-year", svg: chart.svg() }
}

/// Names a year of the horizon: `2026` where it is a calendar year, else `Year 2`; a shorter last one says so.
pub(super) fn year_label(months: &[Month], year: usize) -> String {
    let in_year = months.iter().skip(year * 12).take(12).count();
    let first = months.get(year * 12).map(ToString::to_string).unwrap_or_default();
    let name = match first.strip_suffix("-01") {
        Some(calendar_year) => calendar_year.to_owned(),
        None => format!("Year {}", year + 1),
    };
    match in_year {
        12 => name,
        1 => format!("{name} (1 month)"),
        few => format!("{name} ({few} months)"),
    }
}

fn by_month(facts: &Facts<'_>, view: &ReportView, parts: &Parts<'_>) -> NamedChart {
    let symbol = view.currency.symbol();
    let mut series = parts.series(&|own| own.months.clone());
    if series.len() > 1 || series.is_empty() {
        series.push(Series {
            label: "Total".to_owned(),
            colour: Colour::INK,
            values: facts.estimate.monthly.iter().map(|cost| cost.contracted.rounded()).collect(),
        });
    }
    let (first, last) = (view.total.first_month.contracted, view.total.last_month.contracted);
    let money = |amount: Money| format!("{}{}", at_least(view), headline_money(amount.rounded(), &symbol));
    let peak = facts.estimate.monthly.iter().zip(&view.months).max_by_key(|(cost, _)| cost.contracted);
    // A month more than a tenth above both ends is what the chart shows.
    let is_peak = |own: Money| {
        let tenth = own.divided_by(11).unwrap_or_default();
        own.checked_sub(tenth).is_some_and(|less| less > first.max(last))
    };
    let title = if !view.is_complete() && last.is_zero() && first.is_zero() {
        "What a month costs is not known".to_owned()
    } else if facts.estimate.monthly.iter().all(|cost| cost.contracted == first) {
        format!("The cost stays at {} a month", money(first))
    } else if let Some((cost, month)) = peak.filter(|(cost, _)| is_peak(cost.contracted)) {
        let (peak, first, last) = (money(cost.contracted), money(first), money(last));
        format!("The month goes from {first} to {last}, and peaks at {peak} in {month}")
    } else if last > first {
        format!("The month grows from {} to {}", money(first), money(last))
    } else if last < first {
        format!("The month falls from {} to {}", money(first), money(last))
    } else {
        format!("The month begins and ends at {}", money(first))
    };
    let chart = MonthlyLines {
        limit: None,
        caption: Caption {
            title,
            subtitle: format!("Cost per month by component, {}", view.currency),
            footnote: footnote(view),
        },
        months: view.months.iter().map(ToString::to_string).collect(),
        series,
        incomplete: !view.is_complete(),
        currency_symbol: symbol,
        month_names: MonthNames::default(),
    };
    NamedChart { name: "cost-by-month", svg: chart.svg() }
}

fn bars(rows: &[&Row], whole: Money, colour: &dyn Fn(&Row) -> Colour) -> Vec<HorizontalBar> {
    rows.iter()
        .map(|row| HorizontalBar {
            incomplete: row.figures.incomplete,
            label: row.label.clone(),
            value: row.figures.total.contracted.rounded(),
            note: if row.figures.incomplete {
                String::new()
            } else {
                share(row.figures.total.contracted.rounded(), whole.rounded())
            },
            colour: colour(row),
        })
        .collect()
}

fn by_component(facts: &Facts<'_>, view: &ReportView) -> NamedChart {
    let components = ReportView::new(facts, GroupBy::Component);
    let mut rows: Vec<&Row> = components.rows.iter().collect();
    rows.sort_by_key(|row| std::cmp::Reverse(row.figures.total.contracted));
    let whole = view.total.total.contracted;
    let colour = |row: &Row| Component::from_id(&row.id).map_or(ComponentGroup::Other, group_of).colour();
    let chart = HorizontalBars {
        caption: Caption {
            title: finding(facts, view),
            subtitle: format!("Cost over {} by component, {}", view.horizon_words(), view.currency),
            footnote: footnote(view),
        },
        rows: bars(&rows, whole, &colour),
        currency_symbol: view.currency.symbol(),
    };
    NamedChart { name: "share", svg: chart.svg() }
}

fn by_account(view: &ReportView, accounts: &ReportView) -> NamedChart {
    let whole = view.total.total.contracted;
    let (total, horizon) = (total_text(view), view.horizon_words());
    let count = accounts.rows.len();
    let shown = if count == NAMED_ACCOUNTS + 1 { count } else { count.min(NAMED_ACCOUNTS) };
    let (named, rest) = accounts.rows.split_at(shown);
    let sum = |rows: &[Row]| {
        let costs = rows.iter().map(|row| row.figures.total.contracted);
        costs.fold(Money::ZERO, |sum, cost| sum.checked_add(cost).unwrap_or(sum))
    };
    let part = |rows: &[Row]| share(sum(rows).rounded(), whole.rounded());
    let mut rows = bars(&named.iter().collect::<Vec<_>>(), whole, &|_| ComponentGroup::DataEvents.colour());
    let mut subtitle = format!("Cost over {horizon} by account, {}", view.currency);
    let biggest = named.first().map_or(Money::ZERO, |row| row.figures.total.contracted);
    if !rest.is_empty() {
        let others = sum(rest);
        // A bar many times as long as every named one would leave nothing to see of those.
        if biggest.checked_add(biggest).is_some_and(|twice| others <= twice) {
            rows.push(HorizontalBar {
                incomplete: rest.iter().any(|row| row.figures.incomplete),
                label: format!("{} other accounts", rest.len()),
                value: others.rounded(),
                note: part(rest),
                colour: ComponentGroup::Other.colour(),
            });
        } else {
            let money = headline_money(others.rounded(), &view.currency.symbol());
            subtitle.push_str(&format!("; {} other accounts, not drawn, together {money}", rest.len()));
        }
    }
    let title = match named {
        [] => "No account is charged".to_owned(),
        _ if whole.is_zero() => "No account is charged anything that is known".to_owned(),
        [only] => format!("{} bears all of {total} in {horizon}", only.label),
        [first, ..] if rest.is_empty() => {
            let part = match part(&named[..1]) {
                _ if biggest == whole => "all".to_owned(),
                rounded if rounded == "100%" => "nearly all".to_owned(),
                part => part,
            };
            format!("{} bears {part} of {total} in {horizon}", first.label)
        }
        _ => format!(
            "The {shown} most expensive of {count} accounts bear {} of {total} in {horizon}",
            part(named)
        ),
    };
    let chart = HorizontalBars {
        caption: Caption { title, subtitle, footnote: footnote(view) },
        rows,
        currency_symbol: view.currency.symbol(),
    };
    NamedChart { name: "accounts", svg: chart.svg() }
}

/// Draws one variant against the base.
pub fn compare_chart(view: &CompareView, comparison: &Comparison) -> NamedChart {
    let mut rows: Vec<DifferenceBar> = comparison
        .rows
        .iter()
        .filter(|row| !row.is_incomplete() && (!row.total.base.is_zero() || !row.total.variant.is_zero()))
        .map(|row| DifferenceBar {
            label: row.label.clone(),
            base: row.total.base.rounded(),
            variant: row.total.variant.rounded(),
        })
        .collect();
    rows.sort_by_key(|row| std::cmp::Reverse((row.variant - row.base).abs()));
    let total = comparison.total.total;
    let symbol = view.currency.symbol();
    let money = |amount: Money| headline_money(amount.rounded(), &symbol);
    let (name, horizon) = (&comparison.name, &comparison.horizon);
    let title = match total.amount() {
        Some(_) if comparison.horizons_differ => {
            format!("“{name}” covers other months than “{}”: the totals do not compare", view.base_name)
        }
        None => format!("What “{name}” changes in {horizon} is not known"),
        Some(amount) if amount.cents() == 0 => {
            format!("“{name}” leaves the cost at {} in {horizon}", money(total.base))
        }
        Some(amount) => {
            let verb = if amount.is_negative() { "cuts" } else { "raises" };
            format!(
                "“{name}” {verb} the cost from {} to {} in {horizon} ({})",
                money(total.base),
                money(total.variant),
                total.percent_text()
            )
        }
    };
    let mut footnote = format!(
        "{name} against {} · prices as of {} · taxes and credits excluded",
        view.base_name,
        view.as_of.long()
    );
    if comparison.total.is_incomplete() {
        footnote.push_str(" · incomplete: only components that are known on both sides are drawn");
    }
    let chart = DifferenceBars {
        caption: Caption {
            title,
            subtitle: format!(
                "Change of the cost over {} by component, {}",
                comparison.horizon, view.currency
            ),
            footnote,
        },
        rows,
        base_name: view.base_name.clone(),
        variant_name: comparison.name.clone(),
        currency_symbol: symbol,
    };
    NamedChart { name: "compare", svg: chart.svg() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn years_are_named_by_the_calendar_where_they_can_be() {
        let months = |start: &str, count: u32| -> Vec<Month> {
            let start: Month = start.parse().unwrap();
            (0..count).map(|at| start.plus(at).unwrap()).collect()
        };
        assert_eq!(year_label(&months("2026-01", 36), 1), "2027");
        assert_eq!(year_label(&months("2026-07", 30), 1), "Year 2");
        assert_eq!(year_label(&months("2026-07", 30), 2), "Year 3 (6 months)");
        assert_eq!(year_label(&months("2026-01", 13), 1), "2027 (1 month)");
    }

    #[test]
    fn every_component_has_a_colour_group() {
        for component in Component::ALL {
            let _ = group_of(*component).colour();
            assert!(!plural(*component).is_empty());
        }
    }
}
