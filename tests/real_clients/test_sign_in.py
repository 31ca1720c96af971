"""Clients of others from sign-in to leaving the session, which trust only the authority."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.real_clients.stage import Stage, standing
from tests.real_clients.table import SignIn, real_client, sign_ins

HERE = Path(__file__).parent
PLAYERS = ["9000000000000001", "9000000000000002"]
"""Of elytra-ms, which only listens, the second."""

USUAL = (
    "--service",
    "sign_in",
    "--service",
    "mpa",
    "--choice",
    "sign_in_poll_seconds=1",
    "--choice",
    "signature_checked=true",
)
WAITS = """
rules:
  - name: not yet
    when: {operation: request_token, nth: 1}
    then: {refuse: authorization_pending}
"""
NO_PROFILE = """
rules:
  - name: no profile
    when: {operation: OPERATION}
    then: {refuse: no_xbox_account}
"""


def node(one: SignIn) -> list[str]:
    """The command of prismarine-auth."""
    return ["node", str(HERE / "prismarine_auth.cjs"), one.flow]


def python(one: SignIn) -> list[str]:
    """The command of a package for Python."""
    package = {"xbox-webapi": "xbox.webapi", "python-xbox": "pythonxbox", "elytra-ms": "elytra"}[one.client]
    return [sys.executable, "-m", "tests.real_clients.python_sign_in", package, one.flow]


def go(_: SignIn) -> list[str]:
    """The command of go-xsapi, which tox builds."""
    program = os.environ.get("GO_XSAPI", "")
    if not shutil.which(program):
        pytest.skip(
            f"go-xsapi: there is no program GO_XSAPI={program}, since its Go modules could not be had; tox prints why. "
            "GOPROXY can name another source of them: go.sum of tests/real_clients/go_xsapi says what each must be."
        )
    return [program]


COMMANDS: dict[str, Callable[[SignIn], list[str]]] = {
    "prismarine-auth": node,
    "xbox-webapi": python,
    "python-xbox": python,
    "elytra-ms": python,
    "go-xsapi": go,
}
every_sign_in = pytest.mark.parametrize("one", sign_ins(), ids=lambda one: f"{one.client}-{one.flow}")


def asked(stage: Stage) -> list[str]:
    """The operations of sign-in, each once, in the order of the first request."""
    return list(dict.fromkeys(entry["operation"] for entry in stage.entries if entry["service"] == "sign_in"))


@every_sign_in
def test_a_client_signs_in_and_plays(one: SignIn, tmp_path: Path) -> None:
    """The players sign in, one invites the other, and both leave; nothing is assumed, and nothing refused."""
    command = COMMANDS[one.client](one)
    with standing(tmp_path, *USUAL) as stage:
        said = stage.says(*command)

        assert PLAYERS[-len(said["players"]) :] == [player["xuid"] for player in said["players"]]
        assert list(one.asks) == asked(stage)
        assert [] == [entry for entry in stage.entries if entry["status"] >= 400]
    assert real_client(one.plays_as).sees == set(said["sees"])


@pytest.mark.parametrize(
    "one",
    [one for one in sign_ins() if "request_device_code" in one.asks],
    ids=lambda one: f"{one.client}-{one.flow}",
)
def test_a_client_waits_for_its_user(one: SignIn, tmp_path: Path) -> None:
    """It asks again while the user has not approved the code, and signs in then."""
    command = COMMANDS[one.client](one)
    (tmp_path / "waits.yaml").write_text(WAITS)
    with standing(tmp_path, *USUAL, "--rules", str(tmp_path / "waits.yaml")) as stage:
        stage.says(*command)

        tokens = [entry["status"] for entry in stage.entries if entry["operation"] == "request_token"]
        assert [400, 200] == tokens[:2]


@every_sign_in
def test_a_client_understands_a_refusal(one: SignIn, tmp_path: Path) -> None:
    """An account without an Xbox profile: the client tells its user what the service says of it."""
    command = COMMANDS[one.client](one)
    (tmp_path / "no.yaml").write_text(NO_PROFILE.replace("OPERATION", one.refused_at))
    with standing(tmp_path, *USUAL, "--rules", str(tmp_path / "no.yaml")) as stage:
        complaint = stage.complains(*command)

    assert one.and_says in complaint
