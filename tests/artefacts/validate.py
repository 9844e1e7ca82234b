#!/usr/bin/env python3
"""Validates artefacts: every folder with an apply.sh below the folder given.

    validate.py target/tmp/artefacts [--terraform-provider FOLDER]

Needs awscli and the models of the services that come with it.

1. The scripts run under bash with a command `aws` that notes its arguments, and answers what reads with examples: undo.sh where
   nothing was saved, apply.sh, undo.sh with what was saved, and both again. Each noted command then runs in the AWS CLI's own
   driver, which parses it and validates its request against the service's model; words of a list that the model knows must be
   among its words; nothing is sent. What apply.sh changes it must have saved.
2. Every JSON file must have been read by a command.
3. The Terraform must be formatted (`terraform fmt -check`) and valid (`terraform validate`), the latter with a provider in a
   folder, or with the one that `terraform init` gets. Where Terraform or a provider is not to be had this is said and is no fault.
"""

import argparse
import contextlib
import io
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

from awscli.clidriver import create_clidriver

FILLED_IN = "arn:aws:iam::111122223333:role/filled-in"
STORE = "arn:aws:cloudtrail:us-east-1:111122223333:eventdatastore/EXAMPLE-f852-4e8f-8bd1-bcf6cEXAMPLE"
KEY = "arn:aws:kms:us-east-1:111122223333:key/1"
ROLE = "arn:aws:iam::111122223333:role/saved"
BUCKET = "arn:aws:s3:::copies"
ADVANCED = [{"Name": "saved", "FieldSelectors": [{"Field": "eventCategory", "Equals": ["Management"]}]}]
# What services answer, as their API references have it. Names are filled in from the arguments.
ANSWERS = {
    "get-trail": {
        "Trail": {
            "Name": "trail", "S3BucketName": "logs-of-trail", "S3KeyPrefix": "prefix", "IncludeGlobalServiceEvents": True,
            "IsMultiRegionTrail": True, "HomeRegion": "us-east-1", "LogFileValidationEnabled": False, "KmsKeyId": KEY,
            "TrailARN": "arn:aws:cloudtrail:us-east-1:111122223333:trail/trail", "IsOrganizationTrail": False,
            "CloudWatchLogsRoleArn": ROLE, "HasInsightSelectors": True, "HasCustomEventSelectors": True,
            "CloudWatchLogsLogGroupArn": "arn:aws:logs:us-east-1:111122223333:log-group:saved:*",
        }
    },
    "get-event-selectors": {"TrailARN": "arn", "AdvancedEventSelectors": ADVANCED},
    "get-insight-selectors": {
        "InsightSelectors": [{"InsightType": "ApiCallRateInsight"}], "InsightsDestination": STORE,
    },
    "get-event-configuration": {
        "TrailARN": "arn",
        "AggregationConfigurations": [{"Templates": ["API_ACTIVITY"], "EventCategory": "Data"}],
    },
    "get-trail-status": {"IsLogging": True},
    "list-tags": {
        "ResourceTagList": [{
            "ResourceId": "arn:aws:cloudtrail:us-east-1:111122223333:trail/trail", "TagsList": [{"Key": "a", "Value": "b"}],
        }]
    },
    "get-event-data-store": {
        "EventDataStoreArn": STORE, "Status": "ENABLED", "RetentionPeriod": 2557, "MultiRegionEnabled": True,
        "OrganizationEnabled": False, "AdvancedEventSelectors": ADVANCED, "BillingMode": "FIXED_RETENTION_PRICING",
    },
    "list-event-data-stores": {"EventDataStores": [{"Name": "", "EventDataStoreArn": STORE}]},
    "get-bucket-lifecycle-configuration": {
        "Rules": [{"ID": "other", "Status": "Enabled", "Filter": {"Prefix": "other/"}, "Expiration": {"Days": 9}}],
        "TransitionDefaultMinimumObjectSize": "varies_by_storage_class",
    },
    "get-bucket-versioning": {"Status": "Enabled"},
    "get-bucket-encryption": {
        "ServerSideEncryptionConfiguration": {
            "Rules": [{
                "ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": KEY},
                "BucketKeyEnabled": False,
            }]
        }
    },
    "get-bucket-replication": {
        "ReplicationConfiguration": {
            "Role": ROLE, "Rules": [{"ID": "a", "Status": "Enabled", "Prefix": "", "Destination": {"Bucket": BUCKET}}],
        }
    },
    "get-bucket-intelligent-tiering-configuration": {
        "IntelligentTieringConfiguration": {
            "Id": "saved", "Status": "Enabled", "Tierings": [{"Days": 90, "AccessTier": "ARCHIVE_ACCESS"}],
        }
    },
    "describe-log-groups": {"logGroups": [{"logGroupName": "", "retentionInDays": 731}]},
    "describe-metric-filters": {
        "metricFilters": [{
            "filterName": "", "filterPattern": "{ $.a = b }", "creationTime": 1, "logGroupName": "group",
            "metricTransformations": [{"metricName": "a", "metricNamespace": "b", "metricValue": "1"}],
        }]
    },
    "describe-alarms": {"MetricAlarms": [{"AlarmName": "alarm"}]},
    "describe-rule": {"Name": "rule", "State": "ENABLED"},
}
# What changes something, and what must have been read of the same resource before.
SAVED_FIRST = {
    "delete-trail": "get-trail",
    "update-trail": "get-trail",
    "stop-logging": "get-trail-status",
    "put-event-selectors": "get-event-selectors",
    "put-insight-selectors": "get-insight-selectors",
    "put-event-configuration": "get-event-configuration",
    "update-event-data-store": "get-event-data-store",
    "stop-event-data-store-ingestion": "get-event-data-store",
    "put-bucket-lifecycle-configuration": "get-bucket-lifecycle-configuration",
    "delete-bucket-lifecycle": "get-bucket-lifecycle-configuration",
    "put-bucket-versioning": "get-bucket-versioning",
    "put-bucket-encryption": "get-bucket-encryption",
    "put-bucket-replication": "get-bucket-replication",
    "delete-bucket-replication": "get-bucket-replication",
    "put-bucket-intelligent-tiering-configuration": "get-bucket-intelligent-tiering-configuration",
    "delete-bucket-intelligent-tiering-configuration": "get-bucket-intelligent-tiering-configuration",
    "delete-metric-filter": "describe-metric-filters",
    "delete-alarms": "describe-alarms",
    "disable-rule": "describe-rule",
}
# What is new needs no saving: it is made by the script.
MADE_BEFORE = {"create-trail", "create-log-group", "create-bucket"}
AWS = f"""#!{sys.executable}
import json, os, sys
import jmespath
arguments = sys.argv[1:]
if arguments[0] == "sts":
    print(os.environ["AWS_PROFILE"])
    sys.exit()
with open(os.environ["NOTED"], "a") as noted:
    noted.write(json.dumps(arguments) + "\\n")
def given(name):
    for at, own in enumerate(arguments):
        if own == name:
            return arguments[at + 1]
        if own.startswith(name + "="):
            return own[len(name) + 1:]
answer = json.loads(os.environ["ANSWERS"]).get(arguments[1])
if answer is None:
    sys.exit()
for found in answer.get("logGroups", []):
    found["logGroupName"] = given("--log-group-name-prefix")
for found in answer.get("metricFilters", []):
    found["filterName"] = given("--filter-name-prefix")
if "EventDataStores" in answer:
    print(answer["EventDataStores"][0]["EventDataStoreArn"])
    sys.exit()
if given("--query"):
    answer = jmespath.search(given("--query"), answer)
print(answer if given("--output") == "text" else json.dumps(answer, indent=4))
"""


