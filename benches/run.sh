#!/usr/bin/env bash
# Measures whole processes: time with hyperfine, memory with /usr/bin/time. Prints a table for benches/README.md.
# Needs hyperfine, GNU time, python3, jq, taskset. Usage: benches/run.sh [DIRECTORY FOR THE SCENARIOS]
set -euo pipefail
cd "$(dirname "$0")/.."
work=${1:-$(mktemp -d)}
cargo build --release --quiet
program=target/release/trailcost

for accounts in 500 1000 5000; do
    [ -f "$work/$accounts/five-trails-chain.toml" ] || python3 benches/make_organization.py "$accounts" "$work/$accounts"
done

measure() { # label, runs, command …
    local label=$1 runs=$2
    shift 2
    hyperfine --shell=none --warmup 2 --runs "$runs" --export-json "$work/time.json" "$*" >"$work/hyperfine.log" 2>&1 ||
        { cat "$work/hyperfine.log"; exit 1; }
    /usr/bin/time -f %M -o "$work/memory" "$@" >"$work/stdout" 2>/dev/null
    printf '| %s | %s | %s |\n' "$label" \
        "$(jq -r '.results[0] | "\(.median * 1000 * 10 | round / 10) ms (min \(.min * 1000 * 10 | round / 10), user \(.user * 1000 * 10 | round / 10))"' "$work/time.json")" \
        "$(awk '{ printf "%.1f MiB", $1 / 1024 }' "$work/memory")"
}

printf '| what | median time | peak memory |\n|:--|--:|--:|\n'
measure 'shipped scenario, table' 50 "$program" estimate scenarios/mid-size-saas.toml
measure 'shipped scenario, every file and chart' 20 "$program" --quiet estimate scenarios/mid-size-saas.toml --out "$work/out"
for accounts in 500 1000 5000; do
    measure "$accounts accounts × 17 Regions × 36 months, three trails, table" 7 \
        "$program" estimate "$work/$accounts/organization.toml"
    measure "$accounts accounts × 17 Regions × 36 months, the whole chain, table" 7 \
        "$program" estimate "$work/$accounts/chain.toml"
done
measure 'a plan for 500 accounts × 17 Regions × 36 months, five trails' 5 \
    "$program" recommend "$work/500/five-trails.toml"
measure 'a plan for 500 accounts × 17 Regions × 36 months, five trails, the whole chain' 5 \
    "$program" recommend "$work/500/five-trails-chain.toml"
measure '500 accounts × 17 Regions × 36 months, line items streamed as JSON' 3 \
    "$program" estimate "$work/500/organization.toml" --format json
python3 benches/make_ranges.py "$work/ranges"
measure '1,000,000 draws of a month of 20 components with four tiers each, one core' 10 \
    taskset -c 0 "$program" estimate --pricing "$work/ranges/prices" --pricing-only "$work/ranges/ranges.toml" --draws 1000000
measure 'shipped scenario with ranges (10,000 draws of 36 months), table' 20 \
    "$program" estimate scenarios/uncertain-volumes.toml
