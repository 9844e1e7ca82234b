//! The fields of an event that are counted.

use super::text::Record;
use serde_json::Value;

/// An event and where it was found.
#[derive(Debug, Clone)]
pub(crate) struct Event {
    pub(crate) account: String,
    pub(crate) region: String,
    pub(crate) day: String,
    pub(crate) hour: Option<u64>,
    pub(crate) category: &'static str,
    pub(crate) access: &'static str,
    pub(crate) source: String,
    pub(crate) name: String,
    pub(crate) id: Option<String>,
    pub(crate) error: Option<String>,
    pub(crate) identity_type: String,
    pub(crate) identity_arn: String,
    pub(crate) invoked_by: String,
    /// Type, and ARN cut to bucket, function or table.
    pub(crate) resource: Option<(String, String)>,
    /// Type and whole ARN.
    pub(crate) whole_resource: Option<(String, String)>,
    pub(crate) self_logging: Option<&'static str>,
    pub(crate) bytes: u64,
    pub(crate) trail_folder: String,
    /// The record itself.
    pub(crate) record: Value,
}

/// What a file's path tells of its events.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct FromPath {
    pub(crate) account: Option<String>,
    pub(crate) region: Option<String>,
    pub(crate) organization: Option<String>,
    pub(crate) trail_folder: String,
}

impl Event {
    pub(crate) fn new(record: &Record, path: &FromPath) -> Self {
        let value = &record.value;
        let category = category(value);
        let source = text(value, "eventSource").or_else(|| text(&value["insightDetails"], "eventSource"));
        let name = text(value, "eventName").or_else(|| text(&value["insightDetails"], "eventName"));
        let source = source.unwrap_or_default();
        let time = [text(value, "eventTime"), text(&value["timeWindow"], "windowStart")];
        let time = time.into_iter().flatten().find_map(|text| day_and_hour(&text));
        let identity = &value["userIdentity"];
        let whole = (category == "data").then(|| resource(value));
        let account = [&value["recipientAccountId"], &value["accountId"], &identity["accountId"]];
        Self {
            account: account
                .into_iter()
                .find_map(account_id)
                .or_else(|| path.account.clone())
                .unwrap_or_else(|| "unknown".to_owned()),
            region: text(value, "awsRegion")
                .filter(|region| !region.is_empty())
                .or_else(|| path.region.clone())
                .unwrap_or_else(|| "unknown".to_owned()),
            day: time.as_ref().map_or_else(|| "unknown".to_owned(), |(day, _)| day.clone()),
            hour: time.map(|(_, hour)| hour),
            category,
            access: access(value),
            name: name.unwrap_or_default(),
            id: [text(value, "eventID"), text(value, "eventId")]
                .into_iter()
                .flatten()
                .find(|id| !id.is_empty()),
            error: text(value, "errorCode").filter(|code| !code.is_empty()),
            identity_type: text(identity, "type").unwrap_or_default(),
            identity_arn: text(identity, "arn").map(without_session).unwrap_or_default(),
            invoked_by: text(identity, "invokedBy").unwrap_or_default(),
            self_logging: self_logging(identity, &source, whole.as_ref()),
            resource: whole.as_ref().map(|(kind, arn)| (kind.clone(), cut(arn))),
            whole_resource: whole,
            source,
            bytes: record.bytes,
            trail_folder: path.trail_folder.clone(),
            record: value.clone(),
        }
    }

    /// The two services that a basic selector can exclude, and all others.
    pub(crate) fn service(&self) -> &'static str {
        match self.source.as_str() {
            "kms.amazonaws.com" => "kms",
            "rdsdata.amazonaws.com" => "rds_data",
            _ => "other",
        }
    }

    /// What makes two deliveries the same event: ids are compared as numbers where they are such.
    pub(crate) fn identity(&self) -> Option<String> {
        let id = self.id.as_ref()?;
        let parts: Vec<&str> = id.split('-').collect();
        let lengths: Vec<usize> = parts.iter().map(|part| part.len()).collect();
        let uuid = lengths == [8, 4, 4, 4, 12]
            && parts.iter().all(|part| part.bytes().all(|own| own.is_ascii_hexdigit()));
        Some(if uuid { id.to_ascii_lowercase() } else { id.clone() })
    }
}

fn text(value: &Value, key: &str) -> Option<String> {
    value.get(key).and_then(Value::as_str).map(str::to_owned)
}

fn account_id(value: &Value) -> Option<String> {
    let id = match value {
        Value::String(id) => id.clone(),
        Value::Number(id) => id.to_string(),
        _ => return None,
    };
    is_account(&id).then_some(id)
}

/// Whether a text is the id of an account.
pub(crate) fn is_account(text: &str) -> bool {
    text.len() == 12 && text.bytes().all(|own| own.is_ascii_digit())
}

fn truth(value: &Value) -> Option<bool> {
    match value {
        Value::Bool(own) => Some(*own),
        Value::String(text) if text.eq_ignore_ascii_case("true") => Some(true),
        Value::String(text) if text.eq_ignore_ascii_case("false") => Some(false),
        _ => None,
    }
}

fn access(value: &Value) -> &'static str {
    match truth(&value["readOnly"]) {
        Some(true) => "read",
        Some(false) => "write",
        None => "unknown",
    }
}

