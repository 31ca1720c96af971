"""A member record, as a session document shows it."""

from __future__ import annotations

from typing import Any

from handlesfake.mpsd.learning.parts import less, number_or, part, system_and_custom, ticks
from handlesfake.mpsd.state.session import Document, Member


def shown_member(name: str, document: Any, now: int) -> Member | None:
    """The member that ``document`` shows under the key ``name``; None when it shows none.

    :param now: 100 ns ticks since 1970-01-01 UTC.
    """
    if not isinstance(document, dict):
        return None
    constants = system_and_custom(part(document, "constants"))
    properties = system_and_custom(part(document, "properties"))
    xuid = constants["system"].get("xuid")
    index = number_or(constants["system"].get("index"), int(name) if name.isascii() and name.isdigit() else -1)
    if not isinstance(xuid, str) or index < 0:
        return None
    return Member(
        index=index,
        xuid=xuid,
        joined_at=ticks(document.get("joinTime"), now),
        status=_status(document, properties["system"]),
        since=now,
        constants={**constants, "system": less(constants["system"], "xuid", "index")},
        properties={**properties, "system": less(properties["system"], "active", "ready")},
        roles=dict(part(document, "roles")),
        gamertag=_text(document, "gamertag"),
        title_id=_text(document, "activeTitleId"),
        device_token=_text(document, "deviceToken"),
        episode=number_or(document.get("initializationEpisode"), 0),
        failure=_text(document, "initializationFailure"),
    )


def _status(document: Document, system: Document) -> str:
    if document.get("reserved"):
        return "reserved"
    return next((status for status in ("ready", "active") if system.get(status)), "inactive")


def _text(document: Document, name: str) -> str:
    return str(document.get(name) or "")
