"""One table of what can be configured: ini settings, and options of the command line."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Literal

# Imported by every pytest session that has handlesfake installed: nothing else of handlesfake may be imported here.


class Setting:
    """One ini setting. Not a dataclass: to make one would cost every session a millisecond.

    :param name: ``mpsd_strict``; without its prefix, the word of the marker and of ``handlesfake.fake()``.
    :param make: turns the value in the file, of the right kind, into the word's value; raises ValueError with what
        was wanted.
    :param kind: how pytest reads it from the file: ``string``, ``bool`` or ``args``.
    :param is_word: whether it is a word of the marker too.
    """

    def __init__(
        self,
        name: str,
        make: Callable[[Any], Any],
        help: str,  # noqa: A002 - pytest's own word
        kind: Literal["string", "bool", "args"] = "string",
        *,
        is_word: bool = True,
        default: Any = None,
    ) -> None:
        self.name = name
        self._make = make
        self.help = help
        self.kind = kind
        self.is_word = is_word
        self.default = default

    def read(self, value: Any) -> Any:
        """The word's value for ``value`` in the file, which TOML may give in any type.

        :raises ValueError: it cannot be; its text is what was wanted.
        """
        texts = value if self.kind == "args" and isinstance(value, (list, tuple)) else [value]
        wanted = bool if self.kind == "bool" else str
        if not all(isinstance(text, wanted) for text in texts) or (self.kind == "args" and texts is not value):
            raise ValueError(WANTED[self.kind])
        return self._make(value)


WANTED = {"bool": "true or false", "string": "a text", "args": "a list of texts"}
"""What each kind of setting takes."""


def _text(value: str) -> str:
    return value


def _yes_or_no(value: bool) -> bool:  # noqa: FBT001 - a reader as the others
    return value


def _one_of(*words: str) -> Callable[[str], str]:
    def read(value: str) -> str:
        if value not in words:
            raise ValueError(" or ".join(words))
        return value

    return read


def _title_id(value: str) -> str:
    if not (value.isascii() and value.isdigit() and int(value) < 2**32):
        raise ValueError("a decimal number below 4294967296, such as 896928775")
    return value


def _hosts(values: list[str]) -> tuple[str, ...]:
    if any("/" in value or value.split() != [value] for value in values):
        raise ValueError("hosts without scheme and path, such as mpsd.test or mpsd.test:8080")
    return tuple(values)


def _days(value: str) -> timedelta:
    if not (value.endswith("d") and value[:-1].isdigit() and len(value) < 7):
        raise ValueError("a number of days, such as 90d")
    return timedelta(days=int(value[:-1]))


def moment(value: str) -> datetime:
    """The aware datetime that an ISO 8601 text with an offset names.

    :raises ValueError: it names none.
    """
    wanted = "a time with its offset, such as 2026-01-06T10:00:00Z"
    try:
        found = datetime.fromisoformat(value.replace("Z", "+00:00"))
    except ValueError:
        raise ValueError(wanted) from None
    if found.tzinfo is None:
        raise ValueError(wanted)
    return found


SETTINGS = (
    Setting("mpsd_strict", _yes_or_no, "assume nothing that a test left unsaid (default: false)", "bool"),
    Setting(
        "mpsd_dialect",
        _one_of("observed", "documented"),
        "answer as MPSD was seen to (observed, default) or as its reference page says (documented)",
    ),
    Setting(
        "mpsd_unrouted",
        _one_of("warn", "fail"),
        "warn (default) or fail when a test requests an unknown MPSD path",
    ),
    Setting("mpsd_hosts", _hosts, "the hosts that are MPSD (default: sessiondirectory.xboxlive.com)", "args"),
    Setting("mpsd_services", tuple, "services to play beside MPSD: mpa, Multiplayer Activity; sign_in", "args"),
    Setting("mpsd_scid", _text, "service configuration id of sessions without their own"),
    Setting("mpsd_template_name", _text, "template of sessions without their own"),
    Setting("mpsd_title_id", _title_id, "title id of users without their own: a decimal number"),
    Setting("mpsd_record_hosts", _hosts, "hosts that are recorded although they are not MPSD: sign-in", "args"),
    Setting("mpsd_not_secret", tuple, "places in recordings that look like secrets but are not", "args"),
    Setting(
        "mpsd_pseudonym_key",
        Path,
        "file with the key of the pseudonyms in cassettes, never in a repository (default: in the user's settings)",
        is_word=False,
    ),
    Setting(
        "mpsd_volatile_fields", tuple, "fields that are new in each run, beside the usual ones: dotted paths", "args"
    ),
    Setting(
        "mpsd_repeats",
        _one_of("reads", "last", "error"),
        "how to answer more requests than were recorded: reads (default) repeats a read with no write since, last "
        "repeats every answer, error fails",
    ),
    Setting("mpsd_shift_times", _yes_or_no, "move the times in replayed answers to the test's clock", "bool"),
    Setting(
        "mpsd_unused",
        _one_of("report", "fail"),
        "report (default) or fail when a run leaves recorded exchanges or whole cassettes unused",
        is_word=False,
        default="report",
    ),
    Setting(
        "mpsd_unused_rules",
        _one_of("report", "fail"),
        "report (default) or fail when rules of files never acted in any test of a run",
        is_word=False,
        default="report",
    ),
    Setting("mpsd_max_age", _days, "warn about recordings older than this, such as 90d"),
    Setting(
        "mpsd_old",
        _one_of("warn", "fail"),
        "warn (default) or fail when a test's recording is older than mpsd_max_age",
    ),
    Setting("mpsd_templates", tuple, "template files that describe sessions and titles, relative to rootdir", "args"),
    Setting(
        "mpsd_now", moment, "the time at which each test's clock starts, such as 2026-01-06T10:00:00Z (default: now)"
    ),
    Setting(
        "mpsd_cassette_dir",
        Path,
        "folder of the cassettes, relative to rootdir (default: cassettes)",
        is_word=False,
        default=Path("cassettes"),
    ),
    Setting(
        "mpsd_cassette_cache",
        _yes_or_no,
        "keep in pytest's cache what was read of cassettes, for the next run (default: true)",
        "bool",
        is_word=False,
        default=True,
    ),
    Setting(
        "mpsd_vcr_marker",
        _yes_or_no,
        "tests with pytest-recording's marker vcr replay what it has recorded for them (default: false)",
        "bool",
        is_word=False,
        default=False,
    ),
    Setting(
        "mpsd_rules_dir",
        Path,
        "folder of the rule files that markers name, relative to rootdir (default: rules)",
        is_word=False,
        default=Path("rules"),
    ),
    Setting(
        "mpsd_report",
        _text,
        "as the option --mpsd-report: a file, relative to rootdir, or - for the terminal (default: no report)",
        is_word=False,
    ),
    Setting(
        "mpsd_guard",
        _yes_or_no,
        "refuse every request for MPSD outside a double from session start on (default: from the first double on)",
        "bool",
        is_word=False,
        default=False,
    ),
)

FLAGS: dict[str, dict[str, Any]] = {
    "--mpsd-record": {
        "choices": ("none", "once", "new_episodes", "all", "rewrite"),
        "metavar": "MODE",
        "help": "record real traffic into the cassettes that tests name; MODE is none (default), once (only missing "
        "cassettes), new_episodes, all or rewrite",
    },
    "--mpsd-strict": {"action": "store_true", "help": "assume nothing that a test left unsaid"},
    "--mpsd-verify": {
        "action": "store_true",
        "help": "also send replayed requests to the fake; fail on differences",
    },
    "--mpsd-allow-real": {
        "action": "store_true",
        "help": "let requests for MPSD outside a double reach the real service",
    },
    "--mpsd-report": {
        "metavar": "PATH",
        "help": "write each test's traffic and assumptions to PATH: a page for people if it ends with .html, else"
        " JSON; - lists the assumptions on the terminal",
    },
}
"""The options of the command line, in the words of argparse."""
