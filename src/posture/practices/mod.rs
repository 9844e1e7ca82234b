//! The practices, a family a file. Each documents itself; the reference is generated from what stands here.
#![expect(clippy::unnecessary_wraps, reason = "every practice has one signature")]

mod alerts;
mod buckets;
mod data;
mod delivery;
mod project;
mod running;
mod trails;

use super::practice::{Practice, PracticeDoc};
use crate::recommend::Source;

/// Every practice, in the order of the lists.
pub(super) const ALL: &[Practice] = &[
    trails::MULTI_REGION,
    trails::ORGANIZATION,
    delivery::KMS,
    buckets::PRIVATE,
    delivery::VALIDATION,
    buckets::ARCHIVE_ACCOUNT,
    delivery::CLOUDWATCH,
    alerts::ROOT,
    alerts::IAM_POLICY,
    alerts::SECURITY_GROUP,
    alerts::S3_PUBLIC_ACCESS,
    alerts::TRAIL_CHANGE,
    alerts::REST,
    data::SELECTIVE,
    buckets::LIFECYCLE,
    buckets::LEAST_PRIVILEGE,
    data::DUPLICATES,
    data::IDLE_INSIGHTS,
    project::VERSIONS,
    project::REGION,
    project::STATE_FILES,
    project::BACKEND,
    running::PLAN_FIRST,
    running::VERSION_CONTROL,
    running::BY_HAND,
];

/// Returns the documentation of every practice, in the order of the lists.
pub fn practices() -> Vec<PracticeDoc> {
    ALL.iter().map(|own| own.doc).collect()
}

/// CloudTrail's own page on security.
const SECURITY: Source = Source {
    title: "AWS CloudTrail User Guide, Security best practices in AWS CloudTrail",
    address: "https://docs.aws.amazon.com/awscloudtrail/latest/userguide/best-practices-security.html",
};
/// Security Hub's controls of CloudTrail.
const HUB_CLOUDTRAIL: Source = Source {
    title: "AWS Security Hub user guide, Security Hub controls for CloudTrail",
    address: "https://docs.aws.amazon.com/securityhub/latest/userguide/cloudtrail-controls.html",
};
/// Security Hub's controls of S3.
const HUB_S3: &str = "https://docs.aws.amazon.com/securityhub/latest/userguide/s3-controls.html";
/// The sections of the CIS benchmark as Steampipe's module numbers them.
const CIS_STORAGE_5: &str = "https://github.com/turbot/steampipe-mod-aws-compliance/blob/4932b669788d424780a20d57bc95eb6fa3a00191/cis_v500/section_2.pp";
const CIS_STORAGE_6: &str = "https://github.com/turbot/steampipe-mod-aws-compliance/blob/2b44f8dd44f294ceb7e90a80f1d82f663bfa7915/cis_v600/section_3.pp";
const CIS_MONITORING_6: &str = "https://github.com/turbot/steampipe-mod-aws-compliance/blob/144f8f9923bd9f977b5a9354211eec61a6e48da0/cis_v600/section_5.pp";
const CIS_MONITORING_5: &str = "https://github.com/turbot/steampipe-mod-aws-compliance/blob/48d05eef6a3a458bab3170bc39e9f20940be3be5/cis_v500/section_4.pp";
/// Terraform's own page on style.
const TERRAFORM_STYLE: Source = Source {
    title: "Terraform documentation, Style guide",
    address: "https://developer.hashicorp.com/terraform/language/style",
};
