#!/usr/bin/env bash
# Runs tests/athena/spark.py in a Python environment of its own, which is removed afterwards. Needs Java 17 or newer.
#
#     bash tests/athena/spark.sh target/debug/trailcost target/debug/examples/make_logs
#
# SPARK_ENVIRONMENT may name a folder in which the Python environment stays.
set -euo pipefail
[ $# -eq 2 ] || { sed -n '2,6s/^# \{0,1\}//p' "$0"; exit 2; }
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
if ! command -v java >/dev/null && ! { apt-get update && apt-get install -y default-jre-headless; } >/dev/null 2>&1; then
    echo "not run: anything, as there is no Java"
    exit 0
fi
environment=${SPARK_ENVIRONMENT:-$work/environment}
python=$environment/bin/python
if ! [ -x "$python" ] && ! python3 -m venv "$environment"; then
    echo "not run: anything, as there is no Python with venv"
    exit 0
fi
if ! "$python" -c 'import pyspark, sqlglot, duckdb' 2>/dev/null &&
    ! "$python" -m pip install --quiet --disable-pip-version-check pyspark sqlglot duckdb; then
    echo "not run: anything, as Spark and sqlglot cannot be installed"
    exit 0
fi
program=$(realpath "$1") make_logs=$(realpath "$2")
cd "$work"
PYTHONPATH=$here PYTHONDONTWRITEBYTECODE=1 "$python" "$here/spark.py" "$program" "$make_logs"
