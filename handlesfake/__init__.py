"""Fake, intercept, record and assert the traffic between your code and Xbox Live's session directory (MPSD)."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from contextlib import AbstractContextManager
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, Never, Unpack

if TYPE_CHECKING:
    import pytest

    from handlesfake.double.double import Double
    from handlesfake.double.keywords import DoubleWords, FakeWords, MarkerWords
    from handlesfake.double.party import Party
    from handlesfake.engine.holds import Hold
    from handlesfake.errors import (
        CassetteError,
        Escaped,
        HandlesfakeError,
        NoCassette,
        NotRecorded,
        OldRecordingWarning,
        OverlappingDoublesWarning,
        RuleError,
        SettingsError,
        Unanswered,
        UnroutedWarning,
        WithheldWarning,
    )
    from handlesfake.exchange.entry import Entry
    from handlesfake.exchange.journal import Journal
    from handlesfake.literals import FaultName, OperationName, RefusalName
    from handlesfake.mpsd.choices import Choices
    from handlesfake.mpsd.evidence import Evidence
    from handlesfake.options.options import Policy
    from handlesfake.server.run.fixture import Server
    from handlesfake.timing.clock import Clock
    from handlesfake.traffic.records import Activity, Invite
    from handlesfake.users.title_service import TitleService
    from handlesfake.users.user import User
    from handlesfake.world.seeded_session import SeededSession

__all__ = [
    "Activity",
    "CassetteError",
    "Choices",
    "Clock",
    "Double",
    "Entry",
    "Escaped",
    "Evidence",
    "FaultName",
    "HandlesfakeError",
    "Hold",
    "Invite",
    "Journal",
    "MarkerWords",
    "NoCassette",
    "NotRecorded",
    "OldRecordingWarning",
    "OperationName",
    "OverlappingDoublesWarning",
    "Party",
    "RefusalName",
    "RuleError",
    "SeededSession",
    "Server",
    "SettingsError",
    "TitleService",
    "Unanswered",
    "UnroutedWarning",
    "User",
    "WithheldWarning",
    "fake",
    "mark",
    "record",
    "replay",
    "serve",
]

_HOMES = {
    "Activity": "handlesfake.traffic.records",
    "Choices": "handlesfake.mpsd.choices",
    "Clock": "handlesfake.timing.clock",
    "Double": "handlesfake.double.double",
    "Entry": "handlesfake.exchange.entry",
    "Evidence": "handlesfake.mpsd.evidence",
    "FaultName": "handlesfake.literals",
    "Hold": "handlesfake.engine.holds",
    "Invite": "handlesfake.traffic.records",
    "Journal": "handlesfake.exchange.journal",
    "MarkerWords": "handlesfake.double.keywords",
    "OperationName": "handlesfake.literals",
    "Party": "handlesfake.double.party",
    "RefusalName": "handlesfake.literals",
    "SeededSession": "handlesfake.world.seeded_session",
    "Server": "handlesfake.server.run.fixture",
    "TitleService": "handlesfake.users.title_service",
    "User": "handlesfake.users.user",
}
"""Where each public name lives, errors apart. Nothing is imported before it is asked for: pytest imports this package
as it starts, also in a suite that never uses it."""


def fake(**words: Unpack[FakeWords]) -> Double:
    """A double that answers by itself; ``words`` are those of the marker ``mpsd``, and ``isolated``.

    :raises SettingsError: a word is unknown or cannot be.
    """
    from handlesfake.double.double import Double  # lazily, as everything here
    from handlesfake.options.options import Options

    return Double(Options.of(**words))


def replay(path: str | Path, **words: Unpack[DoubleWords]) -> Double:
    """A double that answers from the cassette at ``path`` alone; ``words`` are those of :func:`fake`.

    :raises CassetteError: there is no such cassette, or it cannot be read.
    """
    from handlesfake.double.double import Double  # lazily, as everything here
    from handlesfake.options.options import Options

    return Double(Options.of(mode="replay", cassette=path, **words))


def record(
    path: str | Path,
    *,
    record: Policy = "once",
    credentials: Mapping[str, Mapping[str, Any]] | None = None,
    **words: Unpack[DoubleWords],
) -> Double:
    """A double that makes each request for real, and writes the cassette at ``path`` when it stops.

    :param record: ``"once"``: an existing cassette is replayed; ``"rewrite"``: it is recorded again.
    :param credentials: who the roles really are, ``{"host": {"xuid": "...", "authorization": "XBL3.0 x=...;..."}}``:
        ``mpsd.user("host")`` is that account.
    :param words: those of :func:`fake`.
    :raises CassetteError: the existing cassette cannot be read.
    """
    from handlesfake.double.double import Double  # lazily, as everything here
    from handlesfake.options.options import Options

    options = Options.of(mode="record", cassette=path, record=record, credentials=credentials, **words)
    return Double(options)


def mark(*test: Never, **words: Unpack[MarkerWords]) -> pytest.MarkDecorator:
    """The marker ``@pytest.mark.mpsd(...)``, whose words an editor completes and a type checker checks.

    :raises SettingsError: it decorates a test without its parentheses, or got something that is not a word.
    """
    import pytest  # lazily: a double needs no pytest

    if test:
        from handlesfake.errors import SettingsError

        raise SettingsError(
            "handlesfake.mark takes words alone: @handlesfake.mark(strict=True), "
            "and without a word @handlesfake.mark()."
        )

    return pytest.mark.mpsd(**words)


def serve(double: Double, *, names: Iterable[str] = ()) -> AbstractContextManager[Server]:
    """``double`` on a real port of loopback, behind TLS, for programs that no seam reaches.

    ``with handlesfake.fake() as mpsd, handlesfake.serve(mpsd) as server:``; ``server.url``, ``.ca_file``, ``.env``.

    :param names: more host names that clients use, as ``--name`` of the command. The certificate is valid for them,
        and the control interface answers to them.
    :raises TypeError: ``double`` is not a double.
    :raises SettingsError: what a server needs is not installed, or a name is not a host.
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
        if name == "Server":
            from handlesfake.server.run.requirements import check_extra  # lazily, as everything here

            check_extra()
        found = getattr(import_module(_HOMES.get(name, "handlesfake.errors")), name)
        globals()[name] = found
        return found


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})


if "HANDLESFAKE_GUARD" in os.environ:  # a test with a double started this process, which has none
    import_module("handlesfake.intercept.install").guard_as_told()
