"""What was learned from earlier messages: real texts, and the replacement of each wherever it appears again."""

from __future__ import annotations

import re
import unicodedata
from base64 import b64encode
from collections.abc import Iterator
from functools import lru_cache
from itertools import repeat

SHORTEST = 8
"""Characters of a text that is looked for elsewhere, too: a shorter one would be found in innocent words."""

_PIECE = re.compile(r"[^\W_]+")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
"""Where a name begins that is glued to a word: ``userVelvet Otter``."""

_SHORTEST_NAME, _SHORTEST_CODE = 4, 6
"""Digits of a number that is looked for wherever it may stand: ``1`` would be found in ``game/1.0``."""

_SHORTEST_NUMBER, _LARGE, _CACHED = 10, 10**15, 256
_NICK = re.compile(r"[A-Z]\w*[^\W\d_]\d{2,}")
_NUMBER = re.compile(r"\d{10,20}")
_TOO_LARGE = 1 << 64
_UNSPACED = re.compile(r"[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff]")
"""Signs of scripts that write words without spaces, or each with a sign: three say as much as a long word."""

_SHORTEST_UNSPACED = 3
_GROUPED = re.compile(r"(?<!\d)\d{1,4}(?:([ ,])\d{3,4})(?:\1\d{3,4}){2,5}(?!\d)")
"""A large number as people write it: ``9,000,000,000,000,001``, ``9000 0000 0000 0001``."""


class Learned:
    """Texts and their stand-ins. To look is as fast however many there are: each is known by its first piece."""

    def __init__(self) -> None:
        self._whole: dict[str, str] = {}
        self._wide: dict[str, str] = {}
        self._starts: dict[str, tuple[str, ...]] = {}
        self._unspaced: dict[str, str] = {}
        self._instead: set[str] = set()
        self._named: set[str] = set()
        self._order: list[str] = []

    def learn(self, text: str, instead: str) -> None:
        """From now on ``instead`` replaces ``text``; the first one learned stays.

        A short text, and a lower-case word, which may be innocent elsewhere, is known only where it is the whole.
        """
        if text in self._whole or text in self._instead:
            return
        self._whole[text] = instead
        self._order.append(text)
        self._instead.add(instead)
        if (len(text) >= SHORTEST and not (text.isalpha() and text.islower())) or _is_nick(text):
            self._search(text, instead)
            for other in _spellings(text):
                self._search(other, instead)
        elif len(_UNSPACED.findall(text)) >= _SHORTEST_UNSPACED:
            self._unspaced.update(dict.fromkeys((text, *_spellings(text)), instead))

    def name(self, text: str, instead: str) -> None:
        """As :meth:`learn`, but also a short number is looked for everywhere: it belongs to a participant."""
        if text in self._named:
            return
        self._named.add(text)
        self.learn(text, instead)
        if len(text) >= (_SHORTEST_NAME if text.isdigit() else SHORTEST):
            self._search(text, self._whole[text])
        if text.isascii() and text.isdigit() and _LARGE <= int(text) < _TOO_LARGE:
            self._search_hexadecimal(int(text), instead)

    def learn_secret(self, secret: str, instead: str) -> None:
        """As :meth:`learn`, unless ``secret`` may be an innocent word, which would be found in innocent places."""
        if len(secret) >= 2 * SHORTEST or (len(secret) >= SHORTEST and not secret.isalpha()):
            self.learn(secret, instead)
        elif len(secret) >= _SHORTEST_CODE and any(map(str.isdigit, secret)):  # a code that is typed in
            self.learn(secret, instead)
            self._search(secret, instead)

    def _search(self, text: str, instead: str) -> None:
        if " " in text and text.replace(" ", "").isalnum():  # as forms and addresses have it
            self._search(text.replace(" ", "+"), instead.replace(" ", "+"))
        first = _PIECE.search(text.lower())
        if first is None or text in self._wide:
            return
        self._wide[text] = instead
        self._begin(first[0], text)
        if _CAMEL.search(text):
            word = _PIECE.search(_CAMEL.sub(" ", text).lower())
            if word is not None and word[0] != first[0]:
                self._begin(word[0], text)

    def _begin(self, piece: str, text: str) -> None:
        """Let ``text`` be looked for where ``piece`` stands; the longest first: one text may begin with another."""
        others = self._starts.get(piece)
        self._starts[piece] = (text,) if others is None else tuple(sorted((*others, text), key=len, reverse=True))

    def _search_hexadecimal(self, number: int, instead: str) -> None:
        """The number as SDKs log it: with as few digits as it needs, with all of its 64 bits, and as these bits."""
        others = _written_numbers(int(instead) % _TOO_LARGE) if instead.isdigit() else repeat(instead)
        for one, stands in zip(_written_numbers(number), others, strict=False):
            if one in self._wide:
                continue
            # all except those in base64 are one piece, and have no capitals
            first = one if one.isalnum() and one == one.lower() else _first_piece(one)
            if first:  # no word in it begins with a capital: it is not a name
                self._wide[one] = stands
                if first in self._starts:
                    self._begin(first, one)
                else:
                    self._starts[first] = (one,)

    def __len__(self) -> int:
        return len(self._order)

    def of(self, text: str) -> str | None:
        """The replacement of the whole of ``text``; None when it was not learned."""
        return self._whole.get(text)

    def stands_in(self, text: str) -> bool:
        """Whether ``text`` replaces another."""
        return text in self._instead

    def since(self, count: int) -> list[str]:
        """The texts that were learned since there were ``count`` of them."""
        return self._order[count:]

    def may_be_in(self, text: str) -> bool:
        """Whether :meth:`replaced` may find something in ``text``; faster, because mostly it does not."""
        pieces = _pieces_again(text) if len(text) <= _CACHED else _pieces(text)
        if not self._starts.keys().isdisjoint(pieces):
            return True
        return bool(self._named) and ("," in text or " " in text) and self._has_grouped(text)

    def _has_grouped(self, text: str) -> bool:
        return any(_digits(one) in self._whole for one in _GROUPED.finditer(text))

    def word(self, text: str) -> str:
        """As :meth:`replaced`, for a ``text`` of letters only."""
        return self._wide.get(text) or (self._less_unspaced(text) if self._unspaced else text)

    def _less_unspaced(self, text: str) -> str:
        if not text.isascii():
            for one, instead in self._unspaced.items():
                text = text.replace(one, instead)
        return text

    def replaced(self, text: str) -> str:
        """``text`` with the stand-ins."""
        whole = self._wide.get(text)
        if whole is not None:
            return whole
        if self._unspaced:
            text = self._less_unspaced(text)
        if text.isalpha() or not self.may_be_in(text):
            return text
        for one in [one for piece in _pieces(text) for one in self._starts.get(piece, ())]:
            text = _exchanged(text, one, self._wide[one])
        return _GROUPED.sub(self._regrouped, text) if self._named else text

    def _regrouped(self, found: re.Match[str]) -> str:
        instead = self._whole.get(_digits(found), "")
        if not instead.isdigit():
            return instead or found[0]
        size = 3 if found[1] == "," else 4
        at = len(instead) % size or size if size == 3 else size
        groups = [instead[:at], *(instead[begin : begin + size] for begin in range(at, len(instead), size))]
        return found[1].join(groups)


