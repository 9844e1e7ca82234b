//! Accounts with the people, machines and resources that events are about.

use super::json::{Json, object};
use super::random::{CAPITALS, HEXADECIMAL, Random};

/// An account, and all that its events name.
#[derive(Debug, Clone)]
pub(crate) struct Account {
    pub(crate) id: String,
    /// `userIdentity` of those who call most, each with the address and agent that it calls from.
    pub(crate) actors: Vec<Actor>,
    pub(crate) buckets: Vec<String>,
    pub(crate) functions: Vec<String>,
    pub(crate) tables: Vec<String>,
    pub(crate) keys: Vec<String>,
    pub(crate) instances: Vec<String>,
    pub(crate) endpoints: Vec<String>,
}

/// Somebody who calls.
#[derive(Debug, Clone)]
pub(crate) struct Actor {
    pub(crate) identity: Json,
    pub(crate) address: String,
    pub(crate) agent: String,
}

impl Account {
    /// Makes up an account.
    pub(crate) fn new(id: &str, random: &mut Random) -> Self {
        let some = |random: &mut Random, count: usize, prefix: &str, length: usize| -> Vec<String> {
            (0..count).map(|_| format!("{prefix}{}", random.letters(HEXADECIMAL, length))).collect()
        };
        let actors = (0..24).map(|at| actor(id, at, random)).collect();
        Self {
            id: id.to_owned(),
            actors,
            buckets: ["orders", "images", "lake", "backups", "aws-cloudtrail-logs"]
                .iter()
                .map(|name| format!("{name}-{id}"))
                .collect(),
            functions: ["pay", "resize", "notify", "reconcile"].map(str::to_owned).to_vec(),
            tables: ["sessions", "carts", "prices"].map(str::to_owned).to_vec(),
            keys: (0..4).map(|_| random.uuid()).collect(),
            instances: some(random, 12, "i-", 17),
            endpoints: some(random, 3, "vpce-", 17),
        }
    }
}

fn actor(account: &str, at: usize, random: &mut Random) -> Actor {
    let identity = match at {
        0..=13 => assumed_role(account, random),
        14..=18 => user(account, random),
        19..=21 => service(["cloudtrail", "autoscaling", "ec2"][at - 19]),
        _ => other_account(random),
    };
    let invoked = |identity: &Json| identity.text("invokedBy").to_owned();
    let (address, agent) = if (19..=21).contains(&at) {
        (invoked(&identity), invoked(&identity))
    } else {
        (format!("203.0.113.{}", random.below(256)), AGENTS[random.below(AGENTS.len())].to_owned())
    };
    Actor { identity, address, agent }
}

const AGENTS: [&str; 6] = [
    "aws-cli/2.17.9 md/awscrt#0.20.11 ua/2.0 os/linux#6.1.90 md/arch#x86_64 lang/python#3.11.8 md/pyimpl#CPython cfg/retry-mode#standard md/installer#exe md/prompt#off md/command#ec2.describe-instances",
    "Boto3/1.34.113 md/Botocore#1.34.113 ua/2.0 os/linux#5.10.216-225.855.amzn2.x86_64 md/arch#x86_64 lang/python#3.9.18 md/pyimpl#CPython exec-env/AWS_Lambda_python3.9 cfg/retry-mode#legacy Botocore/1.34.113",
    "APN/1.0 HashiCorp/1.0 Terraform/1.8.4 (+https://www.terraform.io) terraform-provider-aws/5.51.1 (+https://registry.terraform.io/providers/hashicorp/aws) aws-sdk-go-v2/1.27.0 os/linux lang/go#1.22.2 md/GOOS#linux md/GOARCH#amd64 api/ec2#1.162.0",
    "aws-sdk-java/2.25.60 Linux/5.10.217 OpenJDK_64-Bit_Server_VM/17.0.11 Java/17.0.11 vendor/Amazon.com_Inc. io/sync http/Apache cfg/retry-mode/standard",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/125.0.0.0 Safari/537.36",
    "Datadog",
];

