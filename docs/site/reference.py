"""The pages of the API reference: every public name, in the groups of ``docs/names.md``, for Sphinx's autodoc."""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Iterable, Iterator, Sequence

import handlesfake
import handlesfake.vcr
from docs.making import names
from docs.making.source import attributes, public
from handlesfake.options.options import Options
from handlesfake.plugin import fixtures
from handlesfake.plugin.settings import SETTINGS

FUNCTIONS = ("fake", "replay", "record", "serve", "mark")
OBJECTS = {
    "Users, services and sessions": ("User", "TitleService", "SeededSession", "Party"),
    "What was sent": ("Invite", "Activity", "Journal", "Entry", "Evidence"),
    "Time, and requests that wait": ("Clock", "Hold"),
    "A server": ("Server",),
}
WORDS = ("OperationName", "RefusalName", "FaultName")
TITLES = {
    "api/functions": ("Functions", "doubles without pytest, a server, and the marker with types"),
    "api/pytest": ("Fixtures, marker, settings", "what a test of pytest takes, and what it can say"),
    "api/double": ("The double", "all that a test can do with `mpsd`: arrange, upset, look and claim"),
    "api/objects": ("What a test gets", "users, sessions, invites, the journal, the clock, the server"),
    "api/choices": ("Choices", "each open question of the service, and what the fake answers"),
    "api/names": ("Names", "of operations, refusals and faults, for type checkers and editors"),
    "api/errors": ("Errors and warnings", "what is raised when a test or a file is wrong"),
    "api/vcr": ("Hooks for vcrpy", "`handlesfake.vcr`, for suites that stay with vcrpy"),
}
"""The pages of the reference: their titles, and what they have."""


def pages() -> dict[str, str]:
    """Each page of the reference by its name on the site, without a suffix."""
    parts: dict[str, Iterable[str]] = {
        "api/functions": [_directive("autofunction", name) for name in FUNCTIONS],
        "api/pytest": _pytest(),
        "api/double": _double(),
        "api/objects": _objects(),
        "api/choices": [_kind("Choices")],
        "api/names": [_directive("autodata", name) for name in WORDS],
        "api/errors": [_rest([f".. autoexception:: {name}", "   :show-inheritance:"]) for name in _errors()],
        "api/vcr": _hooks(),
    }
    return {
        name: f"# {title}\n\n{about[0].upper()}{about[1:]}.\n\n" + "\n\n".join(parts[name]) + "\n"
        for name, (title, about) in TITLES.items()
    }


def _pytest() -> Iterator[str]:
    yield "## Fixtures"
    yield from _fixtures()
    yield "## The marker"
    yield _marker()
    yield f"## Options\n\n{names.flags()}"
    yield f"## Ini settings\n\n{_SETTINGS}\n\n{names.settings()}"


_SETTINGS = (
    "Some words of the marker are ini settings too: [every name](../reference.md#pytest) has them side by side."
)


def _rest(lines: Sequence[str]) -> str:
    body = "\n".join([".. currentmodule:: handlesfake", "", *lines])
    return f"````{{eval-rst}}\n{body}\n````"


def _directive(name: str, *arguments: str) -> str:
    return _rest([f".. {name}:: {argument}" for argument in arguments])


def _kind(name: str, module: object = handlesfake) -> str:
    """A class, and all its public members in the order of its source."""
    kind = getattr(module, name)
    members = [member for member in public(kind) if member not in names.FOR_THE_PACKAGE]
    return _rest([f".. autoclass:: {name}", "", *(f"   {line}" for line in _members(kind, members))])


def _members(kind: type, members: Iterable[str]) -> Iterator[str]:
    for member in members:
        found = inspect.getattr_static(kind, member, None)
        how = (
            "autoproperty"
            if isinstance(found, property)
            else "automethod"
            if inspect.isfunction(found) or isinstance(found, (classmethod, staticmethod))
            else "autoattribute"
        )
        yield f".. {how}:: {kind.__name__}.{member}"
        yield ""


def _double() -> Iterator[str]:
    yield _directive("autoclass", "Double")
    for heading, members in names.groups_of_the_double().items():
        yield f"## {heading}"
        yield _rest([*_members(handlesfake.Double, members)])


def _objects() -> Iterator[str]:
    for heading, kinds in OBJECTS.items():
        yield f"## {heading}"
        yield from (_kind(name) for name in kinds)


def _hooks() -> Iterator[str]:
    yield _kind("Hooks", handlesfake.vcr).replace("currentmodule:: handlesfake", "currentmodule:: handlesfake.vcr")


def _errors() -> list[str]:
    kinds = {name: getattr(handlesfake, name) for name in handlesfake.__all__}
    found = [name for name, kind in kinds.items() if isinstance(kind, type) and issubclass(kind, Exception)]
    return sorted(found, key=lambda name: (issubclass(kinds[name], Warning), len(kinds[name].__mro__), name))


def _fixtures() -> Iterator[str]:
    for node in ast.parse(inspect.getsource(fixtures)).body:
        if isinstance(node, ast.FunctionDef) and "pytest.fixture" in "".join(map(ast.unparse, node.decorator_list)):
            first, *example = inspect.cleandoc(ast.get_docstring(node) or "").splitlines()
            gives = re.sub(r"Iterator\[(.*)\]", r"\1", ast.unparse(node.returns or ast.Constant(None)))
            head = [".. py:currentmodule:: None", "", f".. py:data:: {node.name}"]
            body = [
                f":type: {gives}",
                "",
                first.rstrip(".:") + ":",
                "",
                ".. code-block:: python",
                "",
            ]
            yield _rest([*head, *(f"   {line}" for line in [*body, *(f"   {line}" for line in example)])])


def _marker() -> str:
    """``MarkerWords``, the type of the marker's words, with what each word means."""
    said = attributes(Options) | {one.name.removeprefix("mpsd_"): one.help for one in SETTINGS if one.is_word}
    lines = [".. py:class:: MarkerWords", "", f"   {inspect.getdoc(handlesfake.MarkerWords)}", ""]
    for word, kind in inspect.get_annotations(handlesfake.MarkerWords).items():
        shown, text = getattr(kind, "__forward_arg__", kind), said.get(word, "").replace("`", "``")
        lines += [
            f"   .. py:attribute:: {word}",
            f"      :type: {shown}",
            "",
            f"      {text[:1].upper()}{text[1:]}",
            "",
        ]
    return _rest(lines)
