"""The section of a failed test's report, word for word."""

from __future__ import annotations

from dataclasses import replace

from handlesfake.double.double import core_of
from handlesfake.exchange.outcome import Answer, Call, ConnectionEnd, Fault, Outcome, Proceed
from handlesfake.mpsd.http.message import Response
from handlesfake.reporting import timeline
from tests.sending import a_double, activity, invite, lose_answers, section, send, throttle


def test_a_forgotten_contract_version_is_named() -> None:
    """The mistake of forgetting the header shows with who sent it, from which line, and what to send."""
    mpsd = a_double()
    host = mpsd.user("host")
    send(mpsd, "POST", "/handles", {"Authorization": host.authorization}, {"type": "activity"})

    title, text = section(mpsd)

    assert "MPSD: 1 request, 1 refused" == title
    assert (
        """\
#1  create_handle activity  Host 9000000000000001  400   party/mpsd.py:31 in call
    header X-Xbl-Contract-Version is missing: MPSD demands it on every request (documented). Send 107."""
        == text
    )


def test_a_caller_outside_the_session_is_shown_the_members() -> None:
    """Who is not in the session learns who is, and both ways in."""
    mpsd = a_double()
    host, guest = mpsd.user("host"), mpsd.user("guest")
    mpsd.session("lobby-1", members=[host])
    activity(mpsd, host)
    invite(mpsd, guest, "9000000000000011")

    title, text = section(mpsd)

    assert "MPSD: 2 requests, 1 refused" == title
    assert (
        """\
#1  create_handle activity  Host 9000000000000001   201   party/mpsd.py:31 in call
#2  create_handle invite    Guest 9000000000000002  403   party/mpsd.py:31 in call
    Guest is not a member of lobby-1 (members: Host 9000000000000001).
    In production: PUT the session with members.me first. In a test: mpsd.session("lobby-1", members=[host, guest]).\
"""
        == text
    )


def test_a_real_token_is_told_from_the_tests_own() -> None:
    """An unknown caller is shown by the ends of the user hash only, with the users that the test knows."""
    mpsd = a_double()
    mpsd.user("host")
    headers = {"Authorization": "XBL3.0 x=1234567890123456789;eyJsecret", "X-Xbl-Contract-Version": "107"}
    send(mpsd, "POST", "/handles", headers, {"type": "activity"})

    _, text = section(mpsd)

    assert (
        """\
#1  create_handle activity  unknown caller  401   party/mpsd.py:31 in call
    user hash 1234...6789 (19 digits: a real hash, not an xuid) does not belong to any user of this test. \
Users of this test: Host 9000000000000001.
    Give the code under test host.authorization, or say whose hash it is:
        mpsd.user("host", user_hash=...)    # the text between "x=" and ";" of the Authorization"""
        == text
    )


def test_a_service_that_sets_an_activity_is_told_the_fact() -> None:
    """A service's token may not set an activity: the fact is quoted with what it rests on."""
    mpsd = a_double()
    host = mpsd.user("host")
    mpsd.session("lobby-1", members=[host])
    activity(mpsd, host, headers=mpsd.service().headers(host))

    _, text = section(mpsd)

    assert (
        """\
#1  create_handle activity  service of title 1234567890 for Host 9000000000000001  403   party/mpsd.py:31 in call
    a service cannot set an activity handle, only client APIs can; \
a service shares the session name with a client (documented; the 403 is assumed).
    In production: let the player's own client set the activity.
    In a test: give the code that does it host.authorization, not mpsd.service()."""
        == text
    )


def test_a_session_that_is_gone_is_said_in_words() -> None:
    """204 says nothing by itself: the section does."""
    mpsd = a_double()
    host = mpsd.user("host")
    lobby = mpsd.session("lobby-1", members=[host])
    send(mpsd, "GET", lobby.path.replace("lobby-1", "lobby-2"), host.headers)

    title, text = section(mpsd)

    assert "MPSD: 1 request" == title
    assert (
        """\
#1  get_session  Host 9000000000000001  204   party/mpsd.py:31 in call
    204: there is no such session (any more); MPSD says so by 204, and not by 404 (documented)"""
        == text
    )


def test_assumptions_are_marked_with_the_line_that_says_it_instead() -> None:
    """What the fake assumed is below the request, with the way out."""
    mpsd = a_double()
    headers = {"Authorization": "XBL3.0 x=77;eyJsecret", "X-Xbl-Contract-Version": "107"}
    body = {
        "type": "activity",
        "version": 1,
        "sessionRef": {"scid": core_of(mpsd).options.scid, "templateName": "Lobby"},
    }
    send(mpsd, "POST", "/handles", headers, body)

    title, text = section(mpsd)

    assert "MPSD: 1 request, 2 assumptions" == title
    assert (
        """\
#1  create_handle activity  9000000000000001  201   party/mpsd.py:31 in call
    assumed: an unknown token came from a separate user, 9000000000000001. To say it:
        host = mpsd.user("host"); give the code under test host.authorization
    assumed: 9000000000000001 plays the title 1234567890. To say it:
        host = mpsd.user("host", title_id="1234567890")"""
        == text
    )


