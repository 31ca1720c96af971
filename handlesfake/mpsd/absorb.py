"""absorb(): what an answer of the real service shows of its state, put into a directory."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import Any
from urllib.parse import unquote

from immutables import Map

from handlesfake.mpsd.contract import Route, route
from handlesfake.mpsd.directory import Directory, Handle
from handlesfake.mpsd.lifecycle import ended, stored, without_assumed
from handlesfake.mpsd.message import Request, Response
from handlesfake.mpsd.reading import read_json
from handlesfake.mpsd.refusals import Refusal
from handlesfake.mpsd.session import Document, Member, Session, SessionRef
from handlesfake.mpsd.spelling import to_107
from handlesfake.mpsd.ticks import from_wire_time

_GONE = (204, 404)


def absorb(directory: Directory, request: Request, response: Response, *, xuid: str = "", now: int = 0) -> Directory:
    """``directory`` as far as ``response`` to ``request`` shows what the service knows; what it does not show stays.

    Pure. Learned are sessions with their members, handles, and that either is gone. Anything odd teaches nothing.

    :param xuid: who asked, for handles that do not say whose they are.
    :param now: 100 ns ticks since 1970-01-01 UTC, when the answer came.
    """
    found = route(request.method, request.target)
    learn = _LEARN.get(found.name)
    if learn is None:
        return directory
    return learn(_Shown(directory, request, response, found, xuid, now))


class _Shown:
    """One exchange, to be learned from."""

    def __init__(
        self, directory: Directory, request: Request, response: Response, found: Route, xuid: str, now: int
    ) -> None:
        self.directory = directory
        self.response = response
        self.parameters = found.parameters
        self.xuid = xuid
        self.now = now
        self.sent = _json(request.body, request.headers.first("Content-Encoding"))
        self.document = _json(response.body, response.headers.first("Content-Encoding"))

    @property
    def ref(self) -> SessionRef | None:
        """The session that the exchange is about."""
        if "scid" in self.parameters:
            return SessionRef(*(self.parameters[part] for part in ("scid", "template_name", "name")))
        located = _located(self.response.headers.first("Content-Location") or "")
        handle = self.directory.handles.get(self.parameters.get("handle_id", "").lower())
        return located or (handle.session_ref if handle is not None else None)


def _json(body: bytes, coding: str | None) -> Mapping[str, Any]:
    try:
        document = read_json(body, coding) if body else None
    except Refusal:
        return {}
    return document if isinstance(document, dict) else {}


def _located(address: str) -> SessionRef | None:
    """The session that ``Content-Location`` names: at least six parts of a path."""
    parts = [unquote(part) for part in address.partition("?")[0].split("/")]
    names = [part.lower() for part in parts]
    if "serviceconfigs" not in names:
        return None
    rest = parts[names.index("serviceconfigs") :]
    return SessionRef(rest[1], rest[3], rest[5]) if len(rest) >= 6 and all(rest[1:6]) else None


# ---- sessions


def _session(shown: _Shown) -> Directory:
    ref, directory = shown.ref, shown.directory
    if ref is None:
        return directory
    known = directory.session(ref)
    if shown.response.status in _GONE:
        # a missing handle says nothing of the session
        is_gone = known is not None and ("scid" in shown.parameters or shown.response.status == 204)
        return ended(directory, known) if is_gone and known is not None else directory
    if "constants" not in shown.document or shown.response.status not in (200, 201, 412):
        return directory
    session = _read_session(shown, ref, known)
    if session is None:
        return directory
    return stored(without_assumed(directory), known, session, shown.now)


def _read_session(shown: _Shown, ref: SessionRef, known: Session | None) -> Session | None:
    document = shown.document
    constants = _parts(to_107(_part(document, "constants")))
    properties = _parts(_part(document, "properties"))
    # what MPSD adds to show that there is none
    system = {name: value for name, value in properties["system"].items() if (name, value) not in _SHOWN_EMPTY}
    session = Session(
        ref=known.ref if known is not None else ref,
        branch=str(document.get("branch") or ""),
        etag=shown.response.headers.first("ETag") or (known.etag if known is not None else '""'),
        correlation_id=str(document.get("correlationId") or ""),
        started_at=_ticks(document.get("startTime"), shown.now),
        change_number=_number(document.get("changeNumber"), 1),
        constants=constants,
        properties={**properties, "system": system},
        role_types=_role_types(_part(document, "roleTypes")),
        servers=dict(_part(document, "servers")),
        members=Map(),
        next_index=_number(_part(document, "membersInfo").get("next"), 0),
        lock=known.lock if known is not None else None,
    )
    members = [_member(name, one, shown) for name, one in _part(document, "members").items()]
    if any(member is None for member in members):
        return None
    if _part(constants["system"], "capabilities").get("large") and known is not None:
        # of a large session each sees the own record only
        members += [member for member in known.members.values() if not _is_among(member, members)]
    for member in members:
        if member is not None:
            session = session.with_member(member)
    return session


_SHOWN_EMPTY: tuple[tuple[str, Any], ...] = (("turn", []), ("matchmaking", {}))


def _is_among(member: Member, members: Iterable[Member | None]) -> bool:
    return any(one is not None and one.xuid == member.xuid for one in members)


def _member(name: str, document: Any, shown: _Shown) -> Member | None:
    """The member that ``document`` shows; None when it shows none."""
    if not isinstance(document, dict):
        return None
    constants, properties = _parts(_part(document, "constants")), _parts(_part(document, "properties"))
    system, xuid = properties["system"], constants["system"].get("xuid")
    index = _number(constants["system"].get("index"), int(name) if name.isascii() and name.isdigit() else -1)
    if not isinstance(xuid, str) or index < 0:
        return None
    joined = _ticks(document.get("joinTime"), shown.now)
    return Member(
        index=index,
        xuid=xuid,
        joined_at=joined,
        status=_status(document, system),
        since=shown.now,
        constants={**constants, "system": _less(constants["system"], "xuid", "index")},
        properties={**properties, "system": _less(system, "active", "ready")},
        roles=dict(_part(document, "roles")),
        gamertag=str(document.get("gamertag") or ""),
        title_id=str(document.get("activeTitleId") or ""),
        device_token=str(document.get("deviceToken") or ""),
    )


def _status(document: Document, system: Document) -> str:
    if document.get("reserved"):
        return "reserved"
    return next((status for status in ("ready", "active") if system.get(status)), "inactive")


def _role_types(shown: Mapping[str, Any]) -> Document:
    """The role types less who plays which role, which the members say themselves."""
    found: Document = {}
    for name, kind in shown.items():
        roles = _part(kind, "roles") if isinstance(kind, dict) else {}
        if roles and all(isinstance(role, dict) for role in roles.values()):
            bare = {role: _less(roles[role], "memberXuids", "count") for role in roles}
            found[name] = {**kind, "roles": bare}
    return found


# ---- handles


def _created(shown: _Shown) -> Directory:
    if not 200 <= shown.response.status < 300:
        return shown.directory
    # what the answer does not repeat, the request has said
    return _with_handle(shown, {**shown.sent, **shown.document})


def _listed(shown: _Shown) -> Directory:
    results = shown.document.get("results")
    directory = shown.directory
    for one in results if shown.response.status == 200 and isinstance(results, list) else ():
        if isinstance(one, dict):
            shown.directory = directory = _with_handle(shown, one, owner="")
    return directory


def _got(shown: _Shown) -> Directory:
    return _with_handle(shown, dict(shown.document), owner="") if shown.response.status == 200 else _deleted(shown)


def _deleted(shown: _Shown) -> Directory:
    handle = shown.directory.handles.get(shown.parameters.get("handle_id", "").lower())
    if handle is None or shown.response.status not in (*_GONE, 200):
        return shown.directory
    return shown.directory.without_handle(handle)


def _with_handle(shown: _Shown, document: Document, owner: str | None = None) -> Directory:
    ref, handle_id, kind = _part(document, "sessionRef"), document.get("id"), document.get("type")
    texts = [ref.get(part) for part in ("scid", "templateName", "name")]
    if not all(isinstance(text, str) and text for text in (handle_id, kind, *texts)):
        return shown.directory
    owner_xuid = str(document.get("ownerXuid") or (shown.xuid if owner is None else owner))
    handle = Handle(
        id=str(handle_id).lower(),
        type=str(kind),
        session_ref=SessionRef(*(str(text) for text in texts)),
        owner_xuid=owner_xuid,
        title_id=str(document.get("titleId") or ""),
        created_at=_ticks(document.get("createTime"), shown.now),
        document=document,
        invited_xuid=str(document.get("invitedXuid") or ""),
        expires_at=_ticks(document.get("expiration"), 0) or None,
    )
    known = shown.directory.handles.get(handle.id)
    directory = shown.directory.without_handle(known) if known is not None else shown.directory
    if kind == "activity" and owner_xuid:
        return directory.with_activity((owner_xuid, handle.session_ref.scid.lower()), handle)
    return directory.with_search(handle) if kind == "search" else directory.with_handle(handle)


# ---- small ones


def _part(document: Mapping[str, Any], name: str) -> Document:
    found = document.get(name)
    return found if isinstance(found, dict) else {}


def _parts(document: Mapping[str, Any]) -> Document:
    return {name: dict(_part(document, name)) for name in ("system", "custom")}


def _less(document: Mapping[str, Any], *names: str) -> Document:
    return {name: value for name, value in document.items() if name not in names}


def _number(value: Any, otherwise: int) -> int:
    return value if type(value) is int else otherwise


def _ticks(value: Any, otherwise: int) -> int:
    found = from_wire_time(value) if isinstance(value, str) else None
    return otherwise if found is None else found


_LEARN: Mapping[str, Callable[[_Shown], Directory]] = MappingProxyType(
    {
        "get_session": _session,
        "put_session": _session,
        "get_session_by_handle": _session,
        "put_session_by_handle": _session,
        "create_handle": _created,
        "get_handle": _got,
        "query_handles": _listed,
        "delete_handle": _deleted,
    }
)
