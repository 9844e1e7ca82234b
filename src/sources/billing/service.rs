//! Services by the names that exports use.

use crate::domain::UsageTypeCatalog;

/// CloudTrail's code.
pub(super) const CLOUDTRAIL: &str = "AWSCloudTrail";

/// Names of services (FOCUS `ServiceName`, Cost Explorer) and their codes. Source: FOCUS sample data of the FinOps Foundation,
/// AWS's rows; `product_servicename` of CUR rows; the AWS services' names in Cost Explorer.
const NAMES: [(&str, &str); 17] = [
    ("AWS CloudTrail", CLOUDTRAIL),
    ("CloudTrail", CLOUDTRAIL),
    ("Amazon Simple Storage Service", "AmazonS3"),
    ("S3", "AmazonS3"),
    ("AWS Key Management Service", "awskms"),
    ("Key Management Service", "awskms"),
    ("AmazonCloudWatch", "AmazonCloudWatch"),
    ("Amazon CloudWatch", "AmazonCloudWatch"),
    ("CloudWatch", "AmazonCloudWatch"),
    ("Amazon Simple Notification Service", "AmazonSNS"),
    ("SNS", "AmazonSNS"),
    ("CloudWatch Events", "AWSEvents"),
    ("Amazon EventBridge", "AWSEvents"),
    ("Amazon Athena", "AmazonAthena"),
    ("AWS Lambda", "AWSLambda"),
    ("AWS Glue", "AWSGlue"),
    ("AWS Data Transfer", "AWSDataTransfer"),
];

/// Returns the code of a service that is taken: CloudTrail, or one of the catalog's. By its code or its name.
pub(super) fn service_of<'a>(
    code: &'a [u8],
    name: &[u8],
    catalog: &UsageTypeCatalog,
) -> Option<std::borrow::Cow<'a, str>> {
    let known = |code: &str| code == CLOUDTRAIL || catalog.has_service(code);
    if !code.is_empty() {
        let code = std::str::from_utf8(code).ok()?;
        return known(code).then_some(code.into());
    }
    if let Some((_, code)) = NAMES.iter().find(|(own, _)| own.as_bytes() == name) {
        return known(code).then_some((*code).into());
    }
    // A bill that was written by this program names services by their codes.
    let code = std::str::from_utf8(name).ok().filter(|name| known(name))?;
    Some(code.to_owned().into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{CatalogEntry, Component, Unit};

    #[test]
    fn services_are_known_by_code_and_by_name() {
        let mut catalog = UsageTypeCatalog::default();
        let entry = CatalogEntry { unit: Unit::new("GB-Mo"), component: Component::Other };
        catalog.insert("AmazonS3", "TimedStorage-ByteHrs", entry);
        for (code, name, expected) in [
            ("AWSCloudTrail", "", Some("AWSCloudTrail")),
            ("AmazonS3", "anything", Some("AmazonS3")),
            ("AmazonEC2", "AWS CloudTrail", None),
            ("", "AWS CloudTrail", Some("AWSCloudTrail")),
            ("", "Amazon Simple Storage Service", Some("AmazonS3")),
            ("", "AWSCloudTrail", Some("AWSCloudTrail")),
            ("", "AmazonS3", Some("AmazonS3")),
            ("", "AmazonEC2", None),
        ] {
            let found = service_of(code.as_bytes(), name.as_bytes(), &catalog);
            assert_eq!(found.as_deref(), expected, "{code} {name}");
        }
    }
}
