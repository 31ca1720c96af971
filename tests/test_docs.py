"""Every code block of the README and the docs runs, and what they print is what they show."""

from __future__ import annotations

import re
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import pytest
import yaml

from handlesfake.cli import parsed
from tests import warm

ROOT = Path(__file__).parent.parent
PAGES = sorted(
    [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "ARCHITECTURE.md", *(ROOT / "docs").rglob("*.md")]
)
BLOCK = re.compile(
    r"(?:^<!-- (?P<word>[\w-]+)(?:: (?P<more>.*?))?(?: -->)?\n)?^```(?P<kind>\w*)\n(?P<text>.*?)^```$", re.M | re.S
)

TIME = re.compile(r"\b(?:\d\d:\d\d:\d\d|20\d\d-\d\d-\d\d)\b")
"""A time, or a date: those of the run are not those of the page."""


@dataclass(frozen=True)
class Block:
    """One fenced block and the word of the comment before it.

    ``file: name``, ``fails``, ``shown``, ``as-is: why``, ``needs: modules`` (without which it does not run here); a
    whole comment around a block hides it from the reader.
    """

    page: Path
    line: int
    kind: str
    word: str
    more: str
    text: str


def blocks(page: Path) -> list[Block]:
    """The fenced blocks of one page, in order."""
    text = page.read_text(encoding="utf-8")
    return [
        Block(
            page,
            text.count("\n", 0, found.start()) + 1,
            found["kind"],
            found["word"] or "",
            found["more"] or "",
            found["text"],
        )
        for found in BLOCK.finditer(text)
    ]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_the_code_blocks_of_a_page_run(page: Path, pytester: pytest.Pytester) -> None:
    """A page's blocks do, one after the other in one folder, what the page says that they do."""
    output = ""
    for block in blocks(page):
        if block.word == "file":
            target = pytester.path / block.more
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(block.text, encoding="utf-8")
        elif block.word == "needs" and not all(map(find_spec, block.more.split())):
            continue  # tox -e docs has them all
        elif block.kind == "python" and block.word != "as-is":
            output = run(block, pytester)
        elif block.word == "shown":
            shown = TIME.sub("HH:MM:SS", output)
            missing = [line for line in TIME.sub("HH:MM:SS", block.text).splitlines() if line.strip() not in shown]

            assert [] == missing, f"{page.name}:{block.line} shows what is not printed:\n{output}"
        elif block.kind == "yaml":
            assert yaml.safe_load(block.text) is not None
        elif block.kind == "console":
            check_commands(block)


def run(block: Block, pytester: pytest.Pytester) -> str:
    """Run a Python block as a test module, or as a script where it defines no test; return what was printed."""
    name = f"test_block_{block.line}.py"
    pytester.path.joinpath(name).write_text(block.text, encoding="utf-8")
    if "def test_" not in block.text:
        done = warm.run(name, cwd=pytester.path)

        assert 0 == done.returncode, f"{block.page.name}:{block.line}: {done.stderr}"
        return done.stdout
    result = warm.runpytest(pytester, name, "-p", "no:cacheprovider")
    failed = 1 if block.word == "fails" else 0
    outcomes = result.parseoutcomes()

    assert failed == outcomes.get("failed", 0), f"{block.page.name}:{block.line}"
    assert failed or outcomes.get("passed"), f"{block.page.name}:{block.line} tests nothing"
    assert not {"error", "errors"} & set(outcomes)
    return result.stdout.str()


def check_commands(block: Block) -> None:
    """Every ``handlesfake`` command of a console block is one that the command line takes."""
    for line in block.text.splitlines():
        words = line.removeprefix("$ ").split("#")[0].split()
        if line.startswith("$ handlesfake") and len(words) > 1:
            parsed(words[1:])


def test_the_readme_stays_short() -> None:
    """The README has fewer than 150 lines."""
    assert len((ROOT / "README.md").read_text(encoding="utf-8").splitlines()) < 150


def test_every_page_is_reached_from_the_readme() -> None:
    """Each page of the docs is linked from the README or from another page."""
    linked = "\n".join(page.read_text(encoding="utf-8") for page in PAGES)
    lost = [
        page.name for page in (ROOT / "docs").rglob("*.md") if not re.search(rf"{re.escape(page.name)}[)#]", linked)
    ]

    assert [] == lost
