//! Changes of what is recorded, as the logs themselves tell them.

use super::day;
use crate::domain::LogChange;
use serde::de::{Deserializer, IgnoredAny, MapAccess, Visitor};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::borrow::Cow;
use std::fmt;

/// Calls that change what CloudTrail records, analyses or keeps.
///
/// Source: CloudTrail API reference.
const CHANGES: [&str; 15] = [
    "CreateTrail",
    "UpdateTrail",
    "DeleteTrail",
    "StartLogging",
    "StopLogging",
    "PutEventSelectors",
    "PutInsightSelectors",
    "PutEventConfiguration",
    "CreateEventDataStore",
    "UpdateEventDataStore",
    "DeleteEventDataStore",
    "RestoreEventDataStore",
    "StartEventDataStoreIngestion",
    "StopEventDataStoreIngestion",
    "CreateServiceLinkedChannel",
];

/// The longest record that is looked into; selectors are far shorter.
const LONGEST: usize = 1 << 20;

/// A change with the id of its event, by which further copies of it are left out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Changed {
    pub(super) event_id: String,
    #[serde(with = "super::state::change")]
    pub(super) change: LogChange,
}

/// Members of a record that are looked at.
const MEMBERS: [&str; 8] = [
    "eventTime",
    "eventID",
    "awsRegion",
    "errorCode",
    "recipientAccountId",
    "userIdentity",
    "requestParameters",
    "responseElements",
];

/// A record with no other members.
struct Members(Map<String, Value>);

impl<'de> Deserialize<'de> for Members {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Each;
        impl<'de> Visitor<'de> for Each {
            type Value = Members;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("a record")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Members, A::Error> {
                let mut own = Map::new();
                while let Some(name) = members.next_key::<Cow<'de, str>>()? {
                    if MEMBERS.contains(&name.as_ref()) {
                        own.insert(name.into_owned(), members.next_value()?);
                    } else {
                        members.next_value::<IgnoredAny>()?;
                    }
                }
                Ok(Members(own))
            }
        }
        deserializer.deserialize_map(Each)
    }
}

/// Tells whether a call changes what is recorded.
#[inline]
pub(super) fn is_change(event_name: &[u8]) -> bool {
    CHANGES.iter().any(|own| own.as_bytes() == event_name)
}

/// Reads the record of a change. What it does not say stays empty.
pub(super) fn read(record: &[u8], event_name: String) -> Changed {
    let value: Value = if record.len() > LONGEST {
        Value::Null
    } else {
        serde_json::from_slice(record)
            .or_else(|_| serde_json::from_str(&String::from_utf8_lossy(record)))
            .map(|Members(own)| Value::Object(own))
            .unwrap_or_default()
    };
    let text = |path: &str| value.pointer(path).and_then(Value::as_str).unwrap_or_default().to_owned();
    let time = text("/eventTime");
    let who = [
        "/userIdentity/sessionContext/sessionIssuer/arn",
        "/userIdentity/arn",
        "/userIdentity/invokedBy",
        "/userIdentity/type",
    ];
    let subject = [
        "/requestParameters/name",
        "/requestParameters/trailName",
        "/requestParameters/eventDataStore",
        "/responseElements/trailARN",
        "/responseElements/eventDataStoreArn",
    ];
    let first =
        |paths: &[&str]| paths.iter().map(|path| text(path)).find(|own| !own.is_empty()).unwrap_or_default();
    let account = first(&["/recipientAccountId", "/userIdentity/accountId"]);
    Changed {
        event_id: text("/eventID"),
        change: LogChange {
            day: day::time(time.as_bytes()).and_then(|own| day::date(own.0)),
            account,
            region: text("/awsRegion"),
            who: first(&who),
            subject: first(&subject),
            what: words(&value["requestParameters"]),
            insights: value["requestParameters"]["insightSelectors"].as_array().map(|own| insight_types(own)),
            of_organization: [
                "/requestParameters/isOrganizationTrail",
                "/responseElements/isOrganizationTrail",
            ]
            .iter()
            .any(|path| value.pointer(path).and_then(Value::as_bool) == Some(true)),
            failed: !text("/errorCode").is_empty(),
            event_name,
            time,
        },
    }
}

