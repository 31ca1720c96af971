"""Learning: what a recorded answer of the real service shows of what it knows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from handlesfake.mpa.asked import Asked
from handlesfake.mpa.operations import BY_A_CLIENT
from handlesfake.mpa.service import OPERATE
from handlesfake.mpa.state import Known, ShownActivity
from handlesfake.mpsd.http.body import document_of
from handlesfake.mpsd.http.message import Request, Response
from handlesfake.mpsd.refusals.catalogue import Refusal
from handlesfake.mpsd.settings import Settings
from handlesfake.mpsd.state.identity import Caller, KnownUser, is_xuid
from handlesfake.values.values import frozen, replace


@frozen
class Recorded:
    """One recorded exchange."""

    operation: str
    parameters: Mapping[str, str]
    request: Request
    response: Response
    xuid: str
    """Who asked; empty where that is not known."""

    now: int
    """Ticks of the answer."""


def learned(known: Known, one: Recorded) -> Known:
    """``known`` as far as the exchange shows what the service knows; what it does not show stays.

    Pure. Anything odd teaches nothing.
    """
    if not 200 <= one.response.status < 300 or one.operation not in OPERATE:
        return known
    if one.operation == "get_activity":
        return _of_player(known, one, one.parameters["xuid"], [document_of(one.response)], one.parameters["titleId"])
    if one.operation == "query_activities":
        return _queried(known, one)
    return _acted(known, one)


def _acted(known: Known, one: Recorded) -> Known:
    """What an accepted write leads to; its order and its sender are not checked again."""
    user = KnownUser(one.xuid, "", "")
    caller = Caller("", (user,) if one.xuid else (), is_service=one.operation not in BY_A_CLIENT)
    place = one.parameters.get("xuid", ""), one.parameters["titleId"]
    numbers = {key: number for key, number in known.sequence_numbers.items() if key != place}
    asked = Asked(
        replace(known, sequence_numbers=numbers), {}, one.request, one.parameters, caller, one.now, Settings()
    )
    try:
        return OPERATE[one.operation](asked).known
    except Refusal:
        return known


def _queried(known: Known, one: Recorded) -> Known:
    answer = document_of(one.response)
    listed = answer.get("userActivities") if isinstance(answer, dict) else None
    for shown in listed if isinstance(listed, list) else ():
        if isinstance(shown, dict) and isinstance(shown.get("activities"), list):
            known = _of_player(known, one, shown.get("userId"), shown["activities"])
    return known


def _of_player(known: Known, one: Recorded, xuid: Any, documents: list[Any], title_id: str | None = None) -> Known:
    """With what a player shows: all, or what there is in one title."""
    if not isinstance(xuid, str) or not is_xuid(xuid):
        return known
    found = [activity for document in documents if (activity := _read(xuid, document, one.now)) is not None]
    gone = [title_id] if title_id is not None else [*known.activities.get(xuid, ())]
    for title in gone:
        if title not in [activity.title_id for activity in found]:
            known = known.without_activity(xuid, title)
    for activity in found:
        before = known.activity(xuid, activity.title_id, one.now)
        if before is not None and before.sequence_number == activity.sequence_number:
            continue  # the same one: a caller who may not join is not shown all of it
        known = known.with_activity(activity)
    return known


def _read(xuid: str, document: Any, now: int) -> ShownActivity | None:
    """The activity that ``document`` is, as far as it shows it; None for anything else."""
    if not isinstance(document, dict) or not isinstance(document.get("titleId"), int):
        return None
    number = str(document.get("sequenceNumber", "0"))
    texts = {name: document.get(name) for name in ("connectionString", "joinRestriction", "groupId", "platform")}
    counts = {name: document.get(name) for name in ("maxPlayers", "currentPlayers")}
    if (
        not (number.isascii() and number.isdigit() and len(number) <= 20)
        or not all(text is None or isinstance(text, str) for text in texts.values())
        or not all(count is None or isinstance(count, int) for count in counts.values())
    ):
        return None
    return ShownActivity(
        xuid,
        str(document["titleId"]),
        int(number),
        texts["connectionString"] or "",
        texts["joinRestriction"] or "InviteOnly",
        counts["maxPlayers"] or None,
        counts["currentPlayers"] or None,
        texts["groupId"],
        texts["platform"],
        now,
    )


def shows_new(before: Known, after: Known) -> bool:
    """Whether a user shows an activity in ``after``, and ``before`` has nothing of that user in that title."""
    return any(
        title not in before.activities.get(xuid, ()) and (xuid, title) not in before.sequence_numbers
        for xuid, shown in after.activities.items()
        for title in shown
    )
