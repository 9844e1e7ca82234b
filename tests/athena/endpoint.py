"""An Athena on loopback whose queries DuckDB answers, with the bucket whose size is listed.

It checks no signatures and no policies: those are checked elsewhere. A query is answered over the table that the statement before
it made, so that a column which the table does not have is an error here as it is at AWS.
"""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlparse


class Endpoint:
    """Serves until it is closed. `make` takes the text of CREATE TABLE, `ask` a query; that gives columns and rows."""

    def __init__(self, archive, make, ask):
        self.archive, self.make, self.ask = archive, make, ask
        self.runs, self.calls = [], []
        endpoint = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_):
                pass

            def send(self, body, kind, status=200):
                body = body.encode()
                self.send_response(status)
                self.send_header("content-type", kind)
                self.send_header("content-length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def do_GET(self):
                self.send(endpoint.listed(parse_qs(urlparse(self.path).query)), "application/xml")

            def do_POST(self):
                body = self.rfile.read(int(self.headers["content-length"]))
                target = self.headers.get("x-amz-target")
                if target is None:
                    inner = "<Arn>arn:aws:iam::999988887777:user/reader</Arn><UserId>AIDA</UserId><Account>999988887777</Account>"
                    return self.send(
                        f"<GetCallerIdentityResponse><GetCallerIdentityResult>{inner}</GetCallerIdentityResult></GetCallerIdentityResponse>",
                        "text/xml",
                    )
                operation = target.split(".")[1]
                endpoint.calls.append(operation)
                status, answer = endpoint.answer(operation, json.loads(body))
                self.send(json.dumps(answer), "application/x-amz-json-1.1", status)

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()

    def listed(self, query):
        prefix, after = query["prefix"][0], (query.get("continuation-token") or query["start-after"])[0]
        keys = sorted(own.relative_to(self.archive).as_posix() for own in self.archive.rglob("*") if own.is_file())
        keys = [own for own in keys if own.startswith(prefix) and own > after]
        page = keys[:7]
        contents = "".join(f"<Contents><Key>{own}</Key><Size>{(self.archive / own).stat().st_size}</Size></Contents>" for own in page)
        more = len(keys) > len(page)
        token = f"<NextContinuationToken>{page[-1]}</NextContinuationToken>" if more else ""
        return f"<ListBucketResult><IsTruncated>{str(more).lower()}</IsTruncated>{contents}{token}</ListBucketResult>"

    def answer(self, operation, body):
        if operation == "GetWorkGroup":
            return 200, {"WorkGroup": {"Name": body["WorkGroup"], "State": "ENABLED", "Configuration": {}}}
        if operation == "GetTableMetadata":
            return 400, {"__type": "MetadataException", "Message": "EntityNotFoundException: Entity Not Found"}
        if operation == "StartQueryExecution":
            statement = body["QueryString"]
            run = {"state": "SUCCEEDED", "reason": "", "columns": [], "rows": []}
            try:
                if statement.startswith("CREATE"):
                    self.make(statement)
                else:
                    run["columns"], run["rows"] = self.ask(statement)
            except Exception as error:  # as Athena tells it
                run["state"], run["reason"] = "FAILED", str(error)
            self.runs.append(run)
            return 200, {"QueryExecutionId": str(len(self.runs) - 1)}
        run = self.runs[int(body["QueryExecutionId"])]
        if operation == "GetQueryExecution":
            status = {"State": run["state"], "StateChangeReason": run["reason"]}
            return 200, {"QueryExecution": {"Status": status, "Statistics": {"DataScannedInBytes": 1 << 20}}}
        assert operation == "GetQueryResults", operation
        rows = [run["columns"]] + run["rows"]
        begin = int(body.get("NextToken", 0))
        end = begin + body["MaxResults"]
        cell = lambda value: {} if value is None else {"VarCharValue": str(value)}
        return 200, {
            "ResultSet": {
                "Rows": [{"Data": [cell(value) for value in row]} for row in rows[begin:end]],
                "ResultSetMetadata": {"ColumnInfo": [{"Name": name, "Type": "varchar"} for name in run["columns"]]},
            },
            **({"NextToken": str(end)} if end < len(rows) else {}),
        }
