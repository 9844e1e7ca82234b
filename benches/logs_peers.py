#!/usr/bin/env python3
"""The count of benches/logs.sh by other programs: events by account, Region, day, category, access, source and name.

Usage: logs_peers.py duckdb|msgspec DIRECTORY THREADS | --same OURS.json THEIRS | --events OURS.json

Every program prints a line `account|region|day|category|access|source|name count` for each group.
"""

import json
import sys
from collections import Counter
from pathlib import Path


def duckdb_counts(directory, threads):
    import duckdb

    connection = duckdb.connect()
    connection.execute(f"SET threads = {threads}")
    record = "STRUCT(recipientAccountId VARCHAR, awsRegion VARCHAR, eventTime VARCHAR, eventCategory VARCHAR, readOnly BOOLEAN, eventSource VARCHAR, eventName VARCHAR)"
    rows = connection.execute(
        f"""SELECT r.recipientAccountId, r.awsRegion, substr(r.eventTime, 1, 10), r.eventCategory, r.readOnly, r.eventSource, r.eventName, count(*)
        FROM (SELECT unnest(Records) AS r FROM read_json('{directory}/**/*.json.gz', format = 'unstructured',
            columns = {{Records: '{record}[]'}}, maximum_object_size = 268435456)) GROUP BY ALL"""
    ).fetchall()
    for *key, count in rows:
        key[4] = "true" if key[4] else "false"
        print("|".join(key), count)


def count_files(paths):
    import msgspec
    from isal import igzip

    class Record(msgspec.Struct):
        recipientAccountId: str
        awsRegion: str
        eventTime: str
        eventCategory: str
        readOnly: bool
        eventSource: str
        eventName: str

    class File(msgspec.Struct):
        Records: list[Record]

    decoder = msgspec.json.Decoder(File)
    counts = Counter()
    for path in paths:
        with open(path, "rb") as file:
            records = decoder.decode(igzip.decompress(file.read())).Records
        for r in records:
            counts[r.recipientAccountId, r.awsRegion, r.eventTime[:10], r.eventCategory, r.readOnly, r.eventSource, r.eventName] += 1
    return counts


def msgspec_counts(directory, threads):
    from multiprocessing import Pool

    paths = sorted(map(str, Path(directory).rglob("*.json.gz")))
    total = Counter()
    with Pool(threads) as pool:
        for part in pool.imap_unordered(count_files, [paths[at::threads] for at in range(threads)]):
            total.update(part)
    for key, count in total.items():
        print("|".join({True: "true", False: "false"}.get(part, part) for part in key), count)


def same(ours, theirs):
    """Both of our tables must be the sums of their rows."""
    days, events = Counter(), Counter()
    for line in open(theirs):
        key, count = line.rsplit(" ", 1)
        account, region, day, category, access, source, name = key.split("|")
        category, access = category.lower(), {"true": "read", "false": "write"}[access]
        days[account, region, day, category, access] += int(count)
        events[account, region, category, access, source, name] += int(count)
    ours = json.load(open(ours))
    our_days, our_events = Counter(), Counter()
    for row in ours["days"]:
        our_days[row["account"], row["region"], row["day"], row["category"], row["access"]] += row["events"]
    for row in ours["events"]:
        our_events[row["account"], row["region"], row["category"], row["access"], row["event_source"], row["event_name"]] += row["events"]
    assert days.total() > 0
    assert days == our_days, list((days - our_days) + (our_days - days))[:5]
    assert events == our_events, list((events - our_events) + (our_events - events))[:5]


if sys.argv[1] == "--same":
    same(sys.argv[2], sys.argv[3])
elif sys.argv[1] == "--events":
    print(sum(row["events"] for row in json.load(open(sys.argv[2]))["days"]))
else:
    {"duckdb": duckdb_counts, "msgspec": msgspec_counts}[sys.argv[1]](sys.argv[2], int(sys.argv[3]))
