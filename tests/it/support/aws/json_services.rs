//! CloudTrail, CloudWatch Logs, Organizations, Cost Explorer (AWS JSON) and Account (REST JSON).

use super::http::Response;
use super::server::{Asked, Known, Protocol, error, page};
use super::world::{Organization, World};
use serde_json::{Map, Value, json};

fn body(asked: &Asked<'_>) -> Value {
    serde_json::from_slice(&asked.request.body).unwrap_or_else(|_| json!({}))
}

fn text<'a>(value: &'a Value, key: &str) -> Option<&'a str> {
    value[key].as_str()
}

pub(super) fn known(service: &str, asked: &Asked<'_>) -> Option<Known> {
    let (request, body) = (asked.request, body(asked));
    let operation = if service == "account" {
        (request.path == "/listRegions").then_some("ListRegions")?
    } else {
        request.header("x-amz-target").rsplit('.').next()?
    };
    let group =
        |name: &str| format!("arn:aws:logs:{}:{}:log-group:{name}:log-stream:", asked.region, asked.account);
    let arn = |keys: &[&str]| keys.iter().find_map(|key| text(&body, key)).unwrap_or("*").to_owned();
    let resource = match (service, operation) {
        (
            "cloudtrail",
            "ListTrails" | "DescribeTrails" | "ListEventDataStores" | "ListChannels" | "LookupEvents",
        )
        | ("organizations", "DescribeOrganization" | "ListAccounts")
        | ("account", "ListRegions")
        | ("ce", "GetCostAndUsage")
        | ("pricing", "GetProducts") => "*".to_owned(),
        ("cloudtrail", "GetTrailStatus") => arn(&["Name"]),
        (
            "cloudtrail",
            "GetEventSelectors"
            | "GetInsightSelectors"
            | "GetEventConfiguration"
            | "GetEventDataStore"
            | "GetChannel",
        ) => arn(&["TrailName", "EventDataStore", "Channel"]),
        ("logs", "DescribeLogGroups") => group(""),
        ("logs", "DescribeMetricFilters") => group(&arn(&["logGroupName"])),
        _ => return None,
    };
    Some(Known { operation: operation.to_owned(), action: format!("{service}:{operation}"), resource })
}

fn ok(value: &Value) -> Response {
    Response::new(200, "application/x-amz-json-1.1", value.to_string())
}

/// Takes out what only the emulator knows.
fn public(value: &Value) -> Value {
    let own = value.as_object().unwrap().clone();
    Value::Object(own.into_iter().filter(|(key, _)| !key.starts_with('_')).collect::<Map<_, _>>())
}

/// Answers with a page of a list.
fn listed(world: &World, asked: &Asked<'_>, name: &str, all: &[Value], token: (&str, &str)) -> Response {
    let body = body(asked);
    let (own, next) = page(all, text(&body, token.0), world.page);
    let mut answer = json!({ name: own });
    if let Some(next) = next {
        answer[token.1] = json!(next);
    }
    ok(&answer)
}

pub(super) fn answer(world: &World, service: &str, asked: &Asked<'_>, operation: &str) -> Response {
    match service {
        "cloudtrail" => cloudtrail(world, asked, operation),
        "logs" => logs(world, asked, operation),
        "organizations" => organizations(world, asked, operation),
        "account" => {
            let regions: Vec<Value> = world.accounts[asked.account]
                .regions
                .iter()
                .map(|(name, status)| json!({ "RegionName": name, "RegionOptStatus": status }))
                .collect();
            listed(world, asked, "Regions", &regions, ("NextToken", "NextToken"))
        }
        "pricing" => products(world, asked),
        _ => cost_explorer(world, asked),
    }
}

fn products(world: &World, asked: &Asked<'_>) -> Response {
    let body = body(asked);
    let filters = body["Filters"].as_array().cloned().unwrap_or_default();
    let all: Vec<Value> = world
        .products
        .iter()
        .filter(|own| own["serviceCode"] == body["ServiceCode"])
        .filter(|own| {
            filters.iter().all(|filter| {
                let field = filter["Field"].as_str().unwrap();
                filter["Type"] == "TERM_MATCH" && own["product"]["attributes"][field] == filter["Value"]
            })
        })
        .map(|own| Value::String(own.to_string()))
        .collect();
    listed(world, asked, "PriceList", &all, ("NextToken", "NextToken"))
}

