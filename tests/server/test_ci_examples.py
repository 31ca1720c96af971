"""The files of ``docs/ci.md``: what they run is what the command line takes, and they say what the page says."""

from __future__ import annotations

import json
import re
import shlex
from argparse import Namespace
from pathlib import Path
from typing import Any

import yaml

from handlesfake.cli import parsed

EXAMPLES = Path(__file__).parents[2] / "docs" / "examples"
PAGE = EXAMPLES.parent / "ci.md"


def _of(name: str) -> Any:
    return yaml.safe_load((EXAMPLES / name).read_text(encoding="utf-8"))


def _served(line: str) -> Namespace:
    """What a line of a script, ``.../handlesfake serve ...``, asks for."""
    program, *arguments = shlex.split(line)

    assert "handlesfake" == program.rpartition("/")[2]
    return parsed(arguments)


def test_the_job_of_github() -> None:
    """Its one step beside the preparations is the command; the report that it keeps is the one that is written."""
    job = _of("github.yml")["jobs"]["test"]
    runs = [step["run"] for step in job["steps"] if "run" in step]
    kept = job["steps"][-1]
    asked = _served(runs[-1])

    assert ["pip install 'handlesfake[server,tls]'", "npm ci"] == runs[:-1]
    assert ["npm", "test"] == asked.command
    assert (str(asked.report), "failure()") == (kept["with"]["path"], kept["if"])
    assert asked.timeout < job["timeout-minutes"] * 60


def test_the_jobs_of_gitlab() -> None:
    """The same beside the suite; and a suite needs only the address of the container."""
    jobs = _of("gitlab-ci.yml")
    beside, service = jobs["lobby"], jobs["lobby-with-a-service"]
    (line,) = beside["script"]
    asked = _served(line)

    assert ["npm", "test"] == asked.command
    assert [str(asked.report)] == beside["artifacts"]["paths"]
    assert asked.timeout < int(beside["timeout"].split()[0]) * 60
    assert all(isinstance(one, str) for job in jobs.values() for part in job for one in job[part] if "script" in part)
    container, (neighbour,) = _container(), service["services"]

    assert [neighbour["alias"]] == container.name
    assert {
        "MPSD_URL": f"http://mpsd:{container.port}",
        "MPSD_RTA": f"ws://mpsd:{container.port}/connect",
        "MPSD_CONTROL": f"http://mpsd:{container.control.rpartition(':')[2]}/_handlesfake",
    } == service["variables"]


def _container() -> Namespace:
    """What the image of the Containerfile runs."""
    text = (EXAMPLES / "Containerfile").read_text(encoding="utf-8")
    program, *arguments = json.loads(text.rpartition("ENTRYPOINT ")[2])

    assert "handlesfake" == program
    return parsed(arguments)


def test_the_container() -> None:
    """It listens for others on the ports that it exposes, runs as an unprivileged user, and asks itself for health."""
    text, asked = (EXAMPLES / "Containerfile").read_text(encoding="utf-8"), _container()
    control = asked.control.rpartition(":")[2]

    assert f"EXPOSE {asked.port} {control}\n" in text
    assert re.search(r"^USER 1000$", text, re.M)
    assert f"http://127.0.0.1:{control}/_handlesfake" in text.partition("HEALTHCHECK")[2]


def test_the_page_names_each_file() -> None:
    """None is left out."""
    page = PAGE.read_text(encoding="utf-8")

    assert [] == [name for name in ("github.yml", "gitlab-ci.yml", "Containerfile") if f"examples/{name}" not in page]
