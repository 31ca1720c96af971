"""Flow files of mitmproxy (``mitmdump -w``): headers and bodies as bytes, as they crossed the wire."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import Any

from handlesfake.captures.collecting import Collector
from handlesfake.captures.exchange import Capture, CapturedExchange, Unreadable, Unusable, shown
from handlesfake.captures.limits import LIMITS, Limits
from handlesfake.captures.messages import (
    Address,
    announced,
    authority,
    check_length,
    check_status,
    header_lines,
    is_bodiless,
    method_of,
    undone,
)
from handlesfake.captures.mitmproxy_own import states_by_mitmproxy
from handlesfake.captures.tnetstrings import read_tnetstrings
from handlesfake.mpsd.http.message import Headers, Request, Response

FORMAT = 21
"""The ``version`` of flows that is read here: mitmproxy 11.0.2 and 12.3.1 write it."""


def read_flows(raw: bytes, limits: Limits = LIMITS) -> Capture:
    """What the flow file in ``raw`` holds.

    mitmproxy's own reader reads it where it is installed, once our own has seen that it keeps to ``limits``.

    :raises Unreadable: it is not a flow file, or more than ``limits`` allow.
    """
    states = list(read_tnetstrings(raw, limits))
    if not all(isinstance(state, dict) for state in states):
        raise Unreadable("it is not a flow file: its content is not a mapping")
    by_mitmproxy = states_by_mitmproxy(raw)
    if by_mitmproxy is None:
        _check_version(states)
    found = Collector(len(states), limits)
    for number, state in enumerate(states if by_mitmproxy is None else by_mitmproxy, 1):
        found.add(number, partial(_exchange, number, state), partial(_label, state))
    return found.capture("mitmproxy")


def _check_version(states: Iterable[dict[Any, Any]]) -> None:
    for number, state in enumerate(states, 1):
        version = state.get("version", state.get(b"version"))
        if version != FORMAT:
            raise Unreadable(
                f"its flow #{number} has the format {ascii(version)[:40]}, and {FORMAT} is read here; "
                "install mitmproxy beside handlesfake: its own reader is then used"
            )


def _exchange(number: int, state: dict[Any, Any]) -> CapturedExchange:
    if state.get("type") != "http":
        raise Unusable(f"no HTTP: {ascii(state.get('type'))[:40]}")
    if state.get("websocket") is not None:
        raise Unusable("a WebSocket: what is pushed is not replayed")
    if state.get("is_replay") == "response":
        raise Unusable("mitmproxy gave the answer, and no server")
    sent = _mapping(state, "request")
    _refuse_a_failure(state)
    came = _mapping(state, "response")
    notes = ["it was changed in mitmproxy, and is taken as changed"] if state.get("backup") is not None else []
    if came.get("trailers") is not None:
        notes.append("its trailers are left out")
    request, said = _request(sent)
    response, told = _response(came, request.method)
    started = sent.get("timestamp_start")
    moment = float(started) if isinstance(started, (int, float)) and abs(started) < 1e12 else None
    return CapturedExchange(number, request, response, moment, (*notes, *said, *told))


def _refuse_a_failure(state: dict[Any, Any]) -> None:
    """Pass over a flow that ended well.

    :raises Unusable: it broke off.
    """
    error = state.get("error")
    if error is not None:
        message = error.get("msg") if isinstance(error, dict) else ""
        raise Unusable(f"it broke off: {shown(str(message))}")
    if state.get("response") is None:
        raise Unusable("no server answered")


def _request(sent: dict[Any, Any]) -> tuple[Request, tuple[str, ...]]:
    headers = header_lines(_lines(sent))
    scheme = "http" if _text(sent, "scheme") == "http" else "https"
    method = method_of(_text(sent, "method"))
    host = _host(sent, headers, scheme)
    target = _text(sent, "path")
    if not target.startswith("/"):
        raise Unusable("its target is not a path")
    address = Address.of(f"{scheme}://{host}{target}")
    headers, body, notes = _body("the request", sent, headers)
    return Request(method, address.target, headers, body, address.host), notes


def _host(sent: dict[Any, Any], headers: Headers, scheme: str) -> str:
    """The host that the client has asked: ``host`` and ``port`` may be where an add-on has sent it."""
    asked = _text(sent, "authority") or headers.first("Host") or ""
    if not asked:
        host = sent.get("host")
        # an address of IPv6 has no brackets there
        asked = f"[{host}]" if isinstance(host, str) and ":" in host else str(host)
        asked = f"{asked}:{sent.get('port')}"
    return authority(asked, scheme)


def _response(came: dict[Any, Any], method: str) -> tuple[Response, tuple[str, ...]]:
    headers = header_lines(_lines(came))
    status = came.get("status_code")
    if type(status) is not int:
        raise Unusable("its status is not a number")
    check_status(status)
    reason = _text(came, "reason")
    reason = reason if reason.isascii() and reason.isprintable() else ""
    if is_bodiless(method, status):
        return Response(status, headers.without("Content-Encoding"), b"", reason or None), ()
    headers, body, notes = _body("the answer", came, headers)
    return Response(status, headers, body, reason or None), notes


def _body(what: str, message: dict[Any, Any], headers: Headers) -> tuple[Headers, bytes, tuple[str, ...]]:
    content = message.get("content")
    if content is None:
        raise Unusable(f"the body of {what} is not in the file: it broke off, or was streamed")
    if not isinstance(content, bytes):
        raise Unusable(f"the body of {what} is not bytes")
    check_length(what, content, announced(headers))
    return undone(what, headers, content)


def _mapping(state: dict[Any, Any], key: str) -> dict[Any, Any]:
    found = state.get(key)
    if not isinstance(found, dict):
        raise Unusable(f"its {key} is not a mapping")
    return found


def _text(message: dict[Any, Any], key: str) -> str:
    """The bytes, or the text, under ``key``, as Latin-1."""
    found = message.get(key)
    if isinstance(found, bytes):
        return found.decode("latin-1")
    return found if isinstance(found, str) else ""


def _lines(message: dict[Any, Any]) -> Iterable[tuple[str, str]]:
    lines = message.get("headers")
    if not isinstance(lines, (list, tuple)):
        raise Unusable("its headers are not a list")
    for line in lines:
        if not isinstance(line, (list, tuple)) or len(line) != 2 or not all(isinstance(one, bytes) for one in line):
            raise Unusable("a header is not a pair of bytes")
        yield line[0].decode("latin-1"), line[1].decode("latin-1")


def _label(state: dict[Any, Any]) -> tuple[str, str]:
    """Host and request line of a flow, as far as they can be told."""
    sent = state.get("request")
    if not isinstance(sent, dict):
        return "", str(state.get("type"))[:20]
    try:
        host = _host(sent, header_lines(_lines(sent)), _text(sent, "scheme") or "https")
    except Unusable:
        host = ""
    return host, f"{_text(sent, 'method')[:20]} {_text(sent, 'path').partition('?')[0][:200]}"
