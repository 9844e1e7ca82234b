//! Events as CloudTrail writes them: management and data calls, sign-ins, service events.

use super::json::{Json, object};
use super::random::{ALPHANUMERIC, CAPITALS, HEXADECIMAL, Random};
use super::world::{Account, Actor};

/// What an operation acts on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Management,
    S3Object,
    Function,
    Table,
}

/// A call that CloudTrail records.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Operation {
    pub(crate) source: &'static str,
    pub(crate) name: &'static str,
    pub(crate) read_only: bool,
    pub(crate) kind: Kind,
}

const fn read(source: &'static str, name: &'static str) -> Operation {
    Operation { source, name, read_only: true, kind: Kind::Management }
}

const fn write(source: &'static str, name: &'static str) -> Operation {
    Operation { source, name, read_only: false, kind: Kind::Management }
}

const fn data(kind: Kind, source: &'static str, name: &'static str, read_only: bool) -> Operation {
    Operation { source, name, read_only, kind }
}

/// Operations; the first are called most.
pub(crate) const OPERATIONS: [Operation; 48] = [
    read("sts", "AssumeRole"),
    read("ec2", "DescribeInstances"),
    data(Kind::S3Object, "s3", "GetObject", true),
    read("kms", "Decrypt"),
    data(Kind::S3Object, "s3", "PutObject", false),
    data(Kind::Table, "dynamodb", "GetItem", true),
    read("ec2", "DescribeVolumes"),
    data(Kind::Function, "lambda", "Invoke", false),
    read("logs", "DescribeLogStreams"),
    read("kms", "GenerateDataKey"),
    read("s3", "GetBucketAcl"),
    data(Kind::S3Object, "s3", "HeadObject", true),
    read("monitoring", "DescribeAlarms"),
    read("iam", "ListRoles"),
    write("logs", "CreateLogStream"),
    data(Kind::Table, "dynamodb", "PutItem", false),
    read("rdsdata", "ExecuteStatement"),
    read("elasticloadbalancing", "DescribeTargetHealth"),
    read("ssm", "GetParameter"),
    write("ssm", "UpdateInstanceInformation"),
    read("ecr", "GetAuthorizationToken"),
    data(Kind::Table, "dynamodb", "Query", true),
    read("secretsmanager", "GetSecretValue"),
    write("ec2", "CreateTags"),
    read("sts", "GetCallerIdentity"),
    read("cloudtrail", "LookupEvents"),
    read("cloudtrail", "GetTrailStatus"),
    read("ec2", "DescribeSecurityGroups"),
    data(Kind::S3Object, "s3", "ListObjects", true),
    read("lambda", "ListFunctions20150331"),
    read("dynamodb", "DescribeTable"),
    read("autoscaling", "DescribeAutoScalingGroups"),
    write("ec2", "RunInstances"),
    write("ec2", "TerminateInstances"),
    data(Kind::S3Object, "s3", "DeleteObject", false),
    write("rdsdata", "BeginTransaction"),
    write("kms", "CreateGrant"),
    write("ec2", "AuthorizeSecurityGroupIngress"),
    write("ec2", "RevokeSecurityGroupEgress"),
    write("iam", "PutUserPolicy"),
    write("iam", "AttachRolePolicy"),
    write("iam", "CreateAccessKey"),
    write("s3", "PutBucketPolicy"),
    write("cloudtrail", "UpdateTrail"),
    write("cloudtrail", "PutEventSelectors"),
    write("cloudtrail", "StopLogging"),
    write("cloudtrail", "StartLogging"),
    write("lambda", "UpdateFunctionCode20150331v2"),
];

/// One of the operations, frequent ones more often.
pub(crate) fn operation(random: &mut Random) -> Operation {
    *random.skewed(&OPERATIONS)
}

/// One of the operations in an archive of some size, where one call in many thousands changes what is recorded.
pub(crate) fn usual_operation(random: &mut Random) -> Operation {
    loop {
        let own = operation(random);
        let is_change = own.source == "cloudtrail" && !own.read_only;
        if !is_change || random.below(100) == 0 {
            return own;
        }
    }
}

/// A call at a time by somebody of the account.
pub(crate) fn call(
    operation: Operation,
    account: &Account,
    region: &str,
    time: &str,
    random: &mut Random,
) -> Json {
    let actor = random.skewed(&account.actors).clone();
    call_by(&actor, operation, account, region, time, random)
}

