//! One call and its outcome.

use super::{
    AlarmsAnswer, AssumedRole, BucketEncryption, BucketLocation, BucketMetricsAnswer, BucketReplication,
    BucketVersioning, CallerIdentity, ChannelInfo, ChannelsAnswer, CostAndUsageAnswer, EventConfiguration,
    EventDataStoreInfo, EventDataStoresAnswer, EventSelectorsAnswer, InsightSelectorsAnswer, LifecycleAnswer,
    LogGroupsAnswer, LookedUpEvents, MetricFiltersAnswer, MetricStatistics, MetricsAnswer, ObjectLockAnswer,
    OrganizationAccountsAnswer, OrganizationAnswer, RegionsAnswer, SubscriptionsAnswer, TrailListAnswer,
    TrailStatus, TrailsAnswer,
};

/// Why a call brought nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RefusalKind {
    /// The caller may not: `AccessDenied`, `UnauthorizedOperation`, an organization's policy …
    Denied,
    /// The thing asked for is not there or not configured: no lifecycle rules, no such bucket …
    Absent,
    /// Credentials are missing, wrong or expired.
    Credentials,
    /// AWS went on throttling, or answered 5xx, through every retry; or the network failed.
    Unavailable,
    /// Anything else.
    Other,
}

/// A call that brought nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// Why.
    pub kind: RefusalKind,
    /// AWS's error code, such as `AccessDeniedException`; empty when there was no answer.
    pub code: String,
    /// The IAM action that the call needs, such as `cloudtrail:DescribeTrails`.
    pub action: String,
}

/// Where and about what a call was made.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Asked {
    /// The account whose credentials asked; empty where a recording does not say.
    pub account: String,
    /// The Region asked.
    pub region: String,
    /// What was asked about: a trail's ARN, a bucket, a log group; empty where it is everything.
    pub subject: String,
}

/// A call with its outcome. Pages are put together: one call, one answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// Where and about what.
    pub asked: Asked,
    /// What came back.
    pub outcome: Result<Data, (Operation, Refusal)>,
}

macro_rules! operations {
    ($($variant:ident($data:ty) = $service:literal, $operation:literal;)+) => {
        /// The operations that are called. Every one of them only reads.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Operation {
            $(#[doc = concat!("`", $service, ":", $operation, "`")] $variant,)+
        }

        impl Operation {
            /// Every operation.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// Returns the service and the operation as in a recording's file name.
            pub fn name(self) -> (&'static str, &'static str) {
                match self { $(Self::$variant => ($service, $operation),)+ }
            }
        }

        /// What an operation answers.
        #[derive(Debug, Clone, PartialEq)]
        pub enum Data {
            $(#[doc = concat!("`", $service, ":", $operation, "`")] $variant($data),)+
        }

        impl Data {
            /// Returns the operation that answers so.
            pub fn operation(&self) -> Operation {
                match self { $(Self::$variant(_) => Operation::$variant,)+ }
            }

            /// Turns the answer into JSON of AWS's shape.
            ///
            /// # Errors
            /// Only when a figure cannot be written as JSON.
            pub fn to_json(&self) -> Result<serde_json::Value, serde_json::Error> {
                match self { $(Self::$variant(data) => serde_json::to_value(data),)+ }
            }

            /// Reads an operation's answer from JSON of AWS's shape. Members that are not used are passed over.
            ///
            /// # Errors
            /// When a member that is used has another shape.
            pub fn from_json(operation: Operation, value: serde_json::Value) -> Result<Self, serde_json::Error> {
                match operation { $(Operation::$variant => serde_json::from_value(value).map(Self::$variant),)+ }
            }
        }
    };
}

operations! {
    GetCallerIdentity(CallerIdentity) = "sts", "GetCallerIdentity";
    ListRegions(RegionsAnswer) = "account", "ListRegions";
    DescribeOrganization(OrganizationAnswer) = "organizations", "DescribeOrganization";
    ListAccounts(OrganizationAccountsAnswer) = "organizations", "ListAccounts";
    AssumeRole(AssumedRole) = "sts", "AssumeRole";
    ListTrails(TrailListAnswer) = "cloudtrail", "ListTrails";
    DescribeTrails(TrailsAnswer) = "cloudtrail", "DescribeTrails";
    GetTrailStatus(TrailStatus) = "cloudtrail", "GetTrailStatus";
    GetEventSelectors(EventSelectorsAnswer) = "cloudtrail", "GetEventSelectors";
    GetInsightSelectors(InsightSelectorsAnswer) = "cloudtrail", "GetInsightSelectors";
    GetEventConfiguration(EventConfiguration) = "cloudtrail", "GetEventConfiguration";
    ListEventDataStores(EventDataStoresAnswer) = "cloudtrail", "ListEventDataStores";
    GetEventDataStore(EventDataStoreInfo) = "cloudtrail", "GetEventDataStore";
    ListChannels(ChannelsAnswer) = "cloudtrail", "ListChannels";
    GetChannel(ChannelInfo) = "cloudtrail", "GetChannel";
    LookupEvents(LookedUpEvents) = "cloudtrail", "LookupEvents";
    GetBucketLocation(BucketLocation) = "s3", "GetBucketLocation";
    GetBucketEncryption(BucketEncryption) = "s3", "GetBucketEncryption";
    GetBucketLifecycleConfiguration(LifecycleAnswer) = "s3", "GetBucketLifecycleConfiguration";
    GetBucketVersioning(BucketVersioning) = "s3", "GetBucketVersioning";
    GetObjectLockConfiguration(ObjectLockAnswer) = "s3", "GetObjectLockConfiguration";
    GetBucketReplication(BucketReplication) = "s3", "GetBucketReplication";
    ListBucketMetricsConfigurations(BucketMetricsAnswer) = "s3", "ListBucketMetricsConfigurations";
    DescribeLogGroups(LogGroupsAnswer) = "logs", "DescribeLogGroups";
    DescribeMetricFilters(MetricFiltersAnswer) = "logs", "DescribeMetricFilters";
    ListMetrics(MetricsAnswer) = "cloudwatch", "ListMetrics";
    GetMetricData(MetricStatistics) = "cloudwatch", "GetMetricData";
    DescribeAlarms(AlarmsAnswer) = "cloudwatch", "DescribeAlarms";
    ListSubscriptionsByTopic(SubscriptionsAnswer) = "sns", "ListSubscriptionsByTopic";
    GetCostAndUsage(CostAndUsageAnswer) = "ce", "GetCostAndUsage";
}

/// Everything that was asked and answered in one run.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Answers {
    /// The day of the run, `YYYY-MM-DD`, UTC.
    pub taken_on: String,
    /// The first day that metrics were asked for.
    pub from: String,
    /// The last day that metrics were asked for.
    pub to: String,
    /// Whether the run was interrupted before everything was asked.
    pub partial: bool,
    /// The answers, sorted by account, Region, operation, subject.
    pub answers: Vec<Answer>,
}
