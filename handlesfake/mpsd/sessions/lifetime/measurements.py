"""Measurements: what members measured of each other, held against what the session requires (contract 8.2, 8.4).

The limits are documented, and the names of what may fail; how the service adds them up is not published.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from handlesfake.mpsd.state.session import Document, Member, Session

_ORDER = ("latency", "bandwidthdown", "bandwidthup", "network")
"""What ``initializationFailure`` names, the first that applies (documented)."""

_PEERS = {"latencyMaximum": 250, "bandwidthMinimum": 10_000}
_HOST = {"latencyMaximum": 250, "bandwidthDownMinimum": 100_000, "bandwidthUpMinimum": 1_000}
"""Milliseconds and kilobits per second where the requirements do not say (contract 8.2)."""

_METRICS = {"latency": "latency", "bandwidthdown": "bandwidthDown", "bandwidthup": "bandwidthUp"}


def measurement_failure(session: Session, member: Member) -> str:
    """Why ``member`` does not pass by what it measured: a value of ``initializationFailure``, or nothing."""
    found = set(_against_peers(session, member)) | set(_against_host(session, member))
    return next((reason for reason in _ORDER if reason in found), "")


def host_candidates(session: Session) -> tuple[str, ...]:
    """The device tokens to which everybody else connects well enough, the best first."""
    devices = [member.device_token for member in session.in_order() if member.device_token]
    good = [device for device in devices if not any(_reasons_against(session, device))]
    return tuple(sorted(good, key=lambda device: _worst(session, device)))


def _against_peers(session: Session, member: Member) -> Iterator[str]:
    required = session.system.get("peerToPeerRequirements")
    if not required:
        return
    most, least = (_number(required, name, limit) for name, limit in _PEERS.items())
    for other in session.members.values():
        if other.index != member.index and other.accepted:
            yield from _reasons(_measured(member, other.device_token), most, least, least)


def _against_host(session: Session, member: Member) -> Iterator[str]:
    if not session.system.get("peerToHostRequirements") or len(session.members) == 1:
        return
    known = session.properties["system"].get("host")
    host = known or next(iter(host_candidates(session)), "")
    if member.device_token != host or not host:
        yield from _to_host(session, member, host)


def _reasons_against(session: Session, host: str) -> Iterator[str]:
    for member in session.members.values():
        if member.accepted and member.device_token != host:
            yield from _to_host(session, member, host)


def _to_host(session: Session, member: Member, host: str) -> Iterator[str]:
    required = session.system["peerToHostRequirements"]
    latency, down, up = (_number(required, name, limit) for name, limit in _HOST.items())
    return _reasons(_measured(member, host), latency, down, up)


def _reasons(measured: Document | None, latency: float, down: float, up: float) -> Iterator[str]:
    """What is against one connection; a metric may be left out where it could not be measured (documented)."""
    if not measured:
        yield "network"
        return
    if _number(measured, "latency", latency) > latency:
        yield "latency"
    if _number(measured, "bandwidthDown", down) < down:
        yield "bandwidthdown"
    if _number(measured, "bandwidthUp", up) < up:
        yield "bandwidthup"


def _worst(session: Session, host: str) -> float:
    """How bad the worst connection to ``host`` is, by the metric that selects it; less is better."""
    metric = str(session.system["peerToHostRequirements"].get("hostSelectionMetric", "latency")).lower()
    name = _METRICS.get(metric, "latency")
    values = [
        _number(found, name, 0)
        for member in session.members.values()
        if (found := _measured(member, host)) is not None
    ]
    return max(values, default=0.0) if name == "latency" else -min(values, default=0.0)


def _measured(member: Member, device: str) -> Document | None:
    """What ``member`` measured of the device; keys are lower-case device tokens (documented)."""
    measurements: dict[str, Any] = member.properties["system"].get("measurements") or {}
    found = measurements.get(device.lower()) if device else None
    return found if isinstance(found, dict) else None


def _number(measured: Document, name: str, otherwise: float) -> float:
    value = measured.get(name)
    return value if isinstance(value, (int, float)) else otherwise