fn category(value: &Value) -> &'static str {
    match text(value, "eventCategory").filter(|text| !text.is_empty()) {
        Some(text) => {
            return match text.to_ascii_lowercase().as_str() {
                "management" => "management",
                "data" => "data",
                "networkactivity" => "network_activity",
                "insight" => "insight",
                "aggregated" => "aggregated",
                _ => "other",
            };
        }
        None => match value["eventType"].as_str() {
            Some("AwsCloudTrailInsight") => return "insight",
            Some("AwsAggregatedEvent") => return "aggregated",
            Some("AwsVpceEvent") => return "network_activity",
            _ => {}
        },
    }
    match truth(&value["managementEvent"]) {
        Some(true) => "management",
        Some(false) => "data",
        None => {
            let of = |kind: &str| {
                value["resources"]
                    .as_array()
                    .is_some_and(|all| all.iter().any(|own| own["type"].as_str() == Some(kind)))
            };
            let invoked = of("AWS::Lambda::Function") && value["eventName"].as_str() == Some("Invoke");
            if of("AWS::S3::Object") || invoked { "data" } else { "management" }
        }
    }
}

fn day_and_hour(text: &str) -> Option<(String, u64)> {
    let part = |from: usize, to: usize| -> Option<u64> {
        let digits = text.get(from..to)?;
        digits.bytes().all(|own| own.is_ascii_digit()).then(|| digits.parse().unwrap())
    };
    let signs = [(4, "-"), (7, "-"), (10, "T"), (13, ":")];
    if signs.iter().any(|(at, sign)| text.get(*at..at + 1) != Some(sign)) {
        return None;
    }
    let (year, month, day) = (part(0, 4)?, part(5, 7)?, part(8, 10)?);
    let (hour, minute) = (part(11, 13)?, part(14, 16)?);
    let valid = (1..=days_of_month(year, month)?).contains(&day) && hour < 24 && minute < 60;
    valid.then(|| (text[..10].to_owned(), hour))
}

/// The days of a month of the calendar.
pub(crate) fn days_of_month(year: u64, month: u64) -> Option<u64> {
    match month {
        2 if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => Some(29),
        2 => Some(28),
        4 | 6 | 9 | 11 => Some(30),
        1..=12 => Some(31),
        _ => None,
    }
}

/// A role's ARN without the session's name.
fn without_session(arn: String) -> String {
    let parts: Vec<&str> = arn.splitn(6, ':').collect();
    let role =
        parts.get(5).and_then(|own| own.strip_prefix("assumed-role/")).and_then(|own| own.split_once('/'));
    match role {
        Some((name, _)) => format!("{}:assumed-role/{name}", parts[..5].join(":")),
        None => arn,
    }
}

/// Type and whole ARN of the resource of a data event.
fn resource(value: &Value) -> (String, String) {
    let none = Vec::new();
    let all: Vec<&Value> =
        value["resources"].as_array().unwrap_or(&none).iter().filter(|own| own.is_object()).collect();
    let kind = |own: &Value| text(own, "type").or_else(|| text(own, "resourceType"));
    let arn = |own: &Value| ["ARN", "arn", "ARNPrefix", "resourceARN"].iter().find_map(|key| text(own, key));
    let bucket = |own: &Value| kind(own).as_deref() == Some("AWS::S3::Bucket");
    let Some(first) = all.iter().find(|own| !bucket(own)).or_else(|| all.first()) else {
        return (String::new(), String::new());
    };
    let of_bucket = || {
        let object = kind(first).as_deref() == Some("AWS::S3::Object");
        all.iter().find(|own| object && bucket(own)).and_then(|own| arn(own))
    };
    (kind(first).unwrap_or_default(), arn(first).or_else(of_bucket).unwrap_or_default())
}

/// The bucket, function or table of an ARN.
fn cut(arn: &str) -> String {
    let parts: Vec<&str> = arn.splitn(6, ':').collect();
    let [_, _, service, region, account, resource] = parts[..] else { return arn.to_owned() };
    let kept = match service {
        "s3" if region.is_empty() && account.is_empty() => resource.split('/').next().unwrap(),
        "lambda" if resource.starts_with("function:") => {
            let name = resource["function:".len()..].split(':').next().unwrap();
            &resource[.."function:".len() + name.len()]
        }
        "dynamodb" if resource.starts_with("table/") => {
            let name = resource["table/".len()..].split('/').next().unwrap();
            &resource[.."table/".len() + name.len()]
        }
        _ => resource,
    };
    format!("{}:{kept}", parts[..5].join(":"))
}

fn self_logging(identity: &Value, source: &str, resource: Option<&(String, String)>) -> Option<&'static str> {
    let invoked = identity["invokedBy"].as_str();
    if matches!(invoked, Some("cloudtrail.amazonaws.com" | "delivery.logs.amazonaws.com")) {
        return Some(if source == "kms.amazonaws.com" { "kms" } else { "delivery" });
    }
    let (kind, arn) = resource?;
    let (_, after) = arn.split_once("AWSLogs/")?;
    (kind == "AWS::S3::Object" && after.contains("/CloudTrail")).then_some("log_bucket")
}
