#!/usr/bin/env python3
"""Writes a large legacy CUR csv, always the same bytes for the same size. Usage: make_cur.py MEGABYTES FILE

A row is about 900 bytes of 129 columns, as in a report of an organization: hourly rows of many services; 4 % are CloudTrail's,
40 % those of the services that its logs touch, the rest of other ones; 3 % have a quoted text with commas and quotes. The
columns are those of a real report (identity, bill, lineItem, product, pricing, reservation, savingsPlan, resourceTags).
"""

import random
import sys
from pathlib import Path

HEAD = """identity/LineItemId identity/TimeInterval bill/InvoiceId bill/InvoicingEntity bill/BillingEntity bill/BillType bill/PayerAccountId
bill/BillingPeriodStartDate bill/BillingPeriodEndDate lineItem/UsageAccountId lineItem/LineItemType lineItem/UsageStartDate
lineItem/UsageEndDate lineItem/ProductCode lineItem/UsageType lineItem/Operation lineItem/AvailabilityZone lineItem/ResourceId
lineItem/UsageAmount lineItem/NormalizationFactor lineItem/NormalizedUsageAmount lineItem/CurrencyCode lineItem/UnblendedRate
lineItem/UnblendedCost lineItem/BlendedRate lineItem/BlendedCost lineItem/LineItemDescription lineItem/TaxType lineItem/LegalEntity
product/ProductName""".split()
PRODUCT = [f"product/attribute{n:02}" for n in range(50)]
TAIL = """product/region product/regionCode product/servicecode product/servicename product/sku pricing/RateCode pricing/RateId
pricing/currency pricing/publicOnDemandCost pricing/publicOnDemandRate pricing/term pricing/unit""".split()
RESERVATION = [f"reservation/Attribute{n:02}" for n in range(17)]
SAVINGS = [f"savingsPlan/Attribute{n:02}" for n in range(8)]
TAGS = [f"resourceTags/user:Tag{n:02}" for n in range(12)]
HEADER = HEAD + PRODUCT + TAIL + RESERVATION + SAVINGS + TAGS

REGIONS = [("us-east-1", "USE1-"), ("us-west-2", "USW2-"), ("eu-west-1", "EU-"), ("ap-south-1", "APS3-"), ("eu-central-1", "EUC1-")]
# service, name, usage type, unit, rate in 10^-10 dollars, weight
KINDS = [
    ("AWSCloudTrail", "AWS CloudTrail", "FreeEventsRecorded", "Events", 0, 15),
    ("AWSCloudTrail", "AWS CloudTrail", "PaidEventsRecorded", "Events", 200_000, 10),
    ("AWSCloudTrail", "AWS CloudTrail", "DataEventsRecorded", "Events", 10_000, 15),
    ("AmazonS3", "Amazon Simple Storage Service", "Requests-Tier1", "Requests", 50_000, 100),
    ("AmazonS3", "Amazon Simple Storage Service", "TimedStorage-ByteHrs", "GB-Mo", 230_000_000, 100),
    ("awskms", "AWS Key Management Service", "KMS-Requests", "Requests", 30_000, 60),
    ("AmazonCloudWatch", "AmazonCloudWatch", "DataProcessing-Bytes", "GB", 5_000_000_000, 60),
    ("AWSLambda", "AWS Lambda", "Request", "Requests", 2_000, 80),
    ("AmazonEC2", "Amazon Elastic Compute Cloud", "BoxUsage:m5.large", "Hrs", 960_000_000, 400),
    ("AmazonRDS", "Amazon Relational Database Service", "InstanceUsage:db.r5", "Hrs", 2_900_000_000, 160),
]


def decimal(tenths):
    """Writes a count of 10^-10 as Java writes a double."""
    if tenths == 0:
        return "0.0"
    text = f"{tenths // 10**10}.{tenths % 10**10:010}".rstrip("0")
    text = text + "0" if text.endswith(".") else text
    if tenths < 10**7:
        digits = str(tenths)
        return f"{digits[0]}.{digits[1:].rstrip('0') or '0'}E{len(digits) - 11}"
    return text


