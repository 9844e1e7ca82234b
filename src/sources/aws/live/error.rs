//! Why nothing could be read at all.

use super::refused::Refused;
use crate::sources::aws::answers::RefusalKind;
use std::fmt;

/// Says why nothing could be read from AWS.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AskError {
    /// There are no credentials.
    NoCredentials,
    /// The profile does not exist.
    UnknownProfile {
        /// The profile's name.
        name: String,
    },
    /// The profile or its files are wrong, or the program or server they name gave no credentials.
    BadCredentialsSource {
        /// What went wrong, with its causes.
        reason: String,
    },
    /// A single sign-on session is over or was never begun.
    SignIn {
        /// The profile in use, if one was named.
        profile: Option<String>,
    },
    /// Credentials have expired.
    Expired {
        /// AWS's error code.
        code: String,
    },
    /// AWS does not know the credentials.
    Rejected {
        /// AWS's error code.
        code: String,
    },
    /// No answer came.
    Unreachable {
        /// The endpoint that was named, if one was.
        endpoint: Option<String>,
        /// What went wrong.
        reason: String,
    },
    /// Everything that was asked was denied.
    NothingReadable {
        /// The actions that were denied, sorted.
        actions: Vec<String>,
    },
    /// Neither the caller's own account nor any other of the list can be read.
    NoAccount,
    /// The program could not begin to ask.
    NotStarted {
        /// Why.
        reason: String,
    },
}

impl AskError {
    /// Reads the refusal of the first call, which needs no permission.
    pub(super) fn of_identity(refused: &Refused, profile: Option<&str>, endpoint: Option<&str>) -> Self {
        let reason = refused.reason.clone();
        let says = |words: &[&str]| words.iter().any(|word| reason.contains(word));
        match refused.kind {
            RefusalKind::Credentials if !refused.code.is_empty() => {
                if refused.code.starts_with("Expired") || refused.code == "RequestExpired" {
                    Self::Expired { code: refused.code.clone() }
                } else {
                    Self::Rejected { code: refused.code.clone() }
                }
            }
            RefusalKind::Credentials => {
                // Without any file there is no profile at all.
                let no_files = reason.ends_with("the credential provider was not enabled");
                if let (Some(name), true) = (profile, no_files || says(&["was not defined"])) {
                    Self::UnknownProfile { name: name.to_owned() }
                } else if says(&["no credentials found in chain", "IMDS"]) {
                    Self::NoCredentials
                } else if says(&["SSO", "sso", "UnauthorizedException", "cached token", "token has expired"])
                {
                    Self::SignIn { profile: profile.map(str::to_owned) }
                } else if says(&["ExpiredToken"]) {
                    Self::Expired { code: "ExpiredToken".to_owned() }
                } else {
                    Self::BadCredentialsSource { reason }
                }
            }
            _ => Self::Unreachable {
                endpoint: endpoint.map(str::to_owned),
                reason: if refused.code.is_empty() { reason } else { refused.code.clone() },
            },
        }
    }

    /// Returns what to do about it.
    pub fn hint(&self) -> String {
        let policy = "`trailcost measure aws --print-policy` prints the policy that is needed";
        match self {
            Self::NoCredentials => {
                "name a profile with --profile, set AWS_PROFILE or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or sign in with `aws configure sso`".to_owned()
            }
            Self::UnknownProfile { .. } => {
                "`aws configure list-profiles` lists the profiles of ~/.aws/config and ~/.aws/credentials".to_owned()
            }
            Self::BadCredentialsSource { .. } => {
                "`aws sts get-caller-identity` with the same profile shows whether the profile works".to_owned()
            }
            Self::SignIn { profile } => match profile {
                Some(profile) => format!("sign in with `aws sso login --profile {profile}`"),
                None => "sign in with `aws sso login`".to_owned(),
            },
            Self::Expired { .. } => "sign in anew, or take new credentials".to_owned(),
            Self::Rejected { .. } => {
                "look at the access key, the secret key and the session token; a wrong clock also does this".to_owned()
            }
            Self::Unreachable { endpoint: Some(_), .. } => {
                "look at --endpoint-url or AWS_ENDPOINT_URL; leave it out to ask AWS itself".to_owned()
            }
            Self::Unreachable { endpoint: None, .. } => {
                "look at the network, the proxy (HTTPS_PROXY) and the Region".to_owned()
            }
            Self::NothingReadable { .. } => policy.to_owned(),
            Self::NoAccount => {
                "name the caller's own account with --account, or a role of the others with --assume-role".to_owned()
            }
            Self::NotStarted { .. } => "look at the system's limits on open files and memory".to_owned(),
        }
    }
}

impl fmt::Display for AskError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoCredentials => formatter.write_str("there are no AWS credentials"),
            Self::UnknownProfile { name } => write!(formatter, "there is no AWS profile `{name}`"),
            Self::BadCredentialsSource { reason } => {
                write!(formatter, "AWS credentials could not be loaded: {reason}")
            }
            Self::SignIn { .. } => formatter.write_str("the single sign-on session is over"),
            Self::Expired { code } => write!(formatter, "the AWS credentials have expired ({code})"),
            Self::Rejected { code } => write!(formatter, "AWS does not accept the credentials ({code})"),
            Self::Unreachable { endpoint: Some(endpoint), reason } => {
                write!(formatter, "no answer from {endpoint}: {reason}")
            }
            Self::Unreachable { endpoint: None, reason } => write!(formatter, "no answer from AWS: {reason}"),
            Self::NothingReadable { actions } => {
                write!(formatter, "AWS denied everything that was asked: {}", actions.join(", "))
            }
            Self::NoAccount => formatter.write_str("none of the accounts named can be read"),
            Self::NotStarted { reason } => write!(formatter, "asking AWS could not begin: {reason}"),
        }
    }
}

impl std::error::Error for AskError {}
