"""The double that the fixture ``mpsd`` gives to one test."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, NoReturn

import pytest

from handlesfake.double.double import Double, core_of
from handlesfake.errors import HandlesfakeError, SettingsError
from handlesfake.intercept.registry import registry
from handlesfake.options.options import Options
from handlesfake.plugin.configuration import merged_options
from handlesfake.plugin.double_monitor import DoubleMonitor
from handlesfake.plugin.marker_arguments import check_words, marked, options_of
from handlesfake.values.values import replace

WATCHES: pytest.StashKey[list[DoubleMonitor]] = pytest.StashKey()
"""What watches the doubles that a test has met, in the order of their start, whatever made them."""

WATCH: pytest.StashKey[DoubleMonitor | None] = pytest.StashKey()
"""Set on a test once its double was made: without it, the words of its marker had no effect."""


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
    wider = wider_double(request.node)
    if wider is not None:
        name, double = wider
        _refuse_words(request.node, f"this test takes the double of its fixture {name!r}")
        request.node.stash[WATCH] = watch_of(request.node, double)
        yield double
        return
    options = _options(request.node, ini, said)
    if options.effective_mode == "real":
        with registry.lifted():
            yield NoDouble()
        return
    if _is_recording(options):
        options = replace(options, credentials=request.getfixturevalue("mpsd_credentials"))
    double = _started(options)
    watch = request.node.stash[WATCH] = watch_of(request.node, double)
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
    """Whether real identities will be needed: under ``once``, an existing cassette is replayed."""
    if options.effective_mode != "record" or options.cassette is None:
        return False
    from handlesfake.cassettes.modes import recording  # lazily: a fake needs none of it

    try:
        return recording.records(options.cassette, recording.taping(options))
    except HandlesfakeError as error:
        raise as_test_failure(error) from None


def _started(options: Options) -> Double:
    registry.begin_test(options.name)
    try:
        double = Double(options)
        core_of(double).start("the fixture mpsd")
    except HandlesfakeError as error:
        raise as_test_failure(error) from None
    return double


def watch_of(item: pytest.Item, double: Double) -> DoubleMonitor:
    """What watches ``double`` for ``item``."""
    core = core_of(double)
    return next((watch for watch in item.stash.get(WATCHES, []) if watch.core is core), None) or DoubleMonitor(core)


def wider_double(item: pytest.Item) -> tuple[str, Double] | None:
    """The fixture of another name, and its double, that ``item`` takes beside the marker; None where there is none.

    A second double would be nearer and have the requests, which the test wants of the one that it takes. A double
    that no argument leads to, such as an autouse net under a session, is not the test's.
    """
    info = getattr(item, "_fixtureinfo", None)  # no public way tells what a test takes and what a marker adds
    if info is None or "mpsd" in info.names_closure:
        return None
    values = {name: getattr(item, "funcargs", {}).get(name) for name in _taken(info.argnames, info.name2fixturedefs)}
    found = [(name, value) for name, value in values.items() if isinstance(value, Double)]
    active = [one for one in found if registry.is_active(core_of(one[1]).engine)]
    return active[-1] if active else None


def _taken(arguments: Sequence[str], known: Mapping[str, Sequence[Any]]) -> list[str]:
    """The fixtures that a test takes by its arguments, and those that they take."""
    names, seen = list(arguments), []
    while names:
        name = names.pop(0)
        if name not in seen:
            seen.append(name)
            names += known[name][-1].argnames if name in known else ()
    return seen


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
    _refuse_words(item, "the fixture mpsd of this test is not handlesfake's own")
    return watch_of(item, double) if isinstance(double, Double) else None


def _refuse_words(item: pytest.Item, reason: str) -> None:
    words = marked(item)
    if words:
        raise as_test_failure(SettingsError(_not_ours(words, reason)))


def _not_ours(words: Mapping[str, Any], reason: str) -> str:
    said = ", ".join(f"{word}={value!r}" for word, value in words.items())
    return (
        f"@pytest.mark.mpsd({said}): these words reach no double, because\n"
        f"{reason}.\n"
        "Say them where that double is made, and let each test start from it:\n"
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
    """What fails the test with the words of ``error`` alone: the place inside handlesfake does not help the user."""
    return pytest.fail.Exception(f"{type(error).__name__}: {error}", pytrace=False)
