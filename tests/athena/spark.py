#!/usr/bin/env python3
"""Runs the counting queries of `trailcost measure athena --print-sql` on Spark, over the archive of check.py.

Usage: spark.py TRAILCOST MAKE_LOGS

Spark reads the files itself, with the columns of the table's own statement, and takes the partitions from the paths. sqlglot
translates the statements from Athena's dialect to Spark's. What they count must be what `trailcost measure logs` counts.
"""

import json
import os
import sys
import tempfile
from pathlib import Path

import sqlglot
from check import ACCOUNTS, REGIONS, columns, counted, parsed, rows, run


def main(trailcost, make_logs):
    os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
    from pyspark.sql import SparkSession

    with tempfile.TemporaryDirectory() as scratch:
        archive = Path(scratch) / "archive"
        run(make_logs, "table", str(archive))
        printed = json.loads(run(
            trailcost, "measure", "athena", "--print-sql", "--logs", "s3://audit-logs", "--account", ",".join(ACCOUNTS),
            "--region", ",".join(REGIONS), "--from", "2026-10-01", "--until", "2026-11-30", "--database", "audit", "--table", "logs",
            "--format", "json",
        ))  # fmt: skip
        measured = json.loads(run(trailcost, "measure", "logs", str(archive), "--format", "json"))
        spark = (
            SparkSession.builder.master("local[2]")
            .config("spark.ui.enabled", "false")
            .config("spark.driver.bindAddress", "127.0.0.1")
            .config("spark.driver.host", "127.0.0.1")
            .config("spark.sql.shuffle.partitions", "4")
            .config("spark.sql.warehouse.dir", str(Path(scratch) / "warehouse"))
            .config("spark.sql.session.timeZone", "UTC")
            .getOrCreate()
        )
        spark.sparkContext.setLogLevel("ERROR")
        create = parsed(printed["table"])
        kept, partitions = columns(create)
        file = Path(scratch) / "rows.json"
        with file.open("w") as out:
            for row in rows(archive, create):
                out.write(json.dumps(row) + "\n")
        types = {name: kind.sql("spark") for name, kind in kept.items()} | dict.fromkeys(partitions, "STRING")
        shape = ", ".join(f"`{name}` {kind}" for name, kind in types.items())
        spark.sql("CREATE DATABASE audit")
        spark.read.schema(shape).json(str(file)).write.saveAsTable("audit.logs")
        queries = {query["name"]: query for query in printed["queries"]}

        def answers(name):
            translated = sqlglot.transpile(queries[name]["sql"], read="athena", write="spark")[0]
            return [row.asDict() for row in spark.sql(translated).collect()]

        counted(measured, answers("count-events"), answers("count-copies"))
        spark.stop()
        print(f"Spark counts {measured['totals']['events']} events as `measure logs` does")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
