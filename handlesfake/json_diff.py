"""Difference: where two JSON values differ, to match by and to explain with."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from handlesfake.values.values import frozen

WIDEST = 60
"""Characters of a value that messages show at most."""


class _Missing:
    """Represents a missing value; JSON's null has None."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "nothing"


MISSING: Final = _Missing()
"""The value of a side that has none."""


@frozen
class Difference:
    """One place where two JSON values differ."""

    path: str
    """Where, dotted: ``properties.custom.nonces.friend``, ``xuids.0``; empty for the value as a whole."""

    wanted: Any
    """What was wanted (or recorded); ``MISSING`` when nothing was."""

    sent: Any
    """What was sent; ``MISSING`` when nothing was."""


def differences(wanted: Any, sent: Any, *, partial: bool = False, path: str = "") -> list[Difference]:
    """Every place where ``sent`` is not as ``wanted``, in the order of ``wanted``; an empty list is a match.

    Numbers compare by value, and never equal a boolean or a text, as in JSON. A wanted value of a type that JSON does
    not have (``unittest.mock.ANY``) decides by its own ``==``.

    :param partial: what ``wanted`` does not name may be anything, at every depth; an array is always compared whole.
    :param path: where the two values stand, for the paths of the result.
    """
    return list(_differences(wanted, sent, path, partial))


def _differences(wanted: Any, sent: Any, path: str, partial: bool) -> Iterator[Difference]:  # noqa: FBT001 - internal
    if isinstance(wanted, Mapping) and isinstance(sent, Mapping):
        names = [*wanted, *(() if partial else (name for name in sent if name not in wanted))]
        for name in names:
            yield from _differences(wanted.get(name, MISSING), sent.get(name, MISSING), _below(path, name), partial)
    elif _is_array(wanted) and _is_array(sent):
        for place in range(max(len(wanted), len(sent))):
            yield from _differences(_at(wanted, place), _at(sent, place), _below(path, place), partial)
    elif not _same(wanted, sent):
        yield Difference(path, wanted, sent)


def _same(wanted: Any, sent: Any) -> bool:
    if wanted is MISSING or sent is MISSING:
        return wanted is sent
    # 1 == True in Python, and not in JSON
    if isinstance(wanted, (bool, int, float)) and isinstance(wanted, bool) != isinstance(sent, bool):
        return False
    return bool(wanted == sent)


def _is_array(value: Any) -> bool:
    return isinstance(value, Sequence) and not isinstance(value, (str, bytes))


def _at(values: Sequence[Any], place: int) -> Any:
    return values[place] if place < len(values) else MISSING


def _below(path: str, name: object) -> str:
    return f"{path}.{name}" if path else str(name)


# ---- as text


def table(
    found: Sequence[Difference],
    *,
    indent: str = "      ",
    words: tuple[str, str] = ("wanted", "sent"),
    limit: int = 10,
) -> list[str]:
    """The differences as lines for people, one each, in columns.

    :param words: what the two sides are called: ``("recorded", "sent")`` for a cassette.
    :param limit: how many lines at most; a last one counts the rest.
    """
    rows = [(one.path or "the whole", *_shown_pair(one.wanted, one.sent)) for one in found[:limit]]
    first = max((len(row[0]) for row in rows), default=0)
    second = max((len(row[1]) for row in rows), default=0)
    lines = [
        f"{indent}{path:<{first}}   {words[0]} {wanted:<{second}}   {words[1]} {sent}" for path, wanted, sent in rows
    ]
    if len(found) > limit:
        lines.append(f"{indent}and {len(found) - limit} more")
    return lines


def short_json(value: Any) -> str:
    """``value`` as messages write it: as Python does, at most sixty characters."""
    text = repr(value)
    return text if len(text) <= WIDEST else text[: WIDEST - 3] + "..."


def _shown_pair(wanted: Any, sent: Any) -> tuple[str, str]:
    """Both values; of two long texts the part where they part."""
    texts = repr(wanted), repr(sent)
    if isinstance(wanted, str) and isinstance(sent, str) and max(map(len, texts)) > WIDEST:
        same = next(
            (place for place, (a, b) in enumerate(zip(wanted, sent, strict=False)) if a != b),
            min(len(wanted), len(sent)),
        )
        start = max(0, same - 20)
        if start:
            return _window(wanted, start), _window(sent, start)
    return short_json(wanted), short_json(sent)


def _window(text: str, start: int) -> str:
    part = text[start : start + WIDEST - 10]
    return f"...{part!r}" + ("..." if start + len(part) < len(text) else "")
