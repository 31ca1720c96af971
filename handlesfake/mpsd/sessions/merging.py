"""How what a client sends and what is stored become one (contract 7.4)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from handlesfake.mpsd.choices import Choices
from handlesfake.mpsd.http.body import an_object
from handlesfake.mpsd.refusals.catalogue import refuse
from handlesfake.mpsd.state.session import Document


def merged_custom(known: Document, sent: Any, field: str, choices: Choices) -> Document:
    """``custom`` after a write: keys merge, ``null`` deletes one.

    :param field: its place in the body, for the sentence.
    :raises Refusal: it is not an object, or larger than a choice allows.
    """
    if sent is None:
        return known
    merged = _merged(known, an_object(sent, field), deep=choices.custom_merge == "deep")
    limit = choices.custom_size_limit
    if limit is not None and len(json.dumps(merged, separators=(",", ":")).encode()) > limit:
        raise refuse("invalid_field", field=field, problem=f"must be {limit} bytes of JSON or less")
    return merged


def _merged(known: Document, sent: Document, *, deep: bool) -> Document:
    merged = dict(known)
    for name, value in sent.items():
        if value is None:
            merged.pop(name, None)
        elif deep and isinstance(value, dict) and isinstance(merged.get(name), dict):
            merged[name] = _merged(merged[name], value, deep=True)
        else:
            merged[name] = value
    return merged


def merged_system(known: Document, sent: Mapping[str, Any]) -> Document:
    """System fields after a write: each that is sent replaces the known one whole, ``null`` takes it away."""
    merged = {**known, **sent}
    return {name: value for name, value in merged.items() if value is not None}


def require_keys(document: Document, known: tuple[str, ...], field: str) -> None:
    """``document`` must hold no other keys than ``known``: all others are prohibited (documented).

    :raises Refusal: 400 that names the first other one.
    """
    for name in document:
        if name not in known:
            raise refuse("key_prohibited", field=f"{field}.{name[:100]}" if field else name[:100])
