//! Athena (AWS JSON): workgroups, a data catalogue, and queries that are answered as the test says.

use super::http::Response;
use super::iam::Policy;
use super::server::{Asked, Known, Protocol, error, page};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// An answer: something that stands in the statement, names of columns, rows.
pub(crate) type Answer = (String, Vec<String>, Vec<Vec<Option<String>>>);

/// What there is of Athena in the one Region that is asked.
#[derive(Debug, Clone, Default)]
pub(crate) struct AthenaState {
    /// In the API's shape, by name.
    pub(crate) workgroups: BTreeMap<String, Value>,
    pub(crate) databases: BTreeSet<String>,
    /// In the API's shape, by `database.table`.
    pub(crate) tables: BTreeMap<String, Value>,
    pub(crate) answers: Vec<Answer>,
    /// How often a query is seen running before it ends.
    pub(crate) running: u32,
    /// Bytes that a query reads until it is seen the next time.
    pub(crate) step: u64,
    /// How queries end that read: state and reason, if not well.
    pub(crate) outcome: Option<(String, String)>,
    pub(crate) runs: Vec<Run>,
    /// Rows on a page; as many as are asked for if 0.
    pub(crate) page: usize,
}

/// A query that was started.
#[derive(Debug, Clone)]
pub(crate) struct Run {
    id: String,
    pub(crate) token: String,
    pub(crate) statement: String,
    pub(crate) output: String,
    pub(crate) state: String,
    reason: String,
    pub(crate) scanned: u64,
    seen: u32,
}

/// A workgroup in the API's shape, with settings.
pub(crate) fn workgroup(name: &str, settings: &Value) -> Value {
    json!({ "Name": name, "State": "ENABLED", "Configuration": settings })
}

fn body(asked: &Asked<'_>) -> Value {
    serde_json::from_slice(&asked.request.body).unwrap()
}

/// The ids of runs end with the workgroup, so that it is known which one is asked about.
fn group_of(id: &str) -> &str {
    id.rsplit_once(" of ").unwrap().1
}

pub(super) fn known(asked: &Asked<'_>) -> Option<Known> {
    let operation = asked.request.header("x-amz-target").strip_prefix("AmazonAthena.")?;
    let body = body(asked);
    let text = |name: &str| body[name].as_str().unwrap_or_default().to_owned();
    let what = match operation {
        "GetWorkGroup" | "StartQueryExecution" => format!("workgroup/{}", text("WorkGroup")),
        "GetQueryExecution" | "GetQueryResults" | "StopQueryExecution" => {
            format!("workgroup/{}", group_of(&text("QueryExecutionId")))
        }
        "GetTableMetadata" => format!("datacatalog/{}", text("CatalogName")),
        _ => return None,
    };
    Some(Known {
        operation: operation.to_owned(),
        action: format!("athena:{operation}"),
        resource: format!("arn:aws:athena:{}:{}:{what}", asked.region, asked.account),
    })
}

fn ok(value: &Value) -> Response {
    Response::new(200, "application/x-amz-json-1.1", value.to_string())
}

fn refuse(code: &str, message: &str) -> Response {
    let mut own = error(Protocol::Json, 400, code);
    own.body = json!({ "__type": code, "Message": message }).to_string().into_bytes();
    own
}

pub(super) fn answer(
    state: &mut AthenaState,
    asked: &Asked<'_>,
    operation: &str,
    policy: &Policy,
) -> Response {
    let body = body(asked);
    let text = |name: &str| body[name].as_str().unwrap_or_default();
    match operation {
        "GetWorkGroup" => match state.workgroups.get(text("WorkGroup")) {
            Some(own) => ok(&json!({ "WorkGroup": own })),
            None => refuse("InvalidRequestException", "WorkGroup is not found."),
        },
        "GetTableMetadata" => {
            let name = format!("{}.{}", text("DatabaseName"), text("TableName"));
            let arns = glue_arns(asked, &name);
            if !arns.iter().all(|own| policy.allows("glue:GetTable", own)) {
                return refuse(
                    "MetadataException",
                    "User is not authorized to perform: glue:GetTable (Service: AmazonDataCatalog; Error Code: AccessDeniedException)",
                );
            }
            match state.tables.get(&name) {
                Some(own) => ok(&json!({ "TableMetadata": own })),
                None => refuse("MetadataException", "EntityNotFoundException: Entity Not Found"),
            }
        }
        "StartQueryExecution" => start(state, asked, &body, policy),
        "GetQueryExecution" => watch(state, text("QueryExecutionId")),
        "StopQueryExecution" => {
            let own = state.runs.iter_mut().find(|own| own.id == text("QueryExecutionId")).unwrap();
            if own.state == "RUNNING" {
                "CANCELLED".clone_into(&mut own.state);
                "Query cancelled by user".clone_into(&mut own.reason);
            }
            ok(&json!({}))
        }
        _ => results(state, &body),
    }
}

