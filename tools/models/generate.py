#!/usr/bin/env python3
"""Writes server/src/sandbox/models/<service>.json from botocore's service models, without documentation.

    python3 -m venv /tmp/venv-models && /tmp/venv-models/bin/pip install botocore==1.43.127
    /tmp/venv-models/bin/python tools/models/generate.py            # writes
    /tmp/venv-models/bin/python tools/models/generate.py --check    # exit 1 if the committed files differ

Which services and operations: operations.json beside this file. The format: server/src/sandbox/models/README.md.
"""

import json
import re
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
TARGET = HERE.parent.parent / "server" / "src" / "sandbox" / "models"

METADATA = ["apiVersion", "endpointPrefix", "protocol", "serviceFullName", "serviceId",
            "targetPrefix", "jsonVersion", "xmlNamespace", "awsQueryCompatible"]
OPERATION = ["errors", "idempotent", "readonly", "authtype"]
SHAPE = ["type", "required", "enum", "min", "max", "pattern", "timestampFormat", "flattened", "locationName",
         "union", "document", "exception", "fault", "error", "payload", "sensitive", "box", "wrapper"]
NEEDS_NO_ESCAPE = "_: <>'\"#@,=&%~!;"
MEMBER = ["shape", "location", "locationName", "flattened", "timestampFormat", "idempotencyToken",
          "queryName", "xmlNamespace", "streaming"]


def only(keys, value):
    return {key: value[key] for key in keys if key in value}


def member(value):
    return only(MEMBER, value)


def javascript_pattern(pattern):
    """Java's pattern as one for `new RegExp(`^(?:${pattern})$`, 'u')`: flag u refuses escapes that mean nothing."""
    def escaped(match):
        character = match.group(1)
        return "\\x2d" if character == "-" else character if character in NEEDS_NO_ESCAPE else match.group(0)

    return re.sub(r"\\(.)", escaped, pattern.replace("(?i)", ""))


def compact_shape(shape):
    out = only(SHAPE, shape)
    if "pattern" in out:
        out["pattern"] = javascript_pattern(out["pattern"])
    if "members" in shape:
        out["members"] = {name: member(value) for name, value in shape["members"].items()}
    for part in ("member", "key", "value"):
        if part in shape:
            out[part] = member(shape[part])
    return out


def references(shape):
    members = shape.get("members", {}).values()
    return [m["shape"] for m in (*members, *(shape[p] for p in ("member", "key", "value") if p in shape))]


def reachable(shapes, roots):
    seen, todo = set(), list(roots)
    while todo:
        name = todo.pop()
        if name not in seen:
            seen.add(name)
            todo.extend(references(shapes[name]))
    return seen


def compact_operation(operation):
    out = {"http": only(["method", "requestUri", "responseCode"], operation["http"])}
    if "input" in operation:
        out["input"] = operation["input"]["shape"]
    if "output" in operation:
        out["output"] = operation["output"]["shape"]
        out.update(only(["resultWrapper"], operation["output"]))
    rest = only(OPERATION, operation)
    rest["errors"] = [error["shape"] for error in operation.get("errors", [])]
    return out | rest


def compact_metadata(metadata):
    out = only(METADATA, metadata)
    out["protocols"] = metadata.get("protocols", [metadata["protocol"]])
    out["signingName"] = metadata.get("signingName", metadata["endpointPrefix"])
    return out


def pagination_of(loader, service, names):
    try:
        pages = loader.load_service_model(service, "paginators-1")["pagination"]
    except Exception as error:  # a service without paginators
        if type(error).__name__ != "UnknownServiceError" and type(error).__name__ != "DataNotFoundError":
            raise
        return {}
    keys = ["input_token", "output_token", "limit_key", "result_key"]
    return {name: only(keys, page) for name, page in sorted(pages.items()) if name in names}


def with_patterns(shapes, patterns):
    """Patterns of the model that AWS's own guides break: a hook of AWS is published by `aws-hooks`."""
    for name, pattern in patterns.items():
        shapes[name] = shapes[name] | {"pattern": pattern}
    return shapes


def with_query_codes(shapes, codes):
    """Codes of the query protocol that SQS still sends beside its JSON errors (Smithy's trait awsQueryError)."""
    for name, code in codes.items():
        shapes[name] = shapes[name] | {"error": {"code": code, "httpStatusCode": 400, "senderFault": True}}
    return shapes


def compact(loader, service, wanted, codes, patterns):
    model = loader.load_service_model(service, "service-2")
    missing = [] if wanted == "*" else [name for name in wanted if name not in model["operations"]]
    if missing:
        sys.exit(f"operations.json asks for {missing}, which botocore's model of `{service}` does not have")
    names = sorted(model["operations"] if wanted == "*" else wanted)
    operations = {name: compact_operation(model["operations"][name]) for name in names}
    roots = [s for o in operations.values() for s in (o.get("input"), o.get("output"), *o["errors"]) if s]
    shapes = {name: compact_shape(model["shapes"][name]) for name in sorted(reachable(model["shapes"], roots))}
    return {"metadata": compact_metadata(model["metadata"]), "operations": operations,
            "pagination": pagination_of(loader, service, set(names)), "shapes": with_patterns(with_query_codes(shapes, codes), patterns)}


def text_of(model):
    """One operation or shape a line: small, and a difference is readable."""
    def line(value):
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"))

    def section(entries):
        return ",\n".join(f"{line(name)}:{line(value)}" for name, value in entries.items())

    parts = [f'"metadata":{line(model["metadata"])}']
    for name in ("operations", "pagination", "shapes"):
        parts.append(f'"{name}":{{\n{section(model[name])}\n}}')
    return "{" + ",\n".join(parts) + "}\n"


def main():
    import botocore
    from botocore.loaders import Loader
    plan = json.loads((HERE / "operations.json").read_text("utf-8"))
    if botocore.__version__ != plan["botocore"]:
        sys.exit(f"this is botocore {botocore.__version__}; install botocore=={plan['botocore']}")
    loader, stale = Loader(), []
    for service, wanted in plan["services"].items():
        codes = plan["queryErrorCodes"].get(service, {})
        patterns = plan["patterns"].get(service, {})
        path, text = TARGET / f"{service}.json", text_of(compact(loader, service, wanted, codes, patterns))
        if "--check" not in sys.argv:
            path.write_text(text, "utf-8")
        elif not path.exists() or path.read_text("utf-8") != text:
            stale.append(path.name)
    if stale:
        sys.exit(f"not as generated: {', '.join(stale)}; run tools/models/generate.py")


if __name__ == "__main__":
    main()
