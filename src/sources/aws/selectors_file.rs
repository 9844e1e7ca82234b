//! Event selectors from a file, as the AWS CLI takes and shows them.

use super::answers::{AdvancedSelector, EventSelector, FieldTest};
use super::lower::basic_selectors;
use crate::domain::{AdvancedEventSelector, EventCategory, Field, FieldSelector};
use serde_json::{Map, Value};
use std::fmt;

/// The most selectors that are told apart.
const MOST: usize = 10_000;
const OPERATORS: [&str; 6] =
    ["Equals", "StartsWith", "EndsWith", "NotEquals", "NotStartsWith", "NotEndsWith"];

/// Why a file is none of event selectors.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SelectorsError {
    /// The byte at which the text is no JSON.
    pub at: Option<usize>,
    message: String,
}

impl fmt::Display for SelectorsError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.message)
    }
}

impl std::error::Error for SelectorsError {}

/// Reads event selectors: what `aws cloudtrail get-event-selectors` prints, or the list that `put-event-selectors` takes,
/// basic or advanced.
///
/// Each advanced selector of the result is one of the file, or one part of a basic one: what it says of management events, and
/// of each of its data resources.
///
/// # Errors
/// [`SelectorsError`], with the place in the document, when it is no JSON, has keys, fields or values that CloudTrail does not
/// know, or no selector at all.
pub fn read_selectors(text: &str) -> Result<Vec<AdvancedEventSelector>, SelectorsError> {
    let value: Value = serde_json::from_str(text).map_err(|error| {
        let words = error.to_string();
        let words = words.split(" at line ").next().unwrap_or_default();
        SelectorsError {
            at: Some(offset(text, error.line(), error.column())),
            message: format!("not JSON: {words}"),
        }
    })?;
    let selectors = document(&value).map_err(|message| SelectorsError { at: None, message })?;
    if selectors.is_empty() {
        let message = "there is no selector in it".to_owned();
        return Err(SelectorsError { at: None, message });
    }
    Ok(selectors)
}

/// Returns the byte at a line and column, from 1.
fn offset(text: &str, line: usize, column: usize) -> usize {
    let before: usize = text.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
    let at = (before + column.saturating_sub(1)).min(text.len());
    (0..=at).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0)
}

fn document(value: &Value) -> Result<Vec<AdvancedEventSelector>, String> {
    let (basic, advanced) = match value {
        Value::Array(list) => {
            let is_advanced = list.iter().any(|own| own.get("FieldSelectors").is_some());
            let name = if is_advanced { "AdvancedEventSelectors" } else { "EventSelectors" };
            let own = (name, list.as_slice());
            if is_advanced { (None, Some(own)) } else { (Some(own), None) }
        }
        Value::Object(own) => {
            let known = ["TrailARN", "TrailName", "EventSelectors", "AdvancedEventSelectors"];
            only(own, &known, "the document")?;
            (
                list(own, "EventSelectors", "the document")?.map(|list| ("EventSelectors", list)),
                list(own, "AdvancedEventSelectors", "the document")?
                    .map(|list| ("AdvancedEventSelectors", list)),
            )
        }
        _ => return Err("a list of event selectors is wanted, or an object that has one".to_owned()),
    };
    let mut all = Vec::new();
    if let Some((name, list)) = basic {
        for (at, own) in list.iter().enumerate() {
            all.extend(read_basic(own, &format!("{name}[{at}]"))?);
        }
    }
    if let Some((name, list)) = advanced {
        for (at, own) in list.iter().enumerate() {
            all.push(read_advanced(own, &format!("{name}[{at}]"))?);
        }
    }
    if all.len() > MOST {
        return Err(format!("there are {} selectors, more than {MOST}", all.len()));
    }
    Ok(all)
}

fn object<'a>(value: &'a Value, place: &str) -> Result<&'a Map<String, Value>, String> {
    value.as_object().ok_or_else(|| format!("{place} is no object"))
}

/// Refuses keys that are not known: a test with a misspelt operator would select everything.
fn only(own: &Map<String, Value>, known: &[&str], place: &str) -> Result<(), String> {
    match own.keys().find(|key| !known.contains(&key.as_str())) {
        None => Ok(()),
        Some(key) => Err(format!("{place} has the unknown key `{key}`; known are {}", known.join(", "))),
    }
}

fn list<'a>(own: &'a Map<String, Value>, key: &str, place: &str) -> Result<Option<&'a [Value]>, String> {
    match own.get(key) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::Array(list)) => Ok(Some(list)),
        Some(_) => Err(format!("`{key}` of {place} is no list")),
    }
}

fn texts(own: &Map<String, Value>, key: &str, place: &str) -> Result<Vec<String>, String> {
    let list = list(own, key, place)?.unwrap_or_default().iter();
    list.map(|own| {
        own.as_str().map(str::to_owned).ok_or_else(|| format!("`{key}` of {place} is no list of texts"))
    })
    .collect()
}

