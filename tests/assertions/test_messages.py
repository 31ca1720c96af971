"""The texts of failed assertions, word for word: they are the product."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from typing import Any

import pytest
import requests
import trio
import trio.testing

from handlesfake import Double, SettingsError, User
from handlesfake.double.double import core_of
from handlesfake.exchange.outcome import ConnectionEnd, Fault
from handlesfake.mpsd.refusals.catalogue import Refusal
from handlesfake.reporting.advice import advice
from handlesfake.services.table import operation_names, refusals
from handlesfake.world.seeded_session import SeededSession
from tests.sending import a_double, activity, invite, lose_answers, section, send, throttle


def text_of(claim: Callable[..., None], *args: Any, **words: Any) -> str:
    """The text that ``claim`` fails with."""
    with pytest.raises(AssertionError) as caught:
        claim(*args, **words)
    return str(caught.value)


def a_lobby() -> tuple[Double, User, User, SeededSession]:
    """A double with a host in lobby-1, and a guest who is not."""
    mpsd = a_double()
    host, guest = mpsd.user("host"), mpsd.user("guest")
    return mpsd, host, guest, mpsd.session("lobby-1", members=[host])


# ---- what was sent, and was not it


def test_a_wrong_xuid_shows_the_nearest_invite() -> None:
    """Swapped digits show side by side; invites that others wanted are not the nearest."""
    mpsd, host, _, lobby = a_lobby()
    activity(mpsd, host)
    invite(mpsd, host, "9000000000000011")
    invite(mpsd, host, "9000000000000021")

    assert """\
9000000000000012 was not invited to lobby-1.
  nearest of 2 invites: #3, by Host, 201   party/mpsd.py:31 in call
      invitedXuid   wanted '9000000000000012'   sent '9000000000000021'
  others: #2 9000000000000011 201""" == text_of(
        mpsd.assert_invited, "9000000000000011", "9000000000000012", session=lobby
    )


def test_every_differing_field_is_shown() -> None:
    """Session, title, context and sender each show what was wanted and what was sent."""
    mpsd, host, guest, _ = a_lobby()
    invite(mpsd, host, guest.xuid, context="spawn")

    assert """\
Guest 9000000000000002 was not invited to lobby-2 by Guest 9000000000000002.
  nearest of 1 invite: #1, by Host, 201   party/mpsd.py:31 in call
      inviteAttributes.titleId   wanted 896928775                  sent '1234567890'
      inviteAttributes.context   wanted 'nether'                   sent 'spawn'
      sessionRef.name            wanted 'lobby-2'                  sent 'lobby-1'
      by                         wanted 'Guest 9000000000000002'   sent 'Host 9000000000000001'""" == text_of(
        mpsd.assert_invited, guest, session="lobby-2", title_id=896928775, context="nether", by=guest
    )


def test_refused_each_time_shows_each_refusal() -> None:
    """What was sent as wanted and refused is listed with time, refusal and the rule that made it."""
    mpsd, host, _, _ = a_lobby()
    throttle(mpsd, 3)
    for _ in range(3):
        invite(mpsd, host, "9000000000000011")
        mpsd.clock.advance(5)

    assert """\
9000000000000011 was invited 0 times, wanted 1. It was sent 3 times and refused each time:
  #1 10:00:00  429 throttled   refuse('throttled', times=3)
  #2 10:00:05  429 throttled   refuse('throttled', times=3)
  #3 10:00:10  429 throttled   refuse('throttled', times=3); nothing was sent after it
      too many requests; the header Retry-After of the answer says how many seconds to wait (documented).
      In production: wait that long before sending it again. In a test: mpsd.clock.skip_sleeps() skips that wait.\
""" == text_of(mpsd.assert_invited, "9000000000000011", times=1)


def test_refused_by_mpsd_shows_the_way_out() -> None:
    """A refusal of the service itself is explained, with the line that sent it."""
    mpsd, _, guest, _ = a_lobby()
    invite(mpsd, guest, "9000000000000011")

    assert """\
9000000000000011 was not invited. It was sent once and refused:
  #1 10:00:00  403 not_a_member   party/mpsd.py:31 in call
      Guest is not a member of lobby-1 (members: Host 9000000000000001).
      In production: PUT the session with members.me first. \
In a test: mpsd.session("lobby-1", members=[host, guest]).\
""" == text_of(mpsd.assert_invited, "9000000000000011")


