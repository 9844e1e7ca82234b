//! Records that differ from an ordinary call in what readers trip over.

use super::event::{OPERATIONS, Operation, call, operation};
use super::json::{Json, object};
use super::random::{HEXADECIMAL, Random};
use super::world::{Account, identities, service, user};
use std::iter::repeat_n;

/// What a variant is made from: an account's Region at a time.
pub(crate) struct Scene<'a> {
    pub(crate) account: &'a Account,
    pub(crate) region: &'a str,
    pub(crate) time: &'a str,
}

impl Scene<'_> {
    /// An ordinary call.
    pub(crate) fn ordinary(&self, random: &mut Random) -> Json {
        call(operation(random), self.account, self.region, self.time, random)
    }

    /// The call of this name.
    pub(crate) fn named(&self, name: &str, random: &mut Random) -> Json {
        let operation: Operation = *OPERATIONS.iter().find(|own| own.name == name).unwrap();
        call(operation, self.account, self.region, self.time, random)
    }
}

/// Every kind of record, some in several forms.
pub(crate) fn variants(scene: &Scene<'_>, random: &mut Random) -> Vec<Json> {
    let mut all = documented(scene, random);
    all.extend(traps(scene, random));
    all.extend(missing(scene, random));
    all
}

/// Every kind of record that CloudTrail writes, and nothing that it does not.
pub(crate) fn documented(scene: &Scene<'_>, random: &mut Random) -> Vec<Json> {
    let mut all = kinds(scene, random);
    all.extend(categories(scene, random));
    all.extend(changes(scene, random));
    for identity in identities(&scene.account.id, random) {
        let mut event = scene.ordinary(random);
        event.set("userIdentity", identity);
        all.push(event);
    }
    all
}

/// Records that are no API calls.
fn kinds(scene: &Scene<'_>, random: &mut Random) -> Vec<Json> {
    let mut all = vec![
        insight(scene, "Start", "ApiCallRateInsight", random),
        insight(scene, "End", "ApiCallRateInsight", random),
        insight(scene, "Start", "ApiErrorRateInsight", random),
        aggregated(scene, "API_ACTIVITY", "eventName", random),
        aggregated(scene, "RESOURCE_ACCESS", "resourceARN", random),
        network_activity(scene, "kms", "Decrypt", None, random),
        network_activity(scene, "s3", "GetObject", Some("VpceAccessDenied"), random),
        network_activity(scene, "cloudtrail", "LookupEvents", None, random),
    ];
    // Sign-ins: of a user with and without a second factor, failed, and of root.
    for (identity, mfa, result) in
        [(1, "Yes", "Success"), (1, "No", "Success"), (1, "No", "Failure"), (0, "No", "Success")]
    {
        let mut event = scene.named("StopLogging", random);
        event.set("userIdentity", identities(&scene.account.id, random).swap_remove(identity));
        event.set("eventSource", "signin.amazonaws.com");
        event.set("eventName", "ConsoleLogin");
        event.set("eventType", "AwsConsoleSignIn");
        event.set("requestParameters", Json::Null);
        event.set("responseElements", object! { "ConsoleLogin": result });
        event.set(
            "additionalEventData",
            object! { "LoginTo": "https://console.aws.amazon.com/console/home", "MobileVersion": "No", "MFAUsed": mfa },
        );
        all.push(event);
    }
    let mut rotation = scene.named("Decrypt", random);
    rotation.set("userIdentity", object! { "accountId": &scene.account.id, "invokedBy": "AWS Internal" });
    rotation.set("eventName", "RotateKey");
    rotation.set("eventType", "AwsServiceEvent");
    rotation.set("readOnly", false);
    rotation.set("requestParameters", Json::Null);
    rotation.set("serviceEventDetails", object! { "keyId": "a7d2", "rotationType": "AUTOMATIC" });
    all.push(rotation);
    // The log's own delivery, as far as it is logged: the bucket's policy is read, a key is used, the files are put.
    for (name, caller) in [
        ("GetBucketAcl", Some("cloudtrail")),
        ("GenerateDataKey", Some("delivery.logs")),
        ("PutObject", Some("cloudtrail")),
        ("GetObject", None),
    ] {
        let mut event = scene.named(name, random);
        event.set("userIdentity", caller.map_or_else(|| user(&scene.account.id, random), service));
        event.set("sourceIPAddress", "cloudtrail.amazonaws.com");
        event.set("userAgent", "cloudtrail.amazonaws.com");
        let bucket = scene.account.buckets.last().unwrap();
        if name.ends_with("Object") {
            let key =
                format!("AWSLogs/{}/CloudTrail/{}/2026/10/01/x.json.gz", scene.account.id, scene.region);
            event.set("requestParameters", object! { "bucketName": bucket, "key": key.clone() });
            event.set(
                "resources",
                vec![
                    object! { "type": "AWS::S3::Object", "ARN": format!("arn:aws:s3:::{bucket}/{key}") },
                    object! {
                        "accountId": &scene.account.id,
                        "type": "AWS::S3::Bucket",
                        "ARN": format!("arn:aws:s3:::{bucket}"),
                    },
                ],
            );
        }
        // CloudTrail gives one id to the same event in the accounts of the caller and of the resource.
        event.set("sharedEventID", random.uuid());
        all.push(event);
    }
    all
}

