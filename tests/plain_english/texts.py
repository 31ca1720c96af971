"""The English in a file, paragraph by paragraph: a page, docstrings, messages, help, comments."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent


@dataclass(frozen=True)
class Paragraph:
    """One paragraph, list item or table cell. ``kind``: page, docstring, private docstring, message or comment."""

    path: str
    line: int
    kind: str
    text: str

    def line_of(self, position: int) -> int:
        """The line of the file that has the character at ``position``."""
        return self.line + self.text.count("\n", 0, position)


def paragraphs(path: Path, suffix: str = "") -> Iterator[Paragraph]:
    """Every paragraph of a Markdown page, a Python module or a YAML file, as ``suffix`` or the name says."""
    suffix = suffix or path.suffix
    name = path.relative_to(ROOT).as_posix()
    text = path.read_text(encoding="utf-8")
    if suffix == ".md":
        yield from _parts(name, 1, "page", _without_code(text))
    elif suffix == ".py":
        tree = ast.parse(text)
        yield from _comments(name, text, _inside_strings(tree))
        yield from _strings(name, tree)
    else:
        yield from _comments(name, text)
        for found in _STORY.finditer(text):
            yield from _parts(name, text.count("\n", 0, found.start()) + 2, "message", found[1])


_FENCE = re.compile(r"^( *)(```+|~~~+).*?^ *\2$", re.M | re.S)
_TABLE = re.compile(r"^<!-- generated: .*?^<!-- end -->$", re.M | re.S)
_COMMENTED = re.compile(r"<!--.*?-->", re.S)
_LITERAL = re.compile(
    r"^(?P<indent> *)(?P<lead>(?:[^\n]*\S)??)::\n(?P<block>(?:\n|(?P=indent) +[^\n]*(?:\n|\Z))+)", re.M
)


_STORY = re.compile(r"^(?:story|description): >-\n((?: +.*\n)+)", re.M)


def _blank(found: re.Match[str]) -> str:
    return "\n" * found[0].count("\n")


def _without_code(text: str) -> str:
    """The page without fenced blocks, hidden comments and generated tables; lines keep their numbers."""
    return _COMMENTED.sub(_blank, _TABLE.sub(_blank, _FENCE.sub(_blank, text)))


def _without_literals(text: str) -> str:
    """A docstring without its ``::`` blocks; lines keep their numbers."""
    return _LITERAL.sub(
        lambda found: f"{found['indent']}{found['lead']}:\n" + "\n" * found["block"].count("\n"), text
    )


_BREAK = re.compile(r"\n[ ]*(?=\n|[-*+] |\d+\. |\||#|:\w[\w ]*:|\Z)")


def _parts(name: str, line: int, kind: str, text: str) -> Iterator[Paragraph]:
    """``text`` cut where a paragraph, a list item, a heading or a cell of a table begins."""
    start = 0
    for end in [*(found.start() for found in _BREAK.finditer(text)), len(text)]:
        part = text[start:end]
        lead = part[: len(part) - len(part.lstrip())]
        first = line + text.count("\n", 0, start) + lead.count("\n")
        start = end
        part = part.strip()
        cells = part.strip("|").split("|") if part.startswith("|") else [part]
        for cell in cells:
            if re.search(r"[A-Za-z]{2}", cell):
                yield Paragraph(name, first, kind, re.sub(r"^(?:[-*+]|\d+\.|#+) +", "", cell.strip()))


def _inside_strings(tree: ast.Module) -> frozenset[int]:
    """The lines that begin inside a string."""
    strings = [node for node in ast.walk(tree) if isinstance(node, ast.Constant | ast.JoinedStr)]
    return frozenset(line for node in strings for line in range(node.lineno + 1, (node.end_lineno or 0) + 1))


def _comments(name: str, text: str, skipped: frozenset[int] = frozenset()) -> Iterator[Paragraph]:
    """Comments; lines of comment that follow each other are one paragraph."""
    block: list[str] = []
    start = 0
    for number, line in enumerate([*text.splitlines(), ""], 1):
        found = None if number in skipped else re.match(r"\s*#(?!!|:)\s?(.*)", line)
        if found and not re.match(r"(?:noqa|type:|pragma|fmt:)", found[1]):
            start = start if block else number
            block.append(found[1])
            continue
        if block:
            yield from _parts(name, start, "comment", "\n".join(block))
            block = []
        beside = re.search(r"\S  # (?!noqa|type:|pragma)([^\"']+)$", line)
        if beside and number not in skipped:
            yield Paragraph(name, number, "comment", re.sub(r"\s*#? (?:noqa|type:).*", "", beside[1]))


def _strings(name: str, tree: ast.Module) -> Iterator[Paragraph]:
    told: set[int] = set()
    for public, node in _documented(tree, True):
        told.add(id(node))
        kind = "docstring" if public else "private docstring"
        yield from _parts(name, node.lineno, kind, _without_literals(str(node.value)))
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            told.update(id(part) for part in ast.walk(node))
            yield from _message(name, node.lineno, _joined(node))
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in told:
            yield from _message(name, node.lineno, node.value)


def _joined(node: ast.JoinedStr) -> str:
    return "".join(str(part.value) if isinstance(part, ast.Constant) else "{}" for part in node.values)


def _message(name: str, line: int, text: str) -> Iterator[Paragraph]:
    """A string that is English: four words with small letters in a row, and no code."""
    if re.search(r"(?:\b[A-Za-z]?[a-z']+,? ){3}[a-z']+", text):
        for part in re.split(r"\n+", text):
            if re.search(r"(?:\b[A-Za-z]?[a-z']+,? ){2}[a-z']+", part):
                yield Paragraph(name, line, "message", part.strip())


def _documented(node: ast.AST, public: bool) -> Iterator[tuple[bool, ast.Constant]]:
    """Each docstring below ``node``, those of attributes too, and whether all names down to it are public."""
    body = getattr(node, "body", [])
    is_scope = isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
    for number, statement in enumerate(body if isinstance(body, list) else []):
        if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant):
            if isinstance(statement.value.value, str):
                before = body[number - 1] if number else None
                yield public and not _is_private(before), statement.value
        elif isinstance(statement, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            inner = public and not statement.name.startswith("_") and (is_scope and not _is_function(node))
            yield from _documented(statement, inner)
        else:
            yield from _documented(statement, public)


def _is_function(node: ast.AST) -> bool:
    return isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)


def _is_private(statement: ast.stmt | None) -> bool:
    """Whether the attribute before an attribute docstring is private."""
    target = getattr(statement, "target", None) or (getattr(statement, "targets", None) or [None])[0]
    return isinstance(target, ast.Name) and target.id.startswith("_")
