"""What a type checker knows of the public names; checked by tests/test_public_api.py, and never run."""

from __future__ import annotations

from datetime import datetime

import handlesfake
from handlesfake import Double, User


def right(mpsd: Double) -> tuple[str, str, str | None, datetime, str | None]:
    """Every field that the contract knows has its type."""
    host: User = mpsd.user("host")
    lobby = mpsd.session("lobby-1", members=[host])
    mpsd.assert_invited("3210", session=lobby, times=1)
    invite, activity = mpsd.invites[0], mpsd.activities[0]
    attributes = invite.invite_attributes
    context = attributes.context if attributes is not None else None
    xuid: str = invite.invited_xuid
    name: str = activity.session_ref.name
    types: object = activity.game_types.era if activity.game_types is not None else None
    assert types is None
    return xuid, name, context, invite.at, activity.invite_protocol


def wrong(mpsd: Double) -> None:
    """Each line is refused, by the code that stands on it."""
    handlesfake.Duoble()  # type: ignore[attr-defined]  # a name that is not there
    handlesfake.fkae()  # type: ignore[attr-defined]  # a word that is not there
    mpsd.invites[0].xiud  # type: ignore[attr-defined]  # a field that no invite has  # noqa: B018
    mpsd.activities[0].session_ref.nmae  # type: ignore[attr-defined]  # noqa: B018 - a field that no reference has
    mpsd.assert_invite("3210")  # type: ignore[attr-defined]  # an assertion that is not there
    mpsd.user("host").athorization  # type: ignore[attr-defined]  # noqa: B018 - a field that no user has
    mpsd.session("lobby-1", member=[])  # type: ignore[call-arg]  # a word that no session has
    mpsd.session("lobby-1", members=mpsd.user("host"))  # type: ignore[arg-type]  # one user is no list
    number: int = mpsd.invites[0].invited_xuid  # type: ignore[assignment]  # a xuid is a text
    assert number


def every_way() -> None:
    """The four doors give what they say."""
    with handlesfake.fake(strict=True) as mpsd, handlesfake.serve(mpsd) as server:
        url: str = server.url
    replayed: Double = handlesfake.replay("lobby.yaml")
    recorded: Double = handlesfake.record("lobby.yaml", record="once")
    assert url, (replayed, recorded)


async def forgotten(mpsd: Double) -> None:
    """An assertion without its ``await`` is a coroutine that is not used."""
    await mpsd.soon.assert_invited("3210", within=1.0)
    mpsd.soon.assert_invited("3210")  # type: ignore[unused-coroutine]
    mpsd.soon.settle()  # type: ignore[unused-coroutine]