def test_who_decided_is_named_when_it_was_not_mpsd() -> None:
    """A rule's refusal names the rule, and is explained once."""
    mpsd = a_double()
    host = mpsd.user("host")
    mpsd.session("lobby-1", members=[host])
    throttle(mpsd, 2)
    for _ in range(3):
        invite(mpsd, host, "9000000000000011")

    title, text = section(mpsd)

    assert "MPSD: 3 requests, 2 refused" == title
    assert (
        """\
#1  create_handle invite  Host 9000000000000001  429   party/mpsd.py:31 in call
    decided by refuse('throttled', times=2)
    too many requests; the header Retry-After of the answer says how many seconds to wait (documented).
    In production: wait that long before sending it again. In a test: mpsd.clock.skip_sleeps() skips that wait.
#2  create_handle invite  Host 9000000000000001  429   party/mpsd.py:31 in call
    as #1
#3  create_handle invite  Host 9000000000000001  201   party/mpsd.py:31 in call"""
        == text
    )


def test_a_lost_answer_shows_what_the_service_said() -> None:
    """A fault shows beneath the status that the caller never got."""
    mpsd = a_double()
    host = mpsd.user("host")
    mpsd.session("lobby-1", members=[host])
    lose_answers(mpsd)
    invite(mpsd, host, "9000000000000011")

    title, text = section(mpsd)

    assert "MPSD: 1 request, 1 answer lost" == title
    assert (
        """\
#1  create_handle invite  Host 9000000000000001  201, lost: connection closed   party/mpsd.py:31 in call
    decided by lose_answer('create_handle')"""
        == text
    )


def test_a_fault_before_the_service_acted_is_no_answer() -> None:
    """Where the service never acted there is no status."""
    mpsd = a_double()
    core_of(mpsd).engine.stages = (lambda call, proceed: Fault(ConnectionEnd.RESET, "fault('reset')"),)
    send(mpsd, "GET", "/handles/1?secret=2", mpsd.user("host").headers)

    title, text = section(mpsd)

    assert "MPSD: 1 request, 1 unanswered" == title
    assert (
        """\
#1  get_handle  Host 9000000000000001  no answer: connection reset   party/mpsd.py:31 in call
    decided by fault('reset')"""
        == text
    )


def test_an_answer_of_which_only_the_text_is_known_is_quoted() -> None:
    """A refusal of a cassette or of the real service has no name here: its first line replaces it."""

    def stage(call: Call, proceed: Proceed) -> Outcome:
        return Answer(Response(403, body=b"The title is not known.\r\nMore\r\n"), "cassette lobby.yaml #3")

    mpsd = a_double()
    core_of(mpsd).engine.stages = (stage,)
    send(mpsd, "GET", "/handles/1", mpsd.user("host").headers)

    assert """\
#1  get_handle  Host 9000000000000001  403   party/mpsd.py:31 in call
    decided by cassette lobby.yaml #3
    the answer says: The title is not known.""" == section(mpsd)[1]


def test_an_address_that_mpsd_does_not_have_is_shown_as_it_was_sent() -> None:
    """What leads nowhere has no operation: method and path replace it, without the query."""
    mpsd = a_double()
    send(mpsd, "GET", "/handlez?secret=1", mpsd.user("host").headers)

    assert """\
#1  GET /handlez  Host 9000000000000001  404   party/mpsd.py:31 in call
    The URI /handlez names nothing that MPSD has (documented).
    In production and in a test: MPSD's addresses begin with /handles or /serviceconfigs/{scid}.\
""" == section(mpsd)[1]


def test_a_straggler_is_named() -> None:
    """A request of an older thread has the suspicion."""
    mpsd = a_double()
    host = mpsd.user("host")
    mpsd.session("lobby-1", members=[host])
    activity(mpsd, host)
    entry = replace(mpsd.journal[0], straggler=True, thread="keep-alive")

    assert """\
#1  create_handle activity  Host 9000000000000001  201   party/mpsd.py:31 in call
    sent by 'keep-alive', which is older than this test: perhaps a straggler of an earlier one\
""" == timeline.section([entry])


def test_only_the_newest_are_shown() -> None:
    """A long journal is cut at its beginning, and says so; without a limit it is whole."""
    mpsd = a_double()
    host = mpsd.user("host")
    mpsd.session("lobby-1", members=[host])
    for _ in range(12):
        activity(mpsd, host)

    newest = section(mpsd)[1].splitlines()
    entries = list(mpsd.journal)

    assert "2 earlier requests not shown; mpsd.journal has all" == newest[0]
    assert "#3   create_handle activity  Host 9000000000000001  201   party/mpsd.py:31 in call" == newest[1]
    assert 11 == len(newest)
    assert 12 == len(timeline.section(entries, limit=None).splitlines())


def test_nothing_sent_makes_no_section() -> None:
    """A test without traffic has no section."""
    assert ("", "") == section(a_double())


def test_no_token_is_printed() -> None:
    """Neither the section nor an entry shows what authorizes."""
    mpsd = a_double()
    host = mpsd.user("host")
    mpsd.session("lobby-1", members=[host])
    activity(mpsd, host)
    entry = mpsd.journal[0]

    shown = f"{section(mpsd)} {entry!r} {entry.request!r}"

    assert "handlesfake.9000000000000001" not in shown
    assert "<Entry #1 create_handle activity: 201, decided by mpsd>" == repr(entry)