/// An Insights event: it names no event at its top level.
///
/// Source: CloudTrail user guide, "CloudTrail record contents for Insights events for trails".
fn insight(scene: &Scene<'_>, state: &'static str, kind: &'static str, random: &mut Random) -> Json {
    let average = |value: u64| object! { "average": value };
    object! {
        "eventVersion": "1.09",
        "eventTime": scene.time.to_owned(),
        "awsRegion": scene.region.to_owned(),
        "eventID": random.uuid(),
        "eventType": "AwsCloudTrailInsight",
        "recipientAccountId": &scene.account.id,
        "sharedEventID": random.uuid(),
        "insightDetails": object! {
            "state": state,
            "eventSource": "autoscaling.amazonaws.com",
            "eventName": "CompleteLifecycleAction",
            "insightType": kind,
            "insightContext": object! {
                "statistics": object! { "baseline": average(1), "insight": average(11), "insightDuration": 4 },
                "attributions": vec![object! {
                    "attribute": "userIdentityArn",
                    "insight": vec![object! { "value": format!("arn:aws:iam::{}:user/alice", scene.account.id), "average": 5 }],
                }],
            },
        },
        "eventCategory": "Insight",
    }
}

/// A summary of data events: its account and id have other names than everywhere else.
///
/// Source: CloudTrail user guide, "CloudTrail record contents for aggregated events".
fn aggregated(
    scene: &Scene<'_>,
    template: &'static str,
    dimension: &'static str,
    random: &mut Random,
) -> Json {
    object! {
        "eventVersion": "1.0",
        "accountId": &scene.account.id,
        "eventId": random.uuid(),
        "eventCategory": "Aggregated",
        "eventType": "AwsAggregatedEvent",
        "awsRegion": scene.region.to_owned(),
        "eventSource": "s3.amazonaws.com",
        "timeWindow": object! {
            "windowStart": scene.time.to_owned(),
            "windowEnd": scene.time.replace('Z', ".999Z"),
            "windowSize": "PT5M",
        },
        "summary": object! {
            "aggregationTemplate": template,
            "primaryDimension": object! {
                "dimension": dimension,
                "statistics": vec![object! { "name": "eventName", "value": "GetObject", "count": 4711 }],
            },
            "details": vec![object! { "dimension": "errorCode", "statistics": Vec::<Json>::new() }],
        },
    }
}

