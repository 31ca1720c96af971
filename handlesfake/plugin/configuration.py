"""What is configured: read from options, marker, fixture and ini file, and the order in which they win."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from handlesfake.plugin.settings import FLAGS, SETTINGS, WANTED, Setting

# Imported by every pytest session that has handlesfake installed: nothing else of handlesfake may be imported here.

INI: pytest.StashKey[Mapping[str, Any]] = pytest.StashKey()
"""What the ini file says."""

ON_FIRST_DOUBLE: pytest.StashKey[Callable[[], None]] = pytest.StashKey()
"""What to call before a double starts: from then on the tests of the session are judged by their traffic."""


def add_to(parser: pytest.Parser) -> None:
    """Tell pytest of every option and ini setting."""
    group = parser.getgroup("mpsd", "Xbox Live's session directory (handlesfake)")
    for name, words in FLAGS.items():
        group.addoption(name, **words)
    for setting in SETTINGS:
        parser.addini(setting.name, setting.help, type=setting.kind, default=None)


def read_ini(config: pytest.Config) -> dict[str, Any]:
    """The settings that the ini file makes, by their names.

    :raises pytest.UsageError: a value cannot be; the message names setting, value and what was expected.
    """
    found = {}
    for setting in SETTINGS:
        try:
            value = config.getini(setting.name)
        except (ValueError, TypeError, pytest.UsageError):  # which of them differs by the version of pytest
            raise _bad_value(config, setting, WANTED[setting.kind]) from None
        try:
            if value not in (None, "", []):  # how the versions of pytest say "not set"
                found[setting.name] = setting.read(value)
        except ValueError as error:
            raise _bad_value(config, setting, str(error)) from None
    return found


def _bad_value(config: pytest.Config, setting: Setting, wanted: str) -> pytest.UsageError:
    from handlesfake.plugin.bad_setting import message  # lazily: this module is imported by every session

    return pytest.UsageError(message(config, setting, wanted))


def place(config: pytest.Config, ini: Mapping[str, Any], name: str) -> Path:
    """The folder that the setting ``name`` names, made absolute."""
    default = next(setting.default for setting in SETTINGS if setting.name == name)
    folder: Path = ini.get(name, default)
    return config.rootpath / folder


def merged_options(
    config: pytest.Config, ini: Mapping[str, Any], fixture: Mapping[str, Any], marker: Mapping[str, Any]
) -> dict[str, Any]:
    """The words for one double: an option wins over the marker, that over the fixture, and that over the ini file."""
    words = {
        setting.name.removeprefix("mpsd_"): ini[setting.name]
        for setting in SETTINGS
        if setting.is_word and setting.name in ini
    }
    words.update(fixture)
    words.update(marker)
    if config.getoption("mpsd_strict"):
        words["strict"] = True
    if config.getoption("mpsd_record"):
        words["record"] = config.getoption("mpsd_record")
    if "mpsd_pseudonym_key" in ini:
        words["pseudonym_key"] = place(config, ini, "mpsd_pseudonym_key")
    words["run"] = run_of(config)
    if words.get("cassette"):
        words["cassette_cache"] = _cassette_cache(config, ini)
    if config.getoption("mpsd_verify") and words.get("cassette") and words.get("mode", "replay") == "replay":
        words["mode"] = "verify"
    return words


_CACHE: pytest.StashKey[Path | None] = pytest.StashKey()


def _cassette_cache(config: pytest.Config, ini: Mapping[str, Any]) -> Path | None:
    """The folder in pytest's cache that keeps what was read of cassettes; None where there is to be none."""
    if _CACHE not in config.stash:
        cache = getattr(config, "cache", None)  # -p no:cacheprovider leaves it out
        config.stash[_CACHE] = None
        if cache is not None and ini.get("mpsd_cassette_cache", True):
            with suppress(OSError):  # it may be read-only
                config.stash[_CACHE] = Path(cache.mkdir("handlesfake-cassettes"))
    return config.stash[_CACHE]


SEEN: pytest.StashKey[list[tuple[str, list[pytest.Item]]]] = pytest.StashKey()
"""Files and classes that were collected, each with all of its tests."""

_RUN: pytest.StashKey[str] = pytest.StashKey()

GIVEN_RUN = "handlesfake_run"
"""What the controller of xdist calls, for its workers, the name of the run."""


def run_of(config: pytest.Config) -> str:
    """The name of this run, the same in the controller of xdist and in all of its workers.

    A run that records is called as the controller says: ``--testrunuid`` may give each run the same name.
    """
    given = getattr(config, "workerinput", {})
    of_xdist: str = given.get(GIVEN_RUN) or given.get("testrunuid", "")
    if not of_xdist and _RUN not in config.stash:
        import secrets  # lazily: this module is imported by every session

        config.stash[_RUN] = secrets.token_hex(8)
    return of_xdist or config.stash[_RUN]