/// A call at a time.
pub(crate) fn call_by(
    actor: &Actor,
    operation: Operation,
    account: &Account,
    region: &str,
    time: &str,
    random: &mut Random,
) -> Json {
    let Operation { source, name, read_only, kind } = operation;
    let mut event = object! {
        "eventVersion": *random.of(&["1.08", "1.09", "1.10", "1.11"]),
        "userIdentity": &actor.identity,
        "eventTime": time.to_owned(),
        "eventSource": format!("{source}.amazonaws.com"),
        "eventName": name,
        "awsRegion": region.to_owned(),
        "sourceIPAddress": &actor.address,
        "userAgent": format!("[{}]", actor.agent),
    };
    if random.per_mille(25) {
        event.set(
            "errorCode",
            *random.of(&["AccessDenied", "Client.UnauthorizedOperation", "ThrottlingException"]),
        );
        event
            .set("errorMessage", "User is not authorized to perform this operation: \"no policy allows it\"");
    }
    let request = request(operation, account, region, random);
    event.set("requestParameters", request);
    event.set(
        "responseElements",
        if read_only { Json::Null } else { response(operation, account, region, random) },
    );
    if kind == Kind::S3Object {
        event.set(
            "additionalEventData",
            object! {
                "SignatureVersion": "SigV4",
                "CipherSuite": "TLS_AES_128_GCM_SHA256",
                "bytesTransferredIn": u64::try_from(random.below(90_000)).unwrap(),
                "AuthenticationMethod": "AuthHeader",
                "x-amz-id-2": format!("{}=", random.letters(ALPHANUMERIC, 75)),
                "bytesTransferredOut": u64::try_from(random.below(900)).unwrap(),
            },
        );
    }
    event.set("requestID", random.uuid());
    event.set("eventID", random.uuid());
    event.set("readOnly", read_only);
    if let Some(resources) = resources(operation, account, region, &event, random) {
        event.set("resources", resources);
    }
    event.set("eventType", "AwsApiCall");
    event.set("managementEvent", kind == Kind::Management);
    event.set("recipientAccountId", &account.id);
    event.set("eventCategory", if kind == Kind::Management { "Management" } else { "Data" });
    event.set(
        "tlsDetails",
        object! {
            "tlsVersion": "TLSv1.3",
            "cipherSuite": "TLS_AES_128_GCM_SHA256",
            "clientProvidedHostHeader": format!("{source}.{region}.amazonaws.com"),
        },
    );
    event
}

fn request(operation: Operation, account: &Account, region: &str, random: &mut Random) -> Json {
    match (operation.kind, operation.name) {
        (Kind::S3Object, _) => {
            let bucket = random.skewed(&account.buckets);
            object! {
                "bucketName": bucket,
                "Host": format!("{bucket}.s3.{region}.amazonaws.com"),
                "key": format!(
                    "{}/2026/{:02}/part-{:05}-{}.c000.snappy.parquet",
                    random.of(&["raw", "clean", "tmp"]),
                    random.below(12) + 1,
                    random.below(400),
                    random.uuid(),
                ),
            }
        }
        (Kind::Function, _) => {
            object! { "functionName": arn("lambda", region, &account.id, "function:", random.skewed(&account.functions).as_str()), "invocationType": "RequestResponse" }
        }
        (Kind::Table, _) => {
            object! { "tableName": random.skewed(&account.tables), "key": object! { "pk": random.letters(HEXADECIMAL, 12) }, "returnConsumedCapacity": "TOTAL" }
        }
        (_, "AssumeRole") => object! {
            "roleArn": format!("arn:aws:iam::{}:role/eks-node", account.id),
            "roleSessionName": format!("i-{}", random.letters(HEXADECIMAL, 17)),
            "durationSeconds": 3600,
        },
        (_, "Decrypt" | "GenerateDataKey" | "CreateGrant") => object! {
            "encryptionContext": object! { "aws:s3:arn": format!("arn:aws:s3:::{}", random.skewed(&account.buckets)) },
            "keyId": arn("kms", region, &account.id, "key/", random.skewed(&account.keys).as_str()),
            "encryptionAlgorithm": "SYMMETRIC_DEFAULT",
        },
        (_, "AuthorizeSecurityGroupIngress" | "RevokeSecurityGroupEgress") => object! {
            "groupId": format!("sg-{}", random.letters(HEXADECIMAL, 17)),
            "ipPermissions": object! { "items": vec![object! {
                "ipProtocol": "tcp",
                "fromPort": 22,
                "toPort": 22,
                "groups": object! {},
                "ipRanges": object! { "items": vec![object! { "cidrIp": "0.0.0.0/0" }] },
            }] },
        },
        (_, "RunInstances" | "TerminateInstances" | "DescribeInstances" | "CreateTags") => object! {
            "instancesSet": object! { "items": vec![object! { "instanceId": random.of(&account.instances) }] },
            "filterSet": object! { "items": vec![filter("tag:kubernetes.io/cluster/production", "owned"), filter("instance-state-name", "running")] },
        },
        (_, "PutUserPolicy" | "AttachRolePolicy" | "PutBucketPolicy") => object! {
            "userName": "alice",
            "policyName": "inline",
            "policyDocument": r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}"#,
        },
        (_, "UpdateTrail" | "PutEventSelectors" | "StopLogging" | "StartLogging" | "GetTrailStatus") => {
            object! { "name": arn("cloudtrail", region, &account.id, "trail/", "all") }
        }
        _ => object! {
            "maxResults": 100,
            "nextToken": random.letters(ALPHANUMERIC, 108),
            "includeAllInstances": false,
            "filterSet": object! { "items": vec![filter("tag:Environment", "production")] },
        },
    }
}

