#!/usr/bin/env python3
"""Writes the scenario that the simulation is measured with, and its price table: one month of 20 components, each a volume
given directly as a range, on a usage type of four tiers.

    make_ranges.py DIRECTORY
"""

import sys
from pathlib import Path

COMPONENTS = (
    "management_copies data_events_s3 data_events_lambda data_events_other network_activity insights_management "
    "insights_data aggregation lake_ingestion lake_retention lake_query cloudwatch_delivery s3_storage s3_requests "
    "s3_transitions kms cloudwatch_logs cloudwatch_metrics_alarms sns eventbridge"
).split()

HEADER = (
    "service,region,usage_type,component,unit,tier_begin,tier_end,price_per_unit,currency,sku_price_id,"
    "effective_from,effective_to,source,retrieved_on,confidence,description"
)

SCENARIO = """\
version = 1
name = "A month of 20 components"
start = "2026-01"
months = 1

[[volume]]
account = "111122223333"
region = "us-east-1"
usage = {{ {usage} }}
"""


def main() -> None:
    directory = Path(sys.argv[1])
    (directory / "prices").mkdir(parents=True, exist_ok=True)
    rows, usage = [HEADER], []
    for at, component in enumerate(COMPONENTS):
        name, unit = f"Bench-{at}", "GB" if at % 4 == 0 else "Events"
        for tier, price in enumerate(("0.0000035", "0.0000025", "0.0000015", "0.0000005")):
            begin, end = tier * 10_000_000, "" if tier == 3 else (tier + 1) * 10_000_000
            rows.append(
                f"Bench,us-east-1,{name},{component},{unit},{begin},{end},{price},USD,,2026-01-01,,made up,2026-01-01,A,"
            )
        likely = 5_000_000 + at * 2_000_000
        usage.append(f'"{name}" = {{ low = {likely * 6 // 10}, likely = {likely}, high = {likely * 2} }}')
    (directory / "prices" / "Bench.csv").write_text("\n".join(rows) + "\n")
    (directory / "ranges.toml").write_text(SCENARIO.format(usage=", ".join(usage)))


main()
