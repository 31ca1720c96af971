"""From the text of a cassette, ours or vcrpy's, to its interactions; what is not wholly understood is an error."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from handlesfake.cassettes.cassette import Cassette, Interaction
from handlesfake.cassettes.format.bodies import AS_SENT, LAYOUT, body_bytes_of_response
from handlesfake.cassettes.format.compression import unpacked
from handlesfake.cassettes.format.file_names import is_json
from handlesfake.cassettes.format.file_origin import whose, whose_bytes
from handlesfake.cassettes.format.object_bodies import is_object
from handlesfake.cassettes.format.strict_fields import StrictFields, is_line
from handlesfake.cassettes.format.vcrpy_tags import TAGS
from handlesfake.errors import CassetteError
from handlesfake.files.document import read_texts
from handlesfake.files.placed import Map, Misread
from handlesfake.files.strict_yaml import ParsedText, decode
from handlesfake.files.yaml_builder import DocumentLimits
from handlesfake.mpsd.http.message import Request, Response
from handlesfake.mpsd.state.identity import is_xuid
from handlesfake.values.values import replace

HEAD = "handlesfake"
"""The key of what only we write and read. Not vcrpy's own ``metadata``: pytest-recording 0.14 stumbles over that."""

FORMAT = "1"
"""The format of handlesfake's cassettes, which their head need not name; docs/cassette-format.md has the promises."""

_LIMITS = DocumentLimits(depth=60, nodes=5_000_000)
_CARRIAGE = ("Connection", "Content-Length", "Keep-Alive", "Transfer-Encoding")


def read_cassette(raw: bytes, path: Path) -> Cassette:
    """The cassette in ``raw``, the text of the file at ``path``.

    :raises CassetteError: it cannot be read; file, line and column are named.
    """
    try:
        if said := whose_bytes(raw):
            raise Misread(said)
        return _cassette(read_texts(decode(raw), TAGS, _LIMITS, only_json=is_json(path)), path)
    except Misread as error:
        place = f", line {error.place[0]}, column {error.place[1]}" if error.place else ""
        raise CassetteError(f"{path}{place}: {error.problem}") from None


def _cassette(text: ParsedText, path: Path) -> Cassette:
    if text.root is None:
        raise Misread("the cassette is empty: restore it, or delete it and record again")
    if said := whose(text.root):
        raise Misread(said)
    root = StrictFields.of(text.root, "a cassette")
    if "interactions" not in root.node and "version" not in root.node:
        found = ", ".join(_cut(key) for key in [*root.node][:5]) or "no key"
        raise root.misread(f"this is not a cassette: it has {found}, and neither interactions nor version")
    if root.text("version") != "1":
        raise root.misread(f"version must be 1, and is {_cut(root.text('version'))}", "version")
    _check_format(root)
    roles = _roles(root)
    if roles is not None and text.aliases:
        raise Misread(
            "our own cassettes hold no aliases: another program has written here; restore it, or record again"
        )
    if roles is not None and not text.ended:
        raise Misread("the cassette is cut short: its last line must be '...'; restore it, or record again")
    interactions = tuple(
        _interaction(StrictFields.of(node, "an interaction", place), number, is_ours=roles is not None)
        for number, (node, place) in enumerate(root.items("interactions"), 1)
    )
    if not interactions:
        raise root.misread(
            "the cassette holds no interaction: restore it, or delete it and record again", "interactions"
        )
    incomplete, tests, keys = (_listed(root, word) for word in ("incomplete", "tests", "keys"))
    return Cassette(path, interactions, roles or {}, incomplete, tests, keys)


def _check_format(root: StrictFields) -> None:
    """Refuse what a later version of handlesfake has written in another way: it would be misread.

    :raises Misread: it names the format, and what to do.
    """
    head = root.node.get(HEAD)
    said = head.get("format", FORMAT) if isinstance(head, Map) else FORMAT
    if said != FORMAT:
        raise root.below(HEAD).misread(
            f"a newer handlesfake has written this, in format {_cut(str(said))}; this one reads format {FORMAT}: "
            "pip install --upgrade handlesfake",
            "format",
        )