/// A session of a role, as most callers are.
pub(crate) fn assumed_role(account: &str, random: &mut Random) -> Json {
    let role =
        *random.of(&["ci-deploy", "eks-node", "monitoring-integration", "Admin", "order-service", "etl"]);
    let session = random.letters(HEXADECIMAL, 17);
    let id = format!("AROA{}", random.letters(CAPITALS, 17));
    object! {
        "type": "AssumedRole",
        "principalId": format!("{id}:i-{session}"),
        "arn": format!("arn:aws:sts::{account}:assumed-role/{role}/i-{session}"),
        "accountId": account.to_owned(),
        "accessKeyId": format!("ASIA{}", random.letters(CAPITALS, 16)),
        "sessionContext": object! {
            "sessionIssuer": object! {
                "type": "Role",
                "principalId": id,
                "arn": format!("arn:aws:iam::{account}:role/{role}"),
                "accountId": account.to_owned(),
                "userName": role,
            },
            "webIdFederationData": object! {},
            "attributes": object! { "creationDate": "2026-09-30T22:14:07Z", "mfaAuthenticated": "false" },
            "ec2RoleDelivery": "2.0",
        },
    }
}

/// A user with a long-lived key.
pub(crate) fn user(account: &str, random: &mut Random) -> Json {
    let name = *random.of(&["alice", "bob", "build", "legacy-app"]);
    object! {
        "type": "IAMUser",
        "principalId": format!("AIDA{}", random.letters(CAPITALS, 17)),
        "arn": format!("arn:aws:iam::{account}:user/{name}"),
        "accountId": account.to_owned(),
        "accessKeyId": format!("AKIA{}", random.letters(CAPITALS, 16)),
        "userName": name,
    }
}

/// An AWS service: it has neither account nor ARN.
pub(crate) fn service(name: &str) -> Json {
    object! { "type": "AWSService", "invokedBy": format!("{name}.amazonaws.com") }
}

/// Somebody of another account.
pub(crate) fn other_account(random: &mut Random) -> Json {
    object! {
        "type": "AWSAccount",
        "principalId": format!("AIDA{}", random.letters(CAPITALS, 17)),
        "accountId": "999988887777",
    }
}

/// `userIdentity` of every type that CloudTrail documents.
///
/// Source: CloudTrail user guide, "CloudTrail userIdentity element".
pub(crate) fn identities(account: &str, random: &mut Random) -> Vec<Json> {
    let mut forwarded = assumed_role(account, random);
    forwarded.set("invokedBy", "cloudformation.amazonaws.com");
    vec![
        object! {
            "type": "Root",
            "principalId": account.to_owned(),
            "arn": format!("arn:aws:iam::{account}:root"),
            "accountId": account.to_owned(),
            "accessKeyId": "",
            "sessionContext": object! {
                "sessionIssuer": object! {},
                "webIdFederationData": object! {},
                "attributes": object! { "creationDate": "2026-10-01T07:00:00Z", "mfaAuthenticated": "true" },
            },
        },
        user(account, random),
        assumed_role(account, random),
        forwarded,
        object! {
            "type": "Role",
            "principalId": format!("AROA{}:x", random.letters(CAPITALS, 17)),
            "arn": format!("arn:aws:iam::{account}:role/x"),
            "accountId": account.to_owned(),
        },
        object! {
            "type": "FederatedUser",
            "principalId": format!("{account}:Bob"),
            "arn": format!("arn:aws:sts::{account}:federated-user/Bob"),
            "accountId": account.to_owned(),
            "accessKeyId": format!("ASIA{}", random.letters(CAPITALS, 16)),
            "sessionContext": object! {
                "sessionIssuer": object! {
                    "type": "IAMUser",
                    "arn": format!("arn:aws:iam::{account}:user/federator"),
                },
            },
        },
        object! { "type": "Directory", "principalId": "d-90676a1b2c", "accountId": account.to_owned(), "userName": "jo" },
        other_account(random),
        service("delivery.logs"),
        service("cloudtrail"),
        object! {
            "type": "SAMLUser",
            "principalId": "SampleUkh1i4+ExamplexL/jEvs=:SamlExample",
            "userName": "SamlExample",
            "identityProvider": "bdGOnTesti4+ExamplexL/jEvs=",
        },
        object! {
            "type": "WebIdentityUser",
            "principalId": "accounts.google.com:application-id.apps.googleusercontent.com:user-id",
            "userName": "user of application",
            "identityProvider": "accounts.google.com",
        },
        object! {
            "type": "IdentityCenterUser",
            "accountId": account.to_owned(),
            "onBehalfOf": object! {
                "userId": "544894e8-80c1-707f-60e3-3ba6510dfac1",
                "identityStoreArn": format!("arn:aws:identitystore::{account}:identitystore/d-9067642ac7"),
            },
            "credentialId": "EXAMPLEVHULjJdTUdPJfofVa1sufHDoj7aYcOYcxFVllWR_Whr1fEXAMPLE",
        },
        object! { "type": "Unknown", "principalId": "", "accountId": account.to_owned(), "userName": "" },
        // The element may hold nothing of what others hold.
        object! {},
    ]
}
