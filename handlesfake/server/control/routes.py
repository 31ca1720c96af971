"""Calls: the table of everything that can be asked of the control interface."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from typing import TypeAlias
from urllib.parse import unquote

from handlesfake.mpsd.http.message import Response
from handlesfake.server.control.request import ControlRequest
from handlesfake.server.control.schemas import Schema, Words
from handlesfake.values.values import field, frozen

Perform: TypeAlias = Callable[[ControlRequest], Response | Awaitable[Response]]


@frozen
class ControlCall:
    """One call: how it is asked for, what it does, and which words it takes."""

    method: str
    path: str
    """Below the control interface's own address, variable parts in braces: ``/users/{role}``."""

    about: str
    """One sentence for people: what it does."""

    perform: Perform
    query: Words = field(default_factory=dict)
    body: Words | None = None
    """The words of the body; None where it takes no words, or a file of a special kind."""

    needs: tuple[str, ...] = ()
    """The words that the body must have."""

    together: Schema = field(default_factory=dict)
    """What is true of the words of the body together, as JSON Schema."""

    file: str = ""
    """What kind of file the body is, where it is one: ``state file``."""

    file_schema: Schema = field(default_factory=dict)
    """What that file may hold."""

    needs_file: bool = True
    """Whether an empty body is refused."""

    status: int = 200
    made: bool = False
    """Whether 201 is answered, too: something was made that did not exist."""

    can_lack: bool = False
    """Whether 404 is answered where what the address names is missing."""

    can_fail: bool = False
    """Whether 409 is answered where a claim does not hold."""

    answer: Schema | None = None
    """The JSON that it answers; None where it answers nothing."""

    texts: tuple[str, ...] = ()
    """Media types that it answers, too, or instead."""

    @property
    def asked(self) -> str:
        """How texts and tables name it: ``POST /clock``."""
        return f"{self.method} {self.path or '/'}"

    @property
    def is_of_world(self) -> bool:
        """Whether its address names a world itself; else it exists below each world's, too."""
        return self.path.startswith("/worlds/")

    def fits(self, path: str) -> dict[str, str] | None:
        """The variable parts of ``path``, an address as it came, when it is this call's; else None."""
        found = re.fullmatch(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", self.path), path)
        return None if found is None else {name: unquote(part) for name, part in found.groupdict().items()}
