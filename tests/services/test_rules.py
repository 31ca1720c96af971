"""Rules, holds and files know the operations of a second service by the same tables."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

import handlesfake
from handlesfake.cli import main
from handlesfake.errors import RuleError, SettingsError
from handlesfake.services.table import SERVICES
from tests.patience import PATIENCE

MPA = "https://multiplayeractivity.xboxlive.com"


@pytest.fixture
def double() -> Iterator[handlesfake.Double]:
    """A double that plays both, with a host and a guest."""
    with handlesfake.fake(services=["mpa"], now="2026-01-06T10:00:00Z") as mpsd:
        mpsd.user("host")
        mpsd.user("guest")
        yield mpsd


def invite(double: handlesfake.Double, *invited: str) -> requests.Response:
    """The answer to an invite by the host."""
    host = double.user("host")
    url = f"{MPA}/titles/{host.title_id}/invites"
    return requests.post(url, json={"invitedUsers": list(invited)}, headers=host.headers)


def test_who_is_invited(double: handlesfake.Double) -> None:
    """The word invitee fits each of several, by xuid and by role."""
    double.refuse("unavailable", invitee="guest", times=1)
    double.refuse("throttled", invitee="3210", times=1)

    assert [204, 503, 429, 204] == [
        invite(double, *invited).status_code
        for invited in (["3211"], ["3211", "9000000000000002"], ["3210"], ["3210"])
    ]


def test_fields(double: handlesfake.Double) -> None:
    """Fields of its bodies are conditions, in either spelling."""
    double.refuse("throttled", operation="send_invites", invited_users=["3210"], times=1)
    double.fault("reset", operation="send_invites", connectionString="a", times=1)
    host = double.user("host")
    with pytest.raises(requests.ConnectionError):
        body = {"invitedUsers": ["1"], "connectionString": "a"}
        requests.post(f"{MPA}/titles/1/invites", json=body, headers=host.headers)

    assert [429, 204] == [invite(double, "3210").status_code, invite(double, "3210").status_code]


def test_a_refusal_of_its_own(double: handlesfake.Double) -> None:
    """A name that only this service has is a no like any other, with the body of its pages."""
    double.refuse("caller_not_allowed", operation="send_invites", times=1)

    assert "AuthorizationError" == invite(double, "3210").json()["errorCode"]
    assert "caller_not_allowed" == double.refused[0].refusal


def test_a_hold(double: handlesfake.Double) -> None:
    """A request waits before the service acts."""
    with double.hold("send_invites") as held:
        sender = threading.Thread(target=invite, args=(double, "3210"), daemon=True)
        sender.start()
        held.wait_for(1)
        before = [entry.operation for entry in double.journal]
        held.release()
    sender.join(PATIENCE)

    double.assert_invited("3210", service="mpa", times=1)
    assert [] == before


def test_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Files name its operations and fields, and a slip is found by the command that checks them."""
    good, bad = tmp_path / "good.yaml", tmp_path / "bad.yaml"
    good.write_text("rules:\n- when: {operation: send_invites, invitee: guest}\n  then: {refuse: throttled}\n")
    bad.write_text("rules:\n- when: {operation: send_invites, session: lobby-1}\n  then: {refuse: throttled}\n")
    with handlesfake.fake(services=["mpa"], rules=good) as mpsd:
        refused = invite(mpsd, mpsd.user("guest").xuid).status_code

    assert [429, 0, 1] == [refused, main(["rules", "check", str(good)]), main(["rules", "check", str(bad)])]
    assert "this rule can never fire: a request of send_invites has no session" in capsys.readouterr().out


@pytest.mark.parametrize("words", [{"operation": "send_invite"}, {"operation": "set_activity", "invitee": "guest"}])
def test_slips(double: handlesfake.Double, words: dict[str, str]) -> None:
    """A rule that can never act is refused as it is made."""
    with pytest.raises((SettingsError, RuleError)):
        double.refuse("throttled", **words)  # type: ignore[arg-type]  # as a slip has it


def test_a_rule_for_a_service_that_is_not_played() -> None:
    """It never acted, and the text says how the double would play that service."""
    with pytest.raises(AssertionError) as told, handlesfake.fake() as mpsd:
        mpsd.refuse("throttled", operation="send_invites")

    head, *lines = str(told.value).splitlines()

    assert head.startswith("refuse('throttled') never acted: no request fitted it. Made in ")
    assert "\n".join(lines) == (
        "  it waits for operation='send_invites'\n"
        "  this double does not play MPA; begin it with services=['mpa'].\n"
        "  nothing was sent to MPSD: was the code under test called?"
    )


def test_a_refusal_that_another_service_has(double: handlesfake.Double) -> None:
    """A rule acts on requests of the services that say no by that name; where none can come, it is an error."""
    double.refuse("stale_sequence", times=1)
    double.refuse("session_full", times=1)
    host = double.user("host")
    address = "https://sessiondirectory.xboxlive.com/handles/query"
    at_mpsd = requests.post(address, json={}, headers=host.headers)
    at_mpa = invite(double, "3210")
    with pytest.raises(RuleError) as told:
        double.refuse("session_full", operation=["send_invites", "request_token"])

    assert ("session_full", "stale_sequence") == tuple(entry.refusal for entry in double.journal)
    assert ("text/plain; charset=utf-8", "application/json") == tuple(
        answer.headers["Content-Type"] for answer in (at_mpsd, at_mpa)
    )
    assert (
        "mpsd.refuse('session_full'): this rule can never fire: MPA and sign-in do not refuse by 'session_full', "
        "which is of MPSD"
    ) == str(told.value)


def test_a_refusal_of_a_service_that_is_not_played() -> None:
    """The message says what such a rule waits for, and how the double would play it."""
    with pytest.raises(AssertionError) as told, handlesfake.fake() as mpsd:
        mpsd.refuse("child_account", times=1)
        mpsd.user("host")

    assert "  it waits for service='sign_in'\n" in str(told.value)
    assert "  this double does not play sign-in; begin it with services=['sign_in'].\n" in str(told.value)


def test_what_a_refusal_says_that_a_rule_brings_about() -> None:
    """Each is a sentence, though a rule knows less than the service would: no blank is left open, or filled twice."""
    told: dict[str, str] = {}
    with handlesfake.fake(services=["mpa", "sign_in"]) as mpsd:
        host = mpsd.user("host")
        addresses = {
            "mpsd": "https://sessiondirectory.xboxlive.com/handles/query",
            "mpa": f"{MPA}/titles/1/invites",
            "sign_in": "https://login.live.com/oauth20_token.srf",
        }
        for service, address in addresses.items():
            for name in SERVICES[service].refusals():
                mpsd.refuse(name, times=1)
                told[f"{service} {name}"] = requests.post(address, headers=host.headers).text

    assert "The field sequenceNumber must be greater than the last one" in told["mpa stale_sequence"]
    assert '{"error":"invalid_grant","error_description":"The grant is not valid."}' == told["sign_in invalid_grant"]
    assert [] == [
        f"{name}: {text}"
        for name, text in told.items()
        if "is is" in text or "  " in text or ": is " in text or text.count("rule of the test") > 1
    ]