def _roles(root: StrictFields) -> Mapping[str, str] | None:
    """Role to xuid; None when the file was never ours."""
    if HEAD not in root.node:
        return None
    roles = root.below(HEAD).below("roles")
    owners: dict[str, str] = {}
    for role in roles.node:
        xuid = roles.text(role)
        if not is_xuid(xuid):
            raise roles.misread(f"the xuid of {_cut(role)} must be decimal, and is {_cut(xuid)}", role)
        if xuid in owners:
            raise roles.misread(f"{_cut(role)} has the xuid {xuid}, which is {owners[xuid]}'s already", role)
        owners[xuid] = role
    return {role: xuid for xuid, role in owners.items()}


def _listed(root: StrictFields, key: str) -> tuple[str, ...]:
    """The texts that the head lists under ``key``; none where it does not."""
    if HEAD not in root.node or key not in root.below(HEAD).node:
        return ()
    return tuple(str(text) for text, _ in root.below(HEAD).items(key))


def _interaction(node: StrictFields, number: int, *, is_ours: bool) -> Interaction:
    asked = node.below("request")
    request, also = _request(asked)
    response = _response(node.below("response"), request.method, is_ours=is_ours)
    return Interaction(number, request, response, also, asked.text("uri").partition(":")[0].lower())


def _request(node: StrictFields) -> tuple[Request, Request | None]:
    """The request, and how it may have been spelled, too, where the file does not say."""
    method = node.text("method")
    if not (method.isascii() and method.isalpha()):
        raise node.misread(f"method must be a word, and is {_cut(method)}", "method")
    host, target = _split(node)
    headers = node.headers("headers").without(*_CARRIAGE)
    if is_object(node.node.get("body")):
        body, other = node.object_body("body", headers.first("Content-Type") or "")
        request = Request(method.upper(), target, headers, body, host)
        return request, replace(request, body=other) if other is not None else None
    headers, body = unpacked(headers, node.body("body"))
    return Request(method.upper(), target, headers, body, host), None


def _split(node: StrictFields) -> tuple[str, str]:
    uri = node.text("uri")
    try:
        parts = urlsplit(uri)
        host, port = parts.hostname or "", parts.port
    except ValueError as error:
        raise node.misread(f"uri cannot be read: {error}", "uri") from None
    if parts.scheme not in ("http", "https") or not host or not uri.isprintable():
        raise node.misread(f"uri must begin with https:// and a host, and is {_cut(uri)}", "uri")
    name = host if port in (None, 443 if parts.scheme == "https" else 80) else f"{host}:{port}"
    return name, (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


def _response(node: StrictFields, method: str, *, is_ours: bool) -> Response:
    reason: str | None = None
    if "status_code" in node.node and "status" not in node.node:  # vcrpy 4.1 to 5.1, from httpx
        code, raw = _code(node, "status_code"), node.body("content")
    else:
        status = node.below("status")
        code, reason = _code(status, "code"), _reason(status.node.get("message"))
        raw = _answered(node, is_ours=is_ours)
    carriage = [name for name in _CARRIAGE if method != "HEAD" or name != "Content-Length"]
    headers, plain = unpacked(node.headers("headers").without(*carriage), raw)
    return Response(code, headers, plain, reason)


def _answered(node: StrictFields, *, is_ours: bool) -> bytes:
    body = node.node.get("body")
    if not isinstance(body, Map):
        return node.body("body")
    # what others have laid out is what was sent
    is_spread = is_ours and body.get(LAYOUT) != AS_SENT
    return node.below("body").body("string", body_bytes_of_response if is_spread else str.encode)


def _code(node: StrictFields, key: str) -> int:
    code = node.text(key)
    if not (code.isascii() and code.isdigit() and len(code) == 3 and code >= "100"):
        raise node.misread(f"{key} must be a status from 100 to 999, and is {_cut(code)}", key)
    return int(code)


def _reason(message: Any) -> str | None:
    return message if isinstance(message, str) and is_line(message) else None


def _cut(value: str) -> str:
    """``value`` in quotes for a message, which a file of many megabytes must not fill."""
    return repr(value if len(value) <= 80 else f"{value[:77]}...")
