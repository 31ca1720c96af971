"""Running a server in the foreground: one line when it is ready, a clean end on Ctrl-C and SIGTERM."""

from __future__ import annotations

import asyncio
import json
import logging
import signal
import sys

from handlesfake.double import Double
from handlesfake.server.address import Address
from handlesfake.server.certificates import Certificates
from handlesfake.server.site import Places, Site

_ENDING = ("SIGINT", "SIGTERM", "SIGBREAK")


def serve(
    double: Double, address: Address, *, certificates: Certificates | None = None, as_json: bool = False
) -> None:
    """Serve ``double`` until Ctrl-C or SIGTERM; from the main thread.

    :raises SettingsError: the address cannot be had.
    """
    # what a client sends that is no HTTP is the client's business, and it is told
    logging.getLogger("uvicorn").setLevel(logging.ERROR)
    site = Site(double, address, certificates)
    for name in _ENDING:
        if hasattr(signal, name):  # Windows has one more, and lacks one in practice
            signal.signal(getattr(signal, name), lambda *_: site.end())
    asyncio.run(site.run(lambda: _say(ready_line(site.places, as_json=as_json))))


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def ready_line(places: Places, *, as_json: bool) -> str:
    """What a server says once it answers."""
    if as_json:
        return json.dumps(places.as_json)
    trust = f", CA {places.ca_file}" if places.ca_file else ""
    return f"handlesfake answers as MPSD on {places.url}{trust} (Ctrl-C ends it)"
