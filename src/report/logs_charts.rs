//! Charts of the logs themselves: what is stored by class, what the months may cost, and the chain with its money.

use super::chart::{
    BandMonth, BandSpan, Caption, Chain, ChainArrow, ChainNode, ChainStage, Colour, ComponentGroup, CostBand,
    Series, StorageStack, Tornado, TornadoEnd, TornadoRow, storage_colour,
};
use super::chart_titles::{band_title, chain_title, storage_title, tornado_title};
use super::charts::{NamedChart, footnote, year_label};
use super::number::grouped;
use super::ranges_view::{RangesView, TornadoInput};
use super::view::{Facts, ReportView};
use crate::costing::Dimension;
use crate::domain::{BYTES_PER_GB, Component, Money, Quantity, StorageClass};
use rust_decimal::Decimal;

/// Draws those of the charts that the estimate has something for.
pub(super) fn logs_charts(facts: &Facts<'_>, view: &ReportView) -> Vec<NamedChart> {
    let mut charts: Vec<NamedChart> = storage(facts, view).into_iter().collect();
    if let Some(ranges) = &view.ranges {
        charts.push(band(view, ranges));
        charts.extend(tornado(view, ranges));
    }
    charts.push(chain(facts, view));
    charts
}

fn caption(view: &ReportView, subtitle: String) -> Caption {
    Caption { title: String::new(), subtitle, footnote: footnote(view) }
}

fn storage(facts: &Facts<'_>, view: &ReportView) -> Option<NamedChart> {
    let history = facts.logs.storage;
    if history.buckets.is_empty() {
        return None;
    }
    let gib =
        |bytes: u128| Quantity::gb_from_bytes(bytes, BYTES_PER_GB).map_or(Decimal::MAX, |gb| gb.rounded(9));
    let mut classes: Vec<Series> = Vec::new();
    // The coldest at the bottom.
    let order: Vec<StorageClass> = StorageClass::all().collect();
    for &class in order.iter().rev() {
        let values: Vec<Decimal> = (0..history.months.len())
            .map(|at| {
                let own = history.buckets.iter().filter_map(|own| own.months.get(at));
                let bytes = own.flat_map(|own| &own.classes).filter(|own| own.0 == class).map(|own| own.2);
                gib(bytes.fold(0, u128::saturating_add))
            })
            .collect();
        if values.iter().any(|value| !value.is_zero()) {
            classes.push(Series { label: class.name().to_owned(), colour: storage_colour(class), values });
        }
    }
    if history.log_groups.iter().any(|own| !own.is_zero()) {
        classes.push(Series {
            label: "CloudWatch Logs".to_owned(),
            colour: ComponentGroup::CloudWatchLogs.colour(),
            values: history.log_groups.iter().map(|own| own.rounded(9)).collect(),
        });
    }
    let incomplete =
        view.rows.iter().any(|row| row.id == Component::S3Storage.id() && row.figures.incomplete);
    let mut chart = StorageStack {
        caption: caption(view, "Stored when each month ends, by storage class, copies included".to_owned()),
        months: history.months.iter().map(ToString::to_string).collect(),
        classes,
        incomplete,
    };
    chart.caption.title = storage_title(&chart);
    Some(NamedChart { name: "storage-by-class", svg: chart.svg() })
}

fn band(view: &ReportView, ranges: &RangesView) -> NamedChart {
    let costs = ranges
        .months
        .iter()
        .map(|own| BandMonth {
            low: own.cost.p10.rounded(),
            likely: own.likely.rounded(),
            high: own.cost.p90.rounded(),
        })
        .collect();
    let spans = view
        .total
        .years
        .iter()
        .enumerate()
        .map(|(year, cost)| BandSpan {
            label: year_label(&view.months, year),
            months: view.months.len().saturating_sub(year * 12).min(12),
            total: cost.contracted.rounded(),
        })
        .collect();
    let mut chart = CostBand {
        caption: caption(
            view,
            format!(
                "Likely cost per month, and P10 to P90 of {} draws, {}",
                grouped(Decimal::from(ranges.draws)),
                view.currency
            ),
        ),
        months: view.months.iter().map(ToString::to_string).collect(),
        costs,
        spans,
        line_name: "Likely".to_owned(),
        incomplete: !view.is_complete(),
        currency_symbol: view.currency.symbol(),
    };
    chart.caption.title = band_title(&chart);
    NamedChart { name: "cost-band", svg: chart.svg() }
}

