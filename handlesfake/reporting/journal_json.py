"""A journal entry as JSON: one table of its fields for reports, files and the control interface."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from handlesfake.exchange.entry import Entry
from handlesfake.reporting.shown_headers import shown_headers

_ANY: Mapping[str, Any] = {}
_TEXT = {"type": "string"}
_TEXT_OR_NONE = {"type": ["string", "null"]}
_TEXTS = {"type": "array", "items": _TEXT}
_HEADERS = {"type": "array", "items": {"type": "array", "items": _TEXT, "minItems": 2, "maxItems": 2}}
_NUMBER = {"type": "number"}
_WHOLE = {"type": "integer"}
_WHOLE_OR_NONE = {"type": ["integer", "null"]}
_SWITCH = {"type": "boolean"}

_FIELDS: tuple[tuple[str, Mapping[str, Any], Callable[[Entry], Any]], ...] = (
    ("number", _WHOLE, lambda entry: entry.number),
    ("at", _TEXT, lambda entry: entry.at.isoformat()),
    ("service", _TEXT, lambda entry: entry.service),
    ("operation", _TEXT, lambda entry: entry.operation),
    ("type", _TEXT, lambda entry: entry.type),
    ("method", _TEXT, lambda entry: entry.request.method),
    ("target", _TEXT, lambda entry: entry.request.target),
    ("caller", _TEXT_OR_NONE, lambda entry: entry.caller.label if entry.caller else None),
    ("headers", _HEADERS, lambda entry: shown_headers(entry.request)),
    ("body", _ANY, lambda entry: entry.document),
    ("status", _WHOLE_OR_NONE, lambda entry: entry.status),
    ("original_status", _WHOLE_OR_NONE, lambda entry: entry.original.status if entry.original else None),
    ("answer_headers", _HEADERS, lambda entry: shown_headers(entry.response) if entry.response else []),
    ("answer", _ANY, lambda entry: entry.answer),
    ("duration", _NUMBER, lambda entry: entry.duration),
    ("decided_by", _TEXT, lambda entry: entry.decided_by),
    ("evidence", _TEXT_OR_NONE, lambda entry: entry.evidence.words if entry.evidence else None),
    ("refusal", _TEXT_OR_NONE, lambda entry: entry.refusal.kind.name if entry.refusal else None),
    ("fault", _TEXT_OR_NONE, lambda entry: entry.fault),
    ("assumptions", _TEXTS, lambda entry: [assumption.text for assumption in entry.assumptions]),
    ("notes", _TEXTS, lambda entry: list(entry.notes)),
    ("client", _TEXT, lambda entry: entry.client),
    ("thread", _TEXT, lambda entry: entry.thread),
    ("source", _TEXT, lambda entry: entry.source),
    ("straggler", _SWITCH, lambda entry: entry.straggler),
)
"""Name, JSON Schema and value. What is secret among the headers is masked."""

SCHEMA: Mapping[str, Mapping[str, Any]] = MappingProxyType({name: schema for name, schema, _ in _FIELDS})
"""The JSON Schema of each field."""


def entry_as_json(entry: Entry) -> dict[str, Any]:
    """A journal entry as JSON values."""
    return {name: read(entry) for name, _, read in _FIELDS}
