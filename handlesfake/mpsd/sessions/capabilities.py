"""Capabilities of a session, and which of them exclude or need each other (contract 8.2)."""

from __future__ import annotations

from collections.abc import Callable

from handlesfake.mpsd.refusals.catalogue import refuse
from handlesfake.mpsd.state.session import Document, capacity_of

_Has = Callable[[str], bool]

_COUPLINGS: tuple[tuple[str, Callable[[_Has, Document], bool]], ...] = (
    ("connectivity is not for large sessions", lambda has, _: has("connectivity") and has("large")),
    (
        "userAuthorizationStyle is not for large sessions",
        lambda has, _: has("userAuthorizationStyle") and has("large"),
    ),
    ("metrics need connectivity", lambda has, system: bool(system.get("metrics")) and not has("connectivity")),
    (
        "searchable together with userAuthorizationStyle needs hasOwners",
        lambda has, _: has("searchable") and has("userAuthorizationStyle") and not has("hasOwners"),
    ),
    ("broadcast needs large", lambda has, _: has("broadcast") and not has("large")),
    ("team is not for large sessions", lambda has, _: has("team") and has("large")),
    ("team is not for gameplay sessions", lambda has, _: has("team") and has("gameplay")),
    ("arbitration needs gameplay", lambda has, _: has("arbitration") and not has("gameplay")),
    (
        "memberInitialization is not for large sessions",
        lambda has, system: "memberInitialization" in system and has("large"),
    ),
    (
        "measurementServerAddresses are not for large sessions",
        lambda has, system: "measurementServerAddresses" in system and has("large"),
    ),
    ("ownershipPolicies need hasOwners", lambda has, system: "ownershipPolicies" in system and not has("hasOwners")),
    (
        "more than 100 members need large",
        lambda has, system: capacity_of(system) > 100 and not has("large"),
    ),
)
"""What may not be, as a sentence and a test of capabilities and ``constants.system``."""


def check_capabilities(system: Document) -> None:
    """The couplings of the capabilities in ``constants.system``.

    :raises Refusal: 400 with the first coupling that is broken.
    """
    capabilities = system.get("capabilities", {})
    for sentence, broken in _COUPLINGS:
        if broken(lambda name: bool(capabilities.get(name)), system):
            raise refuse("invalid_field", field="constants.system.capabilities", problem=f"cannot be: {sentence}")
