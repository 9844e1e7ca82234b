//! The table over the log files.
//!
//! Sources: Athena user guide, "Create a table for CloudTrail logs in Athena using partition projection" and "Create a table for
//! an organization-wide trail"; CloudTrail user guide, "CloudTrail record contents" (management, data and network activity
//! events, Insights events for trails, aggregated events).

use super::place::AthenaLogs;

/// Folders of an account that hold events. Insights, network activity and aggregated events have folders of their own.
pub(super) const FOLDERS: &str =
    "CloudTrail,CloudTrail-Insight,CloudTrail-NetworkActivity,CloudTrail-Aggregated";

/// Columns as the SerDe finds them: names in lower case, whatever their case in the files. What is an object of many shapes
/// stays JSON text; truth values are text, as some records have them in quotes.
pub(super) const COLUMNS: &str = "  eventversion STRING,
  useridentity STRUCT<
    type: STRING,
    principalid: STRING,
    arn: STRING,
    accountid: STRING,
    invokedby: STRING,
    accesskeyid: STRING,
    username: STRING,
    sessioncontext: STRUCT<
      attributes: STRUCT<mfaauthenticated: STRING, creationdate: STRING>,
      sessionissuer: STRUCT<type: STRING, principalid: STRING, arn: STRING, accountid: STRING, username: STRING>>>,
  eventtime STRING,
  eventsource STRING,
  eventname STRING,
  awsregion STRING,
  sourceipaddress STRING,
  useragent STRING,
  errorcode STRING,
  errormessage STRING,
  requestparameters STRING,
  responseelements STRING,
  additionaleventdata STRING,
  requestid STRING,
  eventid STRING,
  readonly STRING,
  resources ARRAY<STRUCT<arn: STRING, arnprefix: STRING, accountid: STRING, type: STRING>>,
  eventtype STRING,
  managementevent STRING,
  recipientaccountid STRING,
  accountid STRING,
  sharedeventid STRING,
  vpcendpointid STRING,
  eventcategory STRING,
  timewindow STRUCT<windowstart: STRING, windowend: STRING>,
  insightdetails STRUCT<state: STRING, eventsource: STRING, eventname: STRING, insighttype: STRING>";

/// The columns of the partitions.
pub(super) const PARTITIONS: [&str; 4] = ["account", "folder", "region", "day"];

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
ROW FORMAT SERDE 'org.apache.hive.hcatalog.data.JsonSerDe'
STORED AS INPUTFORMAT 'com.amazon.emr.cloudtrail.CloudTrailInputFormat'
OUTPUTFORMAT 'org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat'
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