/// Says what a call asked for.
fn words(parameters: &Value) -> String {
    let mut parts = Vec::new();
    for (key, value) in parameters.as_object().into_iter().flatten() {
        match (key.as_str(), value) {
            ("name" | "trailName" | "eventDataStore", _) | (_, Value::Null) => {}
            ("eventSelectors", Value::Array(own)) => parts.extend(own.iter().map(basic)),
            ("advancedEventSelectors", Value::Array(own)) => parts.extend(own.iter().map(advanced)),
            ("insightSelectors", Value::Array(own)) => {
                let types = insight_types(own);
                parts.push(if types.is_empty() {
                    "Insights off".to_owned()
                } else {
                    format!("Insights: {}", types.join(", "))
                });
            }
            (_, Value::String(own)) => parts.push(format!("{key} {own}")),
            (_, Value::Bool(own)) => parts.push(format!("{key} {own}")),
            (_, Value::Number(own)) => parts.push(format!("{key} {own}")),
            (_, Value::Array(own)) => parts.push(format!("{key} ({})", own.len())),
            (_, Value::Object(_)) => parts.push(key.clone()),
        }
    }
    parts.join("; ")
}

fn insight_types(selectors: &[Value]) -> Vec<String> {
    selectors.iter().filter_map(|own| own["insightType"].as_str()).map(str::to_owned).collect()
}

fn names(list: &Value) -> String {
    let own: Vec<&str> = list.as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    crate::domain::list_names(&own)
}

fn basic(selector: &Value) -> String {
    let mut parts = Vec::new();
    let access = match selector["readWriteType"].as_str() {
        Some("ReadOnly") => "read ",
        Some("WriteOnly") => "write ",
        _ => "",
    };
    if selector["includeManagementEvents"].as_bool() != Some(false) {
        parts.push(format!("{access}management events"));
    }
    let without = names(&selector["excludeManagementEventSources"]);
    if !without.is_empty() {
        parts.push(format!("without {without}"));
    }
    for resource in selector["dataResources"].as_array().into_iter().flatten() {
        let kind = resource["type"].as_str().unwrap_or("unknown");
        let resources = names(&resource["values"]);
        let resources = if resources.is_empty() { "no resource" } else { &resources };
        parts.push(format!("{access}data events of {kind} in {resources}"));
    }
    if parts.is_empty() { "nothing".to_owned() } else { parts.join(", ") }
}

fn advanced(selector: &Value) -> String {
    let mut parts = Vec::new();
    for field in selector["fieldSelectors"].as_array().into_iter().flatten() {
        let name = field["field"].as_str().unwrap_or("unknown");
        for (key, word) in [
            ("equals", "is"),
            ("startsWith", "starts with"),
            ("endsWith", "ends with"),
            ("notEquals", "is not"),
            ("notStartsWith", "does not start with"),
            ("notEndsWith", "does not end with"),
        ] {
            let values = names(&field[key]);
            if !values.is_empty() {
                parts.push(format!("{name} {word} {values}"));
            }
        }
    }
    if parts.is_empty() { "an empty selector".to_owned() } else { parts.join(" and ") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_is_told_in_words() {
        let record = br#"{"eventTime":"2026-05-04T10:00:00Z","eventID":"x","recipientAccountId":"111122223333","awsRegion":"eu-west-1",
            "userIdentity":{"type":"AssumedRole","arn":"arn:aws:sts::111122223333:assumed-role/Admin/eve",
            "sessionContext":{"sessionIssuer":{"arn":"arn:aws:iam::111122223333:role/Admin"}}},
            "requestParameters":{"trailName":"audit","eventSelectors":[{"readWriteType":"All","includeManagementEvents":true,
            "dataResources":[{"type":"AWS::S3::Object","values":["arn:aws:s3"]}],"excludeManagementEventSources":["kms.amazonaws.com"]}]}}"#;
        let own = read(record, "PutEventSelectors".to_owned());
        assert_eq!(own.event_id, "x");
        assert_eq!(own.change.who, "arn:aws:iam::111122223333:role/Admin");
        assert_eq!(own.change.subject, "audit");
        assert_eq!(own.change.day.map(|own| own.to_string()).as_deref(), Some("2026-05-04"));
        assert_eq!(
            own.change.what,
            "management events, without kms.amazonaws.com, data events of AWS::S3::Object in arn:aws:s3"
        );
        assert!(!own.change.failed);
    }

    #[test]
    fn other_parameters_and_broken_records_are_told_as_far_as_they_go() {
        let record = br#"{"errorCode":"AccessDenied","requestParameters":{"name":"t","isMultiRegionTrail":true,"s3BucketName":"b","x":null,
            "advancedEventSelectors":[{"fieldSelectors":[{"field":"eventCategory","equals":["Data"]},{"field":"resources.type","notEquals":["A","B"]}]}],
            "insightSelectors":[]}}"#;
        let own = read(record, "UpdateTrail".to_owned()).change;
        assert!(own.failed);
        assert_eq!(
            own.what,
            "eventCategory is Data and resources.type is not A, B; Insights off; isMultiRegionTrail true; s3BucketName b"
        );
        assert_eq!(read(b"{", "UpdateTrail".to_owned()).change.what, "");
        assert!(is_change(b"UpdateTrail") && !is_change(b"GetTrail"));
    }
}
