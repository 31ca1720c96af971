"""Tokens of the test's own, as a suite's stand-in for its token service hands them out, and who the journal says called."""

from __future__ import annotations

from typing import Any

import pytest

import handlesfake
from handlesfake import Double, SettingsError
from handlesfake.exchange.outcome import Answer
from tests.sending import a_double, activity, invite, send, throttle

MINE = "XBL3.0 x=7117;mine"
SERVICE = "XBL3.0 x=-;service-1"


def status(mpsd: Double, authorization: str, **more: str) -> int | None:
    """What a request with that token is answered: 404 for a missing handle, once the caller is known."""
    headers = {"Authorization": authorization, "X-Xbl-Contract-Version": "107", **more}
    outcome = send(mpsd, "GET", "/handles/7e570100-1111-4222-8333-444455556666", headers)
    assert isinstance(outcome, Answer)
    return outcome.response.status


def service_status(mpsd: Double, authorization: str) -> int | None:
    """The same of a title's service."""
    return status(mpsd, authorization, **{"X-Xbl-OnBehalfOf-Title": "1234567890"})


@pytest.mark.parametrize("strict", [False, True])
def test_a_users_token_may_be_the_tests_own(strict: bool) -> None:
    """What ``authorization=`` says is a token of that user from then on, strict too; another one is not known."""
    with handlesfake.fake(strict=strict) as mpsd:
        host = mpsd.user("host", authorization=MINE)
        answers = [status(mpsd, MINE), status(mpsd, "XBL3.0 x=7118;mine")]

        assert ([404, 401], [host, None]) == (answers, [entry.caller for entry in mpsd.journal])
        assert MINE == host.authorization == host.headers["Authorization"]


@pytest.mark.parametrize("strict", [False, True])
def test_a_services_token_may_be_the_tests_own(strict: bool) -> None:
    """The same for a title's service."""
    with handlesfake.fake(strict=strict) as mpsd:
        service = mpsd.service(authorization=SERVICE)
        answers = [service_status(mpsd, SERVICE), service_status(mpsd, "XBL3.0 x=-;service-2")]

        assert ([404, 401], [service, None]) == (answers, [entry.caller for entry in mpsd.journal])
        assert SERVICE == service.authorization == service.headers()["Authorization"]


def test_a_users_own_token_expires_and_is_renewed() -> None:
    """``expire()`` ends every token so far, the test's own too; ``renew()`` and a new one of the test's are good."""
    with a_double() as mpsd:
        host = mpsd.user("host", authorization=MINE)
        host.expire()
        renewed = host.renew()
        mpsd.user("host", authorization=f"{MINE}-2")

        assert [401, 404, 404] == [status(mpsd, token) for token in (MINE, renewed, f"{MINE}-2")]
        assert f"{MINE}-2" == host.authorization


def test_a_services_tokens_expire_and_are_renewed() -> None:
    """``expire()`` ends every token of the service so far, ``renew()`` gives one more; it is always the same service."""
    with a_double() as mpsd:
        service = mpsd.service()
        first = service.authorization
        service.expire()
        expired, renewed = service_status(mpsd, first), service.renew()

        assert (401, 404) == (expired, service_status(mpsd, renewed))
        assert service is mpsd.service()
        assert (renewed, True) == (service.authorization, first != renewed)


@pytest.mark.parametrize("headers", [{}, {"X-Xbl-Contract-Version": "8"}], ids=["expired", "contract"])
def test_who_called_is_known_of_what_is_refused_before_the_service_asks(headers: dict[str, str]) -> None:
    """The token tells it, one of the test's own too: to deny that its user sent anything does not hold."""
    with a_double() as mpsd:
        host, service = mpsd.user("host", authorization=MINE), mpsd.service(authorization=SERVICE)
        mpsd.user("guest")
        sent = [{**host.headers, **headers}, {**service.headers("host"), **headers}]
        if not headers:
            host.expire()
            service.expire()
        for one in sent:
            send(mpsd, "GET", "/handles/7e570100-1111-4222-8333-444455556666", one)

        assert [host, service] == [entry.caller for entry in mpsd.journal]
        mpsd.assert_sent("get_handle", by="host", accepted=False, times=2)
        mpsd.assert_not_sent("get_handle", by="guest")
        with pytest.raises(AssertionError):
            mpsd.assert_not_sent("get_handle", by="host")


