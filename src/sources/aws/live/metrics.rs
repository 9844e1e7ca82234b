//! What CloudWatch counted.

use super::asking::{Asking, Place};
use super::progress::Charged;
use super::refused::Refused;
use crate::domain::Date;
use crate::sources::aws::answers::{
    Data, MetricDimension, MetricName, MetricSeries, MetricStatistics, MetricValue, MetricsAnswer, Operation,
};
use aws_sdk_cloudwatch::types::{Dimension, DimensionFilter, Metric, MetricDataQuery, MetricStat, ScanBy};
use aws_smithy_types::DateTime;
use aws_smithy_types::date_time::Format;
use rust_decimal::Decimal;
use std::collections::{BTreeMap, BTreeSet};

/// Metrics in a request (GetMetricData, API reference).
const BATCH: usize = 500;
/// Seconds of a day.
const DAY: i32 = 86_400;
/// Request metrics of a bucket that tell reads from writes (S3 guide, "Amazon S3 CloudWatch request metrics").
const REQUESTS: [&str; 8] = [
    "AllRequests",
    "DeleteRequests",
    "GetRequests",
    "HeadRequests",
    "ListRequests",
    "PostRequests",
    "PutRequests",
    "SelectRequests",
];

/// What metrics are wanted of an account and Region.
#[derive(Debug, Clone)]
pub(super) struct Wanted<'a> {
    pub(super) place: Place<'a>,
    /// Log groups that trails deliver to.
    pub(super) log_groups: BTreeSet<String>,
    /// Metrics of log buckets, as they were listed.
    pub(super) bucket_metrics: Vec<MetricName>,
    /// Whether event data stores are there.
    pub(super) event_data_stores: bool,
    /// Whether the whole account is looked at here, or only what belongs to trails.
    pub(super) surveyed: bool,
}

impl<'a> Wanted<'a> {
    pub(super) fn new(place: Place<'a>) -> Self {
        let (log_groups, bucket_metrics) = (BTreeSet::new(), Vec::new());
        Self { place, log_groups, bucket_metrics, event_data_stores: false, surveyed: false }
    }
}

/// Turns dimensions into ours, sorted by name.
pub(super) fn dimensions(own: &[Dimension]) -> Vec<MetricDimension> {
    let mut dimensions: Vec<MetricDimension> = own
        .iter()
        .map(|own| MetricDimension {
            name: own.name().unwrap_or_default().to_owned(),
            value: own.value().unwrap_or_default().to_owned(),
        })
        .collect();
    dimensions.sort();
    dimensions
}

fn named(namespace: &str, metric_name: &str, dimensions: &[(&str, &str)]) -> MetricName {
    MetricName {
        namespace: namespace.to_owned(),
        metric_name: metric_name.to_owned(),
        dimensions: dimensions
            .iter()
            .map(|(name, value)| MetricDimension { name: (*name).to_owned(), value: (*value).to_owned() })
            .collect(),
    }
}

/// Lists the metrics of a bucket in an account; those of the bucket's owner are there, and nobody else's.
pub(super) async fn list_bucket_metrics(
    asking: &Asking<'_>,
    place: &Place<'_>,
    bucket: &str,
) -> Vec<MetricName> {
    let outcome = list_metrics(place, "AWS/S3", None, Some(("BucketName", bucket))).await;
    let subject = format!("AWS/S3 {bucket}");
    listed(asking, place, &subject, outcome)
}

fn listed(
    asking: &Asking<'_>,
    place: &Place<'_>,
    subject: &str,
    outcome: Result<MetricsAnswer, Refused>,
) -> Vec<MetricName> {
    asking
        .record(place.asked(subject), Operation::ListMetrics, outcome, Data::ListMetrics)
        .map(|answer| answer.metrics)
        .unwrap_or_default()
}

async fn list_metrics(
    place: &Place<'_>,
    namespace: &str,
    metric: Option<&str>,
    dimension: Option<(&str, &str)>,
) -> Result<MetricsAnswer, Refused> {
    let filter =
        dimension.map(|(name, value)| vec![DimensionFilter::builder().name(name).value(value).build()]);
    let mut pages = place
        .session
        .cloudwatch(&place.region)
        .list_metrics()
        .namespace(namespace)
        .set_metric_name(metric.map(str::to_owned))
        .set_dimensions(filter)
        .into_paginator()
        .send();
    let mut metrics = Vec::new();
    while let Some(page) = pages.next().await {
        metrics.extend(page?.metrics().iter().map(|own| MetricName {
            namespace: own.namespace().unwrap_or_default().to_owned(),
            metric_name: own.metric_name().unwrap_or_default().to_owned(),
            dimensions: dimensions(own.dimensions()),
        }));
    }
    metrics.sort();
    metrics.dedup();
    Ok(MetricsAnswer { metrics })
}

