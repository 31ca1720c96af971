"""OAuth: the codes that users approve, and the tokens for them (contract 21.2, 21.3)."""

from __future__ import annotations

from typing import Any

from handlesfake.mpsd.evidence import Evidence
from handlesfake.mpsd.state.identity import KnownUser, fingerprint
from handlesfake.mpsd.ticks import TICKS_PER_SECOND
from handlesfake.sign_in.asked import Asked, Done
from handlesfake.sign_in.authorization import proves
from handlesfake.sign_in.forms import needed
from handlesfake.sign_in.refusals import refuse
from handlesfake.sign_in.state import DeviceCode, IssuedToken, Known
from handlesfake.sign_in.tokens import issue

CODE_SECONDS = 900
"""How long a device code is good: a quarter of an hour (seen in clients; documented for Entra)."""

LIVE_SECONDS = 86_400
"""How long an access token of login.live.com is good: a day (seen in clients)."""

ENTRA_SECONDS = 3599
"""The same of login.microsoftonline.com (documented)."""

_DEVICE_CODE = ("urn:ietf:params:oauth:grant-type:device_code", "device_code")
_ENTRA = "/consumers/"


def request_device_code(asked: Asked) -> Done:
    """``POST /oauth20_connect.srf`` and similar addresses: a code that the user is to approve."""
    client_id, scope = needed(asked.form, "client_id"), asked.form.get("scope", "")
    device_code = f"handlesfake.code.{asked.new_id()}"
    document: dict[str, Any] = {
        "user_code": asked.new_id().replace("-", "")[:8].upper(),
        "device_code": device_code,
        "verification_uri": "https://www.microsoft.com/link",
        "expires_in": CODE_SECONDS,
        "interval": asked.settings.choices.sign_in_poll_seconds,
    }
    if _is_entra(asked):
        page, code = document["verification_uri"], document["user_code"]
        document["message"] = f"To sign in, open {page} in a browser and enter the code {code}."
    code = DeviceCode(client_id, scope, asked.now + CODE_SECONDS * TICKS_PER_SECOND)
    return Done(asked.known.with_code(fingerprint(device_code), code), document, _evidence(asked))


def request_token(asked: Asked) -> Done:
    """``POST /oauth20_token.srf`` and similar addresses: tokens for an approved code, or for a refresh token."""
    grant = needed(asked.form, "grant_type")
    if grant in _DEVICE_CODE:
        return _for_device_code(asked)
    if grant == "refresh_token":
        return _for_refresh_token(asked)
    if grant == "authorization_code":
        return _for_authorization_code(asked)
    raise refuse("unsupported_grant_type", grant=grant[:60])


def _for_device_code(asked: Asked) -> Done:
    """The code is approved by the user who signs in now."""
    key = fingerprint(needed(asked.form, "device_code"))
    code = asked.known.codes.get(key)
    if code is None or asked.form.get("client_id", code.client_id) != code.client_id:
        raise refuse("invalid_grant", what="device code")
    if asked.now >= code.ends:
        raise refuse("expired_token")
    if asked.signer is None:
        raise refuse("authorization_pending")
    return _tokens(asked, asked.known.without_code(key), asked.signer, code.client_id, code.scope, signs_in=True)


def _for_refresh_token(asked: Asked) -> Done:
    found = asked.known.tokens.get(fingerprint(needed(asked.form, "refresh_token")))
    client_id, scope = needed(asked.form, "client_id"), asked.form.get("scope", "")
    if found is not None and found.kind == "refresh" and found.client_id == client_id:
        return _tokens(asked, asked.known, asked.people[found.xuid], client_id, scope or found.scope)
    if found is not None or asked.signer is None or asked.settings.strict:
        raise refuse("invalid_grant", what="refresh token")
    done = _tokens(asked, asked.known, asked.signer, client_id, scope, signs_in=True)
    return done.assuming("an unknown refresh token")


def _for_authorization_code(asked: Asked) -> Done:
    """The code that a browser was sent back with."""
    key = fingerprint(needed(asked.form, "code"))
    client_id, scope = needed(asked.form, "client_id"), asked.form.get("scope", "")
    code = asked.known.authorizations.get(key)
    if code is None:
        if asked.signer is None or asked.settings.strict or asked.known.authorizations:
            raise refuse("invalid_grant", what="authorization code")
        done = _tokens(asked, asked.known, asked.signer, client_id, scope, signs_in=True)
        return done.assuming("an unknown authorization code")
    redirect_uri = asked.form.get("redirect_uri", code.redirect_uri)
    is_theirs = (client_id, redirect_uri) == (code.client_id, code.redirect_uri)
    if not is_theirs or asked.now >= code.ends or not proves(asked.form.get("code_verifier", ""), code):
        raise refuse("invalid_grant", what="authorization code")
    return _tokens(asked, asked.known.with_used(key), asked.people[code.xuid], client_id, scope or code.scope)


def _tokens(
    asked: Asked, known: Known, user: KnownUser, client_id: str, scope: str, *, signs_in: bool = False
) -> Done:
    """A new access token, and a new refresh token beside the old one."""
    is_entra = _is_entra(asked)
    seconds = ENTRA_SECONDS if is_entra else LIVE_SECONDS
    ends = asked.now + seconds * TICKS_PER_SECOND
    access, known = issue(asked, known, IssuedToken("access", user.xuid, ends, client_id, scope))
    document: dict[str, Any] = {
        "token_type": "Bearer" if is_entra else "bearer",
        "expires_in": seconds,
        "scope": scope,
        "access_token": access,
    }
    if not is_entra or "offline_access" in scope.split():
        refresh, known = issue(asked, known, IssuedToken("refresh", user.xuid, None, client_id, scope))
        document["refresh_token"] = refresh
    if not is_entra:
        document["user_id"] = fingerprint(f"Microsoft account of {user.xuid}")
    return Done(known, document, _evidence(asked), (user,), signs_in=signs_in)


def _is_entra(asked: Asked) -> bool:
    return asked.request.path.lower().startswith(_ENTRA)


def _evidence(asked: Asked) -> Evidence:
    return Evidence.DOCUMENTED if _is_entra(asked) else Evidence.CLIENT
