"""Play a client's calls against a service, ids carried over from answers to later calls."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from handlesfake.mpsd.http.message import Headers

FOLDER = Path(__file__).parent
XUIDS = {"host": "9000000000000001", "guest": "9000000000000002", "second": "9000000000000003"}
"""``second`` is a second account of the host's program."""

FORMS = {
    "": r".+",
    "guid": r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}",
    "time": r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{7}Z",
    "etag": r'"[0-9a-f]{32}"',
    "path": r"/serviceconfigs/[0-9a-f-]{36}/[^/]+/[^/]+/[^/]+/[^/]+",
}
"""How a client reads what it needs."""

Send = Callable[[str, str, list[tuple[str, str]], bytes], tuple[int, Headers, bytes]]
"""Method, target, headers and body to status, headers and body."""


@dataclass(frozen=True)
class Traffic:
    """The calls of one client, and what is the same in all of them."""

    client: str
    document: dict[str, Any]


def every_traffic() -> list[Traffic]:
    """All files of this folder."""
    documents = [yaml.safe_load(path.read_text(encoding="utf-8")) for path in sorted(FOLDER.glob("*.yaml"))]
    return [Traffic(document["client"], document) for document in documents]


def replay(traffic: Traffic, send: Send) -> Iterator[str]:
    """What each answer lacks for this client to go on; nothing when all is well."""
    document = traffic.document
    known = {"session": document["session"]}
    for number, call in enumerate(document["calls"], 1):
        method, _, target = filled(call["send"], known).partition(" ")
        body = json.dumps(call["body"]).encode() + document.get("ends_with", "").encode() if "body" in call else b""
        answer = send(method, target, headers_of(document, call, known), body)
        yield from (f"call {number}, {method} {target}: {problem}" for problem in problems_of(call, answer))
        known |= {name: part_of(answer, wanted) for name, wanted in call.get("keep", {}).items()}


def headers_of(document: dict[str, Any], call: dict[str, Any], known: dict[str, str]) -> list[tuple[str, str]]:
    """The headers in the order in which the client writes them."""
    headers = {**document["headers"], **(document["with_body"] if "body" in call else {}), **call.get("headers", {})}
    known = {**known, "token": token_of(call["by"])}
    return [(name, filled(value, known)) for name, value in headers.items()]


def token_of(role: str) -> str:
    """What ``role`` is known by."""
    return f"XBL3.0 x=uhs-{XUIDS[role]};a-made-up-token"


def problems_of(call: dict[str, Any], answer: tuple[int, Headers, bytes]) -> Iterator[str]:
    """What ``answer`` lacks for the client that sent ``call``."""
    status, _, body = answer
    if status not in call["accepts"]:
        yield f"the client accepts {call['accepts']}, and got {status} {body!r}"
        return
    for wanted in call.get("needs", []):
        name, _, form = wanted.partition(" ")
        if not re.fullmatch(FORMS[form], str(part_of(answer, name) or ""), re.DOTALL):
            yield f"the client needs {name} as {form or 'anything'}, and got {part_of(answer, name)!r} in {body[:200]!r}"


def part_of(answer: tuple[int, Headers, bytes], name: str) -> Any:
    """A header by its capital letter, else a field of the body, dotted: ``results.0.id``."""
    _, headers, body = answer
    if name[0].isupper():
        return headers.first(name)
    found: Any = json.loads(body)
    for key in name.split("."):
        if isinstance(found, list):
            found = found[int(key)] if int(key) < len(found) else None
        else:
            found = found.get(key) if isinstance(found, dict) else None
    return found


def filled(text: str, known: dict[str, str]) -> str:
    """``text`` with each ``<name>`` replaced by what is known under it."""
    return re.sub(r"<(\w+)>", lambda found: known[found[1]], text)
