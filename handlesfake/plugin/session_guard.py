"""The guard of a whole session: what may reach the real MPSD while no double is active."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from handlesfake.intercept.install import install
from handlesfake.intercept.registry import registry
from handlesfake.mpsd.http.message import MPSD_HOST


@contextmanager
def guarding(ini: Mapping[str, Any], *, allow_real: bool) -> Iterator[None]:
    """Inside, MPSD is refused outside a double from the start, or never when ``allow_real``."""
    before = registry.guarded_hosts
    try:
        if allow_real:
            with registry.lifted():
                yield
        else:
            install()
            registry.guarded_hosts |= {MPSD_HOST, *(host.lower() for host in ini.get("mpsd_hosts", ()))}
            yield
    finally:
        registry.guarded_hosts = before