class Sent(Exception):
    """Says that a request was valid, in place of sending it."""


def given(arguments, *names):
    for name in names:
        for at, own in enumerate(arguments):
            if own == name:
                return arguments[at + 1]
            if own.startswith(f"{name}="):
                return own.removeprefix(f"{name}=")
    return None


def unsaved(commands):
    """Returns the commands that change what no command before has read."""
    read, made = set(), set()
    for arguments in commands:
        operation = arguments[1]
        resource = given(
            arguments, "--name", "--trail-name", "--bucket", "--log-group-name", "--log-group-name-prefix", "--alarm-names",
            "--event-data-store",
        )
        read.add((operation, resource))
        if operation in MADE_BEFORE:
            made.add(resource)
        wanted = SAVED_FIRST.get(operation)
        if operation == "put-retention-policy":
            wanted = "describe-log-groups"
        if wanted and (wanted, resource) not in read and resource not in made:
            yield arguments


def run_script(folder, script, bin_folder):
    text = (folder / script).read_text()
    noted = folder / f"{script}.noted"
    noted.write_text("")
    environment = {"PATH": f"{bin_folder}:{os.environ['PATH']}", "NOTED": str(noted), "HOME": str(folder)}
    environment["ANSWERS"] = json.dumps(ANSWERS)
    for account in set(re.findall(r"\b\d{12}\b", text)) | {"ORGANIZATION"}:
        environment[f"TRAILCOST_PROFILE_{account}"] = account
    for variable in re.findall(r"\[\[ -n \$\{(\w+)-\} \]\]", text):
        environment[variable] = FILLED_IN
    for variable in re.findall(r"\[\[ \$\{(\w+)-\} == yes \]\]", text):
        environment[variable] = "yes"
    for path in folder.rglob("*.json"):
        path.write_text(re.sub(r"REPLACE-WITH-[A-Z-]+", FILLED_IN, path.read_text()))
    done = subprocess.run(["bash", script], cwd=folder, env=environment, capture_output=True, text=True)
    if done.returncode:
        yield f"{script}: exit code {done.returncode}: {done.stderr}"
        return
    for line in noted.read_text().splitlines():
        yield json.loads(line)


