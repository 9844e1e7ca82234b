//! CloudWatch, which the SDK speaks to in CBOR.

use super::http::Response;
use super::server::{Asked, Known, page};
use super::world::{Metric, World};
use ciborium::Value;

const PATH: &str = "/service/GraniteServiceVersion20100801/operation/";

pub(super) fn known(asked: &Asked<'_>) -> Option<Known> {
    let request = asked.request;
    let operation = request.path.strip_prefix(PATH)?;
    let ours = ["ListMetrics", "GetMetricData", "DescribeAlarms"].contains(&operation);
    (ours && request.header("smithy-protocol") == "rpc-v2-cbor").then(|| Known {
        operation: operation.to_owned(),
        action: format!("cloudwatch:{operation}"),
        resource: "*".to_owned(),
    })
}

fn text(own: &str) -> Value {
    Value::Text(own.to_owned())
}

fn map(pairs: Vec<(&str, Value)>) -> Value {
    Value::Map(pairs.into_iter().map(|(key, value)| (text(key), value)).collect())
}

fn response(status: u16, value: &Value) -> Response {
    let mut body = Vec::new();
    ciborium::into_writer(value, &mut body).unwrap();
    Response::new(status, "application/cbor", body).with("smithy-protocol", "rpc-v2-cbor")
}

pub(super) fn error(status: u16, code: &str, message: &str) -> Response {
    let name = format!("com.amazonaws.cloudwatch#{code}");
    response(status, &map(vec![("__type", text(&name)), ("message", text(message))]))
        .with("x-amzn-query-error", &format!("{code};Sender"))
}

fn member<'a>(value: &'a Value, key: &str) -> Option<&'a Value> {
    value.as_map()?.iter().find(|(own, _)| own.as_text() == Some(key)).map(|(_, value)| value)
}

fn string<'a>(value: &'a Value, key: &str) -> Option<&'a str> {
    member(value, key)?.as_text()
}

fn array<'a>(value: &'a Value, key: &str) -> &'a [Value] {
    member(value, key).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

fn dimensions_of(value: &Value) -> Vec<(String, String)> {
    array(value, "Dimensions")
        .iter()
        .map(|own| (string(own, "Name").unwrap().to_owned(), string(own, "Value").unwrap().to_owned()))
        .collect()
}

fn dimensions(own: &[(String, String)]) -> Value {
    Value::Array(
        own.iter().map(|(name, value)| map(vec![("Name", text(name)), ("Value", text(value))])).collect(),
    )
}

pub(super) fn answer(world: &World, asked: &Asked<'_>, operation: &str) -> Response {
    let input: Value = ciborium::from_reader(asked.request.body.as_slice()).unwrap();
    let token = string(&input, "NextToken");
    let (name, all) = match operation {
        "ListMetrics" => ("Metrics", list_metrics(world, asked, &input)),
        "GetMetricData" => ("MetricDataResults", get_metric_data(world, asked, &input)),
        _ => return describe_alarms(world, asked, token),
    };
    let (own, next) = page(&all, token, world.page);
    let mut answer = vec![(name, Value::Array(own))];
    let next = next.map(|next| text(&next));
    answer.extend(next.map(|next| ("NextToken", next)));
    response(200, &map(answer))
}

fn metrics<'a>(world: &'a World, asked: &'a Asked<'_>) -> impl Iterator<Item = &'a Metric> {
    world.accounts[asked.account].metrics.iter().filter(|own| own.region == asked.region)
}

fn list_metrics(world: &World, asked: &Asked<'_>, input: &Value) -> Vec<Value> {
    let wanted = dimensions_of(input);
    metrics(world, asked)
        .filter(|own| string(input, "Namespace").is_none_or(|name| name == own.namespace))
        .filter(|own| string(input, "MetricName").is_none_or(|name| name == own.name))
        .filter(|own| wanted.iter().all(|pair| own.dimensions.contains(pair)))
        .map(|own| {
            map(vec![
                ("Namespace", text(&own.namespace)),
                ("MetricName", text(&own.name)),
                ("Dimensions", dimensions(&own.dimensions)),
            ])
        })
        .collect()
}

fn seconds(value: &Value) -> i64 {
    let Value::Tag(1, inner) = value else { panic!("no time: {value:?}") };
    #[allow(clippy::cast_possible_truncation, reason = "seconds of our time")]
    match inner.as_ref() {
        Value::Float(own) => *own as i64,
        Value::Integer(own) => i128::from(*own).try_into().unwrap(),
        other => panic!("no time: {other:?}"),
    }
}

fn get_metric_data(world: &World, asked: &Asked<'_>, input: &Value) -> Vec<Value> {
    let asked_for = array(input, "MetricDataQueries");
    assert!(asked_for.len() <= 500, "{} queries", asked_for.len());
    let (start, end) =
        (seconds(member(input, "StartTime").unwrap()), seconds(member(input, "EndTime").unwrap()));
    asked_for
        .iter()
        .map(|query| {
            let statistic = member(query, "MetricStat").unwrap();
            let metric = member(statistic, "Metric").unwrap();
            let mut wanted = dimensions_of(metric);
            wanted.sort();
            let found = metrics(world, asked).find(|own| {
                let mut dimensions = own.dimensions.clone();
                dimensions.sort();
                string(metric, "Namespace") == Some(&own.namespace)
                    && string(metric, "MetricName") == Some(&own.name)
                    && dimensions == wanted
            });
            let days: Vec<i64> =
                if found.is_some() { (start..end).step_by(86_400).collect() } else { Vec::new() };
            #[allow(clippy::cast_precision_loss, reason = "seconds of our time")]
            let time = |day: &i64| Value::Tag(1, Box::new(Value::Float(*day as f64)));
            let value = found.map_or(0.0, |own| own.value);
            map(vec![
                ("Id", text(string(query, "Id").unwrap())),
                ("StatusCode", text("Complete")),
                ("Timestamps", Value::Array(days.iter().map(time).collect())),
                ("Values", Value::Array(days.iter().map(|_| Value::Float(value)).collect())),
            ])
        })
        .collect()
}

/// Turns what a test wrote as JSON into CBOR.
fn from_json(value: &serde_json::Value) -> Value {
    match value {
        serde_json::Value::Null => Value::Null,
        serde_json::Value::Bool(own) => Value::Bool(*own),
        serde_json::Value::Number(own) => Value::Integer(own.as_i64().unwrap().into()),
        serde_json::Value::String(own) => text(own),
        serde_json::Value::Array(own) => Value::Array(own.iter().map(from_json).collect()),
        serde_json::Value::Object(own) => {
            Value::Map(own.iter().map(|(key, value)| (text(key), from_json(value))).collect())
        }
    }
}

fn describe_alarms(world: &World, asked: &Asked<'_>, token: Option<&str>) -> Response {
    let here: Vec<&serde_json::Value> = world.accounts[asked.account]
        .alarms
        .iter()
        .filter(|(region, _)| region == asked.region)
        .map(|(_, alarm)| alarm)
        .collect();
    let (own, next) = page(&here, token, world.page);
    let (composite, plain): (Vec<_>, Vec<_>) =
        own.into_iter().partition(|own| own.get("AlarmRule").is_some());
    let all = |own: Vec<&serde_json::Value>| Value::Array(own.into_iter().map(from_json).collect());
    let mut answer = vec![("MetricAlarms", all(plain)), ("CompositeAlarms", all(composite))];
    let next = next.map(|next| text(&next));
    answer.extend(next.map(|next| ("NextToken", next)));
    response(200, &map(answer))
}
