"""Placeholders in cases: ``<guid>``, ``<time>``, ``<any>``, ``<guid:name>``, ``<same:name>``, ``<other:name>``."""

from __future__ import annotations

import re
from typing import Any

_GUID = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
_TIME = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{7}Z"
_MARK = re.compile(r"<(guid|time|any|same|other)(?::(\w+))?>")
_TIMES = re.compile(r"<(\d+) \* (.)>")

Bound = dict[str, str]


def filled(value: Any, bound: Bound) -> Any:
    """``value`` as it is sent: repetitions written out, bound names in place."""
    if isinstance(value, dict):
        return {key: filled(part, bound) for key, part in value.items()}
    if isinstance(value, list):
        return [filled(part, bound) for part in value]
    if not isinstance(value, str):
        return value
    value = _TIMES.sub(lambda found: int(found[1]) * found[2], value)
    return re.sub(r"<same:(\w+)>", lambda found: bound[found[1]], value)


def difference(expected: Any, actual: Any, bound: Bound, *, exact: bool, at: str = "body") -> list[str]:
    """Where ``actual`` is not as ``expected`` says; binds names on its way.

    :param exact: no more keys than expected, and in this order.
    """
    if expected == "<any>":
        return []
    if isinstance(expected, dict) and isinstance(actual, dict):
        return _keys(expected, actual, exact, at) + [
            line
            for key, part in expected.items()
            if key in actual
            for line in difference(part, actual[key], bound, exact=exact, at=f"{at}.{key}")
        ]
    if isinstance(expected, list) and isinstance(actual, list) and len(expected) == len(actual):
        return [
            line
            for place, (part, other) in enumerate(zip(expected, actual, strict=True))
            for line in difference(part, other, bound, exact=exact, at=f"{at}[{place}]")
        ]
    if isinstance(expected, str) and isinstance(actual, str):
        return [] if matches(expected, actual, bound) else [f"{at}: expected {expected!r}, got {actual!r}"]
    same = type(expected) is type(actual) and expected == actual
    return [] if same else [f"{at}: expected {expected!r}, got {actual!r}"]


def _keys(expected: dict[str, Any], actual: dict[str, Any], exact: bool, at: str) -> list[str]:
    wanted, found = list(expected), list(actual)
    if exact and wanted != found:
        return [f"{at}: expected the keys {wanted}, got {found}"]
    return [f"{at}.{key} is missing" for key in wanted if key not in actual]


def matches(expected: str, actual: str, bound: Bound) -> bool:
    """Whether ``actual`` is what the text ``expected`` says; binds names where it is."""
    expected = _TIMES.sub(lambda found: int(found[1]) * found[2], expected)
    found = re.fullmatch(_pattern(expected, bound), actual, re.DOTALL)
    if found is None:
        return False
    bound |= found.groupdict()
    return True


def _pattern(expected: str, bound: Bound) -> str:
    parts, end = [], 0
    for mark in _MARK.finditer(expected):
        parts.append(re.escape(expected[end : mark.start()]))
        parts.append(_piece(mark[1], mark[2], bound))
        end = mark.end()
    return "".join([*parts, re.escape(expected[end:])])


def _piece(kind: str, name: str | None, bound: Bound) -> str:
    if kind in ("same", "other"):
        text = re.escape(bound[name or ""])
        return text if kind == "same" else f"(?!{text}){_GUID}"
    pattern = {"guid": _GUID, "time": _TIME, "any": ".*"}[kind]
    return f"(?P<{name}>{pattern})" if name else pattern
