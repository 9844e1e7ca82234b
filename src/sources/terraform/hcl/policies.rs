//! Statements of policies that let CloudTrail or everybody in, as sources write them.

use super::files::SourceFile;
use super::scope::labels;
use crate::domain::{OpenStatement, PolicyStatement};
use hcl_edit::structure::Block;

/// What is in the name of an operator that holds for everything but its values.
const NEGATED: &str = "not";

/// The principal that CloudTrail acts as.
const PRINCIPAL: &str = "cloudtrail.amazonaws.com";
/// Condition keys that name the trail or account which CloudTrail acts for, in lower case: IAM takes them in any.
const SOURCES: [&str; 2] = ["aws:sourcearn", "aws:sourceaccount"];
/// Resources that hold a policy as a text.
const HOLDERS: [&str; 4] = ["aws_s3_bucket", "aws_s3_bucket_policy", "aws_kms_key", "aws_kms_key_policy"];

/// Returns the statements of a file that name CloudTrail as the one who may act.
pub(super) fn statements(file: &SourceFile) -> Vec<PolicyStatement> {
    let mut all = Vec::new();
    for own in documents(file).flat_map(|own| own.body.get_blocks("statement")) {
        all.extend(statement(file, own, 1));
    }
    for own in holders(file) {
        // The text of such a policy may hold several statements: each that names CloudTrail needs a condition.
        let named = code(own).matches(PRINCIPAL).count();
        all.extend(statement(file, own, named));
    }
    all
}

/// Returns the statements of a file that let everybody in: an asterisk as the principal, and no condition.
pub(super) fn open_statements(file: &SourceFile) -> Vec<OpenStatement> {
    let mut all = Vec::new();
    // A document is known to be of a log bucket or its key where it names CloudTrail too.
    for own in documents(file).filter(|own| code(own).contains(PRINCIPAL)) {
        let open = own.body.get_blocks("statement").filter(|own| is_open_block(own));
        all.extend(open.map(|own| OpenStatement { place: file.place(own), of: String::new() }));
    }
    for own in holders(file) {
        let text = code(own).to_lowercase();
        if has_open_object(&text) {
            all.push(OpenStatement { place: file.place(own), of: held_by(own) });
        }
    }
    all
}

fn documents(file: &SourceFile) -> impl Iterator<Item = &Block> {
    file.blocks("data").filter(|own| labels(own).first() == Some(&"aws_iam_policy_document"))
}

fn holders(file: &SourceFile) -> impl Iterator<Item = &Block> {
    file.blocks("resource").filter(|own| labels(own).first().is_some_and(|kind| HOLDERS.contains(kind)))
}

/// Returns what a policy is of: what its resource refers to, or the resource itself.
fn held_by(own: &Block) -> String {
    let referred = ["bucket", "key_id"].iter().find_map(|key| own.body.get_attribute(key));
    let own_address = labels(own).join(".");
    match referred {
        Some(to) if labels(own).first().is_some_and(|kind| kind.ends_with("_policy")) => {
            to.value.to_string().trim().to_owned()
        }
        _ => own_address,
    }
}

fn statement(file: &SourceFile, own: &Block, named: usize) -> Option<PolicyStatement> {
    let text = code(own).to_lowercase();
    text.contains(PRINCIPAL).then(|| {
        let blocks: Vec<&Block> = own.body.get_blocks("condition").collect();
        let conditions = if blocks.is_empty() {
            SOURCES.iter().flat_map(|key| values(&text, key)).filter(|own| names_one(own)).count()
        } else {
            blocks.into_iter().filter(|own| is_condition(own)).count()
        };
        PolicyStatement { place: file.place(own), names_source: conditions >= named.max(1) }
    })
}

/// Tells whether a condition block names trails or accounts.
fn is_condition(own: &Block) -> bool {
    let text = code(own).to_lowercase();
    let wanted = own.body.get_attribute("values").map(|own| own.value.to_string().to_lowercase());
    let operator = own.body.get_attribute("test").map(|own| own.value.to_string().to_lowercase());
    SOURCES.iter().any(|key| text.contains(key))
        && wanted.is_none_or(|own| names_one(&own))
        && !operator.is_some_and(|own| own.contains(NEGATED))
}

/// Returns the operator under which a place of a policy's text stands, such as `stringequals`.
fn operator_of(text: &str, at: usize) -> &str {
    let before =
        text[..object_start(text, at).unwrap_or(0)].trim_end_matches([' ', '=', ':', '"', '\t', '\n', '(']);
    before.rsplit(|own: char| !own.is_ascii_alphanumeric()).next().unwrap_or_default()
}

/// Returns the values of a key in a policy's text, what stands behind its `=` or `:`; none that an operator negates.
fn values<'t>(text: &'t str, key: &'t str) -> impl Iterator<Item = &'t str> {
    let holds = |at: &usize| !operator_of(text, *at).contains(NEGATED);
    let places = text.match_indices(key).map(|(at, _)| at);
    places.filter(move |at| holds(at)).map(move |at| value_behind(&text[at + key.len()..]))
}

/// Returns the value behind a key, whose own closing quote may stand first.
fn value_behind(rest: &str) -> &str {
    let rest = rest.strip_prefix('"').unwrap_or(rest).trim_start_matches([' ', '=', ':', '\t']);
    &rest[..value_end(rest)]
}

