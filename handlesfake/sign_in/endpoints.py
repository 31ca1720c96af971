"""Endpoints: which token a title needs for which host (contract 21.10)."""

from __future__ import annotations

from typing import Any

from handlesfake.mpsd.evidence import Evidence
from handlesfake.mpsd.http.body import a_title_id
from handlesfake.mpsd.state.identity import read_authorization
from handlesfake.sign_in.asked import Asked, Done
from handlesfake.sign_in.refusals import refuse
from handlesfake.sign_in.xbox_tokens import XBOX_LIVE


def get_title_endpoints(asked: Asked) -> Done:
    """``GET /titles/{title}/endpoints``: for everybody those of Xbox Live, for a title its own."""
    title = asked.parameters["title"]
    if title.lower() == "default":
        return Done(asked.known, _default(), Evidence.CLIENT)
    if title.lower() != "current":
        a_title_id(title, "title")
    header = asked.request.headers.first("Authorization")
    if header is None:
        raise refuse("unauthenticated")
    if read_authorization(header) is None:
        raise refuse("malformed_authorization")
    every = [{"Protocol": protocol, "Host": "*", "HostType": "wildcard"} for protocol in ("http", "https")]
    return Done(asked.known, {"EndPoints": every}, Evidence.CAPTURED)


def _default() -> dict[str, Any]:
    """Those of Xbox Live and of SISU: the rest of the list leads to hosts that no double plays (S10)."""
    bearer = {"RelyingParty": XBOX_LIVE, "TokenType": "JWT", "SignaturePolicyIndex": 0}
    sisu = {**bearer, "RelyingParty": "http://sisu.xboxlive.com/"}
    return {
        "EndPoints": [
            {"Protocol": "https", "Host": "*.xboxlive.com", "HostType": "wildcard", **bearer},
            {"Protocol": "https", "Host": "xboxlive.com", "HostType": "fqdn", **bearer},
            {"Protocol": "http", "Host": "*.xboxlive.com", "HostType": "wildcard"},
            {"Protocol": "https", "Host": "sisu.xboxlive.com", "HostType": "fqdn", **sisu},
        ],
        "SignaturePolicies": [
            {"Version": 1, "SupportedAlgorithms": ["ES256"], "MaxBodyBytes": 8192},
            {"Version": 1, "SupportedAlgorithms": ["ES256"], "MaxBodyBytes": 4294967295},
        ],
        "Certs": [],
        "RootCerts": [],
    }
