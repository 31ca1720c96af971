"""The YAML tags that vcrpy writes of itself, as harmless texts and bytes: nothing is ever called."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from handlesfake.files.yaml_builder import BINARY


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError("the tag wants a text")
    return value


def _items(value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise ValueError("the tag wants a list")
    return value


def _buffer(value: Any) -> bytes:
    """``io.BytesIO`` as older vcrpy wrote it: ``state`` holds the bytes, and where the reader stood."""
    state = value.get("state") if isinstance(value, dict) else None
    if not isinstance(state, list):
        raise ValueError("the tag wants state, a list")
    return _bytes(state[0]) if state else b""


def _chunks(value: Any) -> bytes:
    """An iterator as vcrpy writes it: ``args`` holds the list of its pieces."""
    arguments = value.get("args") if isinstance(value, dict) else None
    if not isinstance(arguments, list) or not all(isinstance(part, list) for part in arguments):
        raise ValueError("the tag wants args, a list with a list of pieces")
    return b"".join(_bytes(piece) for part in arguments[:1] for piece in part)


def _bytes(value: Any) -> bytes:
    if isinstance(value, str):
        return value.encode()
    if not isinstance(value, bytes):
        raise ValueError("the tag wants text or bytes")
    return value


_PYTHON = "tag:yaml.org,2002:python/"
TAGS: Mapping[str, Callable[[Any], Any]] = MappingProxyType(
    {
        **BINARY,
        f"{_PYTHON}str": _text,
        f"{_PYTHON}unicode": _text,
        f"{_PYTHON}tuple": _items,
        # before its version 1.0, so that the message about that is reached
        f"{_PYTHON}object/apply:__builtin__.frozenset": _items,
        f"{_PYTHON}object/apply:builtins.frozenset": _items,
        f"{_PYTHON}object:vcr.request.Request": lambda value: value,
        f"{_PYTHON}object/new:_io.BytesIO": _buffer,
        f"{_PYTHON}object/apply:builtins.iter": _chunks,
    }
)
