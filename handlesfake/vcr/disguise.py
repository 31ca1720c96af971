"""LazyPseudonyms: those of a key that is made when the first person appears, unless there is one already."""

from __future__ import annotations

import secrets
from functools import cached_property
from pathlib import Path

from handlesfake.cassettes.people.pseudonym_key import fingerprint, key, known_key
from handlesfake.cassettes.people.pseudonyms import Pseudonyms
from handlesfake.errors import SettingsError


class LazyPseudonyms:
    """As ``Pseudonyms``. vcrpy does not say whether it records: a replay with made-up people makes no key.

    :param file: the setting ``mpsd_pseudonym_key``.
    """

    def __init__(self, file: Path | None) -> None:
        self._file = file
        self.made: set[str] = set()
        """The pseudonym of a person."""

    def of(self, kind: str, value: str) -> str:
        """The pseudonym of ``value``.

        :raises SettingsError: there is a key, and it cannot be read.
        """
        made = self._pseudonyms.of(kind, value)
        self.made.add(made)
        return made

    @property
    def fingerprint(self) -> str:
        """That of the key."""
        return fingerprint(self._key)

    @cached_property
    def _pseudonyms(self) -> Pseudonyms:
        return Pseudonyms(self._key)

    @cached_property
    def _key(self) -> bytes:
        found = known_key(self._file)
        if found is not None:
            return found
        try:
            return key(self._file)
        except SettingsError:
            # a home without write access, on a CI server: no person is shown, and no person is found again
            return secrets.token_hex(32).encode()