def test_too_many_shows_each() -> None:
    """An invite whose answer was lost counts, and shows that it was."""
    mpsd, host, guest, _ = a_lobby()
    lose_answers(mpsd)
    invite(mpsd, host, guest.xuid)
    invite(mpsd, host, guest.xuid)

    assert """\
Guest 9000000000000002 was invited 2 times, wanted 1:
  #1 10:00:00  201, lost: connection closed   lose_answer('create_handle')
  #2 10:00:00  201, lost: connection closed   lose_answer('create_handle')""" == text_of(
        mpsd.assert_invited, guest, times=1
    )


def test_too_few_shows_each_attempt() -> None:
    """What was refused meanwhile is among the attempts."""
    mpsd, host, guest, _ = a_lobby()
    throttle(mpsd, 1)
    invite(mpsd, host, guest.xuid)
    invite(mpsd, host, guest.xuid)

    assert """\
Guest 9000000000000002 was invited once, wanted 2:
  #1 10:00:00  429 throttled   refuse('throttled', times=1)
  #2 10:00:00  201             party/mpsd.py:31 in call""" == text_of(mpsd.assert_invited, guest, times=2)


def test_a_long_list_of_players_is_cut() -> None:
    """Of many players who were not invited, the first are named and the rest counted."""
    mpsd, host, guest, _ = a_lobby()
    xuids = [str(9000000000000011 + number) for number in range(7)]
    nothing = text_of(mpsd.assert_invited, *xuids)
    invite(mpsd, host, guest.xuid)

    assert nothing.startswith(", ".join(xuids[:5]) + " and 2 more were not invited; nothing has been sent")
    assert "and 2 more were not invited as wanted" == text_of(mpsd.assert_invited, *xuids).splitlines()[-1]


def test_nobody_at_all() -> None:
    """Without xuids the claim is that anybody was invited."""
    mpsd, host, guest, _ = a_lobby()
    invite(mpsd, host, guest.xuid)

    assert """\
no player was invited to lobby-2.
  nearest of 1 invite: #1, by Host, 201   party/mpsd.py:31 in call
      sessionRef.name   wanted 'lobby-2'   sent 'lobby-1'""" == text_of(mpsd.assert_invited, session="lobby-2")
    assert """\
MPSD accepted 1 invite, wanted 2:
  #1 10:00:00  201   party/mpsd.py:31 in call""" == text_of(mpsd.assert_invited, times=2)


def test_only_names_the_others() -> None:
    """An invite too many is named with its invitee."""
    mpsd, host, guest, _ = a_lobby()
    invite(mpsd, host, guest.xuid)
    invite(mpsd, host, "9000000000000011")

    assert """\
only=True, and 1 other invite was accepted:
  #2 10:00:00  9000000000000011  201   party/mpsd.py:31 in call""" == text_of(mpsd.assert_invited, guest, only=True)


def test_other_requests_are_no_invites() -> None:
    """Where no invite was sent, what was sent instead is named."""
    mpsd, host, guest, _ = a_lobby()
    activity(mpsd, host)

    assert """\
Guest 9000000000000002 was not invited; no invite has been sent.
  sent instead: #1 create_handle activity 201""" == text_of(mpsd.assert_invited, guest)


def test_what_was_refused_may_have_been_meant() -> None:
    """A request that was not read as an invite is told with its refusal; a form is told from JSON."""
    mpsd, host, guest, _ = a_lobby()
    headers = {**host.headers, "Content-Type": "application/x-www-form-urlencoded"}
    send(mpsd, "POST", "/handles", headers, b"type=invite&version=1")

    assert """\
Guest 9000000000000002 was not invited; no invite has been sent.
  sent instead: #1 create_handle 400
  #1 may have been meant as one:
      The request body is not JSON: Expecting value at line 1, column 1 (documented).
      In production: correct the body. In a test: mpsd.refused[-1].request.body is what was sent.
      it came as a form (application/x-www-form-urlencoded): give your client json=, not data=""" == text_of(
        mpsd.assert_invited, guest
    )
    assert b"type=invite&version=1" == mpsd.refused[-1].request.body


def test_a_type_in_the_wrong_case_may_have_been_meant() -> None:
    """Neither is an activity that was refused; a type that MPSD does not know may be."""
    mpsd, host, guest, _ = a_lobby()
    send(mpsd, "POST", "/handles", host.headers, {"type": "Invite", "version": 1})
    activity(mpsd, host, "lobby-2")

    assert """\
Guest 9000000000000002 was not invited; no invite has been sent.
  sent instead: #1 create_handle Invite 400, #2 create_handle activity 403
  #1 may have been meant as one:
      The handle type "Invite" is not supported (assumed).
      In production and in a test: the types are activity, invite, search, transfer.""" == text_of(
        mpsd.assert_invited, guest
    )


