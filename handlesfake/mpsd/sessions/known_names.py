"""The names known in the system parts of a session; others are kept, and noted (contract 8.2 to 8.4)."""

from __future__ import annotations

from collections.abc import Iterable

from handlesfake.mpsd.context import Context
from handlesfake.mpsd.evidence import Evidence

CONSTANTS = (
    "version",
    "maxMembersCount",
    "visibility",
    "inviteProtocol",
    "initiators",
    "reservedRemovalTimeout",
    "inactiveRemovalTimeout",
    "readyRemovalTimeout",
    "sessionEmptyTimeout",
    "capabilities",
    "metrics",
    "memberInitialization",
    "peerToPeerRequirements",
    "peerToHostRequirements",
    "measurementServerAddresses",
    "ownershipPolicies",
    "broadcastViewerTitleIds",
    "arbitration",
    "cloudComputePackage",
)
"""``constants.system`` in 107 spelling (contract 8.2)."""

CAPABILITIES = (
    "connectivity",
    "suppressPresenceActivityCheck",
    "gameplay",
    "large",
    "connectionRequiredForActiveMembers",
    "autoPopulateServerCandidates",
    "userAuthorizationStyle",
    "crossPlay",
    "broadcast",
    "team",
    "arbitration",
    "hasOwners",
    "searchable",
    "cloudCompute",
    "clientMatchmaking",
)
"""``constants.system.capabilities`` (contract 8.2)."""

PROPERTIES = (
    "joinRestriction",
    "readRestriction",
    "closed",
    "locked",
    "owners",
    "host",
    "turn",
    "keywords",
    "matchmaking",
    "matchmakingResubmit",
    "initializationSucceeded",
    "serverConnectionStringCandidates",
    "description",
    "scheduledTime",
    "searchHandleVisibility",
)
"""``properties.system`` of a session (contract 8.3)."""

MEMBER_PROPERTIES = (
    "active",
    "ready",
    "connection",
    "subscription",
    "subscriptions",
    "secondarySubscriptions",
    "secureDeviceAddress",
    "groups",
    "encounters",
    "initializationGroup",
    "measurements",
    "serverMeasurements",
    "RolePreference",
)
"""``properties.system`` of a member (contract 8.4)."""


def note_unknown(context: Context, sent: Iterable[str], known: tuple[str, ...], field: str) -> None:
    """Note the names outside ``known``: a slip of the pen looks like one, and what the service does is open (U30)."""
    unknown = [name for name in sent if name not in known]
    if unknown:
        context.note(f"names in {field} that MPSD is not known to have were kept: {', '.join(unknown)[:200]} (U30)")
        context.limit_evidence(Evidence.ASSUMED)
