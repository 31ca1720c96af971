"""Findings: what a scrubber took out, replaced, withheld, and left although only people can judge it."""

from __future__ import annotations

from collections import Counter
from typing import Any

from handlesfake.values.values import field, mutable


@mutable(slots=False)
class Findings:
    """Of one interaction, or of many. It has no secret and no real name: it is written to disk."""

    removed: Counter[str] = field(default_factory=Counter)
    """Kind (``Authorization``, ``nonce``) to how often."""

    replaced: dict[str, set[str]] = field(default_factory=dict)
    """Kind (``gamertag``) to the pseudonyms that were used."""

    withheld: dict[str, str] = field(default_factory=dict)
    """Place (``body.properties.custom.blob``) of what looks like an unknown secret, to the reason."""

    texts: dict[str, str] = field(default_factory=dict)
    """Free texts that stay: field name to a value, as it is written."""

    unread: dict[str, str] = field(default_factory=dict)
    """Place of what cannot be read, to why; no advice says how to have it written."""

    unpacked: Counter[str] = field(default_factory=Counter)
    """Content coding (``gzip``) to how many answers it was taken off."""

    def replace(self, kind: str, pseudonym: str) -> None:
        """``pseudonym`` was used."""
        self.replaced.setdefault(kind, set()).add(pseudonym)

    def add(self, other: Findings) -> None:
        """Add those of ``other``."""
        for mine, theirs in ((self.removed, other.removed), (self.unpacked, other.unpacked)):
            for kind, count in theirs.items():
                mine[kind] += count
        for kind, used in other.replaced.items():
            self.replaced.setdefault(kind, set()).update(used)
        self.withheld.update(other.withheld)
        self.unread.update(other.unread)
        for name, text in other.texts.items():
            self.texts.setdefault(name, text)

    def as_json(self) -> dict[str, Any]:
        """A document that :meth:`of` reads."""
        return {
            "removed": self.removed,
            "replaced": {kind: sorted(used) for kind, used in self.replaced.items()},
            "withheld": self.withheld,
            "unread": self.unread,
            "texts": self.texts,
            "unpacked": self.unpacked,
        }

    @classmethod
    def of(cls, document: dict[str, Any]) -> Findings:
        """What :meth:`as_json` made."""
        return cls(
            Counter(document["removed"]),
            {kind: set(used) for kind, used in document["replaced"].items()},
            document["withheld"],
            document["texts"],
            document["unread"],
            Counter(document["unpacked"]),
        )
