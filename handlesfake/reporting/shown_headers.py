"""Which headers are shown, and what stands in the place of a credential."""

from __future__ import annotations

from handlesfake.cassettes.scrubbing.field_names import meaning_of_header
from handlesfake.cassettes.scrubbing.header_names import MASKED
from handlesfake.mpsd.http.message import Request, Response

_CREDENTIALS = frozenset(
    {"authorization", "cookie", "proxy-authorization", "set-cookie", "set-cookie2", "signature", "x-xbl-debug"}
)
_SCHEMES = frozenset({"xbl3.0", "bearer", "basic", "digest"})
_SHORTEST = 6
"""Characters of a credential that is looked for elsewhere: a shorter one stands in any text."""


def shown_headers(message: Request | Response) -> list[list[str]]:
    """Name and value of each header line, credentials masked, in wire order.

    Of an ``Authorization`` the scheme is left. A header that repeats a credential is masked, too.
    """
    secrets = [value.partition(" ")[2] or value for name, value in message.headers if _is_secret(name)]
    secrets = [secret for secret in secrets if len(secret) >= _SHORTEST]
    return [[name, _shown(name, value, secrets)] for name, value in message.headers]


def without_credentials(text: str, request: Request) -> str:
    """``text`` less the credentials of ``request``, which an error may have quoted."""
    for name, value in request.headers:
        secret = value.partition(" ")[2] or value
        if _is_secret(name) and len(secret) >= _SHORTEST:
            text = text.replace(secret, MASKED)
    return text


def _shown(name: str, value: str, secrets: list[str]) -> str:
    if not _is_secret(name):
        return MASKED if any(secret in value for secret in secrets) else value
    scheme = value.partition(" ")[0]
    return f"{scheme} {MASKED}" if scheme.lower() in _SCHEMES else MASKED


def _is_secret(name: str) -> bool:
    found = meaning_of_header(name)
    return name.lower() in _CREDENTIALS or found.is_secret or found.is_secret_where_opaque
