//! Where a trail delivers, as options of `create-trail` and `update-trail`.

use super::arn;
use super::command::{Command, Line, Word};
use super::draft::Draft;
use super::resource::Place;
use super::saved::SavedFile;
use crate::domain::{Inventory, Trail};

/// A setting of a trail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Setting {
    /// Whether it records every Region.
    MultiRegion,
    /// The bucket.
    Bucket,
    /// Whether log files are encrypted with SSE-KMS.
    Kms,
    /// Whether log file validation is on.
    Validation,
    /// The log group.
    LogGroup,
    /// The topic.
    Topic,
}

impl Setting {
    /// Every setting.
    pub(super) const ALL: [Self; 6] =
        [Self::MultiRegion, Self::Bucket, Self::Kms, Self::Validation, Self::LogGroup, Self::Topic];

    /// Returns the words for it.
    pub(super) fn words(self) -> &'static str {
        match self {
            Self::MultiRegion => "Regions recorded",
            Self::Bucket => "bucket",
            Self::Kms => "encryption with a KMS key",
            Self::Validation => "log file validation",
            Self::LogGroup => "CloudWatch log group",
            Self::Topic => "SNS topic told of each log file",
        }
    }

    /// Returns what a trail has, in words.
    pub(super) fn value(self, trail: &Trail) -> String {
        let delivery = &trail.delivery;
        let on_off = |own: Option<bool>| if own == Some(true) { "on" } else { "off" }.to_owned();
        let named = |own: &Option<String>| own.clone().unwrap_or_else(|| "none".to_owned());
        match self {
            Self::MultiRegion if trail.multi_region => "every Region".to_owned(),
            Self::MultiRegion => trail.home_region.to_string(),
            Self::Bucket => named(&delivery.bucket),
            Self::Kms => on_off(delivery.kms),
            Self::Validation => on_off(delivery.log_file_validation),
            Self::LogGroup => named(&delivery.log_group),
            Self::Topic => named(&delivery.sns_topic),
        }
    }

    /// Adds the option that gives a trail what this one has.
    ///
    /// An empty text takes a log group, a topic or a key away (CloudTrail user guide, "Stopping CloudTrail from sending
    /// events to CloudWatch Logs", "Disabling log file encryption with the AWS CLI").
    pub(super) fn option(self, line: Line, trail: &Trail, inventory: &Inventory, draft: &Draft) -> Line {
        let delivery = &trail.delivery;
        match self {
            Self::MultiRegion => line.switch("is-multi-region-trail", trail.multi_region),
            Self::Bucket => match &delivery.bucket {
                Some(name) => line.value("--s3-bucket-name", name),
                None => line.variable(
                    "--s3-bucket-name",
                    &draft.variable("BUCKET"),
                    "the bucket that the trail delivers to",
                ),
            },
            Self::Kms if delivery.kms == Some(true) => line.variable(
                "--kms-key-id",
                &draft.variable("KMS_KEY"),
                "the ARN of the KMS key that encrypts the trail's log files",
            ),
            Self::Kms => line.value("--kms-key-id", ""),
            Self::Validation => {
                line.switch("enable-log-file-validation", delivery.log_file_validation == Some(true))
            }
            Self::LogGroup => match &delivery.log_group {
                Some(name) => log_group_option(line, trail, name, inventory, draft),
                None => line
                    .value("--cloud-watch-logs-log-group-arn", "")
                    .value("--cloud-watch-logs-role-arn", ""),
            },
            Self::Topic => match &delivery.sns_topic {
                Some(name) => line.words("--sns-topic-name", &topic(trail, name, inventory, draft)),
                None => line.value("--sns-topic-name", ""),
            },
        }
    }
}

/// Returns the command that saves what a trail's settings are, as `update-trail` takes them.
///
/// What is not there is an empty text, which takes it away again.
pub(super) fn save_settings(trail: &Trail, settings: &[Setting], file: &SavedFile) -> Command {
    let parts: Vec<&str> = settings
        .iter()
        .map(|own| match own {
            Setting::MultiRegion => "IsMultiRegionTrail: IsMultiRegionTrail",
            Setting::Bucket => "S3BucketName: S3BucketName",
            Setting::Kms => "KmsKeyId: not_null(KmsKeyId, '')",
            Setting::Validation => "EnableLogFileValidation: LogFileValidationEnabled",
            Setting::LogGroup => {
                "CloudWatchLogsLogGroupArn: not_null(CloudWatchLogsLogGroupArn, ''), \
                 CloudWatchLogsRoleArn: not_null(CloudWatchLogsRoleArn, '')"
            }
            Setting::Topic => "SnsTopicName: not_null(SnsTopicARN, '')",
        })
        .collect();
    Line::aws("cloudtrail", "get-trail", &trail.home_region)
        .value("--name", &trail.name)
        .saved(file, &format!("Trail.{{{}}}", parts.join(", ")), "")
        .because("Saves the trail's settings")
}

fn topic(trail: &Trail, name: &str, inventory: &Inventory, draft: &Draft) -> Vec<Word> {
    if name.starts_with("arn:") {
        return vec![Word::Text(name.to_owned())];
    }
    let owner = inventory.topics.iter().find(|own| own.name == name);
    match (owner, draft.place()) {
        // One in every account: each has a topic of its own.
        (_, Place::EachAccount(_)) | (None, _) => vec![Word::Text(name.to_owned())],
        (Some(owner), place) => {
            let region = if trail.multi_region { &owner.region } else { &trail.home_region };
            arn::regional_words("sns", region, place, Some(&owner.account), name)
        }
    }
}

/// Adds the options that deliver to a log group.
pub(super) fn log_group_option(
    line: Line,
    trail: &Trail,
    name: &str,
    inventory: &Inventory,
    draft: &Draft,
) -> Line {
    let option = "--cloud-watch-logs-log-group-arn";
    let line = if name.starts_with("arn:") {
        line.value(option, name)
    } else {
        let owner = inventory.log_groups.iter().find(|own| own.name == name).map(|own| &own.account);
        // A trail delivers to log groups of its own account only.
        let owner = if matches!(draft.place(), Place::EachAccount(_)) { None } else { owner };
        let rest = format!("log-group:{name}:*");
        line.words(option, &arn::regional_words("logs", &trail.home_region, draft.place(), owner, &rest))
    };
    let option = "--cloud-watch-logs-role-arn";
    if matches!(draft.place(), Place::EachAccount(_)) {
        let partition = Word::Text(format!("arn:{}:iam::", arn::partition(&trail.home_region)));
        let before = [partition, Word::ThisAccount, Word::Text(":role/".to_owned())];
        let meaning = "the name of the role by which CloudTrail writes to the log group, with its path; the same in each account";
        return line.variable_after(option, &before, &draft.variable("LOGS_ROLE_NAME"), meaning);
    }
    line.variable(
        option,
        &draft.variable("LOGS_ROLE"),
        "the ARN of the role by which CloudTrail writes to the log group",
    )
}
