"""Shown: what is kept of an entry outside of the process, less real people and secrets while they are in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from handlesfake.exchange.entry import Entry
from handlesfake.reporting.journal_json import entry_as_json

if TYPE_CHECKING:
    from handlesfake.cassettes.recording.masking import Masking


def shown_document(entry: Entry, masking: Masking | None) -> dict[str, Any]:
    """``entry`` as the JSON of a journal that is kept.

    :param masking: that of the double, see :attr:`~handlesfake.double.core.DoubleCore.masking`.
    """
    if masking is None:
        return entry_as_json(entry)
    found: dict[str, Any] = masking.value(entry_as_json(masking.entry(entry)))
    return found
