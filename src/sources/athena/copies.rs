//! Events delivered more than once: a query of its own, as it has to bring all deliveries of an event together.

use super::columns;
use super::place::AthenaLogs;
use super::query::Query;

/// The query of additional copies by the day, source and name of the delivery.
pub(super) fn copies(logs: &AthenaLogs) -> Query {
    let order = "day, account, region, category, event_source, event_name, access";
    Query {
        name: "count-copies",
        answers: "deliveries of an event beyond its first, by day, source and name",
        parameters: Vec::new(),
        sql: format!(
            "SELECT
  account,
  region,
  day,
  category,
  access,
  event_source,
  event_name,
  count(*) AS copies
FROM (
  SELECT
    *,
    lag(day) OVER (PARTITION BY event_id ORDER BY {order}) AS day_before
  FROM (
  {events}
  ) AS events
  WHERE event_id IS NOT NULL
) AS deliveries
WHERE day = day_before
  OR (
    day <> 'unknown'
    AND day_before <> 'unknown'
    AND date_diff('day', CAST(day_before AS date), CAST(day AS date)) <= 1
  )
GROUP BY account, region, day, category, access, event_source, event_name",
            events = columns::events(logs),
        ),
    }
}
