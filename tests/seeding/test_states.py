"""States: a few short lines, in Python or in a file with the same words, and refused where the service would."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from handlesfake import Double, SettingsError
from handlesfake.double.double import core_of
from handlesfake.exchange.outcome import Answer
from tests.sending import a_double, send

PARTY = """\
titles:
- {title_id: '896928775', name: Minecraft, pfn: Made.Up_1}
users:
- {role: host, xuid: '9000000000000001', title_id: '896928775', follows: [guest]}
- {role: guest, xuid: '9000000000000002', title_id: '896928775', follows: [host]}
- {role: far, xuid: '9000000000000003', gamertag: Far Away, blocks: [host], multiplayer: false}
- {xuid: '9000000000000004', title_id: '896928775'}
- {xuid: '9000000000000005', title_id: '896928775'}
sessions:
- name: lobby
  template: MinecraftLobby
  members: [host, '9000000000000004', '9000000000000005', {user: guest, status: inactive}]
  custom:
    worldName: Spawn
- name: lobby
  template: FakeLobby
  members: [guest]
  closed: true
  properties:
    keywords:
    - night
  constants:
    maxMembersCount: 4
activities:
- {user: host, session: {name: lobby, template: MinecraftLobby}}
invites:
- {sender: host, invited: far, session: {name: lobby, template: MinecraftLobby}, context: hi}
"""


def arranged(mpsd: Double) -> None:
    """Arrange in Python what PARTY says."""
    host, guest, far = map(mpsd.user, ["host", "guest", "far"])
    mpsd.title("896928775", name="Minecraft", pfn="Made.Up_1")
    mpsd.friends(host, guest)
    mpsd.user("far", gamertag="Far Away", blocks=[host], multiplayer=False)
    lobby = mpsd.session(template="MinecraftLobby", members=[host], custom={"worldName": "Spawn"}).fill(2)
    lobby.join(guest, status="inactive")
    other = {"scid": "7e570100-1111-4222-8333-444455556666", "templateName": "FakeLobby", "name": "lobby"}
    mpsd.session(
        other,
        members=[guest],
        constants={"maxMembersCount": 4},
        properties={"closed": True, "keywords": ["night"]},
    )
    mpsd.activity(host, lobby)
    mpsd.user("far", blocks=[])  # who blocks the sender could not be invited
    mpsd.invite(host, far, lobby, context="hi")
    mpsd.user("far", blocks=[host])


def test_a_state_is_written_in_the_words_of_the_calls() -> None:
    """dump() tells the whole of what was arranged, in order and the same in every run."""
    with a_double() as mpsd:
        arranged(mpsd)

        assert PARTY.splitlines() == mpsd.dump().splitlines()


def test_what_dump_writes_load_takes(tmp_path: Path) -> None:
    """A state that was written, loaded and written again is the same text."""
    path = tmp_path / "party.yaml"
    path.write_text(PARTY.replace(", blocks: [host]", ""), encoding="utf-8")
    with a_double() as mpsd:
        mpsd.load(path)

        assert path.read_text(encoding="utf-8") == mpsd.dump()


def test_numbers_and_texts_that_look_alike_are_kept_apart(tmp_path: Path) -> None:
    """Large numbers stay numbers, and texts that look like numbers stay texts."""
    path = tmp_path / "state.yaml"
    custom = {"large": 1e308, "small": -2.5e-300, "looks": "12e34", "beyond": "1e999", "empty": "", "none": "null"}
    with a_double() as mpsd:
        mpsd.session("lobby-1", custom=custom)
        path.write_text(mpsd.dump(), encoding="utf-8")
    with a_double() as mpsd:
        mpsd.load(path)

        assert custom == mpsd.session("lobby-1").custom


def test_what_dump_writes_load_takes_although_an_invite_outlived_its_session(tmp_path: Path) -> None:
    """An invite that could not be sent now is left out: the words of a file cannot make it."""
    path = tmp_path / "state.yaml"
    with a_double() as mpsd:
        host, guest = map(mpsd.user, ["host", "guest"])
        lobby = mpsd.session("lobby-1", members=[host, guest])
        mpsd.invite(host, mpsd.user("far"), lobby)
        send(mpsd, "DELETE", f"{lobby.path}/members/me", {**host.headers, "x-xbl-contract-version": "107"})
        path.write_text(mpsd.dump(), encoding="utf-8")
    with a_double() as mpsd:
        mpsd.load(path)

        assert [guest.xuid] == mpsd.session("lobby-1").members


def test_a_state_with_everything_left_out_is_enough() -> None:
    """Everything has a default: users by their roles, a session by its name."""
    with a_double() as mpsd:
        mpsd.load({"sessions": ["lobby-1", {"members": ["host"], "fill": 2}]})
        members = mpsd.session("lobby").members

    assert ["9000000000000001", "9000000000000002", "9000000000000003"] == members
    assert "9000000000000001" == mpsd.user("host").xuid


def test_a_mapping_may_hold_users() -> None:
    """In Python a user stands where a file has a role."""
    with a_double() as mpsd:
        host, guest = map(mpsd.user, ["host", "guest"])
        mpsd.load(
            {
                "friends": [[host, guest]],
                "sessions": [{"name": "lobby-1", "members": [host, {"user": guest, "status": "reserved"}]}],
                "activities": [{"user": host, "session": "lobby-1"}],
            }
        )

    assert mpsd.activity_of(host) is not None
    assert frozenset({guest.xuid}) == core_of(mpsd).fake.directory.users[host.xuid].follows


def test_a_tests_own_dict_stays_its_own() -> None:
    """What a test does with its dict afterwards changes no session."""
    custom = {"worlds": ["Spawn"]}
    with a_double() as mpsd:
        lobby = mpsd.session(custom=custom)
        custom["worlds"].append("Nether")

        assert {"worlds": ["Spawn"]} == lobby.custom


def test_what_is_arranged_was_not_sent() -> None:
    """Seeding enters neither the journal nor invites nor activities."""
    with a_double() as mpsd:
        arranged(mpsd)

    assert (0, 0, 0) == (len(mpsd.journal), len(mpsd.invites), len(mpsd.activities))


def test_an_arranged_invite_is_open() -> None:
    """Who was invited can join by the handle that invite() returns."""
    with a_double() as mpsd:
        host, guest = map(mpsd.user, ["host", "guest"])
        handle_id = mpsd.invite(host, guest, mpsd.session("lobby-1", members=[host]))
        body = {"members": {"me": {"properties": {"system": {"active": True}}}}}
        outcome = send(mpsd, "PUT", f"/handles/{handle_id}/session", guest.headers, body)

    assert isinstance(outcome, Answer)
    assert 200 == outcome.response.status


def test_a_dropped_connection_makes_inactive() -> None:
    """A player whose connection broke is inactive, and shows nothing any more (contract 8.5)."""
    with a_double() as mpsd:
        host, guest = map(mpsd.user, ["host", "guest"])
        lobby = mpsd.session("lobby-1", members=[host, guest])
        mpsd.activity(host, lobby)
        mpsd.drop_connection(host)
        shown = mpsd.activity_of(host)

        assert None is shown
        assert "{user: host, status: inactive}, guest]" in mpsd.dump()


def test_a_loss_that_is_not_yet_noticed() -> None:
    """Documented: thirty seconds of the virtual clock; a member that has written another connection by then stays."""
    with a_double() as mpsd:
        host, guest = map(mpsd.user, ["host", "guest"])
        lobby = mpsd.session("lobby-1", members=[host, guest])
        for user in (host, guest):
            mpsd.activity(user, lobby)
            mpsd.drop_connection(user, noticed=False)
        body = {"members": {"me": {"properties": {"system": {"active": True, "connection": "new"}}}}}
        send(mpsd, "PUT", lobby_path(lobby.ref), guest.headers, body)
        mpsd.clock.advance(29)
        before = mpsd.activity_of(host)
        mpsd.clock.advance(1)

        assert before is not None
        assert None is mpsd.activity_of(host)
        assert mpsd.activity_of(guest) is not None


def lobby_path(ref: Any) -> str:
    """The address of a session."""
    return "/serviceconfigs/{scid}/sessiontemplates/{templateName}/sessions/{name}".format(**ref)


def test_a_session_is_found_again_by_its_name_alone() -> None:
    """A bare name is the session of that name that the test spoke of, whatever its template."""
    with a_double() as mpsd:
        lobby = mpsd.session("lobby-1", template="MinecraftLobby")

        assert lobby.ref == mpsd.session("LOBBY-1").ref


def test_a_checkpoint_forgets_users_and_names() -> None:
    """After a checkpoint a role is made again, with the xuid and the token that it had the first time."""
    with a_double() as mpsd:
        mpsd.user("host")
        with mpsd.checkpoint():
            first = mpsd.user("guest").authorization
            mpsd.session("lobby-1", template="MinecraftLobby")
            mpsd.user("host").renew()
        again = mpsd.user("guest").authorization

        assert first == again
        assert mpsd.user("host").authorization.endswith(".1")
        assert "FakeLobby" == mpsd.session("lobby-1").template_name


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "sesions: []\n",
            "FILE, line 1, column 1: a state has no 'sesions'; did you mean 'sessions'?\n"
            "  known: titles, users, friends, sessions, activities, invites",
        ),
        (
            "users: [host]\nsessions:\n  - {name: a, members: [hots]}\n",
            "FILE, line 3, column 25: no user is called 'hots'; did you mean 'host'?\n  known: host",
        ),
        (
            "users:\n  - {role: host, follow: [guest]}\n",
            "FILE, line 2, column 18: a user has no 'follow'; did you mean 'follows'?\n"
            "  known: role, xuid, gamertag, title_id, follows, favorites, blocks, multiplayer, authorization, user_hash, "
            "device_token, signs_in",
        ),
        (
            "users: [{role: host, xuid: 9000000000000001}]\n",
            'FILE, line 1, column 28: xuid must be a text: write "9000000000000001", in quotes',
        ),
        (
            "users: [host, {role: guest, xuid: '9000000000000001'}]\n",
            "FILE, line 1, column 15: mpsd.user('guest', xuid='9000000000000001'): that xuid is host's already.",
        ),
        ("users: [{gamertag: x}]\n", "FILE, line 1, column 9: a user needs role or xuid"),
        ("users: ['']\n", "FILE, line 1, column 9: a role or a xuid should stand here, and it is ''"),
        (
            "sessions: [{name: a, members: ['']}]\n",
            "FILE, line 1, column 32: a role or a xuid should stand here, and it is ''",
        ),
        (
            "users: [{role: host, multiplayer: maybe}]\n",
            "FILE, line 1, column 35: multiplayer must be true or false, and is 'maybe'",
        ),
        ("friends: [host]\n", "FILE, line 1, column 11: friends is a list of lists, [[host, guest]]; this is 'host'"),
        ("friends: [[host, 3210]]\n", 'FILE, line 1, column 18: xuids are texts: write "3210", in quotes'),
        (
            "sessions: [{name: a, members: [{user: host, status: gone}]}]\n",
            "FILE, line 1, column 53: status 'gone' is not known.\n  known: active, ready, inactive, reserved",
        ),
        (
            "sessions: [{name: a, properties: {colsed: true}}]\n",
            "FILE, line 1, column 35: properties has no 'colsed'; did you mean 'closed'?\n"
            "  known: joinRestriction, readRestriction, closed, locked, owners, host, turn, keywords, matchmaking, "
            "matchmakingResubmit, initializationSucceeded, serverConnectionStringCandidates, description, "
            "scheduledTime, searchHandleVisibility",
        ),
        (
            "sessions:\n  - {name: a, template: MinecraftLobby, members: [host], fill: 30}\n",
            "FILE, line 2, column 64: MPSD could never be in that state: The session is full. "
            "(403 session_full, documented)",
        ),
        (
            "sessions: [{name: a, members: [host]}, {name: b, members: [host]}]\n"
            "activities:\n  - {user: host, session: a}\n  - {user: host, session: b}\n",
            "FILE, line 4, column 5: MPSD could never be in that state: Host 9000000000000001 shows a session "
            "already, and a new activity takes the place of the old one",
        ),
        (
            "sessions: [{name: a, members: [{user: host, status: inactive}]}]\n"
            "activities:\n  - {user: host, session: a}\n",
            "FILE, line 3, column 5: MPSD could never be in that state: The handle cannot be created because the "
            "owner isn't active in the referenced session. (403 owner_inactive, seen in clients)",
        ),
        (
            "sessions: [{name: lobby-1}]\nactivities:\n  - {user: host, session: loby-1}\n",
            "FILE, line 3, column 27: no session is called 'loby-1'; did you mean 'lobby-1'?\n  known: lobby-1",
        ),
        ("activities: [{user: host}]\n", "FILE, line 1, column 14: an activity needs session"),
        ("invites: {host: guest}\n", "FILE, line 1, column 10: invites must be a list, and is {'host': 'guest'}"),
        (
            "users: [{role: host, multiplayer: false}]\nsessions: [{name: a, members: [host]}]\n",
            "FILE, line 2, column 32: MPSD could never be in that state: The caller lacks the multiplayer privilege. "
            "(403 no_privilege, inferred)",
        ),
    ],
)
def test_a_state_that_cannot_be_changes_nothing(text: str, message: str, tmp_path: Path) -> None:
    """A mistake is named with file, line and column, and nothing of the file is left behind."""
    path = tmp_path / "party.yaml"
    path.write_text(text, encoding="utf-8")
    with a_double() as mpsd:
        before = core_of(mpsd).fake.directory
        with pytest.raises(SettingsError) as raised:
            mpsd.load(path)

        assert message == str(raised.value).replace(str(path), "FILE")
        assert before is core_of(mpsd).fake.directory
        assert (0, "{}\n") == (len(core_of(mpsd).world.named()), mpsd.dump())


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (
            {"gamretag": "x"},
            "mpsd.user() has no 'gamretag'; did you mean 'gamertag'?\n"
            "  known: role, xuid, gamertag, title_id, follows, favorites, blocks, multiplayer, authorization, user_hash, "
            "device_token, signs_in",
        ),
        (
            {"xuid": "9000000000000002"},
            "mpsd.user('host', xuid='9000000000000002'): host is 9000000000000001 already.",
        ),
        (
            {"title_id": "Minecraft"},
            "mpsd.user(title_id=): a title id is a decimal number below 4294967296 as text, got 'Minecraft'.",
        ),
    ],
)
def test_what_cannot_be_said_of_a_user(words: Mapping[str, Any], message: str) -> None:
    """A word that is not known, and a value that cannot be, are named as the call had them."""
    with a_double() as mpsd:
        mpsd.user("host")
        with pytest.raises(SettingsError) as raised:
            mpsd.user("host", **words)

    assert message == str(raised.value)


def test_the_31st_member_of_30_is_refused() -> None:
    """A full session stays full, in the service's own words."""
    with a_double() as mpsd:
        lobby = mpsd.session(template="MinecraftLobby").fill(30)
        with pytest.raises(SettingsError, match="The session is full"):
            lobby.join(mpsd.user("host"))


