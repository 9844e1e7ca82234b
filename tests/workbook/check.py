#!/usr/bin/env python3
"""Checks that workbooks compute what the command computes.

Usage: check.py TRAILCOST SOFFICE [all]

Two things are recalculated by LibreOffice without a screen. First, workbooks of the shipped scenarios (with `all`, of the oracles
too), with the results of all formulas taken out: every formula must come to the result that was written beside it. Second, workbooks of which
cells were edited: every month, component, year and total must be, to the cent, what `trailcost estimate` says of the scenario
after the same change. Where cells are edited by openpyxl, LibreOffice has no result to fall back on.
"""

import csv
import io
import re
import subprocess
import sys
import tempfile
import tomllib
import warnings
import zipfile
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import openpyxl

ROOT = Path(__file__).resolve().parents[2]
CENT = Decimal("0.01")
FORMULA_RESULT = re.compile(r"(</f>)<v>[^<]*</v>")
# What openpyxl does not keep of charts is of no concern here.
warnings.filterwarnings("ignore", module="openpyxl")


def run(*command):
    done = subprocess.run([str(own) for own in command], capture_output=True, text=True, cwd=ROOT)
    # 4 is a missing price: such an estimate has a workbook too.
    assert done.returncode in (0, 4), f"{command}: {done.stderr}"
    return done.stdout


def cents(value):
    """An amount in cents, half away from zero, of the fifteen digits that a spreadsheet shows."""
    if isinstance(value, (int, float)):
        value = f"{value:.15g}"
    return Decimal(value or "0").quantize(CENT, ROUND_HALF_UP)


class Case:
    """A scenario, what is edited in its workbook, and the scenario that should come to the same."""

    def __init__(self, name, before, after, edits):
        self.name, self.before, self.after, self.edits = name, before, after, edits


def volumes(edits):
    """Edits of Volumes: {(account, Region, usage type, component): quantity}; None stands for any."""

    def apply(book):
        sheet = book["Volumes"]
        left = dict(edits)
        for row in sheet.iter_rows(min_row=5):
            own = tuple(row[at].value for at in (0, 2, 4, 5))
            for wanted in list(left):
                if all(one is None or one == two for one, two in zip(wanted, own)):
                    row[8].value = left.pop(wanted)
                    break
        assert not left, f"no such row: {left}"

    return apply


def growth(label, factors):
    """Edits of Growth: the factors of a category."""

    def apply(book):
        row = next(own for own in book["Growth"].iter_rows(min_row=5) if own[0].value == label)
        for cell, factor in zip(row[6:], factors):
            cell.value = factor

    return apply


def prices(column, usage_type, value, sheet="Prices"):
    """Edits of Prices: a column of every tier of a usage type, or of what is free."""

    def apply(book):
        found = [own for own in book[sheet].iter_rows(min_row=5) if usage_type in str(own[1].value)]
        assert found, usage_type
        for row in found:
            row[column].value = value

    return apply


def both(*applies):
    return lambda book: [apply(book) for apply in applies]


LIST_PRICE, DISCOUNT, AGREED = 7, 8, 9


def scenario(name, body, months=14, head=""):
    return f'version = 1\nname = "{name}"\nstart = "2026-01"\nmonths = {months}\n{head}\n{body}'


def volume(account, region, **given):
    usage = given.pop("usage", None)
    lines = [f'[[volume]]\naccount = "{account}"\nregion = "{region}"']
    lines += [f'{key} = "{value}"' for key, value in given.items()]
    if usage:
        lines.append("usage = { " + ", ".join(f'"{key}" = "{value}"' for key, value in usage.items()) + " }")
    return "\n".join(lines) + "\n"


ONE, TWO, THREE = "111122223333", "444455556666", "999988887777"
VIRGINIA, IRELAND = "us-east-1", "eu-west-1"


