#!/usr/bin/env bash
# Checks the modules that `terraform generate` writes: terraform fmt, validate and plan by a provider that needs no network, what
# the plan costs by `terraform estimate` against what the module's README says, and checkov.
#
#     bash tests/terraform/check.sh target/debug/trailcost [SCENARIO.toml…]     without scenarios: each of scenarios/
#
# TERRAFORM_ENVIRONMENT may name a folder in which the Python environment stays.
set -euo pipefail
[ $# -gt 0 ] || { sed -n '2,8s/^# \{0,1\}//p' "$0"; exit 2; }
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
program=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")
shift
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
environment=${TERRAFORM_ENVIRONMENT:-$work/environment}
python=$environment/bin/python
if ! [ -x "$python" ] && ! python3 -m venv "$environment"; then
    echo "not run: anything, as there is no Python with venv"
    exit 0
fi
install() { "$python" -m pip install --quiet --disable-pip-version-check "$@"; }
has_provider() { "$python" -c 'import msgpack, tf' 2>/dev/null || install tf==1.2.0 msgpack; }
has_checkov() { [ -x "$environment/bin/checkov" ] || install 'checkov==3.3.*'; }
arguments=(--program "$program" --work "$work/modules")
if ! command -v terraform >/dev/null; then
    echo "not run: terraform, as it is not installed"
elif ! has_provider; then
    echo "not run: terraform validate and plan, as the provider's Python packages cannot be installed"
    arguments+=(--fmt)
else
    arguments+=(--fmt --provider "$here/provider")
fi
if has_checkov; then
    arguments+=(--checkov "$environment/bin/checkov")
else
    echo "not run: checkov, as it cannot be installed"
fi
if [ $# -eq 0 ]; then
    for scenario in "$root"/scenarios/*.toml; do
        [ "$(basename "$scenario")" = defaults.toml ] || set -- "$@" "$scenario"
    done
    set -- "$@" "$here"/hostile.toml
fi
PYTHONDONTWRITEBYTECODE=1 PATH="$environment/bin:$PATH" "$python" "$here/check_modules.py" "${arguments[@]}" -- "$@"
