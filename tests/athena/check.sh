#!/usr/bin/env bash
# Runs tests/athena/check.py in a Python environment of its own, which is removed afterwards.
#
#     bash tests/athena/check.sh target/debug/trailcost target/debug/examples/make_logs
#
# ATHENA_ENVIRONMENT may name a folder in which the Python environment stays.
set -euo pipefail
[ $# -eq 2 ] || { sed -n '2,6s/^# \{0,1\}//p' "$0"; exit 2; }
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
environment=${ATHENA_ENVIRONMENT:-$work/environment}
python=$environment/bin/python
if ! [ -x "$python" ] && ! python3 -m venv "$environment"; then
    echo "not run: anything, as there is no Python with venv"
    exit 0
fi
if ! "$python" -c 'import duckdb, sqlglot' 2>/dev/null && ! "$python" -m pip install --quiet --disable-pip-version-check duckdb sqlglot; then
    echo "not run: anything, as DuckDB and sqlglot cannot be installed"
    exit 0
fi
PYTHONDONTWRITEBYTECODE=1 "$python" "$here/check.py" "$@"
