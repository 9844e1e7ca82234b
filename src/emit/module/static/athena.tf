# Queries: a workgroup in which no query scans more than it may, with results that Athena keeps for a day without a bucket.

resource "aws_athena_workgroup" "logs" {
  # checkov:skip=CKV_AWS_159:managed results are always encrypted, by a key that Athena owns, and gone after a day
  provider    = aws.archive
  name        = "${var.name_prefix}-logs"
  description = "Queries on log files of the trail ${var.trail_name}"

  configuration {
    enforce_workgroup_configuration    = true
    publish_cloudwatch_metrics_enabled = true
    bytes_scanned_cutoff_per_query     = var.athena_scan_limit_bytes

    managed_query_results_configuration {
      enabled = true
    }
  }
}

resource "aws_glue_catalog_database" "logs" {
  provider    = aws.archive
  name        = var.name_prefix
  description = "Log files of the trail ${var.trail_name}"
}
