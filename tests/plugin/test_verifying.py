"""``--mpsd-verify``: what tests replay is put to the fake as well."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.plugin.sessions import Suite

NIGHT = Path(__file__).parents[2] / "cassettes" / "test_recorded" / "first-night.yaml"
TEST = """
    import http.client, json

    PATH = "/serviceconfigs/7e570100-1111-4222-8333-444455556666/sessiontemplates/FakeLobby/sessions/lobby-1"
    JOIN = {"members": {"me": {
        "constants": {"system": {"initialize": True}}, "properties": {"system": {"active": True}}}}}

    @pytest.mark.mpsd(cassette="night")
    def test_joining(mpsd):
        connection = http.client.HTTPSConnection("sessiondirectory.xboxlive.com")
        connection.request("PUT", PATH, json.dumps(JOIN), mpsd.user("host").headers)
        assert 201 == connection.getresponse().status
"""


@pytest.mark.parametrize("protocol", ["game", "chess"])
def test_a_test_fails_where_the_fake_answers_otherwise(suite: Suite, protocol: str) -> None:
    """By field; without the option nothing is compared."""
    path = suite.pytester.path / "cassettes" / "test_party" / "night.yaml"
    path.parent.mkdir(parents=True)
    text = NIGHT.read_text(encoding="utf-8").replace('"inviteProtocol": "game"', f'"inviteProtocol": "{protocol}"')
    path.write_text(text, encoding="utf-8")
    suite.write(TEST)
    plain, verified = suite.run(), suite.run("--mpsd-verify")

    plain.assert_outcomes(passed=1)
    if protocol == "game":
        verified.assert_outcomes(passed=1)
        return
    verified.assert_outcomes(failed=1)
    verified.stdout.fnmatch_lines(
        [
            "the fake answers differently from cassettes/test_party/night.yaml:",
            "  #1 put_session by host",
            "      body.constants.system.inviteProtocol   recorded 'chess'   fake 'game'",
            "0 of 1 exchanges agree in status, headers and body",
        ]
    )
