#!/usr/bin/env python3
"""Applies and undoes a plan against moto, an imitation of AWS on 127.0.0.1, with the real AWS CLI.

    against_moto.py target/debug/trailcost

Needs awscli and moto's server. What is in the account is more than the scenario knows: lifecycle rules for other prefixes, a
log group's retention, selectors, a trail's tags and prefix.

1. apply.sh changes it; a second run changes nothing more and leaves what was saved as it is.
2. undo.sh, and again, brings everything back as it was, to the byte.
3. apply.sh that is stopped at its second command, its fifth, and so on, and run again, comes to the same end, and undo.sh to the same beginning.
"""

import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import urllib.request

import boto3
from moto.server import ThreadedMotoServer

ACCOUNT = "123456789012"
REGION = "us-east-1"
# Of the commands of apply.sh one in so many is made to fail.
EVERY = 3
SCENARIO = f"""version = 1
name = "moto"
start = "2026-01"
months = 36
[keep]
accept_loss = "high"
retention = "365d"
[[account]]
id = "{ACCOUNT}"
[[account.activity]]
region = "{REGION}"
management = {{ read = "50M", write = "50M" }}
data = [{{ resource_type = "AWS::S3::Object", read = "900M", write = "90M" }}]
[[trail]]
name = "main"
account = "{ACCOUNT}"
bucket = "logs-main"
log_group = "audit"
data = [{{ resource_type = "AWS::S3::Object" }}]
insights = ["ApiCallRateInsight"]
[[trail]]
name = "second"
account = "{ACCOUNT}"
bucket = "logs-second"
[[bucket]]
name = "logs-main"
account = "{ACCOUNT}"
region = "{REGION}"
[[bucket]]
name = "logs-second"
account = "{ACCOUNT}"
region = "{REGION}"
[[log_group]]
name = "audit"
account = "{ACCOUNT}"
region = "{REGION}"
"""
EVENTS = [{"ReadWriteType": "All", "IncludeManagementEvents": True, "ExcludeManagementEventSources": ["kms.amazonaws.com"],
           "DataResources": [{"Type": "AWS::S3::Object", "Values": ["arn:aws:s3"]}]}]
RULES = [{"ID": "others", "Status": "Enabled", "Filter": {"Prefix": "others/"}, "Expiration": {"Days": 40}}]


class Account:
    def __init__(self, endpoint):
        self.endpoint = endpoint

    def client(self, service):
        return boto3.client(service, region_name=REGION, endpoint_url=self.endpoint)

    def reset(self):
        urllib.request.urlopen(urllib.request.Request(f"{self.endpoint}/moto-api/reset", method="POST")).read()
        s3, logs, trails = self.client("s3"), self.client("logs"), self.client("cloudtrail")
        for bucket in ("logs-main", "logs-second"):
            s3.create_bucket(Bucket=bucket)
        s3.put_bucket_lifecycle_configuration(Bucket="logs-main", LifecycleConfiguration={"Rules": RULES})
        logs.create_log_group(logGroupName="audit")
        logs.create_log_group(logGroupName="audit-of-others")
        logs.put_retention_policy(logGroupName="audit", retentionInDays=731)
        group = f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:audit:*"
        role = f"arn:aws:iam::{ACCOUNT}:role/found"
        trails.create_trail(Name="main", S3BucketName="logs-main", IsMultiRegionTrail=True,
                            CloudWatchLogsLogGroupArn=group, CloudWatchLogsRoleArn=role)
        trails.put_event_selectors(TrailName="main", EventSelectors=EVENTS)
        trails.put_insight_selectors(TrailName="main", InsightSelectors=[{"InsightType": "ApiErrorRateInsight"}])
        trails.start_logging(Name="main")
        trails.create_trail(Name="second", S3BucketName="logs-second", S3KeyPrefix="prefix", IsMultiRegionTrail=True,
                            EnableLogFileValidation=True, IncludeGlobalServiceEvents=True,
                            TagsList=[{"Key": "owner", "Value": "audit"}])
        trails.start_logging(Name="second")

    def state(self):
        """Returns everything that a script could have changed."""
        s3, logs, trails = self.client("s3"), self.client("logs"), self.client("cloudtrail")
        found = {}
        for bucket in ("logs-main", "logs-second"):
            try:
                found[bucket] = s3.get_bucket_lifecycle_configuration(Bucket=bucket)["Rules"]
            except s3.exceptions.ClientError as error:
                found[bucket] = error.response["Error"]["Code"]
        for group in logs.describe_log_groups()["logGroups"]:
            found[f"group {group['logGroupName']}"] = (group.get("retentionInDays"), group.get("logGroupClass"))
        for trail in trails.describe_trails()["trailList"]:
            name = trail["Name"]
            selectors = trails.get_event_selectors(TrailName=name)
            found[f"trail {name}"] = {
                "settings": trail,
                "basic": selectors.get("EventSelectors") or [],
                "advanced": selectors.get("AdvancedEventSelectors") or [],
                # moto adds to the list what CloudTrail puts in its place.
                "insights": sorted({
                    own["InsightType"] for own in trails.get_insight_selectors(TrailName=name).get("InsightSelectors") or []
                }),
                "logging": trails.get_trail_status(Name=name)["IsLogging"],
                "tags": trails.list_tags(ResourceIdList=[trail["TrailARN"]])["ResourceTagList"][0]["TagsList"],
            }
        return json.loads(json.dumps(found, sort_keys=True, default=str))


