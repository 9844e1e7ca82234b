//! Credentials of one account, and the clients made with them.

use super::refused::Refused;
use crate::sources::aws::options::{Access, AskOptions};
use aws_config::profile::ProfileFileCredentialsProvider;
use aws_config::provider_config::ProviderConfig;
use aws_config::retry::RetryConfig;
use aws_config::timeout::TimeoutConfig;
use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_credential_types::Credentials;
use aws_credential_types::provider::error::CredentialsError;
use aws_credential_types::provider::future::ProvideCredentials as ProvidedCredentials;
use aws_credential_types::provider::{ProvideCredentials, SharedCredentialsProvider};
use aws_runtime::env_config::file::{EnvConfigFileKind, EnvConfigFiles};
use aws_sdk_sts::config::retry::RetryPartition;
use aws_smithy_http_client::proxy::ProxyConfig;
use aws_smithy_http_client::{Builder, ConnectorBuilder, tls};
use aws_smithy_runtime_api::client::http::SharedHttpClient;
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// An account with credentials that read it.
#[derive(Debug, Clone)]
pub(super) struct Session {
    pub(super) account: String,
    /// `aws`, `aws-cn` or `aws-us-gov`.
    pub(super) partition: String,
    config: SdkConfig,
}

macro_rules! clients {
    ($($name:ident: $service:ident;)+) => {
        impl Session {
            $(pub(super) fn $name(&self, region: &str) -> $service::Client {
                let config = $service::config::Builder::from(&self.config)
                    .region(Region::new(region.to_owned()))
                    .retry_partition(self.partition_of(stringify!($name), region))
                    .build();
                $service::Client::from_conf(config)
            })+
        }
    };
}

clients! {
    account: aws_sdk_account;
    athena: aws_sdk_athena;
    cloudtrail: aws_sdk_cloudtrail;
    cloudwatch: aws_sdk_cloudwatch;
    cost_explorer: aws_sdk_costexplorer;
    logs: aws_sdk_cloudwatchlogs;
    organizations: aws_sdk_organizations;
    pricing: aws_sdk_pricing;
    sns: aws_sdk_sns;
    sts: aws_sdk_sts;
}

impl Session {
    /// Takes the credentials that the default chain finds, and asks whose they are.
    pub(super) async fn own(options: &AskOptions) -> Result<Self, (Refused, Option<String>)> {
        let mut session = Self::unasked(&Access::from(options)).await;
        let endpoint = session.endpoint();
        let identity = session
            .sts(&session.region())
            .get_caller_identity()
            .send()
            .await
            .map_err(|error| (Refused::from(error), endpoint.clone()))?;
        if let Some(partition) = identity.arn().and_then(|arn| arn.split(':').nth(1)) {
            partition.clone_into(&mut session.partition);
        }
        let account =
            identity.account().ok_or_else(|| (Refused::other("an answer without an account"), endpoint))?;
        account.clone_into(&mut session.account);
        Ok(session)
    }

    /// Takes the credentials that the default chain finds, and asks nobody whose they are.
    pub(super) async fn unasked(options: &Access) -> Self {
        let http = http_client();
        let mut loader = aws_config::defaults(BehaviorVersion::latest())
            .http_client(http.clone())
            .retry_config(retries(options))
            .timeout_config(timeouts());
        let files = options
            .credentials_file
            .as_ref()
            .map(|file| EnvConfigFiles::builder().with_file(EnvConfigFileKind::Credentials, file).build());
        if let Some(files) = &files {
            loader = loader.profile_files(files.clone());
        }
        if let Some(profile) = profile_name(options.profile.as_deref()) {
            // Whoever names a profile means its credentials, not whatever else the default chain finds.
            let mut provider = ProfileFileCredentialsProvider::builder()
                .configure(&ProviderConfig::default().with_http_client(http))
                .profile_name(&profile);
            if let Some(files) = files {
                provider = provider.profile_files(files);
            }
            loader = loader.profile_name(profile).credentials_provider(provider.build());
        }
        if let Some(endpoint) = &options.endpoint_url {
            loader = loader.endpoint_url(endpoint);
        }
        let config = loader.load().await;
        Self { account: String::new(), partition: "aws".to_owned(), config }
    }

    /// Returns the Region of the profile or the environment.
    pub(super) fn region(&self) -> String {
        self.config.region().map_or("us-east-1", |own| own.as_ref()).to_owned()
    }

    /// Returns the address that stands in place of AWS's own.
    pub(super) fn endpoint(&self) -> Option<String> {
        self.config.endpoint_url().map(str::to_owned)
    }