/// Returns where a value ends: at a comma, a line's end or a bracket that closes what is around it.
fn value_end(text: &str) -> usize {
    let (mut quoted, mut depth) = (false, 0_usize);
    for (at, own) in text.char_indices() {
        match own {
            '"' => quoted = !quoted,
            _ if quoted => {}
            '[' | '{' | '(' => depth += 1,
            ']' | '}' | ')' | ',' | '\n' if depth == 0 => return at,
            ']' | '}' | ')' => depth -= 1,
            _ => {}
        }
    }
    text.len()
}

/// Tells whether a value names a trail or an account: no literal in it leaves the account open. What is no literal does.
fn names_one(value: &str) -> bool {
    let literals: Vec<&str> = value.split('"').skip(1).step_by(2).collect();
    literals.iter().all(|own| match own.strip_prefix("arn:") {
        // After `arn:` come the partition, the service, the Region and the account.
        Some(rest) => rest.split(':').nth(3).is_some_and(|account| !account.contains(['*', '?'])),
        None => !own.contains(['*', '?']),
    })
}

/// Tells whether a statement block lets everybody in.
fn is_open_block(own: &Block) -> bool {
    let text = |own: &Block, key: &str| own.body.get_attribute(key).map(|own| own.value.to_string());
    let allows = text(own, "effect").is_none_or(|own| own.contains("Allow"));
    let everybody = |own: &Block| text(own, "identifiers").is_some_and(|own| own.contains("\"*\""));
    allows && !own.body.has_blocks("condition") && own.body.get_blocks("principals").any(everybody)
}

/// Tells whether a policy's text, in lower case, has a statement that lets everybody in.
fn has_open_object(text: &str) -> bool {
    text.match_indices("principal").any(|(at, key)| {
        if text[..at].ends_with("not") {
            return false;
        }
        let everybody = value_behind(&text[at + key.len()..]).contains("\"*\"");
        let own = object_around(text, at);
        everybody && own.contains("allow") && !own.contains("condition")
    })
}

/// Returns where the brace stands that opens the innermost object that a place of a text is in.
fn object_start(text: &str, at: usize) -> Option<usize> {
    let mut depth = 0_usize;
    text[..at].char_indices().rev().find_map(|(position, own)| {
        match own {
            '}' => depth += 1,
            '{' if depth == 0 => return Some(position),
            '{' => depth -= 1,
            _ => {}
        }
        None
    })
}

/// Returns the innermost object that a place of a text is in.
fn object_around(text: &str, at: usize) -> &str {
    let rest = &text[object_start(text, at).map_or(0, |own| own + 1)..];
    let mut depth = 0_usize;
    for (position, own) in rest.char_indices() {
        match own {
            '{' => depth += 1,
            '}' if depth == 0 => return &rest[..position],
            '}' => depth -= 1,
            _ => {}
        }
    }
    rest
}

/// Returns a block's text without the lines that are comments.
fn code(own: &Block) -> String {
    let text = own.body.to_string();
    let is_comment = |line: &&str| line.trim_start().starts_with('#') || line.trim_start().starts_with("//");
    text.lines().filter(|line| !is_comment(line)).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_names_an_account_or_it_does_not() {
        for (value, expected) in [
            ("local.trail_arn", true),
            ("\"*\"", false),
            ("\"arn:aws:cloudtrail:*:*:trail/*\"", false),
            ("\"arn:aws:cloudtrail:*:111122223333:trail/*\"", true),
            ("\"arn:${data.p.partition}:cloudtrail:*:${var.account}:trail/*\"", true),
            ("[aws_cloudtrail.main.arn, \"*\"]", false),
            ("\"1111*\"", false),
            ("\"111122223333\"", true),
        ] {
            assert_eq!(names_one(value), expected, "{value}");
        }
        let text = "condition = { stringlike = { \"aws:sourcearn\" = \"${x.y}\", \"a\" = \"*\" } }";
        assert_eq!(values(text, "aws:sourcearn").collect::<Vec<_>>(), ["\"${x.y}\""]);
        let text = "condition = { stringnotequals = { \"aws:sourcearn\" = local.arn } }";
        assert_eq!(values(text, "aws:sourcearn").count(), 0);
        let text = "\"condition\": { \"arnlike\": { \"a\": \"b\", \"aws:sourcearn\": \"arn:x\" } }";
        assert_eq!(values(text, "aws:sourcearn").count(), 1);
    }

    #[test]
    fn a_statement_for_everybody_is_found_where_it_allows_without_a_condition() {
        for (text, expected) in [
            ("statement = [{ effect = \"allow\", principal = \"*\", action = \"s3:*\" }]", true),
            ("statement = [{ effect = \"allow\", principal = { aws = \"*\" }, action = \"s3:*\" }]", true),
            ("\"effect\": \"allow\", \"principal\": {\"aws\": \"*\"}", true),
            (
                "statement = [{ effect = \"deny\", principal = \"*\" }, { effect = \"allow\", principal = { service = \"x\" } }]",
                false,
            ),
            ("statement = [{ effect = \"allow\", principal = \"*\", condition = { bool = {} } }]", false),
            ("statement = [{ effect = \"allow\", notprincipal = \"*\" }]", false),
        ] {
            assert_eq!(has_open_object(text), expected, "{text}");
        }
    }
}
