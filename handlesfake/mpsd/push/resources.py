"""Resources: what a client of the push channel can subscribe to (contract 2.3, 11 and 19.1)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, TypeAlias

from handlesfake.values.values import frozen

_CONNECTIONS = "https://sessiondirectory.xboxlive.com/connections"
_INVITES = re.compile(
    r"https://notify\.xboxlive\.com/users/xuid\((\d+)\)/deviceid/[^/]+/titleid/(\d+)/?", re.IGNORECASE | re.ASCII
)
_OTHER = re.compile(r"https://[a-z0-9-]+\.xboxlive\.com/.*", re.IGNORECASE | re.ASCII)
_OWN = "https://sessiondirectory.xboxlive.com/"
_FIELDS = ("id", "invitedXuid", "senderXuid", "inviteProtocol", "expiration", "sessionRef")


@frozen
class Connections:
    """The taps of the sessions that a connection is in."""


@frozen
class Invites:
    """The invites of one player to one title."""

    xuid: str
    title_id: str

    def wants(self, invite: Mapping[str, Any]) -> bool:
        """Whether the handle ``invite``, as it was created, is one of them."""
        title_id = (invite.get("inviteAttributes") or {}).get("titleId", self.title_id)
        return (invite.get("type"), invite.get("invitedXuid"), title_id) == ("invite", self.xuid, self.title_id)


@frozen
class Elsewhere:
    """A resource of another service: friends, presence, mute lists. Nothing is pushed of it here."""


Resource: TypeAlias = "Connections | Invites | Elsewhere"


def resource_at(address: Any) -> Resource | None:
    """What is at ``address``; case and a last slash do not matter. None when nothing is there.

    Clients subscribe to social, privacy and presence beside MPSD, and one client ends its process where that is
    refused. So any address of another service is accepted (logged and captured). MPSD's own addresses are only
    connections.
    """
    if not isinstance(address, str):
        return None
    if address.rstrip("/").lower() == _CONNECTIONS:
        return Connections()
    found = _INVITES.fullmatch(address)
    if found:
        return Invites(found[1], found[2])
    is_other = _OTHER.fullmatch(address) and not address.lower().startswith(_OWN)
    return Elsewhere() if is_other else None


def notice(invite: Mapping[str, Any], gamertag: str) -> dict[str, Any]:
    """What is pushed to an invited user (seen in clients; no exchange is public).

    :param invite: the handle as it was created.
    :param gamertag: the sender's; a made-up player has one name only, and no picture.
    """
    said = {name: invite[name] for name in _FIELDS if name in invite}
    context = (invite.get("inviteAttributes") or {}).get("context")
    info = {
        "sender": gamertag,
        "senderModernGamertag": gamertag,
        "senderModernGamertagSuffix": "",
        "senderUniqueModernGamertag": gamertag,
        "senderImageUrl": "",
    }
    attributes = {} if context is None else {"context": context}
    return {"inviteHandle": {**said, "inviteAttributes": attributes, "inviteInfo": info}}
