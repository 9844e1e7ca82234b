//! Each alarm's filter pattern matches exactly the events that it names: on made events, near misses among them, and on real
//! logs, against a check that knows the benchmark's lists and nothing of patterns.

use crate::support::log_corpus::{golden, write_below};
use crate::support::log_reference::events;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use trailcost::domain::{FilterPattern, LONGEST_FILTER_PATTERN, MONITORED_ACTIVITIES};

/// The events that the benchmark names, by activity: the event source where the pattern names one, and the names.
///
/// Source: CIS AWS Foundations Benchmark v3.0.0, 4.4, 4.5 and 4.7 to 4.15.
const NAMED: [(&str, Option<&str>, &str); 12] = [
    (
        "iam-policy-change",
        Some("iam.amazonaws.com"),
        "DeleteGroupPolicy DeleteRolePolicy DeleteUserPolicy PutGroupPolicy PutRolePolicy PutUserPolicy CreatePolicy DeletePolicy \
         CreatePolicyVersion DeletePolicyVersion AttachRolePolicy DetachRolePolicy AttachUserPolicy DetachUserPolicy \
         AttachGroupPolicy DetachGroupPolicy",
    ),
    ("cloudtrail-change", None, "CreateTrail UpdateTrail DeleteTrail StartLogging StopLogging"),
    ("kms-key-deletion", Some("kms.amazonaws.com"), "DisableKey ScheduleKeyDeletion"),
    (
        "s3-bucket-policy-change",
        Some("s3.amazonaws.com"),
        "PutBucketAcl PutBucketPolicy PutBucketCors PutBucketLifecycle PutBucketReplication DeleteBucketPolicy DeleteBucketCors \
         DeleteBucketLifecycle DeleteBucketReplication",
    ),
    (
        "config-change",
        Some("config.amazonaws.com"),
        "StopConfigurationRecorder DeleteDeliveryChannel PutDeliveryChannel PutConfigurationRecorder",
    ),
    (
        "security-group-change",
        None,
        "AuthorizeSecurityGroupIngress AuthorizeSecurityGroupEgress RevokeSecurityGroupIngress RevokeSecurityGroupEgress \
         CreateSecurityGroup DeleteSecurityGroup",
    ),
    (
        "network-acl-change",
        None,
        "CreateNetworkAcl CreateNetworkAclEntry DeleteNetworkAcl DeleteNetworkAclEntry ReplaceNetworkAclEntry \
         ReplaceNetworkAclAssociation",
    ),
    (
        "network-gateway-change",
        None,
        "CreateCustomerGateway DeleteCustomerGateway AttachInternetGateway CreateInternetGateway DeleteInternetGateway \
         DetachInternetGateway",
    ),
    (
        "route-table-change",
        Some("ec2.amazonaws.com"),
        "CreateRoute CreateRouteTable ReplaceRoute ReplaceRouteTableAssociation DeleteRouteTable DeleteRoute DisassociateRouteTable",
    ),
    (
        "vpc-change",
        None,
        "CreateVpc DeleteVpc ModifyVpcAttribute AcceptVpcPeeringConnection CreateVpcPeeringConnection DeleteVpcPeeringConnection \
         RejectVpcPeeringConnection AttachClassicLinkVpc DetachClassicLinkVpc DisableVpcClassicLink EnableVpcClassicLink",
    ),
    (
        "organizations-change",
        Some("organizations.amazonaws.com"),
        "AcceptHandshake AttachPolicy CreateAccount CreateOrganizationalUnit CreatePolicy DeclineHandshake DeleteOrganization \
         DeleteOrganizationalUnit DeletePolicy DetachPolicy DisablePolicyType EnablePolicyType InviteAccountToOrganization \
         LeaveOrganization MoveAccount RemoveAccountFromOrganization UpdatePolicy UpdateOrganizationalUnit",
    ),
    (
        "s3-public-access",
        None,
        "PutBucketPublicAccessBlock DeleteBucketPublicAccessBlock PutAccountPublicAccessBlock DeleteAccountPublicAccessBlock \
         PutBucketAcl PutObjectAcl",
    ),
];

/// Tells whether an event is what an activity's control describes.
fn is_named(activity: &str, event: &Value) -> bool {
    let text = |path: &str| event.pointer(path).and_then(Value::as_str);
    let signs_in = text("/eventName") == Some("ConsoleLogin");
    match activity {
        "unauthorized-api-call" => text("/errorCode")
            .is_some_and(|own| own.ends_with("UnauthorizedOperation") || own.starts_with("AccessDenied")),
        "console-sign-in-without-mfa" => {
            signs_in
                && text("/additionalEventData/MFAUsed").is_some_and(|own| own != "Yes")
                && text("/userIdentity/type") == Some("IAMUser")
                && text("/responseElements/ConsoleLogin") == Some("Success")
        }
        "root-login" => {
            text("/userIdentity/type") == Some("Root")
                && event.pointer("/userIdentity/invokedBy").is_none()
                && text("/eventType").is_some_and(|own| own != "AwsServiceEvent")
        }
        "console-sign-in-failure" => signs_in && text("/errorMessage") == Some("Failed authentication"),
        listed => {
            let (_, source, names) =
                NAMED.iter().find(|own| own.0 == listed).unwrap_or_else(|| panic!("no list of {listed}"));
            source.is_none_or(|own| text("/eventSource") == Some(own))
                && text("/eventName").is_some_and(|name| names.split_whitespace().any(|own| own == name))
        }
    }
}

