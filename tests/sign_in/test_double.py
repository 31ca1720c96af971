"""A double that plays sign-in: who signs in, what ends, and what the other services know then."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx
import pytest

import handlesfake

LIVE = "https://login.live.com"
MPSD = "https://sessiondirectory.xboxlive.com"


def sign_in(http: httpx.Client) -> dict[str, str]:
    """The headers that a client calls MPSD with once it has signed in."""
    code = http.post(f"{LIVE}/oauth20_connect.srf", data={"client_id": "1"}).json()
    grant = {"client_id": "1", "grant_type": "device_code", "device_code": code["device_code"]}
    return headers_for(http, http.post(f"{LIVE}/oauth20_token.srf", data=grant).json()["access_token"])


def headers_for(http: httpx.Client, access: str) -> dict[str, str]:
    """The same from an access token on."""
    user = token(http, "user.auth.xboxlive.com/user/authenticate", {"RpsTicket": f"t={access}"})["Token"]
    xsts = token(http, "xsts.auth.xboxlive.com/xsts/authorize", {"UserTokens": [user]})
    claims = xsts["DisplayClaims"]["xui"][0]
    return {"Authorization": f"XBL3.0 x={claims['uhs']};{xsts['Token']}", "X-Xbl-Contract-Version": "107"}


def token(http: httpx.Client, address: str, properties: dict[str, Any]) -> Any:
    """A token of Xbox Live."""
    body = {"RelyingParty": "http://xboxlive.com", "TokenType": "JWT", "Properties": properties}
    return http.post(f"https://{address}", json=body).json()


def status(http: httpx.Client, lobby: handlesfake.SeededSession, headers: dict[str, str]) -> int:
    """What MPSD answers to a client that reads the lobby."""
    return http.get(f"{MPSD}{lobby.path}", headers=headers).status_code


def test_the_first_user_signs_in_unless_the_test_says_who() -> None:
    """One after the other, and back to the first."""
    with handlesfake.fake(services=["sign_in"]) as mpsd, httpx.Client() as http:
        host, guest = mpsd.user("host"), mpsd.user("guest")
        callers = []
        for words in ({}, {"signs_in": True}, {"signs_in": False}):
            mpsd.user("guest", **words)  # type: ignore[arg-type]  # True and False are what it takes
            headers = sign_in(http)
            callers.append(mpsd.journal[-1].caller)

        assert [host, guest, host] == callers
        assert "uhs-9000000000000001" in headers["Authorization"]
        assert [] == [*mpsd.assumptions]


def test_a_made_up_user_is_an_assumption() -> None:
    """It says who signed in, and how to say it instead."""
    with handlesfake.fake(services=["sign_in"]) as mpsd, httpx.Client() as http:
        sign_in(http)

    assert ["a separate user, 9000000000000001, signed in"] == [one.text for one in mpsd.assumptions]
    assert 'host = mpsd.user("host", signs_in=True)' in mpsd.assumptions[0].instead


def test_a_token_of_an_earlier_run_is_an_assumption() -> None:
    """It says whose it was taken for."""
    with handlesfake.fake(services=["sign_in"]) as mpsd, httpx.Client() as http:
        mpsd.user("host")
        headers_for(http, "kept")

    assert ["an unknown access token is that of Host 9000000000000001"] == [one.text for one in mpsd.assumptions]


def test_what_the_test_expires_a_new_token_mends() -> None:
    """``host.expire()`` ends the token that was signed in for, and the clock does after 16 hours."""
    with handlesfake.fake(services=["sign_in"]) as mpsd, httpx.Client() as http:
        host = mpsd.user("host")
        lobby = mpsd.session("lobby-1", members=[host])
        first = sign_in(http)
        seen = [status(http, lobby, first)]
        host.expire()
        seen.append(status(http, lobby, first))
        second = sign_in(http)
        seen.append(status(http, lobby, second))
        mpsd.clock.advance("16h")
        seen.append(status(http, lobby, second))

    assert [200, 401, 200, 401] == seen


def test_a_checkpoint_takes_tokens_back() -> None:
    """What was signed in for inside is unknown outside."""
    with handlesfake.fake(services=["sign_in"]) as mpsd, httpx.Client() as http:
        mpsd.user("host")
        with mpsd.checkpoint():
            code = http.post(f"{LIVE}/oauth20_connect.srf", data={"client_id": "1"}).json()["device_code"]
        grant = {"client_id": "1", "grant_type": "device_code", "device_code": code}
        answer = http.post(f"{LIVE}/oauth20_token.srf", data=grant)

    assert (400, "invalid_grant") == (answer.status_code, answer.json()["error"])


def test_a_dumped_state_says_who_signs_in(tmp_path: Path) -> None:
    """And a double that loads it knows."""
    with handlesfake.fake(services=["sign_in"]) as mpsd:
        mpsd.user("host")
        mpsd.user("guest", signs_in=True)
        dumped = mpsd.dump()
    path = tmp_path / "state.yaml"
    path.write_text(dumped)
    with handlesfake.fake(services=["sign_in"]) as mpsd, httpx.Client() as http:
        mpsd.load(path)
        sign_in(http)

        assert mpsd.user("guest") == mpsd.journal[-1].caller


def test_a_lost_answer() -> None:
    """The code is used up, and the client has nothing."""
    with handlesfake.fake(services=["sign_in"]) as mpsd, httpx.Client() as http:
        mpsd.user("host")
        mpsd.lose_answer("request_token", times=1)
        with pytest.raises(httpx.TransportError):
            sign_in(http)

        mpsd.assert_sent("request_token", times=1)


def test_a_title_that_signs_in_and_calls_mpsd_is_not_mixed() -> None:
    """Sign-in belongs to every service: there is no note about titles that use two."""
    with handlesfake.fake(services=["sign_in", "mpa"]) as mpsd, httpx.Client() as http:
        lobby = mpsd.session("lobby-1", members=[mpsd.user("host")])
        status(http, lobby, sign_in(http))

    assert {()} == {entry.notes for entry in mpsd.journal}


def test_the_hosts_are_left_alone_without_it() -> None:
    """A double that was not asked to play sign-in does not answer for its hosts."""
    from handlesfake.intercept.registry import registry

    with handlesfake.fake():
        assert registry.double_for("login.live.com", 443) is None
        assert registry.double_for("user.auth.xboxlive.com", 443) is None


def test_what_is_not_asked_for_is_not_imported() -> None:
    """A process that makes a double of MPSD alone, and calls it, imports nothing of sign-in (no double pays for it)."""
    code = (
        "import sys, requests, handlesfake\n"
        "with handlesfake.fake() as mpsd:\n"
        "    host = mpsd.user('host')\n"
        "    requests.get('https://sessiondirectory.xboxlive.com/handles/x', headers=host.headers)\n"
        "print([name for name in sys.modules if 'handlesfake' in name and 'sign_in' in name])\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert "[]" == done.stdout.strip()
