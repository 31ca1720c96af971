"""A VCR with the hooks, a folder, and a made-up key."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import vcr

from handlesfake.cassettes.people.pseudonym_key import VARIABLE
from handlesfake.vcr import Hooks
from tests.cassettes.accounts import CREDENTIALS

VcrOf = Callable[..., vcr.VCR]


@pytest.fixture(autouse=True)
def _key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, "a key of the tests")


@pytest.fixture
def vcr_of(tmp_path: Path) -> VcrOf:
    """Makes a VCR for cassettes in ``tmp_path``, which has the hooks of a fresh :class:`Hooks`."""

    def make(credentials: Any = CREDENTIALS, options: Any = None, **settings: Any) -> vcr.VCR:
        made = vcr.VCR(cassette_library_dir=str(tmp_path), **settings)
        Hooks(credentials, **(options or {})).configure(made)
        return made

    return make
