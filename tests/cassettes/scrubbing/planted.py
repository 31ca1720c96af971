"""What must not be kept of the traffic with the session directory, and the traffic that carries it."""

from __future__ import annotations

import gzip
import hashlib
import json
from urllib.parse import quote

from tests.cassettes.scrubbing.planted_secrets import (
    Exchange,
    Garden,
    Pairs,
    as_json,
    escaped,
    handle_id,
    opaque,
    signature,
    standard,
)

garden = Garden()

NOBODY = 10 * 2**48
"""Where the service's range ends: a number just below looks like a person's xuid, but is not."""

HOST = garden.put("xuid", "role, claims, bodies, paths, queries", "9000000000004711")
FRIEND = garden.put("xuid", "invitedXuid, path, query, results", str(NOBODY - 22))
THIRD = garden.put("xuid", "xuids[], free-standing in a body", str(NOBODY - 41))
OWNER = garden.put("xuid", "request header X-Xbl-OnBehalfOf-Users", str(NOBODY - 52))
TAG = garden.put("gamertag", "gamertag, claims, debug line, several bodies", "SleepyWombat4711")
MODERN = garden.put("gamertag", "senderModernGamertag", "Zähes Gürteltier")
SUFFIX = garden.put("gamertag", "senderUniqueModernGamertag", "Zähes Gürteltier#8842")

USER_HASH = garden.put("user hash", "Authorization x=, DisplayClaims uhs", "1884620937715540291")
XSTS = garden.jwt("request header Authorization, and the Token of the XSTS answer", xid=HOST, gtg=TAG)
AUTHORIZATION = f"XBL3.0 x={USER_HASH};{XSTS}"
CREDENTIALS = {"host": {"xuid": HOST, "authorization": AUTHORIZATION}}

SCID = "7e570100-1111-4222-8333-444455556666"
SESSION = f"/serviceconfigs/{SCID}/sessiontemplates/FakeLobby/sessions/lobby-1"
REF = {"scid": SCID, "templateName": "FakeLobby", "name": "lobby-1"}
JSON: tuple[str, str] = ("Content-Type", "application/json")


def caller(place: str, *more: tuple[str, str]) -> Pairs:
    """The headers of a player's request, with its own signature and cookie."""
    signed = garden.put("signature", f"request header Signature, {place}", signature(place))
    cookie = garden.token(f"request header Cookie, {place}", 44, "cookie")
    return [
        ("Authorization", AUTHORIZATION),
        ("Signature", signed),
        ("Cookie", f"sid={cookie}; lang=en"),
        JSON,
        ("x-xbl-contract-version", "107"),
        *more,
    ]


def served(place: str, *more: tuple[str, str]) -> Pairs:
    """The headers of an answer, with what the service says about itself and the caller."""
    device = garden.put(
        "debug",
        f"response header X-Xbl-Debug, device id, {place}",
        f"F4{opaque(place, 12).encode().hex().upper()[:14]}",
    )
    debug = f"xuid={HOST}; gamertag={TAG}; privileges=184 186; deviceid={device}; title=1234567890; sandbox=RETAIL"
    cookie = garden.token(f"response header Set-Cookie, {place}", 44, "cookie")
    correlation = garden.guid("infrastructure", f"response header X-XblCorrelationId, {place}")
    return [
        JSON,
        ("X-Xbl-Debug", debug),
        ("Set-Cookie", f"ARR={cookie}; Path=/; HttpOnly"),
        ("X-XblCorrelationId", correlation),
        ("Date", "Tue, 06 Jan 2026 10:00:00 GMT"),
        *more,
    ]


def a_session() -> Exchange:
    """A player joins, and reads back all there is of a member."""
    place = "PUT of a session"
    address = garden.put("secure device address", place, standard(hashlib.shake_256(b"device address").digest(54)))
    connection, subscription = garden.guid("connection", place), garden.guid("subscription", place)
    v4, v6 = (
        garden.put("ip address", "custom HostIpAddress", "100.87.44.7"),
        garden.put("ip address", "hostCandidates", "2001:2:0:a1::7"),
    )
    device = garden.put("device token", "deviceToken of a member", opaque("device token", 32).upper())
    nonce, deep = garden.token("custom nonces", 32, "nonce"), garden.token("custom, six levels down, authToken")
    system = {
        "active": True,
        "connection": connection,
        "secureDeviceAddress": address,
        "subscription": {"id": subscription, "changeTypes": ["everything"]},
        "measurements": {device: {"latency": 30}},
    }
    custom = {
        "HostIpAddress": v4,
        "HostPort": 19132,
        "nonces": {FRIEND: nonce},
        "a": {"b": [{"c": {"d": [{"authToken": deep}]}}]},
    }
    me = {
        "constants": {"system": {"xuid": HOST, "initialize": True}},
        "properties": {"system": system, "custom": custom},
    }
    member = {**me, "gamertag": TAG, "deviceToken": device, "nat": "open", "joinTime": "2026-01-06T10:00:00Z"}
    document = {
        "membersInfo": {"first": 0, "next": 1, "count": 1, "accepted": 1, "active": 1},
        "members": {"0": member},
        "properties": {"system": {"host": device, "hostCandidates": [device, f"[{v6}]:3074"]}, "custom": custom},
    }
    server = garden.put("infrastructure", "response header X-ServerName", "SESSDIR-WEUR-VM0147")
    behalf = ("X-XBL-ONBEHALFOF-USERS", f"{OWNER};priv=multiplayer,{HOST}")
    return Exchange(
        "PUT",
        SESSION,
        caller(place, behalf),
        as_json({"members": {"me": me}}),
        201,
        served(place, ("ETag", '"opaque-etag-1"'), ("X-ServerName", server)),
        as_json(document),
    )


