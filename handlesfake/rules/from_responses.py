"""From the file that the recorder of ``responses`` wrote to rules that answer the same."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote, urlsplit

from handlesfake.files.placed import Map, Seq
from handlesfake.files.source import Source
from handlesfake.mpsd.http.message import MPSD_HOST, Headers, Response
from handlesfake.mpsd.operations import UNROUTED, route
from handlesfake.rules.rule import Rule, When
from handlesfake.rules.then.actions import Respond
from handlesfake.rules.then.responding import read_headers, read_status

_RESPONSE = ("method", "url", "status", "body", "headers", "content_type", "auto_calculate_content_length")
_CARRIERS = ("content-length", "transfer-encoding", "connection", "content-encoding")
"""What says how a body crossed the wire; what is written down is the body itself."""


def read_recorded(root: Map, source: Source) -> list[Rule]:
    """The rules that answer as the responses of ``root`` do: one after the other; the last one repeats.

    :raises RuleError: something has no counterpart here; it is named.
    """
    source.check_keys(root, ("responses",), "a file of responses")
    listed = root["responses"]
    if not isinstance(listed, Seq) or not listed:
        raise source.wrong("responses must be a list with at least one response", root, "responses")
    nodes = [_response(node, source) for node in listed]
    left = Counter(_key(node) for node in nodes)
    rules = []
    for node in nodes:
        left[_key(node)] -= 1
        rules.append(_rule(node, source, once=left[_key(node)] > 0))
    # an address without a query matches any query, and would hide the rules for a certain one
    return sorted(rules, key=lambda rule: rule.when.query is None)


def _response(node: Any, source: Source) -> Map:
    if not isinstance(node, Map) or list(node) != ["response"] or not isinstance(node["response"], Map):
        raise source.wrong("each of responses must be a mapping with response alone", node)
    said: Map = node["response"]
    for key in said:
        if key not in _RESPONSE:
            raise source.wrong(
                f"{key!r} of responses has no counterpart in rules; these have: {', '.join(_RESPONSE)}", said, key,
                of_value=False,
            )  # fmt: skip
    for key in ("method", "url", "status"):
        if key not in said:
            raise source.wrong(f"a response needs {key}", said)
    try:
        host = urlsplit(source.text(said, "url")).hostname
    except ValueError as error:
        raise source.wrong(f"url cannot be read: {error}", said, "url") from None
    if host != MPSD_HOST:
        raise source.wrong(
            f"a response of {host or 'no host'} has no counterpart: rules answer for {MPSD_HOST} only;"
            " leave it to responses", said, "url",
        )  # fmt: skip
    return said


def _key(node: Mapping[str, Any]) -> tuple[str, str]:
    return str(node["method"]), str(node["url"])


def _rule(node: Map, source: Source, *, once: bool) -> Rule:
    url = urlsplit(source.text(node, "url"))
    method = source.text(node, "method")
    found = route(method, url.path).name
    place = source.place(node)
    return Rule(
        when=When(
            operations=() if found == UNROUTED else (found,),
            method=method,
            path=unquote(url.path).lower(),
            query=url.query or None,
        ),
        then=Respond(_answer(node, source)),
        title=f"response at {place}",
        times=1 if once else None,
        place=place,
        from_file=True,
    )


def _answer(node: Map, source: Source) -> Response:
    headers = read_headers(source.mapping(node, "headers"), source) if "headers" in node else []
    headers = [(name, value) for name, value in headers if name.lower() not in _CARRIERS]
    if "content_type" in node and not any(name.lower() == "content-type" for name, _ in headers):
        headers.append(("Content-Type", source.text(node, "content_type")))
    body = node.get("body")
    if body is None:
        body = ""
    if not isinstance(body, (str, bytes)):
        raise source.wrong("body must be a text", node, "body")
    return Response(read_status(node, source), Headers(headers), body.encode() if isinstance(body, str) else body)