/// Tries every pattern on every event; returns how many events each matched.
fn tried(all: &[Value]) -> BTreeMap<&'static str, usize> {
    MONITORED_ACTIVITIES
        .iter()
        .map(|activity| {
            let pattern = FilterPattern::parse(activity.pattern).unwrap();
            let mut matched = 0;
            for event in all {
                let found = pattern.matches(event);
                assert_eq!(found, is_named(activity.name, event), "{}: {event:#}", activity.name);
                matched += usize::from(found);
            }
            (activity.name, matched)
        })
        .collect()
}

/// Events of every name that any list has, or that is nearly one, of every source, and sign-ins of every kind.
fn made() -> Vec<Value> {
    let mut all = Vec::new();
    let mut sources: Vec<&str> = NAMED.iter().filter_map(|own| own.1).collect();
    sources.push("iot.amazonaws.com");
    for name in NAMED.iter().flat_map(|own| own.2.split_whitespace()) {
        for source in &sources {
            let names = [
                name.to_owned(),
                format!("{name}2"),
                format!("x{name}"),
                name.to_lowercase(),
                name[..name.len() - 1].to_owned(),
                format!("{name} "),
            ];
            for name in names {
                all.push(json!({ "eventSource": source, "eventName": name, "eventType": "AwsApiCall", "userIdentity": { "type": "IAMUser" } }));
            }
        }
        all.push(json!({ "eventName": [name], "eventSource": { "x": name } }));
        all.push(json!({ "requestParameters": { "eventName": name } }));
    }
    for error in [
        "AccessDenied",
        "AccessDeniedException",
        "accessdenied",
        "Client.UnauthorizedOperation",
        "UnauthorizedOperation",
        "UnauthorizedOperation.x",
        "MyAccessDenied",
        "",
    ] {
        all.push(json!({ "errorCode": error }));
    }
    for kind in ["Root", "IAMUser", "AssumedRole", "root"] {
        for invoked in [json!({}), json!({ "invokedBy": "ec2.amazonaws.com" }), json!({ "invokedBy": null })]
        {
            for event_type in
                [json!("AwsApiCall"), json!("AwsServiceEvent"), json!("AwsConsoleSignIn"), Value::Null]
            {
                let mut identity = invoked.clone();
                identity["type"] = json!(kind);
                all.push(json!({ "userIdentity": identity, "eventType": event_type }));
            }
        }
        for mfa in [json!({ "MFAUsed": "Yes" }), json!({ "MFAUsed": "No" }), json!({})] {
            for outcome in ["Success", "Failure"] {
                for message in [json!("Failed authentication"), json!("No username found"), Value::Null] {
                    for name in ["ConsoleLogin", "SwitchRole"] {
                        all.push(json!({
                            "eventName": name,
                            "userIdentity": { "type": kind },
                            "additionalEventData": mfa,
                            "responseElements": { "ConsoleLogin": outcome },
                            "errorMessage": message,
                            "eventType": "AwsConsoleSignIn",
                        }));
                    }
                }
            }
        }
    }
    all
}

#[test]
fn every_pattern_matches_what_it_names_and_no_near_miss() {
    let all = made();
    let matched = tried(&all);
    for (activity, count) in &matched {
        assert!(*count > 0, "{activity} matches none of the made events");
        assert!(*count < all.len() / 2, "{activity} matches {count} of {}", all.len());
    }
    // Each name of a list alone, with its source, and with every source where none is named.
    let listed: usize =
        NAMED.iter().find(|own| own.0 == "organizations-change").unwrap().2.split_whitespace().count();
    assert_eq!(listed, 18);
}

#[test]
fn patterns_are_short_enough_for_cloudwatch_logs() {
    for own in MONITORED_ACTIVITIES {
        assert!(own.pattern.chars().count() <= LONGEST_FILTER_PATTERN, "{}", own.name);
    }
}

fn on_logs(folder: &Path) -> BTreeMap<&'static str, usize> {
    let all: Vec<Value> = events(folder).into_iter().map(|own| own.record).collect();
    assert!(all.len() > 1_000, "only {} events", all.len());
    tried(&all)
}

#[test]
fn on_generated_logs_each_pattern_matches_what_it_names() {
    let directory = tempfile::tempdir().unwrap();
    write_below(directory.path(), golden(7));
    on_logs(directory.path());
}

#[test]
fn on_real_logs_each_pattern_matches_what_it_names() {
    let Some(folder) = std::env::var_os("TRAILCOST_SHARED_DATA").map(PathBuf::from) else {
        eprintln!("skipped: TRAILCOST_SHARED_DATA names no folder of logs");
        return;
    };
    let matched = on_logs(&folder.join("logs"));
    eprintln!("{matched:#?}");
    for activity in
        ["unauthorized-api-call", "security-group-change", "iam-policy-change", "cloudtrail-change"]
    {
        assert!(matched[activity] > 0, "no real event of {activity}: {matched:#?}");
    }
}
