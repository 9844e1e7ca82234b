//! Amazon Resource Names.

use super::command::Word;
use super::resource::Place;
use crate::domain::{AccountId, RegionCode};

/// Returns the partition that a Region is in.
pub(super) fn partition(region: &RegionCode) -> &'static str {
    if region.as_str().starts_with("cn-") {
        "aws-cn"
    } else if region.as_str().starts_with("us-gov-") {
        "aws-us-gov"
    } else {
        "aws"
    }
}

/// Returns a bucket's ARN.
pub(super) fn bucket(name: &str, region: &RegionCode) -> String {
    format!("arn:{}:s3:::{name}", partition(region))
}

/// Returns the ARN of something that an account has in a Region.
pub(super) fn regional(service: &str, region: &RegionCode, account: &AccountId, rest: &str) -> String {
    format!("arn:{}:{service}:{region}:{account}:{rest}", partition(region))
}

/// Returns the same for the account that a command runs in, where `owner` does not say another.
pub(super) fn regional_words(
    service: &str,
    region: &RegionCode,
    place: &Place,
    owner: Option<&AccountId>,
    rest: &str,
) -> Vec<Word> {
    match (place, owner) {
        (Place::Account(id), None) | (_, Some(id)) => vec![Word::Text(regional(service, region, id, rest))],
        (Place::EachAccount(_) | Place::Organization, None) => vec![
            Word::Text(format!("arn:{}:{service}:{region}:", partition(region))),
            Word::ThisAccount,
            Word::Text(format!(":{rest}")),
        ],
    }
}
