//! CloudTrail: what records, and how it is set.

use super::asking::{Asking, Place};
use super::cloudtrail_shapes::{
    channel, event_configuration, event_data_store, event_selectors, insights, trail,
};
use super::organization::is_disabled;
use super::refused::Refused;
use super::session::Session;
use crate::sources::aws::answers::{
    ChannelInfo, ChannelsAnswer, Data, EventConfiguration, EventDataStoreInfo, EventDataStoresAnswer,
    EventSelectorsAnswer, InsightSelectorsAnswer, ListedChannel, ListedTrail, Operation, RefusalKind,
    TrailInfo, TrailListAnswer, TrailStatus, TrailsAnswer,
};
use std::collections::BTreeMap;

/// A Region of an account, to be looked over.
#[derive(Debug, Clone)]
pub(super) struct Survey<'a> {
    pub(super) place: Place<'a>,
    /// Whether the Region is known to be enabled.
    pub(super) certain: bool,
    /// Whether the trails of all Regions are listed here.
    pub(super) first: bool,
}

/// What a Region of an account has.
#[derive(Debug, Clone, Default)]
pub(super) struct Surveyed {
    pub(super) trails: Vec<TrailInfo>,
    /// Event data stores that are there.
    pub(super) has_event_data_stores: bool,
    /// Whether the Region turned out not to be enabled.
    pub(super) disabled: bool,
}

/// Looks over a Region of an account.
pub(super) async fn survey(asking: &Asking<'_>, survey: Survey<'_>) -> Surveyed {
    let place = &survey.place;
    let described = describe_trails(place).await;
    if let (false, Err(refused)) = (survey.certain, &described)
        && is_disabled(refused)
    {
        return Surveyed { disabled: true, ..Surveyed::default() };
    }
    let described =
        asking.record(place.asked(""), Operation::DescribeTrails, described, Data::DescribeTrails);
    if survey.first {
        let listed = list_trails(place).await;
        asking.record(place.asked(""), Operation::ListTrails, listed, Data::ListTrails);
    }
    let stores = event_data_stores(asking, place).await;
    channels(asking, place).await;
    Surveyed {
        trails: described.map(|answer| answer.trail_list).unwrap_or_default(),
        has_event_data_stores: stores > 0,
        disabled: false,
    }
}

async fn describe_trails(place: &Place<'_>) -> Result<TrailsAnswer, Refused> {
    let client = place.session.cloudtrail(&place.region);
    let answer = client.describe_trails().include_shadow_trails(true).send().await?;
    Ok(TrailsAnswer { trail_list: answer.trail_list().iter().map(trail).collect() })
}

async fn list_trails(place: &Place<'_>) -> Result<TrailListAnswer, Refused> {
    let mut pages = place.session.cloudtrail(&place.region).list_trails().into_paginator().send();
    let mut trails = Vec::new();
    while let Some(page) = pages.next().await {
        trails.extend(page?.trails().iter().map(|own| ListedTrail {
            trail_arn: own.trail_arn().unwrap_or_default().to_owned(),
            name: own.name().unwrap_or_default().to_owned(),
            home_region: own.home_region().unwrap_or_default().to_owned(),
        }));
    }
    Ok(TrailListAnswer { trails })
}

/// Asks for every event data store of a Region; returns how many there are.
async fn event_data_stores(asking: &Asking<'_>, place: &Place<'_>) -> usize {
    let listed = list_event_data_stores(place).await;
    let Some(answer) =
        asking.record(place.asked(""), Operation::ListEventDataStores, listed, Data::ListEventDataStores)
    else {
        return 0;
    };
    for store in &answer.event_data_stores {
        let arn = &store.event_data_store_arn;
        let outcome = match get_event_data_store(place, arn).await {
            Ok(mut info) => {
                match store_insights(place, arn).await {
                    Ok(selectors) => info.insight_selectors = selectors.insight_selectors,
                    Err(refused) if refused.kind == RefusalKind::Absent => {}
                    Err(refused) => asking.refuse(place.asked(arn), Operation::GetInsightSelectors, refused),
                }
                Ok(info)
            }
            Err(refused) => Err(refused),
        };
        asking.record(place.asked(arn), Operation::GetEventDataStore, outcome, Data::GetEventDataStore);
    }
    answer.event_data_stores.len()
}

async fn list_event_data_stores(place: &Place<'_>) -> Result<EventDataStoresAnswer, Refused> {
    let mut pages = place.session.cloudtrail(&place.region).list_event_data_stores().into_paginator().send();
    let mut event_data_stores = Vec::new();
    while let Some(page) = pages.next().await {
        event_data_stores.extend(page?.event_data_stores().iter().map(|own| EventDataStoreInfo {
            event_data_store_arn: own.event_data_store_arn().unwrap_or_default().to_owned(),
            name: own.name().unwrap_or_default().to_owned(),
            ..EventDataStoreInfo::default()
        }));
    }
    Ok(EventDataStoresAnswer { event_data_stores })
}

