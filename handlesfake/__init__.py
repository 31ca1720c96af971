"""Fake, intercept, record and assert the traffic between your code and Xbox Live's session directory (MPSD)."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from contextlib import AbstractContextManager
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from handlesfake.double.double import Double
    from handlesfake.errors import (
        CassetteError,
        Escaped,
        HandlesfakeError,
        NoCassette,
        NotRecorded,
        RuleError,
        SettingsError,
        Unanswered,
    )
    from handlesfake.mpsd.choices import Choices
    from handlesfake.options.options import Options
    from handlesfake.server.run.fixture import Server
    from handlesfake.users import TitleService, User

__all__ = [
    "CassetteError",
    "Choices",
    "Double",
    "Escaped",
    "HandlesfakeError",
    "NoCassette",
    "NotRecorded",
    "Options",
    "RuleError",
    "SettingsError",
    "TitleService",
    "Unanswered",
    "User",
    "fake",
    "record",
    "replay",
    "serve",
]

_HOMES = {
    "Choices": "handlesfake.mpsd.choices",
    "Double": "handlesfake.double.double",
    "Options": "handlesfake.options.options",
    "TitleService": "handlesfake.users",
    "User": "handlesfake.users",
}
"""Where each public name lives, errors apart. Nothing is imported before it is asked for: pytest imports this package
as it starts, also in a suite that never uses it."""


def fake(**words: Any) -> Double:
    """A double that answers by itself; ``words`` are those of the marker ``mpsd``, and ``isolated``.

    :raises SettingsError: a word is unknown or cannot be.
    """
    from handlesfake.double.double import Double  # lazily, as everything here
    from handlesfake.options.options import Options

    return Double(Options.of(**words))


def replay(path: str | Path, **words: Any) -> Double:
    """A double that answers from the cassette at ``path``, and nothing else; ``words`` are those of :func:`fake`.

    :raises CassetteError: there is no such cassette, or it cannot be read.
    """
    from handlesfake.double.double import Double  # lazily, as everything here
    from handlesfake.options.options import Options

    return Double(Options.of(mode="replay", cassette=path, **words))


def record(
    path: str | Path,
    *,
    record: str = "once",
    credentials: Mapping[str, Mapping[str, Any]] | None = None,
    **words: Any,
) -> Double:
    """A double that makes each request for real, and writes the cassette at ``path`` when it stops.

    :param record: ``"once"``: a cassette that is there is replayed; ``"rewrite"``: it is recorded again.
    :param credentials: who the roles really are, ``{"host": {"xuid": "...", "authorization": "XBL3.0 x=...;..."}}``:
        ``mpsd.user("host")`` is that account.
    :param words: those of :func:`fake`.
    :raises CassetteError: a cassette that is there cannot be read.
    """
    from handlesfake.double.double import Double  # lazily, as everything here
    from handlesfake.options.options import Options

    options = Options.of(mode="record", cassette=path, record=record, credentials=credentials, **words)
    return Double(options)


def serve(double: Double, *, names: Iterable[str] = ()) -> AbstractContextManager[Server]:
    """``double`` on a real port of loopback, behind TLS, for programs that no seam reaches.

    ``with handlesfake.fake() as mpsd, handlesfake.serve(mpsd) as server:``; ``server.url``, ``.ca_file``, ``.env``.

    :param names: more hosts by which clients call it, as ``--name`` of the command: the certificate is good for them,
        and the control interface answers to them.
    :raises TypeError: ``double`` is not a double.
    :raises SettingsError: what a server needs is not installed, or a name is no host.
    """
    from handlesfake.double.double import Double  # lazily, as everything here

    if not isinstance(double, Double):
        raise TypeError(
            f"handlesfake.serve(): expected a double, got {type(double).__name__}; write handlesfake.serve(mpsd)."
        )
    from handlesfake.server.run.requirements import check_extra  # lazily, as everything here

    check_extra()
    from handlesfake.server.run.fixture import served

    return served(double, names)


if not TYPE_CHECKING:  # a type checker knows the names above, and tells a wrong one

    def __getattr__(name: str) -> Any:
        if name not in __all__:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        found = getattr(import_module(_HOMES.get(name, "handlesfake.errors")), name)
        globals()[name] = found
        return found


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})


if "HANDLESFAKE_GUARD" in os.environ:  # a test with a double started this process, which has none
    import_module("handlesfake.intercept.install").guard_as_told()