def test_a_long_list_of_requests_is_cut() -> None:
    """Thirty invites too many do not fill the screen: the newest ten are shown, as in the section."""
    mpsd, host, _, _ = a_lobby()
    for number in range(30):
        invite(mpsd, host, f"90000000000000{number + 10}")

    assert """\
MPSD accepted 30 invites, wanted 1:
  20 earlier ones not shown; mpsd.journal has all
  #21 10:00:00  201   party/mpsd.py:31 in call
  #22 10:00:00  201   party/mpsd.py:31 in call
  #23 10:00:00  201   party/mpsd.py:31 in call
  #24 10:00:00  201   party/mpsd.py:31 in call
  #25 10:00:00  201   party/mpsd.py:31 in call
  #26 10:00:00  201   party/mpsd.py:31 in call
  #27 10:00:00  201   party/mpsd.py:31 in call
  #28 10:00:00  201   party/mpsd.py:31 in call
  #29 10:00:00  201   party/mpsd.py:31 in call
  #30 10:00:00  201   party/mpsd.py:31 in call""" == text_of(mpsd.assert_invited, times=1)
    assert 12 == len(text_of(mpsd.assert_invited, "9000000000000011", only=True).splitlines())


def test_a_wrong_name_is_told_the_nearest() -> None:
    """What a test holds guesses what was meant; a private name gets no guess."""
    mpsd, host, _, lobby = a_lobby()
    activity(mpsd, host)
    texts = []
    for owner, name in (
        (mpsd.journal[0], "refusl"),
        (mpsd, "assert_invite"),
        (mpsd.soon, "assert_activty"),
        (host, "athorization"),
        (lobby, "reff"),
    ):
        with pytest.raises(AttributeError) as caught:
            getattr(owner, name)
        texts.append(str(caught.value))

    assert [
        "'Entry' object has no attribute 'refusl'; did you mean 'refusal'?",
        "'Double' object has no attribute 'assert_invite'; did you mean 'assert_invited'?",
        "'Soon' object has no attribute 'assert_activty'; did you mean 'assert_activity'?",
        "'User' object has no attribute 'athorization'; did you mean 'authorization'?",
        "'SeededSession' object has no attribute 'reff'; did you mean 'ref'?",
    ] == texts
    assert not hasattr(host, "_xuids")


# ---- nothing at all


def test_nothing_sent_and_nothing_running() -> None:
    """Where no thread or task is left to send, the question is whether the code ran at all."""
    mpsd, _, guest, _ = a_lobby()

    assert """\
Guest 9000000000000002, 9000000000000011 were not invited; nothing has been sent to MPSD in this test.
  nothing of yours is still running: was the code under test called?""" == text_of(
        mpsd.assert_invited, guest, "9000000000000011"
    )


def test_nothing_sent_since_the_mark() -> None:
    """With a mark, what was sent before it does not count, and the text says so."""
    mpsd, host, guest, _ = a_lobby()
    invite(mpsd, host, guest.xuid)

    assert """\
Guest 9000000000000002 was not invited; nothing has been sent to MPSD since the mark.
  nothing of yours is still running: was the code under test called?""" == text_of(
        mpsd.assert_invited, guest, since=mpsd.journal.mark()
    )


def test_a_running_thread_is_named_with_its_line() -> None:
    """A thread that has not sent yet is named with its current line, and how to wait for it."""
    mpsd = a_double()
    go, there = threading.Event(), threading.Event()

    def keep_alive() -> None:
        there.set()
        go.wait()

    # a thread in which no line of the user's stands is a library's own, and not named
    threads = [threading.Thread(target=keep_alive, name="keep-alive"), threading.Thread(target=go.wait)]
    for thread in threads:
        thread.start()
    there.wait()
    line = keep_alive.__code__.co_firstlineno + 2
    try:
        text = text_of(mpsd.assert_invited, "9000000000000011", session=mpsd.session("lobby-1"), times=1)
    finally:
        go.set()
        for thread in threads:
            thread.join()

    assert (
        f"""\
9000000000000011 was not invited to lobby-1; nothing has been sent to MPSD in this test.
  still running: thread 'keep-alive' tests/assertions/test_messages.py:{line} in keep_alive
  wait for it:  mpsd.assert_invited("9000000000000011", session="lobby-1", times=1, within=1.0)"""
        == text
    )


