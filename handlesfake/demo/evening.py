"""The evening that the demo lives through: who calls, and what each call is for."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from handlesfake.demo.folder.lobby_bot import MPSD, LobbyBot
from handlesfake.exchange.entry import Entry
from handlesfake.values.values import field, mutable

if TYPE_CHECKING:
    from handlesfake.double.double import Double

REF = {"scid": "7e570100-1111-4222-8333-444455556666", "templateName": "FakeLobby", "name": "lobby-1"}
ROLES = ("host", "guest", "far")
XUIDS = {role: str(9_000_000_000_000_001 + place) for place, role in enumerate(ROLES)}


def authorization(role: str) -> str:
    """What the recorded server takes for that player: a made-up token that names its xuid."""
    return f"XBL3.0 x=uhs-{XUIDS[role]};made-up-token-of-{role}"


@mutable(slots=False)
class Evening:
    """One run of the bot under one double."""

    double: Double
    url: str = MPSD
    verify: str | bool = True
    sleep: Callable[[float], Any] | None = None
    """How the bot waits; None for the double's clock."""

    waited: list[float] = field(default_factory=list)
    """Seconds that the bot was told to wait, in order."""

    def run(self) -> list[Entry]:
        """Live through it, and return what was sent."""
        host, guest, far = (self.double.user(role) for role in ROLES)
        bot = self._bot(host.headers)
        bot.open(REF)
        invites = bot.invite(REF, guest.xuid, far.xuid)
        self._bot(guest.headers).join(invites[0])
        bot.leave(REF)
        return list(self.double.journal)

    def _bot(self, headers: dict[str, str]) -> LobbyBot:
        return LobbyBot(headers, self.url, self.verify, self._wait)

    def _wait(self, seconds: float) -> None:
        self.waited.append(seconds)
        (self.sleep or self.double.clock.advance)(seconds)


def what(entry: Entry) -> str:
    """The call in a few words: ``invite Guest``."""
    document = entry.document if isinstance(entry.document, dict) else {}
    if entry.operation == "create_handle" and entry.type == "invite":
        return f"invite {player_name(document.get('invitedXuid'))}"
    if entry.operation == "create_handle":
        return f"{entry.type} {document.get('sessionRef', {}).get('name')}"
    if entry.operation == "put_session_by_handle":
        return "join by handle"
    leaving = document.get("members", {}).get("me", "") is None
    return f"{'leave' if leaving else entry.operation} {REF['name']}"


def player_name(xuid: object) -> str:
    """``Guest`` for the guest's xuid."""
    return next((role.capitalize() for role, known in XUIDS.items() if known == xuid), str(xuid))
