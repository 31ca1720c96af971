"""Advice: why MPSD said no, in sentences for people, and the ways out in production and in a test."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from handlesfake.mpsd.refusals.catalogue import Refusal
from handlesfake.reporting.refusal_texts import EXPLAIN
from handlesfake.reporting.remedies import BAD_DAYS, IN_OTHER_WORDS, way_out
from handlesfake.traffic.labels import Users

if TYPE_CHECKING:
    from handlesfake.exchange.entry import Entry

_WIDEST = 116


def advice(refusal: Refusal, users: Users = MappingProxyType({}), *, ruled: bool = False) -> list[str]:
    """What happened, and what to do about it in production and in a test; one to three lines for people.

    :param users: the users that the test has made, xuid to role.
    :param ruled: a rule of the test said no, so that nothing is wrong with the request.
    """
    name = refusal.kind.name
    if ruled and name not in BAD_DAYS:
        lines = [_in_general(refusal)]
    elif name in EXPLAIN:
        lines = EXPLAIN[name](refusal, users)
    else:
        lines = [_in_general(refusal), *filter(None, [way_out(name)])]
    return [part for line in lines for part in _in_width(line)]


def _in_general(refusal: Refusal) -> str:
    sentence = IN_OTHER_WORDS.get(refusal.kind.name) or _sentence(refusal)
    return f"{sentence} ({refusal.evidence.words})."


def _in_width(line: str) -> list[str]:
    """The two ways out on one line where they fit there."""
    head, found, rest = line.partition(" In a test: ")
    return [line] if len(line) <= _WIDEST or not found else [head, f"In a test: {rest}"]


def in_words(entry: Entry) -> str:
    """What an answer means that says nothing by itself; empty when there is nothing to say."""
    if entry.status == 204:
        return _GONE.get(entry.operation, "")
    if entry.status is None or 200 <= entry.status < 300 or entry.response is None:
        return ""
    text = entry.response.body[:400].decode("utf-8", "replace").strip()
    first = text.splitlines()[0][:120] if text else ""
    return f"the answer says: {first}" if first and not text.startswith(("{", "[", "<")) else ""


_SESSION_GONE = "204: there is no such session (any more); MPSD says so by 204, and not by 404 (documented)"
_GONE = {
    "get_session": _SESSION_GONE,
    "get_session_by_handle": _SESSION_GONE,
    "put_session": "204: the session is gone: this write left it without members (documented)",
    "put_session_by_handle": "204: the session is gone: this write left it without members (documented)",
    "delete_member": "204: the member is gone, or the whole session with it (documented)",
    "delete_server": "204: the server entry is gone, or the whole session with it (documented)",
}


def _sentence(refusal: Refusal) -> str:
    """The service's own, else the name: a 401 has no body."""
    return refusal.sentence.removesuffix(".") or refusal.kind.name.replace("_", " ")
