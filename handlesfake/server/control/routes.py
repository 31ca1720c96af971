"""Calls: the table of everything that can be asked of the control interface."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import TypeAlias
from urllib.parse import unquote

from handlesfake.mpsd.http.message import Response
from handlesfake.server.control.request import ControlRequest
from handlesfake.server.control.schemas import Schema, Words

Perform: TypeAlias = Callable[[ControlRequest], Response | Awaitable[Response]]


@dataclass(frozen=True, slots=True)
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
    """The words of the body; None where it takes none, or a file of its own kind."""

    file: str = ""
    """What kind of file the body is, where it is one: ``state file``."""

    status: int = 200
    made: bool = False
    """Whether 201 is answered, too: something was made that was not there."""

    can_lack: bool = False
    """Whether 404 is answered where what the address names is not there."""

    answer: Schema | None = None
    """The JSON that it answers; None where it answers nothing."""

    texts: tuple[str, ...] = ()
    """Media types that it answers, too, or instead."""

    def fits(self, path: str) -> dict[str, str] | None:
        """The variable parts of ``path``, an address as it came, when it is this call's; else None."""
        found = re.fullmatch(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", self.path), path)
        return None if found is None else {name: unquote(part) for name, part in found.groupdict().items()}
