# Two accounts: the one that owns the trail (the organization's management account), and the log archive account, in which
# nobody works. Terraform stops where the credentials are those of another account.

provider "aws" {
  alias               = "trail"
  region              = var.region
  profile             = var.trail_profile
  allowed_account_ids = [var.trail_account_id]

  default_tags {
    tags = var.tags
  }
}

provider "aws" {
  alias               = "archive"
  region              = var.archive_region
  profile             = var.archive_profile
  allowed_account_ids = [var.archive_account_id]

  default_tags {
    tags = var.tags
  }
}
