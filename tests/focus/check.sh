#!/usr/bin/env bash
# Runs tests/focus/check.py, the official FOCUS validator over what `--focus` writes, in a Python environment of its own, which is
# removed afterwards.
#
#     bash tests/focus/check.sh target/debug/trailcost
#
# FOCUS_ENVIRONMENT may name a folder in which the Python environment stays; FOCUS_PYTHON a Python of at least 3.12, which the
# validator needs, where none is found by name.
set -euo pipefail
[ $# -eq 1 ] || { sed -n '2,8s/^# \{0,1\}//p' "$0"; exit 2; }
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
environment=${FOCUS_ENVIRONMENT:-$work/environment}
python=$environment/bin/python
is_new() { "$1" -c 'import sys; sys.exit(not (3, 12) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null; }
if ! [ -x "$python" ]; then
    found=
    for candidate in ${FOCUS_PYTHON:-} python3.12 python3.13 python3 "${PYENV_ROOT:-$HOME/.pyenv}"/versions/3.1[23].*/bin/python; do
        if is_new "$candidate"; then found=$candidate; break; fi
    done
    if [ -n "$found" ]; then
        "$found" -m venv "$environment" || found=
    elif python3 -m venv "$work/uv" && "$work/uv/bin/python" -m pip install --quiet --disable-pip-version-check uv &&
        "$work/uv/bin/uv" venv --quiet --seed --python 3.12 "$environment"; then
        found=$python
    fi
    if [ -z "$found" ]; then
        echo "not run: anything, as there is no Python 3.12 with venv"
        exit 0
    fi
fi
# It reads Parquet with what an older pyarrow gives it, and is looked for in the folder that it runs in.
if ! "$python" -c 'import focus_validator' 2>/dev/null &&
    ! "$python" -m pip install --quiet --disable-pip-version-check focus-validator==2.2.1 'pyarrow<19'; then
    echo "not run: anything, as focus-validator cannot be installed"
    exit 0
fi
PYTHONDONTWRITEBYTECODE=1 "$python" "$here/check.py" "$1"
