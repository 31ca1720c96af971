"""Writes the tables of the docs, and the files that are made of others, from what they describe.

::

    python -m docs.generate            # from the top folder of the project

A page holds ``<!-- generated: names.fixtures -->`` and ``<!-- end -->``; the text between them is written again.
:data:`FILES` are written whole.
"""

from __future__ import annotations

import json
import re
import sys
from importlib import import_module
from pathlib import Path

from docs.making import project, typed
from docs.making.contract import linked
from handlesfake.rules.schema import schema

FOLDER = Path(__file__).parent
ROOT = FOLDER.parent
PAGES = tuple(
    path
    for path in (ROOT / "ARCHITECTURE.md", ROOT / "SECURITY.md", *sorted(FOLDER.glob("*.md")))
    if "<!-- generated: " in path.read_text(encoding="utf-8")
)
"""The pages with tables that are generated."""

_PART = re.compile(r"^<!-- generated: (\w+)\.(\w+) -->\n.*?^<!-- end -->$", re.M | re.S)


def generated(page: Path) -> str:
    """The text of ``page`` as it has to be now."""
    folder = "" if page.parent == FOLDER else "docs/"
    return _PART.sub(lambda part: _made(part, folder), page.read_text(encoding="utf-8"))


def _made(part: re.Match[str], folder: str) -> str:
    module, name = part[1], part[2]
    text = linked(getattr(import_module(f"docs.making.{module}"), name)(), folder)
    return f"<!-- generated: {module}.{name} -->\n{text}\n<!-- end -->"


def rule_schema() -> str:
    """The JSON Schema of rule files, for editors."""
    return json.dumps(schema(), indent=2) + "\n"


def long_description() -> str:
    """The README for a package index: without comments, which would be seen there, and with absolute links."""
    now = project.project()
    text = _COMMENT.sub("", (ROOT / "README.md").read_text(encoding="utf-8"))
    return _RELATIVE_LINK.sub(lambda link: f"]({now.page(link[1])})", text)


_COMMENT = re.compile(r"^<!--.*?-->\n", re.M | re.S)
_RELATIVE_LINK = re.compile(r"\]\((?!\w+:)([^()]+)\)")

FILES = {
    ROOT / "handlesfake" / "rules" / "schema.json": rule_schema,
    ROOT / "handlesfake" / "literals.py": typed.literals,
    ROOT / "handlesfake" / "double" / "keywords.py": typed.keywords,
    ROOT / ".ci" / "long_description.md": long_description,
    ROOT / "setup.cfg": project.setup_cfg,
    ROOT / "CITATION.cff": project.citation,
    ROOT / ".github" / "ISSUE_TEMPLATE" / "config.yml": project.issue_config,
}
"""What is generated whole."""


def main() -> None:
    """Write the pages and files that are stale."""
    made = {page: generated(page) for page in PAGES} | {path: make() for path, make in FILES.items()}
    for path, text in made.items():
        if not path.exists() or text != path.read_text(encoding="utf-8"):
            path.write_text(text, encoding="utf-8")
            sys.stdout.write(f"{path.relative_to(ROOT)} written\n")


if __name__ == "__main__":
    main()
