"""The environment of a command that runs beside a server."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

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


def past_the_proxy(environment: Mapping[str, str], names: Collection[str]) -> list[str]:
    """The entries of ``NO_PROXY`` by which programs would go past a proxy to one of the hosts ``names``."""
    return [entry for entry in _entries(environment) if any(_covers(entry, name) for name in names)]


def without_entries(environment: Mapping[str, str], left_out: Collection[str]) -> dict[str, str]:
    """``NO_PROXY`` as it is, less some of its entries."""
    said = ",".join(entry for entry in _entries(environment) if entry not in left_out)
    return {"no_proxy": said, "NO_PROXY": said}


def _entries(environment: Mapping[str, str]) -> Iterator[str]:
    said = environment.get("no_proxy") or environment.get("NO_PROXY") or ""
    return (entry.strip() for entry in said.split(",") if entry.strip())


def _covers(entry: str, name: str) -> bool:
    """Whether some program takes ``entry`` for ``name``: ``*``, a domain with a dot, a star or nothing before it."""
    host = entry.lower().partition(":")[0].lstrip("*").strip(".")
    return entry == "*" or name == host or name.endswith(f".{host}")
