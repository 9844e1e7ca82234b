//! Statements of policies that let CloudTrail in, as sources write them.

use super::files::SourceFile;
use super::scope::labels;
use crate::domain::PolicyStatement;
use hcl_edit::structure::Block;

/// The principal that CloudTrail acts as.
const PRINCIPAL: &str = "cloudtrail.amazonaws.com";
/// Condition keys that name the trail or account which CloudTrail acts for, in lower case: IAM takes them in any.
const SOURCES: [&str; 2] = ["aws:sourcearn", "aws:sourceaccount"];
/// Resources that hold a policy as a text.
const HOLDERS: [&str; 4] = ["aws_s3_bucket", "aws_s3_bucket_policy", "aws_kms_key", "aws_kms_key_policy"];

/// Returns the statements of a file that name CloudTrail as the one who may act.
pub(super) fn statements(file: &SourceFile) -> Vec<PolicyStatement> {
    let mut all = Vec::new();
    let documents = file.blocks("data").filter(|own| labels(own).first() == Some(&"aws_iam_policy_document"));
    for own in documents.flat_map(|own| own.body.get_blocks("statement")) {
        all.extend(statement(file, own, 1));
    }
    let holders =
        file.blocks("resource").filter(|own| labels(own).first().is_some_and(|kind| HOLDERS.contains(kind)));
    for own in holders {
        // The text of such a policy may hold several statements: each that names CloudTrail needs a condition.
        let named = code(own).matches(PRINCIPAL).count();
        all.extend(statement(file, own, named));
    }
    all
}

fn statement(file: &SourceFile, own: &Block, named: usize) -> Option<PolicyStatement> {
    let text = code(own).to_lowercase();
    let conditions: usize = SOURCES.iter().map(|key| text.matches(key).count()).sum();
    text.contains(PRINCIPAL)
        .then(|| PolicyStatement { place: file.place(own), names_source: conditions >= named.max(1) })
}

/// Returns a block's text without the lines that are comments.
fn code(own: &Block) -> String {
    let text = own.body.to_string();
    let is_comment = |line: &&str| line.trim_start().starts_with('#') || line.trim_start().starts_with("//");
    text.lines().filter(|line| !is_comment(line)).collect::<Vec<_>>().join("\n")
}
