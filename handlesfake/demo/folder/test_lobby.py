"""What `handlesfake demo` showed, as your own tests: ``pytest`` runs them."""

import pytest
from lobby_bot import LobbyBot

REF = {"scid": "7e570100-1111-4222-8333-444455556666", "templateName": "FakeLobby", "name": "lobby-1"}


def evening(mpsd):
    """Host opens a lobby and invites Guest and Far; Guest joins; Host leaves."""
    host, guest, far = mpsd.user("host"), mpsd.user("guest"), mpsd.user("far")
    bot = LobbyBot(host.headers, sleep=mpsd.clock.advance)
    bot.open(REF)
    invites = bot.invite(REF, guest.xuid, far.xuid)
    LobbyBot(guest.headers).join(invites[0])
    bot.leave(REF)
    mpsd.assert_invited(guest, far, by=host, session=REF, only=True, times=1)
    mpsd.assert_no_activity(host)


@pytest.mark.mpsd(cassette="lobby")
def test_the_evening_as_recorded(mpsd):
    """Offline, from cassettes/test_lobby/lobby.yaml."""
    evening(mpsd)


@pytest.mark.mpsd(rules=["busy.yaml"])
def test_the_evening_on_a_busy_day(mpsd):
    """Against the fake, while a rule refuses the second invite once."""
    evening(mpsd)
