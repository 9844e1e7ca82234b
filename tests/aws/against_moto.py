"""Runs `trailcost measure aws` against moto, with its signature and IAM checks on: the printed policy must be enough,
and each action taken away must be named as missing.

    python3 tests/aws/against_moto.py path/to/trailcost        # needs: pip install 'moto[all,server]==5.2.5' cbor2
"""
import copy
import json
import logging
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import threading
import urllib.request

import boto3
from emulator import Front
from make_logs import make
from werkzeug.serving import make_server

REGION = "eu-west-1"
REGIONS = [REGION, "us-east-1"]
# What moto does not know; none of these is checked against the policy.
LACKING = {
    "/listRegions": ("200 OK", {"Regions": [{"RegionName": own, "RegionOptStatus": "ENABLED"} for own in REGIONS]}),
    "ListEventDataStores": ("200 OK", {"EventDataStores": []}),
    "ListChannels": ("200 OK", {"Channels": []}),
    "GetEventConfiguration": ("200 OK", {"MaxEventSize": "Standard", "AggregationConfigurations": []}),
}
# Actions of the printed policy that this account gives no occasion for, or that moto does not check.
UNSEEN = {
    "account:ListRegions",
    "cloudtrail:GetChannel",
    "cloudtrail:GetEventConfiguration",
    "cloudtrail:GetEventDataStore",
    "cloudtrail:GetInsightSelectors",
    "cloudtrail:ListChannels",
    "cloudtrail:ListEventDataStores",
    "organizations:ListAccounts",
    "s3:GetBucketObjectLockConfiguration",
    "s3:GetEncryptionConfiguration",
    "s3:GetMetricsConfiguration",
    "s3:GetReplicationConfiguration",
    "s3:ListBucket",
}


def client(url, service, region=REGION):
    return boto3.client(service, region, endpoint_url=url, aws_access_key_id="root", aws_secret_access_key="root")


