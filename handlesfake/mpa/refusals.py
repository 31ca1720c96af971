"""How MPA says no: what it shares with MPSD by name, and what is its own (contract 20.6)."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from handlesfake.mpsd.refusals.catalogue import REFUSALS as OF_MPSD
from handlesfake.mpsd.refusals.catalogue import Refusal
from handlesfake.mpsd.refusals.kind import CLI, DOC, UNK, RefusalKind

_SHARED = (
    *("malformed_request", "unauthenticated", "malformed_authorization", "unknown_caller", "token_expired"),
    *("wrong_token", "bad_signature", "malformed_body", "content_coding", "request_too_large", "missing_field"),
    *("invalid_field", "service_title", "service_users", "service_scope", "throttled", "unavailable"),
)
"""What means the same in both services; only the form of the answer is another."""

_OWN = (
    RefusalKind("caller_not_allowed", 400, "The caller may not do this: {problem}.", DOC, "contract 20.6"),
    RefusalKind("no_title", 401, "Missing title Id claim.", CLI, "contract 20.6"),
    RefusalKind(
        "stale_sequence",
        400,
        "The field sequenceNumber must be greater than the last one, {last}, and is {given}.",
        UNK,
        "M1",
    ),
    RefusalKind(
        "not_modelled",
        501,
        "{method} {path} is not an operation of Multiplayer Activity that handlesfake models.",
        UNK,
        "contract 20.7",
    ),
)

REFUSALS: Mapping[str, RefusalKind] = MappingProxyType(
    {name: OF_MPSD[name] for name in _SHARED} | {kind.name: kind for kind in _OWN}
)
"""Every refusal of MPA by its name."""


def refuse(name: str, **facts: Any) -> Refusal:
    """The refusal called ``name``, to be raised."""
    return Refusal(REFUSALS[name], **facts)
