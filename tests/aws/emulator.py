"""moto as AWS on loopback, for tests/aws/against_moto.py: a second opinion beside the emulator that the Rust tests bring along.

moto verifies signatures and IAM policies with its own code. What it does not have is put in front of it here:
CloudWatch in CBOR (the SDK's protocol, translated to the JSON that moto speaks), and answers of operations it lacks.
"""
import io
import json
import re

import cbor2
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from botocore.session import get_session
from moto.server import DomainDispatcherApplication, create_backend_app

CLOUDWATCH = get_session().get_service_model("cloudwatch")
CBOR_PATH = re.compile(r"/service/\w+/operation/(\w+)$")


class Front:
    """A WSGI application that sends every request on to moto, but for those that moto cannot answer."""

    def __init__(self, lacking):
        self.moto = DomainDispatcherApplication(create_backend_app)
        self.lacking = lacking
        self.seen = []
        # The reader's access key, once moto looks at signatures: what is translated has to be signed anew.
        self.key = None

    def signed(self, environ, body):
        """Signs a translated request; it counts only if the original was signed with the same key."""
        if f"Credential={self.key['AccessKeyId']}/" not in environ.get("HTTP_AUTHORIZATION", ""):
            return {}
        headers = {"Content-Type": environ["CONTENT_TYPE"], "X-Amz-Target": environ["HTTP_X_AMZ_TARGET"], "Host": environ["HTTP_HOST"]}
        region = environ["HTTP_AUTHORIZATION"].split("/")[2]
        request = AWSRequest("POST", f"http://{environ['HTTP_HOST']}/", headers=headers, data=body)
        key = Credentials(self.key["AccessKeyId"], self.key["SecretAccessKey"])
        SigV4Auth(key, "monitoring", region).add_auth(request)
        return {"HTTP_AUTHORIZATION": request.headers["Authorization"], "HTTP_X_AMZ_DATE": request.headers["X-Amz-Date"]}

    def __call__(self, environ, start):
        path = environ["PATH_INFO"]
        target = environ.get("HTTP_X_AMZ_TARGET", "")
        cbor = CBOR_PATH.search(path)
        if cbor:
            self.seen.append(f"cloudwatch:{cbor[1]}")
            return self.cloudwatch(environ, start, cbor[1])
        if target:
            service = "cloudtrail" if "CloudTrail" in target else target.split("_")[0].rsplit(".", 1)[-1].lower()
            self.seen.append(f"{service}:{target.rsplit('.', 1)[-1]}")
        name = target.rsplit(".", 1)[-1] or path
        if name in self.lacking:
            environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
            status, body = self.lacking[name]
            return reply(start, status, json.dumps(body).encode(), "application/x-amz-json-1.1")
        parts = {part.rstrip("=") for part in environ.get("QUERY_STRING", "").split("&")}
        if "versioning" in parts:
            return self.versioning(environ, start)
        if "metrics" in parts:
            # moto has no request metrics, and lists objects instead.
            none = b"<ListMetricsConfigurationsResult><IsTruncated>false</IsTruncated></ListMetricsConfigurationsResult>"
            return reply(start, "200 OK", none, "application/xml")
        return self.moto(environ, start)

    def ask(self, environ):
        """Returns moto's status, headers and body."""
        heard = []
        chunks = self.moto(environ, lambda status, headers, *rest: heard.extend([status, headers]) or (lambda data: None))
        return heard[0], heard[1], b"".join(chunks)

    def versioning(self, environ, start):
        """moto names the root after the operation; AWS, and so the SDK, after the type."""
        status, headers, body = self.ask(environ)
        body = body.replace(b"GetBucketVersioningResponse", b"VersioningConfiguration")
        kept = [(name, own) for name, own in headers if name.lower() != "content-length"]
        start(status, [*kept, ("Content-Length", str(len(body)))])
        return [body]

    def cloudwatch(self, environ, start, operation):
        """Hands a CBOR request to moto as JSON, and its answer back as CBOR."""
        raw = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        body = json.dumps(plain(cbor2.loads(raw) if raw else {})).encode()
        inner = dict(environ)
        inner.update(
            {
                "wsgi.input": io.BytesIO(body),
                "CONTENT_LENGTH": str(len(body)),
                "CONTENT_TYPE": "application/x-amz-json-1.0",
                "HTTP_X_AMZ_TARGET": f"GraniteServiceVersion20100801.{operation}",
                "PATH_INFO": "/",
                "RAW_URI": "/",
                "REQUEST_URI": "/",
            }
        )
        inner.pop("HTTP_SMITHY_PROTOCOL", None)
        if self.key:
            inner.update(self.signed(inner, body))
        status, _, text = self.ask(inner)
        if text.strip().startswith(b"{"):
            value = json.loads(text)
        else:
            # An error of its checks comes as XML.
            code = re.search(rb"<Code>(\w+)</Code>", text)
            value = {"__type": code[1].decode() if code else "InternalFailure"}
        if status.startswith("2"):
            value = shaped(value, CLOUDWATCH.operation_model(operation).output_shape)
        return reply(start, status, cbor2.dumps(value), "application/cbor", [("smithy-protocol", "rpc-v2-cbor")])


def reply(start, status, body, kind, more=()):
    start(status, [("Content-Type", kind), ("Content-Length", str(len(body))), *more])
    return [body]


def plain(value):
    """Turns what CBOR has (times) into what JSON has (seconds)."""
    if hasattr(value, "timestamp"):
        return value.timestamp()
    if isinstance(value, dict):
        return {key: plain(own) for key, own in value.items()}
    if isinstance(value, list):
        return [plain(own) for own in value]
    return value


def shaped(value, shape):
    """Gives an answer the types that its shape asks for: JSON has neither times nor whole doubles."""
    if value is None or shape is None:
        return value
    if shape.type_name == "structure":
        known = {key: own for key, own in value.items() if key in shape.members and own is not None}
        return {key: shaped(own, shape.members[key]) for key, own in known.items()}
    if shape.type_name == "list":
        return [shaped(own, shape.member) for own in value]
    if shape.type_name == "timestamp":
        if isinstance(value, str):
            import datetime

            value = datetime.datetime.fromisoformat(value.replace("Z", "+00:00")).timestamp()
        return cbor2.CBORTag(1, float(value))
    if shape.type_name in ("double", "float"):
        return float(value)
    return value
