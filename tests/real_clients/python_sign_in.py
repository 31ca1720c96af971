"""Sign-in by xbox-webapi, python-xbox or elytra-ms, and a session with the tokens that came of it.

``python -m tests.real_clients.python_sign_in PACKAGE FLOW``. The first two have two flows: ``refresh``, of their manager
for registered applications, and ``xal``, as the mobile apps of Xbox sign in. A browser is beside it: plain requests
that go where the package sends its user.
"""

from __future__ import annotations

import asyncio
import importlib
import json
import os
import sys
from typing import Any
from uuid import uuid4

import httpx

from tests.real_clients.python_client import party

REDIRECT = "http://localhost:8080/auth/callback"


async def main(package: str, flow: str) -> dict[str, Any]:
    """Who signed in, and what came of the party."""
    if package == "elytra":
        return await listening()
    sessions = importlib.import_module(f"{package}.common.signed_session")
    clients = importlib.import_module(f"{package}.api.client")
    async with sessions.SignedSession() as http:
        players = []
        for role in ("host", "guest"):
            await says_who_signs_in(role)
            players.append(clients.XboxLiveClient(await FLOWS[flow](package, http)))
        said = await party(http, *(player.session for player in players))
    tokens = [player._auth_mgr.xsts_token for player in players]
    return {**said, "players": [{"xuid": one.xuid, "gamertag": one.gamertag} for one in tokens]}


async def says_who_signs_in(role: str) -> None:
    """Tell the server that each sign-in from now on is by ``role``."""
    async with httpx.AsyncClient() as control:
        answer = await control.put(f"{os.environ['MPSD_CONTROL']}/users/{role}", json={"signs_in": True})
    answer.raise_for_status()


async def refreshed(package: str, http: Any) -> Any:
    """A manager that has signed in once, and whose tokens are over: its client's first request renews all of them."""
    manager = importlib.import_module(f"{package}.authentication.manager").AuthenticationManager(
        http, "00000000-0000-4000-8000-000000000001", "", REDIRECT
    )
    sent_back = await browser(manager.generate_authorization_url("state"))
    assert sent_back.copy_with(query=None) == httpx.URL(REDIRECT)
    assert sent_back.params["state"] == "state"
    await manager.request_tokens(sent_back.params["code"])
    first = manager.xsts_token
    manager.oauth.expires_in = 0
    manager.user_token = manager.xsts_token = None
    await manager.refresh_tokens()
    assert manager.xsts_token.token != first.token
    return manager


async def listening() -> dict[str, Any]:
    """An invite that reaches the guest, whose tokens elytra-ms has renewed: the host is a friend with made-up ones."""
    core, client = (importlib.import_module(name) for name in ("elytra.core", "tests.real_clients.elytra_client"))
    await says_who_signs_in("guest")
    async with httpx.AsyncClient() as http:
        manager = core.AuthenticationManager(http, "00000000-0000-4000-8000-000000000001", "", "http://xboxlive.com")
        page = "https://login.live.com/oauth20_authorize.srf"
        asks = {"client_id": manager.client_id, "response_type": "code", "redirect_uri": REDIRECT, "state": "state"}
        sent_back = await browser(str(httpx.URL(page, params={**asks, "scope": "Xboxlive.signin"})))
        manager.oauth = await manager.request_oauth_token(sent_back.params["code"], REDIRECT)
        await manager.refresh_tokens(force_refresh=True)
    token = manager.xsts_token
    headers = {"Authorization": token.authorization_header_value, "x-xbl-contract-version": "107"}
    return {**await client.main(headers), "players": [{"xuid": token.xuid, "gamertag": token.gamertag}]}


async def xal(package: str, http: Any) -> Any:
    """A manager with the tokens of a sign-in by device token, SISU and a browser, and one for another service."""
    module = importlib.import_module(f"{package}.authentication.xal")
    manager = importlib.import_module(f"{package}.authentication.manager").AuthenticationManager(http, "", "", "")
    signing = module.XALManager(http, uuid4(), module.APP_PARAMS_XBOX_APP, module.CLIENT_PARAMS_ANDROID)
    endpoints = await module.XALManager.get_title_endpoints(http)
    assert "http://xboxlive.com" in {one.relying_party for one in endpoints.end_points}
    devices, seen = await signing.request_device_token(), []
    # its callback cannot be a coroutine
    tokens = await signing.auth_flow(lambda url: str(seen.append(url) or _opened(url)))
    assert seen[0].startswith("https://login.live.com/oauth20_authorize.srf?")
    other = await signing.xsts_authorization(
        devices.token, tokens.title_token.token, tokens.user_token.token, "https://multiplayer.minecraft.net/"
    )
    assert list(other.display_claims.xui[0]) == ["uhs"]
    models = importlib.import_module(f"{package}.authentication.models")
    manager.oauth = models.OAuth2TokenResponse(
        token_type="bearer", expires_in=86400, scope="", access_token="", refresh_token="", user_id=""
    )
    manager.user_token, manager.xsts_token = tokens.user_token, tokens.authorization_token
    return manager


def _opened(url: str) -> str:
    return httpx.get(url).headers["Location"]


async def browser(url: str) -> httpx.URL:
    """Where the page at ``url`` sends the browser once the user has approved."""
    async with httpx.AsyncClient() as client:
        answer = await client.get(url)
    assert answer.status_code == 302
    return httpx.URL(answer.headers["Location"])


FLOWS = {"refresh": refreshed, "xal": xal}

if __name__ == "__main__":
    print(json.dumps(asyncio.run(main(*sys.argv[1:]))))
