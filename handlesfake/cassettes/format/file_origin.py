"""Files of other tools, by what they look like: whose file it is, and the way from there."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

_Fields = Mapping[str, Any]
_AGAIN = "vcrpy's layout is read here: record again, with handlesfake or vcrpy"


_IMPORT = "handlesfake import FILE --to cassettes/NAME.yaml makes a cassette of it"


def whose_bytes(raw: bytes) -> str:
    """What to say about ``raw``, a file that is not text; empty where it may be one, or where its tool is unknown."""
    return next((said for begins, said in _BEGINS if begins.match(raw)), "")


def whose(root: Any) -> str:
    """What to say of ``root``, the content of a file that is not a cassette; empty where no tool is known by it."""
    if isinstance(root, list):
        return _of_list(root)
    if not isinstance(root, Mapping):
        return ""
    return next((said for looks_like, said in _LOOKS if looks_like(root)), "")


def _of_list(items: list[Any]) -> str:
    first = items[0] if items and isinstance(items[0], Mapping) else {}
    if {"scope", "method", "path"} <= set(first):
        return f"this looks like a recording of nock: {_AGAIN}"
    return "vcrpy wrote this before its version 1.0: python -m vcr.migration PATH makes a new one of it"


def _first(root: _Fields, key: str) -> _Fields:
    """The part ``key`` of the first interaction; an empty mapping where there is none."""
    items = root.get("interactions")
    first = items[0] if isinstance(items, list) and items else None
    found = first.get(key) if isinstance(first, Mapping) else None
    return found if isinstance(found, Mapping) else {}


def _is_har(root: _Fields) -> bool:
    return isinstance(root.get("log"), Mapping) and "entries" in root["log"]


def _is_hoverfly(root: _Fields) -> bool:
    return isinstance(root.get("data"), Mapping) and "pairs" in root["data"]


def _is_go_vcr(root: _Fields) -> bool:
    request = _first(root, "request")
    return "url" in request and "uri" not in request


def _is_cassetter(root: _Fields) -> bool:
    bodies = [_first(root, "request").get("body"), _first(root, "response").get("body")]
    return any(isinstance(body, Mapping) and {"type", "content"} <= set(body) for body in bodies)


_LOOKS: tuple[tuple[Callable[[_Fields], bool], str], ...] = (
    (
        lambda root: "http_interactions" in root,
        f"this looks like a recording of betamax or of VCR for Ruby: {_AGAIN}",
    ),
    (_is_har, f"this is a HAR file: {_IMPORT}"),
    (_is_hoverfly, f"this looks like a simulation of hoverfly: {_AGAIN}"),
    (
        lambda root: isinstance(root.get("responses"), list),
        "this looks like a file of the recorder of responses: it plays as rules, @pytest.mark.mpsd(rules=[PATH])",
    ),
    (lambda root: "mappings" in root, f"this looks like a file of WireMock: {_AGAIN}"),
    (_is_go_vcr, f"this looks like a cassette of go-vcr: {_AGAIN}"),
    (_is_cassetter, f"this looks like a cassette of cassetter: {_AGAIN}"),
)

_BEGINS = (
    (
        re.compile(rb"PK(?:\x03\x04|\x05\x06)"),
        f"this is a zip archive. If it is a SAZ of Fiddler, or a HAR of Playwright: {_IMPORT}",
    ),
    (re.compile(rb"[0-9]{1,12}:[0-9]{1,4}:[a-z_]+[;,]"), f"this looks like a flow file of mitmproxy: {_IMPORT}"),
    (re.compile(rb"\x1f\x8b"), "this is packed by gzip: unpack it first"),
    (re.compile(rb"\xff\xfe|\xfe\xff"), "this is a text in UTF-16: save it as UTF-8"),
)