async fn get_event_data_store(place: &Place<'_>, arn: &str) -> Result<EventDataStoreInfo, Refused> {
    let client = place.session.cloudtrail(&place.region);
    Ok(event_data_store(&client.get_event_data_store().event_data_store(arn).send().await?))
}

async fn store_insights(place: &Place<'_>, arn: &str) -> Result<InsightSelectorsAnswer, Refused> {
    let client = place.session.cloudtrail(&place.region);
    let answer = client.get_insight_selectors().event_data_store(arn).send().await?;
    Ok(insights(answer.insight_selectors()))
}

async fn channels(asking: &Asking<'_>, place: &Place<'_>) {
    let listed = list_channels(place).await;
    let answer = asking.record(place.asked(""), Operation::ListChannels, listed, Data::ListChannels);
    for own in answer.map(|answer| answer.channels).unwrap_or_default() {
        let outcome = get_channel(place, &own.channel_arn).await;
        asking.record(place.asked(&own.channel_arn), Operation::GetChannel, outcome, Data::GetChannel);
    }
}

async fn list_channels(place: &Place<'_>) -> Result<ChannelsAnswer, Refused> {
    let mut pages = place.session.cloudtrail(&place.region).list_channels().into_paginator().send();
    let mut channels = Vec::new();
    while let Some(page) = pages.next().await {
        channels.extend(page?.channels().iter().map(|own| ListedChannel {
            channel_arn: own.channel_arn().unwrap_or_default().to_owned(),
            name: own.name().unwrap_or_default().to_owned(),
        }));
    }
    Ok(ChannelsAnswer { channels })
}

async fn get_channel(place: &Place<'_>, arn: &str) -> Result<ChannelInfo, Refused> {
    let client = place.session.cloudtrail(&place.region);
    Ok(channel(&client.get_channel().channel(arn).send().await?))
}

/// A trail, once, wherever it is seen, with who can tell about it.
#[derive(Debug, Clone)]
pub(super) struct SeenTrail<'a> {
    pub(super) arn: String,
    pub(super) info: TrailInfo,
    /// The owner if it is read, else the first account that sees the trail; in the home Region.
    pub(super) place: Place<'a>,
}

/// Puts the trails of all Regions and accounts together.
pub(super) fn distinct<'a>(
    seen: impl IntoIterator<Item = (Place<'a>, Vec<TrailInfo>)>,
    sessions: &'a [Session],
) -> Vec<SeenTrail<'a>> {
    let mut trails: BTreeMap<String, SeenTrail<'a>> = BTreeMap::new();
    for (place, infos) in seen {
        for info in infos {
            let Some(arn) = info.trail_arn.clone() else { continue };
            if trails.contains_key(&arn) {
                continue;
            }
            let owner = arn.split(':').nth(4).unwrap_or_default();
            let session = sessions.iter().find(|own| own.account == owner).unwrap_or(place.session);
            let region = info.home_region.clone().unwrap_or_else(|| place.region.clone());
            trails.insert(arn.clone(), SeenTrail { arn, info, place: Place { session, region } });
        }
    }
    trails.into_values().collect()
}

/// Asks how a trail is set.
pub(super) async fn trail_details(asking: &Asking<'_>, seen: &SeenTrail<'_>) {
    let SeenTrail { arn, info, place } = seen;
    let asked = || place.asked(arn);
    let status = get_trail_status(place, arn).await;
    asking.record(asked(), Operation::GetTrailStatus, status, Data::GetTrailStatus);
    let selectors = get_event_selectors(place, arn).await;
    asking.record(asked(), Operation::GetEventSelectors, selectors, Data::GetEventSelectors);
    if info.has_insight_selectors != Some(false) {
        let selectors = trail_insights(place, arn).await;
        asking.record(asked(), Operation::GetInsightSelectors, selectors, Data::GetInsightSelectors);
    }
    let configuration = get_event_configuration(place, arn).await;
    asking.record(asked(), Operation::GetEventConfiguration, configuration, Data::GetEventConfiguration);
}

async fn get_trail_status(place: &Place<'_>, arn: &str) -> Result<TrailStatus, Refused> {
    let answer = place.session.cloudtrail(&place.region).get_trail_status().name(arn).send().await?;
    Ok(TrailStatus {
        is_logging: answer.is_logging(),
        latest_delivery_error: answer.latest_delivery_error().map(str::to_owned),
    })
}

async fn get_event_selectors(place: &Place<'_>, arn: &str) -> Result<EventSelectorsAnswer, Refused> {
    let client = place.session.cloudtrail(&place.region);
    Ok(event_selectors(&client.get_event_selectors().trail_name(arn).send().await?))
}

async fn trail_insights(place: &Place<'_>, arn: &str) -> Result<InsightSelectorsAnswer, Refused> {
    let client = place.session.cloudtrail(&place.region);
    let answer = client.get_insight_selectors().trail_name(arn).send().await?;
    Ok(insights(answer.insight_selectors()))
}

async fn get_event_configuration(place: &Place<'_>, arn: &str) -> Result<EventConfiguration, Refused> {
    let client = place.session.cloudtrail(&place.region);
    Ok(event_configuration(&client.get_event_configuration().trail_name(arn).send().await?))
}
