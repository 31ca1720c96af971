"""The double that the fixture ``mpsd`` gives to one test."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, NoReturn

import pytest

from handlesfake.double.double import Double, core_of
from handlesfake.errors import HandlesfakeError, SettingsError
from handlesfake.intercept.registry import registry
from handlesfake.options.options import Options
from handlesfake.plugin.configuration import merged_options
from handlesfake.plugin.double_monitor import DoubleMonitor
from handlesfake.plugin.marker_arguments import check_words, marked, options_of

WATCH: pytest.StashKey[DoubleMonitor | None] = pytest.StashKey()
"""Set on a test once its double was made: without it, the words of its marker have reached nobody."""


class NoDouble:
    """What ``mpsd`` is under ``mode="real"``: nothing that could be arranged or asserted."""

    def __getattr__(self, name: str) -> NoReturn:
        raise SettingsError(
            f'mpsd.{name}: this test has no double, because mode="real" lets its requests reach the real service. '
            "Ask the service itself, or leave out the mode."
        )

    def __setattr__(self, name: str, value: object) -> NoReturn:
        getattr(self, name)
        raise AssertionError(name)  # never reached: it has no attributes


@contextmanager
def held(request: pytest.FixtureRequest, ini: Mapping[str, Any], said: object) -> Iterator[Any]:
    """The double for one test, started; what watches it for the test's verdict is put on the test.

    :param said: what the fixture ``mpsd_config`` returned.
    """
    options = _options(request.node, ini, said)
    if options.effective_mode == "real":
        with registry.lifted():
            yield NoDouble()
        return
    if _is_recording(options):
        options = replace(options, credentials=request.getfixturevalue("mpsd_credentials"))
    double = _started(options)
    watch = request.node.stash[WATCH] = DoubleMonitor(core_of(double))
    try:
        yield double
    finally:
        _stop(double, failed=watch.failed)


def _options(item: pytest.Item, ini: Mapping[str, Any], said: object) -> Options:
    try:
        if not isinstance(said, Mapping):
            raise SettingsError(f"the fixture mpsd_config returned {said!r}; return a dict, {{'strict': True}}.")
        check_words(said)
        return options_of(item, ini, merged_options(item.config, ini, said, marked(item)))
    except SettingsError as error:
        raise as_test_failure(error) from None


def _is_recording(options: Options) -> bool:
    """Whether real identities will be needed: under ``once``, a cassette that is there is replayed."""
    if options.effective_mode != "record" or options.cassette is None:
        return False
    from handlesfake.cassettes.modes import replay_and_record  # lazily: a fake needs none of it

    try:
        return replay_and_record.records(options.cassette, replay_and_record.taping(options))
    except HandlesfakeError as error:
        raise as_test_failure(error) from None


def _started(options: Options) -> Double:
    registry.begin_test(options.name)
    try:
        return Double(options).start()
    except HandlesfakeError as error:
        raise as_test_failure(error) from None


def _stop(double: Double, *, failed: bool) -> None:
    try:
        core_of(double).stop(failed=failed)  # what was swallowed is the verdict's to tell
    except HandlesfakeError as error:
        raise as_test_failure(error) from None


def foreign(item: pytest.Item) -> DoubleMonitor | None:
    """What watches the double that a fixture ``mpsd`` of the user's gives to ``item``; None when there is none.

    Fails the test when its marker has words: they reach no double that is made elsewhere.
    """
    double = getattr(item, "funcargs", {}).get("mpsd")
    if isinstance(double, NoDouble):
        return None
    words = marked(item)
    if words:
        raise as_test_failure(SettingsError(_not_ours(words)))
    return DoubleMonitor(core_of(double)) if isinstance(double, Double) else None


def _not_ours(words: Mapping[str, Any]) -> str:
    said = ", ".join(f"{word}={value!r}" for word, value in words.items())
    return (
        f"@pytest.mark.mpsd({said}): these words reach no double, because the fixture mpsd of this test is not\n"
        "handlesfake's own. Say them where that double is made, and let each test start from it:\n"
        "\n"
        '    @pytest.fixture(scope="session")                # or "class", "module"\n'
        "    def world():\n"
        f"        with handlesfake.fake({said}) as mpsd:\n"
        "            yield mpsd\n"
        "\n"
        "    @pytest.fixture\n"
        "    def mpsd(world):\n"
        "        with world.checkpoint():\n"
        "            yield world"
    )


def as_test_failure(error: HandlesfakeError) -> BaseException:
    """What fails the test with the words of ``error`` alone: where in handlesfake it was found helps nobody."""
    return pytest.fail.Exception(f"{type(error).__name__}: {error}", pytrace=False)
