"""answer(): one request against what the service knows, from version and route to operation or refusal."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from handlesfake.mpsd.assumption import Assumption
from handlesfake.mpsd.callers import identify, recognize
from handlesfake.mpsd.context import Context, Log, NewId, Result
from handlesfake.mpsd.evidence import Evidence, weakest
from handlesfake.mpsd.handles.by_handle import delete_handle, get_handle, get_session_by_handle, put_session_by_handle
from handlesfake.mpsd.handles.create import create_handle
from handlesfake.mpsd.http.body import contract_version
from handlesfake.mpsd.http.message import Request, Response
from handlesfake.mpsd.operations import Operation, Route, is_of_history, route
from handlesfake.mpsd.provenance import Provenance
from handlesfake.mpsd.queries.handle_query import query_handles
from handlesfake.mpsd.queries.session_query import batch_query_sessions, query_sessions
from handlesfake.mpsd.refusals.catalogue import Refusal, refuse
from handlesfake.mpsd.rendering import render, render_refusal
from handlesfake.mpsd.sessions.elements import (
    delete_member,
    delete_server,
    get_member,
    get_server,
    get_session_properties,
)
from handlesfake.mpsd.sessions.lifetime.timeouts import apply_timeouts
from handlesfake.mpsd.sessions.operations import get_session, put_session, put_session_properties
from handlesfake.mpsd.sessions.templates import get_template, list_templates
from handlesfake.mpsd.sessions.told_missing import told_missing
from handlesfake.mpsd.settings import Settings
from handlesfake.mpsd.state.directory import Directory
from handlesfake.mpsd.state.identity import Caller
from handlesfake.mpsd.throttle import count_request
from handlesfake.values.values import frozen, replace

OPERATE: Mapping[str, Callable[[Context], Result]] = MappingProxyType(
    {
        "create_handle": create_handle,
        "query_handles": query_handles,
        "get_handle": get_handle,
        "delete_handle": delete_handle,
        "get_session_by_handle": get_session_by_handle,
        "put_session_by_handle": put_session_by_handle,
        "get_session": get_session,
        "put_session": put_session,
        "put_session_properties": put_session_properties,
        "get_session_properties": get_session_properties,
        "get_member": get_member,
        "delete_member": delete_member,
        "get_server": get_server,
        "delete_server": delete_server,
        "query_sessions": query_sessions,
        "batch_query_sessions": batch_query_sessions,
        "list_templates": list_templates,
        "get_template": get_template,
    }
)
"""Operation name to the function that performs it."""


@frozen
class Reply:
    """The service's answer to one request, and what is known about its origin."""

    directory: Directory
    """What the service knows afterwards. After a refusal only timers that ran out before it, the counts of
    throttling, and an assumed session can differ."""

    response: Response
    operation: str
    provenance: Provenance


def answer(directory: Directory, request: Request, now: int, new_id: NewId, settings: Settings) -> Reply:
    """What MPSD answers to ``request``, and what it knows afterwards.

    Pure: the same arguments give the same reply, and any bytes give one.

    :param now: 100 ns ticks since 1970-01-01 UTC.
    :param new_id: gives a new lower-case GUID at each call.
    """
    directory = apply_timeouts(directory, now, new_id, settings.choices)
    found = route(request.method, request.target)
    caller: Caller | None = None
    assumptions: tuple[Assumption, ...] = ()
    try:
        operation = _operation(found, request)
        version = contract_version(request, settings.choices.missing_contract_version)
        known, caller, assumptions = identify(directory, request, settings, now)
        log = Log([*assumptions])
        context = Context(known, request, found.parameters, caller, version, now, new_id, settings, log)
        if settings.throttling:
            counts, excess = count_request(context, operation.name)
            directory = replace(directory, requests=counts)
            context = replace(context, directory=replace(known, requests=counts))
            if excess is not None:
                raise excess
        _check_head(context)
        done = OPERATE[operation.name](context)
    except Refusal as refusal:
        response = render_refusal(refusal, now, new_id, settings)
        refusal.__context__ = refusal.__traceback__ = None  # each keeps the stack of the caller, and all it holds
        caller = caller or recognize(directory, request)
        provenance = Provenance(refusal.evidence, caller, refusal, assumptions)
        return Reply(told_missing(directory, found, response.status), response, found.name, provenance)
    known = told_missing(done.directory, found, done.status)
    return Reply(known, render(done, now, new_id, settings), operation.name, _provenance(context, done))


def _provenance(context: Context, done: Result) -> Provenance:
    """What the operation knows about its answer, and what was noted on the way to it."""
    log, known = context.log, done.provenance
    evidence = weakest(done.evidence, *log.evidence_levels) if log.evidence_levels else done.evidence
    known = replace(known, evidence=evidence, caller=known.caller or context.caller)
    if not log.assumptions and not log.notes:
        return known
    return replace(known, assumptions=tuple(log.assumptions), notes=tuple(log.notes))


def _operation(found: Route, request: Request) -> Operation:
    if request.malformed:
        raise refuse("malformed_request", problem=request.malformed[:200])
    if found.operation is not None and found.operation.name in OPERATE:
        return found.operation
    if found.allow:
        raise refuse("method_not_allowed", method=request.method[:20], allow=", ".join(found.allow))
    kind = "history_not_modelled" if is_of_history(request.path) else "no_such_path"
    raise refuse(kind, path=request.target.partition("?")[0][:200])


def _check_head(context: Context) -> None:
    """A caller without a title is refused; odd headers are accepted unless a choice says otherwise."""
    if not context.caller.title_id:
        raise refuse("no_title", caller=context.caller)
    headers = context.request.headers
    said = headers.first("x-xbl-contract-version") or ""
    if said != "107" and (stated := int(said.strip())) != context.contract_version:
        context.note(f"contract version {stated} was read as {context.contract_version} (U81)")
    if headers.first("content-encoding"):
        context.limit_evidence(Evidence.CLIENT)  # one title packs its bodies (contract 1.1)
    content_type = headers.first("content-type") or ""
    if content_type == "application/json" or not context.request.body:  # as most requests have it
        return
    content_type = content_type.strip()
    if content_type.partition(";")[0].strip().lower() != "application/json":
        if context.settings.choices.content_type_checked:
            raise refuse("content_type", content_type=content_type[:60] or "nothing")
        context.limit_evidence(Evidence.CLIENT)  # one real client sends no type, another text/plain (U86)
