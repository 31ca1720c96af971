"""The refusals of sign-in that only a rule brings about: the codes of XSTS, the errors of OAuth, and busy days."""

from __future__ import annotations

import json

import httpx
import pytest

import handlesfake
from handlesfake.sign_in.refusals import REFUSALS, X_ERRORS

XSTS = "https://xsts.auth.xboxlive.com/xsts/authorize"
SISU = "https://sisu.xboxlive.com/authorize"
TOKEN = "https://login.live.com/oauth20_token.srf"


@pytest.mark.parametrize("name", X_ERRORS)
def test_a_code_of_xsts(name: str) -> None:
    """401 with the code, the status of all of them (contract 21.6)."""
    with handlesfake.fake(services=["sign_in"]) as mpsd:
        mpsd.refuse(name, operation="xsts_authorize", times=1)
        answer = httpx.post(XSTS, json={})

    code, page = X_ERRORS[name]
    assert {"Identity": "0", "XErr": code, "Message": "", "Redirect": page} == answer.json()
    assert (401, "application/json") == (answer.status_code, answer.headers["Content-Type"])
    assert [name] == [entry.refusal for entry in mpsd.refused]


@pytest.mark.parametrize(
    ("name", "code", "page"),
    [
        ("no_xbox_account", 0x8015DC09, "https://start.ui.xboxlive.com/CreateAccount"),
        ("child_account", 0x8015DC0E, "https://start.ui.xboxlive.com/AddChildToFamily"),
        ("country_not_authorized", 0x8015DC0B, ""),
    ],
)
def test_the_codes_are_those_of_the_error_codes(name: str, code: int, page: str) -> None:
    """The decimal number of the error code that XSAPI has, and the page that a public log shows (contract 21.6; S4)."""
    assert (code, page) == X_ERRORS[name]


def test_sisu_says_the_code_in_a_header_too() -> None:
    """Clients read it there, with the session and the page that go with it (contract 21.6)."""
    with handlesfake.fake(services=["sign_in"]) as mpsd:
        mpsd.refuse("no_xbox_account", operation="sisu_authorize", times=1)
        answer = httpx.post(SISU, json={})

    assert ("2148916233", 401) == (answer.headers["X-Err"], answer.status_code)
    assert answer.headers["X-SessionId"]
    assert answer.json()["WebPage"].startswith("https://sisu.xboxlive.com/")


@pytest.mark.parametrize("name", ["authorization_pending", "authorization_declined", "slow_down", "expired_token"])
def test_an_error_of_oauth(name: str) -> None:
    """400 with the word of RFC 8628, or of Entra, under which the refusal is named (contract 21.3; S6)."""
    with handlesfake.fake(services=["sign_in"]) as mpsd:
        mpsd.refuse(name, operation="request_token", times=1)
        answer = httpx.post(TOKEN, data={"grant_type": "device_code", "device_code": "x", "client_id": "1"})

    assert (400, name) == (answer.status_code, answer.json()["error"])
    assert REFUSALS[name].sentence == answer.json()["error_description"]


def test_a_busy_day() -> None:
    """429 and 503 are answered as everywhere, with the seconds to wait."""
    with handlesfake.fake(services=["sign_in"]) as mpsd:
        mpsd.refuse("throttled", operation="user_authenticate", times=1, retry_after=7)
        answer = httpx.post("https://user.auth.xboxlive.com/user/authenticate", json={})

    assert (429, "7") == (answer.status_code, answer.headers["Retry-After"])


def test_a_rule_asks_for_fields_of_a_form() -> None:
    """One grant is refused, and the other is not."""
    with handlesfake.fake(services=["sign_in"]) as mpsd:
        mpsd.user("host")
        mpsd.refuse("invalid_grant", operation="request_token", grant_type="refresh_token")
        fields = {"client_id": "1", "refresh_token": "kept", "device_code": "unknown"}
        refused = httpx.post(TOKEN, data={**fields, "grant_type": "refresh_token"})
        other = httpx.post(TOKEN, data={**fields, "grant_type": "password"})

        mpsd.assert_sent("request_token", grant_type="refresh_token", refresh_token="kept", times=1)

    assert ["invalid_grant", "unsupported_grant_type"] == [one.json()["error"] for one in (refused, other)]


def test_each_refusal_has_a_form() -> None:
    """Any refusal by name, at any operation, is one of the service's own answers."""
    with handlesfake.fake(services=["sign_in"]) as mpsd:
        for name, kind in REFUSALS.items():
            mpsd.refuse(name, operation="xsts_authorize", times=1)
            answer = httpx.post(XSTS, json={})

            assert kind.status == answer.status_code, name
            assert not answer.content or answer.text.endswith("\r\n") or json.loads(answer.text), name