def cases():
    saas = (ROOT / "scenarios/mid-size-saas.toml").read_text()
    yield Case("as it is shipped", saas, saas, lambda book: None)
    for key, usage_type, component, number in [
        ("free_management_events", "FreeEventsRecorded", None, 7_000_001),
        ("paid_management_events", "PaidEventsRecorded", None, 25_123_457),
        ("s3_data_events", "DataEventsRecorded", "Data events, S3", 12_345_678_901),
        ("lambda_data_events", "DataEventsRecorded", "Data events, Lambda", 0),
        ("insights_events", "InsightsEvents", None, 2_500_003),
    ]:
        after = re.sub(rf'{key} = "\w+"', f'{key} = "{number}"', saas)
        assert after != saas
        yield Case(f"mid-size-saas, {key}", saas, after, volumes({(ONE, VIRGINIA, usage_type, component): number}))

    uncertain = (ROOT / "scenarios/uncertain-volumes.toml").read_text()
    after = re.sub(r"s3_data_events = .*", 's3_data_events = "77_777_777"', uncertain)
    after = after.replace('"20M ±25%"', '"19_999_999"')
    edits = volumes({(ONE, VIRGINIA, "DataEventsRecorded", None): 77_777_777, (ONE, VIRGINIA, "PaidEventsRecorded", None): 19_999_999})
    yield Case("growth and seasons", uncertain, after, edits)

    selective = (ROOT / "scenarios/selective-data-events.toml").read_text()
    after = selective.replace('write = "60M"', 'write = "61_234_567"')
    yield Case("derived, grows as data events", selective, after, volumes({(ONE, VIRGINIA, "DataEventsRecorded", "Data events, S3"): 61_234_567}))

    doubled = (ROOT / "scenarios/organization-duplicate-trails.toml").read_text()
    given = doubled + volume(ONE, IRELAND, paid_management_events="8_765_432")
    yield Case("derived, against the same given directly", doubled, given, volumes({(ONE, IRELAND, "PaidEventsRecorded", None): 8_765_432}))

    def halves(one, two):
        return scenario("halves", volume(ONE, VIRGINIA, paid_management_events=one, s3_data_events=two), 9, 'growth = { monthly = "50%" }')

    for one, two in [(3, 5), (12_345_679, 250_001), (999_999_999, 7)]:
        edits = volumes({(None, None, "PaidEventsRecorded", None): one, (None, None, "DataEventsRecorded", None): two})
        yield Case(f"halves of {one} and {two}", halves(1, 1), halves(one, two), edits)

    stores = "AmazonS3:TimedStorage-ByteHrs"

    def tiers(own, other, ireland, head=""):
        lake = {"Ingestion-Bytes": ireland}
        text = volume(ONE, VIRGINIA, usage={stores: own, **lake}) + volume(TWO, VIRGINIA, usage={stores: other})
        return scenario("tiers", text + volume(TWO, IRELAND, usage=lake), 26, head)

    grows = 'growth = { yearly = "40%" }'
    for head in ("", grows, grows + '\nconsolidated_billing = false', grows + '\nterms = [{ service = "AmazonS3", discount = "17.5%" }]'):
        for own, other, ireland in [("1000.5", "3", "26000"), ("51200", "0.25", "5120"), ("400000", "300000.125", "5120.000001"), ("0", "0", "0")]:
            edits = {
                (ONE, VIRGINIA, "TimedStorage-ByteHrs", None): float(own),
                (TWO, VIRGINIA, "TimedStorage-ByteHrs", None): float(other),
                (ONE, VIRGINIA, "Ingestion-Bytes", None): float(ireland),
                (TWO, IRELAND, "Ingestion-Bytes", None): float(ireland),
            }
            name = f"tiers of {own}, {other}, {ireland}; {head.splitlines()[-1:]}"
            yield Case(name, tiers("60000", "10", "100", head), tiers(own, other, ireland, head), volumes(edits))

    logs, rare, sent = "AmazonCloudWatch:DataProcessing-Bytes", "AmazonCloudWatch:DataProcessingIA-Bytes", "AmazonSNS:Requests-Tier1"

    def free(own, other, cold, publishes, keep=True):
        text = volume(ONE, VIRGINIA, usage={logs: own, rare: cold, sent: publishes}) + volume(TWO, VIRGINIA, usage={logs: other})
        return scenario("free", text, 14, f'free_tier = {str(keep).lower()}\ngrowth = {{ monthly = "3%" }}')

    for own, other, cold, publishes in [("1", "1", "1", 10), ("2", "0", "4", 1_500_001), ("100", "7.5", "33.3", 999_999), ("0", "0", "0", 0)]:
        edits = {
            (ONE, VIRGINIA, "DataProcessing-Bytes", None): float(own),
            (TWO, VIRGINIA, "DataProcessing-Bytes", None): float(other),
            (ONE, VIRGINIA, "DataProcessingIA-Bytes", None): float(cold),
            (ONE, VIRGINIA, "Requests-Tier1", None): publishes,
        }
        yield Case(f"free tier of {own}, {other}, {cold}, {publishes}", free("50", "50", "50", 2_000_000), free(own, other, cold, publishes), volumes(edits))

    def term(price):
        return scenario("terms", volume(ONE, VIRGINIA, paid_management_events="20_000_003") + volume(THREE, IRELAND, s3_data_events="5M"), 13, price)

    none, tenth = term(""), term('terms = [{ service = "AWSCloudTrail", discount = "12.5%" }]')
    own = term('terms = [{ service = "AWSCloudTrail", usage_type = "PaidEventsRecorded", rate = "0.000013" }]')
    cut = both(prices(DISCOUNT, "PaidEventsRecorded", 0.125), prices(DISCOUNT, "DataEventsRecorded", 0.125))
    yield Case("a discount is entered", none, tenth, cut)
    yield Case("a discount is taken away", tenth, none, both(prices(DISCOUNT, "PaidEventsRecorded", 0), prices(DISCOUNT, "DataEventsRecorded", 0)))
    yield Case("an agreed price is entered", none, own, prices(AGREED, "PaidEventsRecorded", 0.000013))
    yield Case("an agreed price is taken away", own, none, prices(AGREED, "PaidEventsRecorded", None))

    faster = none.replace("months = 13", 'months = 13\ngrowth = { management_events = { monthly = "2%" } }')
    yield Case("growth is entered", none, faster, growth("management events", [1.02**at for at in range(13)]))

    unknown, known = (scenario("unknown", volume(ONE, VIRGINIA, paid_management_events=own, s3_data_events="1M")) for own in ("unknown", "4_000_001"))
    yield Case("what was unknown is entered", unknown, known, volumes({(None, None, "PaidEventsRecorded", None): 4_000_001}))