def test_a_running_task_is_named_with_its_line() -> None:
    """A task that has not sent yet is named with the innermost line of the user's code, and the form to await."""
    mpsd = a_double()

    async def call() -> None:
        await asyncio.Event().wait()

    async def invites() -> None:
        await call()

    async def test() -> str:
        task = asyncio.create_task(invites(), name="invite")
        library = asyncio.create_task(asyncio.sleep(30))
        await asyncio.sleep(0)
        try:
            return text_of(mpsd.assert_invited, "9000000000000011")
        finally:
            task.cancel()
            library.cancel()

    line = call.__code__.co_firstlineno + 1

    assert f"""\
9000000000000011 was not invited; nothing has been sent to MPSD in this test.
  still running: task 'invite' tests/assertions/test_messages.py:{line} in call
  wait for it:  await mpsd.soon.assert_invited("9000000000000011", within=1.0)""" == asyncio.run(test())


def test_a_running_task_of_trio_is_named_with_its_line() -> None:
    """The same in trio."""
    mpsd = a_double()

    async def call() -> None:
        await trio.sleep_forever()

    async def test() -> str:
        async with trio.open_nursery() as nursery:
            nursery.start_soon(call, name="invite")
            await trio.testing.wait_all_tasks_blocked()
            text = text_of(mpsd.assert_sent, "put_session", by=mpsd.user("host"), accepted=False)
            nursery.cancel_scope.cancel()
        return text

    line = call.__code__.co_firstlineno + 1

    assert f"""\
put_session by Host 9000000000000001 was not refused; nothing has been sent to MPSD in this test.
  still running: task 'invite' tests/assertions/test_messages.py:{line} in call
  wait for it:  await mpsd.soon.assert_sent("put_session", accepted=False, by=host, within=1.0)""" == trio.run(test)


def test_who_was_there_before_the_double_is_not_named() -> None:
    """A thread and a task that run since before the double have nothing to do with its test."""
    there, go = threading.Event(), threading.Event()

    def serve() -> None:
        there.set()
        go.wait()

    async def keep_alive() -> None:
        await asyncio.Event().wait()

    async def test() -> str:
        task = asyncio.create_task(keep_alive())
        await asyncio.sleep(0)
        try:
            return text_of(a_double().assert_invited, "9000000000000011")
        finally:
            task.cancel()

    thread = threading.Thread(target=serve)
    thread.start()
    there.wait()
    try:
        text = asyncio.run(test())
    finally:
        go.set()
        thread.join()

    assert (
        """\
9000000000000011 was not invited; nothing has been sent to MPSD in this test.
  nothing of yours is still running: was the code under test called?"""
        == text
    )


def test_what_was_sent_and_refused_is_not_waited_for() -> None:
    """The request has come, so that no thread is to blame, whatever runs."""
    mpsd, host, _, lobby = a_lobby()
    throttle(mpsd, 1)
    invite(mpsd, host, "9000000000000011")
    there, go = threading.Event(), threading.Event()

    def keep_alive() -> None:
        there.set()
        go.wait()

    thread = threading.Thread(target=keep_alive)
    thread.start()
    there.wait()
    try:
        text = text_of(mpsd.assert_invited, "9000000000000011", session=lobby)
    finally:
        go.set()
        thread.join()

    assert "still running" not in text


# ---- never


def test_invited_after_all() -> None:
    """An accepted invite breaks assert_not_invited, with its line."""
    mpsd, host, guest, _ = a_lobby()
    invite(mpsd, host, guest.xuid)

    assert """\
Guest 9000000000000002 was invited; assert_not_invited wants it not even tried:
  #1 10:00:00  201   party/mpsd.py:31 in call""" == text_of(mpsd.assert_not_invited, guest)


def test_tried_and_refused_is_tried() -> None:
    """A refused invite was tried, and the text says both."""
    mpsd, _, guest, _ = a_lobby()
    invite(mpsd, guest, "9000000000000011")

    assert """\
9000000000000011 was not invited; assert_not_invited wants it not even tried. It was sent once and refused:
  #1 10:00:00  403 not_a_member   party/mpsd.py:31 in call
      Guest is not a member of lobby-1 (members: Host 9000000000000001).
      In production: PUT the session with members.me first. \
In a test: mpsd.session("lobby-1", members=[host, guest]).\
""" == text_of(mpsd.assert_not_invited, "9000000000000011")


def test_no_invites_lists_them() -> None:
    """Every invite that was tried is listed, with its invitee."""
    mpsd, host, guest, _ = a_lobby()
    invite(mpsd, host, guest.xuid)
    invite(mpsd, guest, "9000000000000011")

    assert """\
2 invites were sent, wanted none:
  #1 10:00:00  9000000000000002  201                party/mpsd.py:31 in call
  #2 10:00:00  9000000000000011  403 not_a_member   party/mpsd.py:31 in call""" == text_of(mpsd.assert_no_invites)


# ---- activities, now


