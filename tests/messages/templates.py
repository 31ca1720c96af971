"""The first lines of messages, read from the source: ``…`` is where a message has a value."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from handlesfake import errors

PACKAGE = Path(errors.__file__).parent
VALUE = "…"
_KINDS = {name for name, kind in vars(errors).items() if isinstance(kind, type) and issubclass(kind, Exception)}
_DEEPEST = 3
"""How many functions are followed from a raised error to the text of its message."""


@dataclass(frozen=True)
class Raised:
    """A place that makes an error, and a first line that its message can have."""

    file: str
    line: int
    first: str


@cache
def _trees() -> dict[str, ast.Module]:
    files = sorted(PACKAGE.rglob("*.py"))
    return {path.relative_to(PACKAGE).as_posix(): ast.parse(path.read_text(encoding="utf-8")) for path in files}


@cache
def _functions() -> dict[str, list[ast.AST]]:
    found: dict[str, list[ast.AST]] = {}
    for tree in _trees().values():
        for node in ast.walk(tree):
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                found.setdefault(node.name, []).append(node)
    return found


def raised() -> Iterator[Raised]:
    """Every error and warning of ours that the package makes, once for each form of its message."""
    for file, tree in _trees().items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and _name(node.func) in _KINDS and node.args:
                for text in dict.fromkeys(_texts(node.args[0])):
                    yield Raised(file, node.lineno, text.partition("\n")[0])


@cache
def spoken() -> str:
    """All texts of the package, one under the other."""
    return "\n".join(
        text
        for tree in _trees().values()
        for node in ast.walk(tree)
        if isinstance(node, (ast.Constant, ast.JoinedStr))
        for text in _texts(node)
    )


def _name(node: ast.expr) -> str:
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""


def _texts(node: ast.expr, depth: int = 0) -> list[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return [node.value]
    if isinstance(node, ast.JoinedStr):
        return _joined(node, depth)
    if isinstance(node, ast.BinOp):
        return [left + VALUE for left in _texts(node.left, depth)]
    if isinstance(node, ast.IfExp):
        return _texts(node.body, depth) + _texts(node.orelse, depth)
    return (_called(node, depth) if isinstance(node, ast.Call) else []) or [VALUE]


def _joined(node: ast.JoinedStr, depth: int) -> list[str]:
    made = [""]
    for part in node.values:
        is_first = made == [""] and isinstance(part, ast.FormattedValue)
        after = _texts(part.value, depth + 1) if is_first and isinstance(part, ast.FormattedValue) else _plain(part)
        made = [before + text for before in made for text in after]
    return made


def _plain(part: ast.expr) -> list[str]:
    return [str(part.value)] if isinstance(part, ast.Constant) else [VALUE]


def _called(node: ast.Call, depth: int) -> list[str]:
    """What a function of ours returns that is called so, or the first of what is joined."""
    name = _name(node.func)
    if name == "join" and node.args and isinstance(node.args[0], (ast.Tuple, ast.List)) and node.args[0].elts:
        return _texts(node.args[0].elts[0], depth)
    functions = _functions().get(name, []) if depth < _DEEPEST else []
    return [
        text
        for function in (functions if len(functions) <= 2 else [])
        for one in ast.walk(function)
        if isinstance(one, ast.Return) and one.value is not None
        for text in _texts(one.value, depth + 1)
    ]
