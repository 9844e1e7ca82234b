"""Runs the FOCUS validator over a dataset and reads its text: it ends with exit code 0 whatever it finds."""

import os
import re
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

VERSION = "1.2.0.1"
# A run that looks at fewer rules did not get so far.
FEWEST_RULES = 500
TOTAL = re.compile(r"^Total: (\d+) \| Pass: (\d+) \| Fail: (\d+) \| Skipped: (\d+)$", re.M)
FAILURE = re.compile(r"^- ([A-Za-z]+-[A-Z]-\d{3}-[A-Z]): violations=(\S+?); (.*)$", re.M)
CHILDREN = re.compile(r"failed child rules: \[([^\]]*)\]")


@dataclass
class Result:
    """What the validator found."""

    passed: int = 0
    failed: dict = field(default_factory=dict)

    def leaves(self):
        """Returns the rules that fail by themselves, and not because a rule that they are made of does."""
        return {rule for rule, message in self.failed.items() if not self.children(rule)}

    def children(self, rule):
        """Returns the failing rules that a rule is made of."""
        named = CHILDREN.search(self.failed[rule])
        if not named:
            return []
        names = [name.strip() for name in named.group(1).split(",")]
        unknown = [name for name in names if name not in self.failed]
        if unknown:
            raise RuntimeError(f"{rule} fails for {unknown}, of which nothing more is said")
        return names


def read(text):
    """Reads the validator's text."""
    total = TOTAL.search(text)
    if not total:
        raise RuntimeError(f"the validator did not come to an end:\n{text[-2000:]}")
    rules, passed, failed, _ = map(int, total.groups())
    if rules < FEWEST_RULES or passed == 0:
        raise RuntimeError(f"the validator looked at {rules} rules, and {passed} passed")
    result = Result(passed, {rule: message for rule, _, message in FAILURE.findall(text)})
    if len(result.failed) != failed:
        raise RuntimeError(f"{failed} rules fail, {len(result.failed)} of them could be read")
    return result


def validate(path, folder):
    """Validates a file as of a provider of which everything in FOCUS applies; `folder` is one to run in."""
    import focus_validator

    folder.mkdir(exist_ok=True)
    link = folder / "focus_validator"
    if not link.exists():
        # The rules are looked for below the folder it runs in.
        link.symlink_to(Path(focus_validator.__file__).parent, target_is_directory=True)
    program = Path(sys.executable).parent / "focus-validator"
    command = [program, "--block-download", "--validate-version", VERSION, "--applicability-criteria", "ALL", "--data-file", path.resolve()]
    ended = subprocess.run(command, cwd=folder, capture_output=True, text=True, env=os.environ | {"PYTHONIOENCODING": "utf-8"}, check=False)
    if ended.returncode != 0:
        raise RuntimeError(f"{path.name}: the validator ended with {ended.returncode}:\n{ended.stderr[-2000:]}")
    return read(ended.stdout)
