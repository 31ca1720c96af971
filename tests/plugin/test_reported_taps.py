"""What was pushed, in the report for programs."""

from __future__ import annotations

import json

from tests.plugin.sessions import Suite


def test_the_report_has_the_taps_of_each_test(suite: Suite) -> None:
    """The user of each push, over which connection, of which session, and what had changed there."""
    suite.write("""
        import requests

        def test_pushed(mpsd):
            host = mpsd.user("host")
            lobby = mpsd.session("lobby-1")
            system = {"active": True, "connection": "c1", "subscription": {"id": "s1", "changeTypes": ["membersList"]}}
            requests.put(
                f"https://sessiondirectory.xboxlive.com{lobby.path}",
                json={"members": {"me": {"properties": {"system": system}}}}, headers=host.headers, timeout=5,
            ).raise_for_status()
            lobby.join(mpsd.user("guest"))

        def test_quiet(mpsd):
            send()
    """)

    suite.run("--mpsd-report=report.json")
    pushed, quiet = json.loads((suite.pytester.path / "report.json").read_text())
    (tap,) = pushed["taps"]

    assert [] == quiet["taps"]
    assert {
        "xuid": "9000000000000001",
        "connection": "c1",
        "sessionRef": {
            "scid": "7e570100-1111-4222-8333-444455556666",
            "templateName": "FakeLobby",
            "name": "lobby-1",
        },
        "changeNumber": 3,
        "at": tap["at"],
        "changes": ["membersList"],
    } == tap
