//! The whole run: whose accounts, which Regions, what is there, how it is set, what was counted.

use super::alerting::{Located, alarms, log_group, subscriptions};
use super::asking::{Asking, Place};
use super::buckets::{self, LogBucket, ReadBucket, ask_request_metrics};
use super::cloudtrail::{SeenTrail, Survey, distinct, survey, trail_details};
use super::error::AskError;
use super::metrics::{self, Wanted, list_bucket_metrics};
use super::organization::{regions, sessions};
use super::progress::{Progress, StopFlag};
use super::session::Session;
use super::{lookup, spend};
use crate::sources::aws::answers::{Answers, MetricName};
use crate::sources::aws::options::AskOptions;
use aws_smithy_types::date_time::Format;
use std::collections::{BTreeMap, BTreeSet};
use std::pin::pin;
use std::time::Duration;

/// Asks AWS for everything that the options name. Nothing is changed there.
///
/// Once `stop` is set, it ends within a tenth of a second with what came back so far, marked partial.
///
/// # Errors
/// [`AskError`] when nothing at all can be read. What was denied or missing besides stands in the answers.
pub fn ask(options: &AskOptions, progress: &dyn Progress, stop: &StopFlag) -> Result<Answers, AskError> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| AskError::NotStarted { reason: error.to_string() })?;
    let asking = Asking::new(options, progress);
    let outcome = runtime.block_on(async {
        let mut run = pin!(everything(&asking));
        loop {
            match tokio::time::timeout(Duration::from_millis(50), &mut run).await {
                Ok(outcome) => return Some(outcome),
                Err(_) if stop.is_set() => return None,
                Err(_) => {}
            }
        }
    });
    let partial = outcome.is_none();
    if let Some(outcome) = outcome {
        outcome?;
    }
    if let (false, Some(actions)) = (partial, asking.denied_everything()) {
        return Err(AskError::NothingReadable { actions });
    }
    let (from, to) = metrics::window(options.today, options.days);
    let day = |time: aws_smithy_types::DateTime| {
        time.fmt(Format::DateTime).unwrap_or_default().chars().take(10).collect::<String>()
    };
    Ok(Answers {
        taken_on: options.today.to_string(),
        from: day(from),
        to: day(aws_smithy_types::DateTime::from_secs(to.secs() - 1)),
        partial,
        answers: asking.take(),
    })
}

async fn everything(asking: &Asking<'_>) -> Result<(), AskError> {
    let sessions = sessions(asking).await?;
    let places = survey_places(asking, &sessions).await;
    let label =
        |own: &Survey<'_>| (own.place.session.account.clone(), own.place.region.clone(), String::new());
    let surveyed = asking
        .each("trails and event data stores", places.clone(), label, async |own| survey(asking, own).await);
    let surveyed = surveyed.await;
    let enabled: Vec<(Place<'_>, bool)> = places
        .iter()
        .zip(&surveyed)
        .filter(|(_, own)| !own.disabled)
        .map(|(place, own)| (place.place.clone(), own.has_event_data_stores))
        .collect();
    let seen = places.iter().map(|own| own.place.clone()).zip(surveyed.into_iter().map(|own| own.trails));
    let trails = distinct(seen, &sessions);
    let label = |own: &SeenTrail<'_>| {
        (own.place.session.account.clone(), own.place.region.clone(), own.info.name.clone())
    };
    asking.each("trails", trails.clone(), label, async |own| trail_details(asking, &own).await).await;
    let buckets = log_buckets(asking, &trails, &sessions).await;
    let groups = log_groups(asking, &trails, &sessions).await;
    let bucket_metrics = bucket_metrics(asking, &buckets).await;
    volumes(asking, &sessions, &enabled, &groups, bucket_metrics).await;
    if let Some(budget) = asking.options.lookup {
        let label = |own: &Place<'_>| (own.session.account.clone(), own.region.clone(), String::new());
        let places = enabled.into_iter().map(|(place, _)| place);
        asking
            .each("event history", places, label, async |own| lookup::read(asking, &own, budget).await)
            .await;
    }
    if let (true, Some(session)) = (asking.options.cost_explorer, sessions.first()) {
        asking.progress.step("Cost Explorer", 1);
        spend::read(asking, session).await;
    }
    Ok(())
}

async fn survey_places<'a>(asking: &Asking<'_>, sessions: &'a [Session]) -> Vec<Survey<'a>> {
    let label = |own: &&Session| (own.account.clone(), String::new(), String::new());
    let found = asking.each("Regions", sessions, label, async |own| regions(asking, own).await).await;
    let mut places = Vec::new();
    for (session, regions) in sessions.iter().zip(found) {
        for (at, region) in regions.codes.into_iter().enumerate() {
            let place = Place { session, region };
            places.push(Survey { place, certain: regions.certain, first: at == 0 });
        }
    }
    places
}

/// Reads the buckets of the trails, and those that they are copied to.
async fn log_buckets<'a>(
    asking: &Asking<'_>,
    trails: &[SeenTrail<'a>],
    sessions: &'a [Session],
) -> Vec<ReadBucket<'a>> {
    let mut wanted: BTreeMap<String, LogBucket<'a>> = BTreeMap::new();
    for trail in trails {
        let Some(name) = trail.info.s3_bucket_name.clone() else { continue };
        wanted.entry(name.clone()).or_insert_with(|| LogBucket {
            name,
            readers: readers(trail.place.session, sessions),
            likely_region: trail.place.region.clone(),
        });
    }
    let label = |own: &LogBucket<'_>| (String::new(), String::new(), own.name.clone());
    let mut read: Vec<ReadBucket<'a>> = Vec::new();
    let mut known: BTreeSet<String> = wanted.keys().cloned().collect();
    let mut next: Vec<LogBucket<'a>> = wanted.into_values().collect();
    while !next.is_empty() {
        let done =
            asking.each("log buckets", next, label, async |own| buckets::read(asking, own).await).await;
        next = Vec::new();
        for bucket in &done {
            for name in &bucket.copies {
                if known.insert(name.clone()) {
                    next.push(LogBucket {
                        name: name.clone(),
                        readers: bucket.readers.clone(),
                        likely_region: bucket.region.clone(),
                    });
                }
            }
        }
        read.extend(done);
    }
    read
}