@pytest.mark.parametrize(
    "properties", [{"joinRestriction": "followed"}, {"system": {"joinRestriction": "followed"}, "custom": {}}]
)
def test_a_restriction_acts_in_either_shape(properties: dict[str, Any]) -> None:
    """A user that no member follows cannot join, with only the system properties or with the wire's shape."""
    with a_double() as mpsd:
        host, guest, far = map(mpsd.user, ["host", "guest", "far"])
        mpsd.user("host", follows=["guest"])
        lobby = mpsd.session("lobby-1", members=["host"], properties=properties)
        me = {"members": {"me": {"properties": {"system": {"active": True}}}}}
        answers = [send(mpsd, "PUT", lobby.path, user.headers, me) for user in (far, guest)]

    assert [403, 200] == [answer.response.status for answer in answers if isinstance(answer, Answer)]
    assert [host.xuid, guest.xuid] == lobby.members


def test_the_members_of_a_session_are_asked_for_like_every_player() -> None:
    """``in`` takes users, roles and xuids: of a list of xuids, ``guest not in lobby.members`` would always hold."""
    with a_double() as mpsd:
        host, guest, far = map(mpsd.user, ["host", "guest", "far"])
        members = mpsd.session("lobby-1", members=[host, guest]).members

        assert [True, True, True, False, False] == [
            one in members for one in (host, "guest", guest.xuid, far, "9000000000000099")
        ]
        assert [host.xuid, guest.xuid] == members == copy.deepcopy(members)
        with pytest.raises(SettingsError, match=r"^session\.members: 'gest' is not a role .* did you mean 'guest'\?"):
            assert "gest" not in members


