"""Responses: what every call may be answered, and what a kind of call may be; each is said once, and referred to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any

from handlesfake.server.control.routes import ControlCall
from handlesfake.server.control.schemas import TEXT

_SAID: Mapping[str, tuple[str, str, str]] = MappingProxyType(
    {
        "400": (
            "Unreadable",
            "The request is not HTTP; the text says why.",
            "The request cannot be read: Transfer-Encoding and Content-Length contradict each other.",
        ),
        "403": (
            "Stranger",
            "A page of another web site asks, or the interface is called by a name that it was not told.",
            "a page of http://elsewhere.example asks; a browser may only do so from the live page: http://127.0.0.1:8080/",
        ),
        "404": (
            "Lacking",
            "There is no such thing; the text names the nearest one, and the call that makes it.",
            "no user has the role 'hots' here; did you mean 'host'?\n  roles: host, guest\n"
            "  to make one: PUT http://127.0.0.1:8080/_handlesfake/users/hots",
        ),
        "408": ("Late", "The request did not come whole in time.", "The request did not come within 75 seconds"),
        "409": (
            "Unclaimed",
            "The claim does not hold; the text says what was sent instead.",
            "9000000000000002 was not invited to lobby-1. No player was.",
        ),
        "410": (
            "Ended",
            "The world that the address names has ended; the text says how, and how long ago.",
            "the world 'lobby: joins' (w1) has ended: it was deleted, 3.0 s ago.\n"
            "  POST /worlds makes another one; its requests are in the files of --journal and --report",
        ),
        "413": ("TooLarge", "The body is too large.", "the body is larger than any state file should be"),
        "422": (
            "Mistaken",
            "A word is unknown, or cannot be as things are; the text names the nearest one.",
            "the body has no 'rolle'; did you mean 'role'?\n  known: role, xuid, gamertag",
        ),
        "431": ("LongHead", "Line and headers are too long.", "The headers are larger than 65536 bytes"),
        "500": (
            "OurMistake",
            "A mistake in handlesfake itself; the text is where, for a report.",
            "GET /_handlesfake/state has met a mistake in handlesfake itself:\n\nTraceback ...",
        ),
    }
)
"""Status, name in the document, what it means, and a text as an example."""

_ALWAYS = ("400", "403", "408", "410", "413", "422", "431", "500")


def named_responses() -> dict[str, Any]:
    """The responses that calls refer to, by name."""
    return {
        name: {"description": about, "content": {"text/plain": {"schema": TEXT, "example": example}}}
        for name, about, example in _SAID.values()
    }


def failures(call: ControlCall) -> dict[str, Any]:
    """What ``call`` may be answered where it does not do as asked: references by status."""
    return {status: {"$ref": f"#/components/responses/{_SAID[status][0]}"} for status in sorted(_statuses(call))}


def _statuses(call: ControlCall) -> Iterator[str]:
    yield from _ALWAYS
    if call.can_lack or call.is_of_world:
        yield "404"
    if call.can_fail:
        yield "409"
