"""What must not be kept of a sign-in and of the services around it."""

from __future__ import annotations

from urllib.parse import quote

from tests.cassettes.scrubbing.planted import AUTHORIZATION, FRIEND, HOST, JSON, NOBODY, TAG, USER_HASH, XSTS, garden
from tests.cassettes.scrubbing.planted_secrets import Exchange, as_json, form, signature, standard

FORM = ("Content-Type", "application/x-www-form-urlencoded")


def oauth() -> Exchange:
    """Tokens of an account, by a form."""
    asked = form(
        grant_type="refresh_token",
        client_id="000000004c12ae6f",
        scope="service::user.auth.xboxlive.com::MBI_SSL",
        refresh_token="M.C519_BAY.0.U.-" + garden.token("form body, refresh_token", 200),
        client_secret=garden.token("form body, client_secret", 40),
        code="M.C519_BAY.2.U." + garden.token("form body, code", 36),
        code_verifier=garden.token("form body, code_verifier", 64),
        device_code=garden.token("form body, device_code", 90),
        password=garden.put("password", "form body, password", "correct horse & battery=staple"),
    )
    given = {
        "token_type": "bearer",
        "expires_in": 86400,
        "access_token": "EwAIA+pvBAAU" + garden.token("OAuth answer, access_token", 300),
        "refresh_token": "M.C519_BAY.0.U.-" + garden.token("OAuth answer, refresh_token", 200),
        "id_token": garden.jwt("OAuth answer, id_token"),
        "user_id": garden.token("OAuth answer, user_id", 16, "account"),
    }
    basic = standard(b"client:" + garden.token("request header Authorization: Basic, base64", 24).encode())
    cookie = garden.token("response header set-cookie, lower case", 60, "cookie")
    came = [JSON, ("set-cookie", f"MSPAuth={cookie}")]
    return Exchange(
        "POST", "/oauth20_token.srf", [FORM, ("aUTHORIZATION", f"Basic {basic}")], asked, 200, came, as_json(given)
    )


def ticket() -> Exchange:
    """An account's ticket becomes a user token."""
    rps = "d=EwAIA+pvBAAU" + garden.token("RpsTicket", 250)
    asked = {
        "RelyingParty": "http://auth.xboxlive.com",
        "TokenType": "JWT",
        "Properties": {"AuthMethod": "RPS", "SiteName": "user.auth.xboxlive.com", "RpsTicket": rps},
    }
    given = {
        "IssueInstant": "2026-01-06T10:00:00.1Z",
        "NotAfter": "2026-01-20T10:00:00.1Z",
        "Token": garden.jwt("user token, Token"),
        "DisplayClaims": {"xui": [{"uhs": USER_HASH}]},
    }
    signed = garden.put("signature", "request header signature, lower case", signature("lower case"))
    return Exchange(
        "POST", "/user/authenticate", [JSON, ("signature", signed)], as_json(asked), 200, [JSON], as_json(given)
    )


def xsts() -> list[Exchange]:
    """Device, title and user tokens become the one that MPSD takes."""
    device, did = (
        garden.jwt("device token of XASD, Token"),
        garden.put("account", "DisplayClaims did", "F400A1B2C3D4E5F6"),
    )
    proof = garden.token("ProofKey, d", 43)
    key = {"kty": "EC", "crv": "P-256", "alg": "ES256", "use": "sig", "x": "eA", "y": "eQ", "d": proof}
    asked = {
        "RelyingParty": "http://xboxlive.com",
        "TokenType": "JWT",
        "Properties": {
            "SandboxId": "RETAIL",
            "UserTokens": [garden.jwt("XSTS request, UserTokens[]")],
            "DeviceToken": device,
            "TitleToken": garden.jwt("XSTS request, TitleToken"),
        },
    }
    claims = {"uhs": USER_HASH, "xid": HOST, "gtg": TAG, "agg": "Adult", "mgt": TAG, "umg": TAG, "prv": "184 186"}
    given = {"Token": XSTS, "DisplayClaims": {"xui": [claims]}, "NotAfter": "2026-01-06T18:00:00.1Z"}
    authenticated = {"Token": device, "DisplayClaims": {"xdi": {"did": did, "dcs": "0"}}}
    return [
        Exchange(
            "POST",
            "/device/authenticate",
            [JSON],
            as_json({"Properties": {"ProofKey": key}}),
            200,
            [JSON],
            as_json(authenticated),
        ),
        Exchange("POST", "/xsts/authorize", [JSON], as_json(asked), 200, [JSON], as_json(given)),
    ]


