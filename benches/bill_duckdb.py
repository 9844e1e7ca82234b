#!/usr/bin/env python3
"""The sum of benches/bill.sh by DuckDB: quantity and cost of CloudTrail by month, account, Region and usage type.

Usage: bill_duckdb.py FILE | --parquet CSV PARQUET | --same OURS.json THEIRS.json
"""

import json
import os
import sys
from decimal import Decimal

COLUMNS = {
    "period": "bill/BillingPeriodStartDate", "account": "lineItem/UsageAccountId", "region": "product/regionCode",
    "usage_type": "lineItem/UsageType", "quantity": "lineItem/UsageAmount", "cost": "lineItem/UnblendedCost",
    "code": "lineItem/ProductCode", "kind": "lineItem/LineItemType",
}


def query(source, snake):
    column = {name: '"' + (own.replace("/", "_") if snake else own) + '"' for name, own in COLUMNS.items()}
    return f"""SELECT substr({column['period']}, 1, 7), {column['account']}, {column['region']}, {column['usage_type']},
        SUM(CAST({column['quantity']} AS DOUBLE)), SUM(CAST({column['cost']} AS DOUBLE))
        FROM {source} WHERE {column['code']} = 'AWSCloudTrail' AND {column['kind']} = 'Usage' GROUP BY 1, 2, 3, 4"""


def connect():
    import duckdb

    connection = duckdb.connect()
    connection.execute(f"SET threads = {len(os.sched_getaffinity(0))}")
    return connection


def reader(file):
    return f"read_csv('{file}', all_varchar = true, header = true)"


def total(file):
    parquet = file.endswith(".parquet")
    rows = connect().execute(query(f"read_parquet('{file}')" if parquet else reader(file), False)).fetchall()
    print(json.dumps(rows))


def same(ours, theirs):
    """Every key must be there on both sides; DuckDB adds doubles, so sums may differ in the last digits."""
    bare = lambda usage_type: usage_type.split("-", 1)[-1]
    left = {
        (line["month"], line["account"], line["region"], line["usage_type"]): (Decimal(line["quantity"]), Decimal(line["billed_cost"]))
        for line in json.load(open(ours))["lines"] if line["category"] == "usage" and line["service"] == "AWSCloudTrail"
    }
    right = {(m, a, r, bare(t)): (Decimal(q), Decimal(c)) for m, a, r, t, q, c in json.load(open(theirs))}
    assert left.keys() == right.keys(), sorted(left.keys() ^ right.keys())[:5]
    assert len(left) > 100, len(left)
    for key, figures in left.items():
        for own, other in zip(figures, right[key]):
            assert abs(own - other) <= Decimal("1e-9") * max(abs(own), 1), (key, own, other)


if sys.argv[1] == "--parquet":
    connect().execute(f"COPY (SELECT * FROM {reader(sys.argv[2])}) TO '{sys.argv[3]}' (FORMAT parquet, COMPRESSION snappy)")
elif sys.argv[1] == "--same":
    same(sys.argv[2], sys.argv[3])
else:
    total(sys.argv[1])