fn cloudtrail(world: &World, asked: &Asked<'_>, operation: &str) -> Response {
    let (account, region, body) = (&world.accounts[asked.account], asked.region, body(asked));
    let refuse = |code: &str| error(Protocol::Json, 400, code);
    let enabled = account.regions.iter().any(|(own, state)| own == region && state.starts_with("ENABLED"));
    if !enabled {
        return refuse("UnrecognizedClientException");
    }
    let tokens = ("NextToken", "NextToken");
    let here = |all: &[(String, Value)]| -> Vec<Value> {
        all.iter().filter(|(own, _)| own == region).map(|(_, own)| own.clone()).collect()
    };
    let trail = |key: &str| text(&body, key).and_then(|arn| world.trail(asked.account, region, arn));
    let store = || {
        let arn = text(&body, "EventDataStore")?;
        here(&account.stores).into_iter().find(|own| own["EventDataStoreArn"] == arn)
    };
    let part = |own: Option<Value>, part: &str, absent: &str, missing: &str| match own {
        None => refuse(absent),
        Some(own) if own.get(part).is_none() => refuse(missing),
        Some(own) => ok(&own[part]),
    };
    match operation {
        "DescribeTrails" => {
            let shadows = body["includeShadowTrails"].as_bool().unwrap_or(true);
            let all: Vec<Value> =
                world.trails_in(asked.account, region, shadows).into_iter().map(public).collect();
            ok(&json!({ "trailList": all }))
        }
        "ListTrails" => {
            let mut all: Vec<Value> = Vec::new();
            for (own, _) in &account.regions {
                all.extend(world.trails_in(asked.account, own, false).into_iter().map(|own| {
                    json!({ "TrailARN": own["TrailARN"], "Name": own["Name"], "HomeRegion": own["HomeRegion"] })
                }));
            }
            listed(world, asked, "Trails", &all, tokens)
        }
        "GetTrailStatus" => {
            part(trail("Name").cloned(), "_Status", "TrailNotFoundException", "TrailNotFoundException")
        }
        "GetEventSelectors" => part(
            trail("TrailName").cloned(),
            "_Selectors",
            "TrailNotFoundException",
            "TrailNotFoundException",
        ),
        "GetEventConfiguration" => part(
            trail("TrailName").cloned(),
            "_Configuration",
            "TrailNotFoundException",
            "UnsupportedOperationException",
        ),
        "GetInsightSelectors" if body.get("TrailName").is_some() => part(
            trail("TrailName").cloned(),
            "_Insights",
            "TrailNotFoundException",
            "InsightNotEnabledException",
        ),
        "GetInsightSelectors" => {
            part(store(), "_Insights", "EventDataStoreNotFoundException", "InsightNotEnabledException")
        }
        "ListEventDataStores" => {
            let all: Vec<Value> = here(&account.stores)
                .iter()
                .map(|own| json!({ "EventDataStoreArn": own["EventDataStoreArn"], "Name": own["Name"] }))
                .collect();
            listed(world, asked, "EventDataStores", &all, tokens)
        }
        "GetEventDataStore" => {
            store().map_or_else(|| refuse("EventDataStoreNotFoundException"), |own| ok(&public(&own)))
        }
        "ListChannels" => {
            let all: Vec<Value> = here(&account.channels)
                .iter()
                .map(|own| json!({ "ChannelArn": own["ChannelArn"], "Name": own["Name"] }))
                .collect();
            listed(world, asked, "Channels", &all, tokens)
        }
        "GetChannel" => here(&account.channels)
            .into_iter()
            .find(|own| own["ChannelArn"] == body["Channel"])
            .map_or_else(|| refuse("ChannelNotFoundException"), |own| ok(&own)),
        _ => lookup_events(world, asked),
    }
}

