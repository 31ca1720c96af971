"""The tables of ``choices.md``: every open question with its answers, read from ``Choices``."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator
from types import ModuleType
from typing import get_type_hints

from docs.making.markdown import code, plain, table
from handlesfake.mpsd import choices, choices_beside
from handlesfake.mpsd.choices import Choices
from handlesfake.options.chosen import answers

_HEADING = "    # ---- "


def questions() -> str:
    """One table for each heading in the source of ``Choices``."""
    rows: dict[str, list[tuple[str, str, str, str]]] = {}
    hints, default = get_type_hints(Choices), Choices()
    for heading, name, text in [field for module in (choices, choices_beside) for field in _fields(module)]:
        value = getattr(default, name)
        row = (
            f'<a id="{name}"></a>{code(name)}',
            code(repr(value)),
            answers(hints[name]),
            " ".join(plain(text).split()),
        )
        rows.setdefault(heading, []).append(row)
    return "\n\n".join(
        f"### {heading}\n\n{table(['choice', 'default', 'answers', 'question'], found)}"
        for heading, found in rows.items()
    )


def _fields(module: ModuleType) -> Iterator[tuple[str, str, str]]:
    """Heading, name and text of each field."""
    source = inspect.getsource(module)
    lines = source.splitlines()
    (kind,) = (node for node in ast.parse(source).body if isinstance(node, ast.ClassDef))
    for field, below in zip(kind.body, kind.body[1:], strict=False):
        if isinstance(field, ast.AnnAssign) and isinstance(below, ast.Expr) and isinstance(below.value, ast.Constant):
            headings = [line for line in lines[: field.lineno] if line.startswith(_HEADING)]
            heading = headings[-1].removeprefix(_HEADING) if headings else "making handles, and requests as such"
            yield heading[0].upper() + heading[1:], ast.unparse(field.target), str(below.value.value)