def foreign_words(value, shape):
    """Returns the words that are none of those that the service's model lists; the AWS CLI leaves that to the service."""
    if shape.type_name == "structure" and isinstance(value, dict):
        for name, member in shape.members.items():
            if name in value:
                yield from foreign_words(value[name], member)
    elif shape.type_name == "list" and isinstance(value, list):
        for own in value:
            yield from foreign_words(own, shape.member)
    elif shape.type_name == "string" and getattr(shape, "enum", None) and value not in shape.enum:
        yield f"{value} is none of {shape.enum}"


def refuse_reason(arguments, folder):
    """Returns why the AWS CLI refuses a command, or None, and the request."""
    sent, foreign = [], []

    def before_send(request, **_):
        sent.append(request)
        raise Sent()

    def before_parameter_build(params, model, **_):
        foreign.extend(foreign_words(params, model.input_shape))

    driver = create_clidriver()
    driver.session.register("before-send", before_send)
    driver.session.register("before-parameter-build", before_parameter_build)
    errors, output = io.StringIO(), io.StringIO()
    here = os.getcwd()
    os.chdir(folder)
    try:
        with contextlib.redirect_stderr(errors), contextlib.redirect_stdout(output):
            driver.main(arguments)
    except (SystemExit, Sent):
        pass
    finally:
        os.chdir(here)
    if foreign:
        return ", ".join(foreign)
    return None if sent else (errors.getvalue() or output.getvalue()).strip()[-600:]


def check_commands(folder, problems):
    hostile = "hostile" in folder.name
    with tempfile.TemporaryDirectory() as copy:
        copy = pathlib.Path(copy) / "case"
        shutil.copytree(folder, copy)
        bin_folder = copy / "bin"
        bin_folder.mkdir()
        (bin_folder / "aws").write_text(AWS)
        (bin_folder / "aws").chmod(0o755)
        files = {str(own.relative_to(copy)) for own in copy.rglob("*.json")}
        read, count, run = set(), 0, []
        for script in ("undo.sh", "apply.sh", "apply.sh", "undo.sh", "undo.sh"):
            commands = list(run_script(copy, script, bin_folder))
            failed = [own for own in commands if isinstance(own, str)]
            problems.extend(f"{folder.name}: {own}" for own in failed)
            commands = [own for own in commands if not isinstance(own, str)]
            if script == "apply.sh" and "apply.sh" not in run:
                problems.extend(f"{folder.name}: not saved before: {own}" for own in unsaved(commands))
            run.append(script)
            for arguments in commands:
                count += 1
                read |= {own.removeprefix("file://") for own in arguments if own.startswith("file://")}
                reason = refuse_reason(arguments, copy)
                # No bucket can have a hostile name: the CLI refuses the name itself, and nothing else.
                if reason and not (hostile and "Invalid bucket name" in reason):
                    problems.append(f"{folder.name}: {script}: {arguments}: {reason}")
        for unread in sorted(files - read):
            problems.append(f"{folder.name}: no command reads {unread}")
        return count, len(files)