def profile() -> Exchange:
    """A person: an id and a list of names and values."""
    name = garden.put("gamertag", "profile settings, id and value", "Frightful Newt 88")
    settings = [
        {"id": "Gamertag", "value": name},
        {"id": "ModernGamertag", "value": name},
        {"id": "Gamerscore", "value": "10"},
    ]
    given = {"profileUsers": [{"id": FRIEND, "hostId": FRIEND, "settings": settings, "isSponsoredUser": False}]}
    path = f"/users/xuid({FRIEND})/profile/settings?settings=Gamertag,ModernGamertag"
    return Exchange(
        "GET",
        path,
        [("Authorization", AUTHORIZATION), ("x-xbl-contract-version", "2")],
        b"",
        200,
        [JSON],
        as_json(given),
    )


def by_gamertag() -> Exchange:
    """Who has a gamertag: it is in the path."""
    wanted = garden.put("gamertag", "path, gt(...)", "GrumpyOtter9310")
    given = {"profileUsers": [{"id": FRIEND, "settings": [{"id": "Gamertag", "value": wanted}]}]}
    return Exchange(
        "GET",
        f"/users/gt({quote(wanted)})/profile/settings",
        [("Authorization", AUTHORIZATION)],
        b"",
        200,
        [JSON],
        as_json(given),
    )


def playfab() -> Exchange:
    """Another service takes the same token in a body, and answers with its own."""
    entity = garden.token("EntityToken of PlayFab", 200)
    given = {
        "code": 200,
        "data": {
            "SessionTicket": garden.token("SessionTicket of PlayFab", 120),
            "EntityToken": {"EntityToken": entity},
        },
    }
    header = ("X-EntityToken", garden.token("request header X-EntityToken", 200))
    other = ("x-aUTHORIZATION", garden.token("request header X-Authorization, odd case", 120))
    return Exchange(
        "POST",
        "/Client/LoginWithXbox",
        [JSON, header, other],
        as_json({"XboxToken": AUTHORIZATION, "TitleId": "ABCD"}),
        200,
        [JSON],
        as_json(given),
    )


def push_channel() -> Exchange:
    """A device says where its notifications go."""
    address = "https://sn3p.notify.windows.com/w/?token="
    body = {
        "ChannelUri": address + garden.token("WNS ChannelUri", 120, "push channel"),
        "transport": "WNS",
        "Locale": "en-US",
        "alt": address
        + quote(garden.token("WNS URI under an unknown name, percent-encoded", 60, "push channel") + "/="),
    }
    came = {
        "ConnectionId": garden.guid("connection", "ConnectionId"),
        "endpoint": garden.put("ip address", "free IPv4 with a port", "100.91.91.203") + ":3544",
    }
    return Exchange(
        "POST",
        "/system/notifications/endpoints",
        [JSON, ("Authorization", AUTHORIZATION)],
        as_json(body),
        200,
        [JSON],
        as_json(came),
    )


def variants() -> Exchange:
    """People and addresses in the odder ways of writing them."""
    name = garden.put("xuid", "path, percent-encoded; key", str(NOBODY - 63))
    number = garden.put("xuid", "a number, not a text", str(NOBODY - 74))
    spaced = garden.put("gamertag", "query, percent-encoded", "Odd & Even Ünion")
    seen = garden.put("ip address", "request header X-Forwarded-For", "100.88.12.9")
    mapped = garden.put("ip address", "IPv6 that holds an IPv4", "::ffff:100.88.12.77")
    plain = garden.put("ip address", "free IPv6", "2001:2:44:55:66:77:88:99")
    proxy = standard(b"me:" + garden.token("request header Proxy-Authorization", 20).encode())
    user, password = garden.token("user of a URL", 24), garden.token("password of a URL", 24)
    sent = [
        ("Authorization", AUTHORIZATION),
        JSON,
        ("X-Forwarded-For", f"{seen}, 10.0.0.1"),
        ("x-API-key", garden.token("request header x-API-key", 40)),
        ("Proxy-Authorization", f"Basic {proxy}"),
    ]
    given = {
        "xuid": int(number),
        "text": f"{name} was at {mapped} and [{plain}]:3074",
        "profiles": {name: {"Gamertag": spaced}},
        "link": f"https://{user}:{password}@files.invalid/",
    }
    target = f"/users/xuid%28{name}%29/people?gamertag={quote(spaced)}&gt={quote(spaced)}"
    return Exchange("GET", target, sent, b"", 200, [JSON], as_json(given))


SIGN_IN = [oauth(), ticket(), *xsts(), profile(), by_gamertag(), playfab(), push_channel(), variants()]
KNOWN = list(garden.planted)
"""Secrets in places that the contract or the issue names."""
