"""Claims about invites and activities count MPSD, unless they name another service."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
import requests

import handlesfake
from handlesfake.double.double import core_of
from handlesfake.errors import SettingsError
from handlesfake.intercept.registry import registry

MPA = "https://multiplayeractivity.xboxlive.com"
MPSD = "https://sessiondirectory.xboxlive.com"
SHOWN = {"sequenceNumber": "1", "connectionString": "203.0.113.7:3074", "joinRestriction": "Public"}


@pytest.fixture
def double() -> Iterator[handlesfake.Double]:
    """A double that plays both, with a host, a guest and a lobby."""
    with handlesfake.fake(services=["mpa"], now="2026-01-06T10:00:00Z") as mpsd:
        mpsd.session("lobby-1", members=[mpsd.user("host")])
        mpsd.user("guest")
        yield mpsd


def invite(double: handlesfake.Double, *invited: str) -> int:
    """The status of an invite through MPA, by the host."""
    host = double.user("host")
    url = f"{MPA}/titles/{host.title_id}/invites"
    return requests.post(url, json={"invitedUsers": list(invited)}, headers=host.headers).status_code


def invite_to_lobby(double: handlesfake.Double, invited: str) -> int:
    """The status of an invite through MPSD."""
    host = double.user("host")
    ref = double.session("lobby-1").ref
    body = {"type": "invite", "version": 1, "sessionRef": ref, "invitedXuid": invited}
    body["inviteAttributes"] = {"titleId": host.title_id}
    return requests.post(f"{MPSD}/handles", json=body, headers=host.headers).status_code


def less_places(text: str) -> str:
    """The text of a failure without the line that sent each request."""
    return re.sub(r" +\S+\.py:\d+ in \w+", "", text)


def test_each_service_counts_for_itself(double: handlesfake.Double) -> None:
    """One request invites several users; each of them counts, by xuid or by role."""
    invite(double, "9000000000000002", "3210")
    invite_to_lobby(double, "3211")

    double.assert_invited("guest", "3210", service="mpa", times=1)
    double.assert_invited("3210", by="host", service="mpa")
    double.assert_not_invited("3211", service="mpa")
    double.assert_invited("3211", service="mpsd", session="lobby-1", only=True)
    double.assert_not_invited("3210", "guest")
    assert ["3211"] == [one.invited_xuid for one in double.invites]


def test_a_failure_names_the_invites_of_the_other_service(double: handlesfake.Double) -> None:
    """A title that uses MPA, and a test that asks MPSD: the message says what to write."""
    invite(double, "3210")
    with pytest.raises(AssertionError) as told:
        double.assert_invited("3210")

    assert less_places(str(told.value)) == (
        "3210 was not invited; no invite has been sent.\n"
        "  sent instead: #1 send_invites 204\n"
        "  3210 was invited through MPA, which counts with service='mpa':\n"
        "  #1 10:00:00  204"
    )


def test_a_failure_names_each_player_of_the_other_service(double: handlesfake.Double) -> None:
    """One request of MPA invites several: the players are in one line, and the request is there once."""
    invite(double, "3210", "3211")
    invite(double, "3211")
    with pytest.raises(AssertionError) as told:
        double.assert_invited("3210", "3211", "3212")

    assert less_places(str(told.value)) == (
        "3210, 3211, 3212 were not invited.\n"
        "  sent instead: #1 send_invites 204, #2 send_invites 204\n"
        "  3210, 3211 were invited through MPA, which counts with service='mpa':\n"
        "  #1 10:00:00  204\n"
        "  #2 10:00:00  204"
    )


def test_so_does_a_failure_about_the_other_one(double: handlesfake.Double) -> None:
    """The same the other way round."""
    invite_to_lobby(double, "3210")
    with pytest.raises(AssertionError) as told:
        double.assert_invited("3210", service="mpa")

    assert less_places(str(told.value)) == (
        "3210 was not invited through MPA; no invite has been sent.\n"
        "  sent instead: #1 create_handle invite 201\n"
        "  3210 was invited through MPSD, which counts with service='mpsd':\n"
        "  #1 10:00:00  201"
    )


def test_the_nearest_is_shown(double: handlesfake.Double) -> None:
    """Another user was invited, or it was refused."""
    invite(double, "3211")
    with pytest.raises(AssertionError) as other:
        double.assert_invited("3210", service="mpa")
    double.refuse("throttled", operation="send_invites", times=1)
    invite(double, "3210")
    with pytest.raises(AssertionError) as refused:
        double.assert_invited("3210", service="mpa")
    with pytest.raises(AssertionError) as tried:
        double.assert_not_invited("3211", service="mpa")

    assert "      invited_users   wanted '3210'   sent ['3211']" in str(other.value)
    assert "It was sent once and refused:" in str(refused.value)
    assert "429 throttled" in str(refused.value)
    assert "3211 was invited through MPA; assert_not_invited wants it not even tried" in str(tried.value)


def test_who_a_service_invites_for(double: handlesfake.Double) -> None:
    """An invite by the title's service counts for the user that it names as its sender."""
    service, host = double.service(), double.user("host")
    body = {"sender": host.xuid, "invitedUsers": ["3210"]}
    requests.post(f"{MPA}/titles/{host.title_id}/invites/server", json=body, headers=service.headers())

    double.assert_invited("3210", service="mpa", by="host")
    with pytest.raises(AssertionError):
        double.assert_invited("3210", service="mpa", by="guest")


