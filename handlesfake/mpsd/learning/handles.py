"""Handles, as answers show them: created, listed, read, or gone."""

from __future__ import annotations

from functools import reduce

from handlesfake.mpsd.learning.parts import part, ticks
from handlesfake.mpsd.learning.shown import GONE, RecordedAnswer
from handlesfake.mpsd.state.directory import Directory
from handlesfake.mpsd.state.handle import Handle, kept
from handlesfake.mpsd.state.session import Document, SessionRef
from handlesfake.values.values import replace


def learn_created(shown: RecordedAnswer) -> Directory:
    """With the handle that a ``POST /handles`` made."""
    if not 200 <= shown.response.status < 300:
        return shown.directory
    # what the answer does not repeat, the request has said
    handle = _shown_handle({**shown.sent, **shown.document}, shown.now)
    if handle is None:
        return shown.directory
    return _with(shown.directory, handle if handle.owner_xuid else replace(handle, owner_xuid=shown.xuid))


def learn_listed(shown: RecordedAnswer) -> Directory:
    """With each handle that a query found."""
    results = shown.document.get("results")
    if shown.response.status != 200 or not isinstance(results, list):
        return shown.directory
    found = (_shown_handle(one, shown.now) for one in results if isinstance(one, dict))
    return reduce(_with, (handle for handle in found if handle is not None), shown.directory)


def learn_got(shown: RecordedAnswer) -> Directory:
    """With the handle that a ``GET`` shows, or without the missing one."""
    if shown.response.status != 200:
        return learn_deleted(shown)
    handle = _shown_handle(dict(shown.document), shown.now)
    return shown.directory if handle is None else _with(shown.directory, handle)


def learn_deleted(shown: RecordedAnswer) -> Directory:
    """Without the handle that was deleted, or was missing."""
    if shown.handle is None or shown.response.status not in (*GONE, 200):
        return shown.directory
    return shown.directory.without_handle(shown.handle)


def _shown_handle(document: Document, now: int) -> Handle | None:
    """The handle that ``document`` shows; None when it shows none."""
    ref, handle_id, kind = part(document, "sessionRef"), document.get("id"), document.get("type")
    texts = [ref.get(name) for name in ("scid", "templateName", "name")]
    if not all(isinstance(text, str) and text for text in (handle_id, kind, *texts)):
        return None
    session_ref = SessionRef(*(str(text) for text in texts))
    return Handle(
        id=str(handle_id).lower(),
        type=str(kind),
        session_ref=session_ref,
        owner_xuid=str(document.get("ownerXuid") or ""),
        title_id=str(document.get("titleId") or ""),
        created_at=ticks(document.get("createTime"), now),
        kept=kept(document, session_ref),
        invited_xuid=str(document.get("invitedXuid") or ""),
        expires_at=ticks(document.get("expiration"), 0) or None,
    )


def _with(directory: Directory, handle: Handle) -> Directory:
    known = directory.handles.get(handle.id)
    if known is not None:
        directory = directory.without_handle(known)
    if handle.type == "activity" and handle.owner_xuid:
        return directory.with_activity((handle.owner_xuid, handle.session_ref.key[0]), handle)
    return directory.with_search(handle) if handle.type == "search" else directory.with_handle(handle)
