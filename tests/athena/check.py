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
import re
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

import duckdb
import sqlglot
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


def counted(measured, connection, queries):
    """The tables of `measure logs` against the rows of the query that counts."""
    all_rows = answers(connection, queries["count-events"])
    of = lambda name: [row for row in all_rows if row["counted"] == name]
    keys = {
        "days": (["account", "region", "day", "category", "access", "service"], ["events", "errors"]),
        "events": (["account", "region", "category", "event_source", "event_name", "access"], ["events", "errors"]),
    }
    for name, (key, counts) in keys.items():
        compare(name, table_of(measured[name], key, counts), table_of(of(name), key, counts))
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
    compare(
        "hours",
        table_of(measured["hours"], ["day", "hour"], ["events"]),
        {(row["day"], int(row["hour"])): (row["events"],) for row in of("hours") if row["hour"]},
    )
    copies = answers(connection, queries["count-copies"])
    for name, (key, _) in keys.items():
        compare(
            f"copies by {name}",
            table_of(measured[name], key, ["copies"]),
            table_of([row for row in copies if row["counted"] == name], key, ["copies"]),
        )


def investigated(connection, queries, records):
    """Each question's answer against the same question put to the records themselves."""
    instance = next(r["requestParameters"]["instancesSet"]["items"][0]["instanceId"] for r in records if r["eventName"] == "TerminateInstances")
    read = next(r["resources"][0]["ARN"] for r in records if r["eventName"] == "GetObject" and r["eventCategory"] == "Data")
    policy = set(re.findall(r"'(\w+)'", queries["policy-changes"]["sql"].split("eventname IN")[1]))
    groups = set(re.findall(r"'(\w+)'", queries["security-group-changes"]["sql"].split("eventname IN")[1]))
    login = lambda r: r.get("eventName") == "ConsoleLogin"
    no_factor = lambda r: login(r) and r["additionalEventData"]["MFAUsed"] == "No" and r["responseElements"]["ConsoleLogin"] == "Success"
    for name, parameters, wanted in [
        ("who-deleted-instance", [instance], lambda r: r.get("eventName") == "TerminateInstances" and instance in json.dumps(r["requestParameters"])),
        ("root-logins", [], lambda r: login(r) and r["userIdentity"]["type"] == "Root"),
        ("policy-changes", [], lambda r: r.get("eventName") in policy),
        ("security-group-changes", [], lambda r: r.get("eventName") in groups),
        ("who-read-object", [read], lambda r: r.get("eventName") == "GetObject" and any(own.get("ARN") == read for own in r.get("resources") or [])),
        ("console-logins-without-mfa", [], no_factor),
    ]:
        expected = Counter((r["eventTime"], r["eventName"]) for r in records if wanted(r))
        found = Counter((row["eventtime"], row["eventname"]) for row in answers(connection, queries[name], parameters))
        compare(name, expected, found)


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
        counted(measured, connection, queries)
        records = [
            record
            for path in archive.rglob("*.json.gz")
            if "/CloudTrail/" in path.as_posix()
            for record in json.loads(gzip.decompress(path.read_bytes()))["Records"]
        ]
        investigated(connection, queries, records)
        print(f"{loaded} events, {len(queries)} queries")


main(sys.argv[1], sys.argv[2])
