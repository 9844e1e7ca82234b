//! The least policy under which the table can be made and the counting queries can be run.

use super::place::AthenaLogs;
use serde_json::{Value, json};

/// Where queries run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AthenaPlace {
    /// The Region of Athena and of its data catalogue.
    pub region: String,
    /// The workgroup.
    pub workgroup: String,
    /// The data catalogue.
    pub catalog: String,
    /// Where results go, `s3://…/`; the workgroup's own place if absent.
    pub output: Option<String>,
}

/// Writes the policy as JSON; `output` is where results go.
///
/// Source: Service Authorization Reference, Athena, Glue and S3; Athena user guide, "Example policies" of fine-grained access and
/// of workgroups.
///
/// # Errors
/// Never in practice: there is nothing in it that JSON cannot hold.
pub fn athena_policy_json(
    logs: &AthenaLogs,
    place: &AthenaPlace,
    output: &str,
) -> Result<String, serde_json::Error> {
    let region = &place.region;
    let s3 =
        |place: &str| format!("arn:aws:s3:::{}", place.trim_start_matches("s3://").trim_end_matches('/'));
    let bucket = |place: &str| {
        let rest = place.trim_start_matches("s3://");
        format!("arn:aws:s3:::{}", rest.split('/').next().unwrap_or_default())
    };
    let (database, table) = (logs.database(), logs.table_name());
    let glue = |what: &str| format!("arn:aws:glue:{region}:*:{what}");
    let statement = |sid: &str, actions: &[&str], resources: Vec<String>| -> Value {
        json!({ "Sid": sid, "Effect": "Allow", "Action": actions, "Resource": resources })
    };
    let mut decrypt = statement("EncryptedLogs", &["kms:Decrypt"], vec!["*".to_owned()]);
    decrypt["Condition"] = json!({ "StringLike": { "kms:ViaService": "s3.*.amazonaws.com" } });
    let statements = [
        statement(
            "Queries",
            &[
                "athena:GetQueryExecution",
                "athena:GetQueryResults",
                "athena:GetWorkGroup",
                "athena:StartQueryExecution",
                "athena:StopQueryExecution",
            ],
            vec![format!("arn:aws:athena:{region}:*:workgroup/{}", place.workgroup)],
        ),
        statement(
            "Catalog",
            &["athena:GetTableMetadata"],
            vec![format!("arn:aws:athena:{region}:*:datacatalog/{}", place.catalog)],
        ),
        statement(
            "Table",
            &["glue:CreateTable", "glue:GetDatabase", "glue:GetPartitions", "glue:GetTable"],
            vec![
                glue("catalog"),
                glue(&format!("database/{database}")),
                glue(&format!("table/{database}/{table}")),
            ],
        ),
        statement("LogBucket", &["s3:GetBucketLocation", "s3:ListBucket"], vec![bucket(&logs.folder())]),
        statement("Logs", &["s3:GetObject"], vec![format!("{}/*", s3(&logs.folder()))]),
        decrypt,
        statement("ResultBucket", &["s3:GetBucketLocation", "s3:ListBucket"], vec![bucket(output)]),
        statement(
            "Results",
            &["s3:AbortMultipartUpload", "s3:GetObject", "s3:ListMultipartUploadParts", "s3:PutObject"],
            vec![format!("{}/*", s3(output))],
        ),
    ];
    serde_json::to_string_pretty(&json!({ "Version": "2012-10-17", "Statement": statements }))
}
