"""A suite asks for a second service by a marker, or for all of its tests by the ini file."""

from __future__ import annotations

import pytest

INI = "[pytest]\nasyncio_default_fixture_loop_scope = function\n"
TEST = """
    import pytest
    import requests

    INVITES = "https://multiplayeractivity.xboxlive.com/titles/1/invites"

    {mark}
    def test_invite(mpsd):
        host = mpsd.user("host")
        answer = requests.post(INVITES, json={{"invitedUsers": ["3210"]}}, headers=host.headers)
        assert answer.status_code == 204
        mpsd.assert_invited("3210")
"""


@pytest.mark.parametrize(
    ("mark", "ini"),
    [
        ('@pytest.mark.mpsd(services=["mpa"])', ""),
        ('@pytest.mark.mpsd(services="mpa")', ""),
        ("", "mpsd_services = mpa"),
    ],
)
def test_it_is_asked_for(pytester: pytest.Pytester, mark: str, ini: str) -> None:
    """The request is answered, and the failed claim says through which service the user was invited."""
    pytester.makepyfile(TEST.format(mark=mark))
    pytester.makefile(".ini", pytest=f"{INI}{ini}\n")
    result = pytester.runpytest("-p", "no:randomly")

    result.stdout.fnmatch_lines(["*3210 was invited through MPA, which counts with service='mpa':*"])
    result.assert_outcomes(failed=1)


def test_a_slip(pytester: pytest.Pytester) -> None:
    """The test that names an unknown service fails, and learns the nearest."""
    pytester.makepyfile(TEST.format(mark='@pytest.mark.mpsd(services=["map"])'))
    pytester.makefile(".ini", pytest=INI)
    result = pytester.runpytest("-p", "no:randomly")

    result.stdout.fnmatch_lines(["*services 'map' is not known; did you mean 'mpa'? Known: mpa, sign_in.*"])
