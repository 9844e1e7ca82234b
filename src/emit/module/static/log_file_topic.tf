# CloudTrail tells this topic of each log file that it delivers, as the scenario says. Nothing here subscribes to it.

resource "aws_sns_topic" "log_files" {
  provider          = aws.trail
  name              = var.log_file_topic_name
  kms_master_key_id = aws_kms_key.monitoring.arn
}

resource "aws_sns_topic_policy" "log_files" {
  provider = aws.trail
  arn      = aws_sns_topic.log_files.arn

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "CloudTrailPublishes"
      Effect    = "Allow"
      Principal = { Service = "cloudtrail.amazonaws.com" }
      Action    = "sns:Publish"
      Resource  = aws_sns_topic.log_files.arn
      Condition = { StringEquals = { "aws:SourceArn" = local.trail_arn } }
    }]
  })
}

variable "log_file_topic_name" {
  description = "The name of the topic that CloudTrail tells of each log file."
  type        = string

  validation {
    condition     = can(regex("^[A-Za-z0-9_-]{1,256}$", var.log_file_topic_name))
    error_message = "A topic's name has up to 256 letters, digits, dashes and underscores."
  }
}
