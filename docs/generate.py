"""Writes the tables of the docs from the code that they describe.

::

    python -m docs.generate            # from the top folder of the project

A page holds ``<!-- generated: names.fixtures -->`` and ``<!-- end -->``; what stands between them is written anew.
"""

from __future__ import annotations

import re
import sys
from importlib import import_module
from pathlib import Path

FOLDER = Path(__file__).parent
PAGES = tuple(sorted(path for path in FOLDER.glob("*.md") if "<!-- generated: " in path.read_text(encoding="utf-8")))
"""The pages with tables that are generated."""

_PART = re.compile(r"^<!-- generated: (\w+)\.(\w+) -->\n.*?^<!-- end -->$", re.M | re.S)


def generated(page: Path) -> str:
    """The text of ``page`` as it has to be now."""
    return _PART.sub(_made, page.read_text(encoding="utf-8"))


def _made(part: re.Match[str]) -> str:
    module, name = part[1], part[2]
    text: str = getattr(import_module(f"docs.making.{module}"), name)()
    return f"<!-- generated: {module}.{name} -->\n{text}\n<!-- end -->"


def main() -> None:
    """Write the pages that are stale."""
    for page in PAGES:
        text = generated(page)
        if text != page.read_text(encoding="utf-8"):
            page.write_text(text, encoding="utf-8")
            sys.stdout.write(f"{page.name} written\n")


if __name__ == "__main__":
    main()
