"""Document: the live page as one HTML document that needs nothing from elsewhere."""

from __future__ import annotations

from functools import cache

from handlesfake.mpsd.http.message import Headers, Response
from handlesfake.reporting.web.assets import policy, script_of, text_of

_SCRIPTS = ("entry.js", "rows.js", "timeline.js", "feed.js", "state.js", "tools.js", "export.js", "main.js")
"""In the order in which they know each other, behind those that pages share."""


@cache
def page() -> Response:
    """The page, and the policy that lets a browser run its own script and ask this server, and nothing else."""
    style = text_of("tokens.css") + _own("page.css")
    script = script_of([text_of("dom.js"), text_of("theme.js"), *map(_own, _SCRIPTS)])
    text = _own("page.html").replace("/*style*/", style).replace("/*script*/", script)
    allowed = policy(style, script, connect="'self'") + "; frame-ancestors 'none'"
    headers = Headers(
        [
            ("Content-Type", "text/html; charset=utf-8"),
            ("Content-Security-Policy", allowed),
            ("X-Content-Type-Options", "nosniff"),
            ("Referrer-Policy", "no-referrer"),
            ("Cache-Control", "no-store"),  # the next server on this port may be another version
            ("Vary", "Accept"),
        ]
    )
    return Response(200, headers, text.encode())


def _own(name: str) -> str:
    return text_of(name, __package__)
