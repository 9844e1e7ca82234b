//! What of a row is counted: the fields of an event as `measure logs` reads them, in SQL.

use super::place::AthenaLogs;

/// The resource that a data event is about: the first that is no bucket, else the first.
const RESOURCE: &str =
    "coalesce(element_at(filter(resources, r -> r.type <> 'AWS::S3::Bucket'), 1), element_at(resources, 1))";

/// Whether a time is one: a day of the calendar, an hour and a minute.
const IS_TIME: &str = "regexp_like(time, '^[0-9]{4}-[0-9]{2}-[0-9]{2}T([01][0-9]|2[0-3]):[0-5][0-9]') AND try_cast(substr(time, 1, 10) AS date) IS NOT NULL";

/// A subquery's body: one row for each event of the days, with its fields.
pub(super) fn events(logs: &AthenaLogs) -> String {
    let [first, last] = logs.days();
    format!(
        "SELECT
    account,
    region,
    CASE WHEN {IS_TIME} THEN substr(time, 1, 10) ELSE 'unknown' END AS day,
    CASE WHEN {IS_TIME} THEN substr(time, 12, 2) END AS hour,
    category,
    access,
    event_source,
    event_name,
    event_id,
    error_code,
    identity_type,
    CASE
      WHEN regexp_like(identity_arn, '^arn:[^:]*:[^:]*:[^:]*:[^:]*:assumed-role/[^/]*/')
        THEN regexp_extract(identity_arn, '^arn:[^:]*:[^:]*:[^:]*:[^:]*:assumed-role/[^/]*')
      ELSE identity_arn
    END AS identity_arn,
    invoked_by,
    CASE WHEN category = 'data' THEN coalesce(resource_type, '') END AS resource_type,
    CASE
      WHEN category <> 'data' THEN NULL
      WHEN regexp_like(resource_arn, '^arn:[^:]*:s3:::') THEN regexp_extract(resource_arn, '^arn:[^:]*:s3:::[^/]*')
      WHEN regexp_like(resource_arn, '^arn:[^:]*:lambda:[^:]*:[^:]*:function:')
        THEN regexp_extract(resource_arn, '^arn:[^:]*:lambda:[^:]*:[^:]*:function:[^:]*')
      WHEN regexp_like(resource_arn, '^arn:[^:]*:dynamodb:[^:]*:[^:]*:table/')
        THEN regexp_extract(resource_arn, '^arn:[^:]*:dynamodb:[^:]*:[^:]*:table/[^/]*')
      ELSE coalesce(resource_arn, '')
    END AS resource,
    CASE
      WHEN invoked_by IN ('cloudtrail.amazonaws.com', 'delivery.logs.amazonaws.com')
        THEN CASE WHEN event_source = 'kms.amazonaws.com' THEN 'kms' ELSE 'delivery' END
      WHEN category = 'data' AND resource_type = 'AWS::S3::Object' AND regexp_like(resource_arn, '(?s)AWSLogs/(.*/)?CloudTrail')
        THEN 'log_bucket'
    END AS caused_by_logging
  FROM (
    SELECT
      CASE
        WHEN regexp_like(recipientaccountid, '^[0-9]{{12}}$') THEN recipientaccountid
        WHEN regexp_like(accountid, '^[0-9]{{12}}$') THEN accountid
        WHEN regexp_like(useridentity.accountid, '^[0-9]{{12}}$') THEN useridentity.accountid
        ELSE account
      END AS account,
      coalesce(nullif(awsregion, ''), region) AS region,
      coalesce(eventtime, timewindow.windowstart, '') AS time,
      {CATEGORY} AS category,
      CASE lower(readonly) WHEN 'true' THEN 'read' WHEN 'false' THEN 'write' ELSE 'unknown' END AS access,
      coalesce(eventsource, insightdetails.eventsource, '') AS event_source,
      coalesce(eventname, insightdetails.eventname, '') AS event_name,
      lower(nullif(eventid, '')) AS event_id,
      nullif(errorcode, '') AS error_code,
      coalesce(useridentity.type, '') AS identity_type,
      coalesce(useridentity.arn, '') AS identity_arn,
      coalesce(useridentity.invokedby, '') AS invoked_by,
      {RESOURCE}.type AS resource_type,
      coalesce(
        {RESOURCE}.arn,
        {RESOURCE}.arnprefix,
        CASE WHEN {RESOURCE}.type = 'AWS::S3::Object' THEN element_at(filter(resources, r -> r.type = 'AWS::S3::Bucket'), 1).arn END
      ) AS resource_arn
    FROM {table}
    WHERE day BETWEEN '{first}' AND '{last}'
  ) AS fields",
        table = logs.quoted_table(),
    )
}

/// The category, told by other fields where events of before version 1.07 do not have it.
const CATEGORY: &str = "CASE lower(coalesce(eventcategory, ''))
        WHEN 'management' THEN 'management'
        WHEN 'data' THEN 'data'
        WHEN 'networkactivity' THEN 'network_activity'
        WHEN 'insight' THEN 'insight'
        WHEN 'aggregated' THEN 'aggregated'
        WHEN '' THEN CASE
          WHEN eventtype = 'AwsCloudTrailInsight' THEN 'insight'
          WHEN eventtype = 'AwsAggregatedEvent' THEN 'aggregated'
          WHEN eventtype = 'AwsVpceEvent' THEN 'network_activity'
          WHEN lower(managementevent) = 'true' THEN 'management'
          WHEN lower(managementevent) = 'false' THEN 'data'
          WHEN cardinality(filter(resources, r -> r.type = 'AWS::S3::Object')) > 0 THEN 'data'
          WHEN eventname = 'Invoke' AND cardinality(filter(resources, r -> r.type = 'AWS::Lambda::Function')) > 0 THEN 'data'
          ELSE 'management'
        END
        ELSE 'other'
      END";
