"""Whether a checkout may be released: each reason why not is a sentence that says what to do."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from docs.making import changes
from docs.making.project import Project, citation, project, released
from handlesfake.cassettes.format.reading import FORMAT

_PLACEHOLDER = re.compile(
    r"\b(?:OWNER|AUTHOR|TODO|FIXME)\b|\.(?:example|invalid|test)\b|\bexample\.(?:com|net|org)\b"
)
_REPOSITORY = re.compile(r"https://github\.com/[A-Za-z0-9][A-Za-z0-9-]*/[\w.-]+")
_AS_OF = re.compile(r"^As of (\d{4}-\d{2}-\d{2})\b", re.M)
NAMING = (".ci/long_description.md", ".github/ISSUE_TEMPLATE/config.yml", "SECURITY.md", "docs/recording.md")
"""Files that name the repository, and are made of ``setup.cfg``."""

AGE = 31
"""Days that the table of dependencies may be old."""


def reasons(root: Path, *, today: date, tag: str | None = None) -> list[str]:
    """Why the checkout in ``root`` may not be released; none where it may.

    :param tag: the tag that is released; else any that its version may have.
    """
    now = project(root)
    found = [*_owner(now), *_version(now, tag), *_changelog(root, now, today), *_files(root, now, today)]
    return found or list(_made(root, now)) or list(_uncommitted(root))


def _made(root: Path, now: Project) -> Iterator[str]:
    names = [name for name in NAMING if now.repository not in (root / name).read_text(encoding="utf-8")]
    if (root / "CITATION.cff").read_text(encoding="utf-8") != citation(root):
        names.append("CITATION.cff")
    if names:
        yield f"{', '.join(names)}: made of another setup.cfg or CHANGELOG.md. Run python -m docs.generate"


def _uncommitted(root: Path) -> Iterator[str]:
    """The tag, and the sdist, have only what is committed; ``git commit --all`` leaves new files out."""
    if not (root / ".git").exists():
        return
    status = ["git", "status", "--porcelain", "--untracked-files=all"]
    lines = subprocess.run(status, cwd=root, check=True, capture_output=True, text=True).stdout.splitlines()
    if lines:
        more = f", nor are {len(lines) - 1} more" if len(lines) > 1 else ""
        yield f"{lines[0][3:]} is not committed{more}: run git add --all and git commit"


def _owner(now: Project) -> Iterator[str]:
    if _PLACEHOLDER.search(now.author) or not now.author.strip():
        yield f"setup.cfg, author = {now.author}: this is a placeholder. Write who releases this"
    if _PLACEHOLDER.search(now.repository) or not _REPOSITORY.fullmatch(now.repository):
        yield (
            f"setup.cfg, url = {now.repository}: this leads nowhere. Write https://github.com/NAME/handlesfake, "
            "then run python -m docs.generate"
        )


def _version(now: Project, tag: str | None) -> Iterator[str]:
    if not re.fullmatch(r"\d+\.\d+\.\d+", now.version):
        yield f"setup.cfg, version = {now.version}: a release is MAJOR.MINOR.PATCH"
    if tag is not None and tag != now.tag:
        other = tag.removeprefix("v")
        yield f"the tag is {tag}, and setup.cfg has version {now.version}: tag {now.tag}, or prepare {other}"


def _changelog(root: Path, now: Project, today: date) -> Iterator[str]:
    dates = released(root)
    prepare = f"run python -m docs.making.release prepare {now.version}"
    if now.version not in dates:
        yield f"CHANGELOG.md has no section '## {now.version} (date)': {prepare}"
    elif next(iter(dates)) != now.version:
        yield f"CHANGELOG.md has {next(iter(dates))} above {now.version}: setup.cfg has a version that is out already"
    elif date.fromisoformat(dates[now.version]) > today:
        yield f"CHANGELOG.md, {now.version} ({dates[now.version]}): this day has not come yet. Write today's"
    if left := changes.fragments(root):
        more = f", nor are {len(left) - 1} more" if len(left) > 1 else ""
        yield f"changes/{left[0].name} is in no section of CHANGELOG.md{more}: {prepare}"


def _files(root: Path, now: Project, today: date) -> Iterator[str]:
    kept = root / "tests" / "cassettes" / "format" / "kept" / now.version
    if not kept.is_dir():
        yield (
            f"tests/cassettes/format/kept/{now.version} is missing: docs/cassette-format.md promises that later "
            f"versions read what this one writes. Copy kept/format-{FORMAT}, which the tests hold to what is written"
        )
    page = root / "docs" / "dependency-releases.md"
    found = _AS_OF.search(page.read_text(encoding="utf-8")) if page.exists() else None
    age = (today - date.fromisoformat(found[1])).days if found else None
    if age is None or age > AGE:
        old = "has no date" if age is None else f"is {age} days old"
        yield f"docs/dependency-releases.md {old}: run python -m docs.making.dependency_releases"
