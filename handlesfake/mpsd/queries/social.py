"""The users that a query means by people and favorites: the social graph that the test gave its users."""

from __future__ import annotations

from typing import Any

from handlesfake.mpsd.context import Context
from handlesfake.mpsd.evidence import Evidence
from handlesfake.mpsd.http.body import a_text, a_xuid, an_object, short
from handlesfake.mpsd.refusals.catalogue import refuse


def social_group(context: Context, value: Any, field: str) -> frozenset[str]:
    """The xuids that ``{moniker, monikerXuid}`` means; empty without a social graph (U52).

    :raises Refusal: the moniker is unknown, or another's and the choice ``foreign_moniker`` forbids that.
    """
    people = an_object(value, field)
    moniker = a_text(people.get("moniker"), f"{field}.moniker").lower()
    xuid = a_xuid(people.get("monikerXuid"), f"{field}.monikerXuid")
    choices = context.settings.choices
    if moniker not in ("people", "favorites"):
        if choices.unknown_moniker == 400:
            raise refuse("unknown_moniker", field=f"{field}.moniker", moniker=short(people["moniker"]))
        moniker = "people"
        context.limit_evidence(Evidence.ASSUMED)
    own = any(user.xuid == xuid for user in context.caller.users)
    if not own and not context.caller.is_service and choices.foreign_moniker != 200:
        raise refuse("foreign_moniker", choices.foreign_moniker, field=f"{field}.monikerXuid")
    user = context.directory.users.get(xuid)
    if user is None:
        return frozenset()
    return user.favorites if moniker == "favorites" else user.follows
