#!/usr/bin/env python3
"""Exports scenarios, measurements and bills with `--focus` and runs the FOCUS validator over them.

    python tests/focus/check.py target/debug/trailcost

A rule that fails must stand in exceptions.toml with the kinds of datasets that cannot meet it and the reason; one that stands there and
does not fail is an error too. One dataset of each kind is validated twice: as it was written, and as a copy whose ChargeClass is a word
and not null, since the validator takes `ChargeClass is not "Correction"` for false where it is null and then looks at no row.
"""

import subprocess
import sys
import tempfile
import tomllib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from validator import read, validate

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
# The copy's own fault: the word is none that is allowed.
OF_THE_COPY = {"ChargeClass-C-005-C"}
# Those that have most kinds of charges.
TWICE = {"complete", "enterprise-seven-years", "unknown", "measured-aws", "bill-focus", "bill-cur"}
SCENARIOS = ["mid-size-saas", "organization-duplicate-trails", "lake-and-alternatives", "enterprise-seven-years"]
WORKERS = 2


def commands():
    """Yields the kind of each dataset, its name, and the command that writes it."""
    yield "complete", "complete", ["estimate", "tests/focus/complete.toml", "--pricing", "tests/focus/prices", "--pricing-only"]
    for name in SCENARIOS:
        # Draws from ranges are no part of a dataset.
        yield "estimate", name, ["estimate", f"scenarios/{name}.toml", "--draws", "1"]
    yield "unknown", "unknown", ["estimate", "tests/focus/unknown.toml", "--allow-incomplete"]
    yield "measurement", "measured-aws", ["measure", "aws", "--replay", "tests/fixtures/aws/two-trails"]
    yield "measurement", "measured-logs", ["measure", "logs", "tests/fixtures/logs"]
    yield "bill-focus", "bill-focus", ["measure", "bill", "tests/fixtures/billing/focus-1.2.zstd.parquet"]
    yield "bill-cur", "bill-cur", ["measure", "bill", "tests/fixtures/billing/cur-legacy.csv"]


def with_column(source, target, name, values):
    """Writes a copy of a dataset with another column; without it, where there are no values."""
    table = pq.read_table(source)
    at = table.schema.get_field_index(name)
    table = table.remove_column(at) if values is None else table.set_column(at, name, pa.array([values] * table.num_rows, pa.string()))
    pq.write_table(table, target)
    return target


def exported(program, folder):
    """Writes every dataset; yields kind, name and file."""
    for kind, name, command in commands():
        path = folder / f"{name}.parquet"
        ended = subprocess.run([program, *command, "--focus", path], cwd=ROOT, capture_output=True, text=True, check=False)
        if ended.returncode != 0:
            raise RuntimeError(f"{' '.join(command)}: exit code {ended.returncode}\n{ended.stderr}")
        yield kind, name, path
    yield "recorded", "recorded", recorded(program, folder, ["scenarios/organization-duplicate-trails.toml"])
    yield "recorded-bill", "recorded-bill", recorded(program, folder, ["--bill", "tests/fixtures/billing/cur-legacy.csv"])


def recorded(program, folder, what):
    """Records a month and writes the report's dataset."""
    own = folder / f"history-{len(list(folder.iterdir()))}"
    for command in (["record", *what, "--no-plan"], ["--out", own / "out"]):
        subprocess.run([program, "report", *command, "--history", own], cwd=ROOT, capture_output=True, text=True, check=True)
    return (own / "out" / "focus.parquet").rename(folder / f"{own.name}.parquet")


def failing(path, folder):
    """Returns the rules that fail of a dataset or of its copy with another ChargeClass, and how many pass."""
    plain = validate(path, folder)
    if path.stem not in TWICE:
        return plain.leaves(), plain.passed
    copy = with_column(path, path.with_suffix(".class.parquet"), "ChargeClass", "None")
    classed = validate(copy, folder)
    return plain.leaves() | (classed.leaves() - OF_THE_COPY), plain.passed


def finds_faults(path, folder):
    """Makes sure that a fault would be found: a column that is missing, a word that is none of the standard's."""
    lacking = validate(with_column(path, path.with_suffix(".lacking.parquet"), "BilledCost", None), folder).leaves()
    bogus = validate(with_column(path, path.with_suffix(".bogus.parquet"), "ChargeCategory", "Bogus"), folder).leaves()
    assert "CostAndUsage-D-006-M" in lacking, f"a dataset without BilledCost passes: {sorted(lacking)}"
    assert "ChargeCategory-C-003-M" in bogus, f"a dataset with a bogus ChargeCategory passes: {sorted(bogus)}"
    # A text that is cut short is no result.
    try:
        read("Total: 578 | Pass: 560 | Fail: 1 | Skipped: 17\n")
    except RuntimeError:
        return
    raise AssertionError("a failure that cannot be read is taken for none")


def main():
    program = Path(sys.argv[1]).resolve()
    exceptions = tomllib.loads((HERE / "exceptions.toml").read_text())["rule"]
    allowed = {(rule["id"], kind) for rule in exceptions for kind in rule["in"]}
    assert all(rule["reason"].strip() for rule in exceptions), "an exception needs a reason"
    unused, wrong = set(allowed), []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        datasets = list(exported(program, folder))
        finds_faults(datasets[0][2], folder / "run")
        with ThreadPoolExecutor(WORKERS) as pool:
            results = list(pool.map(lambda own: failing(own[2], folder / "run"), datasets))
    for (kind, name, _), (rules, passed) in zip(datasets, results):
        unlisted = sorted(rule for rule in rules if (rule, kind) not in allowed)
        unused -= {(rule, kind) for rule in rules}
        print(f"{name:32} {passed} rules pass, {len(rules)} fail, {len(unlisted)} of them without a reason")
        wrong += [f"{name}: {rule} fails and is not in exceptions.toml for {kind}" for rule in unlisted]
    wrong += [f"{rule} does not fail for {kind}: take it out of exceptions.toml" for rule, kind in sorted(unused)]
    print("\n".join(wrong) or "every rule that fails has its reason in exceptions.toml")
    return 1 if wrong else 0


sys.exit(main())
