"""What a test says of a session, in Python or in a state file: one check for both."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from handlesfake.files.placed import without_places
from handlesfake.files.source import SettingsSource
from handlesfake.json_diff import short_json
from handlesfake.mpsd.sessions.known_names import PROPERTIES
from handlesfake.mpsd.sessions.system_properties import RESTRICTIONS
from handlesfake.templates.template import SYSTEM
from handlesfake.traffic.frozen_json import Frozen
from handlesfake.world.seeded_session import SeededSession

Node = Mapping[str, Any]

_WIRE = ("system", "custom")
_REF = ("scid", "templateName", "name")


def properties_of(node: Node, source: SettingsSource) -> dict[str, dict[str, Any]]:
    """``properties`` and ``custom`` of ``node`` as the wire has them: ``{"system": {...}, "custom": {...}}``.

    Under ``properties`` stand system properties alone, or both parts, as on the wire.

    :raises SettingsError: a system property is unknown; the nearest is named.
    """
    given = source.mapping(node, "properties") if "properties" in node else {}
    system, custom = {}, _part(node, "custom", source)
    if set(given) & set(_WIRE):
        _check_wire(given, source)
        if custom and "custom" in given:
            raise source.wrong("custom stands both beside properties and in it; say it once", given, "custom")
        system, custom = _part(given, "system", source, PROPERTIES), _part(given, "custom", source) or custom
    elif given:
        system = _part(node, "properties", source, PROPERTIES)
    said = given.get("system", {}) if set(given) & set(_WIRE) else given
    for name in ("joinRestriction", "readRestriction"):
        if name in said:
            source.one_of(said, name, RESTRICTIONS)
    return {"system": system, "custom": custom}


def constants_of(node: Node, source: SettingsSource) -> dict[str, Any] | None:
    """``constants`` of ``node``: system constants alone, or both parts, as on the wire; None where there are none.

    :raises SettingsError: a system constant is unknown; the nearest is named.
    """
    if "constants" not in node:
        return None
    given = source.mapping(node, "constants")
    if set(given) & set(_WIRE):
        _check_wire(given, source, "constants")
        return {key: _part(given, key, source, SYSTEM if key == "system" else ()) for key in given}
    return _part(node, "constants", source, SYSTEM)


def _check_wire(given: Node, source: SettingsSource, what: str = "properties") -> None:
    for key in given:
        if key not in _WIRE:
            known = PROPERTIES if what == "properties" else SYSTEM
            hint = f"; {key!r} belongs under system" if key in known else ""
            raise source.wrong(f"{what} holds system and custom, and no {key!r} beside them{hint}", given, key)


def _part(node: Node, key: str, source: SettingsSource, known: Iterable[str] = ()) -> dict[str, Any]:
    """A copy of the mapping under ``key``, with ``known`` keys only; with any keys, where ``known`` is empty."""
    if key not in node:
        return {}
    part = source.mapping(node, key)
    if known:
        source.check_keys(part, known, key)
    if not source.is_file:
        _check_json(part, node, key, source)
    return dict(without_places(part))


def _check_json(part: Node, node: Node, key: str, source: SettingsSource) -> None:
    """What a test writes in Python may hold what no answer could."""
    try:
        json.dumps(without_places(part), allow_nan=False)
    except (TypeError, ValueError, RecursionError) as error:
        raise source.wrong(f"{key} must be JSON: {error}", node, key) from None


def reference(session: object, where: str) -> Mapping[str, str]:
    """What ``session`` says of a reference: a session of the test, a reference or a part of one, or a name.

    :param where: the call that took it, for messages.
    :raises TypeError: it is something else.
    :raises SettingsError: it has no name, or a key that no reference has.
    """
    if isinstance(session, SeededSession):
        return session.ref
    if isinstance(session, Frozen):
        session = session.wire
    if isinstance(session, str):
        session = {"name": session}
    if not isinstance(session, Mapping):
        raise TypeError(
            f"{where}: expected a session of mpsd.session(), a session reference or a name, got "
            f"{type(session).__name__} {short_json(session)}."
        )
    source = SettingsSource(where)
    source.check_keys(session, _REF, "a session reference")
    if "name" not in session:
        raise source.wrong("a session reference needs a name", session)
    return {key: source.text(session, key) for key in session}
