"""The entry point of pytest: fixtures, marker, options and hooks, wired to what ``handlesfake.plugin`` does."""

from __future__ import annotations

import sys
from collections.abc import Generator, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Any

import pytest

from handlesfake.plugin.configuration import add_to, read_ini
from handlesfake.plugin.summary import ACCOUNT, Summary

if TYPE_CHECKING:
    from handlesfake.double import Double
    from handlesfake.plugin.watch import Watch

# Nothing else of handlesfake is imported here but inside functions that a test reaches only when it uses a double:
# every pytest session imports this module, also one that has nothing to do with MPSD.

_INI: pytest.StashKey[Mapping[str, Any]] = pytest.StashKey()
_WATCH: pytest.StashKey[Watch | None] = pytest.StashKey()
"""Set on an item once its double was made: without it, the words of its marker have reached nobody."""

_BESIDE: pytest.StashKey[list[str]] = pytest.StashKey()
"""What would have failed a test that failed by itself: shown, and never in the place of its own failure."""

_TOLD: pytest.StashKey[int] = pytest.StashKey()
"""How many of ``registry.escapes`` were told so far."""

_SESSION: pytest.StashKey[ExitStack] = pytest.StashKey()
_SEAMS = "handlesfake.intercept.seams"

MARKER = """\
mpsd(mode, cassette, rules, strict, dialect, choices, unrouted, ...): the test talks to a double of MPSD, whether or \
not it takes the fixture mpsd. The nearest marker wins, word by word.
    @pytest.mark.mpsd(cassette="lobby")               # replays cassettes/<test module>/lobby.yaml
    def test_the_party(mpsd):                         # recorded by: pytest --mpsd-record=once
        mpsd.assert_invited("9000000000000001")"""


def pytest_addoption(parser: pytest.Parser) -> None:
    """Tell pytest of the options and ini settings."""
    add_to(parser)


def pytest_configure(config: pytest.Config) -> None:
    """Read what is configured, so that a bad value ends the session before it begins."""
    config.addinivalue_line("markers", MARKER)
    config.stash[_INI] = read_ini(config)
    config.stash[_TOLD] = len(_escapes())
    if not hasattr(config, "workerinput"):  # a worker of xdist reports to its controller
        config.pluginmanager.register(Summary(config.getoption("mpsd_report")), "handlesfake.summary")
    if config.getoption("mpsd_allow_real") or config.stash[_INI].get("mpsd_guard"):
        from handlesfake.plugin.network import guarding  # lazily, see above

        config.stash[_SESSION] = stack = ExitStack()
        stack.enter_context(guarding(config.stash[_INI], allow_real=config.getoption("mpsd_allow_real")))


def pytest_unconfigure(config: pytest.Config) -> None:
    """End what was begun for the session."""
    stack = config.stash.get(_SESSION, None)
    if stack is not None:
        stack.close()


# ---- fixtures


@pytest.fixture
def mpsd(request: pytest.FixtureRequest, mpsd_config: dict[str, Any]) -> Iterator[Double]:
    """A working Multiplayer Session Directory: requests of any Python HTTP client for MPSD come here.
    host = mpsd.user("host")
    invite_party(host.authorization, mpsd.session("lobby-1", members=[host]).ref)   # your code
    mpsd.assert_invited("9000000000000002", times=1)
    """  # noqa: D205, D400, D415 - pytest --fixtures shows the first paragraph only
    from handlesfake.plugin.fixture import held  # lazily, see above

    with held(request, request.config.stash[_INI], mpsd_config) as (double, watch):
        request.node.stash[_WATCH] = watch
        yield double


@pytest.fixture(scope="session")
def mpsd_config() -> dict[str, Any]:
    """How the doubles of these tests are to be, in the words of the marker ``mpsd``; override it:
    @pytest.fixture
    def mpsd_config():
        return {"strict": True, "dialect": "documented"}
    """  # noqa: D205, D400, D415 - as above
    return {}


@pytest.fixture(scope="session")
def mpsd_credentials() -> dict[str, Any]:
    """Real identities by role, asked for only while recording; override it:
    @pytest.fixture(scope="session")
    def mpsd_credentials():
        return {"host": {"xuid": os.environ["HOST_XUID"], "authorization": sign_in()}}
    """  # noqa: D205, D400, D415 - as above
    return {}