fn text<'a>(own: &'a Map<String, Value>, key: &str, place: &str) -> Result<Option<&'a str>, String> {
    match own.get(key) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(own)) => Ok(Some(own)),
        Some(_) => Err(format!("`{key}` of {place} is no text")),
    }
}

fn read_advanced(value: &Value, place: &str) -> Result<AdvancedEventSelector, String> {
    let own = object(value, place)?;
    only(own, &["Name", "FieldSelectors"], place)?;
    let name = text(own, "Name", place)?.filter(|own| !own.is_empty()).map(str::to_owned);
    let mut selector = AdvancedSelector { name, ..AdvancedSelector::default() };
    for (at, test) in list(own, "FieldSelectors", place)?.unwrap_or_default().iter().enumerate() {
        let place = format!("{place}.FieldSelectors[{at}]");
        let test = object(test, &place)?;
        let mut known = vec!["Field"];
        known.extend(OPERATORS);
        only(test, &known, &place)?;
        let field = text(test, "Field", &place)?.unwrap_or_default();
        if Field::from_name(field).is_none() {
            return Err(format!(
                "{place}: CloudTrail has no field `{field}`; it has {}",
                Field::NAMES.join(", ")
            ));
        }
        let values = |key: &str| texts(test, key, &place);
        let test = FieldTest {
            field: field.to_owned(),
            equals: values("Equals")?,
            starts_with: values("StartsWith")?,
            ends_with: values("EndsWith")?,
            not_equals: values("NotEquals")?,
            not_starts_with: values("NotStartsWith")?,
            not_ends_with: values("NotEndsWith")?,
        };
        if test == (FieldTest { field: field.to_owned(), ..FieldTest::default() }) {
            return Err(format!("{place} tests nothing: it needs one of {}", OPERATORS.join(", ")));
        }
        selector.field_selectors.push(test);
    }
    advanced(&selector, place)
}

fn advanced(own: &AdvancedSelector, place: &str) -> Result<AdvancedEventSelector, String> {
    let category = own
        .field_selectors
        .iter()
        .find(|test| test.field == Field::EventCategory.name())
        .map_or(&[][..], |test| test.equals.as_slice());
    let category = match category {
        [own] if own == "Management" => EventCategory::Management,
        [own] if own == "Data" => EventCategory::Data,
        [own] if own == "NetworkActivity" => EventCategory::NetworkActivity,
        _ => {
            return Err(format!(
                "{place} needs a test of eventCategory that equals one of Management, Data, NetworkActivity"
            ));
        }
    };
    let tests = own.field_selectors.iter().filter(|test| test.field != Field::EventCategory.name());
    let fields = tests
        .filter_map(|test| {
            Some(FieldSelector {
                field: Field::from_name(&test.field)?,
                equals: test.equals.clone(),
                starts_with: test.starts_with.clone(),
                ends_with: test.ends_with.clone(),
                not_equals: test.not_equals.clone(),
                not_starts_with: test.not_starts_with.clone(),
                not_ends_with: test.not_ends_with.clone(),
            })
        })
        .collect();
    Ok(AdvancedEventSelector { name: own.name.clone(), category, fields })
}

fn read_basic(value: &Value, place: &str) -> Result<Vec<AdvancedEventSelector>, String> {
    let own = object(value, place)?;
    let known =
        ["ReadWriteType", "IncludeManagementEvents", "DataResources", "ExcludeManagementEventSources"];
    only(own, &known, place)?;
    let read_write_type = text(own, "ReadWriteType", place)?;
    if !matches!(read_write_type, None | Some("All" | "ReadOnly" | "WriteOnly")) {
        return Err(format!("ReadWriteType of {place} is none of All, ReadOnly, WriteOnly"));
    }
    let include_management_events = match own.get("IncludeManagementEvents") {
        None | Some(Value::Null) => None,
        Some(Value::Bool(own)) => Some(*own),
        Some(_) => return Err(format!("IncludeManagementEvents of {place} is neither true nor false")),
    };
    let exclude_management_event_sources = texts(own, "ExcludeManagementEventSources", place)?;
    let excludable = crate::domain::EventSource::EXCLUDABLE;
    if let Some(other) =
        exclude_management_event_sources.iter().find(|own| !excludable.contains(&own.as_str()))
    {
        return Err(format!("{place} excludes `{other}`; only {} can be excluded", excludable.join(" and ")));
    }
    let mut data_resources = Vec::new();
    for (at, own) in list(own, "DataResources", place)?.unwrap_or_default().iter().enumerate() {
        let place = format!("{place}.DataResources[{at}]");
        let own = object(own, &place)?;
        only(own, &["Type", "Values"], &place)?;
        data_resources.push(super::answers::DataResource {
            resource_type: text(own, "Type", &place)?.unwrap_or_default().to_owned(),
            values: texts(own, "Values", &place)?,
        });
    }
    let selector = EventSelector {
        read_write_type: read_write_type.map(str::to_owned),
        include_management_events,
        data_resources,
        exclude_management_event_sources,
    };
    let mut all = basic_selectors(std::slice::from_ref(&selector));
    all.iter_mut().for_each(with_versions);
    Ok(all)
}

