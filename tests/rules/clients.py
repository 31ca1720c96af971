"""Clients that meet the ready scenarios: one that is naive, and one that copes. Each returns whether all is well."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import requests

import handlesfake
from handlesfake.double.double import core_of
from tests.rules.party import URL

PATIENCE = 50
"""Seconds that a client waits for an answer: fewer than the slow service takes, and more than a busy machine does."""

SHORT = 0.5
"""The same of one that meets silence on a server: it really waits for so long."""


class Player:
    """Host's game: what it sends, with no opinion on what comes back."""

    def __init__(
        self, party: handlesfake.Double, url: str = URL, sleep: Callable[[float], None] | None = None
    ) -> None:
        self.party = party
        self.url = url
        self._sleep = sleep
        self.patience: float = PATIENCE
        """Seconds that it waits for an answer that may never come."""

        self.me = party.user("host")
        self.sign_in: Callable[[], object] = self.me.renew
        self.lobby = party.session("lobby-1")

    def send(
        self, method: str, path: str, body: Any = None, timeout: float = PATIENCE, **headers: str
    ) -> requests.Response:
        """One request."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return requests.request(
            method, f"{self.url}{path}", json=body, headers={**self.me.headers, **named}, timeout=timeout
        )

    def invite(self, role: str, timeout: float = PATIENCE) -> requests.Response:
        """Invite a player."""
        body = {
            "type": "invite",
            "version": 1,
            "sessionRef": self.lobby.ref,
            "invitedXuid": self.party.user(role).xuid,
        }
        return self.send("POST", "/handles", {**body, "inviteAttributes": {"titleId": "1234567890"}}, timeout)

    def show(self) -> requests.Response:
        """Set the activity."""
        return self.send("POST", "/handles", {"type": "activity", "version": 1, "sessionRef": self.lobby.ref})

    def friends(self) -> requests.Response:
        """Ask what Guest does."""
        return self.send(
            "POST", "/handles/query", {"type": "activity", "owners": {"xuids": [self.party.user("guest").xuid]}}
        )

    def put(self, member: Any = None, name: str = "lobby-1", **headers: str) -> requests.Response:
        """Write to a session."""
        body = {"properties": {"custom": {"map": "spawn"}}} if member is None else {"members": {"me": member}}
        return self.send("PUT", self.party.session(name).path, body, **headers)

    def read(self) -> requests.Response:
        """Read the session."""
        return self.send("GET", self.lobby.path)

    def invited(self, *roles: str) -> bool:
        """Whether each was invited, and once."""
        sent = [invite.invited_xuid for invite in self.party.invites]
        return sorted(sent) == sorted(self.party.user(role).xuid for role in roles)

    def is_shown(self) -> bool:
        """Whether the activity is set now."""
        return self.party.activity_of(self.me) is not None

    def wait(self, seconds: float) -> None:
        """Do nothing for so long."""
        (self._sleep or time.sleep)(seconds)  # looked up only now, as any game does

    def patiently(self, send: Any, *arguments: Any) -> requests.Response:
        """Send, and again after as long as a 429 or 503 says."""
        for _ in range(5):
            answer: requests.Response = send(*arguments)
            if answer.status_code not in (429, 503):
                break
            self.wait(float(answer.headers["Retry-After"]))
        return answer


def throttled_naive(player: Player) -> bool:
    """Takes no notice."""
    for role in ("guest", "far"):
        player.invite(role)
    return player.invited("guest", "far")


def throttled_careful(player: Player) -> bool:
    """Waits as long as it is told."""
    for role in ("guest", "far"):
        player.patiently(player.invite, role)
    return player.invited("guest", "far")


def expired_naive(player: Player) -> bool:
    """Takes a 401 for a no."""
    return player.show().status_code == 201


def expired_careful(player: Player) -> bool:
    """Signs in again, once."""
    if player.show().status_code == 401:
        player.sign_in()
        return player.show().status_code == 201
    return True


def switched_naive(player: Player) -> bool:
    """Joins by the handle that it was given."""
    (shown,) = player.friends().json()["results"]
    return player.send("GET", f"/handles/{shown['id']}/session").status_code == 200


def switched_careful(player: Player) -> bool:
    """Asks again where the friend is."""
    return switched_naive(player) or switched_naive(player)


def lost_naive(player: Player) -> bool:
    """Sends again whatever was lost."""
    try:
        player.invite("guest", player.patience)
    except requests.RequestException:
        player.invite("guest")
    return player.invited("guest")


def lost_careful(player: Player) -> bool:
    """An invite that has left may have arrived: the player is told, and nothing is sent twice."""
    with suppress(requests.RequestException):  # "your invite is on its way"
        player.invite("guest", player.patience)
    core_of(player.party).journal.wait(0, PATIENCE)  # a server may be slower than its client
    return player.invited("guest")


def join(player: Player, name: str) -> int:
    """Join a session."""
    constants = {"system": {"xuid": player.me.xuid, "initialize": True}}
    return player.put({"constants": constants, "properties": {"system": {"active": True}}}, name).status_code


def full_naive(player: Player) -> bool:
    """Tries the same again and again."""
    codes = [join(player, "lobby-2") for _ in range(5)]
    return len(codes) < 5 or codes[-1] == 200


def full_careful(player: Player) -> bool:
    """Understands that there is no place, and stops."""
    return join(player, "lobby-2") == 403 and len(player.party.journal) == 1


def blocked_naive(player: Player) -> bool:
    """Stops at the first no."""
    for role in ("guest", "far"):
        if player.invite(role).status_code != 201:
            break
    return player.party.user("far").xuid in [invite.invited_xuid for invite in player.party.invites]


def blocked_careful(player: Player) -> bool:
    """Goes on with the others."""
    for role in ("guest", "far"):
        player.invite(role)
    return player.invited("far")


def inactive_naive(player: Player) -> bool:
    """Tries the same again."""
    return 201 in [player.show().status_code for _ in range(3)]


def inactive_careful(player: Player) -> bool:
    """Becomes active again, and then shows it."""
    if player.show().status_code == 403:
        player.put({"properties": {"system": {"active": True}}})
        player.show()
    return player.is_shown()


def failed_naive(player: Player) -> bool:
    """Sends the same ETag again and again."""
    etag = player.read().headers["ETag"]
    return any(player.put(If_Match=etag).status_code != 412 for _ in range(3))


def failed_careful(player: Player) -> bool:
    """Reads again before it writes again."""
    return any(player.put(If_Match=player.read().headers["ETag"]).status_code != 412 for _ in range(3))


def flap_naive(player: Player) -> bool:
    """Believes that what answered once will answer."""
    return player.read().ok and player.show().ok


def flap_careful(player: Player) -> bool:
    """Waits, each time."""
    return player.patiently(player.read).ok and player.patiently(player.show).ok


def half_naive(player: Player) -> bool:
    """Shows no friends when the list breaks off."""
    try:
        return len(player.friends().json()["results"]) == 1
    except requests.RequestException:
        return False


def half_careful(player: Player) -> bool:
    """Asks again: a read may be sent twice."""
    return half_naive(player) or half_naive(player)


def reset_naive(player: Player) -> bool:
    """Leaves it at that."""
    with suppress(requests.RequestException):  # and no friend sees the player
        player.show()
    return player.is_shown()


def reset_careful(player: Player) -> bool:
    """Sends it again: a second activity takes the place of the first."""
    return reset_naive(player) or reset_naive(player)


def bodiless_naive(player: Player) -> bool:
    """Needs the id of the handle."""
    return bool(player.show().json()["id"])


def bodiless_careful(player: Player) -> bool:
    """Takes it where it is."""
    answer = player.show()
    handle = answer.json()["id"] if answer.content else None
    return answer.status_code == 201 and handle is None and player.is_shown()


def fields_naive(player: Player) -> bool:
    """Knows every field that there can be."""
    known = {"type", "version", "id", "sessionRef", "invitedXuid", "inviteAttributes", "senderXuid"}
    found = player.invite("guest").json()
    return "announcedYesterday" not in found and known <= {*found}


def fields_careful(player: Player) -> bool:
    """Reads what it needs."""
    return bool(player.invite("guest").json()["id"]) and player.invited("guest")


def gateway_naive(player: Player) -> bool:
    """Parses first."""
    return bool(player.show().json()["id"])


def gateway_careful(player: Player) -> bool:
    """Looks at the status first."""
    answer = player.show()
    return bool((player.show() if answer.status_code == 502 else answer).json()["id"])


CLIENTS = {
    "throttled_burst": (throttled_naive, throttled_careful),
    "token_expired_once": (expired_naive, expired_careful),
    "friend_switched_away": (switched_naive, switched_careful),
    "lost_answer_after_commit": (lost_naive, lost_careful),
    "session_full": (full_naive, full_careful),
    "privacy_block": (blocked_naive, blocked_careful),
    "owner_inactive": (inactive_naive, inactive_careful),
    "precondition_failed": (failed_naive, failed_careful),
    "service_unavailable_flap": (flap_naive, flap_careful),
    "slow_service": (lost_naive, lost_careful),
    "reset_before_answer": (reset_naive, reset_careful),
    "half_an_answer": (half_naive, half_careful),
    "no_body_with_an_activity": (bodiless_naive, bodiless_careful),
    "unknown_fields": (fields_naive, fields_careful),
    "gateway_page": (gateway_naive, gateway_careful),
}
"""Each ready scenario with its naive client and its careful one."""
