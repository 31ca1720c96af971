"""The constants of a session: from its template and its creator's wishes to what stays fixed while it lives."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from handlesfake.mpsd.choices import Choices
from handlesfake.mpsd.http.body import UINT32, an_object, type_name
from handlesfake.mpsd.refusals.catalogue import Refusal, refuse
from handlesfake.mpsd.sessions.capabilities import check_capabilities
from handlesfake.mpsd.state import initialization
from handlesfake.mpsd.state.session import DEFAULT_CAPACITY, Document

DEFAULTS: Document = {
    "readyRemovalTimeout": 180_000,
    "reservedRemovalTimeout": 30_000,
    "sessionEmptyTimeout": 0,
    "inactiveRemovalTimeout": 0,
    "maxMembersCount": DEFAULT_CAPACITY,
    "visibility": "open",
    "capabilities": {},
}
"""What a template need not say (contract 8.2); milliseconds."""

OLD_INACTIVE_TIMEOUT = 7_200_000
"""``inactiveRemovalTimeout`` of a template in 104 or 105 spelling that does not say it (U67)."""

VISIBILITIES = ("private", "visible", "open")
INVITE_PROTOCOLS = ("game", "tournamentgame", "chat", "gameparty", "party")
_TIMEOUTS = ("readyRemovalTimeout", "reservedRemovalTimeout", "sessionEmptyTimeout", "inactiveRemovalTimeout")


def session_constants(
    template: Document, wanted: Document | None, choices: Choices, *, fixed: bool = True
) -> Document:
    """The constants of a new session, in 107 spelling, defaults filled in.

    :param template: ``{"system", "custom"}`` in 107 spelling.
    :param wanted: what the creating request states, in 107 spelling; None for nothing.
    :param fixed: whether the template wins over the request; a template that was not described fixes nothing.
    :raises Refusal: it contradicts the template (409), or makes no session (400).
    """
    overlaid = _overlaid if fixed else _overridden
    if not wanted and DEFAULTS.keys() <= template.get("system", {}).keys() and "custom" in template:
        return template  # one value for all sessions that were made without a word about it
    system = overlaid(template.get("system", {}), (wanted or {}).get("system") or {}, "constants.system")
    custom = overlaid(template.get("custom", {}), (wanted or {}).get("custom") or {}, "constants.custom")
    for name, value in DEFAULTS.items():
        system.setdefault(name, value)
    # a template's null unsets the default and stays unset; for a timeout null is a value, "infinite" (documented)
    system = {name: value for name, value in system.items() if value is not None or name in _TIMEOUTS}
    custom = {name: value for name, value in custom.items() if value is not None}
    _check(system, choices)
    check_capabilities(system)
    return {"system": system, "custom": custom}


def require_same(session_constants: Document, stated: Document) -> None:
    """Constants that a later request repeats must be those of the session.

    :raises Refusal: 409 that names the first that is not.
    """
    for part in ("system", "custom"):
        known = session_constants[part]
        for name, value in (stated.get(part) or {}).items():
            if not _agrees(name, known.get(name), value):
                raise refuse("constant_conflict", field=f"constants.{part}.{name}")


def _agrees(name: str, known: Any, stated: Any) -> bool:
    """Whether what is stated of a constant says nothing else than what is known.

    A client may state only some of the capabilities, or, of an initialization, what goes without saying.
    """
    if not (isinstance(known, dict) and isinstance(stated, dict)):
        return bool(known == stated)
    unsaid = initialization.DEFAULTS if name == "memberInitialization" else {}
    said = {**unsaid, **known}
    return all(said.get(part) == value for part, value in stated.items())


def _overlaid(template: Document, wanted: Document, path: str) -> Document:
    merged = dict(template)
    for name, value in wanted.items():
        if name not in template:
            merged[name] = value
        elif not _agrees(name, template[name], value):
            raise refuse("constant_conflict", field=f"{path}.{name}")
    return merged


def _overridden(template: Document, wanted: Document, _path: str) -> Document:
    return {**template, **wanted}


# ---- what makes a session


def _check(system: Document, choices: Choices) -> None:
    capabilities = an_object(system.get("capabilities", {}), "constants.system.capabilities")
    for name, value in capabilities.items():
        if not isinstance(value, bool):
            raise _wrong(f"capabilities.{name}", f"must be a boolean, and is {type_name(value)}")
    _check_numbers(system, choices.large_members if capabilities.get("large") else 100)
    _check_words(system)
    for name, fields in _NESTED.items():
        _check_nested(system, name, fields)
    for name in an_object(
        system.get("measurementServerAddresses", {}), "constants.system.measurementServerAddresses"
    ):
        if name != name.lower():
            raise _wrong(f"measurementServerAddresses.{name[:100]}", "must be in lower case")


def _check_numbers(system: Document, limit: int) -> None:
    if not _is_count(system.get("version", 1), 1, UINT32):
        raise _wrong("version", "must be a number from 1 on")
    if not _is_count(system.get("maxMembersCount", limit), 1, limit):
        raise _wrong("maxMembersCount", f"must be a number from 1 to {limit}")
    for name in _TIMEOUTS:
        if system[name] is not None and not _is_count(system[name], 0, 2**53):
            raise _wrong(name, "must be a number of milliseconds, or null for no limit")


def _check_words(system: Document) -> None:
    if system.get("visibility", "open") not in VISIBILITIES:
        raise _wrong("visibility", f"must be one of {', '.join(VISIBILITIES)}")
    if system.get("inviteProtocol") not in (None, *INVITE_PROTOCOLS):
        raise _wrong("inviteProtocol", f"must be one of {', '.join(INVITE_PROTOCOLS)}")
    if "initiators" in system and not _are_texts(system["initiators"]):
        raise _wrong("initiators", "must be an array of xuids")


def _check_nested(system: Document, name: str, fields: dict[str, tuple[_Test, str]]) -> None:
    if name not in system:
        return
    for field, value in an_object(system[name], f"constants.system.{name}").items():
        test, problem = fields.get(field, (None, ""))
        if test is not None and not test(value):
            raise _wrong(f"{name}.{field}", problem)


def _are_texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(part, str) for part in value)


def _is_count(value: Any, least: int, most: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and least <= value <= most


_Test = Callable[[Any], bool]
_MILLISECONDS = (lambda value: value is None or _is_count(value, 0, 2**53), "must be a number of milliseconds")
_AMOUNT = (lambda value: _is_count(value, 0, 2**53), "must be a number")
_SELECTION = ("latency", "bandwidthdown", "bandwidthup")
_BOOLEAN = (lambda value: isinstance(value, bool), "must be a boolean")
_NESTED: dict[str, dict[str, tuple[_Test, str]]] = {
    "memberInitialization": {
        "joinTimeout": _MILLISECONDS,
        "measurementTimeout": _MILLISECONDS,
        "evaluationTimeout": _MILLISECONDS,
        "externalEvaluation": _BOOLEAN,
        "membersNeededToStart": (lambda value: _is_count(value, 0, 100), "must be a number of members"),
    },
    "ownershipPolicies": {
        "migration": (lambda value: value in ("endsession", "oldest"), "must be endsession or oldest"),
        "allowNonOwnerInviteHandles": _BOOLEAN,
        "nonOwnerModifiableSystemProperties": (_are_texts, "must be an array of names"),
    },
    "metrics": dict.fromkeys(("latency", "bandwidthDown", "bandwidthUp", "custom"), _BOOLEAN),
    "peerToPeerRequirements": {"latencyMaximum": _AMOUNT, "bandwidthMinimum": _AMOUNT},
    "peerToHostRequirements": {
        **dict.fromkeys(("latencyMaximum", "bandwidthDownMinimum", "bandwidthUpMinimum"), _AMOUNT),
        "hostSelectionMetric": (lambda value: value in _SELECTION, f"must be one of {', '.join(_SELECTION)}"),
    },
}
"""The content of the objects among the constants, as far as the fake reads it (contract 8.2)."""


def _wrong(name: str, problem: str) -> Refusal:
    return refuse("invalid_field", field=f"constants.system.{name}", problem=problem)