def build(url):
    """Makes an account that gives occasion for as many calls as moto has."""
    s3, logs, sns = client(url, "s3"), client(url, "logs"), client(url, "sns")
    cloudwatch, cloudtrail, iam = client(url, "cloudwatch"), client(url, "cloudtrail"), client(url, "iam")
    s3.create_bucket(Bucket="logs", CreateBucketConfiguration={"LocationConstraint": REGION}, ObjectLockEnabledForBucket=True)
    s3.put_bucket_versioning(Bucket="logs", VersioningConfiguration={"Status": "Enabled"})
    rule = {"ID": "age", "Status": "Enabled", "Filter": {"Prefix": ""}, "Expiration": {"Days": 365}}
    s3.put_bucket_lifecycle_configuration(Bucket="logs", LifecycleConfiguration={"Rules": [rule]})
    encryption = {"Rules": [{"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}]}
    s3.put_bucket_encryption(Bucket="logs", ServerSideEncryptionConfiguration=encryption)
    allow = {"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Principal": {"Service": "cloudtrail.amazonaws.com"}, "Action": "s3:*", "Resource": ["arn:aws:s3:::logs", "arn:aws:s3:::logs/*"]}]}
    s3.put_bucket_policy(Bucket="logs", Policy=json.dumps(allow))
    topic = sns.create_topic(Name="alerts")["TopicArn"]
    sns.subscribe(TopicArn=topic, Protocol="email", Endpoint="someone@example.com")
    logs.create_log_group(logGroupName="trail")
    logs.put_retention_policy(logGroupName="trail", retentionInDays=90)
    change = {"metricName": "Root", "metricNamespace": "Sec", "metricValue": "1"}
    logs.put_metric_filter(logGroupName="trail", filterName="root", filterPattern="{ $.x = 1 }", metricTransformations=[change])
    cloudwatch.put_metric_alarm(
        AlarmName="root", Namespace="Sec", MetricName="Root", Period=300, EvaluationPeriods=1, Threshold=1,
        ComparisonOperator="GreaterThanOrEqualToThreshold", Statistic="Sum", AlarmActions=[topic])
    group = logs.describe_log_groups()["logGroups"][0]["arn"]
    cloudtrail.create_trail(
        Name="main", S3BucketName="logs", IsMultiRegionTrail=True, SnsTopicName="alerts",
        CloudWatchLogsLogGroupArn=group, CloudWatchLogsRoleArn="arn:aws:iam::123456789012:role/x")
    cloudtrail.start_logging(Name="main")
    selector = {"Name": "all", "FieldSelectors": [{"Field": "eventCategory", "Equals": ["Management"]}]}
    cloudtrail.put_event_selectors(TrailName="main", AdvancedEventSelectors=[selector])
    cloudtrail.put_insight_selectors(TrailName="main", InsightSelectors=[{"InsightType": "ApiCallRateInsight"}])
    iam.create_user(UserName="reader")
    return iam, iam.create_access_key(UserName="reader")["AccessKey"]


def put_logs(url, folder):
    """Puts a folder of logs into a bucket."""
    s3 = client(url, "s3")
    s3.create_bucket(Bucket="trail-logs", CreateBucketConfiguration={"LocationConstraint": REGION})
    for path in pathlib.Path(folder).rglob("*.*"):
        s3.put_object(Bucket="trail-logs", Key=str(path.relative_to(folder)), Body=path.read_bytes())


def environment(url, key):
    own = {name: own for name, own in os.environ.items() if not name.startswith("AWS_")}
    own.update(
        AWS_ACCESS_KEY_ID=key["AccessKeyId"], AWS_SECRET_ACCESS_KEY=key["SecretAccessKey"],
        AWS_ENDPOINT_URL=url, AWS_REGION=REGION, AWS_EC2_METADATA_DISABLED="true")
    return own


def compare_logs(binary, url, key, backend, folder):
    """Reads the bucket of logs under the policy that is printed for it, and the folder; both must say the same."""
    def run(place):
        command = [binary, "measure", "logs", "--quiet", "--format", "json", place]
        own = subprocess.run(command, env=environment(url, key), capture_output=True, text=True)
        if own.returncode != 0:
            sys.exit(f"exit code {own.returncode}\n{own.stderr}")
        return json.loads(own.stdout.replace("s3://trail-logs", str(folder)))

    command = [binary, "measure", "logs", "s3://trail-logs", "--print-policy"]
    policy = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    backend.put_user_policy("reader", "own", json.dumps(policy))
    bucket, of_folder = run("s3://trail-logs"), run(str(folder))
    asked, _ = bucket.pop("requests"), of_folder.pop("requests")
    # A gap names the trail, which is called after its bucket or folder.
    assert len(bucket.pop("gaps")) == len(of_folder.pop("gaps"))
    assert bucket == of_folder, "the bucket is counted otherwise than its folder"
    assert bucket["totals"]["events"] == 242 and bucket["unreadable"] == [], bucket["totals"]
    assert [own["list_requests"] for own in asked] == [3, 0] and asked[1]["get_requests"] == 61, asked
    print("moto: 2,461 objects are counted as their folder is, under the policy that is printed for them")


def allow(iam, policy):
    iam.put_user_policy(UserName="reader", PolicyName="own", PolicyDocument=json.dumps(policy))


def refusals(directory):
    """Returns the actions that a recording says were refused, by kind."""
    found = {}
    for path in pathlib.Path(directory).rglob("*.json"):
        stack = [json.loads(path.read_text())]
        while stack:
            value = stack.pop()
            if isinstance(value, dict):
                if "action" in value and "kind" in value:
                    found.setdefault(value["kind"], {})[value["action"]] = value.get("code", "")
                stack.extend(value.values())
            elif isinstance(value, list):
                stack.extend(value)
    return found


def measure(binary, url, key):
    """Runs the command; returns what was refused."""
    with tempfile.TemporaryDirectory() as directory:
        recording = os.path.join(directory, "recording")
        command = [binary, "measure", "aws", "--quiet", "--max-attempts", "2", "--record", recording]
        for region in REGIONS:
            command += ["--region", region]
        run = subprocess.run(command, env=environment(url, key), capture_output=True, text=True)
        if run.returncode != 0:
            sys.exit(f"exit code {run.returncode}\n{run.stdout}{run.stderr}")
        return refusals(recording), run.stdout


def main():
    binary = sys.argv[1]
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    front = Front(LACKING)
    server = make_server("127.0.0.1", 0, front, threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    url = f"http://127.0.0.1:{server.server_port}"
    iam, key = build(url)
    folder = pathlib.Path(tempfile.mkdtemp())
    make(folder)
    put_logs(url, folder)
    printed = subprocess.run([binary, "measure", "aws", "--print-policy"], capture_output=True, text=True, check=True)
    policy = json.loads(printed.stdout)
    # moto looks at actions, and takes "*" for the resource of every call but S3's.
    for statement in policy["Statement"]:
        statement["Resource"] = ["*"]
        # It takes the name in the signature for the service's.
        statement["Action"] = [own.replace("cloudwatch:", "monitoring:") for own in statement["Action"]]
    # It knows only some of S3's actions, and takes the others for listing objects.
    policy["Statement"].append({"Effect": "Allow", "Action": ["s3:ListBucket"], "Resource": ["*"]})
    allow(iam, policy)
    root_is_done = urllib.request.Request(
        f"{url}/moto-api/reset-auth", data=b"0", headers={"Content-Type": "application/octet-stream"})
    # From here on signatures and policies count; the account is changed in-process, where they do not.
    from moto.iam.models import iam_backends

    backend = iam_backends["123456789012"]["aws"]
    urllib.request.urlopen(root_is_done).read()
    front.key = key
    refused, shown = measure(binary, url, key)
    for kind in set(refused) - {"absent"}:
        sys.exit(f"the printed policy is not enough: {kind} {refused[kind]}")
    assert "main" in shown, shown
    actions = sorted(own for statement in policy["Statement"] for own in statement["Action"])
    checked = 0
    for action in actions:
        if action in UNSEEN:
            continue
        less = copy.deepcopy(policy)
        for statement in less["Statement"]:
            statement["Action"] = [own for own in statement["Action"] if own != action]
        less["Statement"] = [own for own in less["Statement"] if own["Action"]]
        backend.put_user_policy("reader", "own", json.dumps(less))
        refused, _ = measure(binary, url, key)
        denied = set(refused.get("denied", {}))
        assert denied == {action.replace("monitoring:", "cloudwatch:")}, f"without {action}: {refused}"
        checked += 1
    compare_logs(binary, url, key, backend, folder)
    shutil.rmtree(folder)
    print(f"moto: the printed policy is enough; each of {checked} actions is missed when it is taken away")


if __name__ == "__main__":
    main()
