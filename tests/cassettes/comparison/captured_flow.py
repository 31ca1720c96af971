"""The captured lobby flow as a recording: its statuses, shapes and orders in our own words, with made-up ids.

One player opens a lobby, shows it, opens a game, and lets the lobby into it (contract 2.2, 2.5, 7.2 to 7.5, 19.2).
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

HOST, TITLE = "9000000000000001", "1777777777"
SCID = "7e570100-1111-4222-8333-444455556666"
DEVICE = "0123456789abcdef0123456789abcdef"
CONNECTION = "cccc0000-0000-4000-8000-00000000c0de"
LOBBY = {"name": "0D15EA5E-0000-4000-8000-000000000001", "scid": SCID, "templateName": "PartyLobby"}
GAME = {"name": "0D15EA5E-0000-4000-8000-000000000002", "scid": SCID, "templateName": "PartyGame"}
ACTIVITY, TRANSFER = "aaaabbbb-cccc-4ddd-8eee-ffff00001111", "aaaabbbb-cccc-4ddd-8eee-ffff00002222"
BRANCHES = {
    LOBBY["name"]: "bbbb0000-0000-4000-8000-00000000000a",
    GAME["name"]: "bbbb0000-0000-4000-8000-00000000000b",
}
CONSTANTS: dict[str, Any] = {
    "version": 1,
    "maxMembersCount": 8,
    "visibility": "open",
    "inviteProtocol": "game",
    "capabilities": {
        "connectivity": True,
        "connectionRequiredForActiveMembers": True,
        "crossPlay": True,
        "userAuthorizationStyle": True,
    },
}
ALIVE = {"active": True, "connection": CONNECTION}
FOLLOWED = {"joinRestriction": "followed", "readRestriction": "followed"}
LOCAL = {"joinRestriction": "local", "readRestriction": "local"}
JOINABLE = {"Joinability": "joinable_by_friends"}
GAME_TYPES = {
    "uwp-desktop": {"titleId": TITLE, "pfn": "Contoso.Party_abcdefgh12345"},
    "era": {"titleId": TITLE},
}


def subscription(ref: dict[str, str]) -> dict[str, Any]:
    """What the member of a session subscribes to."""
    return {"changeTypes": ["everything"], "id": f"DDDD0000-0000-4000-8000-0000{ref['name'][-8:]}"}


def etag(ref: dict[str, str], change: int) -> str:
    """The ETag of a session's state."""
    return f'"{ref["name"][-1] * 16}{change:016x}"'


def session(ref: dict[str, str], change: int, properties: dict[str, Any]) -> dict[str, Any]:
    """The session as the service shows it."""
    timeouts = {"reserved": 30000, "inactive": 0, "ready": 180000, "sessionEmpty": 0}
    member = {
        "next": 1,
        "joinTime": "2026-01-06T10:00:00.5000000Z",
        "constants": {"system": {"xuid": HOST, "index": 0}, "custom": {}},
        "properties": {
            "system": {"secureDeviceAddress": "QUFBQUFBQUE=", "subscription": subscription(ref), **ALIVE},
            "custom": {},
        },
        "gamertag": "FakeTag 0001",
        "activeTitleId": TITLE,
        "deviceToken": DEVICE,
    }
    return {
        "membersInfo": {"first": 0, "next": 1, "count": 1, "accepted": 1, "active": 1},
        "constants": {"system": {**CONSTANTS, "timeouts": timeouts}, "custom": {}},
        "properties": properties,
        "servers": {},
        "members": {"0": member},
        "correlationId": f"eeee0000-0000-4000-8000-0000{ref['name'][-8:]}",
        "contractVersion": 105,
        "branch": BRANCHES[ref["name"]],
        "changeNumber": change,
        "startTime": "2026-01-06T10:00:00.5000000Z",
    }


def lobby(change: int, host: dict[str, str], **custom: str) -> dict[str, Any]:
    """The lobby: its creator sent properties, so that ``system`` comes first, and ``turn`` behind what was sent."""
    system = {**FOLLOWED, "turn": [], **host, "matchmaking": {}}
    return session(LOBBY, change, {"system": system, "custom": JOINABLE | custom})


def game(change: int, **host: str) -> dict[str, Any]:
    """The game: its creator sent none, so that ``custom`` comes first, and ``turn`` before the defaults."""
    return session(GAME, change, {"custom": {}, "system": {"turn": [], **LOCAL, **host, "matchmaking": {}}})


