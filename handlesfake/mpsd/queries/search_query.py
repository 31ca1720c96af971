"""Which search handles a query means: those of a template that a filter and the caller's wishes let through."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from handlesfake.mpsd.context import Context
from handlesfake.mpsd.evidence import Evidence
from handlesfake.mpsd.handles.handle_body import remark_unknown
from handlesfake.mpsd.http.body import a_name, a_text
from handlesfake.mpsd.queries.filters.compiler import compile_filter
from handlesfake.mpsd.queries.filters.parser import read_order
from handlesfake.mpsd.queries.parameters import Parameters, require_own
from handlesfake.mpsd.queries.search_fields import Candidate, Read, search_field
from handlesfake.mpsd.queries.search_scope import WISHES, scope
from handlesfake.mpsd.state.handle import Handle

_KNOWN = ("type", "version", "scid", "templateName", "global", "orderBy", "filter", *WISHES)

NO_HANDLES: Mapping[str, Handle] = {}


def searches(context: Context, body: dict[str, Any], parameters: Parameters) -> list[Handle]:
    """The search handles that the body asks for and the caller may be shown, in the order that it asks for.

    Only the handles of its scid and template are looked at; U39 lets a search name no owner.

    :raises Refusal: the body is not as MPSD wants it.
    """
    remark_unknown([name for name in body if name not in _KNOWN], context)
    if context.settings.choices.handle_query_parameters == "read":
        require_own(context, parameters, [])
    matches = _filter(context, body)
    wanted = scope(context, body)
    order = _order(context, body)
    found = [candidate for candidate in _candidates(context, body) if matches(candidate) and wanted(candidate)]
    return [candidate.handle for candidate in order(found)]


def _candidates(context: Context, body: dict[str, Any]) -> Iterator[Candidate]:
    scid = a_text(body["scid"], "scid").lower() if body.get("scid") is not None else None
    name = a_name(body["templateName"], "templateName").lower() if body.get("templateName") is not None else None
    directory, session_at = context.directory, context.directory.sessions.get
    # a lone template or scid is looked up among the templates, never among the handles
    known = directory.searches if scid is None or name is None else [(scid, name)]
    for known_scid, known_name in known:
        if scid not in (None, known_scid) or name not in (None, known_name):
            continue
        for session_name, handle in directory.searches.get((known_scid, known_name), NO_HANDLES).items():
            session = session_at((known_scid, known_name, session_name))
            yield Candidate(handle, session, handle.said("searchAttributes") or {})


def _filter(context: Context, body: dict[str, Any]) -> Callable[[Candidate], bool]:
    if body.get("filter") in (None, ""):
        return lambda _candidate: True
    made = compile_filter(a_text(body["filter"], "filter"), context.settings.choices)
    context.limit_evidence(made.evidence)
    for remark in made.remarks:
        context.note(f"{remark} (contract 5.3)", Evidence.DOCUMENTED)
    return made.matches


# ---- orderBy

_Order = Callable[[list[Candidate]], list[Candidate]]


def _order(context: Context, body: dict[str, Any]) -> _Order:
    """By the attribute that ``orderBy`` names; by time, ascending, when it is missing or unknown (U51)."""
    if body.get("orderBy") in (None, ""):
        return _by(_created_at, ascends=True)
    attribute, ascends = read_order(a_text(body["orderBy"], "orderBy"))
    field = search_field(attribute.path)
    if field is None or field.kind == "list":
        context.note(f"orderBy {'/'.join(attribute.path)[:60]} is not known: the results are in order of time")
        return _by(_created_at, ascends=True)
    return _by(field.read, ascends=ascends)


def _by(read: Read, *, ascends: bool) -> _Order:
    def ordered(found: list[Candidate]) -> list[Candidate]:
        found = sorted(found, key=_created_at)
        known = [candidate for candidate in found if read(candidate) is not None]
        # what lacks the attribute comes last, whichever the direction
        lacking = [candidate for candidate in found if read(candidate) is None]
        return sorted(known, key=read, reverse=not ascends) + lacking

    return ordered


def _created_at(candidate: Candidate) -> int:
    return candidate.handle.created_at
