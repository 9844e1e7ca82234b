# The log group, by which metric filters see each event a few minutes after it happens, and an alarm for each filter of
# monitored.tf.

resource "aws_cloudwatch_log_group" "trail" {
  # checkov:skip=CKV_AWS_338:the bucket keeps events for years; here they are kept for alarms and investigations
  provider          = aws.trail
  name              = var.log_group_name
  retention_in_days = var.log_group_retention_days
  kms_key_id        = aws_kms_key.monitoring.arn
}

resource "aws_iam_role" "cloudtrail_to_logs" {
  provider    = aws.trail
  name_prefix = "cloudtrail-to-logs-"
  description = "By this CloudTrail writes events of the trail ${var.trail_name} to its log group, and does nothing else."

  # CloudTrail takes this role without telling which trail it acts for: a condition on aws:SourceArn would shut it out.
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "cloudtrail.amazonaws.com" }
      Action    = "sts:AssumeRole"
    }]
  })
}

resource "aws_iam_role_policy" "cloudtrail_to_logs" {
  provider = aws.trail
  name     = "write-to-the-log-group"
  role     = aws_iam_role.cloudtrail_to_logs.id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect = "Allow"
      Action = ["logs:CreateLogStream", "logs:PutLogEvents"]
      Resource = [
        for own in distinct(compact([var.trail_account_id, local.trail_owner_id, var.organization_id])) :
        "${local.log_group_arn}:log-stream:${own}_*"
      ]
    }]
  })
}

resource "aws_cloudwatch_log_metric_filter" "monitored" {
  for_each       = local.monitored
  provider       = aws.trail
  name           = each.key
  log_group_name = aws_cloudwatch_log_group.trail.name
  pattern        = each.value.pattern

  metric_transformation {
    name          = each.key
    namespace     = var.metric_namespace
    value         = "1"
    default_value = each.value.default_value
  }
}

resource "aws_cloudwatch_metric_alarm" "monitored" {
  for_each            = local.monitored
  provider            = aws.trail
  alarm_name          = "${var.alarm_name_prefix}${each.key}"
  alarm_description   = each.value.title
  namespace           = var.metric_namespace
  metric_name         = each.key
  statistic           = "Sum"
  period              = 300
  evaluation_periods  = 1
  threshold           = 1
  comparison_operator = "GreaterThanOrEqualToThreshold"
  treat_missing_data  = "notBreaching"
  alarm_actions       = [aws_sns_topic.alerts.arn]

  depends_on = [aws_cloudwatch_log_metric_filter.monitored]
}