def test_an_expired_service_token_is_explained() -> None:
    """The message says which token it was, and the line that gives another."""
    with a_double() as mpsd:
        service = mpsd.service()
        service.expire()
        service_status(mpsd, service.authorization)
        with pytest.raises(AssertionError) as raised:
            mpsd.assert_sent("get_handle", accepted=True)

    assert """\
get_handle was not accepted. It was sent once and refused:
  #1 10:00:00  401 token_expired   party/mpsd.py:31 in call; nothing was sent after it
      the token of the service of title 1234567890 has expired (inferred).
      In production: get a new service token and send the request again.
      In a test: mpsd.service().renew() gives a good one.\
""" == str(raised.value)


def test_a_checkpoint_takes_tokens_back() -> None:
    """What was given inside is not known afterwards, and the newest is the one of before."""
    with a_double() as mpsd:
        host, service = mpsd.user("host"), mpsd.service()
        before = host.authorization, service.authorization
        with mpsd.checkpoint():
            mpsd.user("host", authorization=MINE)
            mpsd.service(authorization=SERVICE)
            inside = host.authorization, service.authorization

        assert ((MINE, SERVICE), before) == (inside, (host.authorization, service.authorization))
        assert 401 == service_status(mpsd, SERVICE)


def test_a_token_that_is_said_twice_is_the_newest() -> None:
    """A stand-in that goes back to an earlier token is followed."""
    with a_double() as mpsd:
        host = mpsd.user("host", authorization=MINE)
        host.renew()
        mpsd.user("host", authorization=MINE)

        assert MINE == host.authorization


def test_no_message_holds_a_token() -> None:
    """What cannot be a token may be half of a real one: it is not repeated."""
    with a_double() as mpsd:
        for words in ({"authorization": "half-a-secret"}, {"user_hash": "x;half-a-secret"}):
            with pytest.raises(SettingsError) as raised:
                mpsd.user("host", **words)

            assert "secret" not in str(raised.value)


# ---- who called, and why not


def test_the_callers_of_the_journal_are_the_users_of_the_test() -> None:
    """``entry.caller`` is equal to the user, and shows as the user does; a service is a service."""
    with a_double() as mpsd:
        host, guest, service = mpsd.user("host"), mpsd.user("guest"), mpsd.service()
        activity(mpsd, host)
        activity(mpsd, host, headers=service.headers(host))
        callers: list[Any] = [entry.caller for entry in mpsd.journal]

        assert [host, service] == callers
        assert "[<User Host 9000000000000001>, <TitleService 1234567890 for Host 9000000000000001>]" == repr(callers)
        assert [False, False, False] == [callers[0] == guest, callers[0] == service, callers[1] == host]
        assert {host, service} == set(callers)


def test_a_refusal_is_its_name() -> None:
    """``entry.refusal == "throttled"``; the repr has the name and the status."""
    with a_double() as mpsd:
        host, guest = mpsd.user("host"), mpsd.user("guest")
        mpsd.session("lobby-1", members=[host])
        throttle(mpsd, 1)
        invite(mpsd, host, guest.xuid)
        invite(mpsd, guest, host.xuid)
        found = [entry.refusal for entry in mpsd.refused]

        assert ["throttled", "not_a_member"] == found
        assert "[<Refusal throttled, 429>, <Refusal not_a_member, 403>]" == repr(found)
        assert ["throttled", "not_a_member"] == [refusal.name for refusal in found if refusal is not None]
        assert {"throttled", "not_a_member"} == set(found)


# ---- what the journal says of lost and changed answers


def test_delivered_is_the_services_word() -> None:
    """An invite whose answer was lost is still delivered: ``fault`` says what was lost."""
    with a_double() as mpsd:
        host, guest = mpsd.user("host"), mpsd.user("guest")
        mpsd.session("lobby-1", members=[host])
        mpsd.lose_answer("create_handle", times=1)
        invite(mpsd, host, guest.xuid)
        activity(mpsd, host)
        entries = list(mpsd.journal)

        assert [(True, "close"), (None, None)] == [(entry.delivered, entry.fault) for entry in entries]
        assert ["invite", "activity"] == [entry.created["type"] for entry in entries if entry.created is not None]
