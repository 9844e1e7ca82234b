#!/usr/bin/env bash
# The count of benches/logs.sh by jq, with awk to count the lines it prints: usage: logs_jq.sh DIRECTORY THREADS
set -euo pipefail
keys='.Records[] | [.recipientAccountId, .awsRegion, .eventTime[:10], .eventCategory, (.readOnly | tostring), .eventSource, .eventName] | join("|")'
count='{ lines[$0]++ } END { for (line in lines) print line, lines[line] }'
part() {
    find "$1" -name '*.json.gz' -print0 | sort -z | awk -v RS='\0' -v ORS='\0' -v n="$2" -v k="$3" 'NR % n == k' |
        xargs -0 zcat | jq -r "$keys" | awk "$count"
}
for ((k = 0; k < $2; k++)); do part "$1" "$2" "$k" & done
wait