def _written_numbers(number: int) -> list[str]:
    """A number in hexadecimal digits, with zeros before it, and its bytes in both orders."""
    digits, decimal, raw = f"{number:x}", str(number), number.to_bytes(8, "little")
    found = []
    for wide in (digits, digits.zfill(15), digits.zfill(16)):
        found += [wide, f"0x{wide}", f"{wide}h", f"{wide}n"]
    found += [decimal.zfill(width) for width in range(17, 21)]
    return [*found, raw.hex(), b64encode(raw).decode(), b64encode(raw[::-1]).decode()]


def _first_piece(text: str) -> str:
    found = _PIECE.search(text.lower())
    return found[0] if found is not None else ""


def _digits(found: re.Match[str]) -> str:
    return found[0].replace(found[1], "")


def _spellings(text: str) -> Iterator[str]:
    """``text`` with its accents by themselves, in bytes that were read as Latin, and with spaces that do not part."""
    if " " in text:
        yield text.replace(" ", "\u00a0")
    if not text.isascii():
        yield from {unicodedata.normalize(form, text) for form in ("NFC", "NFD")} - {text}
        yield text.encode("utf-8", "replace").decode("latin-1")


def _is_nick(text: str) -> bool:
    """Whether ``text`` is short, but still not a word: it ends like a name that was already taken, ``Kiwi77``."""
    return len(text) >= _SHORTEST_CODE and _NICK.fullmatch(text) is not None


def _pieces(text: str) -> tuple[str, ...]:
    """The words and long numbers of ``text``, each once, in lower case."""
    low = text.lower()
    found = dict.fromkeys(_PIECE.findall(low))
    if _CAMEL.search(text):
        found.update(dict.fromkeys(_PIECE.findall(_CAMEL.sub(" ", text).lower())))
    if "0x" in low:
        found.update(dict.fromkeys([piece[2:] for piece in found if piece.startswith("0x")]))
    if len(text) > _SHORTEST_NUMBER:
        found.update(dict.fromkeys(_NUMBER.findall(low)))
    return tuple(found)


_pieces_again = lru_cache(maxsize=8192)(_pieces)
"""Traffic says the same again and again."""


def _exchanged(text: str, old: str, new: str) -> str:
    """``text`` with ``new`` for each ``old`` that is not part of a longer number or word.

    Case makes no difference, where it may make none: services echo in capitals. A word of letters only has its own.
    """
    where = text if old.isalpha() else text.lower()
    what = old if old.isalpha() else old.lower()
    if what not in where:
        return text
    if len(where) != len(text) or len(what) != len(old):  # a letter that is two in lower case
        where, what = text, old
    is_part = str.isdigit if old.isdigit() else _is_word
    parts, done, found = [], 0, where.find(what)
    while found >= 0:
        end = found + len(old)
        is_behind = _is_word(old[0]) and is_part(text[found - 1 : found]) and not _begins(text, where, found)
        if is_behind or (_is_word(old[-1]) and is_part(text[end : end + 1])):
            found = where.find(what, found + 1)
            continue
        parts += [text[done:found], new]
        done, found = end, where.find(what, end)
    return "".join([*parts, text[done:]])


def _begins(text: str, where: str, at: int) -> bool:
    """Whether something new begins at ``at`` although a letter is before it: after ``0x``, and with a capital."""
    return where.endswith("0x", 0, at) or (text[at - 1 : at].islower() and text[at : at + 1].isupper())


def _is_word(letter: str) -> bool:
    return letter.isalnum()
