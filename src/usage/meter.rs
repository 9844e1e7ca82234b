//! The usage types that usage is derived into.
//!
//! Source: CloudTrail user guide, "AWS CloudTrail usage types"; names that begin with `x_` are ours, as no source names
//! the usage type (see `pricing/README.md`).

use crate::domain::{Meter, Unit};

/// A usage type that this room can derive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Derived {
    FreeEvents,
    PaidEvents,
    DataEvents,
    NetworkEvents,
    Insights,
    DataInsights,
    Aggregation,
    LakeOneYearLive,
    LakeOneYearOther,
    LakeSevenYear,
    LakeStorage,
    LakeScanned,
    DirectDelivery,
    LogIngestion,
}

impl Derived {
    pub(super) const ALL: [Self; 14] = [
        Self::FreeEvents,
        Self::PaidEvents,
        Self::DataEvents,
        Self::NetworkEvents,
        Self::Insights,
        Self::DataInsights,
        Self::Aggregation,
        Self::LakeOneYearLive,
        Self::LakeOneYearOther,
        Self::LakeSevenYear,
        Self::LakeStorage,
        Self::LakeScanned,
        Self::DirectDelivery,
        Self::LogIngestion,
    ];

    /// Returns service, usage type and unit.
    pub(super) fn meter(self) -> Meter {
        let (service, usage_type, unit) = match self {
            Self::FreeEvents => ("AWSCloudTrail", "FreeEventsRecorded", "Events"),
            Self::PaidEvents => ("AWSCloudTrail", "PaidEventsRecorded", "Events"),
            Self::DataEvents => ("AWSCloudTrail", "DataEventsRecorded", "Events"),
            Self::NetworkEvents => ("AWSCloudTrail", "NetworkEventsRecorded", "Events"),
            Self::Insights => ("AWSCloudTrail", "InsightsEvents", "Events"),
            Self::DataInsights => ("AWSCloudTrail", "DataInsightsEvents", "Events"),
            Self::Aggregation => ("AWSCloudTrail", "x_AggregatedEvents", "Events"),
            Self::LakeOneYearLive => {
                ("AWSCloudTrail", "Ingestion-Bytes-1yearstore-Live-CloudTrail-Logs", "GB")
            }
            Self::LakeOneYearOther => {
                ("AWSCloudTrail", "Ingestion-Bytes-1yearstore-Other-data-sources", "GB")
            }
            Self::LakeSevenYear => ("AWSCloudTrail", "Ingestion-Bytes", "GB"),
            Self::LakeStorage => ("AWSCloudTrail", "PaidStorage-ByteHrs", "GB-Mo"),
            Self::LakeScanned => ("AWSCloudTrail", "QueryScanned-Bytes", "GB"),
            Self::DirectDelivery => ("AWSCloudTrail", "x_CloudWatchDelivery-Bytes", "GB"),
            Self::LogIngestion => ("AmazonCloudWatch", "DataProcessing-Bytes", "GB"),
        };
        Meter { service: service.to_owned(), usage_type: usage_type.to_owned(), unit: Unit::new(unit) }
    }
}
