"""Checks generated modules; see check.sh."""
import argparse
import json
import os
import re
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

ACCOUNTS = ["trail_account_id", "management_account_id", "archive_account_id"]
parser = argparse.ArgumentParser()
parser.add_argument("--program", required=True)
parser.add_argument("--work", required=True, type=Path)
parser.add_argument("--fmt", action="store_true")
parser.add_argument("--provider", type=Path)
parser.add_argument("--checkov")
parser.add_argument("scenarios", nargs="+", type=Path)
options = parser.parse_args()
failures = []
counts = {}


def run(*command, **more):
    return subprocess.run([str(own) for own in command], capture_output=True, text=True, **more)


def passed(what):
    counts[what] = counts.get(what, 0) + 1


def failed(name, what, result):
    text = result if isinstance(result, str) else (result.stdout + result.stderr)[-3000:]
    failures.append(f"{name}: {what}\n{text}")


def terraform(module, *command):
    settings = options.work / "terraform.rc"
    settings.write_text(
        'provider_installation {\n  dev_overrides { "hashicorp/aws" = "%s" }\n  direct {}\n}\n' % options.provider
    )
    environment = {**os.environ, "TF_CLI_CONFIG_FILE": str(settings), "TF_IN_AUTOMATION": "1", "CHECKPOINT_DISABLE": "1"}
    return run("terraform", *command, cwd=module, env=environment)


def filled(values):
    """Returns what a person would fill in, as variables on the command line."""
    known = []
    # An account that the scenario knows: of another one it would not say what happens there.
    account = re.search(r'athena_account_ids += \[\s*"(\d{12})"', values).group(1)
    for name in ACCOUNTS:
        if re.search(rf'^{name} += "FILL-IN"', values, re.M):
            known.append(f"-var={name}={account}")
    if "o-FILL-IN" in values:
        known.append("-var=organization_id=o-abcdefghij")
    addresses = sorted(set(re.findall(r"FILL-IN-\d+", values)))
    known.append("-var=alert_emails=" + json.dumps([f"{own.lower()}@audit.test-company.com" for own in addresses]))
    return known


def check_plan(name, module):
    result = terraform(module, "validate", "-json")
    if result.returncode != 0:
        return failed(name, "terraform validate", result)
    passed("terraform validate")
    values = (module / "terraform.tfvars").read_text()
    refused = terraform(module, "plan", "-input=false", "-lock=false", "-refresh=false")
    if refused.returncode == 0 or "Fill in" not in refused.stderr + refused.stdout:
        return failed(name, "a plan before everything is filled in is not refused", refused)
    passed("refused before it is filled in")
    result = terraform(module, "plan", "-input=false", "-lock=false", "-refresh=false", "-out=tf.plan", *filled(values))
    if name == "hostile":
        names = ["trail's name has", "bucket's name has", "log group's name has", "topic's name has"]
        # Terraform breaks lines where it likes.
        said = " ".join((result.stdout + result.stderr).replace("│", " ").split())
        missing = [own for own in names if own not in said]
        if result.returncode == 0 or missing:
            return failed(name, f"hostile names are not refused: {missing}", result)
        return passed("hostile names refused")
    if result.returncode != 0:
        return failed(name, "terraform plan", result)
    passed("terraform plan")
    shown = terraform(module, "show", "-json", "tf.plan")
    plan = module / "plan.json"
    plan.write_text(shown.stdout)
    check_cost(name, module, plan, "plan")


def check_cost(name, module, path, what):
    """What the plan costs is what the README says."""
    estimate = [options.program, "terraform", "estimate", path, "--volumes", module / "scenario.toml", "--format", "json"]
    # The providers tell whose account it is.
    result = run(*estimate, "--allow-incomplete")
    if result.returncode != 0:
        return failed(name, f"terraform estimate of the {what}", result)
    readme = (module / "README.md").read_text()
    said = re.search(r"^\| \*\*Together\*\* \| \*\*([^*]+)\*\*", readme, re.M).group(1)
    wanted = Decimal(said.split()[0].replace(",", ""))
    cost = Decimal(json.loads(result.stdout)["total"]["after"]["first_month"])
    # The README rounds to cents.
    if abs(cost - wanted) > Decimal("0.005"):
        return failed(name, f"the {what} costs {cost} in the first month, the README says {said}", result.stdout[:4000])
    passed(f"cost of the {what} is the README's")
    # So does the scenario beside the module.
    result = run(options.program, "estimate", module / "scenario.toml", "--format", "json", "--allow-incomplete")
    if result.returncode != 0:
        return failed(name, "estimate of the module's scenario", result)
    own = Decimal(json.loads(result.stdout)["summary"]["first_month"])
    # Where the bucket's account was filled in, its objects fill classes of their own.
    if abs(own - cost) > Decimal("0.005"):
        return failed(name, f"the module's scenario costs {own}, its {what} {cost}", "")
    passed("cost of the scenario is the plan's")


def check_checkov(name, module):
    result = run(
        options.checkov, "--directory", module, "--framework", "terraform", "--skip-download", "--compact", "--quiet", "--output", "json"
    )
    try:
        found = json.loads(result.stdout)
    except json.JSONDecodeError:
        return failed(name, "checkov", result)
    bad = [f"{own['check_id']} {own['resource']}: {own['check_name']}" for own in found["results"]["failed_checks"]]
    if bad:
        return failed(name, "checkov", "\n".join(bad))
    if found["summary"]["passed"] < 50:
        return failed(name, "checkov looked at too little", json.dumps(found["summary"]))
    readme = (module / "README.md").read_text()
    for own in found["results"].get("skipped_checks", []):
        if own["check_id"] + "," not in readme:
            return failed(name, f"{own['check_id']} is skipped and the README does not say why", "")
    passed("checkov")


options.work.mkdir(parents=True, exist_ok=True)
for scenario in options.scenarios:
    name = scenario.stem
    module = options.work / name
    result = run(options.program, "terraform", "generate", scenario, "--out", module, "--allow-incomplete")
    if result.returncode != 0:
        failed(name, "terraform generate", result)
        continue
    passed("terraform generate")
    if options.fmt:
        formatted = run("terraform", "fmt", "-check", "-diff", "-recursive", cwd=module)
        if formatted.returncode == 0:
            passed("terraform fmt")
        else:
            failed(name, "terraform fmt", formatted)
    if options.provider:
        check_plan(name, module)
    if options.checkov:
        check_checkov(name, module)
for what, count in sorted(counts.items()):
    print(f"{what}: {count}")
for own in failures:
    print(own, file=sys.stderr)
sys.exit(1 if failures else 0)
