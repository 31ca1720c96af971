"""The demo, act by act: record, replay offline, claim, break."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
import time
from contextlib import suppress
from importlib.resources import as_file, files
from pathlib import Path

import handlesfake
from handlesfake.demo.evening import REF, ROLES, XUIDS, Evening, authorization, player_name, what
from handlesfake.demo.offline import offline
from handlesfake.demo.screen import Screen
from handlesfake.demo.serving import Served, served
from handlesfake.double.double import Double
from handlesfake.errors import SettingsError
from handlesfake.exchange.entry import Entry

CASSETTE = Path("cassettes", "test_lobby", "lobby.yaml")
RULES = Path("rules")


def show(into: Path) -> bool:
    """Show the main job on the terminal, and leave cassette and test in the folder ``into``.

    :returns: whether everything was as it should be.
    :raises SettingsError: ``into`` exists; it is never overwritten.
    """
    _lay_out(into)
    screen = Screen()
    screen.title("handlesfake demo: a lobby bot against a real HTTPS server, then without it")
    with tempfile.TemporaryDirectory() as tls, served(Path(tls), into / RULES / "busy.yaml") as server:
        screen.fact("recording", f"{server.url}   another process, its own CA")
        recorded, waited, recording_took = _record(server, into / CASSETTE)
    screen.fact("replaying", "the server is gone; sockets and name look-ups are refused")
    with offline() as attempts:
        with handlesfake.fake(rules=(into / RULES / "busy.yaml",)) as faked:
            reasons = Evening(faked).run()
        started = time.perf_counter()
        with handlesfake.replay(into / CASSETTE) as double:
            replayed = Evening(double).run()
            replaying_took = time.perf_counter() - started
            _table(screen, recorded, replayed, reasons, waited)
            _claims(screen, double)
    _broken(screen, into)
    _last_words(screen, into, recording_took, replaying_took, attempts)
    return screen.all_ok


def _lay_out(into: Path) -> None:
    """Copy bot, test and rules to ``into``."""
    if into.exists():
        raise SettingsError(
            f"{into} exists, and the demo overwrites nothing.\n  take another: handlesfake demo --into DIR"
        )
    with as_file(files("handlesfake.demo").joinpath("folder")) as folder:
        shutil.copytree(folder, into, ignore=shutil.ignore_patterns("__pycache__", "__init__.py"))


def _record(server: Served, cassette: Path) -> tuple[list[Entry], list[float], float]:
    """The evening on the server, recorded; what was sent, how long the bot waited, and how long all of it took."""
    credentials = {role: {"xuid": XUIDS[role], "authorization": authorization(role)} for role in ROLES}
    started = time.perf_counter()
    with handlesfake.record(cassette, hosts=(server.host,), credentials=credentials) as double:
        evening = Evening(double, server.url, server.ca, time.sleep)
        entries = evening.run()
    return entries, evening.waited, time.perf_counter() - started


def _table(
    screen: Screen, recorded: list[Entry], replayed: list[Entry], reasons: list[Entry], waited: list[float]
) -> None:
    waits = iter(waited)
    screen.row("#", "who", "call", "recorded", "replayed", "rests on")
    for entry, again, reason in zip(recorded, replayed, reasons, strict=True):
        who = player_name(reason.caller.user.xuid) if reason.caller and reason.caller.user else ""
        evidence = reason.evidence.words if reason.evidence else ""
        same = entry.status == again.status == reason.status
        screen.row(str(entry.number), who, what(entry), str(entry.status), str(again.status), evidence, ok=same)
        if entry.status == 429:
            screen.row("", "", f"  waits {next(waits):.0f} s as told", f"{5:.1f} s", "virtual", "")


def _claims(screen: Screen, double: Double) -> None:
    host, guest, far = (double.user(role) for role in ROLES)
    screen.blank()
    with screen.claim("Guest and Far were invited once each, in this order"):
        double.assert_invited(guest, far, by=host, session=REF, times=1)
        assert [invite.invited_xuid for invite in double.invites] == [guest.xuid, far.xuid]
    with screen.claim("Host showed lobby-1 until leaving, and nothing after it"):
        assert [activity.session_ref["name"] for activity in double.activities] == [REF["name"]]
        double.assert_no_activity(host)
    with screen.claim("nothing else was sent"):
        assert len(double.journal) == 7


def _broken(screen: Screen, into: Path) -> None:
    """A rule file that the bot cannot cope with, and what a failing test then says."""
    screen.blank()
    screen.say("broken on purpose, by the rule file down.yaml: every invite is refused")
    with handlesfake.fake(rules=(into / RULES / "down.yaml",)) as double:
        bot = Evening(double)
        with suppress(OSError):  # requests' HTTPError: the bot gives up, as it should
            bot.run()
        try:
            double.assert_invited(double.user("guest"), session=REF, times=1)
        except AssertionError as failure:
            screen.quote(f"AssertionError: {failure}")
        else:
            screen.wrong("the failure that should stand here")


def _last_words(screen: Screen, into: Path, recording: float, replaying: float, attempts: list[str]) -> None:
    screen.blank()
    asked = f"{len(attempts)} attempts to leave this machine" if attempts else "no request left this machine"
    screen.say(f"recorded in {recording:.1f} s, replayed in {replaying:.2f} s; {asked}")
    screen.blank()
    screen.fact("the recording", str(into / CASSETTE))
    screen.fact("the test", str(into / "test_lobby.py"))
    screen.fact("now break it", f"{_python()} -m pytest {into}")
    screen.fact("", 'passes; change "far" to "fra" in the test, and run it again')


def _python() -> str:
    """How to call this very Python from here; its name alone where that is long."""
    try:
        called = os.path.relpath(sys.executable)
    except ValueError:  # Windows has no way from one drive to another
        return "python"
    return "python" if called.startswith("..") else called
