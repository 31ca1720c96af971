"""Throttling: how many requests a user and title may send in a period, counted in the directory (contract 10)."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from handlesfake.mpsd.context import Context
from handlesfake.mpsd.evidence import Evidence
from handlesfake.mpsd.refusals.catalogue import Refusal, refuse
from handlesfake.mpsd.state.maps import with_item
from handlesfake.mpsd.ticks import TICKS_PER_SECOND
from handlesfake.values.values import frozen


@frozen
class Limit:
    """``largest`` requests in ``seconds``."""

    largest: int
    seconds: int


BURST_SECONDS = 15

LIMITS: Mapping[str, tuple[Limit, ...]] = MappingProxyType(
    {
        "mpsd": (Limit(30, BURST_SECONDS), Limit(300, 300)),
        "search_read": (Limit(1, BURST_SECONDS), Limit(20, 300)),
        "search_write": (Limit(1, BURST_SECONDS), Limit(20, 300)),
    }
)
"""What is limited apart, each with its burst and its sustained limit (documented); invites are not (U95)."""

Counts = Mapping[Any, Any]
"""``(xuid, title id, what, seconds)`` to ``(start, count)``, or to the ticks of the requests in sliding windows."""


@frozen
class _Counted:
    """One window with the present request in it."""

    state: Any
    count: int
    free_at: int
    """Ticks from which on the next request passes, if this one does not."""


@frozen
class _Excess:
    limit: Limit
    count: int
    free_at: int
    xuid: str


def count_request(context: Context, operation: str) -> tuple[Counts, Refusal | None]:
    """The counts with this request among them, and the refusal if it is one too many.

    Both periods count at once, and a request over one of them counts for the other, too (documented).
    """
    counts = before = context.directory.requests
    what = _what(context, operation)
    excesses = []
    for xuid in [user.xuid for user in context.caller.users] or [""]:
        for limit in LIMITS[what]:
            key = (xuid, context.caller.title_id, what, limit.seconds)
            window = _counted(context, counts.get(key), limit)
            counts = with_item(counts, key, window.state)
            if window.count > limit.largest:
                excesses.append(_Excess(limit, window.count, window.free_at, xuid))
    if not excesses:
        return counts, None
    # the one that lasts longest: coming back earlier does not help
    worst = max(excesses, key=lambda excess: excess.free_at)
    kept = counts if context.settings.choices.throttled_requests_count else before
    return kept, _refusal(context, worst)


def _what(context: Context, operation: str) -> str:
    """Which limit a request falls under; a search is known by the ``type`` of its body."""
    kinds = {"query_handles": "search_read", "create_handle": "search_write"}
    if operation not in kinds:
        return "mpsd"
    try:
        is_search = context.body().get("type") == "search"
    except Refusal:  # the operation will say so itself
        return "mpsd"
    return kinds[operation] if is_search else "mpsd"


def _counted(context: Context, state: Any, limit: Limit) -> _Counted:
    now, period = context.now, limit.seconds * TICKS_PER_SECOND
    if context.settings.choices.throttle_windows == "fixed":
        start, count = state or (now, 0)
        if not start <= now < start + period:
            start, count = now, 0
        return _Counted((start, count + 1), count + 1, start + period)
    times = (*(then for then in state or () if now - period < then <= now), now)
    return _Counted(times, len(times), times[max(0, len(times) - limit.largest)] + period)


def _refusal(context: Context, excess: _Excess) -> Refusal:
    seconds = -(-(excess.free_at - context.now) // TICKS_PER_SECOND)
    refusal = refuse(
        "throttled",
        document=throttled_body(excess.limit, excess.count),
        retry_after=max(1, seconds),
        caller=context.caller,
        xuid=excess.xuid,
        title_id=context.caller.title_id,
    )
    choices = context.settings.choices
    if choices.throttle_windows != "fixed" or not choices.throttled_requests_count:
        refusal.evidence = Evidence.ASSUMED
    return refusal


def throttled_body(limit: Limit = LIMITS["mpsd"][0], count: int = 31) -> dict[str, Any]:
    """The JSON of a 429 (documented): ``periodInSeconds`` tells burst from sustained."""
    return {
        "version": 1,
        "currentRequests": count,
        "maxRequests": limit.largest,
        "periodInSeconds": limit.seconds,
        "limitType": "rate",
    }
