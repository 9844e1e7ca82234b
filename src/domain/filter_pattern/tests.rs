use super::*;
use serde_json::{Value, json};

/// The event of the user guide's examples, with a few properties more.
fn event() -> Value {
    json!({
        "eventType": "UpdateTrail",
        "sourceIPAddress": "111.111.111.111",
        "arrayKey": ["value", "another value"],
        "objectList": [{ "name": "a", "id": 1 }, { "name": "b", "id": 2 }],
        "SomeObject": null,
        "cluster.name": "c",
        "detail-type": "d",
        "ThisFlag": true,
        "bandwidth": 75,
        "latency": 0.25,
        "account": "0123",
        "user": { "id": 1, "email": "John.Stiles@example.com" },
        "users": [{ "id": 2, "email": "John.Doe@example.com" }],
        "actions": ["GET", "PUT", "DELETE"],
        "coordinates": [[0, 1, 2], [4, 5, 6]],
        "quote": "a\"b*c"
    })
}

fn matches(pattern: &str) -> bool {
    FilterPattern::parse(pattern).unwrap_or_else(|error| panic!("{pattern}: {error}")).matches(&event())
}

#[test]
fn patterns_of_the_user_guide_match_as_it_says() {
    let table = [
        (r#"{ $.eventType = "UpdateTrail" }"#, true),
        (r#"{$.eventType="UpdateTrail"}"#, true),
        ("  { $.eventType = UpdateTrail }  ", true),
        (r#"{ $.eventType = "updatetrail" }"#, false),
        ("{ $.sourceIPAddress != 123.123.* }", true),
        ("{ $.sourceIPAddress != 111.111.* }", false),
        (r#"{ $.arrayKey[0] = "value" }"#, true),
        (r#"{ $.arrayKey[1] = "value" }"#, false),
        ("{ $.objectList[1].id = 2 }", true),
        ("{ $.objectList[7].id = 2 }", false),
        ("{ $.SomeObject IS NULL }", true),
        ("{ $.SomeOtherObject IS NULL }", false),
        ("{ $.SomeOtherObject NOT EXISTS }", true),
        ("{ $.SomeObject NOT EXISTS }", false),
        ("{ $.ThisFlag IS TRUE }", true),
        ("{ $.ThisFlag is false }", false),
        ("{ $.['cluster.name'] = \"c\" }", true),
        ("{ $['cluster.name'] = \"c\" }", true),
        ("{ $.detail-type = d }", true),
        ("{ $.bandwidth > 74.5 && $.bandwidth <= 75 }", true),
        ("{ $.bandwidth >= 7.51e1 }", false),
        ("{ $.latency < 0.3 }", true),
        ("{ $.latency = 2.5e-1 }", true),
        ("{ $.coordinates[0][1] = 1 }", true),
        (r#"{ ($.user.id = 1) && ($.users[0].email = "John.Doe@example.com") }"#, true),
        (
            r#"{ $.user.email = "John.Stiles@example.com" || $.coordinates[0][1] = "nonmatch" && $.actions[2] = "nonmatch" }"#,
            true,
        ),
        (
            r#"{ ($.user.email = "John.Stiles@example.com" || $.coordinates[0][1] = "nonmatch") && $.actions[2] = "nonmatch" }"#,
            false,
        ),
        (r#"{ ($.user.id = 2 && $.users[0].email = "nonmatch") || $.actions[2] = "GET" }"#, false),
        // An array or an object matches no value, not even any.
        ("{ $.arrayKey = * }", false),
        ("{ $.user != \"x\" }", false),
        // What is not there matches no comparison.
        ("{ $.absent = * }", false),
        ("{ $.absent != \"x\" }", false),
        ("{ $.absent.deeper NOT EXISTS }", true),
        ("{ $.eventType.deeper NOT EXISTS }", true),
        ("{ $.SomeObject != \"x\" }", false),
        // A text of digits is no number, but equal by its text.
        ("{ $.account = 0123 }", true),
        ("{ $.account = 123 }", false),
        ("{ $.account > 1 }", false),
        (r#"{ $.bandwidth = "75" }"#, true),
        ("{ $.bandwidth = 75.0 }", true),
        (r#"{ $.quote = "a\"b*" }"#, true),
        (r#"{ $.quote = "a\"c" }"#, false),
    ];
    for (pattern, expected) in table {
        assert_eq!(matches(pattern), expected, "{pattern}");
    }
}

#[test]
fn a_star_stands_for_any_characters_or_none() {
    for (value, is) in [
        ("*", true),
        ("Update*", true),
        ("*Trail", true),
        ("*date*", true),
        ("U*e*T*l", true),
        ("UpdateTrail*", true),
        ("*UpdateTrail*", true),
        ("Update*UpdateTrail", false),
        ("UpdateTrai*il", false),
        ("U**l", true),
        ("*x*", false),
    ] {
        assert_eq!(matches(&format!("{{ $.eventType = \"{value}\" }}")), is, "{value}");
        assert_eq!(matches(&format!("{{ $.eventType != {value} }}")), !is, "{value}");
    }
}

#[test]
fn what_is_no_pattern_is_refused_at_its_place() {
    let table = [
        ("ERROR", 0, FilterPatternFault::NotJson),
        ("[a, b]", 0, FilterPatternFault::NotJson),
        ("", 0, FilterPatternFault::NotJson),
        ("{}", 1, FilterPatternFault::Expected("a property such as `$.eventName`, or `(`")),
        ("{ $. = 1 }", 4, FilterPatternFault::Expected("the name of a property")),
        ("{ $ = 1 }", 3, FilterPatternFault::Expected("`.` and the name of a property")),
        (
            "{ $.a 1 }",
            6,
            FilterPatternFault::Expected("`=`, `!=`, `<`, `>`, `<=`, `>=`, `IS` or `NOT EXISTS`"),
        ),
        ("{ $.a = }", 8, FilterPatternFault::Expected("a value")),
        ("{ $.a = \"b }", 8, FilterPatternFault::NoClosingQuote),
        ("{ $.a = 1 ", 10, FilterPatternFault::Expected("`&&`, `||` or `}`")),
        ("{ ($.a = 1 }", 11, FilterPatternFault::Expected("`&&`, `||` or `)`")),
        ("{ $.a = 1 } x", 12, FilterPatternFault::Expected("the end")),
        ("{ $.a = 1 & $.b = 2 }", 10, FilterPatternFault::Expected("`&&`, `||` or `}`")),
        ("{ $.a[b] = 1 }", 6, FilterPatternFault::Index),
        ("{ $.a[1234567890] = 1 }", 6, FilterPatternFault::Index),
        ("{ $.a < b }", 8, FilterPatternFault::NotANumber),
        ("{ $.a EXISTS }", 12, FilterPatternFault::Exists),
        ("{ $.a IS NOT NULL }", 12, FilterPatternFault::IsNot),
        ("{ $.a NOT NULL }", 10, FilterPatternFault::Expected("`EXISTS`")),
        ("{ $.a = %b% }", 8, FilterPatternFault::Regex),
    ];
    for (pattern, at, fault) in table {
        assert_eq!(FilterPattern::parse(pattern), Err(FilterPatternError { at, fault }), "{pattern}");
    }
    let long = format!("{{ $.a = {} }}", "b".repeat(1_015));
    assert_eq!(FilterPattern::parse(&long).map_err(|own| own.fault), Err(FilterPatternFault::TooLong));
    assert!(FilterPattern::parse(&long.replacen('b', "", 1)).is_ok());
    let deep = format!("{{ {}$.a = 1{} }}", "(".repeat(500), ")".repeat(500));
    assert!(FilterPattern::parse(&deep).is_ok());
}

#[test]
fn the_values_that_a_pattern_names_are_told() {
    let pattern =
        FilterPattern::parse("{ ($.a = b) && (($.c = d) || ($.a = \"e*\") || ($.a != f)) }").unwrap();
    assert_eq!(pattern.values_of("$.a"), ["b", "e*"]);
    assert_eq!(pattern.text(), "{ ($.a = b) && (($.c = d) || ($.a = \"e*\") || ($.a != f)) }");
}
