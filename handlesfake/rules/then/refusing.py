"""From the name of a refusal to the answer that the service gives with it."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from handlesfake.exchange.outcome import Answer
from handlesfake.mpsd.provenance import Provenance
from handlesfake.mpsd.refusals.catalogue import Refusal
from handlesfake.rules.question import Question
from handlesfake.services.table import refusals, service_of
from handlesfake.suggestions import nearest

_AFTER_COLON = "a rule of the test refuses it"
_INVENTED: Mapping[str, str] = MappingProxyType(
    {
        "moniker": "another",
        "part": "a part of it",
        "at": "1",
        "near": "",
        "reason": f"{_AFTER_COLON.capitalize()}.",
        "restriction": "followed",
        "visibility": "private",
        "needed": "2",
        "count": "another number",
        "what": "grant",
    }
)
"""What the sentences of refusals say that only the state of the service would tell."""


def refusal_answer(name: str, retry_after: int | None, question: Question, title: str) -> Answer:
    """The answer of a service that refuses the request of ``question`` with the refusal called ``name``.

    :param retry_after: seconds for ``Retry-After``; None for the usual ones, or none.
    """
    request, known = question.call.request, _facts(question)
    service = service_of(request)
    kind = service.refusals().get(name) or refusals()[name]
    known["problem"] = _AFTER_COLON if ": {problem}" in kind.sentence else "is refused by a rule of the test"
    facts = {fact: known.get(fact, "of the request") for fact in (*kind.facts, "allow")}
    refusal = Refusal(kind, **facts, **({} if retry_after is None else {"retry_after": retry_after}))
    scene = question.scene
    response = service.render_refusal()(refusal, request, question.call.now, scene.new_id, scene.settings())
    odd = retry_after is not None and retry_after < 1
    notes = ("Retry-After is below 1: the service never sends that",) if odd else ()
    return Answer(response, title, Provenance(refusal.evidence, question.caller, refusal, notes=notes))


def _facts(question: Question) -> dict[str, Any]:
    """What the sentences of refusals are filled with, as far as the request says it."""
    request = question.call.request
    template = question.value(("sessionRef", "templateName"))
    if not isinstance(template, str):
        template = question.call.route.parameters.get("template_name", "of the request")
    return {
        "path": request.target.partition("?")[0][:200],
        "method": request.method[:20],
        "allow": ", ".join(question.call.route.allow) or request.method[:20],
        "content_type": (request.headers.first("Content-Type") or "nothing")[:60],
        "type": question.call.type or "of the request",
        "template_name": template,
        "remedy": "",
        "host": request.host,
        "last": _sent(question, "sequenceNumber", "that of the request"),
        "given": _sent(question, "sequenceNumber", "not"),
        "grant": _sent(question, "grant_type", "of the request"),
        **_INVENTED,
    }


def _sent(question: Question, field: str, otherwise: str) -> str:
    """The text or number that the request has in ``field``."""
    value = question.value((field,))
    return str(value)[:60] if isinstance(value, (str, int)) else otherwise


def known_refusal(name: object) -> str:
    """``name``, checked.

    :raises ValueError: no refusal is called so; the nearest is named and all are listed. Of a status, those that have
        it are listed.
    """
    known = refusals()
    if isinstance(name, str) and name in known:
        return name
    head, kinds = f"no refusal is called {name!r}{nearest(name, known)} There are:", list(known.values())
    if _is_status(name):
        kinds = [kind for kind in kinds if kind.status == int(str(name))]
        head = f"no refusal is called {name!r}, which is a status. With this status there are:"
        if not kinds:
            instead = f"a rule can answer so: then: {{respond: {{status: {name}}}}}"
            raise ValueError(f"no refusal is called {name!r}, which is a status, and none has it; {instead}")
    rows = [f"  {kind.name:<24} {kind.status}  {kind.evidence.words}" for kind in kinds]
    raise ValueError("\n".join((head, *rows)))


def _is_status(name: object) -> bool:
    """Whether a refusal was asked for by the status of its answer."""
    text = str(name) if isinstance(name, (int, str)) and not isinstance(name, bool) else ""
    return len(text) == 3 and text.isascii() and text.isdigit() and text[0] in "2345"
