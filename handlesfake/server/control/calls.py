"""Calls: the table of everything that can be asked of the control interface."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from handlesfake.mpsd.message import Response
from handlesfake.server.control.ask import Ask

Perform: TypeAlias = Callable[[Ask], Response | Awaitable[Response]]
Schema: TypeAlias = Mapping[str, Any]
TEXT: Schema = {"type": "string"}
NUMBER: Schema = {"type": "number"}
WHOLE: Schema = {"type": "integer"}
SWITCH: Schema = {"type": "boolean"}
OBJECT: Schema = {"type": "object"}
TEXTS: Schema = {"type": "array", "items": TEXT}


@dataclass(frozen=True, slots=True)
class Call:
    """One call: how it is asked for, what it does, and which words it takes."""

    method: str
    path: str
    """Below the control interface's own address, variable parts in braces: ``/users/{role}``."""

    about: str
    """One sentence for people: what it does."""

    perform: Perform
    query: Mapping[str, Schema] = field(default_factory=dict)
    body: Mapping[str, Schema] | None = None
    """The words of the body; None where it takes none, or a file of its own kind."""

    status: int = 200

    def fits(self, path: str) -> dict[str, str] | None:
        """The variable parts of ``path`` when it is this call's; else None."""
        found = re.fullmatch(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", self.path), path)
        return None if found is None else found.groupdict()
