//! Services as FOCUS names and sorts them.

/// A service's name and place in FOCUS.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Service {
    pub(super) name: &'static str,
    pub(super) category: &'static str,
    pub(super) subcategory: &'static str,
}

/// Codes, names, categories and subcategories.
///
/// Source of names and categories: AWS's rows in the FOCUS sample data of the FinOps Foundation, bills of September 2024 (EventBridge,
/// Athena, Glue and data transfer: the names on AWS's bills). Subcategories are those of FOCUS 1.2 that fit the service's purpose; the
/// sample is older than they are.
const SERVICES: [(&str, Service); 10] = [
    ("AWSCloudTrail", service("AWS CloudTrail", "Management and Governance", "Compliance")),
    ("AWSDataTransfer", service("AWS Data Transfer", "Networking", "Other (Networking)")),
    ("AWSEvents", service("Amazon EventBridge", "Integration", "Messaging")),
    ("AWSGlue", service("AWS Glue", "Analytics", "Data Processing")),
    ("AWSLambda", service("AWS Lambda", "Compute", "Serverless Compute")),
    ("AmazonAthena", service("Amazon Athena", "Analytics", "Analytics Platforms")),
    ("AmazonCloudWatch", service("AmazonCloudWatch", "Management and Governance", "Observability")),
    ("AmazonS3", service("Amazon Simple Storage Service", "Storage", "Object Storage")),
    ("AmazonSNS", service("Amazon Simple Notification Service", "Integration", "Messaging")),
    ("awskms", service("AWS Key Management Service", "Identity", "Other (Identity)")),
];

const fn service(name: &'static str, category: &'static str, subcategory: &'static str) -> Service {
    Service { name, category, subcategory }
}

/// Returns a known service; of another one nothing but its code is known.
pub(super) fn of(code: &str) -> Option<Service> {
    SERVICES.iter().find(|(own, _)| *own == code).map(|(_, service)| *service)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_service_with_a_built_in_table_is_known() {
        for (name, _) in crate::pricing::TABLES {
            let code = name.strip_suffix(".csv").unwrap();
            assert!(of(code).is_some(), "{code}");
        }
        assert_eq!(of("AmazonEC2"), None);
    }
}
