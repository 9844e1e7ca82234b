#!/usr/bin/env python3
"""Checks what `trailcost measure athena --print-sql` prints, as far as that goes without Athena.

Usage: check.py TRAILCOST MAKE_LOGS

The statements must parse in sqlglot's dialect of Athena, with no function that sqlglot does not know. DuckDB runs them, transpiled,
over a generated archive that is read as the table's SerDe reads it (names in lower case, columns by name, objects as JSON text
where the column is text); what they count must be what `trailcost measure logs` counts. DuckDB is not Athena: partition
projection is done here, from the table's own properties.
"""

import gzip
import json
import os
import re
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

import duckdb
import sqlglot
from endpoint import Endpoint
from sqlglot import exp

ACCOUNTS = [f"1111222233{at:02}" for at in range(10)]
REGIONS = ["us-east-1", "eu-west-1", "eu-central-1", "ap-southeast-2"]


def run(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def parsed(sql):
    """The statement's tree; a function that sqlglot passes through unknown would be a silent hole in the check."""
    tree = sqlglot.parse_one(sql, read="athena")
    unknown = {node.name for node in tree.find_all(exp.Anonymous)}
    assert not unknown, f"not known to sqlglot: {unknown}"
    assert not isinstance(tree, exp.Command), f"not parsed: {sql[:80]}"
    return tree


def columns(create):
    """Columns and partition columns with their types, from the table's own statement."""
    partitioned = create.find(exp.PartitionedByProperty)
    partitions = [own.name for own in partitioned.this.expressions]
    kept = {own.name: own.args["kind"] for own in create.this.expressions if own.name not in partitions}
    return kept, partitions


def as_column(value, kind):
    """A JSON value as the SerDe makes it a column's."""
    if value is None:
        return None
    if kind.this == exp.DataType.Type.ARRAY:
        return [as_column(own, kind.expressions[0]) for own in value] if isinstance(value, list) else None
    if kind.this == exp.DataType.Type.STRUCT:
        if not isinstance(value, dict):
            return None
        lower = {key.lower(): own for key, own in value.items()}
        return {own.name: as_column(lower.get(own.name.lower()), own.args["kind"]) for own in kind.expressions}
    return value if isinstance(value, str) else json.dumps(value)


def rows(archive, create):
    """Every record below the folders that the table's partitions stand for."""
    kept, _ = columns(create)
    properties = {own.name: own.args["value"].name for own in create.find_all(exp.Property) if isinstance(own.args.get("value"), exp.Literal)}
    template = properties["storage.location.template"]
    below = template.removeprefix("s3://audit-logs/")
    pattern = re.escape(below).replace(re.escape("${day}"), r"(?P<day>\d{4}/\d{2}/\d{2})")
    for name in ["account", "folder", "region"]:
        values = "|".join(map(re.escape, properties[f"projection.{name}.values"].split(",")))
        pattern = pattern.replace(re.escape("${" + name + "}"), f"(?P<{name}>{values})")
    for path in sorted(Path(archive).rglob("*")):
        place = re.fullmatch(pattern, path.parent.relative_to(archive).as_posix()) if path.is_file() else None
        if place is None:
            continue
        for record in json.loads(gzip.decompress(path.read_bytes()))["Records"]:
            lower = {key.lower(): value for key, value in record.items()}
            row = {name: as_column(lower.get(name), kind) for name, kind in kept.items()}
            yield row | place.groupdict()


def load(connection, archive, create, scratch):
    kept, partitions = columns(create)
    file = Path(scratch) / "rows.json"
    with file.open("w") as out:
        for row in rows(archive, create):
            out.write(json.dumps(row) + "\n")
    types = {name: kind.sql("duckdb") for name, kind in kept.items()} | dict.fromkeys(partitions, "TEXT")
    shape = ", ".join(f"'{name}': '{kind}'" for name, kind in types.items())
    connection.execute("CREATE SCHEMA audit")
    connection.execute(f"CREATE TABLE audit.logs AS SELECT * FROM read_json('{file}', format = 'newline_delimited', columns = {{{shape}}})")
    return connection.execute("SELECT count(*) FROM audit.logs").fetchone()[0]


def answers(connection, query, parameters=()):
    cursor = connection.execute(parsed(query["sql"]).sql("duckdb"), list(parameters))
    names = [own[0] for own in cursor.description]
    return [dict(zip(names, row)) for row in cursor.fetchall()]


def compare(what, ours, theirs):
    assert ours, f"nothing to compare in {what}"
    different = [(key, ours.get(key), theirs.get(key)) for key in ours.keys() | theirs.keys() if ours.get(key) != theirs.get(key)]
    assert not different, f"{what}: {len(different)} differ, such as {different[:4]}"
    print(f"{what}: {len(ours)} rows agree")


def table_of(rows, key, counts):
    return {tuple(row[name] for name in key): tuple(row[name] for name in counts) for row in rows if any(row[name] for name in counts)}


def summed(rows, key, counts):
    """Rows with the same key as one."""
    sums = {}
    for row in rows:
        own = sums.setdefault(tuple(row[name] for name in key), dict(zip(key, (row[name] for name in key))) | dict.fromkeys(counts, 0))
        for name in counts:
            own[name] += row[name]
    return list(sums.values())


def counted(measured, all_rows, copies):
    """The tables of `measure logs` against the rows of the queries that count."""
    of = lambda name: [row for row in all_rows if row["counted"] == name]
    for row in of("events") + copies:
        row["service"] = {"kms.amazonaws.com": "kms", "rdsdata.amazonaws.com": "rds_data"}.get(row["event_source"], "other")
    for name, key in {
        "days": ["account", "region", "day", "category", "access", "service"],
        "events": ["account", "region", "category", "event_source", "event_name", "access"],
    }.items():
        counts = ["events", "errors"]
        compare(name, table_of(measured[name], key, counts), table_of(summed(of("events"), key, counts), key, counts))
        compare(f"copies by {name}", table_of(measured[name], key, ["copies"]), table_of(summed(copies, key, ["copies"]), key, ["copies"]))
    without = sum(row["without_event_id"] for row in of("events"))
    assert without == measured["totals"]["without_event_id"], (without, measured["totals"])
    resource = ["account", "region", "resource_type", "resource"]
    compare(
        "resources",
        table_of(measured["resources"], resource, ["read", "write"]),
        table_of([row for row in of("resources") if row["resource_type"] is not None], resource, ["read", "write"]),
    )
    compare(
        "identities",
        table_of(measured["identities"], ["account", "type", "arn", "invoked_by"], ["events"]),
        table_of(of("identities"), ["account", "identity_type", "identity_arn", "invoked_by"], ["events"]),
    )
    compare(
        "errors",
        table_of(measured["errors"], ["account", "event_source", "error_code"], ["events"]),
        table_of([row for row in of("errors") if row["error_code"]], ["account", "event_source", "error_code"], ["events"]),
    )
    caused = ["account", "region", "kind", "category"]
    for row in of("self_logging"):
        row["kind"] = row["caused_by_logging"]
    compare(
        "caused by the logs",
        table_of(measured["self_logging"], caused, ["events"]),
        table_of([row for row in of("self_logging") if row["kind"]], caused, ["events"]),
    )
    compare(
        "hours",
        table_of(measured["hours"], ["day", "hour"], ["events"]),
        {(row["day"], int(row["hour"])): (row["events"],) for row in of("hours") if row["hour"]},
    )


# What Athena does not tell, wherever it stands in the document.
UNTOLD = {
    "bytes", "digest_files", "empty", "repeated", "repeated_events", "raw_bytes", "gzip_files", "gzip_stored_bytes", "gzip_raw_bytes",
    "gzip_ratio", "shared", "unreadable", "skipped", "slots", "files_by_day", "trail_folders", "copies_same_folder", "causes", "gaps",
    "regions",
}  # fmt: skip


def told(value):
    """A document without what Athena does not tell, and with its rows in one order."""
    if isinstance(value, dict):
        return {key: told(own) for key, own in value.items() if key not in UNTOLD}
    if isinstance(value, list):
        return sorted((told(own) for own in value), key=lambda own: json.dumps(own, sort_keys=True))
    return value


def measured_live(trailcost, archive, measured, scratch):
    """`measure athena` against an endpoint that DuckDB answers: the same document as `measure logs`, but for what is not told."""
    connection = duckdb.connect()

    def ask(statement):
        cursor = connection.cursor().execute(parsed(statement).sql("duckdb"))
        return [own[0] for own in cursor.description], [list(row) for row in cursor.fetchall()]

    endpoint = Endpoint(Path(archive), lambda statement: load(connection, archive, parsed(statement), scratch), ask)
    environment = {key: own for key, own in os.environ.items() if not key.startswith("AWS_")} | {
        "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_EC2_METADATA_DISABLED": "true", "HOME": str(scratch),
    }  # fmt: skip
    done = subprocess.run(
        [
            trailcost, "measure", "athena", "--logs", "s3://audit-logs", "--account", ",".join(ACCOUNTS), "--region", ",".join(REGIONS),
            "--from", "2026-10-01", "--until", "2026-11-30", "--database", "audit", "--table", "logs", "--athena-region", "us-east-1",
            "--output", "s3://results/", "--endpoint-url", endpoint.url, "--yes", "--format", "json",
        ],
        capture_output=True, text=True, env=environment,
    )  # fmt: skip
    endpoint.close()
    assert done.returncode == 0, done.stderr
    found, expected = told(json.loads(done.stdout)), told(measured)
    for key in expected:
        assert found[key] == expected[key], f"measure athena: {key}: {found[key]} for {expected[key]}"
    print(f"measure athena says what measure logs says: {', '.join(expected)}")


def investigated(connection, queries, records):
    """Each question's answer against the same question put to the records themselves."""
    instance = next(r["requestParameters"]["instancesSet"]["items"][0]["instanceId"] for r in records if r["eventName"] == "TerminateInstances")
    read = next(r["resources"][0]["ARN"] for r in records if r["eventName"] == "GetObject" and r["eventCategory"] == "Data")
    policy = set(re.findall(r"'(\w+)'", queries["policy-changes"]["sql"].split("eventname IN")[1]))
    groups = set(re.findall(r"'(\w+)'", queries["security-group-changes"]["sql"].split("eventname IN")[1]))
    public = set(re.findall(r"'(\w+)'", queries["public-access-changes"]["sql"].split("eventname IN")[1]))
    changes = set(re.findall(r"'(\w+)'", queries["recording-changes"]["sql"].split("eventname IN")[1]))
    login = lambda r: r.get("eventName") == "ConsoleLogin"
    no_factor = lambda r: login(r) and r["additionalEventData"]["MFAUsed"] == "No" and r["responseElements"]["ConsoleLogin"] == "Success"
    asked = set()
    for name, parameters, wanted in [
        ("who-deleted-instance", [instance], lambda r: r.get("eventName") == "TerminateInstances" and instance in json.dumps(r["requestParameters"])),
        ("root-logins", [], lambda r: login(r) and r["userIdentity"]["type"] == "Root"),
        ("policy-changes", [], lambda r: r.get("eventName") in policy),
        ("security-group-changes", [], lambda r: r.get("eventName") in groups),
        ("public-access-changes", [], lambda r: r.get("eventName") in public and r["eventSource"] == "s3.amazonaws.com"),
        ("recording-changes", [], lambda r: r.get("eventName") in changes and r["eventSource"] == "cloudtrail.amazonaws.com"),
        ("who-read-object", [read], lambda r: r.get("eventName") == "GetObject" and any(own.get("ARN") == read for own in r.get("resources") or [])),
        ("console-logins-without-mfa", [], no_factor),
    ]:
        expected = Counter((r["eventTime"], r["eventName"]) for r in records if wanted(r))
        found = Counter((row["eventtime"], row["eventname"]) for row in answers(connection, queries[name], parameters))
        compare(name, expected, found)
        asked.add(name)
    assert asked | {"count-events", "count-copies"} == queries.keys(), queries.keys()


def main(trailcost, make_logs):
    with tempfile.TemporaryDirectory() as scratch:
        archive = Path(scratch) / "archive"
        run(make_logs, "table", str(archive))
        printed = json.loads(run(
            trailcost, "measure", "athena", "--print-sql", "--logs", "s3://audit-logs", "--account", ",".join(ACCOUNTS),
            "--region", ",".join(REGIONS), "--from", "2026-10-01", "--until", "2026-11-30", "--database", "audit", "--table", "logs",
            "--stored", "40 GiB", "--athena-region", "us-east-1", "--format", "json",
        ))  # fmt: skip
        create = parsed(printed["table"])
        queries = {query["name"]: query for query in printed["queries"]}
        for query in queries.values():
            assert query["cost"] == "0.1953125", query  # 40 GiB of a TB at $5
            assert query["billed_bytes"] == 40 << 30, query
        organization = run(
            trailcost, "measure", "athena", "--print-sql", "--logs", "s3://audit-logs/all", "--organization", "o-exampleorgid",
            "--account", "111122223333", "--region", "us-east-1", "--from", "2026-10-01", "--until", "2026-10-31", "--format", "json",
        )  # fmt: skip
        parsed(json.loads(organization)["table"])
        assert "'s3://audit-logs/all/AWSLogs/o-exampleorgid/${account}/${folder}/${region}/${day}'" in json.loads(organization)["table"]
        measured = json.loads(run(trailcost, "measure", "logs", str(archive), "--format", "json"))
        connection = duckdb.connect()
        loaded = load(connection, archive, create, scratch)
        assert loaded == measured["totals"]["events"], (loaded, measured["totals"])
        counted(measured, answers(connection, queries["count-events"]), answers(connection, queries["count-copies"]))
        records = [
            record
            for path in archive.rglob("*.json.gz")
            if "/CloudTrail/" in path.as_posix()
            for record in json.loads(gzip.decompress(path.read_bytes()))["Records"]
        ]
        investigated(connection, queries, records)
        measured_live(trailcost, archive, measured, scratch)
        print(f"{loaded} events, {len(queries)} queries")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
