# Two keys, each in the account and Region of what it encrypts: log files, and log group and topics.

resource "aws_kms_key" "logs" {
  provider                = aws.archive
  description             = "Log files of the trail ${var.trail_name}"
  enable_key_rotation     = true
  deletion_window_in_days = 30

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid       = "TheAccountManagesTheKey"
        Effect    = "Allow"
        Principal = { AWS = "arn:${var.partition}:iam::${var.archive_account_id}:root" }
        Action    = "kms:*"
        Resource  = "*"
      },
      {
        Sid       = "CloudTrailEncrypts"
        Effect    = "Allow"
        Principal = { Service = "cloudtrail.amazonaws.com" }
        Action    = "kms:GenerateDataKey*"
        Resource  = "*"
        Condition = {
          StringEquals = { "aws:SourceArn" = local.trail_arn }
          StringLike   = { "kms:EncryptionContext:aws:cloudtrail:arn" = "arn:${var.partition}:cloudtrail:*:${local.trail_owner_id}:trail/*" }
        }
      },
      {
        Sid       = "CloudTrailLooksAtTheKey"
        Effect    = "Allow"
        Principal = { Service = "cloudtrail.amazonaws.com" }
        Action    = "kms:DescribeKey"
        Resource  = "*"
        Condition = { StringEquals = { "aws:SourceArn" = local.trail_arn } }
      },
      {
        # Without readers the account alone, which may do so anyway: a statement must name a principal.
        Sid       = "ReadersDecryptThroughS3"
        Effect    = "Allow"
        Principal = { AWS = concat(["arn:${var.partition}:iam::${var.archive_account_id}:root"], var.log_reader_role_arns) }
        Action    = "kms:Decrypt"
        Resource  = "*"
        Condition = { StringEquals = { "kms:ViaService" = "s3.${var.archive_region}.${local.dns_suffix}" } }
      },
    ]
  })
}

resource "aws_kms_alias" "logs" {
  provider      = aws.archive
  name          = "alias/${var.name_prefix}-logs"
  target_key_id = aws_kms_key.logs.key_id
}

resource "aws_kms_key" "monitoring" {
  provider                = aws.trail
  description             = "The log group and topics of the trail ${var.trail_name}"
  enable_key_rotation     = true
  deletion_window_in_days = 30

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid       = "TheAccountManagesTheKey"
        Effect    = "Allow"
        Principal = { AWS = "arn:${var.partition}:iam::${var.trail_account_id}:root" }
        Action    = "kms:*"
        Resource  = "*"
      },
      {
        Sid       = "CloudWatchLogsEncrypts"
        Effect    = "Allow"
        Principal = { Service = "logs.${var.region}.${local.dns_suffix}" }
        Action    = ["kms:Encrypt*", "kms:Decrypt*", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:Describe*"]
        Resource  = "*"
        Condition = { ArnEquals = { "kms:EncryptionContext:aws:logs:arn" = local.log_group_arn } }
      },
      {
        Sid       = "AlarmsAndCloudTrailPublish"
        Effect    = "Allow"
        Principal = { Service = ["cloudwatch.amazonaws.com", "cloudtrail.amazonaws.com"] }
        Action    = ["kms:Decrypt", "kms:GenerateDataKey*"]
        Resource  = "*"
        Condition = { StringEquals = { "aws:SourceAccount" = distinct([var.trail_account_id, local.trail_owner_id]) } }
      },
    ]
  })
}

resource "aws_kms_alias" "monitoring" {
  provider      = aws.trail
  name          = "alias/${var.name_prefix}-monitoring"
  target_key_id = aws_kms_key.monitoring.key_id
}
