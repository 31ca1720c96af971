"""Writes ``docs/dependency-releases.md``: what a user installs with us, and how it is kept.

It is run by hand, before a release.

::

    python -m docs.making.dependency_releases              # writes the page
    python -m docs.making.dependency_releases --pinned     # prints what pip would install now, for pip-audit

Needs ``pypi-simple``, of ``.ci/release.txt``, and the package index. pip resolves the versions, and installs nothing.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from configparser import ConfigParser
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import Message
from email.policy import default
from pathlib import Path
from typing import Any
from zipfile import ZipFile

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name, parse_wheel_filename

from docs.making.markdown import table
from docs.making.project import ROOT
from handlesfake.values.values import frozen

PAGE = ROOT / "docs" / "dependency-releases.md"
NOT_OF_USERS = ("test",)
"""Extras that only work on handlesfake needs."""

_SYSTEMS = {"manylinux": "Linux", "musllinux": "Linux (musl)", "macosx": "macOS", "win": "Windows"}
_ROW = re.compile(r"^\| (?P<names>[^|]+) \| (?P<needed>[^|]+) \| (?P<why>[^|]+) \|$", re.M)


@frozen
class Release:
    """The release of a dependency that pip would install now."""

    name: str
    """As its own metadata spell it."""
    version: str
    """What pip chose."""
    day: str
    """``2026-09-01``, when its first file was uploaded."""
    wheels: str
    """``pure``, or the systems that have their own wheels."""
    licence: str
    """SPDX, where its metadata say so."""
    keepers: str
    """Names of authors and maintainers, without addresses."""


def required(setup: ConfigParser) -> dict[str, list[str]]:
    """What is always installed, as ``always``, and what each extra of users adds."""
    found = {"always": setup["options"]["install_requires"]} | {
        f"extra `{extra}`": text
        for extra, text in setup["options.extras_require"].items()
        if extra not in NOT_OF_USERS
    }
    return {needed: [line for line in text.split("\n") if line] for needed, text in found.items()}


def resolve(requirements: Sequence[str]) -> list[Message]:
    """What pip would install for this Python and system: the metadata of each package, as its wheel has them."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--only-binary=:all:", "--dest", folder]
        subprocess.run([*command, *requirements], check=True)
        return [_metadata(path) for path in sorted(Path(folder).glob("*.whl"))]


def _metadata(wheel: Path) -> Message:
    with ZipFile(wheel) as archive:
        (name,) = (name for name in archive.namelist() if re.fullmatch(r"[^/]+\.dist-info/METADATA", name))
        return message_from_bytes(archive.read(name), policy=default)


def wheels(names: Iterable[str]) -> str:
    """Where the wheels of one release install: ``pure`` everywhere, else the systems by name."""
    tags = {tag.platform for name in names for tag in parse_wheel_filename(name)[3]}
    if "any" in tags:
        return "pure" if tags == {"any"} else "pure, and faster ones"
    systems = [system for start, system in _SYSTEMS.items() if any(tag.startswith(start) for tag in tags)]
    return ", ".join(systems) or "none"


def licence(metadata: Message) -> str:
    """In SPDX's words, else of the classifiers, else the first line of ``License``."""
    if expression := metadata.get("License-Expression"):
        return str(expression)
    lines = [str(line) for line in metadata.get_all("Classifier", ())]
    classified = [line.rpartition(" :: ")[2] for line in lines if line.startswith("License :: ")]
    said = str(metadata.get("License", "")).strip()
    return ", ".join(one for one in classified if one != "OSI Approved") or said.partition("\n")[0] or "not said"


def keepers(metadata: Message) -> str:
    """Who is named as author and maintainer; their addresses are left out."""
    names: dict[str, None] = {}
    for field in ("Author", "Author-Email", "Maintainer", "Maintainer-Email"):
        for one in str(metadata.get(field, "")).split(","):
            name = re.sub(r"<[^>]*>|\S+@\S+", "", one).strip(" \"'")
            names |= {name: None} if name else {}
    return ", ".join(names) or "not said"


def reasons(page: str) -> dict[str, str]:
    """Why each package is needed: the first clause of its row in ``docs/dependencies.md``."""
    rows = [row for row in _ROW.finditer(page) if row["needed"] not in {"needed", "---"}]
    return {
        canonicalize_name(name.split()[0]): re.split(r"[.:;] |[.:;]$", row["why"], maxsplit=1)[0]
        for row in rows
        for name in row["names"].split(", ")
    }


def text(needed: Mapping[str, Sequence[str]], releases: Sequence[Release], why: Mapping[str, str], day: str) -> str:
    """The page."""
    known = {canonicalize_name(one.name): one for one in releases}
    asked = {
        name: [place for place, lines in needed.items() if name in {_named(line) for line in lines}]
        for name in sorted({_named(line) for lines in needed.values() for line in lines})
    }
    head = ("package", "needed", "version", "released", "wheels", "licence", "who keeps it", "why")
    direct = [
        (one.name, ", ".join(places), one.version, one.day, one.wheels, one.licence, one.keepers, why.get(name, ""))
        for name, places in asked.items()
        for one in (known[name],)
    ]
    brought = [
        (one.name, one.version, one.day, one.wheels, one.licence, one.keepers)
        for name, one in sorted(known.items())
        if name not in asked
    ]
    return _PAGE.format(day=day, direct=table(head, direct), brought=table((head[0], *head[2:-1]), brought))


_PAGE = """\
# The releases of what handlesfake depends on

As of {day}, for Python on Linux. `python -m docs.making.dependency_releases` writes this page before each release.
Names and licences are those of the packages' own metadata. [Dependencies](dependencies.md) has the whole reasons.

## What handlesfake asks for

{direct}

## What those bring

{brought}
"""


def _named(requirement: str) -> str:
    return canonicalize_name(Requirement(requirement).name)


def released(metadata: Message, index: Any) -> Release:
    """The release with its day and wheels, which the index knows.

    :param index: a ``PyPISimple`` of pypi-simple.
    """
    name, version = str(metadata["Name"]), str(metadata["Version"])
    files = [one for one in index.get_project_page(name).packages if one.version == version]
    day = min(one.upload_time for one in files).date().isoformat()
    made = wheels(one.filename for one in files if one.package_type == "wheel")
    return Release(name, version, day, made, licence(metadata), keepers(metadata))


def main(arguments: Sequence[str] | None = None) -> None:
    """Write the page, or print what pip would install."""
    parser = argparse.ArgumentParser(prog="python -m docs.making.dependency_releases")
    parser.add_argument("--pinned", action="store_true", help="print what pip would install now, one line each")
    options = parser.parse_args(arguments)
    setup = ConfigParser(interpolation=None)
    setup.read(ROOT / "setup.cfg", encoding="utf-8")
    needed = required(setup)
    resolved = resolve([line for lines in needed.values() for line in lines])
    if options.pinned:
        sys.stdout.write("".join(sorted(f"{one['Name']}=={one['Version']}\n" for one in resolved)))
        return
    from pypi_simple import PyPISimple  # lazily: the tests of the rest need no index

    with PyPISimple() as index:
        releases = [released(one, index) for one in resolved]
    why = reasons((ROOT / "docs" / "dependencies.md").read_text(encoding="utf-8"))
    PAGE.write_text(text(needed, releases, why, datetime.now(UTC).date().isoformat()), encoding="utf-8")
    sys.stdout.write(f"{PAGE.relative_to(ROOT)} written, {len(releases)} packages\n")


if __name__ == "__main__":
    main()
