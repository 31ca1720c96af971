"""Which recorded request is the same as one that is sent: by operation, address, body as MPSD reads it, caller."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Hashable, Iterable, Iterator
from typing import Any
from urllib.parse import parse_qsl

from handlesfake.cassettes.cassette import Interaction
from handlesfake.outcome import Call


def key_of(call: Call) -> Hashable:
    """What two requests share that are the same but for their callers.

    The order of keys, spaces and gzip make no difference, nor does the case of the address's names; a title id is the
    same as number and as text (U11). A body that is no JSON is compared byte by byte.
    """
    request, route = call.request, call.route
    query = tuple(sorted(parse_qsl(request.query, keep_blank_values=True))) if request.query else ()
    if route.operation is None:
        return request.method, request.path, query, request.body
    parameters = tuple(value.lower() for value in route.parameters.values())
    return route.operation.template, parameters, query, canonical(call)


def canonical(call: Call) -> str | bytes:
    """The body of ``call`` in one spelling."""
    if call.document is None:
        return call.request.body
    return json.dumps(as_mpsd_reads(call.document), sort_keys=True, separators=(",", ":"))


def as_mpsd_reads(document: Any, field: str = "") -> Any:
    """``document`` with each title id as a text."""
    if isinstance(document, dict):
        return {name: as_mpsd_reads(value, name) for name, value in document.items()}
    if isinstance(document, list):
        return [as_mpsd_reads(value) for value in document]
    return str(document) if field == "titleId" and type(document) is int else document


class Index:
    """The interactions that have not played yet, found at once however many there are.

    Callers are told apart: two accounts send the same bytes. A caller whom the cassette does not know is bound, at
    the first match, to one whom it knows and whom nobody else is bound to, and stays so.

    :param roles: who is known to the cassette, also those who send nothing in it.
    """

    def __init__(self, interactions: Iterable[Interaction], roles: Iterable[str] = ()) -> None:
        self._unplayed: dict[Hashable, dict[str, deque[Interaction]]] = {}
        self._labels = set(roles)
        self._bound: dict[str, str] = {}
        for interaction in interactions:
            callers = self._unplayed.setdefault(key_of(interaction.call), {})
            callers.setdefault(interaction.caller, deque()).append(interaction)
            self._labels.add(interaction.caller)

    def take(self, call: Call, label: str) -> Interaction | None:
        """The first unplayed interaction that is the same as ``call`` of the caller ``label``; it plays now."""
        callers = self._unplayed.get(key_of(call))
        if callers is None:
            return None
        for known in self._known_as(label, callers):
            if callers.get(known):
                if known not in (label, ""):
                    self._bound[label] = known
                return callers[known].popleft()
        return None

    def _known_as(self, label: str, callers: dict[str, deque[Interaction]]) -> Iterator[str]:
        """What the cassette may call the caller ``label``, the surest first."""
        yield label
        yield ""
        if label in self._labels:
            return
        if label in self._bound:
            yield self._bound[label]
            return
        taken = set(self._bound.values())
        yield from (known for known in callers if known not in taken)
