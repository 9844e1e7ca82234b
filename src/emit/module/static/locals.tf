locals {
  # An organization trail is the management account's, whoever creates it.
  trail_owner_id = var.management_account_id == null ? var.trail_account_id : var.management_account_id

  dns_suffix = var.partition == "aws-cn" ? "amazonaws.com.cn" : "amazonaws.com"

  trail_arn     = "arn:${var.partition}:cloudtrail:${var.region}:${local.trail_owner_id}:trail/${var.trail_name}"
  log_group_arn = "arn:${var.partition}:logs:${var.region}:${var.trail_account_id}:log-group:${var.log_group_name}"
  bucket_arn    = "arn:${var.partition}:s3:::${var.bucket_name}"

  # Whose folders the bucket has: the account that owns the trail, and of an organization trail the organization.
  log_folders = concat(
    ["AWSLogs/${local.trail_owner_id}"],
    var.organization_id == null ? [] : ["AWSLogs/${var.organization_id}"],
  )

  # Below which Athena finds the accounts.
  athena_folder = var.organization_id == null ? "AWSLogs/" : "AWSLogs/${coalesce(var.organization_id, "-")}/"
}
