"""Claimed: whether what a test claims holds as things stand; each function gives the text of the failure, or None."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from handlesfake.assertions import failure
from handlesfake.assertions.criteria import Criteria
from handlesfake.assertions.failure import ClaimCall, times
from handlesfake.assertions.other_services import invited_through_others, invitee
from handlesfake.exchange.entry import Entry
from handlesfake.exchange.sent import sent_fields
from handlesfake.reporting.timeline import called, counted
from handlesfake.traffic.traffic import Traffic
from handlesfake.values.values import frozen, replace


@frozen
class Count:
    """How many, of what was sent when."""

    times: int | None = None
    """Exactly so many; None for one or more."""

    since: int = 0
    """A mark of the journal: what was sent before it does not count."""

    only: bool = False
    """Whether others are forbidden."""

    @property
    def is_exact(self) -> bool:
        """Whether one request more would be one too many."""
        return self.only or self.times is not None

    def fits(self, found: Sequence[Entry]) -> bool:
        """Whether ``found`` is as many as wanted."""
        return bool(found) if self.times is None else len(found) == self.times


def invited(one: Criteria, xuids: Sequence[str], count: Count, call: ClaimCall) -> str | None:
    """Each of ``xuids`` was invited as ``one`` says; without xuids, anybody."""
    entries = one.traffic.journal.past(count.since, one.is_kind) if count.only else one.past(count.since)
    each = {xuid: invitee(one, xuid) for xuid in xuids} or {"": one}
    found = {xuid: sought.among(entries) for xuid, sought in each.items()}
    taken = {entry.number for matching in found.values() for entry in matching}
    wrong = [xuid for xuid, matching in found.items() if not count.fits(matching)]
    if len(wrong) > 1 and not any(one.is_kind(entry) for entry in entries):
        people = failure.few([failure.person(one.traffic, xuid) for xuid in wrong])
        text = failure.nothing(one, entries, f"{people} were not invited{one.where}", call)
        return "\n".join([text, *invited_through_others(one, wrong, count.since)])
    if wrong:
        texts = [_wrongly(each[xuid], xuid, count, call, taken) for xuid in wrong[: failure.MOST]]
        rest = len(wrong) - len(texts)
        return "\n".join([*texts, *([f"and {rest} more were not invited as wanted"] if rest else [])])
    others = [entry for entry in entries if one.is_kind(entry) and entry.accepted and entry.number not in taken]
    return _others(others, one.traffic) if count.only and others else None


def _wrongly(one: Criteria, xuid: str, count: Count, call: ClaimCall, taken: Collection[int]) -> str:
    """What to say of one player who was not invited as wanted."""
    entries = one.past(count.since)
    tried = replace(one, accepted=None).among(entries)
    found = one.among(tried)
    who = failure.person(one.traffic, xuid) if xuid else ""
    if not tried or count.times is None:
        headline = f"{who} was not invited{one.where}" if who else f"no player was invited{one.where}"
    elif who:
        headline = f"{who} was invited {times(len(found))}{one.where}, wanted {count.times}"
    else:
        headline = f"{one.service.label} accepted {counted(len(found), 'invite')}{one.where}, wanted {count.times}"
    text = (
        failure.count(headline, tried, one.traffic) if found else failure.missing(one, entries, headline, call, taken)
    )
    return "\n".join([text, *invited_through_others(one, [xuid] if xuid else [], count.since)])


def _others(entries: Sequence[Entry], traffic: Traffic) -> str:
    """What ``only`` forbids: accepted invites that no part of the claim named."""
    verb = "was" if len(entries) == 1 else "were"
    return failure.count(
        f"only=True, and {counted(len(entries), 'other invite')} {verb} accepted", entries, traffic, named=True
    )


_NOT_TRIED = "assert_not_invited wants it not even tried"


def not_invited(one: Criteria, xuids: Sequence[str], since: int) -> str | None:
    """None of ``xuids`` was even tried to be invited."""
    texts = []
    for xuid in xuids:
        found = _tried(one, since, xuid)
        who = failure.person(one.traffic, xuid)
        if any(entry.accepted for entry in found):
            texts.append(failure.count(f"{who} was invited{one.where}; {_NOT_TRIED}", found, one.traffic))
        elif found:
            headline = f"{who} was not invited{one.where}; {_NOT_TRIED}"
            texts.append(failure.only_refused(headline, found, one.traffic))
    return "\n".join(texts) or None


def _tried(one: Criteria, since: int, xuid: str = "") -> list[Entry]:
    """The invites that ``one`` asks for (of ``xuid``), and what was meant as one and misspelt: MPSD refused it."""
    found = (invitee(one, xuid) if xuid else one).among(one.past(since))
    if not one.type:
        return found
    anything = replace(one, type="")
    slips = [entry for entry in anything.among(anything.past(since)) if _is_meant_as_invite(entry, xuid)]
    return sorted({entry.number: entry for entry in (*found, *slips)}.values(), key=lambda entry: entry.number)


def _is_meant_as_invite(entry: Entry, xuid: str) -> bool:
    """Whether it is a refused ``Invite``, or an invite of a number, which must be a text."""
    sent = sent_fields(entry)
    kind, invited = sent.get("type"), sent.get("invitedXuid")
    is_invite = isinstance(kind, str) and kind.strip().lower() == "invite"
    return is_invite and not entry.accepted and xuid in ("", str(invited).strip())


def none_sent(one: Criteria, since: int) -> str | None:
    """No such request was sent."""
    found = one.among(one.past(since))
    if not found:
        return None
    headline = f"{one.subject} was {_VERBS[one.accepted]} {times(len(found))}, wanted never"
    return failure.count(headline, found, one.traffic, named=True)


def no_invites(one: Criteria, since: int) -> str | None:
    """No request tried to invite a player."""
    found = _tried(one, since)
    if not found:
        return None
    verb = "was" if len(found) == 1 else "were"
    return failure.count(f"{counted(len(found), 'invite')} {verb} sent, wanted none", found, one.traffic, named=True)


def sent(one: Criteria, count: Count, call: ClaimCall) -> str | None:
    """Such a request was sent as often as wanted."""
    entries = one.past(count.since)
    found = one.among(entries)
    if count.fits(found):
        return None
    if count.times is None or (count.times == 1 and not found):
        headline = f"{one.subject} was not {_VERBS[one.accepted]}"
    else:
        headline = f"{one.subject} was {_VERBS[one.accepted]} {times(len(found))}, wanted {count.times}"
    return failure.count(headline, found, one.traffic) if found else failure.missing(one, entries, headline, call)


_VERBS = {None: "sent", True: "accepted", False: "refused"}


def in_order(steps: Sequence[Criteria], since: int, call: ClaimCall) -> str | None:
    """Such requests were sent in this order, whatever lay between."""
    entries = steps[0].traffic.journal.past(since, lambda entry: any(step.may_be(entry) for step in steps))
    rest, before = list(entries), None
    for number, step in enumerate(steps, 1):
        found = step.among(rest)
        if not found:
            place = f"step {number} of {len(steps)}, {step.subject}, was not sent"
            after = f" after #{before.number} {called(before)}" if before else ""
            return failure.out_of_order(step, entries, place, after, call)
        before = found[0]
        rest = [entry for entry in rest if entry.number > before.number]
    return None
