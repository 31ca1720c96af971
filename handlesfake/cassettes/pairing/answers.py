"""Places: where in an answer each text and each time stands, so that two answers can be laid side by side."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from handlesfake.cassettes.pairing.made_up import TIME, less_times
from handlesfake.mpsd.http.message import Headers, Response

Place = tuple[str, ...]


def texts_in(response: Response) -> dict[Place, str]:
    """Each text of the answer, large numbers among them, by where it stands: in a header, in the body."""
    found = dict(_lines(response.headers))
    document = _document(response)
    if document is None:
        text = _decoded(response.body)
        return found if text is None else {**found, ("text",): text}
    found.update(_leaves(document, ("body",)))
    return found


def with_times(response: Response, times: Mapping[Place, str]) -> Response:
    """``response`` with the times that ``times`` names, by their places, as :func:`times_in` gives them."""
    headers = []
    for place, (name, value) in zip(_places(response.headers), response.headers, strict=True):
        headers.append(
            (name, _put(value, [(*place, str(number)) for number in range(len(TIME.findall(value)))], times))
        )
    text = _decoded(response.body)
    body = response.body if text is None else _put(text, _body_places(response, text), times).encode()
    return Response(response.status, Headers(headers), body, response.reason)


def times_in(response: Response) -> dict[Place, str]:
    """Each time of the answer, by where it stands."""
    found = {
        (*place, str(number)): time
        for place, (_, value) in zip(_places(response.headers), response.headers, strict=True)
        for number, time in enumerate(TIME.findall(value))
    }
    text = _decoded(response.body)
    if text is not None:
        found.update(zip(_body_places(response, text), TIME.findall(text), strict=True))
    return found


def _put(text: str, places: list[Place], times: Mapping[Place, str]) -> str:
    left = iter(places)
    return TIME.sub(lambda found: times.get(next(left), found[0]), text)


def _body_places(response: Response, text: str) -> list[Place]:
    """Where the times in the ``text`` of the body stand, in the order of the text."""
    count = len(TIME.findall(text))
    document = _document(response)
    places = [
        (*place, str(number))
        for place, leaf in (_leaves(document, ("body",)) if document is not None else ())
        for number in range(len(TIME.findall(leaf)))
    ]
    # in a text that is not JSON, or has its own spelling of them, by the text around them
    return places if len(places) == count else [("text", less_times(text), str(number)) for number in range(count)]


def _leaves(value: Any, place: Place) -> Iterator[tuple[Place, str]]:
    if isinstance(value, dict):
        for name, below in value.items():
            yield from _leaves(below, (*place, name))
    elif isinstance(value, list):
        for number, below in enumerate(value):
            yield from _leaves(below, (*place, str(number)))
    elif isinstance(value, str):
        yield place, value
    elif type(value) is int:
        yield place, str(value)


def _lines(headers: Headers) -> Iterator[tuple[Place, str]]:
    return zip(_places(headers), (value for _, value in headers), strict=True)


def _places(headers: Headers) -> Iterator[Place]:
    counts: dict[str, int] = {}
    for name, _ in headers:
        lower = name.lower()
        counts[lower] = counts.get(lower, 0) + 1
        yield ("headers", lower, str(counts[lower]))


def _document(response: Response) -> Any:
    try:
        return json.loads(response.body) if response.body else None
    except (ValueError, RecursionError):
        return None


def _decoded(body: bytes) -> str | None:
    try:
        return body.decode()
    except UnicodeDecodeError:
        return None
