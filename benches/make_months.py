"""Writes one scenario per month for an organization of many accounts in two Regions each, as `report record` reads them.

Usage: make_months.py ACCOUNTS MONTHS DIRECTORY. The volumes follow a formula: no chance is in it.
"""

import sys
from pathlib import Path


def scenario(month: str, nth: int, accounts: int) -> str:
    lines = ["version = 1", f'name = "{accounts} accounts, {month}"', f'start = "{month}"', "months = 1"]
    for account in range(accounts):
        lines += ["[[account]]", f'id = "{100_000_000_000 + account}"', f'name = "account {account}"',
                  f'tags = {{ owner = "team-{account % 40}" }}']
    for account in range(accounts):
        for region in ("us-east-1", "eu-west-1"):
            copies = 2_000 + (account * 17 + nth * 2_333) % 90_000
            data = 1_500 + (account * 11 + nth * 1_033) % 45_000
            lines += ["[[volume]]", f'account = "{100_000_000_000 + account}"', f'region = "{region}"',
                      f"paid_management_events = {copies}", f"s3_data_events = {data}"]
    return "\n".join(lines) + "\n"


def main() -> None:
    accounts, months, folder = int(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3])
    folder.mkdir(parents=True, exist_ok=True)
    for nth in range(months):
        year, month = divmod(2_023 * 12 + 11 + nth, 12)
        name = f"{year}-{month + 1:02d}"
        (folder / f"{name}.toml").write_text(scenario(name, nth, accounts))


main()
