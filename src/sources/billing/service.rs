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
    let (_, code) = NAMES.iter().find(|(own, _)| own.as_bytes() == name)?;
    known(code).then_some((*code).into())
}
