"""What each assertion takes for true, and what not."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from typing import Any

import pytest
import requests

from handlesfake import Double, User
from handlesfake.double.double import core_of
from handlesfake.exchange.outcome import Answer, Call, Outcome, Proceed
from handlesfake.mpsd.http.message import Headers, Response
from handlesfake.traffic.traffic import Traffic
from handlesfake.world.seeded_session import SeededSession
from tests.sending import a_double, activity, invite, send, throttle


def holds(claim: Callable[..., None], *args: Any, **words: Any) -> bool:
    """Whether ``claim`` holds."""
    try:
        claim(*args, **words)
    except AssertionError:
        return False
    return True


def a_lobby() -> tuple[Double, User, User, SeededSession]:
    """A double with a host in lobby-1, and a guest who is not."""
    mpsd = a_double()
    host, guest = mpsd.user("host"), mpsd.user("guest")
    return mpsd, host, guest, mpsd.session("lobby-1", members=[host])


def test_with_a_client_as_users_have_it() -> None:
    """The main job: code under test sends with its own client, and the test says what should have been sent."""
    with a_double() as mpsd:
        host = mpsd.user("host")
        lobby = mpsd.session("lobby-1", members=[host])
        body = {"type": "invite", "version": 1, "sessionRef": lobby.ref, "invitedXuid": "3210"}
        body["inviteAttributes"] = {"titleId": "1234567890"}
        requests.post("https://sessiondirectory.xboxlive.com/handles", headers=host.headers, json=body, timeout=5)

    mpsd.assert_invited("3210", session=lobby, by=host, times=1, only=True)
    assert ["3210"] == [record.invited_xuid for record in mpsd.invites]
    assert mpsd.journal[0].source.startswith("tests/assertions/test_assertions.py:")


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ({}, True),
        ({"times": 1}, True),
        ({"times": 2}, False),
        ({"times": 0}, False),
        ({"only": True}, True),
        ({"title_id": "1234567890"}, True),
        ({"title_id": 1234567890}, True),
        ({"title_id": "1"}, False),
        ({"context": "spawn"}, True),
        ({"context": "nether"}, False),
        ({"session": "lobby-1"}, True),
        ({"session": "LOBBY-1"}, True),
        ({"session": {"name": "lobby-1"}}, True),
        ({"session": {"templateName": "FakeLobby"}}, True),
        ({"session": {"template_name": "Other"}}, False),
        ({"session": "lobby-2"}, False),
    ],
)
def test_an_invite_is_as_the_words_say(words: dict[str, Any], expected: bool) -> None:
    """Each word of assert_invited is asked of the invite; names compare as MPSD looks them up, without case."""
    mpsd, host, guest, _ = a_lobby()
    invite(mpsd, host, guest.xuid, context="spawn")

    assert expected is holds(mpsd.assert_invited, guest, **words)


def test_a_session_and_its_reference_are_the_same() -> None:
    """``session=`` takes the session of the test, its reference, and that of a record."""
    mpsd, host, guest, lobby = a_lobby()
    invite(mpsd, host, guest.xuid)

    for session in (lobby, lobby.ref, mpsd.invites[0].session_ref):
        mpsd.assert_invited(guest, session=session)


def test_a_session_of_another_template_is_another() -> None:
    """A session of the test can replace its whole reference."""
    mpsd, host, guest, _ = a_lobby()
    other = mpsd.session("lobby-1", template="Other")
    invite(mpsd, host, guest.xuid)

    assert not holds(mpsd.assert_invited, guest, session=other)


def test_without_xuids_anybody_will_do() -> None:
    """An empty list of xuids is not a claim that holds by itself."""
    mpsd, host, guest, _ = a_lobby()

    assert not holds(mpsd.assert_invited)
    invite(mpsd, host, guest.xuid)

    assert holds(mpsd.assert_invited)


def test_only_forbids_any_other_invite() -> None:
    """With ``only`` an invite of another player, or of the same one to another place, is one too many."""
    mpsd, host, guest, lobby = a_lobby()
    mpsd.session("lobby-2", members=[host])
    invite(mpsd, host, guest.xuid)

    assert holds(mpsd.assert_invited, guest, session=lobby, only=True)
    invite(mpsd, host, guest.xuid, "lobby-2")

    assert holds(mpsd.assert_invited, guest, session=lobby)
    assert not holds(mpsd.assert_invited, guest, session=lobby, only=True)


def test_refused_invites_do_not_count_as_others() -> None:
    """``only`` speaks of accepted invites."""
    mpsd, host, guest, _ = a_lobby()
    invite(mpsd, host, guest.xuid)
    invite(mpsd, guest, "9000000000000011")

    assert holds(mpsd.assert_invited, guest, only=True)


def test_never_means_not_even_tried() -> None:
    """A refused invite breaks assert_not_invited and assert_no_invites, an activity does not."""
    mpsd, host, guest, lobby = a_lobby()
    activity(mpsd, host)

    assert holds(mpsd.assert_no_invites)
    assert holds(mpsd.assert_not_invited, "9000000000000011")
    invite(mpsd, guest, "9000000000000011")

    assert not holds(mpsd.assert_no_invites)
    assert not holds(mpsd.assert_not_invited, "9000000000000011")
    assert holds(mpsd.assert_not_invited, "9000000000000011", by=host)
    assert not holds(mpsd.assert_not_invited, "9000000000000012", "9000000000000011", session=lobby)


def test_a_mark_forgets_what_was_before() -> None:
    """``since`` counts what was sent after the mark."""
    mpsd, host, guest, _ = a_lobby()
    invite(mpsd, host, guest.xuid)
    mark = mpsd.journal.mark()

    assert holds(mpsd.assert_no_invites, since=mark)
    assert not holds(mpsd.assert_invited, guest, since=mark)
    invite(mpsd, host, guest.xuid)

    assert holds(mpsd.assert_invited, guest, since=mark, times=1)
    assert holds(mpsd.assert_sent, "create_handle", since=mark, times=1)
    assert not holds(mpsd.assert_not_sent, "create_handle", since=mark)


def test_activities_are_spoken_of_as_they_are_now() -> None:
    """assert_activity asks for the present, whichever user set it; the newest replaces the one before."""
    mpsd, host, guest, lobby = a_lobby()
    other = mpsd.session("lobby-2", members=[host])
    mpsd.activity(host, lobby)

    assert holds(mpsd.assert_activity, host, session=lobby)
    assert holds(mpsd.assert_no_activity, guest)
    activity(mpsd, host, "lobby-2")

    assert holds(mpsd.assert_activity, host, session=other)
    assert not holds(mpsd.assert_activity, host, session=lobby)
    assert not holds(mpsd.assert_no_activity, host)


def test_time_takes_an_activity_away() -> None:
    """What a timer ends is gone when it is looked at, without a request in between."""
    mpsd, host, _, _ = a_lobby()
    lobby = mpsd.session(
        "lobby-3", members=[host], constants={"readyRemovalTimeout": 1000, "inactiveRemovalTimeout": 1000}
    )
    mpsd.activity(host, lobby)
    lobby.join(host, status="ready")
    mpsd.clock.advance("1h")

    assert holds(mpsd.assert_no_activity, host)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ({}, True),
        ({"times": 3}, True),
        ({"times": 2}, False),
        ({"accepted": True, "times": 2}, True),
        ({"accepted": False, "times": 1}, True),
        ({"type": "invite", "times": 2}, True),
        ({"type": "search"}, False),
        ({"by": "9000000000000001", "times": 3}, True),
        ({"by": "9000000000000002"}, False),
        ({"session": "lobby-1", "times": 3}, True),
        ({"session_ref": {"name": "lobby-1"}, "times": 3}, True),
        ({"sessionRef": {"templateName": "Other"}}, False),
        ({"invite_attributes": {"title_id": 1234567890}}, True),
        ({"inviteAttributes": {"titleId": "1234567890"}, "times": 2}, True),
        ({"version": True}, False),
    ],
)
def test_requests_are_as_the_words_say(words: dict[str, Any], expected: bool) -> None:
    """assert_sent counts attempts, refused ones included, by what they say; assert_not_sent is its contrary."""
    mpsd, host, guest, _ = a_lobby()
    throttle(mpsd, 1)
    invite(mpsd, host, guest.xuid)
    invite(mpsd, host, guest.xuid)
    activity(mpsd, host)

    assert expected is holds(mpsd.assert_sent, "create_handle", **words)
    if "times" not in words:
        assert expected is not holds(mpsd.assert_not_sent, "create_handle", **words)


def test_the_path_of_a_request_has_fields_too() -> None:
    """Parts of the address are asked for by their names there, the session by ``session=``."""
    mpsd, host, _, lobby = a_lobby()
    send(mpsd, "GET", lobby.path, host.headers)
    send(mpsd, "GET", "/handles/90000000-0000-4000-8000-000000000001", host.headers)

    mpsd.assert_sent("get_session", session=lobby, name="lobby-1", times=1)
    mpsd.assert_sent("get_handle", handle_id="90000000-0000-4000-8000-000000000001", accepted=False)
    assert not holds(mpsd.assert_sent, "get_session", session="lobby-2")
    assert not holds(mpsd.assert_sent, "get_handle", session="lobby-1")


def test_order_lets_others_lie_between() -> None:
    """Steps are found one after the other, each request once."""
    mpsd, host, guest, lobby = a_lobby()
    activity(mpsd, host)
    send(mpsd, "GET", lobby.path, host.headers)
    invite(mpsd, host, guest.xuid)
    invite(mpsd, host, "9000000000000011")
    one = ("create_handle", {"type": "invite", "invited_xuid": guest})

    assert holds(mpsd.assert_in_order, ("create_handle", {"type": "activity"}), one)
    assert holds(mpsd.assert_in_order, "create_handle", "get_session", "create_handle", "create_handle")
    assert not holds(mpsd.assert_in_order, "get_session", "get_session")
    assert not holds(mpsd.assert_in_order, one, "get_session")


def test_assumptions_are_listed_once() -> None:
    """What is assumed for each request of a caller is listed once, and an empty list is false."""
    mpsd = a_double()
    headers = {"Authorization": "XBL3.0 x=77;secret", "X-Xbl-Contract-Version": "107"}

    assert not mpsd.assumptions
    for _ in range(2):
        activity(mpsd, None, headers=headers)  # type: ignore[arg-type] - the headers say who

    assert ["caller", "title", "session", "member"] == [assumption.question for assumption in mpsd.assumptions]
    mpsd.assert_no_assumptions(except_=("caller", "title", "session", "member"))
    assert not holds(mpsd.assert_no_assumptions, except_="caller")


def test_what_was_only_played_says_what_is_shown() -> None:
    """Without a fake, the present is what the entries say: set, replaced, deleted by its handle, or left."""
    mpsd, host, guest, lobby = a_lobby()
    played = Traffic(core_of(mpsd).journal, core_of(mpsd).world.named)
    activity(mpsd, host)

    assert [] == played.shown_by(guest.xuid)
    assert mpsd.activities == played.shown_by(host.xuid)
    activity(mpsd, host)

    assert mpsd.activities[1:] == played.shown_by(host.xuid)
    send(mpsd, "DELETE", f"/handles/{mpsd.activities[1].id}", host.headers)

    assert [] == played.shown_by(host.xuid)
    activity(mpsd, host)
    send(mpsd, "PUT", lobby.path, host.headers, {"members": {"me": None}})

    assert [204, []] == [mpsd.journal[-1].status, played.shown_by(host.xuid)]


def test_a_recorded_answer_makes_a_record() -> None:
    """Where only request and response are known, records come from them, and the answer says who sent it."""

    def play(call: Call, proceed: Proceed) -> Outcome:
        body = b'{"id":"1","type":"invite","invitedXuid":"9000000000000002","senderXuid":"9000000000000001"}'
        return Answer(Response(201, Headers(), body), "cassette lobby.yaml #1")

    mpsd, host, guest, _ = a_lobby()
    core_of(mpsd).engine.stages = (play,)
    send(
        mpsd,
        "POST",
        "/handles",
        {"Authorization": "XBL3.0 x=main;removed"},
        {"type": "invite", "invitedXuid": guest.xuid},
    )

    assert [{"id": "1", "by": host, "invited_xuid": guest}] == mpsd.invites
    mpsd.assert_invited(guest, by=host)


def test_our_frames_are_hidden() -> None:
    """Below the test's own line there is no frame of ours that pytest would show."""
    mpsd, _, guest, _ = a_lobby()

    with pytest.raises(AssertionError) as caught:
        mpsd.assert_invited(guest)
    frames = [frame for frame, _ in traceback.walk_tb(caught.value.__traceback__)][1:]

    assert frames
    assert all(frame.f_locals.get("__tracebackhide__") for frame in frames)


