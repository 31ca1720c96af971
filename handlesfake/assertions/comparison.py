"""Comparison: what a plain ``assert mpsd.invites == [...]`` says when it fails."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from handlesfake.json_diff import short_json, table
from handlesfake.reporting.timeline import counted
from handlesfake.traffic.records import Record


def explain(operator: str, left: object, right: object) -> list[str] | None:
    """The lines of pytest's hook ``pytest_assertrepr_compare``; None when it is nothing of ours.

    Understood are ``==`` between records, or lists of records, and what they are compared with.
    """
    if operator != "==":
        return None
    if isinstance(left, Record) or isinstance(right, Record):
        sent, wanted = (left, right) if isinstance(left, Record) else (right, left)
        return [f"{sent!r} is not as wanted:", *_line_by_line(sent, wanted, "  ")]
    if not (isinstance(left, (list, tuple)) and isinstance(right, (list, tuple))):
        return None
    sent, wanted = (left, right) if _of_records(left) or not _of_records(right) else (right, left)
    if not _of_records(sent):
        return None
    return _lists(sent, wanted)


def _of_records(values: Sequence[object]) -> bool:
    return bool(values) and all(isinstance(value, Record) for value in values)


def _lists(sent: Sequence[Any], wanted: Sequence[object]) -> list[str]:
    noun = type(sent[0]).__name__.lower()
    lines = [f"{counted(len(sent), noun)} accepted, {len(wanted)} wanted"]
    for place in range(max(len(sent), len(wanted))):
        if place >= len(wanted):
            lines.append(f"  [{place}] {sent[place]!r}: not wanted")
        elif place >= len(sent):
            lines.append(f"  [{place}] wanted {short_json(wanted[place])}: not there")
        elif sent[place] == wanted[place]:
            lines.append(f"  [{place}] {sent[place]!r}: as wanted")
        else:
            lines += [f"  [{place}] {sent[place]!r}:", *_line_by_line(sent[place], wanted[place], "      ")]
    return lines


def _line_by_line(sent: object, wanted: object, indent: str) -> list[str]:
    if isinstance(sent, Record) and isinstance(wanted, Mapping):
        return table(sent.differences(wanted), indent=indent)
    remedy = f"{indent}a record equals a mapping of some of its fields: {{'invited_xuid': '9000000000000002'}}"
    return [f"{indent}wanted {short_json(wanted)}", *([] if isinstance(wanted, Mapping) else [remedy])]
