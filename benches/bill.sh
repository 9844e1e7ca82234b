#!/usr/bin/env bash
# Measures `measure bill` against DuckDB on the same sum: a generated legacy CUR of 5 GB as csv, and of 1 GB as csv, csv.gz
# and Parquet. Prints a table with time, peak memory and the ratio of the times, and fails if the sums differ. Needs python3
# with duckdb and GNU time, and 12 GB of disk. Usage: benches/bill.sh [DIRECTORY] [MEGABYTES OF THE LARGE FILE]
set -euo pipefail
cd "$(dirname "$0")/.."
work=${1:-$(mktemp -d)}
large=${2:-5120}
python=${PYTHON:-python3}
"$python" -c 'import duckdb' 2>/dev/null || { echo "missing: python's duckdb (pip install duckdb)" >&2; exit 1; }
cargo build --release --quiet
program=target/release/trailcost
mkdir -p "$work"

once() { # output name, command … : seconds and KiB on stdout
    local out=$1
    shift
    /usr/bin/time -f '%e %M' -o "$work/time" "$@" >"$out" 2>"$work/stderr" || { cat "$work/stderr" >&2; exit 1; }
    cat "$work/time"
}

best() { # runs, output name, command … : the shortest of the times, the largest of the peaks
    local runs=$1
    shift
    for _ in $(seq "$runs"); do once "$@"; done | awk 'NR == 1 || $1 < t { t = $1 } $2 > m { m = $2 } END { print t, m }'
}

compare() { # label, runs, file
    local label=$1 runs=$2 file=$3 ours theirs
    cat "$file" >/dev/null
    ours=$(best "$runs" "$work/ours.json" "$program" measure bill "$file" --format json)
    theirs=$(best "$runs" "$work/theirs.json" "$python" benches/bill_duckdb.py "$file")
    "$python" benches/bill_duckdb.py --same "$work/ours.json" "$work/theirs.json"
    echo "$label $ours $theirs" | awk '{ printf "| %s | %.2f s | %.1f MiB | %.2f s | %.0f MiB | %.2f |\n", $1, $2, $3 / 1024, $4, $5 / 1024, $2 / $4 }'
}

printf '| file | trailcost | its peak | DuckDB | its peak | time over DuckDB |\n|:--|--:|--:|--:|--:|--:|\n'
python3 benches/make_cur.py "$large" "$work/large.csv"
compare "csv,_$((large / 1024))_GB" 2 "$work/large.csv"
rm "$work/large.csv"
python3 benches/make_cur.py 1024 "$work/small.csv"
compare csv,_1_GB 3 "$work/small.csv"
gzip -1 -k "$work/small.csv"
compare csv.gz,_of_1_GB 3 "$work/small.csv.gz"
"$python" benches/bill_duckdb.py --parquet "$work/small.csv" "$work/small.parquet"
compare Parquet,_of_1_GB 3 "$work/small.parquet"
rm -r "$work"
