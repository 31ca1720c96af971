"""Bindings: which value of this run matches which recorded one, one to one."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable

from handlesfake.mpsd.http.message import Headers, Response

_WORD = re.compile(rb"[0-9A-Za-z][0-9A-Za-z_-]+")


class Bindings:
    """Values compare without case: addresses and GUIDs have none.

    :param known: values of the cassette, such as ids from the service: sent unchanged, they match themselves.
    """

    def __init__(self, known: Iterable[str] = ()) -> None:
        self._known = set(known)
        self._recorded: dict[str, str] = {}
        self._taken: dict[str, str] = {}
        self._words: dict[bytes, bytes] = {}
        self._others: list[tuple[str, str]] = []

    def recorded(self, sent: str) -> str | None:
        """The recorded value that ``sent`` matches; None while that is open."""
        found = self._recorded.get(sent)
        if found is None and sent in self._known and sent not in self._taken:
            return sent
        return found

    def is_free(self, recorded: str) -> bool:
        """Whether no value of this run matches ``recorded`` yet."""
        return recorded not in self._taken

    def bind(self, sent: str, recorded: str, spelled: tuple[str, str] = ("", "")) -> None:
        """From now on ``sent`` matches ``recorded``.

        :param spelled: both as they are written: in answers the first replaces the second.
        """
        if sent in self._recorded:
            return
        self._recorded[sent], self._taken[recorded] = recorded, sent
        mine, theirs = spelled
        if sent == recorded or not theirs:
            return
        if _WORD.fullmatch(theirs.encode()):
            self._words[recorded.encode()] = mine.encode()
        else:
            self._others.append((theirs, mine))

    def __len__(self) -> int:
        return sum(sent != recorded for sent, recorded in self._recorded.items())

    def told(self, response: Response) -> Response:
        """``response`` in the words of this run."""
        if not self._words and not self._others:
            return response
        headers = Headers((name, self._header(value)) for name, value in response.headers)
        return Response(response.status, headers, self._body(response.body), response.reason)

    def as_recorded(self, text: str) -> str:
        """``text`` of this run in the words of the cassette."""
        for theirs, mine in self._others:
            text = text.replace(json.dumps(mine), json.dumps(theirs))
            if mine.startswith('"'):  # an ETag, in a header
                text = text.replace(mine, theirs)
        words = {mine.lower(): theirs for theirs, mine in self._words.items()}
        raw = (
            _WORD.sub(lambda found: words.get(found[0].lower(), found[0]), text.encode()) if words else text.encode()
        )
        return raw.decode()

    def _header(self, value: str) -> str:
        for theirs, mine in self._others:
            value = value.replace(theirs, mine)
        return self._worded(value.encode("latin-1")).decode("latin-1")

    def _body(self, body: bytes) -> bytes:
        for theirs, mine in self._others:
            # within its quotes: as part of another text it would be another value
            body = body.replace(json.dumps(theirs).encode(), json.dumps(mine).encode())
        return self._worded(body)

    def _worded(self, text: bytes) -> bytes:
        return _WORD.sub(lambda found: self._words.get(found[0].lower(), found[0]), text) if self._words else text