fn tornado(view: &ReportView, ranges: &RangesView) -> Option<NamedChart> {
    if !ranges.tornado.iter().any(TornadoInput::moves) {
        return None;
    }
    let end = |input: String, total: Money| Some(TornadoEnd { input, total: total.rounded() });
    let mut chart = Tornado {
        caption: caption(
            view,
            format!(
                "Cost over {} at each input's low and high, all else likely, {}",
                view.horizon_words(),
                view.currency
            ),
        ),
        rows: ranges
            .tornado
            .iter()
            .map(|own| TornadoRow {
                label: short(&own.label, &ranges.tornado),
                low: end(own.low_text(), own.at_low),
                high: end(own.high_text(), own.at_high),
            })
            .collect(),
        likely: view.total.total.contracted.rounded(),
        incomplete: !view.is_complete(),
        currency_symbol: view.currency.symbol(),
    };
    chart.caption.title = tornado_title(&chart);
    Some(NamedChart { name: "tornado", svg: chart.svg() })
}

/// Returns an input's name as short as it stays clear: without the start that every ARN has, and without account and
/// Region where no other input has the same name.
fn short(label: &str, all: &[TornadoInput]) -> String {
    let name_of = |label: &str| {
        let name = label.rsplit_once(", ").map_or(label, |(name, _)| name);
        name.replace("AWS::S3::Object · arn:aws:s3:::", "").replace("AWS::", "")
    };
    let name = name_of(label);
    if all.iter().filter(|own| name_of(&own.label) == name).count() > 1 {
        return label.replace("AWS::S3::Object · arn:aws:s3:::", "").replace("AWS::", "");
    }
    name
}

/// What the chain's arrows are drawn from: average months.
struct Amounts<'a> {
    facts: &'a Facts<'a>,
    months: u32,
}

impl Amounts<'_> {
    fn average(&self, total: Money) -> Decimal {
        total.divided_by(self.months).unwrap_or_default().rounded()
    }

    fn component(&self, component: Component) -> Option<(Money, bool)> {
        let own = self.facts.estimate.components.iter().find(|own| own.component == component)?;
        Some((own.figures.total.contracted, own.figures.incomplete))
    }

    /// Returns the cost of usage types of a service that pass a test.
    fn usage(&self, service: &str, fits: &dyn Fn(&str) -> bool) -> Money {
        let rows = self.facts.estimate.breakdown(Dimension::UsageType).into_iter().flat_map(|own| &own.rows);
        rows.filter(|row| {
            row.key.split_once(' ').is_some_and(|(own, usage_type)| own == service && fits(usage_type))
        })
        .fold(Money::ZERO, |sum, row| sum.checked_add(row.figures.total.contracted).unwrap_or(sum))
    }
}

