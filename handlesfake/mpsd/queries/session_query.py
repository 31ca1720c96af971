"""GET .../sessions and POST .../batch: which sessions a user is in, or have a keyword (contract 7.7)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from handlesfake.mpsd.context import Context, Result
from handlesfake.mpsd.evidence import Evidence
from handlesfake.mpsd.handles.handle_body import remark_unknown
from handlesfake.mpsd.http.body import a_xuid, short
from handlesfake.mpsd.queries.activity_query import read_xuids
from handlesfake.mpsd.queries.parameters import Parameters, read_parameters, require_own
from handlesfake.mpsd.refusals.catalogue import refuse
from handlesfake.mpsd.sessions.access.read_and_join import may_read
from handlesfake.mpsd.sessions.access.visibility import visibility_of
from handlesfake.mpsd.state.session import Member, Session
from handlesfake.mpsd.ticks import wire_time
from handlesfake.values.values import frozen

VISIBILITIES = ("open", "visible", "private")


@frozen
class _Wanted:
    """What the query string asks for, checked."""

    keyword: str | None
    reservations: bool
    inactive: bool
    private: bool
    visibility: str | None
    version: int | None
    take: int

    def shows(self, session: Session, member: Member | None) -> bool:
        """Whether ``session`` is asked for; ``member`` is the user that led to it."""
        visibility = visibility_of(session)
        if visibility == "private" and not self.private:
            return False
        if self.visibility is not None and visibility != self.visibility:
            return False
        version = session.system.get("version")
        if self.version is not None and isinstance(version, int) and version > self.version:
            return False
        return member is None or self._shows_status(member.status)

    def _shows_status(self, status: str) -> bool:
        return {"reserved": self.reservations, "inactive": self.inactive}.get(status, True)


def query_sessions(context: Context) -> Result:
    """List the sessions of ``xuid``, or with ``keyword``, or both.

    :raises Refusal: neither is given, a parameter is not as it must be, or asks for what is not the caller's to see.
    """
    parameters = read_parameters(context)
    text = parameters.text("xuid")
    xuid = a_xuid(text, "xuid") if text is not None else None
    wanted = _wanted(context, parameters, [] if xuid is None else [xuid])
    if xuid is None and wanted.keyword is None:
        raise refuse("unfiltered_session_query", context.settings.choices.unfiltered_session_query)
    if wanted.keyword is not None or "template_name" in context.parameters:
        context.limit_evidence(Evidence.DOCUMENTED)  # captured is a query by xuid, over a whole service configuration
    return _done(context, _found(context, wanted, xuid), wanted.take)


def batch_query_sessions(context: Context) -> Result:
    """List the sessions of each of the body's ``xuids``, in their order.

    :raises Refusal: as for :func:`query_sessions`, or the body is not as MPSD wants it.
    """
    context.limit_evidence(Evidence.DOCUMENTED)
    body = context.body()
    remark_unknown([name for name in body if name != "xuids"], context)
    if body.get("xuids") is None:
        raise refuse("missing_field", field="xuids")
    xuids = read_xuids(body["xuids"], "xuids")
    wanted = _wanted(context, read_parameters(context), xuids)
    found = (item for xuid in dict.fromkeys(xuids) for item in _found(context, wanted, xuid))
    return _done(context, found, wanted.take)


def _wanted(context: Context, parameters: Parameters, xuids: list[str]) -> _Wanted:
    require_own(context, parameters, xuids)
    private = parameters.flag("private")
    visibility = parameters.text("visibility")
    if visibility is not None and visibility.lower() not in VISIBILITIES:
        problem = f"must be one of {', '.join(VISIBILITIES)}, and is {short(visibility)}"
        raise refuse("invalid_parameter", parameter="visibility", problem=problem)
    if visibility is not None and visibility.lower() == "private" and not private:
        raise refuse("invalid_parameter", parameter="visibility", problem="can be private only with private=true")
    return _Wanted(
        keyword=parameters.text("keyword"),
        reservations=parameters.flag("reservations"),
        inactive=parameters.flag("inactive"),
        private=private,
        visibility=visibility.lower() if visibility is not None else None,
        version=parameters.number("version", context.contract_version % 100),
        take=parameters.take,
    )


def _found(context: Context, wanted: _Wanted, xuid: str | None) -> Iterator[tuple[Session, str | None]]:
    """The sessions that match, newest first, each with the user that led to it."""
    sessions = sorted(_candidates(context, wanted, xuid), key=lambda session: session.started_at, reverse=True)
    respects = context.settings.choices.queries_respect_read_restriction and not context.caller.manages
    for session in sessions:
        member = session.member_of(xuid) if xuid is not None else None
        if not wanted.shows(session, member):
            continue
        if respects and not may_read(context, session):
            context.limit_evidence(Evidence.ASSUMED)
        else:
            yield session, xuid


def _candidates(context: Context, wanted: _Wanted, xuid: str | None) -> Iterable[Session]:
    """The sessions under the narrower of the two indexes: the user's own, where there is a user."""
    directory, scid = context.directory, context.parameters["scid"].lower()
    keyword = wanted.keyword.lower() if wanted.keyword is not None else None
    if xuid is not None:
        keys = directory.sessions_of.get(xuid, ())
    else:
        keys = directory.sessions_by_keyword.get((scid, keyword or ""), ())
    template_name = context.parameters.get("template_name")
    for key in keys:
        session = directory.sessions[key]
        if key[0] != scid or (template_name is not None and key[1] != template_name.lower()):
            continue
        if keyword is None or any(word.lower() == keyword for word in session.keywords):
            yield session


def _done(context: Context, found: Iterable[tuple[Session, str | None]], take: int) -> Result:
    items = [_item(session, xuid) for session, xuid in found][:take]
    if len(items) > 1:
        context.limit_evidence(Evidence.INFERRED)  # the order is not published
    # the capture shows an empty list; the content of a full one is documented
    evidence = Evidence.DOCUMENTED if items else Evidence.CAPTURED
    return Result(context.directory, 200, {"results": items}, evidence=evidence)


def _item(session: Session, xuid: str | None) -> dict[str, Any]:
    """One result: who and how, where it was found by user, and the session in short."""
    member = session.member_of(xuid) if xuid is not None else None
    item: dict[str, Any] = {"xuid": xuid} if xuid is not None else {}
    item |= {"startTime": wire_time(session.started_at), "sessionRef": session.ref.wire}
    item["accepted"] = session.accepted
    if member is not None:
        item["status"] = member.status
    properties = session.properties.get("system", {})
    visibility = visibility_of(session)
    item["visibility"] = "full" if visibility == "open" and session.is_full else visibility
    if visibility == "open" and properties.get("joinRestriction") in ("local", "followed"):
        item["joinRestriction"] = properties["joinRestriction"]
    if member is not None and member.index in (properties.get("turn") or ()):
        item["myTurn"] = True
    if session.keywords:
        item["keywords"] = list(session.keywords)
    return item
