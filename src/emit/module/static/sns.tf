# Where alarms go: e-mail, and a Slack channel.

resource "aws_sns_topic" "alerts" {
  provider          = aws.trail
  name              = var.alert_topic_name
  kms_master_key_id = aws_kms_key.monitoring.arn
}

resource "aws_sns_topic_policy" "alerts" {
  provider = aws.trail
  arn      = aws_sns_topic.alerts.arn

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid       = "AlarmsPublish"
        Effect    = "Allow"
        Principal = { Service = "cloudwatch.amazonaws.com" }
        Action    = "sns:Publish"
        Resource  = aws_sns_topic.alerts.arn
        Condition = {
          StringEquals = { "aws:SourceAccount" = var.trail_account_id }
          ArnLike      = { "aws:SourceArn" = "arn:${var.partition}:cloudwatch:${var.region}:${var.trail_account_id}:alarm:*" }
        }
      },
      {
        Sid       = "NothingWithoutTls"
        Effect    = "Deny"
        Principal = "*"
        Action    = "sns:Publish"
        Resource  = aws_sns_topic.alerts.arn
        Condition = { Bool = { "aws:SecureTransport" = "false" } }
      },
    ]
  })
}

resource "aws_sns_topic_subscription" "email" {
  for_each  = toset(var.alert_emails)
  provider  = aws.trail
  topic_arn = aws_sns_topic.alerts.arn
  protocol  = "email"
  endpoint  = each.value
}

# Slack by Amazon Q Developer in chat applications (formerly AWS Chatbot): the workspace lets it in once, in the console, so
# that there is no webhook URL, which would be a secret in the state, and no function to run and patch.

resource "aws_iam_role" "slack" {
  count       = var.slack_channel_id == null ? 0 : 1
  provider    = aws.trail
  name_prefix = "cloudtrail-alerts-slack-"
  description = "By this the chat looks at the alarms that it shows, and does nothing else."

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "chatbot.amazonaws.com" }
      Action    = "sts:AssumeRole"
      Condition = { StringEquals = { "aws:SourceAccount" = var.trail_account_id } }
    }]
  })
}

resource "aws_iam_policy" "slack" {
  count       = var.slack_channel_id == null ? 0 : 1
  provider    = aws.trail
  name_prefix = "cloudtrail-alerts-slack-"
  description = "The alarms of the trail ${var.trail_name}, to look at."

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = "cloudwatch:DescribeAlarms"
      Resource = [for own in aws_cloudwatch_metric_alarm.monitored : own.arn]
    }]
  })
}

resource "aws_iam_role_policy_attachment" "slack" {
  count      = var.slack_channel_id == null ? 0 : 1
  provider   = aws.trail
  role       = aws_iam_role.slack[0].name
  policy_arn = aws_iam_policy.slack[0].arn
}

resource "aws_chatbot_slack_channel_configuration" "alerts" {
  count                 = var.slack_channel_id == null ? 0 : 1
  provider              = aws.trail
  configuration_name    = "${var.name_prefix}-alerts"
  slack_team_id         = var.slack_team_id
  slack_channel_id      = var.slack_channel_id
  iam_role_arn          = aws_iam_role.slack[0].arn
  guardrail_policy_arns = [aws_iam_policy.slack[0].arn]
  sns_topic_arns        = [aws_sns_topic.alerts.arn]
  logging_level         = "ERROR"
}
