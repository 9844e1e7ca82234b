#!/usr/bin/env bash
# Measures `report` over a history of 36 months of 5,000 accounts in two Regions each: the recordings, the report in the terminal,
# and all its files with the page. Prints a table for benches/README.md; asserts nothing.
# Needs GNU time and python3. Usage: benches/report.sh [ACCOUNTS] [MONTHS]
set -euo pipefail
cd "$(dirname "$0")/.."
accounts=${1:-5000} months=${2:-36}
cargo build --release --quiet
program=${CARGO_TARGET_DIR:-target}/release/trailcost
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 benches/make_months.py "$accounts" "$months" "$work/scenarios"

row() { # label, command …
    local label=$1
    shift
    /usr/bin/time -f '%e %U %M' -o "$work/time" "$@" >/dev/null
    awk -v l="$label" '{ printf "| %s | %.2f s | %.2f s | %.0f MiB |\n", l, $1, $2, $3 / 1024 }' "$work/time"
}

printf '%s accounts, two Regions each, %s months\n\n' "$accounts" "$months"
printf '| what | time | of it in user mode | peak memory |\n|:--|--:|--:|--:|\n'
record() { for own in "$work"/scenarios/*.toml; do "$program" --quiet report record "$own" --history "$work/history"; done; }
export -f record
export work program
row "recording all months, one after another" bash -c record
row "the last month's report in the terminal" "$program" report --history "$work/history"
row "every file of it" "$program" --quiet report --history "$work/history" --out "$work/out"
last=$(basename "$(ls "$work"/scenarios/*.toml | tail -n 1)" .toml) first=$(basename "$(ls "$work"/scenarios/*.toml | tail -n 12 | head -n 1)" .toml)
row "every file of the last twelve months" "$program" --quiet report --history "$work/history" --from "$first" --until "$last" --out "$work/year"
printf '\nhistory: %s MB; page: %s kB; all files: %s MB\n' "$(du -sm "$work/history" | cut -f1)" \
    $(($(stat -c %s "$work"/out/*.html) / 1000)) "$(du -sm "$work/out" | cut -f1)"
