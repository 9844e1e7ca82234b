//! IAM policies, as much of them as allow lists need.

use serde_json::Value;

/// What a principal may do; everything that is not allowed is denied.
#[derive(Debug, Clone, Default)]
pub(crate) struct Policy {
    statements: Vec<Statement>,
}

#[derive(Debug, Clone)]
struct Statement {
    actions: Vec<String>,
    resources: Vec<String>,
}

impl Policy {
    /// Reads a policy document.
    pub(crate) fn parse(text: &str) -> Self {
        let document: Value = serde_json::from_str(text).unwrap();
        assert_eq!(document["Version"], "2012-10-17");
        let texts = |value: &Value| -> Vec<String> {
            value.as_array().unwrap().iter().map(|own| own.as_str().unwrap().to_owned()).collect()
        };
        let statement = |own: &Value| {
            assert_eq!(own["Effect"], "Allow");
            Statement { actions: texts(&own["Action"]), resources: texts(&own["Resource"]) }
        };
        Self { statements: document["Statement"].as_array().unwrap().iter().map(statement).collect() }
    }

    /// Allows everything.
    pub(crate) fn all() -> Self {
        let all = || vec!["*".to_owned()];
        Self { statements: vec![Statement { actions: all(), resources: all() }] }
    }

    /// Returns the actions by name.
    pub(crate) fn actions(&self) -> Vec<String> {
        self.statements.iter().flat_map(|own| own.actions.clone()).collect()
    }

    /// Returns the policy without an action.
    pub(crate) fn without(&self, action: &str) -> Self {
        let mut less = self.clone();
        for statement in &mut less.statements {
            statement.actions.retain(|own| own != action);
        }
        less
    }

    pub(super) fn allows(&self, action: &str, resource: &str) -> bool {
        self.statements.iter().any(|own| {
            own.actions.iter().any(|pattern| matches(pattern, action))
                && own.resources.iter().any(|pattern| matches(pattern, resource))
        })
    }
}

/// Matches `*` against any text, `?` against one character.
fn matches(pattern: &str, text: &str) -> bool {
    match (pattern.chars().next(), text.chars().next()) {
        (None, None) => true,
        (Some('*'), _) => {
            let rest = &pattern[1..];
            (0..=text.len()).filter(|at| text.is_char_boundary(*at)).any(|at| matches(rest, &text[at..]))
        }
        (Some(own), Some(other)) if own == '?' || own == other => {
            matches(&pattern[own.len_utf8()..], &text[other.len_utf8()..])
        }
        _ => false,
    }
}

#[test]
fn wildcards_match_as_in_iam() {
    assert!(matches("arn:aws:s3:::*", "arn:aws:s3:::logs"));
    assert!(matches("arn:aws:sns:*:*:*", "arn:aws:sns:eu-west-1:1:x"));
    assert!(!matches("arn:aws:sns:*:*:*", "*"));
    assert!(!matches("cloudtrail:GetTrail", "cloudtrail:GetTrailStatus"));
}
