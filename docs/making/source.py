"""What the source of a class says: its public names, in order, and the sentence that goes with each."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

from docs.making.markdown import code, sentence

_ROOT = Path(__file__).parents[2]


def public(kind: type) -> list[str]:
    """The public names of ``kind`` in the order of its source, those of its bases first."""
    found = [name for one in reversed(kind.__mro__) if _is_ours(one) for name in _defined(one)]
    return [name for name in dict.fromkeys(found) if not name.startswith("_")]


def _defined(kind: type) -> Iterator[str]:
    yield from (name for name, _ in _documented(kind))
    yield from (
        node.name for node in class_of(kind).body if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
    )


def _documented(kind: type) -> Iterator[tuple[str, str]]:
    """Each attribute of the class, or of its objects, with the text below it."""
    body = class_of(kind).body
    made = [one.body for one in body if isinstance(one, ast.FunctionDef) and one.name == "__init__"]
    for lines, mark in ((body, ""), *((init, "self.") for init in made)):
        for line, below in zip(lines, [*lines[1:], ast.Pass()], strict=True):
            if isinstance(line, (ast.Assign, ast.AnnAssign)):
                target = ast.unparse(line.target if isinstance(line, ast.AnnAssign) else line.targets[0])
                if target.startswith(mark):
                    yield target.removeprefix(mark), _text(below)


def _text(node: ast.stmt) -> str:
    is_text = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    return sentence(ast.literal_eval(node.value)) if is_text and isinstance(node, ast.Expr) else ""


def class_of(kind: type) -> ast.ClassDef:
    """The definition of ``kind``, as its file has it."""
    body = _module(kind.__module__).body
    return next(node for node in body if isinstance(node, ast.ClassDef) and node.name == kind.__name__)


@cache
def _module(name: str) -> ast.Module:
    # not by inspect: pytester takes modules out of sys.modules again whose classes others still have
    path = _ROOT.joinpath(*name.split("."))
    file = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
    return ast.parse(file.read_text(encoding="utf-8"))


def attributes(kind: type) -> dict[str, str]:
    """Each attribute of ``kind`` and its bases with the text below it."""
    return dict(pair for base in reversed(kind.__mro__) if _is_ours(base) for pair in _documented(base))


def _is_ours(kind: type) -> bool:
    # @frozen puts a class of its own below each, which has no source
    return kind.__module__.startswith("handlesfake") and kind.__module__ != "handlesfake.values.values"


def members(kind: type, names: Iterable[str], called: str = "mpsd") -> Iterator[tuple[str, str]]:
    """Each of ``names`` of the object ``called`` so as one writes it, with the sentence that says what it is."""
    texts = attributes(kind)
    for name in names:
        found = inspect.getattr_static(kind, name, None)
        if found is None:
            yield code(f"{called}.{name}"), texts[name]
        elif isinstance(found, property):
            yield code(f"{called}.{name}"), sentence(found.__doc__)
        else:
            yield code(f"{called}.{name}{signature(found)}"), sentence(found.__doc__)


def signature(function: Callable[..., Any]) -> str:
    """Names and defaults of the parameters: what one writes."""
    parameters = inspect.signature(function).parameters.values()
    bare = [one.replace(annotation=inspect.Parameter.empty) for one in parameters if one.name != "self"]
    return str(inspect.Signature(bare))
