"""The report of a server's run as JSON, for programs."""

from __future__ import annotations

from handlesfake.server.run.chronicle import Chronicle
from handlesfake.server.run.report_file import report_document
from handlesfake.server.worlds.world import DEFAULT
from handlesfake.server.worlds.worlds import Worlds
from tests.sending import a_double, send


def test_what_was_pushed_is_told_from_reset_to_reset() -> None:
    """Each tap with how many resets there had been, its receiver, and the number that the session had."""
    mpsd = a_double()
    worlds = Worlds(mpsd)
    chronicle = Chronicle(worlds, limit=10)
    system = {"active": True, "connection": "c1", "subscription": {"id": "s1", "changeTypes": ["membersList"]}}
    for _ in range(2):
        with mpsd.checkpoint():
            host, lobby = mpsd.user("host"), mpsd.session("lobby-1")
            send(mpsd, "PUT", lobby.path, host.headers, {"members": {"me": {"properties": {"system": system}}}})
            lobby.join(mpsd.user("guest"))
            worlds.is_about_to_end(DEFAULT)
    (world,) = report_document(chronicle)["worlds"]

    assert [(0, "9000000000000001", "lobby-1", 3), (1, "9000000000000001", "lobby-1", 3)] == [
        (tap["resets"], tap["xuid"], tap["sessionRef"]["name"], tap["changeNumber"]) for tap in world["taps"]
    ]
