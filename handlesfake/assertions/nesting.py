"""Claims of a double while a nearer one, which was started later, got requests: the traffic is not all here."""

from __future__ import annotations

from handlesfake.assertions.failure import ClaimCall
from handlesfake.assertions.waiting import Claim
from handlesfake.reporting.timeline import counted
from handlesfake.traffic.traffic import Traffic


def heeding_nearer(claim: Claim, call: ClaimCall, traffic: Traffic) -> Claim:
    """``claim``, which tells of nearer doubles where it fails, and where it only says that something is not there.

    What a negative claim denies may have been sent to the nearer double: it fails where it would have passed.
    """

    def heeding() -> str | None:
        text = claim()
        if text is None and not _is_negative(call):
            return None
        since = _words(call).get("since", 0)
        nearer = traffic.passed_by(since if isinstance(since, int) else 0)
        if not nearer:
            return text
        others = "; ".join(_got(place, count) for place, count in nearer.items())
        if text is not None:
            return f"{text}\n  {others} meanwhile: the double that was started last answers"
        lines = [
            f"{call.name}() cannot be claimed of this double alone: {others} meanwhile.",
            "  claim it of that double: the one that was started last answers",
            *(
                ["  or only of what came after:  mark = mpsd.journal.mark(), then since=mark"]
                if _has_mark(call)
                else []
            ),
        ]
        return "\n".join(lines)

    return heeding


def _is_negative(call: ClaimCall) -> bool:
    """Whether it holds because something is absent: ``assert_not_*``, ``assert_no_*``, ``times=0``, ``only=True``."""
    words = _words(call)
    # 0 and False are equal, and times=False is not for here to judge
    return call.name.startswith(("assert_not_", "assert_no_")) or words.get("times") == 0 or bool(words.get("only"))


def _has_mark(call: ClaimCall) -> bool:
    return "since" in _words(call)


def _words(call: ClaimCall) -> dict[str, object]:
    return dict(call.words or {})


def _got(place: str, count: int) -> str:
    return f"another double{f', {place},' if place else ''} got {counted(count, 'request')}"
