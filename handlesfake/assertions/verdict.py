"""Verdict: what a claim comes to where it names what can never be, or what the journal no longer keeps."""

from __future__ import annotations

from collections.abc import Sequence

from handlesfake.assertions.criteria import Criteria
from handlesfake.exchange.entry import Entry
from handlesfake.reporting.timeline import counted
from handlesfake.traffic.traffic import lost


def sent(text: str | None, soughts: Sequence[Criteria], since: int, *, is_exact: bool = False) -> str | None:
    """The text of the failure of a claim that something was sent; None when it holds.

    :param text: what it comes to with what the journal still knows.
    :param is_exact: it also says that nothing more was sent, so that one request more would break it.
    """
    if text is None and not is_exact:
        return None
    unknown = _unknown(soughts, since)
    if text is None:
        return unknown
    hints = dict.fromkeys(hint for one in soughts for hint in one.hints)
    return "\n".join([text, *hints, *([unknown] if unknown else [])])


def not_sent(text: str | None, soughts: Sequence[Criteria], since: int) -> str | None:
    """The text of the failure of a claim that nothing of the kind was sent; None when it holds."""
    return text if text is not None else _unknown(soughts, since)


def _unknown(soughts: Sequence[Criteria], since: int) -> str | None:
    """Why the claim cannot be decided: the requests of which too little is left; None when it can."""
    traffic = soughts[0].traffic
    journal = traffic.journal
    if journal.limit is None:
        return None
    gone = lost(traffic, since)
    if gone is not None:
        return f"this claim needs {gone}"
    for one in soughts:
        unsure = _unsure(one, since) if one.unkept else []
        if unsure:
            named = f"#{unsure[0].number}" + (f" and {len(unsure) - 1} more" if len(unsure) > 1 else "")
            return (
                f"this claim needs {', '.join(one.unkept)} of {counted(len(unsure), 'request')} ({named}) whose body "
                f"the journal no longer keeps ({traffic.words.limit}={journal.limit}).\n"
                "  of such a request it knows operation, type, session, invitee, sender and outcome: claim those,\n"
                f"  ask since={unsure[-1].number}, or let it keep more"
            )
    return None


def _unsure(one: Criteria, since: int) -> list[Entry]:
    past = one.traffic.journal.past(since, lambda entry: one.is_unsure_of(entry) and one.may_be(entry))
    return [entry for entry in past if one.is_unsure_of(entry)]
