"""A session by xbox-webapi or python-xbox, which know only the names of the service and the CA file.

Neither has words of its own for MPSD: its users send requests through its session, which signs them and numbers them.
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
    """What came of each request, by what it was for."""
    sessions = importlib.import_module(f"{package}.common.signed_session")
    async with sessions.SignedSession() as http:
        host, guest = (signed_in(package, http, f"900000000000000{number}").session for number in (1, 2))
        said = {
            "create": await host.put(SESSION, json=JOIN, headers=dict(HEADERS)),
            "activity": await host.post(
                f"{MPSD}/handles", json={"type": "activity", "version": 1, "sessionRef": REF}, headers=dict(HEADERS)
            ),
            "invite": await host.post(f"{MPSD}/handles", json=_invite(), headers=dict(HEADERS)),
        }
        handle = said["invite"].json()["id"]
        query = {"type": "activity", "scid": SCID, "owners": {"xuids": ["9000000000000001"]}}
        said |= {
            "query": await guest.post(
                f"{MPSD}/handles/query", json=query, headers=dict(HEADERS), params={"include": "relatedInfo"}
            ),
            "join": await guest.put(f"{MPSD}/handles/{handle}/session", json=JOIN, headers=dict(HEADERS)),
            "leave": await guest.put(SESSION, json={"members": {"me": None}}, headers=dict(HEADERS)),
            "delete": await host.delete(f"{MPSD}/handles/{said['activity'].json()['id']}", headers=dict(HEADERS)),
        }
        said["signed"] = await http.send_signed("GET", SESSION, headers=_signed(host))
    return {name: [answer.status_code, answer.text] for name, answer in said.items()}


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
