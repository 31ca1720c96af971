"""How sign-in says no: as MPSD does by name, with the errors of OAuth, and with the codes of XSTS (contract 21.6)."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from handlesfake.mpsd.refusals.catalogue import REFUSALS as OF_MPSD
from handlesfake.mpsd.refusals.catalogue import Refusal
from handlesfake.mpsd.refusals.kind import CLI, DOC, LOG, UNK, RefusalKind

_SHARED = (
    *("malformed_request", "malformed_body", "content_coding", "request_too_large", "missing_field", "invalid_field"),
    *("unauthenticated", "malformed_authorization", "unknown_caller", "token_expired", "wrong_token"),
    *("throttled", "unavailable"),
)
"""What means the same in each service; only the form of the answer is another."""

_OAUTH = (
    RefusalKind("authorization_pending", 400, "The user has not yet approved the code.", DOC, "contract 21.3"),
    RefusalKind("authorization_declined", 400, "The user has declined to sign in.", DOC, "contract 21.3"),
    RefusalKind("access_denied", 400, "The user has not approved the client.", DOC, "contract 21.3"),
    RefusalKind("expired_token", 400, "The device code has expired.", DOC, "contract 21.3"),
    RefusalKind("slow_down", 400, "The client polls too often.", DOC, "contract 21.3"),
    RefusalKind("invalid_request", 400, "The parameter {parameter} {problem}.", DOC, "contract 21.3"),
    RefusalKind("invalid_grant", 400, "The {what} is not valid.", DOC, "contract 21.3; S7"),
    RefusalKind("unsupported_grant_type", 400, "The grant type {grant} is not supported.", DOC, "contract 21.3"),
)
"""The errors of OAuth, each under its word on the wire."""

X_ERRORS: Mapping[str, tuple[int, str]] = MappingProxyType(
    {
        "account_banned": (2148916227, ""),
        "parental_restriction": (2148916229, ""),
        "no_xbox_account": (2148916233, "https://start.ui.xboxlive.com/CreateAccount"),
        "terms_not_accepted": (2148916234, ""),
        "country_not_authorized": (2148916235, ""),
        "age_not_verified": (2148916236, ""),
        "screen_time_over": (2148916237, ""),
        "child_account": (2148916238, "https://start.ui.xboxlive.com/AddChildToFamily"),
        "content_isolation": (2148916242, ""),
        "gamertag_change_needed": (2148916243, ""),
        "signed_in_elsewhere": (2148916246, ""),
    }
)
"""The refusals of XSTS that have a code: ``XErr``, and where the user is sent (contract 21.6)."""

WEB_PAGE = "https://sisu.xboxlive.com/client/v27/view/index.html"
"""Where SISU sends the user of an account that needs something (seen in clients); nothing is there."""

_ACCOUNTS = (
    RefusalKind("account_banned", 401, "The account is banned.", CLI, "contract 21.6; S4"),
    RefusalKind("parental_restriction", 401, "A guardian has not allowed online play.", CLI, "contract 21.6; S4"),
    RefusalKind("no_xbox_account", 401, "The account has no Xbox profile.", LOG, "contract 21.6"),
    RefusalKind(
        "terms_not_accepted", 401, "The account has not accepted the terms of use.", CLI, "contract 21.6; S4"
    ),
    RefusalKind("country_not_authorized", 401, "Xbox Live is not available there.", CLI, "contract 21.6; S4"),
    RefusalKind("age_not_verified", 401, "The account needs a proof of age.", CLI, "contract 21.6; S4"),
    RefusalKind("screen_time_over", 401, "The account has used its screen time.", CLI, "contract 21.6; S4"),
    RefusalKind("child_account", 401, "A child's account is in no family.", LOG, "contract 21.6"),
    RefusalKind("content_isolation", 401, "The account has no access to the sandbox.", DOC, "contract 21.6; S4"),
    RefusalKind("gamertag_change_needed", 401, "The gamertag is no longer valid.", CLI, "contract 21.6; S4"),
    RefusalKind("signed_in_elsewhere", 401, "Too many devices are signed in.", CLI, "contract 21.6; S4"),
)

_OWN = (
    RefusalKind("signature_missing", 400, "The header Signature is missing.", CLI, "contract 21.5"),
    RefusalKind("bad_signature", 403, "", CLI, "contract 21.5"),
    RefusalKind(
        "not_modelled",
        501,
        "{method} {path} is not an operation that handlesfake models of {host}.",
        UNK,
        "contract 21.8",
    ),
)

REFUSALS: Mapping[str, RefusalKind] = MappingProxyType(
    {name: OF_MPSD[name] for name in _SHARED} | {kind.name: kind for kind in (*_OAUTH, *_ACCOUNTS, *_OWN)}
)
"""Every refusal of sign-in by its name."""


def refuse(name: str, status: int | None = None, **facts: Any) -> Refusal:
    """The refusal called ``name``, to be raised; ``status`` where a choice sets another one."""
    return Refusal(REFUSALS[name], status, **facts)