def test_what_dump_gives_is_what_load_takes() -> None:
    """The text itself, without a file between; a mistake in it is told with line and column."""
    with a_double() as mpsd, a_double() as another:
        mpsd.load(PARTY)
        another.load(mpsd.dump())

        assert PARTY == mpsd.dump() == another.dump()
        with pytest.raises(SettingsError, match=r"^the state, line 2, column 1: .*'usrs'.* did you mean 'users'\?"):
            another.load("titles: []\nusrs: [host]\n")


@pytest.mark.parametrize(
    "value",
    [
        10**40,
        -(10**40),
        0.1,
        1e300,
        "a\x85b",
        "a\u2028b",
        "a\u2029b",
        "a\rb",
        "\x7f",
        "\ufeff",
        "\U00020bb7",
        "1" * 40,
        "1e5",
        "012",
        "~",
    ],
    ids=ascii,
)
def test_a_value_is_the_same_after_dump_and_load(value: object) -> None:
    """Also a number of many digits, a text that looks like one, and what ends a line in some version of YAML."""
    with a_double() as mpsd:
        mpsd.session("lobby-1", custom={"value": value, f"key {value}": [value]})
        dumped = mpsd.dump()
    with a_double() as another:
        another.load(dumped)

        assert {"value": value, f"key {value}": [value]} == another.session("lobby-1").custom


def test_a_second_loss_does_not_move_the_first() -> None:
    """Documented: thirty seconds from the loss; what is lost already is not noticed later for being lost again."""
    with a_double() as mpsd:
        host = mpsd.user("host")
        mpsd.activity(host, mpsd.session("lobby-1", members=[host]))
        mpsd.drop_connection(host, noticed=False)
        mpsd.clock.advance(10)
        mpsd.drop_connection(host, noticed=False)
        mpsd.clock.advance(20)

        assert None is mpsd.activity_of(host)


def test_a_user_without_a_title_claim_in_a_file() -> None:
    """An empty title_id is a word of a state file, and dump() writes it: else the 403 would be lost on the way."""
    with a_double() as mpsd:
        mpsd.load("users: [{role: host, title_id: ''}]\n")
        text = mpsd.dump()
    with a_double() as mpsd:
        mpsd.load(text)
        answer = send(mpsd, "GET", "/handles/c3a4bd2e-0000-4000-8000-000000000001", mpsd.user("host").headers)

        assert "title_id: ''" in text
        assert isinstance(answer, Answer)
        assert 403 == answer.response.status
