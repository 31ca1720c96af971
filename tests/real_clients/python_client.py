"""A session by xbox-webapi or python-xbox, which know only the names of the service and the CA file.

Neither has its own words for MPSD: its users send requests through its session, which signs them and numbers them.
"""

from __future__ import annotations

import asyncio
import importlib
import json
import sys
from datetime import UTC, datetime, timedelta
from typing import Any

MPSD = "https://sessiondirectory.xboxlive.com"
SCID = "4fc10100-5f7a-4470-899b-280835760c07"
REF = {"scid": SCID, "templateName": "MinecraftLobby", "name": "8b0f6c3a-1b1a-4d0e-9f3b-2f6f4d1c9a10"}
SESSION = f"{MPSD}/serviceconfigs/{SCID}/sessionTemplates/MinecraftLobby/sessions/{REF['name']}"
HEADERS = {"x-xbl-contract-version": "107"}
SYSTEM = {"active": True, "connection": "11111111-1111-4111-8111-111111111111"}
JOIN = {"members": {"me": {"constants": {"system": {"initialize": True}}, "properties": {"system": SYSTEM}}}}
CREATE = {**JOIN, "properties": {"system": {"joinRestriction": "followed", "readRestriction": "followed"}}}


def signed_in(package: str, http: Any, xuid: str) -> Any:
    """The client of ``package`` with tokens that are good for a day, as a user's own cache would give them."""
    models = importlib.import_module(f"{package}.authentication.models")
    manager = importlib.import_module(f"{package}.authentication.manager").AuthenticationManager(http, "id", "", "")
    now = datetime.now(UTC)
    dates = {"IssueInstant": now, "NotAfter": now + timedelta(days=1), "Token": "made-up"}
    claims = {"DisplayClaims": {"xui": [{"uhs": f"uhs-{xuid}", "xid": xuid}]}}
    manager.oauth = models.OAuth2TokenResponse(
        token_type="bearer", expires_in=86400, scope="", access_token="", refresh_token="", user_id=""
    )
    manager.user_token = models.XAUResponse(**dates, **claims)
    manager.xsts_token = models.XSTSResponse(**dates, **claims)
    return importlib.import_module(f"{package}.api.client").XboxLiveClient(manager)


async def main(package: str) -> dict[str, Any]:
    """What came of each request, by what it was for; and what the two players saw of each other."""
    sessions = importlib.import_module(f"{package}.common.signed_session")
    async with sessions.SignedSession() as http:
        players = [signed_in(package, http, f"900000000000000{number}").session for number in (1, 2)]
        return await party(http, *players)


async def party(http: Any, host: Any, guest: Any) -> dict[str, Any]:
    """The same of the two players ``host`` and ``guest``, whose sessions add their tokens to each request."""
    said = {
        "create": await host.put(SESSION, json=CREATE, headers=dict(HEADERS)),
        "activity": await host.post(
            f"{MPSD}/handles", json={"type": "activity", "version": 1, "sessionRef": REF}, headers=dict(HEADERS)
        ),
        "invite": await host.post(f"{MPSD}/handles", json=_invite(), headers=dict(HEADERS)),
        "people": await _query(guest, {"people": {"moniker": "people", "monikerXuid": "9000000000000002"}}),
        "xuids": await _query(guest, {"xuids": ["9000000000000001"]}),
    }
    activity, invite = (said[name].json()["id"] for name in ("activity", "invite"))
    leaving = {"members": {"me": None}}
    said |= {
        "join by invite": await guest.put(f"{MPSD}/handles/{invite}/session", json=JOIN, headers=dict(HEADERS)),
        "both": await host.get(SESSION, headers=dict(HEADERS)),
        "leave": await guest.put(SESSION, json=leaving, headers=dict(HEADERS)),
        "one": await host.get(SESSION, headers=dict(HEADERS)),
        "join by handle": await guest.put(f"{MPSD}/handles/{activity}/session", json=JOIN, headers=dict(HEADERS)),
        "leave again": await guest.put(SESSION, json=leaving, headers=dict(HEADERS)),
        "delete": await host.delete(f"{MPSD}/handles/{activity}", headers=dict(HEADERS)),
    }
    said["signed"] = await http.send_signed("GET", SESSION, headers=_signed(host))
    return {"statuses": {name: answer.status_code for name, answer in said.items()}, "sees": _sees(said)}


async def _query(session: Any, owners: dict[str, Any]) -> Any:
    body = {"type": "activity", "scid": SCID, "owners": owners}
    return await session.post(
        f"{MPSD}/handles/query", json=body, headers=dict(HEADERS), params={"include": "relatedInfo"}
    )


def _sees(said: dict[str, Any]) -> list[str]:
    """The words of ``clients.yaml`` for what was seen."""
    owners = {name: [one["ownerXuid"] for one in said[name].json()["results"]] for name in ("people", "xuids")}
    members = {
        name: len(said[name].json()["members"]) for name in ("join by invite", "join by handle", "both", "one")
    }
    seen = {
        "published": said["create"].status_code == 201 and said["activity"].status_code == 201,
        "invited": said["invite"].json()["invitedXuid"] == "9000000000000002",
        "activities of people": owners["people"] == ["9000000000000001"],
        "activities of xuids": owners["xuids"] == ["9000000000000001"],
        "joined by invite": members["join by invite"] == 2,
        "joined by handle": members["join by handle"] == 2,
        "members counted": (members["both"], members["one"]) == (2, 1),
        "left": said["leave again"].status_code == 200,
    }
    return [word for word, is_seen in seen.items() if is_seen]


def _signed(session: Any) -> dict[str, str]:
    return {**HEADERS, "Authorization": session._auth_mgr.xsts_token.authorization_header_value}


def _invite() -> dict[str, Any]:
    attributes = {"titleId": "896928775"}
    return {
        "type": "invite",
        "version": 1,
        "sessionRef": REF,
        "invitedXuid": "9000000000000002",
        "inviteAttributes": attributes,
    }


if __name__ == "__main__":
    print(json.dumps(asyncio.run(main(sys.argv[1]))))
