//! Which detections rest on which events.
//!
//! Source: CIS AWS Foundations Benchmark, section on monitoring (the metric filters that Security Hub's CloudWatch.1 to
//! CloudWatch.14 check), and the CloudTrail user guide for what is a data event.

use crate::domain::{Access, EventCategory, EventClass, EventSource, Field};

/// Detections that need management events that write.
const WRITES: [&str; 13] = [
    "root login",
    "console sign-in without MFA",
    "failed console sign-in",
    "IAM policy change",
    "CloudTrail configuration change",
    "S3 bucket policy change (public access)",
    "AWS Config change",
    "security group change",
    "network ACL change",
    "network gateway change",
    "route table change",
    "VPC change",
    "AWS Organizations change",
];

/// Returns the detections that need events of a class.
pub(super) fn detections(class: &EventClass) -> Vec<&'static str> {
    let is_kms = class.fields.get(&Field::EventSource) == Some(&EventSource::Kms.value());
    let is_rds = class.fields.get(&Field::EventSource) == Some(&EventSource::RdsData.value());
    match (class.category, class.access, class.resource_type()) {
        (EventCategory::Management, Access::Read, _) if is_kms => vec!["who decrypts with which key"],
        (EventCategory::Management, _, _) if is_kms => vec!["disabling or deletion of a KMS key"],
        (EventCategory::Management, _, _) if is_rds => vec!["who queries databases through the RDS Data API"],
        (EventCategory::Management, Access::Read, _) => {
            vec!["unauthorized API calls that read", "reconnaissance"]
        }
        (EventCategory::Management, _, _) => WRITES.to_vec(),
        (EventCategory::Data, Access::Read, Some("AWS::S3::Object")) => vec!["who read which S3 object"],
        (EventCategory::Data, Access::Write, Some("AWS::S3::Object")) => {
            vec!["who wrote or deleted which S3 object"]
        }
        (EventCategory::Data, Access::Mixed, Some("AWS::S3::Object")) => {
            vec!["who read which S3 object", "who wrote or deleted which S3 object"]
        }
        (EventCategory::Data, _, Some("AWS::Lambda::Function")) => vec!["who invoked which function"],
        (EventCategory::Data, _, _) => vec!["who used which resource"],
        (EventCategory::NetworkActivity, _, _) => vec!["calls through VPC endpoints that were denied"],
    }
}
