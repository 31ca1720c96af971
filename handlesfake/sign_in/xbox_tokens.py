"""The token services of Xbox Live: from an access token to a user token, and on to one for MPSD (contract 21.4)."""

from __future__ import annotations

from typing import Any

from handlesfake.mpsd.evidence import Evidence
from handlesfake.mpsd.http.body import a_text, an_object, type_name
from handlesfake.mpsd.state.identity import KnownUser
from handlesfake.sign_in.asked import Asked, Done, Grant
from handlesfake.sign_in.refusals import refuse
from handlesfake.sign_in.state import IssuedToken, Known
from handlesfake.sign_in.tokens import HOUR, XSTS_HOURS, Brought, brought, issue, token_document

XBOX_LIVE = "http://xboxlive.com"
"""The relying party of the services of Xbox Live: its tokens say who the user is."""

MOST_USERS = 16
"""User tokens in one request; a bound of the fake, no fact about the service."""

PRIVILEGES = (185, 188, 189, 190, 196, 198, 203, 207, 208, 209, 220, 247, 252, 254, 255)
"""What an account is allowed, by the numbers that a client knows; 254 is to play with others."""

MULTIPLAYER = 254


def user_authenticate(asked: Asked) -> Done:
    """``POST /user/authenticate``: a user token for the access token in ``RpsTicket``."""
    properties = properties_of(asked)
    found = brought(asked, ticket_in(properties.get("RpsTicket"), "Properties.RpsTicket"), "RpsTicket", "access")
    user = user_of(found)
    document, known, grants = user_token(asked, asked.known, user)
    return _done(known, document, Evidence.CAPTURED, [found], "an unknown access token", grants)


def xsts_authorize(asked: Asked) -> Done:
    """``POST /xsts/authorize``: a token for one service, from tokens of users, a device and a title."""
    properties, party = properties_of(asked), a_text(asked.body.get("RelyingParty"), "RelyingParty")
    users = [brought(asked, one, name, "user") for name, one in _user_tokens(properties)]
    others = [
        brought(asked, properties[name], f"Properties.{name}", kind)
        for name, kind in (("DeviceToken", "device"), ("TitleToken", "title"))
        if properties.get(name) is not None
    ]
    document, known, grants = xsts_token(asked, asked.known, [user_of(one) for one in users], party)
    evidence = Evidence.CAPTURED if not users else Evidence.CLIENT if len(users) == 1 else Evidence.INFERRED
    done = _done(known, document, evidence, users, "an unknown user token", grants)
    is_assumed = any(one.assumed for one in others) and not done.assumed
    return done.assuming("an unknown token of a device or a title") if is_assumed else done


def properties_of(asked: Asked) -> dict[str, Any]:
    """``Properties`` of a request for a token.

    :raises Refusal: there are none.
    """
    return an_object(asked.body.get("Properties"), "Properties")


def ticket_in(value: Any, name: str) -> str:
    """The access token in a ticket: behind ``t=`` or ``d=``, or alone (S8).

    :raises Refusal: there is none.
    """
    text = a_text(value, name)
    ticket = text[2:] if text[:2] in ("t=", "d=") else text
    return a_text(ticket, name)


def user_token(asked: Asked, known: Known, user: KnownUser) -> tuple[dict[str, Any], Known, tuple[Grant, ...]]:
    """A user token as it is shown, what is known with it, and that no service but XSTS takes it."""
    hours = asked.settings.choices.sign_in_user_token_hours
    text, known = issue(asked, known, IssuedToken("user", user.xuid, asked.now + hours * HOUR))
    document = token_document(asked, text, hours, {"xui": [{"uhs": user.user_hash}]})
    return document, known, (_grant(user, text, None),)


def xsts_token(
    asked: Asked, known: Known, users: list[KnownUser], party: str
) -> tuple[dict[str, Any], Known, tuple[Grant, ...]]:
    """A token for the service ``party``, what is known with it, and what its users may call with it."""
    ends = asked.now + XSTS_HOURS * HOUR
    text, known = issue(asked, known, IssuedToken("xsts", users[0].xuid if users else "", ends))
    claims = {"xui": [_claims(user, party) for user in users]} if users else None
    document = token_document(asked, text, XSTS_HOURS, claims)
    until = ends if party.rstrip("/") == XBOX_LIVE else None
    return document, known, tuple(_grant(one, text, until) for one in users)


def _grant(user: KnownUser, text: str, ends: int | None) -> Grant:
    return Grant(user.xuid, f"XBL3.0 x={user.user_hash};{text}", ends)


def _claims(user: KnownUser, party: str) -> dict[str, str]:
    """What a token says of its user: the hash alone, unless it is for Xbox Live itself."""
    if party.rstrip("/") != XBOX_LIVE:
        return {"uhs": user.user_hash}
    allowed = [str(one) for one in PRIVILEGES if user.multiplayer or one != MULTIPLAYER]
    return {
        "gtg": user.gamertag,
        "xid": user.xuid,
        "uhs": user.user_hash,
        "agg": "Adult",
        "usr": "",
        "prv": " ".join(allowed),
    }


def _user_tokens(properties: dict[str, Any]) -> list[tuple[str, Any]]:
    value, name = properties.get("UserTokens"), "Properties.UserTokens"
    if value is None:
        return []
    if not isinstance(value, list):
        raise refuse("invalid_field", field=name, problem=f"must be an array, and is {type_name(value)}")
    if len(value) > MOST_USERS:
        problem = f"must hold {MOST_USERS} tokens or less, and holds {len(value)}"
        raise refuse("invalid_field", field=name, problem=problem)
    return [(f"{name}[{index}]", one) for index, one in enumerate(value)]


def user_of(found: Brought) -> KnownUser:
    """The user of a token that is not a device's."""
    if found.user is None:
        raise refuse("wrong_token")
    return found.user


def _done(
    known: Known,
    document: Any,
    evidence: Evidence,
    found: list[Brought],
    assumed: str,
    grants: tuple[Grant, ...] = (),
) -> Done:
    users = tuple(one.user for one in found if one.user is not None)
    done = Done(known, document, evidence, users, grants=grants)
    return done.assuming(assumed) if any(one.assumed for one in found) else done