def an_invite() -> Exchange:
    """An invitation, which names everybody in each of the fields there are for it."""
    place = "POST of an invite"
    inner = garden.token("JSON inside a string, refresh_token", 120)
    twice = garden.jwt("JSON inside JSON inside a string, Token")
    launch = json.dumps({"payload": json.dumps({"Token": twice}), "refresh_token": inner, "from": HOST})
    body = {
        "type": "invite",
        "version": 1,
        "sessionRef": REF,
        "invitedXuid": FRIEND,
        "customProperties": {"launch": launch},
    }
    picture = garden.token("senderImageUrl, sig in its query", 43)
    answer = {
        **body,
        "id": handle_id("a handle"),
        "senderXuid": HOST,
        "ownerXuid": HOST,
        "gamertag": TAG,
        "sender": TAG,
        "senderModernGamertag": MODERN,
        "senderModernGamertagSuffix": "8842",
        "senderUniqueModernGamertag": SUFFIX,
        "senderImageUrl": f"https://images.invalid/{HOST}.png?sig={picture}",
        "titleId": "1234567890",
        "relatedInfo": {"memberXuids": [HOST, FRIEND], "sessionOwners": [HOST]},
    }
    return Exchange("POST", "/handles", caller(place), as_json(body), 201, served(place), as_json(answer))


def a_query() -> Exchange:
    """Friends' activities, with a token in the query, asked for with a gzipped body."""
    place = "POST of a query"
    token, plain = garden.token("query, access_token", 64), garden.token("query, sig, percent-encoded", 32) + "+/=="
    packed = garden.token("gzipped request body, sessionTicket", 80)
    target = f"/handles/query?include=relatedInfo&access_token={token}&sig={quote(plain, safe='')}&xuid={FRIEND}"
    body = {
        "type": "activity",
        "owners": {"people": {"moniker": "people", "monikerXuid": HOST}},
        "sessionTicket": packed,
    }
    results = [{"id": handle_id("another"), "ownerXuid": xuid, "sessionRef": REF} for xuid in (FRIEND, THIRD)]
    return Exchange(
        "POST",
        target,
        caller(place, ("Content-Encoding", "gzip")),
        gzip.compress(as_json(body), mtime=0),
        200,
        served(place),
        as_json({"results": results}),
    )


def some_sessions() -> Exchange:
    """Sessions by person: people in the path and the query; and a redirection that hands on a token."""
    place = "GET of sessions"
    code, hidden = (
        garden.token("response header Location, token in its query", 60),
        garden.jwt("response header Location, fragment"),
    )
    location = f"https://elsewhere.invalid/users/xuid({FRIEND})?token={code}#access_token={hidden}&state=1"
    target = (
        f"/serviceconfigs/{SCID}/sessions?xuid={FRIEND}&reservations=true&Token={garden.token('query, Token', 50)}"
    )
    return Exchange("GET", target, caller(place), b"", 201, served(place, ("Location", location)), b'{"results": []}')


def a_batch() -> Exchange:
    r"""Many people at once; the answer is JSON with ``\u`` escapes, and repeats the caller's own token."""
    place = "POST of a batch"
    spelt = garden.token("JSON with each character escaped, accessToken", 60)
    echo = f'{{"results": [], "note": "you are {TAG} and sent {AUTHORIZATION}", "accessToken": "{escaped(spelt)}"}}'
    return Exchange(
        "POST",
        f"/serviceconfigs/{SCID}/batch",
        caller(place),
        as_json({"xuids": [HOST, FRIEND, THIRD]}),
        200,
        served(place),
        echo.encode(),
    )


def an_echo() -> Exchange:
    """A text that repeats the caller's token and says who they are."""
    place = "DELETE of a handle"
    text = f"{AUTHORIZATION}\nxuid {HOST} ({TAG}) at 100.87.44.7:3074".encode()
    return Exchange(
        "DELETE",
        f"/handles/{handle_id('a handle')}",
        caller(place),
        b"",
        403,
        [("Content-Type", "text/plain"), *served(place)[1:]],
        text,
    )


def a_wide_document() -> Exchange:
    """A document in UTF-16, with a push channel."""
    place = "GET of a session, in UTF-16"
    channel = (
        f"https://db5p.notify.windows.com/?token={garden.token('UTF-16 body, WNS channel URI', 120, 'push channel')}"
    )
    text = json.dumps(
        {"channelUri": channel, "members": {"0": {"gamertag": TAG}}, "ncid": garden.guid("connection", "ncid")}
    )
    came = [("Content-Type", "application/json; charset=utf-16"), *served(place)[1:]]
    return Exchange("GET", SESSION, caller(place), b"", 200, came, text.encode("utf-16"))


def mpsd() -> list[Exchange]:
    """The traffic with the session directory."""
    return [a_session(), an_invite(), a_query(), some_sessions(), a_batch(), an_echo(), a_wide_document()]


MPSD = mpsd()