def recalculate(office, folder, files):
    """Lets LibreOffice open the files, compute, and write them again; many in one go."""
    out = folder / "computed"
    out.mkdir(exist_ok=True)
    profile = f"-env:UserInstallation=file://{folder}/profile"
    command = [office, profile, "--headless", "--convert-to", "xlsx", "--outdir", str(out), *map(str, files)]
    done = subprocess.run(command, capture_output=True, text=True)
    for file in files:
        assert (out / file.name).exists(), f"LibreOffice did not write {file.name}: {done.stdout[-400:]}{done.stderr[-400:]}"
    return out


def without_results(source, target):
    """Copies a workbook, the results of its formulas left out; returns how many formulas it has."""
    count = 0
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name)
            if name.startswith("xl/worksheets/sheet"):
                text, found = FORMULA_RESULT.subn(r"\1", content.decode())
                assert found == text.count("<f>"), f"{name}: a formula without a result"
                content, count = text.encode(), count + found
            new.writestr(name, content)
    return count


def compare_results(name, written, computed):
    """Every formula's result as it was written against what LibreOffice makes of it."""
    ours, theirs = (openpyxl.load_workbook(own, data_only=True) for own in (written, computed))
    for sheet in openpyxl.load_workbook(written):
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type != "f":
                    continue
                one, two = (book[sheet.title][cell.coordinate].value for book in (ours, theirs))
                is_number = isinstance(one, (int, float)) and isinstance(two, (int, float))
                same = abs(one - two) <= 1e-12 + 1e-12 * abs(one) if is_number else one == two
                assert same, f"{name}: {sheet.title}!{cell.coordinate} {cell.value}: {one} was written, {two} computed"


