#!/usr/bin/env bash
# The count of benches/logs.sh by jq: usage: logs_jq.sh DIRECTORY THREADS
set -euo pipefail
count='reduce (inputs | .Records[]) as $r ({}; .[[$r.recipientAccountId, $r.awsRegion, $r.eventTime[:10], $r.eventCategory,
    ($r.readOnly | tostring), $r.eventSource, $r.eventName] | join("|")] += 1) | to_entries[] | "\(.key) \(.value)"'
part() { find "$1" -name '*.json.gz' -print0 | sort -z | awk -v RS='\0' -v ORS='\0' -v n="$2" -v k="$3" 'NR % n == k' | xargs -0 zcat | jq -nr "$count"; }
for ((k = 0; k < $2; k++)); do part "$1" "$2" "$k" & done
wait
