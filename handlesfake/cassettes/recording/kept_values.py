"""What is recorded again, in the ids and times of the recording before."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from handlesfake.cassettes.cassette import Interaction
from handlesfake.cassettes.format.loading import load_cassette_text
from handlesfake.cassettes.format.writing import Head, cassette_text, rendered
from handlesfake.cassettes.pairing.keeping import in_recorded_values
from handlesfake.cassettes.recording.run_notes import Start
from handlesfake.cassettes.volatile_fields import VolatileFields
from handlesfake.values.values import replace


def kept_values(
    start: Start, texts: list[str], new: Sequence[str], holes: VolatileFields
) -> tuple[list[str], Start, int]:
    """``texts`` with those of ``new`` in the values of before; ``start`` with the ids that stay; how many times do.

    :param texts: all that the cassette is to hold.
    """
    if not start.before or not new:
        return texts, start, 0
    fresh, done = Counter(new), set()
    for number in range(len(texts), 0, -1):
        if fresh[texts[number - 1]]:
            fresh[texts[number - 1]] -= 1
        else:
            done.add(number)
    kept = in_recorded_values(
        interactions_in(start.before),
        interactions_in(texts),
        holes,
        start.renamed,
        done=done,
        keeps_times=start.keeps_times,
    )
    told = [
        text if number in done else rendered(one)
        for number, (text, one) in enumerate(zip(texts, kept.interactions, strict=True), 1)
    ]
    return told, replace(start, renamed=dict(kept.renamed)), kept.times


def interactions_in(texts: Sequence[str]) -> tuple[Interaction, ...]:
    """The interactions with these ``texts``, as we write them."""
    if not texts:
        return ()
    return load_cassette_text(cassette_text(Head(), texts).encode(), Path("recording")).interactions