def of_command(trailcost, path):
    """What the command says: the cost of each month, and of each component by first month, year and in all."""
    by_month = list(csv.DictReader(io.StringIO(run(trailcost, "estimate", path, "--by", "month", "--format", "csv", "--quiet"))))
    components = list(csv.DictReader(io.StringIO(run(trailcost, "estimate", path, "--format", "csv", "--quiet"))))
    months = [cents(own["contracted_cost"]) for own in by_month]
    rows = {}
    for own in components:
        years = [own[f"year_{year}"] for year in range(1, -(-len(months) // 12) + 1)]
        rows[own["label"]] = [cents(value) for value in (own["first_month"], *years, own["total"])]
    return months, rows


def of_workbook(path, count):
    """The same of a workbook that was computed."""
    book = openpyxl.load_workbook(path, data_only=True)
    sheet = book["Months"]
    rows, months = {}, []
    for row in sheet.iter_rows(min_row=5):
        figures = row[6:]
        if row[0].value is None:
            break
        sums = [figures[0].value, *(own.value for own in figures[count:] if own.value is not None)]
        rows[row[0].value] = [cents(own) for own in sums]
        if row[0].value == "Total":
            months = [cents(own.value) for own in figures[:count]]
            break
    summary = {own[0].value: own for own in book["Summary"].iter_rows(min_row=9)}
    table = [cents(own.value) for own in summary["Total"][1:] if isinstance(own.value, (int, float))]
    assert table[0] == rows["Total"][0] and table[-1] == rows["Total"][-1], f"Summary differs from Months: {table}"
    return months, rows


def check_edits(trailcost, office, folder):
    found = list(cases())
    files = []
    for at, case in enumerate(found):
        before, path = folder / f"before-{at}.toml", folder / f"edited-{at}.xlsx"
        before.write_text(case.before)
        (folder / f"after-{at}.toml").write_text(case.after)
        run(trailcost, "estimate", before, "--quiet", "--workbook", path)
        book = openpyxl.load_workbook(path)
        case.edits(book)
        book.save(path)
        files.append(path)
    computed = recalculate(office, folder, files)
    for at, case in enumerate(found):
        months, rows = of_command(trailcost, folder / f"after-{at}.toml")
        own_months, own_rows = of_workbook(computed / files[at].name, len(months))
        assert months == own_months, f"{case.name}: months {list(zip(months, own_months))}"
        for label, figures in rows.items():
            # What nothing is known of has no row, and no cost.
            own = own_rows.get(label, [cents("0")] * len(figures))
            assert figures == own, f"{case.name}: {label}: {figures} by the command, {own} by the workbook"
        if case.name == "as it is shipped":
            assert rows["Total"] == [cents(own) for own in ("422", "5064", "5064", "5064", "15192")], rows["Total"]
    print(f"workbook: {len(found)} edits agree with the command to the cent")


def oracle_scenarios():
    for path in sorted((ROOT / "tests/oracles").glob("*.toml")):
        for at, own in enumerate(tomllib.loads(path.read_text()).get("estimate", [])):
            if isinstance(own, dict) and "scenario" in own:
                yield f"{path.stem.split('-')[0]}-{at}", own["scenario"]


def check_results(trailcost, office, folder, with_oracles):
    scenarios = [(own.stem, own) for own in sorted((ROOT / "scenarios").glob("*.toml")) if own.stem != "defaults"]
    for name, text in oracle_scenarios() if with_oracles else []:
        path = folder / f"{name}.toml"
        path.write_text(text)
        scenarios.append((name, path))
    written, stripped, formulas = [], [], 0
    for name, path in scenarios:
        own = folder / f"{name}.written.xlsx"
        done = subprocess.run([trailcost, "estimate", path, "--quiet", "--workbook", own], capture_output=True, cwd=ROOT)
        if done.returncode not in (0, 4):
            # Oracles with tables of their own are read by another test.
            continue
        written.append((name, own))
        stripped.append(folder / f"{name}.xlsx")
        formulas += without_results(own, stripped[-1])
    least = 100 if with_oracles else 9
    assert len(written) >= least, f"only {len(written)} scenarios have a workbook"
    computed = recalculate(office, folder, stripped)
    for (name, own), bare in zip(written, stripped):
        compare_results(name, own, computed / bare.name)
    print(f"workbook: {formulas} formulas of {len(written)} scenarios come to the results beside them")


def check_history(trailcost, office, folder):
    """The workbook of recorded months: as written, and with edited volumes against estimates of the same."""
    stores = "AmazonS3:TimedStorage-ByteHrs"

    def month(at, factor):
        body = ""
        for account, region, usage in [
            (ONE, VIRGINIA, {"AWSCloudTrail:PaidEventsRecorded": 10_000_001 * factor, stores: 40_000.5 * factor}),
            (TWO, VIRGINIA, {"AWSCloudTrail:PaidEventsRecorded": 2_000_003 * factor, stores: 30_000.25 * factor}),
            (TWO, IRELAND, {"AWSCloudTrail:DataEventsRecorded": 7_654_321 * factor}),
        ]:
            body += volume(account, region, usage=usage)
        return f'version = 1\nname = "=cmd <b>"\nstart = "2026-{at:02}"\nmonths = 1\n{body}'

    for at in range(1, 4):
        path = folder / f"{at}.toml"
        path.write_text(month(at, 1))
        run(trailcost, "report", "record", "--quiet", path, "--history", folder / "history")
    files = []
    for language in ("en", "hi"):
        out = folder / language
        run(trailcost, "report", "--quiet", "--language", language, "--history", folder / "history", "--out", out)
        own = folder / f"{language}.written.xlsx"
        own.write_bytes((out / "workbook.xlsx").read_bytes())
        files.append((own, folder / f"{language}.xlsx"))
    formulas = sum(without_results(own, bare) for own, bare in files)
    factors = [0, 2, 3, 10]
    edited = []
    for factor in factors:
        book = openpyxl.load_workbook(files[0][0])
        for row in book["Volumes"].iter_rows(min_row=5):
            if isinstance(row[6].value, (int, float)):
                row[6].value *= factor
        edited.append(folder / f"edited-{factor}.xlsx")
        book.save(edited[-1])
    computed = recalculate(office, folder, [bare for _, bare in files] + edited)
    for own, bare in files:
        compare_results(bare.stem, own, computed / bare.name)
    for factor, path in zip(factors, edited):
        scenario_path = folder / "after.toml"
        scenario_path.write_text(month(3, factor))
        months, _ = of_command(trailcost, scenario_path)
        sheet = openpyxl.load_workbook(computed / path.name, data_only=True)["Volumes"]
        totals = {own[0].value: own[11].value for own in sheet.iter_rows(min_row=5)}
        assert cents(totals["A month"]) == months[0], f"{factor}: {totals['A month']} by the workbook, {months[0]} by the command"
        assert cents(totals["Three years"]) == cents(totals["A month"] * 36)
    print(f"workbook: {formulas} formulas of a history come to the results beside them, {len(factors)} edits agree with the command")


def main():
    trailcost, office = Path(sys.argv[1]).resolve(), sys.argv[2]
    with tempfile.TemporaryDirectory() as name:
        check_history(trailcost, office, Path(name))
    with tempfile.TemporaryDirectory() as name:
        check_edits(trailcost, office, Path(name))
    with tempfile.TemporaryDirectory() as name:
        check_results(trailcost, office, Path(name), sys.argv[3:] == ["all"])


if __name__ == "__main__":
    main()
