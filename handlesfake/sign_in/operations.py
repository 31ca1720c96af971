"""The operations of sign-in as a table: name, method, address and evidence (contract 21.1)."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from types import MappingProxyType

from handlesfake.mpsd.evidence import Evidence
from handlesfake.mpsd.operations import Operation, router

LIVE = "login.live.com"
ENTRA = "login.microsoftonline.com"
_CAP, _CLI, _DOC = Evidence.CAPTURED, Evidence.CLIENT, Evidence.DOCUMENTED
_CONSUMERS = "/consumers/oauth2/v2.0"
_FOR_A_TOKEN = (
    *("grant_type", "client_id", "scope", "device_code", "refresh_token", "code", "redirect_uri"),
    *("code_verifier", "client_secret"),
)
_IN_SISU = ("AppId", "DeviceToken", "Sandbox")

_ask_code = partial(
    Operation, "request_device_code", "POST", body=("client_id", "scope", "response_type"), form=True, anonymous=True
)
_ask_token = partial(
    Operation,
    "request_token",
    "POST",
    volatile=("device_code", "refresh_token", "code", "code_verifier"),
    body=_FOR_A_TOKEN,
    open_body=True,
    form=True,
    anonymous=True,
)
_exchange = partial(
    Operation,
    method="POST",
    evidence=_CAP,
    volatile=("Properties.ProofKey", "Properties.Id", "Properties.SerialNumber"),
    body=("RelyingParty", "TokenType", "Properties"),
    anonymous=True,
)

OPERATIONS = (
    Operation("authorize_client", "GET", "/oauth20_authorize.srf", _DOC, anonymous=True),
    _ask_code("/oauth20_connect.srf", _CLI),
    _ask_code(f"{_CONSUMERS}/devicecode", _DOC),
    _ask_token("/oauth20_token.srf", _CLI),
    _ask_token(f"{_CONSUMERS}/token", _DOC),
    _exchange("device_authenticate", template="/device/authenticate"),
    _exchange("title_authenticate", template="/title/authenticate"),
    _exchange("user_authenticate", template="/user/authenticate"),
    _exchange("xsts_authorize", template="/xsts/authorize"),
    Operation(
        "sisu_authenticate",
        "POST",
        "/authenticate",
        _CLI,
        ("Query",),
        (*_IN_SISU, "TitleId", "RedirectUri", "TokenType", "Offers", "Query"),
        anonymous=True,
    ),
    Operation(
        "sisu_authorize",
        "POST",
        "/authorize",
        _CLI,
        ("ProofKey", "SessionId"),
        (*_IN_SISU, "AccessToken", "RelyingParty", "SiteName", "SessionId", "UseModernGamertag", "ProofKey"),
        anonymous=True,
    ),
    Operation("get_title_endpoints", "GET", "/titles/{title}/endpoints", _CAP),
)

HOSTS: Mapping[str, str] = MappingProxyType(
    {
        "/oauth20_authorize.srf": LIVE,
        "/oauth20_connect.srf": LIVE,
        "/oauth20_token.srf": LIVE,
        f"{_CONSUMERS}/devicecode": ENTRA,
        f"{_CONSUMERS}/token": ENTRA,
        "/device/authenticate": "device.auth.xboxlive.com",
        "/title/authenticate": "title.auth.xboxlive.com",
        "/user/authenticate": "user.auth.xboxlive.com",
        "/xsts/authorize": "xsts.auth.xboxlive.com",
        "/authenticate": "sisu.xboxlive.com",
        "/authorize": "sisu.xboxlive.com",
        "/titles/{title}/endpoints": "title.mgt.xboxlive.com",
    }
)
"""The address of each operation to the host that has it."""

OAUTH = frozenset({"authorize_client", "request_device_code", "request_token"})
"""What answers as OAuth does; the rest are services of Xbox Live."""

route = router(OPERATIONS)
"""The operation of sign-in that a method and a request target lead to."""
