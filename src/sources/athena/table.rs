//! The table over the log files.
//!
//! Sources: Athena user guide, "Create a table for CloudTrail logs in Athena using partition projection" and "Create a table for
//! an organization-wide trail"; CloudTrail user guide, "CloudTrail record contents" (management, data and network activity
//! events, Insights events for trails, aggregated events).

use super::place::AthenaLogs;
use crate::domain::{
    LOG_TABLE_COLUMNS as COLUMNS, LOG_TABLE_FOLDERS as FOLDERS, LOG_TABLE_INPUT_FORMAT,
    LOG_TABLE_OUTPUT_FORMAT, LOG_TABLE_SERDE,
};

/// Where the files of a partition lie below a folder.
pub(super) fn location_template(folder: &str) -> String {
    format!("{folder}${{account}}/${{folder}}/${{region}}/${{day}}")
}

/// The statement that makes the table.
pub(super) fn create(logs: &AthenaLogs) -> String {
    let [first, _] = logs.days();
    let folder = logs.folder();
    format!(
        "CREATE EXTERNAL TABLE IF NOT EXISTS {table} (
{COLUMNS}
)
PARTITIONED BY (account STRING, folder STRING, region STRING, day STRING)
ROW FORMAT SERDE '{LOG_TABLE_SERDE}'
STORED AS INPUTFORMAT '{LOG_TABLE_INPUT_FORMAT}'
OUTPUTFORMAT '{LOG_TABLE_OUTPUT_FORMAT}'
LOCATION '{folder}'
TBLPROPERTIES (
  'projection.enabled' = 'true',
  'projection.account.type' = 'enum',
  'projection.account.values' = '{accounts}',
  'projection.folder.type' = 'enum',
  'projection.folder.values' = '{FOLDERS}',
  'projection.region.type' = 'enum',
  'projection.region.values' = '{regions}',
  'projection.day.type' = 'date',
  'projection.day.format' = 'yyyy/MM/dd',
  'projection.day.interval' = '1',
  'projection.day.interval.unit' = 'DAYS',
  'projection.day.range' = '{first},NOW',
  'storage.location.template' = '{template}'
)",
        table = logs.table_in_ddl(),
        template = location_template(&folder),
        accounts = logs.accounts(),
        regions = logs.regions(),
    )
}