fn filter(name: &'static str, value: &'static str) -> Json {
    object! { "name": name, "valueSet": object! { "items": vec![object! { "value": value }] } }
}

fn response(operation: Operation, account: &Account, region: &str, random: &mut Random) -> Json {
    match operation.name {
        "AssumeRole" => object! {
            "credentials": object! {
                "accessKeyId": format!("ASIA{}", random.letters(CAPITALS, 16)),
                "sessionToken": random.letters(ALPHANUMERIC, 360),
                "expiration": "Oct 1, 2026, 8:14:07 PM",
            },
            "assumedRoleUser": object! {
                "assumedRoleId": format!("AROAEXAMPLEEXAMPLE123:i-{}", random.letters(HEXADECIMAL, 17)),
                "arn": format!("arn:aws:sts::{}:assumed-role/eks-node/session", account.id),
            },
        },
        "RunInstances" | "TerminateInstances" => object! {
            "requestId": random.uuid(),
            "instancesSet": object! { "items": vec![object! {
                "instanceId": random.of(&account.instances),
                "currentState": object! { "code": 32, "name": "shutting-down" },
                "previousState": object! { "code": 16, "name": "running" },
            }] },
        },
        "PutObject" => {
            object! { "x-amz-server-side-encryption": "AES256", "x-amz-version-id": random.letters(HEXADECIMAL, 32) }
        }
        "StopLogging" | "CreateTags" | "PutItem" | "DeleteObject" => Json::Null,
        _ => object! {
            "requestId": random.uuid(),
            "result": object! { "return": true, "region": region.to_owned() },
        },
    }
}

fn resources(
    operation: Operation,
    account: &Account,
    region: &str,
    event: &Json,
    random: &mut Random,
) -> Option<Vec<Json>> {
    let of = |kind: &'static str, arn: String| {
        object! { "accountId": &account.id, "type": kind, "ARN": arn }
    };
    match operation.kind {
        Kind::S3Object => {
            let Json::Object(members) = event else { unreachable!() };
            let (_, request) = members.iter().find(|(key, _)| key == "requestParameters")?;
            let bucket = request.text("bucketName");
            let object = if operation.name == "ListObjects" {
                object! { "type": "AWS::S3::Object", "ARNPrefix": format!("arn:aws:s3:::{bucket}/") }
            } else {
                object! { "type": "AWS::S3::Object", "ARN": format!("arn:aws:s3:::{bucket}/{}", request.text("key")) }
            };
            Some(vec![object, of("AWS::S3::Bucket", format!("arn:aws:s3:::{bucket}"))])
        }
        Kind::Function => {
            let function =
                arn("lambda", region, &account.id, "function:", random.skewed(&account.functions).as_str());
            Some(vec![of("AWS::Lambda::Function", function)])
        }
        Kind::Table => {
            let table =
                arn("dynamodb", region, &account.id, "table/", random.skewed(&account.tables).as_str());
            Some(vec![of("AWS::DynamoDB::Table", table)])
        }
        Kind::Management if operation.source == "kms" => Some(vec![of(
            "AWS::KMS::Key",
            arn("kms", region, &account.id, "key/", random.skewed(&account.keys).as_str()),
        )]),
        Kind::Management => None,
    }
}

fn arn(service: &str, region: &str, account: &str, kind: &str, name: &str) -> String {
    format!("arn:aws:{service}:{region}:{account}:{kind}{name}")
}

/// A day and second as `eventTime` gives it; days are of October 2026, 0 the first, and run on into November.
pub(crate) fn time(day: usize, second: usize) -> String {
    let (month, of_month) = date(day + second / 86_400);
    let second = second % 86_400;
    format!("2026-{month:02}-{of_month:02}T{:02}:{:02}:{:02}Z", second / 3600, second / 60 % 60, second % 60)
}

/// Month and day of the month; day 0 is 1 October.
pub(crate) fn date(day: usize) -> (usize, usize) {
    if day < 31 { (10, day + 1) } else { (11, day - 30) }
}
