variable "region" {
  description = "The Region of the trail, its log group, alarms and topics: the trail's home Region."
  type        = string
}

variable "archive_region" {
  description = "The Region of the log bucket and its key."
  type        = string
}

variable "trail_account_id" {
  description = "The account that creates the trail and has its log group, alarms and topics: the one account of a trail that is not an organization's; else the organization's management account, or its delegated administrator for CloudTrail."
  type        = string

  validation {
    condition     = can(regex("^[0-9]{12}$", var.trail_account_id))
    error_message = "Fill in trail_account_id: an account id has 12 digits."
  }
}

variable "management_account_id" {
  description = "The organization's management account, which owns an organization trail even where a delegated administrator creates it; null for a trail of one account."
  type        = string
  default     = null

  validation {
    condition     = var.management_account_id == null || can(regex("^[0-9]{12}$", var.management_account_id))
    error_message = "Fill in management_account_id: an account id has 12 digits."
  }
}

variable "archive_account_id" {
  description = "The log archive account, which owns the log bucket. It should be another account than the trail's."
  type        = string

  validation {
    condition     = can(regex("^[0-9]{12}$", var.archive_account_id))
    error_message = "Fill in archive_account_id: an account id has 12 digits."
  }
}

variable "organization_id" {
  description = "The organization's id (o-…). The trail is an organization trail if this is set, and one account's if it is null."
  type        = string
  default     = null

  validation {
    condition     = var.organization_id == null || can(regex("^o-[a-z0-9]{10,32}$", var.organization_id))
    error_message = "Fill in organization_id: o- and 10 to 32 small letters and digits, or null."
  }
}

variable "partition" {
  description = "The partition of ARNs: aws, aws-us-gov or aws-cn, as the Regions are."
  type        = string

  validation {
    condition     = can(regex("^aws(-[a-z]+)*$", var.partition))
    error_message = "Fill in partition: aws, aws-us-gov or aws-cn."
  }
}

variable "trail_profile" {
  description = "The AWS CLI profile for the trail's account; null takes the credentials of the environment."
  type        = string
  default     = null
}

variable "archive_profile" {
  description = "The AWS CLI profile for the log archive account; null takes the credentials of the environment."
  type        = string
  default     = null
}

variable "tags" {
  description = "Tags of every resource."
  type        = map(string)
  default     = {}
}

variable "name_prefix" {
  description = "What the names of keys, workgroup and database begin with: another one for a second module in the same accounts."
  type        = string
  default     = "cloudtrail"

  validation {
    condition     = can(regex("^[a-z][a-z0-9_]{0,63}$", var.name_prefix))
    error_message = "A name's beginning has up to 64 small letters, digits and underscores, and a letter at the front."
  }
}

variable "alarm_name_prefix" {
  description = "What the names of alarms begin with. CloudWatch replaces an alarm of the same name in the account and Region without a word: give a second module another one."
  type        = string
  default     = ""
}

variable "trail_name" {
  description = "The trail's name."
  type        = string

  validation {
    condition     = can(regex("^[A-Za-z0-9][A-Za-z0-9._-]{1,126}[A-Za-z0-9]$", var.trail_name))
    error_message = "A trail's name has 3 to 128 letters, digits, dots, dashes and underscores, and a letter or digit at both ends."
  }
}

variable "bucket_name" {
  description = "The log bucket's name, which nobody else in the world may have."
  type        = string

  validation {
    condition     = can(regex("^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$", var.bucket_name))
    error_message = "A bucket's name has 3 to 63 small letters, digits, dots and dashes, and a letter or digit at both ends."
  }
}

variable "access_log_bucket" {
  description = "A bucket of the log archive account and Region that gets the log bucket's server access logs; null writes none. They cost a request and storage each time that somebody reads or writes a log file."
  type        = string
  default     = null
}

variable "object_lock_days" {
  description = "Days for which nobody, not even the root user, can delete a log file (Object Lock, compliance mode); null locks none. Object Lock cannot be taken off a bucket again."
  type        = number
  default     = null
}

variable "log_reader_role_arns" {
  description = "ARNs of roles in the log archive account that may decrypt log files. Attach the policy of the output log_reader_policy_arn to them as well."
  type        = list(string)
  default     = []
}

variable "log_group_name" {
  description = "The name of the CloudWatch log group that metric filters watch."
  type        = string

  validation {
    condition     = can(regex("^[A-Za-z0-9._/#-]{1,512}$", var.log_group_name))
    error_message = "A log group's name has up to 512 letters, digits and . _ / # -."
  }
}

variable "log_group_retention_days" {
  description = "Days for which CloudWatch Logs keeps events; null keeps them for ever. The bucket keeps them longer, and cheaper."
  type        = number
}

variable "metric_namespace" {
  description = "The namespace of the metrics that the filters send to."
  type        = string
  default     = "CloudTrail/Monitoring"
}

variable "alert_topic_name" {
  description = "The name of the topic that alarms send to."
  type        = string

  validation {
    condition     = can(regex("^[A-Za-z0-9_-]{1,256}$", var.alert_topic_name))
    error_message = "A topic's name has up to 256 letters, digits, dashes and underscores."
  }
}

variable "alert_emails" {
  description = "Addresses that alarms are sent to. Each gets a message in which it has to confirm."
  type        = list(string)

  validation {
    condition     = alltrue([for own in var.alert_emails : can(regex("^[^@[:space:]]+@[^@[:space:]]+[.][a-z]{2,}$", own))])
    error_message = "Fill in alert_emails: addresses such as security@your-company.com, or an empty list."
  }
}

variable "slack_team_id" {
  description = "The id of the Slack workspace (T…) that Amazon Q Developer in chat applications is allowed into; null sends nothing to Slack."
  type        = string
  default     = null
}

variable "slack_channel_id" {
  description = "The id of the Slack channel (C…) that gets alarms; null sends nothing to Slack."
  type        = string
  default     = null
}

variable "athena_account_ids" {
  description = "The accounts whose logs Athena finds. Partition projection needs to know each."
  type        = list(string)
}

variable "athena_regions" {
  description = "The Regions whose logs Athena finds. Partition projection needs to know each."
  type        = list(string)
}

variable "athena_first_day" {
  description = "The first day whose logs Athena finds, such as 2026/01/31."
  type        = string

  validation {
    condition     = can(regex("^[0-9]{4}/[0-9]{2}/[0-9]{2}$", var.athena_first_day))
    error_message = "A day is written as 2026/01/31."
  }
}

variable "athena_scan_limit_bytes" {
  description = "The most bytes that one query may scan; Athena ends it there. The default is 100 GiB."
  type        = number
  default     = 107374182400
}
