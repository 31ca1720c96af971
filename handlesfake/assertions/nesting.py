"""Claims of a double while a nearer one, which was started later, got requests: the traffic is not all here."""

from __future__ import annotations

from handlesfake.assertions.failure import ClaimCall
from handlesfake.assertions.waiting import Claim
from handlesfake.engine.passed_by import Nearer
from handlesfake.reporting.timeline import counted
from handlesfake.traffic.traffic import Traffic

NEVER_STARTED = (
    "this double was never started, so that nothing could be sent to it.\n"
    "  start it before the code under test runs:  with handlesfake.fake() as mpsd:"
)


def heeding_nearer(claim: Claim, call: ClaimCall, traffic: Traffic) -> Claim:
    """``claim``, with a note about nearer doubles where it fails, and where it only says that something is missing.

    What a negative claim denies may have been sent to the nearer double: it fails where it would have passed. Of a
    double that was never started it fails, too.
    """

    def heeding() -> str | None:
        text = claim()
        if text is None and not _is_negative(call):
            return None
        if text is None and call.name != "assert_no_activity" and _is_unreachable(traffic):
            return f"{call.name}() cannot be claimed: {NEVER_STARTED}"
        since = _words(call).get("since", 0)
        nearer = traffic.passed_by(since if isinstance(since, int) else 0)
        if not nearer:
            return text
        others = "; ".join(_got(one, count) for one, count in nearer.items())
        why = "; ".join(dict.fromkeys(_WHY[one.is_isolated] for one in nearer))
        if text is not None:
            return f"{text}\n  {others} meanwhile: {why}"
        lines = [
            f"{call.name}() cannot be claimed of this double alone: {others} meanwhile.",
            f"  claim it of that double: {why}",
            *([f"  or only of what came after:  {traffic.words.only_since}"] if _has_mark(call) else []),
        ]
        return "\n".join(lines)

    return heeding


def _is_unreachable(traffic: Traffic) -> bool:
    return not traffic.is_reachable() and not traffic.journal.total


def _is_negative(call: ClaimCall) -> bool:
    """Whether one request more might break it: ``assert_not_*``, ``assert_no_*``, ``times=``, ``only=True``."""
    words = _words(call)
    counts = words.get("times") is not None or bool(words.get("only"))
    return counts or call.name.startswith(("assert_not_", "assert_no_"))


def _has_mark(call: ClaimCall) -> bool:
    return "since" in _words(call)


def _words(call: ClaimCall) -> dict[str, object]:
    return dict(call.words or {})


def _got(nearer: Nearer, count: int) -> str:
    kind = "an isolated double" if nearer.is_isolated else "another double"
    return f"{kind}{f', {nearer.place},' if nearer.place else ''} got {counted(count, 'request')}"


_WHY = {False: "the one that was started last answers", True: "an isolated one answers in its own context"}
