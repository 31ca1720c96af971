"""Reading and writing sessions at their own address."""

from __future__ import annotations

from sys import intern
from urllib.parse import parse_qs

from handlesfake.mpsd.assumption import Assumption
from handlesfake.mpsd.context import Context, Log, Result
from handlesfake.mpsd.evidence import Evidence, weakest
from handlesfake.mpsd.http.body import a_name
from handlesfake.mpsd.http.preconditions import if_match_holds, if_none_match_holds
from handlesfake.mpsd.provenance import Provenance
from handlesfake.mpsd.refusals.catalogue import Refusal, refuse
from handlesfake.mpsd.sessions.access.read_and_join import NO_GRANT, Grant, may_read, require_read
from handlesfake.mpsd.sessions.access.session_lookup import require_template
from handlesfake.mpsd.sessions.creation import new_session
from handlesfake.mpsd.sessions.documents import session_document
from handlesfake.mpsd.sessions.lifetime.lifecycle import next_timer, store_session, without_assumed
from handlesfake.mpsd.sessions.merging import require_keys
from handlesfake.mpsd.sessions.stated_xuid import stated_xuid, with_stated_xuid
from handlesfake.mpsd.sessions.told_title import with_told_title
from handlesfake.mpsd.sessions.writing import Body, created_session, read_body, updated
from handlesfake.mpsd.state.directory import Directory
from handlesfake.mpsd.state.initialization import FAILED, configured, measures_peers, setting
from handlesfake.mpsd.state.session import Document, Session, SessionRef, shared_ref
from handlesfake.mpsd.ticks import http_date
from handlesfake.values.values import replace

_REVALIDATE = ("Cache-Control", "max-age=0, must-revalidate")
LATEST = 107
_SHOWN_WITH_SESSION = (
    "session_closed",
    "session_locked",
    "join_restricted",
    "handle_needed",
    "origin_needed",
    "blocked_by_owner",
)


def get_session(context: Context) -> Result:
    """The session at the request's address (contract 7.1).

    :raises Refusal: the caller may not read it, or its template is unknown.
    """
    ref = session_ref(context)
    require_template(context, ref)
    return read_session(context, context.directory.session(ref), NO_GRANT, Evidence.CAPTURED)


def put_session(context: Context) -> Result:
    """Create, join, update or leave the session at the request's address (contract 7.2).

    :raises Refusal: the body is not as MPSD wants it, a precondition is not met, or the caller may not.
    """
    ref = session_ref(context)
    session = context.directory.session(ref)
    if session is not None and session.assumed:
        session = None
    return write_session(context, ref, session, read_body(context.body()), NO_GRANT)


def put_session_properties(context: Context) -> Result:
    """Merge properties only; the session must exist (contract 7.6).

    :raises Refusal: it does not, or as for :func:`put_session`.
    """
    ref = session_ref(context)
    session = context.directory.session(ref)
    if session is None:
        raise refuse("session_missing")
    document = context.body()
    require_keys(document, ("system", "custom"), "")
    context.limit_evidence(Evidence.DOCUMENTED)
    return write_session(context, ref, session, read_body({"properties": document}), NO_GRANT)


def session_ref(context: Context) -> SessionRef:
    """The session that the request's address names.

    :raises Refusal: a name is too long.
    """
    parameters = context.parameters
    template_name = a_name(parameters["template_name"], "templateName")
    name = a_name(parameters["name"], "sessionName")
    return shared_ref(intern(parameters["scid"]), intern(template_name), name)  # many sessions have the same texts


# ---- reading


def read_session(context: Context, session: Session | None, grant: Grant, evidence: Evidence) -> Result:
    """The answer to a GET of ``session``: the document, 304, or 204 when there is none.

    :raises Refusal: the caller may not read it, or ``If-Match`` names another version.
    """
    if session is None:
        status = context.settings.choices.missing_session_get
        if status != 204:
            raise refuse("session_missing", status)
        # documented, and at the session's own address logged: a dump of one that was gone is empty (Broadcaster#41)
        own = evidence is Evidence.CAPTURED
        return Result(context.directory, 204, evidence=Evidence.LOGGED if own else Evidence.DOCUMENTED)
    require_read(context, session, grant)
    if not any(session.member_of(user.xuid) for user in context.caller.users):
        context.limit_evidence(Evidence.DOCUMENTED)  # in the captures members read
    if _nocommit(context):
        context.limit_evidence(Evidence.CLIENT)  # one tool sends it
    if not if_match_holds(context.request.headers, session):
        raise refuse("precondition_failed")
    if not if_none_match_holds(context.request.headers, session):
        return Result(
            context.directory, 304, None, (_REVALIDATE, ("ETag", session.etag)), evidence=Evidence.DOCUMENTED
        )
    return Result(context.directory, 200, readable_document(context, session), _headers(session), evidence=evidence)


def readable_document(context: Context, session: Session) -> Document:
    """The document of ``session`` as the caller sees it."""
    if context.contract_version == LATEST:
        # the captures are of contract 105; logs of a client show what 107 looks like (Broadcaster#95, #96, #99)
        context.limit_evidence(Evidence.LOGGED)
    if configured(session.system):
        context.limit_evidence(_known_of(session))
    if context.caller.is_service or session.capabilities.get("large"):
        context.limit_evidence(Evidence.DOCUMENTED)
    search = context.directory.search_at(session.ref)
    if search is not None or session.role_types or session.properties["system"].get("owners"):
        context.limit_evidence(Evidence.CLIENT)  # each is seen in XSAPI only
    xuids = [user.xuid for user in context.caller.users]
    return session_document(session, context.contract_version, xuids, search.id if search else None)


