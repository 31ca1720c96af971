"""New ids."""

from __future__ import annotations

from uuid import UUID

from handlesfake.fake_service.ids import Ids


def test_ids_are_lower_case_guids() -> None:
    """Each id is a version 4 GUID in lower case with dashes."""
    ids = Ids("seed")
    made = [ids() for _ in range(100)]

    assert [str(UUID(text)) for text in made] == made
    assert {4} == {UUID(text).version for text in made}


def test_the_seed_decides_the_ids() -> None:
    """The same seed gives the same ids, another seed others."""
    assert Ids("one")() == Ids("one")()
    assert Ids("one")() != Ids("two")()


def test_an_earlier_state_can_be_put_back() -> None:
    """After a restore the same ids come again."""
    ids = Ids("seed")
    state = ids.state()
    first = [ids(), ids()]
    ids.restore(state)

    assert first == [ids(), ids()]
