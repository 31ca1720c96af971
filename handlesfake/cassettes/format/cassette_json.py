"""What was read of a cassette as one line of JSON, which is read back in a tenth of the time: for the cache alone.

Not a second format: people do not write it by hand, and it is made of what the one reader has read and checked.
"""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from pathlib import Path
from typing import Any

from handlesfake.cassettes.cassette import Cassette, Interaction
from handlesfake.mpsd.http.message import Headers, Request, Response
from handlesfake.values.values import replace


def cassette_to_json(cassette: Cassette) -> bytes:
    """``cassette`` less its path. Header lines that come again and again are written once."""
    places: dict[Headers, int] = {}
    rows = [
        [
            one.scheme,
            one.request.method,
            one.request.target,
            one.request.host,
            places.setdefault(one.request.headers, len(places)),
            _written(one.request.body),
            None if one.also is None else _written(one.also.body),
            one.response.status,
            places.setdefault(one.response.headers, len(places)),
            _written(one.response.body),
            one.response.reason,
        ]
        for one in cassette.interactions
    ]
    document = {
        "roles": dict(cassette.roles),
        "incomplete": cassette.incomplete,
        "tests": cassette.tests,
        "keys": cassette.keys,
        "headers": list(places),
        "interactions": rows,
    }
    return json.dumps(document, separators=(",", ":")).encode()


def cassette_from_json(text: bytes, path: Path) -> Cassette:
    """The cassette that ``text`` was made of, read from the file at ``path``.

    :raises ValueError, TypeError, LookupError: ``text`` was made by something else.
    """
    document = json.loads(text)
    lines = [Headers(map(tuple, each)) for each in document["headers"]]
    interactions = []
    for number, row in enumerate(document["interactions"], 1):
        scheme, method, target, host, sent, body, other, status, came, answer, reason = row
        request = Request(method, target, lines[sent], _read(body), host)
        also = None if other is None else replace(request, body=_read(other))
        response = Response(status, lines[came], _read(answer), reason)
        interactions.append(Interaction(number, request, response, also, scheme))
    lists = (tuple(document[word]) for word in ("incomplete", "tests", "keys"))
    return Cassette(path, tuple(interactions), document["roles"], *lists)


def _written(body: bytes) -> str | list[str]:
    """A text as it is; other bytes as a list of one text, which holds them in base64."""
    try:
        return body.decode()
    except UnicodeDecodeError:
        return [b64encode(body).decode()]


def _read(body: Any) -> bytes:
    return body.encode() if type(body) is str else b64decode(body[0], validate=True)
