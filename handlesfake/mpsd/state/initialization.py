"""Initialization: where the initialization of a session's members stands, and what its constants say of it.

Source: contract 8.7, and 8.2 for the constants. It says what ends a stage, and what happens to a member that does not
pass.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from handlesfake.values.values import frozen

DEFAULTS: Mapping[str, Any] = MappingProxyType(
    {
        "joinTimeout": 10_000,
        "measurementTimeout": 30_000,
        "evaluationTimeout": 5_000,
        "externalEvaluation": False,
        "membersNeededToStart": 1,
    }
)
"""What ``memberInitialization`` need not say (contract 8.2); milliseconds."""

OLD_DEFAULTS: Mapping[str, Any] = MappingProxyType(
    {"joinTimeout": 5_000, "measurementTimeout": 5_000, "externalEvaluation": True, "membersNeededToStart": 2}
)
"""What ``managedInitialization`` of contract 104 and 105 need not say, in 107 names: ``autoEvaluate`` is false there
by default, which is ``externalEvaluation`` true (contract 8.7)."""

FAILED = "failed"
_TIMEOUTS = {"joining": "joinTimeout", "measuring": "measurementTimeout", "evaluating": "evaluationTimeout"}
_REQUIREMENTS = ("peerToPeerRequirements", "peerToHostRequirements")
MEASURED_SERVERS = "measurementServerAddresses"


@frozen
class Initialization:
    """Where it stands. A value for the whole life of a session whose members are initialized."""

    stage: str = ""
    """``joining``, ``measuring``, ``evaluating`` or ``failed``; empty between episodes."""

    since: int = 0
    """100 ns ticks since 1970-01-01 UTC at which the stage began."""

    episode: int = 0
    """The number of the episode that began last; 1 is that of the members that the session was created with."""

    candidates: tuple[str, ...] = ()
    """Device tokens of those who could be host, the best first."""


def configured(system: Mapping[str, Any]) -> bool:
    """Whether these ``constants.system`` have members initialized."""
    return isinstance(system.get("memberInitialization"), dict)


def setting(system: Mapping[str, Any], name: str) -> Any:
    """One setting of ``memberInitialization``; its default where it says nothing."""
    return system["memberInitialization"].get(name, DEFAULTS[name])


def stage_timeout(system: Mapping[str, Any], stage: str) -> int | None:
    """The milliseconds that a stage may last; None for one without end."""
    found: int | None = setting(system, _TIMEOUTS[stage]) if stage in _TIMEOUTS else None
    return found


def measures_peers(system: Mapping[str, Any]) -> bool:
    """Whether members measure each other: by ``metrics``, or because requirements need them (documented)."""
    metrics = system.get("metrics")
    stated = isinstance(metrics, dict) and any(metrics.values())
    return stated or any(system.get(name) for name in _REQUIREMENTS)


def measures(system: Mapping[str, Any]) -> bool:
    """Whether there is a stage of measuring at all."""
    return measures_peers(system) or bool(system.get(MEASURED_SERVERS))
