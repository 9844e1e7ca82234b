//! S3's listings and objects.

use super::http::{Response, decoded};
use super::server::{Asked, Known, Protocol, error};
use super::signature::encoded;
use super::world::{Bucket, Object, Principal, World};
use std::collections::BTreeSet;

pub(super) const OPERATIONS: [&str; 2] = ["ListObjectsV2", "GetObject"];

/// Keys on a page, as S3 has them.
const PAGE: usize = 1_000;

/// Splits the path into the bucket and the key.
fn place(asked: &Asked<'_>) -> Option<(String, String)> {
    let path = asked.request.path.strip_prefix('/')?;
    let (bucket, key) = path.split_once('/').unwrap_or((path, ""));
    Some((bucket.to_owned(), decoded(&key.replace('+', "%2B"))))
}

pub(super) fn known(asked: &Asked<'_>) -> Option<Known> {
    let (bucket, key) = place(asked)?;
    if asked.request.method != "GET" {
        return None;
    }
    let parameters = asked.request.parameters();
    let known = |operation: &str, action: &str, resource: String| Known {
        operation: operation.to_owned(),
        action: action.to_owned(),
        resource,
    };
    if key.is_empty() {
        let lists = parameters.get("list-type").is_some_and(|own| own == "2");
        return lists.then(|| known("ListObjectsV2", "s3:ListBucket", format!("arn:aws:s3:::{bucket}")));
    }
    Some(known("GetObject", "s3:GetObject", format!("arn:aws:s3:::{bucket}/{key}")))
}

pub(super) fn answer(world: &World, asked: &Asked<'_>, operation: &str, principal: &Principal) -> Response {
    let (name, key) = place(asked).unwrap();
    let Some(bucket) = world.buckets.get(&name) else { return error(Protocol::S3, 404, "NoSuchBucket") };
    if bucket.owner != asked.account && !bucket.readers.contains(asked.account) {
        return error(Protocol::S3, 403, "AccessDenied").with("x-amz-bucket-region", &bucket.region);
    }
    if asked.region != bucket.region {
        return error(Protocol::S3, 301, "PermanentRedirect").with("x-amz-bucket-region", &bucket.region);
    }
    if operation == "GetObject" {
        get(bucket, &key, asked, principal)
    } else {
        list(bucket, &name, asked, world.object_page.unwrap_or(PAGE))
    }
}

fn list(bucket: &Bucket, name: &str, asked: &Asked<'_>, page: usize) -> Response {
    let parameters = asked.request.parameters();
    let text = |name: &str| parameters.get(name).cloned().unwrap_or_default();
    let (prefix, delimiter) = (text("prefix"), text("delimiter"));
    let most = text("max-keys").parse().unwrap_or(page).min(page);
    // The token is the key after which it goes on, disguised.
    let after = match parameters.get("continuation-token") {
        Some(token) => decoded(token.strip_prefix("token:").unwrap()),
        None => text("start-after"),
    };
    let shown = |key: &str| match text("encoding-type").as_str() {
        "url" => encoded(key, true).replace("%20", "+"),
        _ => key.replace('&', "&amp;").replace('<', "&lt;"),
    };
    let (mut contents, mut folders) = (String::new(), BTreeSet::new());
    let (mut count, mut last, mut is_truncated) = (0, String::new(), false);
    for (key, object) in
        bucket.objects.iter().filter(|own| own.0.starts_with(&prefix) && own.0.as_str() > after.as_str())
    {
        let folder = (!delimiter.is_empty())
            .then(|| key[prefix.len()..].find(&delimiter).map(|at| &key[..=prefix.len() + at]))
            .flatten();
        if folder.is_some_and(|own| folders.contains(own) || after.starts_with(own)) {
            continue;
        }
        if count == most {
            is_truncated = true;
            break;
        }
        count += 1;
        if let Some(own) = folder {
            // Keys below it come after it; the next page goes on behind them.
            last = format!("{own}\u{10ffff}");
            folders.insert(own.to_owned());
        } else {
            last.clone_from(key);
            let restored = if object.is_restored {
                "<RestoreStatus><IsRestoreInProgress>false</IsRestoreInProgress>\
                 <RestoreExpiryDate>2099-01-01T00:00:00Z</RestoreExpiryDate></RestoreStatus>"
            } else {
                ""
            };
            let class = if object.class.is_empty() { "STANDARD" } else { &object.class };
            contents.push_str(&format!(
                "<Contents><Key>{}</Key><Size>{}</Size><ETag>{}</ETag><StorageClass>{class}</StorageClass>{restored}\
                 <LastModified>2026-05-04T10:00:00Z</LastModified></Contents>",
                shown(key),
                object.size(),
                object.etag().replace('"', "&quot;"),
            ));
        }
    }
    let folders: Vec<String> = folders
        .iter()
        .map(|own| format!("<CommonPrefixes><Prefix>{}</Prefix></CommonPrefixes>", shown(own)))
        .collect();
    let folders = folders.concat();
    let next = if is_truncated {
        format!("<NextContinuationToken>token:{}</NextContinuationToken>", encoded(&last, false))
    } else {
        String::new()
    };
    let encoding = if text("encoding-type") == "url" { "<EncodingType>url</EncodingType>" } else { "" };
    let body = format!(
        "<ListBucketResult><Name>{name}</Name><KeyCount>{count}</KeyCount><IsTruncated>{is_truncated}</IsTruncated>\
         {encoding}{next}{contents}{folders}</ListBucketResult>"
    );
    Response::new(200, "application/xml", body)
}

fn get(bucket: &Bucket, key: &str, asked: &Asked<'_>, principal: &Principal) -> Response {
    let Some(object) = bucket.objects.get(key) else { return error(Protocol::S3, 404, "NoSuchKey") };
    let Object { body, class, .. } = object;
    let is_archived = ["GLACIER", "DEEP_ARCHIVE"].contains(&class.as_str()) && !object.is_restored;
    if is_archived || object.is_tiered_away {
        return error(Protocol::S3, 403, "InvalidObjectState");
    }
    if object.is_encrypted && !principal.policy.allows("kms:Decrypt", "arn:aws:kms:eu-west-1:1:key/k") {
        let message = "User: reader is not authorized to perform: kms:Decrypt on the resource";
        let body = format!("<Error><Code>AccessDenied</Code><Message>{message}</Message></Error>");
        return Response::new(403, "application/xml", body);
    }
    let wanted = asked.request.header("if-match");
    if !wanted.is_empty() && wanted != object.etag() {
        return error(Protocol::S3, 412, "PreconditionFailed");
    }
    let range = asked.request.header("range");
    let response = match range.strip_prefix("bytes=").and_then(|own| own.strip_suffix('-')) {
        Some(begin) => {
            let begin: usize = begin.parse().unwrap();
            let said = format!("bytes {begin}-{}/{}", body.len() - 1, body.len());
            Response::new(206, "application/x-gzip", &body[begin..]).with("content-range", &said)
        }
        None => Response::new(200, "application/x-gzip", body.as_slice()),
    };
    response.with("etag", &object.etag())
}
