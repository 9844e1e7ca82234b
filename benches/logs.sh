#!/usr/bin/env bash
# Measures `measure logs` on the two shapes of archive that benches/make_logs.rs writes, against nothing but inflating the same
# files (libdeflate), and against the same count by DuckDB, by jq and by Python with msgspec and isal. All counts are compared.
# Prints CPU time (user and system, the median of interleaved runs), peak memory and ratios. Nothing is asserted but the counts.
# Needs jq, GNU time, and python3 with duckdb, msgspec and isal; 1 GB of disk.
# Usage: benches/logs.sh [PER MILLE OF THE FILES] [RUNS]; THREADS (2), PYTHON, PEERS (duckdb jq msgspec), KEEP=folder of the archives
set -euo pipefail
cd "$(dirname "$0")/.."
share=${1:-1000} runs=${2:-9} threads=${THREADS:-2} python=${PYTHON:-python3}
read -ra peers <<<"${PEERS-duckdb jq msgspec}"
for module in duckdb msgspec isal; do
    "$python" -c "import $module" 2>/dev/null || { echo "missing: python's $module (pip install $module)" >&2; exit 1; }
done
cargo build --release --quiet
cargo build --release --quiet --example make_logs --example inflate_logs
bin=${CARGO_TARGET_DIR:-target}/release
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
archives=${KEEP:-$work}
TIMEFORMAT='%3U %3S %3R'

once() { # name, command … : adds "CPU seconds, seconds, KiB" to the name's runs
    local name=$1
    shift
    # GNU time tells the memory; it rounds seconds to hundredths, bash to thousandths.
    { time /usr/bin/time -f '%M' -o "$work/peak" "$@" >"$work/$name.out" 2>"$work/stderr"; } 2>"$work/time" ||
        { cat "$work/stderr" >&2; exit 1; }
    paste -d ' ' "$work/time" "$work/peak" | awk '{ print $1 + $2, $3, $4 }' >>"$work/$name.runs"
}

median() { sort -n "$work/$1.runs" | awk '{ cpu[NR] = $1; if ($3 > peak) peak = $3 } END { print cpu[int((NR + 1) / 2)], peak }'; }

row() { # label, name
    local cpu peak
    read -r cpu peak < <(median "$2")
    awk -v l="$1" -v c="$cpu" -v p="$peak" -v r="$raw" -v i="$floor" -v o="$ours" 'BEGIN {
        printf "| %s | %.2f s | %.2f | %.1f MiB | %.2f | %.1f |\n", l, c, r / c / 1e9, p / 1024, c / i, c / o }'
}

own_memory() { # the most memory of a run that is not pages of files, in KiB
    "$@" >/dev/null 2>&1 &
    local pid=$! most=0 now
    while now=$(awk '/^RssAnon/ { print $2 }' "/proc/$pid/status" 2>/dev/null) && [ -n "$now" ]; do
        [ "$now" -gt "$most" ] && most=$now
        sleep 0.005
    done
    wait "$pid"
    echo "$most"
}

same() { "$python" benches/logs_peers.py --same "$work/ours.out" "$work/$1.out"; }

for shape in small large; do
    folder=$archives/$shape-$share
    [ -d "$folder" ] || "$bin/examples/make_logs" "$shape" "$folder" "$share"
    rm -f "$work"/*.runs
    find "$folder" -type f -print0 | xargs -0 cat >/dev/null
    for _ in $(seq "$runs"); do
        once inflate "$bin/examples/inflate_logs" "$folder" "$threads"
        once ours "$bin/trailcost" measure logs "$folder" --format json --threads "$threads"
    done
    read -r stored raw <"$work/inflate.out"
    read -r floor _ < <(median inflate)
    read -r ours _ < <(median ours)
    printf '\n%s: %s files, %s MB stored, %s MB raw, %s threads\n\n' "$shape" "$(find "$folder" -type f | wc -l)" $((stored / 1000000)) $((raw / 1000000)) "$threads"
    printf '| program | CPU time | raw GB/s per core | peak memory | × inflating alone | × trailcost |\n|:--|--:|--:|--:|--:|--:|\n'
    row 'libdeflate, inflating alone' inflate
    row 'trailcost measure logs' ours
    own=$(own_memory "$bin/trailcost" measure logs "$folder" --format json --threads "$threads")
    for peer in "${peers[@]}"; do
        case $peer in
            duckdb | msgspec) once "$peer" "$python" benches/logs_peers.py "$peer" "$folder" "$threads" ;;
            jq) once jq bash benches/logs_jq.sh "$folder" "$threads" ;;
        esac
        same "$peer"
        row "$peer" "$peer"
    done
    "$python" benches/logs_peers.py --events "$work/ours.out" | awk -v m="$own" '{
        printf "\ntrailcost: %.1f MiB without the pages of its program file, %.1f MiB of them for %d deliveries of 20 bytes\n",
            m / 1024, $1 * 20 / 1048576, $1 }'
done