def shape(random_, kind, region, prefix, account):
    """Returns the parts of a row around what changes from row to row."""
    service, name, usage_type, unit, _, _ = kind
    cells = {
        "bill/InvoiceId": "1234567890", "bill/InvoicingEntity": "Amazon Web Services, Inc.", "bill/BillingEntity": "AWS", "bill/BillType": "Anniversary",
        "bill/PayerAccountId": "111122223333", "bill/BillingPeriodStartDate": "2026-10-01T00:00:00.000Z",
        "bill/BillingPeriodEndDate": "2026-11-01T00:00:00.000Z", "lineItem/UsageAccountId": account, "lineItem/LineItemType": "Usage",
        "lineItem/ProductCode": service, "lineItem/UsageType": prefix + usage_type, "lineItem/Operation": "None",
        "lineItem/ResourceId": "" if service == "AWSCloudTrail" else f"arn:aws:{service.lower()}:{region}:{account}:{random_.getrandbits(64):016x}",
        "lineItem/CurrencyCode": "USD", "lineItem/LegalEntity": "Amazon Web Services, Inc.", "product/ProductName": name,
        "product/attribute07": "Compute optimized", "product/attribute21": "Management Tools - " + name, "product/attribute22": region,
        "product/region": region, "product/regionCode": region, "product/servicecode": service, "product/servicename": name,
        "product/sku": f"{random_.getrandbits(80):020X}"[:16], "pricing/RateCode": f"{random_.getrandbits(80):020X}.JRTCKXETXF.6YS6EN2CT7",
        "pricing/RateId": str(random_.getrandbits(33)), "pricing/currency": "USD", "pricing/term": "OnDemand", "pricing/unit": unit,
        "resourceTags/user:Tag00": random_.choice(["production", "staging", "development"]), "resourceTags/user:Tag01": f"team-{random_.randrange(40)}",
        "lineItem/LineItemDescription": random_.choice([f"per {unit} of {usage_type} in {region}"] * 30 + [f'per ""{unit}"", first tier, {region}']),
    }
    quoted = {name: f'"{value}"' if "," in value else value for name, value in cells.items()}
    return [quoted.get(name, "") for name in HEADER]


def main():
    size, path = int(sys.argv[1]) << 20, Path(sys.argv[2])
    random_ = random.Random(20261001)
    accounts = [f"{random_.randrange(10**12):012}" for _ in range(40)]
    shapes, weights = [], []
    for account in accounts:
        for region, prefix in REGIONS:
            for kind in KINDS:
                shapes.append((kind, shape(random_, kind, region, prefix, account)))
                weights.append(kind[5])
    at = {name: HEADER.index(name) for name in HEADER}
    changing = ["identity/LineItemId", "identity/TimeInterval", "lineItem/UsageStartDate", "lineItem/UsageEndDate", "lineItem/UsageAmount",
                "lineItem/UnblendedRate", "lineItem/UnblendedCost", "lineItem/BlendedRate", "lineItem/BlendedCost", "pricing/publicOnDemandCost", "pricing/publicOnDemandRate"]
    templates = []
    for kind, cells in shapes:
        cells = list(cells)
        for n, name in enumerate(changing):
            cells[at[name]] = f"\0{n}\0"
        parts = ",".join(cells).split("\0")
        templates.append((kind, parts))
    # A block of a hundred thousand rows is varied by its hour: the file is as large as wanted, and no two rows are the same.
    written = 0
    with open(path, "w", encoding="ascii", newline="") as out:
        written += out.write(",".join(HEADER) + "\n")
        number = 0
        while written < size:
            hour = number % 744
            start = f"2026-10-{hour // 24 + 1:02}T{hour % 24:02}:00:00.000Z"
            following = hour + 1
            end = "2026-11-01T00:00:00.000Z" if following == 744 else f"2026-10-{following // 24 + 1:02}T{following % 24:02}:00:00.000Z"
            interval = f"{start[:19]}Z/{end[:19]}Z"
            rows = []
            for kind, parts in random_.choices(templates, weights, k=4000):
                quantity = random_.getrandbits(20)
                rate = kind[4]
                cost = decimal(quantity * rate)
                rate = decimal(rate)
                values = [f"{random_.getrandbits(200):050x}", interval, start, end, f"{quantity}.0", rate, cost, rate, cost, cost, rate]
                row = list(parts)
                for n, value in enumerate(values):
                    row[row.index(str(n), 1)] = value
                rows.append("".join(row))
            written += out.write("\n".join(rows) + "\n")
            number += 1


main()
