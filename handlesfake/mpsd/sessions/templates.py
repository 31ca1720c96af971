"""Listing and reading session templates (contract 7.8)."""

from __future__ import annotations

from handlesfake.mpsd.context import Context, Result
from handlesfake.mpsd.evidence import Evidence
from handlesfake.mpsd.refusals.catalogue import refuse
from handlesfake.mpsd.sessions.spelling import to_contract_105
from handlesfake.mpsd.state.session import Document


def list_templates(context: Context) -> Result:
    """The names of the templates of a service configuration: ``{"results": ["LobbySession", "SmallShip"]}``.

    Those that are described for it, then those of its sessions (inferred, contract 19.2); the double's own where its
    service configuration has none of either.
    """
    described, of_sessions = _names(context)
    if of_sessions:
        context.limit_evidence(Evidence.INFERRED)
    return Result(context.directory, 200, {"results": [*described, *of_sessions]}, evidence=Evidence.CLIENT)


def get_template(context: Context) -> Result:
    """One template: ``{"constants": {...}}``, in the spelling of the request's contract version.

    :raises Refusal: there is none of that name.
    """
    name = context.parameters["template_name"]
    settings = context.settings
    described, of_sessions = _names(context)
    listed = name.lower() in map(str.lower, (*described, *of_sessions))
    if settings.template(name) is None and not listed:
        raise refuse("template_not_found", template_name=name[:100])
    if settings.choices.template_get_returns == "names":
        return Result(context.directory, 200, {"results": [name]}, evidence=Evidence.ASSUMED)
    document = _spelled(settings.constants(name), context.contract_version)
    return Result(context.directory, 200, {"constants": document}, evidence=Evidence.INFERRED)


def _spelled(constants: Document, contract_version: int) -> Document:
    system = constants.get("system", {})
    return {
        "system": to_contract_105(system) if contract_version < 107 else system,
        "custom": constants.get("custom", {}),
    }


def _names(context: Context) -> tuple[list[str], list[str]]:
    """The names that are described for the service configuration, and the others that its sessions have."""
    settings, scid = context.settings, context.parameters["scid"]
    described = list(settings.template_names(scid))
    names = {name.lower() for name in described}
    of_sessions: dict[str, str] = {}
    for key, session in context.directory.sessions.items():
        if key[0] == scid.lower() and key[1] not in names:
            of_sessions.setdefault(key[1], session.ref.template_name)
    is_own = scid.lower() == settings.scid.lower() and not settings.templates
    if is_own and not described and settings.template_name.lower() not in of_sessions:
        described = [settings.template_name]
    return described, list(of_sessions.values())
