output "trail_arn" {
  description = "The trail's ARN."
  value       = aws_cloudtrail.trail.arn
}

output "bucket_arn" {
  description = "The log bucket's ARN."
  value       = aws_s3_bucket.logs.arn
}

output "log_key_arn" {
  description = "The ARN of the key that encrypts log files."
  value       = aws_kms_key.logs.arn
}

output "log_group_arn" {
  description = "The log group's ARN."
  value       = aws_cloudwatch_log_group.trail.arn
}

output "alert_topic_arn" {
  description = "The ARN of the topic that alarms send to."
  value       = aws_sns_topic.alerts.arn
}

output "log_reader_policy_arn" {
  description = "The ARN of the policy that lets a role of the log archive account read log files and query them."
  value       = aws_iam_policy.log_reader.arn
}

output "athena_workgroup" {
  description = "The Athena workgroup to query log files in."
  value       = aws_athena_workgroup.logs.name
}

output "athena_table" {
  description = "The table over the log files, with its database."
  value       = "${aws_glue_catalog_database.logs.name}.${aws_glue_catalog_table.logs.name}"
}
