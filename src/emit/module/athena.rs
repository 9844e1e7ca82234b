//! The table by which Athena reads log files.

use crate::domain::{
    LOG_TABLE_FOLDERS, LOG_TABLE_INPUT_FORMAT, LOG_TABLE_OUTPUT_FORMAT, LOG_TABLE_PARTITIONS,
    LOG_TABLE_SERDE, log_table_columns,
};
use crate::emit::hcl::{Item, Value, quote, render};

/// Where log files begin, as an expression inside a text.
const FOLDER: &str = "s3://${aws_s3_bucket.logs.id}/${local.athena_folder}";

/// Returns `athena_table.tf`. What Athena puts in for each partition is written with `$${`, which Terraform leaves alone.
pub(super) fn table() -> String {
    let text = |own: &str| Value::text(own);
    let raw = |own: String| Value::raw(own);
    let template: Vec<String> = LOG_TABLE_PARTITIONS.iter().map(|own| format!("$${{{own}}}")).collect();
    let parameters: Vec<(&str, Value)> = vec![
        ("EXTERNAL", text("TRUE")),
        ("projection.enabled", text("true")),
        ("projection.account.type", text("enum")),
        ("projection.account.values", raw("join(\",\", var.athena_account_ids)".to_owned())),
        ("projection.folder.type", text("enum")),
        ("projection.folder.values", text(LOG_TABLE_FOLDERS)),
        ("projection.region.type", text("enum")),
        ("projection.region.values", raw("join(\",\", var.athena_regions)".to_owned())),
        ("projection.day.type", text("date")),
        ("projection.day.format", text("yyyy/MM/dd")),
        ("projection.day.interval", text("1")),
        ("projection.day.interval.unit", text("DAYS")),
        ("projection.day.range", raw("\"${var.athena_first_day},NOW\"".to_owned())),
        ("storage.location.template", raw(format!("\"{FOLDER}{}\"", template.join("/")))),
    ];
    let parameters = parameters.into_iter().map(|(name, value)| Item::set(&quote(name), value)).collect();
    let mut items = vec![
        Item::set("provider", raw("aws.archive".to_owned())),
        Item::set("name", text("log_files")),
        Item::set("database_name", raw("aws_glue_catalog_database.logs.name".to_owned())),
        Item::set("table_type", text("EXTERNAL_TABLE")),
        Item::blank(),
        Item::block("parameters =", parameters),
    ];
    for name in LOG_TABLE_PARTITIONS {
        items.push(Item::block(
            "partition_keys",
            vec![Item::set("name", text(name)), Item::set("type", text("string"))],
        ));
    }
    let mut storage = vec![
        Item::set("location", raw(format!("\"{FOLDER}\""))),
        Item::set("input_format", text(LOG_TABLE_INPUT_FORMAT)),
        Item::set("output_format", text(LOG_TABLE_OUTPUT_FORMAT)),
        Item::block("ser_de_info", vec![Item::set("serialization_library", text(LOG_TABLE_SERDE))]),
    ];
    for (name, kind) in log_table_columns() {
        storage.push(Item::block(
            "columns",
            vec![Item::set("name", text(&name)), Item::set("type", text(&kind))],
        ));
    }
    items.push(Item::block("storage_descriptor", storage));
    render(&[
        Item::comment(
            "The table over the log files. Partitions are worked out from their names: none has to be added.",
        ),
        Item::blank(),
        Item::resource("aws_glue_catalog_table", "logs", items),
    ])
}
