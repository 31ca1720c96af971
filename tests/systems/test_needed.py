"""The marker of tests that some system cannot run."""

from __future__ import annotations

import os

import pytest

from tests.systems.needed import system_has, what_it_has


@pytest.mark.skipif(os.name != "posix", reason="what Linux and macOS have")
def test_this_system_has_all_but_what_only_linux_has() -> None:
    """A name that Linux or macOS lacked would leave tests out unseen."""
    assert {"full disk", "TCP_INFO"} >= {name for name, (is_there, _) in what_it_has().items() if not is_there}


def test_each_reason_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    """The ones of all that the system lacks."""
    monkeypatch.delattr(os, "fork", raising=False)
    monkeypatch.delattr(os, "mkfifo", raising=False)
    mark = system_has("fork", "fifos", "descriptors").mark

    lacking = "this system cannot fork; a folder holds no pipes here"
    assert ((True,), lacking) == (
        mark.args,
        mark.kwargs["reason"].removesuffix("; this system does not list open files"),
    )


def test_a_name_that_it_does_not_know() -> None:
    """It would never be skipped, or always."""
    with pytest.raises(KeyError):
        system_has("forks")
