"""The examples of the docs in other languages, unchanged."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from pathlib import Path

import pytest

from handlesfake.double.double import Double
from handlesfake.server.run.fixture import Server
from tests.patience import PATIENCE
from tests.server.programs import DOCS, EXAMPLES, needs, run
from tests.server.servers import call, connected, process

# ---- a program in JavaScript


SEEN = """\
create   201
activity 201
  tap: lobby-1
invite   201
query    1 activity of the host
join     200
  tap: lobby-1
leave    200 the guest
  tap: lobby-1
leave    204 the host
"""
"""What the program prints that goes the whole way, less the change numbers."""


def without_numbers(printed: str) -> str:
    """What the program printed, less the change numbers, and those."""
    return re.sub(r" change \d+$", "", printed, flags=re.M)


@needs("node")
def test_a_program_that_knows_the_real_names_only_goes_the_whole_way(mpsd: Double, mpsd_server: Server) -> None:
    """Create, activity, invite, query, join, leave, with taps over the push channel; it has no address of ours."""
    host, guest = mpsd.user("host"), mpsd.user("guest")
    people = {"HOST_XUID": host.xuid, "HOST_TOKEN": host.authorization}
    people |= {"GUEST_XUID": guest.xuid, "GUEST_TOKEN": guest.authorization}
    command = ("node", "--experimental-websocket", "--import", "./hosts.mjs", "bot.mjs")
    done = run(mpsd_server, *command, cwd=EXAMPLES, **people)
    changes = [int(number) for number in re.findall(r"change (\d+)", done.stdout)]

    assert SEEN == without_numbers(done.stdout), done.stderr
    assert sorted(set(changes)) == changes
    mpsd.assert_invited(guest, by=host, times=1)
    mpsd.assert_in_order(
        ("put_session", {"name": "lobby-1"}),
        ("create_handle", {"type": "activity"}),
        ("create_handle", {"type": "invite"}),
        ("query_handles", {"type": "activity"}),
        "put_session_by_handle",
        "put_session",
        "put_session",
    )
    mpsd.assert_no_activity(host)


# ---- a separate network, where the real names lead here


@cache
def private_networks() -> bool:
    """Whether this user may make one."""
    if shutil.which("unshare") is None or shutil.which("ip") is None:
        return False
    made = ["unshare", "--user", "--map-root-user", "--net", "--mount", "ip", "link", "set", "lo", "up"]
    return subprocess.run(made, check=False, capture_output=True).returncode == 0


SETUP = r"""
curl -sf "$MPSD_CONTROL/state" -d '{"users": [{"role": "host"}, {"role": "guest"}]}'
for role in host guest; do
  user=$(curl -sf -X PUT "$MPSD_CONTROL/users/$role")
  name=$(echo $role | tr a-z A-Z)
  export ${name}_XUID="$(echo "$user" | sed -n 's/.*"xuid": "\(.*\)",/\1/p')"
  export ${name}_TOKEN="$(echo "$user" | sed -n 's/  "authorization": "\(.*\)",/\1/p')"
done
"""


@needs("node", "curl")
@pytest.mark.skipif(not private_networks(), reason="no private network can be made here")
def test_the_same_program_without_any_help_in_a_network_of_its_own(tmp_path: Path) -> None:
    """Nothing is loaded into it: its host names lead to port 443 of loopback, and the CA file is all it is given."""
    setup = tmp_path / "setup.sh"
    setup.write_text(SETUP)
    environment = {"HANDLESFAKE": f"{sys.executable} -m handlesfake", "SERVE": "--strict", "SETUP": str(setup)}
    done = subprocess.run(
        [str(EXAMPLES / "as_xbox_live.sh"), "node", "--experimental-websocket", str(EXAMPLES / "bot.mjs")],
        env={**os.environ, **environment},
        check=False,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )

    assert SEEN == without_numbers(done.stdout), done.stderr
    assert 0 == done.returncode


# ---- the shell


def blocks(page: str) -> list[str]:
    """The code blocks for the shell of a page of the docs."""
    return re.findall(r"^```sh\n(.*?)^```$", (DOCS / page).read_text(), re.M | re.S)


def told(script: str, folder: Path, **environment: str) -> list[str]:
    """What ``script`` should have printed by its own comments, ``#: ...``, and did not; empty when all is well."""
    (folder / "bin").mkdir()
    for name, module in {"handlesfake": "-m handlesfake", "python": ""}.items():
        path = folder / "bin" / name
        path.write_text(f'#!/bin/sh\nexec {sys.executable} {module} "$@"\n')
        path.chmod(0o755)
    running = subprocess.Popen(
        ["bash", "-euo", "pipefail", "-c", script],
        cwd=folder,
        env={**os.environ, "PATH": f"{folder / 'bin'}:{os.environ['PATH']}", **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    try:
        printed = running.communicate(timeout=PATIENCE)[0]
    finally:
        with suppress(ProcessLookupError):  # the server too, had the script not ended it
            os.killpg(running.pid, signal.SIGKILL)

    assert 0 == running.returncode, printed
    shown = [line.removeprefix("#: ") for line in script.splitlines() if line.startswith("#: ")]
    return [f"{line!r} is not in:\n{printed}" for line in shown if line not in printed]


@needs("curl", "bash")
def test_the_example_in_shell_runs(tmp_path: Path) -> None:
    """It starts a server, asks it and ends it, and prints what the page says."""
    (script,) = blocks("server.md")

    assert [] == told(script, tmp_path)


@needs("curl", "bash")
def test_each_call_is_shown_with_curl_and_does_what_the_page_says(tmp_path: Path) -> None:
    """The blocks of the page run one after the other on one server; no call of the description is left out."""
    script = "\n".join(blocks("control.md"))
    with process("--json") as server, connected(server.ready["control"]) as connection:
        ready = {"control": server.ready["control"], "mpsd": server.ready["url"]}
        missing = told(script, tmp_path, **ready)
        described = call(connection, "GET", "/_handlesfake/openapi.json").json["paths"]
    every = {(method.upper(), path) for path, found in described.items() for method in found}

    assert [] == missing
    assert set() == every - set(shown_calls(script, every))


def shown_calls(script: str, every: set[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """Which of the calls the script makes."""
    for path, rest in re.findall(r'curl -s "\$control([^"?]*)(?:\?[^"]*)?"(.*)', script):
        said = re.search(r"-X (\w+)", rest)
        method = said[1] if said else "POST" if "-d " in rest else "GET"
        for call_method, template in every:
            if method == call_method and re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", template), path or "/"):
                yield call_method, template
