#!/usr/bin/env python3
"""Writes the scenarios that the benchmarks price: accounts x 17 Regions of activity under three trails,
`organization.toml` with CloudTrail's own charges, `chain.toml` with everything that the logs then touch, `five-trails.toml` and
`five-trails-chain.toml` with two trails more, for plans.

    make_organization.py ACCOUNTS DIRECTORY

The volumes follow from the account's number, so that every run writes the same bytes.
"""

import sys
from pathlib import Path

REGIONS = (
    "us-east-1 us-east-2 us-west-1 us-west-2 ca-central-1 eu-central-1 eu-west-1 eu-west-2 eu-west-3 eu-north-1 "
    "ap-northeast-1 ap-northeast-2 ap-northeast-3 ap-southeast-1 ap-southeast-2 ap-south-1 sa-east-1"
).split()

SCENARIO = """\
version = 1
name = "Organization of {accounts} accounts"
start = "2026-01"
months = 36
growth = {{ monthly = "1%", data_events = {{ monthly = "2%" }} }}
volumes = "accounts.csv"
terms = [{{ service = "AWSCloudTrail", discount = "12%" }}]

[[trail]]
name = "org-trail"
scope = "organization"
data = [{{ resource_type = "AWS::S3::Object" }}, {{ resource_type = "AWS::Lambda::Function" }}]
insights = ["ApiCallRateInsight", "ApiErrorRateInsight"]

[[trail]]
name = "security-trail"
scope = "organization"
exclude = ["kms"]
data = [{{ resource_type = "AWS::S3::Object", access = "write" }}]

[[trail]]
name = "baseline"
account = "*"
management = "write"
"""

MORE_TRAILS = """
[[trail]]
name = "siem-copy"
scope = "organization"
exclude = ["kms", "rdsdata"]

[[trail]]
name = "applications"
account = "*"
management = "write"
data = [{ resource_type = "AWS::Lambda::Function" }]
insights = ["ApiCallRateInsight"]
"""

CHAIN = """
[[bucket]]
name = "log-archive"
account = "100000000000"
region = "us-east-1"
bucket_key = "90%"
replicate_to = [{{ bucket = "log-copy", class = "STANDARD_IA" }}]
lifecycle = [
    {{ after = "90d", to = "GLACIER_IR" }},
    {{ after = "365d", to = "DEEP_ARCHIVE" }},
    {{ after = "7y", expire = true }},
]

[[bucket]]
name = "log-copy"
account = "100000000001"
region = "us-east-1"
lifecycle = [{{ after = "30d", to = "DEEP_ARCHIVE" }}, {{ after = "7y", expire = true }}]

[[bucket]]
name = "baseline-logs"
account = "100000000000"
region = "us-east-1"

[[log_group]]
name = "cloudtrail"
account = "100000000000"
region = "us-east-1"
retention = "90d"
scanned = "500 GiB"
metric_filter = [
    {{ name = "root-login", matching_hours = 3 }},
    {{ name = "iam-policy-change", matching_hours = 40 }},
    {{ name = "denied", default_value = true }},
]

[[alarm]]
name = "root-login"
account = "100000000000"
region = "us-east-1"
alerts = 2
topic = "security-alerts"

[[topic]]
name = "log-files"
account = "100000000000"
region = "us-east-1"
subscriptions = [{{ protocol = "sqs" }}]

[[topic]]
name = "security-alerts"
account = "100000000000"
region = "us-east-1"
subscriptions = [
    {{ protocol = "email", count = 5 }},
    {{ protocol = "lambda", memory = "128 MiB", duration = "300ms" }},
]

[[reader]]
name = "siem"
bucket = "log-archive"
how = "get"
logs = {{ to = "31d" }}

[[reader]]
name = "investigations"
bucket = "log-archive"
how = "athena"
times = 20
logs = {{ to = "90d" }}
"""

DELIVERIES = {
    'name = "org-trail"\n': """\
bucket = "log-archive"
kms = true
log_file_validation = true
log_group = "cloudtrail"
sns_topic = "log-files"
""",
    'name = "security-trail"\n': 'bucket = "log-archive"\nlog_file_validation = true\n',
    'name = "baseline"\n': 'bucket = "baseline-logs"\n',
    'name = "siem-copy"\n': 'bucket = "log-archive"\nlog_file_validation = true\n',
    'name = "applications"\n': 'bucket = "baseline-logs"\n',
}

COLUMNS = (
    "account,region,management_read,management_write,management_kms_read,management_rdsdata_read,"
    "data:AWS::S3::Object:read,data:AWS::S3::Object:write,data:AWS::Lambda::Function:write"
)


def main() -> None:
    accounts, directory = int(sys.argv[1]), Path(sys.argv[2])
    directory.mkdir(parents=True, exist_ok=True)
    for name, trails in (("", SCENARIO), ("five-trails", SCENARIO + MORE_TRAILS.replace("{", "{{").replace("}", "}}"))):
        chain = trails + CHAIN
        for trail, delivery in DELIVERIES.items():
            chain = chain.replace(trail, trail + delivery)
        (directory / f"{name or 'organization'}.toml").write_text(trails.format(accounts=accounts))
        (directory / f"{name + '-' if name else ''}chain.toml").write_text(chain.format(accounts=accounts))
    with open(directory / "accounts.csv", "w", encoding="utf-8") as table:
        table.write(COLUMNS + "\n")
        for account in range(accounts):
            for place, region in enumerate(REGIONS):
                seed = account * 17 + place + 1
                volumes = [seed * factor % limit + 1 for factor, limit in (
                    (7919, 20_000_000), (104_729, 2_000_000), (1_299_709, 5_000_000), (15_485_863, 100_000),
                    (32_452_843, 90_000_000), (49_979_687, 9_000_000), (67_867_967, 30_000_000),
                )]
                table.write(f"{account + 100_000_000_000},{region},{','.join(map(str, volumes))}\n")


main()
