"""Secrets where no list looks, each in a separate exchange."""

from __future__ import annotations

import gzip
import json
from urllib.parse import quote

from tests.cassettes.scrubbing.planted import AUTHORIZATION, HOST, JSON, NOBODY, REF, SESSION, XSTS
from tests.cassettes.scrubbing.planted_secrets import (
    Exchange,
    Garden,
    Pairs,
    as_json,
    handle_id,
    opaque,
    standard,
    unpadded,
)

_garden = Garden()
_BODY = {"type": "activity", "version": 1, "sessionRef": REF}
_ANSWER = {**_BODY, "id": handle_id("a handle"), "ownerXuid": HOST}
_CALLER = ("Authorization", AUTHORIZATION)


def _asked(more: dict[str, object] | None = None, headers: Pairs | None = None, query: str = "") -> Exchange:
    """A creation with something more in its body, its headers or its query."""
    sent = [_CALLER, JSON, *(headers or [])]
    return Exchange(
        "POST", f"/handles{query}", sent, as_json({**_BODY, **(more or {})}), 201, [JSON], as_json(_ANSWER)
    )


def _somebody(place: str) -> str:
    """A person that is seen only here."""
    return _garden.put("xuid", place, str(NOBODY - 100 - len(_garden.planted)))


def _session(name: str) -> str:
    return SESSION.replace("lobby-1", name)


def _answered(answer: bytes, kind: str = "application/json", *headers: tuple[str, str]) -> Exchange:
    """An answer that holds something."""
    return Exchange("GET", "/handles/x", [_CALLER], b"", 200, [("Content-Type", kind), *headers], answer)


def _requests() -> dict[str, Exchange]:
    jwt, token, xuid = _garden.jwt, _garden.token, _somebody
    packed = gzip.compress(as_json({"access_token": token("gzip without a header that says so", 60)}), mtime=0)
    inside = json.dumps({"deep": {"thing": jwt("field of JSON in a string, a JWT")}})
    coded = unpadded(as_json({"access_token": token("base64 of JSON with a token", 60)}))
    secret = token("multipart, password", 40)
    part = f'--edge\r\nContent-Disposition: form-data; name="password"\r\n\r\n{secret}\r\n--edge--\r\n'
    multipart = ("Content-Type", "multipart/form-data; boundary=edge")
    return {
        "header": _asked(headers=[("X-Acme-Ticket", jwt("request header, a JWT"))]),
        "opaque header": _asked(headers=[("X-Acme-Other", token("request header", 64))]),
        "field": _asked({"blob": token("field", 64)}),
        "field at depth": _asked({"custom": {"x": [{"y": jwt("field at depth, a JWT")}]}}),
        "string": _asked({"text": inside}),
        "sentence": _asked({"note": f"try {jwt('a JWT in a sentence')} now"}),
        "key": _asked({"custom": {jwt("a JWT as a key"): 1}}),
        "base64": _asked({"blob": standard(jwt("a JWT in base64").encode())}),
        "base64 of JSON": _asked({"blob": coded}),
        "hexadecimal": _asked({"blob": _garden.put("token", "hexadecimal digits", opaque("hex", 48).encode().hex())}),
        "query": _asked(query=f"?q={jwt('parameter of the query, a JWT')}"),
        "opaque query": _asked(query=f"?q={token('parameter of the query', 64)}"),
        "path": Exchange("GET", f"/handles/{token('a part of the path', 64)}", [_CALLER], b"", 404, [], b""),
        "session's name": Exchange(
            "GET", _session(xuid("name of a session, in a path")), [_CALLER], b"", 404, [], b""
        ),
        "member's key": _asked({"members": {f"me_{xuid('me_{xuid} as a key')}": {}}}),
        "xuid as a key": _asked({"custom": {xuid("a key"): 1}}),
        "opaque bytes": Exchange("POST", "/handles", [_CALLER, JSON], packed, 400, [], b""),
        "multipart": Exchange("POST", "/handles", [_CALLER, multipart], part.encode(), 400, [], b""),
    }


def _answers() -> dict[str, Exchange]:
    jwt, token = _garden.jwt, _garden.token
    security = (
        f"<wsse:BinarySecurityToken>t={token('XML, BinarySecurityToken', 200)}&amp;p=</wsse:BinarySecurityToken>"
    )
    landing = f"https://login.invalid/desktop.srf?code={token('response header Location, code', 36)}&lc=1033"
    return {
        "header of a redirection": _answered(b"", "text/html", ("Location", landing)),
        "header of the answer": _answered(b"{}", "application/json", ("X-Acme-Next", token("response header", 64))),
        "xuid in a text": _answered(f"no such user {_somebody('a word of a text')}.".encode(), "text/plain"),
        "answer": _answered(as_json({"extra": jwt("field of an answer, a JWT")})),
        "list": _answered(as_json([[token("list in a list", 64)]])),
        "text": _answered(f"no: {jwt('a text, a JWT')}".encode(), "text/plain"),
        "bytes": _answered(
            b"\x00\xff\x01" + jwt("bytes that are not text, a JWT").encode() + b"\xfe\x00", "application/octet-stream"
        ),
        "broken JSON": _answered(b'{"access_token": "' + token("JSON that is cut off, access_token", 80).encode()),
        "HTML": _answered(f'<input name="PPFT" value="{token("HTML, PPFT", 120)}"/>'.encode(), "text/html"),
        "XML": _answered(security.encode(), "text/xml"),
        "echo in base64": _answered(f"you sent {standard(AUTHORIZATION.encode())}".encode(), "text/plain"),
        "echo in percent": _answered(quote(AUTHORIZATION, safe="").encode(), "text/plain"),
        "echo in digits": _answered(f"you sent {XSTS.encode().hex()}".encode(), "text/plain"),
        "echo in JSON": _answered(as_json({"a": json.dumps({"b": standard(XSTS.encode())})})),
    }


UNNAMED: dict[str, Exchange] = {**_requests(), **_answers()}
"""Name of the place to its exchange."""

UNKNOWN = list(_garden.planted)
"""Secrets in places that no document names."""
