"""Activities: set, read, deleted, and queried for many users (contract 20.2, 20.3)."""

from __future__ import annotations

from typing import Any

from handlesfake.mpa import fields
from handlesfake.mpa.asked import Asked, Done
from handlesfake.mpa.refusals import refuse
from handlesfake.mpa.state import ShownActivity
from handlesfake.mpsd.choices import USUAL, Choices
from handlesfake.mpsd.evidence import Evidence, weakest
from handlesfake.mpsd.http.body import a_xuid

MOST_QUERIED = 30
"""Users in one query (documented)."""

_CONCEPT_PAGE_LIMIT = 255
"""Characters of a connection string about which the documents agree."""


def set_activity(asked: Asked) -> Done:
    """``PUT .../activities``: what the player shows in the title from now on, for 24 hours."""
    xuid, title_id = _own(asked), asked.title_id
    body = asked.body
    number = fields.a_sequence_number(body)
    limit = asked.settings.choices.mpa_connection_string_limit
    connection_string = fields.limited_text(body, "connectionString", limit, needed=True) or ""
    activity = ShownActivity(
        xuid=xuid,
        title_id=title_id,
        sequence_number=number,
        connection_string=connection_string,
        join_restriction=fields.a_choice_of(body, "joinRestriction", fields.JOIN_RESTRICTIONS),
        max_players=fields.a_count(body, "maxPlayers", 2),
        current_players=fields.a_count(body, "currentPlayers", 1),
        group_id=fields.limited_text(body, "groupId", fields.GROUP_ID_LIMIT),
        platform=fields.a_platform(body),
        updated_at=asked.now,
    )
    evidence = [_of_number(body), _of_platform(body)]
    if len(connection_string) > _CONCEPT_PAGE_LIMIT:
        evidence.append(Evidence.ASSUMED)  # M2
    if _is_stale(asked, xuid, title_id, number):
        return _ignored(asked)
    return Done(asked.known.with_activity(activity), evidence=weakest(*evidence))


def get_activity(asked: Asked) -> Done:
    """``GET .../activities``: what the player shows in the title; 204 for nothing."""
    xuid = a_xuid(asked.parameters["xuid"], "xuid")
    found = asked.known.activity(xuid, asked.title_id, asked.now)
    if found is None:
        return Done(asked.known)
    return Done(asked.known, 200, _shown(asked, found), _of_shown(asked, found))


def delete_activity(asked: Asked) -> Done:
    """``DELETE .../activities``: the player shows nothing more in the title."""
    xuid, title_id = _own(asked), asked.title_id
    body = asked.body
    number = fields.a_sequence_number(body)
    if _is_stale(asked, xuid, title_id, number):
        return _ignored(asked)
    known = asked.known.with_sequence_number(xuid, title_id, number)
    if asked.known.activity(xuid, title_id, asked.now) is None:
        if asked.settings.choices.mpa_missing_activity_delete == 400:
            raise refuse("invalid_field", field="xuid", problem="has no activity in this title")
        return Done(known.without_activity(xuid, title_id), evidence=Evidence.ASSUMED)  # M9
    return Done(known.without_activity(xuid, title_id), evidence=_of_number(body))


def query_activities(asked: Asked) -> Done:
    """``POST .../activities/query``: what each of up to 30 users shows, in any title."""
    _ = asked.title_id
    users = fields.xuids(asked.body.get("users"), "users", 0, MOST_QUERIED)
    shown = {xuid: list(asked.known.activities_of(xuid, asked.now)) for xuid in users}
    document = {
        "userActivities": [
            {"userId": xuid, "activities": [_shown(asked, one) for one in found]} for xuid, found in shown.items()
        ]
    }
    levels = [_of_shown(asked, one) for found in shown.values() for one in found]
    order = [Evidence.INFERRED] if len(users) > 1 else []
    return Done(asked.known, 200, document, weakest(Evidence.DOCUMENTED, *order, *levels))


# ---- what is the same in several of them


def _own(asked: Asked) -> str:
    """The user in the address, who must be the caller, or the caller a service.

    :raises Refusal: it is another user, or no xuid.
    """
    xuid = a_xuid(asked.parameters["xuid"], "xuid")
    if not asked.caller.is_service and xuid != (asked.caller.user.xuid if asked.caller.user else ""):
        problem = "users set and delete their own activity only"
        raise refuse("caller_not_allowed", problem=problem, caller=asked.caller)
    return xuid


def _is_stale(asked: Asked, xuid: str, title_id: str, number: int) -> bool:
    """Whether an update comes too late to count.

    :raises Refusal: it does, and that is refused (M1).
    """
    last = asked.known.sequence_numbers.get((xuid, title_id), 0)
    if number > last:
        return False
    if asked.settings.choices.mpa_stale_sequence == 400:
        raise refuse("stale_sequence", last=last, given=number)
    return True


def _ignored(asked: Asked) -> Done:
    note = "the sequenceNumber is not greater than the last one: the request changed nothing (M1)"
    return Done(asked.known, evidence=Evidence.ASSUMED, notes=(note,))


def _of_number(body: dict[str, Any]) -> Evidence:
    """What the form of ``sequenceNumber`` rests on: the documents have a text, XSAPI sends a number."""
    return Evidence.DOCUMENTED if isinstance(body["sequenceNumber"], str) else Evidence.CLIENT


def _of_platform(body: dict[str, Any]) -> Evidence:
    said = body.get("platform")
    return Evidence.CLIENT if said is not None and said not in fields.PLATFORMS[:-1] else Evidence.DOCUMENTED


def document_of(one: ShownActivity, choices: Choices = USUAL, *, joinable: bool = True) -> dict[str, Any]:
    """The activity as JSON.

    :param joinable: whether the connection string is shown.
    """
    number = one.sequence_number
    counts = 0 if choices.mpa_unset_counts == "zero" else None
    inferred = None if choices.mpa_inferred_platform == "none" else choices.mpa_inferred_platform
    document = {
        "sequenceNumber": str(number) if choices.mpa_sequence_shown == "text" else number,
        "titleId": int(one.title_id),
        "connectionString": one.connection_string if joinable else None,
        "joinRestriction": one.join_restriction,
        "maxPlayers": counts if one.max_players is None else one.max_players,
        "currentPlayers": counts if one.current_players is None else one.current_players,
        "groupId": one.group_id,
        "platform": one.platform or inferred,
    }
    return {name: value for name, value in document.items() if value is not None}


def _shown(asked: Asked, one: ShownActivity) -> dict[str, Any]:
    """The activity as the caller reads it."""
    return document_of(one, asked.settings.choices, joinable=_may_join(asked, one))


def _is_owner(asked: Asked, one: ShownActivity) -> bool:
    return asked.caller.is_service or any(user.xuid == one.xuid for user in asked.caller.users)


def _may_join(asked: Asked, one: ShownActivity) -> bool:
    """Whether the caller is shown the connection string (contract 20.3)."""
    if _is_owner(asked, one):
        return True
    if one.is_full or one.join_restriction == "InviteOnly":
        return False
    owner = asked.people.get(one.xuid)
    follows = owner.follows if owner is not None else frozenset()
    return one.join_restriction == "Public" or any(user.xuid in follows for user in asked.caller.users)


def _of_shown(asked: Asked, one: ShownActivity) -> Evidence:
    if None in (one.platform, one.max_players, one.current_players):
        return Evidence.ASSUMED  # M4, M5
    return Evidence.INFERRED if _is_owner(asked, one) else Evidence.DOCUMENTED
