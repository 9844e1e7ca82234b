//! Which events a trail's selectors record, tried out one event after the other.
//!
//! Sources: CloudTrail user guide, "Filtering data events by using advanced event selectors", part "How CloudTrail evaluates
//! multiple conditions for a field"; CloudTrail API reference, EventSelector and DataResource.

use super::event::Event;
use serde_json::Value;

/// Whether selectors, basic or advanced, record an event; `None` for events on which selectors have no say.
pub(crate) fn records(selectors: &Value, event: &Event) -> Option<bool> {
    if !["management", "data", "network_activity"].contains(&event.category) {
        return None;
    }
    let all = |key: &str| selectors[key].as_array().into_iter().flatten();
    let advanced = all("AdvancedEventSelectors").any(|selector| advanced(selector, event));
    let basic = all("EventSelectors").any(|selector| basic(selector, event));
    Some(advanced || basic)
}

/// All fields must hold.
fn advanced(selector: &Value, event: &Event) -> bool {
    selector["FieldSelectors"].as_array().unwrap().iter().all(|test| field(test, event))
}

/// One of Equals, `StartsWith` and `EndsWith` must be met if there is any, and none of their opposites.
fn field(test: &Value, event: &Event) -> bool {
    let value = value(test["Field"].as_str().unwrap(), event);
    let met = |operator: &str, holds: fn(&str, &str) -> bool| {
        let wanted = test[operator].as_array().into_iter().flatten();
        let mut wanted = wanted.map(|own| own.as_str().unwrap());
        value.as_ref().is_some_and(|value| wanted.any(|wanted| holds(value, wanted)))
    };
    let equals: fn(&str, &str) -> bool = |value, wanted| value == wanted;
    let starts: fn(&str, &str) -> bool = |value, wanted| value.starts_with(wanted);
    let ends: fn(&str, &str) -> bool = |value, wanted| value.ends_with(wanted);
    let asked = ["Equals", "StartsWith", "EndsWith"]
        .iter()
        .any(|operator| test[operator].as_array().is_some_and(|all| !all.is_empty()));
    let selected = !asked || met("Equals", equals) || met("StartsWith", starts) || met("EndsWith", ends);
    let deselected = met("NotEquals", equals) || met("NotStartsWith", starts) || met("NotEndsWith", ends);
    selected && !deselected
}

/// What an event has in a field; nothing matches what is absent.
pub(crate) fn value(field: &str, event: &Event) -> Option<String> {
    let text = |value: &Value| value.as_str().map(str::to_owned);
    match field {
        "eventCategory" => Some(
            match event.category {
                "management" => "Management",
                "data" => "Data",
                _ => "NetworkActivity",
            }
            .to_owned(),
        ),
        "readOnly" => match event.access {
            "read" => Some("true".to_owned()),
            "write" => Some("false".to_owned()),
            _ => None,
        },
        "eventSource" => Some(event.source.clone()),
        "eventName" => Some(event.name.clone()),
        "eventType" => text(&event.record["eventType"]),
        // CloudTrail shows it only where it is true.
        "sessionCredentialFromConsole" => text(&event.record["sessionCredentialFromConsole"]),
        "userIdentity.arn" => text(&event.record["userIdentity"]["arn"]),
        "resources.type" => event.whole_resource.as_ref().map(|own| own.0.clone()),
        "resources.ARN" => event.whole_resource.as_ref().map(|own| own.1.clone()),
        "errorCode" => event.error.clone(),
        "vpcEndpointId" => text(&event.record["vpcEndpointId"]),
        other => panic!("CloudTrail has no selector field {other}"),
    }
    .filter(|value| !value.is_empty())
}

fn basic(selector: &Value, event: &Event) -> bool {
    let wanted = match selector["ReadWriteType"].as_str() {
        Some("ReadOnly") => event.access == "read",
        Some("WriteOnly") => event.access == "write",
        _ => true,
    };
    let list = |value: &Value, wanted: &dyn Fn(&str) -> bool| {
        value.as_array().into_iter().flatten().any(|own| wanted(own.as_str().unwrap()))
    };
    wanted
        && match event.category {
            "management" => {
                selector["IncludeManagementEvents"].as_bool().unwrap_or(true)
                    && !list(&selector["ExcludeManagementEventSources"], &|own| own == event.source)
            }
            "data" => {
                let (kind, arn) = event.whole_resource.as_ref().unwrap();
                selector["DataResources"].as_array().into_iter().flatten().any(|resource| {
                    resource["Type"].as_str() == Some(kind)
                        && list(&resource["Values"], &|own| covers(own, kind, arn))
                })
            }
            // Basic selectors know no network activity.
            _ => false,
        }
}

/// Whether a value of `DataResources` covers a resource: a prefix of objects, one function or table, or all of a service.
fn covers(value: &str, kind: &str, arn: &str) -> bool {
    let everything = ["arn:aws:s3", "arn:aws:s3:::", "arn:aws:lambda", "arn:aws:dynamodb"].contains(&value);
    let rest = arn.strip_prefix(value);
    match kind {
        _ if everything => true,
        "AWS::S3::Object" => rest.is_some(),
        // A function's versions, a table's indexes.
        "AWS::Lambda::Function" => rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(':')),
        _ => rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/')),
    }
}