/// Asks for everything wanted of an account and Region; returns the buckets that have request metrics.
pub(super) async fn read(asking: &Asking<'_>, wanted: &Wanted<'_>) -> Vec<String> {
    let place = &wanted.place;
    let mut queries: BTreeSet<(MetricName, &'static str)> = BTreeSet::new();
    for group in &wanted.log_groups {
        for name in ["IncomingBytes", "IncomingLogEvents"] {
            queries.insert((named("AWS/Logs", name, &[("LogGroupName", group)]), "Sum"));
        }
    }
    for metric in &wanted.bucket_metrics {
        match metric.metric_name.as_str() {
            "BucketSizeBytes" | "NumberOfObjects" => queries.insert((metric.clone(), "Average")),
            _ => false,
        };
    }
    let mut buckets = BTreeSet::new();
    if wanted.surveyed {
        queries.insert((named("AWS/Lambda", "Invocations", &[]), "Sum"));
        let requests = request_metrics(asking, place).await;
        for metric in &requests {
            let names = REQUESTS.map(|name| MetricName { metric_name: name.to_owned(), ..metric.clone() });
            queries.extend(names.into_iter().map(|own| (own, "Sum")));
            let bucket = metric.dimensions.iter().find(|own| own.name == "BucketName");
            buckets.extend(bucket.map(|own| own.value.clone()));
        }
        let outcome = list_metrics(place, "AWS/Usage", Some("CallCount"), None).await;
        let calls = listed(asking, place, "AWS/Usage CallCount", outcome);
        queries.extend(calls.into_iter().map(|own| (own, "Sum")));
    }
    if wanted.event_data_stores {
        let outcome = list_metrics(place, "AWS/CloudTrail", None, None).await;
        let metrics = listed(asking, place, "AWS/CloudTrail", outcome);
        queries.extend(metrics.into_iter().map(|own| {
            // Hourly figures add up; totals are what is there on the day.
            let stat = if own.metric_name.starts_with("Hourly") { "Sum" } else { "Average" };
            (own, stat)
        }));
    }
    statistics(asking, place, queries.into_iter().collect()).await;
    buckets.into_iter().collect()
}

/// Lists the request metrics of buckets: one metric for each bucket and filter.
async fn request_metrics(asking: &Asking<'_>, place: &Place<'_>) -> Vec<MetricName> {
    let outcome = list_metrics(place, "AWS/S3", Some("AllRequests"), None).await;
    listed(asking, place, "AWS/S3 AllRequests", outcome)
}

/// Asks for the series in batches; one batch that is refused leaves the others.
async fn statistics(asking: &Asking<'_>, place: &Place<'_>, queries: Vec<(MetricName, &'static str)>) {
    let mut series = Vec::new();
    let mut answered = false;
    for (at, batch) in queries.chunks(BATCH).enumerate() {
        asking.progress.charged(Charged::Metrics, batch.len().try_into().unwrap_or(u64::MAX));
        match get_metric_data(asking, place, batch).await {
            Ok(own) => {
                series.extend(own);
                answered = true;
            }
            Err(refused) => {
                let subject = if queries.len() > BATCH { format!("batch {}", at + 1) } else { String::new() };
                asking.refuse(place.asked(&subject), Operation::GetMetricData, refused);
            }
        }
    }
    if answered {
        asking.keep(place.asked(""), Data::GetMetricData(MetricStatistics { series: by_service(series) }));
    }
}

async fn get_metric_data(
    asking: &Asking<'_>,
    place: &Place<'_>,
    batch: &[(MetricName, &'static str)],
) -> Result<Vec<MetricSeries>, Refused> {
    let queries = batch.iter().enumerate().map(|(at, (metric, stat))| query(at, metric, stat)).collect();
    let (from, to) = window(asking.options.today, asking.options.days);
    let mut pages = place
        .session
        .cloudwatch(&place.region)
        .get_metric_data()
        .set_metric_data_queries(Some(queries))
        .start_time(from)
        .end_time(to)
        .scan_by(ScanBy::TimestampAscending)
        .into_paginator()
        .send();
    let mut values: Vec<Vec<MetricValue>> = vec![Vec::new(); batch.len()];
    while let Some(page) = pages.next().await {
        for own in page?.metric_data_results() {
            let at = own.id().and_then(|id| id.strip_prefix('q')).and_then(|id| id.parse::<usize>().ok());
            let Some(slot) = at.and_then(|at| values.get_mut(at)) else { continue };
            slot.extend(own.timestamps().iter().zip(own.values()).map(|(time, value)| MetricValue {
                timestamp: time.fmt(Format::DateTime).unwrap_or_default(),
                value: value.to_string(),
            }));
        }
    }
    let series = batch.iter().zip(values).map(|((metric, stat), mut values)| {
        values.sort_by(|one, two| one.timestamp.cmp(&two.timestamp));
        MetricSeries { metric: metric.clone(), stat: (*stat).to_owned(), period: DAY, values }
    });
    Ok(series.collect())
}

fn query(at: usize, metric: &MetricName, stat: &str) -> MetricDataQuery {
    let dimensions = metric
        .dimensions
        .iter()
        .map(|own| Dimension::builder().name(&own.name).value(&own.value).build())
        .collect();
    let metric = Metric::builder()
        .namespace(&metric.namespace)
        .metric_name(&metric.metric_name)
        .set_dimensions(Some(dimensions))
        .build();
    MetricDataQuery::builder()
        .id(format!("q{at}"))
        .metric_stat(MetricStat::builder().metric(metric).period(DAY).stat(stat).build())
        .build()
}

/// Returns midnight of the first day and of the day after the last.
pub(super) fn window(today: Date, days: u32) -> (DateTime, DateTime) {
    let epoch = i64::from(DAY) * days_since_epoch(today);
    (DateTime::from_secs(epoch - i64::from(DAY) * i64::from(days)), DateTime::from_secs(epoch))
}

fn days_since_epoch(day: Date) -> i64 {
    // 2000-01-01 is day 10,957 of the Unix epoch.
    day.days_since(crate::domain::Month::EARLIEST.first_day()) + 10_957
}

/// Adds up the call counts of each service and day; AWS counts every operation of its own.
fn by_service(series: Vec<MetricSeries>) -> Vec<MetricSeries> {
    let mut kept = Vec::new();
    let mut services: BTreeMap<String, BTreeMap<String, Decimal>> = BTreeMap::new();
    for own in series {
        let service = own.metric.dimensions.iter().find(|dimension| dimension.name == "Service");
        let (true, Some(service)) = (own.metric.namespace == "AWS/Usage", service) else {
            kept.push(own);
            continue;
        };
        let days = services.entry(service.value.clone()).or_default();
        for value in own.values {
            let count = value.value.parse::<Decimal>().unwrap_or_default();
            let sum = days.entry(value.timestamp).or_default();
            *sum = sum.checked_add(count).unwrap_or(Decimal::MAX);
        }
    }
    kept.extend(services.into_iter().map(|(service, days)| {
        MetricSeries {
            metric: named("AWS/Usage", "CallCount", &[("Service", &service), ("Type", "API")]),
            stat: "Sum".to_owned(),
            period: DAY,
            values: days
                .into_iter()
                .map(|(timestamp, sum)| MetricValue { timestamp, value: sum.normalize().to_string() })
                .collect(),
        }
    }));
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_whole_and_end_yesterday() {
        let (from, to) = window("2026-11-21".parse().unwrap(), 30);
        assert_eq!(from.fmt(Format::DateTime).unwrap(), "2026-10-22T00:00:00Z");
        assert_eq!(to.fmt(Format::DateTime).unwrap(), "2026-11-21T00:00:00Z");
    }

    #[test]
    fn calls_add_up_by_service_and_day() {
        let series = |resource: &str, values: &[(&str, &str)]| MetricSeries {
            metric: named(
                "AWS/Usage",
                "CallCount",
                &[("Resource", resource), ("Service", "KMS"), ("Type", "API")],
            ),
            stat: "Sum".to_owned(),
            period: DAY,
            values: values
                .iter()
                .map(|(day, value)| MetricValue { timestamp: (*day).to_owned(), value: (*value).to_owned() })
                .collect(),
        };
        let summed =
            by_service(vec![series("Decrypt", &[("1", "3"), ("2", "4")]), series("Sign", &[("2", "5")])]);
        assert_eq!(summed.len(), 1);
        let values: Vec<(&str, &str)> =
            summed[0].values.iter().map(|own| (own.timestamp.as_str(), own.value.as_str())).collect();
        assert_eq!(values, [("1", "3"), ("2", "9")]);
    }
}
