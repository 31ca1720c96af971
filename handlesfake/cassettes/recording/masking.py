"""Masking: what is shown of a recording under way, with the pseudonyms that its cassette has.

A failure report, ``junit.xml``, ``--mpsd-report`` and the file of ``serve --journal`` are kept and passed on as the
cassette is.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, TypeVar

from handlesfake.cassettes.cassette import label_in
from handlesfake.cassettes.format.compression import unpacked
from handlesfake.cassettes.scrubbing.header_names import KEPT, MASKED
from handlesfake.cassettes.scrubbing.patterns import REAL_XUID
from handlesfake.cassettes.scrubbing.scrubber import Scrubber
from handlesfake.exchange.entry import Entry
from handlesfake.mpsd.http.message import Headers, Request, Response
from handlesfake.values.values import replace

_Message = TypeVar("_Message", Request, Response)

_CUT = "..."
_SHORTEST_PIECE = 4
"""Characters of a name that say nothing of whose it is."""

_QUOTED = re.compile(r"""(['"])([^'"\n]{1,60})\1""")
"""A text in a message: a short gamertag is known only where it is the whole of one."""


class Masking:
    """Masks texts, JSON values and journal entries.

    :param scrubber: that of the recording: it has the people that were seen so far.
    """

    def __init__(self, scrubber: Scrubber) -> None:
        self._scrubber = scrubber

    def text(self, text: str) -> str:
        """``text`` less the real people, and the secrets, that the recording has met."""
        learned = self._scrubber.learned
        text = REAL_XUID.sub(lambda found: self._scrubber.of_xuid(found[0]), learned.replaced(text))
        text = self._less_pieces(text) if _CUT in text else text
        return _QUOTED.sub(lambda one: f"{one[1]}{learned.of(one[2]) or one[2]}{one[1]}", text)

    def _less_pieces(self, text: str) -> str:
        """``text`` less the pieces that pytest leaves of what it cuts: ``'{"id": "/han...74790399999"}'``."""
        learned = self._scrubber.learned
        names = [(one, learned.of(one) or "") for one in learned.since(0) if len(one) > _SHORTEST_PIECE]
        first, *others = text.split(_CUT)
        return _CUT.join(
            [
                _less_begin(first, names, is_cut=bool(others)),
                *(
                    _less_begin(_less_end(part, names), names, is_cut=at < len(others))
                    for at, part in enumerate(others, 1)
                ),
            ]
        )

    def value(self, value: Any) -> Any:
        """A JSON ``value`` with all of its texts masked; those that are a whole name, however short it is."""
        if isinstance(value, str):
            return self._scrubber.learned.of(value) or self.text(value)
        if isinstance(value, dict):
            return {self.text(key): self.value(one) for key, one in value.items()}
        return [self.value(one) for one in value] if isinstance(value, list) else value

    def entry(self, entry: Entry) -> Entry:
        """``entry`` with request and answers as the cassette would have them; what is derived from them follows."""
        label = self._scrubber.learned.replaced(label_in(entry.request))
        request, _ = self._scrubber.request(_plain(entry.request), label)
        request = replace(request, headers=_known(entry.request.headers, request.headers), host=entry.request.host)
        return replace(
            entry,
            request=request,
            response=self._answer(entry.response),
            original=self._answer(entry.original),
        )

    def _answer(self, response: Response | None) -> Response | None:
        return None if response is None else self._scrubber.response(_plain(response))[0]


def _known(sent: Headers, scrubbed: Headers) -> Headers:
    """The headers that were sent, as the cassette has them: what it does not keep may hold a secret.

    A credential stays, because it tells who has sent the request; nothing shows it.
    """
    pairs = [
        (name, (scrubbed.first(name) or value) if name.lower() in KEPT | {"authorization"} else MASKED)
        for name, value in sent
    ]
    return Headers(pairs)


def _less_end(text: str, names: Sequence[tuple[str, str]]) -> str:
    """``text``, before which something was cut, less the end of a name that it begins with."""
    for name, instead in names:
        size = next((size for size in range(len(name) - 1, _SHORTEST_PIECE, -1) if text.startswith(name[-size:])), 0)
        if size:
            return instead[-size:] + text[size:]
    return text


def _less_begin(text: str, names: Sequence[tuple[str, str]], *, is_cut: bool) -> str:
    """``text``, behind which something was cut if ``is_cut``, less the beginning of a name that it ends with."""
    for name, instead in names if is_cut else ():
        size = next((size for size in range(len(name) - 1, _SHORTEST_PIECE, -1) if text.endswith(name[:size])), 0)
        if size:
            return text[:-size] + instead[:size]
    return text


def _plain(message: _Message) -> _Message:
    headers, body = unpacked(message.headers, message.body)
    return message if headers is message.headers else replace(message, headers=headers, body=body)
