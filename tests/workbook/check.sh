#!/usr/bin/env bash
# Runs tests/workbook/check.py in a Python environment of its own, which is removed afterwards. Says so and does nothing where
# LibreOffice, Python or openpyxl cannot be had.
#
#     bash tests/workbook/check.sh target/debug/trailcost [all]
#
# With `all` the formulas of the oracles' workbooks too, which takes some minutes.
# WORKBOOK_ENVIRONMENT may name a folder in which the Python environment stays.
set -euo pipefail
[ $# -ge 1 ] || { sed -n '2,8s/^# \{0,1\}//p' "$0"; exit 2; }
here=$(cd "$(dirname "$0")" && pwd)
office=$(command -v soffice || command -v libreoffice || command -v localc || true)
if [ -z "$office" ]; then
    echo "workbook: skipped, there is no LibreOffice"
    exit 0
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
environment=${WORKBOOK_ENVIRONMENT:-$work/environment}
python=$environment/bin/python
if ! [ -x "$python" ] && ! python3 -m venv "$environment"; then
    echo "workbook: skipped, there is no Python with venv"
    exit 0
fi
if ! "$python" -c 'import openpyxl' 2>/dev/null && ! "$python" -m pip install --quiet --disable-pip-version-check openpyxl; then
    echo "workbook: skipped, openpyxl cannot be installed"
    exit 0
fi
PYTHONDONTWRITEBYTECODE=1 "$python" "$here/check.py" "$1" "$office" "${2:-}"
