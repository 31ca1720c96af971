"""Which headers a cassette keeps (contract 1.1, 1.2, 12.3); all names in lower case."""

from __future__ import annotations

from functools import lru_cache

MASKED = "(masked)"
"""What is shown instead of a secret value."""

KEPT = frozenset(
    {
        "accept",
        "accept-language",
        "content-encoding",
        "content-type",
        "if-match",
        "if-none-match",
        "user-agent",
        "x-xbl-contract-version",
        "x-xbl-deny-scope",
        "x-xbl-onbehalfof-title",
        "x-xbl-onbehalfof-users",
    }
)
"""Request headers that are written: MPSD reads no other, and any other may hold a secret."""

REMOVED_ANSWERS = frozenset(
    {
        "alt-svc",
        "authorization",
        "cf-ray",
        "ms-cv",
        "nel",
        "proxy-authenticate",
        "proxy-authorization",
        "report-to",
        "request-context",
        "request-id",
        "set-cookie",
        "set-cookie2",
        "signature",
        "traceparent",
        "tracestate",
        "via",
        "www-authenticate",
        "x-amz-cf-id",
        "x-amz-id-2",
        "x-amz-request-id",
        "x-amzn-requestid",
        "x-amzn-trace-id",
        "x-b3-spanid",
        "x-b3-traceid",
        "x-cache",
        "x-cloud-trace-context",
        "x-correlation-id",
        "x-github-request-id",
        "x-request-id",
        "x-servername",
        "x-trace-id",
        "x-xbl-debug",
        "x-xblcorrelationid",
    }
)
"""Response headers that are not written."""

TOLD = {
    "authorization": "Authorization",
    "cookie": "Cookie",
    "proxy-authorization": "Proxy-Authorization",
    "signature": "Signature",
}
"""Request headers that are secret, so that the report counts them, and how it spells them."""

TOO_MANY_TO_TELL = frozenset({"via", "nel", "report-to", "alt-svc", "x-cache"})
"""Response headers that no report needs to count."""

HARMLESS = frozenset(
    {"age", "content-length", "content-type", "date", "expires", "last-modified", "x-xbl-contract-version"}
)
"""Headers whose values are times, types and numbers: of them only what was learned goes."""

OPAQUE = frozenset({"etag", "if-match", "if-none-match"})
"""Headers whose values are the service's own, and look like chance: what is known in them goes, the rest stays."""

CARRIAGE = ("Connection", "Content-Length", "Keep-Alive", "Transfer-Encoding")
"""Headers of the connection, not of the message."""


@lru_cache(maxsize=64)
def carriage(method: str) -> tuple[str, ...]:
    """Those of them that an answer to ``method`` has: one to HEAD says how long another would be."""
    return tuple(name for name in CARRIAGE if method != "HEAD" or name != "Content-Length")
