"""A double that plays a second service: its clients reach it, one journal has both, and a checkpoint takes it back."""

from __future__ import annotations

import httpx
import pytest
import requests

import handlesfake
from handlesfake.errors import SettingsError
from handlesfake.intercept.registry import registry

MPA = "https://multiplayeractivity.xboxlive.com"
MPSD = "https://sessiondirectory.xboxlive.com"
SHOWN = {"sequenceNumber": "1", "connectionString": "203.0.113.7:3074", "joinRestriction": "Public"}


@pytest.fixture
def double() -> handlesfake.Double:
    """A double that plays both."""
    return handlesfake.fake(services=["mpa"], now="2026-01-06T10:00:00Z")


def activity_of(user: handlesfake.User) -> str:
    """Where the activity of ``user`` is."""
    return f"{MPA}/titles/{user.title_id}/users/{user.xuid}/activities"


@pytest.mark.parametrize("client", [requests, httpx], ids=lambda client: client.__name__)
def test_both_are_met(double: handlesfake.Double, client: object) -> None:
    """One journal has what each was asked, in order, and says which it was."""
    with double as mpsd:
        host = mpsd.user("host")
        lobby = mpsd.session("lobby-1", members=[host])
        put = client.put(activity_of(host), json=SHOWN, headers=host.headers)  # type: ignore[attr-defined]  # of both
        read = client.get(f"{MPSD}{lobby.path}", headers=host.headers)  # type: ignore[attr-defined]  # of both

    assert [204, 200] == [put.status_code, read.status_code]
    assert [("mpa", "set_activity", "mpa"), ("mpsd", "get_session", "mpsd")] == [
        (entry.service, entry.operation, entry.decided_by) for entry in mpsd.journal
    ]


def test_other_hosts_are_left_alone_without_it() -> None:
    """A double that was not asked to play it does not answer for its host."""
    with handlesfake.fake():
        assert registry.double_for("multiplayeractivity.xboxlive.com", 443) is None


def test_it_is_left_alone_again(double: handlesfake.Double) -> None:
    """Another test may have it played by another tool, or ask the real one."""
    with double as mpsd:
        assert registry.double_for("multiplayeractivity.xboxlive.com", 443) is not None

    assert [] == list(mpsd.journal)
    assert registry.double_for("multiplayeractivity.xboxlive.com", 443) is None


def test_a_rule_of_its_operation(double: handlesfake.Double) -> None:
    """A rule says no as the service of the request does."""
    with double as mpsd:
        host = mpsd.user("host")
        mpsd.refuse("throttled", operation="set_activity", times=1, retry_after=3)
        refused = requests.put(activity_of(host), json=SHOWN, headers=host.headers)
        accepted = requests.put(activity_of(host), json=SHOWN, headers=host.headers)
        mpsd.lose_answer("delete_activity", times=1)
        with pytest.raises(requests.ConnectionError):
            requests.delete(activity_of(host), json={"sequenceNumber": "2"}, headers=host.headers)
        gone = requests.get(activity_of(host), headers=host.headers)

        mpsd.assert_sent("set_activity", connection_string="203.0.113.7:3074", join_restriction="Public", times=2)
        mpsd.assert_in_order("set_activity", "delete_activity")

    assert (429, "3", "rate") == (refused.status_code, refused.headers["Retry-After"], refused.json()["limitType"])
    assert [204, 204] == [accepted.status_code, gone.status_code]


def test_time_and_checkpoints(double: handlesfake.Double) -> None:
    """The clock of the double ends an activity, and a checkpoint takes it back."""
    with double as mpsd:
        host = mpsd.user("host")
        with mpsd.checkpoint():
            requests.put(activity_of(host), json=SHOWN, headers=host.headers)
            mpsd.clock.advance("23h")
            before = requests.get(activity_of(host), headers=host.headers).status_code
            mpsd.clock.advance("1h")
            after = requests.get(activity_of(host), headers=host.headers).status_code
        again = requests.put(activity_of(host), json=SHOWN, headers=host.headers).status_code

    assert [200, 204, 204] == [before, after, again]


def test_a_title_that_uses_both_is_noted_once(double: handlesfake.Double) -> None:
    """Microsoft says that a title uses one of them; reads count for nothing (contract 17, 20.6)."""
    with double as mpsd:
        host = mpsd.user("host")
        lobby = mpsd.session("lobby-1", members=[host])
        activity = {"type": "activity", "version": 1, "sessionRef": lobby.ref}
        requests.get(f"{MPSD}{lobby.path}", headers=host.headers)
        requests.put(activity_of(host), json=SHOWN, headers=host.headers)
        for _ in range(2):
            requests.post(f"{MPSD}/handles", json=activity, headers=host.headers)

    note = "title 1234567890 has used MPA, too: a title uses one of them alone (documented)"
    assert [(), (), (note,), ()] == [entry.notes for entry in mpsd.journal]


@pytest.mark.filterwarnings("ignore::handlesfake.errors.UnroutedWarning")
def test_what_is_not_modelled_is_told(double: handlesfake.Double) -> None:
    """An address that no page has is answered 501, and a test may fail for it."""
    with pytest.raises(AssertionError) as told, handlesfake.fake(services="mpa", unrouted="fail") as mpsd:
        requests.post(f"{MPA}/activities/query/dashboard", json={"users": ["1"]}, headers=mpsd.user("host").headers)

    assert "MPA has no address POST /activities/query/dashboard" in str(told.value)
    assert 501 == mpsd.journal[0].status


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ({"services": ["mpx"]}, "services 'mpx' is not known; did you mean 'mpa'? Known: mpa, sign_in."),
        ({"services": ["mpsd"]}, "services 'mpsd' is not known. Known: mpa, sign_in."),
        (
            {"services": "mpa,sign_in"},
            "services 'mpa,sign_in' is not known; did you mean 'sign_in'? Known: mpa, sign_in. Write several as a list, "
            "services=['mpa', 'sign_in']; in the ini file with blanks between them.",
        ),
        ({"services": ["MPA"]}, "services 'MPA' is not known; did you mean 'mpa'? Known: mpa, sign_in."),
        (
            {"hosts": ["multiplayeractivity.xboxlive.com"]},
            "hosts='multiplayeractivity.xboxlive.com': that is MPA, and no name of MPSD; say services=['mpa'].",
        ),
    ],
)
def test_a_slip_is_an_error(words: dict[str, list[str]], message: str) -> None:
    """The nearest word is named, and all."""
    with pytest.raises(SettingsError) as told:
        handlesfake.fake(**words)  # type: ignore[arg-type]  # as a slip has it

    assert message == str(told.value)
