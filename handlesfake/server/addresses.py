"""Places: where a server answers."""

from __future__ import annotations

import os
from typing import Any

from handlesfake.values.values import frozen


@frozen
class Places:
    """Where a site answers."""

    url: str
    """The service: ``https://127.0.0.1:41873``."""

    rta: str
    """The push channel: ``wss://127.0.0.1:41873/connect``."""

    control: str
    """The control interface, always plain HTTP: ``http://127.0.0.1:41874/_handlesfake``."""

    ca_file: str = ""
    """What a client has to trust; empty without TLS."""

    @property
    def as_json(self) -> dict[str, Any]:
        """What a program needs to know about a server."""
        trust = {"ca": self.ca_file} if self.ca_file else {}
        return {"url": self.url, **trust, "rta": self.rta, "control": self.control, "pid": os.getpid()}
