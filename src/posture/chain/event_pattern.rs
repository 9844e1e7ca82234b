//! EventBridge's event patterns, as far as rules on CloudTrail's events use them.
//!
//! Source: Amazon EventBridge User Guide, "Event patterns" and "Comparison operators". A field matches when one of the values of
//! its list does; every field that the pattern names must match. What is not known here is said to be unknown.

use serde_json::{Map, Value, json};

/// Wraps a record as EventBridge delivers it.
pub(super) fn wrapped(record: &Value) -> Value {
    let source = record["eventSource"].as_str().unwrap_or_default();
    let service = source.split('.').next().unwrap_or_default();
    let detail_type = match record["eventType"].as_str() {
        Some("AwsConsoleSignIn") => "AWS Console Sign In via CloudTrail",
        _ => "AWS API Call via CloudTrail",
    };
    json!({
        "version": "0",
        "source": format!("aws.{service}"),
        "detail-type": detail_type,
        "account": record["recipientAccountId"],
        "region": record["awsRegion"],
        "detail": record,
    })
}

/// Tells whether a pattern matches an event; nothing where that cannot be told.
pub(super) fn matches(pattern: &str, event: &Value) -> Option<bool> {
    let pattern: Value = serde_json::from_str(pattern).ok()?;
    object(pattern.as_object()?, event)
}

/// Every field must match: one that does not decides, then one that is not known.
fn object(pattern: &Map<String, Value>, event: &Value) -> Option<bool> {
    if pattern.contains_key("$or") {
        return None;
    }
    let each: Vec<Option<bool>> = pattern
        .iter()
        .map(|(key, wanted)| match wanted {
            Value::Object(inner) => object(inner, &event[key]),
            Value::Array(values) => any(values, event.get(key)),
            _ => None,
        })
        .collect();
    all_of(&each)
}

fn all_of(each: &[Option<bool>]) -> Option<bool> {
    if each.contains(&Some(false)) {
        return Some(false);
    }
    (!each.contains(&None)).then_some(true)
}

fn any(values: &[Value], found: Option<&Value>) -> Option<bool> {
    let each: Vec<Option<bool>> = values.iter().map(|own| one(own, found)).collect();
    if each.contains(&Some(true)) {
        return Some(true);
    }
    (!each.contains(&None)).then_some(false)
}

fn one(wanted: &Value, found: Option<&Value>) -> Option<bool> {
    let Value::Object(operator) = wanted else {
        return Some(match found {
            Some(Value::Array(all)) => all.contains(wanted),
            Some(own) => own == wanted,
            None => false,
        });
    };
    let (name, operand) = operator.iter().next()?;
    let text = found.and_then(Value::as_str);
    match (name.as_str(), operand) {
        ("exists", Value::Bool(own)) => Some(found.is_some_and(|own| !own.is_null()) == *own),
        ("prefix", Value::String(own)) => Some(text.is_some_and(|text| text.starts_with(own.as_str()))),
        ("suffix", Value::String(own)) => Some(text.is_some_and(|text| text.ends_with(own.as_str()))),
        ("equals-ignore-case", Value::String(own)) => {
            Some(text.is_some_and(|text| text.eq_ignore_ascii_case(own)))
        }
        ("anything-but", Value::String(_)) => Some(found.is_some_and(|found| found != operand)),
        ("anything-but", Value::Array(all)) => Some(found.is_some_and(|found| !all.contains(found))),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_match_as_the_guide_says_or_are_not_known() {
        let event = wrapped(&json!({
            "eventSource": "iam.amazonaws.com", "eventName": "AttachRolePolicy", "eventType": "AwsApiCall",
            "userIdentity": { "type": "IAMUser" }
        }));
        for (pattern, expected) in [
            (r#"{"source":["aws.iam"]}"#, Some(true)),
            (r#"{"source":["aws.s3"]}"#, Some(false)),
            (r#"{"detail":{"eventName":["PutRolePolicy","AttachRolePolicy"]}}"#, Some(true)),
            (r#"{"detail":{"eventName":[{"prefix":"Attach"}]}}"#, Some(true)),
            (r#"{"detail":{"eventName":[{"suffix":"Group"}]}}"#, Some(false)),
            (r#"{"detail":{"eventName":[{"anything-but":["AttachRolePolicy"]}]}}"#, Some(false)),
            (r#"{"detail":{"errorCode":[{"exists":false}]}}"#, Some(true)),
            (r#"{"detail":{"eventName":[{"wildcard":"Attach*"}]}}"#, None),
            (r#"{"source":["aws.s3"],"detail":{"eventName":[{"wildcard":"Attach*"}]}}"#, Some(false)),
            (r#"{"$or":[{"source":["aws.iam"]}]}"#, None),
            ("not json", None),
            (r#"{"detail":{"userIdentity":{"type":["Root"]}}}"#, Some(false)),
        ] {
            assert_eq!(matches(pattern, &event), expected, "{pattern}");
        }
    }
}
