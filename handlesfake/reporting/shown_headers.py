"""Which headers are shown, and what replaces a credential."""

from __future__ import annotations

from collections.abc import Iterable

from handlesfake.cassettes.scrubbing.field_names import meaning_of_header
from handlesfake.cassettes.scrubbing.header_names import MASKED
from handlesfake.mpsd.http.message import Request, Response

_CREDENTIALS = frozenset(
    {"authorization", "cookie", "proxy-authorization", "set-cookie", "set-cookie2", "signature", "x-xbl-debug"}
)
_SCHEMES = frozenset({"xbl3.0", "bearer", "basic", "digest"})
_CUT = "..."
_SHORTEST = 6
"""Characters of a credential that is looked for elsewhere: a shorter one can be in any text."""


def shown_headers(message: Request | Response) -> list[list[str]]:
    """Name and value of each header line, credentials masked, in wire order.

    Of an ``Authorization`` the scheme is left. A header that repeats a credential is masked, too.
    """
    secrets = credentials_of(message)
    return [[name, _shown(name, value, secrets)] for name, value in message.headers]


def credentials_of(message: Request | Response) -> set[str]:
    """The secret values among its headers, less the scheme of an ``Authorization``."""
    found = {value.partition(" ")[2] or value for name, value in message.headers if _is_secret(name)}
    return {secret for secret in found if len(secret) >= _SHORTEST}


def without_credentials(text: str, secrets: Iterable[str]) -> str:
    """``text`` less ``secrets``, which an error may have quoted, whole or the pieces that pytest leaves of them."""
    for secret in secrets:
        text = text.replace(secret, MASKED)
        if _CUT in text:
            text = _less_pieces(text, secret)
    return text


def _less_pieces(text: str, secret: str) -> str:
    first, *others = text.split(_CUT)
    parts = [first, *(_less_end(part, secret) for part in others)]
    return _CUT.join([*(_less_begin(part, secret) for part in parts[:-1]), parts[-1]])


def _less_end(part: str, secret: str) -> str:
    """``part``, before which something was cut, less the end of ``secret`` that it begins with."""
    sizes = (size for size in range(len(secret) - 1, _SHORTEST - 1, -1) if part.startswith(secret[-size:]))
    size = next(sizes, 0)
    return MASKED + part[size:] if size else part


def _less_begin(part: str, secret: str) -> str:
    """``part``, behind which something was cut, less the beginning of ``secret`` that it ends with."""
    sizes = (size for size in range(len(secret) - 1, _SHORTEST - 1, -1) if part.endswith(secret[:size]))
    size = next(sizes, 0)
    return part[:-size] + MASKED if size else part


def _shown(name: str, value: str, secrets: Iterable[str]) -> str:
    if not _is_secret(name):
        return MASKED if any(secret in value for secret in secrets) else value
    scheme = value.partition(" ")[0]
    return f"{scheme} {MASKED}" if scheme.lower() in _SCHEMES else MASKED


def _is_secret(name: str) -> bool:
    found = meaning_of_header(name)
    return name.lower() in _CREDENTIALS or found.is_secret or found.is_secret_where_opaque
