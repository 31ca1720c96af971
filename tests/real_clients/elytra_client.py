"""The push channel by elytra-ms, which knows only the name of the service and the CA file.

It asks for what other services push, and for invites; it gives no ConnectionId back, so that no session can tap it.
A friend publishes, invites and joins with plain requests.
"""

from __future__ import annotations

import asyncio
import json
from typing import Any

import httpx
from elytra.xbox.rta import RTA

MPSD = "https://sessiondirectory.xboxlive.com"
REF = {
    "scid": "4fc10100-5f7a-4470-899b-280835760c07",
    "templateName": "MinecraftLobby",
    "name": "8b0f6c3a-1b1a-4d0e-9f3b-2f6f4d1c9a11",
}
SESSION = f"{MPSD}/serviceconfigs/{REF['scid']}/sessionTemplates/MinecraftLobby/sessions/{REF['name']}"
ME, FRIEND = "9000000000000002", "9000000000000001"
SYSTEM = {"active": True, "connection": "11111111-1111-4111-8111-111111111111"}
JOIN = {"members": {"me": {"constants": {"system": {"initialize": True}}, "properties": {"system": SYSTEM}}}}


def headers_of(xuid: str) -> dict[str, str]:
    """What a made-up user sends."""
    return {"Authorization": f"XBL3.0 x=uhs-{xuid};made-up", "x-xbl-contract-version": "107"}


async def main(me: dict[str, str] | None = None) -> dict[str, Any]:
    """What was pushed, and the words of ``clients.yaml`` for what was seen.

    :param me: the headers of the player who listens; made-up ones unless that player has signed in.
    """
    me = me or headers_of(ME)
    heard: asyncio.Queue[list[Any]] = asyncio.Queue()
    rta = await RTA.establish(me)
    await rta.subscribe(f"https://social.xboxlive.com/users/xuid({ME})/friends", heard.put)
    await rta.subscribe(f"https://notify.xboxlive.com/users/xuid({ME})/deviceId/current/titleId/896928775", heard.put)
    invite = {
        "type": "invite",
        "version": 1,
        "sessionRef": REF,
        "invitedXuid": ME,
        "inviteAttributes": {"titleId": "896928775"},
    }
    async with httpx.AsyncClient(headers=headers_of(FRIEND)) as friend:
        (await friend.put(SESSION, json=JOIN)).raise_for_status()
        (await friend.post(f"{MPSD}/handles", json=invite)).raise_for_status()
        frame = await heard.get()
        handle = frame[2]["inviteHandle"]["id"]
        joined = await friend.put(f"{MPSD}/handles/{handle}/session", json=JOIN, headers=me)
    await rta.close()
    seen = {
        "subscribed to another service": True,
        "invited": frame[2]["inviteHandle"]["senderXuid"] == FRIEND,
        "joined by invite": len(joined.json()["members"]) == 2,
    }
    return {"frame": frame, "sees": [word for word, is_seen in seen.items() if is_seen]}


if __name__ == "__main__":
    print(json.dumps(asyncio.run(main())))
