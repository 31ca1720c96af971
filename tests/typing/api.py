"""What a type checker knows about the public names; checked by tests/test_typing.py, and never run.

A line with ``type: ignore`` is wrong: mypy reports that code, and pyright reports something, too.
"""

from __future__ import annotations

from datetime import datetime

import handlesfake
from handlesfake import (
    Activity,
    Clock,
    Double,
    Entry,
    Evidence,
    FaultName,
    Hold,
    Invite,
    Journal,
    MarkerWords,
    OperationName,
    Party,
    RefusalName,
    SeededSession,
    Server,
    TitleService,
    User,
)


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


def each_with_its_type(mpsd: Double, mpsd_server: Server) -> tuple[object, ...]:
    """What a helper of a test takes and gives has a public name."""
    party: Party = mpsd.party("host", 3, lobby="lobby-1")
    lobby: SeededSession = party.session
    shown: Activity = party.activity
    invites: list[Invite] = mpsd.invites
    journal: Journal = mpsd.journal
    entry: Entry = journal[0]
    evidence: Evidence | None = entry.evidence
    clock: Clock = mpsd.clock
    service: TitleService = mpsd.service()
    held: Hold = mpsd.hold("create_handle")
    url: str = mpsd_server.url
    return lobby, shown, invites, evidence, clock, service, held, url


REFUSALS: list[RefusalName] = ["throttled", "session_full"]
FAULTS: list[FaultName] = ["reset", "truncated_body"]
OPERATIONS: list[OperationName] = ["create_handle", "put_session"]


def right_words(mpsd: Double) -> None:
    """The words that each call takes."""
    guest = mpsd.user("guest", xuid="9000000000000042", gamertag="Guesty", follows=["host"], multiplayer=False)
    for name in REFUSALS:
        mpsd.refuse(name, "put_session", times=1, caller=guest, session="lobby-1", nth="2..")
    for fault in FAULTS:
        mpsd.fault(fault, "create_handle", at="after", type="invite", invitee=[guest, "3210"])
    mpsd.refuse("throttled", type=["activity", "invite"], path={"like": "/handles*"}, headers={"If-Match": "*"})
    mpsd.lose_answer("put_session", how="reset", times=1, custom={"level": {"at_least": 3}})
    mpsd.slow(2.0, fields={"properties.custom.level": {"one_of": [1, 2]}})
    mpsd.before("delete_member", lambda: None, member="me")
    for operation in OPERATIONS:
        mpsd.assert_sent(operation, by=guest, anything={"at": "all"})
    mpsd.assert_in_order("put_session", ("create_handle", {"type": "activity"}))


@handlesfake.mark(cassette=True, strict=True, state="party.yaml", choices={"invite_to_self": 400})
def marked(mpsd: Double) -> None:
    """The marker, with its words."""


def mpsd_config() -> MarkerWords:
    """The fixture, with the same."""
    return {"dialect": "documented", "hosts": ["mpsd.test"], "throttling": True}


def wrong(mpsd: Double) -> None:
    """Each line is refused, with its code."""
    handlesfake.Duoble()  # type: ignore[attr-defined]  # a missing name
    handlesfake.fkae()  # type: ignore[attr-defined]  # an unknown word
    mpsd.invites[0].xiud  # type: ignore[attr-defined]  # a field that no invite has  # noqa: B018
    mpsd.activities[0].session_ref.nmae  # type: ignore[attr-defined]  # noqa: B018 - a field that no reference has
    mpsd.assert_invite("3210")  # type: ignore[attr-defined]  # a missing assertion
    mpsd.user("host").athorization  # type: ignore[attr-defined]  # noqa: B018 - a field that no user has
    mpsd.session("lobby-1", member=[])  # type: ignore[call-arg]  # a word that no session has
    mpsd.session("lobby-1", members=mpsd.user("host"))  # type: ignore[arg-type]  # one user is not a list
    number: int = mpsd.invites[0].invited_xuid  # type: ignore[assignment]  # a xuid is a text
    assert number


def wrong_words(mpsd: Double) -> None:
    """Of each call a word that it does not have, and a value that a word cannot have."""
    handlesfake.fake(strikt=True)  # type: ignore[call-arg]
    handlesfake.fake(strict="yes")  # type: ignore[arg-type]
    handlesfake.fake(dialect="spoken")  # type: ignore[arg-type]
    handlesfake.fake(choices={"invite_to_slef": 400})  # type: ignore[arg-type]
    handlesfake.fake(choices={"invite_to_self": 500})  # type: ignore[arg-type]
    handlesfake.fake(run="1")  # type: ignore[call-arg]  # the plugin's own
    handlesfake.replay("lobby.yaml", mode="fake")  # type: ignore[call-arg]
    handlesfake.record("lobby.yaml", record="twice")  # type: ignore[arg-type]
    handlesfake.mark(record="once")  # type: ignore[call-arg]
    handlesfake.mark(rules=5)  # type: ignore[arg-type]
    handlesfake.mark(marked)  # type: ignore[arg-type]  # it has parentheses, also without words
    mpsd.user("host", gamretag="x")  # type: ignore[call-arg]
    mpsd.user("host", xuid=9000000000000042)  # type: ignore[arg-type]
    mpsd.party("host", members=3)  # type: ignore[call-arg]
    mpsd.refuse("throtled")  # type: ignore[arg-type]
    mpsd.refuse("throttled", "create_handel")  # type: ignore[arg-type]
    mpsd.refuse("throttled", caler="host")  # type: ignore[call-arg]
    mpsd.refuse("throttled", type="Invite")  # type: ignore[arg-type]
    mpsd.refuse("throttled", at="between")  # type: ignore[arg-type]
    mpsd.refuse("throttled", path={"lke": "/handles*"})  # type: ignore[arg-type]
    mpsd.fault("rezet")  # type: ignore[arg-type]
    mpsd.fault("reset", invited_xiud="3210")  # type: ignore[call-arg]
    mpsd.lose_answer(how="closed")  # type: ignore[arg-type]
    mpsd.hold("create_handel")  # type: ignore[arg-type]
    mpsd.assert_sent("create_handel")  # type: ignore[arg-type]
    mpsd.assert_in_order("put_session", "create_handel")  # type: ignore[arg-type]


def wrong_config() -> MarkerWords:
    """The fixture's words are checked as the marker's."""
    return {"strikt": True}  # type: ignore[typeddict-unknown-key]


def every_way() -> None:
    """The four doors give what they say."""
    with handlesfake.fake(strict=True) as mpsd, handlesfake.serve(mpsd) as server:
        url: str = server.url
    replayed: Double = handlesfake.replay("lobby.yaml", shift_times=True)
    recorded: Double = handlesfake.record("lobby.yaml", record="once", name="a bot")
    assert url, (replayed, recorded)


async def forgotten(mpsd: Double) -> None:
    """An assertion without its ``await`` is a coroutine that is not used."""
    await mpsd.soon.assert_invited("3210", within=1.0)
    mpsd.soon.assert_invited("3210")  # type: ignore[unused-coroutine]
    mpsd.soon.settle()  # type: ignore[unused-coroutine]