def test_a_double_shows_only_what_tests_use() -> None:
    """dir() lists words to seed, upset, look and assert, and nothing private."""
    names = dir(a_double())

    assert {"user", "session", "invites", "activities", "refused", "activity_of", "assert_invited", "soon"} <= {
        *names
    }
    assert not [name for name in names if name.startswith("_")]


def test_a_name_that_the_service_filled_in_is_known() -> None:
    """An activity without a session's name is found by the name that the answer tells."""
    mpsd, host, _, lobby = a_lobby()
    ref = {name: value for name, value in lobby.ref.items() if name != "name"}
    send(mpsd, "POST", "/handles", host.headers, {"type": "activity", "version": 1, "sessionRef": ref})

    mpsd.assert_sent("create_handle", session=mpsd.activities[0].session_ref)
    assert not holds(mpsd.assert_sent, "create_handle", session=lobby)


def test_what_others_leave_takes_nothing_away() -> None:
    """Only the player's own leaving of the very session ends what is shown, and only when it was accepted."""
    mpsd, host, guest, lobby = a_lobby()
    other = mpsd.session("lobby-2", members=[host])
    lobby.join(guest)
    played = Traffic(core_of(mpsd).journal, core_of(mpsd).world.named)
    activity(mpsd, host)
    send(mpsd, "PUT", lobby.path, guest.headers, {"members": {"me": None}})
    send(mpsd, "PUT", other.path, host.headers, {"members": {"me": None}})
    send(mpsd, "PUT", lobby.path, {"X-Xbl-Contract-Version": "107"}, {"members": {"me": None}})

    assert mpsd.activities == played.shown_by(host.xuid)
    assert holds(mpsd.assert_activity, host)


def test_a_double_says_how_much_it_got() -> None:
    """Printed, a double tells its mode, its holder and its traffic."""
    mpsd, host, _, _ = a_lobby()
    activity(mpsd, host)

    assert "<Double fake of handlesfake: 1 request>" == repr(mpsd)