def test_another_activity_is_shown() -> None:
    """What is shown instead is beside what was wanted, with the request that set it."""
    mpsd, host, _, _ = a_lobby()
    activity(mpsd, host)

    assert """\
Host 9000000000000001 shows lobby-1, wanted lobby-2.
  #1 10:00:00  201   party/mpsd.py:31 in call
      sessionRef.name   wanted 'lobby-2'   shown 'lobby-1'""" == text_of(
        mpsd.assert_activity, host, session="lobby-2"
    )


def test_another_activity_was_refused() -> None:
    """Where the wanted one was tried and refused, that is said, too."""
    mpsd, host, _, lobby = a_lobby()
    mpsd.activity(host, lobby)
    activity(mpsd, host, "lobby-2")

    assert """\
Host 9000000000000001 shows lobby-1, wanted lobby-2.
  arranged by the test: mpsd.activity(...)
      sessionRef.name   wanted 'lobby-2'   shown 'lobby-1'
lobby-2 was tried, too. It was sent once and refused:
  #1 10:00:00  403 session_not_found   party/mpsd.py:31 in call
      there is no session lobby-2, or Host may not use it (inferred).
      In production: PUT the session before a handle points to it. \
In a test: mpsd.session("lobby-2", members=[host]).\
""" == text_of(mpsd.assert_activity, host, session="lobby-2")


def test_an_activity_that_is_gone() -> None:
    """An activity that was set and is gone is told from one that never was."""
    mpsd, host, guest, lobby = a_lobby()
    lobby.join(guest)
    activity(mpsd, host)
    lobby.join(host, status="inactive")

    assert """\
Host 9000000000000001 shows no activity. It was set, and is gone:
  #1 10:00:00  201   party/mpsd.py:31 in call
  an activity goes with its handle (deleted or replaced), its member (left or inactive) or its session""" == text_of(
        mpsd.assert_activity, host
    )


def test_an_activity_of_somebody_else() -> None:
    """The activity of another player is the nearest thing."""
    mpsd, host, guest, _ = a_lobby()
    activity(mpsd, host)

    assert """\
Guest 9000000000000002 shows no activity.
  nearest of 1 activity: #1, by Host, 201   party/mpsd.py:31 in call
      by   wanted 'Guest 9000000000000002'   sent 'Host 9000000000000001'""" == text_of(mpsd.assert_activity, guest)


def test_an_activity_that_should_not_be() -> None:
    """What is shown is named, with the request that set it."""
    mpsd, host, _, _ = a_lobby()
    activity(mpsd, host)

    assert """\
Host 9000000000000001 shows lobby-1, wanted no activity:
  #1 10:00:00  201   party/mpsd.py:31 in call""" == text_of(mpsd.assert_no_activity, host)


# ---- requests of every kind


def test_a_field_that_differs_deep_inside() -> None:
    """assert_sent shows the path of the field that differs."""
    mpsd, host, guest, _ = a_lobby()
    invite(mpsd, host, guest.xuid, context="spawn")
    activity(mpsd, host)

    assert """\
create_handle invite with inviteAttributes {'context': 'nether'} was not sent.
  nearest of 1 invite: #1, by Host, 201   party/mpsd.py:31 in call
      inviteAttributes.context   wanted 'nether'   sent 'spawn'""" == text_of(
        mpsd.assert_sent, "create_handle", type="invite", invite_attributes={"context": "nether"}
    )


def test_a_count_that_differs() -> None:
    """assert_sent counts attempts, and lists them."""
    mpsd, host, guest, _ = a_lobby()
    throttle(mpsd, 1)
    invite(mpsd, host, guest.xuid)
    invite(mpsd, host, guest.xuid)

    assert """\
create_handle with invitedXuid '9000000000000002' was sent 2 times, wanted 3:
  #1 10:00:00  429 throttled   refuse('throttled', times=1)
  #2 10:00:00  201             party/mpsd.py:31 in call""" == text_of(
        mpsd.assert_sent, "create_handle", times=3, invited_xuid=guest
    )
    assert """\
create_handle was accepted once, wanted 2:
  #2 10:00:00  201   party/mpsd.py:31 in call""" == text_of(mpsd.assert_sent, "create_handle", times=2, accepted=True)


def test_an_operation_that_was_not_sent() -> None:
    """What was sent instead is named."""
    mpsd, host, _, _ = a_lobby()
    activity(mpsd, host)

    assert """\
put_session was not sent.
  sent instead: #1 create_handle activity 201""" == text_of(mpsd.assert_sent, "put_session")


