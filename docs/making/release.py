"""Prepares a release, and says whether it may be published.

::

    python -m docs.making.release prepare 0.1.0     # version, changelog, kept cassettes, and the files made of them
    python -m docs.making.release check --tag v0.1.0

``docs/releasing.md`` has all steps. ``prepare`` needs the extra ``test``, and towncrier, of ``.ci/release.txt``.
"""

from __future__ import annotations

import argparse
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path

from docs.making.project import ROOT, released
from docs.making.release_check import reasons
from handlesfake.cassettes.format.reading import FORMAT


def main(arguments: Sequence[str] | None = None) -> int:
    """Prepare or check; 1 where a release may not be published."""
    parser = argparse.ArgumentParser(prog="python -m docs.making.release", description=__doc__.split("\n")[0])
    commands = parser.add_subparsers(dest="command", required=True)
    preparing = commands.add_parser("prepare", help="write what a release needs, to be looked at and committed")
    preparing.add_argument("version", type=_version, metavar="VERSION")
    preparing.add_argument("--date", type=date.fromisoformat, metavar="YYYY-MM-DD", help="instead of today")
    checking = commands.add_parser("check", help="say why this checkout may not be published")
    checking.add_argument("--tag", metavar="vVERSION", help="the tag that is published")
    options = parser.parse_args(arguments)
    today = datetime.now(UTC).date()
    if options.command == "check":
        return check(ROOT, today, options.tag)
    prepare(ROOT, options.version, options.date or today)
    sys.stdout.write(
        "look at the changes, and commit them with the new files (git add --all). Then run bash .ci/run and\n"
        f"python -m docs.making.release check --tag v{options.version}, and tag the commit v{options.version}\n"
    )
    return 0


def _version(text: str) -> str:
    if not re.fullmatch(r"\d+\.\d+\.\d+", text):
        raise argparse.ArgumentTypeError(f"{text!r} is not MAJOR.MINOR.PATCH")
    return text


def check(root: Path, today: date, tag: str | None) -> int:
    """Print why ``root`` may not be released; 1 where there is a reason."""
    found = reasons(root, today=today, tag=tag)
    for reason in found:
        sys.stdout.write(f"{reason}\n")
    sys.stdout.write("not to be released, see above\n" if found else "this may be released\n")
    return 1 if found else 0


def prepare(root: Path, version: str, day: date) -> None:
    """Write version, section of the changelog and kept cassettes, and all that is made of them."""
    setup = root / "setup.cfg"
    text = setup.read_text(encoding="utf-8")
    setup.write_text(re.sub(r"(?m)^version = .*$", f"version = {version}", text, count=1), encoding="utf-8")
    kept = root / "tests" / "cassettes" / "format" / "kept"
    if not (kept / version).exists():
        shutil.copytree(kept / f"format-{FORMAT}", kept / version)
    if version not in released(root):  # else an earlier run was cut short behind this
        section = [sys.executable, "-m", "towncrier", "build", "--yes", "--dir", str(root)]
        subprocess.run([*section, "--version", version, "--date", day.isoformat()], check=True)
    subprocess.run([sys.executable, "-m", "docs.generate"], check=True, cwd=root)


if __name__ == "__main__":
    sys.exit(main())
