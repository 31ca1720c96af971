"""The operations of sign-in as a table: name, method, address and evidence (contract 21.1)."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from handlesfake.mpsd.evidence import Evidence
from handlesfake.mpsd.operations import Operation, router

LIVE = "login.live.com"
ENTRA = "login.microsoftonline.com"
_CAP, _CLI, _DOC = Evidence.CAPTURED, Evidence.CLIENT, Evidence.DOCUMENTED
_IN_TOKEN_REQUEST = ("RelyingParty", "TokenType", "Properties")
_NEW_IN_EACH_RUN = ("Properties.ProofKey", "Properties.Id", "Properties.SerialNumber")
_CONSUMERS = "/consumers/oauth2/v2.0"

_FOR_A_CODE = ("client_id", "scope", "response_type")
_FOR_A_TOKEN = (
    *("grant_type", "client_id", "scope", "device_code", "refresh_token", "code", "redirect_uri"),
    *("code_verifier", "client_secret"),
)
_SECRETS = ("device_code", "refresh_token", "code", "code_verifier")
_IN_SISU = ("AppId", "DeviceToken", "Sandbox")

OPERATIONS = (
    Operation("authorize_client", "GET", "/oauth20_authorize.srf", _DOC),
    Operation("request_device_code", "POST", "/oauth20_connect.srf", _CLI, body=_FOR_A_CODE, form=True),
    Operation("request_device_code", "POST", f"{_CONSUMERS}/devicecode", _DOC, body=_FOR_A_CODE, form=True),
    Operation("request_token", "POST", "/oauth20_token.srf", _CLI, _SECRETS, _FOR_A_TOKEN, open_body=True, form=True),
    Operation(
        "request_token", "POST", f"{_CONSUMERS}/token", _DOC, _SECRETS, _FOR_A_TOKEN, open_body=True, form=True
    ),
    Operation("device_authenticate", "POST", "/device/authenticate", _CAP, _NEW_IN_EACH_RUN, _IN_TOKEN_REQUEST),
    Operation("title_authenticate", "POST", "/title/authenticate", _CAP, _NEW_IN_EACH_RUN, _IN_TOKEN_REQUEST),
    Operation("user_authenticate", "POST", "/user/authenticate", _CAP, _NEW_IN_EACH_RUN, _IN_TOKEN_REQUEST),
    Operation("xsts_authorize", "POST", "/xsts/authorize", _CAP, _NEW_IN_EACH_RUN, _IN_TOKEN_REQUEST),
    Operation(
        "sisu_authenticate",
        "POST",
        "/authenticate",
        _CLI,
        ("Query",),
        (*_IN_SISU, "TitleId", "RedirectUri", "TokenType", "Offers", "Query"),
    ),
    Operation(
        "sisu_authorize",
        "POST",
        "/authorize",
        _CLI,
        ("ProofKey", "SessionId"),
        (*_IN_SISU, "AccessToken", "RelyingParty", "SiteName", "SessionId", "UseModernGamertag", "ProofKey"),
    ),
    Operation("get_title_endpoints", "GET", "/titles/{title}/endpoints", _CAP),
)

HOSTS: Mapping[str, str] = MappingProxyType(
    {
        "/oauth20_connect.srf": LIVE,
        "/oauth20_token.srf": LIVE,
        f"{_CONSUMERS}/devicecode": ENTRA,
        f"{_CONSUMERS}/token": ENTRA,
        "/oauth20_authorize.srf": LIVE,
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