def test_nobody_was_invited(double: handlesfake.Double) -> None:
    """No request to that service tried to invite a player."""
    double.assert_no_invites(service="mpa")
    invite(double, "3210")
    double.assert_no_invites()
    with pytest.raises(AssertionError) as told:
        double.assert_no_invites(service="mpa")

    assert less_places(str(told.value)) == "1 invite was sent, wanted none:\n  #1 10:00:00  3210  204"


def test_what_a_player_shows(double: handlesfake.Double) -> None:
    """The claim asks what the service shows now."""
    host = double.user("host")
    url = f"{MPA}/titles/{host.title_id}/users/{host.xuid}/activities"
    double.assert_no_activity("host", service="mpa")
    with pytest.raises(AssertionError) as nothing:
        double.assert_activity("host", service="mpa")
    requests.put(url, json=SHOWN, headers=host.headers)
    double.assert_activity("host", service="mpa")
    double.assert_no_activity("host")
    with pytest.raises(AssertionError) as something:
        double.assert_no_activity("host", service="mpa")
    double.clock.advance("24h")
    double.assert_no_activity("host", service="mpa")
    with pytest.raises(AssertionError) as gone:
        double.assert_activity("host", service="mpa")

    assert (
        "Host 9000000000000001 shows no activity through MPA; nothing has been sent to MPA in this test.\n"
        "  nothing of yours is still running: was the code under test called?"
    ) == str(nothing.value)
    assert str(something.value).startswith(
        "Host 9000000000000001 shows an activity through MPA, wanted none:\n"
        '  set at 10:00:00: {"sequenceNumber": "1", "titleId": 1234567890, "connectionString": "203.0.113.7:3074"'
    )
    assert less_places(str(gone.value)) == (
        "Host 9000000000000001 shows no activity through MPA. It was set, and is gone:\n  #1 10:00:00  204"
    )


def test_an_activity_that_was_refused(double: handlesfake.Double) -> None:
    """The failure shows the attempt, and why the service refused it."""
    host = double.user("host")
    url = f"{MPA}/titles/{host.title_id}/users/{host.xuid}/activities"
    requests.put(url, json={**SHOWN, "joinRestriction": "followed"}, headers=host.headers)
    with pytest.raises(AssertionError) as told:
        double.assert_activity("host", service="mpa")

    assert less_places(str(told.value)) == (
        "Host 9000000000000001 shows no activity through MPA. It was sent once and refused:\n"
        "  #1 10:00:00  400 invalid_field\n"
        '      The field joinRestriction must be one of Public, InviteOnly, Followed, and is "followed" (inferred).\n'
        "      In production: correct the body. In a test: mpsd.refused[-1].request.body is what was sent."
    )


