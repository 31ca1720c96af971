"""The pages of the site: which files of the repository they are, what they are called there, and in what order."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path, PurePosixPath

ROOT = Path(__file__).resolve().parents[2]

GROUPS: dict[str, dict[str, str]] = {
    "Start": {
        "docs/recipes.md": "whole tests to copy: users, services, tokens that expire, time, lost answers, threads",
        "docs/clients.md": "what works with requests, httpx, aiohttp and the others, and which clients were tried",
        "docs/frameworks.md": "tests of FastAPI, Flask and Celery applications that call MPSD",
        "docs/migrating.md": "the same tests before and after, from responses, vcrpy, pytest-recording and WireMock",
        "docs/when-not.md": "when another tool is the better choice, and what each of them is better at",
    },
    "Arrange and upset": {
        "docs/mpa.md": "Multiplayer Activity, the second service that a double plays",
        "docs/sign-in.md": "sign-in, from a device code to a token that MPSD knows",
        "docs/seeding.md": "users, sessions, members, activities and invites that a test begins with",
        "docs/rules.md": "the words of rule files: which requests, and what happens to them",
        "docs/scenarios.md": "rule files that ship with the package: throttling, lost answers, outages",
        "docs/faults.md": "network faults and virtual time, and what each client makes of each fault",
        "docs/choices.md": "questions about MPSD that public material leaves open, and the answers to choose from",
    },
    "Record and replay": {
        "docs/recording.md": "record real traffic into a cassette, review it, replay it, and renew it when it is old",
        "docs/hiding.md": "which secrets and people a recording leaves out or replaces, and who needs the key",
        "docs/captures.md": "cassettes from captures of mitmproxy, Fiddler and browsers",
        "docs/vcrpy.md": "cassettes of vcrpy, and suites that stay with vcrpy",
        "docs/cassette-format.md": "the format of cassettes, and how long it stays readable",
    },
    "Other languages": {
        "docs/server.md": "`handlesfake serve`: the same fake on a real port, for clients in any language",
        "docs/control.md": "each call of the control interface, by curl",
        "docs/helpers.md": "files to copy for tests in JavaScript, TypeScript, Go and Java",
        "docs/ci.md": "GitHub Actions, GitLab, containers, and the authorities that each program trusts",
    },
    "Look things up": {
        "docs/names.md": "the ten names that a first test needs, and the thirty that a suite needs",
        "docs/reference.md": "every fixture, option, setting, call, operation, refusal and command, in tables",
        "docs/troubleshooting.md": "each message by its first words: why it comes, and what to do",
        "docs/reports.md": "a page of what a run of tests did",
        "docs/peace.md": "responses, respx, vcrpy, pytest-socket, moto and others in the same test",
    },
    "What is true": {
        "docs/evidence.md": "what each answer of the fake rests on, from captured to assumed",
        "docs/contract.md": "the contract of MPSD, with the source and evidence of each fact",
        "docs/open-questions.md": "what public material leaves open about MPSD, and the answer that the fake takes",
    },
    "The project": {
        "CHANGELOG.md": "what users notice, release by release",
        "docs/stability.md": "which names are public, and how long names, answers and cassettes stay",
        "docs/systems.md": "what is known about Linux, macOS and Windows, and what differs on Windows",
        "docs/dependencies.md": "each dependency, and why the project needs it",
        "docs/dependency-releases.md": "the newest release of each dependency, with wheels, licence and keepers",
        "docs/releasing.md": "how a release is prepared, checked and published",
        "SECURITY.md": "how to report a vulnerability",
        "CONTRIBUTING.md": "how to run the checks, and the habits of the project",
        "ARCHITECTURE.md": "the way of a request, the rooms of the code, and where a change goes",
    },
    "Decisions": {},
    "Measured": {},
}
"""The pages in the order of the side bar, and what each is for. Others are in the group of their folder."""

BEFORE_REFERENCE = "Look things up"
"""The group behind which the API reference is."""

README = "README.md"
README_IS_FOR = "what it is, a first test, a table of what it does, and its speed"
ABOUT = {name: about for pages in GROUPS.values() for name, about in pages.items()} | {README: README_IS_FOR}
"""What each page is for, in one line."""

FOLDERS = {"docs/decisions": "Decisions", "benchmarks": "Measured"}
"""Groups whose pages are in the order of their names: records, which a first reader can pass over."""
_NO_PAGES = {"benchmarks/speed_notes.md", "benchmarks/planted/README.md"}
"""Parts of other pages, and notes to files."""


def sources(root: Path = ROOT) -> list[str]:
    """Every file of ``root`` that is a page, relative to it."""
    found = [*root.glob("*.md"), *(root / "docs").rglob("*.md"), *(root / "benchmarks").glob("*.md")]
    names = sorted(path.relative_to(root).as_posix() for path in found)
    return [name for name in names if name not in _NO_PAGES]


def name_of(source: str) -> str:
    """What a file is called on the site, without a suffix: ``docs/names.md`` is ``names``, the README ``index``."""
    path = PurePosixPath(source).with_suffix("")
    if path.parts[0] == "docs":
        return path.relative_to("docs").as_posix()
    return "index" if source == README else path.as_posix().lower() if len(path.parts) == 1 else path.as_posix()


def grouped(names: Iterable[str]) -> dict[str, list[str]]:
    """The files ``names`` by group; the README, which is the first page, is in none."""
    there = set(names) - {README}
    groups = {group: [name for name in members if name in there] for group, members in GROUPS.items()}
    placed = {name for members in groups.values() for name in members}
    for name in sorted(there - placed):
        groups[FOLDERS.get(str(PurePosixPath(name).parent), "The project")].append(name)
    return {group: members for group, members in groups.items() if members}


def title(text: str) -> str:
    """The first heading of a page."""
    return re.findall(r"^# (.+)$", text, re.M)[0]
