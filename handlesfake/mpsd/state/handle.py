"""Handle: what the service knows about one handle, and the document that shows it, made when it is read."""

from __future__ import annotations

from functools import lru_cache
from sys import intern
from typing import Any

from handlesfake.mpsd.state.session import Document, SessionRef
from handlesfake.mpsd.ticks import wire_time
from handlesfake.values.values import frozen

KeptDocument = tuple[Any, ...]
"""A document in a third of its memory: the names of its fields, one tuple for all like documents, then the values."""

OWN: Any = ...
"""In a kept document, under ``sessionRef`` and ``createTime``: the handle itself has the value."""

_REF = ("scid", "templateName", "name")


def kept(document: Document, ref: SessionRef, created_at: int | None = None) -> KeptDocument:
    """What :attr:`Handle.document` makes ``document`` of.

    :param ref: the session that the handle points to; most clients write it as the handle would.
    :param created_at: the ticks of ``createTime``; None where there is none, or it is kept as it stands.
    """
    names, of_ref, of_time = _layout(tuple(document))
    said = [names, *document.values()]
    sent = said[of_ref] if of_ref else None
    if type(sent) is dict and tuple(sent) == _REF and tuple(sent.values()) == (ref.scid, ref.template_name, ref.name):
        said[of_ref] = OWN
    if created_at is not None:
        said[of_time] = OWN
    return tuple(said)


@lru_cache(maxsize=256)
def _layout(names: tuple[str, ...]) -> tuple[tuple[str, ...], int, int]:
    """The names of a document's fields, and the places that :data:`OWN` may have in a kept one; 0 for none."""
    of_ref, of_time = (1 + names.index(name) if name in names else 0 for name in ("sessionRef", "createTime"))
    return tuple(map(intern, names)), of_ref, of_time


@frozen
class Handle:
    """One handle."""

    id: str
    type: str
    session_ref: SessionRef
    owner_xuid: str
    title_id: str
    created_at: int
    """100 ns ticks since 1970-01-01 UTC."""

    kept: KeptDocument
    """Made by :func:`kept` of the JSON object that its creation is answered with."""

    invited_xuid: str = ""
    expires_at: int | None = None
    """Ticks at which an invite ends; None for a handle that lives until it is deleted."""

    @property
    def document(self) -> Document:
        """The JSON object that its creation was answered with: a new one at each call, whose parts are shared."""
        said = iter(self.kept)
        document: Document = dict(zip(next(said), said, strict=False))
        if document.get("sessionRef") is OWN:
            document["sessionRef"] = self.session_ref.wire
        if document.get("createTime") is OWN:
            document["createTime"] = wire_time(self.created_at)
        return document

    def said(self, name: str) -> Any:
        """The value of ``name`` in the document; None where it is missing. One field is read without the rest."""
        names = self.kept[0]
        found = self.kept[1 + names.index(name)] if name in names else None
        return self.document[name] if found is OWN else found
