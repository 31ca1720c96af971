"""The table of ``ARCHITECTURE.md``: the rooms of the layer contracts, and what lives in each."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from configparser import ConfigParser
from pathlib import Path

from docs.making.markdown import code, sentence, table

_ROOT = Path(__file__).parents[2]
_CONTRACT = "importlinter:contract:"


def layers() -> Iterator[tuple[Path, list[list[str]]]]:
    """Each folder with a layer contract, and its layers, the outermost first."""
    setup = ConfigParser(interpolation=None)
    setup.read(_ROOT / "setup.cfg", encoding="utf-8")
    for section in (setup[name] for name in setup.sections() if name.startswith(_CONTRACT)):
        if section["type"] == "layers":
            folder = Path(section["containers"].strip().replace(".", "/"))
            yield folder, [layer.split(" : ") for layer in section["layers"].strip().split("\n")]


def contracts() -> str:
    """One row for each layer."""
    return table(["folder", "layer", "rooms"], _rows())


def _rows() -> Iterator[tuple[str, int, str]]:
    for folder, found in layers():
        for number, rooms in zip(range(len(found), 0, -1), found, strict=True):
            lines = (f"{code(room)}: {_purpose(folder, room)}" for room in rooms)
            yield code(f"{folder.as_posix()}/"), number, "<br>".join(lines)


def _purpose(folder: Path, room: str) -> str:
    """What the docstring of a folder or module says in its first sentence, less the noun that it may begin with."""
    path = _ROOT / folder / room
    path = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
    text = sentence(ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))))
    noun, found, rest = text.partition(": ")
    told = rest if found and " " not in noun else text
    return told[0].upper() + told[1:]
