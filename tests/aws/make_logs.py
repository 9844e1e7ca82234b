"""Makes a folder of CloudTrail logs, for tests/aws/against_moto.py and tests/aws/s3s.sh.

    python3 tests/aws/make_logs.py DIR
"""
import gzip
import json
import os
import sys

ACCOUNT = "111122223333"


def record(at, day):
    return {
        "eventVersion": "1.08", "eventTime": f"2026-05-{day:02}T10:00:00Z", "eventSource": "ec2.amazonaws.com",
        "eventName": "DescribeInstances", "awsRegion": "eu-west-1", "readOnly": True, "eventType": "AwsApiCall",
        "eventID": f"a09130b7-6927-4dfc-89cc-{at:012x}", "managementEvent": True, "recipientAccountId": ACCOUNT,
        "eventCategory": "Management", "userIdentity": {"type": "IAMUser", "arn": f"arn:aws:iam::{ACCOUNT}:user/eve"},
    }


def make(root):
    """Writes more keys than two pages have, few of which are log files, and one log that is larger than a piece."""
    def write(path, body):
        path = os.path.join(root, path)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as file:
            file.write(body)

    for at in range(60):
        day = at % 3 + 1
        text = json.dumps({"Records": [record(at * 4 + own, day) for own in range(4)]}).encode()
        name = f"{ACCOUNT}_CloudTrail_eu-west-1_202605{day:02}T10{at:02}Z_{at:016}.json.gz"
        write(f"AWSLogs/{ACCOUNT}/CloudTrail/eu-west-1/2026/05/{day:02}/{name}", gzip.compress(text))
    for at in range(2_400):
        name = f"{ACCOUNT}_CloudTrail-Digest_eu-west-1_main_eu-west-1_20260501T{at:06}Z.json.gz"
        write(f"AWSLogs/{ACCOUNT}/CloudTrail-Digest/eu-west-1/2026/05/01/{name}", b"digest")
    large = dict(record(1, 1), requestParameters={"text": os.urandom(1 << 20).hex()})
    # s3s-fs says that it encodes keys, and does not: nothing that would be decoded stands in this one.
    write("other/large & ödd näme.json", json.dumps({"Records": [large, record(9_999, 2)]}).encode())


if __name__ == "__main__":
    make(sys.argv[1])
