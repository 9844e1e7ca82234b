#!/usr/bin/env python3
"""Works every oracle out a second time, without the program.

In: the oracle files beside this script and the price tables of `pricing/`. Out: one line that says how many agree, or
every disagreement and exit status 1. It shares no code with the program: prices come straight from the tables, money is
`decimal` at 120 digits, and event data stores are counted day by day.

What it checks in each file:
- the written arithmetic, statement by statement;
- that each line's quantity follows from what the file says (`by`, `bases`, `gb`, `stored`, or the scenario's volumes);
- in a scenario of what the logs then touch, every line, worked out day by day by `recompute_chain.py`;
- growth, rounded half-even to whole events; terms; free tiers and the split into tiers, pooled by payer;
- quantity x price = cost for every line and month, and every sum above it.
"""

import ast
import csv
import datetime
import re
import sys
import tomllib
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_EVEN, ROUND_HALF_UP, Context, Decimal, getcontext
from fractions import Fraction
from pathlib import Path

from recompute_chain import Chain, is_chain

ORACLES = Path(__file__).resolve().parent
PRICING = ORACLES.parent.parent / "pricing"

getcontext().prec = 120
PLACES = Decimal("1e-12")  # quantities hold twelve digits after the point
INCLUDED_DAYS = 366  # of storage, in the one-year option's price per GB ingested
KINDS = {"AWS", "BILL", "3P", "DER"}
MISSING = "unknown"
FREE = 0  # the tier of what the free tier takes

CATEGORY = {
    "management_copies": "management_events",
    "insights_management": "management_events",
    "data_events_s3": "data_events",
    "data_events_lambda": "data_events",
    "data_events_other": "data_events",
    "insights_data": "data_events",
    "network_activity": "network_activity_events",
    "lake_ingestion": "lake",
    "lake_query": "lake",
}
NAMED_VOLUMES = {
    "free_management_events": ("FreeEventsRecorded", "management_copies"),
    "paid_management_events": ("PaidEventsRecorded", "management_copies"),
    "s3_data_events": ("DataEventsRecorded", "data_events_s3"),
    "lambda_data_events": ("DataEventsRecorded", "data_events_lambda"),
    "other_data_events": ("DataEventsRecorded", "data_events_other"),
    "network_activity_events": ("NetworkEventsRecorded", "network_activity"),
    "insights_events": ("InsightsEvents", "insights_management"),
    "data_insights_events": ("DataInsightsEvents", "insights_data"),
}
SUFFIXES = {
    "": 1, "k": 10**3, "M": 10**6, "bn": 10**9,
    "bytes": 1, "KiB": 2**10, "MiB": 2**20, "GiB": 2**30, "TiB": 2**40, "PiB": 2**50,
}


class Wrong(Exception):
    """Says what cannot be understood."""


# --- the written arithmetic ---------------------------------------------------------------------------------------


def half_even(value, places=Decimal(0)):
    return value.quantize(Decimal(1).scaleb(-int(places)), rounding=ROUND_HALF_EVEN)


FUNCTIONS = {
    "min": min,
    "max": max,
    "floor": lambda value: value.to_integral_value(rounding=ROUND_FLOOR),
    "ceil": lambda value: value.to_integral_value(rounding=ROUND_CEILING),
    "half_even": half_even,
}


def evaluate(text, names):
    """Evaluates numbers, names, + - * / **, parentheses and the functions above; nothing else."""
    try:
        tree = ast.parse(text.strip(), mode="eval")
    except SyntaxError as error:
        raise Wrong(f"cannot read `{text}`") from error

    def value(node):
        match node:
            case ast.Expression():
                return value(node.body)
            case ast.Constant() if isinstance(node.value, (int, float)) and not isinstance(node.value, bool):
                # The text, not the value: a float would lose digits.
                return Decimal(ast.get_source_segment(text.strip(), node).replace("_", ""))
            case ast.Name():
                if node.id not in names:
                    raise Wrong(f"`{node.id}` is not defined in `{text}`")
                return names[node.id]
            case ast.UnaryOp(op=ast.USub()):
                return -value(node.operand)
            case ast.BinOp(op=ast.Add()):
                return value(node.left) + value(node.right)
            case ast.BinOp(op=ast.Sub()):
                return value(node.left) - value(node.right)
            case ast.BinOp(op=ast.Mult()):
                return value(node.left) * value(node.right)
            case ast.BinOp(op=ast.Div()):
                return value(node.left) / value(node.right)
            case ast.BinOp(op=ast.Pow()):
                return value(node.left) ** value(node.right)
            case ast.Call(func=ast.Name(id=name), keywords=[]) if name in FUNCTIONS:
                return FUNCTIONS[name](*map(value, node.args))
            case _:
                raise Wrong(f"`{text}` has more than arithmetic")

    return value(tree)


