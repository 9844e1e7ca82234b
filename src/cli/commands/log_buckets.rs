//! `trailcost measure logs`: which places are buckets, and who reaches them.

use crate::cli::args_measure::BucketArgs;
use crate::cli::error::CliError;
use crate::cli::exit_code;
use crate::cli::settings::parse_day;
use crate::report::visible;
use crate::sources::logs::{LogOptions, LogPlace, ObjectPlace, Objects};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

/// Reads arguments: `s3://…` is a bucket, anything else a path.
pub(super) fn places(arguments: &[PathBuf]) -> Result<Vec<LogPlace>, CliError> {
    let place = |own: &PathBuf| match own.to_str().and_then(ObjectPlace::parse) {
        None => Ok(LogPlace::Path(own.clone())),
        Some(Ok(place)) => Ok(LogPlace::Bucket(place)),
        Some(Err(why)) => Err(CliError::new(
            exit_code::USAGE,
            format!("bad place `{}`", visible(&own.display().to_string())),
        )
        .hint(why)),
    };
    arguments.iter().map(place).collect()
}

/// Reads the first and the last day, as numbers such as 20260731.
pub(super) fn days(since: Option<&str>, until: Option<&str>) -> Result<Option<(u32, u32)>, CliError> {
    let number = |name: &str, text: &str| {
        let day = parse_day(name, text)?.to_string();
        Ok::<u32, CliError>(day.replace('-', "").parse().unwrap_or_default())
    };
    let first = since.map(|own| number("--since", own)).transpose()?;
    let last = until.map(|own| number("--until", own)).transpose()?;
    if first.is_none() && last.is_none() {
        return Ok(None);
    }
    let days = (first.unwrap_or(LogOptions::FIRST_DAY), last.unwrap_or(LogOptions::LAST_DAY));
    if days.0 > days.1 {
        let hint = "--until is the last day: the same as --since, or a later one";
        return Err(CliError::new(exit_code::USAGE, "--until lies before --since").hint(hint));
    }
    Ok(Some(days))
}

/// Returns the buckets among places.
pub(super) fn buckets_of(places: &[LogPlace]) -> Vec<&ObjectPlace> {
    let mut buckets = Vec::new();
    for own in places {
        if let LogPlace::Bucket(place) = own {
            buckets.push(place);
        }
    }
    buckets
}

/// Returns who reaches buckets, if there are any.
#[cfg(feature = "aws")]
pub(super) fn reader(
    args: &BucketArgs,
    places: &[LogPlace],
    stop: &Arc<AtomicBool>,
) -> Result<Option<Box<dyn Objects>>, CliError> {
    use crate::sources::aws::Access;
    use crate::sources::aws::live::BucketReader;
    if buckets_of(places).is_empty() {
        return Ok(None);
    }
    super::ask_options::check_address(args.endpoint_url.as_deref())?;
    let access = Access {
        profile: args.profile.clone(),
        credentials_file: None,
        endpoint_url: args.endpoint_url.clone(),
        region: args.region.clone(),
        concurrency: usize::try_from(args.concurrency).unwrap_or(1),
        max_attempts: args.max_attempts,
        first_backoff_ms: 500,
    };
    Ok(Some(Box::new(BucketReader::start(access, Arc::clone(stop))?)))
}

#[cfg(not(feature = "aws"))]
pub(super) fn reader(
    _: &BucketArgs,
    places: &[LogPlace],
    _: &Arc<AtomicBool>,
) -> Result<Option<Box<dyn Objects>>, CliError> {
    match buckets_of(places).first() {
        None => Ok(None),
        Some(place) => Err(CliError::new(
            exit_code::USAGE,
            format!(
                "cannot read {}: this trailcost was built without the AWS SDK",
                visible(&place.to_string())
            ),
        )
        .hint("build it without --no-default-features, or copy the logs into a folder with `aws s3 sync`")),
    }
}
