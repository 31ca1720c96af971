"""Sign-in in a test: who it is that signs in."""

from __future__ import annotations

import requests

import handlesfake
from handlesfake import Double

TOKENS = "https://login.live.com/oauth20_token.srf"
FORM = {"grant_type": "refresh_token", "refresh_token": "made-up", "client_id": "made-up"}


def who_signs_in(mpsd: Double) -> str:
    """The caller in the journal of a sign-in that starts now."""
    assert 200 == requests.post(TOKENS, data=FORM).status_code
    return str(mpsd.journal[-1].caller)


def test_the_first_user_signs_in() -> None:
    """Where the test says nothing, the first user that it has named signs in."""
    with handlesfake.fake(services=["sign_in"]) as mpsd:
        host = mpsd.user("host")
        mpsd.user("guest")

        assert host.xuid in who_signs_in(mpsd)


def test_a_test_says_who_signs_in() -> None:
    """The user with the last ``signs_in`` signs in, also where the test has made that user before."""
    with handlesfake.fake(services=["sign_in"]) as mpsd:
        users = [mpsd.user("host"), mpsd.user("guest")]

        assert [True, True] == [
            user.xuid in who_signs_in(mpsd) for user in reversed(users) if mpsd.user(user.role, signs_in=True)
        ]


def test_a_user_no_longer_signs_in() -> None:
    """After ``signs_in=False`` the first user signs in again."""
    with handlesfake.fake(services=["sign_in"]) as mpsd:
        host = mpsd.user("host")
        mpsd.user("guest", signs_in=True)
        mpsd.user("guest", signs_in=False)

        assert host.xuid in who_signs_in(mpsd)