fn network_activity(
    scene: &Scene<'_>,
    source: &'static str,
    name: &'static str,
    error: Option<&'static str>,
    random: &mut Random,
) -> Json {
    let mut event = scene.ordinary(random);
    for key in [
        "requestParameters",
        "responseElements",
        "resources",
        "additionalEventData",
        "readOnly",
        "errorCode",
        "errorMessage",
    ] {
        event.remove(key);
    }
    event.set("eventSource", format!("{source}.amazonaws.com"));
    event.set("eventName", name);
    event.set("eventType", "AwsVpceEvent");
    event.set("managementEvent", false);
    event.set("eventCategory", "NetworkActivity");
    event.set("vpcEndpointId", random.of(&scene.account.endpoints));
    event.set("vpcEndpointAccountId", &scene.account.id);
    if let Some(error) = error {
        event.set("errorCode", error);
        event.set("errorMessage", "The request was denied due to a VPC endpoint policy");
    }
    event
}

/// Records whose category must be inferred, and `readOnly` in its forms.
fn categories(scene: &Scene<'_>, random: &mut Random) -> Vec<Json> {
    let mut all = Vec::new();
    for name in ["DescribeInstances", "GetObject", "Invoke", "Decrypt", "TerminateInstances"] {
        // Before 1.07 there was no category; before 1.06 a data event did not say that it is none of management.
        let mut old = scene.named(name, random);
        old.remove("eventCategory");
        old.set("eventVersion", "1.06");
        all.push(old.clone());
        old.set("eventID", random.uuid());
        old.remove("managementEvent");
        old.set("eventVersion", "1.05");
        all.push(old);
        for read_only in ["true", "false"] {
            let mut text = scene.named(name, random);
            text.set("readOnly", read_only);
            all.push(text);
        }
        let mut unsaid = scene.named(name, random);
        unsaid.remove("readOnly");
        all.push(unsaid);
    }
    let mut late = scene.ordinary(random);
    late.remove("eventCategory");
    late.set("eventCategory", "Data");
    let mut first = scene.ordinary(random);
    first.set_first("eventCategory", "Management");
    let mut unheard_of = scene.ordinary(random);
    unheard_of.set("eventCategory", "SomethingNew");
    all.extend([late, first, unheard_of]);
    all
}

