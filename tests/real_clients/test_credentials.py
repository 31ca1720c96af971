"""Real tokens for ``mpsd_credentials``: the packages sign in as the page says, at a server that plays the services."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from urllib.request import urlopen

import pytest

from handlesfake.server.command.trust import ADDED_TO
from tests.patience import PATIENCE
from tests.server.servers import process

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "captures.md").read_text(encoding="utf-8")
TEST = """
import pytest, requests

@pytest.mark.mpsd(cassette="night")
def test_a_night(mpsd):
    host = mpsd.user("host")
    me = {"constants": {"system": {"xuid": host.xuid, "initialize": True}}}
    url = "https://sessiondirectory.xboxlive.com" + mpsd.session("lobby-1").path
    assert requests.put(url, json={"members": {"me": me}}, headers=host.headers).status_code == 201
"""


def suite(folder: Path, package: str) -> None:
    """A suite with the fixture of the page, and a cache of tokens that have to be renewed."""
    (fixture,) = (block for block in re.findall(r"```python\n(.*?)```", PAGE, re.S) if "mpsd_credentials" in block)
    (folder / "conftest.py").write_text(fixture.replace("pythonxbox", package))
    (folder / "test_night.py").write_text(TEST)
    (folder / "pytest.ini").write_text("[pytest]\n")
    cache = folder / "data" / "xbox" / "tokens.json"
    cache.parent.mkdir(parents=True)
    old = {"token_type": "bearer", "expires_in": 0, "scope": "", "access_token": "old", "refresh_token": "made-up"}
    cache.write_text(json.dumps({**old, "user_id": "made-up", "issued": "2020-01-01T00:00:00+00:00"}))


@pytest.mark.parametrize("package", ["xbox.webapi", "pythonxbox"])
def test_a_suite_records_with_the_tokens_of_a_package(package: str, tmp_path: Path) -> None:
    """It signs in once, for the recording; a replay needs neither."""
    suite(tmp_path, package)
    authority = tmp_path / "tls"
    environment = {**os.environ, "XDG_DATA_HOME": str(tmp_path / "data"), "XDG_CONFIG_HOME": str(tmp_path / "config")}
    trusting = {**environment, **dict.fromkeys(ADDED_TO, str(authority / "ca.pem"))}
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
    with process("--json", "--port", "443", "--tls", str(authority), "--service", "sign_in") as server:
        recorded = subprocess.run(
            [*command, "--mpsd-record=once"],
            cwd=tmp_path,
            env=trusting,
            check=False,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
        )
        with urlopen(f"{server.ready['control']}/journal") as answer:
            asked = [entry["operation"] for entry in json.load(answer)["entries"]]
    replayed = subprocess.run(
        command, cwd=tmp_path, env=environment, check=False, capture_output=True, text=True, timeout=PATIENCE
    )

    assert 0 == recorded.returncode, recorded.stdout + recorded.stderr
    assert ["request_token", "user_authenticate", "xsts_authorize", "put_session"] == asked
    assert 0 == replayed.returncode, replayed.stdout + replayed.stderr
    cassette = (tmp_path / "cassettes" / "test_night" / "night.yaml").read_text()
    assert "XBL3.0 x=host;removed" in cassette
    assert "handlesfake." not in cassette
