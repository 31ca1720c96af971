"""Pytest sessions that use the plugin, for the tests of it: a client, and a suite around it."""

from __future__ import annotations

import textwrap
from importlib.metadata import version

import pytest

from tests import warm

PARTY = '''\
"""A lobby bot, as a user may have one."""

import http.client
import json

HOST = "sessiondirectory.xboxlive.com"
LOBBY = {"scid": "7e570100-1111-4222-8333-444455556666", "templateName": "FakeLobby", "name": "lobby-1"}


def send(document=None, path="/handles", method="POST", authorization="XBL3.0 x=9000000000000001;a", version="107"):
    """Send one request to MPSD; the status and the JSON of the answer."""
    headers = {"Authorization": authorization, "X-Xbl-Contract-Version": version}
    connection = http.client.HTTPSConnection(HOST)
    connection.request(method, path, json.dumps(document or activity()), headers)
    answer = connection.getresponse()
    body = answer.read()
    return answer.status, json.loads(body) if body[:1] == b"{" else body.decode()


def activity():
    return {"version": 1, "type": "activity", "sessionRef": LOBBY}


def swallow(**words):
    """What no code should do, and much code does."""
    try:
        return send(**words)
    except Exception:
        return None
'''

CONFTEST = '''\
import pytest


@pytest.fixture
def nobody_answers(mpsd):
    """A double without any stage: nothing may answer."""
    from handlesfake.double.double import core_of

    core_of(mpsd).engine.stages = ()
    return mpsd
'''

ASYNCIO = tuple(int(part) for part in version("pytest-asyncio").split(".")[:2])

PLUGINS = ("handlesfake.pytest_plugin", "pytest_asyncio.plugin", "anyio.pytest_plugin")
"""What an inner session loads: to find every installed plugin would cost a second each time."""


class Suite:
    """A suite in a separate folder, with the bot ``party`` to import."""

    def __init__(self, pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
        self.pytester = pytester
        pytester.makepyfile(party=PARTY)
        pytester.makeconftest(CONFTEST)
        self.ini()
        pytester.syspathinsert()
        monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")

    def ini(self, *lines: str) -> None:
        """Set lines of the ini file."""
        # each session has to make the setting since pytest-asyncio has it
        loops = ["asyncio_default_fixture_loop_scope = function"] if ASYNCIO >= (0, 24) else []
        ours = ["[pytest]", *loops, "filterwarnings = default"]
        self.pytester.makeini("\n".join([*ours, *lines]))

    def write(self, source: str, name: str = "test_party") -> None:
        """A test module; ``pytest`` and the bot's words are imported already."""
        path = self.pytester.path / f"{name}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("import pytest\nfrom party import send, swallow\n" + textwrap.dedent(source))

    def run(self, *arguments: str, plugins: tuple[str, ...] = ()) -> pytest.RunResult:
        """Run it in this process."""
        return self.pytester.runpytest_inprocess(*_loading(plugins), *arguments)

    def apart(self, *arguments: str, plugins: tuple[str, ...] = ()) -> pytest.RunResult:
        """Run it in a separate process."""
        return warm.runpytest(self.pytester, *_loading(plugins), *arguments)


def outcomes(result: pytest.RunResult) -> dict[str, int]:
    """How many tests passed, failed ...; warnings differ by the versions of what is installed."""
    return {
        outcome: count for outcome, count in result.parseoutcomes().items() if outcome not in ("warning", "warnings")
    }


def _loading(plugins: tuple[str, ...]) -> list[str]:
    return [word for plugin in (*PLUGINS, *plugins) for word in ("-p", plugin)] + ["-p", "no:cacheprovider"]
