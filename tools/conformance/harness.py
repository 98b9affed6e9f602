"""What both scripts share: checks that report one JSON line each, clients, and the sandbox's clock."""

import json
import sys
import time
import traceback
import urllib.request

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

GLOBAL = {"organizations", "account", "budgets", "support"}  # these answer in us-east-1 only
# Every refusal must be seen as it is, so botocore never retries here.
CONFIG = Config(retries={"max_attempts": 0}, connect_timeout=5, read_timeout=30)


def report(name, error=None):
    line = {"name": name, "ok": error is None}
    if error is not None:
        line["detail"] = str(error)
    print(json.dumps(line, ensure_ascii=False), flush=True)


def run(checks):
    """Runs the checks in order; a later one may use what an earlier one left in the context."""
    failed = 0
    for check in checks:
        name = check.__doc__.strip()
        try:
            check()
            report(name)
        except Exception as error:  # a check may fail in any way, and each is a result
            failed += 1
            where = traceback.extract_tb(error.__traceback__)[-1]
            report(name, f"{type(error).__name__}: {error} (line {where.lineno})")
    sys.exit(0 if failed == 0 else 1)


def clients(endpoint, keys, region="ap-northeast-1"):
    session = boto3.Session(
        aws_access_key_id=keys["accessKeyId"],
        aws_secret_access_key=keys["secretAccessKey"],
        aws_session_token=keys.get("sessionToken"),
        region_name=region,
    )
    made = {}

    def client(service):
        if service not in made:
            where = "us-east-1" if service in GLOBAL else region
            made[service] = session.client(service, endpoint_url=endpoint, region_name=where, config=CONFIG)
        return made[service]

    return client


def refused(code, call, **arguments):
    """The call must be refused with exactly that code; returns the error's body."""
    codes = (code,) if isinstance(code, str) else code
    try:
        call(**arguments)
    except ClientError as error:
        got = error.response["Error"]["Code"]
        assert got in codes, f"refused with `{got}` instead of {codes}: {error}"
        return error.response
    raise AssertionError(f"was not refused with {codes}")


class Control:
    """The sandbox's control API: time and faults."""

    def __init__(self, endpoint):
        self.endpoint = endpoint

    def ask(self, method, path, body=None):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{self.endpoint}/_sandbox/{path}", data=data, method=method)
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.loads(answer.read() or b"null")

    def advance(self, minutes):
        self.ask("POST", "time", {"advanceMs": minutes * 60_000})

    def until(self, look, minutes=5, looks=100):
        """Looks again after virtual minutes until there is something."""
        for _ in range(looks):
            seen = look()
            if seen:
                return seen
            self.advance(minutes)
            time.sleep(0.01)
        raise AssertionError(f"nothing was seen in {looks} looks, {minutes} virtual minutes apart")
