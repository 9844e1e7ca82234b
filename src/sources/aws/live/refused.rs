//! Errors of the SDK, told apart.

use crate::sources::aws::answers::RefusalKind;
use aws_credential_types::provider::error::CredentialsError;
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use std::error::Error;

/// A call that brought nothing, before it is known which call it was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Refused {
    pub(super) kind: RefusalKind,
    /// AWS's error code; empty without an answer.
    pub(super) code: String,
    /// What happened, in words, with its causes; never shown with an answer of AWS.
    pub(super) reason: String,
    /// The Region that S3 says a bucket is in.
    pub(super) bucket_region: Option<String>,
}

impl Refused {
    pub(super) fn other(code: &str) -> Self {
        Self { kind: RefusalKind::Other, code: code.to_owned(), reason: code.to_owned(), bucket_region: None }
    }

    /// Nobody could be asked.
    pub(super) fn not_read(code: &str) -> Self {
        Self { kind: RefusalKind::Denied, ..Self::other(code) }
    }
}

/// Codes that say that credentials are missing, wrong or past their time.
const CREDENTIALS: [&str; 14] = [
    "AuthFailure",
    "ExpiredToken",
    "ExpiredTokenException",
    "IncompleteSignature",
    "InvalidAccessKeyId",
    "InvalidClientTokenId",
    "InvalidSignatureException",
    "InvalidToken",
    "InvalidTokenId",
    "MissingAuthenticationToken",
    "MissingAuthenticationTokenException",
    "RequestExpired",
    "SignatureDoesNotMatch",
    "UnrecognizedClientException",
];

/// Codes that say that what was asked for is not there or not configured.
const ABSENT: [&str; 14] = [
    "AWSOrganizationsNotInUseException",
    "ChannelNotFoundException",
    "EventDataStoreNotFoundException",
    "InsightNotEnabledException",
    "NoSuchBucket",
    "NoSuchConfiguration",
    "NoSuchLifecycleConfiguration",
    "NotFound",
    "NotFoundException",
    "ObjectLockConfigurationNotFoundError",
    "ReplicationConfigurationNotFoundError",
    "ResourceNotFoundException",
    "ServerSideEncryptionConfigurationNotFoundError",
    "TrailNotFoundException",
];

/// Tells from AWS's error code and HTTP status what kind of refusal it is.
pub(super) fn kind_of(code: &str, status: u16) -> RefusalKind {
    let denied =
        ["AccessDenied", "AccessDeniedException", "AuthorizationError", "AuthorizationErrorException"]
            .contains(&code)
            || code.starts_with("Unauthorized")
            || code.starts_with("NotAuthorized")
            || code == "AllAccessDisabled"
            || code == "OptInRequired";
    let throttled = code.contains("Throttl")
        || code.starts_with("TooManyRequests")
        || code.starts_with("LimitExceeded")
        || ["RequestLimitExceeded", "SlowDown", "BandwidthLimitExceeded", "PriorRequestNotComplete"]
            .contains(&code);
    if CREDENTIALS.contains(&code) {
        RefusalKind::Credentials
    } else if denied {
        RefusalKind::Denied
    } else if ABSENT.contains(&code) {
        RefusalKind::Absent
    } else if throttled || status == 429 || status >= 500 {
        RefusalKind::Unavailable
    } else if status == 401 || status == 403 {
        RefusalKind::Denied
    } else {
        RefusalKind::Other
    }
}

/// Returns an error's causes, outermost first, in one line.
pub(super) fn causes(error: &(dyn Error + 'static)) -> String {
    let mut text = String::new();
    let mut next = Some(error);
    while let Some(error) = next {
        let own = error.to_string().split_whitespace().collect::<Vec<_>>().join(" ");
        if !text.ends_with(&own) {
            if !text.is_empty() {
                text.push_str(": ");
            }
            text.push_str(&own);
        }
        next = error.source();
    }
    text
}

/// Tells whether credentials are behind an error.
fn from_credentials(error: &(dyn Error + 'static)) -> bool {
    let mut next = Some(error);
    while let Some(error) = next {
        if error.is::<CredentialsError>() {
            return true;
        }
        next = error.source();
    }
    false
}

impl<E> From<SdkError<E, HttpResponse>> for Refused
where
    E: ProvideErrorMetadata + Error + 'static,
{
    fn from(error: SdkError<E, HttpResponse>) -> Self {
        let response = error.raw_response();
        let status = response.map_or(0, |own| own.status().as_u16());
        let bucket_region =
            response.and_then(|own| own.headers().get("x-amz-bucket-region")).map(str::to_owned);
        let code = error.as_service_error().and_then(ProvideErrorMetadata::code).unwrap_or_default();
        let kind = match &error {
            SdkError::ServiceError(_) => kind_of(code, status),
            _ if from_credentials(&error) => RefusalKind::Credentials,
            SdkError::ConstructionFailure(_) => RefusalKind::Other,
            // An answer that the SDK cannot read, from a proxy for instance: its status still says something.
            SdkError::ResponseError(_) => kind_of("", status),
            _ => RefusalKind::Unavailable,
        };
        Self { kind, code: code.to_owned(), reason: causes(&error), bucket_region }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_told_apart() {
        let rows = [
            ("AccessDenied", 403, RefusalKind::Denied),
            ("AccessDeniedException", 400, RefusalKind::Denied),
            ("UnauthorizedOperation", 403, RefusalKind::Denied),
            ("AuthorizationError", 403, RefusalKind::Denied),
            ("", 403, RefusalKind::Denied),
            ("ExpiredToken", 403, RefusalKind::Credentials),
            ("UnrecognizedClientException", 400, RefusalKind::Credentials),
            ("SignatureDoesNotMatch", 403, RefusalKind::Credentials),
            ("NoSuchLifecycleConfiguration", 404, RefusalKind::Absent),
            ("InsightNotEnabledException", 400, RefusalKind::Absent),
            ("AWSOrganizationsNotInUseException", 400, RefusalKind::Absent),
            ("ThrottlingException", 400, RefusalKind::Unavailable),
            ("Throttling", 400, RefusalKind::Unavailable),
            ("TooManyRequestsException", 429, RefusalKind::Unavailable),
            ("SlowDown", 503, RefusalKind::Unavailable),
            ("InternalFailure", 500, RefusalKind::Unavailable),
            ("ValidationException", 400, RefusalKind::Other),
            ("PermanentRedirect", 301, RefusalKind::Other),
        ];
        for (code, status, kind) in rows {
            assert_eq!(kind_of(code, status), kind, "{code} {status}");
        }
    }
}