def expect(is_so, what):
    if not is_so:
        sys.exit(f"against moto: {what}")


def environment(folder, endpoint, work):
    found = {
        "PATH": f"{work / 'bin'}:{pathlib.Path(sys.executable).parent}:{os.environ['PATH']}", "HOME": str(work),
        "AWS_ENDPOINT_URL": endpoint, "AWS_ACCESS_KEY_ID": "none", "AWS_SECRET_ACCESS_KEY": "none",
        "AWS_EC2_METADATA_DISABLED": "true", "COUNTED": str(work / "counted"),
    }
    for script in ("apply.sh", "undo.sh"):
        text = (folder / script).read_text()
        for variable in re.findall(r"\[\[ -n \$\{(\w+)-\} \]\]", text):
            found[variable] = f"arn:aws:iam::{ACCOUNT}:role/filled-in"
        for variable in re.findall(r"\[\[ \$\{(\w+)-\} == yes \]\]", text):
            found[variable] = "yes"
    return found


def run(folder, script, variables, work, stop_at=0):
    (work / "counted").write_text("")
    done = subprocess.run(["bash", script], cwd=folder, env=variables | {"STOP_AT": str(stop_at)}, capture_output=True, text=True)
    return done


def saved(folder):
    return {str(own.relative_to(folder)): own.read_text() for own in sorted(folder.rglob("*.saved.json"))}


def main():
    program = pathlib.Path(sys.argv[1]).resolve()
    server = ThreadedMotoServer("127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    endpoint = f"http://{host}:{port}"
    os.environ.update(AWS_ACCESS_KEY_ID="none", AWS_SECRET_ACCESS_KEY="none")
    with tempfile.TemporaryDirectory() as work:
        work = pathlib.Path(work)
        (work / "bin").mkdir()
        aws = work / "bin" / "aws"
        # A command that fails at a given count, as when the network goes.
        aws.write_text(
            '#!/usr/bin/env bash\nprintf x >>"$COUNTED"\n'
            'if [[ $(wc -c <"$COUNTED") == "$STOP_AT" ]]; then echo "the line was cut" >&2; exit 255; fi\n'
            f'exec "{sys.executable}" -c "import sys; from awscli.clidriver import main; sys.exit(main())" "$@"\n'
        )
        aws.chmod(0o755)
        (work / "moto.toml").write_text(SCENARIO)
        told = subprocess.run([program, "recommend", work / "moto.toml", "--out", work / "plan", "--quiet"], capture_output=True, text=True)
        expect(told.returncode == 0, told.stderr)
        account, plan = Account(endpoint), work / "plan" / "apply"
        account.reset()
        before = account.state()
        variables = environment(plan, endpoint, work)

        folder = work / "whole"
        shutil.copytree(plan, folder)
        done = run(folder, "apply.sh", variables, work)
        expect(done.returncode == 0, f"apply.sh: {done.stderr}")
        commands = (work / "counted").stat().st_size
        after, kept = account.state(), saved(folder)
        expect(after != before and "trail second" not in after, "apply.sh changed nothing")
        changed = [own for own in before if before[own] != after.get(own)]
        expect(len(changed) >= 3, f"apply.sh changed only {changed}")
        again = run(folder, "apply.sh", variables, work)
        expect(again.returncode == 0, f"apply.sh again: {again.stderr}")
        expect(account.state() == after, "a second run of apply.sh changed something more")
        expect(saved(folder) == kept, "a second run of apply.sh saved anew")
        for which in ("undo.sh", "undo.sh again"):
            done = run(folder, "undo.sh", variables, work)
            expect(done.returncode == 0, f"{which}: {done.stderr}")
            expect("was not saved" not in done.stderr, f"{which}: {done.stderr}")
            restored = account.state()
            # A log group that was made stays, as it may hold events.
            restored = {own: found for own, found in restored.items() if own in before}
            expect(restored == before, f"{which} did not bring back what was:\n{json.dumps(before, indent=1)}\n{json.dumps(restored, indent=1)}")

        stops = 0
        for stop_at in range(2, commands + 1, EVERY):
            account.reset()
            folder = work / f"stopped-{stop_at}"
            shutil.copytree(plan, folder)
            done = run(folder, "apply.sh", variables, work, stop_at)
            expect(done.returncode != 0 and "the line was cut" in done.stderr, f"apply.sh went on after command {stop_at}")
            done = run(folder, "apply.sh", variables, work)
            expect(done.returncode == 0, f"apply.sh after a stop at command {stop_at}: {done.stderr}")
            expect(account.state() == after, f"apply.sh after a stop at command {stop_at} came to another end")
            expect(saved(folder) == kept, f"apply.sh after a stop at command {stop_at} saved something else")
            stops += 1
        account.reset()
        folder = work / "halves"
        shutil.copytree(plan, folder)
        run(folder, "apply.sh", variables, work, commands)
        done = run(folder, "undo.sh", variables, work)
        expect(done.returncode == 0, f"undo.sh after half of apply.sh: {done.stderr}")
        restored = {own: found for own, found in account.state().items() if own in before}
        expect(restored == before, "undo.sh after half of apply.sh did not bring back what was")
    server.stop()
    names = ", ".join(changed)
    print(f"against moto: {len(changed)} resources ({names}) changed by {commands} commands and brought back; {stops} stops, each gone on from")


if __name__ == "__main__":
    main()