@pytest.mark.parametrize(
    ("claim", "message"),
    [
        (
            lambda mpsd: mpsd.assert_invited("3210", service="mpx"),
            "mpsd.assert_invited(): service 'mpx' is not known; did you mean 'mpa'? Known: mpsd, mpa, sign_in.",
        ),
        (
            lambda mpsd: mpsd.assert_no_invites(service=["mpa"]),
            "mpsd.assert_no_invites(): service must be one name, like 'mpa', and is ['mpa'].",
        ),
        (
            lambda mpsd: mpsd.assert_invited("3210", service="mpa", session="lobby-1"),
            "mpsd.assert_invited(): invites of MPA have no session, title or context; claim mpsd.assert_sent().",
        ),
        (
            lambda mpsd: mpsd.assert_activity("host", service="mpa", session="lobby-1"),
            "mpsd.assert_activity(): activities of MPA have no session; leave it out, or claim mpsd.assert_sent().",
        ),
    ],
)
def test_a_slip_is_an_error(double: handlesfake.Double, claim: object, message: str) -> None:
    """A claim that can never hold is an error."""
    with pytest.raises(SettingsError) as told:
        claim(double)  # type: ignore[operator]  # it is a function

    assert message == str(told.value)


@pytest.mark.parametrize(
    ("claim", "call"),
    [
        (lambda mpsd: mpsd.assert_not_invited("3210", service="mpa"), "mpsd.assert_not_invited()"),
        (lambda mpsd: mpsd.assert_not_sent("send_invites"), "mpsd.assert_not_sent()"),
    ],
)
def test_a_service_that_is_not_played(claim: object, call: str) -> None:
    """Its operations can never be sent: to deny them would hold whatever the code did."""
    with handlesfake.fake() as mpsd, pytest.raises(SettingsError) as told:
        claim(mpsd)  # type: ignore[operator]  # it is a function

    assert f"{call}: this double does not play MPA; begin it with services=['mpa']." == str(told.value)


def test_the_journal_as_a_text(double: handlesfake.Double) -> None:
    """A snapshot names the users that one request invites."""
    invite(double, "9000000000000002", "9000000000000001")

    assert "#1  +0.00 s  host: send_invites, invites guest, host -> 204" == str(double.journal)


def test_what_the_journal_no_longer_keeps() -> None:
    """Of an earlier invite the list of users is gone: a claim that needs it fails, and says so."""
    with handlesfake.fake(services=["mpa"], journal_limit=2) as mpsd:
        mpsd.user("host")
        for number in range(4):
            invite(mpsd, f"321{number}")

        mpsd.assert_invited("3213", service="mpa")
        with pytest.raises(AssertionError) as told:
            mpsd.assert_not_invited("3299", service="mpa")
        kept = [(entry.service, entry.operation) for entry in core_of(mpsd).journal.past(0, lambda _: True)]

    assert "this claim needs invited_users of 2 requests" in str(told.value)
    assert [("mpa", "send_invites")] * 4 == kept


def test_a_service_that_was_called_and_is_not_played() -> None:
    """The message of a failed claim says how the double would play it."""
    with handlesfake.fake() as mpsd:
        assert registry.double_for("multiplayeractivity.xboxlive.com", 443) is None  # as its client asks
        with pytest.raises(AssertionError) as told:
            mpsd.assert_invited("3210")

    assert "  multiplayeractivity.xboxlive.com is MPA: services=['mpa'] plays it" in str(told.value)


def test_what_a_player_shows_through_another_service(double: handlesfake.Double) -> None:
    """A failure about one service names what the player shows through the other, in both directions."""
    host, lobby = double.user("host"), double.session("lobby-1")
    url = f"{MPA}/titles/{host.title_id}/users/{host.xuid}/activities"
    requests.put(url, json=SHOWN, headers=host.headers)
    with pytest.raises(AssertionError) as through_mpa:
        double.assert_activity("host")
    requests.delete(url, json={"sequenceNumber": "2"}, headers=host.headers)
    body = {"type": "activity", "version": 1, "sessionRef": lobby.ref}
    requests.post(f"{MPSD}/handles", json=body, headers=host.headers)
    with pytest.raises(AssertionError) as through_mpsd:
        double.assert_activity("host", service="mpa")

    assert str(through_mpa.value).splitlines()[-2:] == [
        "  Host 9000000000000001 shows an activity through MPA, which counts with service='mpa':",
        '  set at 10:00:00: {"sequenceNumber": "1", "titleId": 1234567890, "connectionString": "203.0.113.7:3074", '
        '"joinRestriction": "Pub',
    ]
    assert less_places(str(through_mpsd.value)) == (
        "Host 9000000000000001 shows no activity through MPA. It was set, and is gone:\n"
        "  #1 10:00:00  204\n"
        "  Host 9000000000000001 shows an activity through MPSD, which counts with service='mpsd':\n"
        "  #3 10:00:00  201"
    )
