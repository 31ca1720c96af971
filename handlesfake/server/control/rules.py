"""Rules: what upsets the service, switched on and off."""

from __future__ import annotations

from handlesfake.errors import SettingsError
from handlesfake.mpsd.http.message import Response
from handlesfake.rules.loading import load_rules_text
from handlesfake.server.control.openapi.files import RULES, reference
from handlesfake.server.control.request import DONE, ControlRequest, fine
from handlesfake.server.control.routes import ControlCall
from handlesfake.server.control.schemas import TEXT, TEXT_OR_NONE, TEXTS, WHOLE, record_schema, several
from handlesfake.suggestions import nearest


def _add_rules(ask: ControlRequest) -> Response:
    rules = load_rules_text(ask.request.body, "the body", ask.not_a_player)
    ask.core.rules.add(*rules)
    return fine([rule.title for rule in rules], 201)


def _rules(ask: ControlRequest) -> Response:
    query = ask.query("fired")
    found = [
        {"rule": rule.title, "name": rule.name, "place": rule.place, "met": met, "fired": acted}
        for rule, met, acted in ask.core.rules.counts()
    ]
    if query.get("fired", "0") not in ("0", "1"):
        raise SettingsError(f"fired={query['fired']:.60}: write 1 for the rules that acted, 0 for those that did not")
    if "fired" in query:
        found = [one for one in found if bool(one["fired"]) is (query["fired"] != "0")]
    return fine(found)


def _remove_rules(ask: ControlRequest) -> Response:
    rules, name = ask.core.rules, ask.parts.get("name")
    names = [rule.name for rule, _, _ in rules.counts()]
    if name is not None and name not in names:
        named = [one for one in names if one]
        known = ", ".join(named) or "none with a name"
        raise SettingsError(f"there is no rule {name!r}{nearest(name, named)} Known: {known}.")
    rules.keep(lambda rule: name not in (None, rule.name))
    ask.silences.end(ask.core.engine, still={rule.title for rule, _, _ in rules.counts()})
    return DONE


_RULE = record_schema(rule=TEXT, name=TEXT_OR_NONE, place=TEXT, met=WHOLE, fired=WHOLE)

CALLS = (
    ControlCall(
        "POST",
        "/rules",
        "Add the rules of a rule file, YAML or JSON, after the existing ones.",
        _add_rules,
        file="rule file",
        file_schema=reference(RULES),
        status=201,
        answer=TEXTS,
    ),
    ControlCall(
        "GET",
        "/rules",
        "The rules, and how often each matched and acted; fired=0: those that never acted.",
        _rules,
        query={"fired": {"type": "string", "enum": ["0", "1"]}},
        answer=several(_RULE),
    ),
    ControlCall("DELETE", "/rules", "Remove every rule.", _remove_rules, status=204),
    ControlCall("DELETE", "/rules/{name}", "Remove one rule.", _remove_rules, status=204),
)
