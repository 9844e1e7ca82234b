//! The usual volumes by the names that scenarios use, and what the bill calls them.

use crate::domain::Component;

/// A volume that has a name of its own.
pub(super) struct BillName {
    pub(super) name: &'static str,
    pub(super) usage_type: &'static str,
    pub(super) component: Component,
}

/// The service of all of them.
pub(super) const SERVICE: &str = "AWSCloudTrail";

/// Every named volume.
///
/// Source: CloudTrail user guide, "AWS CloudTrail usage types". All of them are billed per event.
pub(super) const BILL_NAMES: [BillName; 8] = [
    BillName {
        name: "free_management_events",
        usage_type: "FreeEventsRecorded",
        component: Component::ManagementCopies,
    },
    BillName {
        name: "paid_management_events",
        usage_type: "PaidEventsRecorded",
        component: Component::ManagementCopies,
    },
    BillName { name: "s3_data_events", usage_type: "DataEventsRecorded", component: Component::DataEventsS3 },
    BillName {
        name: "lambda_data_events",
        usage_type: "DataEventsRecorded",
        component: Component::DataEventsLambda,
    },
    BillName {
        name: "other_data_events",
        usage_type: "DataEventsRecorded",
        component: Component::DataEventsOther,
    },
    BillName {
        name: "network_activity_events",
        usage_type: "NetworkEventsRecorded",
        component: Component::NetworkActivity,
    },
    BillName {
        name: "insights_events",
        usage_type: "InsightsEvents",
        component: Component::InsightsManagement,
    },
    BillName {
        name: "data_insights_events",
        usage_type: "DataInsightsEvents",
        component: Component::InsightsData,
    },
];