def _known_of(session: Session) -> Evidence:
    """Initialization is documented, and no capture shows it; how the service weighs measurements is not published."""
    run, system = session.initialization, session.system
    weighed = run is not None and run.stage in ("", FAILED) and measures_peers(system)
    return Evidence.ASSUMED if weighed and not setting(system, "externalEvaluation") else Evidence.DOCUMENTED


def _headers(session: Session) -> tuple[tuple[str, str], ...]:
    timer = next_timer(session)
    expires = (("Expires", http_date(timer)),) if timer is not None else ()
    return _REVALIDATE, ("ETag", session.etag), *expires


# ---- writing


def write_session(context: Context, ref: SessionRef, session: Session | None, body: Body, grant: Grant) -> Result:
    """The answer to a PUT of ``body`` to ``session``, which is None while it does not exist.

    :raises Refusal: a precondition is not met, the body contradicts the session, or the caller may not.
    """
    context = with_stated_xuid(context, stated_xuid(body.members or {}), ref.scid)
    context = with_told_title(context, ref.template_name)
    if session is not None:  # the members may have learned a xuid by that
        session = context.directory.session(ref)
    try:
        _require_preconditions(context, session, grant)
        if session is None:
            return _create(context, ref, body, grant)
        return _update(context, session, body, grant)
    except Refusal as refusal:
        if session is not None and refusal.kind.name in _SHOWN_WITH_SESSION:
            raise _with_session(context, session, grant, refusal) from None
        raise


def _require_preconditions(context: Context, session: Session | None, grant: Grant) -> None:
    headers = context.request.headers
    if not if_none_match_holds(headers, session):
        refusal = refuse("precondition_failed")
        if context.settings.choices.precondition_shows_session and session is not None:
            raise carrying(context, session, refusal)
        raise refusal
    if if_match_holds(headers, session):
        return
    refusal = refuse("precondition_failed")
    if session is None:
        raise refusal
    require_read(context, session, grant)
    if grant is NO_GRANT and any(session.member_of(user.xuid) for user in context.caller.users):
        # captured of a member that writes at the session's own address
        refusal.evidence = weakest(Evidence.CAPTURED, *context.log.evidence_levels)
    raise carrying(context, session, refusal)


def carrying(context: Context, session: Session, refusal: Refusal) -> Refusal:
    """``refusal`` with the whole session and its ETag, as 403 and 412 have them (documented; 412 captured)."""
    log = Log()
    refusal.document = readable_document(replace(context, log=log), session)
    refusal.evidence = weakest(refusal.evidence, *log.evidence_levels)
    refusal.etag = session.etag
    return refusal


def _with_session(context: Context, session: Session, grant: Grant, refusal: Refusal) -> Refusal:
    """Who may read and not write is shown the session with the no (documented; U64)."""
    if not context.settings.choices.refusal_shows_session or not may_read(context, session, grant):
        return refusal
    refusal.evidence = weakest(refusal.evidence, Evidence.DOCUMENTED)  # what is logged is the sentence
    return carrying(context, session, refusal)


def _create(context: Context, ref: SessionRef, body: Body, grant: Grant) -> Result:
    require_template(context, ref)
    directory = without_assumed(context.directory)
    _assume_template(context, ref.template_name)
    empty = new_session(directory, ref, body.constants, context.now, context.new_id, context.settings)
    session = created_session(context, empty, body, grant)
    if context.request.headers.first("If-None-Match") is not None or body.constants or body.role_types:
        context.limit_evidence(Evidence.DOCUMENTED)  # the captured creation states neither
    return _done(context, store_session(directory, None, session, context.now), ref, 201, Evidence.CAPTURED)


def _update(context: Context, session: Session, body: Body, grant: Grant) -> Result:
    after = updated(context, session, body, grant)
    if after == session:
        context.limit_evidence(Evidence.ASSUMED)  # whether a write that changes nothing counts is open (U57)
        if not context.settings.choices.noop_bumps:
            return _done(context, context.directory, session.ref, 200, Evidence.CAPTURED)
    after = after.bumped(context.new_id())
    directory = store_session(context.directory, session, after, context.now)
    return _done(context, directory, session.ref, 200, Evidence.CAPTURED)


def _done(context: Context, directory: Directory, ref: SessionRef, status: int, evidence: Evidence) -> Result:
    """The answer after a write; ``nocommit=true`` shows what would be, and saves nothing (documented)."""
    kept = directory
    if _nocommit(context):
        context.limit_evidence(Evidence.DOCUMENTED)
        kept = context.directory
    session, known = directory.session(ref), Provenance(caller=context.caller)
    if session is None:
        return Result(kept, 204, evidence=Evidence.DOCUMENTED, provenance=known)
    document = readable_document(replace(context, directory=directory), session)
    return Result(kept, status, document, _headers(session), evidence, known)


def _nocommit(context: Context) -> bool:
    return parse_qs(context.request.query).get("nocommit", [""])[0].lower() == "true"


def _assume_template(context: Context, template_name: str) -> None:
    """A client that creates a session of an undescribed template is right that the template exists."""
    settings = context.settings
    if settings.strict or template_name == settings.template_name or settings.template(template_name) is not None:
        return
    context.assume(
        Assumption(
            "template",
            f"the template {template_name}, which the test did not describe, allows what the client writes",
            f"describe {template_name} in mpsd_templates",
            f"describe {template_name} in a file of --templates",
        )
    )
