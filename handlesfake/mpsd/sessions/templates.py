"""Listing and reading session templates (contract 7.8)."""

from __future__ import annotations

from handlesfake.mpsd.context import Context, Result
from handlesfake.mpsd.evidence import Evidence
from handlesfake.mpsd.refusals.catalogue import refuse
from handlesfake.mpsd.sessions.spelling import to_contract_105
from handlesfake.mpsd.state.session import Document


def list_templates(context: Context) -> Result:
    """The names of the templates: ``{"results": ["LobbySession", "SmallShip"]}``.

    :raises Refusal: the token names no title.
    """
    _require_title(context)
    names = list(context.settings.templates) or [context.settings.template_name]
    return Result(context.directory, 200, {"results": names}, evidence=Evidence.CLIENT)


def get_template(context: Context) -> Result:
    """One template: ``{"constants": {...}}``, in the spelling of the request's contract version.

    :raises Refusal: there is none of that name, or the token names no title.
    """
    _require_title(context)
    name = context.parameters["template_name"]
    settings = context.settings
    known = settings.template(name) is not None or name.lower() == settings.template_name.lower()
    if not known or (settings.templates and settings.template(name) is None):
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


def _require_title(context: Context) -> None:
    if not context.caller.title_id:
        raise refuse("no_title")