def put(ref: dict[str, str], sent: Any, status: int, shown: dict[str, Any], if_match: str = "") -> dict[str, Any]:
    """A session write and its answer."""
    path = f"/serviceconfigs/{SCID}/sessionTemplates/{ref['templateName']}/sessions/{ref['name']}"
    cache = "no-cache, no-store" if status == 412 else "max-age=0, must-revalidate"
    headers = {"Cache-Control": cache, "ETag": etag(ref, shown["changeNumber"])}
    return exchange("PUT", path, sent, status, shown, headers, {"If-Match": if_match} if if_match else {})


def post(path: str, sent: Any, status: int, shown: dict[str, Any]) -> dict[str, Any]:
    """A query, or a handle and its address."""
    at = (
        {"Content-Location": f"/handles/{shown['id']}", "Location": f"/handles/{shown['id']}"}
        if "id" in shown
        else {}
    )
    return exchange("POST", path, sent, status, shown, {"Cache-Control": "no-cache, no-store", **at}, {})


def exchange(
    method: str, path: str, sent: Any, status: int, shown: Any, headers: dict[str, str], more: dict[str, str]
) -> dict[str, Any]:
    """One exchange, as a cassette has it."""
    asked = {"Authorization": "XBL3.0 x=host;removed", "Content-Type": "application/json; charset=utf-8"}
    told = {"Content-Type": "application/json", "Date": "Tue, 06 Jan 2026 10:00:00 GMT"}
    return {
        "request": {
            "method": method,
            "uri": f"https://sessiondirectory.xboxlive.com{path}",
            "body": json.dumps(sent),
            "headers": {name: [value] for name, value in {**asked, "x-xbl-contract-version": "105", **more}.items()},
        },
        "response": {
            "status": {"code": status, "message": ""},
            "headers": {name: [value] for name, value in {**headers, **told}.items()},
            "body": {"string": json.dumps(shown)},
        },
    }


def joining(ref: dict[str, str], **constants: Any) -> dict[str, Any]:
    """The creator's own part of a creation."""
    system = {**ALIVE, "secureDeviceAddress": "QUFBQUFBQUE=", "subscription": subscription(ref)}
    return {"me": {"constants": {"system": {**constants, "xuid": HOST}}, "properties": {"system": system}}}


def flow() -> list[dict[str, Any]]:
    """The ten exchanges, in their order."""
    people = {"owners": {"people": {"moniker": "People", "monikerXuid": HOST}}, "scid": SCID, "type": "activity"}
    activity = {"sessionRef": LOBBY, "type": "activity", "version": 1}
    shown = {"titleId": TITLE, "ownerXuid": HOST, "id": ACTIVITY, "inviteProtocol": "game", "gameTypes": GAME_TYPES}
    transfer = {"originSessionRef": LOBBY, "sessionRef": GAME, "type": "transfer", "version": 1}
    alive, host = {"me": {"properties": {"system": ALIVE}}}, {"host": DEVICE}
    hosted = {"members": alive, "properties": {"system": host}}
    pending = {"custom": {"GameSessionTransferHandle": f"pending~{HOST}"}}
    done = {"GameSessionTransferHandle": f"completed~{TRANSFER}"}
    friends = {"custom": JOINABLE, "system": FOLLOWED}
    return [
        post("/handles/query?include=relatedInfo", people, 200, {"results": []}),
        put(LOBBY, {"members": joining(LOBBY, initialize=True), "properties": friends}, 201, lobby(1, {})),
        post("/handles", activity, 201, {**activity, **shown, "createTime": "2026-01-06T10:00:01.0000000Z"}),
        put(LOBBY, {"members": alive, "properties": pending}, 412, lobby(2, {}), etag(LOBBY, 1)),
        put(LOBBY, {"properties": {"system": host}}, 200, lobby(3, host), "*"),
        put(GAME, {"members": joining(GAME)}, 201, game(1)),
        post("/handles", transfer, 201, {**transfer, "id": TRANSFER}),
        put(GAME, hosted, 412, game(2), etag(GAME, 1)),
        put(LOBBY, {"members": alive, "properties": {"custom": done}}, 200, lobby(4, host, **done), "*"),
        put(GAME, hosted, 200, game(3, **host), etag(GAME, 2)),
    ]


def write_flow(folder: Path, exchanges: list[dict[str, Any]]) -> tuple[Path, Path]:
    """A cassette of ``exchanges``, and a file that describes the two templates."""
    cassette, templates = folder / "lobby.json", folder / "templates.yaml"
    roles = {"roles": {"host": HOST}}
    cassette.write_text(json.dumps({"version": 1, "handlesfake": roles, "interactions": exchanges}), encoding="utf-8")
    described = {name: {"constants": {"system": CONSTANTS}} for name in ("PartyLobby", "PartyGame")}
    templates.write_text(json.dumps(described), encoding="utf-8")
    return cassette, templates
