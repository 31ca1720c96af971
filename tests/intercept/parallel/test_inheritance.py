"""What a child process inherits: it has no double, and is kept from the real MPSD."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

import handlesfake
from handlesfake.intercept.inheritance import VARIABLE
from handlesfake.intercept.registry import registry
from handlesfake.mpsd.http.message import MPSD_HOST
from tests.intercept.stub import Stub
from tests.patience import PATIENCE

HOST = "mpsd.invalid"
"""A host that no name server knows: were the guard to fail, nothing would be reached."""

CHILD = f"""
import handlesfake
import http.client


def ask(say=print):
    connection = http.client.HTTPSConnection("{HOST}", timeout=5)
    try:
        connection.request("GET", "/handles/1")
    except Exception as error:
        say(f"{{type(error).__name__}}: {{error}}")


if __name__ == "__main__":
    ask()
"""
REFUSED = (
    f"Escaped: a request for {HOST} was refused: the process that started this one guards it.\n"
    "  its doubles do not reach here\n"
    "  give this process the server of the test, env={**os.environ, **mpsd_server.env} and MPSD_URL,\n"
    "  or a separate double, handlesfake.fake(),\n"
    "  or let real traffic through: unset HANDLESFAKE_GUARD"
)


@pytest.fixture
def child(tmp_path: Path) -> Path:
    """A program that imports handlesfake and asks MPSD."""
    path = tmp_path / "child.py"
    path.write_text(CHILD, encoding="utf-8")
    return path


def ran(*command: object) -> str:
    """What a Python program says."""
    parts = [sys.executable, *map(str, command)]
    done = subprocess.run(parts, capture_output=True, text=True, timeout=PATIENCE, check=False)
    assert "" == done.stderr
    return done.stdout.rstrip("\n")


def test_a_program_that_a_test_starts_is_refused(child: Path) -> None:
    """With what to do: the server, a separate double, or the variable."""
    with handlesfake.fake(hosts=(HOST,)):
        said = ran(child)

    assert REFUSED == said


@pytest.mark.parametrize("way", ["spawn", "forkserver"])
def test_a_child_of_multiprocessing_is_refused(way: str, child: Path) -> None:
    """It imports the module of its target again, and handlesfake with it."""
    if way == "forkserver" and sys.platform == "win32":
        pytest.skip("Windows has no forkserver")
    parent = child.with_name("parent.py")
    parent.write_text(
        f"""
import multiprocessing
import handlesfake
from child import ask

if __name__ == "__main__":
    context = multiprocessing.get_context("{way}")
    heard = context.SimpleQueue()
    with handlesfake.fake(hosts=("{HOST}",)):
        one = context.Process(target=ask, args=(heard.put,))
        one.start()
        print(heard.get())
        one.join()
""",
        encoding="utf-8",
    )

    assert REFUSED == ran(parent)


def test_a_session_of_pytest_in_a_child_is_guarded_without_an_import(pytester: pytest.Pytester) -> None:
    """The plugin is imported there; a double of its own answers as ever."""
    pytester.makepyfile(f"""
        import http.client

        def ask():
            connection = http.client.HTTPSConnection("{MPSD_HOST}")
            connection.request("GET", "/handles/1")
            return connection.getresponse().status

        def test_with_a_double(mpsd):
            assert ask() == 400

        def test_before_any_double():
            ask()
    """)
    with handlesfake.fake():
        result = pytester.runpytest_subprocess("-p", "no:randomly", "-k", "before_any_double")
        answered = pytester.runpytest_subprocess("-p", "no:randomly", "-k", "with_a_double")

    result.stdout.fnmatch_lines(
        ["*Escaped: a request for sessiondirectory.xboxlive.com was refused: the process that*"]
    )
    answered.assert_outcomes(passed=1)


def test_the_variable_names_what_is_guarded_and_who_does(double: Stub) -> None:
    """The real MPSD, and what other hosts a double answers for; nothing on this machine."""
    before = registry.guarded_hosts  # hosts of earlier tests stay guarded
    with handlesfake.fake(hosts=(HOST, "127.0.0.1:8080")):
        process, *hosts = os.environ[VARIABLE].split()

    assert (str(os.getpid()), sorted({*before, HOST, MPSD_HOST})) == (process, hosts)


def test_children_may_ask_while_real_traffic_is_allowed(double: Stub) -> None:
    """As the process itself may; afterwards they may not."""
    before = os.environ.get(VARIABLE)
    with registry.lifted():
        lifted = os.environ.get(VARIABLE)

    assert (None, before) == (lifted, os.environ.get(VARIABLE))


def test_an_import_in_the_process_itself_changes_nothing(monkeypatch: pytest.MonkeyPatch, double: Stub) -> None:
    """A second copy of the package, as tools make one, takes its own variable for no parent's."""
    from handlesfake.intercept.install import guard_as_told

    guard_as_told()

    assert not registry.is_a_child
