"""What ``tox -e real`` runs is not collected in the everyday run; what may break there unseen is tried here."""

from __future__ import annotations

import importlib
from pathlib import Path

import pytest

from tests.real_clients.table import real_clients, sign_ins

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "tests" / "real_clients"
NEEDS_ITS_CLIENT = {"elytra_client"}
PINS = (ROOT / "setup.cfg").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", sorted({path.stem for path in FOLDER.glob("*.py")} - NEEDS_ITS_CLIENT))
def test_a_module_can_be_imported(name: str) -> None:
    """Each name that it takes from another module is still there."""
    assert importlib.import_module(f"tests.real_clients.{name}").__doc__


@pytest.mark.parametrize(
    ("name", "version"),
    sorted({(one.name, one.version) for one in real_clients()} | {(one.client, one.version) for one in sign_ins()}),
)
def test_the_table_has_the_version_that_is_run(name: str, version: str) -> None:
    """What is installed from npm, PyPI or as a Go module is of the version that the table names."""
    modules = (FOLDER / "go_xsapi" / "go.mod").read_text(encoding="utf-8")
    pins = [f"{name}@{version}", f"{name} == {version}", f"{name}[cli] == {version}"]
    by_registry = any(pin in PINS for pin in pins)
    by_module = f"/{name}/" in modules and version[:12] in modules
    by_program = any(one.name == name and one.source.startswith("a program") for one in real_clients())

    assert 1 == [by_registry, by_module, by_program].count(True)