/// A function's versions and a table's indexes are recorded with it.
///
/// Source: CloudTrail API reference, DataResource: the ARN of a function or table selects its events, whatever the qualifier.
fn with_versions(selector: &mut AdvancedEventSelector) {
    let kind = selector.fields.iter().find(|own| own.field == Field::ResourcesType);
    let sign = match kind.and_then(|own| own.equals.first()).map(String::as_str) {
        Some("AWS::Lambda::Function") => ':',
        Some("AWS::DynamoDB::Table") => '/',
        _ => return,
    };
    for test in selector.fields.iter_mut().filter(|own| own.field == Field::ResourcesArn) {
        let more: Vec<String> = test.equals.iter().map(|own| format!("{own}{sign}")).collect();
        test.starts_with.extend(more);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fails(text: &str) -> String {
        read_selectors(text).unwrap_err().to_string()
    }

    #[test]
    fn what_the_cli_prints_and_what_it_takes_are_read() {
        let advanced = r#"[{"Name":"writes","FieldSelectors":[{"Field":"eventCategory","Equals":["Data"]},
            {"Field":"resources.type","Equals":["AWS::S3::Object"]},{"Field":"readOnly","Equals":["false"]}]}]"#;
        let own = read_selectors(advanced).unwrap();
        assert_eq!(own.len(), 1);
        assert_eq!(
            (own[0].name.as_deref(), own[0].category, own[0].fields.len()),
            (Some("writes"), EventCategory::Data, 2)
        );
        let printed = format!(
            r#"{{"TrailARN":"arn:aws:cloudtrail:us-east-1:1:trail/t","AdvancedEventSelectors":{advanced}}}"#
        );
        assert_eq!(read_selectors(&printed).unwrap(), own);
        let basic = r#"[{"ReadWriteType":"WriteOnly","DataResources":[{"Type":"AWS::Lambda::Function",
            "Values":["arn:aws:lambda:us-east-1:111122223333:function:f"]}]}]"#;
        let own = read_selectors(basic).unwrap();
        let categories: Vec<_> = own.iter().map(|own| own.category).collect();
        assert_eq!(categories, [EventCategory::Management, EventCategory::Data]);
        let arn = own[1].fields.iter().find(|own| own.field == Field::ResourcesArn).unwrap();
        assert!(arn.holds(Some(b"arn:aws:lambda:us-east-1:111122223333:function:f:7")));
        assert!(!arn.holds(Some(b"arn:aws:lambda:us-east-1:111122223333:function:f2")));
    }

    #[test]
    fn what_cannot_be_a_selector_is_refused_with_its_place() {
        assert_eq!(read_selectors("[\n }").unwrap_err().at, Some(3));
        for (text, expected) in [
            ("7", "a list of event selectors is wanted"),
            ("[]", "no selector in it"),
            (r#"{"Selectors":[]}"#, "unknown key `Selectors`"),
            (
                r#"[{"FieldSelectors":[{"Field":"eventCategory","Equal":["Data"]}]}]"#,
                "AdvancedEventSelectors[0].FieldSelectors[0] has the unknown key `Equal`",
            ),
            (r#"[{"FieldSelectors":[{"Field":"category","Equals":["Data"]}]}]"#, "no field `category`"),
            (
                r#"[{"FieldSelectors":[{"Field":"eventName","Equals":["A"]}]}]"#,
                "needs a test of eventCategory",
            ),
            (r#"[{"FieldSelectors":[{"Field":"eventCategory","Equals":[]}]}]"#, "tests nothing"),
            (r#"[{"FieldSelectors":[{"Field":"eventCategory","Equals":"Data"}]}]"#, "is no list"),
            (r#"[{"ReadWriteType":"Write"}]"#, "none of All, ReadOnly, WriteOnly"),
            (r#"[{"ExcludeManagementEventSources":["s3.amazonaws.com"]}]"#, "excludes `s3.amazonaws.com`"),
            (
                r#"[{"DataResources":[{"Kind":"x"}]}]"#,
                "EventSelectors[0].DataResources[0] has the unknown key `Kind`",
            ),
            (r#"{"EventSelectors":{}}"#, "is no list"),
            ("[3]", "EventSelectors[0] is no object"),
        ] {
            assert!(fails(text).contains(expected), "{text}: {}", fails(text));
        }
    }
}
