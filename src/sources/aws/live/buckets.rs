//! The settings of the buckets that logs are in.

use super::asking::{Asking, Place};
use super::bucket_shapes::{encryption, lifecycle, object_lock, replication, whole_bucket};
use super::refused::Refused;
use super::session::Session;
use crate::sources::aws::answers::{
    Asked, BucketEncryption, BucketLocation, BucketMetricsAnswer, BucketMetricsConfiguration,
    BucketReplication, BucketVersioning, Data, LifecycleAnswer, ObjectLockAnswer, Operation, RefusalKind,
};

/// A bucket to ask about.
#[derive(Debug, Clone)]
pub(super) struct LogBucket<'a> {
    pub(super) name: String,
    /// Who may be able to read it, the likeliest first.
    pub(super) readers: Vec<&'a Session>,
    /// Where it may be if S3 does not say.
    pub(super) likely_region: String,
}

/// A bucket that was asked about.
#[derive(Debug, Clone)]
pub(super) struct ReadBucket<'a> {
    pub(super) name: String,
    pub(super) region: String,
    /// Who could read it first, then the others.
    pub(super) readers: Vec<&'a Session>,
    /// The buckets that it is copied to.
    pub(super) copies: Vec<String>,
}

impl<'a> LogBucket<'a> {
    /// Asks until somebody may: the owner of a bucket is often not the owner of the trail. Where S3 says that the bucket
    /// is elsewhere, it is asked there.
    async fn ask<T>(
        &self,
        readers: &[&'a Session],
        region: &str,
        call: impl AsyncFn(aws_sdk_s3::Client) -> Result<T, Refused>,
    ) -> (Asked, usize, Result<T, Refused>) {
        let asked = |session: &Session, region: &str| Asked {
            account: session.account.clone(),
            region: region.to_owned(),
            subject: self.name.clone(),
        };
        let mut first = None;
        for (at, session) in readers.iter().enumerate() {
            let mut region = region.to_owned();
            let mut outcome = call(session.s3(&region)).await;
            if let Err(Refused { kind: RefusalKind::Other, bucket_region: Some(elsewhere), .. }) = &outcome
                && *elsewhere != region
            {
                region.clone_from(elsewhere);
                outcome = call(session.s3(&region)).await;
            }
            match outcome {
                Err(refused) if refused.kind == RefusalKind::Denied => {
                    first.get_or_insert((asked(session, &region), at, Err(refused)));
                }
                outcome => return (asked(session, &region), at, outcome),
            }
        }
        first.unwrap_or_else(|| (Asked::default(), 0, Err(Refused::not_read("NoAccountRead"))))
    }
}

/// Asks for everything about a bucket that bears on cost.
pub(super) async fn read<'a>(asking: &Asking<'_>, bucket: LogBucket<'a>) -> ReadBucket<'a> {
    let name = bucket.name.as_str();
    let home = bucket.readers.first().map_or("us-east-1", |session| session.home());
    let location = async |client: aws_sdk_s3::Client| {
        let answer = client.get_bucket_location().bucket(name).send().await?;
        let constraint = answer.location_constraint().map(|own| own.as_str().to_owned());
        Ok(BucketLocation { location_constraint: constraint.filter(|own| !own.is_empty()) })
    };
    let (asked, at, outcome) = bucket.ask(&bucket.readers, home, location).await;
    let region = match &outcome {
        Ok(location) => match location.location_constraint.as_deref() {
            None => home.to_owned(),
            Some("EU") => "eu-west-1".to_owned(),
            Some(code) => code.to_owned(),
        },
        Err(refused) => refused.bucket_region.clone().unwrap_or_else(|| bucket.likely_region.clone()),
    };
    let absent = matches!(&outcome, Err(refused) if refused.kind == RefusalKind::Absent);
    asking.record(asked, Operation::GetBucketLocation, outcome, Data::GetBucketLocation);
    let mut readers = bucket.readers.clone();
    if at < readers.len() {
        readers[..=at].rotate_right(1);
    }
    let mut copies = Vec::new();
    if !absent {
        settings(asking, &bucket, &readers, &region).await;
        copies = replicas(asking, &bucket, &readers, &region).await;
    }
    ReadBucket { name: bucket.name, region, readers, copies }
}

async fn settings(asking: &Asking<'_>, bucket: &LogBucket<'_>, readers: &[&Session], region: &str) {
    let name = bucket.name.as_str();
    let call = async |client: aws_sdk_s3::Client| -> Result<BucketEncryption, Refused> {
        Ok(encryption(&client.get_bucket_encryption().bucket(name).send().await?))
    };
    let (asked, _, outcome) = bucket.ask(readers, region, call).await;
    asking.record(asked, Operation::GetBucketEncryption, outcome, Data::GetBucketEncryption);

    let call = async |client: aws_sdk_s3::Client| -> Result<LifecycleAnswer, Refused> {
        Ok(lifecycle(&client.get_bucket_lifecycle_configuration().bucket(name).send().await?))
    };
    let (asked, _, outcome) = bucket.ask(readers, region, call).await;
    asking.record(
        asked,
        Operation::GetBucketLifecycleConfiguration,
        outcome,
        Data::GetBucketLifecycleConfiguration,
    );

    let call = async |client: aws_sdk_s3::Client| -> Result<BucketVersioning, Refused> {
        let answer = client.get_bucket_versioning().bucket(name).send().await?;
        Ok(BucketVersioning { status: answer.status().map(|status| status.as_str().to_owned()) })
    };
    let (asked, _, outcome) = bucket.ask(readers, region, call).await;
    asking.record(asked, Operation::GetBucketVersioning, outcome, Data::GetBucketVersioning);

    let call = async |client: aws_sdk_s3::Client| -> Result<ObjectLockAnswer, Refused> {
        Ok(object_lock(&client.get_object_lock_configuration().bucket(name).send().await?))
    };
    let (asked, _, outcome) = bucket.ask(readers, region, call).await;
    asking.record(asked, Operation::GetObjectLockConfiguration, outcome, Data::GetObjectLockConfiguration);

    let call = async |client: aws_sdk_s3::Client| request_metrics(&client, name).await;
    let (asked, _, outcome) = bucket.ask(readers, region, call).await;
    asking.record(
        asked,
        Operation::ListBucketMetricsConfigurations,
        outcome,
        Data::ListBucketMetricsConfigurations,
    );
}

async fn replicas(
    asking: &Asking<'_>,
    bucket: &LogBucket<'_>,
    readers: &[&Session],
    region: &str,
) -> Vec<String> {
    let name = bucket.name.as_str();
    let call = async |client: aws_sdk_s3::Client| -> Result<BucketReplication, Refused> {
        Ok(replication(&client.get_bucket_replication().bucket(name).send().await?))
    };
    let (asked, _, outcome) = bucket.ask(readers, region, call).await;
    let answer = asking.record(asked, Operation::GetBucketReplication, outcome, Data::GetBucketReplication);
    answer.map(|answer| answer.rules.into_iter().map(|rule| rule.bucket).collect()).unwrap_or_default()
}

/// Asks which request metrics a bucket has that somebody else's metrics named.
pub(super) async fn ask_request_metrics(asking: &Asking<'_>, place: &Place<'_>, name: &str) {
    let outcome = request_metrics(&place.session.s3(&place.region), name).await;
    asking.record(
        place.asked(name),
        Operation::ListBucketMetricsConfigurations,
        outcome,
        Data::ListBucketMetricsConfigurations,
    );
}

async fn request_metrics(client: &aws_sdk_s3::Client, name: &str) -> Result<BucketMetricsAnswer, Refused> {
    let mut configurations = Vec::new();
    let mut token: Option<String> = None;
    loop {
        let page = client
            .list_bucket_metrics_configurations()
            .bucket(name)
            .set_continuation_token(token.clone())
            .send()
            .await?;
        configurations.extend(page.metrics_configuration_list().iter().map(|own| {
            BucketMetricsConfiguration { id: own.id().to_owned(), whole_bucket: whole_bucket(own) }
        }));
        let next = page.next_continuation_token().filter(|_| page.is_truncated() == Some(true));
        match next {
            Some(next) if Some(next) != token.as_deref() => token = Some(next.to_owned()),
            _ => return Ok(BucketMetricsAnswer { configurations }),
        }
    }
}