fn glue_arns(asked: &Asked<'_>, name: &str) -> [String; 3] {
    let (database, table) = name.split_once('.').unwrap();
    ["catalog".to_owned(), format!("database/{database}"), format!("table/{database}/{table}")]
        .map(|own| format!("arn:aws:glue:{}:{}:{own}", asked.region, asked.account))
}

fn start(state: &mut AthenaState, asked: &Asked<'_>, body: &Value, policy: &Policy) -> Response {
    let (group, token) = (body["WorkGroup"].as_str().unwrap(), body["ClientRequestToken"].as_str().unwrap());
    assert!(token.len() >= 32, "a token has 32 characters or more: {token}");
    let settings = state.workgroups[group]["Configuration"].clone();
    let of = |own: &Value| own["ResultConfiguration"]["OutputLocation"].as_str().map(str::to_owned);
    let is_enforced = settings["EnforceWorkGroupConfiguration"] == true;
    let own = of(body).filter(|_| !is_enforced);
    let Some(output) = own.or_else(|| of(&settings)) else {
        return refuse(
            "InvalidRequestException",
            "No output location provided. An output location is required",
        );
    };
    if let Some(own) = state.runs.iter().find(|own| own.token == token) {
        return ok(&json!({ "QueryExecutionId": own.id }));
    }
    let statement = body["QueryString"].as_str().unwrap().to_owned();
    let id = format!("run {} of {group}", state.runs.len());
    let database = body["QueryExecutionContext"]["Database"].as_str().unwrap();
    assert_eq!(body["QueryExecutionContext"]["Catalog"], "AwsDataCatalog");
    let mut run = Run {
        id: id.clone(),
        token: token.to_owned(),
        output: output.clone(),
        state: "RUNNING".to_owned(),
        reason: String::new(),
        scanned: 0,
        seen: 0,
        statement,
    };
    let fail = |run: &mut Run, reason: String| {
        "FAILED".clone_into(&mut run.state);
        run.reason = reason;
    };
    let result = format!("arn:aws:s3:::{}result.csv", output.strip_prefix("s3://").unwrap());
    if !policy.allows("s3:PutObject", &result) {
        fail(&mut run, format!("Access denied when writing output to url: {output}"));
    } else if !state.databases.contains(database) {
        fail(&mut run, format!("SCHEMA_NOT_FOUND: Schema '{database}' does not exist"));
    } else if run.statement.starts_with("CREATE") {
        let (name, table) = made(&run.statement);
        if glue_arns(asked, &name).iter().all(|own| policy.allows("glue:CreateTable", own)) {
            state.tables.insert(name, table);
            "SUCCEEDED".clone_into(&mut run.state);
        } else {
            fail(&mut run, "User is not authorized to perform: glue:CreateTable".to_owned());
        }
    } else {
        let name = run.statement.split("FROM \"").nth(1).unwrap().split('\n').next().unwrap();
        let name = name.replace('"', "");
        let Some(table) = state.tables.get(&name) else {
            fail(&mut run, format!("TABLE_NOT_FOUND: Table '{name}' does not exist"));
            state.runs.push(run);
            return ok(&json!({ "QueryExecutionId": id }));
        };
        let folder = table["Parameters"]["location"].as_str().unwrap().strip_prefix("s3://").unwrap();
        if !policy.allows("s3:GetObject", &format!("arn:aws:s3:::{folder}a.json.gz")) {
            fail(&mut run, format!("PERMISSION_DENIED: Permission denied on S3 path: s3://{folder}"));
        }
        if !glue_arns(asked, &name).iter().all(|own| policy.allows("glue:GetPartitions", own)) {
            fail(&mut run, "User is not authorized to perform: glue:GetPartitions".to_owned());
        }
    }
    state.runs.push(run);
    ok(&json!({ "QueryExecutionId": id }))
}

