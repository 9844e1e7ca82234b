#!/usr/bin/env bash
# Opens pages of `trailcost report` in headless Chromium: English, Hindi, and one with hostile names; moves the sliders of the first and
# compares with `trailcost estimate`. Needs chromium, node and npm; skips
# with a plain line where one is missing. Usage: check.sh PATH/TO/trailcost; PAGE_ENVIRONMENT=folder keeps what npm brings.
set -euo pipefail
trailcost=$(realpath "$1")
here=$(cd "$(dirname "$0")" && pwd)
browser=$(command -v chromium || command -v chromium-browser || command -v google-chrome || true)
for tool in node npm; do
    command -v "$tool" >/dev/null || { echo "pages: skipped, there is no $tool"; exit 0; }
done
[ -n "$browser" ] || { echo "pages: skipped, there is no Chromium"; exit 0; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
environment=${PAGE_ENVIRONMENT:-$work/environment}
mkdir -p "$environment"
cp "$here/check.mjs" "$here/what_if.mjs" "$environment/"
[ -d "$environment/node_modules/axe-core" ] ||
    (cd "$environment" && npm init --yes >/dev/null && npm install --silent playwright-core@1.65.1 axe-core@4.14.1)
cd "$work"
scenario() { # month, number, name, owner
    printf 'version = 1\nname = "%s"\nstart = "%s"\nmonths = 2\n' "$3" "$1"
    for account in 111122223333 444455556666; do
        printf '[[account]]\nid = "%s"\nname = "%s"\ntags = { owner = "%s" }\n' "$account" "$3" "$4"
        printf '[[volume]]\naccount = "%s"\nregion = "us-east-1"\npaid_management_events = %s\ns3_data_events = %s\n' \
            "$account" $((1000000 * $2 + ${account:0:1})) $((9000000 + 70000 * $2))
        printf 'usage = { "AWSCloudTrail:InsightsEvents" = %s, "AmazonS3:TimedStorage-ByteHrs" = %s.375 }\n' \
            $((100007 * $2)) $((27000 + 100 * $2))
    done
}
for number in $(seq 14); do
    month=$(printf '%d-%02d' $((2025 + (number + 8) / 12)) $(((number + 8) % 12 + 1)))
    scenario "$month" "$number" production payments >plain.toml
    scenario "$month" "$number" "<img src=x onerror=alert(1)> \\\"'=cmd" '</script><script>alert(2)</script>' >hostile.toml
    for kind in plain hostile; do
        "$trailcost" report record --quiet "$kind.toml" --history "history-$kind" >/dev/null
    done
done
printf 'version = 1\n[[budget]]\nname = "<b>CloudTrail</b>"\nmonthly = "1200"\nyearly = "20000"\n' >budget.toml
"$trailcost" report --quiet --history history-plain --budget budget.toml --out plain >/dev/null
"$trailcost" report --quiet --history history-plain --language hi --quarter 2026-Q3 --budget budget.toml --out hindi >/dev/null
"$trailcost" report --quiet --history history-hostile --out hostile >/dev/null
node "$environment/check.mjs" "$browser" "$work"/{plain,hindi,hostile}/report.html
node "$environment/what_if.mjs" "$browser" "$trailcost" "$work/plain.toml" "$work/plain/report.html"
