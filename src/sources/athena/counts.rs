//! Events counted in one scan: every table of the measurement is a grouping set of the same query.

use super::columns;
use super::place::AthenaLogs;
use super::query::Query;

/// The query whose rows are those of the measurement's tables, told apart by their first column.
fn sql(logs: &AthenaLogs) -> String {
    format!(
        "SELECT
  CASE
    WHEN grouping(hour) = 0 THEN 'hours'
    WHEN grouping(event_name) = 0 THEN 'events'
    WHEN grouping(resource) = 0 THEN 'resources'
    WHEN grouping(caused_by_logging) = 0 THEN 'self_logging'
    WHEN grouping(identity_arn) = 0 THEN 'identities'
    ELSE 'errors'
  END AS counted,
  account,
  region,
  day,
  hour,
  category,
  access,
  event_source,
  event_name,
  resource_type,
  resource,
  identity_type,
  identity_arn,
  invoked_by,
  error_code,
  caused_by_logging,
  count(*) AS events,
  count_if(error_code IS NOT NULL) AS errors,
  count_if(access = 'read') AS \"read\",
  count_if(access = 'write') AS \"write\",
  count_if(event_id IS NULL) AS without_event_id
FROM (
  {events}
) AS events
GROUP BY GROUPING SETS (
  (account, region, day, category, event_source, event_name, access),
  (day, hour),
  (account, region, resource_type, resource),
  (account, identity_type, identity_arn, invoked_by),
  (account, event_source, error_code),
  (account, region, caused_by_logging, category)
)",
        events = columns::events(logs),
    )
}

/// The query of all counts but copies.
pub(super) fn events(logs: &AthenaLogs) -> Query {
    Query {
        name: "count-events",
        answers: "events by day, category, source and name; by hour, resource, identity and error; all in one scan",
        parameters: Vec::new(),
        sql: sql(logs),
    }
}
