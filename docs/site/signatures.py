"""An extension of Sphinx: types in signatures lead to the public names, and all others are plain text.

A role in a docstring that leads nowhere stays a warning, and so an error of the build.
"""

from __future__ import annotations

from typing import Any

from docutils import nodes
from sphinx.addnodes import pending_xref
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

import handlesfake

_MADE_BY_TESTS = ("Hooks",)
_SHOWN_AS = {"DoubleWords": "MarkerWords", "FakeWords": "MarkerWords"}
"""Types of the package that have most in common with a public one."""


def setup(app: Sphinx) -> dict[str, Any]:
    """Register with Sphinx."""
    app.connect("missing-reference", _resolve)
    app.connect("autodoc-process-signature", _without_constructor)
    app.connect("autodoc-process-docstring", _without_parameters)
    app.connect("autodoc-process-docstring", _with_default)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def _resolve(app: Sphinx, env: BuildEnvironment, node: pending_xref, shown: nodes.Node) -> nodes.Node | None:
    if node.get("refdomain") != "py":
        return None
    private = str(node["reftarget"]).rpartition(".")[2]
    name = _SHOWN_AS.get(private, private)
    if name in handlesfake.__all__:
        found = env.domains["py"].resolve_any_xref(
            env, node["refdoc"], app.builder, f"handlesfake.{name}", node, shown
        )
        if found:
            return found[0][1]
    return None if isinstance(shown, nodes.literal) else shown  # a role of a docstring shows code


def _without_constructor(_app: Sphinx, what: str, name: str, *_more: object) -> tuple[str, None] | None:
    """Objects that a test is given show no constructor, nor does one with a field for each open question."""
    return ("", None) if _is_given(what, name) else None


def _without_parameters(
    _app: Sphinx, what: str, name: str, _found: object, _options: object, lines: list[str]
) -> None:
    """Nor what that takes, which a class has at the end of its docstring."""
    begin = next((number for number, line in enumerate(lines) if line.startswith(":param ")), None)
    if begin is not None and _is_given(what, name):
        del lines[begin:]


def _with_default(_app: Sphinx, what: str, name: str, _found: object, _options: object, lines: list[str]) -> None:
    """A choice says what the fake does unless a test chooses: Sphinx does not see it, as the class has slots."""
    kind, _, choice = name.rpartition(".")
    if what == "attribute" and kind == "handlesfake.Choices":
        lines += ["", f"Default: ``{getattr(handlesfake.Choices(), choice)!r}``."]


def _is_given(what: str, name: str) -> bool:
    return what == "class" and name.rpartition(".")[2] not in _MADE_BY_TESTS
