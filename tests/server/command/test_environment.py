"""What a command finds in its environment, from what this process has in its own."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
import trustme

from handlesfake.server.command.environment import past_the_proxy, without_entries
from handlesfake.server.command.proxy import NAMES
from handlesfake.server.command.trust import make_trust
from tests.server.command.beside import beside
from tests.systems.needed import system_has


@pytest.mark.parametrize(
    ("said", "past"),
    [
        ("", []),
        ("localhost,corp.example, 10.0.0.0/8", []),
        ("*", ["*"]),
        (
            "corp, xboxlive.com,.XBOXLIVE.com,*.xboxlive.com:443,rta.xboxlive.com,tes.xboxlive.com",
            ["xboxlive.com", ".XBOXLIVE.com", "*.xboxlive.com:443", "rta.xboxlive.com"],
        ),
        (".com,live.com", [".com"]),
    ],
)
def test_what_would_lead_past_the_proxy(said: str, past: list[str]) -> None:
    """Whatever some program would take for one of the two names."""
    assert past == past_the_proxy({"NO_PROXY": said}, NAMES)


def test_the_rest_stays() -> None:
    """In both spellings; the smaller one counts, as for the programs."""
    said = without_entries({"no_proxy": "corp, *,a.example", "NO_PROXY": "b.example"}, ["*"])

    assert {"no_proxy": "corp,a.example", "NO_PROXY": "corp,a.example"} == said


@system_has("sh")
def test_the_command_is_led_here_in_spite_of_no_proxy(tmp_path: Path) -> None:
    """A developer whose NO_PROXY has the service would else ask the real one."""
    arguments = ("--tls", str(tmp_path), "--proxy", "--", "sh", "-c", "echo $NO_PROXY $no_proxy")
    status, output, complaints = beside(*arguments, NO_PROXY="corp,.xboxlive.com", no_proxy="")

    assert (0, "corp,127.0.0.1,localhost,::1 corp,127.0.0.1,localhost,::1\n") == (status, output), complaints
    assert "NO_PROXY has .xboxlive.com, which leads past the proxy: the command does not see that" in complaints


@pytest.mark.parametrize(
    ("before", "after"),
    [(None, f"{os.pathsep}OURS"), ("/mine", f"/mine{os.pathsep}OURS"), ("", "OURS")],
)
def test_php_reads_the_bundle_behind_its_own_settings(tmp_path: Path, before: str | None, after: str) -> None:
    """Its curl reads no variable for authorities; an empty name means the settings of its installation."""
    trustme.CA().cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    environment = {} if before is None else {"PHP_INI_SCAN_DIR": before}
    trust = make_trust(tmp_path / "ca.pem", tmp_path, environment)

    assert after.replace("OURS", str(tmp_path / "php")) == trust.variables(environment)["PHP_INI_SCAN_DIR"]
    bundle = tmp_path / "ca-bundle.pem"
    assert (
        f'curl.cainfo = "{bundle}"\nopenssl.cafile = "{bundle}"\n'
        == (tmp_path / "php" / "handlesfake.ini").read_text()
    )
