"""An index holds the entries under a key, few or many, and nothing else."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from handlesfake.mpsd.state.indexes import Index, moved, with_entry, without_entry

KEYS, ENTRIES = st.sampled_from("ab"), st.integers(0, 20)


@given(st.lists(st.tuples(st.booleans(), KEYS, ENTRIES), max_size=80))
def test_an_index_is_a_dict_of_sets(steps: list[tuple[bool, str, int]]) -> None:
    """Putting in and taking out, past the size at which its shape changes and back; there are no empty places."""
    index: Index[str, int] = {}
    model: dict[str, set[int]] = {}
    for puts, key, entry in steps:
        index = (with_entry if puts else without_entry)(index, key, entry)
        (model.setdefault(key, set()).add if puts else model.setdefault(key, set()).discard)(entry)

    assert {key: entries for key, entries in model.items() if entries} == {
        key: set(entries) for key, entries in index.items()
    }
    assert all(len(set(entries)) == len(entries) for entries in index.values())


def test_what_changes_nothing_is_the_same_value() -> None:
    """The keeper of an index can see by that that nothing happened."""
    index = with_entry({}, "a", 1)

    assert index is with_entry(index, "a", 1)
    assert index is without_entry(index, "a", 2)
    assert index is moved(index, 1, ["a"], ["a"])
