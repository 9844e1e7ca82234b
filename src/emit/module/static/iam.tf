# For those who read logs: this trail's files, this key, this workgroup and this table, and nothing that changes them.

resource "aws_iam_policy" "log_reader" {
  provider    = aws.archive
  name_prefix = "cloudtrail-log-reader-"
  description = "Reads log files of the trail ${var.trail_name}, and queries them with Athena."

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid      = "ReadLogFiles"
        Effect   = "Allow"
        Action   = "s3:GetObject"
        Resource = "${local.bucket_arn}/AWSLogs/*"
      },
      {
        Sid       = "ListLogFiles"
        Effect    = "Allow"
        Action    = "s3:ListBucket"
        Resource  = local.bucket_arn
        Condition = { StringLike = { "s3:prefix" = ["AWSLogs", "AWSLogs/*"] } }
      },
      {
        Sid      = "FindTheBucket"
        Effect   = "Allow"
        Action   = "s3:GetBucketLocation"
        Resource = local.bucket_arn
      },
      {
        Sid       = "DecryptLogFiles"
        Effect    = "Allow"
        Action    = "kms:Decrypt"
        Resource  = aws_kms_key.logs.arn
        Condition = { StringEquals = { "kms:ViaService" = "s3.${var.archive_region}.${local.dns_suffix}" } }
      },
      {
        Sid    = "QueryInTheWorkgroup"
        Effect = "Allow"
        Action = [
          "athena:GetQueryExecution",
          "athena:GetQueryResults",
          "athena:GetQueryResultsStream",
          "athena:GetWorkGroup",
          "athena:StartQueryExecution",
          "athena:StopQueryExecution",
        ]
        Resource = aws_athena_workgroup.logs.arn
      },
      {
        Sid    = "FindTheTable"
        Effect = "Allow"
        Action = ["glue:GetDatabase", "glue:GetPartitions", "glue:GetTable"]
        Resource = [
          "arn:${var.partition}:glue:${var.archive_region}:${var.archive_account_id}:catalog",
          "arn:${var.partition}:glue:${var.archive_region}:${var.archive_account_id}:database/${aws_glue_catalog_database.logs.name}",
          "arn:${var.partition}:glue:${var.archive_region}:${var.archive_account_id}:table/${aws_glue_catalog_database.logs.name}/*",
        ]
      },
    ]
  })
}
