"""What a statement about the service rests on."""

from __future__ import annotations

from handlesfake.mpsd.evidence import Evidence, weakest


def test_levels_stand_in_order() -> None:
    """Captured is the strongest level, assumed the weakest."""
    assert ["CAP", "LOG", "DOC", "CLI", "INF", "UNK"] == [
        level.value for level in sorted(Evidence, key=lambda each: each.rank)
    ]


def test_each_level_has_words() -> None:
    """People read a level in words."""
    words = ["captured", "logged", "documented", "seen in clients", "inferred", "assumed"]

    assert words == [level.words for level in Evidence]


def test_a_chain_is_as_strong_as_its_weakest_link() -> None:
    """Putting statements together never raises a level."""
    assert Evidence.CLIENT is weakest(Evidence.CAPTURED, Evidence.CLIENT, Evidence.DOCUMENTED)
    assert Evidence.CAPTURED is weakest(Evidence.CAPTURED)