def test_sent_though_it_should_not_be() -> None:
    """assert_not_sent lists what was sent."""
    mpsd, host, _, lobby = a_lobby()
    activity(mpsd, host)

    assert """\
create_handle activity to lobby-1 by Host 9000000000000001 was sent once, wanted never:
  #1 10:00:00  lobby-1  201   party/mpsd.py:31 in call""" == text_of(
        mpsd.assert_not_sent, "create_handle", type="activity", session=lobby, by=host
    )


def test_a_step_that_came_before() -> None:
    """A step that was sent too early is shown in the order that was."""
    mpsd, host, guest, _ = a_lobby()
    invite(mpsd, host, guest.xuid)
    activity(mpsd, host)

    assert """\
step 2 of 2, create_handle invite, was not sent after #2 create_handle activity; it was sent before:
  #1 10:00:00  201   party/mpsd.py:31 in call
  sent in this order: #1 create_handle invite, #2 create_handle activity""" == text_of(
        mpsd.assert_in_order, ("create_handle", {"type": "activity"}), ("create_handle", {"type": "invite"})
    )


def test_a_step_that_never_came() -> None:
    """A step that was not sent at all shows the nearest request of its kind."""
    mpsd, host, guest, _ = a_lobby()
    activity(mpsd, host)
    invite(mpsd, host, guest.xuid)

    assert """\
step 2 of 2, create_handle invite with invitedXuid '9000000000000011', was not sent after #1 create_handle activity.
  nearest of 1 invite: #2, by Host, 201   party/mpsd.py:31 in call
      invitedXuid   wanted '9000000000000011'   sent '9000000000000002'""" == text_of(
        mpsd.assert_in_order,
        ("create_handle", {"type": "activity"}),
        ("create_handle", {"type": "invite", "invited_xuid": "9000000000000011"}),
    )


def test_assumptions_name_the_line_that_says_it() -> None:
    """What was taken for granted is listed with its cure."""
    mpsd = a_double()
    activity(mpsd, mpsd.user("host"))

    assert """\
the fake took 2 things for granted:
  the session lobby-1 exists. To say it:
      mpsd.session("lobby-1", members=[host])
  Host 9000000000000001 is active in the session lobby-1. To say it:
      mpsd.session("lobby-1", members=[host])""" == text_of(mpsd.assert_no_assumptions)
    assert """\
the fake took 1 thing for granted:
  the session lobby-1 exists. To say it:
      mpsd.session("lobby-1", members=[host])""" == text_of(mpsd.assert_no_assumptions, except_=["member"])


# ---- the developer is wrong


@pytest.mark.parametrize(
    ("call", "kind", "text"),
    [
        (
            lambda mpsd: mpsd.assert_invited(3210),
            TypeError,
            "mpsd.assert_invited(): xuids are decimal strings on the wire; write '3210' instead of 3210.",
        ),
        (
            lambda mpsd: mpsd.assert_invited(["1", "2"]),
            TypeError,
            "mpsd.assert_invited() takes users one by one: write mpsd.assert_invited(*xuids), with the star.",
        ),
        (
            lambda mpsd: mpsd.assert_not_invited(),
            TypeError,
            "mpsd.assert_not_invited(): no user is named; name one at least, or claim mpsd.assert_no_invites().",
        ),
        (
            lambda mpsd: mpsd.assert_sent("create_handle", by=7),
            TypeError,
            "mpsd.assert_sent(by=): xuids are decimal strings on the wire; write '7' instead of 7.",
        ),
        (
            lambda mpsd: mpsd.assert_activity("7", session=7),
            TypeError,
            "mpsd.assert_activity(session=7): expected a session of mpsd.session(), a session reference of texts or a name, "
            "got int.",
        ),
        (
            lambda mpsd: mpsd.assert_invited("7", session={"nmae": "lobby-1"}),
            SettingsError,
            "sessionRef has no field 'nmae'; did you mean 'name'?\n  known: scid, template_name, name",
        ),
        (
            lambda mpsd: mpsd.assert_sent("create_handle", invited_xiud="7"),
            SettingsError,
            "a request of create_handle has no field 'invited_xiud'; did you mean 'invited_xuid'?\n"
            "  known: type, version, session_ref, id, invited_xuid, invite_attributes, search_attributes, "
            "origin_session_ref",
        ),
        (
            lambda mpsd: mpsd.assert_in_order("create_handel"),
            SettingsError,
            "operation 'create_handel' is not known; did you mean 'create_handle'?\n"
            f"  known: {', '.join(operation_names())}",
        ),
        (
            lambda mpsd: mpsd.assert_no_assumptions(except_=["sesion"]),
            SettingsError,
            "mpsd.assert_no_assumptions(except_=['sesion']): 'sesion' is never assumed; did you mean 'session'?\n"
            "  known: caller, title, session, member, template",
        ),
    ],
)
def test_what_cannot_be_asked_is_an_error(call: Callable[[Double], None], kind: type[Exception], text: str) -> None:
    """A wrong word is an error that names the right one, and never a failed or passed claim."""
    with pytest.raises(kind) as caught:
        call(a_double())

    assert text == str(caught.value)


