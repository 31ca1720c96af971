"""Whether each required dependency has a wheel for each claimed Python and platform.

::

    python .ci/wheels.py                     # a table; exit status 1 when a wheel is missing
    python .ci/wheels.py --python 3.14       # this version only
    python .ci/wheels.py --with 'httpx>=0.23'

Versions and dependencies come from setup.cfg. pip resolves them for each Python and platform with
``--only-binary=:all:``, installs nothing, and asks the index that it is configured for.
"""

from __future__ import annotations

import argparse
import configparser
import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from packaging.markers import default_environment
from packaging.requirements import Requirement

SETUP = Path(__file__).parent.parent / "setup.cfg"

PLATFORMS = {
    "Linux glibc x86_64": ("manylinux2014_x86_64", "manylinux_2_17_x86_64", "manylinux_2_28_x86_64"),
    "Linux glibc aarch64": ("manylinux2014_aarch64", "manylinux_2_17_aarch64", "manylinux_2_28_aarch64"),
    "Linux musl x86_64": ("musllinux_1_1_x86_64", "musllinux_1_2_x86_64"),
    "Linux musl aarch64": ("musllinux_1_1_aarch64", "musllinux_1_2_aarch64"),
    "macOS x86_64": ("macosx_10_13_x86_64",),
    "macOS arm64": ("macosx_11_0_arm64",),
    "Windows x86_64": ("win_amd64",),
}
"""What pip may take on each platform: its ``--platform``."""

SYSTEMS = {
    "Linux": {"sys_platform": "linux", "platform_system": "Linux", "os_name": "posix"},
    "macOS": {"sys_platform": "darwin", "platform_system": "Darwin", "os_name": "posix"},
    "Windows": {"sys_platform": "win32", "platform_system": "Windows", "os_name": "nt"},
}
"""What markers read on each system: pip reads those of the Python that it runs on, whatever it resolves for."""


class MissingWheel(Exception):
    """pip's last words."""


def settings() -> configparser.ConfigParser:
    """setup.cfg."""
    found = configparser.ConfigParser(interpolation=None)
    found.read(SETUP, encoding="utf-8")
    return found


def claimed() -> list[str]:
    """The Pythons of the classifiers."""
    return re.findall(r":: (3\.\d+)$", settings()["metadata"]["classifiers"], re.MULTILINE)


def required() -> list[str]:
    """What is always installed."""
    return settings()["options"]["install_requires"].split("\n")[1:]


def resolve(requirements: list[str], python: str, platform: str) -> list[dict[str, Any]]:
    """What pip would install: metadata and the address of the wheel of each package.

    :raises MissingWheel: a package has no wheel.
    """
    tags = [word for tag in PLATFORMS[platform] for word in ("--platform", tag)]
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder, "report.json")
        command = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--dry-run"]
        command += ["--ignore-installed", "--only-binary=:all:", "--target", folder, "--report", str(report)]
        command += ["--python-version", python, *tags, *requirements]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            raise MissingWheel(done.stderr.strip().splitlines()[-1])
        found: list[dict[str, Any]] = json.loads(report.read_text(encoding="utf-8"))["install"]
    return found


def unresolved(found: list[dict[str, Any]], python: str, platform: str) -> list[str]:
    """What the packages need on that platform, and pip left out since the markers of its own say so."""
    environment: dict[str, Any] = {**default_environment(), **SYSTEMS[platform.partition(" ")[0]]}
    environment |= {"python_version": python, "python_full_version": f"{python}.0"}
    known = {canonical(one["metadata"]["name"]) for one in found}
    needed = [Requirement(text) for one in found for text in one["metadata"].get("requires_dist", [])]
    return [
        f"{one.name}{one.specifier}"
        for one in needed
        if canonical(one.name) not in known
        and (one.marker is None or one.marker.evaluate({**environment, "extra": ""}))
    ]


def canonical(name: str) -> str:
    """The name as an index spells it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def wheels(requirements: list[str], python: str, platform: str) -> Iterator[tuple[str, str]]:
    """Package with version, and the platform part of its wheel's name."""
    found = resolve(requirements, python, platform)
    while more := unresolved(found, python, platform):
        requirements = [*requirements, *more]
        found = resolve(requirements, python, platform)
    for one in found:
        name = one["download_info"]["url"].rpartition("/")[2].removesuffix(".whl")
        yield f"{one['metadata']['name']} {one['metadata']['version']}", name.rpartition("-")[2]


def main() -> int:
    """Resolve, and print what is there and what is missing."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--python", action="append", metavar="3.N", help="instead of those that setup.cfg claims")
    parser.add_argument("--with", action="append", default=[], dest="more", metavar="REQUIREMENT")
    options = parser.parse_args()
    pythons = options.python or claimed()
    table: dict[str, dict[str, list[str]]] = {}
    missing = []
    for python in pythons:
        for platform in PLATFORMS:
            try:
                for package, tag in wheels([*required(), *options.more], python, platform):
                    table.setdefault(package, {}).setdefault(python, []).append(tag)
            except MissingWheel as error:
                missing.append(f"{python}, {platform}: {error}")
    print(f"| package | {' | '.join(pythons)} |")
    print("|---" * (len(pythons) + 1) + "|")
    for package, by_python in sorted(table.items(), key=lambda item: item[0].lower()):
        print(f"| {package} | {' | '.join(cell(by_python.get(python, [])) for python in pythons)} |")
    print("\nany: one wheel for all; a number: on so many platforms of", ", ".join(PLATFORMS))
    print(*missing, sep="\n", end="\n" if missing else "")
    return 1 if missing else 0


def cell(tags: list[str]) -> str:
    """One cell of the table."""
    return "any" if set(tags) == {"any"} and len(tags) == len(PLATFORMS) else str(len(tags) or "-")


if __name__ == "__main__":
    sys.exit(main())
