"""What queries cost: by xuid in a small and a large directory, and a search for each stored search handle.

``python -m benchmarks.queries`` from the root of the repository; takes about a minute and 500 MB.
"""

from __future__ import annotations

import gc
from collections.abc import Callable
from time import perf_counter
from typing import Any

from benchmarks import surroundings
from handlesfake.mpsd.state.directory import Directory
from tests.mpsd.target_addresses import (
    GUEST,
    HOST,
    SCID,
    activity_handle,
    ask,
    directory,
    search_handle,
    session,
    user,
)

SMALL, LARGE, SEARCHES = 10, 100_000, 10_000
BY_XUID: dict[str, tuple[str, dict[str, Any] | None]] = {
    "activities": (
        "/handles/query?include=relatedInfo,customProperties",
        {"type": "activity", "scid": SCID, "owners": {"xuids": [HOST]}},
    ),
    "sessions": (f"/serviceconfigs/{SCID}/sessions?xuid={HOST}", None),
    "batch": (f"/serviceconfigs/{SCID}/batch", {"xuids": [HOST]}),
}
FILTERS = (
    "",
    "numbers/skill gt 48",
    "tags/any(d:tolower(d) eq 't3')",
    "tags/any(d:tolower(d) eq 'micrequired') and numbers/skill ge 1.5 and tolower(strings/map) eq 'harbour'",
    "tolower(session/templateName) eq 'fakebrowse' and session/needs ge 1",
    f"session/memberXuids/any(d:d eq '{GUEST}')",
    "tags/any(a:tolower(a) eq 'elite') or numbers/skill gt 15 and strings/map eq 'purple'",
)


def showing(size: int) -> Directory:
    """``size`` users, each active in a separate lobby and showing it, and the host among them."""
    known = directory(user(HOST), session("lobby", HOST))
    for number in range(size):
        xuid, name = str(9_000_000_000_100_000 + number), f"lobby-{number}"
        handle = activity_handle(number, xuid, name)
        known = known.with_session(session(name, xuid)).with_activity((xuid, SCID), handle)
    return known.with_activity((HOST, SCID), activity_handle(0, HOST))


def searchable(size: int) -> Directory:
    """``size`` rooms with a search handle each."""
    known = directory(user(HOST))
    for number in range(size):
        name = f"room-{number}"
        attributes = {
            "tags": ["MicRequired", f"t{number % 9}"],
            "numbers": {"skill": number % 50},
            "strings": {"map": "Harbour"},
        }
        handle = search_handle(number, name, attributes)
        known = known.with_session(session(name, HOST, GUEST)).with_search(handle)
    return known


def microseconds(act: Callable[[], object], times: int) -> float:
    """The best of ``times``."""
    gc.collect()
    best = float("inf")
    for _ in range(times):
        start = perf_counter()
        act()
        best = min(best, perf_counter() - start)
    return best * 1e6


def main() -> None:
    """Print the figures."""
    rooms = searchable(SEARCHES)
    for text in FILTERS:
        body = {"type": "search", "scid": SCID, "templateName": "FakeBrowse", "filter": text}
        cost = microseconds(lambda body=body: ask(rooms, "/handles/query", body), 5) / SEARCHES  # type: ignore[misc]
        print(f"{cost:6.2f} µs a stored search handle  {text or '(no filter)'}")
    small, large = showing(SMALL), showing(LARGE)
    for name, (target, body_or_none) in BY_XUID.items():
        few = microseconds(lambda: ask(small, target, body_or_none), 500)  # noqa: B023 - called at once
        many = microseconds(lambda: ask(large, target, body_or_none), 500)  # noqa: B023 - called at once
        print(f"{name} by xuid: {few:.1f} µs of {SMALL}, {many:.1f} µs of {LARGE:,}: ratio {many / few:.2f}")


if __name__ == "__main__":
    surroundings.settle()
    main()