# ---- refusals


@pytest.mark.parametrize("name", refusals())
def test_every_refusal_has_advice(name: str) -> None:
    """Each refusal by name, even without its facts, as a rule raises it, says what happened and what to do."""
    lines = advice(Refusal(refusals()[name], **dict.fromkeys(refusals()[name].facts, "x")))

    # the cure of a missing header fits into its one sentence
    assert (1 if name == "contract_version" else 2) <= len(lines)
    assert "{" not in lines[0]


def test_a_refusal_by_a_rule_blames_no_request() -> None:
    """Where a rule of the test said no, the request was right: the text says what the answer means, no more."""
    mpsd, host, _, _ = a_lobby()
    mpsd.refuse("not_a_member")
    activity(mpsd, host)

    assert """\
#1  create_handle activity  Host 9000000000000001  403   party/mpsd.py:31 in call
    decided by refuse('not_a_member')
    The requested session cannot be accessed. The caller must be a member of it (inferred).\
""" == section(mpsd)[1]
    assert """\
Host 9000000000000001 shows no activity. It was sent once and refused:
  #1 10:00:00  403 not_a_member   refuse('not_a_member')
      The requested session cannot be accessed. The caller must be a member of it (inferred).""" == text_of(
        mpsd.assert_activity, host
    )


@pytest.mark.parametrize("name", refusals())
def test_every_refusal_by_a_rule_is_said_with_its_evidence(name: str) -> None:
    """A rule refuses in the name of a refusal: what it means comes with what that rests on."""
    refusal = Refusal(refusals()[name], **dict.fromkeys(refusals()[name].facts, "x"))
    (first, *_) = advice(refusal, ruled=True)

    assert first.endswith(f" ({refusal.evidence.words}).")


@pytest.mark.parametrize(
    ("user_hash", "shown"),
    [
        ("1111111111111111119", "user hash 1111...1119 (19 digits: a real hash, not an xuid)"),
        ("9000000000000001", "user hash 9000...0001 (16 digits)"),
        ("uhs-main-account", "user hash uhs-...ount (16 characters)"),
        ("12345678", "a user hash of 8 digits"),
        ("1", "a user hash of 1 digit"),
        ("host", "a user hash of 4 characters"),
        ("", "the Authorization"),
    ],
)
def test_a_user_hash_is_never_shown_whole(user_hash: str, shown: str) -> None:
    """A user hash names an account: its ends are enough to recognise it."""
    lines = advice(Refusal(refusals()["unknown_caller"], user_hash=user_hash), {"9000000000000001": "alice"})

    assert [
        f"{shown} does not belong to any user of this test. Users of this test: Alice 9000000000000001.",
        "Give the code under test alice.authorization, or say whose hash it is:",
        '    mpsd.user("alice", user_hash=...)    # the text between "x=" and ";" of the Authorization',
    ] == lines


def test_an_unknown_service_token_is_told_of_services() -> None:
    """A dash replaces the user hash: a service's token, with its own way out."""
    assert [
        "a service token (x=-) that this test does not know. This test has no users.",
        "In a test: service = mpsd.service(); give the code under test service.headers(host).",
    ] == advice(Refusal(refusals()["unknown_caller"], user_hash="-"))


def test_a_missing_authorization_is_told_what_to_send() -> None:
    """Without the header there is no user: both ways out."""
    mpsd = a_double()
    mpsd.user("host")
    send(mpsd, "POST", "/handles", {"X-Xbl-Contract-Version": "107"}, {"type": "activity"})

    assert """\
#1  create_handle activity  unknown caller  401   party/mpsd.py:31 in call
    header Authorization is missing: MPSD rejects unauthenticated requests (inferred). \
Users of this test: Host 9000000000000001.
    In production: send XBL3.0 x=<user hash>;<XSTS token>. In a test: host.headers has both.""" == section(mpsd)[1]


