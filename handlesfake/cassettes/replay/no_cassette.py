"""What to say when a recording is wanted that does not exist."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import NoReturn

from handlesfake.cassettes.cassette import Cassette
from handlesfake.cassettes.format.loading import load_cassette
from handlesfake.cassettes.format.writing import UNREAD
from handlesfake.cassettes.next_steps import display_path, record_again, record_once, to_read
from handlesfake.cassettes.sharing import others
from handlesfake.errors import CassetteError, NoCassette
from handlesfake.suggestions import closest
from handlesfake.vocabulary import spoken


def no_cassette(path: Path, holder: str) -> NoCassette:
    """The error for the replay of the missing ``path``: where it was looked for, and what is nearest.

    :param holder: who holds the double, a test's node id.
    """
    lines = [
        f"{holder} replays {path.stem!r}, and no such recording exists.",
        f"  looked for  {display_path(path)}",
    ]
    near = _nearest(path)
    if near is not None:
        lines.append(f"  nearest     {display_path(near)} ({_says(near)})")
    return NoCassette("\n".join((*lines, *record_once(holder, path))))


def _nearest(path: Path) -> Path | None:
    """The cassette whose name is most like that of ``path``, beside it or in the folders beside its own."""
    folder = path.parent
    beside = folder.glob("*") if folder.is_dir() else ()
    around = folder.parent.glob("*/*") if folder.parent.is_dir() else ()
    names = {one.stem: one for one in (*around, *beside) if one.suffix in (".yaml", ".yml", ".json")}
    found = closest(path.stem, names)
    return names[found] if found else None


def _says(path: Path) -> str:
    try:
        count = len(load_cassette(path).interactions)
        changed = datetime.fromtimestamp(path.stat().st_mtime, UTC)
    except (CassetteError, OSError):
        return "which cannot be read"
    return f"{count} {'exchange' if count == 1 else 'exchanges'}, {changed:%Y-%m-%d}"


def refuse_incomplete(cassette: Cassette, holder: str, run: str = "") -> NoReturn:
    """Refuse to replay what is not whole.

    :param holder: who holds the double, a test's node id.
    :param run: see :class:`handlesfake.cassettes.replay.player.Playing`.
    :raises CassetteError: always.
    """
    unread = [place for place in cassette.incomplete if place.endswith(UNREAD)]
    secret = [place for place in cassette.incomplete if place not in unread]
    what = "what looked like a secret" if secret else "what could not be read"
    places = ", ".join((*secret, *unread))
    lines = [f"{display_path(cassette.path)} is incomplete: {what} was withheld at {places}."]
    if secret:
        ini, options = f"mpsd_not_secret = {' '.join(secret)}", " ".join(f"--not-secret {place}" for place in secret)
        lines.append(f"  if they are not secrets, say so{spoken().either(' in the ini file', '')} and record again:")
        lines.append(f"      {spoken().either(ini, f'handlesfake serve {options}')}")
    lines += to_read(is_packed=True) if unread else []
    sharing = others(cassette.path, holder, cassette.tests, run)
    again = record_again(holder, cassette.path, "else take them out of the traffic and ", sharing)
    raise CassetteError("\n".join((*lines, *again)))