/// Draws the chain with the average month's money on every arrow.
fn chain(facts: &Facts<'_>, view: &ReportView) -> NamedChart {
    let amounts = Amounts { facts, months: u32::try_from(view.months.len()).unwrap_or(u32::MAX) };
    let mut arrows: Vec<ChainArrow> = Vec::new();
    let mut add = |to: ChainStage, label: &str, group: Colour, cost: Option<(Money, bool)>| {
        if let Some((total, incomplete)) = cost {
            let amount = amounts.average(total);
            arrows.push(ChainArrow { to, label: label.to_owned(), amount, incomplete, colour: group });
        }
    };
    for (component, to, label, group) in [
        (Component::ManagementCopies, ChainStage::Trail, "further copies", ComponentGroup::ManagementCopies),
        (Component::DataEventsS3, ChainStage::Trail, "S3 data events", ComponentGroup::DataEvents),
        (Component::DataEventsLambda, ChainStage::Trail, "Lambda events", ComponentGroup::DataEvents),
        (Component::DataEventsOther, ChainStage::Trail, "other data events", ComponentGroup::DataEvents),
        (Component::NetworkActivity, ChainStage::Trail, "network activity", ComponentGroup::NetworkActivity),
        (Component::Aggregation, ChainStage::Trail, "aggregation", ComponentGroup::DataEvents),
        (Component::Other, ChainStage::Trail, "other", ComponentGroup::Other),
        (Component::InsightsManagement, ChainStage::Insights, "management", ComponentGroup::Insights),
        (Component::InsightsData, ChainStage::Insights, "data events", ComponentGroup::Insights),
        (Component::LakeIngestion, ChainStage::Lake, "ingestion", ComponentGroup::Lake),
        (Component::LakeRetention, ChainStage::Lake, "retention", ComponentGroup::Lake),
        (Component::LakeQuery, ChainStage::Lake, "queries", ComponentGroup::Lake),
        (Component::CloudwatchDelivery, ChainStage::LogGroup, "delivery", ComponentGroup::CloudWatchLogs),
        (
            Component::CloudwatchLogs,
            ChainStage::LogGroup,
            "ingestion, storage",
            ComponentGroup::CloudWatchLogs,
        ),
        (Component::CloudwatchMetricsAlarms, ChainStage::Alarms, "alarms", ComponentGroup::CloudWatchLogs),
        (Component::Eventbridge, ChainStage::EventBridge, "events", ComponentGroup::Other),
        (Component::Athena, ChainStage::Readers, "Athena", ComponentGroup::Other),
        (Component::Lambda, ChainStage::Notification, "relay", ComponentGroup::Other),
        (Component::Kms, ChainStage::Bucket, "KMS", ComponentGroup::Kms),
        (Component::Replication, ChainStage::Replica, "copies", ComponentGroup::S3),
    ] {
        add(to, label, group.colour(), amounts.component(component));
    }
    let s3 = ComponentGroup::S3.colour();
    let less = |whole: (Money, bool), part: Money| (whole.0.checked_sub(part).unwrap_or_default(), whole.1);
    if let Some(requests) = amounts.component(Component::S3Requests) {
        let reads = amounts.usage("AmazonS3", &is_read);
        add(ChainStage::Bucket, "requests", s3, Some(less(requests, reads)));
        if !reads.is_zero() {
            add(ChainStage::Readers, "reads", s3, Some((reads, false)));
        }
    }
    if let Some(storage) = amounts.component(Component::S3Storage) {
        let cold = amounts.usage("AmazonS3", &is_cold);
        add(ChainStage::Bucket, "storage", s3, Some(less(storage, cold)));
        if !cold.is_zero() {
            add(ChainStage::Lifecycle, "colder storage", s3, Some((cold, false)));
        }
    }
    add(ChainStage::Lifecycle, "moves", s3, amounts.component(Component::S3Transitions));
    if let Some(sns) = amounts.component(Component::Sns) {
        let deliveries = amounts.usage("AmazonSNS", &|own| own.starts_with("DeliveryAttempts"));
        let other = ComponentGroup::Other.colour();
        add(ChainStage::Topic, "messages", other, Some(less(sns, deliveries)));
        if !deliveries.is_zero() {
            add(ChainStage::Notification, "deliveries", other, Some((deliveries, false)));
        }
    }
    let used = |stage: ChainStage| {
        matches!(stage, ChainStage::ApiCalls | ChainStage::Trail) || arrows.iter().any(|own| own.to == stage)
    };
    let has = |component| amounts.component(component).is_some();
    let nodes = ChainStage::ALL
        .iter()
        .map(|&stage| ChainNode {
            stage,
            label: match stage {
                ChainStage::Bucket if !has(Component::Kms) => "S3 bucket".to_owned(),
                ChainStage::Notification if !has(Component::Lambda) => "Subscribers".to_owned(),
                ChainStage::Notification => "Subscribers, relay".to_owned(),
                stage => stage.label().to_owned(),
            },
            note: String::new(),
            used: used(stage),
        })
        .filter(|node| node.used || shown_unused(node.stage))
        .collect();
    let words = |own: &ChainArrow| match (own.to, own.label.as_str()) {
        (ChainStage::Trail, "further copies") => "further copies of management events".to_owned(),
        (ChainStage::Insights, "management") => "Insights on management events".to_owned(),
        (ChainStage::Insights, label) => format!("Insights on {label}"),
        (ChainStage::Bucket, label) if label != "KMS" => format!("S3 {label}"),
        (ChainStage::Lake, label) => format!("CloudTrail Lake's {label}"),
        (ChainStage::LogGroup, _) => "CloudWatch Logs".to_owned(),
        (ChainStage::Lifecycle, "moves") => "lifecycle transitions".to_owned(),
        (ChainStage::Topic, _) => "SNS messages".to_owned(),
        (_, label) => label.to_owned(),
    };
    let mut chart = Chain {
        caption: caption(view, format!("Average month of {}, {}", view.horizon_words(), view.currency)),
        nodes,
        arrows,
        currency_symbol: view.currency.symbol(),
    };
    let named = Chain {
        arrows: chart.arrows.iter().map(|own| ChainArrow { label: words(own), ..own.clone() }).collect(),
        ..chart.clone()
    };
    chart.caption.title = chain_title(&named, "a month");
    NamedChart { name: "chain", svg: chart.svg() }
}

/// Tells whether a stage is part of the usual chain, and missed where it is not used.
fn shown_unused(stage: ChainStage) -> bool {
    matches!(
        stage,
        ChainStage::Bucket
            | ChainStage::LogGroup
            | ChainStage::Alarms
            | ChainStage::Topic
            | ChainStage::Lifecycle
    )
}

/// Tells whether a usage type of S3 is for reading: requests that fetch, restores and retrievals.
fn is_read(usage_type: &str) -> bool {
    usage_type.ends_with("Tier2")
        || usage_type.contains("Retrieval")
        || usage_type.contains("Restore")
        || matches!(
            usage_type,
            "Requests-Tier5" | "Requests-Tier6" | "Requests-GDA-Tier3" | "Requests-GDA-Tier5"
        )
}

/// Tells whether a usage type of S3 is storage outside Standard.
fn is_cold(usage_type: &str) -> bool {
    (usage_type.starts_with("TimedStorage") && usage_type != "TimedStorage-ByteHrs")
        || usage_type.starts_with("EarlyDelete")
        || usage_type == "Monitoring-Automation-INT"
}
