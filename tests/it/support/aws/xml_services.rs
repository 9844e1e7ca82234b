//! STS and SNS (Query), and S3 (REST XML).

use super::http::{Response, form};
use super::server::{Asked, Known, Protocol, error, page};
use super::world::{Principal, World};
use std::collections::BTreeMap;

fn parameters(asked: &Asked<'_>) -> BTreeMap<String, String> {
    form(std::str::from_utf8(&asked.request.body).unwrap())
}

pub(super) fn known_query(service: &str, asked: &Asked<'_>) -> Option<Known> {
    let own = parameters(asked);
    let operation = own.get("Action")?.clone();
    let (action, resource) = match (service, operation.as_str()) {
        // Nobody needs a permission for it.
        ("sts", "GetCallerIdentity") => (String::new(), "*".to_owned()),
        ("sts", "AssumeRole") => ("sts:AssumeRole".to_owned(), own["RoleArn"].clone()),
        ("sns", "ListSubscriptionsByTopic") => {
            ("sns:ListSubscriptionsByTopic".to_owned(), own["TopicArn"].clone())
        }
        _ => return None,
    };
    Some(Known { operation, action, resource })
}

pub(super) fn answer_query(world: &mut World, asked: &Asked<'_>, operation: &str) -> Response {
    let own = parameters(asked);
    let inner = match operation {
        "GetCallerIdentity" => format!(
            "<Arn>arn:aws:iam::{0}:user/reader</Arn><UserId>AIDAREADER</UserId><Account>{0}</Account>",
            asked.account
        ),
        "AssumeRole" => match assume_role(world, &own["RoleArn"]) {
            Some(inner) => inner,
            None => return error(Protocol::Query, 403, "AccessDenied"),
        },
        _ => match subscriptions(world, asked, &own) {
            Some(inner) => inner,
            None => return error(Protocol::Query, 404, "NotFound"),
        },
    };
    let body =
        format!("<{operation}Response><{operation}Result>{inner}</{operation}Result></{operation}Response>");
    Response::new(200, "text/xml", body)
}

fn assume_role(world: &mut World, arn: &str) -> Option<String> {
    let account = arn.split(':').nth(4)?.to_owned();
    let name = arn.rsplit('/').next()?;
    let (_, policy) = world.accounts.get(&account)?.role.clone().filter(|(own, _)| own == name)?;
    let (key, token) = (format!("ASIA{account}"), format!("token-of-{account}"));
    world.principals.insert(
        key.clone(),
        Principal {
            account: account.clone(),
            secret: format!("temporary-{account}"),
            token: Some(token.clone()),
            policy,
            expired: false,
        },
    );
    Some(format!(
        "<Credentials><AccessKeyId>{key}</AccessKeyId><SecretAccessKey>temporary-{account}</SecretAccessKey>\
         <SessionToken>{token}</SessionToken><Expiration>2099-01-01T00:00:00Z</Expiration></Credentials>\
         <AssumedRoleUser><Arn>arn:aws:sts::{account}:assumed-role/{name}/trailcost</Arn>\
         <AssumedRoleId>AROA:trailcost</AssumedRoleId></AssumedRoleUser>"
    ))
}

fn subscriptions(world: &World, asked: &Asked<'_>, own: &BTreeMap<String, String>) -> Option<String> {
    let topic = &own["TopicArn"];
    let protocols = world.accounts[asked.account].topics.get(topic)?;
    let (protocols, next) = page(protocols, own.get("NextToken").map(String::as_str), world.page);
    let members: Vec<String> = protocols
        .iter()
        .map(|protocol| {
            format!(
                "<member><SubscriptionArn>{topic}:1</SubscriptionArn><Owner>{}</Owner><Protocol>{protocol}</Protocol>\
                 <Endpoint>someone@example.com</Endpoint><TopicArn>{topic}</TopicArn></member>",
                asked.account
            )
        })
        .collect();
    let next = next.map(|next| format!("<NextToken>{next}</NextToken>")).unwrap_or_default();
    Some(format!("<Subscriptions>{}</Subscriptions>{next}", members.concat()))
}

/// Sub-resources with the operation, the IAM action, and the code where nothing was set.
const SETTINGS: [(&str, &str, &str, &str); 7] = [
    ("location", "GetBucketLocation", "s3:GetBucketLocation", ""),
    (
        "encryption",
        "GetBucketEncryption",
        "s3:GetEncryptionConfiguration",
        "ServerSideEncryptionConfigurationNotFoundError",
    ),
    (
        "lifecycle",
        "GetBucketLifecycleConfiguration",
        "s3:GetLifecycleConfiguration",
        "NoSuchLifecycleConfiguration",
    ),
    ("versioning", "GetBucketVersioning", "s3:GetBucketVersioning", ""),
    (
        "object-lock",
        "GetObjectLockConfiguration",
        "s3:GetBucketObjectLockConfiguration",
        "ObjectLockConfigurationNotFoundError",
    ),
    (
        "replication",
        "GetBucketReplication",
        "s3:GetReplicationConfiguration",
        "ReplicationConfigurationNotFoundError",
    ),
    ("metrics", "ListBucketMetricsConfigurations", "s3:GetMetricsConfiguration", ""),
];

fn bucket_of<'a>(asked: &'a Asked<'_>) -> Option<&'a str> {
    let name = asked.request.path.strip_prefix('/')?.trim_end_matches('/');
    (!name.is_empty() && !name.contains('/')).then_some(name)
}

pub(super) fn known_s3(asked: &Asked<'_>) -> Option<Known> {
    let bucket = bucket_of(asked)?;
    let parameters = asked.request.parameters();
    if asked.request.method != "GET" {
        return None;
    }
    let (_, operation, action, _) = SETTINGS.iter().find(|(name, ..)| parameters.contains_key(*name))?;
    Some(Known {
        operation: (*operation).to_owned(),
        action: (*action).to_owned(),
        resource: format!("arn:aws:s3:::{bucket}"),
    })
}

pub(super) fn answer_s3(world: &World, asked: &Asked<'_>, operation: &str) -> Response {
    let Some(bucket) = world.buckets.get(bucket_of(asked).unwrap()) else {
        return error(Protocol::S3, 404, "NoSuchBucket");
    };
    if bucket.owner != asked.account && !bucket.readers.contains(asked.account) {
        return error(Protocol::S3, 403, "AccessDenied").with("x-amz-bucket-region", &bucket.region);
    }
    if operation != "GetBucketLocation" && asked.region != bucket.region {
        return error(Protocol::S3, 301, "PermanentRedirect").with("x-amz-bucket-region", &bucket.region);
    }
    let xml = |body: String| Response::new(200, "application/xml", body);
    if operation == "GetBucketLocation" {
        let code = if bucket.region == "us-east-1" { "" } else { &bucket.region };
        return xml(format!("<LocationConstraint>{code}</LocationConstraint>"));
    }
    let (name, _, _, absent) = SETTINGS.iter().find(|(_, own, ..)| *own == operation).unwrap();
    match bucket.settings.get(*name) {
        Some(body) => xml(body.clone()),
        None if *name == "versioning" => xml("<VersioningConfiguration/>".to_owned()),
        None if *name == "metrics" => {
            xml("<ListMetricsConfigurationsResult><IsTruncated>false</IsTruncated></ListMetricsConfigurationsResult>".to_owned())
        }
        None => error(Protocol::S3, 404, absent),
    }
}
