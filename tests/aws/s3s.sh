#!/usr/bin/env bash
# Reads logs from s3s-fs, an S3 server of others that verifies signatures, and compares with the same folder read as it is.
# Building the server takes some minutes; where it cannot be had, this says so and does nothing.
#
#     bash tests/aws/s3s.sh path/to/trailcost
set -euo pipefail
binary=$(realpath "$1")
cd "$(dirname "$0")"
server=${S3S_FS:-../../target/s3s/bin/s3s-fs}
if [ ! -x "$server" ]; then
    cargo install s3s-fs@0.14.1 --locked --quiet --features binary --root ../../target/s3s ||
        { echo "s3s-fs: skipped, it cannot be installed"; exit 0; }
fi
work=$(mktemp -d)
PYTHONDONTWRITEBYTECODE=1 python3 make_logs.py "$work/root/logs"
port=$(python3 -c 'import socket; own = socket.socket(); own.bind(("127.0.0.1", 0)); print(own.getsockname()[1])')
"$server" --host 127.0.0.1 --port "$port" --access-key reader --secret-key of-logs "$work/root" >"$work/log" 2>&1 &
serving=$!
trap 'kill "$serving" 2>/dev/null; rm -rf "$work"' EXIT
for _ in $(seq 100); do
    if (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then break; fi
    sleep 0.1
done
cd "$work"
export AWS_ACCESS_KEY_ID=reader AWS_SECRET_ACCESS_KEY=of-logs AWS_REGION=us-east-1 AWS_EC2_METADATA_DISABLED=true
export AWS_ENDPOINT_URL="http://127.0.0.1:$port"
"$binary" measure logs --quiet --format json "$work/root/logs" >folder.json
"$binary" measure logs --quiet --format json s3://logs | sed "s|s3://logs|$work/root/logs|g" >bucket.json
python3 - <<'P'
import json
folder, bucket = json.load(open("folder.json")), json.load(open("bucket.json"))
asked = bucket.pop("requests")
# A gap names the trail, which is called after its bucket or folder.
assert len(bucket.pop("gaps")) == len(folder.pop("gaps"))
assert folder.pop("requests") == [] and folder == bucket, "the bucket is counted otherwise than its folder"
assert folder["totals"]["events"] == 242 and folder["files"]["digest_files"] == 2_400, folder["totals"]
assert [own["list_requests"] for own in asked] == [3, 0] and asked[1]["get_requests"] == 61, asked
P
if AWS_SECRET_ACCESS_KEY=wrong "$binary" measure logs --quiet s3://logs >wrong 2>&1; then
    echo "a wrong signature was not told"
    exit 1
fi
grep -q SignatureDoesNotMatch wrong
echo "s3s-fs: 2,461 objects are counted as their folder is"