/// The table that a statement makes: its name, and what the catalogue says of it.
fn made(statement: &str) -> (String, Value) {
    let name = statement.split('`').skip(1).step_by(2).take(2).collect::<Vec<_>>().join(".");
    let columns = statement.split_once("(\n").unwrap().1.split_once("\n)\n").unwrap().0;
    let (mut depth, mut parts) = (0, vec![String::new()]);
    for own in columns.chars() {
        depth += i32::from(own == '<') - i32::from(own == '>');
        if own == ',' && depth == 0 {
            parts.push(String::new());
        } else {
            parts.last_mut().unwrap().push(own);
        }
    }
    let column = |own: &String| {
        let (name, kind) = own.trim().split_once(' ').unwrap();
        let kind: String = kind.to_lowercase().split_whitespace().collect();
        json!({ "Name": name, "Type": kind })
    };
    let mut parameters = json!({ "EXTERNAL": "TRUE" });
    for line in
        statement.lines().filter(|own| own.starts_with("  'projection") || own.starts_with("  'storage"))
    {
        let (key, value) = line.trim().trim_end_matches(',').split_once(" = ").unwrap();
        parameters[key.trim_matches('\'')] = json!(value.trim_matches('\''));
    }
    let location = statement.split("LOCATION '").nth(1).unwrap().split('\'').next().unwrap();
    parameters["location"] = json!(location);
    let partitions = statement.split("PARTITIONED BY (").nth(1).unwrap().split(')').next().unwrap();
    let partitions: Vec<Value> = partitions
        .split(", ")
        .map(|own| json!({ "Name": own.split(' ').next().unwrap(), "Type": "string" }))
        .collect();
    let table = json!({
        "Name": name.split('.').nth(1).unwrap(),
        "TableType": "EXTERNAL_TABLE",
        "Columns": parts.iter().map(column).collect::<Vec<_>>(),
        "PartitionKeys": partitions,
        "Parameters": parameters,
    });
    (name, table)
}

/// A run as it is now; each look lets it go on.
fn watch(state: &mut AthenaState, id: &str) -> Response {
    let (outcome, running, step) = (state.outcome.clone(), state.running, state.step);
    let own = state.runs.iter_mut().find(|own| own.id == id).unwrap();
    if own.state == "RUNNING" {
        own.seen += 1;
        own.scanned += step;
        if own.seen > running {
            let (state, reason) = outcome.unwrap_or_else(|| ("SUCCEEDED".to_owned(), String::new()));
            (own.state, own.reason) = (state, reason);
        }
    }
    ok(&json!({ "QueryExecution": {
        "QueryExecutionId": own.id,
        "Query": own.statement,
        "Status": { "State": own.state, "StateChangeReason": own.reason },
        "Statistics": { "DataScannedInBytes": own.scanned },
    } }))
}

fn results(state: &AthenaState, body: &Value) -> Response {
    let own = state.runs.iter().find(|own| body["QueryExecutionId"] == own.id.as_str()).unwrap();
    if own.state != "SUCCEEDED" {
        return refuse("InvalidRequestException", "Query has not yet finished.");
    }
    let (_, columns, rows) = state.answers.iter().find(|(word, ..)| own.statement.contains(word)).unwrap();
    let heading: Vec<Option<String>> = columns.iter().cloned().map(Some).collect();
    let all: Vec<Vec<Option<String>>> = std::iter::once(heading).chain(rows.iter().cloned()).collect();
    let size = usize::try_from(body["MaxResults"].as_u64().unwrap()).unwrap();
    assert!(size <= 1000, "a page has 1000 rows or fewer");
    let size = if state.page == 0 { size } else { size.min(state.page) };
    let (own, next) = page(&all, body["NextToken"].as_str(), size);
    let cell =
        |own: &Option<String>| own.as_ref().map_or_else(|| json!({}), |own| json!({ "VarCharValue": own }));
    let rows: Vec<Value> =
        own.iter().map(|own| json!({ "Data": own.iter().map(cell).collect::<Vec<_>>() })).collect();
    let info: Vec<Value> = columns.iter().map(|own| json!({ "Name": own, "Type": "varchar" })).collect();
    ok(&json!({
        "ResultSet": { "Rows": rows, "ResultSetMetadata": { "ColumnInfo": info } },
        "NextToken": next,
    }))
}
