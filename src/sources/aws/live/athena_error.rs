//! Why Athena brought no answer.

use super::refused::Refused;
use crate::sources::athena::AnswerError;
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use std::error::Error;
use std::fmt;

/// Says why Athena brought no answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AthenaError {
    /// The caller may not.
    Denied {
        /// The IAM action that is missing.
        action: &'static str,
        /// What AWS says.
        message: String,
    },
    /// The credentials were no longer accepted.
    Credentials {
        /// AWS's error code.
        code: String,
    },
    /// AWS went on throttling or failing through every retry, or the network failed.
    Unavailable {
        /// The IAM action.
        action: &'static str,
        /// AWS's error code, or what went wrong.
        reason: String,
    },
    /// AWS did not accept the request.
    Refused {
        /// The IAM action.
        action: &'static str,
        /// AWS's error code.
        code: String,
        /// What AWS says.
        message: String,
    },
    /// The bucket is in another Region.
    Elsewhere {
        /// That Region.
        region: String,
    },
    /// A query ended with an error. AWS takes nothing for it.
    Failed {
        /// Athena's id of the run.
        id: String,
        /// What Athena says.
        reason: String,
        /// The bytes that it has read.
        scanned: u64,
    },
    /// Somebody else, or a limit of the workgroup, stopped the query.
    Cancelled {
        /// Athena's id of the run.
        id: String,
        /// What Athena says.
        reason: String,
        /// The bytes that it has read; they are billed.
        scanned: u64,
    },
    /// The query was stopped as it was asked for.
    Interrupted {
        /// The bytes that it has read; they are billed.
        scanned: u64,
    },
    /// The query was stopped as it read too much.
    TooMuch {
        /// The bytes that it has read; they are billed.
        scanned: u64,
    },
    /// An answer is not what the query asks for.
    Answer(AnswerError),
}

/// Makes an error of the SDK's.
pub(super) fn refused<E>(action: &'static str, error: SdkError<E, HttpResponse>) -> AthenaError
where
    E: ProvideErrorMetadata + Error + 'static,
{
    let message = error.as_service_error().and_then(ProvideErrorMetadata::message).unwrap_or_default();
    let message = message.split_whitespace().collect::<Vec<_>>().join(" ");
    AthenaError::of(action, Refused::from(error), message)
}

impl AthenaError {
    /// Returns the bytes that were read, and are billed, before the query was stopped.
    pub fn billed(&self) -> Option<u64> {
        match self {
            Self::Cancelled { scanned, .. } | Self::Interrupted { scanned } | Self::TooMuch { scanned } => {
                Some(*scanned)
            }
            _ => None,
        }
    }

    /// Returns what to do about it.
    pub fn hint(&self) -> String {
        const POLICY: &str = "`trailcost measure athena --print-policy` prints the policy that is needed";
        let says = |text: &str, words: &[&str]| {
            let text = text.to_ascii_lowercase();
            words.iter().any(|own| text.contains(own))
        };
        match self {
            Self::Denied { action: "s3:ListBucket", .. } => {
                format!("allow s3:ListBucket, or say with --stored what the days have stored; {POLICY}")
            }
            Self::Denied { action, .. } => format!("allow {action}; {POLICY}"),
            Self::Credentials { .. } => "sign in anew, or take new credentials".to_owned(),
            Self::Unavailable { .. } => "try again later, or with a larger --max-attempts".to_owned(),
            Self::Refused { message, .. } if says(message, &["output location"]) => {
                "name a place for results with --output s3://BUCKET/PREFIX/".to_owned()
            }
            Self::Refused { code, .. } if code == "NoSuchBucket" => "look at --logs".to_owned(),
            Self::Refused { message, .. } if says(message, &["workgroup"]) => {
                "look at --workgroup".to_owned()
            }
            Self::Refused { .. } => "look at --athena-region, --catalog, --database and --output".to_owned(),
            Self::Elsewhere { region } => format!("the bucket is in {region}"),
            Self::Failed { reason, .. }
                if says(reason, &["permission", "access denied", "not authorized", "accessdenied"]) =>
            {
                POLICY.to_owned()
            }
            Self::Failed { reason, .. } if says(reason, &["database", "schema"]) => {
                "look at --database and --catalog; `CREATE DATABASE` makes a database".to_owned()
            }
            Self::Cancelled { reason, .. } if says(reason, &["bytes scanned"]) => {
                "raise the limit of the workgroup, name another one with --workgroup, or ask for fewer days"
                    .to_owned()
            }
            Self::Failed { id, .. } | Self::Cancelled { id, .. } => {
                format!("Athena's history has the query as {id}")
            }
            Self::Interrupted { .. } => {
                "a query that was running was stopped; Athena bills what it has read".to_owned()
            }
            Self::TooMuch { .. } => "raise --max-cost, or ask for fewer days, accounts or Regions".to_owned(),
            Self::Answer(_) => "look at the table; another one is named with --table".to_owned(),
        }
    }
}

impl fmt::Display for AthenaError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let so = |message: &str| if message.is_empty() { String::new() } else { format!(": {message}") };
        match self {
            Self::Denied { action, message } => write!(formatter, "AWS denied {action}{}", so(message)),
            Self::Credentials { code } => write!(formatter, "AWS does not accept the credentials ({code})"),
            Self::Unavailable { action, reason } => write!(formatter, "no answer to {action}: {reason}"),
            Self::Refused { action, code, message } => {
                write!(formatter, "AWS did not accept {action}: {code}{}", so(message))
            }
            Self::Elsewhere { region } => write!(formatter, "the bucket is in {region}"),
            Self::Failed { reason, .. } => write!(formatter, "the query failed{}", so(reason)),
            Self::Cancelled { reason, .. } => write!(formatter, "the query was cancelled{}", so(reason)),
            Self::Interrupted { .. } => formatter.write_str("interrupted: nothing was measured"),
            Self::TooMuch { .. } => {
                formatter.write_str("the query was stopped: it would cost more than --max-cost")
            }
            Self::Answer(error) => error.fmt(formatter),
        }
    }
}

impl Error for AthenaError {}
