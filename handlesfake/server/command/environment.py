"""The environment of a command that runs beside a server."""

from __future__ import annotations

from collections.abc import Mapping

from handlesfake.server.addresses import Places

PROXIES = ("http_proxy", "https_proxy", "all_proxy")
"""The variables by which programs are sent through a proxy, in either case."""

LOOPBACK = "127.0.0.1,localhost,::1"
"""What no proxy is to be asked for: the server is there."""


def place_variables(places: Places) -> dict[str, str]:
    """Where a server answers."""
    return {"MPSD_URL": places.url, "MPSD_RTA": places.rta, "MPSD_CONTROL": places.control}


def past_proxies(environment: Mapping[str, str]) -> dict[str, str]:
    """What lets programs reach the server past a proxy that the machine uses; nothing where it uses none."""
    if not any(environment.get(name) or environment.get(name.upper()) for name in PROXIES):
        return {}
    before = environment.get("no_proxy") or environment.get("NO_PROXY") or ""
    said = f"{before},{LOOPBACK}" if before else LOOPBACK
    return {"no_proxy": said, "NO_PROXY": said}
