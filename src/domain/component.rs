//! The components that a cost is shown by.

use super::growth::GrowthCategory;

macro_rules! components {
    ($($(#[$doc:meta])* $variant:ident = $id:literal, $label:literal, $growth:ident;)+) => {
        /// A part of the cost that people ask about. The order is the order of every report.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Component {
            $($(#[$doc])* $variant,)+
        }

        impl Component {
            /// Every component in report order.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// Returns the stable id used in JSON, CSV and the price tables.
            pub fn id(self) -> &'static str {
                match self { $(Self::$variant => $id,)+ }
            }

            /// Returns the label that people read.
            pub fn label(self) -> &'static str {
                match self { $(Self::$variant => $label,)+ }
            }

            /// Returns the growth category that a directly given volume of this component follows.
            pub fn growth_category(self) -> GrowthCategory {
                match self { $(Self::$variant => GrowthCategory::$growth,)+ }
            }
        }
    };
}

components! {
    /// Management events: the free first copy and every paid further copy.
    ManagementCopies = "management_copies", "Management event copies", ManagementEvents;
    /// Data events of `AWS::S3::Object`.
    DataEventsS3 = "data_events_s3", "Data events, S3", DataEvents;
    /// Data events of `AWS::Lambda::Function`.
    DataEventsLambda = "data_events_lambda", "Data events, Lambda", DataEvents;
    /// Data events of every other resource type.
    DataEventsOther = "data_events_other", "Data events, other", DataEvents;
    /// Network activity events of VPC endpoints.
    NetworkActivity = "network_activity", "Network activity events", NetworkActivityEvents;
    /// Management events analysed by Insights.
    InsightsManagement = "insights_management", "Insights on management events", ManagementEvents;
    /// Data events analysed by Insights.
    InsightsData = "insights_data", "Insights on data events", DataEvents;
    /// Aggregation of data events.
    Aggregation = "aggregation", "Event aggregation", DataEvents;
    /// Ingestion into event data stores.
    LakeIngestion = "lake_ingestion", "Lake ingestion", Lake;
    /// Extended retention of event data stores.
    LakeRetention = "lake_retention", "Lake retention", Lake;
    /// Queries over event data stores.
    LakeQuery = "lake_query", "Lake queries", Lake;
    /// Events delivered to CloudWatch Logs without a trail.
    CloudwatchDelivery = "cloudwatch_delivery", "Delivery to CloudWatch", Other;
    /// Storage of log and digest files in S3.
    S3Storage = "s3_storage", "S3 storage", Other;
    /// Requests to S3, and retrieval.
    S3Requests = "s3_requests", "S3 requests", Other;
    /// Lifecycle transitions between storage classes.
    S3Transitions = "s3_transitions", "S3 transitions", Other;
    /// KMS keys and requests.
    Kms = "kms", "KMS", Other;
    /// Ingestion, storage and queries of CloudWatch Logs.
    CloudwatchLogs = "cloudwatch_logs", "CloudWatch Logs", Other;
    /// Metric filters' custom metrics, and alarms.
    CloudwatchMetricsAlarms = "cloudwatch_metrics_alarms", "CloudWatch metrics and alarms", Other;
    /// SNS publishes and deliveries.
    Sns = "sns", "SNS", Other;
    /// `EventBridge` events.
    Eventbridge = "eventbridge", "EventBridge", Other;
    /// Athena queries over the logs.
    Athena = "athena", "Athena", Other;
    /// Lambda functions that relay alerts.
    Lambda = "lambda", "Lambda", Other;
    /// Copies in other buckets, accounts or Regions, and the transfer to them.
    Replication = "replication", "Replication and transfer", Other;
    /// A usage type that belongs to none of the above.
    Other = "other", "Other usage", Other;
}

impl Component {
    /// Returns the component with this id.
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|component| component.id() == id)
    }

    /// Returns the position in [`Self::ALL`].
    #[inline]
    pub fn index(self) -> usize {
        self as usize
    }

    /// Returns the component that data events of a resource type are shown under.
    pub fn of_data_events(resource_type: Option<&str>) -> Self {
        match resource_type {
            Some("AWS::S3::Object") => Self::DataEventsS3,
            Some("AWS::Lambda::Function") => Self::DataEventsLambda,
            _ => Self::DataEventsOther,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_unique_and_lead_back() {
        for (index, component) in Component::ALL.iter().enumerate() {
            assert_eq!(Component::from_id(component.id()), Some(*component));
            assert_eq!(component.index(), index);
        }
        assert_eq!(Component::from_id("nothing"), None);
    }
}
