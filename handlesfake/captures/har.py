"""HAR 1.2 as browsers and proxies write it.

What each writer was seen to do, with its version, is in ``docs/captures.md``.
"""

from __future__ import annotations

import json
import re
from functools import partial
from typing import Any, NoReturn

from handlesfake.captures.collecting import Collector
from handlesfake.captures.exchange import NO_HOST, Capture, Unreadable, Unusable
from handlesfake.captures.har_entries import OURS, Attached, EntryReader
from handlesfake.captures.limits import LIMITS, Limits
from handlesfake.captures.messages import Address
from handlesfake.mpsd.state.identity import is_xuid

_SCHEME = re.compile(r"[a-z][a-z0-9+.-]{0,30}:")


def read_har(raw: bytes, attached: Attached = lambda _: None, limits: Limits = LIMITS) -> Capture:
    """What the HAR in ``raw`` holds.

    :param attached: for bodies that are separate files.
    :raises Unreadable: it is not a HAR, or more than ``limits`` allow.
    """
    log = _log(raw, limits)
    entries: list[Any] = log["entries"]
    tool = _tool(log)
    reader = EntryReader(tool, attached)
    found = Collector(len(entries), limits)
    for number, entry in enumerate(entries, 1):
        found.add(number, partial(reader.exchange, number, entry), partial(_label, entry))
    return found.capture(tool, _roles(log) if tool.startswith(OURS) else None)


def _log(raw: bytes, limits: Limits) -> dict[str, Any]:
    values = sum(map(raw.count, (b"[", b"{", b",")))
    if values > limits.values:
        raise Unreadable(f"it holds more values than are read: some {values}, and {limits.values} are the most")
    try:
        document = json.loads(raw.decode("utf-8-sig"), object_pairs_hook=_unique)
    except UnicodeDecodeError as error:
        raise Unreadable(f"it is not UTF-8 from byte {error.start} on") from None
    except json.JSONDecodeError as error:
        raise Unreadable(
            f"it is not JSON: line {error.lineno}, column {error.colno}: {error.msg}; it may be cut short"
        ) from None
    except ValueError as error:
        raise Unreadable(f"it is not JSON: {error}") from None
    except RecursionError:
        raise Unreadable("its JSON is nested deeper than is read") from None
    log = document.get("log") if isinstance(document, dict) else None
    if not isinstance(log, dict) or not isinstance(log.get("entries"), list):
        raise Unreadable("it is JSON and no HAR: there is no list log.entries")
    return log


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        _refuse_twice(pairs)
    return found


def _refuse_twice(pairs: list[tuple[str, Any]]) -> NoReturn:
    names = [name for name, _ in pairs]
    twice = next(name for name in names if names.count(name) > 1)
    raise ValueError(f"the key {twice[:60]!a} stands twice in one object")


def _tool(log: dict[str, Any]) -> str:
    creator = log.get("creator")
    if not isinstance(creator, dict):
        return ""
    words = (creator.get("name"), creator.get("version"))
    return " ".join(word for word in words if isinstance(word, str))[:80]


def _roles(log: dict[str, Any]) -> dict[str, str]:
    """Role to xuid, as we have written them."""
    roles = log.get("_roles")
    if not isinstance(roles, dict) or not all(isinstance(xuid, str) and is_xuid(xuid) for xuid in roles.values()):
        return {}
    return roles if len(set(roles.values())) == len(roles) else {}


def _label(entry: Any) -> tuple[str, str]:
    """Host and request line of an entry, as far as they can be told."""
    request = entry.get("request") if isinstance(entry, dict) else None
    url, method = (request.get("url"), request.get("method")) if isinstance(request, dict) else ("", "")
    # a WebSocket begins as a request of HTTP
    address, method = re.sub(r"\Aws(s?):", r"http\1:", str(url), flags=re.IGNORECASE), str(method)[:20]
    try:
        found = Address.of(address)
    except Unusable:
        scheme = _SCHEME.match(str(url).lower())
        return NO_HOST if scheme and scheme[0] not in ("http:", "https:") else "", f"{method} {str(url)[:60]}".strip()
    return found.host, f"{method} {found.target.partition('?')[0]}"
