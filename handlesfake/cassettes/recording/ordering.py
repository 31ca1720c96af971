"""Ordering: where in a cassette stands what the tests that share it record, whichever is done first."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence


def in_order(
    texts: Sequence[str], added: int, rank: int, ranks: Mapping[str, int]
) -> tuple[list[str], dict[str, int]]:
    """``texts`` with what this run has added in the order of its tests; and the ranks that are known from now on.

    :param added: how many of ``texts``, the last ones, a test has added.
    :param rank: its place among the tests that share the cassette.
    :param ranks: digest of each text that the run has added before to the place of its test.
    """
    known = dict(ranks)
    for text in texts[len(texts) - added :]:
        digest = _digest(text)
        known[digest] = min(rank, known.get(digest, rank))
    digests = [_digest(text) for text in texts]
    first = next((place for place in range(len(texts), 0, -1) if digests[place - 1] not in known), 0)
    behind = sorted(range(first, len(texts)), key=lambda place: known[digests[place]])
    return [*texts[:first], *(texts[place] for place in behind)], known


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:24]
