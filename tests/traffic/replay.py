"""Play a client's calls against a service, ids carried over from answers to later calls."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from handlesfake.mpsd.message import Headers

FOLDER = Path(__file__).parent
XUIDS = {"host": "9000000000000001", "guest": "9000000000000002"}

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
        method, _, target = _filled(call["send"], known).partition(" ")
        body = json.dumps(call["body"]).encode() + document.get("ends_with", "").encode() if "body" in call else b""
        answer = send(method, target, _headers(document, call, known), body)
        yield from (f"call {number}, {method} {target}: {problem}" for problem in _problems(call, answer))
        known |= {name: _part(answer, wanted) for name, wanted in call.get("keep", {}).items()}


def _headers(document: dict[str, Any], call: dict[str, Any], known: dict[str, str]) -> list[tuple[str, str]]:
    headers = {"Authorization": f"XBL3.0 x=uhs-{XUIDS[call['by']]};a-made-up-token", **document["headers"]}
    headers |= document["with_body"] if "body" in call else {}
    headers |= {name: _filled(value, known) for name, value in call.get("headers", {}).items()}
    return list(headers.items())


def _problems(call: dict[str, Any], answer: tuple[int, Headers, bytes]) -> Iterator[str]:
    status, _, body = answer
    if status not in call["accepts"]:
        yield f"the client accepts {call['accepts']}, and got {status} {body!r}"
        return
    for name in call.get("needs", []):
        if _part(answer, name) in (None, ""):
            yield f"the client needs {name}, and got {body[:200]!r}"


def _part(answer: tuple[int, Headers, bytes], name: str) -> Any:
    """A header by its capital letter, else a field of the body."""
    _, headers, body = answer
    return headers.first(name) if name[0].isupper() else json.loads(body).get(name)


def _filled(text: str, known: dict[str, str]) -> str:
    return re.sub(r"<(\w+)>", lambda found: known[found[1]], text)