class Terraform:
    """What of Terraform can be had here."""

    def __init__(self, provider, work):
        self.provider, self.work = provider, work
        self.not_run = set()
        self.environment = os.environ | {"CHECKPOINT_DISABLE": "1", "TF_IN_AUTOMATION": "1"}
        self.environment["PATH"] = f"{pathlib.Path(sys.executable).parent}:{os.environ['PATH']}"
        if provider:
            configuration = work / "cli.tfrc"
            overrides = f'dev_overrides {{\n    "hashicorp/aws" = "{provider.resolve()}"\n  }}\n  direct {{}}'
            configuration.write_text(f"provider_installation {{\n  {overrides}\n}}\n")
            self.environment["TF_CLI_CONFIG_FILE"] = str(configuration)
        else:
            # A provider is fetched once for all cases.
            (work / "plugins").mkdir()
            self.environment["TF_PLUGIN_CACHE_DIR"] = str(work / "plugins")

    def run(self, folder, *arguments):
        command = ["terraform", *arguments]
        try:
            return subprocess.run(
                command, cwd=folder, env=self.environment, capture_output=True, text=True, timeout=300
            )
        except subprocess.TimeoutExpired as late:
            return subprocess.CompletedProcess(command, 1, "", str(late))

    def check(self, folder, problems):
        if not (folder / "main.tf").exists():
            return
        if not shutil.which("terraform"):
            self.not_run.add("terraform fmt and terraform validate: there is no terraform")
            return
        copy = pathlib.Path(tempfile.mkdtemp(dir=self.work))
        shutil.copy(folder / "main.tf", copy)
        steps = [("fmt", "-check", "-diff")]
        if self.provider:
            steps.append(("validate", "-no-color"))
        elif not self.not_run:
            if self.run(copy, "init", "-backend=false", "-input=false").returncode:
                self.not_run.add("terraform validate: there is no provider, and terraform init gets none")
            # A provider that knows the rules of names refuses those of the hostile case.
            elif "hostile" not in folder.name:
                steps.append(("validate", "-no-color"))
        for step in steps:
            done = self.run(copy, *step)
            if done.returncode:
                problems.append(f"{folder.name}: terraform {step[0]}: {done.stdout}{done.stderr}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=pathlib.Path, nargs="+")
    parser.add_argument("--terraform-provider", type=pathlib.Path)
    options = parser.parse_args()
    os.environ.update(
        AWS_ACCESS_KEY_ID="none", AWS_SECRET_ACCESS_KEY="none", AWS_EC2_METADATA_DISABLED="true", AWS_MAX_ATTEMPTS="1"
    )
    for name in ("AWS_PROFILE", "AWS_CONFIG_FILE", "TF_CLI_CONFIG_FILE"):
        os.environ.pop(name, None)
    problems, commands, files = [], 0, 0
    cases = sorted(own.parent for folder in options.folder for own in folder.rglob("apply.sh"))
    with tempfile.TemporaryDirectory() as work:
        terraform = Terraform(options.terraform_provider, pathlib.Path(work))
        for case in cases:
            found = check_commands(case, problems)
            commands, files = commands + found[0], files + found[1]
            terraform.check(case, problems)
    for problem in problems:
        print(problem)
    for part in sorted(terraform.not_run):
        print(f"not run: {part}")
    print(f"{len(cases)} cases, {commands} commands, {files} files of JSON: {len(problems)} problems")
    return 1 if problems or not cases else 0


if __name__ == "__main__":
    sys.exit(main())
