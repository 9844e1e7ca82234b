//! The table that Athena reads a trail's log files by.
//!
//! Sources: Athena user guide, "Create a table for CloudTrail logs in Athena using partition projection" and "Create a table for
//! an organization-wide trail"; CloudTrail user guide, "CloudTrail record contents" (management, data and network activity
//! events, Insights events for trails, aggregated events).

/// Folders of an account that hold events. Insights, network activity and aggregated events have folders of their own.
pub const LOG_TABLE_FOLDERS: &str =
    "CloudTrail,CloudTrail-Insight,CloudTrail-NetworkActivity,CloudTrail-Aggregated";

/// Columns as the SerDe finds them: names in lower case, whatever their case in the files. What is an object of many shapes
/// stays JSON text; truth values are text, as some records have them in quotes.
pub const LOG_TABLE_COLUMNS: &str = "  eventversion STRING,
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
pub const LOG_TABLE_PARTITIONS: [&str; 4] = ["account", "folder", "region", "day"];

/// The input format, which finds records in log files.
pub const LOG_TABLE_INPUT_FORMAT: &str = "com.amazon.emr.cloudtrail.CloudTrailInputFormat";

/// The output format, which nothing writes by.
pub const LOG_TABLE_OUTPUT_FORMAT: &str = "org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat";

/// The library that takes records apart.
pub const LOG_TABLE_SERDE: &str = "org.apache.hive.hcatalog.data.JsonSerDe";

/// Returns each column's name with its type as the Glue catalog writes it: in small letters, without blanks.
pub fn log_table_columns() -> Vec<(String, String)> {
    let mut columns: Vec<String> = vec![String::new()];
    let mut depth = 0_u32;
    for own in LOG_TABLE_COLUMNS.chars() {
        match own {
            '<' => depth += 1,
            '>' => depth = depth.saturating_sub(1),
            _ => {}
        }
        match (own, depth) {
            (',', 0) => columns.push(String::new()),
            (own, _) => columns.iter_mut().next_back().into_iter().for_each(|text| text.push(own)),
        }
    }
    columns
        .iter()
        .filter_map(|own| own.trim().split_once(' '))
        .map(|(name, kind)| {
            let kind: String = kind.chars().filter(|own| !own.is_whitespace()).collect();
            (name.to_owned(), kind.to_lowercase())
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_taken_apart_outside_of_types() {
        let columns = log_table_columns();
        let of = |name: &str| columns.iter().find(|own| own.0 == name).map(|own| own.1.as_str());
        assert_eq!(of("eventname"), Some("string"));
        assert_eq!(of("timewindow"), Some("struct<windowstart:string,windowend:string>"));
        assert_eq!(
            of("resources"),
            Some("array<struct<arn:string,arnprefix:string,accountid:string,type:string>>")
        );
        assert_eq!(columns.len(), 26);
        assert!(columns.iter().all(|(_, kind)| kind.matches('<').count() == kind.matches('>').count()));
    }
}
