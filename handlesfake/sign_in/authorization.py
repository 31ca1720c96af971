"""Authorization: the address that a browser opens, and the code that it is sent back with (contract 21.3)."""

from __future__ import annotations

import re
from urllib.parse import quote, urlencode

from handlesfake.mpsd.evidence import Evidence
from handlesfake.mpsd.state.identity import fingerprint
from handlesfake.mpsd.ticks import TICKS_PER_SECOND
from handlesfake.sign_in.asked import Asked, Done
from handlesfake.sign_in.forms import needed
from handlesfake.sign_in.refusals import refuse
from handlesfake.sign_in.state import AuthorizationCode

CODE_SECONDS = 600
"""How long an authorization code is good: the most that RFC 6749 advises."""

_ABSOLUTE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^#]*")
"""What a client may be sent back to (RFC 6749, 3.1.2)."""

_IN_AN_ADDRESS = "%:/?#[]@!$&'()*+,;=~"


def authorize_client(asked: Asked) -> Done:
    """``GET /oauth20_authorize.srf``: the user who signs in approves at once, and the browser is sent back."""
    query = asked.query
    client_id, redirect_uri = needed(query, "client_id"), needed(query, "redirect_uri")
    if not _ABSOLUTE.fullmatch(redirect_uri):
        problem = "must be an absolute address without a fragment"
        raise refuse("invalid_request", parameter="redirect_uri", problem=problem)
    if (kind := needed(query, "response_type")) != "code":
        raise refuse("invalid_request", parameter="response_type", problem=f"must be code, and is {kind[:60]}")
    method = query.get("code_challenge_method", "plain")
    if method not in ("plain", "S256"):
        problem = f"must be plain or S256, and is {method[:60]}"
        raise refuse("invalid_request", parameter="code_challenge_method", problem=problem)
    if asked.signer is None:
        raise refuse("access_denied")
    text = f"handlesfake.authorization.{asked.new_id()}"
    code = AuthorizationCode(
        asked.signer.xuid,
        client_id,
        query.get("scope", ""),
        redirect_uri,
        query.get("code_challenge", ""),
        method,
        asked.now + CODE_SECONDS * TICKS_PER_SECOND,
    )
    sent_back = {"code": text} | ({"state": query["state"]} if "state" in query else {})
    glue = "&" if "?" in redirect_uri else "?"
    location = quote(redirect_uri, safe=_IN_AN_ADDRESS) + glue + urlencode(sent_back, errors="replace")
    return Done(
        asked.known.with_authorization(fingerprint(text), code),
        None,
        Evidence.DOCUMENTED,
        (asked.signer,),
        signs_in=True,
        status=302,
        headers=(("Location", location),),
    )


def proves(verifier: str, code: AuthorizationCode) -> bool:
    """Whether ``verifier`` is what the client that asked for ``code`` has kept (RFC 7636)."""
    if not code.challenge:
        return True
    if code.challenge_method == "plain":
        return verifier == code.challenge
    from base64 import urlsafe_b64encode  # few codes are bound so
    from hashlib import sha256

    digest = sha256(verifier.encode("utf-8", "surrogatepass")).digest()
    return urlsafe_b64encode(digest).rstrip(b"=").decode() == code.challenge.rstrip("=")
