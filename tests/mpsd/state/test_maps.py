"""A map reads as the dict would that had the same changes, at every size, and no earlier map changes."""

from __future__ import annotations

import copy
import pickle
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlesfake.mpsd.state.maps import LARGEST_DICT, HashTrie, with_item, without_item

MANY = 4 * LARGEST_DICT


@dataclass(frozen=True)
class Key:
    """A key that is told how it is hashed."""

    number: int
    hashed: int

    def __hash__(self) -> int:
        return self.hashed


def keys(count: int, factor: int) -> list[Key]:
    """Keys whose hashes are multiples of ``factor``."""
    return [Key(number, number * factor) for number in range(count)]


def grown(known: Mapping[Key, int], added: list[Key]) -> Mapping[Key, int]:
    """The map with each of ``added``, and its number under it."""
    for key in added:
        known = with_item(known, key, key.number)
    return known


def shrunk(known: Mapping[Key, int], removed: list[Key]) -> Mapping[Key, int]:
    """The map less ``removed``."""
    for key in removed:
        known = without_item(known, key)
    return known


FACTORS = pytest.mark.parametrize("factor", [1, -1, 7_919, 1 << 20, 1 << 58, 0])
"""Hashes that differ in their low bits, in their high bits only, and not at all."""


@given(st.lists(st.tuples(st.booleans(), st.integers(0, MANY), st.integers(0, 3)), max_size=60), st.integers(0, MANY))
def test_a_map_is_a_dict(steps: list[tuple[bool, int, int]], count: int) -> None:
    """Items are put in, replaced and taken out, from any size on."""
    found: Mapping[int, int] = {}
    model: dict[int, int] = {}
    for number in range(count):
        found, model = with_item(found, number, number), model | {number: number}
    for puts, key, value in steps:
        if puts:
            found, model = with_item(found, key, value), model | {key: value}
        elif key in model:
            found = without_item(found, key)
            del model[key]

    assert model == {**found}
    assert model == dict(found.items())
    assert sorted(model.values()) == sorted(found.values())
    assert len(model) == len(found)


@FACTORS
def test_it_grows_and_shrinks_however_its_keys_are_hashed(factor: int) -> None:
    """Each key is found by what it is, and a missing one is missing."""
    known = keys(MANY, factor)
    full = grown({}, known)
    rest = shrunk(full, known[::2])

    assert [key.number for key in known] == [full[key] for key in known] == [full.get(key) for key in known]
    assert [False, True] * (MANY // 2) == [key in rest for key in known]
    assert set(known[1::2]) == set(rest)
    assert full == grown(rest, known[::2])
    assert {} == shrunk(rest, known[1::2])
    assert (None, 7) == (rest.get(known[0]), rest.get(known[0], 7))
    for missing in (rest.__getitem__, lambda key: without_item(rest, key)):
        with pytest.raises(KeyError):
            missing(known[0])


@FACTORS
def test_no_change_reaches_an_earlier_map(factor: int) -> None:
    """What was kept holds what it held: a snapshot is an assignment."""
    known = keys(MANY, factor)
    kept = [grown({}, known[:count]) for count in (0, 1, LARGEST_DICT, LARGEST_DICT + 1, MANY)]
    before = [{**each} for each in kept]
    for each in kept:
        grown(each, keys(MANY + 90, factor))
        shrunk(each, list(each))

    assert before == kept


def test_only_a_large_map_is_a_trie() -> None:
    """It becomes one when it outgrows a dict, and a dict again at half that size."""
    known = keys(LARGEST_DICT + 1, 1)
    small, large = grown({}, known[:-1]), grown({}, known)

    assert (dict, HashTrie) == (type(small), type(large))
    assert HashTrie is type(shrunk(large, known[LARGEST_DICT // 2 + 1 :]))
    assert dict is type(shrunk(large, known[LARGEST_DICT // 2 :]))


def test_a_change_copies_little_of_a_large_map() -> None:
    """Of 20,000 items, all dicts but one are those of the map before."""
    large: Mapping[int, int] = dict.fromkeys(range(20_000), 0)
    large = HashTrie(large)
    changed = large.with_item(7, 1)

    assert 1 == len({id(leaf) for leaf in changed.leaves()} - {id(leaf) for leaf in large.leaves()})
    assert max(map(len, large.leaves())) <= LARGEST_DICT


def test_equal_maps_are_equal() -> None:
    """A trie equals a dict, and a copy of either kind."""
    large = grown({}, keys(MANY, 1))

    assert large == {**large}
    assert {**large} == large
    assert large != without_item(large, Key(0, 0))
    assert large == copy.deepcopy(large)
    assert f"HashTrie({ {**large}!r})" == repr(large)


def test_another_process_reads_a_pickled_trie() -> None:
    """It hashes text in another way, and finds each item."""
    program = "import pickle, sys; found = pickle.loads(sys.stdin.buffer.read()); print(all(found[k] for k in found))"
    found = HashTrie({f"key {number}": number + 1 for number in range(MANY)})
    done = subprocess.run([sys.executable, "-c", program], input=pickle.dumps(found), capture_output=True, check=True)

    assert b"True" == done.stdout.strip()
