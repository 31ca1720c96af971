"""Mixing: titles that use services of which they may use one alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from handlesfake.mpsd.provenance import Provenance, with_notes
from handlesfake.services.service import Service
from handlesfake.services.table import SERVICES

if TYPE_CHECKING:
    from handlesfake.mpsd.service import Reply
    from handlesfake.mpsd.state.directory import Directory

_USED = "used"
"""Where the world keeps which services each title has written to; no service is called so."""


class Mixing:
    """Notes where a title first writes to a service beside one that excludes it (documented, contract 17).

    :param services: the services that are played beside the first of the table, by name.
    """

    def __init__(self, services: Iterable[str]) -> None:
        played = (next(iter(SERVICES)), *services)
        pairs = [(name, other) for name in played for other in SERVICES[name].apart_from if other in played]
        self._apart: dict[str, set[str]] = {}
        for one, other in pairs:
            self._apart.setdefault(one, set()).add(other)
            self._apart.setdefault(other, set()).add(one)
        self._reads = frozenset(
            one.name for name in played for one in SERVICES[name].operations() if one.reads or name not in self._apart
        )

    @property
    def matters(self) -> bool:
        """Whether any two of the services that are played exclude each other."""
        return bool(self._apart)

    def noted(self, service: Service, reply: Reply) -> tuple[Directory, Provenance] | None:
        """What the world knows after ``reply``, and what is known about the answer; None where that is as it was."""
        told = reply.provenance
        if reply.operation in self._reads or told.refusal is not None or told.caller is None:
            return None
        directory, title_id = reply.directory, told.caller.title_id
        used = directory.beside.get(_USED, _NONE)
        before = used.get(title_id, ())
        if service.name in before:
            return None
        directory = directory.with_beside(_USED, {**used, title_id: (*before, service.name)})
        others = [SERVICES[name].label for name in before if name in self._apart.get(service.name, ())]
        if not others:
            return directory, told
        note = f"title {title_id} has used {' and '.join(others)}, too: a title uses one of them alone (documented)"
        return directory, with_notes(told, note)


_NONE: Mapping[str, tuple[str, ...]] = {}