def test_a_host_that_nobody_said_is_mpsd() -> None:
    """Where other hosts were called instead, they are named, with the setting that makes one of them MPSD."""
    with a_double() as mpsd:
        with pytest.raises(requests.ConnectionError):
            requests.post("http://127.0.0.1:9/handles", json={}, timeout=5)
        text = text_of(mpsd.assert_invited, "9000000000000011")

    assert (
        """\
9000000000000011 was not invited; nothing has been sent to MPSD in this test.
  no request for sessiondirectory.xboxlive.com; other hosts called meanwhile: 127.0.0.1:9
  if one of them is MPSD under another name, set mpsd_hosts in the ini file, or handlesfake.fake(hosts=(...,))\
"""
        == text
        == text_of(mpsd.assert_invited, "9000000000000011")
    )


def test_a_player_without_the_privilege_is_told() -> None:
    """The privilege is the account's: in production only the player can be told."""
    mpsd = a_double()
    host = mpsd.user("host", multiplayer=False)
    activity(mpsd, host)

    assert """\
#1  create_handle activity  Host 9000000000000001  403   party/mpsd.py:31 in call
    Host lacks the multiplayer privilege (inferred).
    In production: tell the player: this player cannot invite at all.
    In a test: say multiplayer=True of host in mpsd.user().""" == section(mpsd)[1]


def test_who_is_no_owner_is_told() -> None:
    """Where a session has owners, only they may invite."""
    mpsd = a_double()
    host, guest = mpsd.user("host"), mpsd.user("guest")
    mpsd.session("lobby-1", members=[host, guest], constants={"capabilities": {"hasOwners": True}})
    invite(mpsd, guest, "9000000000000011")

    assert """\
#1  create_handle invite  Guest 9000000000000002  403   party/mpsd.py:31 in call
    Guest is not an owner of lobby-1: where a session has owners, only they may invite (inferred).
    In production: let an owner invite, or set ownershipPolicies.allowNonOwnerInviteHandles in the template.
    In a test: let the first member of the session be the one who invites.""" == section(mpsd)[1]


def test_an_expired_token_is_told_how_to_renew() -> None:
    """A 401 for an expired token names whose it was."""
    mpsd, host, _, _ = a_lobby()
    host.expire()
    activity(mpsd, host)

    assert """\
#1  create_handle activity  Host 9000000000000001  401   party/mpsd.py:31 in call
    the token of Host has expired (inferred).
    In production: get a new XSTS token and send the request again. In a test: host.renew() gives a good one.\
""" == section(mpsd)[1]


def test_an_attempt_that_the_network_swallowed() -> None:
    """What never reached the service is not a refusal, but it was sent."""
    mpsd, host, guest, _ = a_lobby()
    core_of(mpsd).engine.stages = (lambda call, proceed: Fault(ConnectionEnd.TIMEOUT, "rule 'silence'"),)
    invite(mpsd, host, guest.xuid)

    assert """\
Guest 9000000000000002 was not invited. It was sent once and not accepted:
  #1 10:00:00  no answer: timed out   rule 'silence'; nothing was sent after it""" == text_of(
        mpsd.assert_invited, guest
    )


def test_the_nearest_of_a_service() -> None:
    """A service that calls for itself is named as such."""
    mpsd, _, guest, _ = a_lobby()
    body = {"type": "invite", "version": 1, "invitedXuid": "9000000000000011"}
    send(mpsd, "POST", "/handles", mpsd.service().headers(), body)

    assert """\
Guest 9000000000000002 was not invited.
  nearest of 1 invite: #1, by service of title 1234567890, 400   party/mpsd.py:31 in call
      invitedXuid   wanted '9000000000000002'   sent '9000000000000011'
      The field sessionRef is missing (documented).
      In production: correct the body. In a test: mpsd.refused[-1].request.body is what was sent.""" == text_of(
        mpsd.assert_invited, guest
    )


def test_a_session_that_lies_elsewhere_is_named() -> None:
    """Where the test has a session of that name, the parts that differ are shown, and not how to make it."""
    mpsd, host, _, _ = a_lobby()
    ref = {"scid": "7e570100-9999-4222-8333-444455556666", "templateName": "Lobby", "name": "LOBBY-1"}
    send(mpsd, "POST", "/handles", host.headers, {"type": "activity", "version": 1, "sessionRef": ref})

    assert """\
Host 9000000000000001 shows no activity. It was sent once and refused:
  #1 10:00:00  403 session_not_found   party/mpsd.py:31 in call
      there is no such session, but a lobby-1 elsewhere (inferred).
          scid           there '7e570100-1111-4222-8333-444455556666'   sent '7e570100-9999-4222-8333-444455556666'
          templateName   there 'FakeLobby'                              sent 'Lobby'
      In production: send the reference by which the session was PUT.
      In a test: give the code under test mpsd.session("lobby-1").ref.""" == text_of(mpsd.assert_activity, host)
