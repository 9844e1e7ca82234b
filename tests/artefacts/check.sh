#!/usr/bin/env bash
# Checks artefacts (tests/artefacts/validate.py) in a Python environment of its own, which is removed afterwards.
#
#     bash tests/artefacts/check.sh target/tmp/artefacts       a folder: every folder with an apply.sh below it
#     bash tests/artefacts/check.sh target/debug/trailcost     the program: what it recommends for each of scenarios/
#
# Of the program it also applies, interrupts and undoes a plan against moto (tests/artefacts/against_moto.py), where that can
# be had; MOTO_ENVIRONMENT may name a Python environment for it that stays.
#
# TERRAFORM_PROVIDER may name a folder with a provider hashicorp/aws that needs no network; ARTEFACTS_ENVIRONMENT a folder in
# which the Python environment stays.
set -euo pipefail
[ $# -gt 0 ] || { sed -n '2,11s/^# \{0,1\}//p' "$0"; exit 2; }
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

environment=${ARTEFACTS_ENVIRONMENT:-$work/environment}
python=$environment/bin/python
if ! [ -x "$python" ] && ! python3 -m venv "$environment"; then
    echo "not run: anything, as there is no Python with venv"
    exit 0
fi
install() { "$python" -m pip install --quiet --disable-pip-version-check "$@"; }
if ! "$python" -c 'import awscli' 2>/dev/null && ! install awscli; then
    echo "not run: anything, as the AWS CLI cannot be installed"
    exit 0
fi

arguments=()
folders=()
programs=()
provider=${TERRAFORM_PROVIDER:-$root/../shared/tools/terraform-stub}
if [ -d "$provider" ]; then
    # What a provider written in Python needs.
    if "$python" -c 'import msgpack, tf' 2>/dev/null || install tf==1.2.0 msgpack; then
        arguments+=(--terraform-provider "$provider")
    else
        echo "not run: the provider of $(basename "$provider") lacks its packages"
    fi
fi

for given in "$@"; do
    if [ -d "$given" ]; then
        folders+=("$given")
        continue
    fi
    program=$(cd "$(dirname "$given")" && pwd)/$(basename "$given")
    if ! "$program" recommend --help >/dev/null 2>&1; then
        echo "not run: what the program recommends, as it has no command recommend"
        continue
    fi
    for scenario in "$root"/scenarios/*.toml; do
        name=$(basename "$scenario" .toml)
        [ "$name" != defaults ] || continue
        code=0
        "$program" recommend "$scenario" --out "$work/recommended/$name" >/dev/null 2>"$work/said" || code=$?
        # 4: something has no price, which does not stop the rest.
        case $code in
            0 | 4) ;;
            *) cat "$work/said" >&2; echo "recommend $name: exit code $code" >&2; exit 1 ;;
        esac
    done
    folders+=("$work/recommended")
    programs+=("$program")
done
[ ${#folders[@]} -gt 0 ] || exit 0
against_moto() {
    local moto=${MOTO_ENVIRONMENT:-$root/target/moto}
    [ -x "$moto/bin/python" ] || python3 -m venv "$moto" || { echo "not run: moto, as there is no Python with venv"; return; }
    if ! "$moto/bin/python" -c 'import moto.server, awscli' 2>/dev/null &&
        ! "$moto/bin/python" -m pip install --quiet --disable-pip-version-check 'moto[all,server]==5.2.5' cbor2 awscli; then
        echo "not run: moto, as its packages cannot be installed"
        return
    fi
    PYTHONDONTWRITEBYTECODE=1 "$moto/bin/python" "$here/against_moto.py" "$1" 2> >(grep -v '"[A-Z]* .* HTTP/1.1"' >&2)
}
for program in ${programs[@]+"${programs[@]}"}; do
    against_moto "$program"
done
PYTHONDONTWRITEBYTECODE=1 "$python" "$here/validate.py" "${arguments[@]}" -- "${folders[@]}"
