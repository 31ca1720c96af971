"""Document: the live page as one HTML document that needs nothing from elsewhere."""

from __future__ import annotations

from base64 import b64encode
from functools import cache
from hashlib import sha256
from importlib.resources import files

from handlesfake.mpsd.http.message import Headers, Response

_SCRIPTS = ("dom.js", "timeline.js", "state.js", "main.js")
"""In the order in which they know each other; in the document they are one."""


@cache
def page() -> Response:
    """The page, and the policy that lets a browser run its own script and ask this server, and nothing else."""
    style = _read("page.css")
    script = '"use strict";\n(() => {\n' + "\n".join(map(_read, _SCRIPTS)) + "\n})();\n"
    text = _read("page.html").replace("/*style*/", style).replace("/*script*/", script)
    policy = (
        f"default-src 'none'; style-src '{_hashed(style)}'; script-src '{_hashed(script)}'; connect-src 'self'; "
        "img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
    headers = Headers(
        [
            ("Content-Type", "text/html; charset=utf-8"),
            ("Content-Security-Policy", policy),
            ("X-Content-Type-Options", "nosniff"),
            ("Referrer-Policy", "no-referrer"),
            ("Cache-Control", "no-store"),  # the next server on this port may be another version
            ("Vary", "Accept"),
        ]
    )
    return Response(200, headers, text.encode())


def _read(name: str) -> str:
    return (files(__package__) / name).read_text(encoding="utf-8")


def _hashed(text: str) -> str:
    """How a policy names an inline script or style."""
    return f"sha256-{b64encode(sha256(text.encode()).digest()).decode()}"