fn readers<'a>(first: &'a Session, sessions: &'a [Session]) -> Vec<&'a Session> {
    let others = sessions.iter().filter(|own| own.account != first.account);
    std::iter::once(first).chain(others).collect()
}

/// Reads log groups with their filters, the alarms on these, and the topics of alarms and trails.
async fn log_groups(
    asking: &Asking<'_>,
    trails: &[SeenTrail<'_>],
    sessions: &[Session],
) -> BTreeSet<Located> {
    let groups: BTreeSet<Located> = trails
        .iter()
        .filter_map(|trail| trail.info.cloud_watch_logs_log_group_arn.as_deref())
        .filter_map(Located::log_group)
        .collect();
    let label = |own: &Located| (own.account.clone(), own.region.clone(), own.name.clone());
    let metrics = asking
        .each("log groups", groups.clone(), label, async |own| log_group(asking, &own, sessions).await)
        .await;
    let mut alarmed: BTreeMap<(String, String), BTreeSet<(String, String)>> = BTreeMap::new();
    for (group, metrics) in groups.iter().zip(metrics) {
        if !metrics.is_empty() {
            let own = alarmed.entry((group.account.clone(), group.region.clone())).or_default();
            own.extend(metrics.into_iter().map(|metric| (metric.namespace, metric.metric_name)));
        }
    }
    let places: Vec<(Place<'_>, BTreeSet<(String, String)>)> = alarmed
        .into_iter()
        .filter_map(|((account, region), metrics)| {
            let session = sessions.iter().find(|own| own.account == account)?;
            Some((Place { session, region }, metrics))
        })
        .collect();
    let label = |own: &(Place<'_>, BTreeSet<(String, String)>)| {
        (own.0.session.account.clone(), own.0.region.clone(), String::new())
    };
    let targets =
        asking.each("alarms", places, label, async |(place, metrics)| alarms(asking, &place, &metrics).await);
    let targets = targets.await;
    let of_trails = trails.iter().filter_map(|trail| trail.info.sns_topic_arn.clone());
    let topics: BTreeSet<Located> =
        of_trails.chain(targets.into_iter().flatten()).filter_map(|arn| Located::topic(&arn)).collect();
    let label = |own: &Located| (own.account.clone(), own.region.clone(), own.name.clone());
    asking.each("topics", topics, label, async |own| subscriptions(asking, &own, sessions).await).await;
    groups
}

/// Looks for the metrics of each log bucket, which only its owner has.
async fn bucket_metrics(
    asking: &Asking<'_>,
    buckets: &[ReadBucket<'_>],
) -> BTreeMap<(String, String), Vec<MetricName>> {
    let label = |own: &&ReadBucket<'_>| (String::new(), own.region.clone(), own.name.clone());
    let found = asking.each("sizes of log buckets", buckets, label, async |bucket| {
        for session in &bucket.readers {
            let place = Place { session, region: bucket.region.clone() };
            let metrics = list_bucket_metrics(asking, &place, &bucket.name).await;
            if !metrics.is_empty() {
                return Some((session.account.clone(), bucket.region.clone(), metrics));
            }
        }
        None
    });
    let mut metrics: BTreeMap<(String, String), Vec<MetricName>> = BTreeMap::new();
    for (account, region, own) in found.await.into_iter().flatten() {
        metrics.entry((account, region)).or_default().extend(own);
    }
    metrics
}

/// Reads the metrics of every place that is surveyed; elsewhere only those of log buckets and log groups.
async fn volumes(
    asking: &Asking<'_>,
    sessions: &[Session],
    enabled: &[(Place<'_>, bool)],
    groups: &BTreeSet<Located>,
    bucket_metrics: BTreeMap<(String, String), Vec<MetricName>>,
) {
    let mut wanted: BTreeMap<(String, String), Wanted<'_>> = BTreeMap::new();
    for (place, event_data_stores) in enabled {
        let key = (place.session.account.clone(), place.region.clone());
        let own =
            Wanted { surveyed: true, event_data_stores: *event_data_stores, ..Wanted::new(place.clone()) };
        wanted.insert(key, own);
    }
    let elsewhere = |key: &(String, String)| {
        let session = sessions.iter().find(|own| own.account == key.0)?;
        Some(Wanted::new(Place { session, region: key.1.clone() }))
    };
    for group in groups {
        let key = (group.account.clone(), group.region.clone());
        if !wanted.contains_key(&key) {
            let Some(own) = elsewhere(&key) else { continue };
            wanted.insert(key.clone(), own);
        }
        wanted.entry(key).and_modify(|own| {
            own.log_groups.insert(group.name.clone());
        });
    }
    for (key, metrics) in bucket_metrics {
        if !wanted.contains_key(&key) {
            let Some(own) = elsewhere(&key) else { continue };
            wanted.insert(key.clone(), own);
        }
        wanted.entry(key).and_modify(|own| own.bucket_metrics = metrics);
    }
    let label =
        |own: &Wanted<'_>| (own.place.session.account.clone(), own.place.region.clone(), String::new());
    asking
        .each("metrics", wanted.into_values(), label, async |own| {
            for bucket in metrics::read(asking, &own).await {
                ask_request_metrics(asking, &own.place, &bucket).await;
            }
        })
        .await;
}
