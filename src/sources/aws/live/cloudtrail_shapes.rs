//! CloudTrail's answers, from the SDK's shapes into ours.

use crate::sources::aws::answers::{
    AdvancedSelector, AggregationConfiguration, ChannelDestination, ChannelInfo, ChannelSourceConfig,
    DataResource, EventConfiguration, EventDataStoreInfo, EventSelector, EventSelectorsAnswer, FieldTest,
    InsightSelector, InsightSelectorsAnswer, TrailInfo,
};
use aws_sdk_cloudtrail::operation::get_channel::GetChannelOutput;
use aws_sdk_cloudtrail::operation::get_event_configuration::GetEventConfigurationOutput;
use aws_sdk_cloudtrail::operation::get_event_data_store::GetEventDataStoreOutput;
use aws_sdk_cloudtrail::operation::get_event_selectors::GetEventSelectorsOutput;
use aws_sdk_cloudtrail::types;

fn owned(text: Option<&str>) -> Option<String> {
    text.map(str::to_owned)
}

pub(super) fn trail(own: &types::Trail) -> TrailInfo {
    TrailInfo {
        name: own.name().unwrap_or_default().to_owned(),
        trail_arn: owned(own.trail_arn()),
        home_region: owned(own.home_region()),
        is_multi_region_trail: own.is_multi_region_trail(),
        is_organization_trail: own.is_organization_trail(),
        include_global_service_events: own.include_global_service_events(),
        s3_bucket_name: own.s3_bucket_name.clone(),
        s3_key_prefix: own.s3_key_prefix.clone(),
        sns_topic_arn: owned(own.sns_topic_arn()),
        log_file_validation_enabled: own.log_file_validation_enabled(),
        cloud_watch_logs_log_group_arn: owned(own.cloud_watch_logs_log_group_arn()),
        kms_key_id: owned(own.kms_key_id()),
        has_custom_event_selectors: own.has_custom_event_selectors(),
        has_insight_selectors: own.has_insight_selectors(),
    }
}

pub(super) fn event_selectors(own: &GetEventSelectorsOutput) -> EventSelectorsAnswer {
    let basic = |own: &types::EventSelector| EventSelector {
        read_write_type: own.read_write_type().map(|kind| kind.as_str().to_owned()),
        include_management_events: own.include_management_events(),
        data_resources: own
            .data_resources()
            .iter()
            .map(|data| DataResource {
                resource_type: data.r#type().unwrap_or_default().to_owned(),
                values: data.values().to_vec(),
            })
            .collect(),
        exclude_management_event_sources: own.exclude_management_event_sources().to_vec(),
    };
    EventSelectorsAnswer {
        trail_arn: owned(own.trail_arn()),
        event_selectors: own.event_selectors().iter().map(basic).collect(),
        advanced_event_selectors: advanced(own.advanced_event_selectors()),
    }
}

fn advanced(selectors: &[types::AdvancedEventSelector]) -> Vec<AdvancedSelector> {
    let test = |own: &types::AdvancedFieldSelector| FieldTest {
        field: own.field().to_owned(),
        equals: own.equals().to_vec(),
        starts_with: own.starts_with().to_vec(),
        ends_with: own.ends_with().to_vec(),
        not_equals: own.not_equals().to_vec(),
        not_starts_with: own.not_starts_with().to_vec(),
        not_ends_with: own.not_ends_with().to_vec(),
    };
    selectors
        .iter()
        .map(|own| AdvancedSelector {
            name: owned(own.name()),
            field_selectors: own.field_selectors().iter().map(test).collect(),
        })
        .collect()
}

pub(super) fn insights(selectors: &[types::InsightSelector]) -> InsightSelectorsAnswer {
    let selector = |own: &types::InsightSelector| InsightSelector {
        insight_type: own.insight_type().map_or("", |kind| kind.as_str()).to_owned(),
        event_categories: own.event_categories().iter().map(|kind| kind.as_str().to_owned()).collect(),
    };
    InsightSelectorsAnswer { insight_selectors: selectors.iter().map(selector).collect() }
}

pub(super) fn event_configuration(own: &GetEventConfigurationOutput) -> EventConfiguration {
    EventConfiguration {
        max_event_size: own.max_event_size().map(|size| size.as_str().to_owned()),
        aggregation_configurations: own
            .aggregation_configurations()
            .iter()
            .map(|own| AggregationConfiguration {
                event_category: own.event_category().as_str().to_owned(),
                templates: own.templates().iter().map(|template| template.as_str().to_owned()).collect(),
            })
            .collect(),
    }
}

pub(super) fn event_data_store(own: &GetEventDataStoreOutput) -> EventDataStoreInfo {
    EventDataStoreInfo {
        event_data_store_arn: own.event_data_store_arn().unwrap_or_default().to_owned(),
        name: own.name().unwrap_or_default().to_owned(),
        status: own.status().map(|status| status.as_str().to_owned()),
        multi_region_enabled: own.multi_region_enabled(),
        organization_enabled: own.organization_enabled(),
        retention_period: own.retention_period(),
        billing_mode: own.billing_mode().map(|mode| mode.as_str().to_owned()),
        kms_key_id: owned(own.kms_key_id()),
        advanced_event_selectors: advanced(own.advanced_event_selectors()),
        insight_selectors: Vec::new(),
    }
}

pub(super) fn channel(own: &GetChannelOutput) -> ChannelInfo {
    ChannelInfo {
        channel_arn: own.channel_arn().unwrap_or_default().to_owned(),
        name: own.name().unwrap_or_default().to_owned(),
        source: owned(own.source()),
        destinations: own
            .destinations()
            .iter()
            .map(|destination| ChannelDestination {
                destination_type: destination.r#type().as_str().to_owned(),
                location: destination.location().to_owned(),
            })
            .collect(),
        source_config: own.source_config().map(|config| ChannelSourceConfig {
            apply_to_all_regions: config.apply_to_all_regions(),
            advanced_event_selectors: advanced(config.advanced_event_selectors()),
        }),
    }
}
