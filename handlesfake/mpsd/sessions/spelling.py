"""The two spellings of a session's constants: contract 104 and 105, and 107 in which they are stored."""

from __future__ import annotations

from handlesfake.mpsd.state.initialization import DEFAULTS, OLD_DEFAULTS
from handlesfake.mpsd.state.session import Document

_TIMEOUTS = {
    "reserved": "reservedRemovalTimeout",
    "inactive": "inactiveRemovalTimeout",
    "ready": "readyRemovalTimeout",
    "sessionEmpty": "sessionEmptyTimeout",
}
"""104 and 105 name of each timeout, in captured order, to its 107 name."""


def to_contract_107(constants: Document) -> Document:
    """``{"system", "custom"}`` as a 104 or 105 client writes it, in 107 spelling; 107 names stay as they are."""
    system = constants.get("system")
    if not isinstance(system, dict):
        return constants
    spelled = {name: value for name, value in system.items() if name not in ("timeouts", "managedInitialization")}
    timeouts = system.get("timeouts")
    if isinstance(timeouts, dict):
        spelled |= {_TIMEOUTS[name]: value for name, value in timeouts.items() if name in _TIMEOUTS}
    managed = system.get("managedInitialization")
    if isinstance(managed, dict):
        switched = _with_switch(managed, "autoEvaluate", "externalEvaluation")
        spelled["memberInitialization"] = {**OLD_DEFAULTS, **switched}  # each spelling has its own defaults
    return {**constants, "system": spelled}


def to_contract_105(system: Document) -> Document:
    """``constants.system`` in 107 spelling as a 104 or 105 client reads it: ``timeouts`` last (captured)."""
    spelled = {name: value for name, value in system.items() if name not in _TIMEOUTS.values()}
    member = spelled.pop("memberInitialization", None)
    spelled["timeouts"] = {name: system[stored] for name, stored in _TIMEOUTS.items() if stored in system}
    if isinstance(member, dict):
        stated = {name: value for name, value in DEFAULTS.items() if name in OLD_DEFAULTS} | member
        spelled["managedInitialization"] = _with_switch(stated, "externalEvaluation", "autoEvaluate")
    return spelled


def _with_switch(document: Document, before: str, after: str) -> Document:
    """The same settings; the two names say the opposite of each other (documented)."""
    spelled = {name: value for name, value in document.items() if name != before}
    if isinstance(document.get(before), bool):
        spelled[after] = not document[before]
    return spelled