def arithmetic(oracle, report):
    """Checks `expression = result` and `name = expression = result`; returns the names."""
    names = {}
    statements = oracle.get("arithmetic", [])
    for statement in statements:
        text = statement["states"]
        parts = [part.strip() for part in text.split("=")]
        if len(parts) not in (2, 3):
            raise Wrong(f"`{text}` is not `expression = result`")
        found, stated = evaluate(parts[-2], names), evaluate(parts[-1], {})
        if found != stated:
            report(f"arithmetic: `{text}`, but it is {plain(found)}")
        if len(parts) == 3:
            if not parts[0].isidentifier() or parts[0] in names:
                raise Wrong(f"`{text}` does not define a new name")
            names[parts[0]] = found
    if not statements:
        report("no arithmetic")
    return names, len(statements)


def plain(value):
    """Writes a decimal as the program does: plainly, without trailing zeros."""
    text = format(value, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


# --- price tables -------------------------------------------------------------------------------------------------


class Prices:
    """The built-in tables as of the newest day on which any row was read."""

    def __init__(self):
        rows = []
        for path in sorted(PRICING.glob("*.csv")):
            if path.name not in ("regions.csv", "free_tiers.csv"):
                with path.open(newline="", encoding="utf-8") as file:
                    rows += list(csv.DictReader(file))
        as_of = max(row["retrieved_on"] for row in rows)
        self.tiers = {}
        for row in rows:
            if row["effective_from"] <= as_of and (not row["effective_to"] or as_of < row["effective_to"]):
                key = (row["service"], row["region"], row["usage_type"])
                self.tiers.setdefault(key, []).append(row)
        for key, tiers in self.tiers.items():
            newest = max(row["effective_from"] for row in tiers)
            tiers[:] = [row for row in tiers if row["effective_from"] == newest]
            tiers.sort(key=lambda row: Decimal(row["tier_begin"]))

        with (PRICING / "free_tiers.csv").open(newline="", encoding="utf-8") as file:
            self.free = {
                (row["service"], row["usage_type"]): (row["allowance"], Decimal(row["free_quantity"]))
                for row in csv.DictReader(file)
            }

    def of(self, service, region, usage_type):
        tiers = self.tiers.get((service, region, usage_type))
        if tiers is None:
            elsewhere = [own for key, own in self.tiers.items() if (key[0], key[2]) == (service, usage_type)]
            if not elsewhere:
                raise Wrong(f"no price of {service} {usage_type} anywhere")
            return [(Decimal(0), None, None)], elsewhere[0][0]["unit"]
        bounds = [Decimal(row["tier_begin"]) for row in tiers] + [None]
        prices = [
            None if row["price_per_unit"] == MISSING else Decimal(row["price_per_unit"]) for row in tiers
        ]
        return list(zip(bounds, bounds[1:], prices)), tiers[0]["unit"]


# --- scenario -----------------------------------------------------------------------------------------------------


def quantity(value, gigabytes=False):
    """Reads a quantity as scenarios write it; None when it is unknown."""
    text = str(value)
    if text == MISSING:
        return None
    found = re.fullmatch(r"([0-9][0-9_.]*)\s*([A-Za-z]*)", text)
    if not found or found[2] not in SUFFIXES:
        raise Wrong(f"cannot read the quantity `{text}`")
    number = Decimal(found[1].replace("_", "")) * SUFFIXES[found[2]]
    is_bytes = found[2] == "bytes" or found[2].endswith("iB")
    return number / 2**30 if gigabytes and is_bytes else number


def percent(text):
    return Decimal(text.removesuffix("%")) / 100


class Scenario:
    """What a scenario says about time, growth, terms, payers and volumes."""

    def __init__(self, text):
        self.file = tomllib.loads(text)
        year, month = map(int, self.file["start"].split("-"))
        first = year * 12 + month - 1
        self.months = [
            f"{at // 12:04}-{at % 12 + 1:02}" for at in range(first, first + self.file.get("months", 36))
        ]

    def grows(self):
        return bool(self.file.get("growth")) or bool(self.file.get("step"))

    def factor(self, category, month):
        growth = self.file.get("growth", {})
        rate = growth.get(category, growth)
        index = self.months.index(month)
        factor = Decimal(1)
        if "monthly" in rate:
            factor = (1 + percent(rate["monthly"])) ** index
        elif "yearly" in rate:
            factor = (1 + percent(rate["yearly"])) ** (index // 12)
        for step in self.file.get("step", []):
            if step["from"] <= month and step.get("category", category) == category:
                factor *= quantity(step["factor"])
        return factor

    def agreed(self, service, usage_type, region, price):
        """Returns the agreed price: the most specific term wins."""
        terms = [
            term
            for term in self.file.get("terms", [])
            if term["service"] == service
            and term.get("usage_type", usage_type) == usage_type
            and term.get("region", region) == region
        ]
        if not terms:
            return price
        term = max(terms, key=lambda term: ("usage_type" in term, "region" in term))
        if "rate" in term:
            return quantity(term["rate"])
        return None if price is None else price * (1 - percent(term["discount"]))

    def pool(self, account):
        """Returns whose usage is added up with this account's before tiers apply."""
        if not self.file.get("consolidated_billing", True):
            return account
        payers = {own["id"]: own.get("payer") for own in self.file.get("account", [])}
        return payers.get(account)

    def volumes(self, prices):
        """Returns (account, region, service, usage type, component or None) -> quantity a month, as billed."""
        services = {service for service, _, _ in prices.tiers}
        volumes = {}
        for own in self.file.get("volume", []):
            place = own["account"], own["region"]
            for name, (usage_type, component) in NAMED_VOLUMES.items():
                if name in own:
                    volumes[*place, "AWSCloudTrail", usage_type, component] = quantity(own[name])
            for written, value in own.get("usage", {}).items():
                service, _, usage_type = written.partition(":")
                if service not in services:
                    usage_type = written
                    found = {key[0] for key in prices.tiers if key[2] == usage_type}
                    if len(found) != 1:
                        raise Wrong(f"`{written}` is billed by {sorted(found)}")
                    (service,) = found
                unit = prices.of(service, own["region"], usage_type)[1]
                volumes[*place, service, usage_type, None] = quantity(value, unit.startswith("GB"))
        return volumes


# --- lines --------------------------------------------------------------------------------------------------------


def month_start(month):
    year, number = map(int, month.split("-"))
    return datetime.date(year, number, 1)


def days_of(month):
    """Returns the month's days as numbers."""
    first = month_start(month)
    after = datetime.date(first.year + first.month // 12, first.month % 12 + 1, 1)
    return range(first.toordinal(), after.toordinal())


def stored(rule, months, month):
    """GB-months held past the included days, counted day by day.

    A month's bytes arrive evenly over its days, are free for 366 days, and leave after the retention. Each month of
    arrival is rounded half-even at 10^-12 GB.
    """
    compressed = quantity(rule["ingested_gb"]) / quantity(rule["ratio"])
    total = Decimal(0)
    now = days_of(month)
    for cohort in months[: months.index(month)]:
        if rule["ingested_in"] not in ("every month", cohort):
            continue
        arrivals = days_of(cohort)
        charged = 0
        for arrival in arrivals:
            for day in now:
                charged += arrival + INCLUDED_DAYS <= day < arrival + rule["retention_days"]
        total += half_even(compressed * charged / (len(arrivals) * len(now)), 12)
    return total


class Line:
    """One expected line of the bill: the same key in one or more months."""

    def __init__(self, written, scenario):
        self.written = written
        self.service = written.get("service", "AWSCloudTrail")
        self.usage_type = written["usage_type"]
        self.account, self.region = written["account"], written["region"]
        self.component = written["component"]
        self.resource = written.get("resource", "")
        self.tier = written.get("tier", 1)  # FREE is what the free tier takes
        self.months = scenario.months
        if "months" in written:
            begin, _, end = written["months"].partition("..")
            at = scenario.months.index
            self.months = scenario.months[at(begin) : at(end or begin) + 1]
        self.quantities = [Decimal(text) for text in self.series("quantity", "quantities")]
        self.costs = self.series("cost", "costs")
        self.contracted = self.series("contracted", "contracted_costs", self.costs)

    def series(self, one, many, otherwise=None):
        if one in self.written:
            return [self.written[one]] * len(self.months)
        if many not in self.written:
            if otherwise is None:
                raise Wrong(f"{self}: neither `{one}` nor `{many}`")
            return otherwise
        if len(self.written[many]) != len(self.months):
            raise Wrong(f"{self}: `{many}` has {len(self.written[many])} figures for {len(self.months)} months")
        return self.written[many]

    def key(self):
        return (self.service, self.usage_type, self.account, self.region, self.component, self.resource, self.tier)

    def __str__(self):
        name = f" `{self.resource}`" if self.resource else ""
        return f"{self.account} {self.region} {self.usage_type}{name} tier {self.tier}"

    def check_quantity(self, scenario, names, report):
        """Works the quantity out from what the line says it comes from."""
        written = self.written
        category = written.get("category") or CATEGORY.get(self.component, "other")

        def grown(bases, month):
            factor = scenario.factor(category, month)
            return sum(half_even(evaluate(base, names) * factor) for base in bases)

        if "by" in written:
            rule = lambda month: evaluate(written["by"], names)
        elif "bases" in written:
            rule = lambda month: grown(written["bases"], month)
        elif "gb" in written:
            gb = written["gb"]
            size = lambda name: evaluate(gb[name], names)
            rule = lambda month: half_even(
                grown(gb["events"], month) * size("bytes_per_event") / size("bytes_per_gb"), 12
            )
        elif "stored" in written:
            rule = lambda month: stored(written["stored"], scenario.months, month)
        elif is_chain(scenario.file):
            return  # worked out with all the others
        elif self.resource or (scenario.grows() and not scenario.file.get("volume")):
            report(f"{self}: the file does not say what the quantity comes from")
            return
        else:
            return  # a volume of the scenario
        for month, found in zip(self.months, self.quantities):
            if rule(month) != found:
                report(f"{self} {month}: quantity {plain(found)}, worked out {plain(rule(month))}")

    def check_costs(self, scenario, prices, report):
        tiers, _ = prices.of(self.service, self.region, self.usage_type)
        if self.tier == FREE:
            price = agreed = Decimal(0)
        else:
            price = tiers[self.tier - 1][2]
            agreed = scenario.agreed(self.service, self.usage_type, self.region, price)
        for what, unit_price, costs in (("list", price, self.costs), ("contracted", agreed, self.contracted)):
            for month, amount, cost in zip(self.months, self.quantities, costs):
                found = MISSING if unit_price is None else plain(amount * unit_price)
                if found != cost:
                    report(f"{self} {month}: {what} cost {cost}, {plain(amount)} x {unit_price} = {found}")


def check_chain(lines, scenario, report):
    """Works every quantity out from the scenario; no line is missing and none is too many."""
    worked_out = {}
    for key, amount in Chain(scenario).quantities().items():
        exact = Fraction(amount)
        worked_out[key] = half_even(Decimal(exact.numerator) / Decimal(exact.denominator), 12)
    written = {}
    for line in lines:
        for month, amount in zip(line.months, line.quantities) if line.resource else ():
            key = (month, line.account, line.region, line.service, line.usage_type, line.component, line.resource)
            written[key] = written.get(key, Decimal(0)) + amount
    for key in sorted(worked_out.keys() | written.keys()):
        if worked_out.get(key, 0) != written.get(key, 0):
            own = [plain(of[key]) if key in of else "nothing" for of in (written, worked_out)]
            report(f"{' '.join(key)}: {own[0]}, worked out {own[1]}")


def check_free(lines, scenario, prices, report):
    """Shares each allowance in proportion: by payer, whatever the account, Region and usage type."""
    pools = {}
    for line in lines:
        allowance = prices.free.get((line.service, line.usage_type))
        if not scenario.file.get("free_tier", False) or allowance is None:
            if line.tier == FREE:
                report(f"{line}: nothing is free of it")
            continue
        for month, amount in zip(line.months, line.quantities):
            pool = pools.setdefault((month, scenario.pool(line.account), *allowance), {})
            whole, free = pool.get(line.key()[:-1], (Decimal(0), Decimal(0)))
            pool[line.key()[:-1]] = (whole + amount, free + (amount if line.tier == FREE else 0))
    for (month, _, allowance, quantity), records in pools.items():
        total = sum(whole for whole, _ in records.values())
        part = min(total, quantity)
        for key, (whole, free) in records.items():
            # Multiplied out, so that no division rounds.
            if free * total != part * whole:
                report(f"{month} {key}: {plain(free)} is not its share of {plain(part)} of `{allowance}`")


def check_tiers(lines, scenario, prices, report):
    """Splits the pooled quantity of every tiered price and shares each tier's part in proportion.

    What is free is no part of it: tiers begin after the free quantity.
    """
    pools = {}
    for line in lines:
        tiers, _ = prices.of(line.service, line.region, line.usage_type)
        if len(tiers) > 1 and line.tier != FREE:
            for month, amount in zip(line.months, line.quantities):
                key = (month, scenario.pool(line.account), line.service, line.usage_type, line.region)
                record = (line.account, line.component, line.resource)
                parts = pools.setdefault(key, {}).setdefault(record, {})
                parts[line.tier] = parts.get(line.tier, Decimal(0)) + amount
    for (month, _, service, usage_type, region), records in pools.items():
        tiers, _ = prices.of(service, region, usage_type)
        sums = {record: sum(parts.values()) for record, parts in records.items()}
        total = sum(sums.values())
        for tier, (begin, end, _) in enumerate(tiers, 1):
            part = max(Decimal(0), (total if end is None else min(total, end)) - begin)
            for record, parts in records.items():
                # Multiplied out, so that no division rounds: oracles choose volumes that divide.
                if parts.get(tier, Decimal(0)) * total != part * sums[record]:
                    report(f"{month} {usage_type} {region} {record[0]}: tier {tier} is not its share of {part}")


def check_volumes(lines, scenario, prices, report):
    """Every volume of the scenario is a line, and every line without resource is a volume."""
    left = {line.key()[:-1]: line for line in lines if not line.resource}
    for (account, region, service, usage_type, component), given in scenario.volumes(prices).items():
        key = (service, usage_type, account, region)
        matching = [
            line
            for line in lines
            if line.key()[:4] == key and not line.resource and component in (None, line.component)
        ]
        name = f"{account} {region} {usage_type}"
        if not matching:
            report(f"the volume {name} has no line")
            continue
        category = CATEGORY.get(matching[0].component, "other")
        whole = prices.of(service, region, usage_type)[1] in ("Events", "Requests", "Objects")
        for month in scenario.months:
            found = Decimal(0)
            for line in matching:
                found += sum(part for own, part in zip(line.months, line.quantities) if own == month)
            expected = Decimal(0) if given is None else given * scenario.factor(category, month)
            if whole:
                expected = half_even(expected)
            if found != expected:
                report(f"the volume {name} {month} is {plain(expected)}, its lines have {plain(found)}")
        for line in matching:
            left.pop(line.key()[:-1], None)
    for line in left.values():
        report(f"{line}: no volume of the scenario")


# --- sums ---------------------------------------------------------------------------------------------------------


def sums(monthly, list_total):
    """Returns the figures that stand in a file for so much a month."""
    years = [sum(monthly[at : at + 12], Decimal(0)) for at in range(0, len(monthly), 12)]
    total = sum(monthly, Decimal(0))
    figures = {
        "first_month": plain(monthly[0]),
        "last_month": plain(monthly[-1]),
        "years": [plain(year) for year in years],
        "total": plain(total),
    }
    if list_total != total:
        figures["list_total"] = plain(list_total)
    return figures


def check_sums(estimate, lines, scenario, report):
    """Adds lines up by component and as a whole; returns the figures of the whole."""
    at = {month: index for index, month in enumerate(scenario.months)}
    by_component = {}
    whole, whole_list = [Decimal(0)] * len(at), Decimal(0)
    for line in lines:
        monthly, listed = by_component.setdefault(line.component, ([Decimal(0)] * len(at), [Decimal(0)]))
        for month, cost, contracted in zip(line.months, line.costs, line.contracted):
            agreed = Decimal(0) if contracted == MISSING else Decimal(contracted)
            # Where only the agreed price is known, the list total takes it too.
            list_cost = agreed if cost == MISSING else Decimal(cost)
            monthly[at[month]] += agreed
            whole[at[month]] += agreed
            listed[0] += list_cost
            whole_list += list_cost
    written = {component["id"]: component for component in estimate.get("component", [])}
    for name in sorted(written.keys() | by_component.keys()):
        if name not in written or name not in by_component:
            report(f"component {name} is only in the {'lines' if name in by_component else 'components'}")
            continue
        monthly, listed = by_component[name]
        compare(written[name], sums(monthly, listed[0]), f"component {name}", report)
    figures = sums(whole, whole_list)
    compare(estimate, figures, "the whole", report)
    flat = all(line.months == scenario.months and "quantity" in line.written for line in lines)
    if flat and Decimal(estimate["first_month"]) * len(at) != Decimal(estimate["total"]):
        report(f"flat, but {estimate['first_month']} x {len(at)} months is not {estimate['total']}")
    unknown = any(
        line.written.get("has_unknown") or MISSING in line.contracted for line in lines
    )
    if estimate["complete"] == unknown:
        report(f"complete = {estimate['complete']}, but the lines say otherwise".lower())
    return figures


def compare(written, found, what, report):
    for name in ("first_month", "last_month", "years", "total", "list_total"):
        if written.get(name) != found.get(name):
            report(f"{what}: {name} {written.get(name)}, added up {found.get(name)}")


def check_return(estimate, scenario, report):
    """What the first year's cost brings; ratios are rounded at 12 digits, half away from zero."""
    stated, cost = scenario.file["return"], Decimal(estimate["years"][0])
    loss, incidents = Decimal(str(stated["avoided_loss"])), Decimal(str(stated["incidents_per_year"]))
    counted = ("free_management_events", "s3_data_events", "lambda_data_events")
    events = sum(
        12 * Decimal(str(volume[name]).replace("M", "000000")) for volume in scenario.file["volume"] for name in counted
    )
    ratio = lambda value: plain(value.quantize(Decimal(1).scaleb(-12), ROUND_HALF_UP))
    for name, value in {
        "break_even_incidents": ratio(cost / loss),
        "avoided_per_year": plain(loss * incidents),
        "net_per_year": plain(loss * incidents - cost),
        "per_dollar": ratio(loss * incidents / cost),
        "cloud_spend_share": ratio(cost / (12 * Decimal(str(stated["cloud_spend_per_month"])))),
        "cost_per_thousand_events": plain(cost * 1000 / events),
    }.items():
        if estimate["return"][name] != value:
            report(f"return: {name} {estimate['return'][name]}, worked out {value}")


def check_estimate(estimate, names, prices, report):
    scenario = Scenario(estimate["scenario"])
    lines = [Line(written, scenario) for written in estimate.get("line", [])]
    seen = set()
    for line in lines:
        for month in line.months:
            if (month, line.key()) in seen:
                report(f"{line} {month} occurs twice")
            seen.add((month, line.key()))
        line.check_quantity(scenario, names, report)
        line.check_costs(scenario, prices, report)
    if is_chain(scenario.file):
        check_chain(lines, scenario, report)
    if "return" in estimate:
        check_return(estimate, scenario, report)
    check_free(lines, scenario, prices, report)
    check_tiers(lines, scenario, prices, report)
    check_volumes(lines, scenario, prices, report)
    return check_sums(estimate, lines, scenario, report), sum(len(line.months) for line in lines)


def check_file(path, prices, problems):
    """Returns how many statements and line items the file has."""
    oracle = tomllib.loads(path.read_text(encoding="utf-8"))
    report = lambda text: problems.append(f"{path.name}: {text}")
    if oracle["kind"] not in KINDS:
        report(f"unknown kind {oracle['kind']}")
    if not path.name.startswith(oracle["id"] + "-") or not oracle["source"]:
        report("the file's name begins with its id, and it has a source")
    names, statements = arithmetic(oracle, report)
    figures, items = {}, 0
    for estimate in oracle["estimate"]:
        name = estimate["name"]
        within = lambda text, name=name: report(f"`{name}`: {text}")
        figures[name], count = check_estimate(estimate, names, prices, within)
        items += count
    for difference in oracle.get("difference", []):
        before, after = figures[difference["from"]], figures[difference["to"]]
        for what in ("first_month", "total"):
            found = plain(Decimal(after[what]) - Decimal(before[what]))
            if found != difference[what]:
                report(f"from `{difference['from']}` to `{difference['to']}`: {what} {difference[what]}, not {found}")
    return statements, items


def main():
    prices, problems = Prices(), []
    paths = sorted(ORACLES.glob("*.toml"))
    statements = items = 0
    for path in paths:
        try:
            found = check_file(path, prices, problems)
        except (Wrong, KeyError, ValueError, ArithmeticError) as error:
            problems.append(f"{path.name}: {type(error).__name__}: {error}")
            continue
        statements += found[0]
        items += found[1]
    for problem in problems:
        print(problem, file=sys.stderr)
    verdict = "all agree" if not problems else f"{len(problems)} disagree"
    print(f"{len(paths)} oracles, {statements} statements, {items} line items: {verdict}")
    return 1 if problems or not paths else 0


if __name__ == "__main__":
    sys.exit(main())
