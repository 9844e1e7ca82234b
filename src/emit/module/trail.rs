//! The trail, and the bucket's lifecycle.

use super::design::ModuleDesign;
use super::error::ModuleError;
use crate::emit::hcl::{Item, Value, render};
use crate::emit::lifecycle;
use crate::emit::selection::Selection;
use crate::emit::selector_limits::Recorder;

/// Days after which the parts of an upload that was never finished are thrown away.
const UNFINISHED_DAYS: u32 = 7;

/// Returns `trail.tf`.
pub(super) fn trail(design: &ModuleDesign) -> Result<String, ModuleError> {
    let Some(trail) = design.trail() else { return Ok(String::new()) };
    let raw = |text: &str| Value::raw(text);
    let mut items = Vec::new();
    let tells_of_files = trail.delivery.sns_topic.is_some();
    if !tells_of_files {
        items.push(Item::comment(
            "checkov:skip=CKV_AWS_252:nothing consumes a notice of each log file, and each is a request that costs",
        ));
    }
    items.extend([
        Item::set("provider", raw("aws.trail")),
        Item::set("name", raw("var.trail_name")),
        Item::set("s3_bucket_name", raw("aws_s3_bucket.logs.id")),
        Item::set("kms_key_id", raw("aws_kms_key.logs.arn")),
        Item::set("is_multi_region_trail", raw("true")),
        Item::set("is_organization_trail", raw("var.organization_id != null")),
        Item::set("include_global_service_events", raw("true")),
        Item::set("enable_logging", raw("true")),
        Item::set("enable_log_file_validation", raw("true")),
        Item::set("cloud_watch_logs_group_arn", raw("\"${aws_cloudwatch_log_group.trail.arn}:*\"")),
        Item::set("cloud_watch_logs_role_arn", raw("aws_iam_role.cloudtrail_to_logs.arn")),
    ]);
    let mut before = vec!["aws_s3_bucket_policy.logs", "aws_iam_role_policy.cloudtrail_to_logs"];
    if tells_of_files {
        items.push(Item::set("sns_topic_name", raw("aws_sns_topic.log_files.name")));
        before.push("aws_sns_topic_policy.log_files");
    }
    let selection = Selection::advanced(&trail.selectors, Recorder::Trail).map_err(ModuleError::Selectors)?;
    items.extend(selection.terraform());
    items.extend(trail.insights.iter().map(|own| {
        Item::block(
            "insight_selector",
            vec![Item::set("insight_type", Value::text(own.insights_type.name()))],
        )
    }));
    items.push(Item::blank());
    items.push(Item::set("depends_on", Value::Raws(before.into_iter().map(str::to_owned).collect())));
    Ok(render(&[
        Item::comment("The trail. What it records are the scenario's event selectors."),
        Item::blank(),
        Item::resource("aws_cloudtrail", "trail", items),
    ]))
}

/// Returns `lifecycle.tf`.
pub(super) fn lifecycle_rules(design: &ModuleDesign) -> Result<String, ModuleError> {
    let Some(bucket) = design.bucket() else { return Ok(String::new()) };
    let mut items = vec![
        Item::set("provider", Value::raw("aws.archive")),
        Item::set("bucket", Value::raw("aws_s3_bucket.logs.id")),
    ];
    items.extend(lifecycle::terraform(bucket).map_err(ModuleError::Lifecycle)?);
    items.push(Item::block(
        "rule",
        vec![
            Item::set("id", Value::text("clean-up")),
            Item::set("status", Value::text("Enabled")),
            Item::block("filter", Vec::new()),
            Item::block("expiration", vec![Item::set("expired_object_delete_marker", Value::raw(true))]),
            Item::block(
                "abort_incomplete_multipart_upload",
                vec![Item::set("days_after_initiation", Value::raw(UNFINISHED_DAYS))],
            ),
        ],
    ));
    items.push(Item::blank());
    let before = vec!["aws_s3_bucket_versioning.logs".to_owned()];
    items.push(Item::set("depends_on", Value::Raws(before)));
    Ok(render(&[
        Item::comment(
            "How long log files stay in which class: the cheapest that the scenario's demands allow, or its own.",
        ),
        Item::blank(),
        Item::resource("aws_s3_bucket_lifecycle_configuration", "logs", items),
    ]))
}
