//! The public price list, asked for through the Price List API.

use super::error::AskError;
use super::progress::Progress;
use super::refused::Refused;
use super::session::Session;
use crate::sources::aws::answers::RefusalKind;
use crate::sources::aws::options::AskOptions;
use aws_sdk_pricing::types::{Filter, FilterType};

/// Products that one page holds at most (API reference, `GetProducts`).
const PAGE: i32 = 100;

/// Hands every product of the services to `take`, page by page: the service's code and the product's JSON text.
///
/// Asking is free; it needs the action `pricing:GetProducts`. Only `profile`, `endpoint_url`, `regions` (all if empty)
/// and the settings of repetition are taken from the options.
///
/// # Errors
/// [`AskError`] at the first call that brings nothing; what `take` got until then is not whole.
pub fn price_list(
    options: &AskOptions,
    services: &[&str],
    progress: &dyn Progress,
    take: &mut dyn FnMut(&str, &str),
) -> Result<(), AskError> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| AskError::NotStarted { reason: error.to_string() })?;
    runtime.block_on(async {
        let session = Session::own(options).await.map_err(|(refused, endpoint)| {
            AskError::of_identity(&refused, options.profile.as_deref(), endpoint.as_deref())
        })?;
        progress.step("prices", services.len());
        for service in services {
            progress.begin("", "", service);
            if options.regions.is_empty() {
                pages(&session, options, service, None, take).await?;
            }
            for region in &options.regions {
                pages(&session, options, service, Some(region), take).await?;
            }
            progress.end("", "", service);
        }
        Ok(())
    })
}

async fn pages(
    session: &Session,
    options: &AskOptions,
    service: &str,
    region: Option<&str>,
    take: &mut dyn FnMut(&str, &str),
) -> Result<(), AskError> {
    let failed = |refused: Refused| match refused.kind {
        RefusalKind::Denied => AskError::NothingReadable { actions: vec!["pricing:GetProducts".to_owned()] },
        RefusalKind::Credentials => AskError::Rejected { code: refused.code },
        _ => AskError::Unreachable {
            endpoint: options.endpoint_url.clone(),
            reason: if refused.code.is_empty() { refused.reason } else { refused.code },
        },
    };
    let of_region = match region {
        None => None,
        Some(region) => Some(
            Filter::builder()
                .r#type(FilterType::TermMatch)
                .field("regionCode")
                .value(region)
                .build()
                .map_err(|_| failed(Refused::other("a request that cannot be made")))?,
        ),
    };
    // The API is in few Regions; us-east-1 has the prices of them all (Billing user guide, Price List Query API).
    let client = session.pricing("us-east-1");
    let mut token: Option<String> = None;
    loop {
        let page = client
            .get_products()
            .service_code(service)
            .set_filters(of_region.clone().map(|own| vec![own]))
            .format_version("aws_v1")
            .max_results(PAGE)
            .set_next_token(token.clone())
            .send()
            .await
            .map_err(|error| failed(error.into()))?;
        for product in page.price_list() {
            take(service, product);
        }
        match page.next_token() {
            None | Some("") => return Ok(()),
            Some(next) if Some(next) == token.as_deref() => {
                return Err(failed(Refused::other("RepeatedToken")));
            }
            Some(next) => token = Some(next.to_owned()),
        }
    }
}
