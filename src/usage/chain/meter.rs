//! The usage types that the logs cause in other services.
//!
//! Sources: S3 user guide, "Understanding your AWS billing and usage reports for Amazon S3"; CloudWatch, KMS, SNS,
//! EventBridge, Athena and Lambda usage types as they stand on bills. Names that begin with `x_` are ours (see
//! `pricing/README.md`).

use crate::domain::{Component, Meter, StorageClass, Unit};

macro_rules! meters {
    ($($variant:ident = $service:literal, $usage_type:literal, $unit:literal, $component:ident;)+) => {
        /// A usage type of the chain.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub(in crate::usage) enum ChainMeter {
            $($variant,)+
        }

        impl ChainMeter {
            pub(in crate::usage) const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// Returns service, usage type and unit.
            pub(in crate::usage) fn meter(self) -> Meter {
                let (service, usage_type, unit) = match self {
                    $(Self::$variant => ($service, $usage_type, $unit),)+
                };
                Meter { service: service.to_owned(), usage_type: usage_type.to_owned(), unit: Unit::new(unit) }
            }

            /// Returns the component that it is shown under.
            pub(super) fn component(self) -> Component {
                match self { $(Self::$variant => Component::$component,)+ }
            }
        }
    };
}

meters! {
    Standard = "AmazonS3", "TimedStorage-ByteHrs", "GB-Mo", S3Storage;
    StandardIa = "AmazonS3", "TimedStorage-SIA-ByteHrs", "GB-Mo", S3Storage;
    OneZoneIa = "AmazonS3", "TimedStorage-ZIA-ByteHrs", "GB-Mo", S3Storage;
    FrequentAccess = "AmazonS3", "TimedStorage-INT-FA-ByteHrs", "GB-Mo", S3Storage;
    InfrequentAccess = "AmazonS3", "TimedStorage-INT-IA-ByteHrs", "GB-Mo", S3Storage;
    ArchiveInstantAccess = "AmazonS3", "TimedStorage-INT-AIA-ByteHrs", "GB-Mo", S3Storage;
    ArchiveAccess = "AmazonS3", "TimedStorage-INT-AA-ByteHrs", "GB-Mo", S3Storage;
    DeepArchiveAccess = "AmazonS3", "TimedStorage-INT-DAA-ByteHrs", "GB-Mo", S3Storage;
    GlacierInstant = "AmazonS3", "TimedStorage-GIR-ByteHrs", "GB-Mo", S3Storage;
    GlacierFlexible = "AmazonS3", "TimedStorage-GlacierByteHrs", "GB-Mo", S3Storage;
    DeepArchive = "AmazonS3", "TimedStorage-GDA-ByteHrs", "GB-Mo", S3Storage;
    StandardIaSmall = "AmazonS3", "TimedStorage-SIA-SmObjects", "GB-Mo", S3Storage;
    OneZoneIaSmall = "AmazonS3", "TimedStorage-ZIA-SmObjects", "GB-Mo", S3Storage;
    GlacierInstantSmall = "AmazonS3", "TimedStorage-GIR-SmObjects", "GB-Mo", S3Storage;
    StandardIaSmallEarly = "AmazonS3", "EarlyDelete-SIA-SmObjects", "GB-Mo", S3Storage;
    OneZoneIaSmallEarly = "AmazonS3", "EarlyDelete-ZIA-SmObjects", "GB-Mo", S3Storage;
    GlacierInstantSmallEarly = "AmazonS3", "EarlyDelete-GIR-SmObjects", "GB-Mo", S3Storage;
    StandardIaEarly = "AmazonS3", "EarlyDelete-SIA", "GB-Mo", S3Storage;
    OneZoneIaEarly = "AmazonS3", "EarlyDelete-ZIA", "GB-Mo", S3Storage;
    GlacierInstantEarly = "AmazonS3", "EarlyDelete-GIR", "GB-Mo", S3Storage;
    GlacierFlexibleEarly = "AmazonS3", "EarlyDelete-ByteHrs", "GB-Mo", S3Storage;
    DeepArchiveEarly = "AmazonS3", "EarlyDelete-GDA", "GB-Mo", S3Storage;
    Monitoring = "AmazonS3", "Monitoring-Automation-INT", "Objects", S3Storage;
    Put = "AmazonS3", "Requests-Tier1", "Requests", S3Requests;
    PutStandardIa = "AmazonS3", "Requests-SIA-Tier1", "Requests", S3Requests;
    PutOneZoneIa = "AmazonS3", "Requests-ZIA-Tier1", "Requests", S3Requests;
    PutIntelligent = "AmazonS3", "Requests-INT-Tier1", "Requests", S3Requests;
    PutGlacierInstant = "AmazonS3", "Requests-GIR-Tier1", "Requests", S3Requests;
    PutGlacierFlexible = "AmazonS3", "Requests-GLACIER-Tier1", "Requests", S3Requests;
    PutDeepArchive = "AmazonS3", "Requests-GDA-Tier1", "Requests", S3Requests;
    Get = "AmazonS3", "Requests-Tier2", "Requests", S3Requests;
    GetStandardIa = "AmazonS3", "Requests-SIA-Tier2", "Requests", S3Requests;
    GetOneZoneIa = "AmazonS3", "Requests-ZIA-Tier2", "Requests", S3Requests;
    GetIntelligent = "AmazonS3", "Requests-INT-Tier2", "Requests", S3Requests;
    GetGlacierInstant = "AmazonS3", "Requests-GIR-Tier2", "Requests", S3Requests;
    GetGlacierFlexible = "AmazonS3", "Requests-GLACIER-Tier2", "Requests", S3Requests;
    GetDeepArchive = "AmazonS3", "Requests-GDA-Tier2", "Requests", S3Requests;
    ToInfrequent = "AmazonS3", "Requests-Tier4", "Requests", S3Transitions;
    ToGlacierInstant = "AmazonS3", "x_Requests-Tier4-GIR", "Requests", S3Transitions;
    ToGlacierFlexible = "AmazonS3", "Requests-Tier3", "Requests", S3Transitions;
    ToDeepArchive = "AmazonS3", "x_Requests-Tier3-GDA", "Requests", S3Transitions;
    RetrievalStandardIa = "AmazonS3", "Retrieval-SIA", "GB", S3Requests;
    RetrievalOneZoneIa = "AmazonS3", "Retrieval-ZIA", "GB", S3Requests;
    RetrievalGlacierInstant = "AmazonS3", "Retrieval-GIR", "GB", S3Requests;
    RestoreExpedited = "AmazonS3", "Requests-Tier6", "Requests", S3Requests;
    RestoreStandard = "AmazonS3", "x_Requests-Tier3-Restore", "Requests", S3Requests;
    RestoreBulk = "AmazonS3", "Requests-Tier5", "Requests", S3Requests;
    RestoreDeepStandard = "AmazonS3", "Requests-GDA-Tier3", "Requests", S3Requests;
    RestoreDeepBulk = "AmazonS3", "Requests-GDA-Tier5", "Requests", S3Requests;
    RestoredExpedited = "AmazonS3", "Expedited-Retrieval-Bytes", "GB", S3Requests;
    RestoredStandard = "AmazonS3", "Standard-Retrieval-Bytes", "GB", S3Requests;
    RestoredBulk = "AmazonS3", "Bulk-Retrieval-Bytes", "GB", S3Requests;
    RestoredDeepStandard = "AmazonS3", "x_Standard-Retrieval-Bytes-GDA", "GB", S3Requests;
    RestoredDeepBulk = "AmazonS3", "x_Bulk-Retrieval-Bytes-GDA", "GB", S3Requests;
    LogIngestion = "AmazonCloudWatch", "DataProcessing-Bytes", "GB", CloudwatchLogs;
    LogIngestionInfrequent = "AmazonCloudWatch", "DataProcessingIA-Bytes", "GB", CloudwatchLogs;
    LogStorage = "AmazonCloudWatch", "TimedStorage-ByteHrs", "GB-Mo", CloudwatchLogs;
    LogScanned = "AmazonCloudWatch", "DataScanned-Bytes", "GB", CloudwatchLogs;
    Metric = "AmazonCloudWatch", "CW:MetricMonitorUsage", "Metrics", CloudwatchMetricsAlarms;
    Alarm = "AmazonCloudWatch", "CW:AlarmMonitorUsage", "Alarms", CloudwatchMetricsAlarms;
    HighResolutionAlarm = "AmazonCloudWatch", "CW:HighResAlarmMonitorUsage", "Alarms", CloudwatchMetricsAlarms;
    CompositeAlarm = "AmazonCloudWatch", "CW:CompositeAlarmMonitorUsage", "Alarms", CloudwatchMetricsAlarms;
    Key = "awskms", "KMS-Keys", "Keys", Kms;
    KeyRequest = "awskms", "KMS-Requests", "Requests", Kms;
    Publish = "AmazonSNS", "Requests-Tier1", "Requests", Sns;
    DeliveryHttp = "AmazonSNS", "DeliveryAttempts-HTTP", "Notifications", Sns;
    DeliveryEmail = "AmazonSNS", "DeliveryAttempts-SMTP", "Notifications", Sns;
    BusEvent = "AWSEvents", "Event-64K-Chunks", "64K-Chunks", Eventbridge;
    CrossAccountEvent = "AWSEvents", "x_CrossAccountDelivery-64K-Chunks", "64K-Chunks", Eventbridge;
    Scanned = "AmazonAthena", "DataScannedInTB", "Terabytes", Athena;
    FunctionRequest = "AWSLambda", "Request", "Requests", Lambda;
    FunctionSecond = "AWSLambda", "Lambda-GB-Second", "Lambda-GB-Second", Lambda;
    TransferOut = "AWSDataTransfer", "AWS-Out-Bytes", "GB", Replication;
    TransferOutUsEast = "AWSDataTransfer", "x_AWS-Out-Bytes-us-east", "GB", Replication;
}