# ---- collection


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """A marker that cannot be is an error of the file in which it stands."""
    report = yield
    marked = [node for node in report.result or () if isinstance(node, pytest.Item) and _is_marked(node)]
    if marked:
        from handlesfake.plugin.collecting import refuse_bad_markers  # lazily, see above

        refuse_bad_markers(report, marked)
    return report


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The marker alone gives a test its double; last, so that it may also be put by a hook of the user's."""
    for item in items:
        if _is_marked(item) and "mpsd" not in getattr(item, "fixturenames", ("mpsd",)):
            from handlesfake.plugin.collecting import use_the_fixture  # lazily, see above

            use_the_fixture(item)


def _is_marked(item: pytest.Item) -> bool:
    return item.get_closest_marker("mpsd") is not None


# ---- each test


@pytest.hookimpl(wrapper=True)
def pytest_runtest_setup(item: pytest.Item) -> Generator[None, object, object]:
    """Follow the double of the test, also one that comes from a fixture of the user's."""
    if _WATCH in item.stash:  # of an earlier run of the same test
        del item.stash[_WATCH]
    if _BESIDE in item.stash:
        del item.stash[_BESIDE]
    item.config.stash[_TOLD] = min(item.config.stash[_TOLD], len(_escapes()))  # somebody may have taken some back
    with _not_masked(item):
        result = yield
        if _WATCH not in item.stash and "mpsd" in getattr(item, "funcargs", ()):
            from handlesfake.plugin.fixture import foreign  # lazily, see above

            item.stash[_WATCH] = foreign(item)
    return result


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, object, object]:
    """Fail a test that passed although nothing could answer it."""
    with _not_masked(item):
        result = yield
    _fail_on_problems(item)
    return result


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_teardown(item: pytest.Item) -> Generator[None, object, object]:
    """The same for what fixtures do as they end."""
    watch = item.stash.get(_WATCH, None)
    if watch is not None:
        watch.look()
    with _not_masked(item):
        result = yield
    _fail_on_problems(item)
    return result


@contextmanager
def _not_masked(item: pytest.Item) -> Iterator[None]:
    """What the test itself raises inside stays its failure; what we would have raised is only shown with it."""
    try:
        yield
    except BaseException:
        item.stash[_BESIDE] = [*item.stash.get(_BESIDE, []), *_problems(item, swallowed=False)]
        raise


def _fail_on_problems(item: pytest.Item) -> None:
    problems = _problems(item, swallowed=True)
    watch = item.stash.get(_WATCH, None)
    if watch is not None:
        problems += watch.unrouted()
    if problems:
        pytest.fail("\n".join(problems), pytrace=False)


def _problems(item: pytest.Item, *, swallowed: bool) -> list[str]:
    """What must fail the test, each told once: whoever asks first has it."""
    watch = item.stash.get(_WATCH, None)
    problems = watch.problems(swallowed=swallowed) if watch is not None else []
    told, item.config.stash[_TOLD] = item.config.stash[_TOLD], len(_escapes())
    if told < item.config.stash[_TOLD]:
        from handlesfake.plugin.watch import escaped  # lazily, see above

        problems += escaped(told)
    return problems


def _escapes() -> list[Any]:
    """What asked for MPSD without a double so far; nothing while no seam was ever needed."""
    seams = sys.modules.get(_SEAMS)
    return seams.registry.escapes if seams is not None else []


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """A failed test shows its traffic; the last report of each test bears what the summary needs."""
    report = yield
    watch, beside = item.stash.get(_WATCH, None), item.stash.get(_BESIDE, [])
    if watch is None and not beside:
        return report
    from handlesfake.plugin import reporting  # lazily, see above

    if watch is not None and call.excinfo is not None:
        watch.failed = True
    if report.failed:
        report.sections.extend(reporting.failure_sections(watch, beside, report.longreprtext))
    if watch is not None and call.when == "teardown":
        whole = item.config.getoption("mpsd_report") not in (None, "-")
        setattr(report, ACCOUNT, reporting.account(watch, whole=whole))
    return report


def pytest_assertrepr_compare(op: str, left: object, right: object) -> list[str] | None:
    """``assert mpsd.invites == [...]`` shows where the records differ."""
    if "handlesfake.records" not in sys.modules:
        return None
    from handlesfake.comparison import explain  # lazily, see above

    return explain(op, left, right)