    /// Assumes a role in another account.
    pub(super) async fn assume(&self, account: &str, role: &str) -> Result<Self, Refused> {
        let provider = RoleCredentials {
            sts: self.sts(self.home()),
            role_arn: format!("arn:{}:iam::{account}:role/{role}", self.partition),
            first: Arc::default(),
        };
        let first = provider.assume().await?;
        if let Ok(mut slot) = provider.first.lock() {
            *slot = Some(first);
        }
        let config = self
            .config
            .to_builder()
            .credentials_provider(SharedCredentialsProvider::new(provider))
            .identity_cache(aws_config::identity::IdentityCache::lazy().build())
            .build();
        Ok(Self { account: account.to_owned(), partition: self.partition.clone(), config })
    }

    /// Returns the S3 client of a Region. Other endpoints than AWS's own have buckets in the path.
    pub(super) fn s3(&self, region: &str) -> aws_sdk_s3::Client {
        let config = aws_sdk_s3::config::Builder::from(&self.config)
            .region(Region::new(region.to_owned()))
            .retry_partition(self.partition_of("s3", region))
            .force_path_style(self.config.endpoint_url().is_some() || has_own_s3())
            .build();
        aws_sdk_s3::Client::from_conf(config)
    }

    /// Returns the Region in which the partition's global services are asked.
    pub(super) fn home(&self) -> &'static str {
        match self.partition.as_str() {
            "aws-cn" => "cn-north-1",
            "aws-us-gov" => "us-gov-west-1",
            _ => "us-east-1",
        }
    }

    /// Throttling in one account and Region slows nothing else down.
    fn partition_of(&self, service: &str, region: &str) -> RetryPartition {
        RetryPartition::new(format!("trailcost-{service}-{}-{region}", self.account))
    }
}

/// Returns the profile that is named, here or in the environment; keys in the environment go before one named there.
pub(super) fn profile_name(named: Option<&str>) -> Option<String> {
    let variable = |name: &str| std::env::var(name).ok().filter(|own| !own.is_empty());
    let of_environment = || variable("AWS_PROFILE").filter(|_| variable("AWS_ACCESS_KEY_ID").is_none());
    named.map(str::to_owned).or_else(of_environment)
}

/// Tells whether the environment names an address of S3 alone.
fn has_own_s3() -> bool {
    std::env::var_os("AWS_ENDPOINT_URL_S3").is_some_and(|own| !own.is_empty())
}

/// One client for every service and account, so that certificates are read once and connections are shared.
fn http_client() -> SharedHttpClient {
    Builder::new().build_with_connector_fn(|settings, components| {
        let mut connector = ConnectorBuilder::default()
            .tls_provider(tls::Provider::Rustls(tls::rustls_provider::CryptoMode::Ring))
            .proxy_config(ProxyConfig::from_env());
        connector.set_connector_settings(settings.cloned());
        if let Some(components) = components {
            connector.set_sleep_impl(components.sleep_impl());
        }
        connector.build()
    })
}

/// Repeats with jitter and doubling waits, and sends fewer requests to who throttles.
fn retries(options: &Access) -> RetryConfig {
    RetryConfig::adaptive()
        .with_max_attempts(options.max_attempts.max(1))
        .with_initial_backoff(Duration::from_millis(options.first_backoff_ms))
        .with_max_backoff(Duration::from_secs(20))
}

/// Nothing waits for ever.
fn timeouts() -> TimeoutConfig {
    TimeoutConfig::builder()
        .connect_timeout(Duration::from_secs(5))
        .read_timeout(Duration::from_secs(30))
        .operation_attempt_timeout(Duration::from_mins(1))
        .operation_timeout(Duration::from_mins(5))
        .build()
}

/// Credentials of a role, taken anew when they expire.
#[derive(Debug)]
struct RoleCredentials {
    sts: aws_sdk_sts::Client,
    role_arn: String,
    /// What the first call brought, until it is used.
    first: Arc<Mutex<Option<Credentials>>>,
}

impl RoleCredentials {
    async fn assume(&self) -> Result<Credentials, Refused> {
        let answer = self
            .sts
            .assume_role()
            .role_arn(&self.role_arn)
            .role_session_name("trailcost")
            .send()
            .await
            .map_err(Refused::from)?;
        let own = answer.credentials().ok_or_else(|| Refused::other("an answer without credentials"))?;
        Ok(Credentials::new(
            own.access_key_id(),
            own.secret_access_key(),
            Some(own.session_token().to_owned()),
            (*own.expiration()).try_into().ok(),
            "trailcost",
        ))
    }
}

impl ProvideCredentials for RoleCredentials {
    fn provide_credentials<'a>(&'a self) -> ProvidedCredentials<'a>
    where
        Self: 'a,
    {
        ProvidedCredentials::new(async {
            if let Some(first) = self.first.lock().ok().and_then(|mut slot| slot.take()) {
                return Ok(first);
            }
            self.assume().await.map_err(|refused| CredentialsError::provider_error(refused.reason))
        })
    }
}