/// Returns the request that writes an object into a class.
pub(super) fn put(class: StorageClass) -> ChainMeter {
    match class {
        StorageClass::Standard => ChainMeter::Put,
        StorageClass::StandardIa => ChainMeter::PutStandardIa,
        StorageClass::OneZoneIa => ChainMeter::PutOneZoneIa,
        StorageClass::IntelligentTiering => ChainMeter::PutIntelligent,
        StorageClass::GlacierInstantRetrieval => ChainMeter::PutGlacierInstant,
        StorageClass::GlacierFlexibleRetrieval => ChainMeter::PutGlacierFlexible,
        StorageClass::DeepArchive => ChainMeter::PutDeepArchive,
    }
}

/// Returns the request that reads an object of a class.
pub(super) fn get(class: StorageClass) -> ChainMeter {
    match class {
        StorageClass::Standard => ChainMeter::Get,
        StorageClass::StandardIa => ChainMeter::GetStandardIa,
        StorageClass::OneZoneIa => ChainMeter::GetOneZoneIa,
        StorageClass::IntelligentTiering => ChainMeter::GetIntelligent,
        StorageClass::GlacierInstantRetrieval => ChainMeter::GetGlacierInstant,
        StorageClass::GlacierFlexibleRetrieval => ChainMeter::GetGlacierFlexible,
        StorageClass::DeepArchive => ChainMeter::GetDeepArchive,
    }
}

/// Returns the request that moves an object into a class; nothing moves into Standard.
pub(super) fn transition(class: StorageClass) -> Option<ChainMeter> {
    Some(match class {
        StorageClass::Standard => return None,
        StorageClass::StandardIa | StorageClass::OneZoneIa | StorageClass::IntelligentTiering => {
            ChainMeter::ToInfrequent
        }
        StorageClass::GlacierInstantRetrieval => ChainMeter::ToGlacierInstant,
        StorageClass::GlacierFlexibleRetrieval => ChainMeter::ToGlacierFlexible,
        StorageClass::DeepArchive => ChainMeter::ToDeepArchive,
    })
}

/// Returns the retrieval charge of classes that are read at once.
pub(super) fn retrieval(class: StorageClass) -> Option<ChainMeter> {
    match class {
        StorageClass::StandardIa => Some(ChainMeter::RetrievalStandardIa),
        StorageClass::OneZoneIa => Some(ChainMeter::RetrievalOneZoneIa),
        StorageClass::GlacierInstantRetrieval => Some(ChainMeter::RetrievalGlacierInstant),
        _ => None,
    }
}
