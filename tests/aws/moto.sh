#!/usr/bin/env bash
# Runs the command against moto (tests/aws/against_moto.py) in a Python environment of its own. Says so and does nothing
# where Python or its packages cannot be had.
#
#     bash tests/aws/moto.sh path/to/trailcost
set -euo pipefail
binary=$(realpath "$1")
cd "$(dirname "$0")"
environment=${MOTO_ENVIRONMENT:-../../target/moto}
if [ ! -x "$environment/bin/python" ]; then
    python3 -m venv "$environment" || { echo "moto: skipped, there is no Python with venv"; exit 0; }
fi
if ! "$environment/bin/python" -c 'import moto, cbor2, flask' 2>/dev/null; then
    "$environment/bin/python" -m pip install --quiet --disable-pip-version-check 'moto[all,server]==5.2.5' cbor2 ||
        { echo "moto: skipped, its packages cannot be installed"; exit 0; }
fi
if ! PYTHONDONTWRITEBYTECODE=1 "$environment/bin/python" against_moto.py "$binary" >"$environment/log" 2>&1; then
    tail -n 20 "$environment/log"
    exit 1
fi
tail -n 2 "$environment/log"
