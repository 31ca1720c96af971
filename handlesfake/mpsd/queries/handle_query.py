"""POST /handles/query: which handles there are, for which user, and what to show of each."""

from __future__ import annotations

from typing import Any

from handlesfake.mpsd.context import Context, Result
from handlesfake.mpsd.evidence import Evidence
from handlesfake.mpsd.http.body import a_text, short
from handlesfake.mpsd.queries.activity_query import activities
from handlesfake.mpsd.queries.parameters import LARGEST_TAKE, Parameters, read_parameters
from handlesfake.mpsd.queries.related import INCLUDE, read_include
from handlesfake.mpsd.refusals.catalogue import refuse
from handlesfake.mpsd.state.handle import Handle


def _searches(context: Context, body: dict[str, Any], parameters: Parameters) -> list[Handle]:
    from handlesfake.mpsd.queries.search_query import (
        searches,  # lazily: the language of its filters is a library by itself
    )

    return searches(context, body, parameters)


_QUERY = {"activity": activities, "search": _searches}
_SERVICE_FIELDS = ("createTime", "inviteProtocol", "gameTypes")


def query_handles(context: Context) -> Result:
    """List the handles that the body asks for, 100 at most, with the parts that ``include`` names.

    :raises Refusal: body or query string are not as MPSD wants them, or ask for what is not the caller's to see.
    """
    body = context.body()
    kind = a_text(body.get("type"), "type")
    if kind not in _QUERY:
        raise refuse("unqueryable_type", type=short(kind))
    parameters = read_parameters(context)
    wanted = read_include(context, parameters.names("include"))
    found = _QUERY[kind](context, body, parameters)
    results = [_result(context, handle, wanted) for handle in found[: _take(context, parameters)]]
    # the capture shows an empty list; the content of a full one is known from clients
    evidence = Evidence.CLIENT if results or kind == "search" else Evidence.CAPTURED
    return Result(context.directory, 200, {"results": results}, evidence=evidence)


def _take(context: Context, parameters: Parameters) -> int:
    """How many results to show; the page of this query has the parameter in words copied from another (U44)."""
    if not {"take", "private", "reservations"} & parameters.values.keys():
        return LARGEST_TAKE
    context.limit_evidence(Evidence.ASSUMED)
    return parameters.take if context.settings.choices.handle_query_parameters == "read" else LARGEST_TAKE


def _result(context: Context, handle: Handle, wanted: frozenset[str]) -> dict[str, Any]:
    session = context.directory.session(handle.session_ref)
    result = handle.document
    if handle.type == "activity" and not context.settings.choices.query_service_fields:
        context.limit_evidence(Evidence.ASSUMED)
        result = {name: value for name, value in result.items() if name not in _SERVICE_FIELDS}
    for name, build in INCLUDE.items():
        part = build(context, handle, session) if name in wanted else None
        if part is not None:
            result[name] = part
    return result
