"""The tables of ``ARCHITECTURE.md``: the rooms of the layer contracts, and what lives in each."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from configparser import ConfigParser
from pathlib import Path

from docs.making.markdown import code, sentence, table

_ROOT = Path(__file__).parents[2]


def house() -> str:
    """The rooms of ``handlesfake``."""
    return _table("house")


def mpsd() -> str:
    """The rooms of ``handlesfake.mpsd``."""
    return _table("mpsd")


def cassettes() -> str:
    """The rooms of ``handlesfake.cassettes``."""
    return _table("cassettes")


def intercept() -> str:
    """The rooms of ``handlesfake.intercept``."""
    return _table("intercept")


def server() -> str:
    """The rooms of ``handlesfake.server``."""
    return _table("server")


def _table(contract: str) -> str:
    """One row for each layer of a contract, the outermost first."""
    setup = ConfigParser(interpolation=None)
    setup.read(_ROOT / "setup.cfg", encoding="utf-8")
    section = setup[f"importlinter:contract:{contract}"]
    folder = _ROOT.joinpath(*section["containers"].split()[0].split("."))
    layers = [layer.split(" : ") for layer in section["layers"].split("\n") if layer]
    return table(["layer", f"rooms of `{folder.relative_to(_ROOT).as_posix()}/`"], _rows(layers, folder))


def _rows(layers: list[list[str]], folder: Path) -> Iterator[tuple[int, str]]:
    for number, rooms in zip(range(len(layers), 0, -1), layers, strict=True):
        yield number, "<br>".join(f"{code(room)}: {_purpose(folder, room)}" for room in rooms)


def _purpose(folder: Path, room: str) -> str:
    """What the docstring of a folder or module says in its first sentence, less the noun that it may begin with."""
    path = folder / room / "__init__.py" if (folder / room).is_dir() else folder / f"{room}.py"
    text = sentence(ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))))
    noun, found, rest = text.partition(": ")
    told = rest if found and " " not in noun else text
    return told[0].upper() + told[1:]
