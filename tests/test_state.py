"""What exists once in a process: it lives on the registry, or on the object that is patched, and hardly elsewhere."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import handlesfake

PLACES = {
    "registry": "the one place: every seam imports it",
    "listeners": "imported by pytest as it starts, before any session inside a session",
    "started": "the pytest plugin imports it with the verdict, before what a double imports",
    "_first": "each seam is put again by a later copy of its module, and noted again",
    "_lock": "guards what this copy of its module does",
    "_later": "of one import, and empty when that is over",
    "_chain": "imported with the registry, which every seam imports",
    "_names": "a cache",
    "_moved": "a warning that is given again by a later copy",
    "_latest": "a cache of files, read again by a later copy",
    "_sound": "as above",
    "_active": "empty again when the last that skips sleeps has ended, and every sleep is put back then",
    "_put": "as above",
    "_shown": "a cache of names",
    "told": "set and read by seams of one double, which keeps the modules it began with",
    "_joined": "locks that the system knows: a later copy leaves them to the earlier one, and to the end of the process",
    "_sessions": "of one session, which tells it of its tests anew",
    "untold": "of one session, whose tests tell it as they end",
    "opened": "of one session, whose summary reads it at the end",
    "_chance_again": "a cache",
    "_is_free_again": "a cache",
    "_pieces_again": "a cache",
    "_exact": "a function",
    "_by_place": "a function",
    "values_of": "a function",
    "dumped": "a function",
    "route": "a function",
    "_decode": "a function",
    "_compact_text": "a function",
    "_plain": "a function",
    "_on_one_line": "a function",
    "_exchange": "a function",
    "_ask_token": "a function",
    "_ask_code": "a function",
    "_as_line": "a function",
    "_scalar": "a cache",
    "_known": "a cache",
    "_lines": "a cache",
    "_lowered": "a cache",
    "_standing": "what its copy of a seam has seen: a later copy looks, and puts its own",
    "looks_at": "a function",
    "_callers": "a cache",
    "_ways": "a cache of functions",
    "_swept": "folders in which room was made: a later copy makes room once more",
    "_unwritable": "folders that could not be written to: a later copy asks once more",
    "_spoken": "of one call of the control interface, set and put back around it",
}
"""Module-level names in lower case, which by our convention are not constants, and why a second copy does no harm.
``pytester`` drops modules from ``sys.modules`` that a session in this process was the first to import."""


def test_state_of_modules_has_a_reason() -> None:
    """A new module-level set, dict, ContextVar or counter goes on the registry, or says here why not."""
    package = Path(handlesfake.__file__).parent
    found = {name for path in package.rglob("*.py") for name in _variables(ast.parse(path.read_text("utf-8")))}

    assert set(PLACES) == found


def _variables(module: ast.Module) -> Iterator[str]:
    for node in module.body:
        targets = (
            node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
        )
        for target in targets:
            if isinstance(target, ast.Name) and target.id.islower() and not target.id.startswith("__"):
                yield target.id


CLIENTS = """
import asyncio, http.client, os, ssl, sys
import aiohttp, certifi, httpx, requests, responses

HOST = "sessiondirectory.xboxlive.com"
URL = f"https://{HOST}/handles/1"

def ask(headers):
    connection = http.client.HTTPSConnection(HOST)
    connection.request("GET", "/handles/1", headers=headers)
    yield connection.getresponse().status
    yield requests.get(URL, headers=headers).status_code
    yield httpx.get(URL, headers=headers).status_code

    async def get():
        async with aiohttp.ClientSession() as session, session.get(URL, headers=headers) as response:
            return response.status

    yield asyncio.run(get())

def drop(kept):
    for name in [name for name in sys.modules if name.split(".")[0] == "handlesfake" and name not in kept]:
        del sys.modules[name]

def once():
    import handlesfake
    with handlesfake.fake() as mpsd:
        headers = mpsd.user("host").headers
        assert [404] * 4 == list(ask(headers))
        with responses.RequestsMock() as rsps:
            mpsd.register_on(rsps)
            requests.get(URL, headers=headers)
            assert [URL] == [call.request.url for call in rsps.calls]
        child = os.fork() if hasattr(os, "fork") else 0
        if child:
            assert 0 == os.waitpid(child, 0)[1]
        elif hasattr(os, "fork"):
            os._exit([404] * 4 != list(ask(headers)))
        context = ssl.create_default_context(cafile=certifi.where())
        return context
"""


@pytest.mark.parametrize(
    "kept",
    [
        "()",
        pytest.param(
            "('handlesfake', 'handlesfake.double', 'handlesfake.double.start_listeners')", marks=pytest.mark.thorough
        ),
        pytest.param("{*EAGER}", marks=pytest.mark.thorough),
    ],
    ids=["nothing", "what the plugin imports", "the registry"],
)
def test_modules_that_are_imported_anew_go_on(kept: str) -> None:
    """Whatever of ours is dropped from ``sys.modules``, the next double works with each client, mock, context, fork."""
    script = f"""{CLIENTS}
import handlesfake.double.start_listeners, handlesfake.intercept.registry
EAGER = [name for name in sys.modules if name.startswith("handlesfake")]
before = len(ssl.create_default_context(cafile=certifi.where()).get_ca_certs())
for time in range(3):
    context = once()
    drop({kept})
    import handlesfake
    with handlesfake.fake():
        assert before == len(context.get_ca_certs())
    drop({kept})
assert 1 == sum(type(finder).__module__.startswith("handlesfake.") for finder in sys.meta_path)
print("it goes on")
"""

    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", script], check=False, capture_output=True, text=True, timeout=120
    )

    assert ("it goes on\n", "") == (done.stdout, done.stderr)
