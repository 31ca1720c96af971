"""SISU: the address of a sign-in in a browser, and all tokens of Xbox Live in one answer (contract 21.9)."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from handlesfake.mpsd.evidence import Evidence
from handlesfake.mpsd.http.body import a_text, a_title_id, an_object, type_name
from handlesfake.sign_in.asked import Asked, Done
from handlesfake.sign_in.devices import assuming, title_of, title_token
from handlesfake.sign_in.refusals import WEB_PAGE, refuse
from handlesfake.sign_in.tokens import brought
from handlesfake.sign_in.xbox_tokens import XBOX_LIVE, ticket_in, user_of, user_token, xsts_token


def sisu_authenticate(asked: Asked) -> Done:
    """``POST /authenticate``: where the user signs in, as an address of login.live.com."""
    body = asked.body
    client_id, redirect_uri = a_text(body.get("AppId"), "AppId"), a_text(body.get("RedirectUri"), "RedirectUri")
    a_title_id(body.get("TitleId"), "TitleId")
    device = brought(asked, body.get("DeviceToken"), "DeviceToken", "device")
    query = {name: a_text(value, f"Query.{name}") for name, value in an_object(body.get("Query"), "Query").items()}
    query |= {
        "client_id": client_id,
        "response_type": "code",
        "scope": " ".join(_offers(body.get("Offers"))),
        "redirect_uri": redirect_uri,
    }
    page = f"https://login.live.com/oauth20_authorize.srf?{urlencode(query, errors='replace')}"
    document = {"MsaOauthRedirect": page, "MsaRequestParameters": {}}
    headers = (("X-SessionId", asked.new_id()),)
    return assuming(Done(asked.known, document, Evidence.CLIENT, headers=headers), device)


def sisu_authorize(asked: Asked) -> Done:
    """``POST /authorize``: title, user and XSTS token for an access token and a device."""
    body = asked.body
    found = brought(asked, ticket_in(body.get("AccessToken"), "AccessToken"), "AccessToken", "access")
    device = brought(asked, body.get("DeviceToken"), "DeviceToken", "device")
    a_text(body.get("AppId"), "AppId")
    party = XBOX_LIVE if body.get("RelyingParty") is None else a_text(body["RelyingParty"], "RelyingParty")
    user = user_of(found)
    of_title, known = title_token(asked, asked.known, title_of(asked, user))
    of_user, known, ungranted = user_token(asked, known, user)
    xsts, known, grants = xsts_token(asked, known, [user], party)
    document: dict[str, Any] = {
        "DeviceToken": body["DeviceToken"],
        "TitleToken": of_title,
        "UserToken": of_user,
        "AuthorizationToken": xsts,
        "WebPage": WEB_PAGE,
        "Sandbox": body.get("Sandbox", "RETAIL"),
    }
    done = assuming(Done(known, document, Evidence.CLIENT, (user,), grants=(*ungranted, *grants)), device)
    return done.assuming("an unknown access token") if found.assumed else done


def _offers(value: Any) -> list[str]:
    if not isinstance(value, list):
        raise refuse("invalid_field", field="Offers", problem=f"must be an array, and is {type_name(value)}")
    return [a_text(one, f"Offers[{index}]") for index, one in enumerate(value)]
