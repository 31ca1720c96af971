"""Requests and answers as vcrpy has them."""

from __future__ import annotations

import json
from typing import Any

from vcr.request import Request

MPSD = "https://sessiondirectory.xboxlive.com"
SOMEBODY = str(10 * 2**48 - 22)
"""The form of a person's xuid."""

OPAQUE = "kJ8sQ2pLx9Rv4TnWz7Yb3Hd6Gf1Mc5Va0Ue"
"""The looks of a secret, under a name that says nothing."""


def sent(body: Any = None, path: str = "/handles", method: str = "POST", **headers: str) -> Request:
    """A request as a client of vcrpy has it."""
    raw = json.dumps(body).encode() if isinstance(body, dict) else body
    return Request(method, MPSD + path, raw, {"Content-Type": "application/json", **headers})


def answered(body: Any = None, **headers: str) -> dict[str, Any]:
    """An answer as vcrpy has it."""
    lines = {"Content-Type": ["application/json"], **{name: [value] for name, value in headers.items()}}
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return {"status": {"code": 200, "message": "OK"}, "headers": lines, "body": {"string": raw}}