/// Events from the newest to the oldest, with both ends of the stretch.
fn lookup_events(world: &World, asked: &Asked<'_>) -> Response {
    let body = body(asked);
    let second = |key: &str| body[key].as_f64().unwrap();
    let (start, end) = (second("StartTime"), second("EndTime"));
    let mut events: Vec<&(String, i64, String, bool)> = world.accounts[asked.account]
        .events
        .iter()
        .filter(|(region, at, ..)| {
            #[allow(clippy::cast_precision_loss, reason = "seconds of our time")]
            let at = *at as f64;
            region == asked.region && start <= at && at <= end
        })
        .collect();
    events.sort_by_key(|(_, at, ..)| std::cmp::Reverse(*at));
    let all: Vec<Value> = events
        .into_iter()
        .map(|(_, at, source, read_only)| {
            json!({
                "EventTime": at, "EventSource": source, "ReadOnly": read_only.to_string(),
                "Username": "somebody", "AccessKeyId": "AKIASOMEBODY", "EventName": "Anything"
            })
        })
        .collect();
    let (own, next) = page(&all, text(&body, "NextToken"), 50);
    ok(&json!({ "Events": own, "NextToken": next }))
}

fn logs(world: &World, asked: &Asked<'_>, operation: &str) -> Response {
    let (account, region, body) = (&world.accounts[asked.account], asked.region, body(asked));
    let tokens = ("nextToken", "nextToken");
    if operation == "DescribeLogGroups" {
        let prefix = text(&body, "logGroupNamePrefix").unwrap_or_default();
        let all: Vec<Value> = account
            .log_groups
            .iter()
            .filter(|(own, group)| own == region && text(group, "logGroupName").unwrap().starts_with(prefix))
            .map(|(_, group)| group.clone())
            .collect();
        return listed(world, asked, "logGroups", &all, tokens);
    }
    let group = text(&body, "logGroupName").unwrap();
    if !account.log_groups.iter().any(|(own, other)| own == region && other["logGroupName"] == group) {
        return error(Protocol::Json, 400, "ResourceNotFoundException");
    }
    let all: Vec<Value> = account
        .metric_filters
        .iter()
        .filter(|(own, name, _)| own == region && name == group)
        .map(|(.., filter)| filter.clone())
        .collect();
    listed(world, asked, "metricFilters", &all, tokens)
}

fn organizations(world: &World, asked: &Asked<'_>, operation: &str) -> Response {
    let member = |own: &&Organization| own.2.iter().any(|(id, ..)| id == asked.account);
    let Some((id, management, members)) = world.organization.as_ref().filter(member) else {
        return error(Protocol::Json, 400, "AWSOrganizationsNotInUseException");
    };
    if operation == "DescribeOrganization" {
        return ok(&json!({ "Organization": {
            "Id": id, "MasterAccountId": management, "MasterAccountEmail": "boss@example.com"
        } }));
    }
    if asked.account != management {
        return error(Protocol::Json, 400, "AccessDeniedException");
    }
    let all: Vec<Value> = members
        .iter()
        .map(|(id, name, state)| {
            json!({ "Id": id, "Name": name, "Status": state, "State": state, "Email": format!("{id}@example.com") })
        })
        .collect();
    listed(world, asked, "Accounts", &all, ("NextToken", "NextToken"))
}

fn cost_explorer(world: &World, asked: &Asked<'_>) -> Response {
    let body = body(asked);
    assert_eq!(body["Granularity"], "MONTHLY");
    assert_eq!(body["Filter"]["Dimensions"]["Values"], json!(["AWS CloudTrail"]));
    let (own, next) = page(&world.bill, text(&body, "NextPageToken"), world.page);
    let months: std::collections::BTreeSet<&String> = own.iter().map(|(month, ..)| month).collect();
    let results: Vec<Value> = months
        .into_iter()
        .map(|month| {
            let groups: Vec<Value> = own
                .iter()
                .filter(|(other, ..)| other == month)
                .map(|(_, account, usage_type, quantity, cost)| {
                    json!({ "Keys": [usage_type, account], "Metrics": {
                        "UsageQuantity": { "Amount": quantity, "Unit": "Events" },
                        "UnblendedCost": { "Amount": cost, "Unit": "USD" }
                    } })
                })
                .collect();
            json!({ "TimePeriod": { "Start": month, "End": "" }, "Estimated": false, "Groups": groups })
        })
        .collect();
    ok(&json!({ "ResultsByTime": results, "NextPageToken": next }))
}
