"""What GitHub runs: on which systems and Pythons, from which actions, and with which rights."""

from __future__ import annotations

import re
from configparser import ConfigParser
from pathlib import Path
from typing import Any

import pytest
import yaml

from handlesfake.cli import parsed

ROOT = Path(__file__).parent.parent.parent
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
SYSTEMS = {"ubuntu-latest": "POSIX :: Linux", "windows-latest": "Microsoft :: Windows", "macos-latest": "MacOS"}
WRITING = {
    "release.yml": {("publish", "id-token"), ("announce", "contents")},
    "site.yml": {("deploy", "id-token"), ("deploy", "pages")},
}
"""Each right to write, by workflow and job."""


def read(path: Path) -> dict[str, Any]:
    """A workflow."""
    found: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return found


def classifiers(kind: str) -> set[str]:
    """What ``setup.cfg`` claims behind ``kind ::``."""
    setup = ConfigParser(interpolation=None)
    setup.read(ROOT / "setup.cfg", encoding="utf-8")
    return set(re.findall(rf"^{kind} :: (.+)$", setup["metadata"]["classifiers"], re.M))


def test_what_the_package_claims_is_what_is_tested() -> None:
    """Each system and each Python of the classifiers has a job, and no other."""
    matrix = read(ROOT / ".github" / "workflows" / "tests.yml")["jobs"]["suite"]["strategy"]["matrix"]
    pythons = {one for one in classifiers("Programming Language :: Python") if re.fullmatch(r"3\.\d+", one)}

    assert classifiers("Operating System") == {SYSTEMS[name] for name in matrix["os"]}
    assert pythons == set(matrix["python"])


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_each_action_is_named_by_its_commit(path: Path) -> None:
    """A tag can be moved by anyone who takes an action over. The comment has the release, for Dependabot and readers."""
    used = re.findall(r"uses: (?!\./)(.*)$", path.read_text(encoding="utf-8"), re.M)

    assert [] == [one for one in used if not re.fullmatch(r"[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", one)]


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_each_job_has_the_rights_that_it_needs(path: Path) -> None:
    """A workflow has none by itself; few jobs may write, and no checkout keeps its token."""
    workflow = read(path)
    jobs = workflow["jobs"].items()
    rights = {(job, right) for job, said in jobs for right, may in said["permissions"].items() if may == "write"}
    steps = [step for _, said in jobs for step in said.get("steps", ()) if "actions/checkout" in step.get("uses", "")]

    assert ({}, WRITING.get(path.name, set())) == (workflow["permissions"], rights)
    assert [False] * len(steps) == [step["with"]["persist-credentials"] for step in steps]


def test_nothing_is_published_before_all_tests_have_passed() -> None:
    """Check and tests, then the build, then the index, then the announcement; no secret is named."""
    path = ROOT / ".github" / "workflows" / "release.yml"
    needs = {job: said.get("needs") for job, said in read(path)["jobs"].items()}

    assert {
        "check": None,
        "tests": None,
        "build": ["check", "tests"],
        "publish": "build",
        "announce": "publish",
    } == needs
    assert "secrets." not in path.read_text(encoding="utf-8")


def test_each_hook_of_pre_commit_is_a_command_of_ours() -> None:
    """The names of files are put behind it."""
    hooks = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    asked = [parsed([*hook["entry"].split()[1:], "a.yaml", "b.yaml"]) for hook in hooks]

    assert ["handlesfake scan", "handlesfake rules check"] == [hook["entry"] for hook in hooks]
    assert [["a.yaml", "b.yaml"]] * 2 == [[str(path) for path in options.paths] for options in asked]
