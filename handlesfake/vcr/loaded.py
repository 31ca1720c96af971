"""The people and values in the cassettes that vcrpy has loaded."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from handlesfake.cassettes.cassette import Cassette, Interaction
from handlesfake.cassettes.format.writing import Head, rendered
from handlesfake.cassettes.replay.open_people import open_people
from handlesfake.cassettes.replay.player import handed_out
from handlesfake.cassettes.volatile_fields import VolatileFields


class LoadedCassettes:
    """Learns from each cassette as it is loaded, and forgets nothing: vcrpy does not say which one is asked."""

    def __init__(self, holes: VolatileFields) -> None:
        self._holes = holes
        self.is_any = False
        """Whether one was loaded."""

        self.labels: set[str] = set()
        """What they call their callers."""

        self.values: set[str] = set()
        """The ids in their requests, and those that their answers handed out, as they are compared."""

        self.strangers: set[str] = set()
        """The pseudonyms of cassettes whose key is not here."""

        self._heads: dict[int, Head] = {}

    def learn(self, interactions: Sequence[Interaction], labels: Iterable[str], head: Head, *, has_key: bool) -> None:
        """Learn what a cassette with this ``head`` holds.

        :param labels: what it calls the senders of its requests.
        """
        self.is_any = True
        roles = frozenset(head.roles.values())
        self.labels.update((*head.roles, *labels))
        self.values.update(value.lower() for value in handed_out(interactions))
        for one in interactions:
            self.values.update(self._holes.shape(one.call).values)
            self._heads[hash(rendered(one))] = head
            if not has_key:
                self.strangers.update(made_up for _, made_up in open_people(one, roles, self._holes).people)

    def head(self, texts: Sequence[str], roles: dict[str, str], keys: Iterable[str]) -> Head:
        """The head of a cassette with the interactions that have these ``texts``, and ``roles`` and ``keys`` beside.

        The head of a loaded cassette is kept with its interactions.
        """
        known = (self._heads.get(hash(text)) for text in texts)
        heads = list({id(head): head for head in known if head is not None}.values())
        whole = "\n".join(texts)
        found = {role: xuid for role, xuid in roles.items() if xuid in whole or f"x={role};" in whole}
        for head in heads:
            for role, xuid in head.roles.items():
                if role not in found and xuid not in found.values():
                    found[role] = xuid
        tests = sorted({test for head in heads for test in head.tests})
        return Head(found, (), tests, sorted({*keys, *(key for head in heads for key in head.keys)} - {""}))


def head_of(cassette: Cassette) -> Head:
    """What ``cassette`` says of itself."""
    return Head(dict(cassette.roles), cassette.incomplete, cassette.tests, cassette.keys)