/// Records in which a reader of text sees what is not there.
fn traps(scene: &Scene<'_>, random: &mut Random) -> Vec<Json> {
    let inner = scene.named("GetObject", random);
    let text = inner.compact();
    let twice = Json::Text(text.clone().into()).compact();
    let mut nested = scene.named("DescribeInstances", random);
    nested.set(
        "requestParameters",
        object! {
            "Records": vec![inner.clone(), inner.clone()],
            "eventName": "Nested",
            "eventID": random.uuid(),
            "policy": text.clone(),
            "policyTwice": twice,
        },
    );
    nested.set("additionalEventData", inner.clone());
    let mut before = scene.named("TerminateInstances", random);
    before.set_first(
        "serviceEventDetails",
        object! { "eventCategory": "Data", "readOnly": true, "eventTime": "2020-01-01T00:00:00Z" },
    );
    before.set_first("errorMessage", format!("\"eventName\":\"Quoted\",{text}"));
    let mut brackets = scene.named("CreateTags", random);
    brackets.set("userAgent", r#"]}{[ ]}]}]}" \"eventName\":\"Fake\", {"Records":[{"#);
    brackets.set("errorMessage", r#"],"Records":[{"eventName":"x"}]}"#);
    let mut deep = Json::from("end");
    for level in 0..90 {
        deep = if level % 2 == 0 {
            Json::List(vec![deep, Json::Null])
        } else {
            object! { "eventName": deep }
        };
    }
    let mut deeply = scene.ordinary(random);
    deeply.set("requestParameters", deep);
    let mut odd_text = scene.ordinary(random);
    odd_text.set("userAgent", "Zoë 日本語 \u{1F600} \u{0}\u{1}\u{1f}\u{7f}\u{2028} \u{10ffff} \t\n\u{8}/\\");
    let mut wide = scene.ordinary(random);
    wide.set("errorMessage", "é".repeat(100_000));
    let mut all = vec![nested, before, brackets, deeply, odd_text, wide];
    // Runs of backslashes of every length, from every place within 64 bytes, with a quote after the odd and the even ones.
    for length in (1..=9).chain([31, 32, 33, 62, 63, 64, 65, 66, 127, 128, 129]) {
        let mut event = scene.ordinary(random);
        let at = random.below(64);
        let run: String = repeat_n('x', at).chain(repeat_n('\\', length)).chain("\"}]".chars()).collect();
        event.set_first("errorMessage", run.clone());
        event.set("requestParameters", object! { "run": run, "eventName": "Fake" });
        all.push(event);
    }
    for _ in 0..8 {
        let mut shuffled = scene.ordinary(random);
        let members = shuffled.members();
        for at in (1..members.len()).rev() {
            members.swap(at, random.below(at + 1));
        }
        all.push(shuffled);
    }
    all
}

/// Records without what others have, or with a value of another type.
fn missing(scene: &Scene<'_>, random: &mut Random) -> Vec<Json> {
    let mut all = Vec::new();
    for key in [
        "eventID",
        "eventTime",
        "eventSource",
        "eventName",
        "awsRegion",
        "recipientAccountId",
        "userIdentity",
        "eventType",
        "eventVersion",
    ] {
        let mut without = scene.named("DescribeInstances", random);
        without.remove(key);
        all.push(without);
        let mut null = scene.named("DescribeInstances", random);
        null.set(key, Json::Null);
        all.push(null);
    }
    for time in
        ["yesterday", "2026-13-45T99:99:99Z", "", "2026-10-02T03:04:05.678Z", "2026-10-02T23:30:00-05:00"]
    {
        let mut event = scene.ordinary(random);
        event.set("eventTime", time.to_owned());
        all.push(event);
    }
    let mut number = scene.ordinary(random);
    number.set("eventName", 42);
    let mut list = scene.ordinary(random);
    list.set("eventSource", vec![Json::from("ec2.amazonaws.com")]);
    let mut no_resource = scene.named("GetObject", random);
    no_resource.remove("resources");
    let mut null_resources = scene.named("Invoke", random);
    null_resources.set("resources", Json::Null);
    let mut empty_resources = scene.named("PutItem", random);
    empty_resources.set("resources", Vec::<Json>::new());
    let mut odd_id = scene.ordinary(random);
    odd_id.set("eventID", "EXAMPLE-not-a-uuid");
    let mut same_odd_id = scene.ordinary(random);
    same_odd_id.set("eventID", "EXAMPLE-not-a-uuid");
    let mut capitals = scene.ordinary(random);
    capitals.set("eventID", random.uuid().to_uppercase());
    all.extend([number, list, no_resource, null_resources, empty_resources, odd_id, same_odd_id, capitals]);
    all
}

/// Changes of what is recorded, which change what is paid.
fn changes(scene: &Scene<'_>, random: &mut Random) -> Vec<Json> {
    [
        "CreateTrail",
        "UpdateTrail",
        "DeleteTrail",
        "StartLogging",
        "StopLogging",
        "PutEventSelectors",
        "PutInsightSelectors",
        "CreateEventDataStore",
        "UpdateEventDataStore",
        "DeleteEventDataStore",
        "PutEventConfiguration",
    ]
    .into_iter()
    .map(|name| {
        let mut event = scene.named("UpdateTrail", random);
        event.remove("errorCode");
        event.remove("errorMessage");
        event.set("eventName", name);
        event.set(
            "requestParameters",
            object! { "name": "all-events", "trailName": "all-events", "isMultiRegionTrail": true, "id": random.letters(HEXADECIMAL, 8) },
        );
        event
    })
    .collect()
}
